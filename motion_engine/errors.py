"""The errors that a user of Limber is meant to see."""


class LimberError(ValueError):
    """A mistake in what was asked or given: one line that says what is wrong and how to mend it."""


class GPUMemoryFull(LimberError):
    """A model, or what it makes, does not fit into the memory of ``device``, such as ``cuda:0``;
    :mod:`motion_engine.models.places` answers it."""

    def __init__(self, message: str, device: str):
        super().__init__(message)
        self.device = device

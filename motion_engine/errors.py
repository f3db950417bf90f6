"""The one error that a user of Limber is meant to see."""


class LimberError(ValueError):
    """A mistake in what was asked or given: one line that says what is wrong and how to mend it."""

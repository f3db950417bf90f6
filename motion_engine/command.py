"""What a user asks for, checked once."""

import math
from dataclasses import dataclass

from .errors import LimberError

LONGEST_SECONDS = 60.0
LONGEST_OWN_SECONDS = 12.0
"""Where a motion without an asked length ends at the latest: the default model has learned no longer
ones."""
SHORTEST_SECONDS = 0.2
MOST_DRAWS = 16


@dataclass(frozen=True)
class Command:
    """``text`` in plain English; ``seconds`` of motion, or None to let the model end by itself.

    ``temperature`` spreads the sampling (0 takes the likeliest code), ``top_p`` cuts its tail,
    ``guidance`` pulls towards the text (1 is none). ``variation`` numbers takes of one seed.
    ``draws``: where the first attempt does not show what the text plans, the best of so many is
    taken; 1 takes the first one as it comes.
    """

    text: str
    seconds: float | None = None
    seed: int = 0
    variation: int = 0
    temperature: float = 0.65
    top_p: float = 0.95
    guidance: float = 3.0
    draws: int = 6

    def __post_init__(self):
        if not self.text or not self.text.strip():
            raise LimberError("The text is empty; say what the character does.")
        if self.seconds is not None and not (
            math.isfinite(self.seconds) and SHORTEST_SECONDS <= self.seconds <= LONGEST_SECONDS
        ):
            raise LimberError(
                f"Cannot make {self.seconds:g} seconds; "
                f"ask for {SHORTEST_SECONDS:g} to {LONGEST_SECONDS:g}."
            )
        ranges = {"temperature": (0.0, 5.0), "top_p": (0.01, 1.0), "guidance": (0.0, 20.0)}
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and low <= value <= high):
                raise LimberError(f"{name} is {value:g}; choose {low:g} to {high:g}.")
        if not 1 <= self.draws <= MOST_DRAWS:
            raise LimberError(f"draws is {self.draws}; choose 1 to {MOST_DRAWS}.")
        if not 0 <= self.seed < 2**63:
            raise LimberError(f"The seed is {self.seed}; choose a whole number of 0 or more.")
        if not 0 <= self.variation < 2**31:
            raise LimberError(f"The variation is {self.variation}; choose 0 or more.")

"""Faster and slower."""

import numpy as np

from ..errors import LimberError
from ..motion import Motion
from .curves import sampled

SLOWEST, FASTEST = 0.1, 10.0


def retimed(motion: Motion, speed: float) -> Motion:
    """The motion at that many times its speed, at its own rate; feet that are planted stay so.
    Raises LimberError for other speeds than SLOWEST to FASTEST."""
    if not SLOWEST <= speed <= FASTEST:
        raise LimberError(f"the speed is {speed:g}; choose {SLOWEST:g} to {FASTEST:g}.")
    frames = max(round((motion.frames - 1) / speed), 1) + 1
    seconds = np.linspace(0.0, (motion.frames - 1) / motion.fps, frames)
    return sampled(motion, seconds, motion.fps)

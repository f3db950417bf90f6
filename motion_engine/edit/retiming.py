"""Faster and slower: when each moment of a clip comes, and the clip at those times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import LimberError
from ..motion import Motion
from .curves import sampled

SLOWEST, FASTEST = 0.1, 10.0
LONGEST_EASE_SECONDS = 0.4
_LONGEST_EASE_SHARE = 0.25


@dataclass(frozen=True)
class TimeWarp:
    """When moments come: those from ``first`` to ``last`` take ``slowness`` times as long, in the
    middle; over ``ease`` at both ends the pace passes from the old one and back, without a jump.
    Before it nothing changes, behind it all comes later or earlier by the same time. Any unit.
    """

    first: float
    last: float
    slowness: float
    ease: float = 0.0

    def __post_init__(self):
        if not 1.0 / FASTEST <= self.slowness <= 1.0 / SLOWEST:
            raise LimberError(
                f"the speed is {1.0 / max(self.slowness, 1e-9):.3g}; "
                f"choose {SLOWEST:g} to {FASTEST:g}."
            )

    @staticmethod
    def at_speed(first: float, last: float, speed: float, ease: float = 0.0) -> TimeWarp:
        """That many times the speed. Raises LimberError for other speeds than SLOWEST to FASTEST."""
        if not SLOWEST <= speed <= FASTEST:
            raise LimberError(f"the speed is {speed:g}; choose {SLOWEST:g} to {FASTEST:g}.")
        return TimeWarp(first, last, 1.0 / speed, ease)

    @staticmethod
    def to_length(first: float, last: float, length: float, ease: float = 0.0) -> TimeWarp:
        """From ``first`` to ``last`` it lasts ``length`` then. Raises LimberError where it would
        have to be too fast or too slow."""
        slowed = (last - first) - ease
        return TimeWarp(first, last, 1.0 + (length - (last - first)) / slowed, ease)

    @property
    def longer(self) -> float:
        """How much later everything behind ``last`` comes."""
        return (self.slowness - 1.0) * (self.last - self.first - self.ease)

    def new(self, times: np.ndarray) -> np.ndarray:
        """When the moments at the old ``times`` come."""
        times = np.asarray(times, dtype=np.float64)
        return times + (self.slowness - 1.0) * self._slowed(times)

    def old(self, times: np.ndarray) -> np.ndarray:
        """The old times of the moments that come at the new ``times``."""
        times = np.asarray(times, dtype=np.float64)
        grid = np.linspace(self.first, self.last, 2049)
        found = np.interp(times, self.new(grid), grid)
        for _ in range(3):  # Newton's steps from a close guess
            found -= (self.new(found) - times) / (1.0 + (self.slowness - 1.0) * self._share(found))
        behind = times >= self.last + self.longer
        found = np.where(behind, times - self.longer, found)
        return np.where(times <= self.first, times, found)

    def _share(self, times: np.ndarray) -> np.ndarray:
        """How much of the change of pace each time has, 0 to 1."""
        inside = ((times >= self.first) & (times <= self.last)).astype(np.float64)
        if not self.ease:
            return inside
        nearest = np.minimum(times - self.first, self.last - times)
        t = np.clip(nearest, 0.0, self.ease) / self.ease
        return inside * t * t * (3.0 - 2.0 * t)

    def _slowed(self, times: np.ndarray) -> np.ndarray:
        """The integral of the share up to each time."""
        times = np.clip(times, self.first, self.last)
        if not self.ease:
            return times - self.first
        begun, ended = self._eased(times - self.first), self._eased(self.last - times)
        whole = self.last - self.first - self.ease
        middle = self.first + (self.last - self.first) / 2.0
        return np.where(times <= middle, begun, whole - ended)

    def _eased(self, along: np.ndarray) -> np.ndarray:
        t = np.clip(along, 0.0, self.ease) / self.ease
        return self.ease * (t**3 - 0.5 * t**4) + np.maximum(along - self.ease, 0.0)


def retimed(motion: Motion, speed: float) -> Motion:
    """The motion at that many times its speed, at its own rate; feet that are planted stay so.
    Raises LimberError for other speeds than SLOWEST to FASTEST."""
    return warped(motion, TimeWarp.at_speed(0.0, (motion.frames - 1) / motion.fps, speed))


def retimed_to(motion: Motion, seconds: float) -> Motion:
    """The motion so fast or so slow that it lasts so many seconds. Raises LimberError where it would
    have to be too fast or too slow."""
    frames = max(round(seconds * motion.fps), 2)
    if motion.frames < 2:
        raise LimberError("a clip of one frame has no speed; give a longer one.")
    last = (motion.frames - 1) / motion.fps
    return warped(motion, TimeWarp.to_length(0.0, last, (frames - 1) / motion.fps))


def warped(motion: Motion, warp: TimeWarp) -> Motion:
    """The motion with its moments at the warp's times, in seconds, at its own rate."""
    last = (motion.frames - 1) / motion.fps
    frames = max(round((last + warp.longer) * motion.fps), 1) + 1
    seconds = np.linspace(0.0, last + warp.longer, frames)
    return sampled(motion, np.clip(warp.old(seconds), 0.0, last), motion.fps)


def ease_of(length: float, longest: float) -> float:
    """How long the change of pace of a stretch may take."""
    return min(longest, _LONGEST_EASE_SHARE * length)

"""The root's way where one motion goes on from another, or leads to one: bodies keep their speed.

A network that hears half a second of a walk goes on walking, but hardly at the same speed. Where it
means something else, its own way is kept; of a few takes, the least surprising one may be taken.
"""

from collections.abc import Sequence

import numpy as np

from ..motion import Motion
from .curves import averaged, smooth_step
from .placing import shifted

GAIT_SECONDS = 1.0
HEARD_SECONDS = 0.54
SURE_SECONDS, UNSURE_SECONDS = 2.0, 4.0
"""Who is here now and there so soon goes straight; who has longer may take any way."""
EASE_SECONDS = 0.4
SWAY_SECONDS = 2.0
"""Dances sway to and fro; over this long fades the way that one was on."""


def going_on(motion: Motion, before: Motion, last: int, sways: bool = False) -> Motion:
    """The motion with its root going on, behind frame ``last``, at the velocity that ``before``
    ends with: so much the more as it does so by itself (Tukey's biweight of the difference, as a
    share of that velocity). Who stops, turns or starts to run does it still; but one that ``sways``
    says nothing of its way by where it sways first, and keeps its velocity for SWAY_SECONDS."""
    frames = _frames_heard(before)
    if frames < 1:
        return motion
    velocity = _mean_velocity(before.cut(before.frames - 1 - frames, before.frames)) / motion.fps
    own = averaged(_velocities(motion), round(GAIT_SECONDS * motion.fps))
    missing = velocity - own
    share = np.linalg.norm(missing, axis=-1) / max(np.linalg.norm(velocity), 1e-9)
    weights = _biweight(share)
    if sways:
        seconds = (np.arange(motion.frames) - last) / motion.fps
        weights = np.maximum(weights, np.exp(-seconds / SWAY_SECONDS))
    weights[: last + 1] = 0.0
    return shifted(motion, np.cumsum(weights[:, None] * missing, axis=0))


def between(motion: Motion, smooth: Motion, first: int, stop: int) -> Motion:
    """The motion with its root, from frame ``first`` to ``stop``, on the way that ``smooth`` takes
    between the same ends; its own sway from step to step is kept. Where UNSURE_SECONDS or more
    lie between, it goes its own way."""
    seconds = (stop - first) / motion.fps
    sure = 1.0 - smooth_step((seconds - SURE_SECONDS) / (UNSURE_SECONDS - SURE_SECONDS))
    frames = np.arange(first, stop)
    nearest = np.minimum(frames - first + 1, stop - frames) / motion.fps
    own = averaged(motion.root_positions[:, :2], round(GAIT_SECONDS * motion.fps))
    missing = smooth.root_positions[first:stop, :2] - own[first:stop]
    shift = np.zeros((motion.frames, 2))
    shift[first:stop] = sure * smooth_step(nearest / EASE_SECONDS)[:, None] * missing
    return shifted(motion, shift)


def most_expected(takes: Sequence[Motion]) -> Motion:
    """The take whose root's way on the floor is nearest, on average, to those of the others: least
    risk by a model's own samples (Kumar and Byrne, "Minimum Bayes-Risk Decoding", 2004)."""
    ways = np.stack([take.root_positions[:, :2] for take in takes])
    apart = np.linalg.norm(ways[:, None] - ways[None], axis=-1).mean(-1)
    return takes[int(apart.sum(-1).argmin())]


def most_continuous(takes: Sequence[Motion], before: Motion) -> Motion:
    """The take whose root goes on, over its first GAIT_SECONDS, most nearly at the velocity that
    ``before`` ends with."""
    heard = before.cut(before.frames - 1 - _frames_heard(before), before.frames)
    velocity = _mean_velocity(heard)

    def away(take: Motion) -> float:
        begun = take.cut(0, min(take.frames, round(GAIT_SECONDS * take.fps) + 1))
        return float(np.linalg.norm(_mean_velocity(begun) - velocity))

    return min(takes, key=away)


def _frames_heard(before: Motion) -> int:
    return min(round(HEARD_SECONDS * before.fps), before.frames - 1)


def _mean_velocity(motion: Motion) -> np.ndarray:
    """``[2]``: of the root on the floor, metres a second."""
    moved = motion.root_positions[-1, :2] - motion.root_positions[0, :2]
    return moved * motion.fps / max(motion.frames - 1, 1)


def _biweight(share: np.ndarray) -> np.ndarray:
    """Tukey's: 1 where there is no difference, 0 from a whole one on."""
    return (1.0 - np.minimum(share, 1.0) ** 2) ** 2


def _velocities(motion: Motion) -> np.ndarray:
    """``[F, 2]``: of the root on the floor, metres a frame."""
    if motion.frames < 2:
        return np.zeros((motion.frames, 2))
    return np.gradient(motion.root_positions[:, :2], axis=0)

"""Where a motion stands and which way it heads: moved as a whole, or bent onto places."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from .. import rotations
from ..features import heading_angles
from ..motion import Motion
from .curves import smooth_step

UNEVENNESS = 0.25
"""How much it weighs that metres are drawn out unevenly, against metres that stands are dragged."""
SOFT_SECONDS = 0.5
"""Stands begin and end softly: the root neither starts nor stops at once."""

Place = tuple[float, float, float]
"""``(x, y, heading)`` of a root: metres, radians about world Z, 0 faces -Y."""


def places(motion: Motion) -> np.ndarray:
    """``[F, 3]``: x, y and heading of the root in every frame, the heading unwrapped."""
    heading = heading_angles(motion.local_rotations[:, 0])
    return np.column_stack([motion.root_positions[:, :2], heading])


def place_at(motion: Motion, frame: int) -> Place:
    x, y, heading = places(motion)[frame]
    return float(x), float(y), float(heading)


def placed(motion: Motion, frame: int, place: Place) -> Motion:
    """The whole motion moved on the floor so that its root has that place in that frame."""
    now = place_at(motion, frame)
    turn = rotations.about("z", place[2] - now[2])
    old, new = np.array([now[0], now[1], 0.0]), np.array([place[0], place[1], 0.0])
    local = motion.local_rotations.copy()
    local[:, 0] = rotations.multiply(turn, local[:, 0])
    positions = rotations.rotate(turn, motion.root_positions - old) + new
    return replace(motion, root_positions=positions, local_rotations=local)


def bent(motion: Motion, targets: dict[int, Place]) -> Motion:
    """The motion led through the places of some frames: moved as a whole before the first and
    behind the last of them, turned smoothly between two and drawn out by longer steps."""
    frames = sorted(targets)
    motion = placed(motion, frames[0], targets[frames[0]])
    for start, stop in pairwise(frames):
        share = smooth_step((np.arange(motion.frames) - start) / (stop - start))
        turn = shortest_turn(targets[stop][2] - place_at(motion, stop)[2])
        motion = turned_along(motion, share * turn)
        missing = np.subtract(targets[stop][:2], motion.root_positions[stop, :2])
        between = slice(start, stop + 1)
        share[between] = _in_steps(motion.cut(start, stop + 1), share[between])
        motion = shifted(motion, share[:, None] * missing)
    return motion


def _in_steps(motion: Motion, share: np.ndarray) -> np.ndarray:
    """Another ``share [F]`` from 0 to 1, which drags planted feet less.

    Of all rates ``r`` that add up to 1, the one with the least sum of the squares of how far each
    stand is dragged, and of ``UNEVENNESS r^2 / rate of share``, which has a closed form.
    """
    rate = np.diff(share)
    stands = _stands(motion)
    if not stands.size:
        return share
    weighted = rate[:, None] * stands / UNEVENNESS
    dragged = np.linalg.solve(np.eye(stands.shape[1]) + stands.T @ weighted, weighted.sum(0))
    rate = np.maximum(rate * (1.0 - stands @ dragged), 0.0)
    return np.append(0.0, np.cumsum(rate) / rate.sum())


def _stands(motion: Motion) -> np.ndarray:
    """``[F - 1, n]``: how much each step from frame to frame belongs to each stand of a foot."""
    reach = max(round(SOFT_SECONDS * motion.fps / 2.0), 1)
    window = np.hanning(2 * reach + 3)[1:-1]
    found = []
    for foot in (motion.contacts[:, :2], motion.contacts[:, 2:]):
        planted = (foot > 0.5).any(-1)
        edges = np.flatnonzero(np.diff(np.r_[False, planted, False]))
        for first, stop in edges.reshape(-1, 2):
            stand = np.zeros(motion.frames - 1 + 2 * reach)
            stand[first + reach : stop - 1 + reach] = 1.0
            found.append(np.convolve(stand, window / window.sum(), mode="valid"))
    return np.stack(found, axis=-1) if found else np.zeros((motion.frames - 1, 0))


def turned_along(motion: Motion, turns: np.ndarray) -> Motion:
    """Every frame's pose, and the step that leads to it, turned by ``turns [F]`` radians."""
    turn = rotations.about("z", turns)
    local = motion.local_rotations.copy()
    local[:, 0] = rotations.multiply(turn, local[:, 0])
    steps = rotations.rotate(turn[1:], np.diff(motion.root_positions, axis=0))
    positions = np.cumsum(np.concatenate([motion.root_positions[:1], steps]), axis=0)
    return replace(motion, root_positions=positions, local_rotations=local)


def shifted(motion: Motion, shift: np.ndarray) -> Motion:
    """Every frame moved on the floor by ``shift [F, 2]`` metres."""
    return replace(motion, root_positions=motion.root_positions + np.pad(shift, ((0, 0), (0, 1))))


def shortest_turn(angle: float) -> float:
    """The same turn within half a turn to either side, radians."""
    return float((angle + np.pi) % (2.0 * np.pi) - np.pi)

"""Moments of a motion moved to the times of the keys that they are like: a walk comes to a key with
the foot ahead that the key has ahead. Done in time, planted feet stay planted."""

from collections.abc import Sequence

import numpy as np

from .. import rotations
from ..edit.curves import averaged, sampled
from ..motion import Motion
from ..skeleton import SMPLX
from .keys import Key, key_frames

FARTHEST_SECONDS = 0.45
SLOWEST, FASTEST = 0.6, 1.6
"""How many times as fast the motion may be played between two keys."""
_SPEED_SECONDS = 0.1
"""Poses are as far apart as after this time of the difference of their speeds."""
_LEAST_GAIN = np.radians(4.0)
"""The poses must become so much more alike for a moment FARTHEST_SECONDS away."""
_LEGS = [
    SMPLX.index(f"{side}_{name}") for side in ("left", "right") for name in ("hip", "knee", "ankle")
]


def timed_to_keys(motion: Motion, keys: Sequence[Key]) -> Motion:
    """As many frames of the motion, played faster and slower so that what is most like each key in
    legs (or, where it has none, in its joints) comes at its frame."""
    frames = key_frames(keys, motion.frames, motion.fps)
    met: list[tuple[int, float]] = []
    for key, frame in sorted(zip(keys, frames), key=lambda pair: pair[1]):
        found = _likest(motion, key, frame, met)
        if found is not None:
            met.append((frame, found))
    if all(frame == found for frame, found in met):
        return motion
    at = _played(met, motion.frames)
    smooth = averaged(at[:, None], round(0.2 * motion.fps))[:, 0]
    return sampled(motion, np.clip(smooth, 0.0, motion.frames - 1) / motion.fps, motion.fps)


def _likest(motion: Motion, key: Key, frame: int, met: list[tuple[int, float]]) -> int | None:
    """The frame of the motion that is to come at the key's; None for a key at one already met."""
    farthest = round(FARTHEST_SECONDS * motion.fps)
    low, high = max(frame - farthest, 0), min(frame + farthest, motion.frames - 1)
    if met:
        past, its_source = met[-1]
        if past == frame:
            return None
        low = max(low, int(np.ceil(its_source + SLOWEST * (frame - past))))
        high = min(high, int(its_source + FASTEST * (frame - past)))
    if low > high:
        return None
    around = np.arange(low, high + 1)
    away = _apart(motion, key, around) + _LEAST_GAIN * np.abs(around - frame) / farthest
    return int(around[away.argmin()])


def _apart(motion: Motion, key: Key, frames: np.ndarray) -> np.ndarray:
    """How far the pose and speed of each of the ``frames [n]`` are from the key's, radians."""
    joints = [joint for joint in _LEGS if joint in key.joints] or list(key.joints)
    local = motion.local_rotations[frames][:, joints]
    wanted = key.pose.local_rotations[0, joints]
    apart = rotations.to_axis_angle(rotations.multiply(rotations.conjugate(local), wanted))
    speed = np.zeros_like(apart)
    if key.pose.frames > 1 and motion.frames > 1:
        now = np.minimum(frames, motion.frames - 2)
        turns = motion.local_rotations[:, joints]
        speed = _turn(wanted, key.pose.local_rotations[1, joints]) * key.pose.fps
        speed = speed - _turn(turns[now], turns[now + 1]) * motion.fps
    squares = np.sum(apart**2 + (_SPEED_SECONDS * speed) ** 2, axis=-1)
    return np.sqrt(squares.mean(-1))


def _turn(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return rotations.to_axis_angle(rotations.multiply(rotations.conjugate(one), other))


def _played(met: list[tuple[int, float]], frames: int) -> np.ndarray:
    """Which frame ``[F]`` is played at each: evenly from key to key, at its own speed outside."""
    marks, sources = (np.array(column, dtype=np.float64) for column in zip(*met))
    at = np.interp(np.arange(frames), marks, sources)
    before, after = np.arange(frames) < marks[0], np.arange(frames) > marks[-1]
    at[before] = np.maximum(sources[0] - marks[0] + np.flatnonzero(before), 0.0)
    at[after] = sources[-1] - marks[-1] + np.flatnonzero(after)
    return at

"""Planted feet stay where they are: contact spans are locked by two-bone leg IK."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from . import rotations
from .contacts import sole_points, with_likely_contacts
from .edit.curves import cubic_step
from .hinges import reach
from .motion import Motion
from .stance import carried

LARGEST_CORRECTION_M = 0.25
LARGEST_LIFT_M = 0.12
WIDEST_FOOT_TURN = np.radians(35.0)
LONGEST_EASE_SECONDS = 0.4
_SIDES = (("left", 0), ("right", 2))


def lock_feet(
    motion: Motion,
    largest_m: float = LARGEST_CORRECTION_M,
    fixed: Sequence[int] = (),
    keeps_way: bool = False,
) -> Motion:
    """The motion with soles in contact (above 0.5) still and on the floor, none below it.

    What planted feet slip in common the root gives way to first (:mod:`stance`), unless it
    ``keeps_way``. Contacts that cannot be meant are taken back. While a foot stands on heel and
    ball it does not turn, and a correction undoes what heel or ball would slide, by no more than
    ``largest_m``; between two contacts it eases over. The hips sink where a leg is too short for
    its target. In the ``fixed`` frames feet are where they were.
    """
    motion = with_likely_contacts(motion if keeps_way else carried(motion))
    motion = _with_feet_unturned(motion, fixed)
    points = sole_points(motion)
    corrections = np.stack(
        [
            _foot_correction(
                points[:, first : first + 2],
                motion.contacts[:, first : first + 2],
                motion.fps,
                largest_m,
                fixed,
            )
            for _, first in _SIDES
        ],
        axis=1,
    )
    return _with_ankles_moved(motion, corrections)


def _with_feet_unturned(motion: Motion, fixed: Sequence[int]) -> Motion:
    """The motion with feet that keep their mean turn while heel and ball both stand."""
    points, world = sole_points(motion), motion.world_rotations()
    local, longest = motion.local_rotations.copy(), round(LONGEST_EASE_SECONDS * motion.fps)
    for side, first in _SIDES:
        standing = (motion.contacts[:, first : first + 2] > 0.5).all(-1)
        if not standing.any():
            continue
        x, y = (points[:, first + 1] - points[:, first])[:, :2].T
        turn, back = np.unwrap(np.arctan2(y, x)), np.zeros((motion.frames, 1))
        for start, stop in spans(standing):
            back[start:stop, 0] = turn[start:stop].mean() - turn[start:stop]
        back = _held_at(back, standing, fixed)
        back = eased(back, _also(standing, fixed), longest)[:, 0]
        ankle = motion.skeleton.index(f"{side}_ankle")
        back = rotations.about("z", np.clip(back, -WIDEST_FOOT_TURN, WIDEST_FOOT_TURN))
        shank = rotations.conjugate(world[:, motion.skeleton.parents[ankle]])
        foot = rotations.multiply(shank, rotations.multiply(back, world[:, ankle]))
        local[:, ankle] = rotations.normalize(foot)
    return replace(motion, local_rotations=local)


def _foot_correction(
    points: np.ndarray,
    contacts: np.ndarray,
    fps: float,
    largest_m: float,
    fixed: Sequence[int],
) -> np.ndarray:
    """Displacement ``[F, 3]`` of a foot with sole ``points [F, 2, 3]`` (heel, toe)."""
    frames = len(points)
    touching = contacts > 0.5
    planted = touching.any(-1)
    correction = np.zeros((frames, 3))
    for start, stop in spans(planted):
        correction[start:stop, :2] = stilled(points[start:stop, :, :2], touching[start:stop])
    correction = _held_at(correction, planted, fixed)
    size = np.linalg.norm(correction[:, :2], axis=-1, keepdims=True)
    correction[:, :2] *= np.minimum(1.0, largest_m / np.maximum(size, 1e-9))
    lowest = points[..., 2].min(-1)
    correction[planted, 2] = -np.clip(lowest[planted], -LARGEST_LIFT_M, 0.03)
    correction = eased(correction, _also(planted, fixed), max(round(LONGEST_EASE_SECONDS * fps), 1))
    correction[:, 2] = np.maximum(correction[:, 2], -lowest)
    return correction


def _held_at(correction: np.ndarray, planted: np.ndarray, fixed: Sequence[int]) -> np.ndarray:
    """``correction [F, n]`` less what it is in the ``fixed`` frames of a contact; between two of
    them, less what lies on the straight line."""
    held = correction.copy()
    for start, stop in spans(planted):
        inside = sorted(frame for frame in fixed if start <= frame < stop)
        if inside:
            frames = np.arange(start, stop)
            for column in range(correction.shape[1]):
                held[start:stop, column] -= np.interp(frames, inside, correction[inside, column])
    return held


def _also(planted: np.ndarray, fixed: Sequence[int]) -> np.ndarray:
    flags = planted.copy()
    flags[list(fixed)] = True
    return flags


def stilled(points: np.ndarray, touching: np.ndarray) -> np.ndarray:
    """Displacement ``[n, 2]`` that stops the touching sole point, zero on average. Where heel and
    ball both touch, the ball stands still, since feet turn on it."""
    steps = np.diff(points, axis=0)
    both = touching[1:] & touching[:-1]
    toe_first = both[:, 1:] | ~both[:, :1]
    step = np.where(toe_first, steps[:, 1], steps[:, 0])
    displacement = -np.concatenate([np.zeros((1, 2)), np.cumsum(step, axis=0)])
    return displacement - displacement.mean(0)


def spans(flags: np.ndarray) -> list[tuple[int, int]]:
    """First and behind-the-last index of every run of true ``flags [F]``."""
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False]))
    return list(zip(edges[::2], edges[1::2]))


def eased(correction: np.ndarray, planted: np.ndarray, longest: int) -> np.ndarray:
    """``correction [F, n]``, which stands where ``planted [F]``, eased over elsewhere: from contact
    to contact, or to and from nothing within ``longest`` frames of each."""
    found = correction.copy()
    for start, stop in spans(~planted):
        before = correction[start - 1] if start > 0 else None
        after = correction[stop] if stop < len(correction) else None
        ahead = np.arange(1, stop - start + 1)[:, None]
        length = stop - start + 1
        if before is not None and after is not None and length <= 2 * longest:
            t = cubic_step(ahead / length)
            found[start:stop] = (1 - t) * before + t * after
            continue
        if before is not None:
            found[start:stop] += (1 - cubic_step(ahead / longest)) * before
        if after is not None:
            found[start:stop] += (1 - cubic_step((length - ahead) / longest)) * after
    return found


def _with_ankles_moved(motion: Motion, corrections: np.ndarray) -> Motion:
    """Legs solved so that the ankles move by ``corrections [F, 2, 3]``; feet keep their turn."""
    positions = motion.joint_positions()
    index = motion.skeleton.index
    legs = [[index(f"{side}_{j}") for j in ("hip", "knee", "ankle")] for side, _ in _SIDES]
    drop = _hip_drop(motion, positions, corrections, legs)
    moved = replace(motion, root_positions=motion.root_positions + drop)
    for number, (side, _) in enumerate(_SIDES):
        ankle = positions[:, index(f"{side}_ankle")]
        moved = reach(moved, f"{side}_foot", ankle + corrections[:, number])
    return moved


def _hip_drop(motion, positions, corrections, legs) -> np.ndarray:
    """Downward displacement ``[F, 3]`` of the root that brings both targets within reach."""
    lowering = np.zeros(motion.frames)
    for side, (hip, knee, ankle) in enumerate(legs):
        length = 0.998 * np.linalg.norm(motion.skeleton.offsets[[knee, ankle]], axis=-1).sum()
        across = positions[:, ankle] + corrections[:, side] - positions[:, hip]
        level = np.sqrt(np.maximum(length**2 - np.sum(across[:, :2] ** 2, axis=-1), 0.0))
        lowering = np.maximum(lowering, np.clip(-across[:, 2] - level, 0.0, 0.1))
    width = max(1, round(0.1 * motion.fps))
    padded = np.pad(lowering, width, mode="edge")
    window = np.lib.stride_tricks.sliding_window_view(padded, 2 * width + 1)
    weights = np.hanning(2 * width + 3)[1:-1]
    smooth = window @ (weights / weights.sum())
    drop = np.zeros((motion.frames, 3))
    drop[:, 2] = -smooth
    return drop

"""Planted feet stay where they are: contact spans are locked by two-bone leg IK."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .contacts import sole_points
from .edit.curves import cubic_step
from .hinges import reach
from .motion import Motion

LARGEST_CORRECTION_M = 0.12
LONGEST_EASE_SECONDS = 0.4
_SIDES = (("left", 0), ("right", 2))


def lock_feet(
    motion: Motion, largest_m: float = LARGEST_CORRECTION_M, fixed: Sequence[int] = ()
) -> Motion:
    """The motion with soles in contact (above 0.5) still and on the floor, none below it.

    No sole is moved by more than ``largest_m`` along the floor. While a foot is in contact, its
    correction undoes what heel or toe would slide; between two contacts the correction eases over.
    The hips sink where a leg is too short for its target. A contact around one of the ``fixed``
    frames stands where its sole is then, instead of at its mean place.
    """
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
        anchor = next((frame for frame in fixed if start <= frame < stop), None)
        if anchor is not None:
            correction[start:stop, :2] -= correction[anchor, :2].copy()
    size = np.linalg.norm(correction[:, :2], axis=-1, keepdims=True)
    correction[:, :2] *= np.minimum(1.0, largest_m / np.maximum(size, 1e-9))
    lowest = points[..., 2].min(-1)
    correction[planted, 2] = -np.clip(lowest[planted], -LARGEST_CORRECTION_M, 0.03)
    correction = eased(correction, planted, max(round(LONGEST_EASE_SECONDS * fps), 1))
    correction[:, 2] = np.maximum(correction[:, 2], -lowest)
    return correction


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

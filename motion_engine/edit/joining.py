"""Clips one after the other without a jump: what is missing to the neighbour's pose and speed is
added at the seam and fades (inertialization, Bollo, "Inertialization: High-Performance Animation
Transitions in Gears of War", GDC 2018)."""

from dataclasses import replace

import numpy as np

from .. import rotations
from ..motion import Motion
from .placing import place_at, placed

LONGEST_EASE_SECONDS = 0.6
_STEPS = 3


def concatenated(*motions: Motion) -> Motion:
    """All frames of one clip after the other; rate and skeleton of the first."""

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(motion, name) for motion in motions])

    return replace(
        motions[0],
        root_positions=joined("root_positions"),
        local_rotations=joined("local_rotations"),
        contacts=joined("contacts"),
    )


def transition(before: Motion, after: Motion, frames: int) -> Motion:
    """So many frames between two clips: the root on a cubic curve that keeps the speeds at both
    ends, every joint turned evenly from one pose to the other."""
    one, other = before.cut(before.frames - 1, before.frames), after.cut(0, 1)
    u = np.arange(1, frames + 1)[:, None] / (frames + 1)
    out = _usual_move(before.cut(max(before.frames - 4, 0), before.frames)) * (frames + 1)
    into = _usual_move(after.cut(0, 4)) * (frames + 1)
    root = (
        (1.0 + 2.0 * u) * (1.0 - u) ** 2 * one.root_positions
        + u * (1.0 - u) ** 2 * out
        + u**2 * (3.0 - 2.0 * u) * other.root_positions
        + u**2 * (u - 1.0) * into
    )
    turns = rotations.slerp(one.local_rotations, other.local_rotations, u)
    return replace(one, root_positions=root, local_rotations=turns, contacts=np.zeros((frames, 4)))


def stitched(before: Motion, after: Motion) -> Motion:
    """``after``, moved on the floor to where ``before`` ends, joined to it; the frames of
    ``before`` stay as they are, and its last one stands for the first of ``after``."""
    moved = placed(after, 0, place_at(before, before.frames - 1))
    return concatenated(before, eased_in(moved, before).cut(1, after.frames))


def eased_in(motion: Motion, before: Motion) -> Motion:
    """The motion with its first frame made the last one of ``before``, going on at that speed."""
    length = min(motion.frames - 1, round(LONGEST_EASE_SECONDS * motion.fps))
    if length < 1:
        return replace(motion, **_pose_of(before, before.frames - 1))
    turn, move = _missing(motion, 0, before, before.frames - 1)
    turn_speed, move_speed = np.zeros_like(turn), np.zeros_like(move)
    if before.frames > 1:
        behind, ahead = (
            before.cut(max(before.frames - _STEPS - 1, 0), before.frames),
            motion.cut(0, _STEPS + 1),
        )
        turn_speed = _usual_turn(behind) - _usual_turn(ahead)
        move_speed = _usual_move(behind) - _usual_move(ahead)
    u = np.minimum(np.arange(motion.frames) / length, 1.0)[:, None]
    fade, push = _fade(u), length * _push(u)
    turns = fade[..., None] * turn + push[..., None] * turn_speed
    return replace(
        motion,
        root_positions=motion.root_positions + fade * move + push * move_speed,
        local_rotations=rotations.multiply(
            motion.local_rotations, rotations.from_axis_angle(turns)
        ),
    )


def eased_out(motion: Motion, after: Motion) -> Motion:
    """The motion with its last frame made the first one of ``after``, arriving at that speed."""
    return backwards(eased_in(backwards(motion), backwards(after)))


def backwards(motion: Motion) -> Motion:
    return replace(
        motion,
        root_positions=motion.root_positions[::-1],
        local_rotations=motion.local_rotations[::-1],
        contacts=motion.contacts[::-1],
    )


def _missing(motion: Motion, frame: int, other: Motion, at: int) -> tuple[np.ndarray, np.ndarray]:
    """Rotation vectors ``[J, 3]`` and metres ``[3]`` from one pose to another."""
    own, wanted = motion.local_rotations[frame], other.local_rotations[at]
    turn = rotations.to_axis_angle(rotations.multiply(rotations.conjugate(own), wanted))
    return turn, other.root_positions[at] - motion.root_positions[frame]


def _usual_turn(motion: Motion) -> np.ndarray:
    """Rotation vectors ``[J, 3]`` from frame to frame: the median, since clips of motion capture
    often begin or end with a jerk."""
    local = motion.local_rotations
    steps = rotations.to_axis_angle(rotations.multiply(rotations.conjugate(local[:-1]), local[1:]))
    return np.median(steps, axis=0)


def _usual_move(motion: Motion) -> np.ndarray:
    if motion.frames < 2:
        return np.zeros(3)
    return np.median(np.diff(motion.root_positions, axis=0), axis=0)


def _pose_of(motion: Motion, frame: int) -> dict[str, np.ndarray]:
    names = ("root_positions", "local_rotations", "contacts")
    return {name: getattr(motion, name)[frame : frame + 1] for name in names}


def _fade(u: np.ndarray) -> np.ndarray:
    """Quintic from value 1 to 0, with no speed or acceleration at either end."""
    return 1.0 - u**3 * (10.0 - 15.0 * u + 6.0 * u**2)


def _push(u: np.ndarray) -> np.ndarray:
    """Quintic from value 0 to 0 that begins with speed 1 and ends at rest."""
    return u - u**3 * (6.0 - 8.0 * u + 3.0 * u**2)

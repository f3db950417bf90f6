"""Hands that clap meet: codes of two arms, drawn apart, often bring the palms near and not together."""

from collections.abc import Sequence

import numpy as np

from . import rotations
from .edit.curves import smooth_step
from .generation.action_plan import PlannedAction
from .hinges import LIMBS, reach
from .motion import Motion
from .skeleton import SMPLX

CLAP = "clap"
PALMS_MET_M = 0.045
"""Between the middles of two palms that lie on each other."""
FARTHEST_MEETING_M = 0.25
SMALLEST_TURN_M = 0.02
"""Palms that come nearer and part again by less do not clap."""
LONGEST_APPROACH_SECONDS = 0.3
EARLY_OR_LATE_SECONDS = 0.3


def with_claps(motion: Motion, plan: Sequence[PlannedAction]) -> Motion:
    """The motion, in which both hands meet wherever they nearly do while they are planned to clap:
    no more often than planned, the nearest times first. Arms alone are changed."""
    palms = [_palms(motion, side) for side in ("left", "right")]
    across = palms[1] - palms[0]
    distances = np.linalg.norm(across, axis=-1)
    closing = np.zeros(motion.frames)
    for action in plan:
        if action.verb == CLAP:
            for meeting in _meetings(distances, action, motion.fps):
                closing = np.maximum(closing, _closing(distances, meeting, motion.fps))
    if not closing.any():
        return motion
    step = 0.5 * closing[:, None] * rotations.normalize(across)
    for limb, shift in (("left_hand", step), ("right_hand", -step)):
        wrist = motion.joint_positions()[:, SMPLX.index(LIMBS[limb][-1])]
        motion = reach(motion, limb, wrist + shift, frames=closing > 0.0)
    return motion


def _palms(motion: Motion, side: str) -> np.ndarray:
    """Middles of a palm ``[F, 3]``, halfway from the wrist to the middle knuckle."""
    ends = [SMPLX.index(f"{side}_{joint}") for joint in ("wrist", "middle1")]
    return motion.joint_positions()[:, ends].mean(axis=1)


def _meetings(
    distances: np.ndarray, action: PlannedAction, fps: float
) -> list[tuple[int, int, int]]:
    """For every clap of an action: the frames at which the hands begin to close, are nearest, and
    are farthest again."""
    first = max(int((action.start - EARLY_OR_LATE_SECONDS) * fps), 0)
    stop = int((action.stop + EARLY_OR_LATE_SECONDS) * fps) + 1
    turns = [first + turn for turn in turning_points(distances[first:stop], SMALLEST_TURN_M)]
    ends = [first, *turns, min(stop, len(distances)) - 1]
    found = [
        (before, near, after)
        for before, near, after in zip(ends, turns, ends[2:])
        if distances[near] < min(distances[before], distances[after], FARTHEST_MEETING_M)
    ]
    found.sort(key=lambda meeting: distances[meeting[1]])
    return found[: _count(action)]


def _count(action: PlannedAction) -> int | None:
    """How many claps are planned, None where that is left open."""
    counts = [label.split(" ")[-1] for label in action.labels if " count " in label]
    return int(counts[0]) if counts else None


def _closing(distances: np.ndarray, meeting: tuple[int, int, int], fps: float) -> np.ndarray:
    """By how much ``[F]`` the palms come nearer than they are, so that they meet."""
    before, near, after = meeting
    longest = LONGEST_APPROACH_SECONDS * fps
    frames = np.arange(len(distances))
    rising = smooth_step(1.0 - (near - frames) / min(near - before, longest))
    falling = smooth_step(1.0 - (frames - near) / min(after - near, longest))
    missing = max(distances[near] - PALMS_MET_M, 0.0)
    return missing * np.where(frames < near, rising, falling)


def turning_points(values: np.ndarray, least: float) -> list[int]:
    """Where ``values [F]`` turn, ``least`` or more away from the turns beside them."""
    turns: list[int] = []
    low = high = direction = 0
    for frame, value in enumerate(values):
        high = frame if value > values[high] else high
        low = frame if value < values[low] else low
        if direction >= 0 and value <= values[high] - least:
            turns += [high] if direction > 0 else []
            direction, low = -1, frame
        elif direction <= 0 and value >= values[low] + least:
            turns += [low] if direction < 0 else []
            direction, high = 1, frame
    return turns

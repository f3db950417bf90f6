"""What one leg does, such as a kick, within a walk: in place of a swing of that leg.

Who is on the way cannot stand still to kick and be where they have to be afterwards. They kick with
the leg that swings anyhow, and the step over the other foot takes a little longer.
"""

from dataclasses import dataclass, replace

import numpy as np

from .. import rotations
from ..contacts import sole_points
from ..features import heading_angles
from ..foot_lock import spans
from ..motion import ENGINE_FPS, Motion
from ..skeleton import SMPLX
from .curves import sampled, smooth_step

TRAVELLING_M_S = 0.4
"""Who goes no faster stands, shifts or turns."""
LIFTED_M = 0.06
HIGHEST_STANCE_M = 0.06
LONGEST_SWING = 2.0
"""A swing lasts so many times as long, at most, to give what the leg does its time."""
ENTRY_SECONDS = 0.2
FASTEST_ACT = 2.0
"""What takes longer even so is done so many times as fast, at most."""
SHORTEST_SWING_SECONDS = 0.2
EASE_SECONDS = 0.1
LEAST_RATE = 0.3
_SIDES = ("left", "right")
_JOINTS = ("hip", "knee", "ankle", "foot")


@dataclass(frozen=True)
class _Swing:
    """Frames of a motion in which the foot of one side is in the air."""

    side: str
    start: int
    stop: int

    @property
    def middle(self) -> float:
        return (self.start + self.stop - 1) / 2.0


def done_in_stride(motion: Motion, action: Motion, first: int) -> Motion | None:
    """The motion doing with single legs, while it walks on, what ``action`` does from frame
    ``first`` on as it stands on the other leg. Root and legs alone differ, in the action's frames.

    None where the motion does not travel, the action does, or is not one of single legs, or where
    these legs do not swing as often or as long as it takes.
    """
    stop = first + action.frames
    if not _travels(motion.cut(first, stop)) or _travels(action):
        return None
    acts = _acts_of_one_leg(action)
    swings = _fitting_swings(motion, acts, first, stop)
    if not swings:
        return None
    old = _old_frames(swings, acts, first, stop)
    walked = _with_lower_body_at(motion, old, first)
    for act, swing in zip(acts, swings):
        walked = _with_act(walked, action, act, swing, old, first)
    return walked


def _travels(motion: Motion) -> bool:
    way = motion.root_positions[-1, :2] - motion.root_positions[0, :2]
    return np.linalg.norm(way) > TRAVELLING_M_S * motion.frames / motion.fps


def _acts_of_one_leg(action: Motion) -> list[_Swing]:
    """Where a foot is in the air, at least half as high as any is; none if the other one does not
    stand each time."""
    heights = sole_points(action)[..., 2].reshape(action.frames, 2, 2).min(-1)
    acts = []
    for number, side in enumerate(_SIDES):
        for start, stop in spans(heights[:, number] > LIFTED_M):
            if heights[start:stop, number].max() < 0.5 * heights.max():
                continue
            if np.median(heights[start:stop, 1 - number]) > HIGHEST_STANCE_M:
                return []
            acts.append(_Swing(side, start, stop))
    return sorted(acts, key=lambda act: act.start)


def _fitting_swings(motion: Motion, acts: list[_Swing], first: int, stop: int) -> list[_Swing]:
    """For each act the swing of its leg, behind that of the act before, that is nearest to it in
    time; all within the frames. None where one is missing."""
    found: list[_Swing] = []
    for act in acts:
        column = 2 * _SIDES.index(act.side)
        flying = (motion.contacts[:, column : column + 2] < 0.5).all(-1)
        begin = found[-1].stop if found else first + 1
        swings = [
            _Swing(act.side, *span)
            for span in spans(flying)
            if begin <= span[0] and span[1] < stop and _has_room(act, span, motion.fps)
        ]
        if not swings:
            return []
        found.append(min(swings, key=lambda swing: abs(swing.middle - first - act.middle)))
    return found


def _has_room(act: _Swing, span: tuple[int, int], fps: float) -> bool:
    length = span[1] - span[0]
    return length >= max(
        SHORTEST_SWING_SECONDS * fps, (act.stop - act.start) / (LONGEST_SWING * FASTEST_ACT)
    )


def _old_frames(swings: list[_Swing], acts: list[_Swing], first: int, stop: int) -> np.ndarray:
    """``[stop - first]``: which moment of the motion each frame shows, so that the swings last
    longer, and the time is made up for around them; no frame at the ends is moved."""
    old = np.linspace(first, stop - 1, 8 * (stop - first))
    slowed, added = np.zeros_like(old), np.zeros_like(old)
    for swing, act in zip(swings, acts):
        length = swing.stop - swing.start
        slowness = np.clip((act.stop - act.start) / length, 1.0, LONGEST_SWING)
        near = np.minimum(old - swing.start, swing.stop - old)
        inside = smooth_step(near / (0.25 * length) + 0.5)
        slowed, added = np.maximum(slowed, inside), added + (slowness - 1.0) * inside
    ends = np.minimum(old - first, stop - 1 - old)
    hurried = (1.0 - slowed) * smooth_step(ends / (EASE_SECONDS * ENGINE_FPS))
    rate = 1.0 + added - added.sum() * hurried / max(hurried.sum(), 1e-9)
    rate = np.maximum(rate, LEAST_RATE)
    new = np.append(0.0, np.cumsum(0.5 * (rate[1:] + rate[:-1])))
    new = first + new / new[-1] * (stop - 1 - first)
    return np.interp(np.arange(first, stop), new, old)


def _with_lower_body_at(motion: Motion, old: np.ndarray, first: int) -> Motion:
    """The motion with root and legs as at the moments ``old`` (frames) from frame ``first`` on."""
    at, frames = sampled(motion, old / motion.fps, motion.fps), slice(first, first + len(old))
    joints = [0, *(joint for side in _SIDES for joint in _leg(side))]
    local, root = motion.local_rotations.copy(), motion.root_positions.copy()
    contacts = motion.contacts.copy()
    local[frames, joints] = at.local_rotations[:, joints]
    root[frames], contacts[frames] = at.root_positions, at.contacts
    return replace(motion, root_positions=root, local_rotations=local, contacts=contacts)


def _with_act(
    motion: Motion, action: Motion, act: _Swing, swing: _Swing, old: np.ndarray, first: int
) -> Motion:
    """The motion with the leg as in the action while it swings, before the same heading."""
    inside = np.flatnonzero((old > swing.start - 1) & (old < swing.stop))
    frames = first + inside
    times = np.linspace(act.start, act.stop - 1, len(frames)) / action.fps
    shown = sampled(action, times, action.fps)
    hip, *others = _leg(act.side)
    turn = rotations.about(
        "z",
        heading_angles(motion.local_rotations[frames, 0])
        - heading_angles(shown.local_rotations[:, 0]),
    )
    thigh = rotations.multiply(shown.local_rotations[:, 0], shown.local_rotations[:, hip])
    wanted = shown.local_rotations[:, [hip, *others]].copy()
    wanted[:, 0] = rotations.multiply(
        rotations.conjugate(motion.local_rotations[frames, 0]), rotations.multiply(turn, thigh)
    )
    near = np.minimum(np.arange(len(frames)), np.arange(len(frames))[::-1]) + 1.0
    weights = smooth_step(near / (ENTRY_SECONDS * motion.fps))[:, None]
    local, leg = motion.local_rotations.copy(), [hip, *others]
    local[np.ix_(frames, leg)] = rotations.slerp(local[np.ix_(frames, leg)], wanted, weights)
    return replace(motion, local_rotations=rotations.normalize(local))


def _leg(side: str) -> list[int]:
    return [SMPLX.index(f"{side}_{joint}") for joint in _JOINTS]

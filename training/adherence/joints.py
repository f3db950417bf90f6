"""Predicates on single joints: how far one strays, how fast it moves, which pose it passes."""

from typing import Literal

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import BODY_JOINTS
from training.adherence import events
from training.adherence.measurements import Joint, Kinematics
from training.adherence.poses import POSES, key_pose

PACE_SECONDS = 0.15  # over which the speed of a joint is smoothed
POSE_M = 0.06
FASTEST_M_S = 9.0  # of a joint against the pelvis; the fists of boxers reach some 8


def strayed_m(clip: Kinematics, joint: str) -> np.ndarray:
    """How far ``[F]`` a joint is from where the clip starts, as the pelvis sees it, metres."""
    pelvis = rotations.conjugate(clip.world_rotations[:, 0])
    place = rotations.rotate(pelvis, clip.joint(joint) - clip.joint("pelvis"))
    return np.linalg.norm(place - place[:1], axis=-1)


def keeps_place(clip: Kinematics, joint: Joint, max_m: float) -> bool:
    """A joint never gets farther than that from where the clip starts, as the pelvis sees it."""
    return bool(strayed_m(clip, joint).max() <= max_m)


def joint_speed(
    clip: Kinematics, joint: Joint, min_m_s: float = 0.0, max_m_s: float = np.inf
) -> bool:
    """The highest speed of a joint against the pelvis lies in the range."""
    return bool(min_m_s <= _paces(clip, joint).max() <= max_m_s)


def passes(
    clip: Kinematics, pose: Literal[tuple(POSES)], seconds: float, max_m: float = POSE_M
) -> bool:
    """At that time the body has a key pose: each of its 22 joints, as the pelvis sees it, and the
    pelvis' height over z = 0 are that near."""
    frame = min(round(seconds * clip.fps), clip.frames - 1)
    wanted = Kinematics.of(key_pose(pose))
    apart = np.linalg.norm(_body(clip, frame) - _body(wanted, 0), axis=-1).max()
    higher = clip.joint("pelvis")[frame, 2] - wanted.joint("pelvis")[0, 2]
    return bool(max(apart, abs(higher)) <= max_m)


def smooth(clip: Kinematics, max_m_s: float = FASTEST_M_S) -> bool:
    """No joint of the body jumps: none is ever faster than that against the pelvis."""
    body = clip.positions[:, :BODY_JOINTS] - clip.positions[:, :1]
    steps = np.linalg.norm(np.diff(body, axis=0), axis=-1) * clip.fps
    return bool(steps.max(initial=0.0) <= max_m_s)


def _paces(clip: Kinematics, joint: str) -> np.ndarray:
    place = events.smooth(clip.joint(joint) - clip.joint("pelvis"), clip.frames_in(PACE_SECONDS))
    return np.linalg.norm(events.rate(place, clip.fps), axis=-1)


def _body(clip: Kinematics, frame: int) -> np.ndarray:
    """Positions ``[22, 3]`` of the body's joints as the pelvis sees them."""
    body = clip.positions[frame, :BODY_JOINTS] - clip.positions[frame, 0]
    return rotations.rotate(rotations.conjugate(clip.world_rotations[frame, 0]), body)

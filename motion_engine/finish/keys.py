"""Poses that a motion passes through exactly, by a correction that fades on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .. import rotations
from ..edit.curves import smooth_step
from ..errors import LimberError
from ..motion import Motion
from ..skeleton import BODY_JOINTS

SHORTEST_FADE_SECONDS, LONGEST_FADE_SECONDS = 0.4, 2.0
LEAST_ACCELERATION = 4.0
"""rad/s2 that a correction may always add."""
NEAR_SECONDS = 1.0 / 3.0
_PEAK = 10.0 / np.sqrt(3.0)
"""Largest acceleration of a minimum-jerk step of one unit within one second."""


@dataclass(frozen=True, eq=False)
class Key:
    """At ``seconds`` the ``joints`` (SMPL-X indices; 0 with the root's place) have the first pose
    of ``pose``; what follows in it tells the model how the pose is passed."""

    seconds: float
    pose: Motion
    joints: tuple[int, ...]

    @property
    def has_root(self) -> bool:
        return 0 in self.joints


def key_frames(keys: Sequence[Key], frames: int, fps: float) -> list[int]:
    """The frame of each key. Raises LimberError for keys outside the clip, and for two keys that
    want the same joint at the same frame."""
    found = [round(key.seconds * fps) for key in keys]
    for index, (key, frame) in enumerate(zip(keys, found)):
        if not 0 <= frame < frames:
            raise LimberError(
                f"the key at {key.seconds:g} s lies outside the clip, whose last frame is at "
                f"{(frames - 1) / fps:.2f} s; move it or ask for more seconds."
            )
        for other, its_frame in zip(keys[:index], found):
            if its_frame == frame and set(other.joints) & set(key.joints):
                raise LimberError(
                    f"the keys at {other.seconds:g} s and {key.seconds:g} s fall on the same "
                    "frame; leave one of them out."
                )
    return found


def through_keys(motion: Motion, keys: Sequence[Key]) -> Motion:
    """The motion led through the keys: exact at their frames, no jump in speed or acceleration.

    Each joint's correction is whole at the key's frame and fades by a minimum-jerk step, over a
    time that keeps the added acceleration within the joint's own in the clip, but ends at the key
    before and after.
    """
    frames = key_frames(keys, motion.frames, motion.fps)
    turns = np.zeros((motion.frames, motion.skeleton.joints, 3))
    moves = np.zeros((motion.frames, 3))
    usual = np.maximum(turn_accelerations(motion), LEAST_ACCELERATION)
    for index, (key, frame) in enumerate(zip(keys, frames)):
        joints = list(key.joints)
        turn = rotations.to_axis_angle(
            rotations.multiply(
                rotations.conjugate(motion.local_rotations[frame, joints]),
                key.pose.local_rotations[0, joints],
            )
        )
        needed = _PEAK * np.linalg.norm(turn, axis=-1) / usual[joints]
        fades = np.clip(np.sqrt(needed), SHORTEST_FADE_SECONDS, LONGEST_FADE_SECONDS)
        neighbours = [f for k, f in zip(keys, frames) if set(k.joints) & set(key.joints)]
        weights = _bumps(frame, neighbours, motion, fades)
        turns[:, joints] += weights[..., None] * turn
        if key.has_root:
            missing = key.pose.root_positions[0] - motion.root_positions[frame]
            moves += weights[:, [joints.index(0)]] * missing
    bent = replace(
        motion,
        root_positions=motion.root_positions + moves,
        local_rotations=rotations.multiply(
            motion.local_rotations, rotations.from_axis_angle(turns)
        ),
    )
    return _with_exact(bent, keys, frames)


def jolt_near(motion: Motion, keys: Sequence[Key]) -> float:
    """How far the acceleration of the body's joints within NEAR_SECONDS of keys exceeds what the
    whole clip has in all but a twentieth of its frames, m/s2; 0 where it does not."""
    if not keys or motion.frames < 3:
        return 0.0
    found = body_accelerations(motion)
    seconds = np.arange(1, motion.frames - 1) / motion.fps
    away = np.abs(seconds[:, None] - [key.seconds for key in keys]).min(-1)
    nearest = found[away <= NEAR_SECONDS].max(initial=0.0)
    return max(float(nearest - np.percentile(found, 95.0)), 0.0)


def body_accelerations(motion: Motion) -> np.ndarray:
    """``[F - 2]``: that of the body's most accelerated joint in each frame but the first and last,
    m/s2."""
    positions = motion.joint_positions()[:, :BODY_JOINTS]
    return np.linalg.norm(np.diff(positions, n=2, axis=0), axis=-1).max(-1) * motion.fps**2


def turn_accelerations(motion: Motion) -> np.ndarray:
    """``[J]``: how fast each joint's turning usually changes at most in the clip, rad/s2."""
    if motion.frames < 3:
        return np.zeros(motion.skeleton.joints)
    local = motion.local_rotations
    steps = rotations.to_axis_angle(rotations.multiply(rotations.conjugate(local[:-1]), local[1:]))
    changes = np.linalg.norm(np.diff(steps, axis=0), axis=-1) * motion.fps**2
    return np.percentile(changes, 90.0, axis=0)


def _bumps(frame: int, others: list[int], motion: Motion, fade_seconds: np.ndarray) -> np.ndarray:
    """Weights ``[F, n]``: 1 at the frame, 0 after each of the fades ``[n]``, and from the key before
    and to the key after on."""
    fades = fade_seconds * motion.fps
    before = max((f for f in others if f < frame), default=-np.inf)
    after = min((f for f in others if f > frame), default=np.inf)
    away = (np.arange(motion.frames) - frame)[:, None]
    reach = np.where(away < 0, np.minimum(fades, frame - before), np.minimum(fades, after - frame))
    return 1.0 - smooth_step(np.abs(away) / reach)


def _with_exact(motion: Motion, keys: Sequence[Key], frames: list[int]) -> Motion:
    """The keys' own numbers at their frames, free of rounding."""
    local, root = motion.local_rotations.copy(), motion.root_positions.copy()
    for key, frame in zip(keys, frames):
        local[frame, list(key.joints)] = key.pose.local_rotations[0, list(key.joints)]
        if key.has_root:
            root[frame] = key.pose.root_positions[0]
    return replace(motion, root_positions=root, local_rotations=local)

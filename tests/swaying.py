"""Smooth motions of every joint, made by formula."""

import numpy as np

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX


def swaying(frames: int, fps: float = 30.0, seed: int = 0) -> Motion:
    """A body that stands with its feet on the floor and sways in every joint."""
    rng = np.random.default_rng(seed)
    still = Motion.standing(frames, fps)
    t = np.arange(frames)[:, None, None] / fps
    axes = rng.normal(0.0, 0.15, (SMPLX.joints, 3))
    turns = axes * np.sin(rng.uniform(1.0, 5.0, (SMPLX.joints, 1)) * t)
    local = rotations.multiply(still.local_rotations, rotations.from_axis_angle(turns))
    root = still.root_positions + 0.1 * np.sin(t[:, 0] * [1.0, 2.0, 0.0])
    return Motion(root, local, still.contacts, fps)


def walking(frames: int, speed: float = 1.2, fps: float = 30.0, period: float = 1.0) -> Motion:
    """Strides straight ahead (towards -Y): legs swing, knees give way, feet touch in turn."""
    motion = Motion.standing(frames, fps)
    t = np.arange(frames) / fps
    local, contacts = motion.local_rotations.copy(), np.zeros((frames, 4))
    for side, shift in (("left", 0.0), ("right", np.pi)):
        phase = 2.0 * np.pi * t / period + shift
        local[:, SMPLX.index(f"{side}_hip")] = rotations.about("x", -0.45 * np.sin(phase))
        knee = 0.15 + 0.5 * np.maximum(np.cos(phase), 0.0)
        local[:, SMPLX.index(f"{side}_knee")] = rotations.about("x", knee)
        first = 0 if side == "left" else 2
        contacts[:, first : first + 2] = (np.cos(phase) < -0.2)[:, None]
    root = motion.root_positions + np.outer(t, [0.0, -speed, 0.0]) - [0.0, 0.0, 0.04]
    return Motion(root, local, contacts, fps)


def accelerations(motion: Motion) -> np.ndarray:
    """``[F - 2]``: the largest of all body joints, m/s2."""
    positions = motion.joint_positions()[:, :22]
    return np.linalg.norm(np.diff(positions, n=2, axis=0), axis=-1).max(-1) * motion.fps**2

"""Foot contacts from heights and speeds, and how far planted feet slide."""

from dataclasses import replace

import numpy as np

from . import rotations
from .motion import Motion
from .skeleton import HEEL_OFFSET_M, TOE_OFFSET_M

CONTACT_HEIGHT_M = 0.05
CONTACT_SPEED_M_S = 0.35
SHORTEST_CONTACT_SECONDS = 0.1
FASTEST_PLANTED_M_S = 1.5
HIGHEST_PLANTED_M = 0.04
NEAR_FLOOR_M = 0.03
SOLE_JOINTS = ("left_ankle", "left_foot", "right_ankle", "right_foot")


def sole_points(motion: Motion) -> np.ndarray:
    """World positions ``[F, 4, 3]`` under left heel, left ball, right heel, right ball."""
    positions, world = motion.forward_kinematics()
    joints = [motion.skeleton.index(name) for name in SOLE_JOINTS]
    offsets = np.stack([HEEL_OFFSET_M, TOE_OFFSET_M, HEEL_OFFSET_M, TOE_OFFSET_M])
    return positions[:, joints] + rotations.rotate(world[:, joints], offsets)


def detect_contacts(points: np.ndarray, fps: float) -> np.ndarray:
    """Contacts ``[F, 4]`` of 0 or 1 for sole points ``[F, 4, 3]`` above a floor at z = 0.

    A point is in contact while it is low and slow; gaps and touches shorter than
    SHORTEST_CONTACT_SECONDS are dropped.
    """
    speed = np.linalg.norm(np.gradient(points, axis=0), axis=-1) * fps if len(points) > 1 else 0.0
    touching = (points[..., 2] < CONTACT_HEIGHT_M) & (speed < CONTACT_SPEED_M_S)
    shortest = max(1, round(SHORTEST_CONTACT_SECONDS * fps))
    contacts = np.stack([_without_short_runs(column, shortest) for column in touching.T], axis=-1)
    return contacts.astype(np.float64)


def with_detected_contacts(motion: Motion) -> Motion:
    """The motion with contacts measured from its own sole points."""
    return replace(motion, contacts=detect_contacts(sole_points(motion), motion.fps))


def with_likely_contacts(motion: Motion) -> Motion:
    """The motion without contacts of sole points that fly past, or that are lifted while the rest
    of the foot stands: a network says of some of those that they touch, and they would be held."""
    points = sole_points(motion)
    speed = np.linalg.norm(np.gradient(points, axis=0), axis=-1) * motion.fps
    foot = points[..., 2].reshape(motion.frames, 2, 2)
    lifted = (foot - foot.min(-1, keepdims=True)).reshape(motion.frames, 4)
    likely = (motion.contacts > 0.5) & (speed < FASTEST_PLANTED_M_S) & (lifted < HIGHEST_PLANTED_M)
    shortest = max(1, round(SHORTEST_CONTACT_SECONDS * motion.fps))
    likely = np.stack([_without_short_runs(column, shortest) for column in likely.T], axis=-1)
    return replace(motion, contacts=np.where(likely, motion.contacts, 0.0))


def foot_slide_cm_s(motion: Motion) -> float:
    """Mean horizontal speed of sole points while in contact (contact above 0.5), cm/s."""
    points = sole_points(motion)
    planted = (motion.contacts[1:] > 0.5) & (motion.contacts[:-1] > 0.5)
    if not planted.any():
        return 0.0
    speed = np.linalg.norm(np.diff(points[..., :2], axis=0), axis=-1) * motion.fps
    return float(speed[planted].mean() * 100.0)


def standing_slide_cm_s(motion: Motion) -> float:
    """How fast, on average, the stillest sole point goes over the floor while one is within
    NEAR_FLOOR_M of it, cm/s: who stands or steps has one that rests, whatever contacts say."""
    if motion.frames < 2:
        return 0.0
    points = sole_points(motion)
    near = np.maximum(points[1:, :, 2], points[:-1, :, 2]) < NEAR_FLOOR_M
    speeds = np.linalg.norm(np.diff(points[..., :2], axis=0), axis=-1) * motion.fps
    stillest = np.where(near, speeds, np.inf).min(-1)
    stands = np.isfinite(stillest)
    return float(stillest[stands].mean() * 100.0) if stands.any() else 0.0


def _without_short_runs(flags: np.ndarray, shortest: int) -> np.ndarray:
    """First closes gaps, then drops touches, shorter than that many frames."""
    for value in (False, True):
        edges = np.flatnonzero(np.diff(flags)) + 1
        starts, stops = np.r_[0, edges], np.r_[edges, len(flags)]
        flags = flags.copy()
        for start, stop in zip(starts, stops):
            inner = start > 0 and stop < len(flags)
            if flags[start] == value and stop - start < shortest and (inner or value):
                flags[start:stop] = not value
    return flags

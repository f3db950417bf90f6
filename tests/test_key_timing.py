"""Moments moved to the keys that they are like, on a march whose phase is known."""

from dataclasses import replace

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.finish.key_timing import timed_to_keys
from motion_engine.finish.keys import Key
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX

ALL_JOINTS = tuple(range(SMPLX.joints))
LEFT_HIP, RIGHT_HIP = SMPLX.index("left_hip"), SMPLX.index("right_hip")


def marching(frames=90, round_frames=36.0, phase=0.0) -> Motion:
    """Hips that swing against each other, one round in so many frames."""
    motion = Motion.standing(frames)
    local = motion.local_rotations.copy()
    swing = 0.5 * np.sin(2.0 * np.pi * (np.arange(frames) / round_frames + phase))
    local[:, LEFT_HIP], local[:, RIGHT_HIP] = (
        rotations.about("x", swing),
        rotations.about("x", -swing),
    )
    return replace(motion, local_rotations=local)


def leg_error(motion: Motion, frame: int, pose: Motion) -> float:
    legs = [LEFT_HIP, RIGHT_HIP]
    apart = rotations.multiply(
        rotations.conjugate(motion.local_rotations[frame, legs]), pose.local_rotations[0, legs]
    )
    return float(np.degrees(rotations.angle(apart).max()))


@pytest.mark.parametrize("late", [-8, -4, 4, 8])
def test_the_foot_ahead_at_the_key_is_the_keys(late):
    motion = marching()
    pose = motion.cut(36 + late, 38 + late)
    timed = timed_to_keys(motion, [Key(1.2, pose, ALL_JOINTS)])
    assert leg_error(motion, 36, pose) > 10.0
    assert leg_error(timed, 36, pose) < 3.0


def test_two_keys_are_met_each_and_the_pace_stays_possible():
    motion = marching()
    one, other = motion.cut(4, 6), motion.cut(66, 68)
    timed = timed_to_keys(motion, [Key(0.0, one, ALL_JOINTS), Key(2.0, other, ALL_JOINTS)])
    assert timed.frames == motion.frames
    assert leg_error(timed, 0, one) < 6.0 and leg_error(timed, 60, other) < 3.0
    swing = np.diff(timed.local_rotations[:, LEFT_HIP, 1])
    assert np.abs(swing).max() < 1.7 * np.abs(np.diff(motion.local_rotations[:, LEFT_HIP, 1])).max()


def test_the_way_a_leg_swings_counts_not_only_where_it_is():
    """A quarter round later the hips are as straight, and swing the other way."""
    motion = marching(phase=0.25)
    pose = motion.cut(9, 11)
    timed = timed_to_keys(motion, [Key(0.5, pose, ALL_JOINTS)])
    swing = timed.local_rotations[16, LEFT_HIP, 1] - timed.local_rotations[14, LEFT_HIP, 1]
    assert np.sign(swing) == np.sign(pose.local_rotations[1, LEFT_HIP, 1] - pose.local_rotations[0, LEFT_HIP, 1])  # fmt: skip


def test_a_key_of_what_is_there_already_changes_nothing():
    motion = marching()
    timed = timed_to_keys(motion, [Key(1.5, motion.cut(45, 47), ALL_JOINTS)])
    np.testing.assert_array_equal(timed.local_rotations, motion.local_rotations)

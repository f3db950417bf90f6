"""Contacts, two-bone IK and the foot lock, on motions whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion_engine import rotations
from motion_engine.contacts import (
    detect_contacts,
    foot_slide_cm_s,
    sole_points,
    standing_slide_cm_s,
    with_detected_contacts,
    with_likely_contacts,
)
from motion_engine.foot_lock import lock_feet
from motion_engine.hinges import bent_onto
from motion_engine.kinematics import local_from_world, two_bone_ik
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX
from motion_engine.stance import carried


def test_soles_of_the_rest_pose_touch_the_floor():
    assert np.abs(sole_points(Motion.standing(2))[..., 2]).max() < 0.005


def test_contacts_need_a_low_and_a_slow_foot():
    points = np.zeros((60, 4, 3))
    points[20:40, 0, 2] = 0.3
    points[:, 1, 0] = np.linspace(0, 4, 60)
    contacts = detect_contacts(points, 30.0)
    assert contacts[5, 0] == 1 and contacts[30, 0] == 0 and contacts[55, 0] == 1
    assert contacts[:, 1].max() == 0
    assert contacts[:, 2:].min() == 1


def test_a_flicker_is_no_contact():
    points = np.zeros((60, 4, 3))
    points[:, :, 2] = 0.3
    points[30, :, 2] = 0.0
    assert detect_contacts(points, 30.0).max() == 0


def gliding(speed_m_s=0.3, frames=60):
    """A standing body that slides forward, feet said to be planted."""
    motion = Motion.standing(frames)
    path = motion.root_positions.copy()
    path[:, 1] -= np.arange(frames) * speed_m_s / 30
    return replace(motion, root_positions=path)


def test_slide_is_the_speed_of_planted_soles():
    assert foot_slide_cm_s(gliding(0.25)) == pytest.approx(25.0)
    assert foot_slide_cm_s(Motion.standing(5)) == 0.0


@given(st.integers(0, 10_000))
def test_a_bent_limb_reaches_and_stays_in_its_plane(seed):
    rng = np.random.default_rng(seed)
    upper, lower = (rotations.normalize(rng.normal(size=3))[None] * s for s in (0.4, 0.35))
    way = rotations.normalize(rng.normal(size=3))[None] * rng.uniform(0.06, 0.74)
    hinge = np.cross(upper, lower)
    upper_turn, lower_turn = bent_onto(upper, lower, hinge, way)
    end = rotations.rotate(upper_turn, upper) + rotations.rotate(lower_turn, lower)
    np.testing.assert_allclose(end, way, atol=1e-6)
    np.testing.assert_allclose(
        rotations.rotate(upper_turn, hinge), rotations.rotate(lower_turn, hinge), atol=1e-5
    )


def test_a_limb_stops_short_of_what_is_out_of_reach():
    knee, foot = np.array([[0, -0.1, -0.4]]), np.array([[0, 0.1, -0.4]])
    upper_turn, lower_turn = bent_onto(
        knee, foot, np.array([[1.0, 0.0, 0.0]]), np.array([[0.0, 0.0, -2.0]])
    )
    end = rotations.rotate(upper_turn, knee) + rotations.rotate(lower_turn, foot)
    assert 0.81 < -end[0, 2] < 0.83


@given(st.integers(0, 10_000), st.booleans())
def test_two_bone_ik_reaches_and_keeps_lengths(seed, with_pole):
    rng = np.random.default_rng(seed)
    start, pole = rng.normal(size=(2, 3))
    upper, lower = (rotations.normalize(rng.normal(size=3)) * s for s in (0.4, 0.35))
    target = start + rotations.normalize(rng.normal(size=3)) * rng.uniform(0.06, 0.74)
    turn_upper, turn_lower, reached = two_bone_ik(
        start, start + upper, start + upper + lower, target, pole if with_pole else None
    )
    middle = start + rotations.rotate(turn_upper, upper)
    end = middle + rotations.rotate(turn_lower, lower)
    np.testing.assert_allclose(end, target, atol=1e-6)
    np.testing.assert_allclose(reached, target, atol=1e-6)
    hinge = rotations.normalize(np.cross(upper, lower))
    np.testing.assert_allclose(
        rotations.rotate(turn_upper, hinge), rotations.rotate(turn_lower, hinge), atol=1e-5
    )


def test_two_bone_ik_stops_short_of_what_is_out_of_reach():
    zero, knee, foot = np.zeros(3), np.array([0, -0.1, -0.4]), np.array([0, 0, -0.8])
    *_, reached = two_bone_ik(zero, knee, foot, np.array([0.0, 0.0, -2.0]))
    assert 0.79 < -reached[2] < 0.83


def test_local_from_world_undoes_forward_kinematics():
    rng = np.random.default_rng(0)
    local = rotations.normalize(rng.normal(size=(4, 55, 4)))
    motion = Motion(np.zeros((4, 3)), local, np.zeros((4, 4)))
    back = local_from_world(SMPLX, motion.world_rotations())
    np.testing.assert_allclose(rotations.to_matrix(back), rotations.to_matrix(local), atol=1e-9)


def crouched(motion, degrees=25.0):
    """Knees bent, so that legs have room to reach."""
    bend = np.radians(degrees)
    local = motion.local_rotations.copy()
    for side in ("left", "right"):
        for joint, angle in (("hip", -bend), ("knee", 2 * bend), ("ankle", -bend)):
            local[:, SMPLX.index(f"{side}_{joint}")] = rotations.about("x", angle)
    lowered = replace(motion, local_rotations=local)
    drop = sole_points(lowered)[..., 2].min()
    return replace(lowered, root_positions=lowered.root_positions - [0, 0, drop])


def test_lock_stops_planted_feet_and_hardly_moves_a_body_that_keeps_its_way():
    motion = crouched(gliding(0.08))
    locked = lock_feet(motion, keeps_way=True)
    assert foot_slide_cm_s(motion) == pytest.approx(8.0, rel=0.02)
    assert foot_slide_cm_s(locked) < 0.2
    assert np.abs(locked.root_positions - motion.root_positions).max() < 0.03


def test_lock_plants_feet_where_they_are_at_a_fixed_frame():
    motion = crouched(gliding(0.04))
    locked = lock_feet(motion, fixed=[12], keeps_way=True)
    apart = np.linalg.norm(sole_points(locked)[..., :2] - sole_points(motion)[12, :, :2], axis=-1)
    assert apart.max() < 0.003


def test_lock_leaves_feet_at_two_fixed_frames_of_one_contact():
    motion = crouched(gliding(0.04))
    locked = lock_feet(motion, fixed=[12, 40], keeps_way=True)
    apart = np.linalg.norm(sole_points(locked) - sole_points(motion), axis=-1)[[12, 40]]
    assert apart.max() < 0.003


def test_lock_leaves_a_foot_in_the_air_at_a_fixed_frame():
    motion = crouched(gliding(0.06))
    contacts = np.ones((60, 4))
    contacts[20:40, :2] = 0.0
    motion = replace(motion, contacts=contacts)
    locked = lock_feet(motion, fixed=[30], keeps_way=True)
    apart = np.linalg.norm(sole_points(locked) - sole_points(motion), axis=-1)[30]
    assert apart[:2].max() < 0.003


def test_a_root_that_outruns_its_steps_is_held_back():
    motion = crouched(gliding(0.25, frames=90))
    assert foot_slide_cm_s(carried(motion)) < 1.5
    assert np.abs(carried(motion).root_positions[:, 2] - motion.root_positions[:, 2]).max() == 0.0
    assert foot_slide_cm_s(lock_feet(motion)) < 0.2


def test_a_sole_in_the_air_or_flying_past_carries_nobody():
    flying, sliding = replace(gliding(0.5), contacts=np.zeros((60, 4))), gliding(4.5)
    flying = replace(flying, root_positions=flying.root_positions + [0.0, 0.0, 0.2])
    np.testing.assert_array_equal(carried(flying).root_positions, flying.root_positions)
    np.testing.assert_array_equal(carried(sliding).root_positions, sliding.root_positions)


@pytest.mark.parametrize("speed_m_s", [0.25, 1.5])
def test_who_glides_on_the_floor_stands_whatever_contacts_say(speed_m_s):
    motion = replace(crouched(gliding(speed_m_s, frames=90)), contacts=np.zeros((90, 4)))
    stood = lock_feet(motion)
    assert standing_slide_cm_s(stood) < 0.05 * 100.0 * speed_m_s
    assert (carried(motion).contacts.max(-1) == 1.0).all()


def test_contacts_of_soles_that_fly_past_or_are_lifted_are_taken_back():
    assert with_likely_contacts(gliding(2.0)).contacts.max() == 0.0
    tilted = crouched(Motion.standing(30))
    local = tilted.local_rotations.copy()
    local[:, SMPLX.index("left_ankle")] = rotations.multiply(
        local[:, SMPLX.index("left_ankle")], rotations.about("x", np.radians(40.0))
    )
    contacts = with_likely_contacts(replace(tilted, local_rotations=local)).contacts
    assert contacts[:, 0].max() == 0.0 and contacts[:, 1:].min() == 1.0


def test_a_foot_that_stands_on_heel_and_ball_does_not_turn():
    motion = crouched(Motion.standing(60))
    local = motion.local_rotations.copy()
    twist = rotations.about("z", 0.2 * np.sin(np.arange(60) / 8.0))
    local[:, 0] = rotations.multiply(twist, local[:, 0])
    twisting = replace(motion, local_rotations=local)
    assert foot_slide_cm_s(twisting) > 5.0
    assert foot_slide_cm_s(lock_feet(twisting)) < 0.5


def test_whoever_stands_has_a_sole_at_rest():
    assert standing_slide_cm_s(Motion.standing(20)) == 0.0
    assert standing_slide_cm_s(gliding(0.25)) == pytest.approx(25.0)
    raised = replace(gliding(0.25), root_positions=gliding(0.25).root_positions + [0, 0, 0.5])
    assert standing_slide_cm_s(raised) == 0.0


def test_lock_lifts_feet_out_of_the_floor():
    motion = crouched(Motion.standing(30))
    sunk = replace(motion, root_positions=motion.root_positions - [0, 0, 0.05])
    assert sole_points(lock_feet(sunk))[..., 2].min() > -0.005


def test_lock_leaves_a_clean_clip_alone():
    motion = crouched(Motion.standing(30))
    moved = np.abs(lock_feet(motion).joint_positions() - motion.joint_positions()).max()
    assert moved < 0.01


def test_lock_adds_no_jump_between_steps():
    motion = crouched(gliding(0.1, frames=90))
    contacts = np.ones((90, 4))
    contacts[30:50] = 0.0
    locked = lock_feet(replace(motion, contacts=contacts))
    ankles = locked.joint_positions()[:, [7, 8]]
    assert np.linalg.norm(np.diff(ankles, axis=0), axis=-1).max() < 0.02


def test_detected_contacts_of_a_standing_body_are_all_on():
    assert with_detected_contacts(Motion.standing(10)).contacts.min() == 1.0

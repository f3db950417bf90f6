"""The feature layout: exact round trips, invariance, and the part table."""

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.features import (
    FeatureLayout,
    decode_features,
    encode_features,
    heading_angles,
)
from motion_engine.motion import Motion
from motion_engine.parts import DEFAULT_PARTS, resolve_parts
from motion_engine.skeleton import SMPLX, STANDING


def smooth_noise(rng, shape):
    noise = rng.normal(size=shape)
    for _ in range(30):
        noise[1:-1] = (noise[:-2] + noise[1:-1] + noise[2:]) / 3
    return noise * 3


def moving(root_turns, frames=300, seed=0):
    rng = np.random.default_rng(seed)
    local = rotations.from_axis_angle(smooth_noise(rng, (frames, 55, 3)))
    local[:, 22:25] = rotations.IDENTITY
    local[:, 0] = rotations.multiply(root_turns, STANDING)
    path = np.cumsum(smooth_noise(rng, (frames, 3)) * 0.02, axis=0) + [0, 0, 0.9]
    return Motion(path, local, rng.random((frames, 4)))


SPIN = rotations.about("z", np.linspace(0, 9, 300))
FLIP = rotations.about("x", np.linspace(0, 2 * np.pi, 300))
ROLL = rotations.about("y", np.linspace(0, 2 * np.pi, 300))
ON_THE_SIDE = rotations.about("y", np.full(300, np.pi / 2))
SWAY = rotations.about("y", 0.3 * np.sin(np.linspace(0, 40, 300)))


@pytest.mark.parametrize("joints", [22, 52])
@pytest.mark.parametrize("turns", [SPIN, FLIP, ROLL, ON_THE_SIDE, SWAY])
def test_round_trip_is_exact_over_ten_seconds(joints, turns):
    layout = FeatureLayout(joints)
    motion = moving(turns)
    heading = heading_angles(motion.local_rotations[:, 0])
    start = (*motion.root_positions[0, :2], heading[0])
    features = encode_features(motion, layout)
    again = decode_features(features[:, : layout.pose_size], layout, start)
    used = list(layout.joint_indices)
    apart = rotations.multiply(
        rotations.conjugate(again.local_rotations[:, used]), motion.local_rotations[:, used]
    )
    assert rotations.angle(apart).max() < 1e-4
    assert np.abs(again.root_positions - motion.root_positions).max() < 1e-3
    np.testing.assert_allclose(again.contacts, motion.contacts)


@pytest.mark.parametrize("turns", [FLIP, SWAY, ROLL])
def test_heading_never_jumps(turns):
    heading = heading_angles(rotations.multiply(turns, STANDING))
    assert np.abs(np.diff(heading)).max() < 0.2


def test_heading_of_a_backflip_stays_and_of_a_spin_follows():
    assert np.abs(heading_angles(rotations.multiply(FLIP, STANDING))).max() < 1e-9
    np.testing.assert_allclose(
        heading_angles(rotations.multiply(SPIN, STANDING)), np.linspace(0, 9, 300), atol=1e-9
    )


def test_features_do_not_know_where_the_clip_stands():
    motion = moving(SPIN)
    turn = rotations.about("z", 1.1)
    local = motion.local_rotations.copy()
    local[:, 0] = rotations.multiply(turn, local[:, 0])
    path = rotations.rotate(turn, motion.root_positions) + [5.0, -3.0, 0.0]
    moved = Motion(path, local, motion.contacts)
    layout = FeatureLayout(52)
    np.testing.assert_allclose(
        encode_features(moved, layout), encode_features(motion, layout), atol=1e-9
    )


def test_auxiliary_positions_are_those_of_forward_kinematics():
    motion = moving(SWAY)
    layout = FeatureLayout(22)
    positions = encode_features(motion, layout)[:, layout.slices["positions"]].reshape(-1, 22, 3)
    world = motion.joint_positions()[:, :22]
    distances = np.linalg.norm(positions[:, 15] - positions[:, 20], axis=-1)
    np.testing.assert_allclose(distances, np.linalg.norm(world[:, 15] - world[:, 20], axis=-1))


def test_only_the_engine_rate_has_features():
    with pytest.raises(LimberError, match="resample"):
        encode_features(Motion.standing(4, fps=60.0), FeatureLayout(22))
    with pytest.raises(LimberError):
        FeatureLayout(30)


@pytest.mark.parametrize("joints", [22, 52])
def test_parts_own_every_pose_value_once(joints):
    layout = FeatureLayout(joints)
    own = np.concatenate([part.own_columns(layout) for part in DEFAULT_PARTS])
    assert sorted(own) == list(range(layout.pose_size))


def test_parts_share_the_joints_that_join_them():
    shared = {part.name: part.shared for part in DEFAULT_PARTS}
    assert "left_collar" in shared["left_arm"] and "left_wrist" in shared["left_hand"]
    assert {"left_hip", "right_hip"} <= set(shared["root"])
    owners = [joint for part in DEFAULT_PARTS for joint in part.own]
    assert len(owners) == len(set(owners)) == 51
    assert set(owners) < set(SMPLX.names)


def test_aliases_resolve_in_table_order():
    assert resolve_parts(["hands", "head"]) == ("head", "left_hand", "right_hand")
    assert resolve_parts(["legs"]) == ("root", "left_leg", "right_leg")
    with pytest.raises(LimberError, match="tail"):
        resolve_parts(["tail"])

"""Skeleton, Motion, its file form, resampling and mirroring, against cases worked out by hand."""

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.motion import Motion, mirror, resample
from motion_engine.skeleton import SMPLX, STANDING, forward_kinematics, standing_height_m


def random_motion(frames=20, seed=0, fps=30.0):
    rng = np.random.default_rng(seed)
    base = Motion.standing(frames, fps)
    bend = rotations.from_axis_angle(rng.normal(scale=0.3, size=(frames, 55, 3)))
    return Motion(
        rng.normal(size=(frames, 3)),
        rotations.normalize(rotations.multiply(base.local_rotations, bend)),
        rng.random((frames, 4)),
        fps,
    )


def test_the_tree_is_that_of_smplx():
    assert SMPLX.joints == 55
    assert [SMPLX.names[i] for i in (0, 15, 20, 22, 25, 40, 54)] == [
        "pelvis", "head", "left_wrist", "jaw", "left_index1", "right_index1", "right_thumb3",
    ]  # fmt: skip
    parent = {name: SMPLX.names[SMPLX.parents[i]] for i, name in enumerate(SMPLX.names) if i}
    assert parent["left_collar"] == parent["neck"] == "spine3"
    assert parent["left_pinky1"] == "left_wrist" and parent["right_eye_smplhf"] == "head"


def test_standing_faces_minus_y_with_its_left_towards_plus_x():
    motion = Motion.standing(1)
    positions = dict(zip(SMPLX.names, motion.joint_positions()[0]))
    assert positions["left_wrist"][0] > 0.6 > -0.6 > positions["right_wrist"][0]
    assert positions["left_foot"][1] < positions["left_ankle"][1] - 0.1
    assert 1.45 < positions["head"][2] < 1.6
    assert 0.0 < positions["left_foot"][2] < 0.04


def test_forward_kinematics_of_a_bent_elbow_by_hand():
    # Left elbow turned by 90 degrees about its own Y (up at rest): the forearm, along +X at rest,
    # points along -Z of the model, which is backwards, +Y in the world.
    motion = Motion.standing(1)
    local = motion.local_rotations.copy()
    local[:, SMPLX.index("left_elbow")] = rotations.about("y", np.pi / 2)
    positions, _ = forward_kinematics(SMPLX, motion.root_positions, local)
    elbow, wrist = (positions[0, SMPLX.index(f"left_{j}")] for j in ("elbow", "wrist"))
    offset = SMPLX.offsets[SMPLX.index("left_wrist")]
    np.testing.assert_allclose(wrist - elbow, [offset[2], offset[0], offset[1]], atol=1e-12)


def test_the_root_turns_about_the_pelvis():
    motion = Motion.standing(1)
    local = motion.local_rotations.copy()
    local[:, 0] = rotations.multiply(rotations.about("z", np.pi / 2), STANDING)
    turned, _ = forward_kinematics(SMPLX, motion.root_positions, local)
    still = motion.joint_positions()
    np.testing.assert_allclose(turned[..., 0], -still[..., 1], atol=1e-12)
    np.testing.assert_allclose(turned[..., 1], still[..., 0], atol=1e-12)


def test_files_follow_smplx(tmp_path):
    motion = random_motion()
    motion.save(tmp_path / "clip.npz")
    with np.load(tmp_path / "clip.npz", allow_pickle=False) as file:
        assert file["poses"].shape == (20, 165)
        assert file["joint_positions"].shape == (20, 55, 3)
        np.testing.assert_allclose(file["trans"], motion.root_positions - SMPLX.offsets[0])
        np.testing.assert_allclose(file["joint_positions"], motion.joint_positions(), atol=1e-5)
        assert float(file["mocap_frame_rate"]) == 30.0
    again = Motion.load(tmp_path / "clip.npz")
    np.testing.assert_allclose(again.joint_positions(), motion.joint_positions(), atol=1e-9)
    np.testing.assert_allclose(again.contacts, motion.contacts)
    assert [p.name for p in tmp_path.iterdir()] == ["clip.npz"]


def test_smplh_files_put_the_hands_where_they_belong(tmp_path):
    poses = np.zeros((3, 156))
    poses[:, 66 + 45 : 66 + 48] = [0.1, 0.2, 0.3]
    np.savez(tmp_path / "h.npz", poses=poses, trans=np.zeros((3, 3)), mocap_framerate=60.0)
    motion = Motion.load(tmp_path / "h.npz")
    bent = rotations.to_axis_angle(motion.local_rotations[0, SMPLX.index("right_index1")])
    np.testing.assert_allclose(bent, [0.1, 0.2, 0.3])
    assert motion.fps == 60.0


def corrupt(path):
    path.write_bytes(b"PK\x03\x04 not a zip")


def pickled(path):
    np.savez(path, poses=np.array([{"a": 1}], dtype=object), trans=np.zeros((1, 3)),
             mocap_frame_rate=30.0)  # fmt: skip


def with_nan(path):
    np.savez(path, poses=np.full((2, 165), np.nan), trans=np.zeros((2, 3)), mocap_frame_rate=30.0)


def no_frames(path):
    np.savez(path, poses=np.zeros((0, 165)), trans=np.zeros((0, 3)), mocap_frame_rate=30.0)


def wrong_width(path):
    np.savez(path, poses=np.zeros((2, 99)), trans=np.zeros((2, 3)), mocap_frame_rate=30.0)


def without_poses(path):
    np.savez(path, trans=np.zeros((2, 3)))


def missing(path):
    path.unlink(missing_ok=True)


@pytest.mark.parametrize(
    "write", [corrupt, pickled, with_nan, no_frames, wrong_width, without_poses, missing]
)
def test_bad_files_are_refused_in_one_line(tmp_path, write):
    path = tmp_path / "bad.npz"
    write(path)
    with pytest.raises(LimberError) as error:
        Motion.load(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "change",
    [
        {"root_positions": np.zeros((19, 3))},
        {"contacts": np.zeros((20, 3))},
        {"root_positions": np.full((20, 3), np.nan)},
        {"local_rotations": np.ones((20, 55, 4))},
        {"fps": 0.0},
    ],
)
def test_motion_checks_what_it_is_made_of(change):
    motion = random_motion()
    arrays = {
        "root_positions": motion.root_positions,
        "local_rotations": motion.local_rotations,
        "contacts": motion.contacts,
        "fps": 30.0,
    }
    with pytest.raises(LimberError):
        Motion(**(arrays | change))


def test_resampling_keeps_frames_that_both_rates_share():
    motion = random_motion(frames=41, fps=120.0)
    slow = resample(motion, 30.0)
    assert slow.frames == 11 and slow.fps == 30.0
    np.testing.assert_allclose(slow.joint_positions(), motion.joint_positions()[::4], atol=1e-9)
    fast = resample(slow, 60.0)
    np.testing.assert_allclose(fast.joint_positions()[::2], slow.joint_positions(), atol=1e-9)


def test_mirroring_reflects_every_joint_in_the_world():
    motion = random_motion()
    reflected = mirror(motion).joint_positions()
    swap = [
        SMPLX.index(n.replace("left", "?").replace("right", "left").replace("?", "right"))
        for n in SMPLX.names
    ]
    expected = motion.joint_positions()[:, swap] * [-1, 1, 1]
    np.testing.assert_allclose(reflected, expected, atol=1e-12)
    np.testing.assert_allclose(mirror(motion).contacts, motion.contacts[:, [2, 3, 0, 1]])


def test_the_rest_pose_stands_on_the_floor():
    assert 0.9 < standing_height_m() < 1.0

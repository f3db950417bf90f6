"""The importer without any data: our own motion under other names, sizes and rest poses."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.formats.bvh import read_bvh, write_bvh
from motion_engine.formats.families import UNREAL, identify
from motion_engine.formats.importer import import_motion, motion_from_recording
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX, STANDING, Skeleton


def acting(frames: int = 60) -> Motion:
    """Smooth turns of up to 40 degrees in all joints of a standing body."""
    t = np.arange(frames)[:, None] / 30.0
    rng = np.random.default_rng(5)
    axes = rng.normal(size=(SMPLX.joints, 3))
    axes *= 0.7 / np.linalg.norm(axes, axis=1, keepdims=True)
    swing = np.sin(t * rng.uniform(1.0, 3.0, SMPLX.joints) + rng.uniform(0, 6, SMPLX.joints))
    local = rotations.from_axis_angle(swing[..., None] * axes)
    local[:, 0] = rotations.multiply(STANDING, local[:, 0])
    path = np.stack([t[:, 0], 0.3 * t[:, 0], np.full(frames, 0.9)], axis=1)
    return Motion(path, local, np.zeros((frames, 4)))


def renamed(motion: Motion, tmp_path: Path):
    """The motion as a recording with Unreal's names, through a BVH file."""
    write_bvh(motion, tmp_path / "clip.bvh")
    recording = read_bvh(tmp_path / "clip.bvh")
    spine = dict(zip(("spine1", "spine2", "spine3"), UNREAL.spine))
    names = tuple((UNREAL.joints | spine).get(name, name) for name in recording.skeleton.names)
    skeleton = recording.skeleton
    return replace(recording, skeleton=Skeleton(names, skeleton.parents, skeleton.offsets))


def differences_deg(a: Motion, b: Motion, joints: int = 22) -> np.ndarray:
    turned = rotations.multiply(rotations.conjugate(a.local_rotations), b.local_rotations)
    return np.degrees(rotations.angle(turned))[:, :joints]


def test_the_same_body_under_other_names_moves_the_same(tmp_path):
    motion = acting()
    imported = motion_from_recording(renamed(motion, tmp_path))
    assert identify(renamed(motion, tmp_path).skeleton.names) is UNREAL
    assert differences_deg(motion, imported, 22).max() < 0.01
    moved = imported.root_positions - motion.root_positions
    assert np.abs(moved - moved[0]).max() < 1e-4 and np.abs(moved[0, :2]).max() < 1e-4


@pytest.mark.parametrize("lowered_deg", [20.0, 45.0, 80.0])
def test_a_rest_pose_does_not_matter(tmp_path, lowered_deg):
    """The arms hang lower at rest; frames stay parallel to the axes, as BVH has them.

    Our arms are not quite along X, so that the shortest arc leaves a few degrees of twist.
    """
    motion = acting()
    recording = renamed(motion, tmp_path)
    skeleton, turns = recording.skeleton, recording.forward_kinematics()[1]
    offsets = skeleton.offsets.copy()
    rest = np.tile(rotations.IDENTITY, (skeleton.joints, 1))
    arm = re.compile(r"(upperarm|lowerarm|hand|index|middle|pinky|ring|thumb)_.*([lr])$")
    for joint, name in enumerate(skeleton.names):
        if found := arm.match(name):
            sign = -1.0 if found.group(2) == "l" else 1.0
            rest[joint] = rotations.about("z", sign * np.radians(lowered_deg))
    for joint in range(1, skeleton.joints):
        parent = skeleton.parents[joint]
        offsets[joint] = rotations.rotate(rest[parent], offsets[joint])
    world = rotations.multiply(turns, rotations.conjugate(rest))
    parents = world[:, np.maximum(skeleton.parents, 0)]
    local = rotations.multiply(rotations.conjugate(parents), world)
    local[:, 0] = world[:, 0]
    positions = np.tile(offsets, (recording.frames, 1, 1))
    positions[:, 0] = recording.local_positions[:, 0]
    other = replace(
        recording,
        skeleton=Skeleton(skeleton.names, skeleton.parents, offsets),
        local_positions=positions,
        local_rotations=local,
    )
    assert differences_deg(motion, motion_from_recording(other)).max() < 0.1 * lowered_deg


def test_proportions_change_the_path_by_leg_length_only(tmp_path):
    motion = acting()
    recording = renamed(motion, tmp_path)
    big = replace(
        recording,
        skeleton=replace(recording.skeleton, offsets=recording.skeleton.offsets * 2.5),
        local_positions=recording.local_positions * 2.5,
    )
    a, b = motion_from_recording(recording), motion_from_recording(big)
    np.testing.assert_allclose(a.root_positions, b.root_positions, atol=1e-9)
    assert differences_deg(a, b).max() < 1e-3


def test_an_added_t_pose_is_dropped(tmp_path):
    motion = acting(60)
    local = np.concatenate([motion.local_rotations[:1], motion.local_rotations])
    local[0] = rotations.IDENTITY
    local[0, 0] = STANDING
    path = np.concatenate([motion.root_positions[:1], motion.root_positions])
    recording = renamed(Motion(path, local, np.zeros((61, 4))), tmp_path)
    imported = motion_from_recording(recording)
    assert imported.frames == 60
    assert differences_deg(motion, imported).max() < 0.01


def test_amass_files_of_all_widths_load_at_30_fps(tmp_path):
    poses = np.zeros((241, 165))
    poses[:, 54] = np.linspace(0.0, 1.0, 241)  # x of left_elbow, joint 18
    for width in (72, 156, 165):
        path = tmp_path / f"amass{width}.npz"
        np.savez(path, poses=poses[:, :width], trans=np.zeros((241, 3)), mocap_framerate=120.0)
        motion = import_motion(path)
        assert (motion.frames, motion.fps) == (61, 30.0)
        bend = rotations.to_axis_angle(motion.local_rotations[:, SMPLX.index("left_elbow")])
        np.testing.assert_allclose(bend[:, 0], np.linspace(0.0, 1.0, 61), atol=1e-9)


def test_unknown_skeletons_are_named_with_what_they_lack(tmp_path):
    recording = renamed(acting(), tmp_path)
    names = tuple(name.replace("calf", "lowerleg") for name in recording.skeleton.names)
    unknown = replace(recording, skeleton=replace(recording.skeleton, names=names))
    with pytest.raises(LimberError, match=r"Unreal.*calf_l, calf_r") as error:
        motion_from_recording(unknown)
    assert "\n" not in str(error.value)


def test_bad_requests_are_told(tmp_path):
    (tmp_path / "clip.fbx").write_bytes(b"Kaydara")
    with pytest.raises(LimberError, match=r"cannot read \.fbx"):
        import_motion(tmp_path / "clip.fbx")
    with pytest.raises(LimberError, match="no such file"):
        import_motion(tmp_path / "absent.bvh")
    with pytest.raises(LimberError, match="positive"):
        import_motion(tmp_path / "absent.bvh", fps=0)
    short = renamed(acting(1), tmp_path)
    with pytest.raises(LimberError, match="two frames"):
        motion_from_recording(short)

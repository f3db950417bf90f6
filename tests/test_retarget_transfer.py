"""Motions on rigs, against a slow reference that multiplies 4x4 matrices bone by bone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scripted_rigs import RESTS, as_rig, scripted_rig

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.foot_lock import lock_feet
from motion_engine.motion import Motion
from motion_engine.retarget.alignment import align
from motion_engine.retarget.key_reduction import Tolerance, frames_of_rotations
from motion_engine.retarget.mapping import map_rig
from motion_engine.retarget.measure import limb_errors_deg, slides_cm_s, sole_places
from motion_engine.retarget.reading_back import RigPoses, motion_from_poses
from motion_engine.retarget.rig_motion import EULER_ORDERS, channel_rotations, channel_values
from motion_engine.retarget.transplant import RetargetOptions, retarget
from motion_engine.skeleton import SMPLX

FK = RetargetOptions(contacts="never")
KINDS = ("mixamo", "unreal_5", "vroid", "character_creator", "daz", "biped", "shuffled", "smplx")


@pytest.fixture(scope="module")
def acting() -> Motion:
    """Forty frames in which every joint turns while the root travels and turns."""
    frames = 40
    time = np.arange(frames)[:, None, None] / 30.0
    random = np.random.default_rng(7)
    amount = random.normal(0.0, 0.35, (SMPLX.joints, 3))
    pace = random.uniform(1.0, 6.0, (SMPLX.joints, 3))
    turns = rotations.from_axis_angle(amount * np.sin(pace * time + pace))
    still = Motion.standing(frames)
    heading = rotations.about("z", 0.8 * time[:, 0, 0])
    local = rotations.multiply(still.local_rotations, turns)
    local[:, 0] = rotations.multiply(heading, still.local_rotations[:, 0])
    path = np.stack([0.3 * time[:, 0, 0], -1.2 * time[:, 0, 0], 0.0 * time[:, 0, 0]], axis=-1)
    return replace(still, root_positions=still.root_positions + path, local_rotations=local)


@pytest.fixture(scope="module")
def swaying() -> Motion:
    """Hips that circle, turn and sink over feet that stay where they are."""
    frames = 60
    phase = 2.0 * np.pi * np.arange(frames) / 40.0
    motion = Motion.standing(frames)
    away = [0.09 * np.sin(phase), 0.07 * np.cos(phase) - 0.07, -0.06 - 0.03 * np.cos(2.0 * phase)]
    local = motion.local_rotations.copy()
    local[:, 0] = rotations.multiply(rotations.about("z", 0.25 * np.sin(phase)), local[:, 0])
    moved = replace(
        motion,
        root_positions=motion.root_positions + np.stack(away, axis=-1),
        local_rotations=local,
    )
    return lock_feet(moved, keeps_way=True)


def reference_poses(rig, rig_motion) -> RigPoses:
    """World poses by the book: parent pose, rest against the parent's rest, channels."""
    world = np.eye(4)
    world[:3, :3] = rotations.to_matrix(rig.world_rotation) * rig.world_scale
    world[:3, 3] = rig.world_position
    worlds = np.repeat(world[None], rig_motion.frames, axis=0)
    if rig_motion.object_positions is not None:
        worlds[:, :3, :3] = rotations.to_matrix(rig_motion.object_rotations) * rig.world_scale
        worlds[:, :3, 3] = rig_motion.object_positions
    tracks = {track.bone: track for track in rig_motion.tracks}
    rest, pose, turns, places = {}, {}, {}, {}
    for bone in rig.bones:
        rest[bone.name] = np.eye(4)
        rest[bone.name][:3, :3] = rotations.to_matrix(bone.rest_rotation)
        rest[bone.name][:3, 3] = bone.head
        basis = np.repeat(np.eye(4)[None], rig_motion.frames, axis=0)
        track = tracks.get(bone.name)
        if track is not None and track.rotations is not None:
            _, values = channel_values(track.rotations, track.rotation_mode)
            basis[:, :3, :3] = rotations.to_matrix(channel_rotations(values, track.rotation_mode))
        if track is not None and track.locations is not None:
            basis[:, :3, 3] = track.locations
        above = np.eye(4)
        if bone.parent:
            above = pose[bone.parent] @ np.linalg.inv(rest[bone.parent])
        pose[bone.name] = above @ rest[bone.name] @ basis
        matrix = worlds @ pose[bone.name]
        turns[bone.name] = rotations.from_matrix(matrix[:, :3, :3] / rig.world_scale)
        places[bone.name] = matrix[:, :3, 3]
    return RigPoses(turns, places)


def follow(motion, rig, options=FK):
    mapping = map_rig(rig)
    rig_motion = retarget(motion, rig, mapping, options)
    return mapping, rig_motion, reference_poses(rig, rig_motion)


def limb_errors(motion, rig, mapping, poses) -> np.ndarray:
    turn = rotations.multiply(rig.world_rotation, align(rig, mapping).facing)
    return limb_errors_deg(motion, mapping, poses, np.arange(motion.frames), turn)


@pytest.mark.parametrize("rest", RESTS)
@pytest.mark.parametrize("kind", KINDS)
def test_limbs_point_where_the_motion_has_them(kind, rest, acting):
    rig = as_rig(scripted_rig(kind, rest))
    mapping, _, poses = follow(acting, rig)
    assert limb_errors(acting, rig, mapping, poses).max() < 0.05


def test_our_own_skeleton_comes_back_the_same(acting):
    rig = as_rig(scripted_rig("smplx", "T"))
    _, _, poses = follow(acting, rig, replace(FK, start="motion"))
    world = acting.world_rotations()
    positions = acting.joint_positions()
    for joint, name in enumerate(SMPLX.names):
        if name not in poses.positions or "spine" in name:  # scripted spines are divided evenly
            continue
        turn = rotations.multiply(
            poses.rotations[name], rotations.conjugate(rig[name].rest_rotation)
        )
        expected = rotations.multiply(world[:, joint], rotations.conjugate(_standing(joint)))
        off = rotations.angle(rotations.multiply(rotations.conjugate(expected), turn))
        assert np.degrees(off).max() < 0.1, name
    for name in ("pelvis", "left_knee", "right_ankle", "left_foot"):
        gap = poses.positions[name] - positions[:, SMPLX.index(name)]
        assert np.abs(gap - gap[:1]).max() < 1e-4, name


@pytest.mark.parametrize("kind", ("mixamo", "unreal_5", "daz", "biped", "blender_names"))
def test_trunks_lean_alike_whatever_the_number_of_bones(kind):
    motion = Motion.standing(2)
    local = motion.local_rotations.copy()
    for number, angle in ((1, 0.5), (2, 0.3), (3, 0.2)):
        local[1, SMPLX.index(f"spine{number}")] = rotations.about("x", angle)
    motion = replace(motion, local_rotations=local)
    rig = as_rig(scripted_rig(kind, "T"))
    mapping, _, poses = follow(motion, rig)

    def lean(points: np.ndarray) -> float:
        trunk = rotations.normalize(points)
        return float(np.degrees(np.arccos(np.sum(trunk[0] * trunk[1]))))

    theirs = poses.positions[mapping.bone("head")] - poses.positions[mapping.bone("pelvis")]
    positions = motion.joint_positions()
    ours = positions[:, SMPLX.index("head")] - positions[:, 0]
    assert lean(theirs) == pytest.approx(lean(ours), abs=3.0)


def _standing(joint: int) -> np.ndarray:
    return Motion.standing(1).world_rotations()[0, joint]


@pytest.mark.parametrize("rest", ("A", "odd"))
def test_the_pose_does_not_depend_on_the_rest_pose(rest, acting):
    straight, other = (as_rig(scripted_rig("mixamo", r)) for r in ("T", rest))
    a, b = follow(acting, straight)[2], follow(acting, other)[2]
    names = [n for n in a.positions if "End" not in n and not n.endswith("4")]
    gaps = [np.abs((a.positions[n] - b.positions[n]) - (a.positions[n] - b.positions[n])[:1]).max()
            for n in names]  # fmt: skip
    assert max(gaps) < 0.01


def test_scale_turn_and_place_of_the_object_are_respected(acting):
    rig = as_rig(scripted_rig("mixamo", "A"))
    turned = replace(
        rig,
        world_rotation=rotations.about("z", 2.0),
        world_position=np.array([5.0, 1.0, 0.3]),
        world_scale=0.01,
    )
    plain, moved = follow(acting, rig)[2], follow(acting, turned)[2]
    for name in ("mixamorig:Hips", "mixamorig:LeftHand"):
        expected = 0.01 * rotations.rotate(turned.world_rotation, plain.positions[name])
        np.testing.assert_allclose(
            moved.positions[name], expected + turned.world_position, atol=1e-6
        )


@pytest.mark.parametrize("kind", ("mixamo", "shuffled"))
def test_armatures_with_y_up_stand_as_their_object_turns_them(kind, acting):
    rig = as_rig(scripted_rig(kind, "A"))
    upright = rotations.about("x", np.pi / 2.0)
    lying = rotations.conjugate(upright)
    bones = tuple(
        replace(
            bone,
            head=100.0 * rotations.rotate(lying, bone.head),
            tail=100.0 * rotations.rotate(lying, bone.tail),
            rest_rotation=rotations.multiply(lying, bone.rest_rotation),
        )
        for bone in rig.bones
    )
    y_up = replace(rig, bones=bones, world_rotation=upright, world_scale=0.01)
    expected, found = follow(acting, rig)[2], follow(acting, y_up)[2]
    for bone in rig.bones:
        np.testing.assert_allclose(
            found.positions[bone.name], expected.positions[bone.name], atol=1e-6
        )


def test_the_clip_starts_where_the_rig_stands_and_looks(acting):
    away = rotations.about("z", 1.2)
    local = acting.local_rotations.copy()
    local[:, 0] = rotations.multiply(away, local[:, 0])
    elsewhere = replace(
        acting,
        local_rotations=local,
        root_positions=rotations.rotate(away, acting.root_positions) + [4.0, -2.0, 0.0],
    )
    rig = as_rig(scripted_rig("unreal_5", "A"))
    here, there = follow(acting, rig)[2], follow(elsewhere, rig)[2]
    np.testing.assert_allclose(here.positions["hand_l"], there.positions["hand_l"], atol=1e-6)
    middle = (here.positions["thigh_l"][0] + here.positions["thigh_r"][0]) / 2.0
    assert np.abs(middle[:2] - rig["thigh_l"].head[:2] * [0.0, 1.0]).max() < 1e-6


@pytest.mark.parametrize("kind", ("unreal_5", "vroid"))
def test_paths_are_scaled_by_leg_length(kind, acting):
    rig = as_rig(scripted_rig(kind, "T"))
    mapping, _, poses = follow(acting, rig)
    left, right = (poses.positions[mapping.bone(f"{s}_hip")] for s in ("left", "right"))
    hips = acting.joint_positions()[:, [1, 2]].mean(axis=1)
    ratio = align(rig, mapping).units_per_metre
    walked = np.diff((left + right) / 2.0, axis=0)
    np.testing.assert_allclose(walked, ratio * np.diff(hips, axis=0), atol=1e-6)
    thigh = np.linalg.norm(rig[mapping.bone("left_knee")].head - rig[mapping.bone("left_hip")].head)
    ours = np.linalg.norm(SMPLX.offsets[SMPLX.index("left_knee")])
    assert ratio == pytest.approx(thigh / ours, rel=1e-3)


@pytest.mark.parametrize("root", ("bone", "object"))
def test_who_carries_the_path_does_not_change_the_pose(root, acting):
    rig = as_rig(scripted_rig("unreal_5", "A"))
    _, _, expected = follow(acting, rig)
    _, rig_motion, poses = follow(acting, rig, replace(FK, root=root))
    for name in ("hand_l", "foot_r", "head"):
        np.testing.assert_allclose(poses.positions[name], expected.positions[name], atol=1e-5)
    pelvis = rig_motion.track("pelvis").locations
    assert np.ptp(pelvis[:, :2], axis=0).max() < 0.5 < np.ptp(acting.root_positions[:, 1])


def test_in_place_keeps_the_hips_over_their_start(acting):
    rig = as_rig(scripted_rig("mixamo", "A"))
    mapping, _, poses = follow(acting, rig, replace(FK, root="in_place"))
    hips = np.mean([poses.positions[mapping.bone(f"{s}_hip")] for s in ("left", "right")], axis=0)
    assert np.ptp(hips[:, :2], axis=0).max() < 1e-6
    assert limb_errors(acting, rig, mapping, poses).max() < 0.05


def test_a_rig_without_root_bone_says_so(acting):
    rig = as_rig(scripted_rig("mixamo"))
    with pytest.raises(LimberError, match="no root bone"):
        follow(acting, rig, replace(FK, root="bone"))


@pytest.mark.parametrize("rest", RESTS)
@pytest.mark.parametrize("kind", ("mixamo", "vroid", "daz", "biped"))
def test_planted_feet_stand_still_on_the_floor(kind, rest, swaying):
    rig = as_rig(scripted_rig(kind, rest))
    mapping, _, poses = follow(swaying, rig, RetargetOptions())
    alignment = align(rig, mapping)
    soles = sole_places(rig, mapping, alignment, poses)
    scale = alignment.units_per_metre
    held = slides_cm_s(soles, swaying.contacts, 30.0, scale)[0]
    assert held < 1.0
    assert (alignment.floor - soles[..., 2].min()) / scale < 0.01
    loose = sole_places(rig, mapping, alignment, follow(swaying, rig)[2])
    assert slides_cm_s(loose, swaying.contacts, 30.0, scale)[0] > 2.0 * held


def test_ground_lifts_feet_without_holding_them(swaying):
    rig = as_rig(scripted_rig("vroid", "A"))
    deep = replace(swaying, root_positions=swaying.root_positions - [0.0, 0.0, 0.03])
    alignment = align(rig, map_rig(rig))
    scale = alignment.units_per_metre
    soles = {}
    for mode in ("never", "ground", "auto"):
        mapping, _, poses = follow(deep, rig, RetargetOptions(contacts=mode))
        soles[mode] = sole_places(rig, mapping, alignment, poses)
    low = {mode: (alignment.floor - places[..., 2].min()) / scale for mode, places in soles.items()}
    assert low["never"] > 0.015 and low["ground"] < 0.002 and low["auto"] < 0.002
    slides = {m: slides_cm_s(p, deep.contacts, 30.0, scale)[0] for m, p in soles.items()}
    assert slides["auto"] < 0.1 < slides["ground"]


def test_always_holds_feet_that_the_clip_forgot(swaying):
    rig = as_rig(scripted_rig("vroid", "A"))
    forgetful = replace(swaying, contacts=np.zeros_like(swaying.contacts))
    alignment = align(rig, map_rig(rig))
    slides = {}
    for mode in ("auto", "always"):
        mapping, _, poses = follow(forgetful, rig, RetargetOptions(contacts=mode))
        soles = sole_places(rig, mapping, alignment, poses)
        slides[mode] = slides_cm_s(soles, swaying.contacts, 30.0, alignment.units_per_metre)[0]
    assert slides["always"] < 0.1 < slides["auto"]


def test_planting_leaves_arms_and_feet_turned_as_they_were(swaying):
    rig = as_rig(scripted_rig("mixamo", "A"))
    free, planted = (follow(swaying, rig, o)[2] for o in (FK, RetargetOptions()))
    for name in ("mixamorig:LeftHand", "mixamorig:LeftFoot", "mixamorig:Spine1"):
        off = rotations.angle(
            rotations.multiply(rotations.conjugate(free.rotations[name]), planted.rotations[name])
        )
        assert off.max() < 1e-6


def test_straight_legs_do_not_flip_when_feet_are_planted():
    frames = 60
    still = Motion.standing(frames)
    local, root = still.local_rotations.copy(), still.root_positions.copy()
    # Knees that hover about straight, bent the wrong way as often as not, over hips that sink.
    bends = np.random.default_rng(3).normal(-0.06, 0.04, (frames, 2))
    for side, bend in zip(("left", "right"), bends.T):
        axis = bend[:, None] * [1.0, 0.3, 0.3]
        local[:, SMPLX.index(f"{side}_knee")] = rotations.from_axis_angle(axis)
    root[:, 2] -= 0.02 - 0.02 * np.cos(np.linspace(0.0, 6.0, frames))
    clip = replace(still, local_rotations=local, root_positions=root, contacts=np.ones((frames, 4)))
    poses = follow(clip, as_rig(scripted_rig("mixamo", "T")), RetargetOptions())[2]
    for name in ("mixamorig:LeftUpLeg", "mixamorig:RightUpLeg", "mixamorig:LeftLeg"):
        turns = poses.rotations[name]
        steps = rotations.angle(rotations.multiply(rotations.conjugate(turns[:-1]), turns[1:]))
        assert steps.max() < 0.15, name


def test_only_the_parts_asked_for_are_written(acting):
    rig = as_rig(scripted_rig("mixamo", "A"))
    tracks = follow(acting, rig, replace(FK, parts=("left_arm", "left_hand")))[1].tracks
    assert {track.part for track in tracks} == {"left_arm", "left_hand"}
    assert all("Left" in track.bone for track in tracks)
    assert not any(track.bone.endswith("Shoulder") for track in tracks)


def test_quaternions_and_angles_do_not_jump(acting):
    rig = as_rig(scripted_rig("blender_names", "A", rotation_mode="XYZ"))
    for mode in ("QUATERNION", "AXIS_ANGLE", *EULER_ORDERS):
        bones = tuple(replace(bone, rotation_mode=mode) for bone in rig.bones)
        for track in follow(acting, replace(rig, bones=bones))[1].tracks:
            values = channel_values(track.rotations, track.rotation_mode)[1]
            if mode == "AXIS_ANGLE":  # near zero the axis itself means nothing
                values = values[:, :1]
            assert np.abs(np.diff(values, axis=0)).max() < 1.0, (mode, track.bone)


def test_fingers_rest_where_the_clip_has_none():
    rig = as_rig(scripted_rig("mixamo", "odd"))
    rig_motion = follow(Motion.standing(3), rig)[1]
    curl = rig_motion.track("mixamorig:LeftHandIndex2").rotations
    assert np.degrees(rotations.angle(curl)).max() < 0.1


def test_twist_is_shared_along_the_forearm():
    motion = Motion.standing(2)
    local = motion.local_rotations.copy()
    local[1, SMPLX.index("left_wrist")] = rotations.about("x", 1.2)
    rig = as_rig(scripted_rig("unreal_5", "A"))
    poses = follow(replace(motion, local_rotations=local), rig)[2]

    def turned(name: str) -> float:
        before, after = poses.rotations[name]
        return float(rotations.angle(rotations.multiply(after, rotations.conjugate(before))))

    amounts = [turned(n) for n in ("lowerarm_l", "lowerarm_twist_01_l", "lowerarm_twist_02_l")]
    np.testing.assert_allclose(amounts, [0.0, 0.4, 0.8], atol=0.02)
    assert turned("hand_l") == pytest.approx(1.2, abs=1e-3)


@pytest.mark.parametrize("kind", ("mixamo", "unreal_5", "daz", "biped"))
def test_animation_reads_back_as_the_motion(kind, acting):
    rig = as_rig(scripted_rig(kind, "A"))
    mapping, _, poses = follow(acting, rig, replace(FK, start="motion"))
    back = motion_from_poses(rig, mapping, poses, 30.0)
    wanted = [n for n in SMPLX.names[:22] if "collar" not in n and "spine" not in n]
    wanted = [n for n in wanted if n not in ("neck", "left_foot", "right_foot")]
    for name in wanted:
        joint = SMPLX.index(name)
        off = rotations.angle(
            rotations.multiply(
                rotations.conjugate(acting.world_rotations()[:, joint]),
                back.world_rotations()[:, joint],
            )
        )
        assert np.degrees(off).max() < 0.2, name
    ratio = align(rig, mapping).units_per_metre
    assert ratio > 0
    np.testing.assert_allclose(back.root_positions, acting.root_positions, atol=2e-3)


@given(arrays(float, (12, 3), elements=st.floats(-2.5, 2.5)), st.sampled_from(EULER_ORDERS))
def test_channels_of_every_mode_hold_the_rotation(vectors, order):
    quaternions = rotations.from_axis_angle(vectors)
    for mode in ("QUATERNION", "AXIS_ANGLE", order):
        back = channel_rotations(channel_values(quaternions, mode)[1], mode)
        off = rotations.angle(rotations.multiply(rotations.conjugate(quaternions), back))
        assert off.max() < 1e-6


@given(st.floats(0.2, 5.0), st.integers(0, 100))
def test_fewer_keys_stay_within_the_stated_error(degrees, seed):
    random = np.random.default_rng(seed)
    time = np.linspace(0.0, 4.0, 90)[:, None]
    vectors = np.sin(time * random.uniform(0.5, 3.0, 3) + random.uniform(0.0, 6.0, 3))
    _, values = channel_values(rotations.from_axis_angle(vectors), "QUATERNION")
    kept = frames_of_rotations(values, "QUATERNION", Tolerance(degrees))
    thinned = np.stack([np.interp(np.arange(90), kept, column) for column in values[kept].T], -1)
    off = rotations.angle(
        rotations.multiply(rotations.conjugate(values), rotations.normalize(thinned))
    )
    assert np.degrees(off).max() <= degrees + 1e-6
    assert kept[0] == 0 and kept[-1] == 89


@pytest.mark.parametrize(
    "wrong", [{"root": "moon"}, {"limbs": "ikk"}, {"contacts": "yes"}, {"parts": ("tail",)}]
)
def test_unknown_options_are_refused(wrong):
    with pytest.raises(LimberError, match="choose from"):
        RetargetOptions(**wrong)

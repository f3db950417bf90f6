"""Retargeting in Blender, which evaluates what was written."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bpy")
from mathutils import Matrix, Vector

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.foot_lock import lock_feet
from motion_engine.motion import Motion
from motion_engine.retarget.key_reduction import Tolerance
from motion_engine.retarget.transplant import RetargetOptions, retarget
from motion_engine.skeleton import SMPLX

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rig_scenes import FREE, curves, put, snapshot
from scripted_rigs import build, scripted_rig

pytestmark = pytest.mark.blender


@pytest.fixture
def scene(bpy):
    bpy.context.scene.render.fps = 30
    return bpy.context.scene


@pytest.fixture
def calm(acting):
    """The first half of the acting clip: what limits of solvers allow."""
    return acting.cut(0, 20)


@pytest.fixture
def supple(acting):
    """The acting clip with knees and elbows that bend as they can, and no other way."""
    local = acting.local_rotations.copy()
    bend = 0.6 + 0.5 * np.sin(np.arange(acting.frames) / 4.0)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        local[:, SMPLX.index(f"{side}_knee")] = rotations.about("x", bend)
        local[:, SMPLX.index(f"{side}_elbow")] = rotations.about("y", -sign * bend)
    return replace(acting, local_rotations=local)


@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ", "ZYX", "AXIS_ANGLE"])
def test_limbs_follow_in_every_rotation_mode(scene, acting, mode):
    armature = build(scripted_rig("unreal_5", "odd", rotation_mode=mode))
    report = put(armature, acting)
    assert report.median_deg < 0.05 and report.p95_deg < 0.1
    assert {bone.rotation_mode for bone in armature.pose.bones} == {mode}


def test_our_own_character_plays_the_motion_itself(bpy, scene, acting):
    from blender_addon.character import build_armature

    armature = build_armature(SMPLX, "Limber")
    report = put(armature, acting, replace(FREE, start="motion"))
    assert report.p95_deg < 0.1
    positions = acting.joint_positions()
    for frame in (0, 20, 39):
        scene.frame_set(frame + 1)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found = [posed.matrix_world @ posed.pose.bones[name].head for name in SMPLX.names]
        np.testing.assert_allclose(np.array(found), positions[frame], atol=2e-3)


@pytest.mark.parametrize("kind", ["mixamo", "daz", "cloudrig", "auto_rig_pro", "shuffled"])
def test_rest_pose_modes_and_transforms_stay(bpy, scene, calm, kind):
    armature = build(scripted_rig(kind, "A"))
    armature.rotation_euler, armature.scale = (0.0, 0.0, 1.0), (0.5, 0.5, 0.5)
    bpy.context.view_layer.update()
    scene.frame_set(7)
    before = snapshot(armature)
    assert put(armature, calm).p95_deg < 0.1
    assert snapshot(armature) == before


@pytest.mark.parametrize("limbs", ["fk", "ik", "both"])
def test_rigify_deforms_as_the_motion_has_it(bpy, rigify_file, supple, limbs):
    bpy.ops.wm.open_mainfile(filepath=str(rigify_file))
    bpy.context.scene.render.fps = 30
    hero = bpy.data.objects["Hero"]
    hero.pose.bones["thigh_parent.L"]["IK_FK"] = 0.3
    report = put(hero, supple, replace(FREE, limbs=limbs))
    assert report.mapping.family == "Rigify"
    assert report.median_deg < 0.2 and report.p95_deg < 3.0
    written = {path for path, _ in curves(hero)}
    assert ('pose.bones["foot_ik.L"].location' in written) == (limbs != "fk")
    assert ('pose.bones["thigh_fk.L"].rotation_quaternion' in written) == (limbs != "ik")
    switch = curves(hero)['pose.bones["thigh_parent.L"]["IK_FK"]', 0]
    assert switch.evaluate(5.0) == (0.0 if limbs == "ik" else 1.0)


def test_posed_helpers_of_rigify_are_reckoned_with(bpy, rigify_file, supple):
    bpy.ops.wm.open_mainfile(filepath=str(rigify_file))
    bpy.context.scene.render.fps = 30
    hero = bpy.data.objects["Hero"]
    for name, angle in (("chest", 0.5), ("hips", -0.3), ("root", 0.8)):
        hero.pose.bones[name].rotation_quaternion = (np.cos(angle), 0.0, 0.0, np.sin(angle))
    bpy.context.view_layer.update()
    assert put(hero, supple).p95_deg < 0.1


def test_rigify_knees_do_not_pop_in_ik(bpy, rigify_file, supple):
    bpy.ops.wm.open_mainfile(filepath=str(rigify_file))
    bpy.context.scene.render.fps = 30
    hero = bpy.data.objects["Hero"]
    put(hero, supple, replace(FREE, limbs="ik"))
    from blender_addon.armature import read_mapping
    from blender_addon.rig_reading import evaluated_poses

    poses = evaluated_poses(hero, read_mapping(hero), range(1, supple.frames + 1))
    knees = poses.positions["DEF-shin.L"] - poses.positions["DEF-thigh.L"]
    ours = supple.joint_positions()
    wanted = ours[:, SMPLX.index("left_knee")] - ours[:, SMPLX.index("left_hip")]
    assert np.abs(np.diff(knees, axis=0)).max() < 1.5 * np.abs(np.diff(wanted, axis=0)).max()


def test_rigify_bows_as_far_as_the_motion(bpy, rigify_file):
    from blender_addon.rig_reading import evaluated_poses

    bpy.ops.wm.open_mainfile(filepath=str(rigify_file))
    bpy.context.scene.render.fps = 30
    hero, motion = bpy.data.objects["Hero"], Motion.standing(2)
    local = motion.local_rotations.copy()
    local[1, SMPLX.index("spine1")] = rotations.about("x", 0.9)
    motion = replace(motion, local_rotations=local)
    mapping = put(hero, motion).mapping
    poses = evaluated_poses(hero, mapping, (1, 2))

    def lean(left: np.ndarray, right: np.ndarray, neck: np.ndarray) -> float:
        upright, bowed = rotations.normalize(neck - (left + right) / 2.0)
        return float(np.degrees(np.arccos(upright @ bowed)))

    roles = ("left_hip", "right_hip", "neck")
    theirs = lean(*(poses.positions[mapping.bone(role)] for role in roles))
    ours = lean(*(motion.joint_positions()[:, SMPLX.index(role)] for role in roles))
    assert theirs == pytest.approx(ours, abs=2.0) and ours > 30.0


def test_keys_are_generated_and_other_actions_stay(bpy, scene, calm):
    armature = build(scripted_rig("mixamo", "A"))
    put(armature, calm)
    first = armature.animation_data.action
    put(armature, calm.cut(0, 10))
    assert armature.animation_data.action != first
    assert first.frame_range[1] == 20.0
    kinds = {key.type for curve in curves(armature).values() for key in curve.keyframe_points}
    assert kinds == {"GENERATED"}


@pytest.fixture
def keyed(scene):
    """A rig with an artist's Bezier keys on every bone."""
    armature = build(scripted_rig("mixamo", "A"))
    for frame, values in ((1, (1.0, 0.1, 0.05, 0.0)), (100, (1.0, -0.1, 0.05, 0.2))):
        for bone in armature.pose.bones:
            bone.rotation_quaternion = values
            bone.keyframe_insert("rotation_quaternion", frame=frame)
    return armature


def test_one_arm_over_a_range_leaves_the_rest_bit_for_bit(keyed, calm):
    from blender_addon.keys import read_keys

    outside = [*range(-4, 40), *range(60, 120)]
    before = {
        key: (read_keys(curve), [curve.evaluate(frame) for frame in range(-4, 120)])
        for key, curve in curves(keyed).items()
    }
    old = keyed.animation_data.action
    options = replace(FREE, parts=("left_arm",))
    from blender_addon.armature import read_mapping, read_rig
    from blender_addon.rig_action import replace_range

    rig = read_rig(keyed)
    rig_motion = retarget(calm, rig, read_mapping(keyed), options)
    replace_range(keyed, rig_motion, "arm", first_frame=40, feather_frames=4)
    arm = {f'"{track.bone}"' for track in rig_motion.tracks}
    assert len(arm) == 3
    for (path, index), curve in curves(keyed).items():
        keys, values = before[path, index]
        if any(name in path for name in arm):
            now = read_keys(curve)
            assert (now["co"][0] == keys["co"][0]).all() and (now["co"][-1] == keys["co"][-1]).all()
            wanted = [values[frame + 4] for frame in outside]
            np.testing.assert_allclose([curve.evaluate(f) for f in outside], wanted, atol=1e-6)
        else:
            assert all((read_keys(curve)[name] == keys[name]).all() for name in keys)
            assert [curve.evaluate(frame) for frame in range(-4, 120)] == values
    assert keyed.animation_data.action != old and old.frame_range[1] == 100.0


def test_a_range_without_animation_holds_the_pose_around_it(scene, calm):
    armature = build(scripted_rig("mixamo", "A"))
    armature.pose.bones["mixamorig:LeftArm"].rotation_quaternion = (0.8, 0.6, 0.0, 0.0)
    put(armature, calm, replace(FREE, parts=("left_arm",)), keep=True)
    curve = curves(armature)['pose.bones["mixamorig:LeftArm"].rotation_quaternion', 0]
    assert curve.evaluate(-10.0) == pytest.approx(0.8) == curve.evaluate(50.0)


def test_fewer_keys_follow_within_the_tolerance(scene, acting):
    armature = build(scripted_rig("mixamo", "A"))
    full = put(armature, acting)
    every = sum(len(curve.keyframe_points) for curve in curves(armature).values())
    thinned = put(armature, acting, tolerance=Tolerance(2.0, 0.5))
    kept = sum(len(curve.keyframe_points) for curve in curves(armature).values())
    assert kept < 0.5 * every
    assert full.median_deg < thinned.median_deg < 3.0


def test_fewer_keys_leave_the_rest_of_an_action_alone(keyed, calm):
    from blender_addon.keys import read_keys

    hip = 'pose.bones["mixamorig:LeftUpLeg"].rotation_quaternion', 0
    untouched = read_keys(curves(keyed)[hip])
    outside = [*range(-4, 40), *range(60, 120)]
    arm = 'pose.bones["mixamorig:LeftArm"].rotation_quaternion'
    before = [curves(keyed)[arm, 1].evaluate(frame) for frame in outside]
    options = replace(FREE, parts=("left_arm",))
    every = put(keyed, calm, options, keep=True, at=40)
    full = sum(len(curves(keyed)[arm, i].keyframe_points) for i in range(4))
    thinned = put(keyed, calm, options, keep=True, at=40, tolerance=Tolerance(2.0, 0.5))
    kept = sum(len(curves(keyed)[arm, i].keyframe_points) for i in range(4))
    assert kept < full and every.median_deg <= thinned.median_deg < every.median_deg + 2.0
    now = [curves(keyed)[arm, 1].evaluate(frame) for frame in outside]
    np.testing.assert_allclose(now, before, atol=1e-6)
    assert all((read_keys(curves(keyed)[hip])[name] == untouched[name]).all() for name in untouched)


@pytest.mark.parametrize("root", ["hips", "object", "in_place"])
def test_root_modes_in_blender(bpy, scene, calm, root):
    armature = build(scripted_rig("mixamo", "A"))
    put(armature, calm, replace(FREE, root=root))
    places = []
    for frame in (1, 20):
        scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        hips = posed.matrix_world @ posed.pose.bones["mixamorig:Hips"].head
        places.append((np.array(hips)[:2], np.array(posed.matrix_world.translation)[:2]))
    walked, carried = (np.linalg.norm(places[1][k] - places[0][k]) for k in (0, 1))
    assert (walked > 0.4) == (root != "in_place")
    assert (carried > 0.4) == (root == "object")


@pytest.mark.parametrize("root", ["hips", "bone"])
def test_the_clip_begins_where_the_root_bone_has_been_put(bpy, scene, calm, root):
    armature = build(scripted_rig("unreal_5", "A"))
    bone = armature.pose.bones["root"]
    rest = bone.bone.matrix_local.to_3x3().inverted()
    bone.location = rest @ Vector((2.0, 1.0, 0.0))
    bone.rotation_quaternion = (
        rest @ Matrix.Rotation(0.7, 3, "Z") @ rest.inverted()
    ).to_quaternion()
    for _ in range(2):
        assert put(armature, calm, replace(FREE, root=root)).p95_deg < 0.1
        scene.frame_set(1)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get()).pose.bones
        hips = (posed["thigh_l"].head + posed["thigh_r"].head) / 2.0
        np.testing.assert_allclose(hips[:2], (2.0, 1.0), atol=0.02)
        across = posed["thigh_l"].head - posed["thigh_r"].head
        assert np.arctan2(across[1], across[0]) == pytest.approx(0.7, abs=0.15)


def test_planted_feet_stay_in_blender(bpy, scene, acting):
    from blender_addon.armature import read_mapping, read_rig
    from blender_addon.rig_reading import evaluated_poses

    motion = Motion.standing(30)
    sway = np.sin(np.arange(30) / 5.0)[:, None] * [0.08, 0.03, 0.0] - [0.0, 0.0, 0.06]
    motion = lock_feet(replace(motion, root_positions=motion.root_positions + sway))
    armature = build(scripted_rig("vroid", "A"))
    put(armature, motion, RetargetOptions())
    mapping = read_mapping(armature)
    poses = evaluated_poses(armature, mapping, range(1, 31))
    for side in ("left", "right"):
        ankle = poses.positions[mapping.bone(f"{side}_ankle")]
        assert np.ptp(ankle, axis=0).max() < 0.003
    assert read_rig(armature).height > 0


def off_by(motion, other, joints) -> np.ndarray:
    """Angles in degrees ``[F, n]`` between joints of two motions, in the world."""
    indices = [SMPLX.index(name) for name in joints]
    ours, theirs = (m.world_rotations()[:, indices] for m in (motion, other))
    return np.degrees(rotations.angle(rotations.multiply(rotations.conjugate(ours), theirs)))


def check_read_back(armature, motion, joints):
    """The pose is the motion's: where joints are, and how they are turned."""
    from blender_addon.rig_reading import read_animation

    back = read_animation(armature, 1, motion.frames)
    assert back.frames == motion.frames and back.fps == motion.fps
    assert off_by(motion, back, joints).max() < 0.6
    gaps = np.linalg.norm(back.joint_positions() - motion.joint_positions(), axis=-1)[:, :22]
    assert np.percentile(gaps, 95) < 0.025 and gaps.max() < 0.04


LIMBS = [f"{s}_{j}" for s in ("left", "right")
         for j in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")]  # fmt: skip


@pytest.mark.parametrize("kind", ["mixamo", "auto_rig_pro", "cloudrig", "daz", "shuffled"])
def test_what_was_written_reads_back(scene, acting, kind):
    armature = build(scripted_rig(kind, "A"))
    put(armature, acting, replace(FREE, start="motion"))
    scene.frame_set(3)
    feet = ["left_foot", "right_foot"]
    check_read_back(armature, acting, ["pelvis", "head", "neck", *LIMBS, *feet])
    assert scene.frame_current == 3


@pytest.mark.parametrize("limbs", ["fk", "ik"])
def test_rigify_reads_back(bpy, rigify_file, supple, limbs):
    bpy.ops.wm.open_mainfile(filepath=str(rigify_file))
    bpy.context.scene.render.fps = 30
    hero = bpy.data.objects["Hero"]
    put(hero, supple, replace(FREE, limbs=limbs, start="motion"))
    # Goals and poles do not tell how an arm is twisted: in IK only the places are the motion's.
    joints = LIMBS if limbs == "fk" else ["left_wrist", "right_wrist", "left_ankle"]
    check_read_back(hero, supple, ["pelvis", "head", "neck", *joints])


def test_the_mapping_is_saved_on_the_armature(scene, calm):
    from blender_addon.armature import PROFILE_KEY, read_mapping, read_rig

    armature = build(scripted_rig("shuffled", "A"))
    report = put(armature, calm)
    assert armature[PROFILE_KEY].startswith("{")
    assert read_mapping(armature) == report.mapping
    edited = report.mapping.with_bone(read_rig(armature), "jaw", armature.data.bones[3].name)
    put(armature, calm, mapping=edited)
    assert read_mapping(armature).matches["jaw"].reason == "set by hand"


def test_library_overrides_are_driven(bpy, scene, calm, tmp_path):
    armature = build(scripted_rig("mixamo", "A"))
    collection = bpy.data.collections.new("Character")
    scene.collection.children.link(collection)
    scene.collection.objects.unlink(armature)
    collection.objects.link(armature)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "hero.blend"))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = 30
    with bpy.data.libraries.load(str(tmp_path / "hero.blend"), link=True) as (_, target):
        target.collections = ["Character"]
    bpy.context.scene.collection.children.link(target.collections[0])
    target.collections[0].override_hierarchy_create(
        bpy.context.scene, bpy.context.view_layer, do_fully_editable=True
    )
    own = [o for o in bpy.data.objects if o.type == "ARMATURE" and o.override_library]
    with pytest.raises(LimberError, match="make a library override"):
        put(next(o for o in bpy.data.objects if o.type == "ARMATURE" and o.library), calm)
    assert put(own[0], calm).p95_deg < 0.1
    assert own[0].library is None and own[0].data.library is not None


def test_two_armatures_do_not_meet(scene, calm):
    first, second = build(scripted_rig("mixamo", "A")), build(scripted_rig("daz", "T"))
    put(first, calm)
    action = first.animation_data.action
    put(second, calm)
    assert first.animation_data.action == action != second.animation_data.action

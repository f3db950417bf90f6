"""Actions, with Blender's own evaluation as the oracle."""

from dataclasses import replace

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.drawing.mannequin import build_mannequin, skin
from motion_engine.errors import LimberError
from motion_engine.motion import resample
from motion_engine.skeleton import SMPLX, STANDING

pytestmark = pytest.mark.blender


@pytest.fixture
def armature(bpy):
    from blender_addon.character import build_armature

    bpy.context.scene.render.fps = 30
    return build_armature(SMPLX, "Limber")


def _evaluated(bpy, armature, frame: int) -> tuple[np.ndarray, np.ndarray]:
    """World positions ``[J, 3]`` and rotations ``[J, 4]`` of the joints, as Blender has them."""
    bpy.context.scene.frame_set(frame)
    posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    positions, turns = [], []
    for name in SMPLX.names:
        bone = posed.pose.bones[name]
        world = np.array(posed.matrix_world @ bone.matrix)
        rest = np.array(armature.data.bones[name].matrix_local)
        positions.append(world[:3, 3])
        turns.append(world[:3, :3] @ rest[:3, :3].T @ rotations.to_matrix(STANDING))
    return np.array(positions), rotations.from_matrix(np.array(turns))


def _curves(action):
    if not hasattr(action, "layers"):  # before 4.4
        return action.fcurves
    return action.layers[0].strips[0].channelbags[0].fcurves


def test_blender_moves_the_joints_where_the_motion_has_them(bpy, armature, acting):
    from blender_addon.action import write_action

    write_action(armature, acting, "acting")
    positions, world = acting.forward_kinematics()
    for index in (0, 13, 39):
        found, turns = _evaluated(bpy, armature, index + 1)
        np.testing.assert_allclose(found, positions[index], atol=1e-4)
        off = rotations.angle(rotations.multiply(rotations.conjugate(world[index]), turns))
        assert off.max() < 1e-3


def test_rest_pose_is_all_zero(bpy, armature):
    from blender_addon.action import pose_channels
    from motion_engine.motion import Motion

    locations, turns = pose_channels(armature.data, Motion.standing(2))
    np.testing.assert_allclose(locations, 0.0, atol=1e-6)
    np.testing.assert_allclose(np.abs(turns[..., 0]), 1.0, atol=1e-6)


def test_bones_lie_along_the_limbs(bpy, armature):
    bones = armature.data.bones
    for parent, child in (("left_knee", "left_ankle"), ("right_shoulder", "right_elbow")):
        gap = np.array(bones[parent].tail_local) - np.array(bones[child].head_local)
        assert np.linalg.norm(gap) < 1e-5
    assert all(bone.length >= 0.009 for bone in bones)


def test_keys_are_generated_and_on_every_frame(bpy, armature, acting):
    from blender_addon.action import write_action

    action = write_action(armature, acting, "acting", first_frame=11)
    curves = list(_curves(action))
    assert len(curves) == 3 + 4 * SMPLX.joints
    assert tuple(action.frame_range) == (11.0, 50.0)
    keys = [key for curve in curves for key in curve.keyframe_points]
    assert len(keys) == len(curves) * acting.frames
    assert {key.type for key in keys} == {"GENERATED"}
    assert {curve.group.name for curve in curves} == set(SMPLX.names)


def test_quaternions_do_not_flip_between_keys(bpy, armature, acting):
    from blender_addon.action import pose_channels

    _, turns = pose_channels(armature.data, acting)
    assert (np.sum(turns[1:] * turns[:-1], axis=-1) > 0.0).all()


def test_other_rates_are_resampled_to_the_scene(bpy, armature, acting):
    from blender_addon.action import write_action

    bpy.context.scene.render.fps = 24
    write_action(armature, acting, "acting")
    expected = resample(acting, 24.0)
    found, _ = _evaluated(bpy, armature, 21)
    np.testing.assert_allclose(found, expected.joint_positions()[20], atol=1e-4)


def test_a_second_action_leaves_the_first_alone(bpy, armature, acting):
    from blender_addon.action import write_action

    first = write_action(armature, acting, "take")
    before = [point.co[1] for point in _curves(first)[5].keyframe_points]
    second = write_action(armature, replace(acting, fps=30.0).cut(0, 10), "take")
    assert first.name == "take" and second.name != first.name
    assert armature.animation_data.action == second
    assert [point.co[1] for point in _curves(first)[5].keyframe_points] == before


def test_foreign_armatures_are_refused(bpy, armature, acting):
    from blender_addon.action import write_action

    armature.pose.bones["head"].rotation_mode = "XYZ"
    with pytest.raises(LimberError, match="head"):
        write_action(armature, acting, "acting")
    stranger = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    bpy.context.collection.objects.link(stranger)
    bpy.context.view_layer.update()
    with pytest.raises(LimberError, match="lacks 55 bones"):
        write_action(stranger, acting, "acting")
    assert not bpy.data.actions


def test_blender_deforms_the_mannequin_as_numpy_does(bpy, acting):
    from blender_addon.scene import add_character

    add_character(acting, "acting")
    body = next(item for item in bpy.data.objects if item.type == "MESH")
    bpy.context.scene.frame_set(26)
    posed = body.evaluated_get(bpy.context.evaluated_depsgraph_get())
    vertices = np.empty(3 * len(body.data.vertices), dtype=np.float32)
    posed.data.vertices.foreach_get("co", vertices)
    expected = skin(build_mannequin(), acting, [25])[0]
    np.testing.assert_allclose(vertices.reshape(-1, 3), expected, atol=1e-4)

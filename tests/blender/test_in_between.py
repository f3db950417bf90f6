"""Motion between selected keys: the keys stay to the bit, what lies between is made anew."""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import Live, contents
from rig_scenes import curves

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX

pytestmark = pytest.mark.blender

POSES = (1, 30, 50)


@pytest.fixture(params=["QUATERNION", "XYZ"])
def blocked(bpy, addon, request):
    """The mannequin with three poses as stepped keys, all selected; its bones' rotation mode."""
    from blender_addon.character import build_armature

    armature = build_armature(SMPLX, "Limber")
    action = bpy.data.actions.new("Blocking")
    armature.animation_data_create().action = action
    for number, frame in enumerate(POSES):
        for bone in armature.pose.bones:
            bone.rotation_mode = request.param
            turn = 0.25 * number if "shoulder" in bone.name or "spine" in bone.name else 0.0
            bone.rotation_quaternion = (np.cos(turn), 0.0, 0.0, np.sin(turn))
            bone.rotation_euler = (0.0, 0.0, 2.0 * turn)
            bone.keyframe_insert(channel(request.param), frame=frame)
        pelvis = armature.pose.bones["pelvis"]
        pelvis.location = (0.0, 0.0, 0.3 * number)
        pelvis.keyframe_insert("location", frame=frame)
    for curve in curves(armature).values():
        for point in curve.keyframe_points:
            point.interpolation, point.select_control_point = "CONSTANT", True
    bpy.context.scene.frame_set(1)
    bpy.context.scene.limber_edit.prompt = "a person turns"
    return armature


def channel(mode: str) -> str:
    return "rotation_quaternion" if mode == "QUATERNION" else "rotation_euler"


def keys(armature) -> dict:
    from blender_addon.keys import read_keys

    return {name: read_keys(curve) for name, curve in curves(armature).items()}


def at(found: dict, frame: int) -> list[bytes]:
    """Everything about the keys at a frame."""
    row = np.flatnonzero(found["co"][:, 0] == frame)
    return [found[field][row].tobytes() for field in sorted(found)]


def poses(bpy, armature) -> np.ndarray:
    from blender_addon.armature import read_mapping
    from blender_addon.rig_reading import evaluated_poses

    found = evaluated_poses(armature, read_mapping(armature), range(1, POSES[-1] + 1))
    return np.stack([found.rotations[bone] for bone in sorted(found.rotations)], axis=1)


def largest_step(turns: np.ndarray) -> float:
    """The largest turn of any bone in the world within one frame, radians."""
    return rotations.angle(rotations.multiply(rotations.conjugate(turns[:-1]), turns[1:])).max()


def test_keys_stay_and_what_lies_between_moves(bpy, blocked):
    before, stepped = keys(blocked), poses(bpy, blocked)
    assert bpy.ops.limber.in_between() == {"FINISHED"}
    after, moving = keys(blocked), poses(bpy, blocked)
    touched = {name for name in before if len(after[name]["co"]) > len(POSES)}
    assert {'pose.bones["left_shoulder"]', 'pose.bones["spine1"]', 'pose.bones["pelvis"]'} <= {
        path.rpartition(".")[0] for path, _ in touched
    }
    for name in before:
        for frame in POSES:
            assert at(before[name], frame) == at(after[name], frame), (name, frame)
    for frame in POSES:
        assert np.array_equal(moving[frame - 1], stepped[frame - 1])
    assert largest_step(moving) < 0.4 * largest_step(stepped)
    for first, last in pairwise(POSES):
        assert np.ptp(moving[first : last - 1], axis=0).max() > 1e-3


def test_a_key_between_two_frames_stays_too(bpy, blocked):
    name = next(name for name in curves(blocked) if "spine2" in name[0])
    key = curves(blocked)[name].keyframe_points.insert(29.6, 0.1)
    key.select_control_point = True
    before = keys(blocked)[name]
    assert bpy.ops.limber.in_between() == {"FINISHED"}
    row = np.flatnonzero(np.isclose(before["co"][:, 0], 29.6))
    after = keys(blocked)[name]
    same = np.flatnonzero(np.isclose(after["co"][:, 0], 29.6))
    for field, values in before.items():
        assert values[row].tobytes() == after[field][same].tobytes(), field


def test_only_chosen_parts(bpy, blocked):
    before = keys(blocked)
    bpy.context.scene.limber_edit.parts = {"left_arm", "head"}
    assert bpy.ops.limber.in_between() == {"FINISHED"}
    after = keys(blocked)
    touched = {
        name[0].split('"')[1]
        for name in before
        if before[name]["co"].tobytes() != after[name]["co"].tobytes()
    }
    assert touched == {"left_shoulder", "left_elbow", "left_wrist", "neck", "head"}


def test_again_keeps_the_same_keys(bpy, blocked):
    bpy.ops.limber.in_between()
    for curve in curves(blocked).values():
        for point in curve.keyframe_points:
            point.select_control_point = False
    assert bpy.ops.limber.again() == bpy.ops.limber.vary() == {"FINISHED"}
    actions = [item.action for item in blocked.limber_takes.items]
    assert [action["seed"] for action in actions] == [0, *[1] * 5]
    assert [action["variation"] for action in actions] == [0, 0, 1, 2, 3, 4]
    assert [list(action["between_keys"]) for action in actions] == [list(POSES)] * 6
    bpy.ops.limber.reject_takes()
    assert [action.name for action in bpy.data.actions] == ["Blocking"]


def test_cancelled_beside_the_window(bpy, blocked):
    found = contents(bpy)
    live = Live(bpy, "LIMBER_OT_in_between")
    live.until(lambda: live.operator.live.fraction)
    live.event("ESC")
    assert live.state == {"CANCELLED"} and contents(bpy) == found
    assert Live(bpy, "LIMBER_OT_in_between").finish() == {"FINISHED"}


@pytest.mark.parametrize(
    "selected, report", [((), "Fewer than two keys"), ((30,), "Fewer than two keys")]
)
def test_too_few_keys(bpy, blocked, selected, report):
    for curve in curves(blocked).values():
        for point in curve.keyframe_points:
            point.select_control_point = point.co[0] in selected
    with pytest.raises(RuntimeError, match=report):
        bpy.ops.limber.in_between()


def test_keys_side_by_side(bpy, addon, acting: Motion):
    from blender_addon.action import write_action
    from blender_addon.character import build_armature

    armature = build_armature(SMPLX, "Limber")
    write_action(armature, acting, "Act")
    for curve in curves(armature).values():
        for point in curve.keyframe_points:
            point.select_control_point = True
    with pytest.raises(RuntimeError, match="closer than 3 frames"):
        bpy.ops.limber.in_between()

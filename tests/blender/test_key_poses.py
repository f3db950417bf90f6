"""Generations through the artist's key poses: the keys stay to the bit, at any rate, on any rig."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from acting import act
from live_generation import Live, contents
from rig_scenes import curves, put
from scripted_rigs import build, scripted_rig

from motion_engine.motion import Motion, resample
from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.skeleton import SMPLX

pytestmark = pytest.mark.blender

POSES = (3, 25, 40)
NOT_GENERATED = ("jaw", "left_eye_smplhf", "right_eye_smplhf")
RIGS = {
    "mannequin": ("", "QUATERNION", "fk", 24),
    "mixamo in Euler angles": ("mixamo", "XYZ", "fk", 30),
    "auto_rig_pro in IK": ("auto_rig_pro", "QUATERNION", "ik", 25),
}


def gesturing() -> Motion:
    """Two seconds in which arms, trunk and head move while the feet stand."""
    return act(
        2.0,
        {
            ("left_elbow", "y"): lambda t: -60.0 - 35.0 * np.sin(3.0 * t),
            ("right_elbow", "y"): lambda t: 50.0 + 30.0 * np.cos(2.5 * t),
            ("left_shoulder", "x"): lambda t: -30.0 * np.sin(2.0 * t),
            ("spine2", "y"): lambda t: 15.0 * np.sin(2.0 * t),
            ("head", "y"): lambda t: -20.0 * np.sin(2.0 * t),
        },
    )


def blocked(bpy, kind="", mode="QUATERNION", limbs="fk", fps=24, poses=POSES):
    """A rig with some poses of a gesture as smooth keys, all of them selected."""
    from blender_addon.action import write_action
    from blender_addon.character import build_armature

    bpy.context.scene.render.fps = fps
    motion = resample(gesturing(), fps)
    if not kind:
        armature = build_armature(SMPLX, "Limber")
        write_action(armature, motion, "Gestures")
    else:
        armature = build(scripted_rig(kind, "A", rotation_mode=mode))
        bpy.context.view_layer.objects.active = armature
        bpy.context.view_layer.update()
        put(armature, motion, RetargetOptions(limbs=limbs, contacts="never"))
        armature.animation_data.action.name = "Gestures"
    for found in curves(armature).values():
        points = found.keyframe_points
        if len(points) < 2:
            continue
        for point in reversed(points):
            if round(point.co[0]) not in poses:
                points.remove(point, fast=True)
            else:
                point.interpolation, point.select_control_point = "BEZIER", True
                point.handle_left_type = point.handle_right_type = "AUTO_CLAMPED"
        found.update()
    bpy.context.view_layer.objects.active = armature
    bpy.context.scene.frame_set(1)
    asked = bpy.context.scene.limber_direction
    asked.use_keys = True
    bpy.context.scene.limber.prompt = "a person stands and sways"
    return armature


def keys(armature) -> dict:
    from blender_addon.keys import read_keys

    return {name: read_keys(curve) for name, curve in curves(armature).items()}


def at(found: dict, time: float) -> list[bytes]:
    """Everything about the keys at a time."""
    row = np.flatnonzero(np.abs(found["co"][:, 0] - time) < 0.01)
    return [found[field][row].tobytes() for field in sorted(found)]


def poses(bpy, armature, frames) -> np.ndarray:
    """World matrices ``[F, bones, 4, 4]`` of all bones."""
    found = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        world = posed.matrix_world
        found.append([np.array(world @ bone.matrix) for bone in posed.pose.bones])
    return np.array(found)


@pytest.mark.parametrize("rig", RIGS.values(), ids=RIGS.keys())
def test_whole_poses_are_met_and_keys_stay_to_the_bit(bpy, addon, rig):
    armature = blocked(bpy, *rig)
    before, posed = keys(armature), poses(bpy, armature, POSES)
    source = armature.animation_data.action
    asked = bpy.context.scene.limber_direction
    asked.use_frames, asked.first, asked.last = True, 1, 48
    assert bpy.ops.limber.generate_directed() == {"FINISHED"}
    after = keys(armature)
    for name, old in before.items():
        for time in POSES:
            assert at(old, time) == at(after[name], time), (name, time)
    np.testing.assert_allclose(poses(bpy, armature, POSES), posed, atol=2e-5)
    assert armature.animation_data.action != source
    assert [int(v) for v in armature.animation_data.action.frame_range] == [1, 48]
    moved = poses(bpy, armature, range(1, 49))
    near, elsewhere = _accelerations(moved)
    assert near < 2.0 * elsewhere
    assert bpy.ops.limber.reject_takes() == {"FINISHED"}
    assert armature.animation_data.action == source and len(bpy.data.actions) == 1


def _accelerations(posed: np.ndarray) -> tuple[float, float]:
    """The largest of any bone's head within two frames of the keys, and elsewhere."""
    found = np.linalg.norm(np.diff(posed[..., :3, 3], n=2, axis=0), axis=-1).max(-1)
    frames = np.arange(2, 2 + len(found))
    is_near = np.abs(frames[:, None] - np.array(POSES)).min(-1) <= 2
    return found[is_near].max(), found[~is_near].max()


def test_selected_bones_alone(bpy, addon):
    armature = blocked(bpy, poses=(25,))
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="DESELECT")
    arm = ("left_shoulder", "left_elbow", "left_wrist")
    for bone in armature.pose.bones:
        if bone.name in arm:
            (bone if hasattr(bone, "select") else bone.bone).select = True
    asked = bpy.context.scene.limber_direction
    asked.key_bones, asked.use_frames, asked.first, asked.last = "SELECTED", True, 5, 45
    before = keys(armature)
    assert bpy.ops.limber.generate_directed() == {"FINISHED"}
    after = keys(armature)
    for name, old in before.items():
        bone, stays = name[0].split('"')[1], at(old, 25) == at(after[name], 25)
        assert stays == (bone in arm or bone in NOT_GENERATED), name


def test_a_key_between_two_frames(bpy, addon):
    armature = blocked(bpy, poses=(3, 40))
    curve = curves(armature)['pose.bones["spine2"].rotation_quaternion', 2]
    key = curve.keyframe_points.insert(12.5, 0.3)
    key.select_control_point = True
    before = keys(armature)
    assert bpy.ops.limber.generate_directed() == {"FINISHED"}
    after = keys(armature)
    name = ('pose.bones["spine2"].rotation_quaternion', 2)
    assert at(before[name], 12.5) == at(after[name], 12.5)
    assert curves(armature)[name].evaluate(12.5) == pytest.approx(0.3, abs=1e-6)
    near = [curves(armature)[name].evaluate(frame) for frame in (12, 13)]
    assert np.abs(np.array(near) - 0.3).max() < 0.1


def test_a_pose_of_the_library_at_the_current_frame(bpy, addon):
    armature = blocked(bpy, poses=(3, 40))
    pose = bpy.data.actions.new("Hero Pose")
    present = armature.animation_data.action
    armature.animation_data.action = pose
    for bone, angle in (("left_shoulder", 0.9), ("head", -0.4)):
        posed = armature.pose.bones[bone]
        posed.rotation_quaternion = (np.cos(angle / 2), np.sin(angle / 2), 0.0, 0.0)
        posed.keyframe_insert("rotation_quaternion", frame=1)
    pose.asset_mark()
    armature.animation_data.action = present
    asked = bpy.context.scene.limber_direction
    asked.pose = pose
    bpy.context.scene.frame_set(20)
    assert bpy.ops.limber.add_pose() == {"FINISHED"}
    assert bpy.ops.limber.generate_directed() == {"FINISHED"}
    for bone, angle in (("left_shoulder", 0.9), ("head", -0.4)):
        found = [
            curves(armature)[f'pose.bones["{bone}"].rotation_quaternion', i].evaluate(20)
            for i in range(4)
        ]
        wanted = np.float32([np.cos(angle / 2), np.sin(angle / 2), 0.0, 0.0])
        np.testing.assert_array_equal(np.float32(found), wanted)
    assert bpy.ops.limber.remove_pose() == {"FINISHED"} and not asked.poses


def test_what_lies_around_stays(bpy, addon):
    """A stretch within an Action: outside of it, all keys are what they were."""
    armature = blocked(bpy, poses=(3, 20, 30, 45))
    asked = bpy.context.scene.limber_direction
    asked.use_frames, asked.first, asked.last = True, 12, 38
    for curve in curves(armature).values():
        for point in curve.keyframe_points:
            point.select_control_point = point.co[0] in (20.0, 30.0)
    before, around = keys(armature), poses(bpy, armature, [3, 11, 12, 38, 39, 45])
    assert bpy.ops.limber.generate_directed() == {"FINISHED"}
    after = keys(armature)
    for name, old in before.items():
        for time in (3, 20, 30, 45):
            assert at(old, time) == at(after[name], time), (name, time)
    found = poses(bpy, armature, [3, 11, 12, 38, 39, 45])
    np.testing.assert_allclose(found, around, atol=2e-5)


def test_again_and_vary_pass_through_the_same_keys(bpy, addon):
    armature = blocked(bpy)
    posed = poses(bpy, armature, POSES)
    bpy.ops.limber.generate_directed()
    assert bpy.ops.limber.again() == {"FINISHED"}
    actions = [item.action for item in armature.limber_takes.items]
    assert [action["seed"] for action in actions] == [0, 1]
    np.testing.assert_allclose(poses(bpy, armature, POSES), posed, atol=2e-5)
    assert bpy.ops.limber.vary() == {"FINISHED"}
    assert len(armature.limber_takes.items) == 6
    assert armature.animation_data.action["variation"] == 1
    np.testing.assert_allclose(poses(bpy, armature, POSES), posed, atol=2e-5)


def test_beside_the_window_and_cancelled(bpy, addon):
    armature = blocked(bpy)
    found, before = contents(bpy), keys(armature)
    live = Live(bpy, "LIMBER_OT_generate_directed")
    live.until(lambda: live.operator.live.job is not None and live.operator.live.job.done)
    live.event("ESC")
    assert live.state == {"CANCELLED"} and contents(bpy) == found
    live = Live(bpy, "LIMBER_OT_generate_directed")
    assert live.finish() == {"FINISHED"}, live.reports
    after = keys(armature)
    assert all(at(old, 25) == at(after[name], 25) for name, old in before.items())


def _unselect(bpy, armature):
    for curve in curves(armature).values():
        for point in curve.keyframe_points:
            point.select_control_point = False


def _range(bpy, first, last):
    asked = bpy.context.scene.limber_direction
    asked.use_frames, asked.first, asked.last = True, first, last


def _pinned(bpy, armature):
    from test_pins_panel import empty, pin

    pin(bpy, "left_hand", empty(bpy, (0.3, -0.3, 1.2)), 20, 30)
    bpy.context.scene.limber_direction.use_pins = True


WRONG = {
    "no keys": (_unselect, "No keys are selected and no pose is listed"),
    "outside": (lambda bpy, _: _range(bpy, 10, 45), "The key at frame 3 does not lie"),
    "turned round": (lambda bpy, _: _range(bpy, 45, 10), "swap or part them"),
    "a pin at a key": (_pinned, r"left hand on Mark .* and the key pose at frame 25 contradict"),
    "no bones": (
        lambda bpy, _: setattr(bpy.context.scene.limber_direction, "key_bones", "SELECTED"),
        "No bones are selected",
    ),
}


@pytest.mark.parametrize(("spoil", "report"), WRONG.values(), ids=WRONG.keys())
def test_wrong_keys_change_nothing(bpy, addon, spoil, report):
    armature = blocked(bpy)
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="DESELECT")
    spoil(bpy, armature)
    _select_all_keys_but_for(armature, spoil is _unselect)
    before, kept = keys(armature), contents(bpy)
    with pytest.raises(RuntimeError, match=report):
        bpy.ops.limber.generate_directed()
    after = keys(armature)
    assert contents(bpy) == kept
    assert all(np.array_equal(old[f], after[name][f]) for name, old in before.items() for f in old)


def _select_all_keys_but_for(armature, none: bool) -> None:
    """Selecting bones also selects keys in some versions."""
    for curve in curves(armature).values():
        for point in curve.keyframe_points:
            point.select_control_point = not none


def test_a_switch_half_way_is_refused(bpy, addon):
    armature = blocked(bpy, *RIGS["auto_rig_pro in IK"])
    switch = next(name for name in curves(armature) if "ik_fk" in name[0] and ".l" in name[0])
    for point in curves(armature)[switch].keyframe_points:
        point.co[1] = 0.5
    kept = contents(bpy)
    with pytest.raises(RuntimeError, match="half in FK, half in IK"):
        bpy.ops.limber.generate_directed()
    assert contents(bpy) == kept


def test_far_keys_in_no_time_are_refused(bpy, addon):
    armature = blocked(bpy)
    curve = curves(armature)['pose.bones["pelvis"].location', 0]
    curve.keyframe_points[1].co[1] += 40.0
    curve.update()
    with pytest.raises(RuntimeError, match=r"m apart, which needs \d+\.\d m/s"):
        bpy.ops.limber.generate_directed()

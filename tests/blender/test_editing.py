"""Single parts edited in Blender: only their channels change, and only within the range."""

import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import Live, contents
from rig_scenes import curves, put

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.skeleton import SMPLX

pytestmark = pytest.mark.blender

FIRST, LAST = 11, 40


@pytest.fixture(scope="module")
def walking() -> Motion:
    """Two seconds of the shipped model's walk."""
    import motion_engine
    from motion_engine.command import Command

    return motion_engine.generate_motion(Command("a person walks forward", 2.0, seed=3))


@pytest.fixture
def mannequin(bpy, addon, walking):
    """The mannequin, walking."""
    from blender_addon.action import write_action
    from blender_addon.character import build_armature

    armature = build_armature(SMPLX, "Limber")
    write_action(armature, walking, "Walk")
    ask(bpy, {"left_arm"})
    return armature


def hero(bpy, rigify_file: Path, walking: Motion, limbs: str):
    """The Rigify character, walking with its limbs in FK or IK."""
    bpy.ops.wm.open_mainfile(filepath=str(rigify_file))
    bpy.context.scene.render.fps = 30
    armature = bpy.data.objects["Hero"]
    bpy.context.view_layer.objects.active = armature
    put(armature, walking, RetargetOptions(limbs=limbs, contacts="never"))
    ask(bpy, {"left_arm"})
    return armature


def ask(bpy, parts: set[str], sentence: str = "wave") -> None:
    asked = bpy.context.scene.limber_edit
    asked.parts, asked.prompt = parts, sentence
    asked.use_frames, asked.first, asked.last = True, FIRST, LAST


def keys(armature) -> dict:
    from blender_addon.keys import read_keys

    return {name: read_keys(curve) for name, curve in curves(armature).items()}


def changed(before: dict, after: dict) -> set[str]:
    """Data paths whose keys differ in any property at all; outside the range none may."""
    assert before.keys() <= after.keys()
    found = set()
    for name, old in before.items():
        new = after[name]
        outside = [(k["co"][:, 0] < FIRST - 0.5) | (k["co"][:, 0] > LAST + 0.5) for k in (old, new)]
        for field in old:
            assert np.array_equal(old[field][outside[0]], new[field][outside[1]]), (name, field)
        same = all(np.array_equal(old[f], new[f]) for f in old)
        if not same:
            found.add(name[0])
    return found | {path for path, _ in after.keys() - before.keys()}


def world(bpy, armature, bone: str) -> np.ndarray:
    """Heads of a bone ``[F, 3]`` as Blender evaluates them, frames 1 to 60."""
    found = []
    for frame in range(1, 61):
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append(posed.matrix_world @ posed.pose.bones[bone].head)
    bpy.context.scene.frame_set(1)
    return np.array(found)


def test_only_the_chosen_part_changes_and_only_in_the_range(bpy, mannequin):
    before, hand = keys(mannequin), world(bpy, mannequin, "left_wrist")
    other = world(bpy, mannequin, "right_wrist")
    walk = mannequin.animation_data.action
    assert bpy.ops.limber.edit_parts() == {"FINISHED"}
    after = keys(mannequin)
    assert mannequin.animation_data.action != walk
    assert changed(before, after) == {
        f'pose.bones["left_{bone}"].rotation_quaternion' for bone in ("shoulder", "elbow", "wrist")
    }
    waving = world(bpy, mannequin, "left_wrist")
    inside = slice(FIRST - 1, LAST)
    assert np.abs(waving - hand)[inside].max() > 0.02
    assert np.array_equal(np.delete(waving, np.r_[inside], 0), np.delete(hand, np.r_[inside], 0))
    assert np.array_equal(world(bpy, mannequin, "right_wrist"), other)


def test_edges_have_no_jump_in_speed(bpy, mannequin):
    before = world(bpy, mannequin, "left_wrist")
    bpy.ops.limber.edit_parts()
    edited = world(bpy, mannequin, "left_wrist") - before
    speed = np.linalg.norm(np.diff(edited, axis=0), axis=-1)
    for edge in (FIRST - 1, LAST - 1):
        assert speed[edge - 1 : edge + 1].max() < 0.25 * speed.max()


@pytest.mark.parametrize("limbs", ["fk", "ik"])
def test_an_arm_of_a_rigify_character_waves(bpy, addon, rigify_file, walking, limbs):
    armature = hero(bpy, rigify_file, walking, limbs)
    before, hand = keys(armature), world(bpy, armature, "DEF-hand.L")
    foot, other = world(bpy, armature, "DEF-foot.L"), world(bpy, armature, "DEF-hand.R")
    assert bpy.ops.limber.edit_parts() == {"FINISHED"}
    expected = {
        "fk": {f"{bone}.L" for bone in ("upper_arm_fk", "forearm_fk", "hand_fk")},
        "ik": {f"{bone}.L" for bone in ("hand_ik", "upper_arm_ik_target")},
    }[limbs]
    assert {path.split('"')[1] for path in changed(before, keys(armature))} == expected
    waving = world(bpy, armature, "DEF-hand.L")
    inside = slice(FIRST - 1, LAST)
    assert np.abs(waving - hand)[inside].max() > 0.02
    outside = np.delete(np.abs(waving - hand), np.r_[inside], 0)
    assert outside.max() < 1e-6
    for bone, old in (("DEF-foot.L", foot), ("DEF-hand.R", other)):
        assert np.abs(world(bpy, armature, bone) - old).max() < 1e-6


def test_a_rig_is_read_in_short_steps_and_stays_at_its_frame(bpy, addon, rigify_file, walking):
    """What the window would wait for, in time of this thread: other programs do not count."""
    from blender_addon.edit_request import EditRequest
    from blender_addon.rig_reading import read_animation

    armature = hero(bpy, rigify_file, walking, "fk")
    bpy.context.scene.frame_set(5, subframe=0.25)
    reading, spent, request = EditRequest.reading(bpy.context), [], None
    while request is None:
        began = time.thread_time()
        try:
            next(reading)
        except StopIteration as end:
            request = end.value
        spent.append(time.thread_time() - began)
        assert (bpy.context.scene.frame_current, bpy.context.scene.frame_subframe) == (5, 0.25)
    print(f"longest of {len(spent)} steps of reading: {1000.0 * max(spent):.0f} ms")
    assert len(spent) > 3 and max(spent) < 0.1
    begin = FIRST - request.order.first
    at_once = read_animation(armature, begin, begin + request.order.motion.frames - 1)
    assert np.array_equal(request.order.motion.local_rotations, at_once.local_rotations)
    assert np.array_equal(request.order.motion.root_positions, at_once.root_positions)


@pytest.mark.parametrize("ends", ["finished", "undone", "cancelled"])
def test_the_window_lives_while_a_rig_is_read(bpy, addon, rigify_file, walking, ends, monkeypatch):
    from blender_addon import live as live_module

    hero(bpy, rigify_file, walking, "fk")
    monkeypatch.setattr(live_module, "_READING_SECONDS", 0.0)  # one step a tick, on any machine
    before = contents(bpy)
    live = Live(bpy, "LIMBER_OT_edit_parts")
    generation = live_module.current()
    assert live.event("MOUSEMOVE") == {"RUNNING_MODAL"} and generation.job is None
    if ends == "undone":
        live.event("TIMER")
        bpy.app.handlers.undo_post[-1](bpy.context.scene)
    if ends == "cancelled":
        assert live.event("ESC") == {"CANCELLED"}
        assert contents(bpy) == before and not live.context.timers
        return
    assert live.finish() == {"FINISHED"} and live.reports[0][0] == "INFO"
    assert len(bpy.data.actions) == 2


@pytest.mark.parametrize("limbs", ["fk", "ik"])
def test_the_arm_does_what_the_model_made(bpy, addon, rigify_file, walking, limbs):
    """Read back, the rig's arm is that of the take, wherever the root bone and object stand."""
    from blender_addon.edit_request import EditRequest
    from blender_addon.model_care import MODEL
    from blender_addon.rig_reading import read_animation

    armature = hero(bpy, rigify_file, walking, limbs)
    root = armature.pose.bones["root"]
    for frame, turn, shift in ((1, 0.2, 0.0), (60, 1.4, 0.5)):
        root.rotation_mode = "XYZ"
        root.rotation_euler = (0.0, 0.0, turn)
        root.location = (shift, shift, 0.0)
        root.keyframe_insert("rotation_euler", frame=frame)
        root.keyframe_insert("location", frame=frame)
    bpy.context.scene.frame_set(5)
    (clip,) = EditRequest.read(bpy.context).order.clips(MODEL.get(), *[lambda *_: None] * 2)
    bpy.ops.limber.edit_parts()
    # Beyond the feather.
    found = read_animation(armature, FIRST, LAST).cut(10, 20)
    wanted = clip.motion.cut(10, 20)
    shoulder, elbow, wrist = (SMPLX.index(f"left_{j}") for j in ("shoulder", "elbow", "wrist"))
    places = [motion.joint_positions() for motion in (found, wanted)]
    for joint in (elbow, wrist):
        arms = [place[:, joint] - place[:, shoulder] for place in places]
        assert np.linalg.norm(arms[0] - arms[1], axis=-1).max() < 0.02
    hands = [motion.world_rotations()[:, wrist] for motion in (found, wanted)]
    off = rotations.multiply(rotations.conjugate(hands[0]), hands[1])
    assert np.degrees(rotations.angle(off)).max() < 3.0


def test_an_arm_that_is_half_in_ik_is_refused(bpy, addon, rigify_file, walking):
    armature = hero(bpy, rigify_file, walking, "fk")
    switch = curves(armature)['pose.bones["upper_arm_parent.L"]["IK_FK"]', 0]
    for point in switch.keyframe_points:
        point.co[1] = 0.4
    before, found = keys(armature), contents(bpy)
    report = r'left arm of Hero is half in FK, half in IK: upper_arm_parent.L\["IK_FK"\] is 0.4'
    with pytest.raises(RuntimeError, match=report):
        bpy.ops.limber.edit_parts()
    assert contents(bpy) == found and not changed(before, keys(armature))
    ask(bpy, {"right_arm"})
    assert bpy.ops.limber.edit_parts() == {"FINISHED"}


def test_sparse_keys_outside_stay_to_the_bit(bpy, rig):
    """An artist's few Bezier keys, in the second slot of an Action: values and keys are kept."""
    action = bpy.data.actions.new("Hand Made")
    rig.animation_data_create().action = action
    if hasattr(action, "slots"):
        action.slots.new(id_type="OBJECT", name="Somebody Else")
        rig.animation_data.action_slot = action.slots.new(id_type="OBJECT", name="Mine")
    for name, mode in (("LeftArm", "XYZ"), ("LeftForeArm", "QUATERNION"), ("RightArm", "XYZ")):
        bone = rig.pose.bones[f"mixamorig:{name}"]
        bone.rotation_mode = mode
        path = "rotation_euler" if mode == "XYZ" else "rotation_quaternion"
        for frame, angle in ((1, 0.1), (25, 6.8), (60, 0.4)):
            if mode == "XYZ":
                bone.rotation_euler = (0.2, angle, 0.0)
            else:
                bone.rotation_quaternion = (np.cos(angle / 9), np.sin(angle / 9), 0.0, 0.0)
            bone.keyframe_insert(path, frame=frame)
    ask(bpy, {"left_arm"})
    old = {name: [c.evaluate(f) for f in range(-5, 70)] for name, c in curves(rig).items()}
    before = keys(rig)
    assert bpy.ops.limber.edit_parts() == {"FINISHED"}
    if hasattr(action, "slots"):
        assert rig.animation_data.action_slot.name_display == "Mine"
    after = keys(rig)
    for name, values in old.items():
        curve = curves(rig)[name]
        for frame, value in zip(range(-5, 70), values):
            if not FIRST <= frame <= LAST:
                assert curve.evaluate(frame) == pytest.approx(value, abs=1e-6), (name, frame)
        if "RightArm" in name[0]:
            assert all(np.array_equal(before[name][f], after[name][f]) for f in before[name])
        for frame in (1, 60):
            rows = [np.flatnonzero(k[name]["co"][:, 0] == frame) for k in (before, after)]
            for field in before[name]:
                assert np.array_equal(before[name][field][rows[0]], after[name][field][rows[1]])


def test_takes_are_tried_asked_for_again_and_rejected(bpy, mannequin):
    walk, before = mannequin.animation_data.action, keys(mannequin)
    bpy.context.scene.limber.variations = 2
    assert bpy.ops.limber.edit_parts() == {"FINISHED"}
    bpy.context.scene.limber.variations = 1
    assert bpy.ops.limber.again() == {"FINISHED"}
    assert bpy.ops.limber.vary() == {"FINISHED"}
    takes = mannequin.limber_takes
    numbers = [(item.action["seed"], item.action["variation"]) for item in takes.items]
    assert numbers == [(0, 0), (0, 1), (1, 0), (1, 2), (1, 3), (1, 4), (1, 5)]
    assert {item.action["prompt"] for item in takes.items} == {"left arm: wave"}
    poses = []
    for index in range(len(numbers)):
        takes.index = index
        assert len(changed(before, keys(mannequin))) == 3
        poses.append(world(bpy, mannequin, "left_wrist"))
    assert min(np.abs(a - b).max() for a, b in pairwise(poses)) > 1e-3
    assert bpy.ops.limber.reject_takes() == {"FINISHED"}
    assert mannequin.animation_data.action == walk and list(bpy.data.actions) == [walk]
    assert not changed(before, keys(mannequin))


def test_variations_stay_near_their_take(bpy, mannequin):
    settings = bpy.context.scene.limber
    settings.temperature, settings.guidance = 1.0, 1.0  # so that another seed is another wave
    assert bpy.ops.limber.edit_parts() == {"FINISHED"}
    assert Live(bpy, "LIMBER_OT_vary").finish() == {"FINISHED"}
    mannequin.limber_takes.index = 2
    assert bpy.ops.limber.vary() == {"FINISHED"}
    assert bpy.ops.limber.again() == {"FINISHED"}
    hands = []
    for index in range(len(mannequin.limber_takes.items)):
        mannequin.limber_takes.index = index
        hands.append(world(bpy, mannequin, "left_wrist"))
    off = [np.abs(hand - hands[0]).mean() for hand in hands[1:]]
    assert len(off) == 9 and 0.0 < min(off) and np.median(off[:8]) < off[8]
    outlines = [item.action.get("outline") for item in mannequin.limber_takes.items]
    assert outlines == [None, *[0] * 8, None]


def test_an_accepted_edit_can_be_edited(bpy, mannequin):
    before = keys(mannequin)
    bpy.ops.limber.edit_parts()
    bpy.ops.limber.accept_take()
    waving = keys(mannequin)
    ask(bpy, {"head"}, "nod")
    assert bpy.ops.limber.edit_parts() == {"FINISHED"}
    assert all('"left_' not in path for path in changed(waving, keys(mannequin)))
    bpy.ops.limber.accept_take()
    assert {path.split('"')[1] for path in changed(before, keys(mannequin))} == {
        *("left_shoulder", "left_elbow", "left_wrist", "neck", "head")
    }


def test_going_on_from_an_edit_is_no_edit(bpy, mannequin):
    bpy.ops.limber.edit_parts()
    settings = bpy.context.scene.limber
    settings.start, settings.prompt = "END", "a person bows"
    assert bpy.ops.limber.generate() == bpy.ops.limber.again() == {"FINISHED"}
    assert mannequin.animation_data.action["prompt"] == "a person bows"
    assert mannequin.animation_data.action.frame_range[1] > 60


@pytest.mark.parametrize("fps", [24, 60])
def test_any_rate_and_the_whole_action(bpy, addon, walking, fps):
    from blender_addon.action import write_action
    from blender_addon.character import build_armature

    bpy.context.scene.render.fps = fps
    armature = build_armature(SMPLX, "Limber")
    walk = write_action(armature, walking, "Walk", first_frame=7)
    ask(bpy, {"left_arm", "right_arm"})
    bpy.context.scene.limber_edit.use_frames = False
    assert bpy.ops.limber.edit_parts() == {"FINISHED"}
    edited = armature.animation_data.action
    assert edited["prompt"] == "arms: wave"
    assert tuple(edited.frame_range) == tuple(walk.frame_range)


def test_legs_are_edited_with_the_hips(bpy, mannequin):
    ask(bpy, {"root", "left_leg", "right_leg"}, "walk in a circle")
    before, hips = keys(mannequin), world(bpy, mannequin, "pelvis")
    assert bpy.ops.limber.edit_parts() == {"FINISHED"}
    bones = {path.split('"')[1] for path in changed(before, keys(mannequin))}
    legs = {
        f"{side}_{joint}"
        for side in ("left", "right")
        for joint in ("hip", "knee", "ankle", "foot")
    }
    assert bones == legs | {"pelvis"}
    assert np.abs(world(bpy, mannequin, "pelvis")[[9, 40, 59]] - hips[[9, 40, 59]]).max() < 1e-4


def test_an_edit_runs_beside_the_window_and_is_cancelled(bpy, mannequin):
    before, found = keys(mannequin), contents(bpy)
    live = Live(bpy, "LIMBER_OT_edit_parts")
    live.event("ESC")
    assert live.state == {"CANCELLED"} and contents(bpy) == found
    assert not changed(before, keys(mannequin))
    assert Live(bpy, "LIMBER_OT_edit_parts").finish() == {"FINISHED"}
    assert len(changed(before, keys(mannequin))) == 3


def test_frames_come_from_the_timeline(bpy, mannequin):
    asked, scene = bpy.context.scene.limber_edit, bpy.context.scene
    for curve in curves(mannequin).values():
        for point in curve.keyframe_points:
            point.select_control_point = False
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 12, 33
    assert bpy.ops.limber.frames_from_timeline() == {"FINISHED"}
    assert (asked.use_frames, asked.first, asked.last) == (True, 12, 33)
    curve = curves(mannequin)['pose.bones["head"].rotation_quaternion', 0]
    for index in (19, 29):
        curve.keyframe_points[index].select_control_point = True
    bpy.ops.limber.frames_from_timeline()
    assert (asked.first, asked.last) == (20, 30)


def test_parts_are_clicked_on_and_off(bpy, mannequin):
    asked = bpy.context.scene.limber_edit
    bpy.ops.limber.toggle_part(part="head")
    assert asked.parts == {"left_arm", "head"}
    bpy.ops.limber.toggle_part(part="left_arm")
    assert asked.parts == {"head"}

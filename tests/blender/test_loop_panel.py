"""Loops in Blender: what it evaluates goes round without a seam, on any rig, in FK and IK."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rig_scenes import curves, put
from scripted_rigs import build, scripted_rig
from swaying import walking

from motion_engine.edit.placing import turned_along
from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.skeleton import SMPLX

pytestmark = pytest.mark.blender


@pytest.fixture
def scene(bpy, addon):
    bpy.context.scene.render.fps = 24
    return bpy.context.scene


def mannequin(motion):
    from blender_addon.action import write_action
    from blender_addon.character import build_armature

    armature = build_armature(SMPLX, "Limber")
    write_action(armature, motion, "Walk", 11)
    return armature


def walker(bpy, kind: str, limbs: str = "fk"):
    """A character that walks three seconds straight ahead from frame 11."""
    motion = walking(90)
    if kind == "mannequin":
        armature = mannequin(motion)
    else:
        armature = build(scripted_rig(kind, "A"))
        put(armature, motion, RetargetOptions(limbs=limbs, contacts="never"), at=11)
    bpy.context.view_layer.objects.active = armature
    return armature


def world(bpy, armature, frames: range) -> np.ndarray:
    """Heads of all deforming bones ``[F, B, 3]`` as Blender evaluates them."""
    found = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        bones = [bone for bone in posed.pose.bones if bone.bone.use_deform]
        found.append([posed.matrix_world @ bone.head for bone in bones])
    return np.array(found)


def check_endless(bpy, armature, kind: str, first: int = 11) -> np.ndarray:
    """Each round is the one before it, led on by one and the same step, which is returned; it has
    no seam in speed."""
    action = armature.animation_data.action
    assert action.use_cyclic and action.frame_range[0] == first
    frames = round(action.frame_range[1] - action.frame_range[0])
    places = world(bpy, armature, range(first - frames, first + 2 * frames + 1))
    steps = (places[frames:] - places[:-frames]).reshape(-1, 3)
    assert np.abs(steps - steps[0]).max() < 1e-4
    assert abs(steps[0, 2]) < 1e-6
    if kind == "IN_PLACE":
        assert np.abs(steps[0]).max() < 1e-6
    fps = bpy.context.scene.render.fps
    push = np.linalg.norm(np.diff(places, n=2, axis=0), axis=-1).max(-1) * fps**2
    seams = [frames - 1, 2 * frames - 1]  # the frame that closes a round is in the middle of these
    assert push[seams].max() < 1.3 * np.delete(push, seams).max()
    return steps[0]


@pytest.mark.parametrize("kind", ["TRAVELLING", "IN_PLACE"])
@pytest.mark.parametrize(
    ("rig", "limbs"),
    [("mannequin", "fk"), ("auto_rig_pro", "fk"), ("auto_rig_pro", "ik"), ("mixamo", "fk")],
)
def test_an_action_becomes_a_loop(bpy, scene, rig, limbs, kind):
    armature = walker(bpy, rig, limbs)
    source = armature.animation_data.action
    before = {name: len(curve.keyframe_points) for name, curve in curves(armature).items()}
    scene.limber_loop.kind, scene.limber_loop.frames = kind, 24
    assert bpy.ops.limber.loop_action() == {"FINISHED"}
    assert armature.animation_data.action != source
    step = check_endless(bpy, armature, kind)
    if kind == "TRAVELLING":  # a second's walk
        assert step[1] == pytest.approx(-1.2, abs=0.15) and abs(step[0]) < 0.05
    assert bpy.ops.limber.reject_takes() == {"FINISHED"}
    assert armature.animation_data.action == source
    assert before == {n: len(curve.keyframe_points) for n, curve in curves(armature).items()}


def test_a_root_bone_leads_the_loop_where_it_is_to(bpy, scene):
    armature = walker(bpy, "cloudrig")
    scene.limber_retarget.root = "bone"
    scene.limber_loop.frames = 24
    assert bpy.ops.limber.loop_action() == {"FINISHED"}
    check_endless(bpy, armature, "TRAVELLING")
    led = {
        path
        for (path, _), curve in curves(armature).items()
        if curve.modifiers and curve.modifiers[0].mode_after == "REPEAT_OFFSET"
    }
    assert len(led) == 1


def test_without_a_length_the_best_one_is_found(bpy, scene):
    """Strides of a second: any loop of whole strides closes."""
    armature = walker(bpy, "mannequin")
    assert bpy.ops.limber.loop_action() == {"FINISHED"}
    frames = armature.animation_data.action.frame_range
    assert (frames[1] - frames[0]) % 24 == pytest.approx(0, abs=1)
    check_endless(bpy, armature, "TRAVELLING")


def test_chosen_frames_alone_become_the_loop(bpy, scene):
    armature = walker(bpy, "mannequin")
    asked = scene.limber_edit
    asked.use_frames, asked.first, asked.last = True, 20, 62
    scene.limber_loop.frames = 24
    assert bpy.ops.limber.loop_action() == {"FINISHED"}
    check_endless(bpy, armature, "TRAVELLING", 20)


def test_what_the_motion_does_not_know_of_goes_round_with_it(bpy, scene):
    armature = walker(bpy, "mannequin")
    armature["smile"], armature["hat"] = 0.0, 0
    for frame in range(11, 84):
        armature["smile"] = float(np.sin(0.1 * frame))
        armature.keyframe_insert('["smile"]', frame=frame)
    for frame, value in ((11, 0), (40, 1)):
        armature["hat"] = value
        armature.keyframe_insert('["hat"]', frame=frame)
    for point in curves(armature)['["hat"]', 0].keyframe_points:
        point.interpolation = "CONSTANT"
    scene.limber_loop.frames = 24
    assert bpy.ops.limber.loop_action() == {"FINISHED"}
    smile, hat = (curves(armature)[f'["{name}"]', 0] for name in ("smile", "hat"))
    assert [m.mode_after for m in smile.modifiers] == ["REPEAT"]
    values = np.array([smile.evaluate(frame) for frame in range(11, 60)])
    assert np.ptp(values) > 0.3
    np.testing.assert_allclose(values[24:], values[:25], atol=1e-6)
    assert np.abs(np.diff(values)).max() < 0.2
    assert {point.co[1] for point in hat.keyframe_points} <= {0.0, 1.0}


def test_a_round_that_turns_a_little_is_made_straight_and_one_that_turns_much_is_refused(
    bpy, scene
):
    def turning(degrees: float):
        bent = turned_along(walking(90), np.radians(degrees) * np.arange(90) / 30.0)
        bpy.context.view_layer.objects.active = mannequin(bent)

    scene.limber_loop.frames = 24
    turning(10.0)
    assert bpy.ops.limber.loop_action() == {"FINISHED"}
    check_endless(bpy, bpy.context.object, "TRAVELLING")
    turning(60.0)
    count = len(bpy.data.actions)
    with pytest.raises(RuntimeError, match="turns by 6.. degrees|turns by 5.. degrees|In Place"):
        bpy.ops.limber.loop_action()
    assert len(bpy.data.actions) == count
    scene.limber_loop.kind = "IN_PLACE"
    assert bpy.ops.limber.loop_action() == {"FINISHED"}
    check_endless(bpy, bpy.context.object, "IN_PLACE")


@pytest.mark.parametrize("kind", ["TRAVELLING", "IN_PLACE"])
def test_a_loop_is_generated(bpy, scene, kind):
    scene.limber.prompt, scene.limber.seconds = "a person walks forward", 1.25
    scene.limber_loop.kind = kind
    scene.frame_set(11)
    assert bpy.ops.limber.generate_loop() == {"FINISHED"}
    armature = bpy.context.object
    assert tuple(armature.animation_data.action.frame_range) == (11, 41)
    check_endless(bpy, armature, kind)
    first = armature.animation_data.action
    assert bpy.ops.limber.again() == {"FINISHED"}
    again = armature.animation_data.action
    assert again["seed"] == first["seed"] + 1 and tuple(again.frame_range) == (11, 41)
    check_endless(bpy, armature, kind)


def test_a_loop_is_generated_on_a_rig_in_ik(bpy, scene, rig):
    bpy.data.objects.remove(rig)
    armature = build(scripted_rig("auto_rig_pro", "A"))
    bpy.context.view_layer.objects.active = armature
    scene.limber_retarget.limbs = "ik"
    scene.limber.prompt, scene.limber.seconds = "a person walks forward", 1.25
    scene.frame_set(11)
    assert bpy.ops.limber.generate_loop() == {"FINISHED"}
    check_endless(bpy, armature, "TRAVELLING")


def test_what_cannot_be_looped_is_refused(bpy, scene):
    def refusal(call) -> str:
        with pytest.raises(RuntimeError) as error:
            call()
        return str(error.value)

    settings = scene.limber
    settings.length = "FREE"
    assert "A loop needs a length" in refusal(bpy.ops.limber.generate_loop)
    settings.length, settings.seconds = "SECONDS", 0.3
    assert "A loop of 0.30 seconds" in refusal(bpy.ops.limber.generate_loop)
    settings.seconds = 59.0
    assert "A loop of 59.00 seconds" in refusal(bpy.ops.limber.generate_loop)
    assert not bpy.ops.limber.loop_action.poll()
    walker(bpy, "mannequin")
    settings.seconds, settings.start = 2.0, "END"
    assert "A loop stands alone" in refusal(bpy.ops.limber.generate_loop)
    scene.limber_loop.frames = 70
    assert "needs a clip of" in refusal(bpy.ops.limber.loop_action)
    scene.limber_loop.frames = 0
    asked = scene.limber_edit
    asked.use_frames, asked.first, asked.last = True, 20, 30
    assert "too short for a loop" in refusal(bpy.ops.limber.loop_action)

"""Generating in Blender: at once and live, onto mannequins and rigs, cancelled at any time."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import Live, contents
from scripted_rigs import build, scripted_rig

pytestmark = pytest.mark.blender


def hips(bpy, armature, frame: int) -> np.ndarray:
    """The world's place of the pelvis bone, as Blender evaluates it."""
    bpy.context.scene.frame_set(frame)
    posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    name = "pelvis" if "pelvis" in posed.pose.bones else "mixamorig:Hips"
    return np.array(posed.matrix_world @ posed.pose.bones[name].head)


def test_a_new_mannequin_is_made_and_then_used_again(bpy, addon):
    assert bpy.ops.limber.generate() == {"FINISHED"}
    armature = bpy.context.object
    first = armature.animation_data.action
    assert first["prompt"] == bpy.context.scene.limber.prompt
    assert tuple(first.frame_range) == (1.0, 30.0)
    assert bpy.ops.limber.generate() == {"FINISHED"}
    assert [item for item in bpy.data.objects if item.type == "ARMATURE"] == [armature]
    assert armature.animation_data.action != first


@pytest.mark.parametrize("fps", [24, 60])
@pytest.mark.parametrize("kind", ["mannequin", "rig"])
def test_the_motion_fills_the_scene_s_range_at_its_rate(bpy, addon, fps, kind):
    scene = bpy.context.scene
    if kind == "rig":
        bpy.context.view_layer.objects.active = build(scripted_rig("mixamo", "A"))
    scene.render.fps, scene.frame_end = fps, 10 + fps
    scene.frame_set(11)
    scene.limber.length = "RANGE"
    assert bpy.ops.limber.generate() == {"FINISHED"}
    action = bpy.context.object.animation_data.action
    assert tuple(action.frame_range) == (11.0, 10.0 + fps)
    assert scene.frame_end == 10 + fps and scene.frame_current == 11


def test_a_scene_in_centimetres_gets_a_mannequin_of_that_size(bpy, addon):
    scene = bpy.context.scene
    scene.unit_settings.scale_length = 0.01
    bpy.ops.limber.generate()
    armature = bpy.context.object
    small = [hips(bpy, armature, frame) for frame in (1, 30)]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps, bpy.context.scene.limber.seconds = 30, 1.0
    bpy.ops.limber.generate()
    usual = [hips(bpy, bpy.context.object, frame) for frame in (1, 30)]
    np.testing.assert_allclose(small, 100.0 * np.array(usual), atol=1e-2)


def test_a_motion_may_end_by_itself(bpy, addon):
    bpy.context.scene.limber.length = "FREE"
    assert bpy.ops.limber.generate() == {"FINISHED"}
    action = bpy.context.object.animation_data.action
    assert action.frame_range[1] >= 30.0 and action["seconds"] == 0.0


@pytest.mark.parametrize("kind", ["mannequin", "rig"])
def test_a_motion_goes_on_where_the_last_one_ended(bpy, addon, kind):
    from blender_addon.rig_action import curves_of

    if kind == "rig":
        bpy.context.view_layer.objects.active = build(scripted_rig("mixamo", "A"))
    settings = bpy.context.scene.limber
    settings.prompt, settings.seconds = "a person walks forward", 2.0
    bpy.ops.limber.generate()
    bpy.ops.limber.accept_take()
    armature = bpy.context.object
    first = armature.animation_data.action
    ended = {
        (c.data_path, c.array_index): [c.evaluate(f) for f in range(1, 61)]
        for c in curves_of(armature)
    }
    settings.start = "END"
    assert bpy.ops.limber.generate() == {"FINISHED"}
    action = armature.animation_data.action
    assert action != first and tuple(action.frame_range) == (1.0, 120.0)
    now = {
        (c.data_path, c.array_index): [c.evaluate(f) for f in range(1, 61)]
        for c in curves_of(armature)
    }
    assert all(now[key] == values for key, values in ended.items())
    places = np.array([hips(bpy, armature, frame) for frame in range(55, 75)])
    steps = np.linalg.norm(np.diff(places, axis=0), axis=-1)
    assert steps.max() < 0.09
    assert bpy.ops.limber.reject_takes() == {"FINISHED"}
    assert armature.animation_data.action == first


@pytest.mark.parametrize("kind", ["mannequin", "rig"])
def test_keys_that_are_not_needed_are_left_out(bpy, addon, kind):
    from blender_addon.rig_action import curves_of

    if kind == "rig":
        bpy.context.view_layer.objects.active = build(scripted_rig("mixamo", "A"))
    bpy.ops.limber.generate()
    armature = bpy.context.object
    whole = {(c.data_path, c.array_index): c for c in curves_of(armature)}
    full = [c.evaluate(f) for c in whole.values() for f in range(1, 31)]
    many = sum(len(curve.keyframe_points) for curve in whole.values())
    bpy.context.scene.limber_retarget.fewer_keys = np.radians(1.0)
    bpy.ops.limber.generate()
    thin = {(c.data_path, c.array_index): c for c in curves_of(armature)}
    assert sum(len(curve.keyframe_points) for curve in thin.values()) < 0.7 * many
    kept = [thin[key].evaluate(f) for key in whole for f in range(1, 31)]
    assert np.abs(np.array(kept) - full).max() < 0.05


def test_no_single_step_of_writing_takes_long(bpy, addon):
    """What the window would wait for, in time of this thread: other programs do not count."""
    from blender_addon.clips import make_clips
    from blender_addon.model_care import MODEL
    from blender_addon.request import Request
    from blender_addon.steps import Steps
    from blender_addon.writing import Writing

    bpy.context.scene.limber.seconds, bpy.context.scene.limber.variations = 20.0, 2
    bpy.ops.limber.generate()  # everything that is made once
    bpy.ops.limber.reject_takes()
    request = Request.read(bpy.context)
    clips = make_clips(request.order, MODEL, lambda *_: None, lambda *_: None)
    steps, longest, is_done = Steps(Writing(bpy.context, request, clips).work()), 0.0, False
    while not is_done:
        began = time.thread_time()
        is_done = steps.advance(0.0)
        longest = max(longest, time.thread_time() - began)
    print(f"longest step of writing: {1000.0 * longest:.0f} ms")
    assert longest < 0.1


def test_the_mannequin_stays_on_the_spot_where_asked(bpy, addon):
    bpy.context.scene.limber.prompt = "a person walks forward"
    bpy.context.scene.limber_retarget.root = "in_place"
    bpy.ops.limber.generate()
    moved = hips(bpy, bpy.context.object, 30) - hips(bpy, bpy.context.object, 1)
    assert np.linalg.norm(moved[:2]) < 0.05


def test_live_generation_writes_at_the_end_alone(bpy, addon):
    before = contents(bpy)
    live = Live(bpy)
    assert live.state == {"RUNNING_MODAL"}
    assert live.event("MOUSEMOVE") == {"PASS_THROUGH"}
    assert contents(bpy) == before
    assert live.finish() == {"FINISHED"}
    assert live.reports == [("INFO", "1.0 s on Limber")]
    assert len(bpy.data.actions) == 1 and not live.context.timers
    assert bpy.ops.limber.generate.poll()


def test_at_once_and_live_make_the_same(bpy, addon, rig):
    from blender_addon.rig_action import curves_of

    def values():
        return [[key.co[1] for key in curve.keyframe_points] for curve in curves_of(rig)]

    bpy.ops.limber.generate()
    at_once = values()
    bpy.ops.limber.reject_takes()
    assert Live(bpy).finish() == {"FINISHED"}
    assert values() == at_once


def test_a_second_generation_is_refused_while_one_runs(bpy, addon):
    bpy.context.scene.limber.seconds = 60.0
    live = Live(bpy)
    with pytest.raises(RuntimeError, match="A motion is being made; wait for it or cancel it"):
        bpy.ops.limber.generate()
    assert live.event("ESC") == {"CANCELLED"}
    bpy.context.scene.limber.seconds = 1.0
    assert bpy.ops.limber.generate() == {"FINISHED"}


@pytest.mark.parametrize("how", ["escape", "button", "closed"])
@pytest.mark.parametrize("when", ["loading", "generating", "writing"])
def test_cancelling_leaves_the_scene_as_it_was(bpy, addon, how, when, monkeypatch):
    from blender_addon import live as live_module

    monkeypatch.setattr(live_module, "_WRITING_SECONDS", 0.0)  # one step a tick, on any machine
    settings = bpy.context.scene.limber
    settings.seconds = 1.0 if when == "writing" else 60.0
    before, active = contents(bpy), bpy.context.object
    live = Live(bpy)
    generation = live_module.current()
    if when == "generating":
        live.until(lambda: generation.job.done)
    if when == "writing":
        live.until(lambda: len(bpy.data.actions))
        assert live.state == {"RUNNING_MODAL"} and live.event("MOUSEMOVE") == {"RUNNING_MODAL"}
    began = time.monotonic()
    if how == "escape":
        assert live.event("ESC") == {"CANCELLED"}
    elif how == "button":
        live_module.stop(live.context)  # what the button calls; it finds the timer's window
        assert live.event("TIMER") == {"CANCELLED"}
    else:
        live.operator.cancel(live.context)
    assert time.monotonic() - began < 0.3
    assert generation.job.join(60.0)
    assert live_module.current() is None and not live.context.timers
    assert contents(bpy) == before and bpy.context.object == active


@pytest.mark.parametrize("how", ["active", "its mesh", "selected"])
def test_the_rig_is_taken_from_the_selection(bpy, addon, rig, how):
    mesh = bpy.data.objects.new("Body", bpy.data.meshes.new("Body"))
    bpy.context.collection.objects.link(mesh)
    if how != "active":
        bpy.context.view_layer.objects.active = mesh
    if how == "its mesh":
        mesh.modifiers.new("Armature", "ARMATURE").object = rig
    rig.select_set(how == "selected")
    assert bpy.ops.limber.generate() == {"FINISHED"}
    assert rig.animation_data.action["prompt"]


def test_the_motion_waits_while_something_is_edited(bpy, addon):
    bpy.ops.mesh.primitive_cube_add()
    live = Live(bpy)
    bpy.ops.object.mode_set(mode="EDIT")
    live.until(lambda: live.operator.live.is_waiting)
    assert live.state == {"PASS_THROUGH"} and not bpy.data.actions
    bpy.ops.object.mode_set(mode="OBJECT")
    assert live.finish() == {"FINISHED"}


def test_unregistering_ends_what_runs(bpy, addon, monkeypatch):
    from blender_addon import live as live_module

    bpy.context.scene.limber.seconds = 60.0
    live = Live(bpy)
    monkeypatch.setattr(live_module.bpy, "context", live.context, raising=False)
    job = live_module.current().job
    addon.unregister()
    assert live_module.current() is None and job.join(0.0)
    monkeypatch.undo()
    addon.register()

"""All that may go wrong while generating: a plain report, nothing lost, the add-on still usable."""

import sys
from pathlib import Path
from threading import Event

import pytest

import motion_engine
from motion_engine.errors import GPUMemoryFull

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import PATIENCE_SECONDS, Live, contents
from scripted_rigs import build, scripted_rig

pytestmark = pytest.mark.blender


@pytest.mark.parametrize(("prompt", "message"), [("", "text is empty"), ("  \n", "text is empty")])
def test_no_text_is_refused(bpy, addon, prompt, message):
    before = contents(bpy)
    bpy.context.scene.limber.prompt = prompt
    with pytest.raises(RuntimeError, match=message):
        bpy.ops.limber.generate()
    live = Live(bpy)
    assert live.state == {"CANCELLED"} and message in live.reports[0][1]
    assert contents(bpy) == before


def test_a_range_that_ends_before_the_start_is_refused(bpy, addon):
    scene = bpy.context.scene
    scene.limber.length, scene.frame_end = "RANGE", 50
    scene.frame_set(60)
    with pytest.raises(RuntimeError, match="ends at frame 50"):
        bpy.ops.limber.generate()


def test_what_is_no_character_is_refused(bpy, addon):
    bpy.ops.object.armature_add()
    with pytest.raises(RuntimeError, match="Armature"):
        bpy.ops.limber.generate()
    assert not bpy.data.actions


def test_a_linked_rig_is_refused_and_its_override_driven(bpy, addon, rig, tmp_path):
    path = str(tmp_path / "hero.blend")
    name = rig.name
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.limber.seconds = 1.0
    with bpy.data.libraries.load(path, link=True) as (_, loaded):
        loaded.objects = [name]
    linked = loaded.objects[0]
    bpy.context.collection.objects.link(linked)
    bpy.context.view_layer.objects.active = linked
    with pytest.raises(RuntimeError, match="is linked; make a library override"):
        bpy.ops.limber.generate()
    override = linked.override_create(remap_local_usages=True)
    bpy.context.view_layer.objects.active = override
    assert bpy.ops.limber.generate() == {"FINISHED"}
    assert override.animation_data.action["prompt"] and override.limber_takes.is_open
    assert bpy.ops.limber.reject_takes() == {"FINISHED"}
    assert override.animation_data is None and not bpy.data.actions


def test_a_rig_whose_strip_is_tweaked_is_refused(bpy, addon, rig):
    bpy.ops.limber.generate()
    bpy.ops.limber.push_to_nla()
    rig.animation_data.nla_tracks[0].select = True
    rig.animation_data.use_tweak_mode = True
    if not rig.animation_data.use_tweak_mode:
        pytest.skip("this Blender enters tweak mode in the NLA editor alone")
    with pytest.raises(RuntimeError, match="is being tweaked"):
        bpy.ops.limber.generate()


@pytest.mark.parametrize("how", ["deleted", "stretched", "another bone"])
@pytest.mark.parametrize("when", ["generating", "generated"])
def test_a_rig_deleted_or_changed_meanwhile_loses_nothing(bpy, addon, rig, how, when):
    name = rig.name
    live = Live(bpy)
    if when == "generated":  # not yet seen by a tick, which would begin to write
        assert live.operator.live.job.join(PATIENCE_SECONDS)
    if how == "deleted":
        bpy.data.objects.remove(rig)
    elif how == "stretched":
        rig.scale = (1.0, 2.0, 1.0)
        bpy.context.view_layer.update()
    else:
        rig.pose.bones[0].rotation_mode = "XYZ"
    assert live.finish() == {"FINISHED"}
    kind, text = live.reports[0]
    reasons = {"deleted": "is no longer in this scene", "stretched": "is scaled by"}
    assert kind == "WARNING" and f"{name} {reasons.get(how, 'was changed meanwhile')}" in text
    taker = bpy.context.object
    assert taker.name == "Limber" and taker.animation_data.action["prompt"]
    assert len(bpy.data.actions) == 1


def test_a_rig_deleted_while_it_is_written_loses_nothing(bpy, addon, rig, monkeypatch):
    from blender_addon import live as module

    monkeypatch.setattr(module, "_WRITING_SECONDS", 0.0)  # one step a tick, on any machine
    live = Live(bpy)
    live.until(lambda: len(bpy.data.actions))
    assert live.operator.live.is_at_scene
    bpy.data.objects.remove(rig)
    assert live.finish() == {"FINISHED"}
    kind, text = live.reports[0]
    assert kind == "WARNING" and "is no longer in this scene" in text
    assert bpy.context.object.animation_data.action["prompt"] and len(bpy.data.actions) == 1


def test_a_renamed_rig_is_found_again(bpy, addon, rig):
    live = Live(bpy)
    rig.name = "Another"
    assert live.finish() == {"FINISHED"}
    assert live.reports == [("INFO", "1.0 s on Another")]


@pytest.fixture
def undo(bpy, addon):
    """Undo steps as the window makes them, from the empty scene on."""
    bpy.ops.ed.undo_push(message="Empty")
    return bpy.ops.ed


def test_a_rig_undone_while_generating_loses_nothing(bpy, addon, undo):
    armature = build(scripted_rig("mixamo", "A"))
    bpy.context.view_layer.objects.active = armature
    undo.undo_push(message="Rig")
    live = Live(bpy)
    undo.undo()
    assert not any(item.type == "ARMATURE" for item in bpy.data.objects)
    assert live.finish() == {"FINISHED"}
    kind, text = live.reports[0]
    assert kind == "WARNING" and "is no longer in this scene" in text
    assert bpy.context.object.animation_data.action["prompt"]


def test_an_undo_while_writing_begins_the_writing_anew(bpy, addon, undo, monkeypatch):
    from blender_addon import live as module

    monkeypatch.setattr(module, "_WRITING_SECONDS", 0.0)  # one step a tick, on any machine
    bpy.ops.mesh.primitive_cube_add()
    undo.undo_push(message="Cube")
    bpy.ops.object.select_all(action="DESELECT")
    bpy.context.view_layer.objects.active = None
    undo.undo_push(message="Deselected")
    live = Live(bpy)
    live.until(lambda: len(bpy.data.actions))
    undo.undo()
    assert live.finish() == {"FINISHED"}
    assert len(bpy.data.actions) == 1
    assert sum(item.type == "ARMATURE" for item in bpy.data.objects) == 1


def test_one_undo_takes_a_generation_back(bpy, addon, undo):
    before = contents(bpy)
    bpy.ops.limber.generate()
    undo.undo_push(message="Generate")  # in the window Blender does this after the operator
    undo.undo()
    assert contents(bpy) == before


def test_a_file_saved_while_generating_holds_nothing_of_it(bpy, addon, tmp_path, monkeypatch):
    from blender_addon import live as module

    go_on, work = Event(), module._work

    def work_and_wait(*asked):
        clips = work(*asked)
        assert go_on.wait(PATIENCE_SECONDS)
        return clips

    monkeypatch.setattr(module, "_work", work_and_wait)
    before = contents(bpy)
    live = Live(bpy)
    live.until(lambda: live.operator.live.fraction)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "saved.blend"))
    go_on.set()
    assert live.finish() == {"FINISHED"}
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "saved.blend"))
    assert contents(bpy) == before


def test_another_file_opened_while_generating_ends_it(bpy, addon):
    from blender_addon import live as live_module

    bpy.context.scene.limber.seconds = 60.0
    live = Live(bpy)
    job = live_module.current().job
    bpy.ops.wm.read_factory_settings(use_empty=True)
    assert live_module.current() is None and job.join(60.0)
    assert live.event("TIMER") == {"CANCELLED"}
    assert not bpy.data.actions and bpy.ops.limber.generate.poll()


def test_a_wrong_model_folder_is_named_and_mended(bpy, addon, tmp_path):
    entry = bpy.context.preferences.addons.new()
    entry.module = "blender_addon"
    try:
        entry.preferences.model_folder = str(tmp_path)
        before = contents(bpy)
        with pytest.raises(RuntimeError, match=str(tmp_path)):
            bpy.ops.limber.generate()
        live = Live(bpy)
        assert live.finish() == {"CANCELLED"}
        kind, text = live.reports[0]
        assert kind == "ERROR" and str(tmp_path) in text
        assert contents(bpy) == before and not live.context.timers
        entry.preferences.model_folder = ""
        assert bpy.ops.limber.generate() == {"FINISHED"}
    finally:
        bpy.context.preferences.addons.remove(entry)


def test_a_full_gpu_is_answered_by_the_cpu_and_said(bpy, addon, monkeypatch):
    from blender_addon.model_care import MODEL
    from blender_addon.readiness import model_lines

    def load(choice):
        if choice.device != "cpu":
            raise GPUMemoryFull("it does not fit", "cuda:0")
        return motion_engine.load(choice.name)

    MODEL.unload()
    monkeypatch.setattr(MODEL, "_load", load)
    live = Live(bpy)
    assert live.finish() == {"FINISHED"}
    said = "The GPU's memory is full: made on the CPU, in fp32. 1.0 s on Limber"
    assert live.reports == [("WARNING", said)]
    assert "GPU full: on the CPU, in fp32" in [line.text for line in model_lines()]
    live = Live(bpy)
    assert live.finish() == {"FINISHED"} and live.reports == [("INFO", "1.0 s on Limber")]
    assert bpy.ops.limber.unload_model() == {"FINISHED"}
    assert not any("GPU full" in line.text for line in model_lines())

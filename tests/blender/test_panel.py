"""What register() adds works, and unregister() takes all of it away."""

import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripted_rigs import build, scripted_rig

from motion_engine.errors import LimberError
from motion_engine.motion import Motion

pytestmark = pytest.mark.blender


@pytest.fixture
def addon(bpy, monkeypatch):
    import blender_addon
    from blender_addon import generation

    def standing(command, model, progress) -> Motion:
        progress(0, 0)
        if command.text == "fail":
            raise LimberError("The weights are torn; install Limber again.")
        return Motion.standing(round(command.seconds * 30))

    monkeypatch.setattr(generation, "make_motion", standing)
    blender_addon.register()
    yield blender_addon
    if hasattr(bpy.types, "LIMBER_PT_generate"):
        blender_addon.unregister()


def test_register_and_unregister_twice(bpy, addon):
    addon.unregister()
    assert not hasattr(bpy.types, "LIMBER_PT_generate")
    assert not hasattr(bpy.types.Scene, "limber")
    addon.register()
    assert bpy.context.scene.limber.prompt


def test_generate_makes_a_character_and_then_reuses_it(bpy, addon):
    bpy.context.scene.limber.seconds = 1.0
    bpy.context.scene.render.fps = 30
    assert bpy.ops.limber.generate() == {"FINISHED"}
    armature = bpy.context.view_layer.objects.active
    first = armature.animation_data.action
    assert first["prompt"] == bpy.context.scene.limber.prompt
    assert bpy.ops.limber.generate() == {"FINISHED"}
    assert sum(item.type == "ARMATURE" for item in bpy.data.objects) == 1
    assert armature.animation_data.action != first


def test_generate_drives_the_selected_rig_of_another_make(bpy, addon):
    armature = build(scripted_rig("mixamo", "A"))
    bpy.context.view_layer.objects.active = armature
    bpy.context.scene.limber.seconds = 1.0
    assert bpy.ops.limber.generate() == {"FINISHED"}
    assert [item for item in bpy.data.objects if item.type == "ARMATURE"] == [armature]
    assert armature.animation_data.action["prompt"] == bpy.context.scene.limber.prompt
    assert bpy.context.scene.frame_end >= 30


def test_what_is_no_character_is_refused(bpy, addon):
    bpy.ops.object.armature_add()
    with pytest.raises(RuntimeError, match="Armature"):
        bpy.ops.limber.generate()
    assert not bpy.data.actions


def test_mistakes_are_reported_and_change_nothing(bpy, addon):
    bpy.context.scene.limber.prompt = ""
    with pytest.raises(RuntimeError, match="text is empty"):
        bpy.ops.limber.generate()
    assert not bpy.data.objects


class Window:
    """What the live operator needs of Blender's context beyond what background mode has."""

    def __init__(self, bpy):
        self.bpy, self.timers = bpy, []
        self.window, self.window_manager = object(), self
        self.windows = ()

    def __getattr__(self, name):
        return getattr(self.bpy.context, name)

    def event_timer_add(self, seconds, window):
        self.timers.append(object())
        return self.timers[-1]

    def event_timer_remove(self, timer):
        self.timers.remove(timer)

    def modal_handler_add(self, operator):
        self.operator = operator


class Live:
    """The Generate operator as Blender's window runs it: begun, then called with every event."""

    def __init__(self, bpy):
        from blender_addon.generation import LIMBER_OT_generate

        self.context, self.reports = Window(bpy), []
        names = ("begin", "modal", "cancel")
        steps = {name: vars(LIMBER_OT_generate)[name] for name in names}
        self.operator = type("Generate", (), steps)()
        self.operator.report = lambda kind, text: self.reports.append((*kind, text))
        self.begun = self.operator.begin(self.context)

    def event(self, kind: str, value: str = "PRESS") -> set[str]:
        return self.operator.modal(self.context, SimpleNamespace(type=kind, value=value))

    def finish(self) -> set[str]:
        end = time.monotonic() + 60.0
        while (state := self.event("TIMER")) == {"PASS_THROUGH"}:
            assert time.monotonic() < end
            time.sleep(0.005)
        return state


@pytest.fixture
def held(addon, monkeypatch):
    """The worker waits for this event, wherever it is told of a frame."""
    from blender_addon import generation

    go_on, make = Event(), generation.make_motion

    def slow(command, model, progress):
        while not go_on.wait(0.002):
            progress(4, 16)
        return make(command, model, progress)

    monkeypatch.setattr(generation, "make_motion", slow)
    yield go_on
    go_on.set()


def test_live_generation_writes_once_at_the_end(bpy, addon, held):
    live = Live(bpy)
    assert live.begun == {"RUNNING_MODAL"}
    assert live.event("MOUSEMOVE") == live.event("TIMER") == {"PASS_THROUGH"}
    assert not bpy.data.objects and not bpy.data.actions
    held.set()
    assert live.finish() == {"FINISHED"}
    assert live.reports == [("INFO", "4.0 s on Limber")]
    assert len(bpy.data.actions) == 1 and not live.context.timers
    assert bpy.ops.limber.generate.poll()


def test_a_second_generation_is_refused_while_one_runs(bpy, addon, held):
    live = Live(bpy)
    with pytest.raises(RuntimeError, match="poll"):
        bpy.ops.limber.generate()
    assert live.event("ESC") == {"CANCELLED"}
    held.set()
    assert bpy.ops.limber.generate() == {"FINISHED"}


@pytest.mark.parametrize("how", ["escape", "button", "closed"])
def test_cancelling_leaves_the_scene_as_it_was(bpy, addon, held, how):
    from blender_addon import generation

    live = Live(bpy)
    job = generation.live().job
    began = time.monotonic()
    if how == "escape":
        assert live.event("ESC") == {"CANCELLED"}
    elif how == "button":
        generation.stop(live.context)  # what the button calls; it finds the timer's window
        assert live.event("TIMER") == {"CANCELLED"}
    else:
        live.operator.cancel(live.context)
    assert time.monotonic() - began < 0.3
    assert job.join(60.0)
    assert generation.live() is None and not live.context.timers
    assert not bpy.data.objects and not bpy.data.actions


def test_the_button_s_operator_needs_a_generation(bpy, addon):
    assert not bpy.ops.limber.cancel_generation.poll()
    assert not bpy.ops.limber.unload_model.poll()


def test_an_error_of_the_model_is_reported(bpy, addon):
    bpy.context.scene.limber.prompt = "fail"
    live = Live(bpy)
    assert live.finish() == {"CANCELLED"}
    assert live.reports[0][0] == "ERROR" and "torn" in live.reports[0][1]
    assert not bpy.data.objects and not live.context.timers


@pytest.mark.parametrize("how", ["deleted", "changed"])
def test_a_rig_deleted_or_changed_meanwhile_loses_nothing(bpy, addon, held, how):
    armature = build(scripted_rig("mixamo", "A"))
    bpy.context.view_layer.objects.active = armature
    name = armature.name
    live = Live(bpy)
    if how == "deleted":
        bpy.data.objects.remove(armature)
    else:
        armature.scale = (1.0, 2.0, 1.0)
        bpy.context.view_layer.update()
    held.set()
    assert live.finish() == {"FINISHED"}
    kind, text = live.reports[0]
    reason = "is no longer in this scene" if how == "deleted" else "is scaled by"
    assert kind == "WARNING" and f"{name} {reason}" in text
    taker = bpy.context.object
    assert taker.name == "Limber" and taker.animation_data.action["prompt"]
    assert len(bpy.data.actions) == 1


def test_a_renamed_rig_is_found_again(bpy, addon, held):
    armature = build(scripted_rig("mixamo", "A"))
    bpy.context.view_layer.objects.active = armature
    live = Live(bpy)
    armature.name = "Another"
    held.set()
    assert live.finish() == {"FINISHED"}
    assert live.reports == [("INFO", "4.0 s on Another")]


class Layout:
    """Takes down what is drawn; like a layout of Blender 4.2 and later, or an older one."""

    def __init__(self):
        self.drawn = []

    def label(self, text):
        self.drawn.append(text)

    def operator(self, name, **_):
        self.drawn.append(name)


class LayoutWithBar(Layout):
    def progress(self, *, factor, text):
        self.drawn.append((factor, text.split(",")[0]))


@pytest.mark.parametrize("layout", [Layout(), LayoutWithBar()])
def test_the_panel_shows_how_far_it_is_and_how_to_stop(bpy, addon, held, layout):
    from blender_addon.generation import draw_generation

    live = Live(bpy)
    while not live.operator.live.job.done:
        live.event("TIMER")
    draw_generation(layout)
    shown, button = layout.drawn
    assert button == "limber.cancel_generation"
    if isinstance(layout, LayoutWithBar):
        assert shown == (0.25, "4 of 16 frames")
        assert "text" in bpy.types.UILayout.bl_rna.functions["progress"].parameters
    else:
        assert shown.startswith("4 of 16 frames")
    live.event("ESC")
    draw_generation(layout)
    assert layout.drawn[2:] == ["limber.generate"]


def test_the_motion_waits_while_something_is_edited(bpy, addon, held):
    bpy.ops.mesh.primitive_cube_add()
    live = Live(bpy)
    bpy.ops.object.mode_set(mode="EDIT")
    held.set()
    assert live.operator.live.job.join(60.0)
    assert live.event("TIMER") == {"PASS_THROUGH"}
    assert live.operator.live.is_waiting and not bpy.data.actions
    bpy.ops.object.mode_set(mode="OBJECT")
    assert live.finish() == {"FINISHED"}


def test_unregistering_ends_what_runs(bpy, addon, held, monkeypatch):
    from blender_addon import generation

    live = Live(bpy)
    monkeypatch.setattr(generation.bpy, "context", live.context, raising=False)
    job = generation.live().job
    addon.unregister()
    assert generation.live() is None and job.join(0.0)


def test_importing_the_package_needs_no_bpy():
    code = "import sys, blender_addon; sys.exit('bpy' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_manifest_agrees_with_the_package():
    import blender_addon
    from motion_engine.version import VERSION

    with open(re.sub(r"__init__\.py$", "blender_manifest.toml", blender_addon.__file__), "rb") as f:
        manifest = tomllib.load(f)
    assert manifest["version"] == VERSION == ".".join(map(str, blender_addon.bl_info["version"]))
    assert manifest["name"] == blender_addon.bl_info["name"]
    assert not manifest["tagline"].endswith(".") and len(manifest["tagline"]) <= 64

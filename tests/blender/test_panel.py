"""What register() adds works, and unregister() takes all of it away."""

import json
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import Live
from scripted_rigs import build, scripted_rig

pytestmark = pytest.mark.blender


def traces(bpy) -> dict:
    """All that an add-on can leave behind."""
    found = {name: getattr(bpy.app.handlers, name) for name in dir(bpy.app.handlers)}
    return {
        "types": {name for name in dir(bpy.types) if "LIMBER" in name.upper()},
        "operators": set(dir(bpy.ops.limber)),
        "scene": set(bpy.types.Scene.bl_rna.properties.keys()),
        "object": set(bpy.types.Object.bl_rna.properties.keys()),
        "handlers": {name: len(each) for name, each in found.items() if type(each) is list},
    }


def test_unregistering_leaves_no_trace_and_registering_works_again(bpy):
    import blender_addon

    before = traces(bpy)
    for _ in range(2):
        began = time.process_time()
        blender_addon.register()
        assert time.process_time() - began < 0.3
        assert bpy.context.scene.limber.prompt
        blender_addon.unregister()
        assert traces(bpy) == before


def test_a_generation_after_registering_again(bpy, addon):
    addon.unregister()
    addon.register()
    assert bpy.ops.limber.generate() == {"FINISHED"}


def test_every_property_and_operator_explains_itself(bpy, addon):
    from blender_addon.preferences import LimberPreferences
    from blender_addon.settings import LimberSettings

    for group in (LimberSettings, LimberPreferences):
        for name, prop in group.bl_rna.properties.items():
            if name in group.__annotations__:
                assert prop.description, name
                items = prop.enum_items if prop.type == "ENUM" else ()
                precise = [item.identifier for item in items if not item.description]
                assert not precise, name
    for name in dir(bpy.ops.limber):
        described = getattr(bpy.ops.limber, name).get_rna_type().description
        assert described and described != "(undocumented operator)", name


def test_the_dice_give_other_seeds(bpy, addon):
    seeds = set()
    for _ in range(8):
        assert bpy.ops.limber.new_seed() == {"FINISHED"}
        seeds.add(bpy.context.scene.limber.seed)
    assert len(seeds) > 1


def test_prompts_are_remembered_the_newest_first(bpy, addon):
    from blender_addon.settings import earlier_prompts

    settings = bpy.context.scene.limber
    for prompt in ("a person bows", "a person waves", "a person bows"):
        settings.prompt = prompt
        bpy.ops.limber.generate()
    assert earlier_prompts()[:2] == ["a person bows", "a person waves"]
    bpy.ops.limber.use_prompt(prompt="a person kicks")
    assert settings.prompt == "a person kicks"


def test_presets_keep_and_bring_back_settings(bpy, addon, tmp_path, monkeypatch):
    monkeypatch.setattr(
        bpy.utils, "user_resource", lambda kind, path="", create=False: str(tmp_path / path)
    )
    (tmp_path / "presets" / "limber").mkdir(parents=True)
    # Blender calls the menu by the preset that was chosen last.
    menu = bpy.types.LIMBER_MT_presets
    monkeypatch.setattr(menu, "bl_label", menu.bl_label)
    settings = bpy.context.scene.limber
    style = bpy.context.scene.limber_style
    style.mood, style.speed = "ANGRY", 1.5
    settings.prompt, settings.temperature, settings.variations = "a person dances", 1.25, 4
    bpy.ops.limber.add_preset(name="Lively")
    (kept,) = tmp_path.rglob("*.py")
    settings.prompt, settings.temperature, settings.variations = "a person sits", 0.5, 1
    style.mood, style.speed = "NONE", 1.0
    bpy.ops.script.execute_preset(filepath=str(kept), menu_idname="LIMBER_MT_presets")
    assert (settings.prompt, settings.temperature, settings.variations) == (
        "a person dances",
        1.25,
        4,
    )
    assert (style.mood, style.speed) == ("ANGRY", 1.5)


class Layout:
    """Takes down what is drawn; like a layout of an older Blender."""

    def __init__(self):
        self.drawn = []

    def row(self, **_):
        return self

    column = row

    def label(self, text, icon, translate=True):
        self.drawn.append(text)

    def operator(self, name, **_):
        self.drawn.append(name)


class LayoutWithBar(Layout):
    """Like a layout of Blender 4.2 and later."""

    def progress(self, *, factor, text):
        self.drawn.append((factor, text.split(",")[0]))


@pytest.mark.parametrize("layout", [Layout(), LayoutWithBar()])
def test_the_panel_shows_how_far_it_is_and_how_to_stop(bpy, addon, layout):
    from blender_addon.panel import draw_generation

    bpy.context.scene.limber.seconds = 60.0
    live = Live(bpy)
    job = live.operator.live.job
    live.until(lambda: job.done)
    draw_generation(layout)
    shown, button = layout.drawn
    assert button == "limber.cancel_generation"
    if isinstance(layout, LayoutWithBar):
        assert shown == (job.fraction, f"{job.done} of {job.total} frames")
        assert "text" in bpy.types.UILayout.bl_rna.functions["progress"].parameters
    else:
        assert shown.startswith(f"{job.done} of {job.total} frames")
    live.event("ESC")
    draw_generation(layout)
    assert layout.drawn[2:] == ["limber.generate"]


def test_the_rig_s_line_says_who_takes_the_motion(bpy, addon):
    from blender_addon.readiness import read_now, rig_line

    assert "new mannequin" in rig_line(bpy.context).text
    rig = build(scripted_rig("mixamo", "A"))
    bpy.context.view_layer.objects.active = rig
    assert rig_line(bpy.context).text == "mixamo A: reading"
    read_now()
    line = rig_line(bpy.context)
    assert line.is_ready and "Mixamo" in line.text
    rig.scale = (1.0, 2.0, 1.0)
    bpy.context.view_layer.update()
    rig_line(bpy.context)
    read_now()
    line = rig_line(bpy.context)
    assert not line.is_ready and "scale it evenly" in line.text
    bpy.ops.object.mode_set(mode="EDIT")
    assert "leave Edit Mode" in rig_line(bpy.context).text


def test_the_model_s_lines_tell_memory_and_wrong_folders(bpy, addon, tmp_path):
    from blender_addon.readiness import model_lines

    name, memory, device = (line.text for line in model_lines())
    assert (name, memory) == ("Default model", "Memory: not loaded") and "Device: " in device
    assert not bpy.ops.limber.unload_model.poll()
    bpy.ops.limber.generate()
    assert re.fullmatch(r"Memory: \d\d+ MB", model_lines()[1].text)
    assert bpy.ops.limber.unload_model() == {"FINISHED"}
    assert model_lines()[1].text == "Memory: not loaded"
    entry = bpy.context.preferences.addons.new()
    entry.module = "blender_addon"
    try:
        entry.preferences.model_folder = str(tmp_path / "gone")
        line = model_lines()[0]
        assert not line.is_ready and "No such folder" in line.text
    finally:
        bpy.context.preferences.addons.remove(entry)


def test_a_gpu_that_is_not_there_is_told(bpy, addon, monkeypatch):
    from blender_addon import readiness

    monkeypatch.setattr(readiness, "has_torch", lambda: True)
    for there in (False, True):
        cuda = SimpleNamespace(is_available=lambda there=there: there)
        backends = SimpleNamespace(mps=cuda)
        monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda, backends=backends))
        readiness._is_there.cache_clear()
        line = readiness._device_line("cuda")
        assert line.is_ready == there and "CUDA" in line.text
    readiness._is_there.cache_clear()


def test_quality_is_that_of_a_flow_decoder(bpy, addon, monkeypatch, tmp_path):
    from blender_addon.model_care import MODEL, has_flow
    from motion_engine.errors import LimberError
    from motion_engine.models.model_folder import CONFIG_FILE, model_folder

    config = json.loads((model_folder("default") / CONFIG_FILE).read_text(encoding="utf-8"))
    config["codec"] = {"codec": config["codec"], "flow": {}}
    (tmp_path / CONFIG_FILE).write_text(json.dumps(config), encoding="utf-8")
    assert has_flow(str(tmp_path)) and not has_flow("default") and not has_flow("gone")
    chosen = []

    def load(choice):
        chosen.append(choice)
        raise LimberError("enough")

    monkeypatch.setattr(MODEL, "_load", load)
    bpy.context.scene.limber.quality = 8
    entry = bpy.context.preferences.addons.new()
    entry.module = "blender_addon"
    try:
        for folder in ("", str(tmp_path)):
            entry.preferences.model_folder = folder
            with pytest.raises(RuntimeError, match="enough"):
                bpy.ops.limber.generate()
    finally:
        bpy.context.preferences.addons.remove(entry)
    assert [choice.flow_steps for choice in chosen] == [None, 8]


def test_the_model_goes_before_a_render_and_when_idle(bpy, addon, monkeypatch, tmp_path):
    from blender_addon import model_care

    bpy.ops.limber.generate()
    assert model_care.MODEL.is_loaded
    model_care.unload_if_idle()
    assert model_care.MODEL.is_loaded
    used = model_care.MODEL._used_at
    monkeypatch.setattr(model_care.MODEL, "_used_at", used - 60.0 * 60.0)
    model_care.unload_if_idle()
    assert not model_care.MODEL.is_loaded
    bpy.ops.limber.generate()
    for handler in bpy.app.handlers.render_init:
        handler(bpy.context.scene)
    assert not model_care.MODEL.is_loaded


def test_the_ghost_stands_where_the_clip_will(bpy, addon):
    from blender_addon.clips import make_clips
    from blender_addon.model_care import MODEL
    from blender_addon.preview import Ghost
    from blender_addon.request import Request

    # The finish lets walking feet carry the root, which the ghost does not know yet.
    bpy.context.scene.limber.prompt = "a person waves with the left hand"
    bpy.context.scene.render.fps = 30
    rig = build(scripted_rig("mixamo", "A"))
    rig.location, rig.rotation_euler, rig.scale = (1.0, 2.0, 0.5), (0.0, 0.0, 0.7), [0.5] * 3
    bpy.context.view_layer.objects.active = rig
    bpy.context.view_layer.update()
    ghost, places = Ghost(), []

    def show(chunk, into_world, first):
        ghost.add(chunk, into_world, first)
        hips = chunk.joint_positions()[:, 1:3].mean(axis=1)
        places.extend(hips @ into_world[:3, :3].T + into_world[:3, 3])

    request = Request.read(bpy.context)
    make_clips(request.order, MODEL, lambda *_: None, show)
    vertices, colours = ghost.surface(20)
    assert colours.shape == vertices.shape and 0.0 <= colours.min() < colours.max() <= 1.0
    bpy.ops.limber.generate()
    bpy.context.scene.frame_set(21)
    posed = rig.evaluated_get(bpy.context.evaluated_depsgraph_get())
    names = ("mixamorig:LeftUpLeg", "mixamorig:RightUpLeg")
    hips = np.mean([posed.matrix_world @ posed.pose.bones[name].head for name in names], axis=0)
    assert np.linalg.norm(places[20] - hips) < 0.05
    assert np.linalg.norm(vertices.mean(axis=0) - hips) < 0.3


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

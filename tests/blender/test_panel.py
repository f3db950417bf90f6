"""What register() adds works, and unregister() takes all of it away."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripted_rigs import build, scripted_rig

from motion_engine.errors import LimberError
from motion_engine.motion import Motion

pytestmark = pytest.mark.blender


@pytest.fixture
def addon(bpy, monkeypatch):
    import blender_addon
    from blender_addon import panel

    def standing(prompt: str, seconds: float, seed: int) -> Motion:
        if not prompt:
            raise LimberError("The text is empty; say what the character does.")
        return Motion.standing(round(seconds * 30))

    monkeypatch.setattr(panel, "_generate", standing)
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

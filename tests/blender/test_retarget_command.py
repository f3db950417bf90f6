"""`limber retarget`, from a file with a rig to a file that plays."""

import argparse
import os
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bpy")

from motion_engine.errors import LimberError
from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.verbs.retarget import add_retarget

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rig_scenes import put
from scripted_rigs import build, scripted_rig

pytestmark = pytest.mark.blender


@pytest.fixture
def clip(acting, tmp_path) -> str:
    acting.cut(0, 20).save(tmp_path / "clip.npz")
    return str(tmp_path / "clip.npz")


@pytest.fixture
def hero(bpy, tmp_path) -> str:
    """A file with a control rig."""
    bpy.context.scene.render.fps = 30
    build(scripted_rig("auto_rig_pro", "A", name="Hero"))
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "hero.blend"))
    return str(tmp_path / "hero.blend")


def _command(*arguments: str) -> None:
    parser = argparse.ArgumentParser()
    add_retarget(parser.add_subparsers())
    options = parser.parse_args(["retarget", *arguments])
    options.run(options)


def test_the_command_writes_a_file(bpy, hero, clip, tmp_path, capsys):
    out = tmp_path / "out.blend"
    _command(clip, "--blend", hero, "--out", str(out), "--limbs", "ik", "--at", "11")
    assert "Hero (Auto-Rig Pro, mapping 100%)" in capsys.readouterr().out
    bpy.ops.wm.open_mainfile(filepath=str(out))
    action = bpy.data.objects["Hero"].animation_data.action
    assert action.name == "clip" and action.frame_range[0] == 11.0
    assert sorted(os.listdir(tmp_path)) == ["clip.npz", "hero.blend", "out.blend"]


def _hands(armature, name: str, frames) -> np.ndarray:
    """World places of a bone's head at some frames."""
    import bpy

    places = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        places.append(posed.matrix_world @ posed.pose.bones[name].head)
    return np.array(places)


@pytest.mark.parametrize("suffix", [".fbx", ".glb"])
def test_the_command_writes_the_character_for_other_programs(bpy, acting, clip, tmp_path, suffix):
    bpy.context.scene.render.fps = 30
    hero = build(scripted_rig("unreal_5", "A"))
    build(scripted_rig("mixamo", "A"))
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "two.blend"))
    put(hero, acting.cut(0, 20), RetargetOptions())
    expected = _hands(hero, "hand_l", (1, 9, 20))
    out = tmp_path / f"out{suffix}"
    _command(
        *(clip, "--blend", str(tmp_path / "two.blend")),
        *("--rig", hero.name, "--out", str(out), "--at", "1"),
    )
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = 30
    if suffix == ".fbx":
        bpy.ops.import_scene.fbx(filepath=str(out))
    else:
        bpy.ops.import_scene.gltf(filepath=str(out))
    (found,) = (item for item in bpy.data.objects if item.type == "ARMATURE")
    start = int(found.animation_data.action.frame_range[0])
    places = _hands(found, "hand_l", (start, start + 8, start + 19))
    np.testing.assert_allclose(places, expected, atol=2e-3)


def test_the_command_names_what_is_wrong(hero, clip, tmp_path):
    out = str(tmp_path / "o.blend")
    for arguments, message in (
        ([clip, "--blend", hero, "--out", out, "--rig", "Zero"], "no armature Zero; it holds Hero"),
        ([clip, "--blend", hero], "needs --out"),
        ([clip, "--blend", hero, "--out", "x.obj"], "written as .blend, .fbx"),
        ([clip, "--blend", hero, "--out", out, "--role", "left_hip"], "write ROLE=BONE"),
        ([clip, "--blend", clip, "--out", out], "cannot open"),
        (["--audit", str(tmp_path / "none")], "no such folder"),
    ):
        with pytest.raises(LimberError, match=message):
            _command(*arguments)
    assert sorted(os.listdir(tmp_path)) == ["clip.npz", "hero.blend"]


def test_the_audit_lists_every_rig(bpy, tmp_path, capsys):
    build(scripted_rig("shuffled", "T"))
    stick = bpy.data.objects.new("Stick", bpy.data.armatures.new("Stick"))
    bpy.context.collection.objects.link(stick)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "two.blend"))
    _command("--audit", str(tmp_path))
    lines = capsys.readouterr().out.splitlines()
    assert any("shuffled T" in line and "60%" in line for line in lines)
    assert any("Stick" in line and "no bones" in line for line in lines)

"""Files that Blender writes, opened again by Blender."""

import os

import numpy as np
import pytest

from motion_engine.errors import LimberError
from motion_engine.output import check_output, write_motion
from motion_engine.skeleton import SMPLX

pytestmark = pytest.mark.blender
TITLE = "a person acts"


def _armature(bpy):
    return next(item for item in bpy.data.objects if item.type == "ARMATURE")


def _joints(bpy, frame: int, names=SMPLX.names) -> np.ndarray:
    bpy.context.scene.frame_set(frame)
    posed = _armature(bpy).evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array([posed.matrix_world @ posed.pose.bones[name].head for name in names])


@pytest.fixture
def written(bpy, acting, tmp_path):
    """Writes a suffix, checks that nothing else was left, and gives the path."""

    def write(suffix: str):
        path = tmp_path / f"clip{suffix}"
        write_motion(acting, path, TITLE)
        write_motion(acting, path, TITLE)
        assert os.listdir(tmp_path) == [path.name]
        bpy.ops.wm.read_factory_settings(use_empty=True)
        bpy.context.scene.render.fps = 30
        return path

    return write


def test_blend_opens_and_plays(bpy, written, acting):
    bpy.ops.wm.open_mainfile(filepath=str(written(".blend")))
    scene = bpy.context.scene
    assert (scene.frame_start, scene.frame_end, scene.frame_current) == (1, 40, 1)
    assert scene.render.fps / scene.render.fps_base == pytest.approx(30.0)
    assert _armature(bpy).animation_data.action.name == TITLE
    assert _armature(bpy).animation_data.action["prompt"] == TITLE
    positions = acting.joint_positions()
    for index in (0, 20, 39):
        np.testing.assert_allclose(_joints(bpy, index + 1), positions[index], atol=1e-4)


def test_camera_sees_the_whole_motion(bpy, written):
    from bpy_extras.object_utils import world_to_camera_view
    from mathutils import Vector

    bpy.ops.wm.open_mainfile(filepath=str(written(".blend")))
    scene = bpy.context.scene
    seen = []
    for frame in (1, 10, 20, 30, 40):
        points = _joints(bpy, frame)
        bpy.context.view_layer.update()
        seen += [world_to_camera_view(scene, scene.camera, Vector(point)) for point in points]
    seen = np.array(seen)
    assert seen[:, :2].min() > 0.03 and seen[:, :2].max() < 0.97
    assert np.ptp(seen[:, 1]) > 0.45 or np.ptp(seen[:, 0]) > 0.45
    assert {item.type for item in scene.objects} >= {"LIGHT", "CAMERA", "MESH", "ARMATURE"}


def test_other_rates_are_kept(bpy, acting, tmp_path):
    from dataclasses import replace

    path = tmp_path / "fast.blend"
    write_motion(replace(acting, fps=59.94), path)
    bpy.ops.wm.open_mainfile(filepath=str(path))
    render = bpy.context.scene.render
    assert render.fps / render.fps_base == pytest.approx(59.94, abs=1e-3)
    np.testing.assert_allclose(_joints(bpy, 40), acting.joint_positions()[39], atol=1e-4)


def test_glb_carries_the_motion(bpy, written, acting):
    bpy.ops.import_scene.gltf(filepath=str(written(".glb")))
    frames = bpy.data.actions[0].frame_range
    assert frames[1] - frames[0] == pytest.approx(39.0, abs=1e-3)
    positions = acting.joint_positions()
    found = _joints(bpy, round(frames[0]) + 25)
    np.testing.assert_allclose(found, positions[25], atol=1e-3)


def test_fbx_carries_the_motion(bpy, written, acting):
    bpy.ops.import_scene.fbx(filepath=str(written(".fbx")))
    first = round(bpy.data.actions[0].frame_range[0])
    found = _joints(bpy, first + 25)
    np.testing.assert_allclose(found, acting.joint_positions()[25], atol=1e-3)


def test_usd_carries_the_motion(bpy, written, acting):
    bpy.ops.wm.usd_import(filepath=str(written(".usd")))
    scene = bpy.context.scene
    found = _joints(bpy, scene.frame_start + 25)
    np.testing.assert_allclose(found, acting.joint_positions()[25], atol=1e-3)


def test_failed_save_keeps_the_old_file(bpy, acting, tmp_path, monkeypatch):
    from blender_addon import export

    path = tmp_path / "clip.blend"
    path.write_bytes(b"old")

    def fails(motion, title):
        raise LimberError("no scene today")

    monkeypatch.setattr(export, "build_scene", fails)
    with pytest.raises(LimberError):
        write_motion(acting, path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["clip.blend"]


def test_blender_stays_off_standard_output(bpy, acting, tmp_path, capfd):
    capfd.readouterr()
    for suffix in (".fbx", ".blend", ".usd"):
        write_motion(acting, tmp_path / f"clip{suffix}")
    assert capfd.readouterr().out == ""


def test_outputs_that_need_blender_pass_the_check(bpy, tmp_path):
    for suffix in (".blend", ".fbx", ".glb", ".usd"):
        check_output(tmp_path / f"clip{suffix}")

"""Files written by Blender: .blend, .fbx, .glb and .usd, each from an empty file."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

import bpy

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.motion import Motion

from .scene import add_character, build_scene, new_file


def write_blend(motion: Motion, path: Path, title: str = "") -> None:
    """A scene with the mannequin, camera, light and floor; open it and press play."""
    _write(motion, path, title, build_scene)


def write_fbx(motion: Motion, path: Path, title: str = "") -> None:
    """Armature, mannequin and one take, keys on every frame."""
    _write(motion, path, title, add_character)


def write_glb(motion: Motion, path: Path, title: str = "") -> None:
    """Binary glTF with armature, mannequin and one animation."""
    _write(motion, path, title, add_character)


def write_usd(motion: Motion, path: Path, title: str = "") -> None:
    """A UsdSkel character with its animation."""
    _write(motion, path, title, add_character)


def _write(motion: Motion, path: Path, title: str, build: Callable[[Motion, str], object]) -> None:
    if not bpy.app.background:
        raise LimberError(
            f"{path.name} would replace the open file; write it from the command line, "
            "or use File > Export."
        )
    with quiet():
        new_file()
        build(motion, title)
    save_scene(path)


def save_scene(path: Path, selected_only: bool = False) -> None:
    """Write the open file by the suffix of ``path``: a copy as .blend, else its objects (or the
    selected ones) with what they play over the scene's frames."""
    with quiet(), replaced_when_done(path) as temporary:
        try:
            _SAVERS[path.suffix.lower()](str(temporary), selected_only)
        except RuntimeError as error:
            raise LimberError(f"{path}: Blender could not write it ({error}).") from error


def _save_blend(filepath: str, selected_only: bool) -> None:
    bpy.ops.wm.save_as_mainfile(filepath=filepath, copy=True, compress=True)


def _save_fbx(filepath: str, selected_only: bool) -> None:
    bpy.ops.export_scene.fbx(
        filepath=filepath,
        use_selection=selected_only,
        object_types={"ARMATURE", "MESH"},
        add_leaf_bones=False,
        bake_anim_use_nla_strips=False,
        bake_anim_use_all_actions=False,
        bake_anim_simplify_factor=0.0,
    )


def _save_glb(filepath: str, selected_only: bool) -> None:
    bpy.ops.export_scene.gltf(
        filepath=filepath,
        use_selection=selected_only,
        export_format="GLB",
        export_optimize_animation_size=False,
    )


def _save_usd(filepath: str, selected_only: bool) -> None:
    bpy.ops.wm.usd_export(
        filepath=filepath, selected_objects_only=selected_only, export_animation=True
    )


_SAVERS = {".blend": _save_blend, ".fbx": _save_fbx, ".glb": _save_glb, ".usd": _save_usd}


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the chatter of exporters, in Python and in C, off the program's standard output."""
    output = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        with redirect_stdout(StringIO()):
            yield
    finally:
        os.dup2(output, 1)
        os.close(output)
        os.close(nowhere)

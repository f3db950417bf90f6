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

    def save(filepath: str) -> None:
        bpy.ops.wm.save_as_mainfile(filepath=filepath, copy=True, compress=True)

    _write(motion, path, title, build_scene, save)


def write_fbx(motion: Motion, path: Path, title: str = "") -> None:
    """Armature, mannequin and one take, keys on every frame."""

    def export(filepath: str) -> None:
        bpy.ops.export_scene.fbx(
            filepath=filepath,
            object_types={"ARMATURE", "MESH"},
            add_leaf_bones=False,
            bake_anim_use_nla_strips=False,
            bake_anim_use_all_actions=False,
            bake_anim_simplify_factor=0.0,
        )

    _write(motion, path, title, add_character, export)


def write_glb(motion: Motion, path: Path, title: str = "") -> None:
    """Binary glTF with armature, mannequin and one animation."""

    def export(filepath: str) -> None:
        bpy.ops.export_scene.gltf(
            filepath=filepath, export_format="GLB", export_optimize_animation_size=False
        )

    _write(motion, path, title, add_character, export)


def write_usd(motion: Motion, path: Path, title: str = "") -> None:
    """A UsdSkel character with its animation."""

    def export(filepath: str) -> None:
        bpy.ops.wm.usd_export(filepath=filepath, export_animation=True)

    _write(motion, path, title, add_character, export)


def _write(
    motion: Motion,
    path: Path,
    title: str,
    build: Callable[[Motion, str], object],
    save: Callable[[str], None],
) -> None:
    if not bpy.app.background:
        raise LimberError(
            f"{path.name} would replace the open file; write it from the command line, "
            "or use File > Export."
        )
    with quiet():
        new_file()
        build(motion, title)
        with replaced_when_done(path) as temporary:
            try:
                save(str(temporary))
            except RuntimeError as error:
                raise LimberError(f"{path}: Blender could not write it ({error}).") from error


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

"""Write a motion as the kind of file that the name asks for."""

import os
from collections.abc import Callable
from importlib import import_module, util
from pathlib import Path

from .errors import LimberError
from .motion import Motion


def check_output(path: str | os.PathLike) -> None:
    """Raise LimberError now if :func:`write_motion` could not write there later."""
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        kind = f"{suffix} files" if suffix else "a file without a suffix"
        raise LimberError(f"{path}: cannot write {kind}; choose from {', '.join(_WRITERS)}.")
    if path.is_dir():
        raise LimberError(f"{path} is a folder; name a file.")
    if not path.parent.is_dir():
        raise LimberError(f"{path}: there is no folder {path.parent}; create it first.")
    if not os.access(path.parent, os.W_OK):
        raise LimberError(f"{path}: the folder {path.parent} is not writable; choose another one.")
    if suffix in _BLENDER_SUFFIXES and not _installed("bpy", "blender_addon"):
        raise LimberError(f'{path}: {suffix} files need Blender: pip install "limber[blender]".')
    if suffix == ".png" and not _installed("PIL"):
        raise LimberError(f'{path}: pictures need Pillow: pip install "limber[sheets]".')


def write_motion(motion: Motion, path: str | os.PathLike, title: str = "") -> None:
    """Write ``.npz`` (AMASS / SMPL-X), ``.bvh``, ``.png`` (contact sheet), or, with Blender,
    ``.blend``, ``.fbx``, ``.glb`` or ``.usd`` by the suffix of ``path``.

    ``title`` is shown on pictures and names the Action. The file appears when it is complete.
    Raises LimberError for anything that cannot be written.
    """
    path = Path(path)
    check_output(path)
    try:
        _WRITERS[path.suffix.lower()](motion, path, title)
    except OSError as error:
        raise LimberError(f"{path}: could not be written ({error.strerror or error}).") from error


def _installed(*packages: str) -> bool:
    return all(util.find_spec(package) is not None for package in packages)


def _write_npz(motion: Motion, path: Path, title: str) -> None:
    motion.save(path)


def _write_bvh(motion: Motion, path: Path, title: str) -> None:
    from .formats.bvh import write_bvh

    write_bvh(motion, path)


def _write_png(motion: Motion, path: Path, title: str) -> None:
    from .drawing.contact_sheet import write_contact_sheet

    write_contact_sheet(motion, path, title)


def _blender_writer(name: str) -> Callable[[Motion, Path, str], None]:
    """A function of ``blender_addon.export``, found by name when it is used: this package runs
    without bpy."""

    def write(motion: Motion, path: Path, title: str) -> None:
        getattr(import_module("blender_addon.export"), name)(motion, path, title)

    return write


_BLENDER_SUFFIXES = (".blend", ".fbx", ".glb", ".usd")
_WRITERS = {
    ".npz": _write_npz,
    ".bvh": _write_bvh,
    ".png": _write_png,
    **{suffix: _blender_writer(f"write_{suffix[1:]}") for suffix in _BLENDER_SUFFIXES},
}

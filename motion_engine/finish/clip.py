"""A clip that is to be edited, whichever kind of file it comes from."""

from pathlib import Path
from typing import Protocol

from ..errors import LimberError
from ..formats.importer import import_motion
from ..motion import Motion
from .region import Region, spliced


class Clip(Protocol):
    """``motion`` at the clip's own rate; see :class:`npz_clip.NpzClip`."""

    path: Path

    @property
    def motion(self) -> Motion: ...

    @property
    def at_engine_rate(self) -> Motion: ...

    def check(self, region: Region) -> None: ...

    def edited(self, engine_motion: Motion, region: Region) -> Motion: ...

    def write(self, motion: Motion, region: Region, path: Path) -> None: ...


def read_clip(path: Path) -> Clip:
    """``.npz`` and ``.bvh`` keep what they came with; ``.amc`` becomes our skeleton at 30 fps."""
    suffix = path.suffix.lower()
    if suffix == ".npz":
        from .npz_clip import NpzClip

        return NpzClip.read(path)
    if suffix == ".bvh":
        from .bvh_clip import BvhClip

        return BvhClip.read(path)
    return ImportedClip(path, import_motion(path))


class ImportedClip:
    """A clip on our skeleton at 30 fps, with no file of its own to write back to."""

    def __init__(self, path: Path, motion: Motion):
        self.path, self.motion = path, motion

    @property
    def at_engine_rate(self) -> Motion:
        return self.motion

    def check(self, region: Region) -> None:
        pass

    def edited(self, engine_motion: Motion, region: Region) -> Motion:
        return spliced(self.motion, engine_motion, region)

    def write(self, motion: Motion, region: Region, path: Path) -> None:
        raise LimberError(f"{path}: {self.path.suffix} files are not written; choose .npz or .bvh.")

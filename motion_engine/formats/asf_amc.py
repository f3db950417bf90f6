"""Acclaim ``.asf`` skeletons with ``.amc`` motions, as the CMU mocap library has them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import rotations
from ..errors import LimberError
from ..skeleton import Skeleton
from .recording import Recording, check_names, whole_rate

CMU_FPS = 120.0
INCH_M = 0.0254
MENDING = "download the file again"


@dataclass
class _Bone:
    """``vector [3]`` metres: from the joint to its tip. ``axis`` wxyz: the turn from the axes of
    the bone's channels to the world. ``channels`` such as ``("rx", "rz")``."""

    name: str
    vector: np.ndarray
    axis: np.ndarray
    channels: tuple[str, ...]


@dataclass
class _Asf:
    """``bones`` with the root first and parents before children, ``parents`` by index,
    ``metres`` per unit of length in the ``.amc``, ``radians`` per unit of angle."""

    bones: list[_Bone]
    parents: list[int]
    metres: float
    radians: float


def skeleton_file(amc_path: str | os.PathLike) -> Path:
    """The ``.asf`` beside an ``.amc``: 01_02.amc belongs to 01_02.asf or 01.asf.

    Raises LimberError where neither lies there.
    """
    path = Path(amc_path)
    subject = path.stem.split("_")[0]
    for stem in (path.stem, subject):
        for suffix in (".asf", ".ASF"):
            if (candidate := path.with_name(stem + suffix)).is_file():
                return candidate
    raise LimberError(
        f"{path}: its skeleton {subject}.asf is missing; put it into the same folder."
    )


def read_amc(path: str | os.PathLike, fps: float = CMU_FPS) -> Recording:
    """Read an ``.amc`` with the ``.asf`` beside it, in metres, Y up.

    AMC files do not state their rate; CMU's are at 120 frames a second but for a few.
    The rotation of a bone in the world's axes is ``C M C^-1``, with ``C`` the bone's axis and
    ``M`` its channels. Raises LimberError for missing, cut or inconsistent files.
    """
    path = Path(path)
    asf = read_asf(skeleton_file(path))
    values = _read_frames(path, {bone.name: len(bone.channels) for bone in asf.bones})
    offsets = np.array([asf.bones[max(parent, 0)].vector for parent in asf.parents])
    count = len(values[asf.bones[0].name])
    positions = np.tile(offsets, (count, 1, 1))
    turns = np.tile(rotations.IDENTITY, (count, len(asf.bones), 1))
    for index, bone in enumerate(asf.bones):
        series = dict(zip(bone.channels, values[bone.name].T))
        turns[:, index] = _turns(bone, series, count, asf.radians)
        if index == 0:
            path_in_units = np.stack(
                [series.get(c, np.zeros(count)) for c in ("tx", "ty", "tz")], -1
            )
            positions[:, 0] = path_in_units * asf.metres
    skeleton = Skeleton(tuple(bone.name for bone in asf.bones), np.array(asf.parents), offsets)
    leaves = set(range(len(asf.bones))) - set(asf.parents)
    ends = {asf.bones[leaf].name: asf.bones[leaf].vector for leaf in sorted(leaves)}
    return Recording(skeleton, positions, turns, whole_rate(fps), ends)


def _turns(bone: _Bone, series: dict[str, np.ndarray], count: int, radians: float) -> np.ndarray:
    """Local rotations ``[F, 4]``; the channel written first is applied first."""
    order = [channel for channel in bone.channels if channel in ("rx", "ry", "rz")]
    if not order:
        return np.tile(rotations.IDENTITY, (count, 1))
    angles = np.stack([series[channel] for channel in reversed(order)], axis=-1) * radians
    moved = rotations.from_euler(angles, "".join(channel[1] for channel in reversed(order)))
    return rotations.multiply(rotations.multiply(bone.axis, moved), rotations.conjugate(bone.axis))


def read_asf(path: Path) -> _Asf:
    """Read the skeleton. Raises LimberError where a section is missing or not understood."""
    sections = _sections(path)
    try:
        units = dict(line.split()[:2] for line in sections["units"] if len(line.split()) > 1)
        metres = INCH_M / float(units.get("length", 1.0))
        radians = 1.0 if units.get("angle", "deg").startswith("rad") else np.pi / 180.0
        bones = [_read_root(sections["root"], radians)]
        bones += _read_bones(sections["bonedata"], metres, radians)
        return _in_order(bones, _links(sections["hierarchy"]), metres, radians)
    except (KeyError, ValueError, IndexError) as error:
        raise LimberError(f"{path}: not a whole .asf skeleton ({error}); {MENDING}.") from None


def _sections(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        line = line.split("#")[0].strip()
        if line.startswith(":"):
            current = sections.setdefault(line[1:].split()[0].lower(), [])
        elif line:
            current.append(line)
    return sections


def _axis(words: list[str], order: str, radians: float) -> np.ndarray:
    """Fixed-axis rotation: XYZ turns about the world's X first."""
    angles = np.array([float(word) for word in words]) * radians
    return rotations.from_euler(angles[::-1], order[::-1].lower())


def _read_root(lines: list[str], radians: float) -> _Bone:
    entries = {line.split()[0].lower(): line.split()[1:] for line in lines}
    axis = _axis(entries["orientation"], entries["axis"][0], radians)
    channels = tuple(word.lower() for word in entries["order"])
    return _Bone("root", np.zeros(3), axis, channels)


def _read_bones(lines: list[str], metres: float, radians: float) -> list[_Bone]:
    bones = []
    for block in re.split(r"\bbegin\b", "\n".join(lines))[1:]:
        entries = {line.split()[0]: line.split()[1:] for line in block.splitlines() if line.split()}
        x, y, z = (float(word) for word in entries["direction"])
        vector = np.array([x, y, z]) * float(entries["length"][0]) * metres
        axis = _axis(entries["axis"][:3], entries["axis"][3], radians)
        channels = tuple(word.lower() for word in entries.get("dof", ()))
        bones.append(_Bone(entries["name"][0], vector, axis, channels))
    return bones


def _links(lines: list[str]) -> dict[str, str]:
    """Parent of each bone, by name."""
    pairs = [line.split() for line in lines if line not in ("begin", "end")]
    return {child: parent for parent, *children in pairs for child in children}


def _in_order(bones: list[_Bone], parent_of: dict, metres: float, radians: float) -> _Asf:
    by_name = {bone.name: bone for bone in bones}
    check_names([bone.name for bone in bones], "the .asf file")
    ordered = ["root"]
    for name in ordered:
        children = [child for child, parent in parent_of.items() if parent == name]
        if not set(children).isdisjoint(ordered):
            raise ValueError(f"{name!r} has a child that stands above it")
        ordered += children
    lost = set(by_name) ^ set(ordered)
    if lost:
        raise ValueError(f"bone {min(lost)!r} is not in both bonedata and hierarchy")
    parents = [-1] + [ordered.index(parent_of[name]) for name in ordered[1:]]
    return _Asf([by_name[name] for name in ordered], parents, metres, radians)


def _read_frames(path: Path, widths: dict[str, int]) -> dict[str, np.ndarray]:
    """Channel values ``[F, channels]`` by bone, zero for bones without channels."""
    if not path.is_file():
        raise LimberError(f"{path}: no such file.")
    rows: dict[str, list] = {name: [] for name, width in widths.items() if width}
    frames = 0
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if not words or line.startswith(("#", ":")):
            continue
        if len(words) == 1 and words[0].isdigit():
            frames += 1
        elif frames and words[0] in rows and len(words) == widths[words[0]] + 1:
            rows[words[0]].append(words[1:])
        else:
            raise LimberError(f"{path}: frame {frames}, {words[0]!r} does not fit the skeleton.")
    if not frames:
        raise LimberError(f"{path}: the file holds no frames; {MENDING}.")
    short = [name for name, row in rows.items() if len(row) != frames]
    if short:
        raise LimberError(f"{path}: {short[0]} is missing in some frame; {MENDING}.")
    return {name: _finite(rows.get(name), path, frames) for name in widths}


def _finite(row: list | None, path: Path, frames: int) -> np.ndarray:
    try:
        values = np.array(row, dtype=np.float64) if row else np.zeros((frames, 0))
    except ValueError as error:
        raise LimberError(f"{path}: a frame holds something else than numbers ({error}).") from None
    if not np.isfinite(values).all():
        raise LimberError(f"{path}: a frame holds NaN or infinite values; repair the source.")
    return values

"""Biovision hierarchy (``.bvh``): read any skeleton, write a Motion."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .. import rotations
from ..errors import LimberError
from ..files import replaced_when_done
from ..motion import FASTEST_FPS, SLOWEST_FPS, Motion
from ..skeleton import STANDING, Skeleton
from .recording import Recording, check_names, whole_rate

MENDING = "export the clip again"


@dataclass
class _Joint:
    name: str
    parent: int
    offset: tuple[float, ...] = (0.0, 0.0, 0.0)
    channels: tuple[str, ...] = ()
    end_offset: np.ndarray | None = None


@dataclass
class _Words:
    """The words of the hierarchy, taken one at a time."""

    words: list[str]
    path: Path
    at: int = field(default=0)

    def take(self) -> str:
        if self.at >= len(self.words):
            raise LimberError(f"{self.path}: the hierarchy is cut off; {MENDING}.")
        self.at += 1
        return self.words[self.at - 1]

    def numbers(self, count: int) -> tuple[float, ...]:
        taken = [self.take() for _ in range(count)]
        try:
            values = tuple(float(word) for word in taken)
        except ValueError:
            raise LimberError(
                f"{self.path}: expected {count} numbers, found {' '.join(taken)!r}; {MENDING}."
            ) from None
        if not np.isfinite(values).all():
            raise LimberError(f"{self.path}: an offset is not a finite number; {MENDING}.")
        return values


def read_bvh(path: str | os.PathLike) -> Recording:
    """Read a BVH file of any hierarchy and channel order.

    Position channels replace the joint's offset. Raises LimberError, in one line, for files that
    are missing, empty, cut off, not BVH, or that hold NaN or the wrong number of values.
    """
    path = Path(path)
    text = _read_text(path)
    hierarchy, marker, motion = _split_at_motion(text)
    if not hierarchy.lstrip("\ufeff \t\r\n").startswith("HIERARCHY"):
        raise LimberError(f"{path}: not a BVH file (it does not begin with HIERARCHY).")
    if not marker:
        raise LimberError(f"{path}: the MOTION part is missing; {MENDING}.")
    joints = _read_hierarchy(_Words(hierarchy.split()[1:], path))
    fps, values = _read_motion(motion, sum(len(joint.channels) for joint in joints), path)
    return _recording(joints, fps, values, path)


def _read_text(path: Path) -> str:
    if not path.is_file():
        raise LimberError(f"{path}: no such file.")
    text = path.read_bytes().decode("utf-8", errors="replace")
    if not text.strip():
        raise LimberError(f"{path}: the file is empty; {MENDING}.")
    return text


def _split_at_motion(text: str) -> tuple[str, str, str]:
    """What stands before, at and after the line that only says MOTION."""
    marker = re.search(r"^\s*MOTION\b", text, re.MULTILINE)
    if not marker:
        return text, "", ""
    return text[: marker.start()], marker.group(), text[marker.end() :]


def _read_hierarchy(words: _Words) -> list[_Joint]:
    joints: list[_Joint] = []
    open_joints: list[int | None] = []
    while words.at < len(words.words):
        word = words.take()
        if word in ("ROOT", "JOINT"):
            _open_joint(words, joints, open_joints, word)
        elif word == "End" and open_joints and open_joints[-1] is not None:
            words.take()
            _expect_brace(words)
            open_joints.append(None)
        elif word == "}" and open_joints:
            open_joints.pop()
        elif word == "OFFSET" and open_joints:
            _set_offset(words, joints, open_joints)
        elif word == "CHANNELS" and open_joints and open_joints[-1] is not None:
            joints[open_joints[-1]].channels = _read_channels(words)
        else:
            raise LimberError(f"{words.path}: unexpected {word!r} in the hierarchy; {MENDING}.")
    if open_joints or not joints:
        raise LimberError(f"{words.path}: the hierarchy is cut off; {MENDING}.")
    check_names([joint.name for joint in joints], words.path)
    return joints


def _open_joint(words: _Words, joints: list[_Joint], open_joints: list, word: str) -> None:
    if word == "ROOT" and joints:
        raise LimberError(f"{words.path}: more than one ROOT; export one character per file.")
    if word == "JOINT" and (not open_joints or open_joints[-1] is None):
        raise LimberError(f"{words.path}: a JOINT stands outside its parent; {MENDING}.")
    name = [words.take()]
    while (following := words.take()) != "{":
        name.append(following)
    joints.append(_Joint(" ".join(name), open_joints[-1] if open_joints else -1))
    open_joints.append(len(joints) - 1)


def _expect_brace(words: _Words) -> None:
    if words.take() != "{":
        raise LimberError(f"{words.path}: an End Site lacks its brace; {MENDING}.")


def _set_offset(words: _Words, joints: list[_Joint], open_joints: list) -> None:
    offset = words.numbers(3)
    if open_joints[-1] is None:
        joints[open_joints[-2]].end_offset = np.array(offset)
    else:
        joints[open_joints[-1]].offset = offset


def _read_channels(words: _Words) -> tuple[str, ...]:
    count = words.numbers(1)[0]
    if count != int(count) or not 0 <= count <= 6:
        raise LimberError(f"{words.path}: a joint has {count} channels, expected 0 to 6.")
    channels = tuple(words.take() for _ in range(int(count)))
    for channel in channels:
        axis, kind = channel[:1].upper(), channel[1:].lower()
        if axis not in ("X", "Y", "Z") or kind not in ("position", "rotation"):
            raise LimberError(f"{words.path}: unknown channel {channel!r}; {MENDING}.")
    return tuple(channel[0].lower() + channel[1:].lower() for channel in channels)


def _read_motion(text: str, channels: int, path: Path) -> tuple[float, np.ndarray]:
    """Frame rate and values ``[F, channels]``."""
    frames_word, _, rest = text.partition(":")
    count_word, _, rest = rest.partition("Frame Time:")
    lines = rest.strip().split(None, 1)
    try:
        count, frame_time = int(count_word), float(lines[0])
    except (ValueError, IndexError):
        raise LimberError(f"{path}: Frames or Frame Time is missing; {MENDING}.") from None
    if frames_word.strip() != "Frames" or not 1.0 / FASTEST_FPS <= frame_time <= 1.0 / SLOWEST_FPS:
        raise LimberError(f"{path}: Frames or Frame Time is not valid; {MENDING}.")
    if count < 1 or len(lines) < 2:
        raise LimberError(f"{path}: the file holds no frames; {MENDING}.")
    try:
        values = np.array(lines[1].split(), dtype=np.float64)
    except ValueError as error:
        raise LimberError(f"{path}: a frame holds something else than numbers ({error}).") from None
    if values.size != count * channels:
        raise LimberError(
            f"{path}: {count} frames of {channels} channels need {count * channels} values, "
            f"the file has {values.size}; {MENDING}."
        )
    if not np.isfinite(values).all():
        raise LimberError(f"{path}: a frame holds NaN or infinite values; repair the source.")
    return whole_rate(1.0 / frame_time), values.reshape(count, channels)


def _recording(joints: list[_Joint], fps: float, values: np.ndarray, path: Path) -> Recording:
    offsets = np.array([joint.offset for joint in joints], dtype=np.float64)
    positions = np.tile(offsets, (len(values), 1, 1))
    turns = np.tile(rotations.IDENTITY, (len(values), len(joints), 1))
    column = 0
    for index, joint in enumerate(joints):
        block = values[:, column : column + len(joint.channels)]
        column += len(joint.channels)
        order = ""
        angles = []
        for channel, series in zip(joint.channels, block.T):
            if channel.endswith("position"):
                positions[:, index, "xyz".index(channel[0])] = series
            else:
                order += channel[0]
                angles.append(np.radians(series))
        if order:
            turns[:, index] = rotations.from_euler(np.stack(angles, axis=-1), order)
    skeleton = Skeleton(
        tuple(joint.name for joint in joints), np.array([j.parent for j in joints]), offsets
    )
    ends = {joint.name: joint.end_offset for joint in joints if joint.end_offset is not None}
    return Recording(skeleton, positions, rotations.normalize(turns), fps, ends)


def write_bvh(motion: Motion, path: str | os.PathLike, units_per_metre: float = 100.0) -> None:
    """Write a motion as BVH: Y up, facing +Z at rest, centimetres (or any ``units_per_metre``),
    Euler angles in ZYX order, positions for the root only."""
    path = Path(path)
    turns = motion.local_rotations.copy()
    upright = rotations.conjugate(STANDING)
    turns[:, 0] = rotations.multiply(upright, turns[:, 0])
    angles = np.degrees(rotations.to_euler(turns, "zyx"))
    positions = rotations.rotate(upright, motion.root_positions) * units_per_metre
    order, lines = [], ["HIERARCHY"]
    _write_joint(motion.skeleton, 0, 0, units_per_metre, lines, order)
    lines += ["MOTION", f"Frames: {motion.frames}", f"Frame Time: {1.0 / motion.fps:.12g}"]
    rows = np.concatenate([positions, angles[:, order].reshape(motion.frames, -1)], axis=1)
    lines += [" ".join(f"{value:.6f}" for value in row) for row in rows]
    with replaced_when_done(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _write_joint(
    skeleton: Skeleton, joint: int, depth: int, scale: float, lines: list[str], order: list[int]
) -> None:
    indent = "\t" * depth
    order.append(joint)
    offset = skeleton.offsets[joint] * scale if joint else np.zeros(3)
    channels = "3 Zrotation Yrotation Xrotation"
    if not joint:
        channels = "6 Xposition Yposition Zposition Zrotation Yrotation Xrotation"
    lines.append(f"{indent}{'JOINT' if joint else 'ROOT'} {skeleton.names[joint]}")
    lines.append(f"{indent}{{")
    lines.append(f"{indent}\tOFFSET {_numbers(offset)}")
    lines.append(f"{indent}\tCHANNELS {channels}")
    for child in skeleton.children[joint]:
        _write_joint(skeleton, child, depth + 1, scale, lines, order)
    if not skeleton.children[joint]:
        tip = skeleton.offsets[joint] * scale * 0.5
        lines += [f"{indent}\tEnd Site", f"{indent}\t{{"]
        lines += [f"{indent}\t\tOFFSET {_numbers(tip)}", f"{indent}\t}}"]
    lines.append(f"{indent}}}")


def _numbers(values: np.ndarray) -> str:
    return " ".join(f"{value:.6f}" for value in values)

"""A ``.bvh`` of any known skeleton that keeps every number it came with, as it was written."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from .. import rotations
from ..edit.curves import resampled
from ..errors import LimberError
from ..files import replaced_when_done
from ..formats.bvh import read_bvh
from ..formats.carry_over import Source, leg_ratio
from ..formats.families import END, Family, identify
from ..formats.importer import motion_from_recording, without_added_rest_pose
from ..formats.recording import Recording
from ..motion import Motion
from ..skeleton import SMPLX, STANDING
from .region import Region, moves_root, spliced


@dataclass(frozen=True, eq=False)
class BvhClip:
    """The file's ``text``, the ``recording`` that it holds from frame ``lead_in`` on (an added
    T-pose goes before), and that recording carried over to our skeleton at 30 fps."""

    path: Path
    text: str
    recording: Recording
    lead_in: int
    at_engine_rate: Motion

    @staticmethod
    def read(path: Path) -> "BvhClip":
        """Raises LimberError for other files and unknown skeletons."""
        whole = read_bvh(path)
        family, recording = identify(whole.skeleton.names), whole
        if family.lead_in:
            recording = without_added_rest_pose(whole, family.lead_in)
        lead_in = whole.frames - recording.frames
        text = path.read_bytes().decode("utf-8", errors="surrogateescape")
        return BvhClip(path, text, recording, lead_in, motion_from_recording(whole))

    @cached_property
    def motion(self) -> Motion:
        return resampled(self.at_engine_rate, self.recording.fps, self.recording.frames)

    @cached_property
    def family(self) -> Family:
        return identify(self.recording.skeleton.names)

    def check(self, region: Region) -> None:
        """Raises LimberError where the file has none of the region's joints."""
        found = self._driven_by(region)
        for joint in region.joints:
            if SMPLX.names[joint].startswith("spine") or joint in found.values():
                continue
            if not self.family.joints.get(SMPLX.names[joint], "").endswith(END):
                raise LimberError(
                    f"{self.path}: holds no animation of {SMPLX.names[joint]}; edit other parts."
                )

    def edited(self, engine_motion: Motion, region: Region) -> Motion:
        """The clip at its own rate with the region of a motion at 30 fps."""
        take = resampled(engine_motion, self.recording.fps, self.recording.frames)
        return spliced(self.motion, take, region)

    def write(self, motion: Motion, region: Region, path: Path) -> None:
        """The file's text with the numbers of the region's joints and frames replaced."""
        turns, positions = self._changed(motion, region)
        header, words = self._split()
        channels = _channels(header)
        width = sum(map(len, channels.values()))
        for row in region.frames:
            first = (self.lead_in + row) * width
            for name in self._driven_by(region):
                joint = self.recording.skeleton.index(name)
                _write_angles(words, first, channels[name], turns[row, joint])
                if moves_root(region) and joint == self._root:
                    _write_position(words, first, channels[name], positions[row])
        text = header + "".join(words)
        with replaced_when_done(path) as temporary:
            temporary.write_bytes(text.encode("utf-8", errors="surrogateescape"))

    @property
    def _root(self) -> int:
        return self.recording.skeleton.index(self.family.joints["pelvis"])

    def _driven_by(self, region: Region) -> dict[str, int]:
        """Joints of the file that the region's joints drive, in the file's order."""
        family, driven = self.family, {}
        for joint, name in enumerate(SMPLX.names):
            source = family.joints.get(name, END)
            if joint in region.joints and not source.endswith(END):
                driven[source] = joint
        for place, source in enumerate(family.spine):
            number = 3 if len(family.spine) == 1 else 1 + round(2 * place / (len(family.spine) - 1))
            if SMPLX.index(f"spine{number}") in region.joints:
                driven.setdefault(source, SMPLX.index(f"spine{number}"))
        order = self.recording.skeleton.names
        return {name: driven[name] for name in order if name in driven}

    def _changed(self, motion: Motion, region: Region) -> tuple[np.ndarray, np.ndarray]:
        """Local rotations ``[F, J, 4]`` and the root's positions ``[F, 3]`` of the file's skeleton
        that follow from the motion: each joint turns, in the world, as ours has turned."""
        recording, family = self.recording, self.family
        up = STANDING if family.up == "y" else rotations.IDENTITY
        before, after = self.motion, motion
        delta = rotations.multiply(
            after.world_rotations(), rotations.conjugate(before.world_rotations())
        )
        delta = rotations.multiply(rotations.multiply(rotations.conjugate(up), delta), up)
        _, world = recording.forward_kinematics()
        local, driven = recording.local_rotations.copy(), self._driven_by(region)
        turned = np.empty_like(world)
        for joint, parent in enumerate(recording.skeleton.parents):
            above = turned[:, parent] if parent >= 0 else rotations.IDENTITY
            ours = driven.get(recording.skeleton.names[joint])
            if ours is not None:
                turned[:, joint] = rotations.multiply(delta[:, ours], world[:, joint])
                local[:, joint] = rotations.multiply(rotations.conjugate(above), turned[:, joint])
            else:
                turned[:, joint] = rotations.multiply(above, local[:, joint])
        moved = rotations.rotate(
            rotations.conjugate(up), after.root_positions - before.root_positions
        )
        root = recording.local_positions[:, self._root] + moved / leg_ratio(
            Source(recording, family)
        )
        return local, root

    def _split(self) -> tuple[str, list[str]]:
        """Everything up to the frames, and blanks and numbers in turn (so number i is 2 i + 1)."""
        header = re.match(r"(?s).*?Frame Time:\s*\S+", self.text).group()
        return header, re.findall(r"\s+|\S+", self.text[len(header) :])


Channels = list[tuple[int, str]]
"""Columns and names of the channels of a joint."""


def _channels(header: str) -> dict[str, Channels]:
    found: dict[str, Channels] = {}
    joint, column = "", 0
    for name, channels in re.findall(
        r"(?:ROOT|JOINT)\s+([^{]*?)\s*\{|CHANNELS\s+\d+([^\n]*)", header
    ):
        joint = " ".join(name.split()) or joint
        for channel in channels.split():
            found.setdefault(joint, []).append((column, channel.lower()))
            column += 1
    return found


def _write_angles(words: list[str], first: int, channels: Channels, turn: np.ndarray) -> None:
    """Write a rotation in place of a joint's angles, by whole turns as near to them as can be."""
    turning = [(column, name[0]) for column, name in channels if name.endswith("rotation")]
    angles = np.degrees(rotations.to_euler(turn, "".join(axis for _, axis in turning)))
    for (column, _), angle in zip(turning, angles):
        at = 2 * (first + column) + 1
        angle += 360.0 * round((float(words[at]) - angle) / 360.0)
        words[at] = f"{angle:.6f}"


def _write_position(words: list[str], first: int, channels: Channels, place: np.ndarray) -> None:
    for column, name in channels:
        if name.endswith("position"):
            words[2 * (first + column) + 1] = f"{place['xyz'.index(name[0])]:.6f}"

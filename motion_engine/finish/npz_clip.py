"""An AMASS / SMPL-X ``.npz`` that keeps every array it came with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import rotations
from ..edit.curves import resampled
from ..errors import LimberError
from ..files import replaced_when_done
from ..motion import ENGINE_FPS, Motion, joints_of_poses, resample
from ..skeleton import SMPLX
from .region import Region, moves_root, spliced

_SEPARATE = {
    "root_orient": range(1),
    "pose_body": range(1, 22),
    "pose_jaw": range(22, 23),
    "pose_eye": range(23, 25),
    "pose_hand": range(25, 55),
}
"""Arrays of AMASS that say once more what ``poses`` says, and their SMPL-X joints."""


@dataclass(frozen=True, eq=False)
class NpzClip:
    """``arrays`` of the file, its ``motion`` at the file's own rate and its ``joints``: the SMPL-X
    indices of the leading joints of a row of ``poses`` (SMPL's two hand joints are none)."""

    path: Path
    arrays: dict[str, np.ndarray]
    motion: Motion
    joints: np.ndarray

    @staticmethod
    def read(path: Path) -> "NpzClip":
        """Raises LimberError for what is no AMASS / SMPL-X file."""
        motion = Motion.load(path)
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
        except ValueError as error:
            raise LimberError(
                f"{path}: holds a pickled array; save it again without pickles."
            ) from error
        width = arrays["poses"].reshape(len(arrays["poses"]), -1).shape[1]
        return NpzClip(path, arrays, motion, joints_of_poses(width, path))

    @property
    def at_engine_rate(self) -> Motion:
        return resample(self.motion, ENGINE_FPS)

    def check(self, region: Region) -> None:
        """Raises LimberError where the file has none of the region's joints."""
        missing = [SMPLX.names[j] for j in region.joints if j not in self.joints]
        if missing:
            raise LimberError(f"{self.path}: holds no animation of {missing[0]}; edit other parts.")

    def edited(self, engine_motion: Motion, region: Region) -> Motion:
        """The clip at its own rate with the region of a motion at 30 fps."""
        take = resampled(engine_motion, self.motion.fps, self.motion.frames)
        return spliced(self.motion, take, region)

    def write(self, motion: Motion, region: Region, path: Path) -> None:
        """The file's arrays with the region of ``motion``, which has the file's own rate. What lies
        outside, and arrays of other names, stay as they are to the bit."""
        arrays = {name: array.copy() for name, array in self.arrays.items()}
        rows = region.frames
        self._write_turns(arrays, motion, rows, region.joints)
        if moves_root(region):
            arrays["trans"][rows] = motion.root_positions[rows] - SMPLX.offsets[0]
        if "contacts" in arrays:
            changed = (motion.contacts != self.motion.contacts).any(-1) & (region.weights > 0.0)
            arrays["contacts"][changed] = motion.contacts[changed]
        if arrays.get("joint_positions", np.zeros(0)).shape == (motion.frames, SMPLX.joints, 3):
            moved = motion.joint_positions()[rows] - self.motion.joint_positions()[rows]
            arrays["joint_positions"][rows] += moved.astype(arrays["joint_positions"].dtype)
        _save(arrays, path)

    def write_within(self, motion: Motion, first: int, path: Path) -> None:
        """The file's arrays as frames ``first`` and following of a longer motion of the same rate:
        its own frames stay as they are to the bit. Arrays of other names with a row for each frame
        hold their first and last rows in the new frames."""
        own, frames = self.motion.frames, motion.frames
        held = np.clip(np.arange(frames) - first, 0, own - 1)
        new = np.flatnonzero(np.arange(frames) - first != held)
        arrays = {
            name: array[held] if array.ndim and len(array) == own else array
            for name, array in self.arrays.items()
        }
        self._write_turns(arrays, motion, new, tuple(range(SMPLX.joints)))
        made = {
            "trans": motion.root_positions - SMPLX.offsets[0],
            "contacts": motion.contacts,
            "joint_positions": motion.joint_positions(),
        }
        for name, values in made.items():
            if name in arrays and arrays[name].shape == values.shape:
                arrays[name][new] = values[new]
        _save(arrays, path)

    def _write_turns(
        self, arrays: dict[str, np.ndarray], motion: Motion, rows: np.ndarray, joints: Sequence[int]
    ) -> None:
        """Put the turns of some joints in some frames in place, wherever ``arrays`` tell them."""
        frames = motion.frames
        for name, told in {"poses": self.joints, **_SEPARATE}.items():
            array = arrays.get(name)
            if array is None or len(array) != frames or array.size < 3 * frames * len(told):
                continue
            columns = [column for column, joint in enumerate(told) if joint in joints]
            turns = motion.local_rotations[np.ix_(rows, [told[column] for column in columns])]
            turned = array.reshape(frames, -1, 3)
            turned[np.ix_(rows, columns)] = rotations.to_axis_angle(turns)
            arrays[name] = turned.reshape(array.shape)


def _save(arrays: dict[str, np.ndarray], path: Path) -> None:
    with replaced_when_done(path) as temporary, open(temporary, "wb") as file:
        np.savez_compressed(file, **arrays)

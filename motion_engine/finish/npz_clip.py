"""An AMASS / SMPL-X ``.npz`` that keeps every array it came with."""

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


@dataclass(frozen=True, eq=False)
class NpzClip:
    """``arrays`` of the file, its ``motion`` at the file's own rate and its ``joints``: the SMPL-X
    indices of a row of ``poses``."""

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
        rows, joints = region.frames, [j for j in self.joints if j in region.joints]
        poses = arrays["poses"].reshape(self.motion.frames, len(self.joints), 3)
        columns = np.flatnonzero(np.isin(self.joints, joints))
        turns = rotations.to_axis_angle(motion.local_rotations[np.ix_(rows, joints)])
        poses[np.ix_(rows, columns)] = turns
        arrays["poses"] = poses.reshape(self.arrays["poses"].shape)
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
        made = {
            "poses": rotations.to_axis_angle(motion.local_rotations[:, self.joints]),
            "trans": motion.root_positions - SMPLX.offsets[0],
            "contacts": motion.contacts,
            "joint_positions": motion.joint_positions(),
        }
        arrays = {}
        for name, array in self.arrays.items():
            if array.ndim == 0 or len(array) != own:
                arrays[name] = array
            elif name in made and made[name].size // frames == array.size // own:
                arrays[name] = made[name].reshape(frames, *array.shape[1:]).astype(array.dtype)
                arrays[name][first : first + own] = array
            else:
                rows = np.clip(np.arange(frames) - first, 0, own - 1)
                arrays[name] = array[rows]
        _save(arrays, path)


def _save(arrays: dict[str, np.ndarray], path: Path) -> None:
    with replaced_when_done(path) as temporary, open(temporary, "wb") as file:
        np.savez_compressed(file, **arrays)

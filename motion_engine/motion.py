"""Motion: what every stage after the codec exchanges, and its AMASS / SMPL-X ``.npz`` form."""

import os
import struct
import tokenize
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from . import rotations
from .errors import LimberError
from .files import replaced_when_done
from .skeleton import SMPLX, STANDING, Skeleton, forward_kinematics, standing_height_m

ENGINE_FPS = 30.0
SLOWEST_FPS, FASTEST_FPS = 0.5, 10_000.0
"""Rates that a file may state; others are mistakes, and resampling them would fill the memory."""


@dataclass(frozen=True, eq=False)
class Motion:
    """A clip of one character in the world (Z up, metres).

    ``root_positions [F, 3]``, ``local_rotations [F, J, 4]`` (wxyz, to the parent), ``contacts
    [F, 4]`` (left heel, left toe, right heel, right toe; 0..1), ``fps``, ``skeleton``.
    Raises LimberError when the arrays do not fit together or hold NaN.
    """

    root_positions: np.ndarray
    local_rotations: np.ndarray
    contacts: np.ndarray
    fps: float = ENGINE_FPS
    skeleton: Skeleton = field(default=SMPLX)

    def __post_init__(self):
        frames, joints = len(self.root_positions), self.skeleton.joints
        expected = {
            "root_positions": (frames, 3),
            "local_rotations": (frames, joints, 4),
            "contacts": (frames, 4),
        }
        for name, shape in expected.items():
            array = np.asarray(getattr(self, name), dtype=np.float64)
            if array.shape != shape:
                raise LimberError(f"Motion.{name} has shape {array.shape}, expected {shape}.")
            if not np.isfinite(array).all():
                raise LimberError(f"Motion.{name} holds NaN or infinite values; repair the source.")
            object.__setattr__(self, name, array)
        if frames < 1:
            raise LimberError("A motion needs at least one frame.")
        if not (np.isfinite(self.fps) and self.fps > 0):
            raise LimberError(f"A motion needs a positive frame rate, not {self.fps}.")
        lengths = np.linalg.norm(self.local_rotations, axis=-1)
        if np.abs(lengths - 1.0).max() > 1e-3:
            raise LimberError("Motion.local_rotations are not unit quaternions; normalize them.")

    @property
    def frames(self) -> int:
        return len(self.root_positions)

    @property
    def seconds(self) -> float:
        return self.frames / self.fps

    def joint_positions(self) -> np.ndarray:
        """World positions of all joints, ``[F, J, 3]`` in metres."""
        return self.forward_kinematics()[0]

    def world_rotations(self) -> np.ndarray:
        """World rotations of all joints, ``[F, J, 4]``."""
        return self.forward_kinematics()[1]

    def forward_kinematics(self) -> tuple[np.ndarray, np.ndarray]:
        return forward_kinematics(self.skeleton, self.root_positions, self.local_rotations)

    def cut(self, start: int, stop: int) -> "Motion":
        """Frames ``start`` to ``stop`` (exclusive)."""
        return replace(
            self,
            root_positions=self.root_positions[start:stop],
            local_rotations=self.local_rotations[start:stop],
            contacts=self.contacts[start:stop],
        )

    @staticmethod
    def standing(frames: int, fps: float = ENGINE_FPS) -> "Motion":
        """The rest pose on the floor, facing -Y."""
        local_rotations = np.tile(rotations.IDENTITY, (frames, SMPLX.joints, 1))
        local_rotations[:, 0] = STANDING
        root_positions = np.tile([0.0, 0.0, standing_height_m()], (frames, 1))
        return Motion(root_positions, local_rotations, np.ones((frames, 4)), fps)

    def save(self, path: str | os.PathLike) -> None:
        """Write an AMASS / SMPL-X ``.npz``: ``poses [F, 165]`` axis-angle, ``trans [F, 3]``
        (without the pelvis offset, as SMPL-X has it), ``mocap_frame_rate``, ``betas``, ``gender``,
        and our own ``contacts [F, 4]`` and ``joint_positions [F, 55, 3]``."""
        if self.skeleton is not SMPLX:
            raise LimberError(
                "Only motions on the SMPL-X skeleton have an .npz form; save as .bvh."
            )
        with replaced_when_done(Path(path)) as temporary, open(temporary, "wb") as file:
            np.savez_compressed(
                file,
                poses=rotations.to_axis_angle(self.local_rotations).reshape(self.frames, -1),
                trans=self.root_positions - self.skeleton.offsets[0],
                mocap_frame_rate=np.float64(self.fps),
                betas=np.zeros(10),
                gender=np.array("neutral"),
                contacts=self.contacts,
                joint_positions=self.joint_positions().astype(np.float32),
            )

    @staticmethod
    def load(path: str | os.PathLike) -> "Motion":
        """Read an AMASS / SMPL-X ``.npz``: 55 joints (SMPL-X), 52 (SMPL-H) or 24 (SMPL).

        Contacts are measured where the file has none. Raises LimberError for anything else.
        """
        arrays = _read_npz(Path(path))
        poses = arrays["poses"].reshape(len(arrays["poses"]), -1)
        joints = joints_of_poses(poses.shape[1], path)
        local_rotations = np.tile(rotations.IDENTITY, (len(poses), SMPLX.joints, 1))
        local_rotations[:, joints] = rotations.from_axis_angle(
            poses.reshape(len(poses), -1, 3)[:, : len(joints)]
        )
        root_positions = arrays["trans"] + SMPLX.offsets[0]
        fps = float(arrays["fps"])
        unmeasured = Motion(root_positions, local_rotations, np.zeros((len(poses), 4)), fps)
        if "contacts" in arrays:
            return replace(unmeasured, contacts=np.clip(arrays["contacts"], 0.0, 1.0))
        from .contacts import with_detected_contacts

        return with_detected_contacts(unmeasured)


def joints_of_poses(width: int, path: str | os.PathLike) -> np.ndarray:
    """SMPL-X indices of the joints in a ``poses`` row of that width."""
    body, hands = np.arange(22), np.arange(25, 55)
    if width == 165:
        return np.arange(55)
    if width == 156:
        return np.concatenate([body, hands])
    if width in (66, 72):
        return body
    raise LimberError(
        f"{path}: poses have {width} values a frame; expected 165 (SMPL-X), 156 (SMPL-H) or 72 (SMPL)."
    )


# What numpy lets through for damaged archives, members and headers, and for plain arrays.
_UNREADABLE = (
    ValueError,
    TypeError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    UnicodeError,
    MemoryError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def _read_npz(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise LimberError(f"{path}: no such file.")
    try:
        with np.load(path, allow_pickle=False) as file:
            rate = "mocap_frame_rate" if "mocap_frame_rate" in file else "mocap_framerate"
            missing = [name for name in ("poses", "trans", rate) if name not in file]
            if missing:
                raise LimberError(f"{path}: {', '.join(missing)} missing; is this an AMASS motion?")
            arrays = {"poses": file["poses"], "trans": file["trans"], "fps": file[rate]}
            if "contacts" in file:
                arrays["contacts"] = file["contacts"]
    except LimberError:
        raise
    except _UNREADABLE as error:
        raise LimberError(f"{path}: not a readable .npz without pickles; save it again.") from error
    for name, array in arrays.items():
        if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
            raise LimberError(f"{path}: {name} holds NaN or is not numeric; repair the file.")
    if not len(arrays["poses"]):
        raise LimberError(f"{path}: the file holds no frames.")
    if arrays["poses"].ndim < 2 or arrays["trans"].shape != (len(arrays["poses"]), 3):
        raise LimberError(f"{path}: poses and trans do not have the same number of frames.")
    if arrays["fps"].size != 1 or not SLOWEST_FPS <= arrays["fps"].item() <= FASTEST_FPS:
        raise LimberError(f"{path}: mocap_frame_rate is not a rate; write frames per second.")
    if "contacts" in arrays and arrays["contacts"].shape != (len(arrays["poses"]), 4):
        raise LimberError(f"{path}: contacts are not [frames, 4]; leave them out or repair them.")
    return arrays


def resample(motion: Motion, fps: float) -> Motion:
    """The same motion at another rate: linear positions and contacts, slerped rotations.

    The first frame stays; the last lies within one new frame of the old last one.
    """
    if fps == motion.fps:
        return motion
    count = int(np.floor((motion.frames - 1) / motion.fps * fps + 1e-6)) + 1
    at = np.minimum(np.arange(count) * (motion.fps / fps), motion.frames - 1)
    before = np.floor(at).astype(int)
    after = np.minimum(before + 1, motion.frames - 1)
    t = at - before
    local = motion.local_rotations

    def linear(array: np.ndarray) -> np.ndarray:
        return array[before] * (1.0 - t[:, None]) + array[after] * t[:, None]

    return replace(
        motion,
        root_positions=linear(motion.root_positions),
        local_rotations=rotations.slerp(local[before], local[after], t[:, None]),
        contacts=linear(motion.contacts),
        fps=float(fps),
    )


def mirror(motion: Motion) -> Motion:
    """Left and right exchanged: the reflection of the clip in the world's YZ plane."""
    names = motion.skeleton.names
    swap = [
        names.index(n.replace("left", "#").replace("right", "left").replace("#", "right"))
        for n in names
    ]
    reflected_rotation = np.array([1.0, 1.0, -1.0, -1.0])
    return replace(
        motion,
        root_positions=motion.root_positions * [-1.0, 1.0, 1.0],
        local_rotations=motion.local_rotations[:, swap] * reflected_rotation,
        contacts=motion.contacts[:, [2, 3, 0, 1]],
    )

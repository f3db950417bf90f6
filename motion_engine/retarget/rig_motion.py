"""What is written onto a rig: channel values of bones, settings, and the object's path."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .. import rotations
from ..errors import LimberError

EULER_ORDERS = ("XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")


@dataclass(frozen=True, eq=False)
class BoneTrack:
    """Channels of one bone, relative to rest: ``rotations [F, 4]`` and ``locations [F, 3]``, each
    None where it is not written. ``part`` is the part of the body that the bone belongs to."""

    bone: str
    part: str
    rotation_mode: str
    rotations: np.ndarray | None = None
    locations: np.ndarray | None = None


@dataclass(frozen=True)
class SettingTrack:
    """One number held for the whole clip at ``path`` below a bone, such as ``["IK_FK"]``."""

    bone: str
    part: str
    path: str
    value: float


@dataclass(frozen=True, eq=False)
class RigMotion:
    """A clip on a rig's own channels, ready to be written.

    ``object_positions [F, 3]`` and ``object_rotations [F, 4]`` are world transforms, where the
    object itself carries the path. ``unmapped`` lists roles of ours that the rig lacks.
    """

    fps: float
    frames: int
    units_per_metre: float
    tracks: tuple[BoneTrack, ...]
    settings: tuple[SettingTrack, ...] = ()
    object_positions: np.ndarray | None = None
    object_rotations: np.ndarray | None = None
    unmapped: tuple[str, ...] = field(default=())

    def track(self, bone: str) -> BoneTrack:
        return next(track for track in self.tracks if track.bone == bone)


def channel_values(
    quaternions: np.ndarray, mode: str, near: np.ndarray | None = None
) -> tuple[str, np.ndarray]:
    """Property name and values ``[F, 4 or 3]`` of rotations in a bone's own rotation mode.

    Quaternions keep their sign from frame to frame, Euler angles the nearer of their two forms; in
    the first frame that which is nearer to ``near [3]``, or else to zero.
    """
    if mode == "QUATERNION":
        return "rotation_quaternion", rotations.unroll(quaternions)
    if mode == "AXIS_ANGLE":
        return "rotation_axis_angle", _axis_angles(quaternions)
    if mode not in EULER_ORDERS:
        raise LimberError(f"Rotation mode {mode} is unknown; use quaternions, Euler or axis angle.")
    return "rotation_euler", _steady_eulers(quaternions, mode, near)


def channel_rotations(values: np.ndarray, mode: str) -> np.ndarray:
    """Quaternions ``[F, 4]`` of channel values in a rotation mode."""
    if mode == "QUATERNION":
        return rotations.normalize(values)
    if mode == "AXIS_ANGLE":
        return rotations.about(rotations.normalize(values[:, 1:]), values[:, 0])
    order = ["XYZ".index(axis) for axis in mode[::-1]]
    return rotations.from_euler(values[:, order], mode[::-1].lower())


def _axis_angles(quaternions: np.ndarray) -> np.ndarray:
    """Angle, then axis ``[F, 4]``, continuous: the axis does not turn round at zero."""
    unrolled = rotations.unroll(quaternions)
    sine = np.linalg.norm(unrolled[:, 1:], axis=-1, keepdims=True)
    axis = np.where(sine > 1e-8, unrolled[:, 1:] / np.maximum(sine, 1e-8), [0.0, 1.0, 0.0])
    signs = np.where(np.sum(axis[1:] * axis[:-1], axis=-1) < 0.0, -1.0, 1.0)
    signs = np.concatenate([[1.0], np.cumprod(signs)])[:, None]
    angle = 2.0 * np.arctan2(signs * sine, unrolled[:, :1])
    return np.concatenate([np.unwrap(angle, axis=0), signs * axis], axis=-1)


def _steady_eulers(quaternions: np.ndarray, mode: str, near: np.ndarray | None) -> np.ndarray:
    """Blender's Euler angles ``[F, 3]`` (x, y, z): mode XYZ turns about x first.

    Of each frame's two forms the one nearer to the frame before is taken, full turns included.
    """
    angles = rotations.to_euler(quaternions, mode[::-1].lower())
    first, middle, last = np.moveaxis(angles, -1, 0)
    other = np.stack([first + np.pi, np.pi - middle, last + np.pi], axis=-1)
    found = np.empty_like(angles)
    order = ["XYZ".index(axis) for axis in mode[::-1]]
    previous = np.zeros(3) if near is None else near[order]
    for frame, forms in enumerate(np.stack([angles, other], axis=1)):
        forms = forms - 2.0 * np.pi * np.round((forms - previous) / (2.0 * np.pi))
        previous = forms[np.argmin(np.abs(forms - previous).sum(-1))]
        found[frame] = previous
    result = np.empty_like(found)
    result[:, order] = found
    return result

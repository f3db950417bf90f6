"""Motion as a feature matrix for networks, heading-relative, with true local rotations.

A HuMo-type layout whose pose is read from rotations alone, so that recovery needs no inverse
kinematics. All values are SI units at 30 fps:

- ``yaw_rate``         [1]       rad/s, of the heading about world Z
- ``planar_velocity``  [2]       m/s, of the root in the heading frame (left, backward: X, Y)
- ``height``           [1]       m, of the root above the floor
- ``tilt``             [6]       6D root rotation with the heading taken out
- ``rotations``        [6 (J-1)] 6D local rotations; 6D = columns 0 and 1 of the matrix
- ``contacts``         [4]       left heel, left toe, right heel, right toe
- ``positions``        [3 J]     auxiliary: joints relative to the root, in the heading frame, m
- ``velocities``       [3 J]     auxiliary: joint velocities in the heading frame, m/s

Velocities belong to the step from a frame to the next one; the last frame repeats the one before.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import rotations
from .errors import LimberError
from .motion import ENGINE_FPS, Motion
from .skeleton import BODY_JOINTS, SMPLX

_LEAST_HORIZONTAL = 0.5
_JOINT_SETS = {
    22: tuple(range(BODY_JOINTS)),
    52: tuple(range(BODY_JOINTS)) + tuple(range(25, 55)),
}


@dataclass(frozen=True)
class FeatureLayout:
    """Named slices of a feature row for ``joints`` of 22 (body) or 52 (body and hands)."""

    joints: int = 52

    def __post_init__(self):
        if self.joints not in _JOINT_SETS:
            raise LimberError(f"No feature layout for {self.joints} joints; choose 22 or 52.")

    @property
    def joint_indices(self) -> tuple[int, ...]:
        """Indices of the layout's joints in the SMPL-X skeleton."""
        return _JOINT_SETS[self.joints]

    @cached_property
    def slices(self) -> dict[str, slice]:
        widths = {
            "yaw_rate": 1,
            "planar_velocity": 2,
            "height": 1,
            "tilt": 6,
            "rotations": 6 * (self.joints - 1),
            "contacts": 4,
            "positions": 3 * self.joints,
            "velocities": 3 * self.joints,
        }
        stops = np.cumsum(list(widths.values()))
        return {
            name: slice(int(stop) - width, int(stop))
            for (name, width), stop in zip(widths.items(), stops)
        }

    @property
    def size(self) -> int:
        return self.slices["velocities"].stop

    @property
    def pose_size(self) -> int:
        """Leading values from which the motion is recovered; the rest is auxiliary."""
        return self.slices["contacts"].stop

    def rotation_slice(self, joint: int) -> slice:
        """The six values of a non-root joint, by its SMPL-X index."""
        start = self.slices["rotations"].start + 6 * (self.joint_indices.index(joint) - 1)
        return slice(start, start + 6)


def heading_angles(root_rotations: np.ndarray) -> np.ndarray:
    """Heading ``[F]`` in radians about world Z; 0 faces -Y. Unwrapped over time.

    The direction of the pelvis' left axis on the floor: it stays horizontal in walking, bowing, a
    backflip and lying on back or belly. Where it stands upright (lying on a side, a cartwheel) the
    heading is carried over from the frames around; the tilt keeps what the heading leaves out.
    """
    left = rotations.rotate(root_rotations, rotations.AXES["x"])
    clear = np.hypot(left[:, 0], left[:, 1]) > _LEAST_HORIZONTAL
    if not clear.any():
        return np.zeros(len(left))
    frames = np.arange(len(left))
    angles = np.unwrap(np.arctan2(left[clear, 1], left[clear, 0]))
    return np.interp(frames, frames[clear], angles)


def encode_features(motion: Motion, layout: FeatureLayout) -> np.ndarray:
    """Features ``[F, D]`` of a motion at 30 fps. Raises LimberError for other rates."""
    if motion.fps != ENGINE_FPS:
        raise LimberError(f"Features need {ENGINE_FPS:g} fps, not {motion.fps:g}; resample first.")
    heading = heading_angles(motion.local_rotations[:, 0])
    to_heading = rotations.about("z", -heading)
    joints = list(layout.joint_indices)
    world = motion.joint_positions()[:, joints]
    positions = rotations.rotate(to_heading[:, None], world - world[:, :1])
    velocities = rotations.rotate(to_heading[:, None], _step(world) * motion.fps)
    root_velocity = rotations.rotate(to_heading, _step(motion.root_positions) * motion.fps)
    columns = [
        _step(heading)[:, None] * motion.fps,
        root_velocity[:, :2],
        motion.root_positions[:, 2:],
        rotations.to_6d(rotations.multiply(to_heading, motion.local_rotations[:, 0])),
        rotations.to_6d(motion.local_rotations[:, joints[1:]]).reshape(motion.frames, -1),
        motion.contacts,
        positions.reshape(motion.frames, -1),
        velocities.reshape(motion.frames, -1),
    ]
    return np.concatenate(columns, axis=-1)


def decode_features(
    features: np.ndarray, layout: FeatureLayout, start: tuple[float, float, float] = (0.0, 0.0, 0.0)
) -> Motion:
    """The motion of ``features [F, D]`` (auxiliary channels are not read and may be left out).

    ``start`` is ``(x, y, heading)`` of the first frame, in metres and radians.
    """
    features = np.asarray(features, dtype=np.float64)
    at = layout.slices
    x, y, first_heading = start
    yaw_steps = features[:, at["yaw_rate"]][:, 0] / ENGINE_FPS
    heading = first_heading + _summed(yaw_steps)
    from_heading = rotations.about("z", heading)
    planar = np.zeros((len(features), 3))
    planar[:, :2] = features[:, at["planar_velocity"]] / ENGINE_FPS
    root_positions = _summed(rotations.rotate(from_heading, planar)) + [x, y, 0.0]
    root_positions[:, 2] = features[:, at["height"]][:, 0]
    local_rotations = np.tile(rotations.IDENTITY, (len(features), SMPLX.joints, 1))
    tilt = rotations.from_6d(features[:, at["tilt"]])
    local_rotations[:, 0] = rotations.multiply(from_heading, tilt)
    local_rotations[:, list(layout.joint_indices[1:])] = rotations.from_6d(
        features[:, at["rotations"]].reshape(len(features), layout.joints - 1, 6)
    )
    contacts = np.clip(features[:, at["contacts"]], 0.0, 1.0)
    return Motion(root_positions, local_rotations, contacts)


def next_start(
    features: np.ndarray, layout: FeatureLayout, start: tuple[float, float, float]
) -> tuple[float, float, float]:
    """``(x, y, heading)`` of the frame after ``features [F, D]``, for decoding chunk by chunk."""
    one_more = np.concatenate([features, features[-1:]])
    x, y, _ = decode_features(one_more, layout, start).root_positions[-1]
    turned = features[:, layout.slices["yaw_rate"]].sum() / ENGINE_FPS
    return float(x), float(y), start[2] + float(turned)


def _step(values: np.ndarray) -> np.ndarray:
    """Difference to the next frame; the last frame repeats the one before."""
    if len(values) == 1:
        return np.zeros_like(values)
    steps = np.diff(values, axis=0)
    return np.concatenate([steps, steps[-1:]])


def _summed(steps: np.ndarray) -> np.ndarray:
    """Values whose differences are ``steps``, starting at zero."""
    return np.concatenate([np.zeros_like(steps[:1]), np.cumsum(steps, axis=0)[:-1]])

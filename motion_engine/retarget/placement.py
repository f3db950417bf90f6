"""Where a clip goes: scale by leg length, start, and which part of the rig carries the path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import rotations
from ..features import heading_angles
from ..motion import Motion
from ..skeleton import SMPLX
from .alignment import Alignment, floor_in_world, our_ankle_height
from .evaluation import PoseEvaluation
from .rig import Rig

ROOT_MODES = ("hips", "bone", "object", "in_place")
STARTS = ("rig", "motion")


@dataclass(frozen=True, eq=False)
class Placement:
    """``outward [4]`` and ``offset [3]`` take our world into the armature's space:
    ``offset + units_per_metre * rotate(outward, point)``. ``root_yaw [4]`` and ``root_shift [3]``
    tell how the root bone stands at the start: ``rotate(root_yaw, point) + root_shift``."""

    outward: np.ndarray
    offset: np.ndarray
    units_per_metre: float
    root_yaw: np.ndarray
    root_shift: np.ndarray

    def points(self, points_m: np.ndarray) -> np.ndarray:
        """Our points ``[..., 3]`` in metres, in the armature's units."""
        return self.offset + self.units_per_metre * rotations.rotate(self.outward, points_m)


def place(motion: Motion, rig: Rig, alignment: Alignment, start: str, root: str = "") -> Placement:
    """``start="rig"``: the clip begins where the rig stands and looks, its ``root`` bone as it is
    posed now; ``"motion"``: places and facing in the world are those of the clip, scaled about
    the world's origin, on the floor that the rig stands on."""
    units = alignment.units_per_metre
    if start == "motion":
        inward = rotations.conjugate(rig.world_rotation)
        away = floor_in_world(rig, alignment) - rig.world_position
        offset = rotations.rotate(inward, away) / rig.world_scale
        return Placement(inward, offset, units, rotations.IDENTITY, np.zeros(3))
    hips = (alignment.joints["left_hip"] + alignment.joints["right_hip"]) / 2.0
    foot = hips + (alignment.floor - hips @ alignment.up) * alignment.up
    yaw, shift = _stance_of_root(rig, root, alignment.up)
    heading = heading_angles(motion.local_rotations[:1, 0])[0]
    facing = rotations.multiply(yaw, alignment.facing)
    outward = rotations.multiply(facing, rotations.about("z", -heading))
    begin = hip_middle(motion)[0] * [1.0, 1.0, 0.0]
    foot = rotations.rotate(yaw, foot) + shift
    offset = foot - units * rotations.rotate(outward, begin)
    return Placement(outward, offset, units, yaw, shift)


def _stance_of_root(rig: Rig, root: str, up: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Yaw ``[4]`` and level shift ``[3]`` that the root bone's present channels give."""
    if not root:
        return rotations.IDENTITY, np.zeros(3)
    now = PoseEvaluation(rig, 1, {})
    _, yaw = rotations.swing_twist(now.turn(root)[0], up)
    shift = now.position(root)[0] - rotations.rotate(yaw, rig[root].head)
    return yaw, shift - (shift @ up) * up


def hip_middle(motion: Motion) -> np.ndarray:
    """The point between the hip joints ``[F, 3]``, metres."""
    hips = [SMPLX.index("left_hip"), SMPLX.index("right_hip")]
    return motion.joint_positions()[:, hips].mean(axis=1)


def hip_targets(motion: Motion, alignment: Alignment, placement: Placement) -> np.ndarray:
    """Where the middle of the rig's hips goes ``[F, 3]``: our path, ankles at the rig's height."""
    middle = hip_middle(motion)
    middle[:, 2] += alignment.ankle_height / alignment.units_per_metre - our_ankle_height()
    return placement.points(middle)


def ground_path(motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    """Where the character stands ``[F, 3]`` on the floor, metres, and its heading ``[F]``."""
    heading = heading_angles(motion.local_rotations[:, 0])
    return hip_middle(motion) * [1.0, 1.0, 0.0], np.unwrap(heading)

"""Local and world rotations, and two-bone inverse kinematics in closed form."""

import numpy as np

from . import rotations
from .skeleton import Skeleton


def local_from_world(skeleton: Skeleton, world_rotations: np.ndarray) -> np.ndarray:
    """Local rotations ``[..., J, 4]`` from world rotations ``[..., J, 4]``."""
    parents = world_rotations[..., np.maximum(skeleton.parents, 0), :]
    local = rotations.multiply(rotations.conjugate(parents), world_rotations)
    local[..., 0, :] = world_rotations[..., 0, :]
    return local


def two_bone_ik(
    start: np.ndarray,
    middle: np.ndarray,
    end: np.ndarray,
    target: np.ndarray,
    pole: np.ndarray | None = None,
    stretch_limit: float = 0.999,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """World turns that bring ``end`` onto ``target`` by bending at ``middle``.

    All points ``[..., 3]`` in one frame. The bend plane is kept from the current pose, or, with
    ``pole`` (a direction ``[..., 3]``), the middle joint points towards the pole. Returns
    ``(upper_turn, lower_turn, reached)``: pre-multiply the world rotation of the upper bone with
    ``upper_turn`` and that of the lower bone with ``lower_turn`` (each already includes whatever
    its parent contributes); ``reached [..., 3]`` is where the end lands, short of the target when
    that is out of reach.
    """
    upper, lower = middle - start, end - middle
    a, b = np.linalg.norm(upper, axis=-1), np.linalg.norm(lower, axis=-1)
    reach = target - start
    distance = np.clip(
        np.linalg.norm(reach, axis=-1), np.abs(a - b) + 1e-4, stretch_limit * (a + b)
    )
    direction = rotations.normalize(reach)
    bend = middle - start if pole is None else pole
    bend = _perpendicular(bend, direction)
    along = (a**2 - b**2 + distance**2) / (2.0 * distance)
    height = np.sqrt(np.maximum(a**2 - along**2, 0.0))
    new_middle = start + along[..., None] * direction + height[..., None] * bend
    reached = start + distance[..., None] * direction
    turn_plane = _frame_turn(upper, lower, new_middle - start, reached - new_middle, bend)
    return (*turn_plane, reached)


def _perpendicular(v: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Unit part of ``v`` across ``direction``; any such unit vector where ``v`` lies along it."""
    across = v - np.sum(v * direction, axis=-1, keepdims=True) * direction
    length = np.linalg.norm(across, axis=-1, keepdims=True)
    axis = np.eye(3)[np.argmin(np.abs(direction), axis=-1)]
    other = rotations.normalize(np.cross(direction, axis))
    return np.where(length > 1e-6, across / np.maximum(length, 1e-6), other)


def _frame_turn(upper, lower, new_upper, new_lower, bend):
    """Turns of both bones that also carry the hinge axis from the old bend plane to the new."""
    hinge = np.cross(upper, lower)
    straight = np.linalg.norm(hinge, axis=-1, keepdims=True) < 1e-6 * np.linalg.norm(
        upper, axis=-1, keepdims=True
    )
    new_hinge = -np.cross(rotations.normalize(new_upper + new_lower), bend)
    hinge = np.where(straight, _perpendicular(new_hinge, rotations.normalize(upper)), hinge)
    return tuple(
        rotations.multiply(
            _frame(new_bone, new_hinge), rotations.conjugate(_frame(old_bone, hinge))
        )
        for old_bone, new_bone in ((upper, new_upper), (lower, new_lower))
    )


def _frame(bone: np.ndarray, hinge: np.ndarray) -> np.ndarray:
    """Quaternion of the orthonormal frame (bone, hinge made perpendicular, their cross)."""
    x = rotations.normalize(bone)
    y = _perpendicular(hinge, x)
    return rotations.from_matrix(np.stack([x, y, np.cross(x, y)], axis=-1))

"""The preview character: an artist's mannequin, built and skinned here by numpy alone."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .. import rotations
from ..errors import LimberError
from ..motion import Motion
from ..skeleton import BODY_JOINTS, SMPLX, Skeleton
from .mannequin_pieces import Pieces, add_arm, add_foot, add_hand, add_head, add_leg, add_torso

# Name and sRGB colour of each material, in the order of mannequin_pieces.Material.
MATERIALS = (
    ("body", (0.84, 0.81, 0.76)),
    ("left", (0.91, 0.66, 0.48)),
    ("right", (0.50, 0.67, 0.83)),
    ("joint", (0.27, 0.29, 0.33)),
    ("face", (0.95, 0.93, 0.90)),
)
_MOST_INFLUENCES = 4


@dataclass(frozen=True, eq=False)
class Mannequin:
    """``vertices [V, 3]`` of the rest pose in metres (Y up, facing +Z, pelvis at the origin),
    ``faces [N, 4]`` counter-clockwise (a triangle repeats its last vertex), ``weights [V, J]`` with
    rows of sum 1 and at most four influences, ``face_materials [N]`` indices into MATERIALS."""

    vertices: np.ndarray
    faces: np.ndarray
    weights: np.ndarray
    face_materials: np.ndarray
    skeleton: Skeleton

    @cached_property
    def triangles(self) -> np.ndarray:
        """All faces as triangles ``[M, 3]``."""
        return self.faces_as_triangles[0]

    @cached_property
    def triangle_materials(self) -> np.ndarray:
        return self.face_materials[self.faces_as_triangles[1]]

    @cached_property
    def faces_as_triangles(self) -> tuple[np.ndarray, np.ndarray]:
        """Triangles ``[M, 3]`` and the face ``[M]`` that each one comes from."""
        a, b, c, d = self.faces.T
        is_quad = np.flatnonzero(c != d)
        triangles = np.stack([a, b, c], axis=-1)
        halves = np.stack([a, c, d], axis=-1)[is_quad]
        return np.concatenate([triangles, halves]), np.r_[np.arange(len(a)), is_quad]


def build_mannequin(skeleton: Skeleton = SMPLX) -> Mannequin:
    """The mannequin around the rest pose of a skeleton with SMPL-X joint names.

    Raises LimberError where a joint is missing.
    """
    missing = [name for name in SMPLX.names[:BODY_JOINTS] if name not in skeleton.names]
    if missing:
        raise LimberError(f"The mannequin needs SMPL-X joints; {', '.join(missing)} missing.")
    pieces = Pieces(skeleton)
    for add in (add_torso, add_head, add_leg, add_foot, add_arm, add_hand):
        add(pieces)
    vertices, faces, weights, materials = pieces.joined()
    return Mannequin(vertices, faces, _few_influences(weights), materials, skeleton)


def skin(mannequin: Mannequin, motion: Motion, frames: np.ndarray | list[int]) -> np.ndarray:
    """World positions ``[n, V, 3]`` of the vertices at the given frames, linear-blend skinning."""
    frames = np.asarray(frames, dtype=int)
    chosen = Motion(
        motion.root_positions[frames],
        motion.local_rotations[frames],
        motion.contacts[frames],
        motion.fps,
        motion.skeleton,
    )
    positions, world_rotations = chosen.forward_kinematics()
    matrices = rotations.to_matrix(world_rotations)
    rest = mannequin.skeleton.rest_positions
    shifts = positions - np.einsum("fjab,jb->fja", matrices, rest)
    moved = np.concatenate([matrices, shifts[..., None]], axis=-1)
    blended = np.tensordot(mannequin.weights, moved.reshape(len(frames), -1, 12), axes=(1, 1))
    blended = np.moveaxis(blended, 1, 0).reshape(len(frames), -1, 3, 4)
    return np.einsum("fvab,vb->fva", blended[..., :3], mannequin.vertices) + blended[..., 3]


def _few_influences(weights: np.ndarray) -> np.ndarray:
    smallest_kept = np.sort(weights, axis=-1)[:, -_MOST_INFLUENCES]
    kept = np.where(weights >= np.maximum(smallest_kept, 1e-6)[:, None], weights, 0.0)
    return kept / kept.sum(axis=-1, keepdims=True)

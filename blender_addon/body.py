"""The mannequin's numbers as Blender takes them. No bpy here: they are made by the worker thread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from motion_engine import rotations
from motion_engine.drawing.mannequin import Mannequin, build_mannequin
from motion_engine.skeleton import STANDING, Skeleton, standing_height_m


@dataclass(frozen=True, eq=False)
class Body:
    """``vertices`` and ``faces`` of the mesh in the armature's space, the material of each face,
    and by joint the weights with the vertices that have them."""

    vertices: list[list[float]]
    faces: list[list[int]]
    face_materials: np.ndarray
    weights: dict[str, list[tuple[float, list[int]]]]

    @staticmethod
    def of(mannequin: Mannequin) -> Body:
        weights = {}
        for joint, name in enumerate(mannequin.skeleton.names):
            own = mannequin.weights[:, joint]
            levels = np.unique(own[own > 0.0])
            weights[name] = [(float(w), np.flatnonzero(own == w).tolist()) for w in levels]
        return Body(
            to_armature_space(mannequin.skeleton, mannequin.vertices).tolist(),
            [face[:3] if face[2] == face[3] else face for face in mannequin.faces.tolist()],
            mannequin.face_materials.astype(np.int32),
            weights,
        )


@lru_cache(maxsize=1)
def default_mannequin() -> Mannequin:
    """The mannequin of our own skeleton, built once."""
    return build_mannequin()


@lru_cache(maxsize=1)
def default_body() -> Body:
    return Body.of(default_mannequin())


def to_armature_space(skeleton: Skeleton, points: np.ndarray) -> np.ndarray:
    """Points ``[n, 3]`` of the model frame in the armature's space: Z up, soles at height 0."""
    return rotations.rotate(STANDING, points) + [0.0, 0.0, standing_height_m(skeleton)]

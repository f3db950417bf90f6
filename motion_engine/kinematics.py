"""Local and world rotations."""

import numpy as np

from . import rotations
from .skeleton import Skeleton


def local_from_world(skeleton: Skeleton, world_rotations: np.ndarray) -> np.ndarray:
    """Local rotations ``[..., J, 4]`` from world rotations ``[..., J, 4]``."""
    parents = world_rotations[..., np.maximum(skeleton.parents, 0), :]
    local = rotations.multiply(rotations.conjugate(parents), world_rotations)
    local[..., 0, :] = world_rotations[..., 0, :]
    return local

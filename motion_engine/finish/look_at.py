"""A head that looks at places: neck and head share the turn, no wider than people look."""

from dataclasses import replace

import numpy as np

from .. import rotations
from ..motion import Motion
from ..skeleton import SMPLX

EYES_M = np.array([0.0, 0.070, 0.066])
"""Between the eyes, in the frame of the head."""
FORWARD = np.array([0.0, 0.0, 1.0])
WIDEST_ASIDE, HIGHEST_UP, LOWEST_DOWN = np.radians([80.0, 60.0, 55.0])
"""How far neck and head together turn away from where the chest faces."""
NECK_SHARE = 0.4


def look_turns(
    eyes: np.ndarray, head: np.ndarray, chest: np.ndarray, target: np.ndarray
) -> np.ndarray:
    """Rotation vectors ``[F, 3]`` in the world by which a head looks at ``target [F, 3]`` from
    ``eyes [F, 3]``, as far as people turn it. ``head`` and ``chest [F, 4]`` are world rotations of
    our joints (Y up, Z ahead)."""
    x, y, z = rotations.rotate(rotations.conjugate(chest), target - eyes).T
    aside = np.clip(np.arctan2(x, z), -WIDEST_ASIDE, WIDEST_ASIDE)
    up = np.clip(np.arctan2(y, np.hypot(x, z)), -LOWEST_DOWN, HIGHEST_UP)
    way = [np.cos(up) * np.sin(aside), np.sin(up), np.cos(up) * np.cos(aside)]
    wanted = rotations.rotate(chest, np.stack(way, axis=-1))
    return rotations.to_axis_angle(rotations.between(rotations.rotate(head, FORWARD), wanted))


def looking(motion: Motion, target: np.ndarray, weights: np.ndarray) -> Motion:
    """The motion with the head turned to ``target [F, 3]``, by as much as ``weights [F]`` say;
    frames without weight are copied bit for bit."""
    neck, head, chest = (SMPLX.index(name) for name in ("neck", "head", "spine3"))
    positions, world = motion.forward_kinematics()
    eyes = positions[:, head] + rotations.rotate(world[:, head], EYES_M)
    turn = weights[:, None] * look_turns(eyes, world[:, head], world[:, chest], target)
    new_neck = rotations.multiply(rotations.from_axis_angle(NECK_SHARE * turn), world[:, neck])
    new_head = rotations.multiply(rotations.from_axis_angle(turn), world[:, head])
    below = rotations.conjugate(world[:, SMPLX.parents[neck]])
    local, frames = motion.local_rotations.copy(), weights > 0.0
    local[frames, neck] = rotations.multiply(below, new_neck)[frames]
    local[frames, head] = rotations.multiply(rotations.conjugate(new_neck), new_head)[frames]
    return replace(motion, local_rotations=local)

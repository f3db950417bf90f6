"""Legs and arms brought to targets by bending at their hinges: knees and elbows never bend the
wrong way or flip, however straight a limb is."""

from dataclasses import replace

import numpy as np

from . import rotations
from .motion import Motion
from .skeleton import SMPLX

STRETCH_LIMIT = 0.9995
LIMBS = {
    f"{side}_{limb}": tuple(f"{side}_{joint}" for joint in joints)
    for side in ("left", "right")
    for limb, joints in (
        ("foot", ("hip", "knee", "ankle")),
        ("hand", ("shoulder", "elbow", "wrist")),
    )
}
# The axis, in the frame of the upper bone, about which a positive turn flexes the limb; its length
# says how firmly. Knees are hinges; elbows bend where the upper arm's twist lets them.
HINGES = {
    "left_foot": np.array([2.0, 0.0, 0.0]),
    "right_foot": np.array([2.0, 0.0, 0.0]),
    "left_hand": np.array([0.0, -0.15, 0.0]),
    "right_hand": np.array([0.0, 0.15, 0.0]),
}


def reach(
    motion: Motion,
    limb: str,
    targets: np.ndarray,
    keeps_turn: bool = True,
    frames: np.ndarray | None = None,
) -> Motion:
    """The motion with the end (wrist or ankle) of a limb of LIMBS at ``targets [F, 3]``, or as near
    as its length lets it, in the flagged ``frames [F]`` (all by default).

    First the hinge takes the angle that the distance asks for, then the limb swings as a whole onto
    the target. With ``keeps_turn`` hand or foot keep their turn in the world, else to the limb.
    """
    frames = np.ones(motion.frames, dtype=bool) if frames is None else frames
    upper, lower, end = (SMPLX.index(name) for name in LIMBS[limb])
    positions, world = motion.forward_kinematics()
    start = positions[:, upper]
    thigh, shank = positions[:, lower] - start, positions[:, end] - positions[:, lower]
    way = targets - start
    hinge = rotations.rotate(world[:, upper], HINGES[limb])
    upper_turn, lower_turn = bent_onto(thigh, shank, hinge, way)
    new_upper = rotations.multiply(upper_turn, world[:, upper])
    new_lower = rotations.multiply(lower_turn, world[:, lower])
    above = rotations.conjugate(world[:, SMPLX.parents[upper]])
    changed = {
        upper: rotations.multiply(above, new_upper),
        lower: rotations.multiply(rotations.conjugate(new_upper), new_lower),
    }
    if keeps_turn:
        changed[end] = rotations.multiply(rotations.conjugate(new_lower), world[:, end])
    local = motion.local_rotations.copy()
    for joint, turns in changed.items():
        local[frames, joint] = rotations.normalize(turns[frames])
    return replace(motion, local_rotations=local)


def bent_onto(
    upper: np.ndarray, lower: np.ndarray, hinge: np.ndarray, way: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Turns ``[F, 4]`` in the world of both bones of a limb, from ``upper`` and ``lower [F, 3]``
    onto the end's new place ``way [F, 3]`` from the limb's start; ``hinge`` as in HINGES, turned
    into the world."""
    axis = _hinge_axis(upper, lower, hinge)
    bend = rotations.about(axis, _hinge_turn(upper, lower, axis, np.linalg.norm(way, axis=-1)))
    swing = rotations.between(upper + rotations.rotate(bend, lower), way)
    return swing, rotations.multiply(swing, bend)


def _hinge_axis(upper: np.ndarray, lower: np.ndarray, hinge: np.ndarray) -> np.ndarray:
    """The axis ``[F, 3]`` about which a limb bends, across its upper bone: between the one about
    which it is bent now and that of the joint's ``hinge``."""
    upper = rotations.normalize(upper)
    bent = rotations.cross(upper, rotations.normalize(lower))
    across = hinge - np.sum(hinge * upper, axis=-1, keepdims=True) * upper
    return rotations.normalize(bent + across)


def _hinge_turn(
    upper: np.ndarray, lower: np.ndarray, axis: np.ndarray, distance: np.ndarray
) -> np.ndarray:
    """Angles ``[F]`` about ``axis [F, 3]`` by which ``lower`` turns so that the limb spans
    ``distance [F]`` (law of cosines, with what lies along the axis set apart)."""

    def along(v: np.ndarray) -> np.ndarray:
        return np.sum(v * axis, axis=-1)

    across = [v - along(v)[:, None] * axis for v in (upper, lower)]
    now = np.arctan2(along(rotations.cross(*across)), np.sum(across[0] * across[1], axis=-1))
    sizes = [np.linalg.norm(v, axis=-1) for v in across]
    squares = np.sum(upper**2, axis=-1) + np.sum(lower**2, axis=-1)
    longest = STRETCH_LIMIT * (np.linalg.norm(upper, axis=-1) + np.linalg.norm(lower, axis=-1))
    wanted = (np.minimum(distance, longest) ** 2 - squares) / 2.0 - along(upper) * along(lower)
    return np.arccos(np.clip(wanted / (sizes[0] * sizes[1]), -1.0, 1.0)) - now

"""Repair of half turns: optical mocap flips a nearly straight limb about its own axis for a while.

The bone points the same way before and after, but knees, soles or palms face backwards. Of the two
readings of every frame, as it is and turned by 180 degrees about the bone, the smoothest sequence
that stays within the reach of the joint is taken (Viterbi, 1967).
"""

import numpy as np

from .. import rotations
from ..skeleton import SMPLX

# Twist in degrees that the joint hardly passes, about the bone towards the named joint.
REACH_DEG = {
    "hip": (120.0, "knee"),
    "knee": (90.0, "ankle"),
    "ankle": (90.0, "foot"),
    "foot": (90.0, None),
    "wrist": (120.0, "middle1"),
}
# Weight of strain against steps: low, so that the reading changes where the source itself flips.
STRAIN = 0.02
TOES = np.array([0.0, 0.0, 1.0])
_FINGERS = {
    side: [j for j, name in enumerate(SMPLX.names) if name.startswith(side) and name[-1] in "123"]
    for side in ("left", "right")
}


def without_half_turns(world_rotations: np.ndarray) -> np.ndarray:
    """World rotations ``[F, 55, 4]`` with flipped legs, feet and hands turned back."""
    world = world_rotations.copy()
    for side in ("left", "right"):
        for joint, (reach_deg, end) in REACH_DEG.items():
            index = SMPLX.index(f"{side}_{joint}")
            axis = TOES if end is None else SMPLX.offsets[SMPLX.index(f"{side}_{end}")]
            axis = rotations.normalize(axis)
            parent = rotations.conjugate(world[:, SMPLX.parents[index]])
            local = rotations.multiply(parent, world[:, index])
            flipped = _flipped_frames(local, axis, np.radians(reach_deg))
            about = rotations.rotate(world[:, index], axis)
            half_turn = np.where(
                flipped[:, None], rotations.about(about, np.pi), rotations.IDENTITY
            )
            carried = [index] + (_FINGERS[side] if joint == "wrist" else [])
            world[:, carried] = rotations.multiply(half_turn[:, None], world[:, carried])
    return world


def _flipped_frames(local: np.ndarray, axis: np.ndarray, reach_rad: float) -> np.ndarray:
    """Which frames ``[F]`` of a joint's rotations ``[F, 4]`` are to be turned by 180 degrees."""
    readings = np.stack([local, rotations.multiply(local, rotations.about(axis, np.pi))], axis=1)
    _, twist = rotations.swing_twist(readings, axis)
    beyond = STRAIN * np.maximum(rotations.angle(twist) - reach_rad, 0.0) ** 2
    between = rotations.multiply(rotations.conjugate(readings[:-1, :, None]), readings[1:, None])
    steps = rotations.angle(between) ** 2
    if not beyond[:, 0].any() and np.all(steps[:, 0, 0] <= steps[:, 0, 1]):
        return np.zeros(len(local), dtype=bool)
    return _cheapest_path(beyond, steps).astype(bool)


def _cheapest_path(costs: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """States ``[F]`` of least total cost: ``costs [F, S]`` and ``steps [F-1, from S, to S]``."""
    total, back = costs[0], np.zeros(costs.shape, dtype=int)
    for frame in range(1, len(costs)):
        through = total[:, None] + steps[frame - 1]
        back[frame] = np.argmin(through, axis=0)
        total = np.min(through, axis=0) + costs[frame]
    states = np.empty(len(costs), dtype=int)
    states[-1] = np.argmin(total)
    for frame in range(len(costs) - 1, 0, -1):
        states[frame - 1] = back[frame, states[frame]]
    return states

"""Hands that bear weight: palms planted on the floor, the arms solved onto them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motion_engine import rotations
from motion_engine.kinematics import two_bone_ik
from motion_engine.motion import ENGINE_FPS
from motion_engine.skeleton import SMPLX, forward_kinematics
from training.grammar.curves import lower_envelope, smooth, window
from training.grammar.hands import hand_rotations

PALM_HEIGHT_M = 0.045  # of the wrist over the floor, the hand flat on it
FINGER_HEIGHT_M = 0.008
_ELBOWS = (0.8, -0.6, -0.05)  # which way they give: (outwards, up, forward) of the chest


@dataclass(frozen=True)
class HandPlant:
    """The hand of ``side`` lies flat on the floor from ``start`` to ``stop`` seconds.

    ``place``: x, y of the wrist in the world; ``yaw``: where the fingers point (0 is -Y). It comes
    down within ``rise`` seconds and leaves within ``fall``. ``flat`` (0..1): how far the palm is
    turned to the floor; a hand that only rests lies half on its side.
    """

    side: str
    start: float
    stop: float
    place: tuple[float, float]
    yaw: float
    rise: float = 0.45
    fall: float = 0.45
    flat: float = 1.0


def plant_hands(
    root_positions: np.ndarray, local_rotations: np.ndarray, plants: Sequence[HandPlant]
) -> None:
    """Bend arms in ``local_rotations [F, 55, 4]`` so that planted wrists stay where they are."""
    for plant in plants:
        seconds = np.arange(len(local_rotations)) / ENGINE_FPS
        first, last = plant.start - plant.rise, plant.stop + plant.fall
        weight = window(seconds, first, last, plant.rise, plant.fall)
        inside = np.flatnonzero(weight > 0.0)
        if len(inside):
            part = local_rotations[inside]
            _plant(root_positions[inside], part, plant, weight[inside, None])
            local_rotations[inside] = part
    if plants:
        for side in ("left", "right"):
            _lift_over_floor(root_positions, local_rotations, side)


def _plant(root_positions, local_rotations, plant: HandPlant, weight: np.ndarray) -> None:
    names = [f"{plant.side}_{joint}" for joint in ("collar", "shoulder", "elbow", "wrist")]
    collar, shoulder, elbow, wrist = (SMPLX.index(name) for name in names)
    places, turns = forward_kinematics(SMPLX, root_positions, local_rotations)
    chest = turns[:, SMPLX.index("spine3")]
    goal = np.array([*plant.place, PALM_HEIGHT_M])
    target = places[:, wrist] + weight * (goal - places[:, wrist])
    outwards = np.array([1.0 if plant.side == "left" else -1.0, 1.0, 1.0])
    wanted = rotations.rotate(chest, np.broadcast_to(outwards * _ELBOWS, target.shape))
    line = rotations.normalize(places[:, wrist] - places[:, shoulder])
    bent = places[:, elbow] - places[:, shoulder]
    bent = rotations.normalize(bent - np.sum(bent * line, axis=-1, keepdims=True) * line)
    upper, lower, _ = two_bone_ik(
        places[:, shoulder], places[:, elbow], places[:, wrist], target,
        bent + weight * (wanted - bent), 0.995,
    )  # fmt: skip
    upper = rotations.multiply(upper, turns[:, shoulder])
    lower = rotations.multiply(lower, turns[:, elbow])
    hand = rotations.conjugate(lower)
    hand = rotations.multiply(hand, _flat_hand(plant))
    hand = rotations.slerp(local_rotations[:, wrist], hand, plant.flat * weight[:, 0])
    local_rotations[:, shoulder] = _local(turns[:, collar], upper)
    local_rotations[:, elbow] = _local(upper, lower)
    local_rotations[:, wrist] = hand
    _share_twist(local_rotations, elbow, wrist, weight)
    fingers = _fingers(plant.side)
    local_rotations[:, fingers] = rotations.slerp(
        local_rotations[:, fingers], hand_rotations(plant.side, "flat"), weight
    )


def _fingers(side: str) -> slice:
    first = SMPLX.index(f"{side}_index1")
    return slice(first, first + 15)


def _lift_over_floor(root_positions, local_rotations, side: str) -> None:
    """Raise the wrist where fingertips would reach through the floor, the hand held as it is."""
    names = [f"{side}_{joint}" for joint in ("collar", "shoulder", "elbow", "wrist")]
    collar, shoulder, elbow, wrist = (SMPLX.index(name) for name in names)
    places, turns = forward_kinematics(SMPLX, root_positions, local_rotations)
    lowest = np.minimum(places[:, _fingers(side), 2].min(axis=1), places[:, wrist, 2])
    missing = np.maximum(FINGER_HEIGHT_M - lowest, 0.0)
    if not missing.any():
        return
    lift = smooth(-lower_envelope(-missing, 4), 2.0)
    target = places[:, wrist] + lift[:, None] * np.array([0.0, 0.0, 1.0])
    upper, lower, _ = two_bone_ik(
        places[:, shoulder], places[:, elbow], places[:, wrist], target, stretch_limit=0.995
    )
    moved = lift > 1e-4
    upper = rotations.multiply(upper, turns[:, shoulder])[moved]
    lower = rotations.multiply(lower, turns[:, elbow])[moved]
    local_rotations[moved, shoulder] = _local(turns[moved, collar], upper)
    local_rotations[moved, elbow] = _local(upper, lower)
    local_rotations[moved, wrist] = _local(lower, turns[moved, wrist])


def _local(parent: np.ndarray, world: np.ndarray) -> np.ndarray:
    return rotations.normalize(rotations.multiply(rotations.conjugate(parent), world))


def _flat_hand(plant: HandPlant) -> np.ndarray:
    """World rotation of a wrist whose palm faces down and whose fingers point along the yaw."""
    sign = 1.0 if plant.side == "left" else -1.0
    fingers = sign * np.array([np.sin(plant.yaw), -np.cos(plant.yaw), 0.0])
    back = np.array([0.0, 0.0, 1.0])
    return rotations.from_matrix(np.stack([fingers, back, np.cross(fingers, back)], axis=-1))


def _share_twist(local_rotations, elbow: int, wrist: int, weight: np.ndarray) -> None:
    """The forearm turns for half of what the wrist would have to twist."""
    axis = rotations.normalize(SMPLX.offsets[wrist])
    _, twist = rotations.swing_twist(rotations.conjugate(local_rotations[:, wrist]), axis)
    half = rotations.from_axis_angle(-0.5 * weight * rotations.to_axis_angle(twist))
    local_rotations[:, elbow] = rotations.multiply(local_rotations[:, elbow], half)
    local_rotations[:, wrist] = rotations.multiply(
        rotations.conjugate(half), local_rotations[:, wrist]
    )

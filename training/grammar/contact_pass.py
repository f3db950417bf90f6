"""The contact pass: legs solved onto the feet, the pelvis lowered where they would not reach."""

import numpy as np

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX, STANDING
from training.grammar.body import Body
from training.grammar.curves import lower_envelope, smooth
from training.grammar.hand_plants import plant_hands

LONGEST_LEG = 0.992
_THIGH = {side: SMPLX.offsets[SMPLX.index(f"{side}_knee")] for side in ("left", "right")}
_SHIN = {side: SMPLX.offsets[SMPLX.index(f"{side}_ankle")] for side in ("left", "right")}
_HIP = {side: SMPLX.offsets[SMPLX.index(f"{side}_hip")] for side in ("left", "right")}
LEG_LENGTH_M = float(np.linalg.norm(_THIGH["left"]) + np.linalg.norm(_SHIN["left"]))


def to_motion(body: Body) -> Motion:
    """The finished clip: pelvis within reach of both feet, leg rotations solved."""
    root_rotations = rotations.normalize(body.root_rotations())
    root_positions = _within_reach(body.root_positions(), root_rotations, body)
    local_rotations = body.local_rotations
    local_rotations[:, 0] = root_rotations
    for foot, side in enumerate(("left", "right")):
        _solve_leg(local_rotations, root_positions, root_rotations, body, foot, side)
    plant_hands(root_positions, local_rotations, body.hand_plants)
    return Motion(root_positions, rotations.normalize(local_rotations), body.contacts)


def _within_reach(positions: np.ndarray, root_rotations: np.ndarray, body: Body) -> np.ndarray:
    """Pelvis positions lowered, smoothly, so that no leg is longer than LONGEST_LEG of itself."""
    too_high = np.full(len(positions), -1.0)
    for foot, side in enumerate(("left", "right")):
        hip = positions + rotations.rotate(root_rotations, _HIP[side])
        reach = body.ankles[:, foot] - hip
        across = np.minimum(np.linalg.norm(reach[:, :2], axis=-1), 0.97 * LEG_LENGTH_M)
        longest = np.sqrt((LONGEST_LEG * LEG_LENGTH_M) ** 2 - across**2)
        planted = body.contacts[:, 2 * foot : 2 * foot + 2].max(axis=-1) > 0.5
        too_high = np.maximum(too_high, np.where(planted, -reach[:, 2] - longest, -1.0))
    if too_high.max() <= 0.0:
        return positions
    lowering = -smooth(lower_envelope(-np.maximum(too_high, 0.0), 3), 1.5)
    result = positions.copy()
    result[:, 2] -= lowering
    return result


def _solve_leg(local_rotations, root_positions, root_rotations, body, foot: int, side: str) -> None:
    """Hip, knee, ankle and toe rotations of one leg, the knee a hinge that points with the foot."""
    foot_turn = rotations.about("z", body.foot_yaw[:, foot])
    foot_rotation = rotations.multiply(
        rotations.multiply(foot_turn, rotations.about("x", -body.foot_pitch[:, foot])), STANDING
    )
    hip = root_positions + rotations.rotate(root_rotations, _HIP[side])
    thigh, shin = _thigh_and_shin(hip, body, root_rotations, foot, side)
    hip_local = rotations.multiply(rotations.conjugate(root_rotations), thigh)
    names = [SMPLX.index(f"{side}_{joint}") for joint in ("hip", "knee", "ankle", "foot")]
    local_rotations[:, names[0]] = hip_local
    local_rotations[:, names[1]] = rotations.multiply(rotations.conjugate(thigh), shin)
    local_rotations[:, names[2]] = rotations.multiply(rotations.conjugate(shin), foot_rotation)
    local_rotations[:, names[3]] = rotations.about("x", -body.toe_bend[:, foot])


def _thigh_and_shin(hip, body: Body, root_rotations, foot: int, side: str):
    """World rotations ``[F, 4]`` of hip and knee joints."""
    upper, lower = np.linalg.norm(_THIGH[side]), np.linalg.norm(_SHIN[side])
    reach = body.ankles[:, foot] - hip
    distance = np.linalg.norm(reach, axis=-1)
    direction = reach / np.maximum(distance, 1e-9)[:, None]
    distance = np.clip(distance, 0.35 * (upper + lower), 0.998 * (upper + lower))
    along = (upper**2 - lower**2 + distance**2) / (2.0 * distance)
    out = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    pole = _knee_direction(body, root_rotations, foot, direction)
    knee = along[:, None] * direction + out[:, None] * pole
    hinge = np.cross(pole, direction)
    thigh = _turned(_THIGH[side], knee, hinge)
    shin = _turned(_SHIN[side], distance[:, None] * direction - knee, hinge)
    return thigh, shin


def _knee_direction(body: Body, root_rotations, foot: int, direction: np.ndarray) -> np.ndarray:
    """Unit vectors ``[F, 3]`` across ``direction``: between where foot and pelvis face."""
    outwards = (1.0 if foot == 0 else -1.0) * (0.14 + body.knee_out[:, foot])
    yaw = 0.6 * body.foot_yaw[:, foot] + 0.4 * body.heading + outwards
    level = np.stack([np.sin(yaw), -np.cos(yaw), np.zeros_like(yaw)], axis=-1)
    # The knee of a level leg points up, or down where the body lies on its front.
    upwards = np.sum(level * direction, axis=-1, keepdims=True)
    pole = level + np.array([0.0, 0.0, 1.0]) * upwards
    pole = pole - np.sum(pole * direction, axis=-1, keepdims=True) * direction
    return rotations.normalize(pole)


def _turned(rest: np.ndarray, bone: np.ndarray, hinge: np.ndarray) -> np.ndarray:
    """World rotations that take the ``rest`` bone onto ``bone`` and the x axis onto ``hinge``."""
    return rotations.multiply(
        rotations.from_matrix(_frame(bone, hinge)),
        rotations.conjugate(rotations.from_matrix(_frame(rest, np.array([1.0, 0.0, 0.0])))),
    )


def _frame(bone: np.ndarray, hinge: np.ndarray) -> np.ndarray:
    x = rotations.normalize(bone)
    y = rotations.normalize(hinge - np.sum(hinge * x, axis=-1, keepdims=True) * x)
    return np.stack([x, y, np.cross(x, y)], axis=-1)

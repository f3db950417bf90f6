"""Rest poses aligned as data: how each part of the rig would stand in our T-pose.

A turn is a rotation in the armature's space since the rest pose. The alignment of a role is the
turn that takes the rig's bone at rest into our rest pose: direction onto direction by the
shortest arc, chain by chain from the trunk outwards, then the roll by hinge or palm. A bone's
turn in a clip is our joint's turn times its alignment, so that limb directions hold exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import rotations
from ..errors import LimberError
from ..skeleton import HEEL_OFFSET_M, SMPLX, STANDING
from .mapping import Mapping
from .rig import Rig
from .roles import ENDS, FINGER_ROLES, FINGERS, SIDES

_CLEAR_BEND_RAD = np.radians(15.0)
_LEG_CARRIES_FOOT_RAD = np.radians(12.0)
_LEANING_RAD = np.radians(20.0)
_BALL_HEIGHT_M = 0.015
_SNAP_RAD = np.radians(5.0)


@dataclass(frozen=True, eq=False)
class Alignment:
    """``facing [4]`` turns our world (Z up, facing -Y) into the armature's space as the rig stands
    at rest; ``turns`` by role; ``joints`` are rest positions by role (``..._end``: a bone's end);
    ``units_per_metre`` scales our paths; ``floor`` is a height along ``up``. ``soles`` by side are
    the rest points ``[3]`` under heel and ball when the foot stands flat, from the ankle and from
    the ball of the foot; ``spine`` names the spine bones that deform."""

    up: np.ndarray
    facing: np.ndarray
    turns: dict[str, np.ndarray]
    joints: dict[str, np.ndarray]
    units_per_metre: float
    floor: float
    ankle_height: float
    soles: dict[str, tuple[np.ndarray, np.ndarray]]
    spine: tuple[str, ...]

    def turn(self, role: str) -> np.ndarray:
        return self.turns.get(role, rotations.IDENTITY)


def align(rig: Rig, mapping: Mapping) -> Alignment:
    """Measure a mapped rig at rest. Raises LimberError for limbs without length."""
    joints = _rest_joints(rig, mapping)
    up, facing = _stance(rig, joints)
    turns = _Chains(joints, up, facing).turns()
    ratio = _leg_length(joints, rig) / _our_leg_length()
    floor = _floor(joints, up)
    heights = {side: _ankle_height(side, joints, turns, up, floor, ratio) for side in SIDES}
    soles = {side: _sole(side, joints, turns, up, heights[side], ratio) for side in SIDES}
    ankle = float(np.mean(list(heights.values())))
    spine = mapping.matches["spine"].bones
    return Alignment(up, facing, turns, joints, ratio, floor, ankle, soles, spine)


def our_direction(start: str, end: str) -> np.ndarray:
    """From joint to joint of our skeleton ``[3]`` as it stands in the T-pose, Z up, facing -Y."""
    rest = SMPLX.rest_positions
    return rotations.rotate(STANDING, rest[SMPLX.index(end)] - rest[SMPLX.index(start)])


def _rest_joints(rig: Rig, mapping: Mapping) -> dict[str, np.ndarray]:
    """Where each role's first bone starts, and where limbs end that lead to no other role."""
    joints = {role: rig[match.bones[0]].head for role, match in mapping.matches.items()}
    for role, match in mapping.matches.items():
        joints[f"{role}_end"] = rig[match.bones[-1]].tail
    for role, end in ENDS.items():
        if role in mapping and end in mapping:
            joints[f"{role}_end"] = joints[end]
    for side in SIDES:
        knuckles = [f"{side}_{finger}1" for finger in FINGERS[1:] if f"{side}_{finger}1" in mapping]
        if knuckles and f"{side}_middle1" not in mapping:
            joints[f"{side}_wrist_end"] = np.mean([joints[k] for k in knuckles], axis=0)
    for role, end in ENDS.items():
        if role not in mapping or role in FINGER_ROLES:
            continue
        if np.linalg.norm(joints[f"{role}_end"] - joints[role]) < 1e-5 * rig.height:
            raise LimberError(
                f"{rig.name}: bone {mapping.bone(role)} has no length; lengthen it, or map {role} "
                "to another bone."
            )
    return joints


def _stance(rig: Rig, joints: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Up ``[3]`` along the nearest axis of the armature, and the facing ``[4]``."""
    middle = (joints["left_hip"] + joints["right_hip"]) / 2.0
    trunk = rotations.normalize(joints["head"] - middle)
    up = np.zeros(3)
    up[np.argmax(np.abs(trunk))] = np.sign(trunk[np.argmax(np.abs(trunk))])
    across = sum(
        joints[f"left_{joint}"] - joints[f"right_{joint}"] for joint in ("hip", "shoulder")
    )
    across = across - (across @ up) * up
    if np.linalg.norm(across) < 1e-3 * rig.height:
        raise LimberError(f"{rig.name}: left and right limbs lie in one plane; check the mapping.")
    left = rotations.normalize(across)
    nearest = np.eye(3)[np.argmax(np.abs(left))] * np.sign(left[np.argmax(np.abs(left))])
    if left @ nearest > np.cos(_SNAP_RAD):
        left = nearest
    axes = np.stack([left, rotations.cross(up, left), up], axis=-1)
    return up, rotations.from_matrix(axes)


class _Chains:
    """Alignment turns from the trunk outwards; all directions in the armature's space."""

    def __init__(self, joints: dict[str, np.ndarray], up: np.ndarray, facing: np.ndarray):
        self.joints = joints
        self.up = up
        self.facing = facing

    def turns(self) -> dict[str, np.ndarray]:
        trunk = self._trunk()
        turns = {role: trunk for role in ("spine", "neck", "head", "jaw")}
        for side in SIDES:
            turns |= {f"{side}_{joint}": trunk for joint in ("collar", "eye")}
            turns |= self._arm(side, trunk)
            turns |= self._leg(side)
        return {role: turn for role, turn in turns.items() if role in self.joints}

    def ours(self, start: str, end: str) -> np.ndarray:
        return rotations.rotate(self.facing, our_direction(start, end))

    def theirs(self, role: str) -> np.ndarray:
        return self.joints[f"{role}_end"] - self.joints[role]

    def _trunk(self) -> np.ndarray:
        """A trunk that stands upright is left alone, since spines are curved; one that leans at
        rest is set upright."""
        hips = (self.joints["left_hip"] + self.joints["right_hip"]) / 2.0
        trunk = self.joints["head"] - hips
        lean = rotations.between(trunk, self.ours("pelvis", "head"))
        return lean if rotations.angle(lean) > _LEANING_RAD else rotations.IDENTITY

    def _aimed(self, role: str, carried: np.ndarray) -> np.ndarray:
        """The turn that is carried along, then swung so that the bone lies along ours."""
        current = rotations.rotate(carried, self.theirs(role))
        swing = rotations.between(current, self.ours(role, ENDS[role]))
        return rotations.multiply(swing, carried)

    def _arm(self, side: str, trunk: np.ndarray) -> dict[str, np.ndarray]:
        shoulder, elbow, wrist = (f"{side}_{joint}" for joint in ("shoulder", "elbow", "wrist"))
        upper = self._aimed(shoulder, trunk)
        upper = self._hinged(upper, shoulder, elbow, wrist)
        lower = self._aimed(elbow, upper)
        hand = self._aimed(wrist, lower)
        roll = self._palm_roll(side, hand)
        lower = rotations.multiply(self._about_ours(elbow, 0.5 * roll), lower)
        hand = rotations.multiply(self._about_ours(wrist, roll), hand)
        turns = {shoulder: upper, elbow: lower, wrist: hand}
        for finger in FINGERS:
            carried = hand
            for number in (1, 2, 3):
                role = f"{side}_{finger}{number}"
                if role in self.joints:
                    if number < 3 and f"{side}_{finger}{number + 1}" in self.joints:
                        carried = self._aimed(role, carried)
                    turns[role] = carried
        return turns

    def _leg(self, side: str) -> dict[str, np.ndarray]:
        hip, knee, ankle, foot = (f"{side}_{joint}" for joint in ("hip", "knee", "ankle", "foot"))
        upper = self._aimed(hip, rotations.IDENTITY)
        upper = self._hinged(upper, hip, knee, ankle)
        lower = self._aimed(knee, upper)
        carried = lower if _carries_foot(lower) else rotations.IDENTITY
        sole = rotations.multiply(self._sole_yaw(ankle, carried), carried)
        return {hip: upper, knee: lower, ankle: sole, foot: sole}

    def _sole_yaw(self, ankle: str, carried: np.ndarray) -> np.ndarray:
        """Feet point where ours do, but stay as flat as they stand."""
        toes = rotations.rotate(carried, self.theirs(ankle))
        ours = self.ours(ankle, ENDS[ankle])
        toes, ours = (v - (v @ self.up) * self.up for v in (toes, ours))
        if np.linalg.norm(toes) < 1e-6:
            return rotations.IDENTITY
        return rotations.about(self.up, _signed_angle(toes, ours, self.up))

    def _hinged(self, turn: np.ndarray, upper: str, lower: str, end: str) -> np.ndarray:
        """Rolled so that the joint bends where ours bends, if the rest pose bends it clearly."""
        a, b = self.theirs(upper), self.theirs(lower)
        hinge = rotations.cross(rotations.normalize(a), rotations.normalize(b))
        if np.linalg.norm(hinge) < np.sin(_CLEAR_BEND_RAD):
            return turn
        axis = rotations.normalize(self.ours(upper, lower))
        wanted = rotations.cross(self.ours(upper, lower), self.ours(lower, end))
        roll = _signed_angle(rotations.rotate(turn, hinge), wanted, axis)
        return rotations.multiply(rotations.about(axis, roll), turn)

    def _about_ours(self, role: str, angle_rad: float) -> np.ndarray:
        return rotations.about(rotations.normalize(self.ours(role, ENDS[role])), angle_rad)

    def _palm_roll(self, side: str, hand: np.ndarray) -> float:
        """How far the hand has to roll so that its knuckles lie as ours do, radians."""
        index, pinky = f"{side}_index1", f"{side}_pinky1"
        if index not in self.joints or pinky not in self.joints:
            return 0.0
        across = rotations.rotate(hand, self.joints[pinky] - self.joints[index])
        axis = rotations.normalize(self.ours(f"{side}_wrist", f"{side}_middle1"))
        return float(_signed_angle(across, self.ours(index, pinky), axis))


def _signed_angle(a: np.ndarray, b: np.ndarray, axis: np.ndarray) -> float:
    """Angle about ``axis`` from ``a`` to ``b``, both seen along the axis, radians."""
    a, b = (v - (v @ axis) * axis for v in (a, b))
    return float(np.arctan2(rotations.cross(a, b) @ axis, a @ b))


def _leg_length(joints: dict[str, np.ndarray], rig: Rig) -> float:
    """Mean length of thigh and shin together, in the armature's units."""
    lengths = [
        np.linalg.norm(joints[f"{side}_{end}"] - joints[f"{side}_{start}"])
        for side in SIDES
        for start, end in (("hip", "knee"), ("knee", "ankle"))
    ]
    length = float(sum(lengths)) / 2.0
    if length < 1e-6 * rig.height:
        raise LimberError(f"{rig.name}: the legs have no length; check the mapping.")
    return length


def _our_leg_length() -> float:
    offsets = SMPLX.offsets[[SMPLX.index("left_knee"), SMPLX.index("left_ankle")]]
    return float(np.linalg.norm(offsets, axis=-1).sum())


def floor_in_world(rig: Rig, alignment: Alignment) -> np.ndarray:
    """``[0, 0, z]``: how high in the world, in its units, the floor is that the rig stands on. Our
    motions have theirs at 0."""
    floor = rig.world_position + rig.world_scale * rotations.rotate(
        rig.world_rotation, alignment.floor * alignment.up
    )
    return floor * [0.0, 0.0, 1.0]


def our_ankle_height() -> float:
    """Height of our ankle over the sole in metres."""
    return float(-HEEL_OFFSET_M[1])


def _carries_foot(shin_turn: np.ndarray) -> bool:
    """Whether the leg stands so far off at rest that its foot cannot stand flat by itself."""
    return bool(rotations.angle(shin_turn) > _LEG_CARRIES_FOOT_RAD)


def _floor(joints: dict[str, np.ndarray], up: np.ndarray) -> float:
    """Height of the floor that the rig stands on.

    That is the armature's own origin where the feet stand near it, else the lowest foot bone.
    """
    ankle = min(float(joints[f"{side}_ankle"] @ up) for side in SIDES)
    hip = min(float(joints[f"{side}_hip"] @ up) for side in SIDES)
    points = [place for name, place in joints.items() if name.endswith(("ankle_end", "foot_end"))]
    lowest = min([ankle, *(float(point @ up) for point in points)])
    near_origin = hip > 0.0 and 0.02 < ankle / max(hip, 1e-9) < 0.22
    return 0.0 if near_origin else lowest - 0.02 * (hip - lowest)


def _ankle_height(side, joints, turns, up, floor, units_per_metre) -> float:
    """Height of an ankle over the sole of a flat foot."""
    ankle = joints[f"{side}_ankle"]
    if not _carries_foot(turns[f"{side}_knee"]):
        return float(ankle @ up) - floor
    ends = [joints[name] for name in (f"{side}_ankle_end", f"{side}_foot_end") if name in joints]
    flat = [rotations.rotate(turns[f"{side}_ankle"], end - ankle) @ up for end in ends]
    return -float(min(flat)) + _BALL_HEIGHT_M * units_per_metre


def _sole(side, joints, turns, up, height, units_per_metre) -> tuple[np.ndarray, np.ndarray]:
    """Rest points under heel and ball, from the ankle and the ball, as their bones carry them."""
    turn = turns[f"{side}_ankle"]
    ball = rotations.rotate(turn, joints[f"{side}_ankle_end"] - joints[f"{side}_ankle"])
    rise = ball @ up
    behind = rotations.normalize(ball - rise * up) * HEEL_OFFSET_M[2] * units_per_metre
    back = rotations.conjugate(turn)
    return rotations.rotate(back, behind - height * up), rotations.rotate(
        back, -(height + rise) * up
    )

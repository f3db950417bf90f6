"""What scripted rigs are built from: joints of a body in a rest pose, and bones between them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX, Skeleton, forward_kinematics

SIDES = (("left", 1.0), ("right", -1.0))
FINGERS = ("thumb", "index", "middle", "ring", "pinky")
RESTS = ("T", "A", "odd")


@dataclass(frozen=True)
class ScriptedBone:
    name: str
    parent: str
    head: np.ndarray
    tail: np.ndarray
    deforms: bool = True


@dataclass(frozen=True)
class Solver:
    """One limb's inverse kinematics: ``chain`` bends (upper, lower) until it reaches ``goal``
    towards ``pole``. ``followers`` copy the bones that they are mapped to, rather than their
    controls, while ``property`` of ``holder`` has the value ``ik`` rather than ``fk``."""

    chain: tuple[str, str]
    goal: str
    pole: str
    followers: dict[str, str]
    holder: str
    property: str
    fk: float
    ik: float


@dataclass(frozen=True)
class ScriptedRig:
    """``roles`` is the truth: which bone each role is. ``copies`` says which bone follows which
    control; ``solvers`` stand on IK when the rig is built; ``carriers`` are what a bone without a
    parent hangs on, in FK and in IK."""

    name: str
    bones: tuple[ScriptedBone, ...]
    roles: dict[str, str]
    roll: float = 0.0
    rotation_mode: str = "QUATERNION"
    copies: dict[str, str] = field(default_factory=dict)
    solvers: tuple[Solver, ...] = ()
    carriers: dict[str, tuple[str, str]] = field(default_factory=dict)


def body_points(rest: str, legs: float = 1.0, arms: float = 1.0, trunk: float = 1.0) -> dict:
    """Places of all joints, and of the ends of limbs, in a rest pose of a body of its own build."""
    offsets = SMPLX.offsets.copy()
    for name, factor in (
        *((f"{s}_{j}", legs) for s, _ in SIDES for j in ("knee", "ankle")),
        *((f"{s}_{j}", arms) for s, _ in SIDES for j in ("elbow", "wrist")),
        *((j, trunk) for j in ("spine1", "spine2", "spine3", "neck")),
    ):
        offsets[SMPLX.index(name)] *= factor
    skeleton = Skeleton(SMPLX.names, SMPLX.parents, offsets)
    local = Motion.standing(1).local_rotations[0].copy()
    for name, turn in _rest_turns(rest).items():
        local[SMPLX.index(name)] = turn
    places, world = forward_kinematics(skeleton, np.zeros(3), local)
    points = dict(zip(SMPLX.names, places))
    ends = {"head": (0.0, 0.2, 0.0), "jaw": (0.0, -0.03, 0.06)}
    for side, sign in SIDES:
        ends[f"{side}_foot"] = (0.0, -0.012, 0.08)
        for finger in FINGERS:
            ends[f"{side}_{finger}3"] = 0.8 * skeleton.offsets[SMPLX.index(f"{side}_{finger}3")]
    for name, offset in ends.items():
        joint = SMPLX.index(name)
        points[f"{name}_tip"] = places[joint] + rotations.rotate(world[joint], np.array(offset))
    floor = min(points["left_foot_tip"][2], points["left_foot"][2] - 0.02)
    points = {name: point - [0.0, 0.0, floor] for name, point in points.items()}
    points["floor"] = np.zeros(3)
    return points


def _rest_turns(rest: str) -> dict[str, np.ndarray]:
    """Local rotations (joint frames: Y up, Z ahead, X left) that make the rest pose."""
    turns = {}
    for side, sign in SIDES:
        if rest == "A":
            turns[f"{side}_shoulder"] = rotations.about("z", np.radians(-45.0 * sign))
        if rest == "odd":
            turns[f"{side}_shoulder"] = rotations.multiply(
                rotations.about("y", np.radians(-35.0 * sign)),
                rotations.about("z", np.radians(-60.0 * sign)),
            )
            turns[f"{side}_elbow"] = rotations.about("y", np.radians(-40.0 * sign))
            turns[f"{side}_hip"] = rotations.about("z", np.radians(18.0 * sign))
            for finger in FINGERS[1:]:
                for number in (1, 2, 3):
                    curl = rotations.about("z", np.radians(-20.0 * sign))
                    turns[f"{side}_{finger}{number}"] = curl
    return turns


class Builder:
    def __init__(self, points: dict):
        self.points = points
        self.bones: list[ScriptedBone] = []
        self.roles: dict[str, str] = {}
        self.copies: dict[str, str] = {}
        self.solvers: list[Solver] = []
        self.carriers: dict[str, tuple[str, str]] = {}

    def add(self, name, parent, head, tail, role="", deforms=True):
        bone = ScriptedBone(name, parent, self.point(head), self.point(tail), deforms)
        self.bones.append(bone)
        if role:
            self.roles[role] = name

    def point(self, place) -> np.ndarray:
        if isinstance(place, str):
            return self.points[place]
        if len(place) == 3 and isinstance(place[0], str):
            a, b, share = place
            return self.points[a] + share * (self.points[b] - self.points[a])
        return np.asarray(place, dtype=float)

    def column(self, names, parent, start, stop, roles=()):
        """Bones that divide the way between two points evenly."""
        for k, name in enumerate(names):
            a, b = k / len(names), (k + 1) / len(names)
            role = roles[k] if k < len(roles) else ""
            self.add(name, parent, (start, stop, a), (start, stop, b), role)
            parent = name
        return parent


def by_name(left: str, right: str, names: dict[str, str]):
    """Names of a limb's bones with the side's mark in place of ``{s}``."""
    return lambda side, joint: names[joint].format(s=left if side == "left" else right)


def humanoid(
    points: dict,
    *,
    trunk: tuple[str, list[str], list[str], str],
    limb,
    finger=None,
    above: tuple[str, ...] = (),
    leaves: bool = False,
    twists=None,
    collar: bool = True,
    toes: bool = True,
    leg_parent: str | None = None,
    metacarpals: bool = False,
    halves=None,
) -> Builder:
    """A whole body: ``trunk`` is (pelvis, spine, neck, head); ``limb(side, joint)`` and
    ``finger(side, finger, number)`` name the rest. Where ``halves(side, joint)`` names a bone, the
    limb's bone ends half-way and that one goes on."""
    build = Builder(points)
    parent = ""
    for name in above:
        build.add(name, parent, "floor", (0.0, 0.3, 0.0))
        parent = name
    pelvis, spine, neck, head = trunk
    build.add(pelvis, parent, "pelvis", "spine1", "pelvis")
    chest = build.column(spine, pelvis, "spine1", "neck", ("spine",))
    under_head = build.column(neck, chest, "neck", "head")
    build.add(head, under_head, "head", "head_tip", "head")
    if leaves:
        build.add(f"{head}Top_End", head, "head_tip", (points["head_tip"] + [0, 0, 0.1]))
    if leg_parent:
        build.add(leg_parent, pelvis, "pelvis", (points["pelvis"] - [0.0, 0.0, 0.1]))
    for side, _ in SIDES:
        hip = leg_parent or pelvis
        for joint, end in (("hip", "knee"), ("knee", "ankle"), ("ankle", "foot")):
            hip = _add_limb_bone(build, hip, (side, joint, end), limb, halves)
        if toes:
            build.add(limb(side, "foot"), hip, f"{side}_foot", f"{side}_foot_tip", f"{side}_foot")
        arm = chest
        if collar:
            build.add(limb(side, "collar"), arm, f"{side}_collar", f"{side}_shoulder")
            arm = limb(side, "collar")
        for joint, end in (("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "middle1")):
            arm = _add_limb_bone(build, arm, (side, joint, end), limb, halves)
        if twists:
            _add_twists(build, side, limb, twists)
        if finger:
            add_fingers(build, side, finger, arm, metacarpals, leaves)
    return build


def _add_limb_bone(build: Builder, parent: str, place: tuple, limb, halves) -> str:
    """A limb's bone, in one piece or in two; the last of them."""
    side, joint, end = place
    name, role, stop = limb(side, joint), f"{side}_{joint}", f"{side}_{end}"
    second = halves(side, joint) if halves else ""
    if not second:
        build.add(name, parent, role, stop, role)
        return name
    build.add(name, parent, role, (role, stop, 0.5), role)
    build.add(second, name, (role, stop, 0.5), stop)
    return second


def _add_twists(build: Builder, side: str, limb, twists) -> None:
    for joint, end in (
        ("shoulder", "elbow"),
        ("elbow", "wrist"),
        ("hip", "knee"),
        ("knee", "ankle"),
    ):
        start, stop = f"{side}_{joint}", f"{side}_{end}"
        for k, name in enumerate(twists(side, joint)):
            a = (k + 1) / 3.0
            build.add(name, limb(side, joint), (start, stop, a), (start, stop, a + 0.3))


def add_fingers(build: Builder, side: str, finger, hand: str, metacarpals, leaves) -> None:
    for name in FINGERS:
        parent = hand
        if metacarpals and name != "thumb":
            bone = finger(side, name, 0)
            joint = f"{side}_{name}1"
            build.add(bone, hand, (f"{side}_wrist", joint, 0.3), joint)
            parent = bone
        for number in (1, 2, 3):
            joint = f"{side}_{name}{number}"
            end = f"{side}_{name}{number + 1}" if number < 3 else f"{joint}_tip"
            bone = finger(side, name, number)
            build.add(bone, parent, joint, end, joint)
            parent = bone
        if leaves:
            tip = build.points[f"{side}_{name}3_tip"]
            out = tip - build.points[f"{side}_{name}3"]
            build.add(finger(side, name, 4), parent, tip, tip + 0.8 * out)

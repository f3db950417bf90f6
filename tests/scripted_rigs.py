"""Rigs built by script: the names and trees of well-known rigs, in several rest poses.

The names are written out as those programs export them. A scripted rig is a list of bones in
metres, Z up, facing -Y; `as_rig` gives plain values, `build` an armature in Blender.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.retarget.rig import Bone, Rig
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
class ScriptedRig:
    """``roles`` is the truth: which bone each role is. ``copies`` says which bone follows which
    control; ``switches`` (bone to property, its value now, side, last joint of the limb) let
    go of a limb's controls while they stand on IK."""

    name: str
    bones: tuple[ScriptedBone, ...]
    roles: dict[str, str]
    roll: float = 0.0
    rotation_mode: str = "QUATERNION"
    copies: dict[str, str] = field(default_factory=dict)
    switches: dict[str, tuple] = field(default_factory=dict)


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


class _Builder:
    def __init__(self, points: dict):
        self.points = points
        self.bones: list[ScriptedBone] = []
        self.roles: dict[str, str] = {}
        self.copies: dict[str, str] = {}
        self.switches: dict[str, tuple] = {}

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
) -> _Builder:
    """A whole body: ``trunk`` is (pelvis, spine, neck, head); ``limb(side, joint)`` and
    ``finger(side, finger, number)`` name the rest."""
    build = _Builder(points)
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
            role, name = f"{side}_{joint}", limb(side, joint)
            build.add(name, hip, role, f"{side}_{end}", role)
            hip = name
        if toes:
            build.add(limb(side, "foot"), hip, f"{side}_foot", f"{side}_foot_tip", f"{side}_foot")
        arm = chest
        if collar:
            build.add(limb(side, "collar"), arm, f"{side}_collar", f"{side}_shoulder")
            arm = limb(side, "collar")
        for joint, end in (("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "middle1")):
            role, name = f"{side}_{joint}", limb(side, joint)
            build.add(name, arm, role, f"{side}_{end}", role)
            arm = name
        if twists:
            _add_twists(build, side, limb, twists)
        if finger:
            _add_fingers(build, side, finger, arm, metacarpals, leaves)
    return build


def _add_twists(build: _Builder, side: str, limb, twists) -> None:
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


def _add_fingers(build: _Builder, side: str, finger, hand: str, metacarpals, leaves) -> None:
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


def _by_name(left: str, right: str, names: dict[str, str]):
    return lambda side, joint: names[joint].format(s=left if side == "left" else right)


def mixamo(points: dict) -> _Builder:
    names = {
        "collar": "{s}Shoulder", "shoulder": "{s}Arm", "elbow": "{s}ForeArm", "wrist": "{s}Hand",
        "hip": "{s}UpLeg", "knee": "{s}Leg", "ankle": "{s}Foot", "foot": "{s}ToeBase",
    }  # fmt: skip
    names = {joint: f"mixamorig:{name}" for joint, name in names.items()}
    return humanoid(
        points,
        trunk=(
            "mixamorig:Hips",
            ["mixamorig:Spine", "mixamorig:Spine1", "mixamorig:Spine2"],
            ["mixamorig:Neck"],
            "mixamorig:Head",
        ),
        limb=_by_name("Left", "Right", names),
        finger=lambda s, f, n: f"mixamorig:{s.title()}Hand{f.title()}{n}",
        leaves=True,
    )


def _unreal(points: dict, spine: int, neck: int, **extras) -> _Builder:
    names = {
        "collar": "clavicle_{s}", "shoulder": "upperarm_{s}", "elbow": "lowerarm_{s}",
        "wrist": "hand_{s}", "hip": "thigh_{s}", "knee": "calf_{s}", "ankle": "foot_{s}",
        "foot": "ball_{s}",
    }  # fmt: skip
    bases = {"shoulder": "upperarm", "elbow": "lowerarm", "hip": "thigh", "knee": "calf"}
    return humanoid(
        points,
        above=("root",),
        trunk=(
            "pelvis",
            [f"spine_0{k}" for k in range(1, spine + 1)],
            [f"neck_0{k}" for k in range(1, neck + 1)],
            "head",
        ),
        limb=_by_name("l", "r", names),
        finger=lambda s, f, n: f"{f}_{f'0{n}' if n else 'metacarpal'}_{s[0]}",
        twists=lambda s, j: [f"{bases[j]}_twist_0{k}_{s[0]}" for k in (1, 2)],
        **extras,
    )


def unreal_5(points: dict) -> _Builder:
    build = _unreal(points, 5, 2, metacarpals=True)
    for name, parent, at in (
        *(("ik_foot_root", "root", "floor"), ("ik_foot_l", "ik_foot_root", "left_ankle")),
        *(("ik_foot_r", "ik_foot_root", "right_ankle"), ("ik_hand_root", "root", "floor")),
        *(
            ("ik_hand_gun", "ik_hand_root", "right_wrist"),
            ("ik_hand_l", "ik_hand_gun", "left_wrist"),
        ),
    ):
        build.add(name, parent, at, points[at] + [0.0, 0.05, 0.0])
    return build


def metahuman(points: dict) -> _Builder:
    build = _unreal(points, 5, 2, metacarpals=True)
    build.add("FACIAL_C_FacialRoot", "head", "head", points["head"] + [0.0, -0.05, 0.05])
    for name, point in (
        *(("FACIAL_C_Jaw", "jaw"), ("FACIAL_L_Eye", "left_eye_smplhf")),
        *(("FACIAL_R_Eye", "right_eye_smplhf"), ("FACIAL_C_LowerLip", "jaw_tip")),
    ):
        build.add(name, "FACIAL_C_FacialRoot", point, points[point] + [0.0, -0.02, 0.0])
    for side, mark in (("left", "l"), ("right", "r")):
        for name, joint in (
            ("upperarm_correctiveRoot", "shoulder"),
            ("thigh_correctiveRoot", "hip"),
        ):
            parent = f"{name.split('_')[0]}_{mark}"
            at = points[f"{side}_{joint}"]
            build.add(f"{name}_{mark}", parent, at, at + [0.0, -0.06, 0.0])
            for where in ("in", "out", "fwd", "bck"):
                tip = f"{name.split('_')[0]}_{where}_{mark}"
                build.add(tip, f"{name}_{mark}", at + [0.0, -0.06, 0.0], at + [0.0, -0.09, 0.0])
    return build


def vroid(points: dict) -> _Builder:
    names = {
        "collar": "J_Bip_{s}_Shoulder", "shoulder": "J_Bip_{s}_UpperArm",
        "elbow": "J_Bip_{s}_LowerArm", "wrist": "J_Bip_{s}_Hand", "hip": "J_Bip_{s}_UpperLeg",
        "knee": "J_Bip_{s}_LowerLeg", "ankle": "J_Bip_{s}_Foot", "foot": "J_Bip_{s}_ToeBase",
    }  # fmt: skip
    fingers = dict(zip(FINGERS, ("Thumb", "Index", "Middle", "Ring", "Little")))
    build = humanoid(
        points,
        above=("Root",),
        trunk=(
            "J_Bip_C_Hips",
            ["J_Bip_C_Spine", "J_Bip_C_Chest", "J_Bip_C_UpperChest"],
            ["J_Bip_C_Neck"],
            "J_Bip_C_Head",
        ),
        limb=_by_name("L", "R", names),
        finger=lambda s, f, n: f"J_Bip_{s[0].upper()}_{fingers[f]}{n}",
    )
    for k, x in enumerate((-0.06, 0.06, 0.0)):
        at = points["head_tip"] + [x, 0.05, -0.05]
        build.add(f"J_Sec_Hair1_0{k}", "J_Bip_C_Head", at, at + [0.0, 0.05, -0.15])
        build.add(
            f"J_Sec_Hair2_0{k}", f"J_Sec_Hair1_0{k}", at + [0, 0.05, -0.15], at + [0, 0.07, -0.4]
        )
    for side, sign in SIDES:
        at = points["pelvis"] + [0.12 * sign, 0.0, 0.0]
        name = f"J_Sec_{side[0].upper()}_SkirtSide1_01"
        build.add(name, "J_Bip_C_Hips", at, at + [0.05 * sign, 0.0, -0.3])
    return build


def character_creator(points: dict) -> _Builder:
    names = {
        "collar": "Clavicle", "shoulder": "Upperarm", "elbow": "Forearm", "wrist": "Hand",
        "hip": "Thigh", "knee": "Calf", "ankle": "Foot", "foot": "ToeBase",
    }  # fmt: skip
    fingers = dict(zip(FINGERS, ("Thumb", "Index", "Mid", "Ring", "Pinky")))
    build = humanoid(
        points,
        above=("RL_BoneRoot", "CC_Base_BoneRoot"),
        trunk=(
            "CC_Base_Hip",
            ["CC_Base_Waist", "CC_Base_Spine01", "CC_Base_Spine02"],
            ["CC_Base_NeckTwist01", "CC_Base_NeckTwist02"],
            "CC_Base_Head",
        ),
        leg_parent="CC_Base_Pelvis",
        limb=lambda s, j: f"CC_Base_{s[0].upper()}_{names[j]}",
        finger=lambda s, f, n: f"CC_Base_{s[0].upper()}_{fingers[f]}{n}",
        twists=lambda s, j: [f"CC_Base_{s[0].upper()}_{names[j]}Twist0{k}" for k in (1, 2)],
    )
    for side, _ in SIDES:
        mark = side[0].upper()
        for joint, parent in (("knee", "Calf"), ("elbow", "Forearm"), ("foot", "ToeBase")):
            at = points[f"{side}_{joint}"]
            build.add(
                f"CC_Base_{mark}_{joint.title()}ShareBone",
                f"CC_Base_{mark}_{parent}",
                at,
                at + [0.0, -0.05, 0.0],
            )
    return build


def daz(points: dict) -> _Builder:
    """Genesis 8: the upper arm and forearm are two bones each, one bending, one twisting."""
    build = _Builder(points)
    build.add("hip", "", "pelvis", "spine1", "pelvis")
    build.add("pelvis", "hip", "pelvis", points["pelvis"] - [0.0, 0.0, 0.1])
    spine = ["abdomenLower", "abdomenUpper", "chestLower", "chestUpper"]
    chest = build.column(spine, "hip", "spine1", "neck", ("spine",))
    neck = build.column(["neckLower", "neckUpper"], chest, "neck", "head")
    build.add("head", neck, "head", "head_tip", "head")
    build.add("lowerJaw", "head", "jaw", "jaw_tip")
    names = dict(zip(FINGERS, ("Thumb", "Index", "Mid", "Ring", "Pinky")))

    def finger(side: str, name: str, number: int) -> str:
        return f"{side[0]}{names[name]}{number}"

    for side, _ in SIDES:
        m = side[0]
        build.add(
            f"{m}Eye", "head", f"{side}_eye_smplhf", points[f"{side}_eye_smplhf"] - [0, 0.03, 0]
        )
        build.add(
            f"{m}ThighBend",
            "pelvis",
            f"{side}_hip",
            (f"{side}_hip", f"{side}_knee", 0.5),
            f"{side}_hip",
        )
        build.add(
            f"{m}ThighTwist", f"{m}ThighBend", (f"{side}_hip", f"{side}_knee", 0.5), f"{side}_knee"
        )
        build.add(f"{m}Shin", f"{m}ThighTwist", f"{side}_knee", f"{side}_ankle", f"{side}_knee")
        build.add(f"{m}Foot", f"{m}Shin", f"{side}_ankle", f"{side}_foot", f"{side}_ankle")
        build.add(
            f"{m}Metatarsals", f"{m}Foot", (f"{side}_ankle", f"{side}_foot", 0.4), f"{side}_foot"
        )
        build.add(f"{m}Toe", f"{m}Metatarsals", f"{side}_foot", f"{side}_foot_tip", f"{side}_foot")
        build.add(f"{m}Collar", chest, f"{side}_collar", f"{side}_shoulder")
        parent = f"{m}Collar"
        for joint, end, base in (("shoulder", "elbow", "Shldr"), ("elbow", "wrist", "Forearm")):
            start, stop = f"{side}_{joint}", f"{side}_{end}"
            build.add(f"{m}{base}Bend", parent, start, (start, stop, 0.5), start)
            build.add(f"{m}{base}Twist", f"{m}{base}Bend", (start, stop, 0.5), stop)
            parent = f"{m}{base}Twist"
        build.add(f"{m}Hand", parent, f"{side}_wrist", f"{side}_middle1", f"{side}_wrist")
        _add_fingers(build, side, finger, f"{m}Hand", False, False)
    return build


def _with_controls(points: dict, deform: dict, control: dict, finger, control_finger, trunks):
    """Deforming bones that copy FK controls of their own (see ``extras["copies"]``)."""
    (deform_trunk, control_trunk), above = trunks
    limb = _by_name(*control.pop("sides"), control)
    controls = humanoid(points, above=above, trunk=control_trunk, limb=limb, finger=control_finger)
    bones = humanoid(
        points, trunk=deform_trunk, limb=_by_name(*deform.pop("sides"), deform), finger=finger
    )
    followers = {b.name: c for b, c in zip(bones.bones, controls.bones[len(above) :])}
    controls.bones = [replace(bone, deforms=False) for bone in controls.bones] + bones.bones
    controls.roles = bones.roles
    controls.copies = {name: bone.name for name, bone in followers.items()}
    return controls


def auto_rig_pro(points: dict) -> _Builder:
    joints = ("collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot")
    deform = dict(zip(joints, (
        *("shoulder.{s}", "arm_stretch.{s}", "forearm_stretch.{s}", "hand.{s}"),
        *("thigh_stretch.{s}", "leg_stretch.{s}", "foot.{s}", "toes_01.{s}"),
    )))  # fmt: skip
    control = dict(zip(joints, (
        *("c_shoulder.{s}", "c_arm_fk.{s}", "c_forearm_fk.{s}", "c_hand_fk.{s}"),
        *("c_thigh_fk.{s}", "c_leg_fk.{s}", "c_foot_fk.{s}", "c_toes_fk.{s}"),
    )))  # fmt: skip
    deform["sides"] = control["sides"] = ("l", "r")
    build = _with_controls(
        points,
        deform,
        control,
        lambda s, f, n: f"{f}{n}.{s[0]}",
        lambda s, f, n: f"c_{f}{n}.{s[0]}",
        (
            (
                ("root.x", ["spine_01.x", "spine_02.x", "spine_03.x"], ["neck.x"], "head.x"),
                (
                    "c_root.x",
                    ["c_spine_01.x", "c_spine_02.x", "c_spine_03.x"],
                    ["c_neck.x"],
                    "c_head.x",
                ),
            ),
            ("c_traj", "c_root_master.x"),
        ),
    )
    for side, _ in SIDES:
        for name, joint in (("c_hand_ik", "wrist"), ("c_foot_ik", "ankle")):
            at = points[f"{side}_{joint}"]
            build.add(f"{name}.{side[0]}", "c_traj", at, at + [0.0, -0.1, 0.0], deforms=False)
            build.switches[f"{name}.{side[0]}"] = ("ik_fk_switch", 0.0, side, joint)
    return build


def cloudrig(points: dict) -> _Builder:
    names = dict(zip(
        ("collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot"),
        ("Shoulder", "UpperArm", "Forearm", "Wrist", "Thigh", "Knee", "Foot", "Toes"),
    ))  # fmt: skip
    deform = {j: f"DEF-{n}.{{s}}" for j, n in names.items()} | {"sides": ("L", "R")}
    control = {j: f"FK-{n}.{{s}}" for j, n in names.items()} | {"sides": ("L", "R")}
    build = _with_controls(
        points,
        deform,
        control,
        lambda s, f, n: f"DEF-{f.title()}{n}.{s[0].upper()}",
        lambda s, f, n: f"FK-{f.title()}{n}.{s[0].upper()}",
        (
            (
                ("DEF-Hips", ["DEF-Spine", "DEF-RibCage", "DEF-Chest"], ["DEF-Neck"], "DEF-Head"),
                ("FK-Hips", ["FK-Spine", "FK-RibCage", "FK-Chest"], ["FK-Neck"], "FK-Head"),
            ),
            ("root", "MSTR-Torso"),
        ),
    )
    build.add("Properties", "", "floor", (0.0, 0.1, 0.0), deforms=False)
    for side, _ in SIDES:
        for limb, joint in (("arm", "wrist"), ("leg", "ankle")):
            name = f"Properties/{limb}_{side}"
            build.switches[name] = (f"ik_{limb}_{side[0].upper()}", 1.0, side, joint)
    return build


def biped(points: dict) -> _Builder:
    """3ds Max Biped: no table knows it, its words do."""
    names = {
        "collar": "Clavicle", "shoulder": "UpperArm", "elbow": "Forearm", "wrist": "Hand",
        "hip": "Thigh", "knee": "Calf", "ankle": "Foot", "foot": "Toe0",
    }  # fmt: skip
    return humanoid(
        points,
        above=("Bip01",),
        trunk=("Bip01 Pelvis", ["Bip01 Spine", "Bip01 Spine1"], ["Bip01 Neck"], "Bip01 Head"),
        limb=lambda s, j: f"Bip01 {s[0].upper()} {names[j]}",
    )


def blender_names(points: dict) -> _Builder:
    names = {
        "shoulder": "upper_arm.{s}", "elbow": "lower_arm.{s}", "wrist": "hand.{s}",
        "hip": "upper_leg.{s}", "knee": "lower_leg.{s}", "ankle": "foot.{s}",
    }  # fmt: skip
    return humanoid(
        points,
        trunk=("hips", ["spine"], [], "head"),
        limb=_by_name("L", "R", names),
        collar=False,
        toes=False,
    )


def smplx(points: dict) -> _Builder:
    return humanoid(
        points,
        trunk=("pelvis", ["spine1", "spine2", "spine3"], ["neck"], "head"),
        limb=lambda s, j: f"{s}_{j}",
        finger=lambda s, f, n: f"{s}_{f}{n}",
    )


def shuffled(points: dict) -> _Builder:
    """A Mixamo rig whose names say nothing."""
    build = mixamo(points)
    order = np.random.default_rng(3).permutation(len(build.bones))
    names = {bone.name: f"Bone.{k:03d}" for bone, k in zip(build.bones, order)}
    build.bones = [
        replace(bone, name=names[bone.name], parent=names.get(bone.parent, ""))
        for bone in build.bones
    ]
    build.roles = {role: names[name] for role, name in build.roles.items()}
    return build


KINDS = {
    function.__name__: function
    for function in (
        *(mixamo, unreal_5, metahuman, vroid, character_creator, daz, biped, blender_names),
        *(auto_rig_pro, cloudrig, smplx, shuffled),
    )
}
BUILDS = {
    "mixamo": (1.05, 0.95, 1.0),
    "unreal_5": (1.02, 1.0, 1.03),
    "vroid": (0.85, 0.8, 0.85),
    "daz": (1.1, 1.05, 1.0),
    "shuffled": (1.05, 0.95, 1.0),
    "smplx": (1.0, 1.0, 1.0),
}


def scripted_rig(kind: str, rest: str = "T", **changes) -> ScriptedRig:
    """A rig of one of KINDS in one of RESTS, with a build and bone rolls of its own."""
    points = body_points(rest, *BUILDS.get(kind, (0.95, 1.05, 0.97)))
    build = KINDS[kind](points)
    roll = 0.0 if kind == "smplx" else 0.3 + 0.4 * list(KINDS).index(kind)
    rig = ScriptedRig(
        f"{kind} {rest}", tuple(build.bones), build.roles, roll, "QUATERNION", build.copies,
        build.switches,
    )  # fmt: skip
    return replace(rig, **changes)


def as_rig(scripted: ScriptedRig) -> Rig:
    """The plain values that reading the built armature would give."""
    return Rig(
        scripted.name,
        tuple(
            Bone(b.name, b.parent, b.head, b.tail, _rest_rotation(b, scripted.roll), b.deforms)
            for b in scripted.bones
        ),
    )


def _rest_rotation(bone: ScriptedBone, roll: float) -> np.ndarray:
    along = rotations.between(np.array([0.0, 1.0, 0.0]), bone.tail - bone.head)
    return rotations.multiply(along, rotations.about("y", roll))


def build(scripted: ScriptedRig):
    """An armature object with those bones in the open Blender file."""
    import bpy

    armature = bpy.data.objects.new(scripted.name, bpy.data.armatures.new(scripted.name))
    bpy.context.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    for bone in scripted.bones:
        made = armature.data.edit_bones.new(bone.name)
        made.head, made.tail, made.roll = bone.head, bone.tail, scripted.roll
        made.use_deform = bone.deforms
        if bone.parent:
            made.parent = armature.data.edit_bones[bone.parent]
    bpy.ops.object.mode_set(mode="OBJECT")
    for pose_bone in armature.pose.bones:
        pose_bone.rotation_mode = scripted.rotation_mode
    _add_switches(armature, scripted)
    return armature


def _add_switches(armature, scripted: ScriptedRig) -> None:
    """Deforming bones copy their controls; a limb's only while its switch stands on FK."""
    limbs = {"wrist": ("shoulder", "elbow", "wrist"), "ankle": ("hip", "knee", "ankle")}
    holders = {}
    for place, (name, now, side, joint) in scripted.switches.items():
        bone = place.split("/")[0]
        armature.pose.bones[bone][name] = now
        for member in limbs[joint]:
            holders[scripted.roles[f"{side}_{member}"]] = (bone, name, now)
    for follower, control in scripted.copies.items():
        constraint = armature.pose.bones[follower].constraints.new("COPY_TRANSFORMS")
        constraint.target, constraint.subtarget = armature, control
        if follower not in holders:
            continue
        bone, name, now = holders[follower]
        driver = constraint.driver_add("influence").driver
        driver.type = "SUM" if now == 0.0 else "SCRIPTED"
        driver.expression = "1 - switch"
        variable = driver.variables.new()
        variable.name = "switch"
        variable.targets[0].id = armature
        variable.targets[0].data_path = f'pose.bones["{bone}"]["{name}"]'

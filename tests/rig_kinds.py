"""Names and trees of well-known skeletons, written out as those programs export them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from rig_builder import FINGERS, SIDES, Builder, by_name, humanoid
from rig_control_kinds import auto_rig_pro, auto_rig_pro_export, cloudrig


def mixamo(points: dict) -> Builder:
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
        limb=by_name("Left", "Right", names),
        finger=lambda s, f, n: f"mixamorig:{s.title()}Hand{f.title()}{n}",
        leaves=True,
    )


def _unreal(points: dict, spine: int, neck: int, **extras) -> Builder:
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
        limb=by_name("l", "r", names),
        finger=lambda s, f, n: f"{f}_{f'0{n}' if n else 'metacarpal'}_{s[0]}",
        twists=lambda s, j: [f"{bases[j]}_twist_0{k}_{s[0]}" for k in (1, 2)],
        **extras,
    )


def unreal_5(points: dict) -> Builder:
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


def metahuman(points: dict) -> Builder:
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


def vroid(points: dict) -> Builder:
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
        limb=by_name("L", "R", names),
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


def character_creator(points: dict) -> Builder:
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


def daz(points: dict) -> Builder:
    """Genesis 8: upper arms, forearms and thighs are two bones each, one bending, one twisting."""
    names = {
        "collar": "Collar", "shoulder": "ShldrBend", "elbow": "ForearmBend", "wrist": "Hand",
        "hip": "ThighBend", "knee": "Shin", "ankle": "Foot",
    }  # fmt: skip
    twists = {"shoulder": "ShldrTwist", "elbow": "ForearmTwist", "hip": "ThighTwist"}
    fingers = dict(zip(FINGERS, ("Thumb", "Index", "Mid", "Ring", "Pinky")))
    spine = ["abdomenLower", "abdomenUpper", "chestLower", "chestUpper"]
    build = humanoid(
        points,
        trunk=("hip", spine, ["neckLower", "neckUpper"], "head"),
        leg_parent="pelvis",
        limb=lambda s, j: f"{s[0]}{names[j]}",
        halves=lambda s, j: f"{s[0]}{twists[j]}" if j in twists else "",
        finger=lambda s, f, n: f"{s[0]}{fingers[f]}{n}",
        toes=False,
    )
    build.add("lowerJaw", "head", "jaw", "jaw_tip")
    for side, _ in SIDES:
        m, eye = side[0], f"{side}_eye_smplhf"
        build.add(f"{m}Eye", "head", eye, points[eye] - [0, 0.03, 0])
        foot = f"{side}_foot"
        build.add(f"{m}Metatarsals", f"{m}Foot", (f"{side}_ankle", foot, 0.4), foot)
        build.add(f"{m}Toe", f"{m}Metatarsals", foot, f"{side}_foot_tip", foot)
    return build


def biped(points: dict) -> Builder:
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


def blender_names(points: dict) -> Builder:
    names = {
        "shoulder": "upper_arm.{s}", "elbow": "lower_arm.{s}", "wrist": "hand.{s}",
        "hip": "upper_leg.{s}", "knee": "lower_leg.{s}", "ankle": "foot.{s}",
    }  # fmt: skip
    return humanoid(
        points,
        trunk=("hips", ["spine"], [], "head"),
        limb=by_name("L", "R", names),
        collar=False,
        toes=False,
    )


def smplx(points: dict) -> Builder:
    return humanoid(
        points,
        trunk=("pelvis", ["spine1", "spine2", "spine3"], ["neck"], "head"),
        limb=lambda s, j: f"{s}_{j}",
        finger=lambda s, f, n: f"{s}_{f}{n}",
    )


def shuffled(points: dict) -> Builder:
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
        *(auto_rig_pro, auto_rig_pro_export, cloudrig, smplx, shuffled),
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

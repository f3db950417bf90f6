"""Name tables: which bone of a known kind of rig plays which role.

One small table each. ``{s}`` stands for a side, ``{f}`` for a finger, ``{n}`` for the number of a
finger bone; a chain lists its bones bottom up. Names are compared by :func:`plain`, so that
prefixes of exporters, letter case and separators do not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .roles import FINGERS, SIDES

_FINGER_NAMES = dict(zip(FINGERS, FINGERS))
_NAMESPACE = re.compile(r"^(?:.*[:|]|mixamorig\d*[_ ]?)")


def plain(name: str) -> str:
    """A bone's name without namespace, in lower case, with one kind of separator."""
    return re.sub(r"[ .\-]", "_", _NAMESPACE.sub("", name)).lower()


@dataclass(frozen=True)
class Switch:
    """What is keyed so that controls take hold: its value for FK and for IK (None: left alone).

    ``name`` is a custom property, or, with a leading dot, an attribute, of ``bone``; of several
    names the first that there is counts. Without a bone, whichever holds the property. ``{s}``
    stands for the side's mark, ``{side}`` for left or right.
    """

    bone: str
    name: str
    fk: float | None
    ik: float | None


@dataclass(frozen=True)
class InverseKinematics:
    """Controls of one limb, each the first of its names that there is: the goal, the pole, and the
    toe that goes with a foot's goal."""

    goal: str
    pole: str = ""
    toe: str = ""


@dataclass(frozen=True)
class Family:
    """``bones`` deform; ``controls``, where given, are what an animator keys instead of them, and
    ``whole`` bones have all of a limb's turn where those that deform share its twist.

    ``mover`` carries the whole body (by default the pelvis); ``switches`` by limb (``arm``,
    ``leg``, ``hand``) or by part (``torso``) make the keyed controls take hold.
    """

    name: str
    sides: tuple[str, str]
    bones: dict[str, str]
    fingers: str = ""
    finger_names: dict[str, str] = field(default_factory=lambda: _FINGER_NAMES)
    controls: dict[str, str] = field(default_factory=dict)
    control_fingers: str = ""
    whole: dict[str, str] = field(default_factory=dict)
    mover: str = ""
    switches: dict[str, tuple[Switch, ...]] = field(default_factory=dict)
    inverse_kinematics: dict[str, InverseKinematics] = field(default_factory=dict)

    def names(self, role_names: dict[str, str], fingers: str) -> dict[str, tuple[str, ...]]:
        """Role to plain candidate names, sides and fingers filled in."""
        found: dict[str, tuple[str, ...]] = {}
        for role, text in role_names.items():
            if role.startswith("{s}"):
                for side, mark in zip(SIDES, self.sides):
                    filled = text.replace("{s}", mark)
                    found[role.replace("{s}", side)] = tuple(map(plain, filled.split()))
            else:
                found[role] = tuple(map(plain, text.split()))
        for side, mark in zip(SIDES, self.sides) if fingers else ():
            for finger, name in self.finger_names.items():
                for number in (1, 2, 3):
                    filled = fingers.format(s=mark, f=name, n=number)
                    found[f"{side}_{finger}{number}"] = (plain(filled),)
        return found


MIXAMO = Family(
    "Mixamo",
    ("Left", "Right"),
    {
        "pelvis": "Hips",
        "spine": "Spine Spine1 Spine2 Spine3",
        "neck": "Neck Neck1",
        "head": "Head",
        "{s}_eye": "{s}Eye",
        "{s}_collar": "{s}Shoulder",
        "{s}_shoulder": "{s}Arm",
        "{s}_elbow": "{s}ForeArm",
        "{s}_wrist": "{s}Hand",
        "{s}_hip": "{s}UpLeg",
        "{s}_knee": "{s}Leg",
        "{s}_ankle": "{s}Foot",
        "{s}_foot": "{s}ToeBase",
    },
    fingers="{s}Hand{f}{n}",
)

UNREAL = Family(
    "Unreal",
    ("l", "r"),
    {
        "root": "root",
        "pelvis": "pelvis",
        "spine": "spine_01 spine_02 spine_03 spine_04 spine_05",
        "neck": "neck_01 neck_02",
        "head": "head",
        "jaw": "FACIAL_C_Jaw",
        "{s}_eye": "FACIAL_{s}_Eye",
        "{s}_collar": "clavicle_{s}",
        "{s}_shoulder": "upperarm_{s}",
        "{s}_shoulder_twist": "upperarm_twist_01_{s} upperarm_twist_02_{s}",
        "{s}_elbow": "lowerarm_{s}",
        "{s}_elbow_twist": "lowerarm_twist_01_{s} lowerarm_twist_02_{s}",
        "{s}_wrist": "hand_{s}",
        "{s}_hip": "thigh_{s}",
        "{s}_hip_twist": "thigh_twist_01_{s} thigh_twist_02_{s}",
        "{s}_knee": "calf_{s}",
        "{s}_knee_twist": "calf_twist_01_{s} calf_twist_02_{s}",
        "{s}_ankle": "foot_{s}",
        "{s}_foot": "ball_{s}",
    },
    fingers="{f}_0{n}_{s}",
)

VROID = Family(
    "VRoid",
    ("L", "R"),
    {
        "root": "Root",
        "pelvis": "J_Bip_C_Hips",
        "spine": "J_Bip_C_Spine J_Bip_C_Chest J_Bip_C_UpperChest",
        "neck": "J_Bip_C_Neck",
        "head": "J_Bip_C_Head",
        "{s}_eye": "J_Adj_{s}_FaceEye",
        "{s}_collar": "J_Bip_{s}_Shoulder",
        "{s}_shoulder": "J_Bip_{s}_UpperArm",
        "{s}_elbow": "J_Bip_{s}_LowerArm",
        "{s}_wrist": "J_Bip_{s}_Hand",
        "{s}_hip": "J_Bip_{s}_UpperLeg",
        "{s}_knee": "J_Bip_{s}_LowerLeg",
        "{s}_ankle": "J_Bip_{s}_Foot",
        "{s}_foot": "J_Bip_{s}_ToeBase",
    },
    fingers="J_Bip_{s}_{f}{n}",
    finger_names=_FINGER_NAMES | {"pinky": "Little"},
)

VRM = Family(
    "VRM",
    ("left", "right"),
    {
        "root": "root",
        "pelvis": "hips",
        "spine": "spine chest upperChest",
        "neck": "neck",
        "head": "head",
        "jaw": "jaw",
        "{s}_eye": "{s}Eye",
        "{s}_collar": "{s}Shoulder",
        "{s}_shoulder": "{s}UpperArm",
        "{s}_elbow": "{s}LowerArm",
        "{s}_wrist": "{s}Hand",
        "{s}_hip": "{s}UpperLeg",
        "{s}_knee": "{s}LowerLeg",
        "{s}_ankle": "{s}Foot",
        "{s}_foot": "{s}Toes",
        "{s}_thumb1": "{s}ThumbMetacarpal {s}ThumbProximal",
        "{s}_thumb2": "{s}ThumbIntermediate {s}ThumbProximal",  # VRM 0 and VRM 1 differ here
        "{s}_thumb3": "{s}ThumbDistal",
        **{
            f"{{s}}_{finger}{number}": f"{{s}}{name}{segment}"
            for finger, name in zip(FINGERS[1:], ("Index", "Middle", "Ring", "Little"))
            for number, segment in enumerate(("Proximal", "Intermediate", "Distal"), start=1)
        },
    },
)

CHARACTER_CREATOR = Family(
    "Character Creator",
    ("L", "R"),
    {
        "root": "CC_Base_BoneRoot",
        "pelvis": "CC_Base_Hip",
        "spine": "CC_Base_Waist CC_Base_Spine01 CC_Base_Spine02",
        "neck": "CC_Base_NeckTwist01 CC_Base_NeckTwist02",
        "head": "CC_Base_Head",
        "jaw": "CC_Base_JawRoot",
        "{s}_eye": "CC_Base_{s}_Eye",
        "{s}_collar": "CC_Base_{s}_Clavicle",
        "{s}_shoulder": "CC_Base_{s}_Upperarm",
        "{s}_shoulder_twist": "CC_Base_{s}_UpperarmTwist01 CC_Base_{s}_UpperarmTwist02",
        "{s}_elbow": "CC_Base_{s}_Forearm",
        "{s}_elbow_twist": "CC_Base_{s}_ForearmTwist01 CC_Base_{s}_ForearmTwist02",
        "{s}_wrist": "CC_Base_{s}_Hand",
        "{s}_hip": "CC_Base_{s}_Thigh",
        "{s}_hip_twist": "CC_Base_{s}_ThighTwist01 CC_Base_{s}_ThighTwist02",
        "{s}_knee": "CC_Base_{s}_Calf",
        "{s}_knee_twist": "CC_Base_{s}_CalfTwist01 CC_Base_{s}_CalfTwist02",
        "{s}_ankle": "CC_Base_{s}_Foot",
        "{s}_foot": "CC_Base_{s}_ToeBase",
    },
    fingers="CC_Base_{s}_{f}{n}",
    finger_names=_FINGER_NAMES | {"middle": "Mid"},
)

DAZ = Family(
    "Daz",
    ("l", "r"),
    {
        "pelvis": "hip",
        "spine": "abdomenLower abdomenUpper chestLower chestUpper",
        "neck": "neckLower neckUpper",
        "head": "head",
        "jaw": "lowerJaw",
        "{s}_eye": "{s}Eye",
        "{s}_collar": "{s}Collar",
        "{s}_shoulder": "{s}ShldrBend",
        "{s}_shoulder_twist": "{s}ShldrTwist",
        "{s}_elbow": "{s}ForearmBend",
        "{s}_elbow_twist": "{s}ForearmTwist",
        "{s}_wrist": "{s}Hand",
        "{s}_hip": "{s}ThighBend",
        "{s}_hip_twist": "{s}ThighTwist",
        "{s}_knee": "{s}Shin",
        "{s}_ankle": "{s}Foot",
        "{s}_foot": "{s}Toe",
    },
    fingers="{s}{f}{n}",
    finger_names=_FINGER_NAMES | {"middle": "Mid"},
)

DAZ_9 = Family(
    "Daz Genesis 9",
    ("l", "r"),
    {
        "pelvis": "hip",
        "spine": "spine1 spine2 spine3 spine4",
        "neck": "neck1 neck2",
        "head": "head",
        "jaw": "lowerjaw",
        "{s}_eye": "{s}_eye",
        "{s}_collar": "{s}_shoulder",
        "{s}_shoulder": "{s}_upperarm",
        "{s}_shoulder_twist": "{s}_upperarmtwist1 {s}_upperarmtwist2",
        "{s}_elbow": "{s}_forearm",
        "{s}_elbow_twist": "{s}_forearmtwist1 {s}_forearmtwist2",
        "{s}_wrist": "{s}_hand",
        "{s}_hip": "{s}_thigh",
        "{s}_hip_twist": "{s}_thightwist1 {s}_thightwist2",
        "{s}_knee": "{s}_shin",
        "{s}_ankle": "{s}_foot",
        "{s}_foot": "{s}_toes",
    },
    fingers="{s}_{f}{n}",
    finger_names=_FINGER_NAMES | {"middle": "mid"},
)

SMPL_X = Family(
    "SMPL-X",
    ("left", "right"),
    {
        "pelvis": "pelvis",
        "spine": "spine1 spine2 spine3",
        "neck": "neck",
        "head": "head",
        "jaw": "jaw",
        "{s}_eye": "{s}_eye_smplhf",
        **{
            f"{{s}}_{joint}": f"{{s}}_{joint}"
            for joint in (
                *("collar", "shoulder", "elbow", "wrist"),
                *("hip", "knee", "ankle", "foot"),
            )
        },
    },
    fingers="{s}_{f}{n}",
)

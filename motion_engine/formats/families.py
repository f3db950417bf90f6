"""Skeleton families: which joint of a mocap file is which joint of SMPL-X.

A family is told by its joint names alone. ``left_foot="lFoot end"`` names the end site of lFoot:
a point that gives a direction, where the file has no joint to turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import LimberError
from ..skeleton import SMPLX

FINGERS = ("index", "middle", "pinky", "ring", "thumb")
END = " end"
# Where a head bone stands upright at rest, people who look ahead hold it forward by about this.
NODDING = (0.0, 0.0, 12.0)


@dataclass(frozen=True)
class Family:
    """``joints``: SMPL-X joint to source joint. ``spine``: the source's chain between pelvis and
    neck, spread over spine1..3. ``up``: the source's vertical axis. ``rest``: Euler angles in
    degrees, in ``rest_order``, of joints that are turned in the rest pose (T or A).
    ``hinged_elbows``: forearms only bend, so that wrists carry all twist.
    ``marker_noise``: straight limbs flip about themselves at times. ``lead_in``: frames from an
    added T-pose to the clip, 0 where none is ever added. ``floor_m``: where our
    soles stand above the source's own floor, if that is known to lie at height zero. ``drifts``: the
    suit measures no heights, so that the floor wanders within a clip."""

    name: str
    joints: dict[str, str]
    spine: tuple[str, ...]
    up: str = "y"
    rest: dict[str, tuple[float, ...]] = field(default_factory=dict)
    rest_order: str = "zyx"
    hinged_elbows: bool = False
    marker_noise: bool = False
    lead_in: int = 1
    floor_m: float | None = None
    drifts: bool = False

    @property
    def source_names(self) -> set[str]:
        """All joints that a file of this family has to have."""
        return {name.removesuffix(END) for name in self.joints.values()} | set(self.spine)


def _both_sides(left: str, right: str, **joints: str) -> dict[str, str]:
    """``knee="{}Leg"`` with "Left" and "Right": left_knee LeftLeg, right_knee RightLeg."""
    return {
        f"{side}_{joint}": name.format(word)
        for side, word in (("left", left), ("right", right))
        for joint, name in joints.items()
    }


def _both_hands(left: str, right: str, pattern: str, names: tuple[str, ...]) -> dict[str, str]:
    return {
        f"{side}_{finger}{number}": pattern.format(side=word, finger=name, number=number)
        for side, word in (("left", left), ("right", right))
        for finger, name in zip(FINGERS, names)
        for number in (1, 2, 3)
    }


_MOTIONBUILDER_LIMBS = {
    "hip": "{}UpLeg", "knee": "{}Leg", "ankle": "{}Foot", "foot": "{}ToeBase",
    "collar": "{}Shoulder", "shoulder": "{}Arm", "elbow": "{}ForeArm",
}  # fmt: skip

CMU_MOTIONBUILDER = Family(
    "CMU MotionBuilder",
    {"pelvis": "Hips", "neck": "Neck1", "head": "Head"}
    | _both_sides("Left", "Right", wrist="{}FingerBase", **_MOTIONBUILDER_LIMBS),
    spine=("LowerBack", "Spine", "Spine1"),
    rest={"Head": NODDING},
    hinged_elbows=True,
    marker_noise=True,
)
CMU_NAMED_BY_BODY = Family(
    "CMU with anatomical names",
    {"pelvis": "Hips", "neck": "Neck", "head": "Head", "left_wrist": "lhand", "right_wrist": "rhand"}
    | _both_sides(
        "Left", "Right", hip="{}Hip", knee="{}Knee", ankle="{}Ankle", foot="{}Toe",
        collar="{}Collar", shoulder="{}Shoulder", elbow="{}Elbow",
    ),
    spine=("lowerback", "Chest", "Chest2"),
    rest={"Head": NODDING},
    hinged_elbows=True,
    marker_noise=True,
)  # fmt: skip
CMU_ACCLAIM = Family(
    "CMU ASF/AMC",
    {"pelvis": "root", "neck": "upperneck", "head": "head"}
    | _both_sides(
        "l", "r", hip="{}femur", knee="{}tibia", ankle="{}foot", foot="{}toes",
        collar="{}clavicle", shoulder="{}humerus", elbow="{}radius", wrist="{}hand",
    ),
    spine=("lowerback", "upperback", "thorax"),
    rest={"head": NODDING},
    hinged_elbows=True,
    marker_noise=True,
)  # fmt: skip
CMU_DAZ = Family(
    "CMU Daz",
    {"pelvis": "hip", "neck": "neck", "head": "head"}
    | _both_sides(
        "l", "r", hip="{}Thigh", knee="{}Shin", ankle="{}Foot", foot="{}Foot end",
        collar="{}Collar", shoulder="{}Shldr", elbow="{}ForeArm", wrist="{}Hand",
    ),
    spine=("abdomen", "chest"),
    marker_noise=True,
    lead_in=8,
)  # fmt: skip
ICLONE = Family(
    "iClone",
    {"pelvis": "CC_Base_Hip", "neck": "CC_Base_NeckTwist01", "head": "CC_Base_Head"}
    | _both_sides(
        "CC_Base_L_", "CC_Base_R_", hip="{}Thigh", knee="{}Calf", ankle="{}Foot",
        foot="{}ToeBase", collar="{}Clavicle", shoulder="{}Upperarm", elbow="{}Forearm",
        wrist="{}Hand",
    ),
    spine=("CC_Base_Spine02",),
    marker_noise=True,
    rest={
        "CC_Base_Pelvis": (0.0, 0.0, 11.77),
        "CC_Base_L_Thigh": (180.0, 0.0, 11.77),
        "CC_Base_R_Thigh": (180.0, 0.0, 11.77),
        "CC_Base_L_Foot": (0.0, 0.0, 65.0),
        "CC_Base_R_Foot": (0.0, 0.0, 65.0),
        "CC_Base_L_ToeBase": (0.0, 0.0, 25.0),
        "CC_Base_R_ToeBase": (0.0, 0.0, 25.0),
        "CC_Base_L_Clavicle": (-88.4, 10.9, -14.7),
        "CC_Base_R_Clavicle": (88.4, -10.9, -14.7),
        "CC_Base_Head": NODDING,
    },
)  # fmt: skip
REACT_IDLE = Family(
    "ReActIdle",
    {"pelvis": "pelvis", "neck": "neck", "head": "face"}
    | _both_sides(
        "L", "R", hip="thigh.{}", knee="shin.{}", ankle="foot.{}", foot="foot.{} end",
        collar="shoulder.{}", shoulder="upper_arm.{}", elbow="forearm.{}", wrist="forearm.{} end",
    ),
    spine=("spine", "spine.001"),
    rest={"face": NODDING},
)  # fmt: skip
UNREAL = Family(
    "Unreal mannequin names",
    {"pelvis": "pelvis", "neck": "neck_01", "head": "head"}
    | _both_sides(
        "l", "r", hip="thigh_{}", knee="calf_{}", ankle="foot_{}", foot="ball_{}",
        collar="clavicle_{}", shoulder="upperarm_{}", elbow="lowerarm_{}", wrist="hand_{}",
    )
    | _both_hands("l", "r", "{finger}_0{number}_{side}", FINGERS),
    spine=("spine_01", "spine_02", "spine_03"),
    floor_m=0.015,
)  # fmt: skip
BLENDER_Z_UP = Family(
    "Z-up MotionBuilder names",
    {"pelvis": "Hips", "neck": "Neck", "head": "Head"}
    | _both_sides("Left", "Right", wrist="{}Hand", **_MOTIONBUILDER_LIMBS),
    spine=("Spine", "Spine1", "Spine2", "Spine3"),
    up="z",
)
ROKOKO = Family(
    "Rokoko",
    {"pelvis": "Hips", "neck": "Neck", "head": "Head"}
    | _both_sides("Left", "Right", wrist="{}Hand", **_MOTIONBUILDER_LIMBS)
    | _both_hands(
        "Left", "Right", "{side}Hand{finger}{number}", ("Index", "Middle", "Pinky", "Ring", "Thumb")
    ),
    spine=("Spine", "Spine1", "Spine2"),
    rest={
        "Spine": (0.0, 0.0, 90.0),
        "LeftShoulder": (0.0, 0.0, -90.0),
        "RightShoulder": (180.0, 0.0, 90.0),
        "Head": (0.0, 0.0, -90.0),
        "LeftUpLeg": (0.0, 0.0, -90.0),
        "RightUpLeg": (0.0, 0.0, -90.0),
        "LeftFoot": (-65.0, 90.0, 0.0),
        "RightFoot": (-65.0, 90.0, 0.0),
        "LeftToeBase": (0.0, 0.0, 25.0),
        "RightToeBase": (0.0, 0.0, 25.0),
    },
    rest_order="yxz",
    drifts=True,
)
SMPLX_NAMES = Family(
    "SMPL-X",
    {name: name for name in SMPLX.names},
    spine=("spine1", "spine2", "spine3"),
    lead_in=0,
)

FAMILIES = (
    SMPLX_NAMES,
    UNREAL,
    ICLONE,
    CMU_DAZ,
    CMU_ACCLAIM,
    REACT_IDLE,
    CMU_MOTIONBUILDER,
    CMU_NAMED_BY_BODY,
    ROKOKO,
    BLENDER_Z_UP,
)


def identify(names: tuple[str, ...]) -> Family:
    """The first family whose joints are all there.

    Raises LimberError that names the nearest family and what it misses.
    """
    present = set(names)
    missing = {family.name: family.source_names - present for family in FAMILIES}
    for family in FAMILIES:
        if not missing[family.name]:
            return family
    nearest = min(FAMILIES, key=lambda f: len(missing[f.name]) / len(f.source_names))
    lacking = ", ".join(sorted(missing[nearest.name])[:6])
    raise LimberError(
        f"unknown skeleton: nearest is {nearest.name}, which also needs {lacking}; "
        "rename the joints or add a table to motion_engine/formats/families.py."
    )

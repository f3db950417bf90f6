"""Name tables of rigs with controls: Rigify, Auto-Rig Pro, CloudRig."""

from .families import Family, InverseKinematics, Switch
from .roles import FINGERS

_BLENDER_LIMBS = {
    "{s}_collar": "shoulder.{s}",
    "{s}_shoulder": "upper_arm.{s}",
    "{s}_elbow": "forearm.{s}",
    "{s}_wrist": "hand.{s}",
    "{s}_hip": "thigh.{s}",
    "{s}_knee": "shin.{s}",
    "{s}_ankle": "foot.{s}",
    "{s}_foot": "toe.{s}",
}
_LONG = ("{s}_shoulder", "{s}_elbow", "{s}_hip", "{s}_knee")
_RIGIFY_FINGERS = {
    f"{{s}}_{finger}{number}": f"{name}.0{number}.{{s}}"
    for finger, name in zip(FINGERS, ("thumb", "f_index", "f_middle", "f_ring", "f_pinky"))
    for number in (1, 2, 3)
}
_RIGIFY_SPINE = {
    "pelvis": "spine",
    "spine": "spine.001 spine.002 spine.003",
    "neck": "spine.004 spine.005",
    "head": "spine.006",
}

RIGIFY_METARIG = Family(
    "Rigify metarig",
    ("L", "R"),
    {**_RIGIFY_SPINE, **_BLENDER_LIMBS, **_RIGIFY_FINGERS, "jaw": "jaw jaw_master"},
)

RIGIFY = Family(
    "Rigify",
    ("L", "R"),
    {
        **{
            role: " ".join(f"DEF-{name}" for name in names.split())
            for role, names in (_RIGIFY_SPINE | _BLENDER_LIMBS | _RIGIFY_FINGERS).items()
        },
        "root": "root",
        "jaw": "DEF-jaw",
    },
    controls={
        "root": "root",
        "pelvis": "spine_fk",
        "spine": "spine_fk.001 spine_fk.002 spine_fk.003",
        "neck": "neck",
        "head": "head",
        "jaw": "jaw_master",
        "{s}_collar": "shoulder.{s}",
        "{s}_shoulder": "upper_arm_fk.{s}",
        "{s}_elbow": "forearm_fk.{s}",
        "{s}_wrist": "hand_fk.{s}",
        "{s}_hip": "thigh_fk.{s}",
        "{s}_knee": "shin_fk.{s}",
        "{s}_ankle": "foot_fk.{s}",
        "{s}_foot": "toe_fk.{s}",
        **_RIGIFY_FINGERS,
    },
    whole={role: f"ORG-{_BLENDER_LIMBS[role]}" for role in _LONG} | {"neck": "neck"},
    mover="torso",
    switches={
        "arm": (
            Switch("upper_arm_parent.{s}", "IK_FK", fk=1.0, ik=0.0),
            Switch("upper_arm_parent.{s}", "pole_vector", fk=None, ik=1.0),
            # The solver would rather stretch these than straighten them.
            Switch("upper_arm_ik.{s}", ".ik_stretch", fk=None, ik=0.0),
            Switch("MCH-forearm_ik.{s}", ".ik_stretch", fk=None, ik=0.0),
        ),
        "leg": (
            Switch("thigh_parent.{s}", "IK_FK", fk=1.0, ik=0.0),
            Switch("thigh_parent.{s}", "pole_vector", fk=None, ik=1.0),
            Switch("thigh_ik.{s}", ".ik_stretch", fk=None, ik=0.0),
            Switch("MCH-shin_ik.{s}", ".ik_stretch", fk=None, ik=0.0),
        ),
    },
    inverse_kinematics={
        "arm": InverseKinematics("hand_ik.{s}", "upper_arm_ik_target.{s}"),
        "leg": InverseKinematics("foot_ik.{s}", "thigh_ik_target.{s}", "toe_ik.{s}"),
    },
)

# Each long bone deforms in two halves; the whole bone is there only in the full rig, not in what is
# exported from it.
_AUTO_RIG_PRO_FINGERS = {
    f"{{s}}_{finger}{number}": f"{finger}{number}.{{s}} c_{finger}{number}.{{s}}"
    for finger in FINGERS
    for number in (1, 2, 3)
}
AUTO_RIG_PRO = Family(
    "Auto-Rig Pro",
    ("l", "r"),
    {
        "root": "c_traj",
        "pelvis": "root.x",
        "spine": " ".join(f"spine_0{number}.x" for number in range(1, 7)),
        "neck": "neck.x",
        "head": "head.x",
        "jaw": "jawbone.x",
        "{s}_collar": "shoulder.{s}",
        "{s}_shoulder": "c_arm_twist_offset.{s} arm_twist.{s} arm_stretch.{s}",
        "{s}_shoulder_twist": "arm_stretch.{s}",
        "{s}_elbow": "forearm_stretch.{s}",
        "{s}_elbow_twist": "forearm_twist.{s}",
        "{s}_wrist": "hand.{s}",
        "{s}_hip": "thigh_twist.{s} thigh_stretch.{s}",
        "{s}_hip_twist": "thigh_stretch.{s}",
        "{s}_knee": "leg_stretch.{s}",
        "{s}_knee_twist": "leg_twist.{s}",
        "{s}_ankle": "foot.{s}",
        "{s}_foot": "toes_01.{s}",
        **_AUTO_RIG_PRO_FINGERS,
    },
    controls={
        "root": "c_traj",
        "pelvis": "c_root.x",
        "spine": " ".join(f"c_spine_0{number}.x" for number in range(1, 7)),
        "neck": "c_neck.x",
        "head": "c_head.x",
        "jaw": "c_jawbone.x",
        "{s}_collar": "c_shoulder.{s}",
        "{s}_shoulder": "c_arm_fk.{s}",
        "{s}_elbow": "c_forearm_fk.{s}",
        "{s}_wrist": "c_hand_fk.{s}",
        "{s}_hip": "c_thigh_fk.{s}",
        "{s}_knee": "c_leg_fk.{s}",
        "{s}_ankle": "c_foot_fk.{s}",
        "{s}_foot": "c_toes_fk.{s}",
        **{role: names.split()[1] for role, names in _AUTO_RIG_PRO_FINGERS.items()},
    },
    whole=dict(zip(_LONG, ("arm.{s}", "forearm.{s}", "thigh.{s}", "leg.{s}"))),
    mover="c_root_master.x",
    switches={
        "arm": (
            Switch("c_hand_ik.{s}", "ik_fk_switch", fk=1.0, ik=0.0),
            Switch("c_hand_ik.{s}", "auto_stretch", fk=None, ik=0.0),
        ),
        "leg": (
            Switch("c_foot_ik.{s}", "ik_fk_switch", fk=1.0, ik=0.0),
            Switch("c_foot_ik.{s}", "auto_stretch", fk=None, ik=0.0),
        ),
    },
    inverse_kinematics={
        "arm": InverseKinematics("c_hand_ik.{s}", "c_arms_pole.{s}"),
        "leg": InverseKinematics("c_foot_ik.{s}", "c_leg_pole.{s}", "c_toes_ik.{s}"),
    },
)

# CloudRig's names have changed with the years: the present ones first, then those of older rigs.
_CLOUD_BONES = {
    "pelvis": "Hips Pelvis",
    "spine": "Spine Spine1 Spine2 Spine3 Spine4 RibCage Chest",
    "neck": "Neck",
    "head": "Head",
    "{s}_collar": "Shoulder.{s} Clavicle.{s}",
    "{s}_shoulder": "UpperArm.{s} UpperArm_1.{s} UpperArm1.{s}",
    "{s}_elbow": "Forearm.{s} Forearm_1.{s} Forearm1.{s}",
    "{s}_wrist": "Wrist.{s} Hand.{s}",
    "{s}_hip": "Thigh.{s} Thigh_1.{s} Thigh1.{s}",
    "{s}_knee": "Knee.{s} Knee_1.{s} Knee1.{s} Shin.{s} Shin_1.{s} Shin1.{s}",
    "{s}_ankle": "Foot.{s} Foot_1.{s}",
    "{s}_foot": "Toes.{s} Toe.{s}",
    **{
        f"{{s}}_{finger}{number}": f"{name}{number}.{{s}} Finger_{name}{number}.{{s}}"
        for finger, name in zip(FINGERS, ("Thumb", "Index", "Middle", "Ring", "Pinky"))
        for number in (1, 2, 3)
    },
}


def _prefixed(prefix: str) -> dict[str, str]:
    return {
        role: " ".join(f"{prefix}{name}" for name in names.split())
        for role, names in _CLOUD_BONES.items()
    }


CLOUDRIG = Family(
    "CloudRig",
    ("L", "R"),
    {**_prefixed("DEF-"), "root": "root"},
    controls={
        **_prefixed("FK-"),
        "pelvis": "HIP-Spine HIP-Hips MSTR-Spine_Hips MSTR-Hips MSTR-Pelvis FK-Hips",
        "root": "root",
    },
    whole={role: names for role, names in _prefixed("ORG-").items() if role in _LONG},
    mover="TORSO-Spine TORSO-Hips MSTR-Spine_Torso MSTR-Torso",
    switches={
        "arm": (
            Switch("", "ik_{side}_upperarm ik_{side}_arm ik_arm_{side}", fk=0.0, ik=1.0),
            Switch("", "ik_stretch_{side}_upperarm ik_stretch_arms", fk=None, ik=0.0),
        ),
        "leg": (
            Switch("", "ik_{side}_thigh ik_{side}_leg ik_leg_{side}", fk=0.0, ik=1.0),
            Switch("", "ik_stretch_{side}_thigh ik_stretch_legs", fk=None, ik=0.0),
        ),
        "hand": (Switch("", "ik_fingers_{side}", fk=0.0, ik=0.0),),
        "torso": (Switch("", "ik_spine", fk=0.0, ik=0.0),),
    },
    inverse_kinematics={
        "arm": InverseKinematics(
            "IK-Wrist.{s} IK-Hand.{s} IK-MSTR-Wrist.{s} IK-MSTR-Hand.{s}",
            "POLE-UpperArm.{s} IK-POLE-UpperArm.{s}",
        ),
        "leg": InverseKinematics(
            "IK-Foot.{s} IK-MSTR-Foot.{s}", "POLE-Thigh.{s} IK-POLE-Thigh.{s}"
        ),
    },
)

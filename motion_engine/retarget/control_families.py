"""Name tables of rigs with controls: Rigify, Auto-Rig Pro, CloudRig."""

from .families import Family, InverseKinematics, Switch

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
_RIGIFY_FINGERS = {
    f"{{s}}_{finger}{number}": f"{name}.0{number}.{{s}}"
    for finger, name in (
        *(("thumb", "thumb"), ("index", "f_index"), ("middle", "f_middle")),
        *(("ring", "f_ring"), ("pinky", "f_pinky")),
    )
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
    mover="torso",
    switches={
        "arm": Switch("upper_arm_parent.{s}", "IK_FK", fk=1.0, ik=0.0),
        "leg": Switch("thigh_parent.{s}", "IK_FK", fk=1.0, ik=0.0),
    },
    inverse_kinematics={
        "arm": InverseKinematics(
            "hand_ik.{s}",
            pole="upper_arm_ik_target.{s}",
            pole_switch=("upper_arm_parent.{s}", "pole_vector", 1.0),
            rigid=("upper_arm_ik.{s}", "MCH-forearm_ik.{s}"),
        ),
        "leg": InverseKinematics(
            "foot_ik.{s}",
            pole="thigh_ik_target.{s}",
            toe="toe_ik.{s}",
            pole_switch=("thigh_parent.{s}", "pole_vector", 1.0),
            rigid=("thigh_ik.{s}", "MCH-shin_ik.{s}"),
        ),
    },
)

_AUTO_RIG_PRO_FINGERS = {
    f"{{s}}_{finger}{number}": f"{finger}{number}.{{s}}"
    for finger in ("thumb", "index", "middle", "ring", "pinky")
    for number in (1, 2, 3)
}
AUTO_RIG_PRO = Family(
    "Auto-Rig Pro",
    ("l", "r"),
    {
        "root": "c_traj",
        "pelvis": "root.x",
        "spine": "spine_01.x spine_02.x spine_03.x spine_04.x",
        "neck": "neck.x",
        "head": "head.x",
        "jaw": "jawbone.x",
        "{s}_collar": "shoulder.{s}",
        "{s}_shoulder": "arm_stretch.{s}",
        "{s}_elbow": "forearm_stretch.{s}",
        "{s}_wrist": "hand.{s}",
        "{s}_hip": "thigh_stretch.{s}",
        "{s}_knee": "leg_stretch.{s}",
        "{s}_ankle": "foot.{s}",
        "{s}_foot": "toes_01.{s}",
        **_AUTO_RIG_PRO_FINGERS,
    },
    controls={
        "root": "c_traj",
        "pelvis": "c_root.x",
        "spine": "c_spine_01.x c_spine_02.x c_spine_03.x c_spine_04.x",
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
        **{role: f"c_{name}" for role, name in _AUTO_RIG_PRO_FINGERS.items()},
    },
    mover="c_root_master.x",
    switches={
        "arm": Switch("c_hand_ik.{s}", "ik_fk_switch", fk=1.0, ik=0.0),
        "leg": Switch("c_foot_ik.{s}", "ik_fk_switch", fk=1.0, ik=0.0),
    },
    inverse_kinematics={
        "arm": InverseKinematics("c_hand_ik.{s}", pole="c_arms_pole.{s}"),
        "leg": InverseKinematics("c_foot_ik.{s}", pole="c_leg_pole.{s}", toe="c_toes_ik.{s}"),
    },
)

_CLOUD_BONES = {
    "pelvis": "Hips Pelvis",
    "spine": "Spine Spine1 Spine2 Spine3 RibCage Chest",
    "neck": "Neck",
    "head": "Head",
    "{s}_collar": "Shoulder.{s} Clavicle.{s}",
    "{s}_shoulder": "UpperArm.{s} UpperArm_1.{s}",
    "{s}_elbow": "Forearm.{s} Forearm_1.{s}",
    "{s}_wrist": "Wrist.{s} Hand.{s}",
    "{s}_hip": "Thigh.{s} Thigh_1.{s}",
    "{s}_knee": "Knee.{s} Shin.{s} Knee_1.{s} Shin_1.{s}",
    "{s}_ankle": "Foot.{s}",
    "{s}_foot": "Toes.{s} Toe.{s}",
    **{
        f"{{s}}_{finger}{number}": f"{name}{number}.{{s}} Finger_{name}{number}.{{s}}"
        for finger, name in (
            *(("thumb", "Thumb"), ("index", "Index"), ("middle", "Middle")),
            *(("ring", "Ring"), ("pinky", "Pinky")),
        )
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
    controls={**_prefixed("FK-"), "pelvis": "FK-Hips MSTR-Hips MSTR-Spine_Hips", "root": "root"},
    mover="MSTR-Torso MSTR-Spine_Torso",
    switches={
        "arm": Switch("Properties_IKFK Properties", "ik_arm_{side}", fk=0.0, ik=1.0),
        "leg": Switch("Properties_IKFK Properties", "ik_leg_{side}", fk=0.0, ik=1.0),
    },
    inverse_kinematics={
        "arm": InverseKinematics(
            "IK-MSTR-Wrist.{s} IK-MSTR-Hand.{s} IK-Hand.{s}", pole="IK-POLE-UpperArm.{s}"
        ),
        "leg": InverseKinematics("IK-MSTR-Foot.{s} IK-Foot.{s}", pole="IK-POLE-Thigh.{s}"),
    },
)

"""What the bones of a humanoid are for: the joints of SMPL-X, and a few places beside them.

A role is named as the SMPL-X joint whose turn its bones take over. ``spine`` and ``neck`` may be
any number of bones, bottom up; ``..._twist`` bones share the twist of the limb they lie along.
"""

SIDES = ("left", "right")
FINGERS = ("thumb", "index", "middle", "ring", "pinky")
ARM = ("shoulder", "elbow", "wrist")
LEG = ("hip", "knee", "ankle")

REQUIRED = (
    "pelvis",
    "spine",
    "head",
    *(f"{side}_{joint}" for side in SIDES for joint in ARM + LEG),
)
CHAINS = ("spine", "neck")
TWISTS = tuple(f"{side}_{joint}_twist" for side in SIDES for joint in ARM[:2] + LEG[:2])
FINGER_ROLES = tuple(
    f"{side}_{finger}{number}" for side in SIDES for finger in FINGERS for number in (1, 2, 3)
)
ROLES = (
    "root",
    "pelvis",
    "spine",
    "neck",
    "head",
    "jaw",
    *(f"{side}_{joint}" for side in SIDES for joint in ("eye", "collar", *ARM, *LEG, "foot")),
    *FINGER_ROLES,
    *TWISTS,
)

# Which role aims each limb bone: the far end of the bone.
ENDS = {
    f"{side}_{joint}": f"{side}_{end}"
    for side in SIDES
    for joint, end in (
        *(("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "middle1")),
        *(("hip", "knee"), ("knee", "ankle"), ("ankle", "foot")),
        *((f"{finger}{k}", f"{finger}{k + 1}") for finger in FINGERS for k in (1, 2)),
    )
}

# The parts of the command line (`motion_engine.parts`) that a role belongs to.
PARTS = {
    "root": ("root", "pelvis"),
    "torso": ("spine", "left_collar", "right_collar"),
    "head": ("neck", "head", "jaw", "left_eye", "right_eye"),
    **{
        f"{side}_{part}": tuple(
            f"{side}_{joint}{twist}" for joint in joints for twist in ("", "_twist")
        )
        for side in SIDES
        for part, joints in (("arm", ARM), ("leg", (*LEG, "foot")))
    },
    **{
        f"{side}_hand": tuple(role for role in FINGER_ROLES if role.startswith(side))
        for side in SIDES
    },
}


def joint_of(role: str) -> str:
    """The SMPL-X joint that a role takes its turn from."""
    return f"{role}_smplhf" if role.endswith("_eye") else role

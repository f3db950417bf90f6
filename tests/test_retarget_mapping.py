"""Which bone is what: tables, words, geometry, profiles, and what is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scripted_rigs import KINDS, RESTS, as_rig, scripted_rig

from motion_engine.errors import LimberError
from motion_engine.retarget.alignment import align
from motion_engine.retarget.controls import check_writable
from motion_engine.retarget.geometry import roles_by_geometry
from motion_engine.retarget.mapping import from_profile, map_rig, to_profile
from motion_engine.retarget.rig import Bone, Constraint, Rig
from motion_engine.retarget.roles import REQUIRED

FAMILIES = {
    "mixamo": "Mixamo",
    "unreal_5": "Unreal",
    "metahuman": "Unreal",
    "vroid": "VRoid",
    "character_creator": "Character Creator",
    "daz": "Daz",
    "auto_rig_pro": "Auto-Rig Pro",
    "auto_rig_pro_export": "Auto-Rig Pro",
    "cloudrig": "CloudRig",
    "smplx": "SMPL-X",
}


@pytest.mark.parametrize("rest", RESTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_role_is_found(kind, rest):
    scripted = scripted_rig(kind, rest)
    mapping = map_rig(as_rig(scripted))
    wrong = {
        role: bone
        for role, bone in scripted.roles.items()
        if role not in mapping or mapping.bone(role) != bone
    }
    assert not wrong
    assert mapping.family == FAMILIES.get(kind, "unknown")
    assert not mapping.missing


# The halves that deform in a full Auto-Rig Pro rig do not hang on each other.
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "auto_rig_pro"])
def test_geometry_alone_finds_the_required_bones(kind):
    scripted = scripted_rig(kind, "A")
    found = roles_by_geometry(as_rig(scripted))
    assert [role for role in REQUIRED if found.get(role, ("",))[0] != scripted.roles[role]] == []


def test_geometry_works_in_any_size_and_direction():
    scripted = scripted_rig("shuffled", "A")
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    bones = [
        replace(b, head=100.0 * turn @ b.head, tail=100.0 * turn @ b.tail) for b in scripted.bones
    ]
    mapping = map_rig(as_rig(replace(scripted, bones=tuple(bones))))
    assert all(mapping.bone(role) == scripted.roles[role] for role in REQUIRED)


def test_confidence_falls_from_tables_over_words_to_geometry():
    confidence = [
        map_rig(as_rig(scripted_rig(kind))).confidence for kind in ("mixamo", "biped", "shuffled")
    ]
    assert confidence == sorted(confidence, reverse=True) and len(set(confidence)) == 3
    assert "place" in map_rig(as_rig(scripted_rig("shuffled"))).matches["head"].reason


@pytest.mark.parametrize("prefix", ["mixamorig:", "mixamorig1:", "mixamorig_", ""])
def test_prefixes_of_exporters_do_not_matter(prefix):
    scripted = scripted_rig("mixamo")

    def renamed(name: str) -> str:
        return name.replace("mixamorig:", prefix)

    bones = [replace(b, name=renamed(b.name), parent=renamed(b.parent)) for b in scripted.bones]
    mapping = map_rig(as_rig(replace(scripted, bones=tuple(bones))))
    assert mapping.family == "Mixamo"
    assert mapping.bone("left_elbow") == f"{prefix}LeftForeArm"


def test_a_few_renamed_bones_are_found_by_geometry():
    scripted = scripted_rig("mixamo", "A")
    new = {"mixamorig:LeftForeArm": "Zog", "mixamorig:RightLeg": "Blip"}
    bones = [
        replace(b, name=new.get(b.name, b.name), parent=new.get(b.parent, b.parent))
        for b in scripted.bones
    ]
    mapping = map_rig(as_rig(replace(scripted, bones=tuple(bones))))
    assert mapping.bone("left_elbow") == "Zog" and mapping.bone("right_knee") == "Blip"
    assert mapping.bone("left_wrist") == "mixamorig:LeftHand"


def test_profiles_round_trip_and_can_be_edited():
    rig = as_rig(scripted_rig("unreal_5"))
    mapping = map_rig(rig)
    assert from_profile(rig, to_profile(mapping)) == mapping
    edited = mapping.with_bone(rig, "left_wrist", "ik_hand_l")
    again = from_profile(rig, to_profile(edited))
    assert again.bone("left_wrist") == "ik_hand_l"
    assert again.controls.roles["left_wrist"] == ("ik_hand_l",)
    assert "left_foot" not in mapping.with_bone(rig, "left_foot")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"limber_profile": 9, "family": "x", "roles": {}}', "null"]
)
def test_broken_profiles_are_refused(text):
    with pytest.raises(LimberError, match="profile"):
        from_profile(as_rig(scripted_rig("mixamo")), text)


def test_profiles_of_other_rigs_are_refused():
    profile = to_profile(map_rig(as_rig(scripted_rig("mixamo"))))
    with pytest.raises(LimberError, match="lacks the profile's bone mixamorig"):
        from_profile(as_rig(scripted_rig("daz")), profile)
    unknown = json.loads(profile)
    unknown["roles"]["tail"] = unknown["roles"]["head"]
    with pytest.raises(LimberError, match="unknown role tail"):
        from_profile(as_rig(scripted_rig("mixamo")), json.dumps(unknown))


def test_setting_bones_by_hand_is_checked():
    rig = as_rig(scripted_rig("mixamo"))
    mapping = map_rig(rig)
    with pytest.raises(LimberError, match="no bone Nobody"):
        mapping.with_bone(rig, "head", "Nobody")
    with pytest.raises(LimberError, match="no role tail"):
        mapping.with_bone(rig, "tail", "mixamorig:Head")


def _rig(*bones: tuple[str, str, tuple, tuple]) -> Rig:
    up = np.array([1.0, 0.0, 0.0, 0.0])
    return Rig(
        "Thing",
        tuple(Bone(n, p, np.array(h, float), np.array(t, float), up) for n, p, h, t in bones),
    )


def test_a_chair_is_refused():
    seat = [("Seat", "", (0, 0, 0.5), (0, 0.1, 0.5)), ("Back", "Seat", (0, 0.2, 0.5), (0, 0.2, 1))]
    legs = [
        (f"Leg{x}{y}", "Seat", (x, y, 0.5), (x, y, 0)) for x in (-0.2, 0.2) for y in (-0.2, 0.2)
    ]
    with pytest.raises(LimberError, match="does not look like a humanoid"):
        map_rig(_rig(*seat, *legs))


def test_a_dog_is_refused():
    spine = [
        ("hips", "", (0, 0.4, 0.5), (0, 0.2, 0.52)),
        ("spine", "hips", (0, 0.2, 0.52), (0, -0.2, 0.52)),
        ("neck", "spine", (0, -0.2, 0.52), (0, -0.35, 0.65)),
        ("head", "neck", (0, -0.35, 0.65), (0, -0.5, 0.62)),
    ]
    legs = []
    for side, x in (("L", 0.1), ("R", -0.1)):
        for name, parent, y in (("front", "spine", -0.2), ("hind", "hips", 0.4)):
            upper, lower, paw = (f"{name}_{part}.{side}" for part in ("upper", "lower", "paw"))
            legs += [
                (upper, parent, (x, y, 0.48), (x, y + 0.05, 0.25)),
                (lower, upper, (x, y + 0.05, 0.25), (x, y, 0.05)),
                (paw, lower, (x, y, 0.05), (x, y - 0.08, 0.0)),
            ]
    with pytest.raises(LimberError, match="humanoid"):
        map_rig(_rig(*spine, *legs))


def test_empty_and_pointlike_rigs_are_refused():
    with pytest.raises(LimberError, match="no bones"):
        map_rig(_rig())
    with pytest.raises(LimberError, match="one point"):
        map_rig(_rig(("a", "", (0, 0, 0), (0, 0, 0))))


def test_bones_that_follow_others_are_moved_through_those():
    rig = as_rig(scripted_rig("auto_rig_pro"))
    bare = map_rig(as_rig(scripted_rig("mixamo")))
    assert bare.controls.mover == "mixamorig:Hips" and bare.controls.root == ""
    arp = map_rig(rig).controls
    assert arp.mover == "c_root_master.x" and arp.root == "c_traj"
    assert arp.roles["left_elbow"] == ("c_forearm_fk.l",)


def test_controls_chosen_by_hand_are_keyed():
    rig = as_rig(scripted_rig("auto_rig_pro"))
    mapping = map_rig(rig)
    by_control = mapping.with_bone(rig, "left_wrist", "c_hand_ik.l")
    assert by_control.controls.roles["left_wrist"] == ("c_hand_ik.l",)
    assert from_profile(rig, to_profile(by_control)) == by_control
    by_bone = mapping.with_bone(rig, "left_wrist", "forearm_twist.l")
    assert by_bone.bone("left_wrist") == "forearm_twist.l"
    assert by_bone.controls.roles["left_wrist"] == ("c_hand_fk.l",)


def test_bones_of_a_chain_are_named_with_commas():
    rig = as_rig(scripted_rig("unreal_5"))
    mapping = map_rig(rig, {"spine": "spine_01, spine_03", "jaw": "head"})
    assert mapping.matches["spine"].bones == ("spine_01", "spine_03")
    with pytest.raises(LimberError, match="no bone spine_99"):
        map_rig(rig, {"spine": "spine_01,spine_99"})


def test_limbs_without_length_are_named():
    rig = as_rig(scripted_rig("mixamo"))
    hand = "mixamorig:LeftHand"
    bones = [
        replace(b, head=rig["mixamorig:LeftForeArm"].head) if b.name == hand else b
        for b in rig.bones
    ]
    rig = replace(rig, bones=tuple(bones))
    with pytest.raises(LimberError, match="LeftForeArm has no length; lengthen it"):
        align(rig, map_rig(rig))


def test_copied_transforms_lead_to_the_control():
    scripted = scripted_rig("mixamo")
    rig = as_rig(scripted)
    copy = Constraint("COPY_TRANSFORMS", "Copy", (("Control", 1.0),))
    bones = [
        replace(bone, constraints=(copy,)) if bone.name.endswith("Head") else bone
        for bone in rig.bones
    ]
    head = rig["mixamorig:Head"]
    bones.append(replace(head, name="Control", parent="", deforms=False))
    mapping = map_rig(replace(rig, bones=tuple(bones)))
    assert mapping.bone("head") == "mixamorig:Head"
    assert mapping.controls.roles["head"] == ("Control",)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"driven": True}, "driver turns"), ({"locked": True}, "locked; unlock it")],
)
def test_controls_that_cannot_be_keyed_are_named(change, message):
    rig = as_rig(scripted_rig("mixamo"))
    name = "mixamorig:LeftForeArm"
    bones = [replace(b, **change) if b.name == name else b for b in rig.bones]
    rig = replace(rig, bones=tuple(bones))
    with pytest.raises(LimberError, match=message) as caught:
        check_writable(rig, map_rig(rig).controls)
    assert name in str(caught.value)


def test_two_bones_of_one_name_are_not_guessed_at():
    rig = as_rig(scripted_rig("mixamo"))
    arm = rig["mixamorig:LeftForeArm"]
    rig = replace(rig, bones=(*rig.bones, replace(arm, name="LeftForeArm")))
    with pytest.raises(LimberError, match="could both be left_elbow"):
        map_rig(rig)
    chosen = map_rig(rig, {"left_elbow": "LeftForeArm"})
    assert chosen.bone("left_elbow") == "LeftForeArm"


def test_what_a_file_declares_goes_before_names():
    scripted = scripted_rig("vroid", "A")
    shuffled = {bone.name: f"B{k}" for k, bone in enumerate(scripted.bones)}
    bones = [
        replace(b, name=shuffled[b.name], parent=shuffled.get(b.parent, "")) for b in scripted.bones
    ]
    rig = as_rig(replace(scripted, bones=tuple(bones)))
    human = {"pelvis": "hips", "spine": "spine", "head": "head"} | {
        f"{side}_{joint}": f"{side}_{name}"
        for side in ("left", "right")
        for joint, name in (
            *(("shoulder", "upper_arm"), ("elbow", "lower_arm"), ("wrist", "hand")),
            *(("hip", "upper_leg"), ("knee", "lower_leg"), ("ankle", "foot")),
        )
    }
    declared = tuple((name, shuffled[scripted.roles[role]]) for role, name in human.items())
    mapping = map_rig(replace(rig, human_bones=declared))
    assert mapping.family == "VRM" and mapping.confidence == 1.0
    assert mapping.matches["left_knee"].reason == "declared in the file"
    assert all(mapping.bone(role) == shuffled[scripted.roles[role]] for role in human)
    assert map_rig(replace(rig, human_bones=declared[:-1])).family == "unknown"


@pytest.mark.parametrize(
    "segments", [("Metacarpal", "Proximal", "Distal"), ("Proximal", "Intermediate", "Distal")]
)
def test_thumbs_of_both_vrm_versions_are_read(segments):
    rig = as_rig(scripted_rig("vroid", "T"))
    mapping = map_rig(rig)
    human = {"hips": "pelvis", "spine": "spine", "head": "head"}
    for side in ("left", "right"):
        for name, joint in (
            *(("UpperArm", "shoulder"), ("LowerArm", "elbow"), ("Hand", "wrist")),
            *(("UpperLeg", "hip"), ("LowerLeg", "knee"), ("Foot", "ankle")),
            *((f"Thumb{segment}", f"thumb{k}") for k, segment in enumerate(segments, start=1)),
        ):
            human[f"{side}{name}"] = f"{side}_{joint}"
    declared = tuple((name, mapping.bone(role)) for name, role in human.items())
    found = map_rig(replace(rig, human_bones=declared))
    assert found.family == "VRM"
    for role in human.values():
        assert found.bone(role) == mapping.bone(role)

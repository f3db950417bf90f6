"""The rigs of the retargeting bench: how each is made or opened, and which bone is which."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from importlib import util
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripted_rigs import RESTS, build, scripted_rig

from blender_addon.export import quiet
from blender_addon.retarget import open_blend
from motion_engine.retarget.transplant import RetargetOptions

# One rig of each kind that the others are like: enough for one Blender after another.
QUICK = (
    *("Limber's own, as it is", "Rigify basic, FK", "Rigify basic, IK", "mixamo A"),
    *("unreal_5 odd", "vroid T", "daz A", "auto_rig_pro A, IK", "cloudrig odd, IK", "shuffled odd"),
    *("mixamo A, object turned, cm", "blender_names A, Euler", "unreal_5 A, axis-angle"),
    *("mixamo A, library override", "Unreal-named mannequin, IK"),
)


def scripted(kind: str, rest: str, **changes) -> Callable:
    def make():
        bpy.ops.wm.read_factory_settings(use_empty=True)
        rig = scripted_rig(kind, rest, **changes)
        return build(rig), rig.roles

    return make


def placed(kind: str, rest: str) -> Callable:
    """A rig whose object is scaled to centimetres, turned and moved."""

    def make():
        armature, roles = scripted(kind, rest)()
        armature.scale = (0.01, 0.01, 0.01)
        armature.rotation_euler = (0.0, 0.0, 2.1)
        armature.location = (3.0, -1.0, 0.5)
        bpy.context.view_layer.update()
        return armature, roles

    return make


def vrm() -> tuple:
    """The basic humanoid that the VRM add-on (PyPI: bpy-vrm-format) builds."""
    import io_scene_vrm

    bpy.ops.wm.read_factory_settings(use_empty=True)
    io_scene_vrm.register()
    bpy.ops.icyp.make_basic_armature()
    left = "shoulder upper_arm lower_arm hand upper_leg lower_leg foot toes"
    left = " ".join(f"{name}.L" for name in left.split())
    return bpy.context.object, truth("hips", "spine", "head", left, lambda name: name[:-1] + "R")


JOINTS = ("collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot")


def truth(pelvis: str, spine: str, head: str, left: str, mirror: Callable[[str], str]) -> dict:
    """Role to bone, the left limbs' names in the order of JOINTS."""
    names = dict(zip(JOINTS, left.split()))
    return (
        {"pelvis": pelvis, "spine": spine, "head": head}
        | {f"left_{joint}": name for joint, name in names.items()}
        | {f"right_{joint}": mirror(name) for joint, name in names.items()}
    )


def rigify_truth(prefix: str) -> dict:
    limbs = "shoulder upper_arm forearm hand thigh shin foot toe"
    left = " ".join(f"{prefix}{name}.L" for name in limbs.split())
    column = (f"{prefix}{name}" for name in ("spine", "spine.001", "spine.006"))
    return truth(*column, left, lambda name: name[:-1] + "R")


MANNEQUIN = truth(
    "pelvis", "spine_01", "head",
    "clavicle_l upperarm_l lowerarm_l hand_l thigh_l calf_l foot_l ball_l",
    lambda name: name[:-1] + "r",
)  # fmt: skip
KENNEY = truth(
    "Hips", "Spine", "Head",
    "LeftShoulder LeftArm LeftForeArm LeftHand LeftUpLeg LeftLeg LeftFoot LeftToes",
    lambda name: name.replace("Left", "Right"),
)  # fmt: skip


def own_character() -> tuple:
    """The project's own character: the same skeleton in and out."""
    from blender_addon.character import build_armature
    from motion_engine.skeleton import SMPLX

    bpy.ops.wm.read_factory_settings(use_empty=True)
    return build_armature(SMPLX, "Limber"), {}


def opened(path: Path, name: str, roles: dict) -> Callable:
    def make():
        open_blend(path)
        return bpy.data.objects[name], roles

    return make


def rigify(operator: str, generated: bool) -> Callable:
    def make():
        bpy.ops.wm.read_factory_settings(use_empty=True)
        bpy.ops.preferences.addon_enable(module="rigify")
        getattr(bpy.ops.object, operator)()
        if generated:
            with quiet():
                bpy.ops.pose.rigify_generate()
        return bpy.context.object, rigify_truth("DEF-" if generated else "")

    return make


def linked(kind: str, rest: str) -> Callable:
    """A library override of a rig in another file."""

    def make():
        armature, roles = scripted(kind, rest)()
        collection = bpy.data.collections.new("Character")
        bpy.context.scene.collection.children.link(collection)
        bpy.context.collection.objects.unlink(armature)
        collection.objects.link(armature)
        path = Path(tempfile.mkdtemp()) / "character.blend"
        bpy.ops.wm.save_as_mainfile(filepath=str(path))
        name = armature.name
        bpy.ops.wm.read_factory_settings(use_empty=True)
        with bpy.data.libraries.load(str(path), link=True) as (_, target):
            target.collections = ["Character"]
        bpy.context.scene.collection.children.link(target.collections[0])
        target.collections[0].override_hierarchy_create(
            bpy.context.scene, bpy.context.view_layer, do_fully_editable=True
        )
        own = [o for o in bpy.data.objects if o.name == name and o.override_library is not None]
        return own[0], roles

    return make


def bench(data: Path) -> dict[str, tuple[Callable, RetargetOptions]]:
    """Name of a row to how its rig is made and what is asked for; rows that need files of the data
    folder or the VRM add-on are there where those are."""
    forward, inverse = RetargetOptions(), RetargetOptions(limbs="ik")
    unplanted = RetargetOptions(contacts="never")
    rows: dict[str, tuple[Callable, RetargetOptions]] = {
        "Limber's own, as it is": (own_character, unplanted),
        "Rigify human, FK": (rigify("armature_human_metarig_add", True), forward),
        "Rigify human, IK": (rigify("armature_human_metarig_add", True), inverse),
        "Rigify basic, FK": (rigify("armature_basic_human_metarig_add", True), forward),
        "Rigify basic, IK": (rigify("armature_basic_human_metarig_add", True), inverse),
        "Rigify metarig": (rigify("armature_human_metarig_add", False), forward),
    }
    if (data / "rigs").is_dir():
        mannequin = data / "rigs" / "unreal_named_mannequin.blend"
        rows |= {
            "Unreal-named mannequin, FK": (opened(mannequin, "Armature", MANNEQUIN), forward),
            "Unreal-named mannequin, IK": (opened(mannequin, "Armature", MANNEQUIN), inverse),
            "Kenney": (opened(data / "rigs" / "kenney_human.blend", "Root", KENNEY), forward),
        }
    for kind in (
        *("mixamo", "unreal_5", "metahuman", "vroid", "character_creator", "daz"),
        *("auto_rig_pro", "cloudrig", "biped", "shuffled", "smplx"),
    ):
        for rest in RESTS:
            rows[f"{kind} {rest}"] = (scripted(kind, rest), forward)
    for kind in ("auto_rig_pro", "cloudrig"):
        for rest in ("A", "odd"):
            rows[f"{kind} {rest}, IK"] = (scripted(kind, rest), inverse)
    rows["auto_rig_pro_export A"] = (scripted("auto_rig_pro_export", "A"), forward)
    if util.find_spec("io_scene_vrm"):
        rows["VRM add-on's humanoid"] = vrm, forward
    rows["mixamo A, object turned, cm"] = (placed("mixamo", "A"), forward)
    rows["blender_names A, Euler"] = (
        scripted("blender_names", "A", rotation_mode="XYZ"),
        forward,
    )
    rows["unreal_5 A, axis-angle"] = (
        scripted("unreal_5", "A", rotation_mode="AXIS_ANGLE"),
        forward,
    )
    rows["mixamo A, library override"] = (linked("mixamo", "A"), forward)
    return rows

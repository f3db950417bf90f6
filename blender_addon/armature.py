"""An armature as plain values: `motion_engine.retarget` decides what they mean."""

import re
from collections.abc import Iterator

import bpy
import numpy as np

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.retarget.mapping import (
    Mapping,
    check_usable,
    find_roles,
    from_profile,
    to_profile,
    with_chosen,
)
from motion_engine.retarget.rig import Bone, Constraint, Rig

PROFILE_KEY = "limber_profile"
_BONE_IN_PATH = re.compile(r'pose\.bones\["((?:[^"\\]|\\.)*)"\]\.(rotation\w*|constraints.*)')
_EVEN_SCALE = 1e-3


def read_rig(armature: bpy.types.Object) -> Rig:
    """The armature's rest pose, constraints and present channels; nothing is changed.

    Raises LimberError for what is no armature, is being edited, shows its rest pose, or is
    stretched unevenly.
    """
    if armature is None or armature.type != "ARMATURE":
        name = armature.name if armature is not None else "Nothing"
        raise LimberError(f"{name} is no armature; choose the character's armature.")
    if armature.mode == "EDIT":
        raise LimberError(f"{armature.name} is being edited; leave Edit Mode first.")
    if armature.data.pose_position == "REST":
        raise LimberError(
            f"{armature.name} shows its rest pose alone; set Pose Position in its Data properties."
        )
    position, turn, scale = armature.matrix_world.decompose()
    if np.ptp(np.abs(scale)) > _EVEN_SCALE * max(np.abs(scale)) or min(scale) <= 0.0:
        raise LimberError(
            f"{armature.name} is scaled by {scale[0]:g}, {scale[1]:g}, {scale[2]:g}; "
            "scale it evenly (the same on all axes, not mirrored)."
        )
    driven = _driven_bones(armature)
    bones = [_read_bone(armature.pose.bones[b.name], driven) for b in armature.data.bones]
    return Rig(
        armature.name,
        tuple(_parents_first(bones)),
        np.array(turn),
        np.array(position),
        float(scale[0]),
        tuple(_declared_bones(armature.data)),
    )


def read_mapping(
    armature: bpy.types.Object, rig: Rig | None = None, given: dict[str, str] | None = None
) -> Mapping:
    """The mapping saved on the armature where there is one, else the one found now; ``given``
    sets bones of single roles. Raises LimberError where it cannot be used."""
    rig = rig or read_rig(armature)
    mapping = with_chosen(rig, draft_mapping(armature, rig), given or {})
    check_usable(rig, mapping)
    return mapping


def draft_mapping(armature: bpy.types.Object, rig: Rig) -> Mapping:
    """As :func:`read_mapping`, but roles may be missing or doubtful."""
    saved = armature.get(PROFILE_KEY)
    return from_profile(rig, saved) if isinstance(saved, str) else find_roles(rig)


def save_mapping(armature: bpy.types.Object, mapping: Mapping) -> None:
    """Keep the mapping on the armature object, as JSON, for later and for other files."""
    armature[PROFILE_KEY] = to_profile(mapping)


def _declared_bones(armature: bpy.types.Armature) -> Iterator[tuple[str, str]]:
    """Human bones that the VRM add-on keeps with the armature: VRM's name, the bone's name."""
    extension = getattr(armature, "vrm_addon_extension", None)
    if extension is None:
        return
    humans = extension.vrm1.humanoid.human_bones
    named = [(p.identifier, getattr(humans, p.identifier)) for p in humans.bl_rna.properties]
    named += [(human.bone, human) for human in extension.vrm0.humanoid.human_bones]
    for name, human in named:
        bone = getattr(getattr(human, "node", None), "bone_name", "")
        if bone in armature.bones:
            yield name, bone


def _driven_bones(armature: bpy.types.Object) -> frozenset[str]:
    """Bones with a driver on a rotation channel."""
    animation = armature.animation_data
    drivers = animation.drivers if animation is not None else ()
    found = (_BONE_IN_PATH.match(driver.data_path) for driver in drivers)
    return frozenset(
        match.group(1) for match in found if match and match.group(2).startswith("rotation")
    )


def _parents_first(bones: list[Bone]) -> list[Bone]:
    by_name = {bone.name: bone for bone in bones}
    ordered: dict[str, Bone] = {}
    for bone in bones:
        line = []
        while bone is not None and bone.name not in ordered:
            line.append(bone)
            bone = by_name.get(bone.parent)
        ordered.update((bone.name, bone) for bone in reversed(line))
    return list(ordered.values())


def _read_bone(pose_bone: bpy.types.PoseBone, driven: frozenset[str]) -> Bone:
    bone = pose_bone.bone
    location, turn, _ = pose_bone.matrix_basis.decompose()
    rest = np.array(bone.matrix_local.to_3x3().normalized())
    return Bone(
        bone.name,
        bone.parent.name if bone.parent else "",
        np.array(bone.head_local),
        np.array(bone.tail_local),
        rotations.from_matrix(rest),
        bone.use_deform,
        pose_bone.rotation_mode,
        bone.use_inherit_rotation,
        bone.use_local_location,
        bone.use_connect,
        all(pose_bone.lock_rotation),
        bone.name in driven,
        np.array(turn),
        np.array(location),
        tuple(map(_read_constraint, (c for c in pose_bone.constraints if not c.mute))),
        tuple(key for key, value in pose_bone.items() if isinstance(value, (int, float))),
    )


def _read_constraint(constraint: bpy.types.Constraint) -> Constraint:
    owner = constraint.id_data
    if constraint.type == "ARMATURE":
        targets = [(t.subtarget, t.weight) for t in constraint.targets if t.target == owner]
    else:
        own = getattr(constraint, "target", None) == owner
        name = getattr(constraint, "subtarget", "") if own else ""
        targets = [(name, 1.0)] if name else []
    return Constraint(
        constraint.type,
        constraint.name,
        tuple((name, float(weight)) for name, weight in targets if name in owner.pose.bones),
        float(constraint.influence),
        getattr(constraint, "owner_space", "WORLD").startswith("LOCAL"),
        getattr(constraint, "mix_mode", "REPLACE"),
        float(getattr(constraint, "head_tail", 0.0)),
        getattr(constraint, "pole_subtarget", ""),
        float(getattr(constraint, "pole_angle", 0.0)),
        int(getattr(constraint, "chain_count", 0)),
    )

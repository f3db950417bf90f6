"""Rigs built by script: well-known names, several rest poses, a build and bone rolls of their own.

`scripted_rig` lists the bones in metres, Z up, facing -Y; `as_rig` gives the plain values that
reading them would give, `build` an armature in Blender.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from rig_builder import RESTS, ScriptedBone, ScriptedRig, body_points
from rig_kinds import BUILDS, KINDS

from motion_engine import rotations
from motion_engine.retarget.rig import Bone, Rig

__all__ = ["KINDS", "RESTS", "as_rig", "build", "scripted_rig"]


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

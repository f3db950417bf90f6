"""Rigs built by script: well-known names, several rest poses, a build and bone rolls of their own.

`scripted_rig` lists the bones in metres, Z up, facing -Y; `as_rig` gives the plain values that
reading them would give, `build` an armature in Blender.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from rig_builder import RESTS, ScriptedBone, ScriptedRig, Solver, body_points
from rig_kinds import BUILDS, KINDS

from motion_engine import rotations
from motion_engine.retarget.rig import Bone, Rig

__all__ = ["KINDS", "RESTS", "as_rig", "build", "scripted_rig"]


def scripted_rig(kind: str, rest: str = "T", **changes) -> ScriptedRig:
    """A rig of one of KINDS in one of RESTS, with a build and bone rolls of its own."""
    points = body_points(rest, *BUILDS.get(kind, (0.95, 1.05, 0.97)))
    build = KINDS[kind](points)
    roll = 0.0 if kind == "smplx" else 0.3 + 0.4 * list(KINDS).index(kind)
    bones = [replace(b, parent="") if b.name in build.carriers else b for b in build.bones]
    rig = ScriptedRig(
        f"{kind} {rest}", tuple(bones), build.roles, roll, "QUATERNION", build.copies,
        tuple(build.solvers), build.carriers,
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
    _add_constraints(armature, scripted)
    return armature


def _add_constraints(armature, scripted: ScriptedRig) -> None:
    """Bones copy their controls; those of a limb with a solver copy that instead on IK."""
    bones = armature.pose.bones
    solved = {name: solver for solver in scripted.solvers for name in solver.followers}
    for solver in scripted.solvers:
        bones[solver.holder][solver.property] = solver.ik
        _add_solver(bones, armature, solver)
    for follower, control in scripted.copies.items():
        constraint = _copy(bones[follower], armature, control)
        solver = solved.get(follower)
        if solver is None:
            continue
        _drive(constraint, "influence", armature, solver, solver.fk)
        constraint = _copy(bones[follower], armature, solver.followers[follower])
        _drive(constraint, "influence", armature, solver, solver.ik)
    for name, carriers in scripted.carriers.items():
        solver = next(s for s in scripted.solvers if carriers[1] in s.followers.values())
        constraint = bones[name].constraints.new("ARMATURE")
        for carrier, value in zip(carriers, (solver.fk, solver.ik)):
            target = constraint.targets.new()
            target.target, target.subtarget = armature, carrier
            _drive(target, "weight", armature, solver, value)


def _copy(bone, armature, name: str):
    constraint = bone.constraints.new("COPY_TRANSFORMS")
    constraint.target, constraint.subtarget = armature, name
    return constraint


def _drive(owner, path: str, armature, solver: Solver, value: float) -> None:
    """1 while the solver's switch has the value, 0 while it has the other one."""
    driver = owner.driver_add(path).driver
    driver.type, driver.expression = "SCRIPTED", "switch" if value == 1.0 else "1 - switch"
    variable = driver.variables.new()
    variable.name = "switch"
    variable.targets[0].id = armature
    variable.targets[0].data_path = f'pose.bones["{solver.holder}"]["{solver.property}"]'


def _add_solver(bones, armature, solver: Solver) -> None:
    upper, lower = (bones[name] for name in solver.chain)
    constraint = lower.constraints.new("IK")
    constraint.target = constraint.pole_target = armature
    constraint.subtarget, constraint.pole_subtarget = solver.goal, solver.pole
    constraint.chain_count = 2
    across = upper.bone.matrix_local.to_3x3().inverted() @ (
        bones[solver.pole].bone.head_local - upper.bone.head_local
    )
    constraint.pole_angle = np.arctan2(across.z, across.x)

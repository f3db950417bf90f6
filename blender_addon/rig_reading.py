"""Evaluated poses of a rig, frame by frame, and its animation as a Motion."""

from __future__ import annotations

from collections.abc import Iterable

import bpy
import numpy as np

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.reading_back import RigPoses, motion_from_poses

from .action import scene_fps
from .armature import read_mapping, read_rig


def read_animation(
    armature: bpy.types.Object, first_frame: int, last_frame: int, mapping: Mapping | None = None
) -> Motion:
    """What the armature does from ``first_frame`` to ``last_frame`` (included), at the scene's
    rate: read from the deforming bones as Blender evaluates them. The scene stays at its frame."""
    if last_frame < first_frame:
        raise LimberError(f"The range {first_frame} to {last_frame} is empty; swap its ends.")
    rig = read_rig(armature)
    mapping = mapping or read_mapping(armature, rig)
    poses = evaluated_poses(armature, mapping, range(first_frame, last_frame + 1))
    return motion_from_poses(rig, mapping, poses, scene_fps())


def evaluated_poses(
    armature: bpy.types.Object, mapping: Mapping, frames: Iterable[int]
) -> RigPoses:
    """World rotations and places of all mapped bones, as Blender evaluates them."""
    scene = bpy.context.scene
    names = {bone for match in mapping.matches.values() for bone in match.bones}
    names = sorted(names | set(mapping.controls.whole.values()))
    current, subframe = scene.frame_current, scene.frame_subframe
    matrices = []
    try:
        for frame in frames:
            scene.frame_set(frame)
            posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
            world = np.array(posed.matrix_world)
            bones = posed.pose.bones
            matrices.append([world @ np.array(bones[name].matrix) for name in names])
    finally:
        scene.frame_set(current, subframe=subframe)
    worlds = np.array(matrices)
    axes = rotations.normalize(np.swapaxes(worlds[..., :3, :3], -1, -2))
    turns = rotations.from_matrix(np.swapaxes(axes, -1, -2))
    return RigPoses(
        {name: turns[:, i] for i, name in enumerate(names)},
        {name: worlds[:, i, :3, 3] for i, name in enumerate(names)},
    )

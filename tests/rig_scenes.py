"""Rigs in an open Blender file: motions put on them, and what must not change by that."""

import bpy

from blender_addon.retarget import Report, retarget_onto
from blender_addon.rig_action import curves_of
from motion_engine.retarget.transplant import RetargetOptions

FREE = RetargetOptions(contacts="never")


def put(armature, motion, options=FREE, at=1, **extras) -> Report:
    """Put a motion on a rig from frame 1."""
    return retarget_onto(armature, motion, "clip", options, first_frame=at, **extras)


def curves(armature) -> dict:
    """What the rig plays, by data path and index."""
    return {(curve.data_path, curve.array_index): curve for curve in curves_of(armature)}


def snapshot(armature) -> tuple:
    """What must not change: transforms, modes, rest bones, selection, frame."""
    bones = [
        (b.name, tuple(b.head_local), tuple(b.tail_local), tuple(map(tuple, b.matrix_local)))
        for b in armature.data.bones
    ]
    modes = [(b.name, b.rotation_mode) for b in armature.pose.bones]
    scene = bpy.context.scene
    return (
        tuple(map(tuple, armature.matrix_basis)),
        armature.mode,
        armature.rotation_mode,
        bones,
        modes,
        scene.frame_current,
        bpy.context.view_layer.objects.active,
    )

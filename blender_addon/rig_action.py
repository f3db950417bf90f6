"""Rig motions written as keyframes: a new Action, or a range of chains in a copy of the old one."""

import bpy
import numpy as np

from motion_engine.errors import LimberError
from motion_engine.retarget.rig_motion import BoneTrack, RigMotion, channel_values

from .action import _enum, _new_channels, _write_curves

LONGEST_NAME = 63


def write_rig_action(
    armature: bpy.types.Object, motion: RigMotion, name: str, first_frame: int = 1
) -> bpy.types.Action:
    """Write a rig motion as a new Action that the armature then plays, one key a frame.

    The motion's rate is taken as the scene's. Other actions stay as they are.
    """
    action = bpy.data.actions.new(name[:LONGEST_NAME] or "Limber")
    curves, groups = _new_channels(action, armature)
    frames = first_frame + np.arange(motion.frames, dtype=np.float32)
    made: dict[str, object] = {}
    for path, group, values in channels(armature, motion):
        if group not in made:
            made[group] = groups.new(group)
        _write_curves(curves, made[group], path, frames[: len(values)], values)
    return action


def channels(armature: bpy.types.Object, motion: RigMotion):
    """Data path, group name and values ``[F, n]`` (``[1, n]`` for settings) of all channels."""
    for track in motion.tracks:
        yield from _bone_channels(track)
    for setting in motion.settings:
        bone = bpy.utils.escape_identifier(setting.bone)
        below = setting.name
        if not below.startswith("constraints["):
            below = f'["{bpy.utils.escape_identifier(below)}"]'
            path = f'pose.bones["{bone}"]{below}'
        else:
            path = f'pose.bones["{bone}"].{below}'
        yield path, setting.bone, np.array([[setting.value]])
    if motion.object_positions is not None:
        yield from _object_channels(armature, motion)


def _bone_channels(track: BoneTrack):
    base = f'pose.bones["{bpy.utils.escape_identifier(track.bone)}"]'
    if track.locations is not None:
        yield f"{base}.location", track.bone, track.locations
    if track.rotations is not None:
        name, values = channel_values(track.rotations, track.rotation_mode)
        yield f"{base}.{name}", track.bone, values


def _object_channels(armature: bpy.types.Object, motion: RigMotion):
    if armature.parent is not None:
        raise LimberError(
            f"{armature.name} hangs on {armature.parent.name}; use root mode hips or bone."
        )
    yield "location", "Object Transforms", motion.object_positions
    name, values = channel_values(motion.object_rotations, armature.rotation_mode)
    yield name, "Object Transforms", values

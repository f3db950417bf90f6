"""Motion to keyframes: the only module that knows differences between Blender versions."""

import bpy
import numpy as np

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.motion import Motion, resample
from motion_engine.skeleton import STANDING

LONGEST_NAME = 63
_SAME_RATE = 1e-3


def write_action(
    armature: bpy.types.Object, motion: Motion, name: str, first_frame: int = 1
) -> bpy.types.Action:
    """Write a motion as a new Action on an armature of :func:`character.build_armature`.

    One key per scene frame (the motion is resampled to the scene's rate), of type GENERATED, on
    the rotation of every bone and the location of the root. The armature's other actions stay as
    they are. Raises LimberError where bones are missing or do not turn by quaternions.
    """
    _check_bones(armature, motion)
    rate = scene_fps()
    if abs(motion.fps - rate) > _SAME_RATE:
        motion = resample(motion, rate)
    action = bpy.data.actions.new(name[:LONGEST_NAME] or "Limber")
    curves, groups = new_channels(action, armature)
    locations, turns = pose_channels(armature.data, motion)
    frames = first_frame + np.arange(motion.frames, dtype=np.float32)
    for joint, bone in enumerate(motion.skeleton.names):
        group = groups.new(bone)
        path = f'pose.bones["{bpy.utils.escape_identifier(bone)}"]'
        if motion.skeleton.parents[joint] < 0:
            write_curves(curves, group, f"{path}.location", frames, locations)
        write_curves(curves, group, f"{path}.rotation_quaternion", frames, turns[:, joint])
    return action


def pose_channels(armature: bpy.types.Armature, motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    """Root locations ``[F, 3]`` and quaternions ``[F, J, 4]`` of pose bones, relative to rest.

    A joint that stands at rest has the world rotation STANDING, its bone the rest rotation B (in
    the armature's space). A local rotation q therefore becomes C q C^-1 with C = B^-1 STANDING; the
    root, whose rotation is a world rotation W, becomes B^-1 W STANDING^-1 B.
    """
    rest = rest_rotations(armature, motion.skeleton.names)
    into_bone = rotations.multiply(rotations.conjugate(rest), STANDING)
    out_of_bone = rotations.conjugate(into_bone)
    local = motion.local_rotations.copy()
    local[:, 0] = rotations.multiply(rotations.conjugate(STANDING), local[:, 0])
    turns = rotations.multiply(rotations.multiply(into_bone, local), out_of_bone)
    root = armature.bones[motion.skeleton.names[0]]
    moved = motion.root_positions - np.array(root.head_local)
    locations = rotations.rotate(rotations.conjugate(rest[0]), moved)
    return locations, rotations.unroll(turns)


def rest_rotations(armature: bpy.types.Armature, names: tuple[str, ...]) -> np.ndarray:
    """Rest rotations ``[J, 4]`` of bones in the armature's space."""
    matrices = np.array([armature.bones[name].matrix_local.to_3x3() for name in names])
    return rotations.from_matrix(matrices)


def scene_fps() -> float:
    render = bpy.context.scene.render
    return render.fps / render.fps_base


def _check_bones(armature: bpy.types.Object, motion: Motion) -> None:
    missing = [name for name in motion.skeleton.names if name not in armature.pose.bones]
    if missing:
        raise LimberError(
            f"{armature.name} lacks {len(missing)} bones of the motion, {missing[0]} among them; "
            "choose an armature that Limber built."
        )
    for name in motion.skeleton.names:
        mode = armature.pose.bones[name].rotation_mode
        if mode != "QUATERNION":
            raise LimberError(f"Bone {name} turns by {mode}; set its rotation mode to Quaternion.")


def new_channels(action: bpy.types.Action, owner: bpy.types.Object):
    """The collections of F-curves and groups of a new action that ``owner`` now plays."""
    animation = owner.animation_data_create()
    animation.action = action
    if not hasattr(action, "slots"):  # before 4.4
        return action.fcurves, action.groups
    slot = action.slots.new(id_type="OBJECT", name=owner.name)
    strip = action.layers.new("Layer").strips.new(type="KEYFRAME")
    channels = strip.channelbag(slot, ensure=True)
    animation.action_slot = slot
    return channels.fcurves, channels.groups


def write_curves(curves, group, path: str, frames: np.ndarray, values: np.ndarray) -> None:
    """One F-curve per column of ``values [F, n]``, all keys at once."""
    count = len(frames)
    for index, column in enumerate(values.T):
        curve = curves.new(path, index=index)
        curve.group = group
        points = curve.keyframe_points
        points.add(count)
        points.foreach_set("co", np.stack([frames, column], axis=-1).astype(np.float32).ravel())
        points.foreach_set("interpolation", np.full(count, enum_value("interpolation", "LINEAR")))
        points.foreach_set("type", np.full(count, enum_value("type", "GENERATED")))
        curve.update()


def enum_value(attribute: str, identifier: str) -> int:
    """The number of an enum item, which foreach_set wants; 0 where this Blender lacks it."""
    items = bpy.types.Keyframe.bl_rna.properties[attribute].enum_items
    return items[identifier].value if identifier in items else 0

"""Motion to keyframes: the only module that knows differences between Blender versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import bpy
import numpy as np

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.motion import Motion, resample
from motion_engine.skeleton import STANDING

from .steps import Work, finished

LONGEST_NAME = 63
_SAME_RATE = 1e-3


@dataclass(frozen=True, eq=False)
class Channel:
    """Values ``[F, n]`` (``[1, n]`` where they are held) below one data path; ``kept [k]`` are the
    frames that get keys, all without."""

    path: str
    group: str
    values: np.ndarray
    rotation_mode: str = ""
    kept: np.ndarray | None = None

    @property
    def is_quaternion(self) -> bool:
        return self.path.endswith("rotation_quaternion")


def write_action(
    armature: bpy.types.Object, motion: Motion, name: str, first_frame: int = 1
) -> bpy.types.Action:
    """Write a motion as a new Action on an armature of :func:`character.build_armature`.

    One key per scene frame (the motion is resampled to the scene's rate), of type GENERATED, on
    the rotation of every bone and the location of the root. The armature's other actions stay as
    they are. Raises LimberError where bones are missing or do not turn by quaternions.
    """
    written = motion_channels(armature, at_scene_rate(motion))
    action = new_action(name)
    finished(fill_action(action, armature, written, first_frame))
    play(armature, action)
    return action


def motion_channels(armature: bpy.types.Object, motion: Motion) -> list[Channel]:
    """The motion on an armature of :func:`character.build_armature`, as values; raises
    LimberError where bones are missing or do not turn by quaternions."""
    _check_bones(armature, motion)
    locations, turns = pose_channels(armature.data, motion)
    channels = []
    for joint, bone in enumerate(motion.skeleton.names):
        path = f'pose.bones["{bpy.utils.escape_identifier(bone)}"]'
        if motion.skeleton.parents[joint] < 0:
            channels.append(Channel(f"{path}.location", bone, locations))
        channels.append(Channel(f"{path}.rotation_quaternion", bone, turns[:, joint], "QUATERNION"))
    return channels


def at_scene_rate(motion: Motion) -> Motion:
    return at_rate(motion, scene_fps())


def at_rate(motion: Motion, fps: float) -> Motion:
    """The motion itself where it has that rate, else resampled."""
    return motion if abs(motion.fps - fps) <= _SAME_RATE else resample(motion, fps)


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


def new_action(name: str) -> bpy.types.Action:
    """An empty Action for an object; nothing plays it yet."""
    action = bpy.data.actions.new(name[:LONGEST_NAME] or "Limber")
    if not hasattr(action, "slots"):  # before 4.4
        action.id_root = "OBJECT"
    return action


def fill_action(
    action: bpy.types.Action,
    owner: bpy.types.Object,
    channels: Iterable[Channel],
    first_frame: int,
) -> Work[None]:
    """Write channels as GENERATED keys into an empty Action, one channel a step."""
    curves, groups = _new_channels(action, owner)
    made: dict[str, bpy.types.ActionGroup] = {}
    for channel in channels:
        if channel.group not in made:
            made[channel.group] = groups.new(channel.group)
        values = channel.values
        kept = np.arange(len(values)) if channel.kept is None else channel.kept
        frames = first_frame + kept.astype(np.float32)
        write_curves(curves, made[channel.group], channel.path, frames, values[kept])
        yield


def _new_channels(action: bpy.types.Action, owner: bpy.types.Object):
    """The collections of F-curves and groups of a new Action, in a slot named like its owner."""
    if not hasattr(action, "slots"):  # before 4.4
        return action.fcurves, action.groups
    slot = action.slots.new(id_type="OBJECT", name=owner.name)
    strip = action.layers.new("Layer").strips.new(type="KEYFRAME")
    channels = strip.channelbag(slot, ensure=True)
    return channels.fcurves, channels.groups


def play(owner: bpy.types.Object, action: bpy.types.Action | None, slot: str = "") -> None:
    """Let an object play an Action, in the slot of that identifier or else the Action's first."""
    animation = owner.animation_data_create()
    animation.action = action
    if action is None or not hasattr(action, "slots"):  # before 4.4
        return
    named = action.slots.get(slot) if slot else None
    animation.action_slot = named or next(iter(action.slots), None)


def played_slot(owner: bpy.types.Object) -> str:
    """Identifier of the slot that an object plays; empty without one, and before Blender 4.4."""
    slot = getattr(owner.animation_data, "action_slot", None)
    return slot.identifier if slot is not None else ""


def curves_in(action: bpy.types.Action | None, slot: str = ""):
    """The F-curves of an Action in the slot of that identifier, or else its first; may be ()."""
    if action is None:
        return ()
    if not hasattr(action, "layers"):  # before 4.4
        return action.fcurves
    found = (action.slots.get(slot) if slot else None) or next(iter(action.slots), None)
    if found is None or not action.layers:
        return ()
    bag = action.layers[0].strips[0].channelbag(found)
    return bag.fcurves if bag is not None else ()


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

"""Rig motions written as keyframes: a new Action, or a range of chains in a copy of the old one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import bpy
import numpy as np

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.retarget.key_reduction import Tolerance, frames_needed
from motion_engine.retarget.rig_motion import (
    EULER_ORDERS,
    BoneTrack,
    RigMotion,
    channel_rotations,
    channel_values,
)

from .action import LONGEST_NAME, Channel, curves_in, fill_action, new_action, play, played_slot
from .keys import Keys, generated_keys, read_keys, replaced, write_keys
from .steps import Work, finished


@dataclass(frozen=True, eq=False)
class Passage:
    """Whole ``frames [F]`` of an Action that are written anew, and how much of the new each takes,
    ``weights [F]``. Outside, values are held by keys of their own, except where the animation
    begins or ends: there is nothing ahead of what ``is_first``, nothing stays after what
    ``is_last``."""

    frames: np.ndarray
    weights: np.ndarray
    is_first: bool = False
    is_last: bool = False

    @staticmethod
    def feathered(frames: np.ndarray, feather: int, is_last: bool = False) -> Passage:
        """From 0 to 1 over ``feather`` frames at both ends, or at the start alone."""
        count = len(frames)
        if feather < 1:
            return Passage(frames, np.ones(count), is_last=is_last)
        at = np.arange(count)
        nearest = at if is_last else np.minimum(at, count - 1 - at)
        t = np.clip(nearest / feather, 0.0, 1.0)
        return Passage(frames, t * t * (3.0 - 2.0 * t), is_last=is_last)


def write_rig_action(
    armature: bpy.types.Object,
    motion: RigMotion,
    name: str,
    first_frame: int = 1,
    tolerance: Tolerance | None = None,
) -> bpy.types.Action:
    """Write a rig motion as a new Action that the armature then plays.

    One key a frame, or, within a ``tolerance``, only the keys that are needed. The motion's rate
    is taken as the scene's. Other actions stay as they are.
    """
    written = list(channels(armature, motion))
    if tolerance is not None:
        units_per_cm = motion.units_per_metre / 100.0
        written = [reduced(channel, tolerance, units_per_cm) for channel in written]
    action = new_action(name)
    finished(fill_action(action, armature, written, first_frame))
    play(armature, action)
    return action


def reduced(channel: Channel, tolerance: Tolerance, units_per_cm: float) -> Channel:
    """The channel with only those keys that it needs to stay within the tolerance."""
    kept = frames_needed(channel.values, channel.rotation_mode, units_per_cm, tolerance)
    return replace(channel, kept=kept)


def replace_range(
    armature: bpy.types.Object,
    motion: RigMotion,
    name: str,
    first_frame: int,
    feather_frames: int = 0,
) -> bpy.types.Action:
    """Write a rig motion over a range of what the armature plays, in a copy of that Action.

    Channels that the motion does not hold, and keys outside the range, stay bit for bit. Over
    ``feather_frames`` at both ends the old animation passes into the new one and back. Where an
    old curve runs across an end of the range, whole frames outside keep their values by keys of
    their own. Without an Action of its own the armature's present pose counts as the old one.
    """
    written = list(channels(armature, motion))
    action, slot = copied_action(armature, name)
    frames = first_frame + np.arange(motion.frames)
    passage = Passage.feathered(frames, feather_frames)
    finished(fill_range(action, slot, armature, written, passage))
    play(armature, action, slot)
    return action


def copied_action(armature: bpy.types.Object, name: str) -> tuple[bpy.types.Action, str]:
    """A copy of the played Action, or an empty one, and the slot's identifier; not played yet."""
    slot = played_slot(armature)
    if not len(curves_of(armature)):
        return new_action(name), ""
    action = armature.animation_data.action.copy()
    action.name = name[:LONGEST_NAME] or "Limber"
    return action, slot


def fill_range(
    action: bpy.types.Action,
    slot: str,
    armature: bpy.types.Object,
    written: Iterable[Channel],
    passage: Passage,
) -> Work[None]:
    """The work of :func:`replace_range` in a copy of an Action that nothing plays yet."""
    frames, curves = passage.frames, curves_in(action, slot)
    if not len(curves):
        yield from fill_action(action, armature, (), int(frames[0]))
        curves = curves_in(action)
    existing = {(curve.data_path, curve.array_index): curve for curve in curves}
    for channel in written:
        found = [existing.get((channel.path, i)) for i in range(channel.values.shape[1])]
        old = old_values(armature, channel, existing, frames)
        if len(channel.values) == 1:
            values, interpolation = np.repeat(channel.values, len(frames), axis=0), "CONSTANT"
        else:
            values = _blended(old[1:-1], channel, passage.weights)
            interpolation = "LINEAR"
        for index, curve in enumerate(found):
            keys = generated_keys(frames, values[:, index], interpolation)
            if curve is None:
                curve = curves.new(channel.path, index=index)
                write_keys(curve, _framed(keys, old[:, index], passage))
            else:
                write_keys(curve, _across(curve, read_keys(curve), keys, passage))
        yield


def channels(armature: bpy.types.Object, motion: RigMotion) -> Iterator[Channel]:
    """All channels of a rig motion, in each bone's own rotation mode."""
    for track in motion.tracks:
        yield from _bone_channels(track)
    for setting in motion.settings:
        path = f'pose.bones["{bpy.utils.escape_identifier(setting.bone)}"]{setting.path}'
        yield Channel(path, setting.bone, np.array([[setting.value]]))
    if motion.object_positions is not None:
        if armature.parent is not None:
            raise LimberError(
                f"{armature.name} hangs on {armature.parent.name}; use root mode hips or bone."
            )
        yield Channel("location", "Object Transforms", motion.object_positions)
        name, values = channel_values(motion.object_rotations, armature.rotation_mode)
        yield Channel(name, "Object Transforms", values, armature.rotation_mode)


def _bone_channels(track: BoneTrack) -> Iterator[Channel]:
    base = f'pose.bones["{bpy.utils.escape_identifier(track.bone)}"]'
    if track.locations is not None:
        yield Channel(f"{base}.location", track.bone, track.locations)
    if track.rotations is not None:
        name, values = channel_values(track.rotations, track.rotation_mode)
        yield Channel(f"{base}.{name}", track.bone, values, track.rotation_mode)


def curves_of(armature: bpy.types.Object):
    """The F-curves that the armature plays; an empty tuple without an Action."""
    animation = armature.animation_data
    if animation is None or animation.action is None:
        return ()
    slot = played_slot(armature)
    if hasattr(animation, "action_slot") and not slot:
        return ()
    return curves_in(animation.action, slot)


def selected_frames(armature: bpy.types.Object) -> list[int]:
    """Whole frames, ascending, at which an armature's Action has selected keys."""
    return sorted(
        {
            round(point.co[0])
            for curve in curves_of(armature)
            for point in curve.keyframe_points
            if point.select_control_point
        }
    )


def old_values(
    armature: bpy.types.Object,
    channel: Channel,
    curves: dict[tuple[str, int], bpy.types.FCurve],
    frames: np.ndarray,
) -> np.ndarray:
    """What a channel has by its curves, else at present: values ``[F + 2, n]`` one frame ahead of
    ``frames [F]``, in them, and one frame after."""
    present = armature.path_resolve(channel.path)
    present = np.atleast_1d(np.array(present, dtype=np.float64))
    around = np.concatenate([frames[:1] - 1, frames, frames[-1:] + 1])
    found = [curves.get((channel.path, index)) for index in range(channel.values.shape[1])]
    columns = [
        np.full(len(around), present[i]) if c is None else np.array([c.evaluate(f) for f in around])
        for i, c in enumerate(found)
    ]
    return np.stack(columns, axis=-1)


def _blended(old: np.ndarray, channel: Channel, weights: np.ndarray) -> np.ndarray:
    """From the old values to the channel's and back; rotations on the shorter way."""
    new, mode = channel.values, channel.rotation_mode
    if channel.is_quaternion and np.sum(old[0] * new[0]) < 0.0:
        new = -new
    if not mode:
        return old + weights[:, None] * (new - old)
    if (weights < 1.0).any():
        turns = [channel_rotations(values, mode) for values in (old, new)]
        _, new = channel_values(rotations.unroll(rotations.slerp(*turns, weights)), mode)
    if mode in EULER_ORDERS:
        new = new + 2.0 * np.pi * np.round((old[0] - new[0]) / (2.0 * np.pi))
    return new


def _framed(keys: Keys, old: np.ndarray, passage: Passage) -> Keys:
    """A new curve's keys with the old value held before and after them."""
    frames = keys["co"][:, 0]
    ends = generated_keys(
        np.array([frames[0] - 1, frames[-1] + 1]), np.array([old[0], old[-1]]), "CONSTANT"
    )
    begin, end = (1 if passage.is_first else 0), (1 if passage.is_last else 2)
    return {
        name: np.concatenate([ends[name][begin:1], values, ends[name][1:end]])
        for name, values in keys.items()
    }


def _across(curve: bpy.types.FCurve, keys: Keys, new: Keys, passage: Passage) -> Keys:
    """``new`` put into ``keys``; frames of segments that the passage cuts keep their values."""
    frames = keys["co"][:, 0]
    first, last = new["co"][0, 0], new["co"][-1, 0]
    if passage.is_last:
        keys = {name: values[frames <= last] for name, values in keys.items()}
        frames = keys["co"][:, 0]
    before, after = frames[frames < first - 0.5], frames[frames > last + 0.5]
    start = before[-1] if len(before) else first - (1.0 if passage.is_first else 2.0)
    stop = after[0] if len(after) else last + (1.0 if passage.is_last else 2.0)
    ahead = np.arange(np.floor(start) + 1.0, first)
    behind = np.arange(last + 1.0, np.ceil(stop))
    parts = [
        generated_keys(side, np.array([curve.evaluate(frame) for frame in side]))
        for side in (ahead, behind)
    ]
    joined = {name: np.concatenate([parts[0][name], new[name], parts[1][name]]) for name in new}
    return replaced(keys, joined)

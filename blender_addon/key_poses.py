"""Key poses of the artist that a generation is to pass through: selected keys, and poses of the
library at frames of their own. Read as plain values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import bpy
import numpy as np

from motion_engine.errors import LimberError
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.roles import PARTS

from .action import Channel, curves_in, enum_value, fill_action, new_action, played_slot
from .keys import SAME_TIME, Keys, generated_keys, put_back, read_keys, rows, write_keys
from .limb_modes import part_bones
from .posed_bones import trying
from .request import identity
from .rig_action import curves_of, old_values
from .steps import Result, Work, finished, inside

CurveName = tuple[str, int]
"""Data path and index."""

_BONE_IN_PATH = re.compile(r'pose\.bones\["((?:[^"\\]|\\.)*)"\]\.')
_CURVE_KINDS = ("location", "rotation_")


@dataclass(frozen=True, eq=False)
class KeyPoses:
    """``kept``: the keys themselves, by curve. At the frames ``whole`` the rig's whole pose counts,
    at all others only what is keyed."""

    kept: dict[CurveName, Keys]
    whole: tuple[float, ...]

    @property
    def times(self) -> tuple[float, ...]:
        """All frames (they need not be whole ones) with a key or a whole pose."""
        keyed = [time for keys in self.kept.values() for time in keys["co"][:, 0].tolist()]
        return _apart([*keyed, *self.whole])

    def parts_at(self, time: float, mapping: Mapping) -> tuple[str, ...]:
        """The parts of the body of which a pose is given at a frame."""
        if _is_among(time, self.whole):
            return tuple(PARTS)
        bones = {
            _bone_of(path)
            for (path, _), keys in self.kept.items()
            if _is_among(time, keys["co"][:, 0])
        }
        return tuple(part for part in PARTS if not bones.isdisjoint(part_bones(mapping, part)))

    def times_of(self, path: str) -> np.ndarray:
        """The frames ``[k]`` at which a channel has to have what it has now."""
        own = [keys["co"][:, 0].tolist() for (p, _), keys in self.kept.items() if p == path]
        return np.array(_apart([*self.whole, *(time for times in own for time in times)]))


@dataclass(frozen=True, eq=False)
class LibraryPose:
    """An Action's one pose, as ``keys`` by curve, at a frame of the scene."""

    name: str
    frame: int
    keys: dict[CurveName, Keys]

    @staticmethod
    def of(action: bpy.types.Action, frame: int) -> LibraryPose:
        """The pose of the Action's first frame; LimberError where it poses no bone."""
        start = action.frame_range[0]
        found = {}
        for curve in curves_in(action):
            bone = _bone_of(curve.data_path)
            if bone and len(curve.keyframe_points):
                keys = generated_keys(np.array([frame]), np.array([curve.evaluate(start)]))
                keys["type"][:] = enum_value("type", "KEYFRAME")
                found[curve.data_path, curve.array_index] = keys
        if not found:
            raise LimberError(f"{action.name} poses no bone; choose a pose of the library.")
        return LibraryPose(action.name, frame, found)


def read_key_poses(
    armature: bpy.types.Object, poses: Sequence[LibraryPose], bones: set[str] | None
) -> KeyPoses:
    """The selected keys of what the armature plays, and the poses; of some ``bones`` alone, or
    with the whole pose. LimberError where there is neither."""
    kept: dict[CurveName, Keys] = {}
    for curve in curves_of(armature):
        bone = _bone_of(curve.data_path)
        if not bone or (bones is not None and bone not in bones):
            continue
        times = [p.co[0] for p in curve.keyframe_points if p.select_control_point]
        if times:
            kept[curve.data_path, curve.array_index] = rows(read_keys(curve), np.array(times))
    for pose in poses:
        for name, keys in pose.keys.items():
            bone = _bone_of(name[0])
            if bone in armature.pose.bones and (bones is None or bone in bones):
                kept[name] = put_back(kept[name], keys) if name in kept else keys
    if not kept:
        raise LimberError(
            "No keys are selected and no pose is listed; select keys to pass through, in any "
            "editor."
            if bones is None
            else "The selected bones have no selected keys; select both, or choose Whole Pose."
        )
    found = KeyPoses(kept, ())
    return found if bones is not None else replace(found, whole=found.times)


def posed_by(armature: bpy.types.Object, keys: KeyPoses, work: Work[Result]) -> Work[Result]:
    """Some work, while the armature plays what it plays now with the keys in it."""
    has_curves = bool(len(curves_of(armature)))
    slot = played_slot(armature) if has_curves else ""
    action = armature.animation_data.action.copy() if has_curves else new_action("Limber")
    made = identity(action)
    try:
        add_keys(action, slot, armature, keys)
        return (yield from inside(partial(trying, armature, action, slot), work))
    finally:
        for action in bpy.data.actions:  # an undo meanwhile has removed it already
            if identity(action) == made:
                bpy.data.actions.remove(action)
                break


def add_keys(
    action: bpy.types.Action, slot: str, armature: bpy.types.Object, keys: KeyPoses
) -> None:
    """Put the kept keys into an Action as they are, in the place of what stands at their frames."""
    curves = _ensured_curves(action, slot, armature)
    found = {(curve.data_path, curve.array_index): curve for curve in curves}
    for (path, index), kept in keys.kept.items():
        curve = found.get((path, index)) or curves.new(path, index=index)
        write_keys(curve, put_back(read_keys(curve), kept))


def held_values(
    armature: bpy.types.Object,
    channel: Channel,
    curves: dict[CurveName, bpy.types.FCurve],
    keys: KeyPoses,
    times: np.ndarray,
) -> np.ndarray:
    """What a channel has at some frames ``[k]``, ``[k, n]``: by its kept keys, else as it is now."""
    values = old_values(armature, channel, curves, times)[1:-1]
    for index in range(values.shape[1]):
        kept = keys.kept.get((channel.path, index))
        for time, value in kept["co"] if kept is not None else ():
            values[np.abs(times - time) < SAME_TIME, index] = value
    return values


def _ensured_curves(action: bpy.types.Action, slot: str, armature: bpy.types.Object):
    """The F-curves of an Action; one that has none yet gets room for them."""
    curves = curves_in(action, slot)
    if isinstance(curves, tuple):
        finished(fill_action(action, armature, (), 1))
        curves = curves_in(action)
    return curves


def _bone_of(path: str) -> str:
    """The bone that a curve moves; empty for all other curves."""
    found = _BONE_IN_PATH.match(path)
    is_pose = found is not None and path[found.end() :].startswith(_CURVE_KINDS)
    return bpy.utils.unescape_identifier(found.group(1)) if is_pose else ""


def _is_among(time: float, times: Sequence[float]) -> bool:
    return bool((np.abs(np.asarray(times, dtype=float) - time) < SAME_TIME).any())


def _apart(times: Sequence[float]) -> tuple[float, ...]:
    """Rising, each once."""
    found: list[float] = []
    for time in sorted(times):
        if not found or time - found[-1] >= SAME_TIME:
            found.append(float(time))
    return tuple(found)

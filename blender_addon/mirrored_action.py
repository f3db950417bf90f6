"""F-curves of one side of a character on its other side, and the other way round."""

from __future__ import annotations

import re
from dataclasses import dataclass

import bpy
import numpy as np

from motion_engine.errors import LimberError
from motion_engine.retarget.mirroring import (
    Reflection,
    RestBone,
    channel_signs,
    mirrored_path,
    other_side,
    partners,
)
from motion_engine.retarget.rig_motion import channel_rotations, channel_values

from .armature import read_mapping
from .keys import Keys, generated_keys, read_keys, write_keys
from .steps import Work

_BONE = re.compile(r'pose\.bones\["((?:[^"\\]|\\.)*)"\](.*)', re.DOTALL)
_PROPERTY = re.compile(r'\["((?:[^"\\]|\\.)*)"\]$')
_OF_MODE = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}
_TRANSFORMS = (
    "location", "rotation_quaternion", "rotation_euler", "rotation_axis_angle", "scale",
)  # fmt: skip

Columns = dict[int, Keys]
"""Keys of a data path by array index."""
Partners = dict[str, tuple[str, Reflection]]
"""Each bone's partner, and what its channels become there."""


@dataclass(frozen=True, eq=False)
class _Sides:
    """An armature, the curves of the Action, the partners of its bones, and all whole frames."""

    armature: bpy.types.Object
    curves: dict[tuple[str, int], bpy.types.FCurve]
    partners: Partners
    frames: np.ndarray

    def values(self, path: str) -> Work[np.ndarray]:
        """What a data path has at all frames ``[F, n]``: by its curves, else at present."""
        now = np.atleast_1d(np.array(self.armature.path_resolve(path), dtype=np.float64))
        values = np.tile(now, (len(self.frames), 1))
        for i, column in enumerate(values.T):
            if (curve := self.curves.get((path, i))) is not None:
                column[:] = [curve.evaluate(frame) for frame in self.frames]
                yield
        return values

    def keys(self, values: np.ndarray) -> Columns:
        return {i: generated_keys(self.frames, column) for i, column in enumerate(values.T)}


def mirroring(armature: bpy.types.Object, curves) -> Work[None]:
    """Exchanges left and right in the curves of an Action that nothing plays yet.

    Where a bone and its partner are each other's mirror image at rest, as on most rigs, their keys
    change side and sign and nothing else; elsewhere there is one key a frame. Bones on a side that
    have no counterpart stay as they are. The mirror stands upright in the armature, and in its
    place of the first frame where the object itself moves.
    """
    by_name = {(c.data_path, c.array_index): c for c in curves if len(c.keyframe_points)}
    ends = [curve.range() for curve in by_name.values()]
    frames = np.arange(
        np.floor(min(start for start, _ in ends)), np.ceil(max(end for _, end in ends)) + 1.0
    )
    sides = _Sides(armature, by_name, _partners(armature), frames)
    yield
    before: dict[str, Columns] = {}
    for (path, index), curve in by_name.items():
        before.setdefault(path, {})[index] = read_keys(curve)
        yield
    before |= _unkeyed(sides, before)
    yield
    of_object = yield from _object_channels(sides, before)
    made = dict(of_object)
    for path, columns in before.items():
        if path not in of_object:
            new_path, new_columns = yield from _mirrored(sides, path, columns)
            made[new_path] = new_columns
        yield
    yield from _writing(curves, made)


def _partners(armature: bpy.types.Object) -> Partners:
    rest = {
        bone.name: RestBone(
            bone.name,
            np.array(bone.matrix_local.to_3x3()),
            np.array(bone.head_local),
            np.array(bone.tail_local),
        )
        for bone in armature.data.bones
    }
    try:
        mapping = read_mapping(armature)
    except LimberError:  # names and places tell as well
        mapping = None
    found = partners(list(rest.values()), mapping, bpy.utils.flip_name)
    return {
        one: (other, Reflection.between(rest[one], rest[other])) for one, other in found.items()
    }


def _unkeyed(sides: _Sides, before: dict[str, Columns]) -> dict[str, Columns]:
    """What stands still on one side while the other side's is keyed, as a key each."""
    still: dict[str, Columns] = {}
    for path in before:
        opposite = _opposite_path(sides, path)
        if opposite in before or opposite in still:
            continue
        try:
            now = np.array(sides.armature.path_resolve(opposite), dtype=np.float64)
        except (TypeError, ValueError):  # a channel of what is not there
            continue
        still[opposite] = {
            i: generated_keys(sides.frames[:1], np.array([value]), "CONSTANT")
            for i, value in enumerate(np.atleast_1d(now))
        }
    return still


def _opposite_path(sides: _Sides, path: str) -> str:
    """The data path of the same thing on the other side."""
    match = _BONE.match(path)
    bone = bpy.utils.unescape_identifier(match.group(1)) if match else ""
    if bone not in sides.partners:
        return path
    partner, rest = sides.partners[bone][0], match.group(2)
    name = _PROPERTY.match(rest)
    if name is not None:  # a property may name its side itself: ["ik_left"]
        other = other_side(name.group(1))
        if other in sides.armature.pose.bones[partner]:
            rest = f'["{other}"]'
    return f'pose.bones["{bpy.utils.escape_identifier(partner)}"]{rest}'


def _mirrored(sides: _Sides, path: str, columns: Columns) -> Work[tuple[str, Columns]]:
    match = _BONE.match(path)
    bone = bpy.utils.unescape_identifier(match.group(1)) if match else ""
    new_path = _opposite_path(sides, path)
    if bone not in sides.partners or (name := match.group(2)[1:]) not in _TRANSFORMS:
        return new_path, columns
    partner, reflection = sides.partners[bone]
    bones = sides.armature.pose.bones
    modes = bones[bone].rotation_mode, bones[partner].rotation_mode
    is_turn = name.startswith("rotation")
    if reflection.signs is not None and (modes[0] == modes[1] or not is_turn):
        signs = channel_signs(reflection.signs, name)
        return new_path, {i: _times(keys, signs[i]) for i, keys in columns.items()}
    if name == "scale":
        return new_path, columns
    values = yield from sides.values(path)
    if not is_turn:
        return new_path, sides.keys(reflection.locations(values))
    if not name.endswith(_OF_MODE.get(modes[0], "rotation_euler")):
        return new_path, columns  # a channel that the bone does not use
    turned = reflection.turns(channel_rotations(values, modes[0]))
    new_name, new_values = channel_values(turned, modes[1])
    return f"{new_path.removesuffix(name)}{new_name}", sides.keys(new_values)


def _object_channels(sides: _Sides, before: dict[str, Columns]) -> Work[dict[str, Columns]]:
    """The way of the object itself, where it is keyed."""
    mode = sides.armature.rotation_mode
    turn_path = _OF_MODE.get(mode, "rotation_euler")
    if "location" not in before and turn_path not in before:
        return {}
    turns = channel_rotations((yield from sides.values(turn_path)), mode)
    places, turns = mirrored_path((yield from sides.values("location")), turns)
    return {
        "location": sides.keys(places),
        turn_path: sides.keys(channel_values(turns, mode)[1]),
    }


def _times(keys: Keys, sign: float) -> Keys:
    if sign > 0.0:
        return keys
    changed = dict(keys)
    for name in ("co", "handle_left", "handle_right"):
        changed[name] = keys[name] * np.float32([1.0, -1.0])
    return changed


def _writing(curves, made: dict[str, Columns]) -> Work[None]:
    existing = {(curve.data_path, curve.array_index): curve for curve in curves}
    for path, columns in made.items():
        for index, keys in columns.items():
            curve = existing.pop((path, index), None) or curves.new(path, index=index)
            write_keys(curve, keys)
            yield
    for curve in existing.values():
        curves.remove(curve)

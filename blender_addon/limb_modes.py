"""Which bones of a rig move a part of the body, and whether its limbs are in FK or IK."""

from __future__ import annotations

import re

import bpy
import numpy as np

from motion_engine.errors import LimberError
from motion_engine.retarget.controls import Setting
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.roles import PARTS

from .rig_action import curves_of

_BONE_IN_PATH = re.compile(r'pose\.bones\["((?:[^"\\]|\\.)*)"\]\.(?:location|rotation)')
_OBJECT_PATHS = ("location", "rotation_")
_ALL_THE_WAY = 0.001


def part_bones(mapping: Mapping, part: str) -> set[str]:
    """The bones that are keyed, or that deform, for a part of the body."""
    controls = mapping.controls
    found = {bone for role in PARTS[part] for bone in controls.roles.get(role, ())}
    found |= {bone for r in PARTS[part] if r in mapping for bone in mapping.matches[r].bones}
    limb = controls.limbs.get(part)
    if limb is not None:
        found |= {limb.goal, limb.pole, limb.toe}
    if part == "root":
        found |= {controls.mover, controls.root}
    return found - {""}


def animated_parts(armature: bpy.types.Object, mapping: Mapping) -> tuple[str, ...]:
    """The parts that what the armature plays moves."""
    paths = {curve.data_path for curve in curves_of(armature)}
    found = (_BONE_IN_PATH.match(path) for path in paths)
    moved = {bpy.utils.unescape_identifier(match.group(1)) for match in found if match}
    carried = {"root"} if any(path.startswith(_OBJECT_PATHS) for path in paths) else set()
    return tuple(
        part for part in PARTS if part in carried or not moved.isdisjoint(part_bones(mapping, part))
    )


def check_animated(armature: bpy.types.Object, mapping: Mapping, parts: tuple[str, ...]) -> None:
    """LimberError where what the armature plays does not move one of the parts."""
    animated = animated_parts(armature, mapping)
    for part in parts:
        if part not in animated:
            raise LimberError(
                f"{armature.animation_data.action.name} does not animate the "
                f"{part.replace('_', ' ')} of {armature.name}; choose other parts, or key it first."
            )


def limb_mode(armature: bpy.types.Object, mapping: Mapping, part: str, frames: np.ndarray) -> str:
    """``fk`` or ``ik``, whichever a limb is in at all of some frames. LimberError where its switch
    stands between, or is thrown on the way."""
    limb, name = mapping.controls.limbs.get(part), part.replace("_", " ")
    switches = [] if limb is None else [s for s in limb.settings if None not in (s.fk, s.ik)]
    modes = set()
    for switch in (s for s in switches if s.fk != s.ik):
        values = setting_values(armature, setting_path(switch.bone, switch.path), frames)
        shares = (values - switch.fk) / (switch.ik - switch.fk)
        between = np.flatnonzero((shares > _ALL_THE_WAY) & (shares < 1.0 - _ALL_THE_WAY))
        if len(between):
            raise LimberError(
                f"The {name} of {armature.name} is half in FK, half in IK: {_shown(switch)} is "
                f"{values[between[0]]:g} at frame {frames[between[0]]}; "
                f"set it to {switch.fk:g} (FK) or {switch.ik:g} (IK)."
            )
        modes |= {"ik" if share > 0.5 else "fk" for share in shares}
        if len(modes) > 1:
            raise LimberError(
                f"The {name} of {armature.name} changes between FK and IK ({_shown(switch)}); "
                "choose frames in which it stays in one of them."
            )
    if modes == {"ik"} and not limb.goal:
        raise LimberError(
            f"The {name} of {armature.name} is in IK without a goal; switch it to FK."
        )
    return modes.pop() if modes else "fk"


def setting_path(bone: str, path: str) -> str:
    """The data path from the armature object of something below a bone."""
    return f'pose.bones["{bpy.utils.escape_identifier(bone)}"]{path}'


def setting_values(armature: bpy.types.Object, path: str, frames: np.ndarray) -> np.ndarray:
    """Values ``[F]`` of a number at some frames: its curve's, else its present one."""
    for curve in curves_of(armature):
        if curve.data_path == path:
            return np.array([curve.evaluate(frame) for frame in frames])
    return np.full(len(frames), float(armature.path_resolve(path)))


def _shown(setting: Setting) -> str:
    return f"{setting.bone}{setting.path}"

"""Whether everything is ready, in one line each: rig and model, and what to do where they are not.

Drawing must not wait: a rig is read between two redraws, and what was found is remembered.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import bpy

from motion_engine.errors import LimberError

from .armature import PROFILE_KEY, read_mapping
from .model_care import MODEL
from .preferences import Preferences, has_torch
from .redrawing import redraw
from .request import check_drivable, chosen_armature, is_mannequin

_READ_AFTER_SECONDS = 0.05
_REMEMBERED = 32
_found: dict[tuple, Line] = {}
_to_read: list[str] = []


@dataclass(frozen=True)
class Line:
    text: str
    icon: str
    is_ready: bool = True

    def draw(self, layout) -> None:
        row = layout.row()
        row.alert = not self.is_ready
        row.label(text=self.text, icon=self.icon)


def rig_line(context) -> Line:
    """Which rig takes the motion, how it was read, or why it cannot be used."""
    armature = chosen_armature(context)
    if armature is None:
        return Line("Onto a new mannequin", "OUTLINER_OB_ARMATURE")
    try:
        check_drivable(armature)
    except LimberError as error:
        return Line(str(error), "ERROR", False)
    if armature.mode == "EDIT":
        return Line(f"{armature.name}: leave Edit Mode first", "ERROR", False)
    if is_mannequin(armature):
        return Line(f"{armature.name}: mannequin", "CHECKMARK")
    found = _found.get(_key(armature))
    if found is None:
        _read_soon(armature)
        return Line(f"{armature.name}: reading", "SORTTIME")
    return found


def model_lines() -> list[Line]:
    """The model, its memory, and the device; where a GPU was full, what was done, and how to undo
    it."""
    choice = Preferences.read().model
    lines = []
    if choice.name != "default" and not Path(choice.name).is_dir():
        lines.append(Line(f"No such folder: {choice.name}; see the preferences", "ERROR", False))
    else:
        name = "Default model" if choice.name == "default" else Path(choice.name).name
        lines.append(Line(name, "CHECKMARK"))
        memory = f"{MODEL.memory_bytes / 1e6:.0f} MB" if MODEL.is_loaded else "not loaded"
        lines.append(Line(f"Memory: {memory}", "CHECKMARK"))
    lines.append(_device_line(choice.device))
    if MODEL.smaller is not None:
        lines.append(Line(f"GPU full: {MODEL.smaller}", "INFO"))
        lines.append(Line("Unload Model tries anew", "BLANK1"))
    return lines


def _device_line(device: str) -> Line:
    if not has_torch() or device == "auto":
        return Line("Device: CPU" if not has_torch() else "Device: Automatic", "CHECKMARK")
    name = {"cpu": "CPU", "cuda": "CUDA", "mps": "Metal"}[device]
    if "torch" in sys.modules and not _is_there(device):
        return Line(f"No {name} GPU found; see the preferences", "ERROR", False)
    return Line(f"Device: {name}", "CHECKMARK")


@lru_cache
def _is_there(device: str) -> bool:
    """Whether torch, which is loaded, can use a device: asked once, since drivers take their time."""
    torch = sys.modules["torch"]
    found = {"cuda": torch.cuda, "mps": torch.backends.mps}.get(device)
    return found is None or found.is_available()


def forget() -> None:
    _found.clear()
    _to_read.clear()


def read_now() -> None:
    """Read the rigs that were asked for; called by a timer."""
    while _to_read:
        armature = bpy.data.objects.get(_to_read.pop())
        if armature is not None and armature.type == "ARMATURE":
            if len(_found) >= _REMEMBERED:
                _found.clear()
            _found[_key(armature)] = _read(armature)
    redraw()


def _read(armature: bpy.types.Object) -> Line:
    try:
        mapping = read_mapping(armature)
    except LimberError as error:
        return Line(str(error), "ERROR", False)
    text = f"{armature.name}: {mapping.family}, {mapping.confidence:.0%}"
    return Line(text, "CHECKMARK")


def _read_soon(armature: bpy.types.Object) -> None:
    if armature.name not in _to_read:
        _to_read.append(armature.name)
    if not bpy.app.timers.is_registered(read_now):
        bpy.app.timers.register(read_now, first_interval=_READ_AFTER_SECONDS)


def _key(armature: bpy.types.Object) -> tuple:
    """What a reading depends on, as far as it is cheap to look at."""
    scale = tuple(round(value, 3) for value in armature.matrix_world.to_scale())
    return armature.name, len(armature.data.bones), scale, str(armature.get(PROFILE_KEY, ""))


def unregister() -> None:
    if bpy.app.timers.is_registered(read_now):
        bpy.app.timers.unregister(read_now)
    forget()

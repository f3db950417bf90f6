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
from .translations import translated
from .wrapped_text import draw_wrapped

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
        column = layout.column()
        column.alert = not self.is_ready
        draw_wrapped(column, self.text, self.icon)


def rig_line(context) -> Line:
    """Which rig takes the motion, how it was read, or why it cannot be used."""
    armature = chosen_armature(context)
    if armature is None:
        return Line(translated("Onto a new mannequin"), "OUTLINER_OB_ARMATURE")
    try:
        check_drivable(armature)
    except LimberError as error:
        return Line(str(error), "ERROR", False)
    if armature.mode == "EDIT":
        return Line(translated("{rig}: leave Edit Mode first", rig=armature.name), "ERROR", False)
    if is_mannequin(armature):
        return Line(translated("{rig}: mannequin", rig=armature.name), "CHECKMARK")
    found = _found.get(_key(armature))
    if found is None:
        _read_soon(armature)
        return Line(translated("{rig}: reading", rig=armature.name), "SORTTIME")
    return found


def model_lines() -> list[Line]:
    """The model, its memory, and the device; where a GPU was full, what was done, and how to undo
    it."""
    choice = Preferences.read().model
    lines = []
    if choice.name != "default" and not Path(choice.name).is_dir():
        told = translated("No such folder: {name}; see the preferences", name=choice.name)
        lines.append(Line(told, "ERROR", False))
    else:
        is_ours = choice.name == "default"
        name = translated("Default model") if is_ours else Path(choice.name).name
        lines += [Line(name, "CHECKMARK"), Line(_memory(), "CHECKMARK")]
    lines += [_device_line(choice.device), *full_gpu_lines()]
    if MODEL.smaller is not None:
        lines.append(Line(translated("Unload Model tries anew"), "BLANK1"))
    return lines


def full_gpu_lines() -> list[Line]:
    """Where the model computes since the memory of a GPU was full; none where it was not."""
    smaller = MODEL.smaller
    if smaller is None:
        return []
    is_moved = smaller.device == "cpu"
    sentence = "GPU full: on the CPU, in {bits}" if is_moved else "GPU full: in {bits}"
    return [Line(translated(sentence, bits=smaller.precision), "INFO")]


def _memory() -> str:
    if not MODEL.is_loaded:
        return translated("Memory: not loaded")
    return translated("Memory: {megabytes} MB", megabytes=round(MODEL.memory_bytes / 1e6))


def _device_line(device: str) -> Line:
    if not has_torch() or device == "auto":
        sentence = "Device: Automatic" if has_torch() else "Device: CPU"
        return Line(translated(sentence), "CHECKMARK")
    name = {"cpu": "CPU", "cuda": "CUDA", "mps": "Metal"}[device]
    if "torch" in sys.modules and not _is_there(device):
        told = translated("No {name} GPU found; see the preferences", name=name)
        return Line(told, "ERROR", False)
    return Line(translated("Device: {name}", name=name), "CHECKMARK")


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

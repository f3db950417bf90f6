"""Pins put into what a character plays: a take that is a copy of its Action, some limbs changed."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from motion_engine.errors import LimberError

from .action import played_slot
from .armature import read_mapping, read_rig
from .edit_request import edited_armature, find_action, playing_range
from .pin_holding import Held, hold_pins, pin_modes
from .pins import PinAsked, read_pins
from .request import Request, check_drivable, identity
from .steps import Work
from .takes import forget_origin, name_after, offer
from .whole_action import NothingToMake


@dataclass(frozen=True, eq=False, kw_only=True)
class PinRequest(Request):
    """``pins`` to be met in ``source``, an Action by :func:`request.identity`, and its ``slot``,
    up to ``last_frame``."""

    pins: tuple[PinAsked, ...]
    source: int | str
    source_name: str
    slot: str
    last_frame: int

    @staticmethod
    def read(context) -> PinRequest:
        """The chosen character's pins; LimberError where they, or what it plays, cannot be used."""
        armature = edited_armature(context)
        first, last = playing_range(armature)
        pins = read_pins(context.scene, armature, first, last)
        if not pins:
            raise LimberError(f"{armature.name} has no pins; add one first.")
        read_mapping(armature, read_rig(armature))
        pin_modes(armature, pins, np.arange(first, last + 1))
        action = armature.animation_data.action
        return PinRequest(
            NothingToMake(),
            *(identity(armature), armature.name, first),
            pins=pins,
            source=identity(action),
            source_name=action.name,
            slot=played_slot(armature),
            last_frame=last,
        )


class PinWriting:
    """As :class:`writing.Writing`, for pins in what a character plays."""

    def __init__(self, context, request: PinRequest, clips: tuple[()]):
        self._context, self._request = context, request
        self._action: bpy.types.Action | None = None

    def work(self) -> Work[tuple[str, str]]:
        """Makes the take and lets the rig play it; the kind of report and its text."""
        request = self._request
        rig = request.find_rig(self._context)
        source = find_action(request.source, request.source_name)
        check_drivable(rig)
        yield
        self._action = action = _copied(source)
        frames = np.arange(request.first_frame, request.last_frame + 1)
        yield from hold_pins(Held(rig, action, request.slot, frames), request.pins)
        offer(rig, [action], self._context.scene, slot=request.slot)
        count = len(request.pins)
        return "INFO", f"{count} {'pin' if count == 1 else 'pins'} on {rig.name}"

    def take_back(self) -> None:
        """Remove what has been made; not after an undo, which has done so."""
        if self._action is not None:
            bpy.data.actions.remove(self._action)


def _copied(source: bpy.types.Action) -> bpy.types.Action:
    action = source.copy()
    action.name = name_after(source.name, " pinned")
    text = source.get("description") or source.get("prompt")
    forget_origin(action)
    if text:
        action["description"] = text
    return action

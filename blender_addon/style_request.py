"""Style: what is asked of the scene as plain values, and takes made of the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import bpy

from motion_engine.command import Command
from motion_engine.edit.style import STYLED_PARTS, Style
from motion_engine.errors import LimberError
from motion_engine.parts import resolve_parts

from .action import curves_in
from .armature import read_mapping, read_rig
from .clips import Clip
from .edit_request import (
    EditRequest,
    edited_armature,
    playing_range,
    reading_edit,
    reading_stretch,
)
from .edit_writing import EditWriting
from .editing import EditOrder
from .limb_modes import animated_parts
from .posed_bones import trying
from .request import Request
from .steps import Work, inside
from .style_order import BlendedOrder, RestyledOrder, StyledOrder
from .style_settings import store_style, stored_style
from .takes import forget_origin, name_after


@dataclass(frozen=True, eq=False, kw_only=True)
class StyledRequest(Request):
    """A new motion in a style."""

    @staticmethod
    def read(context) -> Request:
        """The panel's settings, in the style that it asks for, if any; LimberError if they, or the
        chosen rig, cannot be used."""
        style, request = context.scene.limber_style.style, Request.read(context)
        if style.is_plain:
            return request
        return _in_style(request, style, tuple(map(style.asked, request.order.commands)))

    @staticmethod
    def again(context) -> StyledRequest:
        """As the active take, with the next seed that no open take has."""
        return _as_played(Request.again(context), context)

    @staticmethod
    def vary(context) -> StyledRequest:
        """The active take's outline with other details."""
        return _as_played(Request.vary(context), context)

    def complete(self, action: bpy.types.Action) -> None:
        """Let the Action tell its style."""
        store_style(action, self.order.style)


def is_styled(action: bpy.types.Action) -> bool:
    """Whether an Action was generated in a style."""
    return "seed" in action and not stored_style(action).is_plain


def _as_played(request: Request, context) -> StyledRequest:
    played = request.find_rig(context).animation_data.action
    return _in_style(request, stored_style(played), request.order.commands)


def _in_style(request: Request, style: Style, commands: tuple[Command, ...]) -> StyledRequest:
    order = StyledOrder(**vars(request.order) | {"commands": commands}, style=style)
    return StyledRequest(**vars(request) | {"order": order})


@dataclass(frozen=True, eq=False, kw_only=True)
class RestyleRequest(EditRequest):
    """Mood and energy of what a character plays; ``title`` names the take."""

    title: str

    @staticmethod
    def reading(context) -> Work[RestyleRequest]:
        """The panel's settings; LimberError if they, or what the rig plays, cannot be used."""
        style = replace(context.scene.limber_style.style, speed=1.0)
        if style.is_plain:
            raise LimberError("Choose a mood, or an energy other than 1, first.")
        armature = edited_armature(context)
        moved = animated_parts(armature, read_mapping(armature))
        parts = tuple(part for part in moved if part in STYLED_PARTS)
        if not parts:
            raise LimberError(f"{armature.name} does not move its upper body; style needs that.")
        edit = yield from _reading(context, armature, parts)
        energy = "" if style.energy == 1.0 else f"energy {style.energy:g}"
        title = ", ".join(filter(None, [style.mood, energy]))
        return RestyleRequest(
            **vars(edit) | {"order": RestyledOrder(**vars(edit.order), style=style)}, title=title
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class BlendRequest(RestyleRequest):
    """Parts of another Action in what a character plays."""

    @staticmethod
    def reading(context) -> Work[BlendRequest]:
        """The panel's settings; LimberError if they, or either Action, cannot be used."""
        asked, armature = context.scene.limber_style, edited_armature(context)
        parts = resolve_parts(sorted(context.scene.limber_edit.parts))
        if not parts:
            raise LimberError("No part of the body is chosen; click one under Edit.")
        _check_other(asked.other, armature)
        edit = yield from _reading(context, armature, parts)
        shift = round(asked.other.frame_range[0]) - playing_range(armature)[0]
        first, last = (int(edit.passage.frames[end]) + shift for end in (0, -1))
        missing = last - asked.other.frame_range[1]
        if missing > 0.5:
            raise LimberError(
                f"{asked.other.name} ends {missing:.0f} frames too early; choose frames under Edit, "
                "or a longer Action."
            )
        rig = read_rig(armature)
        reading = reading_stretch(armature, rig, read_mapping(armature, rig), first, last)
        other, _ = yield from inside(partial(trying, armature, asked.other), reading)
        order = BlendedOrder(**vars(_alone(edit.order)), other=other, weight=asked.weight)
        names = ", ".join(part.replace("_", " ") for part in parts)
        title = f"{names} of {asked.other.name}"
        return BlendRequest(**vars(edit) | {"order": order}, title=title)


def _reading(context, armature: bpy.types.Object, parts: tuple[str, ...]) -> Work[EditRequest]:
    frames = context.scene.limber_edit.frames_in(playing_range(armature))
    command = Command(armature.animation_data.action.name)
    return (yield from reading_edit(context, armature, parts, (command,), *frames))


def _alone(order: EditOrder) -> EditOrder:
    """The order without the frames ahead of and behind those that change."""
    inside, carrier = slice(order.first, order.last + 1), order.carrier
    return replace(
        order,
        motion=order.motion.cut(inside.start, inside.stop),
        first=0,
        last=order.last - order.first,
        carrier=replace(
            carrier, rotations=carrier.rotations[inside], positions=carrier.positions[inside]
        ),
    )


def _check_other(other: bpy.types.Action | None, armature: bpy.types.Object) -> None:
    if other is None:
        raise LimberError("Choose the other Action first.")
    if other == armature.animation_data.action:
        raise LimberError(f"{armature.name} plays {other.name} already; choose another Action.")
    if not len(curves_in(other)):
        raise LimberError(f"{other.name} has no keys; choose another Action.")


class RestyleWriting(EditWriting):
    """As an edit; the Action is named for what was done to it, not for a prompt."""

    @property
    def edited(self) -> str:
        return self.request.title

    def _write(self, rig: bpy.types.Object, source: bpy.types.Action, clip: Clip) -> Work[None]:
        action = source.copy()
        self._actions.append(action)
        action.name = name_after(source.name, f", {self.request.title}")
        forget_origin(action)
        yield from self.fill(action, rig, clip)

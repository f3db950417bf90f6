"""Finished clips put into the scene as takes, in small steps."""

from __future__ import annotations

import bpy
import numpy as np

from motion_engine.errors import LimberError
from motion_engine.skeleton import SMPLX

from .action import fill_action, motion_channels, new_action, played_slot
from .body import default_body
from .character import bind, build_armature, new_mesh
from .clips import Clip
from .request import Request, check_drivable
from .rig_action import Passage, channels, copied_action, fill_range, reduced
from .settings import remember
from .steps import Work
from .takes import (
    NewCharacter,
    accept,
    forget_origin,
    offer,
    remove_character,
    store_command,
    take_name,
)

_FEATHER_SECONDS = 0.25


class Writing:
    """Clips on their way into the scene. What has been made so far can be taken back."""

    def __init__(self, context, request: Request, clips: tuple[Clip, ...]):
        self._context, self._request, self._clips = context, request, clips
        self._actions: list[bpy.types.Action] = []
        self._new_rig: bpy.types.Object | None = None
        self._body: bpy.types.Object | None = None
        self._active_before = context.view_layer.objects.active

    def work(self) -> Work[tuple[str, str]]:
        """Writes all takes and lets the rig play the first; the kind of report and its text.

        A rig that has gone or changed meanwhile loses nothing: a mannequin takes the motion.
        """
        context, request = self._context, self._request
        warning, rig = "", None
        try:
            rig = request.find_rig(context)
            if rig is not None:
                check_drivable(rig)
                request.check_unchanged(rig)
        except LimberError as error:
            if context.mode != "OBJECT":
                raise
            warning, rig = f"{error} ", None
        yield
        for_rig = rig is not None and request.order.target is not None
        if rig is None:
            rig = self._new_rig = self._new_armature()
            yield
        for clip in self._clips:
            yield from self.write(rig, clip, for_rig)
        if self._new_rig is not None:
            yield from self._add_body()
        if request.goes_on and not request.repeats and rig.limber_takes.is_open:
            accept(rig)  # going on from a take is keeping it
        new = None
        if self._body is not None:
            new = NewCharacter(self._body, self._active_before)
        offer(rig, self._actions, context.scene, new, self.slot(rig, for_rig))
        remember(request.order.commands[0].text)
        takes = f", {len(self._clips)} takes" if len(self._clips) > 1 else ""
        seconds = max(clip.motion.seconds for clip in self._clips)
        return (
            "WARNING" if warning else "INFO",
            f"{warning}{seconds:.1f} s on {rig.name}{takes}",
        )

    def take_back(self) -> None:
        """Remove what has been made; not after an undo, which has done so."""
        if self._new_rig is not None:
            self._context.view_layer.objects.active = self._active_before
            remove_character(self._new_rig, self._body)
        for action in self._actions:
            bpy.data.actions.remove(action)

    def _new_armature(self) -> bpy.types.Object:
        rig = build_armature(SMPLX, "Limber")
        metres = 1.0 / self._context.scene.unit_settings.scale_length
        rig.scale = (metres, metres, metres)
        return rig

    def _add_body(self) -> Work[None]:
        body = default_body()
        yield
        self._body = new_mesh(body, f"{self._new_rig.name} Mannequin")
        yield
        yield from bind(self._body, self._new_rig, body)

    def slot(self, rig: bpy.types.Object, for_rig: bool) -> str:
        """The slot that the takes are played in; empty: their first."""
        return played_slot(rig) if self._request.goes_on and for_rig else ""

    def write(self, rig: bpy.types.Object, clip: Clip, for_rig: bool) -> Work[None]:
        """Write one take; ``for_rig``: with the values that its clip has for the rig."""
        request, name = self._request, take_name(clip.command)
        if for_rig and request.goes_on:
            action, slot = copied_action(rig, name)
            forget_origin(action)
        else:
            action, slot = new_action(name), ""
        self._actions.append(action)
        units_per_cm = 0.01
        if for_rig:
            written = channels(rig, clip.rig_motion)
            units_per_cm *= clip.rig_motion.units_per_metre
        else:
            written = motion_channels(rig, clip.motion)
        if for_rig and request.goes_on:
            feather = round(_FEATHER_SECONDS * request.order.fps)
            frames = request.first_frame + np.arange(clip.motion.frames)
            passage = Passage.feathered(frames, feather, is_last=True)
            yield from fill_range(action, slot, rig, written, passage)
        else:
            if request.tolerance is not None:
                written = (reduced(c, request.tolerance, units_per_cm) for c in written)
            yield from fill_action(action, rig, written, request.first_frame)
        store_command(action, clip.command)
        action["first_frame"], action["goes_on"] = request.first_frame, request.goes_on
        if request.order.original is not None:
            action["outline"] = request.order.original.variation
        request.complete(action)

"""A timeline of prompts as one continuous motion: what is asked, made, and written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import bpy

from motion_engine.command import Command
from motion_engine.foot_lock import lock_feet
from motion_engine.generation.timeline import Beat, check_beats, timeline_motions
from motion_engine.models.model import Model
from motion_engine.motion import ENGINE_FPS

from .clips import Clip, Order, Show, Watched, in_frames
from .generation_job import Progress
from .request import Request, request_for
from .stretches import Stretch, planned, store_stretches, stored_stretches


@dataclass(frozen=True, eq=False, kw_only=True)
class TimelineOrder(Order):
    """As :class:`clips.Order`; in the place of the commands' texts, each of the ``beats`` is done
    in its time."""

    beats: tuple[Beat, ...]

    @property
    def seconds(self) -> float:
        """At the engine's rate, up to the last frame of the scene's."""
        reaching = ceil(round((self.frames - 1) * ENGINE_FPS / self.fps, 6)) + 1
        return reaching / ENGINE_FPS

    def clips(self, model: Model, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`clips.make_clips`."""
        watched = Watched(self, model.codec.config.layout, show)
        heard = in_frames(progress, model.codec.downsampling)
        motions = timeline_motions(
            *(self.beats, self.seconds, self.commands, model, heard), watched.hear
        )
        clips = []
        for command, motion in zip(self.commands, motions):
            clips.append(self.finished(command, lock_feet(motion)))
            progress(motion.frames, motion.frames)  # which also tells whether it was cancelled
        return tuple(clips)


@dataclass(frozen=True, eq=False, kw_only=True)
class TimelineRequest(Request):
    """``stretches``: what happens when, in frames of the scene."""

    stretches: tuple[Stretch, ...]

    @staticmethod
    def read(context) -> TimelineRequest:
        """The scene's prompts and the panel's settings; LimberError if they cannot be used."""
        stretches, settings = planned(context), context.scene.limber
        text = "; ".join(dict.fromkeys(stretch.text for stretch in stretches))
        command = Command(
            *(text, None, settings.seed),
            temperature=settings.temperature,
            guidance=settings.guidance,
        )
        commands = [replace(command, variation=take) for take in range(settings.variations)]
        request = request_for(context, commands, None, stretches[0].first, False)
        return _timed(request, stretches)

    @staticmethod
    def again(context) -> TimelineRequest:
        """As the active take, with the next seed that no open take has."""
        return _as_played(Request.again(context), context)

    @staticmethod
    def vary(context) -> TimelineRequest:
        """Further variations of the active take's seed."""
        return _as_played(Request.vary(context), context)

    def complete(self, action: bpy.types.Action) -> None:
        """Let the Action tell what happens when."""
        store_stretches(action, self.stretches)


def is_timeline(action: bpy.types.Action) -> bool:
    """Whether an Action was made from a timeline of prompts."""
    return bool(stored_stretches(action))


def _as_played(request: Request, context) -> TimelineRequest:
    played = request.find_rig(context).animation_data.action
    return _timed(request, stored_stretches(played))


def _timed(request: Request, stretches: tuple[Stretch, ...]) -> TimelineRequest:
    first, fps = stretches[0].first, request.order.fps
    beats = tuple(Beat((stretch.first - first) / fps, stretch.text) for stretch in stretches)
    told = {"frames": stretches[-1].stop - first, "original": None}
    order = TimelineOrder(**vars(request.order) | told, beats=beats)
    check_beats(beats, order.seconds)
    return TimelineRequest(**vars(request) | {"order": order}, stretches=stretches)

"""A timeline of prompts as one continuous motion: what is asked, made, and written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import bpy

from motion_engine.command import Command
from motion_engine.edit.style import Style
from motion_engine.errors import LimberError
from motion_engine.foot_lock import lock_feet
from motion_engine.generation.timeline import (
    LONGEST_TIMELINE_SECONDS,
    SHORTEST_BEAT_SECONDS,
    Beat,
    at_pace,
    check_beats,
    timeline_motions,
)
from motion_engine.models.model import Model
from motion_engine.motion import ENGINE_FPS

from .clips import Clip, Order, Show, Watched, in_frames
from .generation_job import Progress
from .request import Request, request_for
from .stretches import Stretch, planned, store_stretches, stored_stretches
from .style_order import SPARE_SECONDS, longest_played
from .style_settings import store_style, stored_style


@dataclass(frozen=True, eq=False, kw_only=True)
class TimelineOrder(Order):
    """As :class:`clips.Order`; in the place of the commands' texts, each of the ``beats`` is done
    in its time. All of it is played in a ``style``."""

    beats: tuple[Beat, ...]
    style: Style

    @property
    def seconds(self) -> float:
        """At the engine's rate, up to the last frame of the scene's."""
        reaching = ceil(round((self.frames - 1) * ENGINE_FPS / self.fps, 6)) + 1
        return reaching / ENGINE_FPS

    @property
    def made(self) -> tuple[tuple[Beat, ...], float]:
        """Beats and seconds of what fills that time once it is played at its pace."""
        pace = self.style.pace
        if pace == 1.0:
            return self.beats, self.seconds
        return at_pace(self.beats, pace), self.seconds * pace + SPARE_SECONDS

    def clips(self, model: Model, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`clips.make_clips`."""
        watched = Watched(self, model.codec.config.layout, show)
        heard = in_frames(progress, model.codec.downsampling)
        motions = timeline_motions(*self.made, self.commands, model, heard, watched.hear)
        clips = []
        for command, motion in zip(self.commands, motions):
            clips.append(self.finished(command, lock_feet(self.style.applied(motion))))
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
        return _timed(request, stretches, context.scene.limber_style.style)

    @staticmethod
    def again(context) -> TimelineRequest:
        """As the active take, with the next seed that no open take has."""
        return _as_played(Request.again(context), context)

    @staticmethod
    def vary(context) -> TimelineRequest:
        """Further variations of the active take's seed."""
        return _as_played(Request.vary(context), context)

    def complete(self, action: bpy.types.Action) -> None:
        """Let the Action tell what happens when, and in which style."""
        store_stretches(action, self.stretches)
        store_style(action, self.order.style)


def is_timeline(action: bpy.types.Action) -> bool:
    """Whether an Action was made from a timeline of prompts."""
    return bool(stored_stretches(action))


def _as_played(request: Request, context) -> TimelineRequest:
    played = request.find_rig(context).animation_data.action
    return _timed(request, stored_stretches(played), stored_style(played))


def _timed(request: Request, stretches: tuple[Stretch, ...], style: Style) -> TimelineRequest:
    first, fps = stretches[0].first, request.order.fps
    beats = tuple(Beat((stretch.first - first) / fps, stretch.text) for stretch in stretches)
    told = {"frames": stretches[-1].stop - first, "original": None}
    order = TimelineOrder(**vars(request.order) | told, beats=beats, style=style)
    check_beats(beats, order.seconds)
    _check_pace(order, stretches)
    return TimelineRequest(**vars(request) | {"order": order}, stretches=stretches)


def _check_pace(order: TimelineOrder, stretches: tuple[Stretch, ...]) -> None:
    """LimberError where what is played at the pace of the style cannot be made."""
    pace = order.style.pace
    longest = longest_played(LONGEST_TIMELINE_SECONDS, pace)
    if order.seconds > longest:
        raise LimberError(
            f"The timeline lasts {order.seconds:.1f} seconds; at {pace:.2f} times the pace the most "
            f"are {longest:g}. Change Mood or Speed."
        )
    shortest = SHORTEST_BEAT_SECONDS * order.fps / pace
    for stretch in stretches:
        if stretch.stop - stretch.first < shortest:
            raise LimberError(
                f"{stretch.quoted} has {stretch.stop - stretch.first} frames from frame "
                f"{stretch.first} on, too few at {pace:.2f} times the pace; give it "
                f"{ceil(shortest)} or more, or change Mood or Speed."
            )

"""Style, from plain values to clips ready to be written: the worker's part. No bpy here."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np

from motion_engine.command import Command
from motion_engine.edit.placing import place_at, placed
from motion_engine.edit.style import Style
from motion_engine.finish.region import Region, part_joints, spliced
from motion_engine.motion import ENGINE_FPS, Motion

from .clips import Clip, Order, Show
from .editing import EditOrder, rig_motion
from .generation_job import Progress

SPARE_SECONDS = 2.0 / ENGINE_FPS
"""More is made than is played: what is retimed ends with a whole frame."""
_WALKING = frozenset({"root", "left_leg", "right_leg"})


def longest_played(seconds: float, pace: float) -> float:
    """What can be played at a pace where so many ``seconds`` can be made; told in tenths."""
    return seconds if pace <= 1.0 else floor(10.0 * (seconds - SPARE_SECONDS) / pace) / 10.0


@dataclass(frozen=True, eq=False, kw_only=True)
class StyledOrder(Order):
    """As :class:`clips.Order`, but what is made is played in a ``style``."""

    style: Style

    def finished(self, command: Command, motion: Motion) -> Clip:
        """The clip, as long as was asked."""
        return super().finished(command, self.style.applied(motion))


@dataclass(frozen=True, eq=False, kw_only=True)
class RestyledOrder(EditOrder):
    """What the worker makes: the motion's upper body in a ``style``, from ``first`` to ``last``."""

    style: Style

    needs_model = False

    def clips(self, model: None, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`clips.make_clips`."""
        progress(0, self.last - self.first + 1)
        return (_clip(self, self.style.shown(self.motion), 1.0),)


@dataclass(frozen=True, eq=False, kw_only=True)
class BlendedOrder(EditOrder):
    """What the worker makes: the parts of ``other``, which is as long as the motion, by a
    ``weight``. Where legs are among them, it is led to the place where the motion stands first."""

    other: Motion
    weight: float

    needs_model = False

    def clips(self, model: None, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`clips.make_clips`."""
        progress(0, self.last - self.first + 1)
        other = self.other
        if not _WALKING.isdisjoint(self.parts):
            other = placed(other, self.first, place_at(self.motion, self.first))
        return (_clip(self, other, self.weight),)


def _clip(order: EditOrder, other: Motion, weight: float) -> Clip:
    """The order's parts of another motion, by that weight, on the rig."""
    frames = np.arange(order.motion.frames)
    weights = weight * ((frames >= order.first) & (frames <= order.last))
    edited = spliced(order.motion, other, Region(part_joints(order.parts), weights))
    inside = (order.first, order.last + 1)
    held = order.carrier.held(edited).cut(*inside)
    return Clip(order.commands[0], edited.cut(*inside), rig_motion(held, order.targets))

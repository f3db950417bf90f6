"""Loops, from plain values to clips ready to be written: the worker's part. No bpy here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from motion_engine.command import Command
from motion_engine.edit.looping import (
    best_loop_frames,
    cycle_at_rate,
    loop_start,
    looped,
    rounds,
)
from motion_engine.edit.placing import place_at, placed, shortest_turn
from motion_engine.edit.style import Style
from motion_engine.errors import LimberError
from motion_engine.motion import ENGINE_FPS, Motion
from motion_engine.retarget.rig_cycles import rig_cycle
from motion_engine.retarget.rig_motion import RigMotion
from motion_engine.retarget.transplant import retarget

from .clips import Clip, Order, Show
from .editing import EditOrder, at_engine_rate, rig_motion
from .generation_job import Progress

IN_PLACE = "in_place"
_TURNED = np.radians(1.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class LoopOrder(Order):
    """As :class:`clips.Order`, but a round of so many ``frames`` and the frame that closes it;
    ``kind`` is ``travelling`` or ``in_place``. It is played in a ``style``."""

    kind: str
    style: Style

    def finished(self, command: Command, motion: Motion) -> Clip:
        """The round in it that closes best, on the target rig where there is one."""
        motion = self.style.applied(motion)
        cycle = checked_cycle(motion, round(self.frames / self.fps * ENGINE_FPS), self.kind)
        cycle, target = cycle_at_rate(cycle, self.fps), self.target
        if target is None:
            return Clip(command, cycle, None)
        on_rig = on_three_rounds(
            cycle, lambda three: retarget(three, target.rig, target.mapping, target.options)
        )
        return Clip(command, cycle, on_rig)


@dataclass(frozen=True, eq=False, kw_only=True)
class LoopClip(Clip):
    """A round of an Action; ``begin`` and ``end``: frames of the motion that it was made from, from
    its first one on."""

    begin: float
    end: float


@dataclass(frozen=True, eq=False, kw_only=True)
class ActionLoopOrder(EditOrder):
    """What the worker makes: a round of the motion from ``first`` to ``last``, of so many
    ``frames``, or as many as close best where that is 0."""

    kind: str
    frames: int

    needs_model = False

    def clips(self, model: None, progress: Progress, show: Show) -> tuple[LoopClip, ...]:
        """See :func:`clips.make_clips`; the round stands where the motion begins."""
        progress(0, self.last - self.first + 1)
        source, fps = self.motion.cut(self.first, self.last + 1), self.motion.fps
        engine = at_engine_rate(source)
        frames = round(self.frames / fps * ENGINE_FPS) or best_loop_frames(engine)
        cycle = checked_cycle(engine, frames, self.kind)
        cycle = cycle_at_rate(placed(cycle, 0, place_at(source, 0)), fps)
        on_rig = on_three_rounds(cycle, lambda three: rig_motion(three, self.targets))
        begin = loop_start(engine, frames) / ENGINE_FPS * fps
        end = begin + frames / ENGINE_FPS * fps
        return (LoopClip(self.commands[0], cycle, on_rig, begin=begin, end=end),)


def checked_cycle(motion: Motion, frames: int, kind: str) -> Motion:
    """A closed cycle (30 fps); LimberError where its curves could not go on with it."""
    cycle = looped(motion, frames, kind == IN_PLACE)
    turn = shortest_turn(place_at(cycle, cycle.frames - 1)[2] - place_at(cycle, 0)[2])
    if abs(turn) > _TURNED:
        raise LimberError(
            f"A round turns by {abs(np.degrees(turn)):.0f} degrees, which curves cannot go on with; "
            "loop it In Place, or choose a motion that goes straight or turns all the way round."
        )
    return cycle


def on_three_rounds(cycle: Motion, onto_rig: Callable[[Motion], RigMotion]) -> RigMotion:
    """The cycle on a rig, as it is in an endless row of rounds."""
    return rig_cycle(onto_rig(rounds(cycle, 3)), cycle.frames - 1)

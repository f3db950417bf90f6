"""Generations along a path, through key poses: the worker's part. No bpy here."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from motion_engine.edit.placing import Place, placed
from motion_engine.generation.directed import Direction, directed_motions
from motion_engine.models.model import Model
from motion_engine.motion import Motion

from .clips import Clip, Order, Show, Target, finished_clip, in_frames
from .editing import Carrier, rig_motion
from .generation_job import Progress
from .varying import VaryingModel


@dataclass(frozen=True, eq=False, kw_only=True)
class DirectedOrder(Order):
    """What the worker makes: takes of the ``direction``, which is in the rig's metres."""

    direction: Direction

    def clips(self, model: Model, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`clips.make_clips`."""
        return tuple(
            finished_clip(self, command, motion)
            for command, motion in zip(self.commands, self.motions(model, progress))
        )

    def motions(self, model: Model, progress: Progress) -> list[Motion]:
        """The takes at the direction's rate."""
        if self.original is not None:
            model = VaryingModel.of(model, self.original)
        return directed_motions(
            replace(self.direction, command=self.commands[0]),
            len(self.commands),
            model,
            in_frames(progress, model.codec.downsampling),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class KeyedOrder(DirectedOrder):
    """As :class:`DirectedOrder`, for a rig that goes on playing: ``targets`` say how its parts are
    keyed, ``carrier`` what bears it; where neither path nor keys lead the root, the motion begins
    at ``start``."""

    carrier: Carrier
    targets: tuple[Target, ...]
    start: Place

    def clips(self, model: Model, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`clips.make_clips`."""
        return tuple(
            self._clip(command, motion)
            for command, motion in zip(self.commands, self.motions(model, progress))
        )

    def _clip(self, command, motion: Motion) -> Clip:
        direction = self.direction
        if direction.path is None and not any(key.has_root for key in direction.keys):
            motion = placed(motion, 0, self.start)
        return Clip(command, motion, rig_motion(self.carrier.held(motion), self.targets))


def in_metres(points: np.ndarray, frames: np.ndarray, fps: float, scale: float) -> np.ndarray:
    """``[n, 3]``: seconds from 0, and x, y of ``points [n, 2]`` passed at ``frames [n]``."""
    return np.column_stack([(frames - frames[0]) / fps, scale * points])

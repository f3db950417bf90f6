"""One stretch of a timeline made anew: what lies around it stays bit for bit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import bpy
import numpy as np

from motion_engine.command import Command
from motion_engine.edit.joining import concatenated
from motion_engine.edit.style import Style
from motion_engine.errors import LimberError
from motion_engine.finish.region import Region, part_joints, spliced
from motion_engine.generation.bridging import at_own_rate, ending, opening
from motion_engine.generation.stretching import new_stretches
from motion_engine.models.model import Model
from motion_engine.motion import ENGINE_FPS, Motion

from .action import Channel, curves_in, scene_fps
from .armature import read_mapping
from .clips import Clip, Show, in_frames
from .edit_request import EditRequest, edited_armature, playing_range, reading_edit
from .edit_writing import EditWriting, needed
from .editing import EditOrder, check_parts, rig_motion
from .generation_job import Progress
from .led_channels import led_through
from .limb_modes import animated_parts
from .rig_action import channels, fill_range, old_values
from .steps import Work
from .stretches import Stretch, planned, store_stretches, stored_stretches
from .style_settings import store_style, stored_style
from .takes import next_number

FEATHER_SECONDS = 0.4
"""Over this long, inside the stretch, what reading a rig back cannot tell exactly is led in."""
_REMADE = "stretch"


@dataclass(frozen=True, eq=False, kw_only=True)
class StretchOrder(EditOrder):
    """As an edit, but all of the body between what goes before and what comes after is made anew,
    in the mood and energy of the ``style`` that both were made in. Clips have one frame more at
    each end that stays."""

    style: Style

    def clips(self, model: Model, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`clips.make_clips`."""
        check_parts(self.parts, model)
        before, after = self._around()
        head, tail = before and ending(before), after and opening(after)
        fps, count = self.motion.fps, self.last - self.first + 1
        frames = ceil(count / fps * ENGINE_FPS - 1e-6)
        if head and tail:
            frames = max(1, round((count + 1) / fps * ENGINE_FPS) - 1)
        heard = in_frames(progress, model.codec.downsampling)
        made = new_stretches(head, tail, frames, self.commands, self.varied(model), heard)
        return tuple(
            self._put_between(command, at_own_rate(self.style.shown(new), head, tail, fps, count))
            for command, new in zip(self.commands, made)
        )

    def _around(self) -> tuple[Motion | None, Motion | None]:
        motion, stop = self.motion, self.last + 1
        before = motion.cut(0, self.first) if self.first else None
        after = motion.cut(stop, motion.frames) if stop < motion.frames else None
        if before is None and after is None:
            raise LimberError("The stretch is all that there is; generate the timeline instead.")
        return before, after

    def _put_between(self, command: Command, new: Motion) -> Clip:
        motion = self.motion
        whole = concatenated(*(m for m in (self._around()[0], new, self._around()[1]) if m))
        frames = np.arange(motion.frames)
        inside = ((frames >= self.first) & (frames <= self.last)).astype(np.float64)
        whole = spliced(motion, whole, Region(part_joints(self.parts), inside))
        first, stop = max(self.first - 1, 0), min(self.last + 2, motion.frames)
        held = self.carrier.held(whole).cut(first, stop)
        return Clip(command, whole.cut(first, stop), rig_motion(held, self.targets))


@dataclass(frozen=True, eq=False, kw_only=True)
class StretchRequest(EditRequest):
    """``stretches``: what happens when in the edited Action, from now on."""

    stretches: tuple[Stretch, ...]

    @staticmethod
    def reading(context, index: int) -> Work[StretchRequest]:
        """The stretch of that index in the scene's timeline, with a new seed; LimberError if what
        the rig plays has none such."""
        armature, stretches = edited_armature(context), planned(context)
        if not 0 <= index < len(stretches):
            raise LimberError("The timeline has no such stretch any more; choose another one.")
        wanted, (_, end) = stretches[index], playing_range(armature)
        last = end if wanted is stretches[-1] and wanted.first < end else wanted.last
        settings, seed = context.scene.limber, next_number(armature, "seed")
        asked = Command(
            *(wanted.text, None, seed),
            temperature=settings.temperature,
            guidance=settings.guidance,
        )
        commands = tuple(replace(asked, variation=take) for take in range(settings.variations))
        parts = animated_parts(armature, read_mapping(armature))
        frames = wanted.first, min(last, end)
        style = stored_style(armature.animation_data.action)
        edit = yield from reading_edit(context, armature, parts, commands, *frames)
        return _anew(edit, stretches, style)

    @staticmethod
    def reading_again(context) -> Work[StretchRequest]:
        """As the active take, with the next seed that no open take has."""
        return _as_played((yield from EditRequest.reading_again(context)), context)

    @staticmethod
    def reading_vary(context) -> Work[StretchRequest]:
        """The active take's outline with other details."""
        return _as_played((yield from EditRequest.reading_vary(context)), context)

    def complete(self, action: bpy.types.Action) -> None:
        """Let the Action tell what happens when, that it was remade, and in which style."""
        store_stretches(action, self.stretches)
        store_style(action, self.order.style)
        action[_REMADE] = True


def is_stretch(action: bpy.types.Action) -> bool:
    """Whether one stretch of an Action was made anew."""
    return _REMADE in action


def _as_played(edit: EditRequest, context) -> StretchRequest:
    action = edit.find_rig(context).animation_data.action
    return _anew(edit, stored_stretches(action), stored_style(action))


def _anew(edit: EditRequest, stretches: tuple[Stretch, ...], style: Style) -> StretchRequest:
    order = StretchOrder(**vars(edit.order), style=style)
    return StretchRequest(**vars(edit) | {"order": order}, stretches=stretches)


class StretchWriting(EditWriting):
    """As an edit; what stays at both ends is met exactly, and nothing of it is touched."""

    edited = "All"

    def fill(self, action: bpy.types.Action, rig: bpy.types.Object, clip: Clip) -> Work[None]:
        slot, passage = self.request.slot, self.request.passage
        curves = {(c.data_path, c.array_index): c for c in curves_in(action, slot)}
        ends = not passage.is_first, not passage.is_last
        feather = max(1, min(round(FEATHER_SECONDS * scene_fps()), len(passage.frames) // 2))
        met = (
            led_in(channel, old_values(rig, channel, curves, passage.frames), ends, feather)
            for channel in channels(rig, clip.rig_motion)
        )
        whole = replace(passage, weights=np.ones(len(passage.frames)))
        yield from fill_range(action, slot, rig, needed(action, slot, rig, met, whole), whole)


def led_in(channel: Channel, old: np.ndarray, ends: tuple[bool, bool], feather: int) -> Channel:
    """The channel without the frames that stay before and after it (where there are such
    ``ends``), and led over ``feather`` frames so that it goes through their ``old`` values
    ``[F + 2, n]``."""
    values = channel.values
    if len(values) == 1:
        return channel
    last = len(values) - 1
    near = {}
    if ends[0]:
        near |= {0: old[0], feather: values[feather]}
    if ends[1]:
        near |= {last - feather: values[last - feather], last: old[-1]}
    led = led_through(channel, np.array(list(near), dtype=float), np.array(list(near.values())))
    return replace(led, values=led.values[int(ends[0]) : len(values) - int(ends[1])])

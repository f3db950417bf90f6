"""What lies between selected keys, made anew: the keys themselves stay as the artist set them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import bpy
import numpy as np

from motion_engine.command import Command
from motion_engine.edit.joining import concatenated
from motion_engine.errors import LimberError
from motion_engine.finish.region import Region, part_joints, spliced
from motion_engine.generation.bridging import at_own_rate, bridges, ending, opening
from motion_engine.models.model import Model
from motion_engine.motion import ENGINE_FPS, Motion
from motion_engine.parts import resolve_parts

from .action import Channel, curves_in
from .armature import read_mapping
from .clips import Clip, Show, Target
from .edit_request import (
    EditRequest,
    edit_commands,
    edited_armature,
    reading_edit,
)
from .edit_writing import EditWriting, needed
from .editing import EditOrder, check_parts, rig_motion
from .generation_job import Progress
from .key_poses import CurveName, KeyPoses, add_keys
from .keys import SAME_TIME, Keys, read_keys, rows
from .led_channels import led_through
from .limb_modes import animated_parts
from .rig_action import Passage, channels, fill_range, old_values, selected_frames
from .steps import Work

Heard = Callable[[float], None]

NARROWEST = 3
"""Keys that are closer have no room between them for motion."""


@dataclass(frozen=True, eq=False)
class BetweenOrder:
    """What the worker makes: as ``edit`` says, but between each two of the ``keys``, frames of its
    motion, which stay."""

    edit: EditOrder
    keys: tuple[int, ...]

    needs_model = True

    @property
    def commands(self) -> tuple[Command, ...]:
        return self.edit.commands

    @property
    def parts(self) -> tuple[str, ...]:
        return self.edit.parts

    @property
    def target(self) -> Target:
        return self.edit.target

    @property
    def original(self) -> Command | None:
        return self.edit.original

    def clips(self, model: Model, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`clips.make_clips`."""
        check_parts(self.parts, model)
        model = self.edit.varied(model)
        return tuple(
            self._clip(command, model, partial(self._heard, progress, take))
            for take, command in enumerate(self.commands)
        )

    def _heard(self, progress: Progress, take: int, frame: float) -> None:
        """So far the take has been made, in frames of its motion."""
        whole = self.edit.last - self.edit.first + 1
        progress(round(take * whole + frame - self.edit.first), len(self.commands) * whole)

    def _clip(self, command: Command, model: Model, heard: Heard) -> Clip:
        edit, motion = self.edit, self.edit.motion
        for first, last in pairwise(self.keys):
            if last - first >= NARROWEST:
                gap = _gap(motion, first, last, command, model, heard)
                whole = concatenated(motion.cut(0, first + 1), gap, motion.cut(last, motion.frames))
                motion = _parts_of(motion, whole, self.parts, first, last)
        stretch = slice(edit.first, edit.last + 1)
        held = edit.carrier.held(motion).cut(stretch.start, stretch.stop)
        return Clip(
            command, motion.cut(stretch.start, stretch.stop), rig_motion(held, edit.targets)
        )


def _gap(
    motion: Motion, first: int, last: int, command: Command, model: Model, heard: Heard
) -> Motion:
    """The frames between two others of a motion, at its own rate."""
    head, tail = ending(motion.cut(0, first + 1)), opening(motion.cut(last, motion.frames))
    frames = max(1, round((last - first) / motion.fps * ENGINE_FPS) - 1)

    def advance(done: int, total: int) -> None:
        heard(first + done / total * (last - first))

    (gap,) = bridges(head, tail, frames, [command], model, advance)
    return at_own_rate(gap, head, tail, motion.fps, last - first - 1)


def _parts_of(
    motion: Motion, made: Motion, parts: tuple[str, ...], first: int, last: int
) -> Motion:
    frames = np.arange(motion.frames)
    between = ((frames > first) & (frames < last)).astype(np.float64)
    return spliced(motion, made, Region(part_joints(parts), between))


@dataclass(frozen=True, eq=False, kw_only=True)
class BetweenRequest(EditRequest):
    """``keys``: the scene's frames of the keys that stay."""

    keys: tuple[int, ...]

    @staticmethod
    def reading(context) -> Work[BetweenRequest]:
        """The selected keys and the panel's settings; LimberError if they cannot be used."""
        asked = context.scene.limber_edit
        armature = edited_armature(context)
        keys = tuple(selected_frames(armature))
        _check_keys(keys)
        parts = resolve_parts(sorted(asked.parts)) or animated_parts(
            armature, read_mapping(armature)
        )
        commands = edit_commands(context, asked.prompt, parts)
        reading = reading_edit(context, armature, parts, commands, keys[0], keys[-1])
        return _between((yield from reading), keys)

    @staticmethod
    def reading_again(context) -> Work[BetweenRequest]:
        return _between_as_before(context, (yield from EditRequest.reading_again(context)))

    @staticmethod
    def reading_vary(context) -> Work[BetweenRequest]:
        return _between_as_before(context, (yield from EditRequest.reading_vary(context)))


def is_between(action: bpy.types.Action) -> bool:
    """Whether an Action was made between keys of another one."""
    return "between_keys" in action


def _check_keys(keys: tuple[int, ...]) -> None:
    if len(keys) < 2:
        raise LimberError(
            "Fewer than two keys are selected; select those to lead through, in any editor."
        )
    if max(last - first for first, last in pairwise(keys)) < NARROWEST:
        raise LimberError(
            f"The selected keys are closer than {NARROWEST} frames; select others, or move them."
        )


def _between(edit: EditRequest, keys: tuple[int, ...]) -> BetweenRequest:
    shift = edit.order.first - edit.first_frame
    # The bridges have planted the feet; planting them anew would lead away from the keys.
    targets = tuple(
        replace(target, options=replace(target.options, contacts="never"))
        for target in edit.order.targets
    )
    order = BetweenOrder(replace(edit.order, targets=targets), tuple(key + shift for key in keys))
    return BetweenRequest(**vars(edit) | {"order": order, "keys": keys})


def _between_as_before(context, edit: EditRequest) -> BetweenRequest:
    action = edit.find_rig(context).animation_data.action
    return _between(edit, tuple(action["between_keys"]))


class BetweenWriting(EditWriting):
    """As an edit, but gap by gap, led through the values that stand at the keys."""

    def fill(self, action: bpy.types.Action, rig: bpy.types.Object, clip: Clip) -> Work[None]:
        request = self.request
        action["between_keys"] = list(request.keys)
        written = list(channels(rig, clip.rig_motion))
        kept = _keys_between_frames(action, request.slot, request.keys)
        for first, last in pairwise(request.keys):
            if last - first < NARROWEST:
                continue
            passage = Passage(np.arange(first + 1, last), np.ones(last - first - 1))
            curves = {(c.data_path, c.array_index): c for c in curves_in(action, request.slot)}
            cut = slice(first - request.first_frame, last - request.first_frame + 1)
            gap = (
                _through(channel, old_values(rig, channel, curves, passage.frames), cut)
                for channel in written
            )
            yield from fill_range(
                action, request.slot, rig, needed(action, request.slot, rig, gap, passage), passage
            )
        add_keys(action, request.slot, rig, KeyPoses(kept, ()))


def _keys_between_frames(
    action: bpy.types.Action, slot: str, frames: tuple[int, ...]
) -> dict[CurveName, Keys]:
    """Keys that count as those of some frames, but stand beside them."""
    found = {}
    for curve in curves_in(action, slot):
        times = [point.co[0] for point in curve.keyframe_points]
        beside = [t for t in times if round(t) in frames and abs(t - round(t)) >= SAME_TIME]
        if beside:
            found[curve.data_path, curve.array_index] = rows(read_keys(curve), np.array(beside))
    return found


def _through(channel: Channel, old: np.ndarray, cut: slice) -> Channel:
    """The channel between two frames, led through the ``old`` values ``[F, n]`` at both: what
    reading back cannot tell exactly makes no jump at a key."""
    if len(channel.values) == 1:
        return channel
    values = channel.values[cut]
    led = led_through(
        replace(channel, values=values), np.array([0.0, len(values) - 1.0]), old[[0, -1]]
    )
    return replace(led, values=led.values[1:-1])

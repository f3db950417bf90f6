"""Directed generations put into the scene: keys of the artist to the bit, pins met on the rig."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import numpy as np

from .action import LONGEST_NAME, Channel, curves_in, new_action
from .clips import Clip
from .edit_request import find_action
from .edit_writing import needed
from .key_poses import add_keys, held_values
from .led_channels import led_through
from .pin_holding import Held, hold_pins
from .rig_action import Passage, channels, fill_range
from .steps import Work
from .takes import forget_origin, store_command, take_name
from .writing import Writing


class DirectedWriting(Writing):
    """As :class:`writing.Writing`, for a :class:`direct_request.DirectedRequest`."""

    def slot(self, rig: bpy.types.Object, for_rig: bool) -> str:
        """See :meth:`writing.Writing.slot`."""
        return self._request.slot if for_rig else ""

    def write(self, rig: bpy.types.Object, clip: Clip, for_rig: bool) -> Work[None]:
        """See :meth:`writing.Writing.write`."""
        request, keys = self._request, self._request.keys
        is_keyed = keys is not None and for_rig
        if is_keyed:
            yield from self._write_keyed(rig, clip)
        else:
            yield from super().write(rig, clip, for_rig)
        action, slot = self._actions[-1], self.slot(rig, for_rig)
        action["directed"] = True
        first, last = (int(frame) for frame in action.frame_range)
        kept = keys.times if is_keyed else ()
        held = Held(rig, action, slot, np.arange(first, last + 1), kept)
        yield from hold_pins(held, request.pins)
        if is_keyed:
            add_keys(action, slot, rig, keys)

    def _write_keyed(self, rig: bpy.types.Object, clip: Clip) -> Work[None]:
        """A copy of what the rig plays, with new frames that pass through the kept keys."""
        request, source = self._request, None
        if request.source is not None:
            source = find_action(request.source, request.source_name)
        name = take_name(clip.command)[:LONGEST_NAME]
        action = source.copy() if source is not None else new_action(name)
        self._actions.append(action)
        action.name = name
        forget_origin(action)
        curves = {(c.data_path, c.array_index): c for c in curves_in(source, request.slot)}
        passage = _passage(request.frames, list(curves.values()))
        written = needed(action, request.slot, rig, self._led(rig, clip, curves), passage)
        yield from fill_range(action, request.slot, rig, written, passage)
        add_keys(action, request.slot, rig, request.keys)
        store_command(action, clip.command)
        action["first_frame"] = request.first_frame
        if source is not None:
            action["directed_from"], action["directed_slot"] = source, request.slot
        if request.order.original is not None:
            action["outline"] = request.order.original.variation
        request.complete(action)

    def _led(self, rig: bpy.types.Object, clip: Clip, curves: dict) -> Iterator[Channel]:
        """The clip's channels, led through what they have at the keys."""
        keys = self._request.keys
        for channel in channels(rig, clip.rig_motion):
            times = keys.times_of(channel.path)
            if len(times) and len(channel.values) > 1:
                wanted = held_values(rig, channel, curves, keys, times)
                channel = led_through(channel, times - self._request.first_frame, wanted)
            yield channel


def _passage(frames: np.ndarray, curves: list[bpy.types.FCurve]) -> Passage:
    ranges = [curve.range() for curve in curves if len(curve.keyframe_points)]
    return Passage(
        frames,
        np.ones(len(frames)),
        is_first=all(start >= frames[0] for start, _ in ranges),
        is_last=all(end <= frames[-1] for _, end in ranges),
    )

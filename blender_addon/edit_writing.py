"""Edits put into the scene: takes that are copies of the edited Action, changed in one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import bpy
import numpy as np

from .action import LONGEST_NAME, Channel, curves_in
from .clips import Clip
from .edit_request import EditRequest
from .request import check_drivable
from .rig_action import Passage, channels, fill_range, old_values
from .steps import Work
from .takes import forget_origin, offer, store_command, take_name


class EditWriting:
    """As :class:`writing.Writing`, for an edit: what has been made so far can be taken back."""

    def __init__(self, context, request: EditRequest, clips: tuple[Clip, ...]):
        self._context, self.request, self._clips = context, request, clips
        self._actions: list[bpy.types.Action] = []

    def work(self) -> Work[tuple[str, str]]:
        """Writes all takes and lets the rig play the first; the kind of report and its text.

        Raises LimberError where the rig or the edited Action has gone or changed meanwhile.
        """
        request = self.request
        rig, source = request.find_rig(self._context), request.find_source()
        check_drivable(rig)
        request.check_unchanged(rig)
        yield
        for clip in self._clips:
            yield from self._write(rig, source, clip)
        offer(rig, self._actions, self._context.scene, slot=request.slot)
        frames, takes = request.passage.frames, len(self._clips)
        counted = f", {takes} takes" if takes > 1 else ""
        return "INFO", f"{self.edited} of {rig.name}, frames {frames[0]} to {frames[-1]}{counted}"

    @property
    def edited(self) -> str:
        """What of the body was edited, in words."""
        return ", ".join(part.replace("_", " ") for part in self.request.order.parts)

    def take_back(self) -> None:
        """Remove what has been made; not after an undo, which has done so."""
        for action in self._actions:
            bpy.data.actions.remove(action)

    def _write(self, rig: bpy.types.Object, source: bpy.types.Action, clip: Clip) -> Work[None]:
        request = self.request
        action = source.copy()
        self._actions.append(action)
        action.name = take_name(clip.command)[:LONGEST_NAME]
        forget_origin(action)
        yield from self.fill(action, rig, clip)
        store_command(action, clip.command)
        if request.order.original is not None:
            action["outline"] = request.order.original.variation
        action["edited_from"], action["edited_slot"] = source, request.slot
        action["edited_parts"] = " ".join(request.order.parts)
        action["first_frame"] = int(request.passage.frames[0])
        action["last_frame"] = int(request.passage.frames[-1])
        request.complete(action)

    def fill(self, action: bpy.types.Action, rig: bpy.types.Object, clip: Clip) -> Work[None]:
        """Writes the clip into its copy of the Action."""
        slot, passage = self.request.slot, self.request.passage
        written = needed(action, slot, rig, channels(rig, clip.rig_motion), passage)
        yield from fill_range(action, slot, rig, written, passage)


def needed(
    action: bpy.types.Action,
    slot: str,
    rig: bpy.types.Object,
    written: Iterable[Channel],
    passage: Passage,
) -> Iterator[Channel]:
    """The channels except settings that have the wanted value at all frames as it is."""
    curves = {(curve.data_path, curve.array_index): curve for curve in curves_in(action, slot)}
    for channel in written:
        is_setting = len(channel.values) == 1
        if is_setting:
            now = old_values(rig, channel, curves, passage.frames)
            is_setting = np.allclose(now, channel.values[0], atol=1e-4)
        if not is_setting:
            yield channel

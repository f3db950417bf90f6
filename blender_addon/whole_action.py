"""Changes of a whole Action, key by key, in a copy that becomes a take: mirrored, or retimed.

Nothing is read back from the rig and nothing is baked that need not be: an artist's few keys stay
few, whatever they move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import bpy

from motion_engine.command import Command

from .action import curves_in, played_slot
from .clips import Show, Target
from .edit_request import edited_armature, find_action
from .generation_job import Progress
from .request import Request, check_drivable, identity
from .steps import Work
from .takes import forget_origin, name_after, offer

Change = Callable[..., Work[None]]


@dataclass(frozen=True, eq=False)
class NothingToMake:
    """Nothing for the model or a worker: all is done on the rig or its curves."""

    target: Target | None = None
    commands: tuple[Command, ...] = ()

    needs_model = False

    def clips(self, model: None, progress: Progress, show: Show) -> tuple[()]:
        """See :func:`clips.make_clips`."""
        return ()


@dataclass(frozen=True, eq=False, kw_only=True)
class ChangeRequest(Request):
    """``change(armature, curves)`` of a copy of ``source``, an Action by :func:`request.identity`,
    in its ``slot``; ``title`` says in words what is done."""

    change: Change
    title: str
    source: int | str
    source_name: str
    slot: str

    @staticmethod
    def of(context, title: str, change: Change) -> ChangeRequest:
        """Of what the chosen character plays; LimberError where that cannot be edited."""
        armature = edited_armature(context)
        action = armature.animation_data.action
        return ChangeRequest(
            NothingToMake(),
            *(identity(armature), armature.name, int(action.frame_range[0])),
            change=change,
            title=title,
            source=identity(action),
            source_name=action.name,
            slot=played_slot(armature),
        )


class ChangeWriting:
    """As :class:`writing.Writing`, for a change of all curves."""

    def __init__(self, context, request: ChangeRequest, clips: tuple[()]):
        self._context, self._request = context, request
        self._action: bpy.types.Action | None = None

    def work(self) -> Work[tuple[str, str]]:
        """Makes the take and lets the rig play it; the kind of report and its text."""
        request = self._request
        rig = request.find_rig(self._context)
        source = find_action(request.source, request.source_name)
        check_drivable(rig)
        yield
        self._action = action = source.copy()
        action.name = name_after(source.name, f", {request.title}")
        forget_origin(action)
        yield from request.change(rig, curves_in(action, request.slot))
        offer(rig, [action], self._context.scene, slot=request.slot)
        return "INFO", f"{source.name} of {rig.name}: {request.title}"

    def take_back(self) -> None:
        """Remove what has been made; not after an undo, which has done so."""
        if self._action is not None:
            bpy.data.actions.remove(self._action)

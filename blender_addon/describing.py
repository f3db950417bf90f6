"""What a rig does, in the model's words: the Action is named so, and its strips and asset say it."""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.generation.captioning import Description, captions
from motion_engine.language.telling import joined
from motion_engine.models.model import Model
from motion_engine.models.numpy_runtime import NumpyRuntime
from motion_engine.motion import Motion

from .action import LONGEST_NAME
from .clips import Show, Target
from .edit_request import check_frames, edited_armature, find_action, playing_range
from .generation_job import Progress
from .request import Request, identity
from .rig_reading import reading_animation
from .steps import Work


@dataclass(frozen=True, eq=False)
class DescriptionOrder:
    """What the worker describes."""

    motion: Motion
    target: Target | None = None
    commands: tuple[Command, ...] = ()

    needs_model = True

    def clips(self, model: Model, progress: Progress, show: Show) -> tuple[Description, ...]:
        """See :func:`clips.make_clips`."""
        if model.reader is None:
            _check_speaker(model)
        return tuple(captions(model, self.motion))


def _check_speaker(model: Model) -> None:
    """LimberError where a model without a reader cannot speak either."""
    runtime = model.new_runtime()
    if not isinstance(runtime, NumpyRuntime):
        raise LimberError(
            "Describing runs on the processor: set Device to CPU and Precision to fp32 in the "
            "preferences."
        )
    if not runtime.model.config.speaks:
        raise LimberError(
            "This model was not taught to describe motion; choose the folder of one that was "
            "in the preferences."
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class DescriptionRequest(Request):
    """``source``: the Action that is described, see :func:`request.identity`."""

    source: int | str
    source_name: str

    @staticmethod
    def reading(context) -> Work[DescriptionRequest]:
        """The frames chosen in the panel; LimberError where there is nothing to describe."""
        armature = edited_armature(context)
        action = armature.animation_data.action
        if action.library is not None:
            raise LimberError(f"{action.name} is linked and cannot be named here; copy it first.")
        first, last = context.scene.limber_edit.frames_in(playing_range(armature))
        check_frames(armature, first, last)
        motion = yield from reading_animation(armature, first, last)
        return DescriptionRequest(
            DescriptionOrder(motion),
            *(identity(armature), armature.name, first),
            source=identity(action),
            source_name=action.name,
        )


class DescriptionWriting:
    """As :class:`writing.Writing`, for a description."""

    def __init__(self, context, request: DescriptionRequest, found: tuple[Description, ...]):
        self._context, self._request, self._found = context, request, found

    def work(self) -> Work[tuple[str, str]]:
        """Names the Action, its strips and its asset; the kind of report and its text."""
        action = find_action(self._request.source, self._request.source_name)
        texts = [piece.text for piece in self._found if piece.text]
        yield
        if not texts:
            raise LimberError("The model has no words for these frames; choose others.")
        name_action(action, texts)
        return "INFO", action["description"]

    def take_back(self) -> None:
        """There is nothing that could be half done."""


def name_action(action: bpy.types.Action, texts: list[str]) -> None:
    """Let an Action, its strips and its asset say what happens in it."""
    text = joined(texts)
    before = action.name
    action["description"] = text
    action.name = text.encode()[:LONGEST_NAME].decode(errors="ignore").rstrip()
    for item in bpy.data.objects:
        for track in item.animation_data.nla_tracks if item.animation_data else ():
            for strip in track.strips:
                if strip.action == action and strip.name == before:
                    strip.name = action.name
    if action.asset_data is not None:
        action.asset_data.description = text
        for piece in dict.fromkeys(texts):
            action.asset_data.tags.new(piece[:LONGEST_NAME], skip_if_exists=True)

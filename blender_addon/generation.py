"""Generate: at once for scripts and in the background, live beside the open window otherwise."""

from __future__ import annotations

from functools import partial

import bpy

from motion_engine.errors import LimberError
from motion_engine.models.places import Place

from . import live
from .clips import make_clips
from .direct_request import DirectedRequest, is_directed
from .edit_request import EditRequest, is_edit
from .in_between import BetweenRequest, is_between
from .live import LiveGeneration
from .loop_request import LoopRequest, is_loop
from .model_care import MODEL, choose_model
from .request import Request, chosen_armature
from .steps import Work, finished
from .stretch_anew import StretchRequest, is_stretch
from .style_request import StyledRequest, is_styled
from .timeline_request import TimelineRequest, is_timeline
from .writings import writing_of

_KINDS = (
    (is_between, BetweenRequest),
    (is_directed, DirectedRequest),
    (is_stretch, StretchRequest),
    (is_edit, EditRequest),
    (is_timeline, TimelineRequest),
    (is_loop, LoopRequest),
    (is_styled, StyledRequest),
)
_BUSY = "A motion is being made; wait for it or cancel it"


class NotMeanwhile:
    """Operators that wait until no motion is being made, and until :meth:`is_possible`."""

    @classmethod
    def poll(cls, context):
        if live.current() is not None:
            cls.poll_message_set(_BUSY)
        elif context.mode == "OBJECT" or (context.mode == "POSE" and chosen_armature(context)):
            return cls.is_possible(context)
        else:
            cls.poll_message_set("Switch to Object Mode or Pose Mode first")
        return False

    @classmethod
    def is_possible(cls, context) -> bool:
        return True


class Generating(NotMeanwhile):
    """What all operators that generate share; :meth:`request` says what is asked for, or, where
    that takes long to read, :meth:`reading` does."""

    # Not REGISTER: "Repeat Last" would call execute, which keeps the window waiting.
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    def reading(self, context) -> Work[Request]:
        """The request, read in steps between which the scene is as it was."""
        yield from ()
        return self.request(context)

    def execute(self, context):
        try:
            request = finished(self.reading(context))
            choose_model()
            smaller = MODEL.smaller
            clips = make_clips(request.order, MODEL, _unheard, _unheard)
            writing = writing_of(context, request, clips)
            try:
                kind, text = finished(writing.work())
            except BaseException:
                writing.take_back()
                raise
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self._tell(kind, text, smaller)
        return {"FINISHED"}

    def invoke(self, context, event):
        return self.execute(context) if bpy.app.background else self.begin(context)

    def begin(self, context):
        """Starts the worker and the timer by which :meth:`modal` watches it."""
        choose_model()
        self.smaller = MODEL.smaller
        try:
            self.live = LiveGeneration(context, partial(self.reading, context)).start()
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context, event):
        if self.live is not live.current():  # stopped by the Cancel button
            self.report({"INFO"}, "Cancelled")
            return {"CANCELLED"}
        if event.type == "ESC" and event.value == "PRESS":
            live.stop(context)
            self.report({"INFO"}, "Cancelled")
            return {"CANCELLED"}
        if event.type != "TIMER":
            # The short reading and writing are not to be disturbed by edits.
            return {"RUNNING_MODAL"} if self.live.is_at_scene else {"PASS_THROUGH"}
        try:
            report = self.live.tick(context)
        except LimberError as error:
            report = ("ERROR", str(error))
        except BaseException:
            live.stop(context)
            raise
        if report is None:
            return {"RUNNING_MODAL"} if self.live.is_at_scene else {"PASS_THROUGH"}
        live.stop(context)
        kind, text = report
        self._tell(kind, text, self.smaller)
        return {"CANCELLED"} if kind == "ERROR" else {"FINISHED"}

    def _tell(self, kind: str, text: str, smaller: Place | None) -> None:
        """Report the end, and the place that was taken for a full GPU since it was ``smaller``."""
        if MODEL.smaller not in (None, smaller):
            kind = "WARNING" if kind == "INFO" else kind
            text = f"The GPU's memory is full: made {MODEL.smaller}. {text}"
        self.report({kind}, text)

    def cancel(self, context):
        """Blender's call where the window closes or another file is opened."""
        if self.live is live.current():
            live.stop(context)


class LIMBER_OT_generate(Generating, bpy.types.Operator):
    """Generate a motion from the prompt on the selected humanoid rig, or on a new mannequin"""

    bl_idname = "limber.generate"
    bl_label = "Generate"

    def request(self, context) -> Request:
        return StyledRequest.read(context)


class _FromTake(Generating):
    @classmethod
    def is_possible(cls, context) -> bool:
        armature = chosen_armature(context)
        animation = armature.animation_data if armature is not None else None
        if animation is not None and animation.action is not None and "seed" in animation.action:
            return True
        cls.poll_message_set("Select a character that plays a generated motion first")
        return False


class LIMBER_OT_again(_FromTake, bpy.types.Operator):
    """Generate with the same settings as the played take, and the next seed"""

    bl_idname = "limber.again"
    bl_label = "Again"

    def reading(self, context) -> Work[Request]:
        return _kind_of_played(context).reading_again(context)


class LIMBER_OT_vary(_FromTake, bpy.types.Operator):
    """Generate four takes that do what the played one does, with other details"""

    bl_idname = "limber.vary"
    bl_label = "Vary"

    def reading(self, context) -> Work[Request]:
        return _kind_of_played(context).reading_vary(context)


class LIMBER_OT_cancel_generation(bpy.types.Operator):
    """Stop making the motion and leave the scene as it is (Esc)"""

    bl_idname = "limber.cancel_generation"
    bl_label = "Cancel"

    @classmethod
    def poll(cls, context):
        if live.current() is None:
            cls.poll_message_set("No motion is being made")
        return live.current() is not None

    def execute(self, context):
        live.stop(context)
        return {"FINISHED"}


def _kind_of_played(context) -> type[Request]:
    """How the motion that the chosen character plays was made."""
    action = chosen_armature(context).animation_data.action
    return next((kind for was_made_so, kind in _KINDS if was_made_so(action)), Request)


def _unheard(*_) -> None:
    """Nobody watches progress in the background."""


_CLASSES = (
    LIMBER_OT_generate,
    LIMBER_OT_again,
    LIMBER_OT_vary,
    LIMBER_OT_cancel_generation,
)


def register() -> None:
    live.register()
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    live.unregister()
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

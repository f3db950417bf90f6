"""Generate: at once for scripts and in the background, live beside the open window otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import bpy

from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.skeleton import SMPLX

from .action import write_action
from .armature import read_mapping
from .character import build_character
from .generation_job import GenerationJob, WarmModel, make_motion
from .retarget import retarget_onto

MODEL = WarmModel()
_TICK_SECONDS = 0.1
_ENDING_SECONDS = 5.0
_RIG_MODES = ("OBJECT", "POSE")


@dataclass(frozen=True)
class Request:
    """What was asked, as plain values: nothing that Blender hands out outlives an undo.

    ``rig`` is the armature's session_uid, its name before Blender 4.2, None for a new mannequin.
    """

    command: Command
    rig: int | str | None
    rig_name: str
    first_frame: int

    @staticmethod
    def read(context) -> Request:
        """The panel's settings; LimberError if they, or the chosen rig, cannot be used."""
        settings = context.scene.limber
        command = Command(settings.prompt, seconds=settings.seconds, seed=settings.seed)
        armature = chosen_armature(context)
        if armature is None:
            return Request(command, None, "", context.scene.frame_current)
        if armature.library is not None:
            raise LimberError(f"{armature.name} is linked; make a library override of it first.")
        read_mapping(armature)
        return Request(command, _identity(armature), armature.name, context.scene.frame_current)

    def find_rig(self, context) -> bpy.types.Object | None:
        """The armature that was chosen; None if there was none. LimberError if it has gone."""
        if self.rig is None:
            return None
        for item in context.view_layer.objects:
            # None where an object was just removed and the view layer has not caught up.
            if item is not None and item.type == "ARMATURE" and _identity(item) == self.rig:
                return item
        raise LimberError(f"{self.rig_name} is no longer in this scene.")


def chosen_armature(context) -> bpy.types.Object | None:
    """The active armature, or the one that deforms the active mesh."""
    item = context.object
    if item is not None and item.type == "MESH":
        item = item.find_armature()
    return item if item is not None and item.type == "ARMATURE" else None


def write_motion(context, request: Request, motion: Motion, armature) -> str:
    """The motion as a new Action on the rig (None: on a new mannequin); says what was done."""
    armature = armature or build_character()
    text, first_frame = request.command.text, request.first_frame
    if all(name in armature.pose.bones for name in SMPLX.names):
        action = write_action(armature, motion, text, first_frame)
    else:
        settings = context.scene.limber_retarget
        options = RetargetOptions(settings.root, "rig", settings.limbs, settings.contacts)
        retarget_onto(armature, motion, text, options, first_frame=first_frame)
        action = armature.animation_data.action
    action["prompt"] = text
    context.scene.frame_end = max(context.scene.frame_end, int(action.frame_range[1]))
    return f"{motion.seconds:.1f} s on {armature.name}"


@dataclass(eq=False)
class LiveGeneration:
    """A request, the job that works for it and the timer by which the window watches it."""

    request: Request
    job: GenerationJob
    timer: bpy.types.Timer
    is_waiting: bool = False

    def can_write(self, context) -> bool:
        """Whether the scene is in a mode in which the motion can be put into it."""
        modes = ("OBJECT",) if self.rig_or_none(context) is None else _RIG_MODES
        self.is_waiting = context.mode not in modes
        return not self.is_waiting

    def rig_or_none(self, context) -> bpy.types.Object | None:
        try:
            return self.request.find_rig(context)
        except LimberError:
            return None

    def write(self, context) -> tuple[str, str]:
        """Puts the result into the scene; the kind of report and its text.

        A rig that has gone or changed meanwhile loses nothing: a mannequin takes the motion.
        """
        motion = self.job.result()
        try:
            armature = self.request.find_rig(context)
            return "INFO", write_motion(context, self.request, motion, armature)
        except LimberError as error:
            if context.mode != "OBJECT":
                raise
            return "WARNING", f"{error} {write_motion(context, self.request, motion, None)}"


_live: LiveGeneration | None = None


def live() -> LiveGeneration | None:
    """The generation that runs beside the window, if any."""
    return _live


def stop(context) -> None:
    """Cancel the generation that runs, if any; the scene has heard nothing of it yet."""
    global _live
    if _live is not None:
        _live.job.cancel()
        context.window_manager.event_timer_remove(_live.timer)
        _live = None
        _redraw(context)


class LIMBER_OT_generate(bpy.types.Operator):
    """Generate a motion from the prompt on the selected humanoid rig, or on a new mannequin"""

    bl_idname = "limber.generate"
    bl_label = "Generate"
    # Not REGISTER: "Repeat Last" would call execute, which keeps the window waiting.
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        if _live is not None:
            cls.poll_message_set("A motion is being made; wait for it or cancel it")
        elif context.mode == "OBJECT" or (context.mode == "POSE" and chosen_armature(context)):
            return True
        else:
            cls.poll_message_set("Switch to Object Mode or Pose Mode first")
        return False

    def execute(self, context):
        try:
            request = Request.read(context)
            motion = make_motion(request.command, MODEL, lambda done, total: None)
            self.report({"INFO"}, write_motion(context, request, motion, request.find_rig(context)))
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}

    def invoke(self, context, event):
        return self.execute(context) if bpy.app.background else self.begin(context)

    def begin(self, context):
        """Starts the worker and the timer by which :meth:`modal` watches it."""
        global _live
        try:
            request = Request.read(context)
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        manager = context.window_manager
        timer = manager.event_timer_add(_TICK_SECONDS, window=context.window)
        job = GenerationJob(partial(make_motion, request.command, MODEL)).start()
        self.live = _live = LiveGeneration(request, job, timer)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context, event):
        if self.live is not _live:  # stopped by the Cancel button
            self.report({"INFO"}, "Cancelled")
            return {"CANCELLED"}
        if event.type == "ESC" and event.value == "PRESS":
            stop(context)
            self.report({"INFO"}, "Cancelled")
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        _redraw(context)
        if not self.live.job.poll() or not self.live.can_write(context):
            return {"PASS_THROUGH"}
        try:
            kind, text = self.live.write(context)
        except LimberError as error:
            kind, text = "ERROR", str(error)
        finally:
            stop(context)
        self.report({kind}, text)
        return {"CANCELLED"} if kind == "ERROR" else {"FINISHED"}

    def cancel(self, context):
        """Blender's call where the window closes or another file is opened."""
        if self.live is _live:
            stop(context)


class LIMBER_OT_cancel_generation(bpy.types.Operator):
    """Stop making the motion and leave the scene as it is (Esc)"""

    bl_idname = "limber.cancel_generation"
    bl_label = "Cancel"

    @classmethod
    def poll(cls, context):
        if _live is None:
            cls.poll_message_set("No motion is being made")
        return _live is not None

    def execute(self, context):
        stop(context)
        return {"FINISHED"}


class LIMBER_OT_unload_model(bpy.types.Operator):
    """Free the memory that the model takes; the next motion loads it again"""

    bl_idname = "limber.unload_model"
    bl_label = "Unload Model"

    @classmethod
    def poll(cls, context):
        if _live is not None:
            cls.poll_message_set("A motion is being made; wait for it or cancel it")
        elif not MODEL.is_loaded:
            cls.poll_message_set("No model is loaded")
        return _live is None and MODEL.is_loaded

    def execute(self, context):
        MODEL.unload()
        return {"FINISHED"}


def draw_generation(layout) -> None:
    """The button, or how far the motion is and how to stop it."""
    if _live is None:
        layout.operator(LIMBER_OT_generate.bl_idname, icon="ARMATURE_DATA")
        return
    text = "Ready; leave this mode to receive it" if _live.is_waiting else _progress(_live.job)
    if hasattr(layout, "progress"):
        layout.progress(factor=_live.job.fraction, text=text)
    else:
        layout.label(text=text)
    layout.operator(LIMBER_OT_cancel_generation.bl_idname, icon="X")


def _progress(job: GenerationJob) -> str:
    if not job.total:
        return "Loading the model"
    left = job.seconds_left()
    ending = "" if left is None else f", {left:.0f} s left"
    return f"{job.done} of {job.total} frames{ending}"


def _identity(item: bpy.types.Object) -> int | str:
    return getattr(item, "session_uid", item.name)


def _redraw(context) -> None:
    """Only the sidebars: the character's viewport has nothing new to show."""
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                for region in area.regions:
                    if region.type == "UI":
                        region.tag_redraw()


_CLASSES = (LIMBER_OT_generate, LIMBER_OT_cancel_generation, LIMBER_OT_unload_model)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    job = _live.job if _live is not None else None
    stop(bpy.context)
    if job is not None:
        job.join(_ENDING_SECONDS)
    MODEL.unload()
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

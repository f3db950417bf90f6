"""The panel's part for timelines: prompts at frames, one motion through them, one stretch anew."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty, IntProperty, PointerProperty, StringProperty

from motion_engine.errors import LimberError

from . import live
from .asked_plans import stretch_asked
from .edit_panel import is_animated
from .generation import Generating
from .planning_ahead import plan_ahead
from .prompt_help import draw_understanding
from .prompt_strips import place_strip
from .request import check_drivable, chosen_armature
from .steps import Work
from .stretch_anew import StretchRequest
from .stretches import END, Stretch, planned, prompt_strips
from .timeline_request import TimelineRequest
from .wrapped_text import draw_wrapped

_NAME_BYTES = 63


class LimberTimelineSettings(bpy.types.PropertyGroup):
    """Where the prompts of a timeline stand; stored with the scene."""

    source: EnumProperty(
        name="Prompts From",
        description="What carries the prompts of the timeline",
        items=[
            ("MARKERS", "Markers", "The scene's markers; each holds until the next one"),
            ("STRIPS", "NLA Strips", 'The strips of the character\'s tracks named "Prompts"'),
        ],
    )
    idle: StringProperty(
        name="In Gaps",
        description="What the character does where no prompt says anything",
        default="a person stands still",
    )


class LIMBER_OT_add_prompt(bpy.types.Operator):
    """Let the panel's prompt begin at this frame"""

    bl_idname = "limber.add_prompt"
    bl_label = "Add Prompt Here"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    prompt: StringProperty(
        name="Prompt",
        description="What begins here; the panel's prompt if left empty",
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context):
        if context.scene.limber_timeline.source == "STRIPS" and chosen_armature(context) is None:
            cls.poll_message_set("Select the character whose strips carry the prompts first")
            return False
        return True

    def execute(self, context):
        prompt = (self.prompt or context.scene.limber.prompt).strip()
        try:
            if not prompt:
                raise LimberError("The prompt is empty; say what the character does.")
            if context.scene.limber_timeline.source == "MARKERS":
                _place_marker(context.scene, prompt)
            else:
                armature = chosen_armature(context)
                check_drivable(armature)
                place_strip(context.scene, armature, prompt)
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


class LIMBER_OT_end_timeline(bpy.types.Operator):
    """Let the action before this frame end here: what follows is idle, or nothing"""

    bl_idname = "limber.end_timeline"
    bl_label = "End Here"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        if context.scene.limber_timeline.source != "MARKERS":
            cls.poll_message_set("Strips have ends of their own")
            return False
        return True

    def execute(self, context):
        _place_marker(context.scene, END)
        return {"FINISHED"}


class LIMBER_OT_generate_timeline(Generating, bpy.types.Operator):
    """Generate one continuous motion through all prompts of the timeline, each in its time"""

    bl_idname = "limber.generate_timeline"
    bl_label = "Generate Timeline"

    def request(self, context) -> TimelineRequest:
        return TimelineRequest.read(context)


class LIMBER_OT_stretch_anew(Generating, bpy.types.Operator):
    """Make this stretch of the motion anew, with another seed; all else stays as it is"""

    bl_idname = "limber.stretch_anew"
    bl_label = "Make This Stretch Anew"

    index: IntProperty(
        name="Stretch",
        description="Which one, counted from 0; the one at the present frame if negative",
        default=-1,
        options={"HIDDEN", "SKIP_SAVE"},
    )

    @classmethod
    def is_possible(cls, context) -> bool:
        return is_animated(cls, context)

    def reading(self, context) -> Work[StretchRequest]:
        index = self.index
        if index < 0:
            index = _present(planned(context), context.scene.frame_current)
        return StretchRequest.reading(context, index)


class LIMBER_PT_timeline(bpy.types.Panel):
    bl_idname = "LIMBER_PT_timeline"
    bl_label = "Timeline"
    bl_category = "Limber"
    bl_parent_id = "LIMBER_PT_generate"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        asked, layout = context.scene.limber_timeline, self.layout
        layout.enabled = live.current() is None
        layout.row().prop(asked, "source", expand=True)
        row = layout.row(align=True)
        row.operator(LIMBER_OT_add_prompt.bl_idname, icon="MARKER_HLT")
        row.operator(LIMBER_OT_end_timeline.bl_idname, text="", icon="CANCEL")
        _draw_stretches(layout, context)
        row = layout.split(factor=0.34)
        row.label(text="In Gaps")
        row.prop(asked, "idle", text="")
        row = layout.row()
        row.scale_y = 1.4
        row.operator(LIMBER_OT_generate_timeline.bl_idname, icon="NLA")


def _draw_stretches(layout, context) -> None:
    """A line for each stretch: its frames, its prompt to edit, and a button to make it anew, pressed
    where the present frame is, whose plan stands below; or what is wrong with them."""
    try:
        stretches = planned(context)
    except LimberError as error:
        draw_wrapped(layout, str(error), "INFO")
        return
    carriers = _carriers(context)
    column = layout.column(align=True)
    for index, stretch in enumerate(stretches):
        row = column.split(factor=0.34, align=True)
        row.label(text=f"{stretch.first}–{stretch.last}", translate=False)
        row = row.row(align=True)
        if stretch.first in carriers:
            row.prop(carriers[stretch.first], "name", text="")
        else:
            row.label(text=stretch.text, translate=False)
        is_present = stretch.is_at(context.scene.frame_current)
        anew = row.operator(
            LIMBER_OT_stretch_anew.bl_idname, text="", icon="FILE_REFRESH", depress=is_present
        )
        anew.index = index
    for stretch in stretches:
        if stretch.is_at(context.scene.frame_current):
            plan = plan_ahead(stretch_asked, context, stretch)
            draw_understanding(layout, stretch.text, plan)


def _carriers(context) -> dict[int, bpy.types.TimelineMarker | bpy.types.NlaStrip]:
    """What carries a prompt, by the frame at which it begins."""
    if context.scene.limber_timeline.source == "MARKERS":
        return {m.frame: m for m in context.scene.timeline_markers if m.camera is None}
    return {round(s.frame_start): s for s in prompt_strips(chosen_armature(context))}


def _place_marker(scene: bpy.types.Scene, name: str) -> None:
    """A marker of that name at the present frame, or the one that stands there renamed."""
    if len(name.encode()) > _NAME_BYTES:
        raise LimberError(
            f"A marker's name holds {_NAME_BYTES} letters at most; shorten the prompt, or let NLA "
            "strips carry the prompts."
        )
    here = [
        m for m in scene.timeline_markers if m.camera is None and m.frame == scene.frame_current
    ]
    if here:
        here[0].name = name
    else:
        scene.timeline_markers.new(name, frame=scene.frame_current)


def _present(stretches: tuple[Stretch, ...], frame: int) -> int:
    for index, stretch in enumerate(stretches):
        if stretch.is_at(frame):
            return index
    raise LimberError(
        f"No prompt covers frame {frame}; move to a frame of the stretch that is to be made anew."
    )


_CLASSES = (
    LimberTimelineSettings,
    LIMBER_OT_add_prompt,
    LIMBER_OT_end_timeline,
    LIMBER_OT_generate_timeline,
    LIMBER_OT_stretch_anew,
    LIMBER_PT_timeline,
)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.limber_timeline = PointerProperty(type=LimberTimelineSettings)


def unregister() -> None:
    del bpy.types.Scene.limber_timeline
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

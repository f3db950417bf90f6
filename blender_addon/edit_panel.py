"""The panel's part for edits: a body to click parts of, frames, and what the parts are to do."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, PointerProperty, StringProperty

from motion_engine.errors import LimberError
from motion_engine.parts import DEFAULT_PARTS

from . import live
from .asked_plans import edit_asked
from .describing import DescriptionRequest
from .edit_request import EditRequest, edited_armature
from .generation import Generating
from .in_between import BetweenRequest
from .planning_ahead import plan_ahead
from .prompt_help import draw_understanding
from .request import chosen_armature
from .rig_action import curves_of, selected_frames
from .steps import Work

# A part's name, the word on its button, and its tooltip.
_NAMES = {
    "root": ("Hips", "Hips", "Hips, and the way through the world"),
    "torso": ("Torso", "Torso", "Spine and collar bones"),
    "head": ("Head", "Head", "Neck and head"),
    "left_arm": ("Left Arm", "Arm", "The character's left arm, to the wrist"),
    "right_arm": ("Right Arm", "Arm", "The character's right arm, to the wrist"),
    "left_leg": ("Left Leg", "Leg", "The character's left leg and foot"),
    "right_leg": ("Right Leg", "Leg", "The character's right leg and foot"),
    "left_hand": ("Left Hand", "Hand", "The fingers of the character's left hand"),
    "right_hand": ("Right Hand", "Hand", "The fingers of the character's right hand"),
}
_ITEMS = [
    (part.name, _NAMES[part.name][0], _NAMES[part.name][2], 1 << i)
    for i, part in enumerate(DEFAULT_PARTS)
]
# The picture of the body, column by column: what is written above, how far down its parts begin, and
# these from the top down. The character faces the user, so that its right is on the left.
_BODY = (
    ("R", 2.8, ("right_hand",)),
    ("", 1.2, ("right_arm",)),
    ("", 0.0, ("head", "torso", "root")),
    ("", 1.2, ("left_arm",)),
    ("L", 2.8, ("left_hand",)),
)
_HEIGHTS = {"head": 1.2, "torso": 1.8, "left_arm": 2.4, "right_arm": 2.4}
_LEGS = ("right_leg", "left_leg")


class LimberEditSettings(bpy.types.PropertyGroup):
    """What is to be edited; stored with the scene."""

    parts: EnumProperty(
        name="Parts",
        description="Parts of the body that change; all others stay as they are",
        items=_ITEMS,
        options={"ENUM_FLAG"},
    )
    prompt: StringProperty(
        name="Prompt", description="What these parts do, in plain English", default="wave"
    )
    use_frames: BoolProperty(
        name="Frames", description="Change some frames only; otherwise all of the Action's"
    )
    first: IntProperty(name="First", description="First frame that changes", default=1)
    last: IntProperty(name="Last", description="Last frame that changes", default=60)

    def frames_in(self, whole: tuple[int, int]) -> tuple[int, int]:
        """First and last frame to change of an Action that has these."""
        return (self.first, self.last) if self.use_frames else whole


class LIMBER_OT_toggle_part(bpy.types.Operator):
    """Choose this part of the body, or leave it alone"""

    bl_idname = "limber.toggle_part"
    bl_label = "Toggle Part"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}  # noqa: RUF012 (Blender reads a plain set)

    part: EnumProperty(name="Part", items=_ITEMS)

    @classmethod
    def description(cls, context, properties):
        return bpy.app.translations.pgettext_tip(_NAMES[properties.part][2])

    def execute(self, context):
        context.scene.limber_edit.parts ^= {self.part}
        return {"FINISHED"}


class LIMBER_OT_frames_from_timeline(bpy.types.Operator):
    """Take the frames from the selected keys, else from the preview range, else from the scene's"""

    bl_idname = "limber.frames_from_timeline"
    bl_label = "From Timeline"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        return is_animated(cls, context)

    def execute(self, context):
        try:
            armature = edited_armature(context)
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        asked, scene = context.scene.limber_edit, context.scene
        frames = selected_frames(armature)
        if len(frames) < 2 and scene.use_preview_range:
            frames = [scene.frame_preview_start, scene.frame_preview_end]
        elif len(frames) < 2:
            frames = [scene.frame_start, scene.frame_end]
        asked.use_frames, asked.first, asked.last = True, frames[0], frames[-1]
        return {"FINISHED"}


class LIMBER_OT_edit_parts(Generating, bpy.types.Operator):
    """Make the chosen parts do what the prompt says, in a copy of the Action; all else stays"""

    bl_idname = "limber.edit_parts"
    bl_label = "Edit Parts"

    @classmethod
    def is_possible(cls, context) -> bool:
        return is_animated(cls, context)

    def reading(self, context) -> Work[EditRequest]:
        return EditRequest.reading(context)


class LIMBER_OT_in_between(Generating, bpy.types.Operator):
    """Make what lies between the selected keys anew; the keys stay as they are. Of the chosen parts
    alone, or of all"""

    bl_idname = "limber.in_between"
    bl_label = "Between Selected Keys"

    @classmethod
    def is_possible(cls, context) -> bool:
        return is_animated(cls, context)

    def reading(self, context) -> Work[BetweenRequest]:
        return BetweenRequest.reading(context)


class LIMBER_OT_describe(Generating, bpy.types.Operator):
    """Say in words what happens in these frames, and name the Action so"""

    bl_idname = "limber.describe"
    bl_label = "Describe"

    @classmethod
    def is_possible(cls, context) -> bool:
        return is_animated(cls, context)

    def reading(self, context) -> Work[DescriptionRequest]:
        return DescriptionRequest.reading(context)


class LIMBER_PT_edit(bpy.types.Panel):
    bl_idname = "LIMBER_PT_edit"
    bl_label = "Edit"
    bl_category = "Limber"
    bl_parent_id = "LIMBER_PT_generate"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        asked, layout = context.scene.limber_edit, self.layout
        layout.enabled = live.current() is None
        draw_body(layout, asked.parts)
        layout.prop(asked, "prompt", text="")
        draw_understanding(layout, asked.prompt, plan_ahead(edit_asked, context))
        row = layout.row(align=True)
        row.prop(asked, "use_frames", toggle=True)
        frames = row.row(align=True)
        frames.enabled = asked.use_frames
        frames.prop(asked, "first", text="")
        frames.prop(asked, "last", text="")
        row.operator(LIMBER_OT_frames_from_timeline.bl_idname, text="", icon="TIME")
        layout.operator(LIMBER_OT_edit_parts.bl_idname, icon="GREASEPENCIL")
        layout.operator(LIMBER_OT_in_between.bl_idname, icon="KEYFRAME_HLT")
        layout.operator(LIMBER_OT_describe.bl_idname, icon="SYNTAX_OFF")


def draw_body(layout, chosen: set[str]) -> None:
    """A body to click on, seen from the front."""
    row = layout.row(align=True)
    for side, down, parts in _BODY:
        column = row.column(align=True)
        if down:
            _gap(column, down, side)
        for part in parts:
            _part_button(column, part, chosen)
    legs = layout.split(factor=0.28)
    _gap(legs.column(), 1.0)
    legs = legs.split(factor=0.44 / 0.72).row(align=True)
    for part in _LEGS:
        _part_button(legs, part, chosen)


def _part_button(layout, part: str, chosen: set[str]) -> None:
    row = layout.row(align=True)
    row.scale_y = _HEIGHTS.get(part, 2.4 if part in _LEGS else 1.0)
    button = row.operator(
        LIMBER_OT_toggle_part.bl_idname, text=_NAMES[part][1], depress=part in chosen
    )
    button.part = part


def _gap(layout, height: float, text: str = "") -> None:
    row = layout.row()
    row.scale_y = height
    row.alignment = "CENTER"
    row.label(text=text, translate=False)


def is_animated(operator, context) -> bool:
    """Whether a character that plays an Action is chosen; says so if not."""
    armature = chosen_armature(context)
    if armature is not None and len(curves_of(armature)):
        return True
    operator.poll_message_set("Select a character that plays an Action first")
    return False


_CLASSES = (
    LimberEditSettings,
    LIMBER_OT_toggle_part,
    LIMBER_OT_frames_from_timeline,
    LIMBER_OT_edit_parts,
    LIMBER_OT_in_between,
    LIMBER_OT_describe,
    LIMBER_PT_edit,
)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.limber_edit = PointerProperty(type=LimberEditSettings)


def unregister() -> None:
    del bpy.types.Scene.limber_edit
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

"""The panel's part for style and timing: of new motions, and of what a character plays."""

from __future__ import annotations

import bpy

from motion_engine.edit.retiming import TimeWarp, ease_of

from . import live, style_settings
from .edit_panel import is_animated
from .edit_request import check_frames, edited_armature, playing_range
from .generation import Generating
from .mirrored_action import mirroring
from .retimed_action import retiming
from .steps import Work
from .style_request import BlendRequest, RestyleRequest
from .whole_action import ChangeRequest

_LONGEST_EASE_FRAMES = 12


class _OfPlayed(Generating):
    """What is done to the Action that the chosen character plays."""

    @classmethod
    def is_possible(cls, context) -> bool:
        return is_animated(cls, context)


class LIMBER_OT_restyle(_OfPlayed, bpy.types.Operator):
    """Give what the character plays the mood and energy above, in a copy; legs and feet stay"""

    bl_idname = "limber.restyle"
    bl_label = "Apply Mood and Energy"

    def reading(self, context) -> Work[RestyleRequest]:
        return RestyleRequest.reading(context)


class LIMBER_OT_blend_parts(_OfPlayed, bpy.types.Operator):
    """Take the parts that are chosen under Edit from the other Action, in a copy; all else stays"""

    bl_idname = "limber.blend_parts"
    bl_label = "Blend Parts"

    @classmethod
    def is_possible(cls, context) -> bool:
        if context.scene.limber_style.other is None:
            cls.poll_message_set("Choose the other Action first")
            return False
        return super().is_possible(context)

    def reading(self, context) -> Work[BlendRequest]:
        return BlendRequest.reading(context)


class LIMBER_OT_retime(_OfPlayed, bpy.types.Operator):
    """Play it faster or slower, in a copy: of the frames that are chosen under Edit, what follows
    moving with them, or of all. Keys stay keys, and planted feet stay planted"""

    bl_idname = "limber.retime"
    bl_label = "Retime"

    def request(self, context) -> ChangeRequest:
        warp, title = _asked_warp(context)
        return ChangeRequest.of(context, title, lambda armature, curves: retiming(curves, warp))


class LIMBER_OT_mirror(_OfPlayed, bpy.types.Operator):
    """Exchange left and right, on the character's own bones, in a copy of the Action"""

    bl_idname = "limber.mirror"
    bl_label = "Mirror"

    def request(self, context) -> ChangeRequest:
        return ChangeRequest.of(context, "mirrored", mirroring)


def _asked_warp(context) -> tuple[TimeWarp, str]:
    """The change of pace that the panel asks for, and its name: a whole number of frames."""
    asked, edit = context.scene.limber_style, context.scene.limber_edit
    armature = edited_armature(context)
    start, end = playing_range(armature)
    first, last = edit.frames_in((start, end))
    check_frames(armature, first, last)
    ease = 0.0
    if (first, last) != (start, end):
        ease = ease_of(last - first, _LONGEST_EASE_FRAMES)
    if asked.retime == "LENGTH":
        length, title = asked.length - 1, f"{asked.length} frames long"
    else:
        whole = TimeWarp.at_speed(first, last, asked.factor, ease)
        length, title = round(last - first + whole.longer), f"{asked.factor:.3g} times as fast"
    return TimeWarp.to_length(first, last, length, ease), title


class LIMBER_PT_style(bpy.types.Panel):
    bl_idname = "LIMBER_PT_style"
    bl_label = "Style and Timing"
    bl_category = "Limber"
    bl_parent_id = "LIMBER_PT_generate"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw_header(self, context):
        # What is asked here counts for all that is generated, also while the panel is closed.
        if not context.scene.limber_style.style.is_plain:
            self.layout.label(text="", icon="SHADERFX")

    def draw(self, context):
        asked, layout = context.scene.limber_style, self.layout
        layout.enabled = live.current() is None
        layout.use_property_split, layout.use_property_decorate = True, False
        layout.prop(asked, "mood")
        layout.prop(asked, "energy", slider=True)
        layout.prop(asked, "speed", slider=True)
        layout.operator(LIMBER_OT_restyle.bl_idname, icon="SHADERFX")
        layout.separator()
        column = layout.column(align=True)
        row = column.row(align=True)
        row.use_property_split = False
        row.prop(asked, "retime", text="")
        row.prop(asked, "length" if asked.retime == "LENGTH" else "factor", text="")
        column.operator(LIMBER_OT_retime.bl_idname, icon="TIME")
        layout.operator(LIMBER_OT_mirror.bl_idname, icon="MOD_MIRROR")
        layout.separator()
        layout.prop(asked, "other")
        layout.prop(asked, "weight", slider=True)
        layout.operator(LIMBER_OT_blend_parts.bl_idname, icon="SELECT_INTERSECT")


_CLASSES = (
    LIMBER_OT_restyle,
    LIMBER_OT_blend_parts,
    LIMBER_OT_retime,
    LIMBER_OT_mirror,
    LIMBER_PT_style,
)


def register() -> None:
    style_settings.register()
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
    style_settings.unregister()

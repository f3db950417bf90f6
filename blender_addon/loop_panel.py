"""The panel's part for loops: generated ones, and rounds of what a character plays."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty, IntProperty, PointerProperty

from . import live
from .edit_panel import is_animated
from .generation import Generating
from .loop_request import ActionLoopRequest, LoopRequest
from .steps import Work


class LimberLoopSettings(bpy.types.PropertyGroup):
    """How a motion closes; stored with the scene."""

    kind: EnumProperty(
        name="Loop",
        description="Where a round ends",
        items=[
            ("TRAVELLING", "Travelling", "As far on as a round leads; the next one begins there"),
            ("IN_PLACE", "In Place", "Where it began"),
        ],
    )
    frames: IntProperty(
        name="Round",
        description="Frames of a round of an Action; 0 takes what closes best",
        default=0,
        min=0,
        soft_max=300,
    )


class LIMBER_OT_generate_loop(Generating, bpy.types.Operator):
    """Generate a motion from the prompt that ends as it begins, in pose and speed, and repeats"""

    bl_idname = "limber.generate_loop"
    bl_label = "Generate Loop"

    def request(self, context) -> LoopRequest:
        return LoopRequest.read(context)


class LIMBER_OT_loop_action(Generating, bpy.types.Operator):
    """Make a round of what the character plays that ends as it begins, and repeats; of the frames
    that are chosen under Edit, or of all"""

    bl_idname = "limber.loop_action"
    bl_label = "Loop the Action"

    @classmethod
    def is_possible(cls, context) -> bool:
        return is_animated(cls, context)

    def reading(self, context) -> Work[ActionLoopRequest]:
        return ActionLoopRequest.reading(context)


class LIMBER_PT_loop(bpy.types.Panel):
    bl_idname = "LIMBER_PT_loop"
    bl_label = "Loop"
    bl_category = "Limber"
    bl_parent_id = "LIMBER_PT_generate"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        asked, layout = context.scene.limber_loop, self.layout
        layout.enabled = live.current() is None
        layout.row().prop(asked, "kind", expand=True)
        layout.operator(LIMBER_OT_generate_loop.bl_idname, icon="ARMATURE_DATA")
        column = layout.column(align=True)
        column.prop(asked, "frames")
        column.operator(LIMBER_OT_loop_action.bl_idname, icon="FILE_REFRESH")


_CLASSES = (
    LimberLoopSettings,
    LIMBER_OT_generate_loop,
    LIMBER_OT_loop_action,
    LIMBER_PT_loop,
)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.limber_loop = PointerProperty(type=LimberLoopSettings)


def unregister() -> None:
    del bpy.types.Scene.limber_loop
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

"""The Limber panel in the 3D View's sidebar, and the settings that it shows."""

import bpy
from bpy.props import FloatProperty, IntProperty, PointerProperty, StringProperty

from motion_engine.command import LONGEST_SECONDS, SHORTEST_SECONDS

from . import generation


class LimberSettings(bpy.types.PropertyGroup):
    """What the panel asks for; stored with the scene."""

    prompt: StringProperty(
        name="Prompt",
        description="What the character does, in plain English",
        default="a person walks forward and waves",
    )
    seconds: FloatProperty(
        name="Seconds",
        description="Length of the motion",
        default=4.0,
        min=SHORTEST_SECONDS,
        max=LONGEST_SECONDS,
        unit="TIME_ABSOLUTE",
    )
    seed: IntProperty(
        name="Seed", description="Another number gives another take", default=0, min=0
    )


class LIMBER_PT_generate(bpy.types.Panel):
    bl_idname = "LIMBER_PT_generate"
    bl_label = "Limber"
    bl_category = "Limber"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        settings = context.scene.limber
        layout = self.layout
        column = layout.column()
        column.enabled = generation.live() is None
        column.prop(settings, "prompt", text="")
        row = column.row(align=True)
        row.prop(settings, "seconds")
        row.prop(settings, "seed")
        generation.draw_generation(layout)
        if generation.MODEL.is_loaded:
            layout.operator(generation.LIMBER_OT_unload_model.bl_idname)


_CLASSES = (LimberSettings, LIMBER_PT_generate)


def register() -> None:
    generation.register()
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.limber = PointerProperty(type=LimberSettings)


def unregister() -> None:
    del bpy.types.Scene.limber
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
    generation.unregister()

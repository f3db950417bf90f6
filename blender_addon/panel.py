"""The Limber panel in the 3D View's sidebar."""

from __future__ import annotations

import bpy
from bl_ui.utils import PresetPanel

from . import (
    edit_panel,
    generation,
    live,
    model_care,
    planning_ahead,
    preferences,
    readiness,
    settings,
    takes,
    takes_panel,
    torch_loading,
)
from .asked_plans import generate_asked
from .planning_ahead import plan_ahead
from .prompt_help import draw_understanding
from .translations import translated

_MAIN = "LIMBER_PT_generate"


class LIMBER_PT_presets(PresetPanel, bpy.types.Panel):
    """Settings kept under a name"""

    bl_label = "Limber Presets"
    preset_subdir = settings.LIMBER_OT_add_preset.preset_subdir
    preset_operator = "script.execute_preset"
    preset_add_operator = settings.LIMBER_OT_add_preset.bl_idname


class _InSidebar:
    bl_category = "Limber"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"


class LIMBER_PT_generate(_InSidebar, bpy.types.Panel):
    bl_idname = _MAIN
    bl_label = "Limber"

    def draw_header_preset(self, context):
        LIMBER_PT_presets.draw_panel_header(self.layout)

    def draw(self, context):
        asked, layout = context.scene.limber, self.layout
        column = layout.column()
        column.enabled = live.current() is None
        row = column.row(align=True)
        row.prop(asked, "prompt", text="")
        row.menu(settings.LIMBER_MT_prompts.bl_idname, text="", icon="DOWNARROW_HLT")
        plan = plan_ahead(generate_asked, context)
        draw_understanding(column, asked.prompt, plan)
        readiness.rig_line(context).draw(column)
        row = column.row(align=True)
        row.prop(asked, "length", text="")
        if asked.length == "SECONDS":
            row.prop(asked, "seconds", text="")
        row = column.row(align=True)
        row.prop(asked, "seed")
        row.operator(settings.LIMBER_OT_new_seed.bl_idname, text="", icon="FILE_REFRESH")
        draw_generation(layout)


class LIMBER_PT_takes_asked(_InSidebar, bpy.types.Panel):
    bl_idname = "LIMBER_PT_takes_asked"
    bl_label = "Variations"
    bl_parent_id = _MAIN
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        asked, layout = context.scene.limber, self.layout
        layout.use_property_split = True
        layout.enabled = live.current() is None
        layout.use_property_decorate = False
        layout.prop(asked, "variations")
        layout.prop(asked, "temperature", slider=True)
        layout.prop(asked, "guidance", slider=True)
        if model_care.has_flow(preferences.Preferences.read().model.name):
            layout.prop(asked, "quality")


class LIMBER_PT_placement(_InSidebar, bpy.types.Panel):
    bl_idname = "LIMBER_PT_placement"
    bl_label = "Placement"
    bl_parent_id = _MAIN
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        layout = self.layout
        layout.use_property_split = True
        layout.enabled = live.current() is None
        layout.use_property_decorate = False
        layout.prop(context.scene.limber, "start")
        for name in ("root", "limbs", "contacts", "fewer_keys"):
            layout.prop(context.scene.limber_retarget, name)


class LIMBER_PT_model(_InSidebar, bpy.types.Panel):
    bl_idname = "LIMBER_PT_model"
    bl_label = "Model"
    bl_parent_id = _MAIN
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        for line in readiness.model_lines():
            line.draw(self.layout)
        self.layout.operator(model_care.LIMBER_OT_unload_model.bl_idname, icon="TRASH")


def draw_generation(layout) -> None:
    """The button, or how far the motion is and how to stop it."""
    running = live.current()
    if running is None:
        if torch_loading.is_loading():
            layout.label(text="Loading torch", icon="SORTTIME")
        row = layout.row()
        row.scale_y = 1.4
        row.operator(generation.LIMBER_OT_generate.bl_idname, icon="ARMATURE_DATA")
        return
    text = _progress(running)
    if hasattr(layout, "progress"):
        layout.progress(factor=running.fraction, text=text)
    else:
        layout.label(text=text, icon="SORTTIME")
    for line in readiness.full_gpu_lines():
        line.draw(layout)
    layout.operator(generation.LIMBER_OT_cancel_generation.bl_idname, icon="X")


def _progress(running: live.LiveGeneration) -> str:
    job = running.job
    if running.is_waiting:
        return translated("Ready; leave this mode to receive it")
    if job is None:
        return translated("Reading the rig")
    if running.is_at_scene or not (job.total or running.request.order.needs_model):
        return translated("Writing the keys")
    if not job.total:
        return translated("Loading torch" if torch_loading.is_loading() else "Loading the model")
    done, left = {"done": job.done, "total": job.total}, job.seconds_left()
    if left is None:
        return translated("{done} of {total} frames", **done)
    return translated("{done} of {total} frames, {left} s left", **done, left=round(left))


_CLASSES = (
    LIMBER_PT_presets,
    LIMBER_PT_generate,
    LIMBER_PT_takes_asked,
    LIMBER_PT_placement,
    LIMBER_PT_model,
)


def register() -> None:
    for module in (preferences, settings, model_care, takes, generation):
        module.register()
    for cls in _CLASSES[:2]:
        bpy.utils.register_class(cls)
    takes_panel.register()
    edit_panel.register()
    for cls in _CLASSES[2:]:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_CLASSES[2:]):
        bpy.utils.unregister_class(cls)
    edit_panel.unregister()
    takes_panel.unregister()
    for cls in reversed(_CLASSES[:2]):
        bpy.utils.unregister_class(cls)
    readiness.unregister()
    planning_ahead.unregister()
    for module in (generation, takes, model_care, settings, preferences):
        module.unregister()

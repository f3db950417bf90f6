"""The panel's part for pins: a list, and buttons that add, remove and apply them."""

from __future__ import annotations

import bpy

from motion_engine.errors import LimberError

from . import live, pins
from .armature import read_mapping
from .edit_panel import is_animated
from .generation import Generating
from .pin_edit import PinRequest
from .pins import ORIGIN, effector_of, is_selected
from .request import chosen_armature


class LIMBER_OT_add_pin(bpy.types.Operator):
    """Tie the selected bones' hand, foot or head to the selected Empty, object or vertex"""

    bl_idname = "limber.add_pin"
    bl_label = "Add Pin"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        if chosen_armature(context) is None:
            cls.poll_message_set("Select a character, a bone of it, and an Empty or object")
            return False
        return True

    def execute(self, context):
        try:
            armature = chosen_armature(context)
            target, effectors = _selected_target(context, armature), _selected_effectors(armature)
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        listed, (first, last) = context.scene.limber_pins, _frames(context.scene)
        for effector in effectors:
            item = listed.items.add()
            item.rig, item.effector, item.target = armature, effector, target
            item.vertex, item.first, item.last = _selected_vertex(target), first, last
        listed.index = len(listed.items) - 1
        return {"FINISHED"}


class LIMBER_OT_remove_pin(bpy.types.Operator):
    """Remove this pin from the list"""

    bl_idname = "limber.remove_pin"
    bl_label = "Remove Pin"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        if context.scene.limber_pins.active is None:
            cls.poll_message_set("There is no pin")
            return False
        return True

    def execute(self, context):
        listed = context.scene.limber_pins
        listed.items.remove(listed.index)
        listed.index = max(0, min(listed.index, len(listed.items) - 1))
        return {"FINISHED"}


class LIMBER_OT_apply_pins(Generating, bpy.types.Operator):
    """Lead the limbs of what the character plays to their pins, in a copy of its Action; all else
    stays"""

    bl_idname = "limber.apply_pins"
    bl_label = "Apply Pins"

    @classmethod
    def is_possible(cls, context) -> bool:
        if not context.scene.limber_pins.items:
            cls.poll_message_set("Add a pin first")
            return False
        return is_animated(cls, context)

    def request(self, context) -> PinRequest:
        return PinRequest.read(context)


class LIMBER_UL_pins(bpy.types.UIList):
    """One line for each pin"""

    bl_idname = "LIMBER_UL_pins"

    def draw_item(self, context, layout, data, item, icon, active_data, active_property, index=0):
        row = layout.split(factor=0.45, align=True)
        row.prop(item, "effector", text="", emboss=False)
        row.label(text=item.target.name if item.target else "?", translate=False)
        row.label(text=f"{item.first} - {item.last}", translate=False)


class LIMBER_PT_pins(bpy.types.Panel):
    bl_idname = "LIMBER_PT_pins"
    bl_label = "Pins"
    bl_parent_id = "LIMBER_PT_generate"
    bl_category = "Limber"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        layout, listed = self.layout, context.scene.limber_pins
        layout.enabled = live.current() is None
        row = layout.row()
        row.template_list(*(LIMBER_UL_pins.bl_idname, "", listed, "items", listed, "index"), rows=3)
        buttons = row.column(align=True)
        buttons.operator(LIMBER_OT_add_pin.bl_idname, text="", icon="ADD")
        buttons.operator(LIMBER_OT_remove_pin.bl_idname, text="", icon="REMOVE")
        if listed.active is not None:
            draw_pin(layout, listed.active)
        layout.operator(LIMBER_OT_apply_pins.bl_idname, icon="PINNED")


def draw_pin(layout, pin: pins.LimberPin) -> None:
    """One pin's settings."""
    column = layout.column()
    column.use_property_split, column.use_property_decorate = True, False
    column.prop(pin, "rig")
    column.prop(pin, "target")
    if pin.target is not None and pin.target.type == "MESH":
        column.prop(pin, "vertex")
    row = column.row(align=True)
    row.prop(pin, "first", text="Frames")
    row.prop(pin, "last", text="")


def _selected_target(context, armature: bpy.types.Object) -> bpy.types.Object:
    """The selected object that is neither the character nor its mesh."""
    found = [
        item
        for item in context.selected_objects
        if item != armature and item.find_armature() != armature
    ]
    if len(found) != 1:
        raise LimberError(
            f"{len(found) or 'No'} objects are selected beside {armature.name}; select the one "
            "Empty or object that is the place."
        )
    return found[0]


def _selected_effectors(armature: bpy.types.Object) -> list[str]:
    """The hands, feet and head that the selected bones belong to."""
    chosen = [bone.name for bone in armature.pose.bones if is_selected(bone)]
    mapping = read_mapping(armature)
    found = {effector_of(mapping, name) for name in chosen} - {""}
    if not found:
        raise LimberError(
            f"No bone of a hand, a foot or the head of {armature.name} is selected; select one in "
            "Pose Mode."
        )
    return sorted(found)


def _selected_vertex(target: bpy.types.Object) -> int:
    """The first selected vertex of a mesh; its origin where none, or all, are selected."""
    if target.type != "MESH":
        return ORIGIN
    target.update_from_editmode()
    chosen = [vertex.index for vertex in target.data.vertices if vertex.select]
    return ORIGIN if len(chosen) in (0, len(target.data.vertices)) else chosen[0]


def _frames(scene: bpy.types.Scene) -> tuple[int, int]:
    """The preview range, else a second from the current frame on."""
    if scene.use_preview_range:
        return scene.frame_preview_start, scene.frame_preview_end
    seconds = round(scene.render.fps / scene.render.fps_base)
    return scene.frame_current, scene.frame_current + seconds


_CLASSES = (
    LIMBER_OT_add_pin,
    LIMBER_OT_remove_pin,
    LIMBER_OT_apply_pins,
    LIMBER_UL_pins,
    LIMBER_PT_pins,
)


def register() -> None:
    pins.register()
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
    pins.unregister()

"""Takes in the panel: try, accept, reject, ask for more, hand on to the NLA editor and as assets."""

from __future__ import annotations

import bpy

from motion_engine.errors import LimberError

from . import live, takes
from .delivery import mark_as_asset, push_to_nla
from .generation import LIMBER_OT_again, LIMBER_OT_vary
from .request import check_drivable, chosen_armature


def generated_action(context) -> bpy.types.Action | None:
    """The Action that the chosen armature plays, if Limber made or described it."""
    armature = chosen_armature(context)
    animation = armature.animation_data if armature is not None else None
    action = animation.action if animation is not None else None
    is_ours = action is not None and ("prompt" in action or "description" in action)
    return action if is_ours else None


class _OnTakes:
    """Operators on open takes; one undo step each."""

    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        if live.current() is not None:
            cls.poll_message_set("A motion is being made; wait for it or cancel it")
            return False
        return cls.is_possible(context)

    @classmethod
    def is_possible(cls, context) -> bool:
        """Whether there is what is acted on; says so if not."""
        armature = chosen_armature(context)
        if armature is not None and armature.limber_takes.is_open:
            return True
        cls.poll_message_set("Select a character with open takes first")
        return False

    def execute(self, context):
        armature = chosen_armature(context)
        try:
            check_drivable(armature)
            self.report({"INFO"}, self.act(context, armature))
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


class LIMBER_OT_accept_take(_OnTakes, bpy.types.Operator):
    """Keep the chosen take and drop the others; the Action of before stays in the file"""

    bl_idname = "limber.accept_take"
    bl_label = "Accept"

    def act(self, context, armature) -> str:
        return f"Kept {takes.accept(armature).name}"


class LIMBER_OT_reject_takes(_OnTakes, bpy.types.Operator):
    """Drop all takes and restore exactly what was there before"""

    bl_idname = "limber.reject_takes"
    bl_label = "Reject"

    def act(self, context, armature) -> str:
        name = armature.name
        takes.reject(armature, context.scene)
        return f"{name} is as before"


class _OnGenerated(_OnTakes):
    @classmethod
    def is_possible(cls, context) -> bool:
        if generated_action(context) is not None:
            return True
        cls.poll_message_set("Select a character that plays a generated motion first")
        return False


class LIMBER_OT_push_to_nla(_OnGenerated, bpy.types.Operator):
    """Keep the motion as a strip in the NLA editor; an open take counts as accepted"""

    bl_idname = "limber.push_to_nla"
    bl_label = "Push to NLA"

    def act(self, context, armature) -> str:
        if armature.limber_takes.is_open:
            takes.accept(armature)
        return f"Strip {push_to_nla(armature).name}"


class LIMBER_OT_mark_as_asset(_OnGenerated, bpy.types.Operator):
    """Offer the motion in the asset browser, with a picture, tags and the prompt"""

    bl_idname = "limber.mark_as_asset"
    bl_label = "Mark as Asset"

    def act(self, context, armature) -> str:
        action = generated_action(context)
        mark_as_asset(action, armature)
        return f"{action.name} is an asset"


class LIMBER_UL_takes(bpy.types.UIList):
    """One line for each take; click to try it"""

    bl_idname = "LIMBER_UL_takes"

    def draw_item(self, context, layout, data, item, icon, active_data, active_property, index=0):
        is_tried = index == data.index
        row = layout.row(align=True)
        row.label(text="", icon="RADIOBUT_ON" if is_tried else "RADIOBUT_OFF")
        if item.action is None:
            row.label(text="This Action was deleted")
        else:
            number = f"{item.action.get('seed', 0)}.{item.action.get('variation', 0) + 1}"
            row = row.split(factor=0.25)
            row.label(text=number, translate=False)
            row.prop(item.action, "name", text="", emboss=False)


class LIMBER_PT_takes(bpy.types.Panel):
    bl_idname = "LIMBER_PT_takes"
    bl_label = "Takes"
    bl_parent_id = "LIMBER_PT_generate"
    bl_category = "Limber"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    @classmethod
    def poll(cls, context):
        armature = chosen_armature(context)
        is_open = armature is not None and armature.limber_takes.is_open
        return is_open or generated_action(context) is not None

    def draw(self, context):
        layout, open_takes = self.layout, chosen_armature(context).limber_takes
        if open_takes.is_open:
            count = len(open_takes.items)
            layout.template_list(
                *(LIMBER_UL_takes.bl_idname, "", open_takes, "items", open_takes, "index"),
                rows=max(2, min(count, 8)),
            )
            row = layout.row(align=True)
            row.operator(LIMBER_OT_accept_take.bl_idname, icon="CHECKMARK")
            row.operator(LIMBER_OT_reject_takes.bl_idname, icon="X")
        row = layout.row(align=True)
        row.operator(LIMBER_OT_again.bl_idname, icon="FILE_REFRESH")
        row.operator(LIMBER_OT_vary.bl_idname, icon="MOD_NOISE")
        row = layout.row(align=True)
        row.operator(LIMBER_OT_push_to_nla.bl_idname, text="To NLA", icon="NLA_PUSHDOWN")
        row.operator(LIMBER_OT_mark_as_asset.bl_idname, text="As Asset", icon="ASSET_MANAGER")


_CLASSES = (
    LIMBER_OT_accept_take,
    LIMBER_OT_reject_takes,
    LIMBER_OT_push_to_nla,
    LIMBER_OT_mark_as_asset,
    LIMBER_UL_takes,
    LIMBER_PT_takes,
)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

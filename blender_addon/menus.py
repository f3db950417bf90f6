"""Generate where animators look for it: the Action editor, the pose's context menu, a shortcut."""

from __future__ import annotations

import bpy

from .generation import LIMBER_OT_generate

# Free in Blender's own keymap; users change it under Preferences > Keymap.
CHORD = {"type": "M", "value": "PRESS", "ctrl": True, "alt": True}
_keymap_items: list[tuple[bpy.types.KeyMap, bpy.types.KeyMapItem]] = []


def draw_in_action_editor(self, context) -> None:
    """After the menus: the header's other end does not fit into narrow editors."""
    if context.space_data.mode == "ACTION":
        self.layout.operator(LIMBER_OT_generate.bl_idname, text="", icon="ARMATURE_DATA")


def draw_in_pose_menu(self, context) -> None:
    self.layout.separator()
    self.layout.operator(LIMBER_OT_generate.bl_idname, text="Generate Motion", icon="ARMATURE_DATA")


def register() -> None:
    bpy.types.DOPESHEET_MT_editor_menus.append(draw_in_action_editor)
    bpy.types.VIEW3D_MT_pose_context_menu.append(draw_in_pose_menu)
    keyconfig = bpy.context.window_manager.keyconfigs.addon
    if keyconfig is None:  # there is none without a window
        return
    keymap = keyconfig.keymaps.new(name="3D View", space_type="VIEW_3D")
    item = keymap.keymap_items.new(LIMBER_OT_generate.bl_idname, **CHORD)
    _keymap_items.append((keymap, item))


def unregister() -> None:
    for keymap, item in _keymap_items:
        keymap.keymap_items.remove(item)
    _keymap_items.clear()
    bpy.types.VIEW3D_MT_pose_context_menu.remove(draw_in_pose_menu)
    bpy.types.DOPESHEET_MT_editor_menus.remove(draw_in_action_editor)

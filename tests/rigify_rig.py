"""Rigify's basic human, as Blender's own add-on generates it."""

import bpy


def build_rigify(name: str = "Hero") -> bpy.types.Object:
    """The generated rig in the open file, active; its metarig is gone."""
    bpy.ops.preferences.addon_enable(module="rigify")
    bpy.ops.object.armature_basic_human_metarig_add()
    metarig = bpy.context.object
    bpy.ops.pose.rigify_generate()
    rig = bpy.context.object
    rig.name = name
    bpy.data.objects.remove(metarig)
    return rig

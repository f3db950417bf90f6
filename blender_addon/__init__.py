"""Limber in Blender: writes motion onto armatures, builds scenes, and adds the Limber panel.

Importing this package does no work and needs no bpy; its modules do.
"""

bl_info = {
    "name": "Limber",
    "author": "The Limber authors",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "3D Viewport > Sidebar > Limber",
    "description": "Generates human motion from text, on your own machine",
    "category": "Animation",
}


def register():
    from . import panel, retarget_panel

    panel.register()
    retarget_panel.register()


def unregister():
    from . import panel, retarget_panel

    retarget_panel.unregister()
    panel.unregister()

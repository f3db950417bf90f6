"""Asks Blender to draw anew what shows work in progress."""

from __future__ import annotations

import bpy


def redraw(views: bool = False) -> None:
    """The sidebars of all 3D views, and the ``views`` themselves where something moves in them."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                for region in area.regions:
                    if region.type == "UI" or (views and region.type == "WINDOW"):
                        region.tag_redraw()

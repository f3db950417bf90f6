"""Limber in Blender: writes motion onto armatures, builds scenes, and adds the Limber panel.

Importing this package does no work and needs no bpy; its modules do.
"""

# For Blenders before 4.2, which know no extensions; the others read blender_manifest.toml.
bl_info = {
    "name": "Limber",
    "author": "The Limber authors",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "3D Viewport > Sidebar > Limber",
    "description": "Generates human motion from text, on your own machine",
    "category": "Animation",
}

# In the order in which they register. `packages_panel` is in the GPU edition alone.
_MODULES = (
    "panel",
    "direction_panel",
    "pins_panel",
    "timeline_panel",
    "loop_panel",
    "style_panel",
    "retarget_panel",
    "packages_panel",
    "menus",
    "commands",
    "translations",
)


def _modules() -> list:
    from importlib import import_module, util

    names = [f"{__package__}.{name}" for name in _MODULES]
    return [import_module(name) for name in names if util.find_spec(name) is not None]


def register():
    import bpy

    if hasattr(bpy.types, "LIMBER_PT_generate"):
        raise RuntimeError("Another edition of Limber is enabled; disable that one first.")
    for module in _modules():
        module.register()


def unregister():
    for module in reversed(_modules()):
        module.unregister()

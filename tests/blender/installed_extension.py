"""Run by the Python of one Blender: the built zip is installed, generates, goes and comes again.

    BLENDER_USER_RESOURCES=EMPTY_FOLDER .venvs/blender-4.2.23/bin/python -P \\
        tests/blender/installed_extension.py dist/limber-0.1.0.zip

Not on the checkout's path, so that only what the zip brings can be found. No test framework: such a
Blender has none. Any failure ends the script with a traceback or a message.
"""

import importlib
import os
import sys
import time
from importlib import util
from pathlib import Path

import bpy

addon_utils = importlib.import_module("addon_utils")  # found only once bpy is imported

MODULE = "bl_ext.user_default.limber"


def main(archive: Path) -> None:
    if not os.environ.get("BLENDER_USER_RESOURCES"):
        sys.exit("set BLENDER_USER_RESOURCES to an empty folder; your own settings stay untouched")
    if util.find_spec("motion_engine"):
        sys.exit("the engine is found without the extension; run with python -P, no PYTHONPATH")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    installed = bpy.ops.extensions.package_install_files(
        filepath=str(archive.resolve()), repo="user_default", enable_on_install=True
    )
    check(installed == {"FINISHED"}, "installing failed")
    check(MODULE in bpy.context.preferences.addons, "the extension is not enabled")
    import motion_engine

    home = Path(os.environ["BLENDER_USER_RESOURCES"]).resolve()
    check(home in Path(motion_engine.__file__).resolve().parents, "the engine is not the wheel's")
    began = time.perf_counter()
    addon_utils.disable(MODULE, default_set=True)
    check(not hasattr(bpy.types.Scene, "limber"), "unregistering left the settings behind")
    addon_utils.enable(MODULE, default_set=True)
    again = time.perf_counter() - began
    made = generate()
    addon_utils.disable(MODULE, default_set=True)
    check(not hasattr(bpy.types, "LIMBER_PT_generate"), "unregistering left the panel behind")
    addon_utils.enable(MODULE, default_set=True)
    generate()
    check("torch" not in sys.modules, "torch was imported")
    print(
        f"Blender {bpy.app.version_string}: unregistered and registered in {again:.3f} s, "
        f"2 s of motion in {made:.2f} s"
    )


def generate() -> float:
    """Two seconds of motion on a new mannequin, or on the one that is there; seconds taken."""
    scene = bpy.context.scene
    scene.render.fps = 30
    scene.limber.prompt, scene.limber.seconds = "a person walks forward", 2.0
    began = time.perf_counter()
    check(bpy.ops.limber.generate() == {"FINISHED"}, "generating failed")
    seconds = time.perf_counter() - began
    action = bpy.context.object.animation_data.action
    check(tuple(action.frame_range) == (1.0, 60.0), f"keys lie in {tuple(action.frame_range)}")
    return seconds


def check(is_so: bool, message: str) -> None:
    if not is_so:
        sys.exit(message)


main(Path(sys.argv[1]))

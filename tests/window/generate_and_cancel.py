"""Run by a Blender with a window: an animator's first minutes with the add-on, by mouse and keys.

    blender --factory-startup --python tests/window/generate_and_cancel.py -- FOLDER

The add-on is found under the name `limber` among the user's add-ons. Pictures and `report.json` go
into FOLDER.
"""

import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))

from window_driver import (
    SETTLE_SECONDS,
    StallMeter,
    Step,
    Window,
    enable,
    is_generating,
    run,
    scene_state,
)

LONG_SECONDS, SHORT_SECONDS = 60.0, 4.0


def steps(window: Window) -> Step:
    yield from enable(window)
    window.screenshot("panel")
    yield from cancelled(window, "escape")  # also while the model is being loaded
    yield from cancelled(window, "cancel_button")
    yield from generated_and_undone(window)
    yield from added_cube(window)
    window.report["torch"] = "torch" in sys.modules


def ask_for(window: Window, seconds: float) -> Step:
    """Sets the length; returns where Generate is."""
    bpy.context.scene.limber.seconds = seconds
    yield SETTLE_SECONDS
    spot = yield from window.find_button("limber.generate")
    return spot


def start(window: Window, spot: tuple[float, float]) -> Step:
    yield from window.point(*spot, "click", "1")
    yield from window.wait(is_generating, "Generate was clicked and works")


def cancelled(window: Window, how: str) -> Step:
    """Generate, Cancel: nothing has changed, and the window answered meanwhile."""
    before = scene_state()
    spot = yield from ask_for(window, LONG_SECONDS)
    yield from start(window, spot)
    yield 1.0
    if how == "cancel_button":
        window.screenshot("running")
        x, y = yield from window.find_button("limber.cancel_generation", near=spot[1])
        press = window.point(x, y, "click", "1")
    else:
        press = window.press_key("Escape")
    was_running = is_generating()
    yield from press
    waited = yield from window.wait(lambda: not is_generating(), f"{how} ends it", 10.0)
    yield 0.3
    window.report[how] = {
        "was_running": was_running,
        "seconds": round(waited + 2 * SETTLE_SECONDS, 3),
        "left_nothing": scene_state() == before,
    }
    window.screenshot(how)


def generated_and_undone(window: Window) -> Step:
    """Generate to the end, look at it, and take it back with Ctrl Z."""
    before = scene_state()
    spot = yield from ask_for(window, SHORT_SECONDS)
    with StallMeter() as meter:
        yield from start(window, spot)
        taken = yield from window.wait(lambda: not is_generating(), "the motion is made")
        yield 0.3
    after = scene_state()
    window.report["generated"] = {
        "seconds": round(taken, 2),
        "stalls": meter.report(),
        "new_objects": sorted(set(after["objects"]) - set(before["objects"])),
        "new_actions": sorted(set(after["names"]["actions"]) - set(before["names"]["actions"])),
    }
    bpy.context.scene.frame_set(round(0.45 * bpy.context.scene.render.fps * SHORT_SECONDS))
    with window.override():
        bpy.ops.view3d.view_orbit(angle=0.7, type="ORBITLEFT")
        bpy.ops.view3d.view_all()
    yield 0.5
    window.screenshot("generated")
    yield from window.press_key("ctrl+z")
    yield 1.0
    window.screenshot("undone")
    window.report["undone"] = scene_state() == before
    if not window.report["undone"]:
        window.report["before"], window.report["after_undo"] = before, scene_state()


def added_cube(window: Window) -> Step:
    """What Blender itself stalls for the least that can be added, to compare with."""
    with StallMeter() as meter:
        bpy.ops.mesh.primitive_cube_add("EXEC_DEFAULT", True)  # an undo step, too
        yield 1.0
    window.report["cube"] = meter.report()


run(steps, Path(sys.argv[sys.argv.index("--") + 1]))

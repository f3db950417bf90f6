"""Run by a Blender with a window: the GPU edition, its packages in the user's folder.

blender --factory-startup --python tests/window/gpu_edition.py -- FOLDER
"""

import sys
from importlib import util
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))

from window_driver import StallMeter, Step, Window, enable, is_generating, run


def steps(window: Window) -> Step:
    yield from enable(window)
    found = util.find_spec("torch")
    window.report["found"] = found is not None and found.origin
    window.report["imported_by_enabling"] = "torch" in sys.modules
    yield from window.open_panel(bpy.types.LIMBER_PT_packages)
    yield 0.3
    window.screenshot("packages")
    yield from dialog(window)
    yield from torch_is_loaded_early(window)
    bpy.context.scene.limber.seconds = 4.0
    spot = yield from window.find_button("limber.generate")
    with StallMeter() as meter:
        yield from window.point(*spot, "click", "1")
        yield from window.wait(is_generating, "Generate was clicked and works")
        taken = yield from window.wait(lambda: not is_generating(), "the motion is made", 180.0)
    window.report |= {
        "seconds": round(taken, 2),
        "stalls": meter.report(),
        "actions": [action.name for action in bpy.data.actions],
        "torch": getattr(sys.modules.get("torch"), "__file__", None),
    }
    bpy.context.scene.frame_set(60)
    with window.override():
        bpy.ops.view3d.view_all()
    yield 0.5
    window.screenshot("generated")


def torch_is_loaded_early(window: Window) -> Step:
    """Another precision than the default model's own is torch's business: the panel says so."""
    loading = sys.modules["limber.torch_loading"]
    with StallMeter() as meter:
        bpy.context.preferences.addons["limber"].preferences.precision = "bf16"
        yield from window.wait(loading.is_loading, "the choice is answered")
        yield 0.2
        window.report["announced"] = loading.is_loading()
        window.screenshot("loading_torch")
        yield from window.wait(lambda: not loading.is_loading(), "torch is loaded", 180.0)
    window.report["loaded_early"] = "motion_engine.models.torch_runtime" in sys.modules
    window.report["loading_stalls"] = meter.report()


def dialog(window: Window) -> Step:
    """What is asked before anything is installed; Esc answers no."""
    view = window.region("WINDOW")
    yield from window.point(view.x + view.width * 0.4, view.y + view.height * 0.6)
    with window.override():
        bpy.ops.limber.add_packages("INVOKE_DEFAULT")
    yield 0.5
    window.screenshot("dialog")
    yield from window.press_key("Escape")
    yield 0.3


run(steps, Path(sys.argv[sys.argv.index("--") + 1]))

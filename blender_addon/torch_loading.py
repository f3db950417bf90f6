"""Torch, imported before the first motion that needs it.

Whichever thread imports it, it keeps Python to itself for up to a second at a time, and the window
with it: better once, early and announced than in the middle of a generation.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from importlib import import_module
from threading import Thread

import bpy

from motion_engine.errors import LimberError

from .generation_job import ModelChoice
from .redrawing import redraw

_RUNTIME = "motion_engine.models.torch_runtime"
_ANNOUNCED_SECONDS = 0.3
_LOOK_SECONDS = 0.1
_thread: Thread | None = None


def load_torch_early(choice: ModelChoice) -> None:
    """Import torch in a thread of its own if this model needs it; returns at once."""
    global _thread
    if bpy.app.background or _RUNTIME in sys.modules or is_loading():
        return
    _thread = Thread(target=_load, args=(choice,), name="limber torch", daemon=True)
    _thread.start()
    if not bpy.app.timers.is_registered(_watch):
        bpy.app.timers.register(_watch, persistent=True)


def is_loading() -> bool:
    return _thread is not None and _thread.is_alive()


def _load(choice: ModelChoice) -> None:
    """In the thread: no bpy."""
    # What is wrong with the model or the packages is said by the generation that needs them.
    with suppress(LimberError, ImportError):
        if _needs_torch(choice):
            time.sleep(_ANNOUNCED_SECONDS)
            import_module(_RUNTIME)


def _needs_torch(choice: ModelChoice) -> bool:
    from motion_engine.codecs.configuration import runs_on_numpy
    from motion_engine.models.model_folder import ModelFolder
    from motion_engine.models.runtimes import choose_runtime

    model = ModelFolder.open(choice.name)
    kinds = (model.token_model.backbone is not None, not runs_on_numpy(model.codec))
    return choose_runtime("auto", choice.device, choice.precision, *kinds) == "torch"


def _watch() -> float | None:
    redraw()
    return _LOOK_SECONDS if is_loading() else None


def unregister() -> None:
    if bpy.app.timers.is_registered(_watch):
        bpy.app.timers.unregister(_watch)

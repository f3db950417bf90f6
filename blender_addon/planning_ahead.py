"""What the model plans for the panel's prompt, known before it is generated.

Drawing must not wait: a worker plans between two redraws, once the settings have settled, and what
it found is remembered.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import bpy

from motion_engine.errors import LimberError

from . import live
from .generation_job import GenerationJob, Progress
from .preferences import Preferences
from .redrawing import redraw
from .request import asked_command
from .spoken_plan import Asked, SpokenPlan, spoken_plan

_LOOK_SECONDS = 0.1
_SETTLED_SECONDS = 0.2
_BUSY_SECONDS = 0.5
_ENDING_SECONDS = 5.0
_REMEMBERED = 64

_found: dict[Asked, SpokenPlan | None] = {}
_wanted: Asked | None = None
_settled: Asked | None = None
_job: tuple[Asked, GenerationJob] | None = None


def plan_ahead(context) -> SpokenPlan | None:
    """The plan of what Generate would make now; None until it is known, or where there is none."""
    global _wanted
    try:
        asked = _asked(context)
    except LimberError:  # which Generate tells
        return None
    if asked not in _found:
        _wanted = asked
        if not bpy.app.timers.is_registered(_look):
            bpy.app.timers.register(_look, first_interval=0.0)
    return _found.get(asked)


def _asked(context) -> Asked:
    style = context.scene.limber_style.style
    command = style.asked(asked_command(context))
    return Asked(Preferences.read().model.name, command, style.pace)


def _look() -> float | None:
    """Called by a timer; seconds until it is to be called again, None once there is nothing more
    to be found out."""
    global _job, _settled
    if _job is not None:
        if not _job[1].poll():
            return _LOOK_SECONDS
        (asked, job), _job = _job, None
        _remember(asked, job)
    if _wanted is None or _wanted in _found:
        return None
    if _is_busy():
        return _BUSY_SECONDS
    if _wanted != _settled:
        _settled = _wanted
        return _SETTLED_SECONDS
    _job = _wanted, GenerationJob(partial(_work, _wanted)).start()
    return _LOOK_SECONDS


def _is_busy() -> bool:
    """Whether a motion is made or played, which planning would hold up."""
    windows = bpy.context.window_manager.windows
    return live.current() is not None or any(w.screen.is_animation_playing for w in windows)


def _work(asked: Asked, progress: Progress) -> tuple[SpokenPlan | None]:
    return (spoken_plan(asked),)  # a job that makes nothing at all never ends


def _remember(asked: Asked, job: GenerationJob) -> None:
    if len(_found) >= _REMEMBERED:
        _found.clear()
    _found[asked] = None
    with suppress(LimberError):  # what is wrong with the model stands under Model
        (_found[asked],) = job.result()
    redraw()


def let_end() -> None:
    """Waits for the worker, if one is at it; only the timer begins anew."""
    if _job is not None:
        _job[1].join(_ENDING_SECONDS)


def unregister() -> None:
    global _wanted, _settled, _job
    if bpy.app.timers.is_registered(_look):
        bpy.app.timers.unregister(_look)
    let_end()
    _wanted = _settled = _job = None
    _found.clear()

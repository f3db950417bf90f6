"""What the model plans for the prompts of the panel, known before anything is generated.

Drawing must not wait: a worker plans between two redraws, once the settings have settled, and what
it found is remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import bpy

from motion_engine.errors import LimberError

from . import live
from .generation_job import GenerationJob, Progress
from .redrawing import redraw
from .spoken_plan import Asked, SpokenPlan, spoken_plan

_LOOK_SECONDS = 0.1
_SETTLED_SECONDS = 0.2
_BUSY_SECONDS = 0.5
_ENDING_SECONDS = 5.0
_REMEMBERED = 64

_found: dict[Asked, SpokenPlan | None] = {}
# By the function that reads it from the scene: one for each part of the panel with a plan.
_wanted: dict[Callable, Asked] = {}
_settled: dict[Callable, Asked] = {}
_job: tuple[Asked, GenerationJob] | None = None


def plan_ahead(ask: Callable[..., Asked | None], *scene) -> SpokenPlan | None:
    """The plan of what would be made of what ``ask`` reads from a ``scene`` now, see
    ``asked_plans``; None until it is known, or where there is none."""
    try:
        asked = ask(*scene)
    except LimberError:  # which the button tells
        asked = None
    if asked is None:
        _wanted.pop(ask, None)
        return None
    _wanted[ask] = asked
    if asked not in _found and not bpy.app.timers.is_registered(_look):
        bpy.app.timers.register(_look, first_interval=0.0)
    return _found.get(asked)


def _look() -> float | None:
    """Called by a timer; seconds until it is to be called again, None once there is nothing more
    to be found out."""
    global _job, _settled
    if _job is not None:
        if not _job[1].poll():
            return _LOOK_SECONDS
        (asked, job), _job = _job, None
        _remember(asked, job)
    asked = next((asked for asked in _wanted.values() if asked not in _found), None)
    if asked is None:
        return None
    if _is_busy():
        return _BUSY_SECONDS
    if _wanted != _settled:
        _settled = dict(_wanted)
        return _SETTLED_SECONDS
    _job = asked, GenerationJob(partial(_work, asked)).start()
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
    global _job
    if bpy.app.timers.is_registered(_look):
        bpy.app.timers.unregister(_look)
    let_end()
    _job = None
    for known in (_wanted, _settled, _found):
        known.clear()

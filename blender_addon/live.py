"""A generation beside the open window: a timer's ticks read what is asked, the worker makes clips,
further ticks write them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import bpy
from bpy.app.handlers import persistent

from motion_engine.errors import LimberError

from . import preview
from .body import default_body
from .clips import make_clips
from .generation_job import GenerationJob, Progress
from .model_care import MODEL
from .preferences import Preferences
from .redrawing import redraw
from .request import Request
from .steps import Steps, Work
from .writings import Writes, writing_of

_WATCHING_SECONDS = 0.1
_READING_SECONDS = _WRITING_SECONDS = 0.04
_ENDING_SECONDS = 5.0
# Each panel that is drawn takes the GIL anew and waits until the worker lets it go: by Python's
# default up to 5 ms each time.
_SWITCH_SECONDS = 0.001
_RIG_MODES = ("OBJECT", "POSE")

# Undo and redo make all references into Blender's data void: reading or writing then begins anew. So
# does writing where its rig is deleted meanwhile.
_undone = 0
_current: LiveGeneration | None = None


class LiveGeneration:
    """The reading of a request, the job that works for it, the ghost that shows it, and the writing
    at its end. ``request`` and ``job`` are None until all is read."""

    def __init__(self, context, read: Callable[[], Work[Request]]):
        self.request: Request | None = None
        self.job: GenerationJob | None = None
        self.is_waiting = False
        self.ghost = preview.Ghost()
        self._manager, self._window = context.window_manager, context.window
        self._timer = self._manager.event_timer_add(_READING_SECONDS, window=self._window)
        self._read = read
        self._writing: Writes | None = None
        self._is_onto_rig = False
        self._steps: Steps | None = Steps(read())
        self._undone = _undone
        self._switch_seconds = sys.getswitchinterval()

    def start(self) -> LiveGeneration:
        """Raises LimberError for what can be told at once, and is stopped then."""
        global _current
        _current = self
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            self._advance_reading()
        except BaseException:
            self.stop()
            raise
        return self

    @property
    def is_at_scene(self) -> bool:
        """Whether it reads or writes the scene by and by, which edits would disturb."""
        return self._steps is not None

    @property
    def fraction(self) -> float:
        return self.job.fraction if self.job is not None else 0.0

    def tick(self, context) -> tuple[str, str] | None:
        """A little work in the main thread; kind and text of the report once all is written."""
        if self.job is None:
            self._advance_reading()
            return None
        if not self.is_at_scene:
            redraw(self.ghost.wants_redraw(_WATCHING_SECONDS))
        if not self.job.poll():
            return None
        has_rig = self._has_rig(context)
        if self._is_onto_rig and not has_rig:
            self._give_up_writing()
        self.is_waiting = context.mode not in (_RIG_MODES if has_rig else ("OBJECT",))
        if self.is_waiting:
            return None
        if self._steps is None or self._undone != _undone:
            self._writing = writing_of(context, self.request, self.job.result())
            self._steps, self._undone = Steps(self._writing.work()), _undone
            self._is_onto_rig = has_rig
            self._tick_every(_WRITING_SECONDS)
        if not self._steps.advance(_WRITING_SECONDS):
            return None
        self._writing = None
        return self._steps.result

    def _advance_reading(self) -> None:
        """Goes on reading; once all is read, the worker begins."""
        if self._undone != _undone:
            self._steps, self._undone = Steps(self._read()), _undone
        if not self._steps.advance(_READING_SECONDS):
            return
        self.request, self._steps = self._steps.result, None
        self.job = GenerationJob(partial(_work, self.request, self.ghost)).start()
        self.ghost.appear(Preferences.read().ghost)
        self._tick_every(_WATCHING_SECONDS)

    def _tick_every(self, seconds: float) -> None:
        self._manager.event_timer_remove(self._timer)
        self._timer = self._manager.event_timer_add(seconds, window=self._window)

    def stop(self) -> None:
        """End it, whatever it is at; what it has written of unfinished takes is taken back."""
        global _current
        if self.job is not None:
            self.job.cancel()
        sys.setswitchinterval(self._switch_seconds)
        self.ghost.vanish()
        self._manager.event_timer_remove(self._timer)
        self._give_up_writing()
        if _current is self:
            _current = None

    def _has_rig(self, context) -> bool:
        """Whether there is a rig to write onto."""
        try:
            return self.request.find_rig(context) is not None
        except LimberError:
            return False

    def _give_up_writing(self) -> None:
        """What has been written of unfinished takes is taken back, unless an undo has done so."""
        if self._writing is not None and self._undone == _undone:
            self._steps.abandon()
            self._writing.take_back()
        self._writing, self._steps, self._is_onto_rig = None, None, False


def _work(request: Request, ghost: preview.Ghost, progress: Progress) -> tuple:
    """In the worker thread: the clips, and the numbers of a mannequin that will be needed."""
    clips = make_clips(request.order, MODEL, progress, ghost.add)
    if request.rig is None:
        default_body()
    return clips


def current() -> LiveGeneration | None:
    """The generation that runs beside the window, if any."""
    return _current


def stop(context) -> None:
    """Cancel the generation that runs, if any."""
    if _current is not None:
        _current.stop()
        redraw(views=True)


@persistent
def _note_undo(*_) -> None:
    global _undone
    _undone += 1


@persistent
def _end_with_the_file(*_) -> None:
    stop(bpy.context)


def register() -> None:
    bpy.app.handlers.undo_post.append(_note_undo)
    bpy.app.handlers.redo_post.append(_note_undo)
    bpy.app.handlers.load_pre.append(_end_with_the_file)


def unregister() -> None:
    job = _current.job if _current is not None else None
    stop(bpy.context)
    if job is not None:
        job.join(_ENDING_SECONDS)
    bpy.app.handlers.load_pre.remove(_end_with_the_file)
    bpy.app.handlers.redo_post.remove(_note_undo)
    bpy.app.handlers.undo_post.remove(_note_undo)

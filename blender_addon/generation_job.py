"""A motion in the making, in a worker thread. No bpy here: Blender's data belong to one thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread

import motion_engine
from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.motion import Motion

Progress = Callable[[int, int], None]

# A job that was cancelled ends with the token frame it is at; the next one waits for that.
_one_at_a_time = Lock()


class Cancelled(Exception):
    """Leaves a generation between two token frames."""


class WarmModel:
    """The model, loaded with its first use and kept until it is unloaded; for any thread."""

    def __init__(self, load: Callable[[], motion_engine.Model] = motion_engine.load):
        self._load = load
        self._model = None
        self._lock = Lock()

    def get(self) -> motion_engine.Model:
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    @property
    def is_loaded(self) -> bool:
        return self._model is not None

    def unload(self) -> None:
        with self._lock:
            self._model = None


def make_motion(command: Command, model: WarmModel, progress: Progress) -> Motion:
    """The finished clip of a command; ``progress`` hears of motion frames made and asked.

    Raises LimberError also for what this Blender's Python or this machine lacks.
    """
    try:
        progress(0, 0)
        loaded = model.get()
        span = loaded.codec.downsampling
        return motion_engine.generate_motion(
            command, loaded, lambda done, total: progress(done * span, total * span)
        )
    except ModuleNotFoundError as error:
        raise LimberError(
            f"The model needs {error.name}, which this Blender's Python lacks."
        ) from error
    except MemoryError as error:
        raise LimberError("The memory is full; close other programs, or ask for less.") from error


class GenerationJob:
    """One motion, made by a thread of its own and watched by the thread that starts it.

    ``make(progress)`` returns the motion. ``done`` and ``total`` are motion frames as of the last
    :meth:`poll`; ``total`` is 0 until the model is at work.
    """

    def __init__(self, make: Callable[[Progress], Motion]):
        self.done = self.total = 0
        self._make = make
        self._messages: SimpleQueue = SimpleQueue()
        self._outcome: Motion | BaseException | None = None
        self._first_frame_at: float | None = None
        self._is_cancelled = Event()
        self._thread = Thread(target=self._work, name="limber generation", daemon=True)

    def start(self) -> GenerationJob:
        self._thread.start()
        return self

    def poll(self) -> bool:
        """Takes in what the worker has sent; True once there is a result."""
        while self._outcome is None:
            try:
                message = self._messages.get_nowait()
            except Empty:
                return False
            if isinstance(message, tuple):
                self.done, self.total = message
                if self.done and self._first_frame_at is None:
                    self._first_frame_at = time.monotonic()
            else:
                self._outcome = message
        return True

    def result(self) -> Motion:
        """The motion; raises what the worker raised: LimberError, Cancelled, or a fault of ours."""
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        if self._outcome is None:
            raise RuntimeError("there is no result before poll() returns True")
        return self._outcome

    def cancel(self) -> None:
        """Ask the worker to end with the token frame it is at; returns at once."""
        self._is_cancelled.set()

    def join(self, seconds: float) -> bool:
        """Waits for the worker; True if it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def fraction(self) -> float:
        return self.done / self.total if self.total else 0.0

    def seconds_left(self) -> float | None:
        """As long as the rest takes at the pace so far; None while there is no telling."""
        if self._first_frame_at is None or not self.fraction:
            return None
        elapsed = time.monotonic() - self._first_frame_at
        return elapsed * (1.0 - self.fraction) / self.fraction

    def _work(self) -> None:
        try:
            with _one_at_a_time:
                outcome = self._make(self._progress)
        except BaseException as error:  # noqa: BLE001 (result() raises it in the other thread)
            outcome = error
        self._messages.put(outcome)

    def _progress(self, done: int, total: int) -> None:
        if self._is_cancelled.is_set():
            raise Cancelled
        self._messages.put((done, total))

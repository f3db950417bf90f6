"""Work of the model in a worker thread. No bpy here: Blender's data belong to one thread.

Nor must the main thread call an operator with an overridden context while a worker is at it: where
Python is older than 3.12 (Blender up to 5.0), Blender then takes the worker's hold of the GIL for
its own, reads the override without it, and may crash.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from types import FunctionType, ModuleType
from typing import Generic, TypeVar

import numpy as np

import motion_engine
from motion_engine.errors import GPUMemoryFull, LimberError
from motion_engine.models.places import Place, at_smaller_places

Progress = Callable[[int, int], None]
Result = TypeVar("Result")

# A job that was cancelled ends with the token frame it is at; the next one waits for that.
_one_at_a_time = Lock()


class Cancelled(Exception):
    """Leaves a generation between two token frames."""


@dataclass(frozen=True)
class ModelChoice:
    """Which model to load, and where it computes; see :func:`motion_engine.load`."""

    name: str = "default"
    device: str = "auto"
    precision: str = "fp32"
    flow_steps: int | None = None


def _load(choice: ModelChoice) -> motion_engine.Model:
    try:
        return motion_engine.load(
            choice.name,
            device=choice.device,
            precision=choice.precision,
            flow_steps=choice.flow_steps,
        )
    except GPUMemoryFull:
        raise
    except LimberError as error:
        if choice.name == ModelChoice.name:
            raise
        raise LimberError(f"The preferences' model folder cannot be used: {error}") from error


class WarmModel:
    """The model, loaded with its first use and kept until it is unloaded; for any thread.

    ``smaller`` is where it computes since the memory of a GPU was full, until it is unloaded or
    another one is chosen; None where it computes as chosen.
    """

    def __init__(self, load: Callable[[ModelChoice], motion_engine.Model] = _load):
        self.memory_bytes = 0
        self.smaller: Place | None = None
        self._load = load
        self._asked = self._choice = self._loaded_choice = ModelChoice()
        self._model = None
        self._used_at = time.monotonic()
        self._lock = Lock()

    def choose(self, choice: ModelChoice) -> None:
        """Another model from the next :meth:`get` on; returns at once."""
        if choice != self._asked:
            self._asked = self._choice = choice
            self.smaller = None

    def use(self, work: Callable[[motion_engine.Model], Result], progress: Progress) -> Result:
        """What ``work`` makes with the model; where the memory of a GPU is full, all of it anew with
        a smaller model or on the CPU, and ``progress`` hears that it is at the start again."""
        asked, smaller = self._choice, self.smaller

        def at(place: Place) -> Result:
            self._choice = replace(asked, device=place.device, precision=place.precision)
            return work(self.get())

        def tell(place: Place) -> None:
            self._model, self.smaller = None, place
            progress(0, 0)

        try:
            return at_smaller_places(at, Place(asked.device, asked.precision), tell)
        except LimberError:
            self._choice, self.smaller = asked, smaller
            raise

    def get(self) -> motion_engine.Model:
        with self._lock:
            self._used_at = time.monotonic()
            model, choice = self._model, self._choice
            if model is None or self._loaded_choice != choice:
                self._model = model = None  # the old one goes before the new one comes
                model = self._load(choice)
                self.memory_bytes = array_bytes(model)
                self._model, self._loaded_choice = model, choice
            return model

    @property
    def is_loaded(self) -> bool:
        return self._model is not None

    @property
    def idle_seconds(self) -> float:
        """How long nobody has asked for the model."""
        return time.monotonic() - self._used_at

    def unload(self) -> None:
        """Returns at once; what is being loaded or is at work stays until it is done."""
        self._model = self.smaller = None
        self._choice = self._asked


def array_bytes(root: object) -> int:
    """Memory of all arrays (and tensors) that can be reached from an object."""
    total, seen, ahead = 0, set(), [root]
    while ahead:
        item = ahead.pop()
        if id(item) in seen or isinstance(item, (type, ModuleType, FunctionType)):
            continue
        seen.add(id(item))
        if isinstance(item, np.ndarray) and isinstance(item.base, np.ndarray):
            ahead.append(item.base)
        elif isinstance(getattr(item, "nbytes", None), int):
            total += item.nbytes
        else:
            ahead.extend(gc.get_referents(item))
    return total


@dataclass(frozen=True)
class _Advance:
    done: int
    total: int


class GenerationJob(Generic[Result]):
    """Something made by a thread of its own and watched by the thread that starts it.

    ``make(progress)`` returns the result. ``done`` and ``total`` are motion frames as of the last
    :meth:`poll`; ``total`` is 0 until the model is at work.
    """

    def __init__(self, make: Callable[[Progress], Result]):
        self.done = self.total = 0
        self._make = make
        self._messages: SimpleQueue = SimpleQueue()
        self._outcome: Result | BaseException | None = None
        self._first_frame_at: float | None = None
        self._is_cancelled = Event()
        self._thread = Thread(target=self._work, name="limber generation", daemon=True)

    def start(self) -> GenerationJob[Result]:
        self._thread.start()
        return self

    def poll(self) -> bool:
        """Takes in what the worker has sent; True once there is a result."""
        while self._outcome is None:
            try:
                message = self._messages.get_nowait()
            except Empty:
                return False
            if isinstance(message, _Advance):
                self.done, self.total = message.done, message.total
                if not self.done:  # also where all begins anew
                    self._first_frame_at = None
                elif self._first_frame_at is None:
                    self._first_frame_at = time.monotonic()
            else:
                self._outcome = message
        return True

    def result(self) -> Result:
        """What was made; raises what the worker raised: LimberError, Cancelled, or a fault of ours."""
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
        self._messages.put(_Advance(done, total))

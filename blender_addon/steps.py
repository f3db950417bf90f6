"""Long work on Blender's data in small steps, so that the window can draw between them.

A function that yields after each small piece of work and returns its result can be run at once by
:func:`finished`, or a little with every tick of a timer by :class:`Steps`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from typing import TypeVar

Result = TypeVar("Result")
Work = Generator[None, None, Result]


def finished(work: Work[Result]) -> Result:
    """Do all of the work now; its result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


class Steps:
    """Work that is done by and by. ``result`` counts once :meth:`advance` has returned True."""

    def __init__(self, work: Work):
        self._work = work
        self.result = None

    def advance(self, seconds: float) -> bool:
        """Do at least one step, then more until the time is up; True once all is done."""
        end = time.perf_counter() + seconds
        try:
            while True:
                next(self._work)
                if time.perf_counter() >= end:
                    return False
        except StopIteration as stop:
            self.result = stop.value
            return True

    def abandon(self) -> None:
        """Give up; the work cleans up after itself."""
        self._work.close()


def inside(surroundings: Callable[[], AbstractContextManager], work: Work[Result]) -> Work[Result]:
    """The work, each step of it inside new ``surroundings``, which have ended between two steps."""
    while True:
        with surroundings():
            try:
                next(work)
            except StopIteration as end:
                return end.value
        yield

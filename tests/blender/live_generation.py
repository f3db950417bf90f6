"""The operators that generate, run as Blender's window runs them, in the background."""

from __future__ import annotations

import time
from types import SimpleNamespace

PATIENCE_SECONDS = 60.0


class Window:
    """What a live operator needs of Blender's context beyond what background mode has."""

    def __init__(self, bpy):
        self.bpy, self.timers = bpy, []
        self.window, self.window_manager = object(), self
        self.windows = ()

    def __getattr__(self, name):
        return getattr(self.bpy.context, name)

    def event_timer_add(self, seconds, window):
        self.timers.append(object())
        return self.timers[-1]

    def event_timer_remove(self, timer):
        self.timers.remove(timer)

    def modal_handler_add(self, operator):
        self.operator = operator


class Live:
    """An operator begun, then called with every event; ``state`` is what it answered last."""

    def __init__(self, bpy, name: str = "LIMBER_OT_generate"):
        from blender_addon.generation import Generating

        self.context, self.reports = Window(bpy), []
        steps = {step: getattr(Generating, step) for step in ("modal", "cancel", "_tell")}
        cls = getattr(bpy.types, name)
        own = ("begin", "reading", "request")
        steps |= {step: getattr(cls, step) for step in own if hasattr(cls, step)}
        self.operator = type("Operator", (), steps)()
        self.operator.report = lambda kind, text: self.reports.append((*kind, text))
        self.state = self.operator.begin(self.context)

    def event(self, kind: str, value: str = "PRESS") -> set[str]:
        self.state = self.operator.modal(self.context, SimpleNamespace(type=kind, value=value))
        return self.state

    def until(self, reached) -> None:
        """Ticks of the timer until something is so."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not reached():
            assert time.monotonic() < end, "nothing happens"
            self.event("TIMER")
            time.sleep(0.005)

    def finish(self) -> set[str]:
        self.until(lambda: self.state <= {"FINISHED", "CANCELLED"})
        return self.state


def contents(bpy) -> tuple:
    """Names of all data that a generation could leave behind."""
    kinds = ("objects", "armatures", "meshes", "materials", "actions", "collections")
    return tuple(tuple(item.name for item in getattr(bpy.data, kind)) for kind in kinds)

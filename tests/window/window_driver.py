"""Drives Blender's own window from inside: a script of steps between which Blender lives on.

Imported by the scripts that run inside Blender. A step is a generator that yields the seconds after
which it wants to go on; until then Blender handles the events that `xdotool` has sent and redraws.
"""

from __future__ import annotations

import json
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import bpy

Step = Iterator[float]

SETTLE_SECONDS = 0.08  # an event is handled and what it changes is drawn
ROW_PIXELS = 8  # less than half a button: no row is missed
NEAR_PIXELS = 60
TICK_SECONDS = 0.005
_WATCHED = ("objects", "meshes", "armatures", "actions", "collections", "materials", "images")


def run(steps: Callable[[Window], Step], folder: Path) -> None:
    """Start the steps with Blender's event loop; writes ``report.json`` and quits after them."""
    window = Window(folder)
    todo = steps(window)

    def go_on() -> float | None:
        try:
            return next(todo)
        except StopIteration:
            window.report["finished"] = True
        except Exception:  # noqa: BLE001 (the report hands it to the test)
            window.report["error"] = traceback.format_exc()
            window.screenshot("error")
        text = json.dumps(window.report, indent=1)
        (folder / "report.json").write_text(text, encoding="utf-8")
        bpy.ops.wm.quit_blender()
        return None

    bpy.context.preferences.view.show_splash = False
    bpy.app.timers.register(go_on, first_interval=1.0, persistent=True)


class Window:
    """The window, its mouse and keyboard. ``report`` is what the test hears of it all."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.report: dict = {"blender": bpy.app.version_string}

    @property
    def area(self) -> bpy.types.Area:
        (screen,) = {window.screen for window in bpy.context.window_manager.windows}
        return max(
            (area for area in screen.areas if area.type == "VIEW_3D"),
            key=lambda area: area.width * area.height,
        )

    def region(self, kind: str) -> bpy.types.Region:
        return next(region for region in self.area.regions if region.type == kind)

    def override(self, kind: str = "WINDOW"):
        """The context in which the 3D view's operators run."""
        (window,) = bpy.context.window_manager.windows
        return bpy.context.temp_override(window=window, area=self.area, region=self.region(kind))

    def point(self, x: float, y: float, *action: str) -> Step:
        """Move the mouse to a point of the window (from its lower left), then press, if asked."""
        (window,) = bpy.context.window_manager.windows
        _xdotool("mousemove", round(x), round(window.height - 1 - y))
        yield SETTLE_SECONDS
        if action:
            _xdotool(*action)
            yield SETTLE_SECONDS

    def press_key(self, key: str) -> Step:
        """A key for the 3D view, with the mouse over it as a user's would be."""
        view = self.region("WINDOW")
        yield from self.point(view.x + view.width * 0.3, view.y + view.height * 0.3, "key", key)

    def open_tab(self, panel: type) -> Step:
        """Click down the sidebar's tabs until a panel is drawn: no API tells where its tab is."""
        drawn = []
        panel.append(lambda self, context: drawn.append(True))
        self.area.spaces.active.show_region_ui = True
        yield 0.5
        sidebar = self.region("UI")
        for down in range(30, sidebar.height, 4 * ROW_PIXELS):
            x, y = sidebar.x + sidebar.width - 10, sidebar.y + sidebar.height - down
            yield from self.point(x, y, "click", "1")
            yield 0.2
            if drawn:
                return
        raise RuntimeError(f"no tab of the sidebar shows {panel.__name__}")

    def find_button(self, operator: str, near: float | None = None) -> Step:
        """Returns where the sidebar has a button for an operator, such as ``limber.generate``.

        Each spot is asked, as a user would with Ctrl C, what the button under the mouse does: from
        the top down, or, first of all, a little above and below the height ``near``.
        """
        sidebar = self.region("UI")
        top = sidebar.y + sidebar.height
        rows = [top - down for down in range(ROW_PIXELS, sidebar.height, ROW_PIXELS)]
        if near is not None:
            rows = [y for y in rows if abs(y - near) < NEAR_PIXELS] + rows
        for across in (0.45, 0.15, 0.75):
            x = sidebar.x + sidebar.width * across
            for y in rows:
                yield from self.point(x, y)
                if self._button_under_mouse().startswith(f"bpy.ops.{operator}("):
                    return x, y
        raise RuntimeError(f"the sidebar has no button for {operator}")

    def _button_under_mouse(self) -> str:
        with self.override("UI"):
            if not bpy.ops.ui.copy_python_command_button.poll():
                return ""
            bpy.ops.ui.copy_python_command_button()
        return bpy.context.window_manager.clipboard

    def wait(self, is_so: Callable[[], bool], what: str, seconds: float = 60.0) -> Step:
        """Until it is so; returns the seconds that took. RuntimeError if it takes too long."""
        began = time.perf_counter()
        while not is_so():
            if time.perf_counter() - began > seconds:
                raise RuntimeError(f"after {seconds:.0f} s still not so: {what}")
            yield 0.01
        return time.perf_counter() - began

    def screenshot(self, name: str) -> None:
        with self.override():
            bpy.ops.screen.screenshot(filepath=str(self.folder / f"{name}.png"))


class StallMeter:
    """When, while it is entered, the window could not have answered: gaps between timer ticks."""

    def __init__(self):
        self._gaps: list[tuple[float, float]] = []
        self._is_running = False

    def longest(self, count: int) -> list[dict]:
        """The longest gaps, and how long after the start each began."""
        return [
            {"ms": round(1000.0 * gap), "after_s": round(start, 2)}
            for gap, start in sorted(self._gaps, reverse=True)[:count]
        ]

    def __enter__(self) -> Self:
        self._began = self._last = time.perf_counter()
        self._is_running = True
        bpy.app.timers.register(self._tick)
        return self

    def __exit__(self, *error) -> None:
        self._tick()
        self._is_running = False

    def _tick(self) -> float | None:
        if not self._is_running:
            return None
        now = time.perf_counter()
        self._gaps.append((now - self._last, self._last - self._began))
        self._last = now
        return TICK_SECONDS


def scene_state() -> dict:
    """What a user would call the scene: equal before and after means that nothing was left."""
    scene = bpy.context.scene
    objects = {
        item.name: [
            [list(row) for row in item.matrix_world],
            item.animation_data.action.name
            if item.animation_data and item.animation_data.action
            else None,
        ]
        for item in bpy.data.objects
    }
    frames = [scene.frame_start, scene.frame_end, scene.frame_current]
    names = {kind: sorted(item.name for item in getattr(bpy.data, kind)) for kind in _WATCHED}
    active = bpy.context.view_layer.objects.active
    return {"objects": objects, "frames": frames, "names": names, "active": active and active.name}


def _xdotool(*arguments: object) -> None:
    subprocess.run(["xdotool", *map(str, arguments)], check=True, timeout=10.0)

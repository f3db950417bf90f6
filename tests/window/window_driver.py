"""Drives Blender's own window from inside: a script of steps between which Blender lives on.

Imported by the scripts that run inside Blender. A step is a generator that yields the seconds after
which it wants to go on; until then Blender handles the events that `xdotool` has sent and redraws.

Nothing here calls an operator with an overridden context while a motion is made: operators then look
into the override without the GIL if any other thread holds it (Blender with Python before 3.12), which
ends in a crash.
"""

from __future__ import annotations

import faulthandler
import json
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import product
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

    faulthandler.enable()  # should Blender crash, its log shows what each thread was at
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
        return region_of(self.area, kind)

    def override(self, kind: str = "WINDOW", area: bpy.types.Area | None = None):
        """The context in which the operators of the 3D view, or of another area, run. Only while
        no motion is made, see above."""
        if is_generating():
            raise RuntimeError("an overridden context beside the working thread is not safe")
        if planning := sys.modules.get("limber.planning_ahead"):
            planning.let_end()
        (window,) = bpy.context.window_manager.windows
        area = area or self.area
        return bpy.context.temp_override(window=window, area=area, region=region_of(area, kind))

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
        self.area.spaces.active.show_region_ui = True
        yield 0.5
        sidebar = self.region("UI")
        x, top = sidebar.x + sidebar.width - 10, sidebar.y + sidebar.height
        spots = [(x, top - down) for down in range(30, sidebar.height, 4 * ROW_PIXELS)]
        yield from self._click_until_drawn(panel, spots)

    def open_panel(self, panel: type) -> Step:
        """Click up the sidebar until a closed panel is drawn: what opens below does not shift it."""
        sidebar = self.region("UI")
        x = sidebar.x + sidebar.width * 0.45
        spots = [(x, sidebar.y + up) for up in range(ROW_PIXELS, sidebar.height, 2 * ROW_PIXELS)]
        yield from self._click_until_drawn(panel, spots)

    def _click_until_drawn(self, panel: type, spots: list[tuple[float, float]]) -> Step:
        drawn = []
        panel.append(lambda self, context: drawn.append(True))
        for x, y in spots:
            yield from self.point(x, y, "click", "1")
            yield 0.1
            if drawn:
                return
        raise RuntimeError(f"no click shows {panel.__name__}")

    def find_button(self, operator: str, near: float | None = None, naming: str = "") -> Step:
        """Returns where the sidebar has a button for an operator, such as ``limber.generate``,
        ``naming`` part of its settings.

        From the top down, or, first of all, a little above and below the height ``near``.
        """
        sidebar = self.region("UI")
        top = sidebar.y + sidebar.height
        rows = [top - down for down in range(ROW_PIXELS, sidebar.height, ROW_PIXELS)]
        if near is not None:
            rows = [y for y in rows if abs(y - near) < NEAR_PIXELS] + rows
        columns = [sidebar.x + sidebar.width * across for across in (0.45, 0.15, 0.75, 0.6)]
        spot = yield from self._hover(operator, product(columns, rows), naming)
        return spot

    def find_in_header(self, operator: str, area: bpy.types.Area) -> Step:
        """Returns where the header of an area has a button for an operator."""
        header = region_of(area, "HEADER")
        columns = range(header.x + ROW_PIXELS, header.x + header.width, ROW_PIXELS)
        spots = product(columns, [header.y + header.height / 2])
        spot = yield from self._hover(operator, spots)
        return spot

    def _hover(self, operator: str, spots: Iterable[tuple[float, float]], naming: str = "") -> Step:
        """Ask each spot with Ctrl C, as a user would, what the button under the mouse does."""
        for x, y in spots:
            bpy.context.window_manager.clipboard = ""
            yield from self.point(x, y, "key", "ctrl+c")
            does = bpy.context.window_manager.clipboard
            if does.startswith(f"bpy.ops.{operator}(") and naming in does:
                return x, y
        raise RuntimeError(f"there is no button for {operator}")

    def wait(self, is_so: Callable[[], bool], what: str, seconds: float = 60.0) -> Step:
        """Until it is so; returns the seconds that took. RuntimeError if it takes too long."""
        began = time.perf_counter()
        while not is_so():
            if time.perf_counter() - began > seconds:
                raise RuntimeError(f"after {seconds:.0f} s still not so: {what}")
            yield 0.01
        return time.perf_counter() - began

    def screenshot(self, name: str) -> None:
        bpy.ops.screen.screenshot(filepath=str(self.folder / f"{name}.png"))


@dataclass(frozen=True, order=True)
class Stall:
    """A gap between two ticks: its length, when it began, the add-on's own part of it, and how much
    of that the processor worked; the rest of it the main thread had to wait."""

    ms: int
    after_s: float
    ours_ms: int
    ours_working_ms: int


class StallMeter:
    """When, while it is entered, the window could not have answered: gaps between timer ticks.

    Ours is what the add-on's operator took of a gap, to begin, in its ticks and to end; the rest is
    Blender, which draws what has changed, and whatever else the machine computes.
    """

    def __init__(self):
        self._stalls: list[Stall] = []
        self._is_running = False
        self._ours = self._working = 0.0

    def report(self) -> dict:
        """The longest, and how much of any single one was ours."""
        return {
            "longest": [asdict(stall) for stall in sorted(self._stalls, reverse=True)[:5]],
            "ours_ms": max(stall.ours_ms for stall in self._stalls),
            "ours_working_ms": max(stall.ours_working_ms for stall in self._stalls),
        }

    def __enter__(self) -> Self:
        operator = sys.modules["limber.generation"].Generating
        live = sys.modules["limber.live"].LiveGeneration
        steps = ((operator, "begin"), (live, "tick"), (live, "stop"))
        self._untimed = {(cls, name): getattr(cls, name) for cls, name in steps}
        for (cls, name), method in self._untimed.items():
            setattr(cls, name, self._timed(method))
        self._began = self._last = time.perf_counter()
        self._is_running = True
        bpy.app.timers.register(self._tick)
        return self

    def __exit__(self, *error) -> None:
        self._tick()
        self._is_running = False
        for (cls, name), method in self._untimed.items():
            setattr(cls, name, method)

    def _timed(self, method: Callable) -> Callable:
        def timed(*arguments):
            began, worked = time.perf_counter(), time.thread_time()
            try:
                return method(*arguments)
            finally:
                self._ours += time.perf_counter() - began
                self._working += time.thread_time() - worked

        return timed

    def _tick(self) -> float | None:
        if not self._is_running:
            return None
        now = time.perf_counter()
        lengths = (now - self._last, self._ours, self._working)
        gap, ours, working = (round(1000.0 * seconds) for seconds in lengths)
        self._stalls.append(Stall(gap, round(self._last - self._began, 2), ours, working))
        self._last, self._ours, self._working = now, 0.0, 0.0
        return TICK_SECONDS


def region_of(area: bpy.types.Area, kind: str) -> bpy.types.Region:
    return next(region for region in area.regions if region.type == kind)


def is_generating() -> bool:
    return bpy.ops.limber.cancel_generation.poll()


def enable(window: Window) -> Step:
    """The add-on in an empty scene of 30 fps, its tab open."""
    bpy.ops.preferences.addon_enable(module="limber")
    bpy.context.scene.render.fps = 30
    with window.override():
        bpy.ops.object.select_all(action="SELECT")
        bpy.ops.object.delete()
        bpy.ops.ed.undo_push(message="Empty the scene")
    yield 0.5
    yield from window.open_tab(bpy.types.LIMBER_PT_generate)
    yield from window.point(100, 300)


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

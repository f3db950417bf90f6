"""Actions that go on for ever: cycles on F-curves, and the period that Blender's own tools heed."""

from __future__ import annotations

import bpy

from .action import curves_in

_STEP = 1e-5


def make_cyclic(action: bpy.types.Action, first: int, last: int) -> None:
    """Let all curves of an Action repeat the frames ``first`` to ``last``, which is ``first`` again;
    places that have moved on by then go on from there."""
    for curve in curves_in(action):
        points = curve.keyframe_points
        if len(points) < 2:
            continue
        step = abs(points[len(points) - 1].co[1] - points[0].co[1])
        leads_on = curve.data_path.endswith("location") and step > _STEP
        cycles = curve.modifiers.new("CYCLES")
        cycles.mode_before = cycles.mode_after = "REPEAT_OFFSET" if leads_on else "REPEAT"
    action.use_frame_range = True
    action.frame_start, action.frame_end = first, last
    action.use_cyclic = True

"""A way through the scene, read from a curve or a drawn stroke, with its timing, as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import bpy
import numpy as np

from motion_engine.edit.curves import averaged
from motion_engine.edit.root_path import FASTEST_M_S, SHORTEST_M
from motion_engine.errors import LimberError

from .action import scene_fps

STROKES = ("GREASEPENCIL", "GPENCIL")
_SPACING_M = 0.08
_STROKE_WINDOW = 5


@dataclass(frozen=True, eq=False)
class ScenePath:
    """``points [n, 2]`` on the floor in Blender's units, passed at ``frames [n]`` of the scene (not
    whole ones), from ``first_frame`` on."""

    points: np.ndarray
    frames: np.ndarray

    @property
    def first_frame(self) -> int:
        return round(self.frames[0])

    @property
    def last_frame(self) -> int:
        return int(np.ceil(self.frames[-1] - 1e-6))


def read_path(scene: bpy.types.Scene, start: int) -> ScenePath:
    """The way that the scene's direction names, from the frame ``start`` on where a speed is said;
    LimberError for one that nobody can walk."""
    asked = scene.limber_direction
    name, points, marks = _drawn(scene, asked)
    metres = scene.unit_settings.scale_length
    lengths = np.linalg.norm(np.diff(points[:, :2], axis=0), axis=-1) * metres
    way = np.concatenate([[0.0], np.cumsum(lengths)])
    if way[-1] < SHORTEST_M:
        raise LimberError(
            f"{name} is {way[-1]:.2f} m long, shorter than a step; draw {SHORTEST_M:g} m or more."
        )
    marks, even = np.unique(way[marks]), np.arange(0.0, way[-1], _SPACING_M)
    is_apart = np.abs(even[:, None] - marks).min(axis=-1) > 0.25 * _SPACING_M
    even = np.sort(np.concatenate([even[is_apart], marks]))
    points = np.stack([np.interp(even, way, points[:, axis]) for axis in (0, 1)], axis=-1)
    if asked.timing == "MARKERS":
        frames = _frames_by_markers(scene, name, even, marks)
    else:
        frames = start + _frames_by_speed(name, asked.speed, even)
    return ScenePath(points, frames)


def path_seconds(scene: bpy.types.Scene) -> float:
    """About how long the way takes, without evaluating it; LimberError where there is none."""
    asked = scene.limber_direction
    if asked.timing == "MARKERS":
        frames = [marker.frame for marker in _markers(scene)] or [0]
        return (frames[-1] - frames[0]) / scene_fps()
    item = asked.path_object
    if asked.path_source == "OBJECT" and item is not None and item.type == "CURVE":
        scale = sum(item.matrix_world.to_scale()) / 3.0
        length = sum(spline.calc_length() for spline in item.data.splines[:1]) * scale
    else:
        _, points, _ = _drawn(scene, asked)
        length = np.linalg.norm(np.diff(points[:, :2], axis=0), axis=-1).sum()
    return float(length) * scene.unit_settings.scale_length / asked.speed


def _drawn(scene: bpy.types.Scene, asked) -> tuple[str, np.ndarray, np.ndarray]:
    """Name, points ``[n, 3]`` in the world, and which of them are control points, both ends
    among them."""
    if asked.path_source == "ANNOTATION":
        name, points = "The annotation", _annotated(scene)
    elif asked.path_object is None:
        raise LimberError("No path is chosen; choose a curve or a Grease Pencil object.")
    else:
        name, points = asked.path_object.name, None
        if asked.path_object.type == "CURVE":
            points, marks = _curve_points(asked.path_object)
            return name, points, marks
        points = _stroke_points(asked.path_object)
    if len(points) < 2:
        raise LimberError(f"{name} is a single point; draw a line.")
    steps = np.linalg.norm(np.diff(points, axis=0), axis=-1)
    points = points[np.concatenate([[True], steps > 0.0])]
    # A hand trembles; ends stay where they are.
    return name, averaged(points, _STROKE_WINDOW), np.array([0, len(points) - 1])


def _curve_points(item: bpy.types.Object) -> tuple[np.ndarray, np.ndarray]:
    """Points of a curve's first spline as Blender draws it, and its control points among them."""
    if not len(item.data.splines):
        raise LimberError(f"{item.name} is empty; draw a curve.")
    with _bare_copy(item.data) as bare:
        mesh = bare.to_mesh()
        points = np.array([vertex.co for vertex in mesh.vertices]).reshape(-1, 3)
        bare.to_mesh_clear()
    spline = item.data.splines[0]
    if len(points) < 2:
        raise LimberError(f"{item.name} is a single point; draw a curve.")
    controls = spline.bezier_points if spline.type == "BEZIER" else spline.points
    controls = np.array([control.co[:3] for control in controls])
    marks = [0]
    for control in controls[1:] if spline.use_cyclic_u else controls[1:-1]:
        ahead = np.linalg.norm(points[marks[-1] :] - control, axis=-1)
        marks.append(marks[-1] + int(np.argmin(ahead)))
    if spline.use_cyclic_u:
        points = np.concatenate([points, points[:1]])
    marks.append(len(points) - 1)
    matrix = np.array(item.matrix_world)
    return points @ matrix[:3, :3].T + matrix[:3, 3], np.array(marks)


@contextmanager
def _bare_copy(curve: bpy.types.Curve) -> Iterator[bpy.types.Object]:
    """For a while, an object of the curve's first spline alone, a line without thickness."""
    data = curve.copy()
    bare = bpy.data.objects.new(curve.name, data)
    try:
        data.bevel_mode, data.bevel_object, data.taper_object = "ROUND", None, None
        data.bevel_depth = data.extrude = data.offset = 0.0
        data.dimensions = "3D"  # a flat one would be filled
        for spline in list(data.splines)[1:]:
            data.splines.remove(spline)
        yield bare
    finally:
        bpy.data.objects.remove(bare)
        bpy.data.curves.remove(data)


def _stroke_points(item: bpy.types.Object) -> np.ndarray:
    """The last stroke of a Grease Pencil object's active layer at the scene's frame."""
    layer = item.data.layers.active
    if layer is None:
        raise LimberError(f"{item.name} has no layer; draw a stroke.")
    if item.type == "GREASEPENCIL":  # Blender 4.3 and later
        frame = layer.current_frame()
        strokes = frame.drawing.strokes if frame is not None else ()
        name = "position"
    else:
        strokes, name = _strokes(layer), "co"
    if not len(strokes):
        raise LimberError(f"{item.name} has no stroke at this frame; draw one.")
    points = np.array([getattr(point, name) for point in strokes[-1].points]).reshape(-1, 3)
    matrix = np.array(item.matrix_world) @ np.array(getattr(layer, "matrix_layer", np.eye(4)))
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def _annotated(scene: bpy.types.Scene) -> np.ndarray:
    """The last stroke of the scene's annotations."""
    drawn = scene.annotation if hasattr(scene, "annotation") else scene.grease_pencil
    strokes = _strokes(drawn.layers.active) if drawn is not None and len(drawn.layers) else ()
    if not len(strokes):
        raise LimberError("The scene has no annotation; draw a stroke with the Annotate tool.")
    return np.array([point.co for point in strokes[-1].points]).reshape(-1, 3)


def _strokes(layer) -> tuple:
    """The strokes of a layer's active frame."""
    frame = layer.active_frame if layer is not None else None
    return tuple(frame.strokes) if frame is not None else ()


def _frames_by_speed(name: str, speed_m_s: float, way: np.ndarray) -> np.ndarray:
    if speed_m_s > FASTEST_M_S:
        raise LimberError(
            f"Along {name} at {speed_m_s:.1f} m/s: people run {FASTEST_M_S:g} m/s at most; choose a "
            "lower speed."
        )
    return way / speed_m_s * scene_fps()


def _frames_by_markers(
    scene: bpy.types.Scene, name: str, way: np.ndarray, marks: np.ndarray
) -> np.ndarray:
    """The first marker is the path's beginning and the last its end; where there are as many as
    control points, each stands for one."""
    markers = _markers(scene)
    if len(markers) not in (2, len(marks)) or len(markers) < 2:
        raise LimberError(
            f"{name} has {len(marks)} control points and the scene {len(markers)} markers in its "
            f"range; set 2 (beginning and end){f' or {len(marks)}' if len(marks) > 2 else ''}."
        )
    if len(markers) == 2:
        marks = marks[[0, -1]]
    fps = scene_fps()
    for one, other, start, stop in zip(markers, markers[1:], marks, marks[1:]):
        speed = (stop - start) * fps / (other.frame - one.frame)
        if speed > FASTEST_M_S:
            least = int(np.ceil((stop - start) * fps / FASTEST_M_S))
            raise LimberError(
                f"From marker {one.name} to {other.name} it is {stop - start:.2f} m in "
                f"{other.frame - one.frame} frames, which needs {speed:.1f} m/s; people run "
                f"{FASTEST_M_S:g} m/s at most: give it {least} frames or more."
            )
    return np.interp(way, marks, [marker.frame for marker in markers])


def _markers(scene: bpy.types.Scene) -> list[bpy.types.TimelineMarker]:
    """The markers in the scene's range, one a frame, in their order."""
    first, last = scene.frame_start, scene.frame_end
    if scene.use_preview_range:
        first, last = scene.frame_preview_start, scene.frame_preview_end
    found = {marker.frame: marker for marker in scene.timeline_markers}
    return [found[frame] for frame in sorted(found) if first <= frame <= last]

"""Characters led along curves and strokes of the scene, as Blender itself evaluates them."""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import contents
from scripted_rigs import build, scripted_rig

from motion_engine.skeleton import SMPLX

pytestmark = pytest.mark.blender

BEND = ((0.0, 0.0), (1.2, -0.6), (2.2, 0.4))


def curve(bpy, kind: str, points, name="Way"):
    """A curve object through, or towards, points ``[n, 2]``, turned and moved by its object."""
    data = bpy.data.curves.new(name, "CURVE")
    data.dimensions, data.bevel_depth = "3D", 0.05
    spline = data.splines.new(kind)
    if kind == "BEZIER":
        spline.bezier_points.add(len(points) - 1)
        for control, (x, y) in zip(spline.bezier_points, points):
            control.co = (x, y, 0.0)
            control.handle_left_type = control.handle_right_type = "AUTO"
    else:
        spline.points.add(len(points) - 1)
        for control, (x, y) in zip(spline.points, points):
            control.co = (x, y, 0.0, 1.0)
        spline.use_endpoint_u = True
    way = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(way)
    way.location, way.rotation_euler.z, way.scale = (1.0, 2.0, 0.0), 0.7, (1.5, 1.5, 1.5)
    bpy.context.view_layer.update()
    return way


def ask(bpy, way, speed: float = 1.2):
    asked = bpy.context.scene.limber_direction
    asked.use_path, asked.path_object, asked.speed = True, way, speed
    bpy.context.scene.limber.prompt = "a person walks forward"
    return asked


def in_world(way, points) -> np.ndarray:
    matrix = np.array(way.matrix_world)
    return np.column_stack([points, np.zeros(len(points))]) @ matrix[:3, :3].T + matrix[:3, 3]


def drawn(way) -> np.ndarray:
    """Points ``[n, 2]`` along a Bezier curve, by the formula of its segments."""
    found, controls = [], way.data.splines[0].bezier_points
    for one, other in pairwise(controls):
        a, b, c, d = (np.array(p) for p in (one.co, one.handle_right, other.handle_left, other.co))
        t = np.linspace(0.0, 1.0, 300)[:, None]
        found.append(
            (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d
        )
    return in_world(way, np.concatenate(found)[:, :2])[:, :2]


def hips(bpy, armature) -> np.ndarray:
    """Where the root ``[F, 3]`` is in every frame of what the armature plays."""
    from blender_addon.armature import read_mapping

    name, found = read_mapping(armature).bone("pelvis"), []
    first, last = armature.animation_data.action.frame_range
    for frame in range(int(first), int(last) + 1):
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append(posed.matrix_world @ posed.pose.bones[name].head)
    return np.array(found)


def away(places: np.ndarray, path: np.ndarray) -> np.ndarray:
    """How far ``[F]`` places are from the nearest of a path's points, on the floor."""
    return np.linalg.norm(places[:, None, :2] - path[None], axis=-1).min(-1)


def character(bpy, kind: str):
    if not kind:
        return None
    if kind == "mannequin":
        from blender_addon.character import build_armature

        armature = build_armature(SMPLX, "Limber")
    else:
        armature = build(scripted_rig(kind, "A"))
    armature.location, armature.rotation_euler.z = (-2.0, 0.5, 0.0), 1.0
    if kind == "auto_rig_pro":
        armature.scale = (1.4, 1.4, 1.4)
        bpy.context.scene.limber_retarget.limbs = "ik"
    bpy.context.view_layer.objects.active = armature
    bpy.context.view_layer.update()
    return armature


@pytest.mark.parametrize("kind", ["", "mannequin", "mixamo", "auto_rig_pro"])
def test_the_root_keeps_to_the_curve(bpy, addon, kind):
    from blender_addon.rig_reading import read_animation
    from motion_engine.contacts import foot_slide_cm_s, with_detected_contacts

    character(bpy, kind)
    way = curve(bpy, "BEZIER", BEND)
    ask(bpy, way)
    bpy.context.scene.frame_set(11)
    assert bpy.ops.limber.generate_directed() == {"FINISHED"}
    armature = bpy.context.object
    path, root = drawn(way), hips(bpy, armature)
    assert away(root, path).max() < 0.05
    ends = in_world(way, (BEND[0], BEND[-1]))[:, :2]
    assert np.linalg.norm(root[[0, -1], :2] - ends, axis=-1).max() < 0.06
    length = np.linalg.norm(np.diff(path, axis=0), axis=-1).sum()
    first, last = armature.animation_data.action.frame_range
    assert first == 11 and abs((last - first) / 30.0 - length / 1.2) < 0.06
    motion = read_animation(armature, int(first), int(last))
    assert foot_slide_cm_s(with_detected_contacts(motion)) < 6.0


def test_vary_keeps_to_the_curve(bpy, addon):
    way = curve(bpy, "BEZIER", BEND)
    ask(bpy, way)
    assert bpy.ops.limber.generate_directed() == {"FINISHED"}
    armature = bpy.context.object
    frames, root = tuple(armature.animation_data.action.frame_range), hips(bpy, armature)
    assert bpy.ops.limber.vary() == {"FINISHED"}
    takes = armature.limber_takes
    assert [item.action["variation"] for item in takes.items] == [0, 1, 2, 3, 4]
    assert tuple(armature.animation_data.action.frame_range) == frames
    varied = hips(bpy, armature)
    assert away(varied, drawn(way)).max() < 0.05 and not np.allclose(varied, root, atol=1e-4)


def test_facing_along_the_path(bpy, addon):
    from blender_addon.rig_reading import read_animation
    from motion_engine.edit.placing import places

    way = curve(bpy, "BEZIER", BEND)
    ask(bpy, way)
    bpy.ops.limber.generate_directed()
    path = drawn(way)
    found = places(read_animation(bpy.context.object, 1, int(bpy.context.scene.frame_end)))
    nearest = np.linalg.norm(found[:, None, :2] - path[None], axis=-1).argmin(-1)
    step = (path[1:] - path[:-1])[np.minimum(nearest, len(path) - 2)]
    turned = found[:, 2] - np.arctan2(step[:, 0], -step[:, 1])
    turned = (turned + np.pi) % (2.0 * np.pi) - np.pi
    assert np.degrees(np.abs(turned).mean()) < 20.0


@pytest.mark.parametrize("kind", ["BEZIER", "NURBS", "POLY"])
def test_all_kinds_of_curves_are_read(bpy, addon, kind):
    from blender_addon.path_reading import read_path

    way = curve(bpy, kind, BEND)
    ask(bpy, way)
    before = contents(bpy), len(bpy.data.curves)
    path = read_path(bpy.context.scene, 1)
    ends = in_world(way, (BEND[0], BEND[-1]))[:, :2]
    np.testing.assert_allclose(path.points[[0, -1]], ends, atol=1e-6)
    if kind == "BEZIER":
        assert away(path.points, drawn(way)).max() < 0.01
    if kind == "POLY":
        corner = in_world(way, BEND[1:2])[:, :2]
        assert np.linalg.norm(path.points - corner, axis=-1).min() < 1e-6
    steps = np.linalg.norm(np.diff(path.points, axis=0), axis=-1)
    np.testing.assert_allclose(steps * 30.0, 1.2 * np.diff(path.frames), rtol=0.02)
    assert (contents(bpy), len(bpy.data.curves)) == before


def stroke(bpy) -> np.ndarray:
    """A trembling line ``[n, 3]``."""
    t = np.linspace(0.0, 1.0, 60)
    trembling = 0.004 * np.random.default_rng(2).normal(size=(60, 2))
    return np.column_stack([np.column_stack([3.0 * t, np.sin(3.0 * t)]) + trembling, 0.0 * t])


def test_a_grease_pencil_stroke_is_read(bpy, addon):
    from blender_addon.path_reading import read_path

    if bpy.app.version < (4, 3):
        pytest.skip("strokes of the older Grease Pencil are drawn by hand alone")
    is_older = hasattr(bpy.data, "grease_pencils_v3")
    pencil = (bpy.data.grease_pencils_v3 if is_older else bpy.data.grease_pencils).new("Pencil")
    drawing = pencil.layers.new("Lines").frames.new(1).drawing
    line = stroke(bpy)
    drawing.add_strokes([len(line)])
    for point, place in zip(drawing.strokes[0].points, line):
        point.position = place
    way = bpy.data.objects.new("Pencil", pencil)
    bpy.context.scene.collection.objects.link(way)
    way.location.x = 5.0
    bpy.context.view_layer.update()
    ask(bpy, way)
    path = read_path(bpy.context.scene, 1)
    t = np.linspace(0.0, 1.0, 3000)
    wave = np.column_stack([5.0 + 3.0 * t, np.sin(3.0 * t)])
    assert away(path.points, wave).max() < 0.015
    np.testing.assert_allclose(path.points[[0, -1]], line[[0, -1], :2] + [5.0, 0.0], atol=1e-6)


def test_markers_give_the_timing(bpy, addon):
    from blender_addon.path_reading import read_path

    scene = bpy.context.scene
    asked = ask(bpy, curve(bpy, "POLY", BEND))
    asked.timing = "MARKERS"
    for frame in (20, 80, 100, 900):
        scene.timeline_markers.new(f"F{frame}", frame=frame)
    path = read_path(scene, 1)  # the last marker lies outside of the scene's range
    assert (path.first_frame, path.last_frame) == (20, 100)
    corner = in_world(asked.path_object, BEND[1:2])[0, :2]
    at = np.linalg.norm(path.points - corner, axis=-1).argmin()
    assert abs(path.frames[at] - 80) < 1e-6
    scene.timeline_markers.remove(scene.timeline_markers["F80"])
    assert read_path(scene, 1).frames[[0, -1]].tolist() == [20.0, 100.0]
    scene.timeline_markers.remove(scene.timeline_markers["F100"])
    with pytest.raises(RuntimeError, match="has 3 control points and the scene 1 markers"):
        bpy.ops.limber.generate_directed()


def test_a_path_and_a_pin(bpy, addon):
    """A hand that stays for a while at a place beside the way."""
    way = curve(bpy, "BEZIER", BEND)
    ask(bpy, way, speed=0.8)
    asked = bpy.context.scene.limber_direction
    bpy.ops.limber.generate_directed()
    armature = bpy.context.object
    from test_pins_panel import empty, pin, world

    frames = int(armature.animation_data.action.frame_range[1])
    place = world(bpy, armature, "left_wrist", range(1, frames + 1))[44] + [0.0, 0.0, 0.1]
    bpy.ops.limber.reject_takes()
    pin(bpy, "left_hand", empty(bpy, place), 44, 48)
    asked.use_pins = True
    assert bpy.ops.limber.generate_directed() == {"FINISHED"}
    armature = bpy.context.object
    held = world(bpy, armature, "left_wrist", range(1, frames + 1))
    assert np.linalg.norm(held[43:48] - place, axis=-1).max() < 0.01
    bpy.context.scene.frame_set(30)
    assert bpy.ops.limber.again() == {"FINISHED"}
    assert [item.action["seed"] for item in armature.limber_takes.items] == [0, 1]
    assert away(hips(bpy, armature), drawn(way)).max() < 0.05


WRONG = {
    "nothing": (lambda bpy, asked: setattr(asked, "path_object", None), "No path is chosen"),
    "short": (lambda bpy, asked: _scaled(bpy, asked, 0.05), "m long, shorter than a step"),
    "fast": (lambda bpy, asked: setattr(asked, "speed", 9.0), "at 9.0 m/s: people run 7 m/s"),
    "markers too near": (
        lambda bpy, asked: _marked(bpy, asked, 10, 16),
        r"in 6 frames, which needs \d+\.\d m/s; people run 7 m/s at most: give it \d+ frames",
    ),
    "in place": (
        lambda bpy, asked: setattr(bpy.context.scene.limber_retarget, "root", "in_place"),
        "In Place",
    ),
    "too slow": (lambda bpy, asked: _marked(bpy, asked, 10, 240 * 30), "seconds cannot be made"),
    "no annotation": (
        lambda bpy, asked: setattr(asked, "path_source", "ANNOTATION"),
        "no annotation",
    ),
    "a point": (
        lambda bpy, asked: setattr(asked, "path_object", curve(bpy, "POLY", BEND[:1])),
        "single point",
    ),
}


def _scaled(bpy, asked, size: float) -> None:
    asked.path_object.scale = (size, size, size)
    bpy.context.view_layer.update()


def _marked(bpy, asked, *frames: int) -> None:
    asked.timing, bpy.context.scene.frame_end = "MARKERS", max(250, *frames)
    for frame in frames:
        bpy.context.scene.timeline_markers.new(f"F{frame}", frame=frame)


@pytest.mark.parametrize(("spoil", "report"), WRONG.values(), ids=WRONG.keys())
def test_wrong_paths_change_nothing(bpy, addon, spoil, report):
    asked = ask(bpy, curve(bpy, "BEZIER", BEND))
    spoil(bpy, asked)
    before = contents(bpy)
    with pytest.raises(RuntimeError, match=report):
        bpy.ops.limber.generate_directed()
    assert contents(bpy) == before

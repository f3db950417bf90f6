"""A character that stands on a platform does there what it does on the ground: whatever is made,
its bones are as much higher as it stands."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rig_scenes import curves
from scripted_rigs import build, scripted_rig

pytestmark = pytest.mark.blender

HEIGHT = 1.3
WALK = "a person walks forward"


def going_on(bpy):
    bpy.context.scene.limber.start = "END"
    return bpy.ops.limber.generate()


def edited(bpy, *parts):
    asked = bpy.context.scene.limber_edit
    asked.parts, asked.prompt = set(parts), "a person waves"
    asked.use_frames, asked.first, asked.last = True, 15, 30
    return bpy.ops.limber.edit_parts()


def between_keys(bpy):
    for curve in curves(bpy.context.object).values():
        for point in curve.keyframe_points:
            point.select_control_point = point.co[0] in (10, 30)
    return bpy.ops.limber.in_between()


def through_keys(bpy):
    for curve in curves(bpy.context.object).values():
        for point in curve.keyframe_points:
            point.select_control_point = point.co[0] in (1, 30)
    bpy.context.scene.limber_direction.use_keys = True
    return bpy.ops.limber.generate_directed()


def along_a_path(bpy):
    data = bpy.data.curves.new("Way", "CURVE")
    data.dimensions = "3D"
    spline = data.splines.new("POLY")
    spline.points.add(1)
    spline.points[1].co = (0.5, -2.0, 0.0, 1.0)
    way = bpy.data.objects.new("Way", data)
    bpy.context.scene.collection.objects.link(way)
    asked = bpy.context.scene.limber_direction
    asked.use_path, asked.path_object = True, way
    return bpy.ops.limber.generate_directed()


DONE = {
    "going on": going_on,
    "an arm": lambda bpy: edited(bpy, "left_arm"),
    "legs": lambda bpy: edited(bpy, "left_leg", "right_leg", "root"),
    "between keys": between_keys,
    "through keys": through_keys,
    "along a path": along_a_path,
    "a loop": lambda bpy: bpy.ops.limber.loop_action(),
}


def heads(bpy, armature) -> np.ndarray:
    """World heads ``[F, B, 3]`` of all bones as Blender evaluates them."""
    first, last = map(int, armature.animation_data.action.frame_range)
    found = []
    for frame in range(first, last + 1):
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append([posed.matrix_world @ bone.head for bone in posed.pose.bones])
    bpy.context.scene.frame_set(1)
    return np.array(found)


def done(bpy, kind: str, height: float, do) -> np.ndarray:
    """Where the bones are once a character at that height has walked, and then done that."""
    scene = bpy.context.scene
    armature = build(scripted_rig(kind, "A"))
    armature.location.z = height
    bpy.context.view_layer.objects.active = armature
    bpy.context.view_layer.update()
    scene.limber.prompt, scene.limber.start = WALK, "FRAME"
    scene.limber_direction.use_path = scene.limber_direction.use_keys = False
    assert bpy.ops.limber.generate() == {"FINISHED"}
    bpy.ops.limber.accept_take()
    assert do(bpy) == {"FINISHED"}
    return heads(bpy, armature)


@pytest.mark.parametrize("do", DONE.values(), ids=DONE.keys())
def test_all_is_as_much_higher(bpy, addon, do):
    low, high = (done(bpy, "mixamo", height, do) for height in (0.0, HEIGHT))
    np.testing.assert_allclose(
        high - low, np.broadcast_to([0.0, 0.0, HEIGHT], low.shape), atol=5e-3
    )


@pytest.mark.parametrize("root", ["bone", "object"])
def test_whatever_carries_the_path(bpy, addon, root):
    bpy.context.scene.limber_retarget.root = root
    low, high = (done(bpy, "unreal_5", height, along_a_path) for height in (0.0, HEIGHT))
    np.testing.assert_allclose(
        high - low, np.broadcast_to([0.0, 0.0, HEIGHT], low.shape), atol=5e-3
    )

"""Run by the Python of one Blender that holds nothing else: a path, a pin and key poses.

    PYTHONPATH=. .venvs/blender-4.5.15/bin/python tests/blender/directed_workflow.py

No test framework: such a Blender has none. Any failure ends the script with a traceback or a message.
"""

import os
import sys
from pathlib import Path

import bpy
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blender_addon
from blender_addon.keys import read_keys
from blender_addon.rig_action import curves_of

POINTS = ((0.0, 0.0, 0.0), (1.5, -1.0, 0.0), (3.0, 0.0, 0.0))


def main() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    blender_addon.register()
    bpy.context.scene.render.fps = 24
    armature = led_along_a_curve()
    pinned(armature)
    through_keys(armature)
    blender_addon.unregister()
    print(f"Blender {bpy.app.version_string}: led along a curve, held at a pin, through key poses")


def led_along_a_curve():
    data = bpy.data.curves.new("Way", "CURVE")
    data.dimensions = "3D"
    spline = data.splines.new("POLY")
    spline.points.add(len(POINTS) - 1)
    for point, place in zip(spline.points, POINTS):
        point.co = (*place, 1.0)
    way = bpy.data.objects.new("Way", data)
    bpy.context.scene.collection.objects.link(way)
    asked = bpy.context.scene.limber_direction
    asked.use_path, asked.path_object = True, way
    bpy.context.scene.limber.prompt = "a person walks forward"
    check(bpy.ops.limber.generate_directed() == {"FINISHED"}, "there is no walk")
    check(bpy.ops.limber.accept_take() == {"FINISHED"}, "the walk was not kept")
    armature = bpy.context.object
    root = np.array([heads(armature, "pelvis", frame)[:2] for frame in range(1, 60)])
    path = np.concatenate(
        [np.linspace(a[:2], b[:2], 400) for a, b in ((POINTS[0], POINTS[1]), POINTS[1:])]
    )
    away = np.linalg.norm(root[:, None] - path, axis=-1).min(-1).max()
    check(away < 0.05, f"the root is {away:.3f} m away from its path")
    asked.use_path = False
    return armature


def pinned(armature) -> None:
    mark = bpy.data.objects.new("Mark", None)
    bpy.context.scene.collection.objects.link(mark)
    mark.location = heads(armature, "left_wrist", 30) + [0.0, 0.0, 0.1]
    item = bpy.context.scene.limber_pins.items.add()
    item.effector, item.target, item.first, item.last = "left_hand", mark, 28, 32
    check(bpy.ops.limber.apply_pins() == {"FINISHED"}, "the pin was not applied")
    away = np.linalg.norm(heads(armature, "left_wrist", 30) - np.array(mark.location))
    check(away < 0.01, f"the hand is {away:.3f} m away from its pin")
    bpy.ops.limber.accept_take()


def through_keys(armature) -> None:
    for curve in curves_of(armature):
        for point in curve.keyframe_points:
            point.select_control_point = round(point.co[0]) in (10, 40)
    before = keys(armature)
    asked = bpy.context.scene.limber_direction
    asked.use_keys = True
    check(bpy.ops.limber.generate_directed() == {"FINISHED"}, "nothing leads through the keys")
    after = keys(armature)
    for name, old in before.items():
        for frame in (10, 40):
            same = (old["co"][:, 0] == frame).argmax(), (after[name]["co"][:, 0] == frame).argmax()
            for field, values in old.items():
                found = after[name][field][same[1]]
                check(values[same[0]].tobytes() == found.tobytes(), f"{name}: {field}")
    check(bpy.ops.limber.reject_takes() == {"FINISHED"}, "rejecting failed")


def keys(armature) -> dict:
    return {(c.data_path, c.array_index): read_keys(c) for c in curves_of(armature)}


def heads(armature, bone: str, frame: int) -> np.ndarray:
    bpy.context.scene.frame_set(frame)
    posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array(posed.matrix_world @ posed.pose.bones[bone].head)


def check(condition, complaint: str) -> None:
    if not condition:
        sys.exit(complaint)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)

"""Rigs that no motion can be put on: a line that names the bone and the cure, nothing changed."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("bpy")
from mathutils import Vector

from motion_engine.errors import LimberError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rig_scenes import put, snapshot
from scripted_rigs import build, scripted_rig

pytestmark = pytest.mark.blender


def _lock(armature):
    armature.pose.bones["mixamorig:RightLeg"].lock_rotation = (True, True, True)


def _drive(armature):
    armature.pose.bones["mixamorig:RightLeg"].driver_add("rotation_quaternion", 1)


def _edit(armature):
    import bpy

    bpy.ops.object.mode_set(mode="EDIT")


def _stretch(armature):
    armature.scale = (1.0, 2.0, 1.0)


def _show_rest(armature):
    armature.data.pose_position = "REST"


def _with_bones(armature, change) -> None:
    import bpy

    bpy.ops.object.mode_set(mode="EDIT")
    change(armature.data.edit_bones)
    bpy.ops.object.mode_set(mode="OBJECT")


def _double(armature):
    def change(bones):
        twin = bones.new("LeftForeArm")
        twin.head, twin.tail = bones["mixamorig:LeftForeArm"].head, (1.0, 0.0, 1.0)
        twin.parent = bones["mixamorig:LeftArm"]

    _with_bones(armature, change)


def _shrink(armature):
    def change(bones):
        for name in ("mixamorig:LeftForeArm", "mixamorig:LeftHand"):
            bones[name].head = bones["mixamorig:LeftArm"].tail
            bones[name].tail = bones[name].head.copy() + Vector((1e-5, 0.0, 0.0))

    _with_bones(armature, change)


def _make_a_chair(armature):
    def change(bones):
        for bone in list(bones):
            bones.remove(bone)
        seat = bones.new("Seat")
        seat.head, seat.tail = (0.0, 0.0, 0.5), (0.0, 0.3, 0.5)
        for place in ((0.2, 0.2), (0.2, -0.2), (-0.2, 0.2), (-0.2, -0.2)):
            leg = bones.new("Leg")
            leg.head, leg.tail, leg.parent = (*place, 0.5), (*place, 0.0), seat

    _with_bones(armature, change)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_lock, "rotation of mixamorig:RightLeg is locked; unlock it"),
        (_drive, "driver turns mixamorig:RightLeg; remove it"),
        (_edit, "leave Edit Mode"),
        (_stretch, "scale it evenly"),
        (_show_rest, "set Pose Position"),
        (_double, "LeftForeArm could both be left_elbow; choose one"),
        (_shrink, "bone mixamorig:LeftForeArm has no length; lengthen it"),
        (_make_a_chair, "does not look like a humanoid"),
    ],
)
def test_what_cannot_be_driven_is_refused_unchanged(bpy, acting, spoil, message):
    armature = build(scripted_rig("mixamo", "A"))
    spoil(armature)
    bpy.context.view_layer.update()
    before = snapshot(armature)
    with pytest.raises(LimberError, match=message):
        put(armature, acting)
    assert snapshot(armature) == before
    assert not bpy.data.actions and "limber_profile" not in armature


@pytest.mark.parametrize("kind", ["MESH", ""])
def test_what_is_no_armature_is_refused(bpy, acting, kind):
    item = bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube")) if kind else None
    with pytest.raises(LimberError, match="is no armature; choose the character's armature"):
        put(item, acting)

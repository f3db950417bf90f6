"""What cannot be edited is refused in one line, and nothing is changed by the attempt."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import contents
from rig_scenes import curves, snapshot

pytestmark = pytest.mark.blender


@pytest.fixture
def swinging(bpy, rig):
    """A Mixamo rig whose left arm swings for two seconds, asked to wave with it."""
    rig.animation_data_create().action = bpy.data.actions.new("Swing")
    bone = rig.pose.bones["mixamorig:LeftArm"]
    for frame, angle in ((1, 0.0), (30, 0.6), (60, 0.0)):
        bone.rotation_quaternion = (np.cos(angle), np.sin(angle), 0.0, 0.0)
        bone.keyframe_insert("rotation_quaternion", frame=frame)
    bpy.context.scene.limber_edit.parts = {"left_arm"}
    bpy.context.scene.frame_set(7)
    return rig


@pytest.fixture
def refused(bpy):
    """A function: the edit is refused with such a report, and leaves all as it was."""

    def check(armature, report: str) -> None:
        before, found = snapshot(armature), contents(bpy)
        played = armature.animation_data and armature.animation_data.action
        with pytest.raises(RuntimeError, match=report):
            bpy.ops.limber.edit_parts()
        assert (snapshot(armature), contents(bpy)) == (before, found)
        assert (armature.animation_data and armature.animation_data.action) == played
        assert not armature.limber_takes.is_open

    return check


def test_no_part(bpy, swinging, refused):
    bpy.context.scene.limber_edit.parts = set()
    refused(swinging, "No part of the body is chosen")


def test_no_text(bpy, swinging, refused):
    bpy.context.scene.limber_edit.prompt = "  "
    refused(swinging, "text is empty")


@pytest.mark.parametrize("frames", [(-5, 20), (20, 90), (100, 120), (30, 20), (20, 20)])
def test_frames_outside_the_animation(bpy, swinging, refused, frames):
    asked = bpy.context.scene.limber_edit
    asked.use_frames, asked.first, asked.last = True, *frames
    refused(swinging, "do not lie in Swing, which has keys from 1 to 60")


def test_a_range_too_short_to_move_in(bpy, swinging, refused):
    asked = bpy.context.scene.limber_edit
    asked.use_frames, asked.first, asked.last = True, 20, 21
    refused(swinging, "shorter than two frames")


def test_a_limb_without_animation(bpy, swinging, refused):
    bpy.context.scene.limber_edit.parts = {"left_arm", "right_leg"}
    refused(swinging, "Swing does not animate the right leg")


def test_nothing_played(bpy, rig):
    bpy.context.scene.limber_edit.parts = {"left_arm"}
    assert not bpy.ops.limber.edit_parts.poll()
    rig.animation_data_create().action = bpy.data.actions.new("Empty")
    assert not bpy.ops.limber.edit_parts.poll()


def test_a_tweaked_strip(bpy, swinging, refused):
    animation = swinging.animation_data
    track = animation.nla_tracks.new()
    track.strips.new("strip", 1, animation.action)
    animation.action = None
    track.is_solo = False
    animation.nla_tracks.active = track
    track.strips[0].select = True
    animation.use_tweak_mode = True
    if not animation.use_tweak_mode:
        pytest.skip("this Blender tweaks strips in its window alone")
    refused(swinging, "is being tweaked")


def test_an_action_blended_with_strips(bpy, swinging, refused):
    animation = swinging.animation_data
    animation.nla_tracks.new().strips.new("strip", 1, animation.action)
    animation.action_blend_type = "COMBINE"
    refused(swinging, "Swing is blended with NLA strips")


def test_a_linked_rig(bpy, swinging, tmp_path):
    path = str(tmp_path / "rig.blend")
    name = swinging.name
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_homefile(use_empty=True)
    with bpy.data.libraries.load(path, link=True) as (_, target):
        target.objects = [name]
    (linked,) = target.objects
    bpy.context.collection.objects.link(linked)
    bpy.context.view_layer.objects.active = linked
    bpy.context.scene.limber_edit.parts = {"left_arm"}
    with pytest.raises(RuntimeError, match="is linked; make a library override"):
        bpy.ops.limber.edit_parts()


@pytest.mark.parametrize("values", [(0.5,), (1.0, 0.0)])
def test_an_ik_limb_with_its_switch_between(bpy, swinging, refused, values):
    """Half way, or thrown within the range."""
    goal = bpy.data.objects[swinging.name]
    bone = goal.pose.bones["mixamorig:LeftForeArm"]
    constraint = bone.constraints.new("IK")
    constraint.target, constraint.subtarget = goal, "mixamorig:RightHand"
    constraint.chain_count = 2
    for frame, value in zip((10, 40), values):
        constraint.influence = value
        constraint.keyframe_insert("influence", frame=frame)
    bpy.context.view_layer.update()
    for curve in curves(swinging).values():
        if curve.data_path.endswith("influence"):
            for point in curve.keyframe_points:
                point.interpolation = "CONSTANT"
    refused(swinging, "left arm of .* (is half in FK, half in IK|changes between FK and IK)")


def test_an_action_that_has_gone_meanwhile(bpy, swinging):
    from blender_addon.edit_request import EditRequest
    from blender_addon.edit_writing import EditWriting
    from blender_addon.steps import finished
    from motion_engine.errors import LimberError

    request = EditRequest.read(bpy.context)
    bpy.data.actions.remove(swinging.animation_data.action)
    with pytest.raises(LimberError, match="Swing is no longer in this file"):
        finished(EditWriting(bpy.context, request, ()).work())


def test_fingers_that_the_model_does_not_move(bpy, swinging):
    from types import SimpleNamespace

    from blender_addon.editing import check_parts
    from motion_engine.errors import LimberError

    parts = [SimpleNamespace(name=name) for name in ("torso", "left_arm")]
    model = SimpleNamespace(codec=SimpleNamespace(config=SimpleNamespace(parts=parts)))
    check_parts(("left_arm",), model)
    with pytest.raises(LimberError, match="does not move the left hand"):
        check_parts(("left_arm", "left_hand"), model)

"""Takes: tried, accepted, rejected without a trace, asked for again, handed on."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import Live
from scripted_rigs import build, scripted_rig

from motion_engine.command import Command
from motion_engine.errors import LimberError

pytestmark = pytest.mark.blender


@pytest.fixture
def keyed(bpy, rig):
    """The rig with an artist's Action, in the second slot of it where there are slots."""
    action = bpy.data.actions.new("Hand Made")
    if hasattr(action, "slots"):
        action.slots.new(id_type="OBJECT", name="Somebody Else")
        mine = action.slots.new(id_type="OBJECT", name="Mine")
    rig.animation_data_create().action = action
    if hasattr(action, "slots"):
        rig.animation_data.action_slot = mine
    for frame, height in ((1, 0.0), (40, 0.5)):
        rig.pose.bones[0].location = (0.0, height, 0.0)
        rig.pose.bones[0].keyframe_insert("location", frame=frame)
    bpy.context.scene.frame_set(1)
    return rig


def state(bpy, rig) -> dict:
    """What rejecting must restore."""
    animation = rig.animation_data
    slot = getattr(animation, "action_slot", None)
    channels = [
        [tuple(getattr(bone, name)) for name in ("location", "rotation_quaternion", "scale")]
        for bone in rig.pose.bones
    ]
    return {
        "action": animation.action.name if animation and animation.action else None,
        "slot": slot.identifier if slot is not None else None,
        "animation": animation is not None,
        "pose": channels,
        "object": tuple(map(tuple, rig.matrix_basis)),
        "custom": {bone.name: dict(bone.items()) for bone in rig.pose.bones if bone.keys()},
        "actions": [action.name for action in bpy.data.actions],
        "objects": [item.name for item in bpy.data.objects],
        "end": bpy.context.scene.frame_end,
        "frame": bpy.context.scene.frame_current,
        "keys": sorted(rig.keys()),
    }


def evaluated(bpy, rig, frame: int) -> np.ndarray:
    bpy.context.scene.frame_set(frame)
    posed = rig.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array([bone.matrix for bone in posed.pose.bones])


def test_variations_become_actions_side_by_side(bpy, keyed):
    settings = bpy.context.scene.limber
    settings.variations, settings.seed, settings.temperature = 3, 7, 0.8
    assert bpy.ops.limber.generate() == {"FINISHED"}
    takes = keyed.limber_takes
    actions = [item.action for item in takes.items]
    assert [action["variation"] for action in actions] == [0, 1, 2]
    assert {action["seed"] for action in actions} == {7}
    assert {action["prompt"] for action in actions} == {settings.prompt}
    assert actions[0]["temperature"] == pytest.approx(0.8)
    assert all(action.name.startswith(settings.prompt) for action in actions)
    poses = []
    for index, action in enumerate(actions):
        takes.index = index
        assert keyed.animation_data.action == action
        poses.append(evaluated(bpy, keyed, 25))
    assert np.abs(poses[0] - poses[1]).max() > 0.01 < np.abs(poses[1] - poses[2]).max()


def test_a_take_is_the_command_line_s_clip(bpy, addon):
    import motion_engine

    settings = bpy.context.scene.limber
    settings.seed, settings.variations = 5, 2
    bpy.ops.limber.generate()
    armature = bpy.context.object
    armature.limber_takes.index = 1
    command = Command(settings.prompt, 1.0, seed=5, variation=1)
    motion = motion_engine.generate_motion(command)
    bpy.context.scene.frame_set(21)
    posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    found = [posed.matrix_world @ posed.pose.bones[n].head for n in motion.skeleton.names]
    np.testing.assert_allclose(np.array(found), motion.joint_positions()[20], atol=1e-3)


@pytest.mark.parametrize("prepared", ["keyed", "posed", "plain"])
def test_rejecting_restores_exactly_what_was_there(bpy, request, rig, prepared):
    if prepared == "keyed":
        request.getfixturevalue("keyed")
        bpy.context.scene.frame_set(17)
    if prepared == "posed":
        rig.pose.bones["mixamorig:LeftArm"].rotation_quaternion = (0.8, 0.6, 0.0, 0.0)
        rig.pose.bones[0].location = (0.1, 0.2, 0.3)
    bpy.context.scene.frame_end = 20
    bpy.context.scene.limber_retarget.root = "object"
    before = state(bpy, rig)
    bpy.context.scene.limber.variations = 2
    bpy.ops.limber.generate()
    assert bpy.context.scene.frame_end > 20
    rig.limber_takes.index = 1
    evaluated(bpy, rig, before["frame"] + 12)
    bpy.context.scene.frame_set(before["frame"])
    bpy.ops.limber.again()
    assert len(rig.limber_takes.items) == 4
    assert bpy.ops.limber.reject_takes() == {"FINISHED"}
    bpy.context.view_layer.update()
    assert state(bpy, rig) == before
    assert not rig.limber_takes.is_open and not bpy.ops.limber.reject_takes.poll()


def test_rejecting_takes_a_new_mannequin_away(bpy, addon):
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    bpy.ops.limber.generate()
    mannequin = bpy.context.object
    prop = bpy.data.objects.new("Hat", None)
    bpy.context.collection.objects.link(prop)
    prop.parent = mannequin
    bpy.ops.limber.reject_takes()
    assert [item.name for item in bpy.data.objects] == ["Cube", "Hat"]
    assert bpy.context.object == cube and prop.parent is None
    assert not (bpy.data.actions or bpy.data.armatures or bpy.data.materials)


def test_a_double_of_the_mannequin_stays(bpy, addon):
    bpy.ops.limber.generate()
    mannequin = bpy.context.object
    double = bpy.data.objects.new("Double", mannequin.data)
    bpy.context.collection.objects.link(double)
    bpy.ops.limber.reject_takes()
    assert [item.name for item in bpy.data.objects] == ["Double"]
    assert double.data.bones and not bpy.data.meshes


def test_accepting_keeps_one_and_loses_nothing_of_before(bpy, keyed, tmp_path):
    before = keyed.animation_data.action
    bpy.context.scene.limber.variations = 3
    bpy.ops.limber.generate()
    keyed.limber_takes.index = 1
    kept = keyed.animation_data.action
    assert bpy.ops.limber.accept_take() == {"FINISHED"}
    assert {action.name for action in bpy.data.actions} == {before.name, kept.name}
    assert keyed.animation_data.action == kept and kept["variation"] == 1
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    assert "Hand Made" in bpy.data.actions


def test_open_takes_outlast_the_file(bpy, keyed, tmp_path):
    before, name = state(bpy, keyed), keyed.name
    bpy.context.scene.limber.variations = 2
    bpy.ops.limber.generate()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    rig = bpy.data.objects[name]
    assert len(rig.limber_takes.items) == 2 and bpy.ops.limber.reject_takes() == {"FINISHED"}
    bpy.context.view_layer.update()
    assert state(bpy, rig) == before


def test_takes_used_elsewhere_are_kept(bpy, rig):
    bpy.context.scene.limber.variations = 3
    bpy.ops.limber.generate()
    other = bpy.data.objects.new("Double", rig.data)
    other.animation_data_create().action = rig.limber_takes.items[2].action
    bpy.ops.limber.reject_takes()
    assert [action["variation"] for action in bpy.data.actions] == [2]


def test_a_deleted_take_does_not_stand_in_the_way(bpy, rig):
    bpy.context.scene.limber.variations = 2
    bpy.ops.limber.generate()
    bpy.data.actions.remove(rig.limber_takes.items[0].action)
    with pytest.raises(RuntimeError, match="Action is gone"):
        bpy.ops.limber.accept_take()
    rig.limber_takes.index = 1
    assert bpy.ops.limber.accept_take() == {"FINISHED"}
    assert len(bpy.data.actions) == 1


def test_again_takes_the_next_seed_of_the_same_settings(bpy, rig):
    settings = bpy.context.scene.limber
    settings.seed, settings.guidance, settings.prompt = 3, 4.0, "a person waves"
    bpy.ops.limber.generate()
    settings.prompt, settings.guidance, settings.seconds = "something else", 1.0, 2.0
    assert bpy.ops.limber.again() == bpy.ops.limber.again() == {"FINISHED"}
    actions = [item.action for item in rig.limber_takes.items]
    assert [action["seed"] for action in actions] == [3, 4, 5]
    assert {(a["prompt"], a["guidance"], *a.frame_range) for a in actions} == {
        ("a person waves", 4.0, 1.0, 30.0)
    }


def test_variations_of_a_take_stay_near_it(bpy, rig):
    settings = bpy.context.scene.limber
    settings.prompt, settings.seconds = "a person walks forward", 2.0
    bpy.ops.limber.generate()
    assert Live(bpy, "LIMBER_OT_vary").finish() == {"FINISHED"}
    bpy.ops.limber.again()
    poses = []
    for index in range(len(rig.limber_takes.items)):
        rig.limber_takes.index = index
        poses.append(np.array([evaluated(bpy, rig, frame) for frame in range(1, 61, 6)]))
    off = [np.abs(pose - poses[0]).mean() for pose in poses[1:]]
    assert len(off) == 5 and 0.0 < min(off) and max(off[:4]) < off[4]
    actions = [item.action for item in rig.limber_takes.items]
    assert [action["variation"] for action in actions] == [0, 1, 2, 3, 4, 0]


def test_again_needs_a_generated_motion(bpy, keyed):
    assert not bpy.ops.limber.again.poll() and not bpy.ops.limber.vary.poll()
    assert not bpy.ops.limber.push_to_nla.poll() and not bpy.ops.limber.mark_as_asset.poll()


def test_takes_stay_what_they_are_while_a_motion_is_made(bpy, keyed):
    bpy.ops.limber.generate()
    running = Live(bpy)
    names = ("accept_take", "reject_takes", "push_to_nla", "mark_as_asset")
    assert [getattr(bpy.ops.limber, name).poll() for name in names] == [False] * 4
    running.event("ESC")
    running.finish()
    assert [getattr(bpy.ops.limber, name).poll() for name in names] == [True] * 4


def test_a_take_becomes_a_strip(bpy, keyed):
    bpy.context.scene.limber.variations = 2
    bpy.context.scene.frame_set(5)
    bpy.ops.limber.generate()
    moving = evaluated(bpy, keyed, 20)
    assert bpy.ops.limber.push_to_nla() == {"FINISHED"}
    (track,) = keyed.animation_data.nla_tracks
    (strip,) = track.strips
    assert keyed.animation_data.action is None and not keyed.limber_takes.is_open
    assert (strip.frame_start, strip.frame_end) == (5.0, 34.0)
    np.testing.assert_allclose(evaluated(bpy, keyed, 20), moving, atol=1e-5)


@pytest.mark.parametrize("kind", ["mannequin", "rig"])
def test_a_take_becomes_an_asset_with_a_picture(bpy, addon, kind):
    if kind == "rig":
        bpy.context.view_layer.objects.active = build(scripted_rig("mixamo", "A"))
    bpy.ops.limber.generate()
    action = bpy.context.object.animation_data.action
    frame = bpy.context.scene.frame_current
    assert bpy.ops.limber.mark_as_asset() == {"FINISHED"}
    assert action.asset_data.description == action["prompt"]
    assert {"Limber", "generated"} <= {tag.name for tag in action.asset_data.tags}
    size = tuple(action.preview.image_size)
    pixels = np.array(action.preview.image_pixels_float).reshape(*size, 4)
    assert 0.05 < pixels[..., 3].mean() < 0.6
    assert pixels[pixels[..., 3] > 0.9, :3].std() > 0.05
    assert bpy.context.scene.frame_current == frame
    bpy.ops.limber.reject_takes()
    assert action.name in bpy.data.actions


def test_commands_come_back_from_actions(bpy, addon):
    from blender_addon.takes import store_command, stored_command

    action = bpy.data.actions.new("clip")
    for command in (Command("a person waves", 2.0, 4, 1, 0.7, 0.9, 2.5), Command("bow")):
        store_command(action, command)
        found = stored_command(action)
        assert found == command or json.dumps(vars(found)) == json.dumps(vars(command))
    with pytest.raises(LimberError, match="was not made by Limber"):
        stored_command(bpy.data.actions.new("Hand Made"))


@pytest.mark.parametrize("text", ["a " * 80, "歩く" * 40, "  a\n person  "])
def test_names_fit_into_blender(bpy, addon, text):
    from blender_addon.takes import take_name

    name = take_name(Command(text, seed=12, variation=2))
    action = bpy.data.actions.new(name)
    assert action.name == name and name.endswith(" (12.3)") and "\n" not in name


def test_vary_keeps_the_outline_of_the_draw_that_was_kept(bpy, addon, monkeypatch):
    """Of a clip that is drawn several times, another one than the first may be played."""
    from motion_engine.models.model import Model

    def bends(action) -> np.ndarray:
        from blender_addon.action import curves_in

        wanted = 'pose.bones["{}"].rotation_quaternion'
        paths = {wanted.format(f"{side}_{joint}") for side in ("left", "right")
                 for joint in ("hip", "knee", "shoulder", "elbow")}  # fmt: skip
        return np.array(
            [
                [p.co[1] for p in c.keyframe_points]
                for c in curves_in(action)
                if c.data_path in paths
            ]
        )

    def made(operator) -> list[np.ndarray]:
        assert operator() == {"FINISHED"}
        takes = [item.action for item in bpy.context.object.limber_takes.items]
        return list(map(bends, takes))

    bpy.context.scene.limber.prompt = "a person dances"
    monkeypatch.setattr(Model, "agreement", lambda self, prompt, codes: 0.0)
    (first,) = made(bpy.ops.limber.generate)
    bpy.ops.limber.reject_takes()
    monkeypatch.setattr(Model, "agreement", lambda self, prompt, codes: prompt.draw - 10.0)
    played, *varied = made(bpy.ops.limber.generate) + made(bpy.ops.limber.vary)[1:]
    apart = [np.abs(one - played).mean() for one in varied]
    assert 0.0 < max(apart) < 0.5 * np.abs(first - played).mean()

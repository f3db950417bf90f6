"""Style and timing in Blender: mirrored, retimed, restyled and blended on the character's own rig."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import Live, contents
from rig_scenes import curves, put
from scripted_rigs import build, scripted_rig
from swaying import walking

from motion_engine.motion import Motion
from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.skeleton import SMPLX

pytestmark = pytest.mark.blender

MIRROR = np.array([-1.0, 1.0, 1.0])
LAST = 40


def character(bpy, kind: str, motion: Motion, limbs: str = "fk"):
    """A character that plays the motion from frame 1, and is chosen."""
    from blender_addon.action import write_action
    from blender_addon.character import build_armature

    if kind == "mannequin":
        armature = build_armature(SMPLX, "Limber")
        write_action(armature, motion, "Clip")
    else:
        armature = build(scripted_rig(kind, "A"))
        put(armature, motion, RetargetOptions(limbs=limbs, contacts="never"))
    bpy.context.view_layer.objects.active = armature
    return armature


def keys(armature) -> dict:
    from blender_addon.keys import read_keys

    return {name: read_keys(curve) for name, curve in curves(armature).items()}


def same(one: dict, other: dict) -> bool:
    return all(np.array_equal(one[field], other[field]) for field in one)


def heads(bpy, armature, frames: range = range(1, LAST + 1)) -> dict[str, np.ndarray]:
    """World heads ``[F, 3]`` of all deforming bones as Blender evaluates them."""
    names = [bone.name for bone in armature.data.bones if bone.use_deform]
    found = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append([posed.matrix_world @ posed.pose.bones[name].head for name in names])
    bpy.context.scene.frame_set(1)
    return dict(zip(names, np.moveaxis(np.array(found), 0, 1)))


class TestMirror:
    @pytest.mark.parametrize(
        "kind, limbs",
        [
            *(("mannequin", "fk"), ("mixamo", "fk"), ("unreal_5", "fk"), ("shuffled", "fk")),
            *(("auto_rig_pro", "fk"), ("auto_rig_pro", "ik"), ("cloudrig", "ik")),
        ],
    )
    def test_every_bone_is_where_the_other_side_s_image_was(self, bpy, addon, acting, kind, limbs):
        """Whatever the names, rest pose, rolls and limbs: the oracle is Blender's evaluation."""
        from blender_addon.mirrored_action import _partners

        armature = character(bpy, kind, acting, limbs)
        before, partners = heads(bpy, armature), _partners(armature)
        assert bpy.ops.limber.mirror() == {"FINISHED"}
        after = heads(bpy, armature)
        assert sum(one != other for one, (other, _) in partners.items()) >= 30
        for bone, places in before.items():
            image = after[partners[bone][0]]
            assert np.abs(image - places * MIRROR).max() < 2e-3, bone

    def test_twice_is_what_it_was_to_the_bit(self, bpy, addon, acting):
        armature = character(bpy, "mannequin", acting)
        before = keys(armature)
        bpy.ops.limber.mirror()
        bpy.ops.limber.accept_take()
        assert not same(before[name := ('pose.bones["left_elbow"].rotation_quaternion', 1)],
                        keys(armature)[name])  # fmt: skip
        bpy.ops.limber.mirror()
        after = keys(armature)
        assert before.keys() == after.keys()
        for name, old in before.items():
            for field in old:
                np.testing.assert_array_equal(np.abs(old[field]), np.abs(after[name][field]))
                np.testing.assert_array_equal(old[field], after[name][field])

    def test_few_keys_stay_few_and_change_sides(self, bpy, addon):
        armature = character(bpy, "mannequin", Motion.standing(2))
        armature.animation_data.action = None
        bones = armature.pose.bones
        bones["right_elbow"].rotation_quaternion = (0.8, 0.0, 0.6, 0.0)
        bones["left_elbow"].rotation_mode = bones["right_elbow"].rotation_mode = "XYZ"
        for frame, angle in ((1, 0.2), (12, 1.0), (30, -0.4)):
            bones["left_elbow"].rotation_euler = (0.1, angle, 0.3)
            bones["left_elbow"].keyframe_insert("rotation_euler", frame=frame)
        bones["right_elbow"].rotation_euler = (0.0, 0.7, 0.0)
        before = keys(armature)
        assert bpy.ops.limber.mirror() == {"FINISHED"}
        after = keys(armature)
        left, right = (f'pose.bones["{side}_elbow"].rotation_euler' for side in ("left", "right"))
        for index, sign in enumerate((1.0, -1.0, -1.0)):
            old, new = before[left, index], after[right, index]
            np.testing.assert_allclose(np.abs(new["co"]), np.abs(old["co"]), rtol=1e-6)
            np.testing.assert_array_equal(new["interpolation"], old["interpolation"])
            np.testing.assert_array_equal(new["handle_left_type"], old["handle_left_type"])
        assert len(after[left, 1]["co"]) == 1
        assert abs(after[left, 1]["co"][0, 1]) == pytest.approx(0.7, abs=1e-6)

    def test_switches_and_objects_change_with_it(self, bpy, addon, acting):
        armature = character(bpy, "auto_rig_pro", acting)
        armature.location = (2.0, 0.0, 0.0)
        armature.keyframe_insert("location", frame=1)
        armature.location = (3.0, 1.0, 0.0)
        armature.keyframe_insert("location", frame=LAST)
        bpy.context.scene.frame_set(1)
        bpy.ops.limber.mirror()
        bpy.context.scene.frame_set(LAST)
        np.testing.assert_allclose(armature.location, (1.0, 1.0, 0.0), atol=1e-6)

    def test_rejecting_restores_what_was(self, bpy, addon, acting):
        armature = character(bpy, "mannequin", acting)
        before, found = keys(armature), contents(bpy)
        bpy.ops.limber.mirror()
        assert armature.animation_data.action.name == "Clip, mirrored"
        assert bpy.ops.limber.reject_takes() == {"FINISHED"}
        assert contents(bpy) == found
        assert all(same(old, keys(armature)[name]) for name, old in before.items())


class TestRetime:
    def ask(self, bpy, factor: float, frames: tuple[int, int] | None = None) -> None:
        bpy.context.scene.limber_style.factor = factor
        edit = bpy.context.scene.limber_edit
        edit.use_frames = frames is not None
        if frames:
            edit.first, edit.last = frames

    @pytest.mark.parametrize("kind", ["mannequin", "mixamo"])
    def test_poses_come_sooner_and_feet_stay(self, bpy, addon, kind):
        armature = character(bpy, kind, walking(61))
        before = heads(bpy, armature, range(1, 62))
        self.ask(bpy, 2.0)
        assert bpy.ops.limber.retime() == {"FINISHED"}
        assert tuple(armature.animation_data.action.frame_range) == (1, 31)
        after = heads(bpy, armature, range(1, 32))
        for bone, places in after.items():
            assert np.abs(places - before[bone][::2]).max() < 1e-4, bone

    @pytest.mark.parametrize("factor", [0.5, 0.8, 1.5])
    def test_no_foot_slides_further_than_it_did(self, bpy, addon, factor):
        armature = character(bpy, "mannequin", walking(61))
        before = heads(bpy, armature, range(1, 62))["left_foot"]
        self.ask(bpy, factor)
        bpy.ops.limber.retime()
        count = int(armature.animation_data.action.frame_range[1])
        after = heads(bpy, armature, range(1, count + 1))["left_foot"]
        way = [np.linalg.norm(np.diff(path, axis=0), axis=-1).sum() for path in (before, after)]
        assert way[1] <= way[0] * 1.001

    def test_frames_ahead_stay_and_those_behind_follow(self, bpy, addon):
        armature = character(bpy, "mannequin", walking(61))
        before = keys(armature)
        self.ask(bpy, 0.5, (20, 40))
        assert bpy.ops.limber.retime() == {"FINISHED"}
        after = keys(armature)
        later = int(armature.animation_data.action.frame_range[1]) - 61
        assert 10 < later <= 20
        for name, old in before.items():
            new = after[name]
            ahead, behind = old["co"][:, 0] < 20, old["co"][:, 0] > 40
            for field in old:
                np.testing.assert_array_equal(new[field][new["co"][:, 0] < 20], old[field][ahead])
            moved = new["co"][new["co"][:, 0] > 40.5 + later]
            np.testing.assert_array_equal(moved[:, 1], old["co"][behind, 1])
            np.testing.assert_array_equal(moved[:, 0], old["co"][behind, 0] + later)
        hips = heads(bpy, armature, range(1, 62 + later))["pelvis"]
        speed = np.linalg.norm(np.diff(hips, axis=0), axis=-1) * 30.0
        assert np.abs(np.diff(speed)).max() < 0.35 and speed.min() > 0.5

    def test_an_artist_s_keys_are_moved_not_baked(self, bpy, addon):
        armature = character(bpy, "mannequin", Motion.standing(2))
        armature.animation_data.action = None
        bone = armature.pose.bones["head"]
        for frame, angle in ((1, 0.0), (11, 0.5), (31, -0.2)):
            bone.location = (angle, 0.0, 0.0)
            bone.keyframe_insert("location", frame=frame)
        path = ('pose.bones["head"].location', 0)
        old = [curves(armature)[path].evaluate(frame) for frame in np.linspace(1, 31, 61)]
        style = bpy.context.scene.limber_style
        style.retime, style.length = "LENGTH", 61
        assert bpy.ops.limber.retime() == {"FINISHED"}
        curve = curves(armature)[path]
        assert [point.co[0] for point in curve.keyframe_points] == [1.0, 21.0, 61.0]
        new = [curve.evaluate(frame) for frame in range(1, 62)]
        np.testing.assert_allclose(new, old, atol=1e-4)

    def test_what_cannot_be_played_is_refused(self, bpy, addon):
        armature = character(bpy, "mannequin", walking(61))
        style, found = bpy.context.scene.limber_style, contents(bpy)
        style.retime, style.length = "LENGTH", 2
        with pytest.raises(RuntimeError, match="the speed is 60; choose 0.1 to 10"):
            bpy.ops.limber.retime()
        self.ask(bpy, 2.0, (50, 90))
        with pytest.raises(RuntimeError, match="frames 50 to 90 do not lie in Clip"):
            bpy.ops.limber.retime()
        assert contents(bpy) == found and not armature.limber_takes.is_open


class TestBesideTheWindow:
    """Mirror and Retime of long Actions let the window draw between two steps."""

    @pytest.mark.parametrize("name", ["mirror", "retime"])
    def test_the_same_comes_out_step_by_step(self, bpy, addon, acting, name):
        armature = character(bpy, "mixamo", acting)
        assert getattr(bpy.ops.limber, name)() == {"FINISHED"}
        at_once = keys(armature)
        bpy.ops.limber.reject_takes()
        live = Live(bpy, f"LIMBER_OT_{name}")
        assert live.finish() == {"FINISHED"}
        assert live.reports[-1][0] == "INFO" and live.reports[-1][1].startswith("clip of ")
        by_and_by = keys(armature)
        assert at_once.keys() == by_and_by.keys()
        assert all(same(old, by_and_by[name]) for name, old in at_once.items())

    @pytest.mark.parametrize("name", ["mirror", "retime"])
    def test_cancelled_half_way_nothing_is_left(self, bpy, addon, acting, name, monkeypatch):
        from blender_addon import live as live_module
        from blender_addon.panel import _progress

        monkeypatch.setattr(live_module, "_WRITING_SECONDS", 0.0)  # one step a tick
        armature = character(bpy, "mannequin", acting)
        before, found = keys(armature), contents(bpy)
        live = Live(bpy, f"LIMBER_OT_{name}")
        live.until(lambda: len(bpy.data.actions) > 1)
        assert _progress(live_module.current()) == "Writing the keys"
        for _ in range(20):
            live.event("TIMER")
        assert live.state == {"RUNNING_MODAL"} and live.event("LEFTMOUSE") == {"RUNNING_MODAL"}
        assert live.event("ESC") == {"CANCELLED"}
        assert contents(bpy) == found and not armature.limber_takes.is_open
        assert all(same(old, keys(armature)[name]) for name, old in before.items())
        assert not live.context.timers


class TestStyle:
    def test_a_mood_bows_the_head_and_leaves_the_legs(self, bpy, addon):
        armature = character(bpy, "mixamo", walking(61))
        before, head = keys(armature), heads(bpy, armature, range(20, 40))["mixamorig:Head"]
        bpy.context.scene.limber_style.mood = "SAD"
        assert bpy.ops.limber.restyle() == {"FINISHED"}
        assert armature.animation_data.action.name.endswith(", sad")
        after = keys(armature)
        lower = heads(bpy, armature, range(20, 40))["mixamorig:Head"]
        assert (lower[:, 2] < head[:, 2] - 0.005).all()
        changed = {name[0].split('"')[1] for name in after if name not in before
                   or not same(before[name], after[name])}  # fmt: skip
        assert "mixamorig:Spine" in changed
        assert not any(word in bone for bone in changed for word in ("Leg", "Foot", "Hips", "Toe"))

    def test_energy_within_frames_runs_beside_the_window(self, bpy, addon, acting):
        armature = character(bpy, "mannequin", acting)
        before = keys(armature)
        bpy.context.scene.limber_style.energy = 0.5
        edit = bpy.context.scene.limber_edit
        edit.use_frames, edit.first, edit.last = True, 10, 30
        assert Live(bpy, "LIMBER_OT_restyle").finish() == {"FINISHED"}
        for name, old in before.items():
            new = keys(armature)[name]
            outside = (old["co"][:, 0] < 9.5) | (old["co"][:, 0] > 30.5)
            for field in old:
                np.testing.assert_array_equal(new[field][outside], old[field][outside])
        assert bpy.ops.limber.reject_takes() == {"FINISHED"}
        assert all(same(old, keys(armature)[name]) for name, old in before.items())

    def test_no_model_is_loaded_for_what_needs_none(self, bpy, addon, acting):
        from blender_addon.model_care import MODEL

        character(bpy, "mannequin", acting)
        bpy.context.scene.limber_style.energy = 0.5
        MODEL.unload()
        assert bpy.ops.limber.restyle() == {"FINISHED"}
        assert not MODEL.is_loaded

    def test_names_in_any_script_keep_their_ending(self, bpy, addon, acting):
        armature = character(bpy, "mannequin", acting)
        armature.animation_data.action.name = "歩" * 21
        assert bpy.ops.limber.mirror() == {"FINISHED"}
        assert armature.animation_data.action.name.endswith("歩, mirrored")

    def test_nothing_asked_is_said(self, bpy, addon, acting):
        character(bpy, "mannequin", acting)
        with pytest.raises(RuntimeError, match="Choose a mood, or an energy other than 1, first"):
            bpy.ops.limber.restyle()

    def test_a_new_motion_has_the_style_and_the_length(self, bpy, addon):
        scene = bpy.context.scene
        scene.limber_style.mood, scene.limber_style.speed = "TIRED", 1.5
        assert bpy.ops.limber.generate() == {"FINISHED"}
        action = bpy.context.object.animation_data.action
        assert (action["mood"], action["energy"], action["speed"]) == ("tired", 1.0, 1.5)
        assert action["prompt"] == scene.limber.prompt
        assert tuple(action.frame_range) == (1, 30)
        bpy.ops.limber.again()
        other = bpy.context.object.animation_data.action
        assert (other["mood"], other["speed"], other["seed"]) == ("tired", 1.5, 1)
        assert tuple(other.frame_range) == (1, 30)
        bpy.ops.limber.mirror()
        assert "mood" not in bpy.context.object.animation_data.action


class TestBlend:
    @pytest.fixture
    def both(self, bpy, addon, acting):
        """A walking character, and what it did before."""
        armature = character(bpy, "mixamo", acting)
        other = armature.animation_data.action
        other.use_fake_user = True
        put(armature, walking(60), RetargetOptions(contacts="never"))
        bpy.context.scene.limber_style.other = other
        bpy.context.scene.limber_edit.parts = {"left_arm"}
        edit = bpy.context.scene.limber_edit
        edit.use_frames, edit.first, edit.last = True, 5, 25
        return armature

    def bend(self, armature) -> np.ndarray:
        from blender_addon.rig_reading import read_animation

        return read_animation(armature, 15, 18).local_rotations[:, SMPLX.index("left_shoulder")]

    def test_the_parts_come_from_the_other_and_all_else_stays(self, bpy, both):
        from motion_engine import rotations

        before, own = keys(both), self.bend(both)
        walk = both.animation_data.action
        both.animation_data.action = bpy.context.scene.limber_style.other
        wanted = self.bend(both)
        both.animation_data.action = walk
        gaps = []
        for weight in (1.0, 0.5):
            bpy.context.scene.limber_style.weight = weight
            assert bpy.ops.limber.blend_parts() == {"FINISHED"}
            found, after = self.bend(both), keys(both)
            gaps.append(
                [
                    rotations.angle(rotations.multiply(rotations.conjugate(found), arm)).max()
                    for arm in (wanted, own)
                ]
            )
            changed = {n[0].split('"')[1] for n in after if not same(before.get(n, {}), after[n])
                       or n not in before}  # fmt: skip
            assert changed <= {f"mixamorig:Left{part}" for part in ("Arm", "ForeArm", "Hand")}
            bpy.ops.limber.reject_takes()
        (full, _), (half, rest) = gaps
        assert full < 0.05 and half == pytest.approx(rest, abs=0.1) and half > 0.2

    def test_what_cannot_be_blended_is_refused(self, bpy, both):
        style, edit = bpy.context.scene.limber_style, bpy.context.scene.limber_edit
        edit.first, edit.last = 5, 55
        with pytest.raises(RuntimeError, match="frames too early"):
            bpy.ops.limber.blend_parts()
        edit.parts = set()
        with pytest.raises(RuntimeError, match="No part of the body is chosen"):
            bpy.ops.limber.blend_parts()
        edit.parts = {"head"}
        style.other = both.animation_data.action
        with pytest.raises(RuntimeError, match="already; choose another Action"):
            bpy.ops.limber.blend_parts()
        style.other = None
        assert not bpy.ops.limber.blend_parts.poll()


def test_without_a_character_all_is_grey(bpy, addon):
    for name in ("restyle", "retime", "mirror", "blend_parts"):
        assert not getattr(bpy.ops.limber, name).poll()

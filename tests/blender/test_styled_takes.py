"""The style sliders on directions, timelines and loops: what is asked for in time and place stays
exact, and without a style nothing changes."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rig_scenes import curves
from swaying import walking

from motion_engine.edit.style import AS_IT_IS, Style

pytestmark = pytest.mark.blender

WALK, WAVE, BOW = "a person walks forward", "a person waves", "a person bows"
LOWER = ("pelvis", "left_hip", "right_knee", "left_ankle")
UPPER = ("left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "neck")
WAY = np.array([(0.0, 0.0), (0.0, -2.0), (1.0, -3.0)])
KEYS = (1, 20, 40)


def values(armature, joint: str, channel: str = "rotation_quaternion") -> np.ndarray:
    """Values ``[F, n]`` of a bone's keys."""
    path = f'pose.bones["{joint}"].{channel}'
    found = sorted((i, c) for (p, i), c in curves(armature).items() if p == path)
    return np.array([[point.co[1] for point in c.keyframe_points] for _, c in found]).T


def turning(armature) -> float:
    """By how much the upper body's rotations change, all told."""
    return sum(np.abs(np.diff(values(armature, joint), axis=0)).sum() for joint in UPPER)


def frames(armature) -> tuple[int, int]:
    return tuple(map(int, armature.animation_data.action.frame_range))


def told(armature) -> tuple | None:
    """The style that the Action tells of."""
    action = armature.animation_data.action
    return tuple(action[name] for name in ("mood", "energy", "speed")) if "mood" in action else None


def heads(bpy, armature, bone: str) -> np.ndarray:
    """Where a bone begins ``[F, 3]`` as Blender evaluates it."""
    found, (first, last) = [], frames(armature)
    for frame in range(first, last + 1):
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append(posed.matrix_world @ posed.pose.bones[bone].head)
    bpy.context.scene.frame_set(first)
    return np.array(found)


def in_new_file(bpy, generate, **style):
    """The character of a new generation in that style; those of before stay beside it."""
    asked = bpy.context.scene.limber_style
    asked.mood, asked.energy, asked.speed = "NONE", 1.0, 1.0
    for name, value in style.items():
        setattr(asked, name, value)
    bpy.context.view_layer.objects.active = None
    bpy.context.scene.frame_set(1)
    assert generate() == {"FINISHED"}
    return bpy.context.object


@pytest.fixture
def timeline(bpy, addon):
    """At 24 fps: two prompts."""
    scene = bpy.context.scene
    scene.render.fps, scene.frame_end = 24, 96
    scene.timeline_markers.new(WALK, frame=1)
    scene.timeline_markers.new(WAVE, frame=40)
    return bpy.ops.limber.generate_timeline


@pytest.fixture
def loop(bpy, addon):
    scene = bpy.context.scene
    scene.render.fps, scene.limber.prompt, scene.limber.seconds = 24, WALK, 1.25
    return bpy.ops.limber.generate_loop


@pytest.fixture
def path(bpy, addon):
    data = bpy.data.curves.new("Way", "CURVE")
    data.dimensions = "3D"
    spline = data.splines.new("POLY")
    spline.points.add(len(WAY) - 1)
    for point, place in zip(spline.points, WAY):
        point.co = (*place, 0.0, 1.0)
    way = bpy.data.objects.new("Way", data)
    bpy.context.scene.collection.objects.link(way)
    asked = bpy.context.scene.limber_direction
    asked.use_path, asked.path_object = True, way
    bpy.context.scene.limber.prompt = WALK
    return bpy.ops.limber.generate_directed


class TestTimeline:
    def test_energy_leaves_frames_legs_and_way(self, bpy, timeline):
        plain = in_new_file(bpy, timeline)
        calm = in_new_file(bpy, timeline, energy=0.4)
        assert told(plain) is None and told(calm) == ("", 0.4, 1.0)
        assert frames(plain) == frames(calm) == (1, 96)
        for joint in LOWER:
            np.testing.assert_allclose(values(plain, joint), values(calm, joint), atol=1e-6)
        assert turning(calm) < 0.8 * turning(plain)

    @pytest.mark.parametrize("speed", [0.8, 1.7])
    def test_pace_keeps_every_prompt_in_its_frames(self, bpy, timeline, speed):
        armature = in_new_file(bpy, timeline, mood="SAD", speed=speed)
        assert frames(armature) == (1, 96)
        for curve in curves(armature).values():
            assert len(curve.keyframe_points) == 96
        left, right, hips = (
            heads(bpy, armature, bone)[:, 2] for bone in ("left_wrist", "right_wrist", "pelvis")
        )
        lifted = np.maximum(left, right) - hips
        assert lifted[44:].max() > 0.1 + lifted[:38].max()  # waving begins with its marker
        assert bpy.ops.limber.again() == {"FINISHED"}
        assert told(armature) == ("sad", 1.0, pytest.approx(speed))
        assert armature.animation_data.action["seed"] == 1 and frames(armature) == (1, 96)
        assert bpy.ops.limber.vary() == {"FINISHED"}
        assert told(armature) == ("sad", 1.0, pytest.approx(speed))

    def test_a_stretch_made_anew_has_the_mood_of_the_rest(self, bpy, timeline):
        armature = in_new_file(bpy, timeline, mood="SAD")
        bpy.ops.limber.accept_take()
        bowed = []
        for _ in range(2):
            assert bpy.ops.limber.stretch_anew(index=0) == {"FINISHED"}
            bowed.append(2.0 * np.arcsin(values(armature, "neck")[12:28, 1].mean()))
            bpy.ops.limber.reject_takes()
            armature.animation_data.action.pop("mood", None)
        assert bowed[0] > bowed[1] + np.radians(6.0)

    def test_what_does_not_fit_at_that_pace_is_refused(self, bpy, timeline):
        scene = bpy.context.scene
        scene.limber_style.speed = 0.5
        scene.timeline_markers.new(BOW, frame=84)
        with pytest.raises(RuntimeError, match="has 13 frames from frame 84 on, too few at 0.50"):
            timeline()
        scene.limber_style.speed, scene.frame_end = 2.0, 24 * 160
        with pytest.raises(RuntimeError, match="at 2.00 times the pace the most are 149.9"):
            timeline()
        assert not bpy.data.actions


class TestLoop:
    def test_energy_leaves_frames_and_legs(self, bpy, loop):
        plain = in_new_file(bpy, loop)
        calm = in_new_file(bpy, loop, energy=0.4)
        assert told(plain) is None and told(calm) == ("", 0.4, 1.0)
        assert frames(plain) == frames(calm) == (1, 31)
        assert turning(calm) < turning(plain)

    def test_pace_keeps_the_round_s_length_and_closes(self, bpy, loop):
        slow = in_new_file(bpy, loop, speed=0.6)
        fast = in_new_file(bpy, loop, mood="HAPPY", speed=1.6)
        assert frames(slow) == frames(fast) == (1, 31)
        ways = []
        for armature in (slow, fast):
            way = values(armature, "pelvis", "location")
            ways.append(np.linalg.norm(way[-1] - way[0]))
            for joint in UPPER:
                turns = values(armature, joint)
                np.testing.assert_allclose(turns[0], turns[-1], atol=1e-5)
        assert ways[1] > 1.6 * ways[0]
        assert bpy.ops.limber.again() == {"FINISHED"}
        assert told(fast) == ("happy", 1.0, pytest.approx(1.6)) and frames(fast) == (1, 31)

    def test_what_is_too_long_at_that_pace_is_refused(self, bpy, loop):
        bpy.context.scene.limber_style.speed = 2.0
        bpy.context.scene.limber.seconds = 40.0
        with pytest.raises(RuntimeError, match="ask for 0.5 to 27.4"):
            loop()


class TestDirections:
    def test_a_path_is_kept_in_any_style(self, bpy, path):
        plain = in_new_file(bpy, path)
        sad = in_new_file(bpy, path, mood="SAD", speed=1.5)
        assert told(plain) is None and told(sad) == ("sad", 1.0, 1.5)
        assert frames(plain) == frames(sad)
        legs = [np.linspace(a, b, 300) for a, b in ((WAY[0], WAY[1]), (WAY[1], WAY[2]))]
        ways = [heads(bpy, armature, "pelvis") for armature in (plain, sad)]
        for way in ways:
            away = np.linalg.norm(way[:, None, :2] - np.concatenate(legs), axis=-1).min(-1)
            assert away.max() < 0.05
        assert np.linalg.norm((ways[0] - ways[1])[:, :2], axis=-1).max() < 0.1  # when it is where
        tilt = [values(armature, "neck")[:, 1].mean() for armature in (plain, sad)]
        assert 2.0 * np.arcsin(tilt[1] - tilt[0]) > np.radians(5.0)
        assert bpy.ops.limber.again() == {"FINISHED"}
        assert told(sad) == ("sad", 1.0, 1.5) and frames(sad) == frames(plain)

    def test_a_take_is_repeated_in_its_own_style(self, bpy, path):
        """Whatever the sliders say by then."""
        plain = in_new_file(bpy, path)
        bpy.context.scene.limber_style.mood = "SAD"
        assert bpy.ops.limber.again() == {"FINISHED"}
        assert told(plain) is None

    def test_keys_stay_to_the_bit(self, bpy, addon):
        from blender_addon.action import write_action
        from blender_addon.character import build_armature
        from motion_engine.skeleton import SMPLX

        armature = build_armature(SMPLX, "Limber")
        write_action(armature, walking(40), "Blocked")
        for curve in curves(armature).values():
            points = curve.keyframe_points
            for point in reversed(points):
                point.select_control_point = True
                if point.co[0] not in KEYS:
                    points.remove(point, fast=True)
            curve.update()
        bpy.context.view_layer.objects.active = armature
        before = {name: keys_of(curve) for name, curve in curves(armature).items()}
        scene = bpy.context.scene
        scene.limber_direction.use_keys, scene.limber.prompt = True, WALK
        scene.limber_style.mood, scene.limber_style.energy = "ANGRY", 1.5
        assert bpy.ops.limber.generate_directed() == {"FINISHED"}
        assert told(armature) == ("angry", 1.5, 1.0) and frames(armature) == (1, 40)
        for name, curve in curves(armature).items():
            found = keys_of(curve)
            if name in before:
                assert {time: found[time] for time in before[name]} == before[name]
        bpy.ops.limber.mirror()
        assert told(armature) is None

    def test_without_a_style_the_engine_is_asked_as_ever(self, bpy, path):
        from blender_addon.direct_request import DirectedRequest
        from blender_addon.steps import finished

        request = finished(DirectedRequest.reading(bpy.context))
        assert request.order.direction.style == AS_IT_IS
        bpy.context.scene.limber_style.mood = "SAD"
        request = finished(DirectedRequest.reading(bpy.context))
        assert request.order.direction.style == Style("sad")


def keys_of(curve) -> dict:
    """Everything about a curve's keys, by time."""
    return {
        point.co[0]: (*point.co, *point.handle_left, *point.handle_right, point.interpolation)
        for point in curve.keyframe_points
    }

"""Timelines of prompts in Blender: markers or strips, one motion through them, one stretch anew."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import Live, contents
from rig_scenes import curves
from scripted_rigs import build, scripted_rig

pytestmark = pytest.mark.blender

FASTEST_STEP_M = 0.15
WALK, WAVE, BOW = "a person walks forward", "a person waves", "a person bows"


@pytest.fixture
def scene(bpy, addon):
    """At 24 fps, with 72 frames: a step is a little shorter than at the engine's rate."""
    scene = bpy.context.scene
    scene.render.fps, scene.frame_end = 24, 72
    return scene


def say(bpy, frame: int, prompt: str) -> None:
    bpy.context.scene.frame_set(frame)
    assert bpy.ops.limber.add_prompt(prompt=prompt) == {"FINISHED"}


def stretches(bpy) -> list[tuple]:
    from blender_addon.stretches import planned

    return [(one.text, one.first, one.stop) for one in planned(bpy.context)]


def refusal(call) -> str:
    with pytest.raises(RuntimeError) as error:
        call()
    return str(error.value)


def keys(armature) -> dict:
    from blender_addon.keys import read_keys

    return {name: read_keys(curve) for name, curve in curves(armature).items()}


def changed_outside(before: dict, after: dict, first: int, last: int) -> set:
    """Curves of which any property of any key outside the frames differs."""
    assert before.keys() == after.keys()
    found = set()
    for name, old in before.items():
        outside = [(k["co"][:, 0] < first) | (k["co"][:, 0] > last) for k in (old, after[name])]
        if any(not np.array_equal(old[f][outside[0]], after[name][f][outside[1]]) for f in old):
            found.add(name)
    return found


def world(bpy, armature, frames: range) -> np.ndarray:
    """Heads of all bones ``[F, B, 3]`` as Blender evaluates them."""
    found = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append([posed.matrix_world @ bone.head for bone in posed.pose.bones])
    return np.array(found)


def hip_steps(bpy, armature) -> np.ndarray:
    """How far the hips go from frame to frame, metres: where a seam would show whatever is done."""
    return np.linalg.norm(np.diff(world(bpy, armature, range(1, 73))[:, 0], axis=0), axis=-1)


class TestMarkers:
    def test_a_prompt_holds_until_the_next_marker_and_the_last_one_to_the_end(self, bpy, scene):
        say(bpy, 1, WALK)
        say(bpy, 30, WAVE)
        scene.timeline_markers.new("Camera", frame=10).camera = bpy.data.objects.new("C", None)
        assert stretches(bpy) == [(WALK, 1, 30), (WAVE, 30, 73)]
        scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 1, 50
        assert stretches(bpy) == [(WALK, 1, 30), (WAVE, 30, 51)]

    def test_after_an_end_the_character_is_idle_until_the_next_one(self, bpy, scene):
        say(bpy, 1, WALK)
        scene.frame_set(25)
        assert bpy.ops.limber.end_timeline() == {"FINISHED"}
        say(bpy, 45, WAVE)
        scene.frame_set(60)
        bpy.ops.limber.end_timeline()
        idle = scene.limber_timeline.idle
        assert stretches(bpy) == [(WALK, 1, 25), (idle, 25, 45), (WAVE, 45, 61)]

    def test_a_gap_shorter_than_a_step_belongs_to_what_went_before(self, bpy, scene):
        say(bpy, 1, WALK)
        say(bpy, 25, "end")
        say(bpy, 30, WAVE)
        assert stretches(bpy) == [(WALK, 1, 30), (WAVE, 30, 73)]

    def test_a_marker_that_stands_here_is_renamed(self, bpy, scene):
        say(bpy, 1, WALK)
        say(bpy, 1, WAVE)
        assert [marker.name for marker in scene.timeline_markers] == [WAVE]

    def test_what_cannot_be_made_is_refused(self, bpy, scene):
        generate = bpy.ops.limber.generate_timeline
        assert "has no marker" in refusal(generate)
        unnamed = scene.timeline_markers.new("F_10", frame=10)
        assert "The marker at frame 10 has no text" in refusal(generate)
        unnamed.name = WALK
        say(bpy, 12, WAVE)
        assert "2 frames from frame 10 on, less than a step; give it 12" in refusal(generate)
        second = scene.timeline_markers.new(BOW, frame=12)
        assert f"“{WAVE}” and “{BOW}” stand both at frame 12" in refusal(generate)
        second.frame = 90
        scene.timeline_markers.remove(scene.timeline_markers[1])
        assert "The scene ends at frame 72" in refusal(generate)
        scene.frame_end = 24 * 301
        assert "the most are 300" in refusal(generate)
        scene.timeline_markers.clear()
        say(bpy, 5, "end")
        assert "All markers are called end" in refusal(generate)
        scene.limber.prompt = "a person " + "very slowly " * 6 + "walks"
        assert "shorten the prompt" in refusal(bpy.ops.limber.add_prompt)
        assert not bpy.data.actions and not bpy.data.objects


class TestStrips:
    @pytest.fixture
    def rig(self, bpy, scene, rig):
        scene.render.fps = 24
        scene.limber_timeline.source = "STRIPS"
        scene.limber.seconds = 1.0
        return rig

    def test_strips_carry_prompts_of_their_own_length(self, bpy, rig):
        say(bpy, 1, WALK)
        say(bpy, 41, WAVE)
        idle = bpy.context.scene.limber_timeline.idle
        assert stretches(bpy) == [(WALK, 1, 25), (idle, 25, 41), (WAVE, 41, 66)]
        say(bpy, 13, BOW)  # within the walk, which is cut short
        assert stretches(bpy)[:2] == [(WALK, 1, 13), (BOW, 13, 41)]
        say(bpy, 13, WAVE)
        assert stretches(bpy)[:2] == [(WALK, 1, 13), (WAVE, 13, 41)]

    def test_a_long_prompt_is_kept_until_the_strip_is_renamed(self, bpy, rig):
        long = "a person walks forward and " + "then goes on walking " * 3
        say(bpy, 1, long)
        strip = rig.animation_data.nla_tracks["Prompts"].strips[0]
        assert len(strip.name) <= 63 and stretches(bpy)[0][0] == long.strip()
        strip.name = WAVE
        assert stretches(bpy)[0][0] == WAVE

    def test_overlapping_strips_are_named(self, bpy, rig):
        say(bpy, 1, WALK)
        other = rig.animation_data.nla_tracks.new()
        other.name = "Prompts"
        strip = other.strips.new(WAVE, 10, bpy.data.actions.new("blank"))
        strip.name, strip.frame_end = WAVE, 40
        said = refusal(bpy.ops.limber.generate_timeline)
        assert f"“{WALK}” (1 to 25) and “{WAVE}” (10 to 40) overlap" in said
        strip.name = "NlaStrip"
        assert "The strip at frame 10 has no text" in refusal(bpy.ops.limber.generate_timeline)
        strip.mute = True
        assert stretches(bpy) == [(WALK, 1, 26)]

    def test_a_rig_plays_its_strips_prompts(self, bpy, rig):
        say(bpy, 11, WALK)
        say(bpy, 35, WAVE)
        assert bpy.ops.limber.generate_timeline() == {"FINISHED"}
        action = rig.animation_data.action
        assert tuple(action.frame_range) == (11, 59)
        assert rig.limber_takes.is_open
        assert bpy.ops.limber.reject_takes() == {"FINISHED"}
        assert stretches(bpy) == [(WALK, 11, 35), (WAVE, 35, 60)]


@pytest.fixture
def played(bpy, scene):
    """A mannequin that plays an accepted timeline of three prompts, a second each."""
    for frame, prompt in ((1, WALK), (25, WAVE), (49, BOW)):
        say(bpy, frame, prompt)
    assert bpy.ops.limber.generate_timeline() == {"FINISHED"}
    bpy.ops.limber.accept_take()
    return bpy.context.object


def test_one_motion_of_the_asked_length_is_made(bpy, played):
    action = played.animation_data.action
    assert tuple(action.frame_range) == (1, 72)
    assert json.loads(action["timeline"]) == [[1, 25, WALK], [25, 49, WAVE], [49, 73, BOW]]
    assert hip_steps(bpy, played).max() < FASTEST_STEP_M
    bpy.ops.limber.again()
    again = played.animation_data.action
    assert again["seed"] == action["seed"] + 1 and again["timeline"] == action["timeline"]
    assert tuple(again.frame_range) == (1, 72)


@pytest.mark.parametrize(("index", "first", "last"), [(0, 1, 24), (1, 25, 48), (2, 49, 72)])
def test_one_stretch_is_made_anew_and_all_else_stays(bpy, played, index, first, last):
    before, source = keys(played), played.animation_data.action
    assert bpy.ops.limber.stretch_anew(index=index) == {"FINISHED"}
    after, action = keys(played), played.animation_data.action
    assert changed_outside(before, after, first, last) == set()
    spine = ('pose.bones["spine1"].rotation_quaternion', 1)
    assert not np.array_equal(before[spine]["co"], after[spine]["co"])
    assert action != source and action["seed"] == source["seed"] + 1
    assert action["timeline"] == source["timeline"]
    assert hip_steps(bpy, played).max() < FASTEST_STEP_M
    bpy.ops.limber.reject_takes()
    same = keys(played)
    assert all(np.array_equal(same[n][f], before[n][f]) for n in before for f in before[n])


@pytest.mark.parametrize("limbs", ["fk", "ik"])
def test_a_stretch_of_a_control_rig_is_made_anew_and_all_else_stays(bpy, scene, limbs):
    armature = build(scripted_rig("auto_rig_pro", "A"))
    bpy.context.view_layer.objects.active = armature
    scene.limber_retarget.limbs = limbs
    for frame, prompt in ((1, WALK), (25, WAVE), (49, BOW)):
        say(bpy, frame, prompt)
    assert bpy.ops.limber.generate_timeline() == {"FINISHED"}
    bpy.ops.limber.accept_take()
    before, old = keys(armature), world(bpy, armature, range(1, 73))
    assert bpy.ops.limber.stretch_anew(index=1) == {"FINISHED"}
    assert changed_outside(before, keys(armature), 25, 48) == set()
    new = world(bpy, armature, range(1, 73))
    outside = np.r_[0:24, 48:72]
    assert np.abs(new - old)[outside].max() < 1e-5 and np.abs(new - old)[24:48].max() > 0.02
    push = np.linalg.norm(np.diff(new, n=2, axis=0), axis=-1).max(-1)
    usual = np.linalg.norm(np.diff(old, n=2, axis=0), axis=-1).max(-1)
    assert push[[22, 23, 46, 47]].max() < 2.0 * max(usual.max(), np.percentile(push, 95))


def test_the_stretch_at_the_present_frame_with_other_words(bpy, played):
    scene = bpy.context.scene
    before = keys(played)
    scene.timeline_markers[1].name = BOW
    scene.frame_set(30)
    assert bpy.ops.limber.stretch_anew() == {"FINISHED"}
    action = played.animation_data.action
    assert action["prompt"] == BOW and json.loads(action["timeline"])[1] == [25, 49, BOW]
    bpy.ops.limber.again()
    assert played.animation_data.action["seed"] == action["seed"] + 1
    assert changed_outside(before, keys(played), 25, 48) == set()


def test_stretches_that_are_not_there_are_refused(bpy, played):
    scene = bpy.context.scene
    assert "no such stretch" in refusal(lambda: bpy.ops.limber.stretch_anew(index=7))
    scene.frame_set(200)
    assert "No prompt covers frame 200" in refusal(bpy.ops.limber.stretch_anew)
    scene.timeline_markers.clear()
    scene.frame_end = 200
    say(bpy, 100, WALK)
    assert "do not lie in" in refusal(lambda: bpy.ops.limber.stretch_anew(index=0))
    scene.timeline_markers[0].frame, scene.frame_end = 1, 72
    assert "all that there is" in refusal(lambda: bpy.ops.limber.stretch_anew(index=0))
    bpy.context.view_layer.objects.active = None
    played.select_set(False)
    assert not bpy.ops.limber.stretch_anew.poll()


def test_beside_the_window_with_cancel(bpy, scene):
    say(bpy, 1, WALK)
    say(bpy, 25, WAVE)
    before = contents(bpy)
    live = Live(bpy, "LIMBER_OT_generate_timeline")
    live.event("TIMER")
    assert live.event("ESC") == {"CANCELLED"} and contents(bpy) == before
    live = Live(bpy, "LIMBER_OT_generate_timeline")
    assert live.finish() == {"FINISHED"}
    assert live.reports == [("INFO", "3.0 s on Limber")]

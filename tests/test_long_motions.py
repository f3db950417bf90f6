"""Timelines, long stretches and endless rounds: Motion that is longer than what is made at once."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from swaying import accelerations, swaying, walking

import motion_engine
from motion_engine import rotations
from motion_engine.command import Command
from motion_engine.edit.looping import best_loop_frames, cycle_at_rate, loop_start, looped, rounds
from motion_engine.edit.placing import place_at, placed
from motion_engine.errors import LimberError
from motion_engine.generation import bridging
from motion_engine.generation.stretching import new_stretches
from motion_engine.generation.timeline import (
    WINDOW_SECONDS,
    Beat,
    check_beats,
    timeline_motions,
    timeline_plan,
    windows,
)
from motion_engine.models.planner import Planner
from motion_engine.retarget.rig_cycles import rig_cycle
from motion_engine.retarget.rig_motion import BoneTrack, RigMotion

BEATS = (Beat(0.0, "walk"), Beat(2.0, "wave"), Beat(9.0, "sit down"))


@pytest.fixture(scope="module")
def model():
    return motion_engine.load("debug")


class TestTimelines:
    @given(st.lists(st.floats(0.5, 20.0), min_size=1, max_size=8))
    def test_pieces_follow_each_other_and_texts_begin_in_time(self, lengths):
        starts = [0.0, *np.cumsum(lengths)]
        beats = [Beat(start, str(number)) for number, start in enumerate(starts[:-1])]
        frames = int(np.ceil(starts[-1] * 7.5))
        found = windows(beats, frames, 7.5)
        assert found[0][1] == 0 and found[-1][2] == frames
        assert all(one[2] == other[1] for one, other in pairwise(found))
        assert all(0 < stop - first <= WINDOW_SECONDS * 7.5 + 1 for _, first, stop in found)
        for number, beat in enumerate(beats):
            first = next(first for said, first, _ in found if said == beat)
            assert abs(first / 7.5 - beat.start) <= 0.5 / 7.5 + 1e-9

    def test_a_beat_longer_than_a_clip_is_planned(self):
        beats = (Beat(0.0, "a person walks"), Beat(100.0, "a person waves"))
        plan = timeline_plan(beats, 110.0, Command("a person walks"), motion_engine.load())
        planned = [action for beat in beats for action in plan[beat]]
        walks = [action for action in planned if action.verb == "walk"]
        assert max(action.stop for action in walks) > 90.0
        assert min(action.start for action in planned if action.verb == "wave") >= 100.0

    def test_what_was_not_taught_leaves_the_other_beats_planned(self, monkeypatch):
        def taught(planner: Planner, text: str, *asked):
            return None if text == "she juggles" else plan_taught(planner, text, *asked)

        plan_taught = Planner.plan
        monkeypatch.setattr(Planner, "plan", taught)
        beats = (Beat(0.0, "a person walks"), Beat(4.0, "she juggles"), Beat(8.0, "she waves"))
        plan = timeline_plan(beats, 12.0, Command("a person walks"), motion_engine.load())
        assert plan[beats[1]] is None
        assert plan[beats[0]][0].verb == "walk" and plan[beats[2]][0].verb == "wave"

    @pytest.mark.parametrize(
        ("beats", "seconds", "said"),
        [
            ((), 4.0, "begins at 0"),
            ((Beat(1.0, "walk"),), 4.0, "begins at 0"),
            ((Beat(0.0, "walk"),), 301.0, "lasts 0.2 to 300 seconds"),
            ((Beat(0.0, "walk"), Beat(2.0, " ")), 4.0, "text at 2 seconds is empty"),
            ((Beat(0.0, "walk"), Beat(2.0, "wave"), Beat(2.2, "bow")), 4.0, '"wave" has 0.20 s'),
            ((Beat(0.0, "walk"), Beat(3.9, "wave")), 4.0, '"wave" has 0.10 s'),
        ],
    )
    def test_what_cannot_be_made_is_said(self, beats, seconds, said):
        with pytest.raises(LimberError, match=said):
            check_beats(beats, seconds)

    def test_takes_made_together_are_those_made_alone(self, model):
        commands = [Command("x", seed=3, variation=take) for take in range(2)]
        together = timeline_motions(BEATS, 11.0, commands, model)
        assert [motion.frames for motion in together] == [330, 330]
        (alone,) = timeline_motions(BEATS, 11.0, commands[1:], model)
        np.testing.assert_allclose(together[1].root_positions, alone.root_positions, atol=1e-4)
        assert not np.allclose(together[0].root_positions, alone.root_positions, atol=1e-2)

    def test_it_is_heard_and_shown_as_it_is_made(self, model):
        heard, shown = [], []
        timeline_motions(
            *(BEATS, 11.0, [Command("x")], model),
            lambda done, total: heard.append((done, total)),
            lambda features: shown.append(len(features)),
        )
        assert heard == [(frame, 83) for frame in range(1, 84)]
        assert sum(shown) == 330 and max(shown) <= 8

    def test_a_cancelled_one_ends_at_once(self, model):
        def stop(done: int, total: int) -> None:
            if done == 5:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            timeline_motions(BEATS, 300.0, [Command("x")], model, stop)


class TestStretches:
    @pytest.mark.parametrize("frames", [60, 400])
    def test_they_lead_from_what_goes_before_to_what_comes_after(self, model, frames):
        before, after = walking(60), walking(60)
        commands = [Command("walk", seed=seed) for seed in (1, 2)]
        heard = []
        takes = new_stretches(
            *(before, after, frames, commands, model),
            lambda done, total: heard.append(done / total),
        )
        assert [take.frames for take in takes] == [frames, frames]
        assert heard == sorted(heard) and heard[-1] == pytest.approx(1.0)
        for take in takes:
            usual = np.linalg.norm(np.diff(take.root_positions, axis=0), axis=-1).max()
            ends = [(before, -1, take, 0), (take, -1, after, 0)]
            for one, at, other, then in ends:
                step = one.root_positions[at] - other.root_positions[then]
                assert np.linalg.norm(step) < usual + 0.05  # random weights jump about

    def test_of_a_few_continuations_the_one_is_taken_that_the_others_are_like(
        self, model, monkeypatch
    ):
        before, heard = walking(60), []

        def made(prompts, _, start, progress=None):
            heard.extend(prompts)
            away, likely = np.array([9.0, 0.0, 0.0]), walking(60 + 60).cut(44, 120)
            far = replace(
                likely,
                root_positions=likely.root_positions + np.linspace(0, 1, 76)[:, None] * away,
            )
            return [placed(take, 0, start) for take in (far, likely, likely)]

        monkeypatch.setattr(bridging, "decoded_motions", made)
        (motion,) = bridging.bridges(before, None, 60, [Command("walk", variation=4)], model)
        assert heard[0].command.variation == 4
        assert len({prompt.command.variation for prompt in heard}) == 3
        wanted = walking(120).root_positions[60:]
        assert np.linalg.norm(motion.root_positions - wanted, axis=-1).max() < 1.0


class TestRounds:
    def test_the_best_length_is_one_of_whole_strides(self):
        for period in (24, 32):
            frames = best_loop_frames(walking(150, period=period / 30.0))
            assert frames >= 67 and min(frames % period, -frames % period) <= 1

    def test_a_loop_begins_where_it_is_said(self):
        motion = swaying(120)
        start = loop_start(motion, 45)
        late = looped(motion.cut(start, 120), 45)
        np.testing.assert_allclose(
            late.local_rotations[30], looped(motion, 45).local_rotations[30], atol=1e-9
        )

    @pytest.mark.parametrize("in_place", [False, True])
    @pytest.mark.parametrize("fps", [24.0, 50.0, 60.0])
    def test_at_any_rate_it_closes_in_pose_and_speed(self, fps, in_place):
        cycle = cycle_at_rate(looped(walking(150), 31, in_place), fps)
        assert cycle.frames == round(31 / 30.0 * fps) + 1 and cycle.fps == fps
        ends = cycle.local_rotations[[0, -1], 1:]
        np.testing.assert_array_equal(*ends)
        endless = rounds(cycle, 3)
        last = cycle.frames - 1
        assert endless.frames == 3 * last + 1
        push = accelerations(endless)
        seams = [last - 1, 2 * last - 1]
        assert push[seams].max() < 1.5 * np.delete(push, seams).max()
        step = np.subtract(place_at(cycle, last), place_at(cycle, 0))
        if in_place:
            np.testing.assert_allclose(step, 0.0, atol=1e-9)
        np.testing.assert_allclose(
            np.subtract(place_at(endless, 3 * last), place_at(endless, 0)), 3.0 * step, atol=1e-6
        )

    def test_too_short_a_clip_is_said(self):
        with pytest.raises(LimberError, match="too short for a loop"):
            best_loop_frames(walking(20))


def test_one_round_on_a_rig_is_closed_to_the_bit():
    """A bone that swings and moves on, a little worse with every round."""
    frames, at = 20, np.arange(61)
    angle = 0.4 * np.sin(2.0 * np.pi * at / 20) + 1e-4 * at
    turns = rotations.about("x", angle)
    places = np.column_stack([0.05 * at, np.cos(2.0 * np.pi * at / 20), 1e-5 * at])
    track = BoneTrack("hips", "root", "QUATERNION", turns, places)
    cycle = rig_cycle(RigMotion(30.0, 61, 1.0, (track,)), frames)
    (made,) = cycle.tracks
    assert cycle.frames == len(made.rotations) == len(made.locations) == 21
    np.testing.assert_array_equal(made.rotations[0], made.rotations[-1])
    step = made.locations[-1] - made.locations[0]
    assert step[0] == pytest.approx(1.0) and step[1] == 0.0 and step[2] == 0.0
    np.testing.assert_allclose(made.locations[:, 0], 0.05 * np.arange(21), atol=1e-9)
    np.testing.assert_allclose(made.rotations[:14], turns[20:34], atol=1e-12)

"""A root that goes on, or goes from place to place, against what is known of bodies that glide."""

from dataclasses import replace

import numpy as np
import pytest

from motion_engine.edit.momentum import (
    UNSURE_SECONDS,
    between,
    going_on,
    most_continuous,
    most_expected,
)
from motion_engine.motion import Motion


def gliding(velocity, frames=60) -> Motion:
    motion = Motion.standing(frames)
    way = np.cumsum(np.broadcast_to([*velocity, 0.0], (frames, 3)), axis=0) / motion.fps
    return replace(motion, root_positions=motion.root_positions + way)


def mean_velocity(motion: Motion, first: int) -> np.ndarray:
    moved = motion.root_positions[-1, :2] - motion.root_positions[first, :2]
    return moved * motion.fps / (motion.frames - 1 - first)


@pytest.mark.parametrize("own", [1.0, 1.4, 1.7])
def test_a_walk_goes_on_at_the_speed_it_had(own):
    before = gliding((0.0, -1.4), 16)
    made = going_on(gliding((0.1, -own)), before, 15)
    assert abs(mean_velocity(made, 16)[1] + 1.4) < 0.3 * abs(own - 1.4) + 0.01
    np.testing.assert_array_equal(
        made.root_positions[:16], gliding((0.1, -own)).root_positions[:16]
    )


@pytest.mark.parametrize("own", [(0.0, 0.0), (1.4, 0.0), (0.0, -3.5), (0.0, 1.4)])
def test_who_stops_turns_runs_or_goes_back_does_it(own):
    made = going_on(gliding(own), gliding((0.0, -1.4), 16), 15)
    np.testing.assert_allclose(made.root_positions, gliding(own).root_positions, atol=1e-9)


def test_who_sways_keeps_the_way_that_they_were_on_for_a_while():
    """A dance says nothing of the dancer's way by where it sways first."""
    before = gliding((0.0, -1.4), 16)
    made = going_on(gliding((1.0, 0.5), 150), before, 15, sways=True)
    begun, ended = (mean_velocity(made.cut(*span), 0) for span in ((18, 22), (130, 150)))
    assert np.linalg.norm(begun - [0.0, -1.4]) < 0.35
    assert np.linalg.norm(ended - [1.0, 0.5]) < 0.35
    stood = going_on(gliding((1.0, 0.5), 60), Motion.standing(16), 15, sways=True)
    assert np.linalg.norm(stood.root_positions[20] - stood.root_positions[15]) < 0.1


def test_who_stood_starts_as_the_model_has_it():
    made = going_on(gliding((0.0, -1.4)), Motion.standing(16), 15)
    np.testing.assert_array_equal(made.root_positions, gliding((0.0, -1.4)).root_positions)


def test_a_single_frame_before_has_no_speed():
    made = going_on(gliding((0.0, -1.0)), gliding((0.0, -1.4), 1), 0)
    np.testing.assert_array_equal(made.root_positions, gliding((0.0, -1.0)).root_positions)


def detour(frames: int) -> Motion:
    """Straight on, but for a bow to the side on the way."""
    motion = gliding((0.0, -1.0), frames)
    aside = 0.5 * np.sin(np.linspace(0.0, np.pi, frames)) ** 2
    return replace(motion, root_positions=motion.root_positions + aside[:, None] * [1.0, 0.0, 0.0])


def test_between_near_ends_nobody_makes_a_detour():
    own, straight = detour(90), gliding((0.0, -1.0), 90)
    made = between(own, straight, 15, 75)
    assert np.abs(made.root_positions[30:60] - straight.root_positions[30:60]).max() < 0.06
    np.testing.assert_array_equal(made.root_positions[:15], own.root_positions[:15])
    np.testing.assert_array_equal(made.root_positions[75:], own.root_positions[75:])


def test_who_has_time_may_go_another_way():
    frames = round((UNSURE_SECONDS + 1.0) * 30)
    own = detour(frames + 30)
    made = between(own, gliding((0.0, -1.0), frames + 30), 15, 15 + frames)
    np.testing.assert_allclose(made.root_positions, own.root_positions, atol=1e-12)


def test_the_sway_of_steps_is_kept():
    frames = 90
    straight = gliding((0.0, -1.0), frames)
    sway = 0.03 * np.sin(2.0 * np.pi * np.arange(frames) / 15.0)
    swaying = replace(straight, root_positions=straight.root_positions + sway[:, None] * [1, 0, 0])
    made = between(swaying, straight, 15, 75)
    assert np.abs(made.root_positions - swaying.root_positions).max() < 0.006


def test_of_a_few_takes_the_one_is_taken_that_the_others_are_like():
    near, like, far = gliding((0.1, -1.0)), gliding((0.0, -1.1)), gliding((0.0, -3.0))
    assert most_expected([far, near, gliding((0.2, -0.9)), like]) is near
    assert most_expected([far]) is far


def test_of_a_few_takes_the_one_is_taken_that_goes_on_as_it_went():
    before = gliding((0.0, -1.0), 16)
    stops, goes_on, runs = gliding((0.0, 0.0)), gliding((0.1, -1.0)), gliding((0.0, -3.0))
    assert most_continuous([stops, goes_on, runs], before) is goes_on
    assert most_continuous([runs, stops], before.cut(0, 1)) is stops

"""Mood, energy and pace of motions that are led: what is led stays exact, how it is done changes."""

from dataclasses import replace

import numpy as np
import pytest

import motion_engine
from motion_engine import rotations
from motion_engine.command import Command
from motion_engine.edit.root_path import RootPath
from motion_engine.edit.style import POSTURES, Style
from motion_engine.errors import LimberError
from motion_engine.finish.keys import Key
from motion_engine.generation import directed
from motion_engine.generation.directed import Direction, directed_motions
from motion_engine.generation.timeline import Beat, at_pace
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX

ALL_JOINTS = tuple(range(SMPLX.joints))
WALK = Command("a person walks", seconds=2.0, seed=3)
BEATS = (Beat(0.0, "a person walks"), Beat(1.5, "a person waves"))
SAD = Style("sad", energy=0.8, speed=1.3)


@pytest.fixture(scope="module")
def model():
    return motion_engine.load("debug")


def made(direction: Direction, model) -> Motion:
    return directed_motions(direction, 1, model)[0]


@pytest.mark.parametrize("direction", [
    Direction(WALK, loop="travelling"),
    Direction(WALK, beats=BEATS, length=3.0),
    Direction(WALK, path=RootPath(np.array([[0.0, 0.0, 0.0], [2.0, 0.0, -2.0]]))),
], ids=["loop", "timeline", "path"])  # fmt: skip
def test_a_mood_shows_in_what_is_led(direction, model, monkeypatch):
    """The model is made to stand upright, so that the posture is all that bends the head."""
    standing = [Motion.standing(150)]
    monkeypatch.setattr(directed, "decoded_motions", lambda *asked, **how: standing)
    monkeypatch.setattr(directed, "timeline_motions", lambda *asked, **how: standing)
    sad = made(replace(direction, style=Style("sad")), model)
    assert sad.frames == made(direction, model).frames
    bend = rotations.to_axis_angle(sad.local_rotations[:, SMPLX.index("head")])[:, 0]
    np.testing.assert_allclose(bend, np.radians(POSTURES["sad"].bends["head"]), atol=1e-6)


def test_parts_are_held_at_every_pace(model):
    for style in (Style(speed=0.6), Style(speed=1.6)):
        motion = made(Direction(WALK, still=("left_arm",), style=style), model)
        assert motion.frames == 60


def test_a_loop_in_a_style_closes(model):
    loop = made(Direction(WALK, loop="in_place", style=SAD), model)
    np.testing.assert_array_equal(loop.local_rotations[0], loop.local_rotations[-1])
    np.testing.assert_array_equal(loop.root_positions[0], loop.root_positions[-1])


def test_keys_are_met_exactly_in_every_style(model):
    key = Key(1.0, Motion.standing(2), ALL_JOINTS)
    motion = made(Direction(WALK, keys=(key,), fps=24.0, style=SAD), model)
    np.testing.assert_array_equal(motion.local_rotations[24], key.pose.local_rotations[0])
    np.testing.assert_array_equal(motion.root_positions[24], key.pose.root_positions[0])


def test_a_path_is_kept_at_every_pace(model):
    path = RootPath(np.array([[0.0, 0.0, 0.0], [1.0, 0.0, -1.0], [2.0, 0.5, -1.9]]))
    motion = made(Direction(WALK, path=path, style=SAD), model)
    away = motion.root_positions[:, :2] - path.at(np.arange(motion.frames) / motion.fps)
    assert np.linalg.norm(away, axis=-1).max() < 0.05


@pytest.mark.parametrize("speed", [0.7, 1.5])
def test_a_pace_leaves_the_times_of_a_timeline(speed, model):
    direction = Direction(WALK, beats=BEATS, length=3.0, style=Style(speed=speed))
    assert made(direction, model).frames == 90
    assert [beat.start / speed for beat in at_pace(BEATS, speed)] == pytest.approx([0.0, 1.5])


def test_a_pace_that_leaves_a_text_no_time_is_refused():
    beats = (Beat(0.0, "a person walks"), Beat(2.0, "a person waves"))
    with pytest.raises(LimberError, match="give every"):
        Direction(WALK, beats=beats, length=2.7, style=Style(speed=0.5))

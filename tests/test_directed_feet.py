"""Planted feet stand in all that is directed: the shipped model, as users have it."""

from dataclasses import replace

import numpy as np
import pytest

import motion_engine
from motion_engine import rotations
from motion_engine.command import Command
from motion_engine.contacts import foot_slide_cm_s, standing_slide_cm_s
from motion_engine.edit.root_path import RootPath
from motion_engine.finish.keys import Key
from motion_engine.generation import directed
from motion_engine.generation.directed import Direction, directed_motions
from motion_engine.generation.timeline import Beat
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX

WALK = Command("a person walks forward", seconds=3.0, seed=5)
BENT = RootPath(np.array([[0.0, 0.0, 0.0], [1.5, 0.3, -1.7], [3.0, 1.2, -3.0]]))
BEATS = (Beat(0.0, "a person walks forward"), Beat(3.0, "a person stands still"))


@pytest.fixture(scope="module")
def model():
    return motion_engine.load("default")


@pytest.fixture(scope="module")
def walk(model):
    return motion_engine.generate_motion(WALK, model)


def test_a_walk_of_text_alone_stands_on_its_feet(walk):
    assert foot_slide_cm_s(walk) < 4.0


@pytest.mark.parametrize("direction", [
    Direction(WALK, path=BENT), Direction(WALK, beats=BEATS, length=5.0),
], ids=["path", "timeline"])  # fmt: skip
def test_a_directed_walk_stands_on_its_feet(direction, model):
    (motion,) = directed_motions(direction, 1, model)
    assert foot_slide_cm_s(motion) < 4.0
    assert standing_slide_cm_s(motion) < 25.0


def standing_keys(*seconds):
    return tuple(Key(at, Motion.standing(2), tuple(range(SMPLX.joints))) for at in seconds)


STANDING = Motion.standing(150)


def hearing(monkeypatch, takes=(STANDING,)):
    """The prompts that the model is asked for, of which it makes these ``takes`` in turn."""
    heard = []

    def made(prompts, *asked, **how):
        heard.extend(prompts)
        return [takes[number % len(takes)] for number in range(len(prompts))]

    monkeypatch.setattr(directed, "decoded_motions", made)
    return heard


@pytest.mark.parametrize(("count", "most"), [(1, 4.5), (2, 2.5)])
def test_the_text_pulls_less_where_keys_lead(count, most, model, monkeypatch):
    heard = hearing(monkeypatch)
    directed_motions(Direction(WALK, keys=standing_keys(0.0, 2.0)[:count]), 1, model)
    assert heard[0].command.guidance == min(WALK.guidance, most)


def test_takes_between_keys_differ_in_what_they_hear_of_them(model, monkeypatch):
    """Dances skate and jerk towards poses that they hear; where none are heard, keys are met."""
    heard, slices = hearing(monkeypatch), model.control.slices
    keys = standing_keys(0.0, 2.0)
    (motion,) = directed_motions(Direction(WALK, keys=keys), 1, model)
    told = [
        tuple(bool(prompt.control[:, slices[group]].any()) for group in ("key_pose", "path"))
        for prompt in heard
    ]
    assert told == list(directed.HEARD_NEAR_KEYS)
    assert (True, True) in told and (False, False) in told
    np.testing.assert_array_equal(motion.local_rotations[60], keys[1].pose.local_rotations[0])


def test_one_of_two_takes_hears_a_single_key(model, monkeypatch):
    heard = hearing(monkeypatch)
    directed_motions(Direction(WALK, keys=standing_keys(1.0)), 1, model)
    told = [prompt.control[:, model.control.slices["key_pose"]].any() for prompt in heard]
    assert told == [True, False]


def test_who_stays_where_the_keys_are_hears_no_more_seconds_than_asked(model, monkeypatch):
    heard = hearing(monkeypatch)
    directed_motions(Direction(WALK, keys=standing_keys(0.0, 2.0)), 1, model)
    assert {prompt.command.seconds for prompt in heard} == {WALK.seconds}


def test_of_several_takes_the_one_that_comes_to_its_keys_most_easily_is_taken(model, monkeypatch):
    shaken = STANDING.local_rotations.copy()
    elbow = SMPLX.index("left_elbow")
    shaken[:, elbow] = rotations.about("y", 0.3 * (-1.0) ** np.arange(150))
    jerky = replace(STANDING, local_rotations=shaken)
    heard = hearing(monkeypatch, (jerky, jerky, STANDING, jerky))
    direction = Direction(WALK, keys=standing_keys(0.0, 2.0))
    takes = directed_motions(direction, 2, model)
    assert len(heard) == 8 and len({prompt.command.variation for prompt in heard}) == 8
    assert [prompt.command.variation for prompt in heard[::4]] == [0, 1]
    for take in takes:
        assert rotations.angle(take.local_rotations[:, elbow]).max() < 1e-6


def test_a_walk_from_key_to_key_stands_on_its_feet(model, walk):
    keys = [Key(at / 30.0, walk.cut(at, at + 2), tuple(range(SMPLX.joints))) for at in (0, 75)]
    direction = Direction(Command("a person walks", seconds=3.0, seed=9), keys=tuple(keys), fps=24)
    (motion,) = directed_motions(direction, 1, model)
    assert foot_slide_cm_s(motion) < 6.0
    assert standing_slide_cm_s(motion) < 40.0
    np.testing.assert_array_equal(motion.local_rotations[60], walk.local_rotations[75])

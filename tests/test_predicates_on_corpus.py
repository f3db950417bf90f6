"""Predicates on clips of the grammar: they hold where a clip shows the thing, and fail elsewhere."""

import itertools

import numpy as np
import pytest

from motion_engine.motion import Motion
from training.adherence.measurements import Kinematics
from training.adherence.moods import SIGNS, shows_mood
from training.adherence.predicates import holds
from training.grammar.arm_actions import thumb_up, wave
from training.grammar.contact_pass import to_motion
from training.grammar.daily_actions import samplers
from training.grammar.draft import Draft
from training.grammar.hand_actions import count_fingers
from training.grammar.library import hand_made_library
from training.grammar.lifting import Kick
from training.grammar.locomotion import Step, Walk
from training.grammar.moods import MOODS
from training.grammar.plan import standing_plan
from training.grammar.render import render
from training.grammar.timeline import FPS, ActionDescription, Person
from training.grammar.trunk_actions import bow, nod

SHAPES = ("fist", "open", "point", "two", "three", "ok", "grip")
SEEN_AS = {"one": "point", "four": "open"}
SEEDS = range(2)


def performed(actions, seed: int, mood: str | None = None) -> tuple[Motion, list]:
    """One action after the other, and what each of them does."""
    rng = np.random.default_rng(seed)
    tempo, energy = (MOODS[mood].tempo, MOODS[mood].energy) if mood else (1.0, 1.0)
    person = Person(tempo=tempo, energy=energy, mood=mood)
    draft = Draft(standing_plan(person, rng))
    for action in actions:
        draft.plan.wait(0.5)
        if hasattr(action, "plan"):
            draft.add_lower(action)
        else:
            draft.add_upper(action(rng, person))
    said = [placement.description for beat in draft.beats for placement in beat]
    return rendered(draft, person, rng), said


def rendered(draft: Draft, person: Person, rng: np.random.Generator) -> Motion:
    draft.plan.wait(0.8)
    frames = round(draft.plan.now * FPS)
    body = render(draft.plan, frames, hand_made_library())
    for gesture, start, stop in draft.gestures:
        gesture.apply(body, start, min(stop, frames), person, rng)
    return to_motion(body)


def shown_hands() -> list[tuple[Motion, ActionDescription]]:
    clips = []
    for seed, sample in enumerate(samplers()["show_hand"]):
        motion, (said,) = performed([sample], seed)
        clips.append((motion, said))
    return clips


def test_hands_that_show_a_shape_show_it_and_no_other():
    for motion, said in shown_hands():
        for shape in SHAPES:
            predicate = {"hand_shape": {"side": said.side, "shape": shape}}
            shown = SEEN_AS.get(said.target, said.target)
            assert holds(predicate, motion) == (shape == shown), (said, shape)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_thumb_that_is_held_up_points_up(seed):
    motion, (said,) = performed([thumb_up], seed)
    assert holds({"hand_shape": {"side": said.side, "shape": "thumb_up"}}, motion)
    for other in (wave, bow, count_fingers):
        motion, _ = performed([other], seed)
        assert not holds({"hand_shape": {"side": "either", "shape": "thumb_up"}}, motion)


@pytest.mark.parametrize("seed", SEEDS)
def test_fingers_are_counted_up_to_the_last_one(seed):
    motion, (said,) = performed([count_fingers], seed)
    side = {"side": said.side}
    assert holds({"counts_on_fingers": {**side, "up_to": said.count}}, motion)
    if said.count < 5:
        assert not holds({"counts_on_fingers": {**side, "up_to": said.count + 1}}, motion)
    motion, _ = performed([wave], seed)
    assert not any(
        holds({"counts_on_fingers": {"side": one, "up_to": 2}}, motion) for one in ("left", "right")
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_nods_are_as_deep_while_waving(seed):
    rng = np.random.default_rng(seed)
    person = Person()
    gestures = nod(rng, person), wave(rng, person)
    depths = []
    for both in (False, True):
        draft = Draft(standing_plan(person, np.random.default_rng(seed)))
        if both:
            draft.add_both(*gestures, rng)
        else:
            draft.add_upper(gestures[0])
        depths.append(np.ptp(Kinematics.of(rendered(draft, person, rng)).gaze[:, 1]))
    assert depths[1] > 0.8 * depths[0] > 15.0


@pytest.mark.parametrize("seed", SEEDS)
def test_the_step_that_brings_the_feet_together_may_be_counted_or_not(seed):
    motion, _ = performed([Step("forward", "normal", 4)], seed)
    counted = [count for count in range(1, 8) if holds({"steps": {"count": count}}, motion)]
    assert counted == [4, 5]
    clip = Kinematics.of(motion)
    apart = np.linalg.norm(clip.joint("left_foot") - clip.joint("right_foot"), axis=-1)
    in_stride = motion.cut(0, int(apart.argmax()) + 1)
    counted = [count for count in range(1, 8) if holds({"steps": {"count": count}}, in_stride)]
    assert len(counted) == 1


@pytest.mark.parametrize("mood", SIGNS)
def test_a_mood_shows_against_the_same_walk_without_it(mood):
    walks = [
        Kinematics.of(performed([Walk("walk", "normal", 6)], 3, feeling)[0])
        for feeling in (mood, None)
    ]
    moody, neutral = walks
    assert shows_mood(mood, moody, neutral)
    assert not shows_mood(mood, neutral, moody)
    assert not shows_mood(mood, neutral, neutral)


def test_three_actions_are_seen_in_their_order_only():
    does = {
        "wave": {"waves": {"side": "either"}},
        "kick": {"kicks": {"side": "left"}},
        "bow": {"torso_leans": {"direction": "forward", "min_degrees": 20}},
    }
    motion, said = performed([wave, Kick("left", "forward", "high", 1), bow], 1)
    order = [action.verb for action in said]
    assert order == ["wave", "kick", "bow"]
    for names in itertools.permutations(does):
        predicate = {"in_order": [does[name] for name in names]}
        assert holds(predicate, motion) == (list(names) == order), names

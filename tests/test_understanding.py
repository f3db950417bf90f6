"""What a prompt says: read by rules, checked against sentences and against the grammar's captions."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion_engine.cli import main
from motion_engine.errors import LimberError
from motion_engine.language.completion import completions
from motion_engine.language.known_actions import KnownActions, known_actions
from motion_engine.language.understanding import understood
from training import action_list
from training.adherence.reserved import mentions_reserved
from training.grammar.captions import caption
from training.grammar.draft import Draft
from training.grammar.phrases import WORDING
from training.grammar.plan import standing_plan
from training.grammar.repertoire import LOWER_FAMILIES
from training.grammar.timeline import FPS, Person, Placement, Script
from training.grammar.upper_body import UPPER_BODY_FAMILIES

READINGS = {
    "a person walks": "walk",
    "jump": "jump",
    "A person WALKS forward!": "walk (forward)",
    "a person walks forward and waves": "walk (forward) + wave",
    "a person jumps and walks": "jump, then walk",
    "a man walks to the door and knocks": "walk, then knock",
    "he walks to the left and waves": "walk (left) + wave",
    "he walks, then waves with the right hand twice": "walk, then wave (right, twice)",
    "she walks while waving with the left hand": "walk + wave (left)",
    "while nodding, a man walks backwards": "nod + walk (backward)",
    "someone walks, waving both hands": "walk + wave (both)",
    "after sitting down, she claps three times": "sit down, then clap (3 times)",
    "a person bows after clapping twice": "clap (twice), then bow",
    "before jumping, he bows": "bow, then jump",
    "he bows before jumping": "bow, then jump",
    "a person claps, followed by a bow": "clap, then bow",
    "First the man runs. Then he kicks with his left foot. Finally, he bows.":
        "run, then kick (left), then bow",
    "she walks and at the same time shakes her head": "walk + shake the head",
    "a person walks slowly": "walk (slowly)",
    "a person runs very quickly": "run (fast)",
    "a person walks at a slow pace": "walk (slowly)",
    "takes three steps to the left": "step sideways (left, 3 times)",
    "throws 2 right punches": "punch (right, twice)",
    "kicks once with the right leg": "kick (right, once)",
    "jumps 12 times": "jump (12 times)",
    "turns 90 degrees to the left": "turn (left, 90 degrees)",
    "a woman makes a quarter turn to the right": "turn (right, 90 degrees)",
    "runs in a circle": "run (in a circle)",
    "punches with alternating fists": "punch (alternating)",
    "looks to the right": "look (right)",
    "sits down": "sit down",
    "left arm: wave": "left arm: wave",
    "left arm: raise it and wave; legs: stand still": "left arm: raise the arm, then wave; legs: stand",
    "right arm: point forward, legs: walk": "right arm: point (forward); legs: walk",
    "a sad man walks": "walk; sad",
    "a person waves angrily": "wave; angry",
    "a person walks in a happy way": "walk; happy",
    "jumping jacks x3": "jumping jacks (3 times)",
    "left hand wave, 3x": "wave (left, 3 times)",
    "he nods a couple of times": "nod (twice)",
    "does a 360": "turn (360 degrees)",
    "a man does three arm circles": "circle the arm (3 times)",
    "opens and closes the left hand": "show a hand sign (left), then show a hand sign (left)",
    "she walks a 90 degree curve to the right": "walk (right, 90 degrees)",
    "he opens the door and closes it again": "open a door",
    "points with the index finger of the right hand": "point (right)",
    "crouched low, hands over the ears": "crouch + cover the face",
    "climbs the stairs talking on a phone": "climb + talk on the phone",
    "he shrugs and shakes his head simultaneously": "shrug + shake the head",
    "shrugs and nods at the same time, then bows": "shrug + nod, then bow",
    "left hand waves, right hand makes a fist": "wave (left) + show a hand sign (right)",
    "swing the bat, drop it, run": "swing a bat, then run",
    "walks, stops, and waves": "walk, then wave",
    "throws a left punch, then a right cross": "punch (left), then punch (right)",
    "draws circles in the air with both arms, backwards": "circle the arm (backward, both)",
    "before sitting down he looks left and right": "look (around), then sit down",
    "he punches with his right before he bows": "punch (right), then bow",
    "after walking he crouches, and finally he nods": "walk, then crouch, then nod",
    "walk, nod, arms up": "walk, then nod, then raise the arm (up)",
    "she leans forward with her hands on her knees": "lean (forward)",
    "step 1: walk forward. step 2: sit down": "walk (forward), then sit down",
    "walk forward -> turn left -> bow": "walk (forward), then turn (left), then bow",
    "to begin with, she bows, after which she claps": "bow, then clap",
    "he starts by walking and ends up jumping": "walk, then jump",
    "she walks as she nods": "walk + nod",
    "jumps, claps and bows": "jump, then clap, then bow",
    "she gets up and waves": "stand up, then wave",
    "he jumps twice and claps": "jump (twice), then clap",
    "punch left, block right": "punch (left), then block (right)",
    "a right hook": "punch (right)",
    "wave with your left": "wave (left)",
    "sidestep right 3 steps": "step sideways (right, 3 times)",
    "squats, 4": "squat (4 times)",
    "look left, then right, then up": "look (left), then look (right), then look (up)",
    "kicks with the right foot, then the left foot": "kick (right), then kick (left)",
    "he sits down, nods and stands back up": "sit down, then nod, then stand up",
    "before she bowed she clapped": "clap, then bow",
    "he raises a hand and waves": "wave",
    "she bends down and picks up a box": "pick up (down)",
    "squats down and stands up again": "squat (down)",
    "jumps to the left twice and to the right once": "jump (left, twice), then jump (right, once)",
    "part one: he nods. part two: he bows.": "nod, then bow",
    "first he nods, second he bows and third he runs": "nod, then bow, then run",
    "": "",
    "?!": "",
}  # fmt: skip


@pytest.mark.parametrize("text", READINGS)
def test_sentences_are_read(text):
    assert str(understood(text)) == READINGS[text]
    assert bool(understood(text).warnings) == (text == "?!")


@pytest.mark.parametrize(
    "text, warning",
    [
        ("a person walks in the forest", "not taught: forest; similar words must do"),
        ("a person wlaks", "unknown word: wlaks; did you mean walks?"),
        ("a person xqzzy", "unknown word: xqzzy"),
        ("a person", "no known action; say what the person does"),
    ],
)
def test_what_was_not_taught_is_said(text, warning):
    assert warning in map(str, understood(text).warnings)


def test_each_beat_is_a_text_of_its_own():
    reading = understood("a man walks while waving, points left, then right, and slowly bows")
    assert [piece.text for piece in reading.pieces] == [
        "a man walks while waving", "points left", "points right", "slowly bows",
    ]  # fmt: skip
    assert reading.pieces[0].alone == ("a man walks", "waving")
    reading = understood("sitting on a chair, she nods, then claps")
    texts = [piece.text for piece in reading.pieces]
    assert texts == ["sitting on a chair , she nods", "sitting on a chair , claps"]
    (piece,) = understood("wait two seconds, then jump").pieces
    assert piece.text == "wait two seconds , then jump"
    spoken = [piece.text for piece in understood("left arm: wave; legs: walk").pieces]
    assert spoken == ["left arm: wave", "legs: walk"]


def test_what_was_not_read_is_counted():
    assert understood("he frobnicates the widget, then bows").unread == 1
    assert understood("in the end he bows twice, with both hands").unread == 0


def scripts(count: int) -> list[Script]:
    """One action or two, of the arms or the legs, as the grammar draws them."""
    rng, found = np.random.default_rng(11), []
    for _ in range(count):
        beats = []
        for _ in range(1 + int(rng.integers(2))):
            if rng.random() < 0.5:
                family = UPPER_BODY_FAMILIES[rng.integers(len(UPPER_BODY_FAMILIES))]
                beats.append((Placement(family.sample(rng, Person()).description, 0, FPS),))
            else:
                draft = Draft(standing_plan(Person(), rng))
                draft.add_lower(LOWER_FAMILIES[rng.integers(len(LOWER_FAMILIES))].sample(rng, True))
                beats += [(placement,) for placement in draft.plan.placements]
        found.append(Script(tuple(beats), FPS))
    return found


def same(verb: str) -> str:
    """The name that several of the grammar's families share in the list."""
    return action_list.SAME.get(verb, verb)


@pytest.mark.parametrize(
    "text",
    [
        "1 - step back 2 - wave 3 - bow",
        "1. step back 2. wave 3. bow",
        "1) step back 2) wave 3) bow",
    ],
)
def test_numbers_of_a_list_are_no_counts(text):
    actions = understood(text).actions
    assert [action.details.count for action in actions] == [None] * 3


def test_captions_of_the_grammar_are_read_as_they_were_meant():
    """The grammar knows what its sentences say; hardly any of them are tuned to."""
    rng, right, sides, counts = np.random.default_rng(3), [], [], []
    for script in scripts(250):
        verbs = [same(placement.description.verb) for placement in script.placements]
        text = caption(script, rng)
        if mentions_reserved(text) or action_list.TWO_ACTIONS.intersection(verbs):
            continue
        actions = understood(text).actions
        right.append([action.name for action in actions] == verbs)
        if right[-1]:
            for action, placement in zip(actions, script.placements):
                meant, read = placement.description, action.details
                if read.side in ("left", "right"):
                    sides.append(read.side == meant.side)
                if read.count:
                    counts.append(read.count == meant.count)
    assert np.mean(right) > 0.85 and len(sides) > 50 and len(counts) > 50
    assert np.mean(sides) > 0.95 and np.mean(counts) > 0.95


def test_the_shipped_list_holds_all_that_the_grammar_teaches():
    names = {same(verb) for verb in WORDING} - action_list.TWO_ACTIONS
    missing = names - {action.name for action in known_actions().actions}
    assert not missing, "run `python -m training.action_list`"
    assert not any(mentions_reserved(text) for text in known_actions().examples)


def test_reading_is_cheap_and_needs_no_numpy():
    understood("a person walks in a wood")  # the list and the vocabulary are read once
    text = "a person walks forward slowly, then waves with the right hand twice and bows deeply "
    took = []
    for number in range(200):
        start = time.perf_counter()
        understood(f"{text}{number} times")
        took.append(time.perf_counter() - start)
    assert np.median(took) < 1e-3
    start = time.perf_counter()
    for _ in range(100):
        understood(f"{text}199 times")
    assert time.perf_counter() - start < 1e-3
    code = (
        "import sys; from motion_engine.language.understanding import understood; understood('walks');"
        "from motion_engine.language.completion import completions; completions('wa');"
        "sys.exit('numpy' in sys.modules)"
    )
    checkout = Path(__file__).resolve().parent.parent
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    )


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_read(text):
    reading = understood(text)
    assert isinstance(str(reading), str)
    # Blank text is completed as no text is.
    for whole in completions(text) if text.strip() else ():
        assert whole.endswith(tuple(text[-1:])) or whole.startswith(text[: text.rfind(" ") + 1])


class TestCompletion:
    @pytest.mark.parametrize("typed", ["a person wav", "he walks, then wav", "Two men wav", "wav"])
    def test_the_last_words_are_completed(self, typed):
        found = completions(typed)
        assert found and all("wave" in text for text in found)
        lead = typed.removesuffix("wav") or "a person "
        assert all(text.startswith(lead) for text in found)

    def test_what_is_offered_is_understood(self):
        for text in completions("", 1000):
            reading = understood(text)
            assert len(reading.actions) == 1 and not reading.warnings, text

    def test_parts_are_commanded(self):
        assert "left arm: wave both hands" in completions("left arm: wav")

    def test_nothing_fits(self):
        assert completions("a person xqz") == []


class TestCommandLine:
    def test_a_prompt_is_explained(self, capsys):
        assert main(["prompt", "a person walks, then surfs"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "understood: walk", "warning: not taught: surfs; similar words must do",
        ]  # fmt: skip

    def test_a_prompt_is_completed(self, capsys):
        assert main(["prompt", "--complete", "a person wav"]) == 0
        assert "a person waves both hands" in capsys.readouterr().out.splitlines()

    def test_an_empty_prompt(self, capsys):
        assert main(["prompt", " "]) == 2
        assert "empty" in capsys.readouterr().err


def test_a_torn_list_is_a_clear_error(tmp_path, monkeypatch):
    (tmp_path / "actions.json").write_text('{"actions": 3}')
    monkeypatch.setattr("motion_engine.language.known_actions.asset", lambda name: tmp_path)
    with pytest.raises(LimberError, match="no readable list of actions; install Limber again"):
        known_actions.__wrapped__()
    assert isinstance(known_actions(), KnownActions)


def test_what_is_touched_is_not_another_action():
    assert str(understood("a person touches the head with the left hand")) == "touch (left)"
    for text in ("he turns his head to the left", "turns his head left"):
        assert str(understood(text)) == "look (left)"

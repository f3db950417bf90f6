"""Plans told as sentences, and read back by the rules that read what users write."""

import json
import random
from collections import defaultdict

import pytest

from motion_engine.generation.action_plan import PlannedAction
from motion_engine.language.telling import joined, sentence_of
from motion_engine.language.understanding import understood
from motion_engine.locations import asset
from training.caption_accuracy import _READ_AS

NAMES = json.loads((asset("default") / "config.json").read_text())["token_model"]["action_labels"][
    "names"
]
ALWAYS_KNOWN = ("direction", "target")
# What is played or steered with both hands, and where a side is the way that is gone.
WITHOUT_LIMB = {
    *("cheer", "clap", "clasp", "cross_arms", "crawl_stroke", "cry", "dodge", "guitar", "hug"),
    *("laugh", "march", "piano", "rub_hands", "side_step", "steer", "stretch", "swing"),
    *("touch_toes", "turn", "type", "walk_turn"),
}


def did(text, start=0.0, stop=2.0):
    """ "kick; side left; count 2" as a planned action."""
    verb, *further = text.split("; ")
    return PlannedAction((verb, *(f"{verb} {label}" for label in further)), start, stop)


@pytest.mark.parametrize(
    ("actions", "sentence"),
    [
        ([], ""),
        ([did("stand")], "A person stands"),
        ([did("moonwalk; speed slow"), did("nod; count 99", 3, 4)], "A person nods"),
        ([did("stand", 0, 5), did("nod; count 1")], "A person nods"),
        (
            [
                did("walk; direction forward; speed normal"),
                did("kick; side left; count 2", 2, 4),
                did("wave; side right; count 3", 2.2, 3.8),
            ],
            (
                "A person walks forward, then kicks twice with the left foot while waving three "
                "times with the right hand"
            ),
        ),
        (
            [did("walk; direction backward", 0, 8), did("clap", 1, 3), did("nod", 5, 6)],
            "A person walks backward while clapping and then nodding",
        ),
        (
            [did("run", 0, 6), did("wave; side both", 1, 3), did("nod", 1, 3)],
            "A person runs while waving with both hands and nodding",
        ),
        (
            [did("walk", 0, 9), did("clap", 1, 2), did("clap", 4, 5)],
            "A person walks while clapping",
        ),
        ([did("turn; angle 180; direction left")], "A person turns around to the left"),
        ([did("turn; angle 90; direction right")], "A person turns by 90 degrees to the right"),
        ([did("raise; direction up")], "A person raises an arm up"),
        ([did("touch; target chin; side right")], "A person touches the chin with the right hand"),
        ([did("bow; amplitude large"), did("bow; amplitude large", 3, 4)], "A person bows deeply"),
        ([did("punch", 2, 4), did("jump", 0, 2)], "A person jumps, then punches"),
    ],
)
def test_what_is_told(actions, sentence):
    assert sentence_of(actions) == sentence


def test_every_verb_and_label_has_words():
    for name in NAMES:
        verb, *further = name.split(" ", 2)
        plain = sentence_of([PlannedAction((verb,), 0, 2)])
        told = sentence_of([PlannedAction((verb, name), 0, 2)]) if further else plain
        assert told.startswith("A person ") and not {"{", "_"}.intersection(told), told
        if further in (["speed", "slow"], ["count", "2"], ["direction", "left"]):
            assert told != plain, name


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ([], ""),
        (["A person walks"], "A person walks"),
        (["A person walks", "A person walks, then nods"], "A person walks, then nods"),
        (["A person nods", "someone waves"], "A person nods, then someone waves"),
        (["someone waves", "A person nods"], "someone waves, then nods"),
    ],
)
def test_pieces_are_joined_as_one(texts, sentence):
    assert joined(texts) == sentence


def random_plan(rng, attributes):
    """One to three actions, one after another or at the same time."""
    plan, start = [], 0.0
    for verb in rng.sample(sorted(set(attributes) - {"stand"}), rng.randint(1, 3)):
        labels = [
            rng.choice(values)
            for name, values in attributes[verb].items()
            if name in ALWAYS_KNOWN or rng.random() < 0.8
        ]
        seconds = rng.uniform(1.0, 4.0)
        plan.append(PlannedAction((verb, *labels), start, start + seconds))
        start += seconds if rng.random() < 0.7 else 0.1
    return plan


def is_read_back(plan):
    """Whether verbs, sides of limbs and counts are read as they were planned."""
    read = [action for action in understood(sentence_of(plan)).actions]
    wanted = [name for action in plan for name in _READ_AS.get(action.verb, (action.verb,))]
    if sorted(wanted) != sorted(action.name for action in read):
        return False
    for action in plan:
        planned = dict(label.split(" ", 2)[1:] for label in action.labels[1:])
        same = [a.details for a in read if a.name in _READ_AS.get(action.verb, (action.verb,))]
        side, count = planned.get("side"), int(planned.get("count", 1))
        if side and action.verb not in WITHOUT_LIMB and side not in {d.side for d in same}:
            return False
        if count > 1 and count not in {d.count for d in same}:
            return False
    return True


def test_sentences_are_read_back_as_what_they_tell():
    attributes = defaultdict(lambda: defaultdict(list))
    for name in NAMES:
        verb, *further = name.split(" ", 2)
        if further:
            attributes[verb][further[0]].append(name)
        else:
            attributes[verb]
    rng = random.Random(11)
    plans = [random_plan(rng, attributes) for _ in range(250)]
    lost = [sentence_of(plan) for plan in plans if not is_read_back(plan)]
    assert len(lost) <= 2, lost

"""The list of known actions that ships: ``python -m training.action_list [FILE]``.

Made from the grammar's wording, so that Blender's panel and the command line can complete prompts
and tell what the model was taught, without the training package.
"""

import argparse
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from motion_engine.files import replaced_when_done
from motion_engine.language.known_actions import words_of

from .action_cues import LIMBS, Phrases, alternatives, cues, needed_cues, phrases, verbs
from .adherence.reserved import mentions_reserved
from .captioned_clips import REAL_CAPTIONS
from .grammar.captions import caption
from .grammar.draft import Draft
from .grammar.part_captions import part_of
from .grammar.phrases import WORDING, worded
from .grammar.plan import standing_plan
from .grammar.repertoire import LOCOMOTION_FAMILIES, LOWER_FAMILIES, TURN_FAMILIES
from .grammar.timeline import FPS, ActionDescription, Person, Placement, Script
from .grammar.upper_body import UPPER_BODY_FAMILIES
from .grammar.wording import (
    NUMBERS,
    SPEEDS,
    inflect,
    known_angle,
    participle,
    plural,
    third_person,
    tidy,
    usable_patterns,
)
from .grammar.wording_moods import ADJECTIVES, MANNERS
from .grammar.wording_sentences import Subject
from .lexicon import WordList, inflections

TARGET = Path(__file__).resolve().parent.parent / "assets" / "vocabulary" / "actions.json"
_MOTION_WORDS = Path(__file__).with_name("motion_words.txt")
_LABELS = {
    "side_step": "step sideways", "march_forward": "march forward",
    "march": "march on the spot", "knee_lift": "lift the knee", "raise": "raise the arm",
    "circle_arm": "circle the arm", "clasp": "put the palms together", "thumb_up": "thumbs up",
    "hands_on_hips": "hand on the hip", "halt": "signal to stop", "piano": "play the piano",
    "guitar": "play the guitar", "open_door": "open a door", "check_watch": "look at the watch",
    "touch_toes": "touch the toes", "crawl_stroke": "swim with the arms", "cover": "cover the face",
    "show_hand": "show a hand sign", "jumping_jack": "jumping jacks", "swing": "swing a bat",
    "balance": "balance on one leg", "twist": "twist the torso", "sit": "stay seated",
    "phone": "talk on the phone", "cross_arms": "cross the arms", "shake_head": "shake the head",
    "tilt_head": "tilt the head", "rub_hands": "rub the hands", "blow_kiss": "blow a kiss",
}  # fmt: skip
# What the real clips show beyond the grammar, in the words of their captions.
_REAL = {
    "cartwheel": ("[do] (a cartwheel|cartwheels)", "[turn] a cartwheel"),
    "backflip": ("[do] a backflip", "[flip] over backward"),
    "crawl": ("[crawl] on hands and knees", "[crawl] along the floor"),
    "push-ups": ("[do] push-ups", "push-ups"),
    "karate": ("[perform] a karate form", "[practise] karate"),
    "sword fight": ("[fight] with a sword", "[swing] a sword"),
    "dribble": ("[dribble] a (basketball|ball)",),
    "basketball": ("[play] basketball", "[shoot] a basketball"),
    "soccer": ("[play] soccer",),
    "direct traffic": ("[direct] traffic with the arms",),
    "meditate": ("[meditate]", "[sit] on the floor and [meditate]"),
    "sleep": ("[sleep] on the floor", "[lie] asleep"),
    "listen": ("[listen]", "[stand] and [listen]"),
}
# The way tells these apart, and the reader sees it anyway.
SAME = {
    **dict.fromkeys(("walk_curve", "walk_circle", "walk_eight"), "walk"),
    **dict.fromkeys(("run_curve", "run_circle", "run_eight"), "run"),
    "get_up": "stand_up",
}
TWO_ACTIONS = {"walk_turn"}
_NOT_VERBS = {"left", "right", "back", "saw", "ground", "found", "thought", "forward", "shot"}
_EXAMPLES_PER_ACTION, _SAMPLES, _CAPTIONS = 6, 80, 4000
_SUBJECT = Subject("a person", "they", "their", "them", True)
_LINKS = (
    "then after that afterwards next finally before while meanwhile simultaneously same time all "
    "followed by and or both alternating turn turns other another legs arms torso head hands upper "
    "lower body degrees still times time single just once twice thrice x couple pair few row "
    "succession altogether step"
)


class _Plainest:
    """Stands in for a random generator: always the first choice."""

    def integers(self, *_) -> int:
        return 0

    def random(self) -> float:
        return 1.0


def action_list() -> dict:
    """The file's content: see :class:`motion_engine.language.known_actions.KnownActions`."""
    described = _descriptions()
    said = defaultdict(tuple)
    for name, wording in WORDING.items():
        if SAME.get(name, name) in ("walk", "run"):
            wording = replace(wording, way={})
        if name not in TWO_ACTIONS:
            said[SAME.get(name, name)] += tuple(phrases(wording))
    said |= {name: tuple(tuple(alternatives(p)) for p in _REAL[name]) for name in _REAL}
    forms = _forms(said)
    parts = {name: _parts(described.get(name, [])) for name in said}
    kept = needed_cues(cues(said, forms), parts, forms)
    by_base = defaultdict(list)
    for form, base in sorted(forms.items()):
        by_base[base].append(form)
    return {
        "actions": {
            name: {
                "label": _LABELS.get(name, name.replace("_", " ")),
                "parts": parts[name],
                "cues": [" ".join(cue) for cue in kept[name]],
            }
            for name in sorted(said)
        },
        "forms": {base: " ".join(found) for base, found in sorted(by_base.items())},
        "words": " ".join(sorted(_heard(said, described))),
        "manners": {
            **{speed: _said(texts) for speed, texts in SPEEDS.items()},
            **{mood: _said((*ADJECTIVES[mood], *MANNERS[mood])) for mood in sorted(MANNERS)},
        },
        "examples": [
            text
            for name in sorted(described.keys() - TWO_ACTIONS)
            for text in _examples(described[name])
        ],
    }


def _said(texts) -> list[str]:
    found = {" ".join(words_of(text.replace("{their}", "their"))) for text in texts}
    return sorted(found)


def _descriptions() -> dict[str, list[ActionDescription]]:
    """Different things that the grammar lets people do, by verb."""
    rng, found = np.random.default_rng(0), defaultdict(dict)
    lower = (*LOWER_FAMILIES, *LOCOMOTION_FAMILIES, *TURN_FAMILIES)
    for _ in range(_SAMPLES):
        for family in UPPER_BODY_FAMILIES:
            said = family.sample(rng, Person()).description
            found[said.verb][_plain(said)] = None
        for family in lower:
            draft = Draft(standing_plan(Person(), rng))
            draft.add_lower(family.sample(rng, False))
            for placement in draft.plan.placements:
                found[placement.description.verb][_plain(placement.description)] = None
    return {verb: list(descriptions) for verb, descriptions in found.items()}


def _plain(said: ActionDescription) -> ActionDescription:
    angle = said.angle_degrees and known_angle(said.angle_degrees)
    return replace(said, count=None, speed=None, distance_m=None, angle_degrees=angle)


def _parts(described: list[ActionDescription]) -> list[str]:
    """The parts that an action fills, sides left out."""
    found = {part_of(said).split()[-1].removesuffix("s") for said in described} or {"leg"}
    return sorted({"arm" if part == "hand" else part for part in found})


def _examples(described: list[ActionDescription]) -> list[str]:
    """Clauses such as "waves with their left hand", the plainest ones."""
    found: dict[str, None] = {}
    for said in described:
        usable = usable_patterns(WORDING[said.verb], said)
        if not usable or (said.verb.startswith(("turn", "walk_turn")) and not said.angle_degrees):
            continue
        for pattern in dict.fromkeys(usable[:2]):
            text = tidy(inflect(worded(pattern, said, _Plainest(), _SUBJECT), "finite"))
            front, _, rest = text.rpartition("; ")
            text = " ".join(f"{rest} {front}".split())
            if not mentions_reserved(text):
                found[text] = None
    return sorted(found, key=len)[:_EXAMPLES_PER_ACTION]


def _forms(said: Phrases) -> dict[str, str]:
    """Inflected forms of all verbs, and plurals of what is counted, to their base form."""
    found: dict[str, str] = {plural: noun for noun, plural in LIMBS.items()}
    found |= {plural(noun): noun for noun in _counted()}
    irregular = dict(WordList.read(_MOTION_WORDS).forms)
    known = {verb for text in _all_texts(said) for verb in verbs(text)}
    for verb in sorted(known):
        regular = inflections(verb) if verb.isalpha() else []
        for form in (*regular, third_person(verb), participle(verb)):
            found.setdefault(form, verb)
    for form, base in irregular.items():
        if base in known:
            found[form] = base
    return {f: b for f, b in found.items() if f != b and f not in known and f not in _NOT_VERBS}


def _counted() -> set[str]:
    """The nouns that the grammar counts: "squat", "push-up"."""
    texts = {
        re.sub(r"\{(?:pace|side)\} ", "", pattern)
        for wording in WORDING.values()
        for pattern in (
            *wording.patterns,
            *itertools.chain(*wording.special.values()),
            *wording.nouns,
        )
    }
    return {noun.split()[-1] for t in texts for noun in re.findall(r"\{number:([^{}]*)\}", t)}


def _heard(said: Phrases, described: Mapping[str, list[ActionDescription]]) -> set[str]:
    """The words that the captions are made of."""
    texts = [re.sub(r"[\[\]]", "", text) for text in _all_texts(said)]
    texts += itertools.chain.from_iterable(
        (*ADJECTIVES.values(), *MANNERS.values(), *SPEEDS.values())
    )
    texts += [_LINKS, *NUMBERS, *LIMBS.values(), *_sampled_captions(described)]
    for wording in WORDING.values():
        for slots in (wording.way, wording.heights, wording.sizes):
            texts += itertools.chain.from_iterable(slots.values())
    for entry in json.loads(REAL_CAPTIONS.read_text(encoding="utf-8")):
        texts += entry["captions"]
    words = {word for text in texts for word in words_of(re.sub(r"[{}]", " ", text))}
    return {word for word in words if word[0].isalpha() and not mentions_reserved(word)}


def _sampled_captions(described: Mapping[str, list[ActionDescription]]) -> Iterator[str]:
    """Whole captions, in many of the ways in which the grammar asks and tells."""
    rng = np.random.default_rng(0)
    every = [said for descriptions in described.values() for said in descriptions]
    for _ in range(_CAPTIONS):
        beats = [(Placement(every[i], 0, FPS),) for i in rng.integers(len(every), size=2)]
        angle = float(rng.choice((35, 45, 60, 90, 120, 135, 180, 270, 360)))
        beats = [
            (replace(b[0], description=replace(b[0].description, angle_degrees=angle)),)
            if b[0].description.angle_degrees
            else b
            for b in beats
        ]
        yield caption(Script(tuple(beats[: 1 + int(rng.integers(2))]), FPS), rng)


def _all_texts(said: Phrases) -> Iterator[str]:
    for patterns in said.values():
        for texts in patterns:
            yield from texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", default=TARGET)
    target = parser.parse_args().file
    content = json.dumps(action_list(), indent=1, sort_keys=True) + "\n"
    with replaced_when_done(target) as temporary:
        temporary.write_text(content, encoding="utf-8")
    print(f"{target}: {len(content) / 1000:.0f} kB")


if __name__ == "__main__":
    main()

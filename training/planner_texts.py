"""Sentences and what they plan, for the planner: captions of the corpus, and new ones.

The planner needs no motion. So beside the captions of the clips, it hears new ones of the same
actions, and those of clips that were never made: single actions of several clips put in a row.
There rare actions come up more often than in the corpus, since any may follow any.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from motion_engine.generation.action_plan import PlannedAction
from motion_engine.generation.plan_tokens import LONGEST_TIME_SECONDS
from motion_engine.language.stillness import is_still
from motion_engine.language.vocabulary import MAXIMUM_WORDS, Vocabulary, split_words
from motion_engine.motion import ENGINE_FPS

from .action_labels import plan_of
from .adherence.reserved import mentions_reserved
from .composed_actions import LONGEST_ROW_SECONDS, ComposedActions, by_both, with_spare_time
from .conditions import actions_of_parts
from .grammar.captions import captions, in_some_mood
from .grammar.part_captions import part_captions
from .grammar.timeline import ActionDescription, Placement, Script
from .texts import Text, Texts
from .tokens import TokenStore

NEW_SHARE = 0.2
ROWS_SHARE = 0.46
PAIRS_SHARE = 0.22
"""Two actions at the same time, of different clips."""
COMMANDS_SHARE = 0.2
MOOD_SHARE = 0.2
REAL_SHARE = 0.02
MOST_HURRIED = 0.7
TO_PARTS_SHARE = 0.14
"""How often a pair is told as commands to the parts of the body."""
TIMED_SHARE = 0.12
TERSE_SHARE, TERSE_DRAWS = 0.45, 3
"""How often the shortest of some captions is taken."""
BOTH_TOLD = re.compile(r"\b(both|two|each|hands|fists|palms)\b", re.IGNORECASE)
SIGN_OF_BOTH = re.compile(r"\ban? ((?:\w+ )?(?:fist|palm|sign|claw))\b")
LONGEST_TIME_WORDS = 14
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
GOING_ON = (
    "for {time}", "for about {time}", "for {time} or so", "and keeps at it for {time}",
    "and holds it for {time}", "and holds that for {time}", "over {time}", "during {time}",
    "which takes {time}", ", {time} long",
)  # fmt: skip
WAITING = (
    "a person stands still for {time}, then {caption}", "stands still for {time} and then {caption}",
    "wait {time}, then {caption}", "wait for {time}. {caption}", "after {time}, {caption}",
    "{caption} after {time}", "{caption} after waiting for {time}", "pause for {time}; {caption}",
    "a person waits for {time}, and then {caption}", "does nothing for {time}, then {caption}",
    "for the first {time} nothing happens, then {caption}", "stand still for {time}, then {caption}",
)  # fmt: skip
STILL_REST = (
    "the rest still", "rest still", "everything else still", "nothing else moves", "legs: still",
    "the rest of the body stays still", "the rest: do not move", "body: still", "rest: idle",
    "legs: stand still", "nothing else", "the others rest",
)  # fmt: skip
SHORT_PARTS = {
    "left arm": "l arm", "right arm": "r arm", "left hand": "l hand", "right hand": "r hand",
    "legs": "lower body", "arms": "both arms", "hands": "both hands", "torso": "upper body",
}  # fmt: skip
_FIELDS = frozenset(field.name for field in fields(ActionDescription))


@dataclass(frozen=True)
class PlannedText:
    """``words`` are rows of the vocabulary; ``plan`` is None where nothing is known. A clip that
    ``has_spare_time`` would not be as long if nobody asked for that length."""

    words: list[int]
    plan: list[PlannedAction] | None
    seconds: float
    has_spare_time: bool = False


class PlannerTexts:
    """Draws sentences with their plans from a store's clips."""

    def __init__(self, store: TokenStore, vocabulary: Vocabulary, frame_rate: float):
        self.store, self.vocabulary = store, vocabulary
        self.seconds = np.diff(store.starts) / frame_rate
        self.planned = [i for i, actions in enumerate(store.actions) if actions]
        self.real = [i for i, actions in enumerate(store.actions) if not actions]
        self.composed = ComposedActions(store.actions)

    def draw(self, rng: np.random.Generator) -> PlannedText:
        kind = rng.random()
        if kind < REAL_SHARE and self.real:
            clip = self.real[rng.integers(len(self.real))]
            words = self._text(clip, 0.0, rng).words
            return PlannedText(words, None, self.seconds[clip])
        if kind < REAL_SHARE + ROWS_SHARE:
            return self._row(rng)
        if kind < REAL_SHARE + ROWS_SHARE + PAIRS_SHARE:
            return self._pair(rng)
        clip = self.planned[rng.integers(len(self.planned))]
        actions = self.store.actions[clip]
        if kind < REAL_SHARE + ROWS_SHARE + PAIRS_SHARE + NEW_SHARE:
            return self._told(actions, self.seconds[clip], rng)
        text = self._text(clip, COMMANDS_SHARE, rng)
        if text.commanded:
            actions = actions_of_parts(actions, list(text.commanded))
        return PlannedText(text.words, plan_of(actions), self.seconds[clip])

    def _told(self, actions: list[dict], seconds: float, rng: np.random.Generator) -> PlannedText:
        """A new caption; those that are longer than what the model hears are told again."""
        script = script_of(actions)
        if rng.random() < MOOD_SHARE:
            script = in_some_mood(script, rng)
        timed = rng.random() < TIMED_SHARE
        most = MAXIMUM_WORDS - (LONGEST_TIME_WORDS if timed else 0)
        draws = TERSE_DRAWS if rng.random() < TERSE_SHARE else 1
        while len(split_words(text := told_shortly(script, rng, draws))) > most:
            continue
        plan = in_order(actions)
        if timed:
            told = with_time(text, plan, seconds, rng)
            if told[2] <= LONGEST_TIME_SECONDS and not mentions_reserved(told[0]):
                text, plan, seconds = told
        return PlannedText(self.vocabulary.tokenize(text), plan, seconds)

    def _text(self, clip: int, commands_share: float, rng: np.random.Generator) -> Text:
        """A text of the corpus. Few of them are ever drawn, so that none is prepared."""
        commands = self.store.part_captions[clip] if rng.random() < commands_share else []
        captions = self.store.captions[clip]
        one = [[captions[rng.integers(len(captions))]]]
        texts = Texts(replace(self.store, captions=one, part_captions=[commands]), self.vocabulary)
        return texts.draw(0, 1.0, rng)

    def _row(self, rng: np.random.Generator) -> PlannedText:
        """Two to four actions of different clips, one after the other."""
        actions: list[dict] = []
        clock = rng.uniform(0.1, 0.6)
        beats = self.composed.beats(rng)
        for beat, told in enumerate(beats):
            first = min(action["start"] for action in told)
            for action in told:
                span = [clock * ENGINE_FPS + action[end] - first for end in ("start", "stop")]
                actions.append(action | {"beat": beat, "start": span[0], "stop": span[1]})
            clock = max(action["stop"] for action in actions) / ENGINE_FPS + rng.uniform(0.05, 0.6)
        seconds = clock + rng.choice((0.1, rng.uniform(0.1, 2.0)))
        hurry = min(1.0, LONGEST_ROW_SECONDS / seconds)
        if hurry < MOST_HURRIED:
            return self._row(rng)
        actions = [a | {end: a[end] * hurry for end in ("start", "stop")} for a in actions]
        return self._told_at_leisure(actions, seconds * hurry, rng)

    def _pair(self, rng: np.random.Generator) -> PlannedText:
        """Two actions of different clips at the same time, or one by both hands."""
        found = self.composed.pair(rng)
        first, last = min(a["start"] for a in found), max(a["stop"] for a in found)
        lead = rng.uniform(0.1, 0.8) * ENGINE_FPS - first
        found = [
            a | {"beat": 0, "start": a["start"] + lead, "stop": a["stop"] + lead} for a in found
        ]
        seconds = (last + lead) / ENGINE_FPS + rng.choice((0.1, rng.uniform(0.1, 2.0)))
        if seconds > LONGEST_TIME_SECONDS:
            return self._pair(rng)
        if rng.random() < TO_PARTS_SHARE and (text := to_parts(script_of(found), rng)):
            return PlannedText(self.vocabulary.tokenize(text), in_order(found), seconds)
        return self._told_at_leisure(found, seconds, rng)

    def _told_at_leisure(
        self, actions: list[dict], seconds: float, rng: np.random.Generator
    ) -> PlannedText:
        """A new caption, sometimes of a clip that is longer than what is done in it takes."""
        later, longer = with_spare_time(actions, seconds, rng)
        told = self._told(later, longer, rng)
        return replace(told, has_spare_time=longer > seconds)


def to_parts(script: Script, rng: np.random.Generator) -> str:
    """Commands to the parts of the body in one text: "left arm: wave; the rest still"."""
    told = [text for text in part_captions(script, rng) if not is_still(text.rpartition(":")[2])]
    if len(told) < len(script.beats[0]):
        return ""
    if rng.random() < 0.5:
        told = [
            SHORT_PARTS.get(p, p) + ":" + text for p, _, text in (t.partition(":") for t in told)
        ]
    if rng.random() < 0.4:
        told.append(str(rng.choice(STILL_REST)))
    return str(rng.choice(("; ", "; ", ", ", ". ", " / "))).join(told)


def with_time(
    text: str, plan: list[PlannedAction], seconds: float, rng: np.random.Generator
) -> tuple[str, list[PlannedAction], float]:
    """A caption that also tells a time: how long an action that has no count goes on, or how long
    nothing is done at first, and the plan and length that are then true."""
    text = text.rstrip(".")
    if len(plan) == 1 and rng.random() < 0.5:
        lasts = plan[0].stop - plan[0].start
        whole = round(lasts)
        is_counted = any(" count " in label for label in plan[0].labels)
        if not is_counted and whole >= 1 and abs(lasts - whole) < 0.3:
            return f"{text} {_pick(GOING_ON, whole, rng)}", plan, seconds
    wait = int(rng.integers(1, 5))
    before = plan[0].start if plan else 0.0
    later = [action.shifted(wait - before) for action in plan]
    told = _pick(WAITING, wait, rng).replace("{caption}", text[:1].lower() + text[1:])
    return told, later, seconds + wait - before


def _pick(patterns: tuple[str, ...], count: int, rng: np.random.Generator) -> str:
    number = str(count) if rng.random() < 0.3 else NUMBERS[count]
    unit = "second" if count == 1 else "seconds"
    return str(rng.choice(patterns)).replace("{time}", f"{number} {unit}")


def in_order(actions: Sequence[dict]) -> list[PlannedAction]:
    """The plan of a corpus row's actions, what starts first before the others."""
    return sorted(plan_of(actions), key=lambda action: action.start)


def told_shortly(script: Script, rng: np.random.Generator, draws: int) -> str:
    """The shortest of some captions; what both hands do is always told of both."""
    text = min(captions(script, rng, draws), key=len)
    by_both = [p for p in script.placements if p.description.verb == "show_hand"]
    if all(placement.description.side != "both" for placement in by_both):
        return text
    if not BOTH_TOLD.search(text):
        return told_shortly(script, rng, draws)
    return SIGN_OF_BOTH.sub(r"\1s", text) if rng.random() < 0.6 else text


def script_of(actions: Sequence[dict]) -> Script:
    """The script that rows of the corpus describe."""
    beats: dict[int, list[Placement]] = {}
    for action in by_both(actions):
        told = {name: value for name, value in action.items() if name in _FIELDS}
        description = ActionDescription(**told | {"channels": tuple(action["channels"])})
        placement = Placement(description, round(action["start"]), round(action["stop"]))
        beats.setdefault(action["beat"], []).append(placement)
    frames = round(max(action["stop"] for action in actions))
    return Script(tuple(tuple(beat) for _, beat in sorted(beats.items())), frames)

"""Sentences and what they plan, for the planner: captions of the corpus, and new ones.

The planner needs no motion. So beside the captions of the clips, it hears new ones of the same
actions, and those of clips that were never made: single actions of several clips put in a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from motion_engine.generation.action_plan import PlannedAction
from motion_engine.generation.plan_tokens import LONGEST_TIME_SECONDS
from motion_engine.language.vocabulary import MAXIMUM_WORDS, Vocabulary, split_words
from motion_engine.motion import ENGINE_FPS

from .action_labels import plan_of
from .adherence.reserved import mentions_reserved
from .conditions import actions_of_parts
from .grammar.captions import captions
from .grammar.timeline import ActionDescription, Placement, Script
from .texts import Texts
from .tokens import TokenStore

NEW_SHARE = 0.5
ROWS_SHARE = 0.25
COMMANDS_SHARE = 0.2
REAL_SHARE = 0.02
LONGEST_ROW_SECONDS = 10.4
MOST_HURRIED = 0.7
TIMED_SHARE = 0.12
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
_FIELDS = frozenset(field.name for field in fields(ActionDescription))
_NOT_IN_ROWS = frozenset(
    {"sit", "sit_down", "stand_up", "kneel", "crouch", "stand", "type", "piano"}
)


@dataclass(frozen=True)
class PlannedText:
    """``words`` are rows of the vocabulary; ``plan`` is None where nothing is known."""

    words: list[int]
    plan: list[PlannedAction] | None
    seconds: float


class PlannerTexts:
    """Draws sentences with their plans from a store's clips."""

    def __init__(self, store: TokenStore, vocabulary: Vocabulary, frame_rate: float):
        self.store, self.vocabulary = store, vocabulary
        self.texts = Texts(store, vocabulary)
        self.seconds = np.diff(store.starts) / frame_rate
        self.planned = [i for i, actions in enumerate(store.actions) if actions]
        self.real = [i for i, actions in enumerate(store.actions) if not actions]
        self.single = [i for i in self.planned if self._fits_in_rows(store.actions[i])]

    def draw(self, rng: np.random.Generator) -> PlannedText:
        kind = rng.random()
        if kind < REAL_SHARE and self.real:
            clip = self.real[rng.integers(len(self.real))]
            return PlannedText(self.texts.draw(clip, 0.0, rng).words, None, self.seconds[clip])
        if kind < REAL_SHARE + ROWS_SHARE:
            return self._row(rng)
        clip = self.planned[rng.integers(len(self.planned))]
        actions = self.store.actions[clip]
        if kind < REAL_SHARE + ROWS_SHARE + NEW_SHARE:
            return self._told(actions, self.seconds[clip], rng)
        text = self.texts.draw(clip, COMMANDS_SHARE, rng)
        if text.commanded:
            actions = actions_of_parts(actions, list(text.commanded))
        return PlannedText(text.words, plan_of(actions), self.seconds[clip])

    def _told(self, actions: list[dict], seconds: float, rng: np.random.Generator) -> PlannedText:
        """A new caption; those that are longer than what the model hears are told again."""
        script = script_of(actions)
        timed = rng.random() < TIMED_SHARE
        most = MAXIMUM_WORDS - (LONGEST_TIME_WORDS if timed else 0)
        while len(split_words(text := captions(script, rng, 1)[0])) > most:
            continue
        plan = plan_of(actions)
        told = with_time(text, plan, seconds, rng) if timed else (text, plan, seconds)
        if told[2] <= LONGEST_TIME_SECONDS and not mentions_reserved(told[0]):
            text, plan, seconds = told
        return PlannedText(self.vocabulary.tokenize(text), plan, seconds)

    def _row(self, rng: np.random.Generator) -> PlannedText:
        """Two to four actions of different clips, one after the other."""
        actions: list[dict] = []
        clock = rng.uniform(0.1, 0.6)
        wanted = rng.choice((2, 3, 4), p=(0.35, 0.5, 0.15))
        for beat in range(wanted):
            clip = self.single[rng.integers(len(self.single))]
            first = min(action["start"] for action in self.store.actions[clip])
            for action in self.store.actions[clip]:
                span = [clock * ENGINE_FPS + action[end] - first for end in ("start", "stop")]
                actions.append(action | {"beat": beat, "start": span[0], "stop": span[1]})
            clock = max(action["stop"] for action in actions) / ENGINE_FPS + rng.uniform(0.05, 0.6)
        seconds = clock + rng.choice((0.1, rng.uniform(0.1, 2.0)))
        hurry = min(1.0, LONGEST_ROW_SECONDS / seconds)
        if hurry < MOST_HURRIED:
            return self._row(rng)
        actions = [a | {end: a[end] * hurry for end in ("start", "stop")} for a in actions]
        return self._told(actions, seconds * hurry, rng)

    def _fits_in_rows(self, actions: Sequence[dict]) -> bool:
        return len({action["beat"] for action in actions}) == 1 and not any(
            action["verb"] in _NOT_IN_ROWS for action in actions
        )


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


def script_of(actions: Sequence[dict]) -> Script:
    """The script that rows of the corpus describe."""
    beats: dict[int, list[Placement]] = {}
    for action in actions:
        told = {name: value for name, value in action.items() if name in _FIELDS}
        description = ActionDescription(**told | {"channels": tuple(action["channels"])})
        placement = Placement(description, round(action["start"]), round(action["stop"]))
        beats.setdefault(action["beat"], []).append(placement)
    frames = round(max(action["stop"] for action in actions))
    return Script(tuple(tuple(beat) for _, beat in sorted(beats.items())), frames)

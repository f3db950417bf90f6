"""Sentences and what they plan, for the planner: captions of the corpus, and new ones.

The planner needs no motion. So beside the captions of the clips, it hears new ones of the same
actions, and those of clips that were never made: single actions of several clips put in a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from motion_engine.generation.action_plan import PlannedAction
from motion_engine.language.vocabulary import MAXIMUM_WORDS, Vocabulary, split_words
from motion_engine.motion import ENGINE_FPS

from .action_labels import plan_of
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
        while len(split_words(text := captions(script, rng, 1)[0])) > MAXIMUM_WORDS:
            continue
        return PlannedText(self.vocabulary.tokenize(text), plan_of(actions), seconds)

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

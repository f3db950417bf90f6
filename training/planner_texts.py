"""Sentences and what they plan, for the planner: captions of the corpus, and new ones.

The planner needs no motion. So beside the captions of the clips, it hears new ones of the same
actions, and those of clips that were never made: single actions of several clips put in a row.
There rare actions come up more often than in the corpus, since any may follow any.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from motion_engine.generation.action_plan import PlannedAction
from motion_engine.generation.plan_tokens import LONGEST_TIME_SECONDS
from motion_engine.language.vocabulary import MAXIMUM_WORDS, Vocabulary, split_words
from motion_engine.motion import ENGINE_FPS

from .action_labels import labels_in, plan_of
from .adherence.reserved import mentions_reserved
from .conditions import actions_of_parts
from .grammar.captions import captions, in_some_mood
from .grammar.timeline import ActionDescription, Placement, Script
from .texts import Text, Texts
from .tokens import TokenStore

NEW_SHARE = 0.32
ROWS_SHARE = 0.54
COMMANDS_SHARE = 0.2
MOOD_SHARE = 0.2
REAL_SHARE = 0.02
LONGEST_ROW_SECONDS = 10.4
MOST_HURRIED = 0.7
SHORTEST_CUT_SECONDS = 1.6
ALIKE_SHARE = 0.2
"""How often an action of a row does the same as the one before it, in another way perhaps."""
ALONE_SHARE = 0.65
"""How often only clips that show nothing besides may be drawn for a row."""
MEANWHILE_SHARE = 0.2
"""How often something else is done besides the one action of a beat of a row, by other limbs."""
MEANWHILE_TRIES = 4
EVENNESS = 0.5
"""Actions of a row are drawn by this power of how many clips show them."""
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
_ENDLESS = {
    "walk", "run", "jog", "march", "march_forward", "tiptoe", "sneak", "skip", "limp", "climb",
    "dance", "guitar", "piano", "type", "phone", "cheer", "laugh", "cry", "carry", "think", "cover",
    "cross_arms", "clasp", "hands_on_hips", "steer", "wipe", "rub_hands", "crawl_stroke", "balance",
}  # fmt: skip
"""Going on for less time, these stay what they are."""
_NOT_IN_ROWS = {"sit", "stand"}


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
        self.seconds = np.diff(store.starts) / frame_rate
        self.planned = [i for i, actions in enumerate(store.actions) if actions]
        self.real = [i for i, actions in enumerate(store.actions) if not actions]
        self.single = self._by_verb()
        self.alone = {
            verb: [i for i in clips if len(store.actions[i]) == 1]
            for verb, clips in self.single.items()
        }

    def draw(self, rng: np.random.Generator) -> PlannedText:
        kind = rng.random()
        if kind < REAL_SHARE and self.real:
            clip = self.real[rng.integers(len(self.real))]
            words = self._text(clip, 0.0, rng).words
            return PlannedText(words, None, self.seconds[clip])
        if kind < REAL_SHARE + ROWS_SHARE:
            return self._row(rng)
        clip = self.planned[rng.integers(len(self.planned))]
        actions = self.store.actions[clip]
        if kind < REAL_SHARE + ROWS_SHARE + NEW_SHARE:
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
        while len(split_words(text := captions(script, rng, 1)[0])) > most:
            continue
        plan = plan_of(actions)
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
        verb, is_seated = "", False
        for beat in range(rng.choice((2, 3, 4), p=(0.3, 0.55, 0.15))):
            verb = self._next_verb(verb, is_seated, beat, rng)
            is_seated = verb == "sit_down" or (is_seated and verb != "stand_up")
            clips = self.alone.get(verb) if rng.random() < ALONE_SHARE else None
            clips = clips or self.single[verb]
            told = cut(self.store.actions[clips[rng.integers(len(clips))]], rng)
            if len(told) == 1 and rng.random() < MEANWHILE_SHARE:
                told = [*told, *self._meanwhile(told[0], rng)]
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
        return self._told(actions, seconds * hurry, rng)

    def _meanwhile(self, action: dict, rng: np.random.Generator) -> list[dict]:
        """Something that other limbs do while an action goes on, if any is found soon."""
        lasts = action["stop"] - action["start"]
        for _ in range(MEANWHILE_TRIES):
            verb = self.verbs[rng.choice(len(self.verbs), p=self.shares)]
            if verb in self.lower or not self.alone[verb]:
                continue
            clips = self.alone[verb]
            (other,) = self.store.actions[clips[rng.integers(len(clips))]]
            room = lasts - (other["stop"] - other["start"])
            if room > 0 and set(other["channels"]).isdisjoint(action["channels"]):
                later = action["start"] + rng.uniform(0.0, room) - other["start"]
                return [other | {end: other[end] + later for end in ("start", "stop")}]
        return []

    def _next_verb(self, before: str, is_seated: bool, beat: int, rng: np.random.Generator) -> str:
        """A verb that may follow: on a seat only what the legs have no part in, or standing up; who
        has not sat down stands up first of all or not at all."""
        if before not in ("", "sit_down", "stand_up") and rng.random() < ALIKE_SHARE:
            return before
        while True:
            verb = self.verbs[rng.choice(len(self.verbs), p=self.shares)]
            if verb == "stand_up" and not is_seated and beat > 0:
                continue
            if is_seated and (verb == "sit_down" or (verb in self.lower and verb != "stand_up")):
                verb = "stand_up" if rng.random() < 0.3 and "stand_up" in self.single else verb
                if verb != "stand_up":
                    continue
            return verb

    def _by_verb(self) -> dict[str, list[int]]:
        """Clips of one beat that fit in rows, by the verb of their first action."""
        found: dict[str, list[int]] = {}
        self.lower = set(labels_in(self.store.actions).lower)
        for clip in self.planned:
            actions = self.store.actions[clip]
            verbs = {action["verb"] for action in actions}
            if len({action["beat"] for action in actions}) == 1 and not verbs & _NOT_IN_ROWS:
                found.setdefault(actions[0]["verb"], []).append(clip)
        self.verbs = sorted(found)
        shares = np.array([len(found[verb]) for verb in self.verbs]) ** EVENNESS
        self.shares = shares / shares.sum()
        return found


def cut(actions: list[dict], rng: np.random.Generator) -> list[dict]:
    """Actions that could go on for less time do so, all of a beat together."""
    lasts = max(a["stop"] for a in actions) - min(a["start"] for a in actions)
    endless = all(
        a["verb"] in _ENDLESS and not a.get("count") and not a.get("angle_degrees") for a in actions
    )
    shortest = SHORTEST_CUT_SECONDS * ENGINE_FPS
    if not endless or lasts < shortest:
        return actions
    share = rng.uniform(shortest, lasts) / lasts
    start = min(a["start"] for a in actions)
    return [
        a | {end: start + share * (a[end] - start) for end in ("start", "stop")} for a in actions
    ]


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

"""What a prompt says, as far as rules can tell: actions, sides, counts, order, speed and mood.

For people, who see before generating how their words are likely to be taken, and which of them the
model was never taught. Of the plans that the planner draws from the sentence itself, one is taken
that agrees with this reading.
Cheap enough for a panel that is drawn often: each text is read once. No numpy.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .clauses import Clause, clauses_of
from .details import Details, details_of, masked, mood_of
from .known_actions import (
    FUNCTION_WORDS,
    Found,
    KnownActions,
    known_actions,
    vocabulary_words,
    words_of,
)

_REMEMBERED = 256
_MOST_WORDS = 64
# Signs between actions, and what they say.
_SIGNS = ((re.compile(r"\s*[-=]?>\s*|\s/\s"), " ; "), (re.compile(r"\s[+&]\s"), " and "))
_TOWARDS = frozenset({"to", "towards", "toward", "into", "onto"})
_ARTICLES = frozenset(words_of("the a an his her their its my your our"))
_TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True)
class Action:
    """One thing that is done: ``name`` in the grammar, ``label`` for people, what else is said."""

    name: str
    label: str
    details: Details

    def __str__(self) -> str:
        about, label = self.details, self.label
        said = [about.direction, about.side, f"{about.degrees} degrees" if about.degrees else ""]
        if about.count is not None:
            said.append(_TIMES.get(about.count, f"{about.count} times"))
        said.append({"slow": "slowly", "fast": "fast"}.get(about.speed, ""))
        told = ", ".join(text for text in said if text)
        return f"{label} ({told})" if told else label


UNKNOWN_WORD = "unknown word: {words}"
MISSPELT = "unknown word: {words}; did you mean {near}?"
NOT_TAUGHT = "not taught: {words}; similar words must do"
NO_ACTION = "no known action; say what the person does"


@dataclass(frozen=True)
class Remark:
    """Something that was not understood; ``sentence`` is one of the four above."""

    sentence: str
    words: str = ""
    near: str = ""

    def __str__(self) -> str:
        return self.sentence.format(words=self.words, near=self.near)


Beats = tuple[tuple[Action, ...], ...]


@dataclass(frozen=True)
class Understanding:
    """``voices``: a part of the body, or "" for all of it, and its beats, which follow one another;
    the actions of a beat go together. ``warnings`` say what was not understood."""

    voices: tuple[tuple[str, Beats], ...]
    mood: str
    warnings: tuple[Remark, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions in their order."""
        return tuple(a for _, beats in self.voices for beat in beats for a in beat)

    def __str__(self) -> str:
        """ "walk (forward, slowly) + wave (left), then bow; sad"."""
        said = []
        for part, beats in self.voices:
            text = ", then ".join(" + ".join(map(str, beat)) for beat in beats)
            if text:
                said.append(f"{part}: {text}" if part else text)
        return "; ".join([*said, self.mood] if self.mood else said)


@lru_cache(maxsize=_REMEMBERED)
def understood(text: str) -> Understanding:
    """The reading of a prompt; of an empty one, nothing. LimberError where the shipped list of
    actions is missing."""
    known = known_actions()
    for sign, said in _SIGNS:
        text = sign.sub(said, text)
    words = words_of(text)[:_MOST_WORDS]
    voices: dict[str, list[list[Action]]] = {}
    read = []
    for clause in clauses_of(words):
        actions = _actions_of(clause, known)
        read.append(actions)
        beats = voices.setdefault(clause.part, [])
        for action, is_together in actions:
            if beats and is_together:
                beats[-1].append(action)
            else:
                beats.append([action])
    return Understanding(
        tuple((part, tuple(map(tuple, beats))) for part, beats in voices.items()),
        mood_of(words, known),
        tuple(_warnings(words, known, any(read))),
    )


def _actions_of(clause: Clause, known: KnownActions) -> list[tuple[Action, bool]]:
    """The actions of a clause, and whether each goes together with the one before it."""
    bases = masked(clause.words, known)
    hits = _once_each(known.search(bases), clause)
    found = []
    for number, hit in enumerate(hits):
        start = 0 if number == 0 else hit.start
        stop = hits[number + 1].start if number + 1 < len(hits) else len(bases)
        details = details_of(clause.words, bases, range(start, stop), hit.places, known)
        if details.direction in hit.action.label.split():
            details = replace(details, direction="")
        action = Action(hit.action.name, hit.action.label, details)
        together = clause.is_together
        if number:
            together = clause.is_at_once or _goes_together(clause, hits[number - 1], hit, found[-1])
        found.append((action, together))
    return found


def _once_each(hits: list[Found], clause: Clause) -> list[Found]:
    """Without what is told again at once: "bounces with a big leap" is one jump, and "makes a call,
    holding the phone" is one call."""
    found: list[Found] = []
    for hit in hits:
        if found and found[-1].action.name == hit.action.name:
            between = clause.words[found[-1].places[-1] : hit.start + 1]
            is_aside = any(word.endswith("ing") for word in between[1:])
            if "and" not in between and ("," not in between or is_aside):
                found[-1] = replace(found[-1], places=found[-1].places + hit.places)
                continue
        found.append(hit)
    return found


def _goes_together(clause: Clause, before: Found, hit: Found, said: tuple[Action, bool]) -> bool:
    """Whether two actions that a comma or "and" joins are meant at the same time: what is told as
    a participle beside a main verb is, and what other parts of the body can do."""
    first, second = clause.words[before.start], clause.words[hit.start]
    if second.endswith("ing") and not first.endswith("ing"):
        return True
    between = clause.words[before.places[-1] + 1 : hit.start]
    if _names_a_place(between):
        return False
    return "and" in between and before.action.parts.isdisjoint(hit.action.parts)


def _names_a_place(words: Sequence[str]) -> bool:
    """Whether somebody arrives somewhere: who "walks to the door and knocks" is there by then."""
    return any(
        words[i] in _TOWARDS and words[i + 1] in _ARTICLES and words[i + 2] not in ("left", "right")
        for i in range(len(words) - 2)
    )


def _warnings(words: list[str], known: KnownActions, has_actions: bool) -> list[Remark]:
    strange, untaught = [], []
    for word in dict.fromkeys(words):
        if not word[0].isalpha() or word in FUNCTION_WORDS:
            continue
        if word in known.words or known.base(word) in known.words:
            continue
        (untaught if word in vocabulary_words() else strange).append(word)
    found = [_about_strange(word, known) for word in strange]
    if untaught:
        found.append(Remark(NOT_TAUGHT, ", ".join(untaught)))
    if words and not has_actions:
        found.append(Remark(NO_ACTION))
    return found


def _about_strange(word: str, known: KnownActions) -> Remark:
    near = difflib.get_close_matches(word, known.spellings, n=1, cutoff=0.75)
    return Remark(MISSPELT, word, near[0]) if near else Remark(UNKNOWN_WORD, word)

"""What a prompt says, as far as rules can tell: actions, sides, counts, order, speed and mood.

For people, who see before generating how their words are likely to be taken, and which of them the
model was never taught. Of the plans that the planner draws from the sentence itself, one is taken
that agrees with this reading.
Cheap enough for a panel that is drawn often: each text is read once. No numpy.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from .clauses import LINK_WORDS, clauses_of, commands_of
from .details import mood_of
from .known_actions import (
    FUNCTION_WORDS,
    KnownActions,
    known_actions,
    vocabulary_words,
    words_of,
)
from .reading import Action, Piece, Told, pieces_of, told_in, unread_pieces

_REMEMBERED = 256
_MOST_WORDS = 64
_ENTRY = re.compile(r"(?:^|(?<=\s))[1-9](?:[.):]|\s[-\u2013\u2014])\s+")
# Signs between actions, and what they say.
_SIGNS = (
    (
        re.compile(
            r"\bone (leg|foot|hand|arm|knee|fist), (?:the|his|her|their|its|my|your) (left|right)"
            r"(?: one)?\b",
            re.IGNORECASE,
        ),
        r"the \2 \1",
    ),
    (
        re.compile(
            r"^((?:\w+ )?(?:left|right|one) (?:hand|arm)\b[^,;.:]*), (?:and )?"
            r"(?=(?:\w+ )?(?:left|right|other)\b)",
            re.IGNORECASE,
        ),
        r"\1 while ",
    ),
    (
        re.compile(r"\b(one (?:hand|arm)),? and (?=[^,;.]*\bthe other\b)", re.IGNORECASE),
        r"\1 while ",
    ),
    (
        re.compile(r"(^|[,;] |\bwith )((?:\w+ )?(?:arms?|hands?)) (up|high)\b", re.IGNORECASE),
        r"\1\2 raised \3",
    ),
    (re.compile(r"\b(stands?|standing) (?=again\b)", re.IGNORECASE), r"\1 up "),
    (re.compile(r"\b(left|right) cross\b", re.IGNORECASE), r"\1 hook"),
    (
        re.compile(
            r"\b(?:(?:all|on|along) the way|the (?:whole|entire) (?:way|time))\b", re.IGNORECASE
        ),
        "throughout",
    ),
    (re.compile(r"\s[-\u2013\u2014]\s"), " ; "),
    (re.compile(r"\s*[-=]?>\s*|\s/\s"), " ; "),
    (re.compile(r"\s[+&]\s"), " and "),
)
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
    the actions of a beat go together. ``warnings`` say what was not understood, ``unread`` in how
    many pieces of the text an action may be told that was not. ``pieces`` tell one beat each; where
    parts of the body are spoken to, one part each."""

    voices: tuple[tuple[str, Beats], ...]
    mood: str
    warnings: tuple[Remark, ...]
    unread: int = 0
    pieces: tuple[Piece, ...] = ()

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
    if text.lstrip().startswith("1"):
        text = _ENTRY.sub(" ; ", text)
    for sign, said in _SIGNS:
        text = sign.sub(said, text)
    words = words_of(text)[:_MOST_WORDS]
    voices: dict[str, list[list[Told]]] = {}
    read, unread = [], 0
    clauses = clauses_of(words)
    for clause in clauses:
        told = told_in(clause, read[-1] if read else [], known)
        read.append(told)
        unread += unread_pieces(clause, known)
        beats = voices.setdefault(clause.part, [])
        for one in told:
            if beats and one.is_together:
                beats[-1].append(one)
            else:
                beats.append([one])
    spoken = tuple(Piece(text, ()) for text in commands_of(clauses))
    return Understanding(
        tuple(
            (part, tuple(tuple(one.action for one in beat) for beat in beats))
            for part, beats in voices.items()
        ),
        mood_of(words, known),
        tuple(_warnings(words, known, any(read))),
        unread,
        pieces_of(voices.get("", ())) if set(voices) <= {""} else spoken,
    )


def _warnings(words: list[str], known: KnownActions, has_actions: bool) -> list[Remark]:
    strange, untaught = [], []
    for word in dict.fromkeys(words):
        if not word[0].isalpha() or word in FUNCTION_WORDS or word in LINK_WORDS:
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

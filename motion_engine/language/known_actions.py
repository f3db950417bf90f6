"""The actions that the shipped model was taught, and the words for them.

The list lies in `assets/vocabulary/actions.json`, made from the grammar of the training by
``python -m training.action_list``. It helps people to write prompts, and to choose among the plans
that the planner draws. No numpy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from ..errors import LimberError
from ..locations import asset

_WIDEST_GAP = 3
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*|\d+|[,.;:!?]")


def words_of(text: str) -> list[str]:
    """Lower-case words, numbers and punctuation marks of a text."""
    return _WORD.findall(text.casefold().replace("\u2019", "'"))


FUNCTION_WORDS = frozenset(
    words_of(
        "a an the their his her its your my our this that these those of with in on to at and then "
        "by from it them him he she they you i as for into onto against is are be been being was "
        "were do does did please who which or while some any own out over so just there here like"
    )
)
_SAYING_LITTLE = frozenset(
    words_of(
        "left right both one two three four five six seven eight nine ten once twice thrice times "
        "time very quite slowly quickly hand arm forward forwards front straight ,"
    )
)


@dataclass(frozen=True)
class KnownAction:
    """``label`` is its name for people; ``parts`` of the body that it fills; ``cues`` are words in
    their base form which, found one after the other, tell of it."""

    name: str
    label: str
    parts: frozenset[str]
    cues: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Found:
    """An action told by the words at ``places``, indices of what was searched."""

    action: KnownAction
    places: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.places[0]


@dataclass(frozen=True, eq=False)
class KnownActions:
    """``forms`` leads inflected words to their base form; ``words`` were heard in training;
    ``manners`` are phrases for speeds and moods; ``examples`` are clauses to complete with."""

    actions: tuple[KnownAction, ...]
    forms: Mapping[str, str]
    words: frozenset[str]
    manners: Mapping[tuple[str, ...], str]
    examples: tuple[str, ...]

    @staticmethod
    def of(content: dict) -> KnownActions:
        """From the file's own form."""
        return KnownActions(
            tuple(
                KnownAction(
                    *(name, about["label"], frozenset(about["parts"])),
                    tuple(tuple(cue.split()) for cue in about["cues"]),
                )
                for name, about in content["actions"].items()
            ),
            {form: base for base, forms in content["forms"].items() for form in forms.split()},
            frozenset(content["words"].split()),
            {tuple(p.split()): m for m, texts in content["manners"].items() for p in texts},
            tuple(content["examples"]),
        )

    def base(self, word: str) -> str:
        """ "waving" to "wave"; words without other forms stay."""
        return self.forms.get(word, word)

    def begins(self, word: str) -> bool:
        """Whether a word in its base form may begin what tells of an action."""
        return word in self._by_first_word

    def search(self, words: Sequence[str]) -> list[Found]:
        """The actions that words in their base form tell of, in the order of the words.

        Where cues overlap, the longer one counts, then the one that begins first.
        """
        said = frozenset(words)
        candidates = [
            found
            for start, word in enumerate(words)
            for action, cue in self._by_first_word.get(word, ())
            if said.issuperset(cue)
            and (found := self._match(action, cue, words, start)) is not None
        ]
        candidates.sort(key=lambda found: (-len(found.places), found.start, found.places[-1]))
        taken: set[int] = set()
        chosen = []
        for found in candidates:
            if taken.isdisjoint(found.places):
                taken.update(found.places)
                chosen.append(found)
        return sorted(chosen, key=lambda found: found.start)

    def told_manners(self, words: Sequence[str]) -> list[tuple[range, str]]:
        """Where phrases for manners stand, and which; any "their" counts as the other."""
        found = []
        for start, word in enumerate(words):
            for phrase, manner in self._manners_by_first_word.get(word, ()):
                told = words[start : start + len(phrase)]
                if len(told) == len(phrase) and all(
                    a == b or b == "their" for a, b in zip(told, phrase)
                ):
                    found.append((range(start, start + len(phrase)), manner))
                    break
        return found

    @cached_property
    def _manners_by_first_word(self) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase in sorted(self.manners, key=len, reverse=True):
            found.setdefault(phrase[0], []).append((phrase, self.manners[phrase]))
        return found

    @cached_property
    def spellings(self) -> list[str]:
        """All words that can be meant where one is misspelt."""
        return sorted({*self.words, *self.forms})

    @cached_property
    def _by_first_word(self) -> dict[str, list[tuple[KnownAction, tuple[str, ...]]]]:
        found: dict[str, list[tuple[KnownAction, tuple[str, ...]]]] = {}
        for action in self.actions:
            for cue in action.cues:
                found.setdefault(cue[0], []).append((action, cue))
        return found

    def _match(
        self, action: KnownAction, cue: tuple[str, ...], words: Sequence[str], start: int
    ) -> Found | None:
        """The cue from that word on. Between its words others may stand: any that say little, three
        that say more, none that could begin another action."""
        places, at = [start], start
        for wanted in cue[1:]:
            gap = 0
            at += 1
            while at < len(words) and words[at] != wanted:
                gap += self._gap(words[at])
                at += 1
                if gap > _WIDEST_GAP:
                    return None
            if at == len(words):
                return None
            places.append(at)
        return Found(action, tuple(places))

    def _gap(self, word: str) -> int:
        if not word or word in FUNCTION_WORDS or word in _SAYING_LITTLE or word.isdigit():
            return 0
        return _WIDEST_GAP + 1 if word in self._by_first_word else 1


@cache
def known_actions() -> KnownActions:
    """The shipped list; LimberError where it is missing or torn."""
    path = asset("vocabulary") / "actions.json"
    try:
        return KnownActions.of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LimberError(f"{path}: no readable list of actions; install Limber again.") from error


@cache
def vocabulary_words() -> frozenset[str]:
    """All words of the shipped vocabulary."""
    path = asset("vocabulary") / "words.txt"
    try:
        return frozenset(path.read_text(encoding="utf-8").splitlines())
    except OSError as error:
        raise LimberError(f"{path}: no readable vocabulary; install Limber again.") from error


def content_words(words: Iterable[str]) -> list[str]:
    """The words that say something."""
    return [word for word in words if word not in FUNCTION_WORDS]

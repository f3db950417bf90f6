"""What the words of a clause tell: actions, and which of them go together."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .clauses import Clause
from .details import Details, details_of, masked
from .hits import ARTICLES, COUNTS, HELD, hits_in, is_participle
from .known_actions import FUNCTION_WORDS, Found, KnownActions, words_of

_TOWARDS = frozenset({"to", "towards", "toward", "into", "onto"})
_WAYS = frozenset(words_of("left right up down back backward backwards"))
_BESIDE_WAYS = _WAYS | frozenset(
    words_of(
        "hand arm leg foot fist knee side hands arms legs feet once twice thrice one two three four "
        "five times again other , alternating slowly quickly finally both x"
    )
)
_IDLE_WORDS = _BESIDE_WAYS | frozenset(
    words_of("stop halt freeze lower cycle animation slow fast hit rep step time 2 3 4 5 6")
)
_BESIDE_FINGERS = _BESIDE_WAYS | frozenset(words_of("finger fingers"))
# These go on until something else is done.
_LASTING = {
    "walk", "run", "jog", "march", "march_forward", "tiptoe", "sneak", "skip", "limp", "climb",
    "dance", "sit", "stand", "balance", "lean", "carry", "crouch", "kneel", "squat",
    "hands_on_hips", "cross_arms",
}  # fmt: skip
_BEFORE_HELD = frozenset(words_of("the a an his her their its my your one both left right"))
# Of a hand, these show something; doors and eyes are closed as well.
_STATES = frozenset(words_of("open close clench unclench"))
_SUBJECTS = frozenset(words_of("he she they it you i"))
_LOOSE = {",", "and", "then", "by", "with", "but", "or", ".", ":", ";"}
# Told before something else, these only say how it is done.
_LEADING = ("sit", "stand")
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


@dataclass(frozen=True)
class Told:
    """An action, whether it is told to go together with the one before it, and its ``words``."""

    action: Action
    is_together: bool
    words: tuple[str, ...]


def told_in(clause: Clause, before: Sequence[Told], known: KnownActions) -> list[Told]:
    """What a clause tells, ``before`` being what the clause before it told."""
    words = clause.words
    end = next((i for i, word in enumerate(words) if word in (",", "and")), len(words))
    again = _same_again(replace(clause, words=words[:end]), before, known)
    if again and end < len(words):
        return again + told_in(replace(clause, words=words[end + 1 :]), again, known)
    return again or _actions_of(clause, known)


@dataclass(frozen=True)
class Piece:
    """A beat as a ``text`` of its own, and each of its actions ``alone``."""

    text: str
    alone: tuple[str, ...]


def pieces_of(beats: Sequence[Sequence[Told]]) -> tuple[Piece, ...]:
    """Beats as texts of their own; sitting and waiting are told with what comes next."""
    found: list[Piece] = []
    lead, link = "", ""
    for number, beat in enumerate(beats):
        verbs = [told.action.name for told in beat]
        if verbs == ["stand_up"] and " then " not in link:
            lead = ""
        text = f"{lead}{link}{_written(beat)}" if lead else _written(beat)
        if number + 1 < len(beats) and verbs in (["sit"], ["stand"]):
            lead, link = text, " , " if verbs == ["sit"] else " , then "
            continue
        found.append(Piece(text, tuple(_written([told]) for told in beat)))
        if " then " in link:
            lead = ""
    return tuple(found)


def _written(beat: Sequence[Told]) -> str:
    text = ""
    for told in beat:
        words = [*told.words]
        while words and words[-1] in _LOOSE:
            words.pop()
        while words and words[0] in _LOOSE:
            del words[0]
        verb = next((word for word in words if word not in FUNCTION_WORDS), "")
        link = " while " if verb.endswith("ing") else " and at the same time "
        text += (link if text else "") + " ".join(words)
    return text


def _actions_of(clause: Clause, known: KnownActions) -> list[Told]:
    bases = masked(clause.words, known)
    hits = hits_in(clause, bases, known)
    found: list[Told] = []
    for number, hit in enumerate(hits):
        start = _beginning(clause.words, hits, number)
        stop = _beginning(clause.words, hits, number + 1)
        together = clause.is_together
        if number:
            together = _goes_together(clause, hits, number, found[-1])
        verb = [clause.words[i] for i in hit.places]
        if states := _states_in_turn(clause.words, bases, hit, range(start, stop)):
            details = details_of(
                clause.words, bases, range(start, stop), hit.places, hit.action.name, known
            )
            action = Action(hit.action.name, hit.action.label, details)
            found += [Told(action, together, states[0]), Told(action, False, states[1])]
            continue
        for span in _ways_of(clause.words, hit, range(start, stop)):
            details = details_of(clause.words, bases, span, hit.places, hit.action.name, known)
            if details.direction in hit.action.label.split():
                details = replace(details, direction="")
            words = tuple(clause.words[i] for i in span)
            if span.start > hit.places[-1]:
                words = (*verb, *words[1:])
            found.append(Told(Action(hit.action.name, hit.action.label, details), together, words))
            together = clause.is_at_once
    return found


def _beginning(words: Sequence[str], hits: Sequence[Found], number: int) -> int:
    """Where the words of a hit begin: after the last comma or "and" that stands before it."""
    if number == 0 or number == len(hits):
        return 0 if number == 0 else len(words)
    before = hits[number - 1].places[-1]
    start = _leading(words, hits[number - 1], hits[number])
    return next((i + 1 for i in range(start - 1, before, -1) if words[i] in (",", "and")), start)


def _states_in_turn(
    words: Sequence[str], bases: Sequence[str], hit: Found, span: range
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Of "opens and closes the hand", the words of each of the two; None for any other action."""
    told = [i for i in hit.places if bases[i] in _STATES]
    if hit.action.name != "show_hand" or len(told) < 2:
        return None
    first, second = (
        tuple(words[i] for i in span if i != other and not (words[i] == "and" and i < told[1]))
        for other in (told[1], told[0])
    )
    return first, second


def _ways_of(words: Sequence[str], hit: Found, span: range) -> list[range]:
    """Where an action is told once and done in several ways, "look left, right and up": the words
    of each way."""
    starts = [span.start]
    for i in range(hit.places[-1] + 2, span.stop - 1):
        if words[i] == "," or (words[i] == "and" and words[i + 1] in _TOWARDS):
            stop = next((j for j in range(i + 1, span.stop) if words[j] in (",", "and")), span.stop)
            is_told = not _WAYS.isdisjoint(words[starts[-1] : i])
            if is_told and _tells_only_a_way(words[i + 1 : stop]):
                starts.append(i)
    return [range(a, b) for a, b in zip(starts, [*starts[1:], span.stop])]


def _same_again(clause: Clause, before: Sequence[Told], known: KnownActions) -> list[Told]:
    """The last action another way: "points left, then right"."""
    if not before or not (
        _tells_only_a_way(clause.words)
        or clause.words[:1] == ("both",)
        or (before[-1].action.name == "show_hand" and _tells_only_fingers(clause.words))
    ):
        return []
    if known.search(masked(clause.words, known)):
        return []
    action, words = before[-1].action, clause.words
    details = details_of(words, words, range(len(words)), (-2,), action.name, known)
    verb = next((w for w in before[-1].words if known.begins(known.base(w))), action.label)
    return [Told(replace(action, details=details), clause.is_together, (verb, *words))]


def _tells_only_a_way(words: Sequence[str]) -> bool:
    told = [word for word in words if word not in FUNCTION_WORDS]
    return bool(told) and not _WAYS.isdisjoint(told) and _BESIDE_WAYS.issuperset(told)


def _tells_only_fingers(words: Sequence[str]) -> bool:
    told = [word for word in words if word not in FUNCTION_WORDS]
    return bool(told) and not COUNTS.isdisjoint(told) and _BESIDE_FINGERS.issuperset(told)


def unread_pieces(clause: Clause, known: KnownActions) -> int:
    """How many of the pieces between commas say something, and not of an action."""
    bases, start, count = masked(clause.words, known), 0, 0
    for stop in [i for i, word in enumerate(clause.words) if word == ","] + [len(bases)]:
        told = [b for b in bases[start:stop] if b not in FUNCTION_WORDS and b not in _IDLE_WORDS]
        count += bool("".join(told)) and not known.search(bases[start:stop])
        start = stop
    return count


def _goes_together(clause: Clause, hits: Sequence[Found], number: int, said: Told) -> bool:
    """Whether an action that a comma or "and" joins to the one before it is done at the same time:
    what is told as a participle beside a main verb is, and what the arms or the head can do while
    somebody goes on with what has no end of its own."""
    before, hit = hits[number - 1], hits[number]
    first = clause.words[before.start]
    second = clause.words[_leading(clause.words, before, hit)]
    if is_participle(second) and not is_participle(first):
        return True
    # "walks while waving, then bows" and "walks while waving, bows", but "while waving, he walks"
    is_aside = clause.is_together and is_participle(first) and not is_participle(second)
    if clause.is_at_once and not is_aside:
        return True
    parts_apart = before.action.parts.isdisjoint(hit.action.parts)
    lasts = before.action.name in _LASTING and parts_apart
    if is_participle(second) and lasts and len(hits) == 2 and before.start == 0:
        return clause.words[hit.start - 1] == ","
    if (
        number == 1
        and before.action.name not in _LEADING
        and _is_fronted(clause.words, before, hit)
    ):
        return True
    aside = clause.words[before.places[-1] : hit.start]
    if second.endswith("ed") and "with" in aside and "and" not in aside:
        return True
    if _is_held(clause.words[before.places[-1] + 1 : hit.start + 1]) and len(hits) == 2:
        return True
    between = clause.words[before.places[-1] + 1 : hit.start]
    is_list = len(hits) > 2 and any(
        "," in clause.words[a.start : b.start] for a, b in itertools.pairwise(hits)
    )
    if _names_a_place(between) or is_list or said.action.details.count is not None:
        return False
    return "and" in between and lasts and not _has_aside(between)


def _leading(words: Sequence[str], before: Found, hit: Found) -> int:
    """Where what tells an action begins: at a participle that leads to its cue, "climbs the stairs
    talking on a phone", else at the cue."""
    between = range(before.places[-1] + 1, hit.start)
    start = max((i for i in between if words[i] in (",", "and")), default=before.places[-1]) + 1
    return next((i for i in range(start, hit.start) if is_participle(words[i])), hit.start)


def _has_aside(between: Sequence[str]) -> bool:
    """Whether something else is told between a comma and "and": "walks, stops and waves"."""
    commas = [i for i, word in enumerate(between) if word == ","]
    return bool(commas) and any(
        word != "and" for word in between[commas[0] + 1 : _last_and(between)]
    )


def _last_and(words: Sequence[str]) -> int:
    return max(i for i, word in enumerate(words) if word == "and")


def _is_fronted(words: Sequence[str], first: Found, second: Found) -> bool:
    """Whether what is told before the subject goes on beside the rest: "waving, she walks", "with
    her arms crossed a woman walks"."""
    opening = words[first.start]
    opens = first.start == 0 and (is_participle(opening) or opening in HELD)
    if not (opens or words[0] == "with") or is_participle(words[second.start]):
        return False
    between = words[first.places[-1] + 1 : second.start]
    if _SUBJECTS.intersection(between):
        return True
    return "," in between[:-1] and not {"and", "or"}.intersection(between)


def _is_held(words: Sequence[str]) -> bool:
    """Whether what follows is told without a verb: ", arms raised", "with the arms raised"."""
    lead = [word for word in words[:-1] if word not in _BEFORE_HELD]
    is_aside = lead[-1:] == [","] or "with" in words
    return words[-1:] and words[-1] in HELD and is_aside and "and" not in words


def _names_a_place(words: Sequence[str]) -> bool:
    """Whether somebody arrives somewhere: who "walks to the door and knocks" is there by then."""
    return any(
        words[i] in _TOWARDS and words[i + 1] in ARTICLES and words[i + 2] not in ("left", "right")
        for i in range(len(words) - 2)
    )

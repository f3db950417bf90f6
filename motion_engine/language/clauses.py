"""A prompt cut where one thing ends and the next begins: "then", "while", "after", "left arm:"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .known_actions import words_of

PARTS = frozenset(
    words_of(
        "root torso head arms legs hands left-arm right-arm left-leg right-leg left-hand "
        "right-hand upper-body lower-body body hips"
    )
)
_THEN = tuple(
    tuple(phrase.split())
    for phrase in (
        "and after that", "after that", "and then", "then", "afterwards", "and afterwards", "next",
        "and next", "finally", "and finally", "followed by", "later", "until", ".", ";", "!", "?",
        "after which", "after this", "following that", "subsequently", "and subsequently", "lastly",
        "and lastly", "from there", "and from there", "in the end", "at the end",
        "and at the end", "to finish", "and to finish", "to begin with", "to start with", "at first",
        "once that is done", "then finally", "and immediately", "and then immediately",
        "first", ", second", ", third", "firstly", "secondly", "thirdly", "in the beginning",
        "and second", "and third", "and secondly", "and thirdly",
        *(f"{link}{end} {by}" for link in ("and ", "") for by in ("up", "with", "by")
          for end in ("end", "ends", "ending", "ended", "finish", "finishes", "finishing",
                      "finished", "conclude", "concludes", "concluding", "concluded")),
        *(f"{link}{on} {by}" for link in ("and ", "") for by in ("with", "by")
          for on in ("follow up", "follows up", "followed up", "following up", "follow it up",
                     "follows it up", "go on", "goes on", "went on", "continue", "continues",
                     "continued", "carry on", "carries on", "finish off", "finishes off")),
        "a moment later", "and then , a moment later ,", "right after that", "and right after that",
        "whereupon", "upon which", "only then", "and only then", "now", "and now", "next up",
        "last of all", "and last of all", "at last", "and at last", "and to end it all",
        "no sooner", "and , once done", "and once done", "first up", "first comes", "then comes",
        *(f"and , when {who} done" for who in ("he is", "she is", "it is", "they are", "you are",
                                               "i am")),
    )
)  # fmt: skip
_WHILE = tuple(
    tuple(phrase.split())
    for phrase in (
        "and at the same time", "at the same time", "and simultaneously", "simultaneously",
        "and meanwhile", "meanwhile", "all the while", "all while", "while", "whilst",
        "in the meantime", "and in the meantime", "while also", "all at once", "both at once",
        "at the very same time", "and , without stopping ,", "and without stopping", "without stopping",
        "without breaking stride", "in the process",
    )
)  # fmt: skip
_BEFORE = tuple(
    tuple(phrase.split())
    for phrase in ("prior to", "right before", "just before", "shortly before", "but before")
)
_AFTER = tuple(
    tuple(phrase.split())
    for phrase in (
        "right after", "just after", "shortly after", "immediately after", "only after",
        "but only after", "as soon as", "but only once", "but first", "but not before", "not before",
        "though not until", "but not until", "once done", "after having",
    )
)  # fmt: skip
_KINDS = {"then": _THEN, "while": _WHILE, "before": _BEFORE, "after": _AFTER}
_LINKS: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _phrase, _kind in sorted(
    ((phrase, kind) for kind, phrases in _KINDS.items() for phrase in phrases),
    key=lambda pair: len(pair[0]),
    reverse=True,
):
    _LINKS.setdefault(_phrase[0], []).append((_phrase, _kind))
_LISTED = frozenset(("step", "part", "beat", "phase", "shot", "stage"))
LINK_WORDS = _LISTED.union(*_THEN, *_WHILE, *_BEFORE, *_AFTER)
# "in front of" is said as "before" too.
_PRONOUNS = frozenset(("he", "she", "it", "they", "you", "i"))
_ABLE = frozenset(("can", "could", "were", "was", "had", "would", "is", "are", "did", "do"))
_HAVING = frozenset(("has", "have", "had"))
_OWNED = frozenset(words_of("with the his her their its my your"))
_PLACED = frozenset(words_of("them him her it their his its your"))


@dataclass(frozen=True)
class Clause:
    """``words`` of one or more actions. ``part``: the part of the body that was spoken to.
    ``is_together`` with the clause before it; ``is_at_once``: all of its own actions are."""

    words: tuple[str, ...]
    part: str = ""
    is_together: bool = False
    is_at_once: bool = False


def clauses_of(words: Sequence[str]) -> list[Clause]:
    """The clauses in the order in which they happen, not in which they are told."""
    found: list[Clause] = []
    for part, spoken in _by_part(words):
        found += _in_order(spoken, part)
    return found


def commands_of(clauses: Sequence[Clause]) -> list[str]:
    """What is said to each part of the body, "left arm: raise it, then wave"; what is said to the
    whole of it without a name."""
    found: dict[str, list[str]] = {}
    for clause in clauses:
        found.setdefault(clause.part, []).append(" ".join(clause.words))
    return [
        f"{part}: {' , then '.join(told)}" if part else " , then ".join(told)
        for part, told in found.items()
    ]


def _by_part(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """ "left arm: wave; legs: walk": each part with its words; "" for the whole body."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for word in words:
        spoken = found[-1][1]
        if word == ":" and (part := _part_before(spoken)):
            del spoken[-len(part.split("-")) :]
            while spoken and spoken[-1] in (",", ";", "and", "the", "then"):
                spoken.pop()
            found.append((part.replace("-", " "), []))
        else:
            spoken.append(word)
    return [(part, spoken) for part, spoken in found if spoken]


def _part_before(words: Sequence[str]) -> str:
    """The name of a part that the words end with."""
    return next((p for n in (2, 1) if (p := "-".join(words[-n:])) in PARTS), "")


def _in_order(words: Sequence[str], part: str) -> list[Clause]:
    found: list[Clause] = []
    for link, told in _pieces(words):
        if link in ("before", "after") and not found:  # "after A, B"
            first, second = _at_comma(told)
            pair = [Clause(first, part), Clause(second, part)]
            found += pair if link == "after" else pair[::-1]
        elif link == "after":  # "B after A"
            start = _start_of_beat(found)
            found.insert(start, Clause(tuple(told), part))
        else:
            is_beside = link == "while"
            at_once = is_beside or link.endswith("at once")
            found.append(Clause(tuple(told), part, is_beside and bool(found), at_once))
    return [clause for clause in found if clause.words]


def _start_of_beat(found: list[Clause]) -> int:
    start = len(found) - 1
    while start > 0 and found[start].is_together:
        start -= 1
    return max(start, 0)


def _at_comma(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands before and after the first comma, else before and from the second subject."""
    if "," in words[:-1]:
        at = list(words).index(",")
        return tuple(words[:at]), tuple(words[at + 1 :])
    at = next((i for i, w in enumerate(words) if i > 0 and w in _PRONOUNS), len(words))
    return tuple(words[:at]), tuple(words[at:])


def _pieces(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The words between links, each with the link before it: "", then, while, before or after."""
    found: list[tuple[str, list[str]]] = [("", [])]
    at = 0
    while at < len(words):
        link, length = _link_at(words, at)
        if not link:
            found[-1][1].append(words[at])
        elif not found[-1][1]:  # at the beginning, or one link after another
            found[-1] = (_stronger(found[-1][0], link), [])
        else:
            found.append((link, []))
        at += length or 1
    return _with_closing_links([(link, told) for link, told in found if told or link == "while"])


def _with_closing_links(pieces: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """ "shrugs and nods at the same time, then bows": a link after which nothing comes is one for
    the words before it."""
    found: list[tuple[str, list[str]]] = []
    for link, told in pieces:
        if link == "while" and set(told) <= {",", "and"}:
            if found and found[-1][0] in ("", "then"):
                found[-1] = (f"{found[-1][0]} at once".strip(), found[-1][1])
        else:
            found.append((link, told))
    return found


def _stronger(first: str, second: str) -> str:
    return second if first in ("", "then") else first


def _link_at(words: Sequence[str], at: int) -> tuple[str, int]:
    for phrase, link in _LINKS.get(words[at], ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            following = tuple(words[at + len(phrase) : at + len(phrase) + 1])
            is_limb = phrase[0] == "right" and at > 0 and words[at - 1] in _OWNED
            if not is_limb and not (phrase == ("next",) and following == ("to",)):
                return link, len(phrase)
    if words[at : at + 2] == ["at", "once"] and words[at + 2 : at + 3] in ([], ["."], [";"]):
        return "while", 2
    if (length := _list_mark(words, at)) > 0:
        return "then", length
    if words[at] == "as" and _PRONOUNS.intersection(words[at + 1 : at + 2]):
        return ("while", 2) if _ABLE.isdisjoint(words[at + 2 : at + 3]) else ("", 0)
    if words[at] == "than" and "sooner" in words[:at]:
        return "then", 1
    if words[at] in ("once", "when") and _HAVING.intersection(words[at + 2 : at + 5]):
        return "after", 1
    if words[at] == "having" and (at == 0 or words[at - 1] in (",", ".", ";")):
        return "after", 1
    if words[at] in ("before", "after"):
        following = tuple(words[at + 1 : at + 3])
        is_place = words[at] == "before" and following[:1] and following[0] in _PLACED
        if following != ("the", "other") and not is_place:
            return words[at], 1
    return "", 0


def _list_mark(words: Sequence[str], at: int) -> int:
    """How many words number an entry of a list: "step 1:", "part one:", "2."."""
    if words[at] in _LISTED and tuple(words[at + 2 : at + 3]) == (":",):
        return 3
    begins = at == 0 or words[at - 1] in (".", ":", ";")
    is_mark = words[at].isdigit() and tuple(words[at + 1 : at + 2]) == (".",)
    return 2 if begins and is_mark else 0

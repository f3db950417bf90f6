"""Which of the cues that are found in a clause tell of an action, and which only name a thing, a
tool, or what another action begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .clauses import Clause
from .known_actions import Found, KnownActions, words_of

ARTICLES = frozenset(words_of("the a an his her their its my your our"))
HELD = frozenset(words_of("arm arms hand hands fist fists thumb thumbs phone head chin"))
"""What may stand for somebody who holds it up while something else goes on: "arms raised, she runs"."""
COUNTS = frozenset(words_of("once twice thrice times one two three four five six 1 2 3 4 5 6 x"))
_PUT_TO_PARTS = {"touch", "cover"}
_THINGS = frozenset(words_of("box boxes guard watch beat sock ring shield park slug rock plug"))
# What may only prepare another action, "raises a hand and waves", or end it: "and gets up again".
_PREPARES = {
    "pick_up": {"crouch", "squat", "kneel", "bow", "lean", "touch"},
    "phone": {"raise", "touch", "pick_up", "phone"},
    "hug": {"raise", "lean"},
    "lunge": {"step", "walk"},
    "balance": {"knee_lift"},
    "touch_toes": {"bow", "lean"},
    "check_watch": {"raise", "touch", "look"},
    **dict.fromkeys(
        ("wave", "knock", "blow_kiss", "drink", "throw", "cheer", "halt", "point", "salute", "think",
         "cry", "laugh", "punch", "block", "open_door", "thumb_up", "beckon"),
        frozenset({"raise", "touch", "show_hand"}),
    ),
}  # fmt: skip
_ENDS_WITH = {"stand_up": {"crouch", "squat", "kneel", "pick_up", "bow", "lean", "touch_toes"}}
_HITTING = frozenset(words_of("punch kick blow hit ball strike"))
_AVOIDING = frozenset(words_of("avoid avoids avoiding dodge dodges dodging evade evades escape"))
_PRETENDING = ("if", "though")
_HANDLING = frozenset(
    words_of(
        "close closes closing closed relax relaxes relaxing relaxed present presents presenting "
        "presented form forms forming formed shape shapes shaping shaped dangle dangles dangling"
    )
)
_HAND_WORDS = frozenset(
    words_of(
        "hand hands fist fists finger fingers palm palms thumb thumbs claw claws grip sign something "
        "around left right"
    )
)
_NO_PARTICIPLES = frozenset(
    words_of(
        "nothing something anything everything evening morning during swing bring sing ring spring string being king"
    )
)


def hits_in(clause: Clause, bases: Sequence[str], known: KnownActions) -> list[Found]:
    """The actions that a clause tells of, in the order of its words; ``bases`` are those in their
    base form."""
    hits = [hit for hit in known.search(bases) if not _is_thing(clause.words, hit)]
    hits = [hit for hit in hits if not _is_pretence(clause.words, hits[0], hit)]
    hits = _less_objects(_less_counted_steps(_less_nested(hits), clause), clause)
    hits = _once_each(hits, clause)
    return hits if clause.part else _less_preparations(hits, clause)


def is_participle(word: str) -> bool:
    return word.endswith("ing") and word not in _NO_PARTICIPLES


def _is_thing(words: Sequence[str], hit: Found) -> bool:
    """Whether a word that may be a verb names a thing: "a box"."""
    is_noun = hit.start > 0 and words[hit.start - 1] in ARTICLES
    if words[hit.start] == "face" and is_noun and hit.action.name == "turn":
        return True
    before = words[max(0, hit.start - 3) : hit.start]
    if hit.action.name == "knee_lift" and words[hit.start] == "knees" and "on" in before:
        return True
    if words[hit.start] == "head" and "with" in words[hit.start : hit.places[-1]]:
        return True
    if words[hit.start] == "way" and "point" in words[max(0, hit.start - 2)]:
        return True
    if hit.action.name == "show_hand" and len(hit.places) == 1 and words[hit.start] in _HANDLING:
        return _HAND_WORDS.isdisjoint(words[hit.start :])
    if (
        is_noun
        and words[hit.start] in _HITTING
        and _AVOIDING.intersection(words[max(0, hit.start - 4) : hit.start])
    ):
        return True
    return is_noun and len(hit.places) == 1 and words[hit.start] in _THINGS


def _is_pretence(words: Sequence[str], first: Found, hit: Found) -> bool:
    """Whether something is only told to say how: "tilts the head as if listening"."""
    before = words[max(0, hit.start - 4) : hit.start]
    told = [i for i in range(len(before) - 1) if before[i] == "as" and before[i + 1] in _PRETENDING]
    return hit is not first and bool(told)


def _less_nested(hits: list[Found]) -> list[Found]:
    """Without what stands within the words of another: "walks a 90 degree curve"."""
    found: list[Found] = []
    for hit in hits:
        if not found or hit.start > found[-1].places[-1]:
            found.append(hit)
    return found


def _less_counted_steps(hits: list[Found], clause: Clause) -> list[Found]:
    """Without the steps that only count another action: "strafe left 4 steps"."""
    found: list[Found] = []
    for hit in hits:
        between = clause.words[found[-1].places[-1] + 1 : hit.start] if found else (",",)
        is_counted = clause.words[hit.start] == "steps" and len(hit.places) == 1
        if not (is_counted and not {",", "and", "take", "takes"}.intersection(between)):
            found.append(hit)
    return found


def _less_objects(hits: list[Found], clause: Clause) -> list[Found]:
    """Without what only names what hands are put to: "touches the head with the left hand"."""
    found: list[Found] = []
    for hit in hits:
        is_put = bool(found) and found[-1].action.name in _PUT_TO_PARTS
        is_next = is_put and hit.start == found[-1].places[-1] + 2
        is_object = is_next and clause.words[hit.start - 1] in ARTICLES
        between = clause.words[found[-1].places[-1] + 1 : hit.start] if found else ()
        is_object |= _is_tool(found[-1].action.name, between, hit) if found else False
        if not is_object:
            found.append(hit)
    return found


def _is_tool(name: str, between: Sequence[str], hit: Found) -> bool:
    """Whether a hand only serves what was told: "points with the index finger"."""
    return (
        (name, hit.action.name) == ("point", "show_hand")
        and "with" in between
        and not {",", "and", "while"}.intersection(between)
    )


def _less_preparations(hits: list[Found], clause: Clause) -> list[Found]:
    """Without what is only done for the action beside it, where nothing sets them apart."""
    found: list[Found] = []
    for number, hit in enumerate(hits):
        if found:
            before, name = found[-1].action.name, hit.action.name
            between = clause.words[found[-1].places[-1] + 1 : hit.start]
            stop = hits[number + 1].start if number + 1 < len(hits) else None
            is_two_handed = {"left", "right"}.issubset(clause.words[found[-1].start : stop])
            if not (is_two_handed or "," in between or COUNTS.intersection(between)):
                if before in _ENDS_WITH.get(name, ()):
                    continue
                if before in _PREPARES.get(name, ()):
                    found.pop()
            opening = clause.words[hit.start]
            is_aside = name in _PREPARES.get(before, ()) and "and" not in between
            if is_aside and (opening in HELD or is_participle(opening)):
                continue
        found.append(hit)
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

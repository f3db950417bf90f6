"""What a sentence says of an action: which side, how often, which way, how fast, in what mood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .known_actions import KnownActions, words_of

_PACES = ("slow", "fast", "normal")
_NO_MOOD = (*_PACES, "other")
_LIMBS = frozenset(
    words_of("hand arm leg foot knee fist elbow thumb shoulder finger palm forearm wrist")
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        words_of("zero one two three four five six seven eight nine ten eleven twelve")
    )
}
_MOST_TIMES = 30
_ADVERBS = {"once": 1, "twice": 2, "thrice": 3}
_UNITS = frozenset(
    words_of("degree degrees second seconds metre metres meter meters percent minutes")
)
_TURNS = {
    ("three", "quarters", "of", "a", "turn"): 270, ("three-quarter", "turn"): 270,
    ("quarter", "of", "a", "turn"): 90, ("quarter", "turn"): 90, ("ninety", "degrees"): 90,
    ("half", "a", "turn"): 180, ("half", "turn"): 180, ("forty-five", "degrees"): 45,
    ("full", "turn"): 360, ("whole", "turn"): 360, ("complete", "turn"): 360,
}  # fmt: skip
_WAYS = {
    **dict.fromkeys(("forward", "forwards", "ahead", "onward", "onwards"), "forward"),
    **dict.fromkeys(("backward", "backwards", "back", "rearward", "behind", "rear"), "backward"),
    **dict.fromkeys(("up", "upward", "upwards", "overhead"), "up"),
    **dict.fromkeys(("down", "downward", "downwards"), "down"),
    **dict.fromkeys(("sideways", "laterally"), "sideways"),
    **dict.fromkeys(("circle", "circles", "loop"), "in a circle"),
    **dict.fromkeys(("curve", "arc"), "in a curve"),
    **dict.fromkeys(
        (
            "left",
            "leftward",
            "leftwards",
            "left-hand",
            "counterclockwise",
            "counter-clockwise",
            "anticlockwise",
            "anti-clockwise",
        ),
        "left",
    ),
    **dict.fromkeys(("right", "rightward", "rightwards", "right-hand", "clockwise"), "right"),
    "around": "around",
}
_UP_AGAIN = (("up",), ("down",), ["up"], ["down"])
_MAKING = frozenset({"make", "do", "does", "doing", "did"})
_SHAPES = frozenset(words_of("circle circles loop loops curve arc bend"))
# These go or face somewhere; of what all others do, "left" names the limb.
_HEADING = {
    "walk", "run", "jog", "march", "march_forward", "tiptoe", "sneak", "skip", "limp", "climb",
    "dance", "turn", "step", "side_step", "jump", "look", "lean", "dodge", "tilt_head", "twist",
    "crawl", "sit", "stand", "raise", "point",
}  # fmt: skip
_BACKED = {"walk", "run", "jog", "step", "jump", "lean"}
_COUNTED_PARTS = frozenset(
    words_of("step steps pace paces rep reps repetition repetitions hit hits strike strikes")
)
_TO = frozenset({"to", "towards", "toward", "into"})
_IN_TURN = (("in", "turn"), ("by", "turns"), ("after", "the", "other"))


@dataclass(frozen=True)
class Details:
    """Empty or None where nothing is said. ``side``: left, right, both or alternating limbs."""

    side: str = ""
    count: int | None = None
    direction: str = ""
    degrees: int | None = None
    speed: str = ""


def details_of(
    words: Sequence[str],
    bases: Sequence[str],
    span: range,
    places: Sequence[int],
    name: str,
    known: KnownActions,
) -> Details:
    """What the words in the ``span`` say of the action ``name`` told at the ``places``; ``bases``
    are the same words in their base form."""
    said = [words[i] for i in span]
    sides = [_side_at(words, bases, i, places, name) for i in span]
    ways = [
        _WAYS[words[i]]
        for i, side in zip(span, sides)
        if words[i] in _WAYS and not side and _is_way(words, i, places, name)
    ]
    return Details(
        _side(said, [side for side in sides if side]),
        _count(words, bases, span, places),
        "around" if _looks_about(said, name) else ways[0] if ways else "",
        _degrees(said),
        next((m for _, m in known.told_manners(said) if m in ("slow", "fast")), ""),
    )


def _looks_about(said: Sequence[str], name: str) -> bool:
    """ "left and right" is one look to both sides."""
    return name == "look" and any(
        _places_of(said, phrase) for phrase in (("left", "and", "right"), ("right", "and", "left"))
    )


def mood_of(words: Sequence[str], known: KnownActions) -> str:
    """The mood that a text tells first, or ""."""
    told = (manner for _, manner in known.told_manners(words))
    return next((manner for manner in told if manner not in _NO_MOOD), "")


def masked(words: Sequence[str], known: KnownActions) -> list[str]:
    """The words in their base form, empty where they tell a manner, an angle or a shape: "a quarter
    turn" is no second turn, but "makes a quarter turn" is one."""
    bases = [known.base(word) for word in words]
    spans = [span for span, _ in known.told_manners(words)]
    spans += [range(i, i + len(p)) for p in _TURNS for i in _places_of(words, p)]
    spans += [
        range(i, i + 1)
        for i, word in enumerate(words)
        if word in _SHAPES
        and words[i - 1] != "arm"
        and {"in", "along", "with"}.intersection(words[max(0, i - 3) : i])
    ]
    spans += [
        range(i, i + 1) for i in _places_of(words, ("back",)) if words[i + 1 : i + 2] in _UP_AGAIN
    ]
    for span in spans:
        for i in span:
            is_told = bases[i] == "turn" and (
                _MAKING.intersection(bases[max(0, span.start - 2) : i])
                or not any(known.begins(base) for base in bases[: span.start])
            )
            bases[i] = "turn" if is_told else ""
    return bases


def _places_of(words: Sequence[str], phrase: tuple[str, ...]) -> list[int]:
    return [
        i for i in range(len(words)) if words[i] == phrase[0]
        and tuple(words[i : i + len(phrase)]) == phrase
    ]  # fmt: skip


def _side(said: Sequence[str], sides: list[str]) -> str:
    is_in_turn = any(_places_of(said, phrase) for phrase in _IN_TURN)
    if is_in_turn or {"alternating", "alternate", "alternately"} & set(said) or (
        {"left", "right"} <= set(sides)
    ):  # fmt: skip
        return "alternating"
    if "both" in said:
        return "both"
    return sides[0] if sides else ""


def _side_at(
    words: Sequence[str], bases: Sequence[str], i: int, places: Sequence[int], name: str
) -> str:
    """The side that this word gives a limb, or the thing that is done: "a right hook", "kick left",
    "wave with your left"."""
    if words[i] not in ("left", "right"):
        return ""
    after = bases[i + 1 : i + 4]
    if tuple(after[:1]) == ("and",):
        after = bases[i + 3 : i + 5]
    is_limb = any(word in _LIMBS for word in after[:2]) and (
        not after or after[0] not in ("with", "and", ",", "on", "by")
    )
    before = words[max(0, i - 2) : i]
    is_hand = "with" in before or (name not in _HEADING and not _TO.intersection(before))
    is_noun = i + 1 in places and i + 1 > places[0]
    return words[i] if is_limb or is_noun or is_hand else ""


def _is_way(words: Sequence[str], i: int, places: Sequence[int], name: str) -> bool:
    """Whether the word tells a way here: not where it belongs to the verb."""
    word = words[i]
    if word == "back" and (name in _BACKED or words[i + 1 : i + 2] in _UP_AGAIN):
        return name in _BACKED
    if word in ("up", "down", "back", "around"):
        return i not in places or len(places) < 2
    return word != "behind" and not (word in _SHAPES and i in places)


def _count(
    words: Sequence[str], bases: Sequence[str], span: range, places: Sequence[int]
) -> int | None:
    for i in span:
        if words[i] in _ADVERBS and tuple(words[max(0, i - 1) : i]) != ("at",):
            return _ADVERBS[words[i]]
        if words[i] in ("couple", "pair", "few") and i and words[i - 1] == "a":
            return 3 if words[i] == "few" else 2
        if words[i] == "x" and (number := _beside(words, i)):
            return number
        number = _NUMBERS.get(words[i]) if words[i].isalpha() else _digits(words[i])
        if not number or number > _MOST_TIMES:
            continue
        if words[i - 1] == "to" and "count" in bases[max(0, i - 5) : i]:
            return number
        after = list(bases[i + 1 : i + 4])
        if after[:1] in ([], [","]):  # "squats, 5", "kick left 3, bow"
            if number in _NUMBERS.values() and i > places[0]:
                return number
            continue
        if after[0] in _UNITS:
            continue
        if after[0] in ("time", "times") or words[i + 1] in _COUNTED_PARTS:
            return number
        is_noun = any(i + k in places for k in (1, 2, 3)) and after[0] != "of"
        is_plural = any(w.endswith("s") and w != bases[i + 1 + k] for k, w in
                        enumerate(words[i + 1 : i + 4]))  # fmt: skip
        # "two arms", but not "two arm circles"
        is_limb = after[0] in _LIMBS and (number == 1 or words[i + 1] != after[0])
        if is_noun and (number == 1 or is_plural) and not is_limb:
            return number
    return None


def _beside(words: Sequence[str], i: int) -> int | None:
    """The number before or after an "x": "3x", "x3"."""
    return next(
        (n for j in (i - 1, i + 1) if 0 <= j < len(words) and (n := _digits(words[j]))), None
    )


def _digits(word: str) -> int | None:
    return int(word) if word.isdigit() and len(word) < 4 else None


def _degrees(said: Sequence[str]) -> int | None:
    for word, unit in pairwise(said):
        if unit.startswith("degree") and word.isdigit():
            return int(word)
        if word in ("a", "full") and unit in ("90", "180", "270", "360"):
            return int(unit)
    return next((angle for phrase, angle in _TURNS.items() if _places_of(said, phrase)), None)

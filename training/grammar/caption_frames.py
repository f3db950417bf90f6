"""Frames that hold a whole sequence: lists, numbered steps, stages, and what is said but once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from training.grammar.phrases import noun_phrase, together, worded
from training.grammar.timeline import Placement
from training.grammar.wording import choose, inflect
from training.grammar.wording_sentences import Subject

_JOINTS = (
    ", ", ", ", ", ", ", ", ", ", ", ", ", then ", ", then ", "; ", " and then ", " then ",
    ", next ", ", now ", ", and ",
)  # fmt: skip
_LAST_JOINTS = (
    " and ", " and ", " and ", ", and ", ", and ", ", ", ", then ", " and then ", ", and then ",
    " and finally ", ", and finally ", ", finally ", " then ", ", and last of all ",
    ", and at last ", " and to end it all ",
)  # fmt: skip
_SIGNS = (" -> ", " > ", " / ", "; ", ". ", ". ", "! ", " - ", "... ", " — ", ", then... ")
_JOINTS_OF_TWO = (
    ", then ", ", then ", ", ", ", ", ", ", " and then ", " then ", " and ", ", and then ",
)  # fmt: skip
_AGAIN = ("again", "once more", "one more time", "another time")
# Words that stay with what follows them where the beginning of a phrase is not said again.
_KEPT = {
    "with", "to", "on", "onto", "at", "in", "from", "by", "towards", "their", "his", "her", "its",
    "your", "my", "the", "a", "an", "one", "two", "three", "four", "five",
}  # fmt: skip
_ORDINALS = (
    ("first", "second", "third", "fourth", "fifth", "sixth"),
    ("first", "secondly", "thirdly", "after that", "next", "then"),
    ("firstly", "secondly", "thirdly", "fourthly", "next", "then"),
    ("at first", "then", "then", "after that", "then", "then"),
)
_COUNTS = ("one", "two", "three", "four", "five", "six")

# Both states of a hand in one verb phrase, by the first of them.
_IN_TURN = {
    "open": ("[open] and [close] {hand}", "[open] and then [shut] {hand}", "[unclench] and [clench] {fist}",
             "[open] {hand} and [close] {it} again", "[spread] and [close] the fingers of {hand}",
             "[open] {hand} and [make] a fist", "[stretch] and [curl] the fingers of {hand}"),
    "fist": ("[close] and [open] {hand}", "[clench] and [unclench] {fist}", "[make] and [release] a fist with {hand}",
             "[ball] {hand} into a fist and [open] {it} again", "[clench] {hand}, then [let] go",
             "[close] {hand} and [open] {it} again", "[curl] and [stretch] the fingers of {hand}"),
}  # fmt: skip

Beat = tuple[Placement, ...]


def strung(told: Sequence[str], rng: np.random.Generator) -> str:
    """ "walk, wave and bow", "walk, then wave, then bow", "walk -> wave -> bow"."""
    if len(told) == 1:
        return told[0]
    if rng.random() < 0.08:
        return choose(_SIGNS, rng).join(told)
    if len(told) == 2:
        return choose(_JOINTS_OF_TWO, rng).join(told)
    joint, last = choose(_JOINTS, rng), choose(_LAST_JOINTS, rng)
    if rng.random() < 0.25:
        last = joint
    if rng.random() < 0.1:
        return told[0] + choose(_JOINTS_OF_TWO, rng) + joint.join(told[1:-1]) + last + told[-1]
    return joint.join(told[:-1]) + last + told[-1]


def presented(nouns: Sequence[str], rng: np.random.Generator) -> str:
    """ "it starts with a jump, then comes a squat, and finally a bow"."""
    lead = choose(
        ("first ", "first comes ", "first up ", "it starts with ", "it begins with ", "start with ", "first there is ",
         "there is ", "we see "), rng,
    )  # fmt: skip
    link = choose(
        (", then ", ", then comes ", ", next ", ", then there is ", ", followed by ",
         ", after that "), rng,
    )  # fmt: skip
    last = choose((", and finally ", ", and then ", ", finally ", " and at the end ", link), rng)
    return lead + link.join(nouns[:-1]) + last + nouns[-1]


def numbered(told: Sequence[str], rng: np.random.Generator, is_list: bool) -> str:
    """ "first walk, then wave, finally bow"; of lists also "step 1: walk. step 2: wave." """
    style = rng.integers(7) if is_list else 4 + rng.integers(2)
    if style < 3:
        name = choose(("step", "step", "part", "beat", "phase", "shot"), rng)
        marks = [f"{name} {i}: " for i in range(1, len(told) + 1)]
        if style == 1:
            marks = [f"{i}. " for i in range(1, len(told) + 1)]
        if style == 2:
            marks = [f"{name} {_COUNTS[i]}: " for i in range(len(told))]
        joint = choose((". ", "; ", ", "), rng) if style != 1 else ". "
        return joint.join(mark + text for mark, text in zip(marks, told))
    words = ["first", *["then", "next", "after that", "then"][: len(told) - 2], "finally"]
    if style == 5:
        words = list(choose(_ORDINALS, rng)[: len(told)])
    elif len(told) == 2:
        words[-1] = choose(("then", "second", "and then", "next", "after that"), rng)
    joint = choose((", ", "; ", ". ") if style == 3 else (", ", ", ", ", and "), rng)
    return joint.join(f"{word} {text}" for word, text in zip(words, told))


def staged(beats: Sequence[Beat], rng: np.random.Generator, subject: Subject, form: str) -> str:
    """ "starts with a jump, goes on with a squat and finishes by bowing"."""
    verbs = [choose(("[start]", "[begin]"), rng)]
    verbs += [
        choose(("[continue]", "[go on]", "[carry on]", "[follow up]"), rng) for _ in beats[2:]
    ]
    verbs.append(choose(("[end]", "[finish]", "[conclude]", "[finish off]"), rng))
    told = [
        f"{inflect(verb, form)} {_means(beat, rng, subject)}" for verb, beat in zip(verbs, beats)
    ]
    return ", ".join(told[:-1]) + choose((" and ", ", and ", ", then "), rng) + told[-1]


def _means(beat: Beat, rng: np.random.Generator, subject: Subject) -> str:
    noun = noun_phrase(beat[0].description, rng) if len(beat) == 1 else ""
    if noun and rng.random() < 0.6:
        return f"with {noun}"
    return f"by {together(beat, rng, subject, 'participle')}"


def alike(
    beats: Sequence[Beat], rng: np.random.Generator, subject: Subject, form: str
) -> tuple[str, int] | None:
    """The beats at the beginning that do the same in other ways, with the words that they share
    said but once, "looks left, then right", and how many those are; None where there are none."""
    count = 1
    while count < len(beats) and _same_verb(beats[0], beats[count]):
        count += 1
    if count == 1:
        return None
    # The same draws choose the same words.
    seed = int(rng.integers(2**31))
    told = [
        together(beat, np.random.default_rng(seed), subject, form).split() for beat in beats[:count]
    ]
    short = [_less_the_beginning(told[0], words, rng) for words in told[1:]]
    return strung([" ".join(told[0]), *short], rng), count


def in_turn(
    beats: Sequence[Beat], rng: np.random.Generator, subject: Subject, form: str
) -> tuple[str, int] | None:
    """A hand that is opened and closed in the first beats, told as one, "opens and closes the left
    hand", and how many beats those are; None where there is none."""
    if not all(len(beat) == 1 for beat in beats[:2]) or len(beats) < 2:
        return None
    first, second = (beat[0].description for beat in beats[:2])
    if (first.verb, second.verb) != ("show_hand", "show_hand") or first.side != second.side:
        return None
    if {first.target, second.target} != {"open", "fist"}:
        return None
    said = replace(first, speed=None)
    return inflect(worded(choose(_IN_TURN[first.target], rng), said, rng, subject), form), 2


def _same_verb(first: Beat, second: Beat) -> bool:
    return len(first) == len(second) == 1 and (
        first[0].description.verb == second[0].description.verb
    )


def _less_the_beginning(first: list[str], words: list[str], rng: np.random.Generator) -> str:
    if words == first:
        return " ".join(words) + " " + choose(_AGAIN, rng)
    shared = next((i for i, pair in enumerate(zip(first, words)) if pair[0] != pair[1]), 0)
    keeps = rng.random() < 0.75
    while keeps and shared and words[shared - 1] in _KEPT:
        shared -= 1
    if shared == 0 or not _tells_a_way(words[shared:]):
        return " ".join(words)
    return " ".join(words[shared:])


def _tells_a_way(words: Sequence[str]) -> bool:
    ways = ("left", "right", "forward", "backward", "up", "down", "sideways", "back", "both")
    return any(word.strip(",").startswith(ways) for word in words)

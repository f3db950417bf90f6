"""How actions that follow one another are told: links, "first", "before" and "after", lists."""

import numpy as np

from training.grammar.phrases import fronted, noun_phrase, phrase, shuffled, together
from training.grammar.timeline import FPS, Script
from training.grammar.wording import choose, inflect
from training.grammar.wording_sentences import (
    LAST_LINKS,
    LAST_SENTENCES,
    LINKS,
    NEW_SENTENCES,
    Subject,
)

_PAUSE_SECONDS = 0.5
_PAUSES = (
    ", [pause] and then ", ", [pause] (for a moment|briefly|a moment) and then ",
    ", [wait] (a second|a moment|briefly), then ", ", [stop] for a moment and then ",
)  # fmt: skip


def chained(script: Script, rng: np.random.Generator, subject: Subject, form: str) -> str:
    """Verb phrases without a subject, one beat after the other."""
    beats = script.beats
    told = [together(beat, rng, subject, form) for beat in beats]
    manner = rng.random()
    if len(beats) > 1 and manner < 0.12:
        return _numbered(told, rng, subject.again == "")
    if len(beats) > 1 and manner < 0.2 and len(beats[0]) == len(beats[1]) == 1:
        later = together(beats[1], rng, subject, "participle")
        told[:2] = [choose((f"{told[0]} before {later}", f"{told[0]}, followed by {later}"), rng)]
        beats = beats[1:]
    elif len(beats) > 2 and manner < 0.32:
        last = choose((" and ", ", and ", ", and then "), rng)
        return ", ".join(told[:-1]) + last + told[-1]
    text = told[0]
    for i, later in enumerate(told[1:]):
        last = i > 0 and i == len(told) - 2
        text += _link(beats[i], beats[i + 1], rng, form, last) + later
    return text


def _link(beat, following, rng: np.random.Generator, form: str, last: bool) -> str:
    """Between verb phrases; a pause is only told where there is one."""
    pause = (following[0].start - max(placement.stop for placement in beat)) / FPS
    if pause > _PAUSE_SECONDS and rng.random() < 0.3:
        text = choose(_PAUSES, rng).replace("(for a moment|briefly|a moment)", "for a moment")
        return inflect(text.replace("(a second|a moment|briefly)", "a moment"), form)
    if last and rng.random() < 0.35:
        return choose(LAST_LINKS, rng)
    return choose(LINKS, rng)


def _numbered(told: list[str], rng: np.random.Generator, is_list: bool) -> str:
    """ "first walk, then wave, finally bow"; of lists also "step 1: walk. step 2: wave." """
    style = rng.integers(6) if is_list else 4
    if style == 0:
        return ". ".join(f"step {i}: {text}" for i, text in enumerate(told, 1))
    if style == 1:
        return ". ".join(f"{i}. {text}" for i, text in enumerate(told, 1))
    if style == 2:
        names = ("one", "two", "three", "four", "five", "six")
        return "; ".join(f"step {names[i]}: {text}" for i, text in enumerate(told))
    words = ["first", *["then", "next", "after that", "then"][: len(told) - 2], "finally"]
    if len(told) == 2:
        words[-1] = choose(("then", "second", "and then", "next", "after that"), rng)
    joint = choose((", ", "; ", ". ") if style == 3 else (", ",), rng)
    return joint.join(f"{word} {text}" for word, text in zip(words, told))


def told(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """Finite: "a person walks forward, then waves"."""
    beats = list(script.beats)
    manner = rng.random()
    if len(beats) > 1 and manner < 0.24:
        text, beats = _two_beats(beats, rng, subject), beats[1:]
    elif len(beats) > 2 and manner < 0.3:
        return _listed(beats, rng, subject)
    else:
        text = _clause(beats[0], rng, subject, first=True)
        if len(beats) > 1 and rng.random() < 0.14:
            text = choose(("first ", "first, ", "at first ", "to begin with, "), rng) + text
    form = "plural" if subject.plural_first else "finite"
    for i, beat in enumerate(beats[1:]):
        last = i == len(beats) - 2
        if rng.random() < 0.3:
            ends = last and rng.random() < 0.2
            link = choose(LAST_SENTENCES if ends else NEW_SENTENCES, rng)
            text += link + _clause(beat, rng, subject, first=False)
            form = "plural" if subject.plural_after else "finite"
        elif last and rng.random() < 0.08:
            text += _ending(beat, rng, subject, form)
        else:
            link = _link(beats[i], beat, rng, form, last and len(beats) > 2)
            text += link + together(beat, rng, subject, form)
    return text


def _listed(beats, rng: np.random.Generator, subject: Subject) -> str:
    """ "a person walks, waves and bows"."""
    form = "plural" if subject.plural_first else "finite"
    parts = [_clause(beats[0], rng, subject, True)]
    parts += [together(beat, rng, subject, form) for beat in beats[1:]]
    return ", ".join(parts[:-1]) + choose((" and ", ", and ", " and then "), rng) + parts[-1]


def _ending(beat, rng: np.random.Generator, subject: Subject, form: str) -> str:
    """ ", and ends up bowing", " and finishes with a bow"."""
    noun = noun_phrase(beat[0].description, rng) if len(beat) == 1 else ""
    if noun and rng.random() < 0.5:
        return inflect(choose((" and [end] with ", " and [finish] with "), rng), form) + noun
    link = choose((", and [end] up ", " and [finish] by ", " and [end] by "), rng)
    return inflect(link, form) + together(beat, rng, subject, "participle")


def _two_beats(beats, rng: np.random.Generator, subject: Subject) -> str:
    """The first two beats with "before", "after" and their like."""
    earlier = together(beats[0], rng, subject, "participle")
    later = together(beats[1], rng, subject, "participle")
    first, second = (_clause(beat, rng, subject, True) for beat in beats[:2])
    form = "plural" if subject.plural_first else "finite"
    be = {"i": "am", "you": "are"}.get(subject.again, "are" if subject.plural_after else "is")
    ways = [
        f"{first} before {later}", f"{first} before {later}", f"after {earlier}, {second}",
        f"after {earlier}, {second}", f"{first}, followed by {later}", f"before {later}, {first}",
        f"{second} after {earlier}", f"once done {earlier}, {second}",
        f"{first} and, when {subject.again} {be} done, {together(beats[1], rng, subject, form)}",
        inflect(f"{subject.first} [start] by {earlier}, then ", form)
        + together(beats[1], rng, subject, form),
        inflect(f"{subject.first} [start] out {earlier} and [end] up ", form) + later,
    ]  # fmt: skip
    nouns = [noun_phrase(beat[0].description, rng) if len(beat) == 1 else "" for beat in beats[:2]]
    if nouns[1]:
        ways += [f"{first}, followed by {nouns[1]}", f"{first} before {nouns[1]}"]
    if nouns[0]:
        ways += [f"after {nouns[0]}, {second}", inflect(f"{subject.first} [start] with ", form)
                 + f"{nouns[0]}, then {together(beats[1], rng, subject, form)}"]  # fmt: skip
    return choose(ways, rng)


def _clause(beat, rng: np.random.Generator, subject: Subject, first: bool) -> str:
    """A finite clause with its subject; an adverbial may stand before it."""
    name = subject.first if first else subject.again
    plural = subject.plural_first if first else subject.plural_after
    form = "plural" if plural else "finite"
    if len(beat) > 1 and rng.random() < 0.25:
        main, *others = shuffled(beat, rng)
        aside = " and ".join(phrase(p.description, rng, subject, "participle") for p in others)
        return f"while {aside}, {name} {phrase(main.description, rng, subject, form)}"
    if len(beat) > 1:
        return f"{name} {together(beat, rng, subject, form)}"
    front, rest = fronted(beat[0].description, rng, subject, form)
    return f"{front}, {name} {rest}" if front else f"{name} {rest}"

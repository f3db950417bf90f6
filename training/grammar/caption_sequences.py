"""How actions that follow one another are told: links, "first", "before" and "after", lists."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from training.grammar.caption_frames import alike, in_turn, numbered, staged, strung
from training.grammar.caption_scenes import PLACES
from training.grammar.phrases import (
    alongside,
    fronted,
    noun_phrase,
    of_the_part,
    phrase,
    shuffled,
    together,
)
from training.grammar.timeline import FPS, Placement, Script
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
    ", [pause] and then ", ", [pause] for a moment and then ", ", [pause] briefly and then ",
    ", [wait] a moment, then ", ", [wait] briefly, then ", ", [stop] for a moment and then ",
    ", [stop], [wait] a little and then ",
)  # fmt: skip
# Things that nobody plans: they tell of no action of the body.
_IDLE = (
    "[smile]", "[wink]", "[grin]", "[relax]", "[sigh]", "[take] a deep breath", "[take] a breath",
    "[listen]", "[blink]", "[gasp]", "[frown]", "[let] go", "[lower] the arm again", "[straighten] up",
    "[recover]", "[hesitate]", "[say] hello", "[come] to a stop", "[stop] dead",
)  # fmt: skip
_IDLE_SHARE = 0.07
_IDLE_JOINTS = (
    ", {}, then ",
    ", {} and then ",
    ", {} and ",
    ", {}, ",
    ", then {}, then ",
    ", {}; then ",
)
_CIRCUMSTANCES = (
    " in front of the mirror", " for the camera", " in front of the crowd", " on the stage", " in the dark",
    " like nobody is watching", " without a word", " as if nothing had happened", " in the middle of the room",
    " because it is cold", " on a sunny day", ", nervous", " with a smile", " like in the old days",
    " as if on cue", " in an empty street", " by the door", " next to the table", ", a bit clumsy",
    " as usual", " just like that", " for fun", " on the beat", " with great care", " at the party",
)  # fmt: skip
_CIRCUMSTANCES_SHARE = 0.06
_PLACES_SHARE = 0.05
_LIST_SHARE = 0.42
_ASIDE_SHARE = 0.4
_BODILY_SHARE = 0.04
_HAS_OWNER = re.compile(r"(?!i$|you$|he$|she$|they$|we see)")
_AND_SHARE = 0.3
_ORDERS = (
    "{first} before {later}", "{first} before {later}", "after {earlier}, {second}",
    "after {earlier}, {second}", "{first}, followed by {later}", "before {later}, {first}",
    "{second} after {earlier}", "once done {earlier}, {second}", "prior to {later}, {first}",
    "{first} before {second_again}", "before {second}, {first_again}",
    "after {first}, {second_again}", "once {first}, {second_again}",
    "{first}, and when {again} {be} done, {second_again}",
    "{first} and, when {again} {be} done, {then}", "{first} and after that {second_again}",
    "{who} {start} by {earlier}, then {then}", "{who} {start} out {earlier} and {end} up {later}",
    "after {who} {have} {done}, {second_again}", "once {who} {have} {done}, {second_again}",
    "as soon as {who} {have} {done}, {second_again}", "having {done}, {second}",
    "after having {done}, {second}", "when {who} {have} {done}, {second_again}",
    "{second} after {again} {have_again} {done}", "{second} once {again} {have_again} {done}",
    "{second} as soon as {again} {have_again} {done}", "{second}, but only once {again} {have_again} {done}",
    "{second}, but only after {earlier}", "{second}, but first {first_again}",
    "{second} right after {earlier}", "right after {earlier}, {second}",
    "{first} just before {later}", "shortly before {later}, {first}",
    "no sooner {have} {who} {done} than {second_again}", "{first}, whereupon {second_again}",
    "{second}, but not before {earlier}", "{second}, though not until {again} {have_again} {done}",
    "{first}, and only then {second_again}", "{first} right before {later}", "{first}, and then {second_again}",
    "{first} prior to {later}", "before {later} {first}", "after {earlier} {second}",
    "{earlier} first, {who} then {then}", "first comes {earlier}, then {later}",
    "{first}; only after that {second_again}", "{first}, before {later}", "upon {earlier}, {second}",
)  # fmt: skip
_NOUN_ORDERS = (
    "{first}, followed by {second_noun}", "{first} before {second_noun}",
    "after {first_noun}, {second}", "{who} {start} with {first_noun}, then {then}",
    "following {first_noun}, {second}", "{second} right after {first_noun}",
    "with {first_noun} done, {second}", "{first} and {follow} it up with {second_noun}",
    "{first}, then {second_noun}", "{first}, into {second_noun}", "{first}, and then {second_noun}",
    "{first_noun}, then {second}",
)  # fmt: skip
_ENDING_WITH = (
    " and [end] with ", " and [finish] with ", ", ending with ", ", finishing with ", ", followed by ",
    ", closing with ", ", and to end it ", ", topped off with ", " and [close] with ", ", ending on ",
)  # fmt: skip
_ENDING_BY = (
    ", and [end] up ", " and [finish] by ", " and [end] by ", " before ", " before finally ", ", ending by ",
    ", finishing by ", ", ending up ", ", followed by ", ", before ", " and [end] up ", " and [finish] ",
)  # fmt: skip

_COMMANDS = (
    "before {later}, {first}", "after {earlier}, {second}", "{second} after {earlier}",
    "{first} before {later}", "{second}, but first {first}", "once you have {done}, {second}",
    "after you have {done}, {second}", "{second} as soon as you have {done}",
    "when you have {done}, {second}", "{first} and, once done, {second}",
    "start by {earlier}, then {second}", "begin by {earlier}, then {second}",
    "begin {earlier}, go on {later}", "start {earlier} and end {later}", "{first}, finish by {later}",
    "{first} and end by {later}", "first {first}, only then {second}", "{first} right before {later}",
)  # fmt: skip

Beat = tuple[Placement, ...]


def chained(script: Script, rng: np.random.Generator, subject: Subject, form: str) -> str:
    """Verb phrases without a subject, one beat after the other."""
    beats = script.beats
    if run := _as_one(beats, rng, subject, form):
        text, beats = run[0], beats[run[1] :]
        rest = [together(beat, rng, subject, form) for beat in beats]
        return strung([text, *rest], rng)
    told = [together(beat, rng, subject, form) for beat in beats]
    manner = rng.random()
    if len(beats) > 1 and manner < 0.1:
        return numbered(told, rng, subject.again == "")
    if len(beats) > 1 and manner < 0.14 and form != "participle":
        return staged(beats, rng, subject, form)
    if len(beats) > 1 and manner < 0.21 and len(beats[0]) == len(beats[1]) == 1:
        later = together(beats[1], rng, subject, "participle")
        told[:2] = [choose((f"{told[0]} before {later}", f"{told[0]}, followed by {later}"), rng)]
        beats = beats[1:]
    elif len(beats) > 2 and manner < 0.21 + _LIST_SHARE:
        return strung(_with_idle(told, rng, form), rng)
    text = told[0]
    for i, later in enumerate(told[1:]):
        last = i > 0 and i == len(told) - 2
        text += _link(beats[i], beats[i + 1], rng, form, last) + later
    return text


def _as_one(
    beats: Sequence[Beat], rng: np.random.Generator, subject: Subject, form: str
) -> tuple[str, int] | None:
    """The first beats in one verb phrase, and how many they are; None where they are told apart."""
    if rng.random() < 0.85 and (run := in_turn(beats, rng, subject, form)):
        return run
    return alike(beats, rng, subject, form) if rng.random() < 0.5 else None


def _with_idle(told: Sequence[str], rng: np.random.Generator, form: str) -> list[str]:
    """A list, seldom with an entry that nothing is planned for."""
    found = list(told)
    if rng.random() < 2 * _IDLE_SHARE:
        found.insert(1 + int(rng.integers(len(found))), inflect(choose(_IDLE, rng), form))
    return found


def ordered(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """An order to somebody in which what comes later may be told first: "before bowing, wave"."""
    first, second, *rest = script.beats
    written = {
        "first": lambda: together(first, rng, subject, "base"),
        "second": lambda: together(second, rng, subject, "base"),
        "earlier": lambda: together(first, rng, subject, "participle"),
        "later": lambda: together(second, rng, subject, "participle"),
        "done": lambda: together(first, rng, subject, "perfect"),
    }
    text = _written(choose(_COMMANDS, rng), written)
    for beat in rest:
        text += choose(LINKS, rng) + together(beat, rng, subject, "base")
    return text


def _written(way: str, written: Mapping[str, Callable[[], str]]) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: written[slot[1]](), way)


def _link(beat: Beat, following: Beat, rng: np.random.Generator, form: str, last: bool) -> str:
    """Between verb phrases; a pause is only told where there is one."""
    if rng.random() < _IDLE_SHARE:
        return choose(_IDLE_JOINTS, rng).format(inflect(choose(_IDLE, rng), form))
    pause = (following[0].start - max(placement.stop for placement in beat)) / FPS
    if pause > _PAUSE_SECONDS and rng.random() < 0.2:
        return inflect(choose(_PAUSES, rng), form)
    if last and rng.random() < 0.35:
        return choose(LAST_LINKS, rng)
    if not _could_go_together(beat, following) and rng.random() < _AND_SHARE:
        return " and "
    return choose(LINKS, rng)


def _could_go_together(beat: Beat, following: Beat) -> bool:
    """Whether "and" between them may be heard as "at the same time": "walks and waves"."""
    first = {channel for p in beat for channel in p.description.channels}
    second = {channel for p in following for channel in p.description.channels}
    return first.isdisjoint(second) and beat[0].description.count is None


def told(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """Finite: "a person walks forward, then waves"."""
    place = choose(PLACES, rng) if rng.random() < _PLACES_SHARE else ""
    after = choose(_CIRCUMSTANCES, rng) if rng.random() < _CIRCUMSTANCES_SHARE else ""
    return place + _told_plainly(script, rng, subject) + after


def _told_plainly(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    beats = list(script.beats)
    form, manner = subject.form(), rng.random()
    if run := _as_one(beats, rng, subject, form):
        text, beats = f"{subject.first} {run[0]}", beats[run[1] - 1 :]
    elif len(beats) > 2 and manner < _LIST_SHARE:
        told = [_clause(beats[0], rng, subject, True)]
        told += [together(beat, rng, subject, form) for beat in beats[1:]]
        return strung(_with_idle(told, rng, form), rng)
    elif len(beats) > 1 and manner < _LIST_SHARE + 0.04:
        return f"{subject.first} {staged(beats, rng, subject, form)}"
    elif len(beats) > 1 and manner < _LIST_SHARE + 0.24:
        text, beats = _two_beats(beats, rng, subject), beats[1:]
    else:
        text = _clause(beats[0], rng, subject, first=True)
        if len(beats) > 1 and rng.random() < 0.14:
            text = choose(("first ", "first, ", "at first ", "to begin with, "), rng) + text
    for i, beat in enumerate(beats[1:]):
        last = i == len(beats) - 2
        if rng.random() < 0.3:
            ends = last and rng.random() < 0.2
            link = choose(LAST_SENTENCES if ends else NEW_SENTENCES, rng)
            text += link + _clause(beat, rng, subject, first=False)
            form = subject.form(first=False)
        elif last and rng.random() < 0.14:
            text += _ending(beat, rng, subject, form)
        else:
            link = _link(beats[i], beat, rng, form, last and len(beats) > 2)
            text += link + together(beat, rng, subject, form)
    return text


def _ending(beat: Beat, rng: np.random.Generator, subject: Subject, form: str) -> str:
    """ ", and ends up bowing", " and finishes with a bow"."""
    noun = noun_phrase(beat[0].description, rng) if len(beat) == 1 else ""
    if noun and rng.random() < 0.5:
        return inflect(choose(_ENDING_WITH, rng), form) + noun
    link = choose(_ENDING_BY, rng)
    return inflect(link, form) + together(beat, rng, subject, "participle")


def _two_beats(beats: Sequence[Beat], rng: np.random.Generator, subject: Subject) -> str:
    """The first two beats with "before", "after" and their like."""
    form, form_after = subject.form(), subject.form(first=False)
    if subject.is_past:
        be, has, has_then = "were" if subject.plural_after else "was", "had", "had"
    else:
        be = {"i": "am", "you": "are"}.get(subject.again, "are" if subject.plural_after else "is")
        has = "have" if subject.plural_first else "has"
        has_then = "have" if subject.plural_after else "has"
    written = {
        "who": lambda: subject.first,
        "again": lambda: subject.again,
        "be": lambda: be,
        "have": lambda: has,
        "have_again": lambda: has_then,
        "done": lambda: together(beats[0], rng, subject, "perfect"),
        "follow": lambda: inflect("[follow]", form),
        "start": lambda: inflect("[start]", form),
        "end": lambda: inflect("[end]", form),
        "earlier": lambda: together(beats[0], rng, subject, "participle"),
        "later": lambda: together(beats[1], rng, subject, "participle"),
        "first": lambda: _clause(beats[0], rng, subject, True),
        "second": lambda: _clause(beats[1], rng, subject, True),
        "first_again": lambda: f"{subject.again} {together(beats[0], rng, subject, form_after)}",
        "second_again": lambda: f"{subject.again} {together(beats[1], rng, subject, form_after)}",
        "then": lambda: together(beats[1], rng, subject, form),
    }
    nouns = [noun_phrase(beat[0].description, rng) if len(beat) == 1 else "" for beat in beats[:2]]
    ways = list(_ORDERS)
    for name, noun in zip(("first_noun", "second_noun"), nouns):
        written[name] = lambda noun=noun: noun
        ways += [way for way in _NOUN_ORDERS if noun and f"{{{name}}}" in way]
    return _written(choose(ways, rng), written)


def _clause(beat: Beat, rng: np.random.Generator, subject: Subject, first: bool) -> str:
    """A finite clause with its subject; an adverbial may stand before it."""
    name = subject.first if first else subject.again
    form = subject.form(first)
    if len(beat) > 1 and rng.random() < _ASIDE_SHARE:
        main, *others = shuffled(beat, rng)
        aside = _aside(others, rng, subject)
        return f"{aside}, {name} {phrase(main.description, rng, subject, form)}"
    if len(beat) > 1:
        return f"{name} {together(beat, rng, subject, form)}"
    if rng.random() < _BODILY_SHARE:
        owner = replace(subject, their=f"{name}'s") if first and _HAS_OWNER.match(name) else subject
        if told := of_the_part(beat[0].description, rng, owner):
            return told
    front, rest = fronted(beat[0].description, rng, subject, form)
    return f"{front}, {name} {rest}" if front else f"{name} {rest}"


def _aside(beat: Sequence[Placement], rng: np.random.Generator, subject: Subject) -> str:
    """What is told first and goes on at the same time: "while waving", "waving", "with arms up"."""
    told = [alongside(placement.description, rng, subject) for placement in beat]
    if all(told) and rng.random() < 0.4:
        return " and ".join(told)
    text = " and ".join(phrase(p.description, rng, subject, "participle") for p in beat)
    return choose(("while ", "while ", "", "", "whilst "), rng) + text

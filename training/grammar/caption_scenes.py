"""Scenes: where it is, sentence after sentence, what is told late, and what goes on beneath."""

import numpy as np

from training.grammar.phrases import in_short, of_the_part, phrase, shuffled, together
from training.grammar.timeline import Script
from training.grammar.wording import choose
from training.grammar.wording_sentences import Subject

PLACES = (
    "at the bus stop, ", "in the kitchen, ", "on stage, ", "late at night, ", "at the office, ",
    "in the park, ", "on a rooftop, ", "in the hallway, ", "after lunch, ", "at the gym, ", "in the next scene, ",
    "when the bell rings, ", "in front of the house, ", "during the break, ", "out of boredom, ",
    "on the parade ground, ", "backstage, ", "by the river, ", "as the music starts, ", "for the finale, ",
    "in a quiet street, ", "because it is late, ", "alone in the room, ", "in the first scene, ",
)  # fmt: skip
_LATER = (
    ". A beat later, {} ", ". Eventually {} ", ". Shortly afterwards {} ", ". At that point {} ",
    ", and a beat later {} ", ". When that is over, {} ", ". That done, {} ",
    " - then {} ", ", until eventually {} ", ". A second later {} ",
)  # fmt: skip
_LAST = (". At last {} ", ". The last thing: {} ", ". To close, {} ", ", until at last {} ")
_SHORT_JOINTS = (" - ", " / ", " -> ", ". Then ", ". Next: ", ", into ", ". Beat. ", "; ", ", ")
_BENEATH = (
    "{who} {main}, and all the while {again} {other}", "{who} {main}, {other_ing} throughout",
    "{other_ing}, {who} {main}", "all the while {other_ing}, {who} {main}",
    "{who} {main} and, in the process, {other}", "as {who} {main}, {again} {other}",
    "even as {who} {main}, {again} {other}", "{who} {main}. Meanwhile {again} {other}",
    "{who} {main}. At the same time {again} {other}", "{who} {main} and {other}, all at once",
    "{who} {main}, {other_ing} as {again} {do} so", "{who} {main}, {other_ing} all along",
    "{who} both {main} and {other}", "{who}, {other_ing}, {main}",
    "{who} {main} and, without stopping, {other}", "{who} {main} without ceasing to {other_base}",
    "{who} {main}; simultaneously {again} {other}", "at the same time as {again} {main_again}, {who} {other}",
    "{who} {main} {other_ing}",
    "in the middle of {main_ing}, {who} {other}", "still {main_ing}, {who} {other}",
    "{who} {other}, still {main_ing}", "{main_ing}, {who} {other}", "{who} {other} as {again} {main_again}",
    "{who} simultaneously {main} and {other}", "{who} {main} and {other} simultaneously",
    "{who} {main} and {other} at the same time", "{who} {main} and {other} at once",
    "both {main_ing} and {other_ing}", "{main_ing} and {other_ing} together", "{main_ing} and {other_ing}, all at once",
    "{who} {main}, {other_ing} all the way", "{who} {main}, {other_ing} as {again} {go}",
    "while {other_ing}, {who} {main}", "{who} {main}, {other_ing} the entire time", "{other_ing} whilst {main_ing}",
    "{other_ing} while {main_ing}", "{who} {main} while {again} {other}",
    "{who} {main}, and as {again} {do}, {again} {other}", "{who} {main}, {other_ing} to boot", "{main_ing} + {other_ing}",
)  # fmt: skip
_PARTS_JOINTS = (" while ", ", ", " and ", "; ", ", and at the same time ", " as ", ", meanwhile ")
_BODILY_SHARE = 0.2


def scene(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """Several actions in one of the ways of scripts and notes, always in their order."""
    if len(script.beats) == 1:
        return _beneath(script, rng, subject)
    way = rng.random()
    if way < 0.25:
        return noted(script, rng)
    if way < 0.4:
        return _held_back(script, rng, subject)
    return _sentence_by_sentence(script, rng, subject)


def noted(script: Script, rng: np.random.Generator) -> str:
    """Telegraphic: "left jab - squat - bow", "1 - left jab 2 - squat"."""
    told = [in_short(beat, rng) for beat in script.beats]
    if rng.random() < 0.3:
        return " ".join(f"{count} - {text}" for count, text in enumerate(told, 1))
    return choose(_SHORT_JOINTS, rng).join(told)


def _sentence_by_sentence(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """ "At the bus stop, a man sits down. A beat later he waves. At last he bows." """
    text = choose(PLACES, rng) if rng.random() < 0.3 else ""
    text += f"{subject.first} {together(script.beats[0], rng, subject, subject.form())}"
    form = subject.form(first=False)
    for beat in script.beats[1:-1]:
        link = choose(_LATER, rng).format(subject.again)
        text += link + together(beat, rng, subject, form)
    is_last = len(script.beats) > 2 and rng.random() < 0.6
    link = choose(_LAST if is_last else _LATER, rng).format(subject.again)
    return text + link + together(script.beats[-1], rng, subject, form)


def _held_back(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """ "only after sitting down does he wave", "not until he has sat down does he wave"."""
    first, second, *rest = script.beats
    is_many = subject.plural_first
    do = "did" if subject.is_past else "do" if is_many else "does"
    earlier = together(first, rng, subject, "participle")
    second_told = together(second, rng, subject, "base")
    lead = choose(("only after", "not until after", "it is only after", "only once done"), rng)
    if lead == "it is only after":
        finite = together(second, rng, subject, subject.form())
        text = f"{lead} {earlier} that {subject.first} {finite}"
    else:
        text = f"{lead} {earlier} {do} {subject.first} {second_told}"
    for beat in rest:
        later = together(beat, rng, subject, subject.form(first=False))
        text += choose(_LATER, rng).format(subject.again) + later
    return text


def _beneath(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """Actions at the same time: "as a man walks, he waves", "waving, a man walks"."""
    main, *others = shuffled(script.beats[0], rng)
    form, again = subject.form(), subject.form(first=False)
    seed = int(rng.integers(2**31))

    def told(form: str) -> str:
        return " and ".join(
            phrase(p.description, np.random.default_rng(seed), subject, form) for p in others
        )

    if rng.random() < _BODILY_SHARE and (text := _by_the_parts(script, rng, subject)):
        return text
    do = "did" if subject.is_past else "do" if subject.plural_after else "does"
    way = choose(_BENEATH, rng)
    after = again if "{again} {other}" in way else form
    return way.format(
        who=subject.first, again=subject.again, do=do, go="went" if subject.is_past else "go" if do == "do" else "goes",
        other=told(after), other_ing=told("participle"), other_base=told("base"),
        main=phrase(main.description, np.random.default_rng(seed), subject, form),
        main_ing=phrase(main.description, np.random.default_rng(seed), subject, "participle"),
        main_again=phrase(main.description, np.random.default_rng(seed), subject, again),
    )  # fmt: skip


def _by_the_parts(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """ "her left hand waves while her right hand makes a fist"; "" where a part has no words."""
    told = [of_the_part(p.description, rng, subject) for p in script.beats[0]]
    return choose(_PARTS_JOINTS, rng).join(told) if all(told) else ""

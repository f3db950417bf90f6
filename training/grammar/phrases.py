"""Phrases for one action, or for several at the same time: what captions are made of."""

import re
from dataclasses import replace

import numpy as np

from training.grammar.timeline import ActionDescription, Placement
from training.grammar.wording import (
    Wording,
    choose,
    choose_pattern,
    fill,
    inflect,
    joined,
    plural,
    usable,
    usable_patterns,
    widened,
)
from training.grammar.wording_arms import ARM_WORDING
from training.grammar.wording_daily import DAILY_WORDING
from training.grammar.wording_exercise import EXERCISE_WORDING
from training.grammar.wording_gaits import GAIT_WORDING
from training.grammar.wording_idioms_arms import ARM_IDIOMS
from training.grammar.wording_idioms_daily import DAILY_IDIOMS
from training.grammar.wording_idioms_gaits import GAIT_IDIOMS
from training.grammar.wording_idioms_hands import HAND_IDIOMS
from training.grammar.wording_idioms_legs import LEG_IDIOMS
from training.grammar.wording_idioms_manners import MANNER_IDIOMS
from training.grammar.wording_idioms_trunk import TRUNK_IDIOMS
from training.grammar.wording_lower import LOWER_WORDING
from training.grammar.wording_manners import MANNER_WORDING
from training.grammar.wording_sentences import AND_AT_ONCE, AT_ONCE, BARE, Subject
from training.grammar.wording_speech_body import BODY_SPEECH
from training.grammar.wording_speech_gaits import GAIT_SPEECH
from training.grammar.wording_speech_hands import HAND_SPEECH
from training.grammar.wording_striking import STRIKING_WORDING
from training.grammar.wording_trunk import TRUNK_WORDING

PLAIN_WORDING = {
    **GAIT_WORDING, **LOWER_WORDING, **ARM_WORDING, **STRIKING_WORDING, **TRUNK_WORDING,
    **DAILY_WORDING, **EXERCISE_WORDING, **MANNER_WORDING,
}  # fmt: skip
IDIOMS = {
    **GAIT_IDIOMS, **LEG_IDIOMS, **ARM_IDIOMS, **TRUNK_IDIOMS, **DAILY_IDIOMS, **HAND_IDIOMS,
    **MANNER_IDIOMS,
}  # fmt: skip
SPEECH = {**GAIT_SPEECH, **BODY_SPEECH, **HAND_SPEECH}
WORDING = {
    verb: widened(plain, joined(IDIOMS[verb], SPEECH.get(verb, Wording(()))))
    for verb, plain in PLAIN_WORDING.items()
}
_TERSE_DRAWS = 3
_MOST_UNSAID = 3
"""Nobody leaves it unsaid that something is done more often than so."""
_LIMB_UNSAID_SHARE = 0.6
_LIMB_ASIDE = re.compile(
    r",? (with|using|by|in) \{(hand|arm|fist|foot|leg)\}$|,? (with|using) \{(hand|arm|fist|foot|leg)\}"
    r"(?= \{)|^(with|using) \{(hand|arm|fist|foot|leg)\}; "
)
# These say nothing without their limb.
_LIMB_TELLS = re.compile(
    r"\[(strike|lash|hit|swing|attack|let|go|draw|reach|drum|slap|tap|work|help)"
)
_SIDE_IS_DIRECTION = {"side_step", "turn", "walk_turn"}
_REFLEXIVE = {
    "him": "himself", "her": "herself", "it": "itself", "me": "myself", "you": "yourself",
    "the body": "the body",
}  # fmt: skip
_MANY = {"hands", "arms", "fists", "feet", "legs", "knees", "shoulders", "eyes", "thumbs"}
_BODILY_SHARE = 0.07
_COUNTED_NOUN = re.compile(r"\{number:([^{}]*)\}")


def phrase(description, rng: np.random.Generator, subject: Subject, form: str) -> str:
    """A verb phrase in one piece."""
    draws = _TERSE_DRAWS if subject.is_terse else 1
    told = [fronted(description, rng, subject, form) for _ in range(draws)]
    front, rest = min(told, key=lambda parts: len(parts[0]) + len(parts[1]))
    return f"{rest} {front}".strip()


def fronted(
    description: ActionDescription, rng: np.random.Generator, subject: Subject, form: str
) -> tuple[str, str]:
    """A verb phrase as (what may stand before the subject, the rest)."""
    said = with_less_detail(description, rng, subject.is_terse)
    wording = WORDING[description.verb]
    patterns = usable_patterns(wording, said)
    if not patterns:
        said, patterns = description, usable_patterns(wording, description)
    pattern = choose_pattern(patterns, rng)
    if said.side is None and description.side and rng.random() < _LIMB_UNSAID_SHARE:
        pattern = without_limb(pattern)
    text = worded(pattern, said, rng, subject)
    front, _, rest = inflect(text, form).rpartition("; ")
    return front, rest


def without_limb(pattern: str) -> str:
    """A pattern without "with {hand}", where the rest tells the action."""
    return pattern if _LIMB_TELLS.match(pattern) else _LIMB_ASIDE.sub("", pattern)


def worded(
    pattern: str, said: ActionDescription, rng: np.random.Generator, subject: Subject
) -> str:
    """A pattern filled, with pronouns that agree with the subject; verbs still in brackets."""
    text = fill(pattern, WORDING[said.verb], said, rng)
    they = subject.again or "you"
    if subject.their == BARE.their:
        text = text.replace("both of {their}", "both").replace("both {their}", "both")
        text = text.replace("{they}", "they")
    text = text.replace("{they}", they)
    text = text.replace("{it}", "them" if said.side == "both" else "it")
    text = text.replace("{themselves}", _REFLEXIVE.get(subject.them, "themselves"))
    return text.replace("{their}", subject.their).replace("{them}", subject.them)


def with_less_detail(
    description: ActionDescription, rng: np.random.Generator, is_terse: bool = False
) -> ActionDescription:
    """Sometimes leave the side, the count or the speed unsaid, where the rest stays true."""
    wording, changes = WORDING[description.verb], {}
    count = description.count
    free = (
        wording.free_count is not None
        and count is not None
        and (wording.free_count <= count <= _MOST_UNSAID)
    )
    if free and rng.random() < 0.2:
        changes["count"] = None
    if count == 1 and rng.random() < 0.45 and not (wording.free_count or 0) > 1:
        changes["count"] = None
    one_sided = description.side in ("left", "right")
    if (
        one_sided
        and description.verb not in _SIDE_IS_DIRECTION
        and (rng.random() < (0.4 if is_terse else 0.1))
    ):
        changes["side"] = None
    if description.speed and rng.random() < (0.92 if description.speed == "normal" else 0.2):
        changes["speed"] = None
    return replace(description, **changes)


def of_the_part(description: ActionDescription, rng: np.random.Generator, subject: Subject) -> str:
    """A clause whose subject is the part of the body, "her head turns left"; "" for what is told of
    nobody but the whole person."""
    wording = WORDING[description.verb]
    patterns = usable(wording.bodily, description)
    if not patterns:
        return ""
    text = worded(choose(patterns, rng), description, rng, subject)
    part = text.partition("[")[0].split()
    is_plural = part[-1] in _MANY and part[0] != "one"
    tense = "past" if subject.is_past else "plural" if is_plural else "finite"
    return inflect(text, f"{tense} plural" if subject.is_past and is_plural else tense)


def together(beat, rng: np.random.Generator, subject: Subject, form: str) -> str:
    """What happens at the same time: "walks forward while waving", "waves and walks"."""
    if len(beat) == 1:
        return phrase(beat[0].description, rng, subject, form)
    main, *others = shuffled(beat, rng)
    text = phrase(main.description, rng, subject, form)
    for other in others:
        text += _beside(other.description, rng, subject, form)
    return text


def _beside(description, rng: np.random.Generator, subject: Subject, form: str) -> str:
    kind = rng.random()
    if rng.random() < 0.35 and (told := alongside(description, rng, subject)):
        return (" " if told.startswith("with ") else ", ") + told
    if kind < 0.62:
        return choose(AT_ONCE, rng) + phrase(description, rng, subject, "participle")
    if kind < 0.72 and subject.again and form != "participle":
        told = phrase(description, rng, subject, subject.form(first=False))
        return f" {choose(('as', 'while'), rng)} {subject.again} {told}"
    return choose(AND_AT_ONCE, rng) + phrase(description, rng, subject, form)


def alongside(description: ActionDescription, rng: np.random.Generator, subject: Subject) -> str:
    """What goes on beside something else without a verb, "with her arms crossed"; "" for what has
    no such words, or a number that they would not tell."""
    patterns = WORDING[description.verb].alongside
    if not patterns or description.count not in (None, 1):
        return ""
    return worded(choose(patterns, rng), description, rng, subject)


def shuffled(beat, rng: np.random.Generator) -> list[Placement]:
    """The base first, mostly; where the legs only stand, what the rest does comes first."""
    placements = list(beat)
    if rng.random() < 0.3 or placements[0].description.verb == "stand":
        placements = placements[1:] + placements[:1]
    return placements


def in_short(beat, rng: np.random.Generator) -> str:
    """A beat by nouns or bare verbs: "quick left jab", "walk forward while waving"."""
    main, *others = shuffled(beat, rng)
    text = _short(main.description, rng)
    for other in others:
        link = choose((" while ", " + ", " with ", " and at the same time ", " & "), rng)
        if link == " while ":
            text += link + phrase(other.description, rng, BARE, "participle")
        else:
            text += link + _short(other.description, rng)
    return text


def _short(description: ActionDescription, rng: np.random.Generator) -> str:
    if rng.random() < _BODILY_SHARE and (told := of_the_part(description, rng, BARE)):
        return told.removeprefix("the ")
    told = noun_phrase(description, rng) if rng.random() < 0.7 else ""
    if told:
        return re.sub(r"^an? ", "", told) if rng.random() < 0.5 else told
    subject = replace(BARE, is_terse=rng.random() < 0.5)
    return phrase(description, rng, subject, choose(("base", "base", "participle"), rng))


def noun_phrase(description: ActionDescription, rng: np.random.Generator) -> str:
    """ "three squats", "squats x3", "a quick left jab"; "" for what has no nouns."""
    said = with_less_detail(description, rng)
    wording = WORDING[description.verb]
    patterns = usable(wording.nouns, said) or usable(wording.nouns, description)
    if not patterns:
        return ""
    said = said if usable(wording.nouns, said) else description
    pattern = choose(patterns, rng)
    counted = _COUNTED_NOUN.search(
        pattern.replace("{pace} ", "").replace("{side}", said.side or "")
    )
    if counted and said.count and said.count > 1 and rng.random() < 0.3:
        pattern = pattern.replace("{pace} ", "").replace("{side}", said.side or "")
        mark = choose(("x{}", "{}x", "x {}", "times {}"), rng).format(said.count)
        pattern = _COUNTED_NOUN.sub(lambda m: plural(m[1]), pattern) + f" {mark}"
    return inflect(worded(pattern, said, rng, BARE), "base")

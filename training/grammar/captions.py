"""Captions of a script: true by construction, in many words, none of them reserved."""

import re
from dataclasses import dataclass, replace

import numpy as np

from training.adherence.reserved import mentions_reserved
from training.grammar.timeline import ActionDescription, Placement, Script
from training.grammar.wording import choose, choose_pattern, fill, inflect, tidy, usable_patterns
from training.grammar.wording_arms import ARM_WORDING
from training.grammar.wording_daily import DAILY_WORDING
from training.grammar.wording_exercise import EXERCISE_WORDING
from training.grammar.wording_gaits import GAIT_WORDING
from training.grammar.wording_lower import LOWER_WORDING
from training.grammar.wording_manners import MANNER_WORDING
from training.grammar.wording_moods import ADJECTIVES, MANNERS
from training.grammar.wording_striking import STRIKING_WORDING
from training.grammar.wording_trunk import TRUNK_WORDING

WORDING = {
    **GAIT_WORDING, **LOWER_WORDING, **ARM_WORDING, **STRIKING_WORDING, **TRUNK_WORDING,
    **DAILY_WORDING, **EXERCISE_WORDING, **MANNER_WORDING,
}  # fmt: skip
CAPTIONS_PER_CLIP = 10
ATTEMPTS = 60
# A bare "and" may mean either order or one time, so it stays rare here.
_LINKS = (
    ", then ", ", then ", " and then ", " and then ", ", and then ", ", and then ",
    " and after that ", ", after that ", " and ",
)  # fmt: skip
# Phrasings of a request: what stands before "walk", before "a man walk", "a man to walk" and "a man
# walking".
_ASKED = (
    "please ", "now ", "show me how to ", "show how to ", "show me how you ", "can you ",
    "could you ", "would you ", "will you please ", "could you please ", "i want you to ",
    "i would like you to ", "i need you to ", "you should ", "you have to ", "try to ",
    "it is time to ", "let me see you ", "let us see you ", "your task is to ", "the task is to ",
    "generate a motion: ", "motion: ", "animation: ", "make a clip: ", "do this: ",
)  # fmt: skip
_MADE_TO = (
    "make {} ", "let {} ", "have {} ", "show me how to make {} ", "can you make {} ",
    "could you let {} ", "please make {} ", "please let {} ", "please have {} ",
    "i would like to see {} ", "let me watch {} ", "i want {} to ", "i would like {} to ",
    "i need {} to ", "get {} to ", "ask {} to ", "tell {} to ", "{} should ", "{} starts to ",
    "{} has to ", "{} wants to ",
)  # fmt: skip
_SEEN = (
    "there is {} ", "an animation of {} ", "a clip of {} ", "a motion of {} ", "here is {} ",
    "show me {} ", "show {} ", "give me {} ", "i need an animation of {} ", "i need a clip of {} ",
    "i want to see {} ", "can i see {} ", "let me see {} ", "make an animation of {} ",
    "generate a motion of {} ", "generate {} ", "create a clip of {} ",
    "create an animation of {} ", "please show {} ",
)  # fmt: skip
_SIDE_IS_DIRECTION = {"side_step", "turn", "walk_turn"}


@dataclass(frozen=True)
class Subject:
    """Who acts: the words at first mention and after, and how verbs and pronouns agree."""

    first: str
    again: str
    their: str
    them: str
    plural_after: bool = False


def _subjects(names: str, again: str, their: str, them: str, plural: bool = False):
    return [Subject(name, again, their, them, plural) for name in names.split(", ")]


_HE = _subjects(
    "a man, a man, the man, a guy, a boy, he, a gentleman, this man, a male", "he", "his", "him"
)
_SHE = _subjects(
    "a woman, a woman, the woman, a girl, a lady, she, this woman, a female", "she", "her", "her"
)
_ANYONE = _subjects(
    "a person, a person, a person, a person, someone, somebody, the person, an actor, a human, "
    "an individual, a human being, this person, a performer",
    "they", "their", "them", plural=True,
)  # fmt: skip
_CHARACTER = _subjects(
    "the character, the figure, a character, the avatar, a figure", "it", "its", "it"
)
_ONESELF = Subject("", "", "your", "you")
BARE = Subject("", "", "the", "the body")


def captions(
    script: Script, rng: np.random.Generator, count: int = CAPTIONS_PER_CLIP
) -> tuple[str, ...]:
    """``count`` different sentences (fewer where words run out) for what a script does."""
    found: dict[str, None] = {}
    for _ in range(ATTEMPTS):
        text = caption(script, rng)
        if not mentions_reserved(text):
            found[text] = None
        if len(found) == count:
            break
    return tuple(found)


def caption(script: Script, rng: np.random.Generator) -> str:
    """One sentence: a finite statement mostly, sometimes a participle or an instruction."""
    style = rng.random()
    if style < 0.12:
        lead = choose(_ASKED, rng) if rng.random() < 0.4 else ""
        text = _with_manner(lead + _chain(script, rng, _ONESELF, "base"), script, rng)
        return _sentence(text, rng)
    if style < 0.20:
        text = _chain(script, rng, BARE, choose(("participle", "base"), rng))
        return _sentence(_with_manner(text, script, rng), rng)
    subject = choose(choose((_ANYONE, _ANYONE, _HE, _SHE, _CHARACTER), rng), rng)
    tell = _seen if style < 0.30 else _wished if style < 0.38 else _told
    moody = _in_mood(subject, script.mood, rng) if script.mood and rng.random() < 0.5 else None
    if moody:
        return _sentence(tell(script, rng, moody), rng)
    return _sentence(_with_manner(tell(script, rng, subject), script, rng), rng)


def _in_mood(subject: Subject, mood: str, rng: np.random.Generator) -> Subject | None:
    """ "a sad man" for "a man"; None for those that take no adjective ("someone", "he")."""
    article, _, noun = subject.first.partition(" ")
    if not noun:
        return None
    adjective = choose(ADJECTIVES[mood], rng)
    if article in ("a", "an"):
        article = "an" if adjective[0] in "aeiou" else "a"
    return replace(subject, first=f"{article} {adjective} {noun}")


def _with_manner(text: str, script: Script, rng: np.random.Generator) -> str:
    """Mostly with the mood as an adverb: before the sentence, or after it if it is one action."""
    if not script.mood or rng.random() < 0.12:
        return text
    manner = choose(MANNERS[script.mood], rng)
    if len(script.beats) > 1 or rng.random() < 0.3:
        return f"{manner}, {text}"
    return f"{text} {manner}"


def _seen(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """Participles: "a man is walking", "an animation of someone walking"."""
    leads = [f"{subject.first} is ", f"{subject.first} is ", f"{subject.first} can be seen "]
    if subject.first.split()[0] in ("a", "an", "someone", "somebody"):
        leads += [f"{subject.first} ", choose(_SEEN, rng).format(subject.first)]
    return choose(leads, rng) + _chain(script, rng, subject, "participle")


def _wished(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """Instructions about someone: "make the character walk", "someone who walks"."""
    name = {"he": "him", "she": "her"}.get(subject.first, subject.first)
    if name == subject.first and rng.random() < 0.2:
        return f"{name} who " + _chain(script, rng, subject, "finite")
    lead = choose(_MADE_TO, rng)
    told = subject.first if lead.startswith("{}") else name
    return lead.format(told) + _chain(script, rng, subject, "base")


def _sentence(text: str, rng: np.random.Generator) -> str:
    """Tidy spaces and commas; a capital and a full stop most of the time."""
    text = tidy(text)
    if rng.random() < 0.75:
        text = re.sub(r"(^|\. )([a-z])", lambda m: m[1] + m[2].upper(), text) + "."
    return text if ". " not in text or text.endswith(".") else text + "."


def _told(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """Finite: "a person walks forward, then waves"."""
    beats = script.beats
    if len(beats) == 2 and rng.random() < 0.22:
        return _subordinate(beats, rng, subject)
    text = _clause(beats[0], rng, subject, first=True)
    ordered = len(beats) > 1 and rng.random() < 0.12
    if ordered:
        text = f"first {text}"
    for i, beat in enumerate(beats[1:]):
        last = i == len(beats) - 2
        if rng.random() < 0.3:
            link = choose(
                (". Then ", ". After that ", ", and then ", ". Next, ", ". Afterwards ", "; then "),
                rng,
            )
            if last and rng.random() < 0.15:
                link = choose((". Finally, ", ", and finally "), rng)
            text += link + _clause(beat, rng, subject, first=False)
        else:
            link = choose(_LINKS, rng)
            text += link + _together(beat, rng, subject, "finite")
    return text


def _subordinate(beats, rng: np.random.Generator, subject: Subject) -> str:
    """Two beats with "before" or "after"."""
    earlier = _together(beats[0], rng, subject, "participle")
    later = _together(beats[1], rng, subject, "participle")
    order = rng.integers(4)
    if order == 0:
        return f"{_clause(beats[0], rng, subject, True)} before {later}"
    if order == 1:
        return f"after {earlier}, {_clause(beats[1], rng, subject, True)}"
    if order == 2:
        return f"{_clause(beats[0], rng, subject, True)}, followed by {later}"
    return f"before {later}, {_clause(beats[0], rng, subject, True)}"


def _clause(beat, rng: np.random.Generator, subject: Subject, first: bool) -> str:
    """A finite clause with its subject; an adverbial may stand before it."""
    name = subject.first if first else subject.again
    form = "base" if subject.plural_after and not first else "finite"
    if len(beat) > 1 and rng.random() < 0.25:
        main, *others = _shuffled(beat, rng)
        aside = " and ".join(_phrase(p.description, rng, subject, "participle") for p in others)
        return f"while {aside}, {name} {_phrase(main.description, rng, subject, form)}"
    if len(beat) > 1:
        return f"{name} {_together(beat, rng, subject, form)}"
    front, rest = _fronted(beat[0].description, rng, subject, form)
    return f"{front}, {name} {rest}" if front else f"{name} {rest}"


def _chain(script: Script, rng: np.random.Generator, subject: Subject, form: str) -> str:
    """Verb phrases without a subject, one beat after the other."""
    text = _together(script.beats[0], rng, subject, form)
    for beat in script.beats[1:]:
        link = choose(_LINKS, rng)
        text += link + _together(beat, rng, subject, form)
    return text


def _together(beat, rng: np.random.Generator, subject: Subject, form: str) -> str:
    """What happens at the same time: "walks forward while waving", "waves and walks"."""
    if len(beat) == 1:
        return _phrase(beat[0].description, rng, subject, form)
    main, *others = _shuffled(beat, rng)
    text = _phrase(main.description, rng, subject, form)
    for other in others:
        kind = rng.random()
        wording = WORDING[other.description.verb]
        if wording.alongside and other.description.count in (None, 1) and rng.random() < 0.35:
            text += " " + worded(choose(wording.alongside, rng), other.description, rng, subject)
        elif kind < 0.68:
            link = choose(
                (" while ", " while ", ", ", ", at the same time ", ", all the while "), rng
            )
            text += link + _phrase(other.description, rng, subject, "participle")
        else:
            # A bare "and" may mean either: together here, one after the other in a sequence.
            links = (" and at the same time ", " and simultaneously ", " and meanwhile ", " and ")
            link = choose(links, rng)
            text += link + _phrase(other.description, rng, subject, form)
    return text


def _shuffled(beat, rng: np.random.Generator) -> list[Placement]:
    """The base first, mostly; where the legs only stand, what the rest does comes first."""
    placements = list(beat)
    if rng.random() < 0.3 or placements[0].description.verb == "stand":
        placements = placements[1:] + placements[:1]
    return placements


def _phrase(description, rng: np.random.Generator, subject: Subject, form: str) -> str:
    front, rest = _fronted(description, rng, subject, form)
    return f"{rest} {front}".strip()


def _fronted(
    description: ActionDescription, rng: np.random.Generator, subject: Subject, form: str
) -> tuple[str, str]:
    """A verb phrase as (what may stand before the subject, the rest)."""
    said = with_less_detail(description, rng)
    wording = WORDING[description.verb]
    patterns = usable_patterns(wording, said)
    if not patterns:
        said, patterns = description, usable_patterns(wording, description)
    text = worded(choose_pattern(patterns, rng), said, rng, subject)
    front, _, rest = inflect(text, form).rpartition("; ")
    return front, rest


def worded(
    pattern: str, said: ActionDescription, rng: np.random.Generator, subject: Subject
) -> str:
    """A pattern filled, with pronouns that agree with the subject; verbs still in brackets."""
    text = fill(pattern, WORDING[said.verb], said, rng)
    they = subject.again or "you"
    text = text.replace("both {their}", "both") if subject is BARE else text
    text = text.replace("{they}", "they" if subject is BARE else they)
    text = text.replace("{it}", "them" if said.side == "both" else "it")
    return text.replace("{their}", subject.their).replace("{them}", subject.them)


def with_less_detail(description: ActionDescription, rng: np.random.Generator) -> ActionDescription:
    """Sometimes leave the side, the count or the speed unsaid, where the rest stays true."""
    wording, changes = WORDING[description.verb], {}
    count = description.count
    free = wording.free_count is not None and count is not None and count >= wording.free_count
    if free and rng.random() < 0.2:
        changes["count"] = None
    if count == 1 and rng.random() < 0.45 and not (wording.free_count or 0) > 1:
        changes["count"] = None
    one_sided = description.side in ("left", "right")
    if one_sided and description.verb not in _SIDE_IS_DIRECTION and rng.random() < 0.1:
        changes["side"] = None
    if description.speed and rng.random() < (0.92 if description.speed == "normal" else 0.2):
        changes["speed"] = None
    return replace(description, **changes)

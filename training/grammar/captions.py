"""Captions of a script: true by construction, in many words, none of them reserved."""

import re
from dataclasses import replace

import numpy as np

from training.adherence.reserved import mentions_reserved
from training.grammar import caption_sequences as sequences
from training.grammar.caption_frames import presented, strung
from training.grammar.caption_scenes import scene
from training.grammar.moods import MOODS, contradicted
from training.grammar.part_captions import ATTEMPTS, part_sentence
from training.grammar.phrases import in_short
from training.grammar.timeline import Script
from training.grammar.wording import choose, tidy
from training.grammar.wording_moods import ADJECTIVES, MANNERS
from training.grammar.wording_sentences import (
    ASKED,
    BARE,
    HEADINGS,
    MADE_TO,
    ONESELF,
    SEEN,
    SPEAKERS,
    SUBJECTS,
    WANTED,
    Subject,
)

CAPTIONS_PER_CLIP = 10
PARTS_SHARE = 0.05
PAST_SHARE = 0.14
SCENE_SHARE = 0.25
TERSE_SHARES = (0.1, 0.3, 0.5)
"""Of sentences about one action, two and more: those who tell much in a row make few words."""
_COUNTED = re.compile(r"(an?|one|two|three|four|five|some|\d+) ")


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


def in_some_mood(script: Script, rng: np.random.Generator) -> Script:
    """The same told of somebody in a mood that the speeds allow: a mood does not change what is
    done."""
    speeds = {placement.description.speed for placement in script.placements}
    moods = [mood for mood in ADJECTIVES if mood not in MOODS or not contradicted(mood, speeds)]
    return replace(script, mood=choose(moods, rng))


def caption(script: Script, rng: np.random.Generator) -> str:
    """One sentence: a finite statement mostly, sometimes a participle, an order or mere nouns."""
    if rng.random() < PARTS_SHARE and (text := part_sentence(script, rng)):
        return _sentence(_with_manner(text, script, rng), rng)
    is_terse = rng.random() < TERSE_SHARES[min(len(script.beats), len(TERSE_SHARES)) - 1]
    style = rng.random()
    if style < 0.13:
        if len(script.beats) > 1 and rng.random() < 0.2:
            text = sequences.ordered(script, rng, replace(ONESELF, is_terse=is_terse))
            return _sentence(_with_manner(text, script, rng), rng)
        lead = choose(ASKED, rng) if rng.random() < 0.45 else ""
        text = lead + sequences.chained(script, rng, replace(ONESELF, is_terse=is_terse), "base")
        return _sentence(_with_manner(text, script, rng), rng)
    if style < 0.19:
        form = choose(("participle", "base", "finite"), rng)
        text = sequences.chained(script, rng, replace(BARE, is_terse=is_terse), form)
        return _sentence(_with_manner(text, script, rng), rng)
    if style < 0.27:
        return _telegram(script, rng)
    subject = choose(SPEAKERS, rng) if rng.random() < 0.06 else choose(choose(SUBJECTS, rng), rng)
    subject = replace(subject, is_terse=is_terse)
    is_scene = len(script.placements) > 1 and rng.random() < SCENE_SHARE
    tell = _seen if style < 0.37 else _wished if style < 0.45 else sequences.told
    if subject.plural_first:
        tell = sequences.told
    if is_scene and not subject.first.startswith("we see"):
        tell = scene
    if tell is not _seen and tell is not _wished and rng.random() < PAST_SHARE:
        subject = replace(subject, is_past=True)
    moody = None
    if script.mood and rng.random() < 0.6:
        moody = _in_mood(subject, script.mood, rng, tell is sequences.told)
    if moody:
        return _sentence(tell(script, rng, moody), rng)
    return _sentence(_with_manner(tell(script, rng, subject), script, rng), rng)


def _in_mood(subject: Subject, mood: str, rng: np.random.Generator, begins: bool) -> Subject | None:
    """ "a sad man" for "a man", or "sad, a man" and "a man, sad," where he ``begins`` the sentence;
    None for those that take no adjective otherwise ("someone", "he")."""
    if begins and not subject.plural_first and rng.random() < 0.5:
        told = choose((*ADJECTIVES[mood], *MANNERS[mood]), rng)
        said = choose((f"{told}, {subject.first}", f"{subject.first}, {told},"), rng)
        return replace(subject, first=said)
    article, _, noun = subject.first.partition(" ")
    if not noun or subject.plural_first:
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


def _telegram(script: Script, rng: np.random.Generator) -> str:
    """Nouns and bare verbs: "three squats, then a left jab", "wave left hand x3"."""
    parts = [in_short(beat, rng) for beat in script.beats]
    lead = rng.random()
    is_noun = _COUNTED.match(parts[0])
    if len(parts) > 1 and lead < 0.3 and all(map(_COUNTED.match, parts)):
        text = presented(parts, rng)
    else:
        heads = WANTED if is_noun and lead < 0.25 else HEADINGS if lead < 0.35 else ("",)
        text = choose(heads, rng) + strung(parts, rng)
    if script.mood:
        manner = choose((*ADJECTIVES[script.mood], *MANNERS[script.mood]), rng)
        text = f"{text}, {manner}" if rng.random() < 0.6 else f"{manner}: {text}"
    return _sentence(text, rng) if rng.random() < 0.35 else tidy(text)


def _seen(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """Participles: "a man is walking", "an animation of someone walking"."""
    leads = [f"{subject.first} is ", f"{subject.first} is ", f"{subject.first} can be seen "]
    leads += [f"{subject.first} starts ", f"{subject.first} begins "]
    if subject.first.split()[0] in ("a", "an", "someone", "somebody"):
        leads += [f"{subject.first} ", f"{subject.first} who is "]
        leads += [choose(SEEN, rng).format(subject.first) for _ in range(3)]
    return choose(leads, rng) + sequences.chained(script, rng, subject, "participle")


def _wished(script: Script, rng: np.random.Generator, subject: Subject) -> str:
    """Instructions about someone: "make the character walk", "someone who walks"."""
    name = {"he": "him", "she": "her"}.get(subject.first, subject.first)
    if subject.again == "they" and rng.random() < 0.15:
        name = "them"
    if name == subject.first and rng.random() < 0.2:
        return f"{name} who " + sequences.chained(script, rng, subject, "finite")
    lead = choose(MADE_TO, rng)
    told = subject.first if lead.startswith("{}") else name
    return lead.format(told) + sequences.chained(script, rng, subject, "base")


def _sentence(text: str, rng: np.random.Generator) -> str:
    """Tidy spaces and commas; a capital and a full stop most of the time."""
    text = tidy(text)
    if rng.random() < 0.7:
        text = re.sub(r"(^|\. )([a-z])", lambda m: m[1] + m[2].upper(), text) + "."
        text = re.sub(r"\bi\b", "I", text)
    return text if ". " not in text or text.endswith(".") else text + "."

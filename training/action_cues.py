"""The words that tell of an action: what the grammar's patterns say, less what says nothing.

A cue is a few words in their base form, found one after the other in a sentence: "put hand hip". All
patterns are written out, and of their cues those are kept without which a sentence would be taken
for another action.
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from motion_engine.language.known_actions import (
    FUNCTION_WORDS,
    KnownAction,
    KnownActions,
    content_words,
    words_of,
)

from .grammar.phrases import without_limb
from .grammar.wording import NUMBERS, Wording

LIMBS = {
    "hand": "hands", "arm": "arms", "leg": "legs", "foot": "feet", "knee": "knees", "fist": "fists",
    "elbow": "elbows", "thumb": "thumbs", "shoulder": "shoulders", "finger": "fingers",
}  # fmt: skip
LONGEST_CUE = 7
# Verbs that say nothing without their object.
_LIGHT_VERBS = frozenset(
    words_of(
        "do make give take put show let have keep perform get bring hold set go come move call "
        "motion deliver place lay create play use try head tell read mark offer root react shout "
        "enjoy finish empty end start begin break continue enter follow return see ask act find hear "
        "prop pose wrap force attack fire launch answer reply respond order indicate flash fan report "
        "pay visit tick list fix smooth adjust strain train practise practice exercise work write "
        "want recover be check approach press trace hit strike land plant draw notice avoid "
        "imitate mimic pretend thank receive protect transport leave cover lift reach spread bend talk "
        "face back"
    )
)
_LIMB_ALONE = LIMBS.keys() | {"left", "right", "both"}
# "right arm up" would take the arm out of "circles the right arm".
_BARE_LIMBS = ("{arm}", "{hand}", "{thumb}", "{side} arm {way}")
# "three fingers" would take the number out of "counts to three on the fingers".
_NUMBERED = tuple(f"{number} " for number in NUMBERS)
_MOST_ACTIONS_OF_A_VERB = 3
_UNSAID = re.compile(
    r"\{(?:times|speed|angle|height|amplitude|they|their|them|it|pace|degrees|direction|themselves)\}"
)

Cue = tuple[str, ...]
Phrases = Mapping[str, Sequence[Sequence[str]]]
"""For each action its patterns, for each pattern all that it may say."""


def phrases(wording: Wording) -> Iterator[tuple[str, ...]]:
    """All that each pattern says of an action, verbs in brackets, adverbials left out."""
    ways = sorted({way for texts in wording.way.values() for way in texts} | {""})
    own = itertools.chain.from_iterable(wording.special.values())
    verbless = [
        *(text for text in wording.alongside if text != "{arm} {way}"),
        *(text for text in wording.nouns if not text.startswith(_BARE_LIMBS)),
        *wording.bodily,
    ]
    told = (*wording.patterns, *own, *wording.slow, *wording.fast)
    for pattern in dict.fromkeys((*told, *map(without_limb, told), *verbless)):
        sides = ("left", "right") if "{side}" in pattern else ("",)
        filled = [
            pattern.replace("{way}", way).replace("{side}", side)
            for way in (ways if "{way}" in pattern else ("",))
            for side in sides
        ]
        said = itertools.chain.from_iterable(map(alternatives, filled))
        yield tuple(text for text in said if not text.startswith(_NUMBERED))


def alternatives(pattern: str) -> Iterator[str]:
    """A pattern with all its choices made in every way, slots filled or dropped."""
    pattern = re.sub(r"\{number:([^}{]*)\}", r"\1", _UNSAID.sub("", pattern))
    pattern = re.sub(r"\{(\w+)\}", r"\1", pattern)
    pieces = re.split(r"(\[[^\]]*\]|\([^()]*\))", pattern)
    choices = [
        [f"[{verb}]" for verb in piece[1:-1].split("|")]
        if piece.startswith("[")
        else piece[1:-1].split("|")
        if piece.startswith("(")
        else [piece]
        for piece in pieces
    ]
    for chosen in itertools.product(*choices):
        yield " ".join("".join(chosen).replace(";", " ").split())


def verbs(phrase: str) -> list[str]:
    """The bracketed verbs of a phrase in their base form."""
    return [verb.split()[0] for verb in re.findall(r"\[([^\]]*)\]", phrase)]


def cues(said: Phrases, forms: Mapping[str, str]) -> dict[Cue, str]:
    """The action that each cue tells of most often; every pattern has one vote."""
    votes: dict[Cue, Counter] = defaultdict(Counter)
    for name, patterns in said.items():
        for texts in patterns:
            for text in texts:
                words = [forms.get(word, word) for word in words_of(re.sub(r"[\[\]]", "", text))]
                cue = tuple(dict.fromkeys(w for w in content_words(words) if w[0].isalnum()))
                says = not any(words.issuperset(cue) for words in (_LIGHT_VERBS, _LIMB_ALONE))
                if says and len(cue) <= LONGEST_CUE:
                    votes[cue][name] += 1.0 / len(texts)
    for verb, shares in _shares_of_verbs(said).items():
        if len(shares) <= _MOST_ACTIONS_OF_A_VERB:
            votes[(verb,)].update(shares)
    for name, patterns in said.items():
        for verb in verbs(patterns[0][0])[:1]:
            votes[(verb,)][name] += 1.0
    light = {(verb,) for verb in _LIGHT_VERBS | FUNCTION_WORDS}
    return {cue: max(found, key=found.get) for cue, found in votes.items() if cue not in light}


def _shares_of_verbs(said: Phrases) -> dict[str, Counter]:
    """In how many patterns of each action a verb occurs."""
    found: dict[str, Counter] = defaultdict(Counter)
    for name, patterns in said.items():
        for texts in patterns:
            for verb in {verb for text in texts for verb in verbs(text)}:
                found[verb][name] += 1
    return found


def needed_cues(
    told: Mapping[Cue, str], parts: Mapping[str, list[str]], forms: Mapping[str, str]
) -> dict[str, list[Cue]]:
    """For each action the cues without which its own words would be taken otherwise, short ones
    first."""
    kept: dict[str, list[Cue]] = {name: [] for name in parts}
    for length in range(1, LONGEST_CUE + 1):
        known = KnownActions(
            tuple(KnownAction(n, n, frozenset(), tuple(c)) for n, c in kept.items()),
            forms, frozenset(), {}, (),
        )  # fmt: skip
        for cue, name in told.items():
            if len(cue) == length:
                found = [hit.action.name for hit in known.search(cue)]
                if found != [name]:
                    kept[name].append(cue)
    return {name: sorted(found, key=lambda cue: (len(cue), cue)) for name, found in kept.items()}

"""Short commands to single parts of the body: "left arm: raise it and wave", "legs: stand still"."""

import re
from dataclasses import replace

import numpy as np

from training.adherence.reserved import mentions_reserved
from training.grammar.captions import ATTEMPTS
from training.grammar.phrases import WORDING, with_less_detail, worded
from training.grammar.timeline import ActionDescription, Script
from training.grammar.wording import choose, choose_pattern, inflect, tidy, usable_patterns
from training.grammar.wording_sentences import BARE

SHORT_SHARE = 0.65
STILL_SHARE = 0.5
_STILL = ("stand still", "stand still", "stay still", "stand", "do not move", "stay in place")
_LIMB = r"\{(?:hand|arm|fist|finger|thumb)\}"


def part_captions(script: Script, rng: np.random.Generator) -> tuple[str, ...]:
    """A command for every part that acts, one after the other where it does several things."""
    acting: dict[str, list[ActionDescription]] = {}
    for placement in script.placements:
        acting.setdefault(part_of(placement.description), []).append(placement.description)
    still = {"legs", "torso"}.isdisjoint(acting) and rng.random() < STILL_SHARE
    for _ in range(ATTEMPTS):
        texts = []
        for part, descriptions in acting.items():
            phrases = [_command(description, part, rng) for description in descriptions]
            texts.append(tidy(f"{part}: {', then '.join(phrases)}"))
        if not any(map(mentions_reserved, texts)):
            return (*texts, f"legs: {choose(_STILL, rng)}") if still else tuple(texts)
    return ()


def part_of(description: ActionDescription) -> str:
    """The part that a command about an action speaks to, in words."""
    channels = description.channels
    if "base" in channels or "left_leg" in channels:
        return "legs"
    arms = [channel for channel in channels if channel.endswith("_arm")]
    hands = [channel for channel in channels if channel.endswith("_hand")]
    if len(arms) == 2 or (len(hands) == 2 and not arms):
        return "arms" if arms else "hands"
    if arms or hands:
        return (arms or hands)[0].replace("_", " ")
    return "torso" if "torso" in channels else "head"


def _command(description: ActionDescription, part: str, rng: np.random.Generator) -> str:
    """A verb phrase in the base form; short if the part alone tells the limb."""
    said = replace(with_less_detail(description, rng), side=description.side)
    patterns = usable_patterns(WORDING[said.verb], said)
    if not patterns:
        said, patterns = description, usable_patterns(WORDING[description.verb], description)
    pattern = choose_pattern(patterns, rng)
    one = part == f"{description.side} arm" or (part == "arms" and description.side == "both")
    if one and rng.random() < SHORT_SHARE:
        pattern = shortened(pattern, "them" if part == "arms" else "it")
    front, _, rest = inflect(worded(pattern, said, rng, BARE), "base").rpartition("; ")
    return f"{rest} {front}".strip()


def shortened(pattern: str, pronoun: str) -> str:
    """A pattern that leaves the limb to the part's name: "[wave] with {hand}" to "[wave]"."""
    pattern = re.sub(rf",? ?(?:using|with) {_LIMB}", "", pattern).removeprefix(";")
    pattern = pattern.replace("{side} ", "").replace("{it}", pronoun)
    return re.sub(rf"(?<! of ){_LIMB}", pronoun, pattern, count=1)

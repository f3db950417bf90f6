"""Short commands to single parts of the body: "left arm: raise it and wave", "legs: stand still".

Mostly one text for each part, its name first; sometimes one sentence for all of them.
"""

import re
from dataclasses import replace

import numpy as np

from training.adherence.reserved import mentions_reserved
from training.grammar.phrases import WORDING, with_less_detail, worded
from training.grammar.timeline import ActionDescription, Script
from training.grammar.wording import choose, choose_pattern, inflect, tidy, usable_patterns
from training.grammar.wording_sentences import BARE

ATTEMPTS = 60
SHORT_SHARE = 0.65
STILL_SHARE = 0.5
_STILL = (
    "stand still", "stand still", "stay still", "stand", "do not move", "stay in place",
    "do nothing", "stay planted", "keep still", "remain still", "no movement", "hold still",
    "stay where they are", "stay put",
)  # fmt: skip
_LIMB = r"\{(?:hand|arm|fist|finger|thumb)\}"
_SPOKEN = {
    "legs": ("the legs", "both legs", "the lower body", "the feet"),
    "arms": ("both arms", "the arms", "the two arms"),
    "hands": ("both hands", "the hands"),
    "torso": ("the torso", "the upper body", "the trunk"),
    "head": ("the head",),
    **{
        f"{side} {limb}": (f"the {side} {limb}", f"{initial} {limb}", f"{limb} on the {side}")
        for side, initial in (("left", "l"), ("right", "r"))
        for limb in ("arm", "hand")
    },
}  # fmt: skip
_ORDERS = ("should", "must", "has to", "needs to", "will", "shall", "can")
_JOINTS = ("; ", ", ", ". ", ", and ", " and ")
_STILL_TOO = (
    " while the legs stay still", " while the legs do nothing", " without moving the legs",
    " with the legs still", ", legs still", " while the feet stay planted",
)  # fmt: skip
# Nobody would tell the legs to do these.
_OF_THE_BODY = frozenset(
    {"pick_up", "lie_down", "lie", "get_up", "sit_on_floor", "push_up", "sit_down", "stand_up"}
)


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


def part_sentence(script: Script, rng: np.random.Generator) -> str:
    """All parts in one sentence: "the left arm should wave, keep the legs still"; "" where words
    run out or a part does several things, which a sentence could not keep apart."""
    told = [placement.description for placement in script.placements]
    several = len(told) > len(set(map(part_of, told))) or len(script.beats) > 1
    if several or not _OF_THE_BODY.isdisjoint(action.verb for action in told):
        return ""
    told = [text.split(": ", 1) for text in part_captions(script, rng)]
    spoken = [_spoken(part, text, rng) for part, text in told]
    if len(told) > 1 and told[-1][1] in _STILL and rng.random() < 0.6:
        return tidy(", ".join(spoken[:-1]) + choose(_STILL_TOO, rng))
    return tidy(choose(_JOINTS, rng).join(spoken))


def _spoken(part: str, told: str, rng: np.random.Generator) -> str:
    """ "left arm: wave" as "the left arm should wave", "keep the legs still"."""
    name = choose(_SPOKEN[part], rng)
    if told in _STILL:
        name = choose(("the legs", "both legs", "the feet"), rng)
        ways = (f"keep {name} still", f"{name} stay still", f"without moving {name}",
                f"{name} do nothing", f"{name} stay planted", f"{name} do not move")  # fmt: skip
        return choose(ways, rng)
    plural = name.endswith(("legs", "arms", "hands", "feet"))
    orders = ("should", "must", "have to", "need to", "will", "can") if plural else _ORDERS
    ways = (
        f"{name} {choose(orders, rng)} {told}", f"{name} {choose(orders, rng)} {told}",
        f"make {name} {told}", f"let {name} {told}", f"{name}: {told}", f"{part}: {told}",
        f"have {name} {told}", f"with {name}, {told}",
    )  # fmt: skip
    return choose(ways, rng)


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

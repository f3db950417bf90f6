"""The prompts of the suite: sentences, what they ask for as predicates, and their groups.

``prompts_seen.json`` words them as training captions do; ``prompts_unseen.json`` uses words that
no training caption may hold (``novel``, see :mod:`training.adherence.reserved`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from training.adherence.predicates import validate

GROUPS = (
    "locomotion", "direction", "turn", "arm", "leg", "count", "speed", "height", "torso", "head",
    "combination", "sequence",
)  # fmt: skip
HALVES = ("seen", "unseen")


@dataclass(frozen=True)
class Prompt:
    """``text`` to generate ``seconds`` of motion from, judged by ``predicate``."""

    text: str
    half: str
    group: str
    seconds: float
    predicate: Mapping


def load_prompts() -> list[Prompt]:
    """All prompts, the seen half first."""
    return [prompt for half in HALVES for prompt in _load(half)]


def _load(half: str) -> list[Prompt]:
    path = Path(__file__).with_name(f"prompts_{half}.json")
    entries = json.loads(path.read_text(encoding="utf-8"))
    for entry in entries:
        validate(entry["predicate"])
    return [
        Prompt(entry["text"], half, entry["group"], entry["seconds"], entry["predicate"])
        for entry in entries
    ]

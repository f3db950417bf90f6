"""Words kept out of every training caption, so that the unseen half of the suite stays unseen."""

import json
import re
from functools import cache
from pathlib import Path

UNSEEN_PROMPTS = Path(__file__).with_name("prompts_unseen.json")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@cache
def _novel() -> frozenset[str]:
    prompts = json.loads(UNSEEN_PROMPTS.read_text(encoding="utf-8"))
    return frozenset(novel for prompt in prompts for novel in prompt["novel"])


def reserved_words() -> frozenset[str]:
    """Single lower-case words, every inflection listed, that no training caption may hold."""
    return frozenset(novel for novel in _novel() if " " not in novel)


def reserved_phrases() -> frozenset[str]:
    """Phrases of several words, each word ordinary by itself, that no caption may hold."""
    return frozenset(novel for novel in _novel() if " " in novel)


def mentions_reserved(caption: str) -> bool:
    """Whether a caption holds a reserved word (alone or inside a hyphenated one) or phrase."""
    words = _WORD.findall(caption.lower())
    pieces = {piece for word in words for piece in word.split("-")}
    if not reserved_words().isdisjoint(pieces.union(words)):
        return True
    text = f" {' '.join(words)} "
    return any(f" {phrase} " in text for phrase in reserved_phrases())

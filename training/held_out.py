"""Which clips are kept out of training: the table is ``held_out.json`` beside this file."""

import json
import re
from functools import cache
from pathlib import Path


def subject_of(clip: str) -> str:
    """The performer of a clip such as ``cmu_daz/60_01`` ("cmu 60") or ``reactidle/001_acted``.

    Families without numbered performers are one subject each.
    """
    family, _, name = clip.partition("/")
    number = re.match(r"\d+(?=_)", name)
    library = family.split("_")[0]
    return f"{library} {number.group()}" if number else family


def is_held_out(clip: str) -> bool:
    """Whether a clip, named ``family/name``, belongs to the held-out set."""
    table = _table()
    return clip in table["clips"] or subject_of(clip) in table["subjects"]


@cache
def _table() -> dict[str, frozenset[str]]:
    table = json.loads(Path(__file__).with_name("held_out.json").read_text(encoding="utf-8"))
    return {key: frozenset(table[key]) for key in ("subjects", "clips")}

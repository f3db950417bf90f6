"""Ways to go on with a prompt that is being typed: clauses of the grammar the model was taught. No
numpy."""

from __future__ import annotations

import re

from .known_actions import KnownActions, known_actions

_SUBJECT = "a person "
_LONGEST_CLAUSE = 6


def completions(typed: str, most: int = 40) -> list[str]:
    """Whole prompts that begin with what has been typed and end with a clause that the model knows.

    "a person walks, then wav" leads to "a person walks, then waves both hands". Clauses that begin
    with the last words come first, then those that hold them. None where nothing fits.
    """
    known = known_actions()
    if not typed or typed[-1].isspace():
        lead, found = typed, list(known.examples)
    else:
        lead, found = _fitting(typed, known)
    if lead.rstrip().endswith(":"):  # a part is told, not described
        found = [" ".join([known.base(t.split()[0]), *t.split()[1:]]) for t in found]
    if not lead.strip():
        lead = (lead if typed.strip() else "") + _SUBJECT
    return [lead + text for text in found[:most]]


def _fitting(typed: str, known: KnownActions) -> tuple[str, list[str]]:
    """What stands before the clause that is being typed, and the clauses that fit."""
    starts = [match.start() for match in re.finditer(r"\S+", typed)][-_LONGEST_CLAUSE:]
    for start in starts:
        begun = " ".join(typed[start:].casefold().split())
        fitting = [t for t in known.examples if t.startswith((begun, known.base(begun)))]
        if fitting:
            fitting += [t for t in known.examples if f" {begun}" in t and t not in fitting]
            return typed[:start], fitting
    last = typed[starts[-1] :].casefold() if starts else ""
    return typed[: starts[-1]] if starts else "", [t for t in known.examples if f" {last}" in t]

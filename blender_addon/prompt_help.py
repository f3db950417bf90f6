"""Help below a prompt: what it says, as far as rules can tell, what the model makes of it, and what
that was not taught."""

from __future__ import annotations

from motion_engine.errors import LimberError
from motion_engine.language.completion import completions
from motion_engine.language.understanding import understood

from .spoken_plan import SpokenPlan
from .translations import translated
from .wrapped_text import draw_wrapped

_MOST_LINES = 4
_SUGGESTED = 30


def draw_understanding(layout, prompt: str, plan: SpokenPlan | None = None) -> None:
    """A line or a few: actions, sides, counts and order, and what was not understood. A ``plan``
    that agrees says the same with its times; one that does not stands below."""
    try:
        reading = understood(prompt)
    except LimberError as error:
        draw_wrapped(layout, str(error), "ERROR")
        return
    is_same = plan is not None and plan.agrees and bool(reading.actions)
    said = "; ".join(filter(None, [plan.text, reading.mood])) if is_same else str(reading)
    if said:
        draw_wrapped(layout, f"{translated('Understood')}: {said}", "INFO", _MOST_LINES)
    if plan is not None and not is_same:
        draw_plan(layout, plan)
    for remark in reading.warnings:
        said = translated(remark.sentence, words=remark.words, near=remark.near)
        draw_wrapped(layout, said, "ERROR", _MOST_LINES)


def draw_plan(layout, plan: SpokenPlan) -> None:
    """What is planned, and whether that is something else than what was said."""
    heading, icon = ("Planned", "TIME") if plan.agrees else ("But planned", "ERROR")
    draw_wrapped(layout, f"{translated(heading)}: {plan.text}", icon, _MOST_LINES)


def suggestions(typed: str, earlier: list[str]) -> list[str]:
    """What a prompt that is being typed may become: the known actions, and prompts of before; these
    come first where nothing has been typed."""
    known = completions(typed, _SUGGESTED)
    return list(dict.fromkeys([*known, *earlier] if typed.strip() else [*earlier, *known]))

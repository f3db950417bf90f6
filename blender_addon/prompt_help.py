"""Help below a prompt: what it says, as far as rules can tell, what the model makes of it, and what
that was not taught."""

from __future__ import annotations

import textwrap

from motion_engine.errors import LimberError
from motion_engine.language.completion import completions
from motion_engine.language.understanding import understood

from .spoken_plan import SpokenPlan
from .translations import translated

_LETTER_PIXELS = 7.0
_NARROWEST, _MOST_LINES = 24, 4
_SUGGESTED = 30


def draw_understanding(layout, context, prompt: str, plan: SpokenPlan | None = None) -> None:
    """A line or a few: actions, sides, counts and order, and what was not understood. A ``plan``
    that agrees says the same with its times; one that does not stands below."""
    try:
        reading = understood(prompt)
    except LimberError as error:
        layout.label(text=str(error), icon="ERROR")
        return
    is_same = plan is not None and plan.agrees and bool(reading.actions)
    said = "; ".join(filter(None, [plan.text, reading.mood])) if is_same else str(reading)
    if said:
        _draw_text(layout, context, f"{translated('Understood')}: {said}", "INFO")
    if plan is not None and not is_same:
        draw_plan(layout, context, plan)
    for remark in reading.warnings:
        said = translated(remark.sentence, words=remark.words, near=remark.near)
        _draw_text(layout, context, said, "ERROR")


def draw_plan(layout, context, plan: SpokenPlan) -> None:
    """What is planned, and whether that is something else than what was said."""
    heading, icon = ("Planned", "TIME") if plan.agrees else ("But planned", "ERROR")
    _draw_text(layout, context, f"{translated(heading)}: {plan.text}", icon)


def suggestions(typed: str, earlier: list[str]) -> list[str]:
    """What a prompt that is being typed may become: the known actions, and prompts of before; these
    come first where nothing has been typed."""
    known = completions(typed, _SUGGESTED)
    return list(dict.fromkeys([*known, *earlier] if typed.strip() else [*earlier, *known]))


def _draw_text(layout, context, text: str, icon: str) -> None:
    region, preferences = context.region, context.preferences
    width = region.width if region is not None else 0
    scale = preferences.system.ui_scale or 1.0  # 0 without a window
    letters = int(width / (_LETTER_PIXELS * scale)) - 6
    lines = textwrap.wrap(text, max(_NARROWEST, letters))
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(lines[:_MOST_LINES]):
        is_cut = number == _MOST_LINES - 1 and len(lines) > _MOST_LINES
        column.label(
            text=f"{line} ..." if is_cut else line,
            icon="BLANK1" if number else icon,
            translate=False,
        )

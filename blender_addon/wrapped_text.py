"""Text in lines as wide as the region that is drawn: Blender cuts labels in their middle."""

from __future__ import annotations

import textwrap

import bpy

_LETTER_PIXELS = 7.0
_NARROWEST = 24
_LINE_HEIGHT = 0.8


def draw_wrapped(layout, text: str, icon: str, most_lines: int = 8) -> None:
    """The text, its icon before the first line; cut where that takes more lines."""
    region, scale = bpy.context.region, bpy.context.preferences.system.ui_scale
    width = region.width if region is not None else 0
    letters = int(width / (_LETTER_PIXELS * (scale or 1.0))) - 6  # no scale without a window
    lines = textwrap.wrap(text, max(_NARROWEST, letters))
    column = layout.column(align=True)
    column.scale_y = _LINE_HEIGHT if len(lines) > 1 else 1.0
    for number, line in enumerate(lines[:most_lines]):
        is_cut = number == most_lines - 1 and len(lines) > most_lines
        column.label(
            text=f"{line} ..." if is_cut else line,
            icon="BLANK1" if number else icon,
            translate=False,
        )

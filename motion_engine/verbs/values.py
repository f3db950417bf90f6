"""What is written behind an option: parts, times, ranges, keys, pins; one line of error each."""

from __future__ import annotations

import math
from pathlib import Path

from ..errors import LimberError


def named_texts(option: str, texts: list[str], shape: str) -> dict[str, str]:
    """``NAME="text"`` pairs in the order given."""
    found: dict[str, str] = {}
    for given in texts:
        name, separator, text = given.partition("=")
        name, text = name.strip(), text.strip()
        if not (separator and name and text):
            raise LimberError(f"{option} {given}: write {shape}")
        if name in found:
            raise LimberError(f"{option} {name} is given twice; say it in one sentence")
        found[name] = text
    return found


def seconds(option: str, text: str) -> float:
    """A time of zero or more."""
    value = number(option, text)
    if value < 0.0:
        raise LimberError(f"{option} {text}: times begin at 0; write seconds")
    return value


def number(option: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise LimberError(f"{option}: '{text}' is not a number") from None
    if not math.isfinite(value):
        raise LimberError(f"{option}: '{text}' is not a finite number")
    return value


def time_range(option: str, text: str) -> tuple[float | None, float | None]:
    """``1.0:3.0`` in seconds; a side left out is the clip's end."""
    first, separator, last = text.partition(":")
    if not separator:
        raise LimberError(f"{option} {text}: write START:END in seconds, such as 1.0:3.0")
    start = seconds(option, first) if first.strip() else None
    stop = seconds(option, last) if last.strip() else None
    if start is not None and stop is not None and stop <= start:
        raise LimberError(f"{option} {text}: the end lies before the start; swap them")
    return start, stop


def point(option: str, text: str) -> tuple[float, float, float]:
    """``x,y,z`` in metres."""
    values = [number(option, value) for value in text.split(",")]
    if len(values) != 3:
        raise LimberError(f"{option} {text}: write a place as x,y,z in metres")
    return tuple(values)


def clip_at(option: str, text: str) -> tuple[Path, float]:
    """``clip.npz@1.2``: a file and a time in it, its beginning where none is given."""
    name, separator, at = text.rpartition("@")
    if not separator or Path(text).is_file():
        name, at = text, "0"
    if not (name and Path(name).is_file()):
        raise LimberError(f"{option} {text}: there is no file {name or 'named'}; name a clip")
    return Path(name), seconds(option, at)

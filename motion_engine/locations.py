"""Where the files that travel with Limber lie."""

from __future__ import annotations

from pathlib import Path

from .errors import LimberError

_PACKAGE = Path(__file__).resolve().parent


def asset(name: str) -> Path:
    """Path of the shipped file or folder `name`, for example `asset("vocabulary")`.

    An installed package carries `assets` inside itself, a checkout has it beside the package.
    Raises LimberError if neither holds it.
    """
    for folder in (_PACKAGE / "assets", _PACKAGE.parent / "assets"):
        if (folder / name).exists():
            return folder / name
    raise LimberError(f"the shipped file '{name}' is missing: install Limber again")

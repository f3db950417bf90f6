"""`limber prompt`: how a text is likely to be taken, and how it could go on."""

from __future__ import annotations

import argparse
import sys

from ..errors import LimberError


def add_prompt(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser(
        "prompt", help="what a text says, before generating", allow_abbrev=False
    )
    verb.add_argument("text", metavar="TEXT", help='such as "a person walks, then waves twice"')
    verb.add_argument("--complete", action="store_true",
                      help="instead, the ways in which the text could go on, one a line")  # fmt: skip
    verb.set_defaults(run=run_prompt)


def run_prompt(options: argparse.Namespace) -> None:
    """`limber prompt`: a line that begins with "understood:", and one for each "warning:"."""
    from ..language.completion import completions
    from ..language.understanding import understood

    if options.complete:
        print(*completions(options.text), sep="\n")
        return
    if not options.text.strip():
        raise LimberError('the text is empty: limber prompt "a person walks"')
    reading = understood(options.text)
    print(f"understood: {reading}" if str(reading) else "understood: nothing")
    for warning in reading.warnings:
        print(f"warning: {warning}")


def warn_of(text: str) -> None:
    """Say on stderr what the model was not taught of a text; mostly nothing."""
    from ..language.understanding import understood

    for warning in understood(text).warnings:
        print(f"limber: {warning}", file=sys.stderr)

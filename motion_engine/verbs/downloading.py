"""What the verbs that download have in common: nothing is fetched unasked, and a bar is drawn."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import LimberError
from .shared import progress_bar


def add_yes(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--yes", action="store_true", help="agree to the download without a question")


def ask(question: str, yes: bool) -> None:
    """Returns if the user agrees, with --yes or on a terminal; raises LimberError otherwise."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise LimberError(f"{question} Nothing was downloaded: add --yes to agree.")
    if input(f"{question} [y/N] ").strip().lower() not in ("y", "yes"):
        raise LimberError("nothing was downloaded")


@contextmanager
def byte_count(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """`progress(count)`, called with the bytes that have just arrived."""
    done = 0
    with progress_bar(label) as bar:

        def progress(count: int) -> None:
            nonlocal done
            done += count
            if bar is not None:
                bar(done, total)

        yield progress

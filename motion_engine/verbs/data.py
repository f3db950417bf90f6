"""`limber data`: the recordings that the weights were trained on, for whoever makes them again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .downloading import add_yes


def add_data(verbs, run: Callable) -> None:
    """Add the verb to the command's parser; ``run`` finds what was asked in ``data_action``."""
    verb = verbs.add_parser("data", help="list and fetch the training data", allow_abbrev=False)
    kinds = verb.add_subparsers(metavar="list|fetch", dest="data_action", required=True)
    listed = kinds.add_parser("list", help="every source: size, licence, what is public of it")
    fetched = kinds.add_parser("fetch", help="download and check what is not there yet")
    fetched.add_argument("folder", metavar="FOLDER", type=Path, help="the data folder to fill")
    fetched.add_argument("--only", action="append", default=[], metavar="SOURCE",
                         help="this source alone, by the name of the list; may be repeated")  # fmt: skip
    add_yes(fetched)
    for kind in (listed, fetched):
        kind.add_argument("--manifest", type=Path, metavar="FILE",
                          help="a manifest of your own, for a mirror (default: Limber's)")  # fmt: skip
        kind.set_defaults(run=run)

"""`limber caption`: what happens in a clip, in words."""

from __future__ import annotations

import argparse
from pathlib import Path

from .shared import add_model, check_source, load_model

UNKNOWN = "nothing that this model knows"


def add_caption(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser("caption", help="what happens in a clip, in words", allow_abbrev=False)
    verb.add_argument("clip", metavar="CLIP", type=Path, help=".npz, .bvh or .amc")
    verb.add_argument("--part", metavar="PART", help="only this part of the body, as left_arm")
    add_model(verb)
    verb.set_defaults(run=run_caption)


def run_caption(options: argparse.Namespace) -> None:
    """`limber caption`: a sentence, or one for each stretch of a long clip."""
    check_source(options.clip)
    from ..formats.importer import import_motion
    from ..generation.captioning import captions

    found = captions(load_model(options), import_motion(options.clip), options.part)
    for piece in found:
        times = "" if len(found) == 1 else f"{piece.start:5.1f} to {piece.stop:5.1f} s: "
        print(f"{times}{piece.text or UNKNOWN}")

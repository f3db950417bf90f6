"""`limber edit`: change some of a clip, and keep the rest of it to the bit."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import LimberError
from .shared import (
    add_model,
    add_out,
    add_sampling,
    add_takes,
    check_source,
    load_model,
    progress_bar,
    sampling_of,
    take_paths,
    write_all,
)
from .values import named_texts, time_range


def add_edit(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser("edit", help="change parts or times of a clip", allow_abbrev=False)
    verb.add_argument("clip", metavar="CLIP", type=Path, help=".npz, .bvh or .amc")
    verb.add_argument("--part", action="append", default=[], metavar="PART=TEXT",
                      help='make a part anew: right_arm="wave"; may be repeated')  # fmt: skip
    verb.add_argument("--range", metavar="START:END", help="seconds to change; all by default")
    add_takes(verb)
    add_out(verb)
    add_model(verb)
    add_sampling(verb)
    verb.set_defaults(run=run_edit)


def run_edit(options: argparse.Namespace) -> None:
    """`limber edit`: everything cheap is checked before the model is loaded."""
    takes = take_paths(options)
    check_source(options.clip)
    _edit_parts(options, takes)


def _edit_parts(options: argparse.Namespace, takes: list[list[Path]]) -> None:
    from ..command import Command
    from ..finish.clip import read_clip
    from ..finish.region import edited_region
    from ..part_edit import edit_parts, frames_of, text_of_parts
    from ..parts import resolve_parts

    texts = named_texts("--part", options.part, 'PART="what it does"')
    if not texts:
        raise LimberError('name a part and what it does, such as --part left_arm="wave"')
    parts = resolve_parts(list(texts))
    start, stop = time_range("--range", options.range or ":")
    clip = read_clip(options.clip)
    region = edited_region(parts, start, stop, clip.motion.frames, clip.motion.fps)
    clip.check(region)
    text = text_of_parts(texts)
    sampling = sampling_of(options)
    commands = [
        Command(text, seed=options.seed, variation=take, **sampling)
        for take in range(options.variations)
    ]
    engine, model = clip.at_engine_rate, load_model(options)
    with progress_bar("editing") as progress:
        first, end = frames_of(start, stop, engine)
        edited = edit_parts(engine, parts, commands, model, first, end, progress)
    for take, paths in zip(edited, takes):
        _write_edited(clip, clip.edited(take, region), region, paths, text)


def _write_edited(clip, motion, region, paths: list[Path], text: str) -> None:
    """Files of the clip's own kind keep what they came with."""

    def keeping(path: Path) -> bool:
        if path.suffix.lower() != clip.path.suffix.lower():
            return False
        clip.write(motion, region, path)
        return True

    write_all(motion, paths, text, keeping)

"""`limber generate`: text, and whatever else is asked of the motion, to motion."""

from __future__ import annotations

import argparse

from .shared import (
    add_model,
    add_out,
    add_sampling,
    add_takes,
    load_model,
    progress_bar,
    sampling_of,
    take_paths,
    write_all,
)


def add_generate(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser("generate", help="text to motion", allow_abbrev=False)
    verb.add_argument("text", help='what the person does, e.g. "a person walks and waves"')
    verb.add_argument("--seconds", type=float, help="length; left out, the model ends by itself")
    add_takes(verb)
    add_out(verb)
    add_model(verb)
    add_sampling(verb)
    verb.set_defaults(run=run_generate)


def run_generate(options: argparse.Namespace) -> None:
    """`limber generate`: everything cheap is checked before the model is loaded."""
    from ..command import Command

    takes, sampling = take_paths(options), sampling_of(options)
    commands = [
        Command(options.text, options.seconds, options.seed, variation, **sampling)
        for variation in range(options.variations)
    ]
    model = load_model(options)
    from ..model import generate_motions

    with progress_bar("generating", known=options.seconds is not None) as progress:
        motions = generate_motions(commands, model, progress)
    for motion, paths in zip(motions, takes):
        write_all(motion, paths, title=options.text)

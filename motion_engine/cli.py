"""The `limber` command: one verb per door, errors in one line, nothing half-written left behind."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from .errors import LimberError
from .models.places import Place, at_smaller_places
from .verbs.caption import add_caption
from .verbs.data import add_data
from .verbs.edit import add_edit
from .verbs.evaluate import add_evaluate
from .verbs.generate import add_generate
from .verbs.models import add_models
from .verbs.prompt import add_prompt
from .verbs.retarget import add_retarget
from .verbs.shared import add_model, add_out, check_outputs, check_source, load_model, write_all
from .version import VERSION

USER_ERROR = 2
INTERRUPTED = 130


class Parser(argparse.ArgumentParser):
    """argparse with errors of one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(USER_ERROR, f"limber: {message} (see `{self.prog} --help`)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status: 0, 2 for bad input, 130 for Ctrl-C."""
    options = build_parser().parse_args(arguments)
    try:
        return run_verb(options) or 0
    except (LimberError, OSError) as error:
        print(f"limber: {_one_line(error)}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print("limber: stopped", file=sys.stderr)
        return INTERRUPTED


def run_verb(options: argparse.Namespace) -> int | None:
    """The verb; all of it anew with a smaller model where the memory of a GPU is full."""
    if not hasattr(options, "precision"):
        return options.run(options)

    def run_at(place: Place) -> int | None:
        options.device, options.precision = place.device, place.precision
        return options.run(options)

    def tell(place: Place) -> None:
        print(f"limber: the GPU's memory is full; trying again {place}", file=sys.stderr)

    return at_smaller_places(run_at, Place(options.device, options.precision), tell)


def build_parser() -> argparse.ArgumentParser:
    parser = Parser(prog="limber", description="Human motion from text.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"limber {VERSION}")
    verbs = parser.add_subparsers(metavar="VERB", required=True, parser_class=Parser)
    add_generate(verbs)
    add_edit(verbs)
    add_caption(verbs)
    add_prompt(verbs)
    _add_convert(verbs)
    _add_reconstruct(verbs)
    add_evaluate(verbs)
    add_retarget(verbs)
    add_models(verbs)
    add_data(verbs, run_data)
    doctor = verbs.add_parser("doctor", help="what is installed, what is missing, how to get it")
    doctor.set_defaults(run=run_doctor)
    return parser


def _add_convert(verbs) -> None:
    verb = verbs.add_parser("convert", help="any supported mocap to any supported file")
    verb.add_argument("source", metavar="IN", type=Path, help=".bvh, .amc or .npz")
    verb.add_argument("--fps", type=float, help="the source's rate, where its header is wrong")
    add_out(verb)
    verb.set_defaults(run=run_convert)


def _add_reconstruct(verbs) -> None:
    verb = verbs.add_parser("reconstruct", help="a clip through the codec and back")
    verb.add_argument("source", metavar="IN", type=Path, help=".npz, .bvh or .amc")
    add_out(verb)
    add_model(verb)
    verb.set_defaults(run=run_reconstruct)


def run_convert(options: argparse.Namespace) -> None:
    """`limber convert`: mocap in, our skeleton at 30 fps out."""
    from .formats.importer import import_motion

    check_outputs(options.out)
    check_source(options.source)
    motion = import_motion(options.source, options.fps)
    write_all(motion, options.out, title=options.source.stem)


def run_reconstruct(options: argparse.Namespace) -> None:
    """`limber reconstruct`: what the codec keeps of a clip."""
    from .formats.importer import import_motion

    check_outputs(options.out)
    check_source(options.source)
    motion = import_motion(options.source)
    write_all(load_model(options).reconstruct(motion), options.out, title=options.source.stem)


def run_data(options: argparse.Namespace) -> None:
    """`limber data`: the training data, told or fetched."""
    try:
        from training.data_verb import run
    except ModuleNotFoundError as error:
        raise LimberError("data needs the whole package: pip install limber") from error
    run(options)


def run_doctor(options: argparse.Namespace) -> int:
    """`limber doctor`: exit status 2 if the default model cannot run."""
    from .doctor import examine

    findings = examine()
    for finding in findings:
        print(finding)
    return 0 if all(finding.present or not finding.required for finding in findings) else USER_ERROR


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    text = " ".join(str(error).split())
    return text or type(error).__name__

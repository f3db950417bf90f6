"""The `limber` command: one verb per door, errors in one line, nothing half-written left behind."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from .errors import LimberError
from .retarget_command import add_retarget
from .verbs.edit import add_edit
from .verbs.generate import add_generate
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
        return options.run(options) or 0
    except (LimberError, OSError) as error:
        print(f"limber: {_one_line(error)}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print("limber: stopped", file=sys.stderr)
        return INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    parser = Parser(prog="limber", description="Human motion from text.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"limber {VERSION}")
    verbs = parser.add_subparsers(metavar="VERB", required=True, parser_class=Parser)
    add_generate(verbs)
    add_edit(verbs)
    _add_convert(verbs)
    _add_reconstruct(verbs)
    _add_evaluate(verbs)
    add_retarget(verbs)
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


def _add_evaluate(verbs) -> None:
    verb = verbs.add_parser("evaluate", help="measure the model")
    verb.add_argument("--adherence", action="store_true", required=True,
                      help="does the motion do what the text says")  # fmt: skip
    verb.add_argument("--seeds", type=int, default=3, help="clips per prompt (default 3)")
    verb.add_argument("--out", type=Path, action="append", default=[], metavar="FILE",
                      help="report: .json, or a chart: .png; may be repeated")  # fmt: skip
    verb.add_argument("--real", type=Path, metavar="FOLDER",
                      help="real motions (.npz) to compare the quality with")  # fmt: skip
    add_model(verb)
    verb.set_defaults(run=run_evaluate)


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


def run_evaluate(options: argparse.Namespace) -> None:
    """`limber evaluate --adherence`: a table on stdout, the full report into --out."""
    if not 1 <= options.seeds <= 1000:
        raise LimberError(f"--seeds is {options.seeds}; choose 1 to 1000")
    for path in options.out:
        if path.suffix.lower() not in (".json", ".png"):
            raise LimberError(f"{path}: a report is written as .json, its chart as .png")
        if not path.parent.is_dir():
            raise LimberError(f"{path.parent}: no such folder; make it first")
    if len({path.suffix.lower() for path in options.out}) < len(options.out):
        raise LimberError("evaluate writes one .json and one .png; give each --out once")
    try:
        from training.evaluate import run_adherence
    except ModuleNotFoundError as error:
        raise LimberError(
            "evaluate needs the whole package: pip install 'limber[training]'"
        ) from error
    model = load_model(options)
    from .model import generate_motions

    by_suffix = {path.suffix.lower(): path for path in options.out}
    run_adherence(
        options.model,
        options.seeds,
        by_suffix.get(".json"),
        by_suffix.get(".png"),
        real_folder=options.real,
        generate=partial(generate_motions, model=model),
    )


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

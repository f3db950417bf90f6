"""`limber evaluate`: does the motion do what the text says, are captions right, codecs good."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import LimberError
from .shared import add_model, load_model


def add_evaluate(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser("evaluate", help="measure the model, or codecs", allow_abbrev=False)
    what = verb.add_mutually_exclusive_group(required=True)
    what.add_argument("--adherence", action="store_true",
                      help="does the motion do what the text says")  # fmt: skip
    what.add_argument("--captions", type=Path, metavar="CORPUS",
                      help="are captions of a corpus with an unused seed right")  # fmt: skip
    what.add_argument("--codecs", type=Path, metavar="RUNS",
                      help="a table of all trained codecs of a folder")  # fmt: skip
    verb.add_argument("--seeds", type=int, default=3, help="clips per prompt (default 3)")
    verb.add_argument("--out", type=Path, action="append", default=[], metavar="FILE",
                      help="report: .json, or a chart: .png; may be repeated")  # fmt: skip
    verb.add_argument("--real", type=Path, metavar="FOLDER",
                      help="prepared clips (training.prepare) to compare the quality with: the "
                      "held-out ones; or any folder of .npz")  # fmt: skip
    verb.add_argument("--mocap", type=Path, metavar="FOLDER",
                      help="with --codecs: prepared clips, of which the held-out ones are used")  # fmt: skip
    add_model(verb)
    verb.set_defaults(run=run_evaluate)


def run_evaluate(options: argparse.Namespace) -> None:
    """A table on stdout, the full report into ``--out``."""
    reports = _reports(options)
    try:
        if options.codecs:
            _evaluate_codecs(options, reports)
        elif options.captions:
            _evaluate_captions(options, reports)
        else:
            _evaluate_adherence(options, reports)
    except ModuleNotFoundError as error:
        raise LimberError(
            "evaluate needs the whole package: pip install 'limber[training]'"
        ) from error


def _reports(options: argparse.Namespace) -> dict[str, Path]:
    """The reports to write, by suffix; raises LimberError for what cannot be written."""
    for path in options.out:
        if path.suffix.lower() not in (".json", ".png"):
            raise LimberError(f"{path}: a report is written as .json, its chart as .png")
        if not path.parent.is_dir():
            raise LimberError(f"{path.parent}: no such folder; make it first")
    reports = {path.suffix.lower(): path for path in options.out}
    if len(reports) < len(options.out):
        raise LimberError("evaluate writes one .json and one .png; give each --out once")
    return reports


def _evaluate_codecs(options: argparse.Namespace, reports: dict[str, Path]) -> None:
    if options.mocap is None or set(reports) != {".json"}:
        raise LimberError("--codecs needs --mocap FOLDER (of training.prepare) and --out FILE.json")
    from training.codec_table import run_codecs

    run_codecs(options.codecs, options.mocap, reports[".json"])


def _evaluate_captions(options: argparse.Namespace, reports: dict[str, Path]) -> None:
    from training.evaluate import evaluate_captions

    evaluate_captions(load_model(options), options.captions, out_json=reports.get(".json"))


def _evaluate_adherence(options: argparse.Namespace, reports: dict[str, Path]) -> None:
    if not 1 <= options.seeds <= 1000:
        raise LimberError(f"--seeds is {options.seeds}; choose 1 to 1000")
    from training.evaluate import generate_with, run_adherence

    run_adherence(
        options.model,
        options.seeds,
        reports.get(".json"),
        reports.get(".png"),
        real_folder=options.real,
        generate=generate_with(load_model(options)),
    )

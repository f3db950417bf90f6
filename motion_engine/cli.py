"""The `limber` command: one verb per door, errors in one line, nothing half-written left behind."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NoReturn

from .errors import LimberError
from .retarget_command import add_retarget
from .version import VERSION

USER_ERROR = 2
INTERRUPTED = 130
MOST_VARIATIONS = 64


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
    _add_generate(verbs)
    _add_convert(verbs)
    _add_reconstruct(verbs)
    _add_evaluate(verbs)
    add_retarget(verbs)
    doctor = verbs.add_parser("doctor", help="what is installed, what is missing, how to get it")
    doctor.set_defaults(run=run_doctor)
    return parser


def _add_generate(verbs) -> None:
    verb = verbs.add_parser("generate", help="text to motion", allow_abbrev=False)
    verb.add_argument("text", help='what the person does, e.g. "a person walks and waves"')
    verb.add_argument("--seconds", type=float, help="length; left out, the model ends by itself")
    verb.add_argument("--seed", type=int, default=0, help="another seed, another take")
    verb.add_argument("--variations", type=int, default=1, metavar="N",
                      help="that many takes at once: x.npz becomes x-1.npz, x-2.npz, ...")  # fmt: skip
    _add_out(verb)
    _add_model(verb)
    sampling = verb.add_argument_group("sampling")
    sampling.add_argument("--temperature", type=float, help="spread; 0 takes the likeliest")
    sampling.add_argument("--top-p", type=float, help="cuts unlikely codes off, up to 1")
    sampling.add_argument("--guidance", type=float, help="pull towards the text; 1 is none")
    verb.set_defaults(run=run_generate)


def _add_convert(verbs) -> None:
    verb = verbs.add_parser("convert", help="any supported mocap to any supported file")
    verb.add_argument("source", metavar="IN", type=Path, help=".bvh, .amc or .npz")
    verb.add_argument("--fps", type=float, help="the source's rate, where its header is wrong")
    _add_out(verb)
    verb.set_defaults(run=run_convert)


def _add_reconstruct(verbs) -> None:
    verb = verbs.add_parser("reconstruct", help="a clip through the codec and back")
    verb.add_argument("source", metavar="IN", type=Path, help=".npz, .bvh or .amc")
    _add_out(verb)
    _add_model(verb)
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
    _add_model(verb)
    verb.set_defaults(run=run_evaluate)


def _add_out(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--out", type=Path, action="append", required=True, metavar="FILE",
                      help=".npz .bvh .blend .fbx .glb .usd or .png; may be repeated")  # fmt: skip


def _add_model(verb: argparse.ArgumentParser) -> None:
    group = verb.add_argument_group("model")
    group.add_argument("--model", default="default", help="a shipped model or a model's folder")
    group.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps")
    group.add_argument("--precision", default="fp32", choices=("fp32", "bf16", "int8", "nf4"))
    group.add_argument("--runtime", default="auto", choices=("auto", "numpy", "torch"))


def run_generate(options: argparse.Namespace) -> None:
    """`limber generate`: everything cheap is checked before the model is loaded."""
    from .command import Command

    takes = [_take_paths(options.out, take, options.variations) for take in _takes(options)]
    for paths in takes:
        _check_outputs(paths)
    given = {
        name: getattr(options, name)
        for name in ("temperature", "top_p", "guidance")
        if getattr(options, name) is not None
    }
    commands = [
        Command(options.text, options.seconds, options.seed, variation, **given)
        for variation in range(options.variations)
    ]
    model = _load(options)
    from .model import generate_motions

    with progress_bar("generating", known=options.seconds is not None) as progress:
        motions = generate_motions(commands, model, progress)
    for motion, paths in zip(motions, takes):
        _write(motion, paths, title=options.text)


def _takes(options: argparse.Namespace) -> range:
    """Numbers of the takes that are asked for."""
    if not 1 <= options.variations <= MOST_VARIATIONS:
        raise LimberError(f"--variations is {options.variations}; choose 1 to {MOST_VARIATIONS}")
    return range(1, options.variations + 1)


def _take_paths(paths: Sequence[Path], take: int, takes: int) -> list[Path]:
    """Where one take is written: the paths themselves, or numbered ones where there are several."""
    if takes == 1:
        return list(paths)
    return [path.with_name(f"{path.stem}-{take}{path.suffix}") for path in paths]


def run_convert(options: argparse.Namespace) -> None:
    """`limber convert`: mocap in, our skeleton at 30 fps out."""
    from .formats.importer import import_motion

    _check_outputs(options.out)
    _check_source(options.source)
    motion = import_motion(options.source, options.fps)
    _write(motion, options.out, title=options.source.stem)


def run_reconstruct(options: argparse.Namespace) -> None:
    """`limber reconstruct`: what the codec keeps of a clip."""
    from .formats.importer import import_motion

    _check_outputs(options.out)
    _check_source(options.source)
    motion = import_motion(options.source)
    _write(_load(options).reconstruct(motion), options.out, title=options.source.stem)


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
    model = _load(options)
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


def _check_outputs(paths: Sequence[Path]) -> None:
    from .output import check_output

    for path in paths:
        check_output(path)


def _check_source(path: Path) -> None:
    if not path.is_file():
        raise LimberError(f"{path}: no such file")


def _load(options: argparse.Namespace):
    """The model that the options name."""
    from .model import Model

    return Model.load(options.model, options.runtime, options.device, options.precision)


def _write(motion, paths: Sequence[Path], title: str) -> None:
    """Write every output, or none: what is new is removed again if a later one fails."""
    from .output import write_motion

    new = [path for path in paths if not path.exists()]
    try:
        for path in paths:
            write_motion(motion, path, title=title)
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise
    for path in paths:
        print(f"{path}: {motion.frames} frames, {motion.seconds:.1f} s")


@contextmanager
def progress_bar(label: str, known: bool = True) -> Iterator[Callable[[int, int], None] | None]:
    """`progress(done, total)` that draws a bar with the time left; None unless on a terminal.

    known: whether the total is; a model that ends by itself only counts up.
    """
    if not sys.stderr.isatty():
        yield None
        return
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        yield None
        return
    shown = "{desc} {percentage:3.0f}% {bar} {remaining} left" if known else "{desc} {elapsed}"
    with tqdm(desc=label, total=1, leave=False, dynamic_ncols=True, bar_format=shown) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    text = " ".join(str(error).split())
    return text or type(error).__name__

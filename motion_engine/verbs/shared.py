"""What several verbs have in common: outputs, the model, takes, a bar while it works."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..errors import LimberError

MOST_VARIATIONS = 64
SAMPLING = ("temperature", "top_p", "guidance", "draws")


def add_out(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--out", type=Path, action="append", required=True, metavar="FILE",
                      help=".npz .bvh .blend .fbx .glb .usd or .png; may be repeated")  # fmt: skip


def add_takes(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--seed", type=int, default=0, help="another seed, another take")
    verb.add_argument("--variations", type=int, default=1, metavar="N",
                      help="that many takes at once: x.npz becomes x-1.npz, x-2.npz, ...")  # fmt: skip


def add_sampling(verb: argparse.ArgumentParser) -> None:
    sampling = verb.add_argument_group("sampling")
    sampling.add_argument("--temperature", type=float, help="spread; 0 takes the likeliest")
    sampling.add_argument("--top-p", type=float, help="cuts unlikely codes off, up to 1")
    sampling.add_argument("--guidance", type=float, help="pull towards the text; 1 is none")
    sampling.add_argument("--draws", type=int, metavar="N",
                          help="best of so many where the first does not do what was planned")  # fmt: skip


def add_model(verb: argparse.ArgumentParser) -> None:
    group = verb.add_argument_group("model")
    group.add_argument("--model", default="default", help="a name or a model's folder")
    group.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps")
    group.add_argument("--precision", default="fp32", choices=("fp32", "bf16", "int8", "nf4"))
    group.add_argument("--runtime", default="auto", choices=("auto", "numpy", "torch"))
    group.add_argument("--flow-steps", type=int, metavar="N",
                       help="quality of a model with a flow decoder: 1, 2, 4, 8, 28")  # fmt: skip


def load_model(options: argparse.Namespace):
    """The model that the options name."""
    from ..models.model import Model

    return Model.load(
        options.model, options.runtime, options.device, options.precision, options.flow_steps
    )


def sampling_of(options: argparse.Namespace) -> dict:
    """What was said about sampling, for a Command."""
    given = {name: getattr(options, name) for name in SAMPLING}
    return {name: value for name, value in given.items() if value is not None}


def take_paths(options: argparse.Namespace) -> list[list[Path]]:
    """Where each take is written: the paths themselves, or numbered ones where there are several.
    Raises LimberError for paths that cannot be written."""
    if not 1 <= options.variations <= MOST_VARIATIONS:
        raise LimberError(f"--variations is {options.variations}; choose 1 to {MOST_VARIATIONS}")
    takes = [list(options.out)]
    if options.variations > 1:
        takes = [
            [path.with_name(f"{path.stem}-{take}{path.suffix}") for path in options.out]
            for take in range(1, options.variations + 1)
        ]
    for paths in takes:
        check_outputs(paths)
    return takes


def check_outputs(paths: Sequence[Path]) -> None:
    from ..output import check_output

    for path in paths:
        check_output(path)


def check_source(path: Path) -> None:
    if not path.is_file():
        raise LimberError(f"{path}: no such file; name one that is there")


Writer = Callable[[Path], bool]
"""Writes a path in a way of its own, or says False to leave it to the suffix."""


def write_all(motion, paths: Sequence[Path], title: str, writer: Writer | None = None) -> None:
    """Write every output, or none: what is new is removed again if a later one fails."""
    from .. import output

    new = [path for path in paths if not path.exists()]
    try:
        for path in paths:
            if writer is None or not writer(path):
                output.write_motion(motion, path, title=title)
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

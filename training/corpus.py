"""The procedural corpus: ``python -m training.corpus OUT --mocap PREPARED --clips N --seed S``.

Every clip follows from the seed and its index alone. ``--sheets FOLDER`` draws a contact sheet of
every family instead, to be looked at before training on it.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

from tqdm import tqdm

from motion_engine.errors import LimberError

from .corpus_clip import CorpusClip, make_clip
from .corpus_sheets import write_sheets
from .corpus_store import write_shard
from .grammar.compose import EVERYTHING, Selection
from .grammar.library import Library, hand_made_library
from .grammar.phrases import WORDING
from .grammar.real_library import load_library

CLIPS_PER_SHARD = 250


@cache
def _library(mocap: Path | None) -> Library:
    return load_library(mocap) if mocap else hand_made_library()


def _make_shard(
    out: Path, mocap: Path | None, seed: int, clips: int, selection: Selection, number: int
) -> int:
    first = number * CLIPS_PER_SHARD
    indices = range(first, min(first + CLIPS_PER_SHARD, clips))
    made = [make_clip(index, seed, _library(mocap), selection) for index in indices]
    write_shard(out, number, [clip.motion for clip in made], [clip.row() for clip in made])
    return len(made)


def make_corpus(
    out: Path,
    clips: int,
    seed: int = 0,
    mocap: Path | None = None,
    workers: int = 2,
    selection: Selection = EVERYTHING,
) -> None:
    """Write the shards of a corpus into ``out``; shards that are there are made again.

    Raises LimberError for a verb of the selection that the grammar does not have.
    """
    if unknown := (selection.focus | selection.without) - set(WORDING):
        raise LimberError(f"No action is called {', '.join(sorted(unknown))}; see `WORDING`.")
    out.mkdir(parents=True, exist_ok=True)
    shards = range(-(-clips // CLIPS_PER_SHARD))
    make = partial(_make_shard, out, mocap, seed, clips, selection)
    bar = tqdm(total=clips, unit="clip", disable=not sys.stderr.isatty())
    with bar, ProcessPoolExecutor(workers) as pool:
        for count in pool.map(make, shards):
            bar.update(count)


def _clips_one_by_one(options: argparse.Namespace) -> Iterator[CorpusClip]:
    library = _library(options.mocap)
    return (make_clip(index, options.seed, library) for index in range(options.clips))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument(
        "--mocap", type=Path, help="folder of training.prepare; else hand-made gait"
    )
    parser.add_argument("--clips", type=int, default=21000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    for name, text in (("focus", "one"), ("without", "none")):
        parser.add_argument(
            f"--{name}",
            nargs="+",
            default=(),
            metavar="VERB",
            help=f"only clips with {text} of these actions in them, such as tiptoe push_up",
        )
    parser.add_argument(
        "--sheets",
        type=Path,
        metavar="FOLDER",
        help="draw a contact sheet of every family into FOLDER instead of making a corpus",
    )
    options = parser.parse_args()
    if not (options.out or options.sheets):
        parser.error("say where the corpus goes, or where the --sheets go")
    try:
        if options.sheets:
            write_sheets(_clips_one_by_one(options), options.sheets)
            return 0
        make_corpus(
            options.out, options.clips, options.seed, options.mocap, options.workers,
            Selection(frozenset(options.focus), frozenset(options.without)),
        )  # fmt: skip
    except LimberError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

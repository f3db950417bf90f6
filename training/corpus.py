"""The procedural corpus: ``python -m training.corpus OUT --mocap PREPARED --clips N --seed S``.

Every clip follows from the seed and its index alone.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from motion_engine.errors import LimberError
from motion_engine.motion import Motion

from .corpus_store import write_shard
from .grammar.captions import captions, part_captions
from .grammar.claims import claims
from .grammar.compose import compose
from .grammar.library import Library, hand_made_library
from .grammar.real_library import load_library
from .grammar.timeline import Script

CLIPS_PER_SHARD = 250


@dataclass(frozen=True)
class CorpusClip:
    """A motion with true sentences about it.

    ``part_captions`` name body parts ("left arm: wave"); ``predicates`` are adherence predicates
    that hold for it; ``script`` is what it was made from.
    """

    index: int
    motion: Motion
    captions: tuple[str, ...]
    part_captions: tuple[str, ...]
    predicates: tuple[dict, ...]
    script: Script

    def row(self) -> dict:
        """What goes into the shard's ``.jsonl``."""
        actions = [
            {**_said(asdict(placement.description)), "start": placement.start,
             "stop": placement.stop, "beat": beat}
            for beat, placements in enumerate(self.script.beats)
            for placement in placements
        ]  # fmt: skip
        return {
            "index": self.index,
            "captions": list(self.captions),
            "part_captions": list(self.part_captions),
            "predicates": list(self.predicates),
            "actions": actions,
        }


def _said(description: dict) -> dict:
    return {key: value for key, value in description.items() if value is not None}


def make_clip(index: int, seed: int = 0, library: Library | None = None) -> CorpusClip:
    """The clip with that index of the corpus with that seed (and library: hand-made if None)."""
    rng = np.random.default_rng([seed, index])
    motion, script = compose(rng, library or hand_made_library())
    return CorpusClip(
        index, motion, captions(script, rng), part_captions(script, rng), tuple(claims(script)),
        script,
    )  # fmt: skip


@cache
def _library(mocap: Path | None) -> Library:
    return load_library(mocap) if mocap else hand_made_library()


def _make_shard(out: Path, mocap: Path | None, seed: int, clips: int, number: int) -> int:
    first = number * CLIPS_PER_SHARD
    indices = range(first, min(first + CLIPS_PER_SHARD, clips))
    made = [make_clip(index, seed, _library(mocap)) for index in indices]
    write_shard(out, number, [clip.motion for clip in made], [clip.row() for clip in made])
    return len(made)


def make_corpus(
    out: Path, clips: int, seed: int = 0, mocap: Path | None = None, workers: int = 2
) -> None:
    """Write the shards of a corpus into ``out``; shards that are there are made again."""
    out.mkdir(parents=True, exist_ok=True)
    shards = range(-(-clips // CLIPS_PER_SHARD))
    make = partial(_make_shard, out, mocap, seed, clips)
    bar = tqdm(total=clips, unit="clip", disable=not sys.stderr.isatty())
    with bar, ProcessPoolExecutor(workers) as pool:
        for count in pool.map(make, shards):
            bar.update(count)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--mocap", type=Path, help="folder of training.prepare; else hand-made gait"
    )
    parser.add_argument("--clips", type=int, default=21000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    try:
        make_corpus(options.out, options.clips, options.seed, options.mocap, options.workers)
    except LimberError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

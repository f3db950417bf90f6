"""The corpus on disk: shards of motions as ``.npz`` beside their captions as ``.jsonl``.

``shard-00000.npz``: ``starts [N + 1]`` first frames, ``root_positions [F, 3]`` float32 metres,
``local_rotations [F, 55, 4]`` int16 (quaternions times 32767), ``contacts [F, 4]`` uint8.
``shard-00000.jsonl``: one object a clip: ``index``, ``captions``, ``part_captions``,
``predicates``, ``actions``.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.motion import Motion
from motion_engine.rotations import normalize

_QUANTA = 32767.0


def write_shard(folder: Path, number: int, motions: Sequence[Motion], rows: Sequence[dict]) -> None:
    """Write one shard; the captions come last, so a shard with captions is complete."""
    stem = Path(folder) / f"shard-{number:05d}"
    starts = np.concatenate([[0], np.cumsum([motion.frames for motion in motions])])
    arrays = {
        "starts": starts,
        "root_positions": np.concatenate([m.root_positions for m in motions]).astype(np.float32),
        "local_rotations": np.concatenate(
            [np.rint(m.local_rotations * _QUANTA).astype(np.int16) for m in motions]
        ),
        "contacts": np.concatenate([m.contacts for m in motions]).astype(np.uint8),
    }
    with replaced_when_done(stem.with_suffix(".npz")) as temporary:
        np.savez(temporary, **arrays)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    with replaced_when_done(stem.with_suffix(".jsonl")) as temporary:
        temporary.write_text(lines, encoding="utf-8")


def read_corpus(folder: Path) -> Iterator[tuple[Motion, dict]]:
    """Clips and their rows in the order of their index; shards are read one at a time."""
    shards = sorted(Path(folder).glob("shard-*.jsonl"))
    if not shards:
        raise LimberError(f"{folder}: no corpus shards; make them with python -m training.corpus.")
    for path in shards:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        with np.load(path.with_suffix(".npz"), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        for i, row in enumerate(rows):
            span = slice(arrays["starts"][i], arrays["starts"][i + 1])
            quaternions = normalize(arrays["local_rotations"][span] / _QUANTA)
            yield Motion(arrays["root_positions"][span], quaternions, arrays["contacts"][span]), row


def corpus_motions(folder: Path, count: int | None = None) -> Iterator[Motion]:
    """The first ``count`` motions."""
    for i, (motion, _) in enumerate(read_corpus(folder)):
        if count is not None and i >= count:
            return
        yield motion

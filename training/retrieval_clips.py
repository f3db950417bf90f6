"""Clips as the retrieval evaluator sees them: where the joints are, 7.5 times a second."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from motion_engine.errors import LimberError
from motion_engine.features import heading_angles
from motion_engine.files import replaced_when_done
from motion_engine.language.vocabulary import MAXIMUM_WORDS, split_words
from motion_engine.motion import Motion
from motion_engine.skeleton import BODY_JOINTS, SMPLX

from .captioned_clips import captions_of, windows
from .corpus_store import read_corpus

EVERY_FRAMES = 4  # of 30 a second
LONGEST_SECONDS = 12.0
_FINGER_ENDS = tuple(SMPLX.index(name) for name in SMPLX.names if name[-1] == "3" and "_" in name)
JOINTS = (*range(BODY_JOINTS), *_FINGER_ENDS)
FEATURES = 3 * len(JOINTS) + 4


@dataclass(frozen=True, eq=False)
class RetrievalClips:
    """``features``: arrays ``[T, FEATURES]`` of N clips; ``captions``: the texts of each."""

    features: list[np.ndarray]
    captions: list[list[str]]

    def __len__(self) -> int:
        return len(self.features)


def clip_features(motion: Motion) -> np.ndarray:
    """``[T, FEATURES]``: joints against the pelvis as (forward, left, up) of its heading, metres;
    speed forward and left, m/s; turning, rad/s; height of the pelvis, metres."""
    heading = heading_angles(motion.local_rotations[:, 0])[::EVERY_FRAMES]
    positions = motion.joint_positions()[::EVERY_FRAMES]
    seconds = EVERY_FRAMES / motion.fps
    pelvis = positions[:, 0]
    joints = _facing(positions[:, list(JOINTS)] - pelvis[:, None], heading[:, None])
    travel = _facing(_rate(pelvis, seconds), heading)[:, :2]
    turning = _rate(heading[:, None], seconds)
    columns = (joints.reshape(len(joints), -1), travel, turning, pelvis[:, 2:])
    return np.concatenate(columns, axis=-1).astype(np.float32)


def corpus_clips(corpus: Path, count: int | None = None) -> Iterator[tuple[Motion, list[str]]]:
    """The first clips of a corpus that are short enough, with captions that a user could give."""
    found = 0
    for motion, row in read_corpus(corpus):
        if count is not None and found == count:
            return
        captions = [text for text in row["captions"] if len(split_words(text)) <= MAXIMUM_WORDS]
        if captions and motion.seconds <= LONGEST_SECONDS:
            found += 1
            yield motion, captions


def real_clips(prepared: Path, held_out: bool) -> Iterator[tuple[Motion, list[str]]]:
    """Windows of the captioned clips of ``training.prepare``: those held out, or the others."""
    index = Path(prepared) / "index.json"
    if not index.is_file():
        raise LimberError(f"{index}: no such index; make it with python -m training.prepare.")
    for entry in json.loads(index.read_text(encoding="utf-8")):
        captions = captions_of(entry["clip"], entry["description"])
        if captions and entry["held_out"] == held_out:
            for window in windows(Motion.load(Path(prepared) / f"{entry['clip']}.npz")):
                yield window, captions


def gathered(clips: Iterable[tuple[Motion, list[str]]]) -> RetrievalClips:
    """The features and captions of clips; those of less than half a second are left out."""
    found = [(clip_features(motion), captions) for motion, captions in clips]
    found = [pair for pair in found if len(pair[0]) >= 4]
    return RetrievalClips([features for features, _ in found], [texts for _, texts in found])


def save_clips(clips: RetrievalClips, path: Path) -> None:
    """As ``.npz``: frames one after the other, first frames, and captions as JSON."""
    starts = np.cumsum([0, *map(len, clips.features)])
    with replaced_when_done(path) as temporary, open(temporary, "wb") as file:
        np.savez(
            file, frames=np.concatenate(clips.features).astype(np.float16), starts=starts,
            captions=np.array(json.dumps(clips.captions)),
        )  # fmt: skip


def load_clips(path: Path) -> RetrievalClips:
    with np.load(path, allow_pickle=False) as file:
        frames, starts = file["frames"].astype(np.float32), file["starts"]
        captions = json.loads(str(file["captions"]))
    return RetrievalClips(np.split(frames, starts[1:-1]), captions)


def _facing(vectors: np.ndarray, heading: np.ndarray) -> np.ndarray:
    x, y, up = np.moveaxis(vectors, -1, 0)
    sine, cosine = np.sin(heading), np.cos(heading)
    return np.stack([sine * x - cosine * y, cosine * x + sine * y, up], axis=-1)


def _rate(values: np.ndarray, seconds: float) -> np.ndarray:
    if len(values) < 2:
        return np.zeros_like(values)
    return np.gradient(values, axis=0) / seconds

"""Training data in memory: real clips and corpus clips as features, and as codes with captions."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from motion_engine.errors import LimberError
from motion_engine.features import FeatureLayout, encode_features
from motion_engine.motion import Motion, mirror


@dataclass
class FeatureCache:
    """Clips end to end in one array: ``values [N, D]`` float16, clip i at ``starts[i]:starts[i+1]``."""

    values: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, motions: Iterable[Motion], layout: FeatureLayout) -> "FeatureCache":
        rows = [encode_features(motion, layout).astype(np.float16) for motion in motions]
        if not rows:
            raise LimberError("There are no clips to train on; prepare the data first.")
        starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
        return cls(np.concatenate(rows), starts)

    @property
    def clips(self) -> int:
        return len(self.starts) - 1

    def clip(self, index: int) -> np.ndarray:
        return self.values[self.starts[index] : self.starts[index + 1]]

    def windows(self, count: int, frames: int, rng: np.random.Generator) -> np.ndarray:
        """Random windows ``[count, frames, D]``, drawn evenly over the time of all clips."""
        lengths = np.diff(self.starts)
        room = np.maximum(lengths - frames + 1, 0)
        clip = rng.choice(len(lengths), size=count, p=room / room.sum())
        first = self.starts[clip] + (rng.random(count) * room[clip]).astype(int)
        return self.values[first[:, None] + np.arange(frames)].astype(np.float32)


def real_motions(folder: Path, held_out: bool, mirrored: bool = False) -> Iterator[Motion]:
    """Prepared real clips: the held-out ones or the others, each also mirrored if asked."""
    index = Path(folder) / "index.json"
    if not index.is_file():
        raise LimberError(f"{folder}: no index.json; run `python -m training.prepare` first.")
    for entry in json.loads(index.read_text(encoding="utf-8")):
        if entry["held_out"] == held_out:
            motion = Motion.load(Path(folder) / f"{entry['clip']}.npz")
            yield motion
            if mirrored:
                yield mirror(motion)


def feature_statistics(
    caches: Iterable[FeatureCache], layout: FeatureLayout
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread ``[D]`` of features; one spread for each named slice's joint group.

    The rotations of a joint share a spread, so that a nearly constant channel is not blown up.
    """
    sample = np.concatenate([cache.values[::7].astype(np.float32) for cache in caches])
    mean, variance = sample.mean(0), sample.var(0)
    group = {"yaw_rate": 1, "planar_velocity": 2, "height": 1, "tilt": 6, "rotations": 6}
    for name, columns in layout.slices.items():
        width = group.get(name, 3 if name in ("positions", "velocities") else 4)
        pooled = variance[columns].reshape(-1, width).mean(-1)
        variance[columns] = np.repeat(pooled, width)
    return mean, np.maximum(np.sqrt(variance), 0.03)

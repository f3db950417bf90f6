"""Random conditions for training: lengths, root paths, key poses and locked parts.

They teach the control track. Which of them a clip is given is drawn independently, so that the
model meets every mixture; most clips have no more than a text and a length.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from motion_engine.control import (
    ControlLayout,
    duration_control,
    key_control,
    lock_control,
    path_control,
)

from .batches import TokenBatch
from .tokens import TokenStore

MOST_KEYS = 3


@dataclass(frozen=True)
class ConditionShares:
    """Shares of the clips that are given a condition."""

    length: float = 0.7
    path: float = 0.08
    keys: float = 0.08
    locks: float = 0.15
    locks_beside_commands: float = 0.6


def random_control(
    batch: TokenBatch,
    store: TokenStore,
    vectors: Tensor,
    layout: ControlLayout,
    frame_rate: float,
    shares: ConditionShares,
    rng: np.random.Generator,
) -> Tensor:
    """Control ``[B, T, C]``; ``vectors [B, T, P, d]`` are the parts' code vectors."""
    count, frames = vectors.shape[:2]
    control = np.zeros((count, frames, layout.size), dtype=np.float32)
    for row, (clip, length) in enumerate(zip(batch.clips, batch.lengths.tolist())):
        span = store.span(clip)
        track = control[row, :length]
        if rng.random() < shares.length:
            track += duration_control(layout, length, frame_rate)
        if rng.random() < shares.path:
            track += path_control(layout, store.roots[span], frame_rate)
        if rng.random() < shares.keys:
            chosen = rng.choice(length, size=min(rng.integers(1, MOST_KEYS + 1), length))
            keys = {int(frame): store.poses[span][frame] for frame in chosen}
            track += key_control(layout, length, keys, frame_rate)
        commanded = batch.commanded[row]
        if rng.random() < (shares.locks_beside_commands if commanded else shares.locks):
            locked = random_locks(length, layout.parts, commanded, rng)
            track += lock_control(layout, vectors[row, :length].cpu().numpy(), locked)
    return torch.from_numpy(control)


def random_locks(
    frames: int, parts: int, commanded: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Which parts are given when, ``[T, P]``: all but the ``commanded`` ones, or but some at random;
    for half of the clips those are given too outside a range of frames, as where a stretch of a
    clip is made anew."""
    locked = np.ones((frames, parts), dtype=bool)
    free = list(commanded) or list(np.flatnonzero(rng.random(parts) < rng.random()))
    first, stop = 0, frames
    if rng.random() < 0.5:
        first, stop = np.sort(rng.integers(0, frames + 1, size=2))
    locked[first:stop, free] = False
    return locked

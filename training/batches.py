"""Batches of captioned codes for the token model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from motion_engine.errors import LimberError

from .mixes import Mix
from .texts import Text, Texts
from .tokens import TokenStore

LONG_BEATS = 3
"""A clip with so many actions in a row, or more, is a long motion."""


@dataclass
class TokenBatch:
    """``clips [B]`` of the store, their ``codes [B, T, K]``, ``lengths [B]``, ``words [B, N]``, ids
    padded with -1, and the parts that the words command, one by one, of each clip."""

    clips: np.ndarray
    codes: torch.Tensor
    lengths: torch.Tensor
    words: torch.Tensor
    commanded: list[tuple[int, ...]]

    def to(self, device: torch.device) -> "TokenBatch":
        return replace(
            self,
            codes=self.codes.to(device),
            lengths=self.lengths.to(device),
            words=self.words.to(device),
        )


def batches(
    store: TokenStore,
    texts: Texts,
    size: int,
    longest: int,
    mix: Mix,
    rng: np.random.Generator,
) -> Iterator[TokenBatch]:
    """Endless shuffled batches of clips of similar length, a random text for each clip.

    Clips longer than ``longest`` token frames are left out. Raises LimberError where the mix wants
    clips that the store does not have.
    """
    lengths = np.diff(store.starts)
    usable = np.flatnonzero(lengths <= longest)
    while True:
        clips = in_share(usable, store, is_long, mix.long, rng)
        clips = in_share(clips, store, is_real, mix.real, rng)
        # Sorting by length inside large shuffled pools keeps padding low and batches mixed.
        order = rng.permutation(clips)
        pools = np.array_split(order, max(1, len(order) // (size * 32)))
        chunks = []
        for pool in pools:
            pool = pool[np.argsort(lengths[pool] + rng.uniform(0, 2, len(pool)))]
            chunks += [pool[i : i + size] for i in range(0, len(pool) - size + 1, size)]
        for i in rng.permutation(len(chunks)):
            drawn = [texts.draw(clip, mix.commands, rng) for clip in chunks[i]]
            yield _batch(store, chunks[i], drawn)


def is_real(actions: list[dict]) -> bool:
    """Whether a clip is a recording: nobody knows the actions of those."""
    return not actions


def is_long(actions: list[dict]) -> bool:
    """Whether a clip is a long motion."""
    return len({action["beat"] for action in actions}) >= LONG_BEATS


def in_share(
    clips: np.ndarray,
    store: TokenStore,
    belongs: Callable[[list[dict]], bool],
    share: float | None,
    rng: np.random.Generator,
) -> np.ndarray:
    """The ``clips`` with those whose actions ``belong`` repeated or left out at random until they
    make up ``share``; as they are without one."""
    if share is None:
        return clips
    chosen = np.array([belongs(store.actions[clip]) for clip in clips], dtype=bool)
    others, some = clips[~chosen], rng.permutation(clips[chosen])
    wanted = round(len(others) * share / (1.0 - share))
    if wanted and not len(some):
        raise LimberError(f"--share: no clip of these tokens {belongs.__name__.replace('_', ' ')}.")
    return np.concatenate([others, np.resize(some, wanted)])


def _batch(store: TokenStore, clips: np.ndarray, texts: list[Text]) -> TokenBatch:
    rows = [store.codes[store.span(i)] for i in clips]
    codes = np.zeros((len(rows), max(map(len, rows)), rows[0].shape[1]), dtype=np.int64)
    words = np.full((len(rows), max(len(text.words) for text in texts)), -1, dtype=np.int64)
    for i, (row, text) in enumerate(zip(rows, texts)):
        codes[i, : len(row)] = row
        words[i, : len(text.words)] = text.words
    lengths = torch.tensor([len(row) for row in rows])
    commanded = [text.commanded for text in texts]
    return TokenBatch(clips, torch.from_numpy(codes), lengths, torch.from_numpy(words), commanded)

"""Batches of captioned codes for the token model."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from .texts import Text, Texts
from .tokens import TokenStore


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
    commands_share: float,
    rng: np.random.Generator,
) -> Iterator[TokenBatch]:
    """Endless shuffled batches of clips of similar length, a random text for each clip.

    Clips longer than ``longest`` token frames are left out.
    """
    lengths = np.diff(store.starts)
    usable = np.flatnonzero(lengths <= longest)
    while True:
        # Sorting by length inside large shuffled pools keeps padding low and batches mixed.
        order = rng.permutation(usable)
        pools = np.array_split(order, max(1, len(order) // (size * 32)))
        chunks = []
        for pool in pools:
            pool = pool[np.argsort(lengths[pool] + rng.uniform(0, 2, len(pool)))]
            chunks += [pool[i : i + size] for i in range(0, len(pool) - size + 1, size)]
        for i in rng.permutation(len(chunks)):
            drawn = [texts.draw(clip, commands_share, rng) for clip in chunks[i]]
            yield _batch(store, chunks[i], drawn)


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

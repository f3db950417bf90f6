"""Clips as codes with their captions, and batches of them for the token model.

    python -m training.tokens --codec runs/codec --mocap prepared/ --corpus corpus/ --out tokens/
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from motion_engine.codecs.prq import PRQ
from motion_engine.configuration import PRQConfig
from motion_engine.features import encode_features
from motion_engine.model_folder import ModelFolder
from motion_engine.motion import Motion

from .captioned_clips import CaptionedClip, captioned_clips
from .run import load_checkpoint


@dataclass
class TokenStore:
    """``codes [N, K]`` int16 of all clips end to end, clip i at ``starts[i]:starts[i+1]``, and the
    ``captions`` and ``actions`` of each (see :class:`CaptionedClip`)."""

    codes: np.ndarray
    starts: np.ndarray
    captions: list[list[str]]
    actions: list[list[dict]]

    def clip(self, index: int) -> np.ndarray:
        return self.codes[self.starts[index] : self.starts[index + 1]]

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "codes.npy", self.codes)
        np.save(folder / "starts.npy", self.starts)
        for name in ("captions", "actions"):
            text = json.dumps(getattr(self, name))
            (folder / f"{name}.json").write_text(text, encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> "TokenStore":
        return TokenStore(
            np.load(folder / "codes.npy", allow_pickle=False),
            np.load(folder / "starts.npy", allow_pickle=False),
            *(
                json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
                for name in ("captions", "actions")
            ),
        )


def load_codec(folder: Path) -> PRQ:
    """The codec of a training run, or of an exported model such as ``assets/default``."""
    if (folder / "config.json").is_file():
        model = ModelFolder.open(str(folder))
        codec = PRQ(model.codec)
        weights = {n: torch.from_numpy(w.copy()) for n, w in model.codec_weights().items()}
        codec.load_state_dict(weights, strict=False)
        return codec.eval()
    checkpoint = load_checkpoint(folder)
    codec = PRQ(PRQConfig(**checkpoint["config"]))
    codec.load_state_dict(checkpoint["model"])
    return codec.eval()


def clip_codes(codec: PRQ, motion: Motion) -> np.ndarray:
    """Codes ``[T, K]`` int16 of one clip."""
    features = encode_features(motion, codec.config.layout)
    return codec.encode(features[None])[0].T.astype(np.int16)


def tokenized(codec_folder: Path, clips: Iterable[CaptionedClip]) -> TokenStore:
    """Encode clips with two worker processes."""
    rows, captions, actions = [], [], []
    with Pool(2, _start_worker, (codec_folder,)) as pool:
        for codes, clip_captions, clip_actions in tqdm(
            pool.imap(_work, clips, chunksize=16), unit="clip"
        ):
            rows.append(codes)
            captions.append(clip_captions)
            actions.append(clip_actions)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return TokenStore(np.concatenate(rows), starts, captions, actions)


def _start_worker(codec_folder: Path) -> None:
    global _worker_codec
    torch.set_num_threads(1)
    _worker_codec = load_codec(codec_folder)


def _work(clip: CaptionedClip) -> tuple[np.ndarray, list[str], list[dict]]:
    return clip_codes(_worker_codec, clip.motion), clip.captions, clip.actions


@dataclass
class TokenBatch:
    """``clips [B]`` of the store, their ``codes [B, T, K]``, ``lengths [B]``, and ``words [B, N]``,
    ids padded with -1."""

    clips: np.ndarray
    codes: torch.Tensor
    lengths: torch.Tensor
    words: torch.Tensor


def batches(
    store: TokenStore,
    word_ids: list[list[list[int]]],
    size: int,
    longest: int,
    rng: np.random.Generator,
) -> Iterator[TokenBatch]:
    """Endless shuffled batches of clips of similar length; a random caption for each clip.

    ``word_ids`` are the tokenized captions of every clip; clips longer than ``longest`` token
    frames are left out.
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
            yield _batch(store, word_ids, chunks[i], rng)


def _batch(
    store: TokenStore, word_ids: list[list[list[int]]], clips: np.ndarray, rng: np.random.Generator
) -> TokenBatch:
    rows = [store.clip(i) for i in clips]
    texts = [word_ids[i][rng.integers(len(word_ids[i]))] for i in clips]
    codes = np.zeros((len(rows), max(map(len, rows)), rows[0].shape[1]), dtype=np.int64)
    words = np.full((len(rows), max(map(len, texts))), -1, dtype=np.int64)
    for i, (row, text) in enumerate(zip(rows, texts)):
        codes[i, : len(row)] = row
        words[i, : len(text)] = text
    lengths = torch.tensor([len(row) for row in rows])
    return TokenBatch(clips, torch.from_numpy(codes), lengths, torch.from_numpy(words))


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codec", type=Path, required=True, help="a codec run, or a model's folder")
    parser.add_argument("--mocap", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(given)
    store = tokenized(options.codec, captioned_clips(options.mocap, options.corpus))
    store.save(options.out)
    print(f"{len(store.captions)} clips, {len(store.codes)} token frames")


if __name__ == "__main__":
    main()

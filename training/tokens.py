"""Clips as codes with their captions.

python -m training.tokens --codec runs/codec --mocap prepared/ --corpus corpus/ --out tokens/
"""

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from motion_engine.codecs.flow_codec import FlowCodec
from motion_engine.codecs.members import coarse_codec
from motion_engine.codecs.torch_codec import TorchCodec
from motion_engine.codecs.torch_member import load_torch_codec
from motion_engine.features import encode_features, heading_angles
from motion_engine.models.model_folder import ModelFolder
from motion_engine.motion import Motion

from .captioned_clips import CaptionedClip, captioned_clips
from .codec_runs import load_run

_ARRAYS = ("codes", "poses", "roots", "starts")
_TEXTS = ("captions", "part_captions", "actions")


@dataclass
class TokenStore:
    """All clips end to end, clip i at ``starts[i]:starts[i+1]``, N token frames in all.

    ``codes [N, K]`` int16, or int32 for larger codebooks; at the first motion frame of every token
    frame ``poses [N, pose_size]`` float16, normalized pose features, and ``roots [N, 3]`` float32,
    x and y in metres and heading in radians; ``captions``, ``part_captions`` and ``actions`` of
    each clip (see :class:`CaptionedClip`).
    """

    codes: np.ndarray
    poses: np.ndarray
    roots: np.ndarray
    starts: np.ndarray
    captions: list[list[str]]
    part_captions: list[list[str]]
    actions: list[list[dict]]

    def span(self, index: int) -> slice:
        """Where clip ``index`` lies."""
        return slice(self.starts[index], self.starts[index + 1])

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        for name in _TEXTS:
            text = json.dumps(getattr(self, name))
            (folder / f"{name}.json").write_text(text, encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> "TokenStore":
        arrays = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in _ARRAYS
        }
        texts = {
            name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            for name in _TEXTS
        }
        return TokenStore(**arrays, **texts)


@dataclass
class TokenClip:
    """Rows of one clip in a :class:`TokenStore`: ``codes``, ``poses`` and ``roots``."""

    codes: np.ndarray
    poses: np.ndarray
    roots: np.ndarray


def load_codec(folder: Path) -> TorchCodec | FlowCodec:
    """The codec of a training run, or of an exported model such as ``assets/default``."""
    if (folder / "config.json").is_file():
        return load_torch_codec(ModelFolder.open(str(folder)))
    return load_run(folder)


def token_clip(codec: TorchCodec, motion: Motion) -> TokenClip:
    """One clip in token frames; what is left of a last, incomplete one is dropped."""
    layout, span = codec.config.layout, codec.downsampling
    features = encode_features(motion, layout)
    features = features[: len(features) // span * span]
    pose = slice(0, layout.pose_size)
    mean, std = codec.mean.numpy()[pose], codec.std.numpy()[pose]
    heading = heading_angles(motion.local_rotations[:, 0])[: len(features)]
    place = motion.root_positions[: len(features), :2]
    fits = codec.cardinality <= np.iinfo(np.int16).max + 1
    return TokenClip(
        codec.encode(features[None])[0].T.astype(np.int16 if fits else np.int32),
        ((features[::span, pose] - mean) / std).astype(np.float16),
        np.column_stack([place, heading])[::span].astype(np.float32),
    )


def tokenized(codec_folder: Path, clips: Iterable[CaptionedClip]) -> TokenStore:
    """Encode clips with two worker processes."""
    rows: list[TokenClip] = []
    texts: list[tuple[list, list, list]] = []
    with Pool(2, _start_worker, (codec_folder,)) as pool:
        for clip, clip_texts in tqdm(pool.imap(_work, clips, chunksize=16), unit="clip"):
            rows.append(clip)
            texts.append(clip_texts)
    arrays = {
        name: np.concatenate([getattr(row, name) for row in rows])
        for name in ("codes", "poses", "roots")
    }
    starts = np.concatenate([[0], np.cumsum([len(row.codes) for row in rows])])
    return TokenStore(**arrays, starts=starts, **dict(zip(_TEXTS, map(list, zip(*texts)))))


def _start_worker(codec_folder: Path) -> None:
    global _worker_codec
    torch.set_num_threads(1)
    _worker_codec = coarse_codec(load_codec(codec_folder))


def _work(clip: CaptionedClip) -> tuple[TokenClip, tuple[list, list, list]]:
    texts = clip.captions, clip.part_captions, clip.actions
    return token_clip(_worker_codec, clip.motion), texts


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--codec", type=Path, required=True, help="a codec run, or a model's folder"
    )
    parser.add_argument("--mocap", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(given)
    store = tokenized(options.codec, captioned_clips(options.mocap, options.corpus))
    store.save(options.out)
    print(f"{len(store.captions)} clips, {len(store.codes)} token frames")


if __name__ == "__main__":
    main()

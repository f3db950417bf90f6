"""Windows of real and procedural motion that codecs and flow decoders are trained on."""

import argparse
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from motion_engine.features import FeatureLayout
from motion_engine.skeleton import BODY_JOINTS

from .corpus_store import corpus_motions
from .data import FeatureCache, feature_statistics, real_motions

REST_6D = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
FRAMES_PER_TOKEN = 4


def add_window_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("data")
    group.add_argument("--mocap", type=Path, required=True, help="folder of training.prepare")
    group.add_argument("--corpus", type=Path, nargs="+", help="folders of training.corpus")
    group.add_argument("--corpus-clips", type=int, default=2500, help="clips used of each corpus")
    group.add_argument("--batch", type=int, default=48)
    group.add_argument("--frames", type=int, default=64, help="window length")
    group.add_argument("--shortest-frames", type=int, metavar="N",
                       help="draw the length of each batch's windows, from N to --frames")  # fmt: skip
    group.add_argument("--real-share", type=float, default=0.5, help="share of real windows")


class CodecWindows:
    """All clips in memory: ``real`` and ``corpus`` to train on, ``held_out`` to judge by."""

    def __init__(self, options: argparse.Namespace, layout: FeatureLayout):
        self.options, self.layout = options, layout
        self.real = FeatureCache.of(real_motions(options.mocap, False, mirrored=True), layout)
        self.held_out = FeatureCache.of(real_motions(options.mocap, True), layout)
        self.corpus = None
        if options.corpus:
            motions = (corpus_motions(path, options.corpus_clips) for path in options.corpus)
            self.corpus = FeatureCache.of(chain.from_iterable(motions), layout)

    def statistics(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and spread ``[D]`` of what is trained on."""
        caches = [cache for cache in (self.real, self.corpus) if cache is not None]
        return feature_statistics(caches, self.layout)

    def batch(self, rng: np.random.Generator) -> np.ndarray:
        """Raw windows ``[B, F, D]``, real and made, of one length."""
        options, frames = self.options, self.options.frames
        if options.shortest_frames is not None:
            shortest = max(min(options.shortest_frames, frames) // FRAMES_PER_TOKEN, 1)
            frames = FRAMES_PER_TOKEN * int(rng.integers(shortest, frames // FRAMES_PER_TOKEN + 1))
        real = options.batch if self.corpus is None else round(options.batch * options.real_share)
        windows = [self.real.windows(real, frames, rng)]
        if real < options.batch:
            windows.append(self.corpus.windows(options.batch - real, frames, rng))
        return np.concatenate(windows)


def known_columns(features: np.ndarray, layout: FeatureLayout) -> np.ndarray:
    """Whether the pose columns of raw windows ``[B, F, D]`` carry something, ``[B, 1, pose_size]``.

    Mocap without hands has all fingers at rest, exactly, in every frame; nobody's hands are so.
    """
    known = np.ones((len(features), 1, layout.pose_size), dtype=bool)
    fingers = layout.joints - BODY_JOINTS
    if fingers:
        stop = layout.slices["rotations"].stop
        columns = slice(stop - 6 * fingers, stop)
        at_rest = np.abs(features[..., columns] - np.tile(REST_6D, fingers)).max((1, 2)) < 1e-3
        known[at_rest, :, columns] = False
    return known


def without_unknown(decoded: Tensor, target: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
    """Decoded and target pose features between which columns that are not ``known`` count nothing:
    neither differ there, nor get a gradient."""
    ignored = decoded.detach()
    return torch.where(known, decoded, ignored), torch.where(known, target, ignored)

"""The clips that codecs are judged by: whole subjects held out, hands, and procedural ones."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from motion_engine.errors import LimberError
from motion_engine.features import FeatureLayout, encode_features
from motion_engine.motion import Motion

from .codec_windows import FRAMES_PER_TOKEN, known_columns
from .corpus import make_clip
from .grammar.real_library import load_library

LONGEST_FRAMES, SHORTEST_FRAMES = 256, 8
PROCEDURAL_SEED = 20_000
HANDS = ("mesh2motion/bow", "mesh2motion/dance-charleston", "mesh2motion/victory")
"""Held-out real clips whose fingers move."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a clip: raw ``features [F, D]``, and whether its hands are known."""

    name: str
    features: np.ndarray
    has_hands: bool


def judged_clips(mocap: Path, procedural: int, layout: FeatureLayout) -> dict[str, list[Piece]]:
    """``real``, ``hands`` (those of HANDS that are there) and ``procedural`` clips in pieces of at
    most 256 frames; raises LimberError where none are held out."""
    index = Path(mocap) / "index.json"
    if not index.is_file():
        raise LimberError(f"{mocap}: no index.json; run `python -m training.prepare` first.")
    names = [
        entry["clip"]
        for entry in json.loads(index.read_text(encoding="utf-8"))
        if entry["held_out"]
    ]
    real = {name: Motion.load(Path(mocap) / f"{name}.npz") for name in names}
    if not real:
        raise LimberError(f"{mocap}: holds no held-out clips; prepare all of the data.")
    library = load_library(Path(mocap)) if procedural else None
    made = {
        f"procedural/{i}": make_clip(i, PROCEDURAL_SEED, library).motion for i in range(procedural)
    }
    hands = {name: motion for name, motion in real.items() if name in HANDS}
    sets = {"real": real, "hands": hands, "procedural": made}
    return {
        kind: [piece for name, motion in clips.items() for piece in pieces(name, motion, layout)]
        for kind, clips in sets.items()
        if clips
    }


def pieces(name: str, motion: Motion, layout: FeatureLayout) -> Iterator[Piece]:
    """A clip cut into whole token frames, at most LONGEST_FRAMES at once."""
    features = encode_features(motion, layout)
    features = features[: len(features) // FRAMES_PER_TOKEN * FRAMES_PER_TOKEN]
    has_hands = bool(known_columns(features[None], layout).all())
    for start in range(0, len(features) - SHORTEST_FRAMES + 1, LONGEST_FRAMES):
        stop = min(start + LONGEST_FRAMES, len(features))
        if stop - start >= SHORTEST_FRAMES:
            yield Piece(f"{name}@{start}", features[start:stop], has_hands)

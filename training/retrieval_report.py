"""Real, procedural and generated clips side by side in the retrieval evaluator's space:
``python -m training.evaluate --retrieval RUN --corpus CORPUS --real PREPARED``."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.locations import asset
from motion_engine.models.model import Model, generate_motions
from motion_engine.motion import Motion

from .retrieval_clips import RetrievalClips, clip_features, corpus_clips, gathered, real_clips
from .retrieval_metrics import Interval, diversity, frechet, pool_size, r_precision
from .retrieval_model import RetrievalModel
from .train_retrieval import load_retrieval, padded_motions, torch_words

AT_ONCE = 32

Generate = Callable[[list[Command]], list[Motion]]


def run_retrieval(
    model: Model, run: Path, corpus: Path, prepared: Path, clips: int = 150, seed: int = 0
) -> dict:
    """Print and return R-precision, Fréchet distances and diversity of held-out real clips, of
    procedural clips of an unused seed, and of what the model generates from their captions.

    The Fréchet distance of procedural and generated clips is to as many other procedural clips, and
    to the real ones. Raises LimberError where a corpus is too small.
    """
    evaluator = load_retrieval(run)
    procedural = list(corpus_clips(corpus, 2 * clips))
    if len(procedural) < 2 * clips:
        raise LimberError(f"{corpus}: {len(procedural)} short clips; {2 * clips} are needed.")
    asked, others = procedural[:clips], procedural[clips:]
    sets = {
        "real": gathered(real_clips(prepared, held_out=True)),
        "procedural": gathered(asked),
        "generated": generated(lambda c: generate_motions(c, model), asked, seed),
    }
    reference = embedded(evaluator, gathered(others))[0]
    return measured(evaluator, sets, reference)


def generated(
    generate: Generate, asked: list[tuple[Motion, list[str]]], seed: int
) -> RetrievalClips:
    """Clips of the first caption of each, as long as the original."""
    features, captions = [], []
    for first in range(0, len(asked), AT_ONCE):
        batch = asked[first : first + AT_ONCE]
        commands = [
            Command(texts[0], seconds=motion.seconds, seed=seed + first + i)
            for i, (motion, texts) in enumerate(batch)
        ]
        features += [clip_features(motion) for motion in generate(commands)]
        captions += [texts for _, texts in batch]
    return RetrievalClips(features, captions)


def measured(
    evaluator: RetrievalModel, sets: dict[str, RetrievalClips], reference: np.ndarray
) -> dict:
    """All figures of each set of clips, printed as a table."""
    points = {name: embedded(evaluator, clips) for name, clips in sets.items()}
    rows = {}
    for name, clips in sets.items():
        motions, texts = points[name]
        groups = ["; ".join(sorted(captions)) for captions in clips.captions]
        found = r_precision(motions, texts, groups)
        rows[name] = {
            "clips": len(clips),
            "pool": pool_size(groups),
            **{f"top_{top}": value for top, value in found.items()},
            "frechet_to_procedural": None if name == "real" else frechet(motions, reference),
            "frechet_to_real": None if name == "real" else frechet(motions, points["real"][0]),
            "diversity": diversity(motions),
        }
    print(retrieval_table(rows))
    return {"rows": rows}


@torch.inference_mode()
def embedded(evaluator: RetrievalModel, clips: RetrievalClips) -> tuple[np.ndarray, np.ndarray]:
    """Points of the motions and of the first caption of each, ``[N, space]``."""
    vocabulary = Vocabulary.load(asset("vocabulary"))
    motions, texts = [], []
    for first in range(0, len(clips), AT_ONCE):
        rows = slice(first, first + AT_ONCE)
        motions.append(evaluator.embed_motion(*padded_motions(clips.features[rows])))
        said = [captions[0] for captions in clips.captions[rows]]
        texts.append(evaluator.embed_text(*torch_words(vocabulary, said)))
    return torch.cat(motions).double().numpy(), torch.cat(texts).double().numpy()


def retrieval_table(rows: dict[str, dict]) -> str:
    """One line per set of clips; intervals in brackets."""
    columns = (
        ("top 1", "top_1"), ("top 2", "top_2"), ("top 3", "top_3"),
        ("Fréchet, procedural", "frechet_to_procedural"), ("Fréchet, real", "frechet_to_real"),
        ("diversity", "diversity"),
    )  # fmt: skip
    lines = [f"{'':<12}{'clips':>6}{'pool':>6}" + "".join(f"{name:>24}" for name, _ in columns)]
    for name, row in rows.items():
        cells = "".join(f"{_cell(row[key]):>24}" for _, key in columns)
        lines.append(f"{name:<12}{row['clips']:>6}{row['pool']:>6}{cells}")
    return "\n".join(lines)


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return "-"
    value, low, high = interval
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"

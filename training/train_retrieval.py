"""Train the retrieval evaluator; resumable, minutes on one core.

    python -m training.train_retrieval --mocap prepared/ --corpus corpus/ --out runs/retrieval

It learns from real clips that are not held out and from the procedural corpus, and is of no use but
to measure: its weights do not ship.
"""

import argparse
import itertools
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from motion_engine.language.vocabulary import Vocabulary, padded_words
from motion_engine.locations import asset

from .retrieval_clips import (
    FEATURES,
    RetrievalClips,
    corpus_clips,
    gathered,
    load_clips,
    real_clips,
    save_clips,
)
from .retrieval_model import RetrievalConfig, RetrievalModel
from .run import Checkpoint, Log, Schedule, exit_status, load_checkpoint, optimizer_of

REPORT_STEPS, SAVE_STEPS = 50, 250


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mocap", type=Path, required=True, help="folder of training.prepare")
    parser.add_argument("--corpus", type=Path, required=True, help="folder of training.corpus")
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--clips", type=int, default=6000, help="of the corpus")
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(given)


def load_retrieval(run: Path) -> RetrievalModel:
    """The evaluator of a run, ready to use; raises LimberError where there is none."""
    state = load_checkpoint(run)
    model = RetrievalModel(RetrievalConfig(**state["config"]))
    model.load_state_dict(state["model"])
    return model.eval()


def training_clips(options: argparse.Namespace) -> RetrievalClips:
    """The clips to learn from, kept in the run's folder for the next time."""
    path = options.out / "clips.npz"
    if path.is_file():
        return load_clips(path)
    options.out.mkdir(parents=True, exist_ok=True)
    real = real_clips(options.mocap, held_out=False)
    clips = gathered(itertools.chain(real, corpus_clips(options.corpus, options.clips)))
    save_clips(clips, path)
    return clips


class RetrievalTrainer:
    """The training state and one step of it."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.clips = training_clips(options)
        self.vocabulary = Vocabulary.load(asset("vocabulary"))
        torch.manual_seed(options.seed)
        self.model = RetrievalModel(RetrievalConfig(FEATURES, self.vocabulary.width))
        self.model.set_scales(torch.from_numpy(np.concatenate(self.clips.features)))
        self.optimizer = optimizer_of(self.model.parameters(), weight_decay=0.05)
        self.checkpoint = Checkpoint(options.out, self.model.settings())
        self.first_step = self.checkpoint.restore(self.model, self.optimizer)

    def run(self) -> None:
        """Train to the end of the schedule, with reports and checkpoints on the way."""
        options, log = self.options, Log(self.options.out)
        schedule = Schedule(options.rate, options.steps, options.minutes, warmup=100)
        step, losses = self.first_step, []
        while schedule.progress(step) < 1.0:
            for group in self.optimizer.param_groups:
                group["lr"] = schedule.rate(step)
            losses.append(self.step(step))
            step += 1
            if step % REPORT_STEPS == 0:
                log.write(step, loss=np.mean(losses))
                losses = []
            if step % SAVE_STEPS == 0:
                self.checkpoint.save(step, self.model, self.optimizer)
        self.checkpoint.save(step, self.model, self.optimizer)

    def step(self, step: int) -> float:
        rng = np.random.default_rng([self.options.seed, step])
        size = min(self.options.batch, len(self.clips))
        chosen = rng.choice(len(self.clips), size=size, replace=False)
        texts = [_drawn(self.clips.captions[clip], rng) for clip in chosen]
        features = [self.clips.features[clip] for clip in chosen]
        motions = self.model.embed_motion(*padded_motions(features))
        words = self.model.embed_text(*torch_words(self.vocabulary, texts))
        loss = self.model.loss(motions, words, torch.from_numpy(_same(self.clips, chosen, texts)))
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return float(loss.detach())


def padded_motions(features: list[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    """``[B, T, FEATURES]``, zero behind the shorter ones, and lengths ``[B]``."""
    lengths = torch.tensor([len(one) for one in features])
    return pad_sequence([torch.from_numpy(one) for one in features], batch_first=True), lengths


def torch_words(vocabulary: Vocabulary, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Word vectors ``[B, N, E]`` and which are words ``[B, N]``."""
    vectors, known = padded_words(vocabulary, texts)
    return torch.from_numpy(vectors), torch.from_numpy(known)


def _same(clips: RetrievalClips, chosen: np.ndarray, texts: list[str]) -> np.ndarray:
    """Pairs ``[B, B]`` of clips (rows) and texts (columns) that belong together by caption."""
    captions = [set(clips.captions[clip]) for clip in chosen]
    return np.array([[text in known for text in texts] for known in captions])


def _drawn(texts: list[str], rng: np.random.Generator) -> str:
    return texts[rng.integers(len(texts))]


def main(given: list[str] | None = None) -> int:
    options = arguments(given)
    return exit_status(lambda: RetrievalTrainer(options).run())


if __name__ == "__main__":
    sys.exit(main())

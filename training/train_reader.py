"""Train the reader, which tells from codes what is done when; resumable.

python -m training.train_reader --codec runs/codec --tokens tokens/ --out runs/reader
"""

import argparse
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from motion_engine.models.configuration import ReaderConfig
from motion_engine.models.devices import find_device

from .action_labels import labels_in, plan_of
from .reader_network import ReaderNetwork
from .run import Checkpoint, HiddenMatrixOptimizer, Log, Schedule, exit_status, run_to_the_end
from .tokens import TokenStore, load_codec

LONGEST = 80
"""Token frames of a crop."""
NOISE, WITHOUT_PART = 0.5, 0.1
"""Generated codes are rougher than those of clips: most noise, relative to a vector, and how often
a part is not seen at all."""


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--tokens", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--minutes", type=float, default=30.0, help="stop here at the latest")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3, help="peak learning rate")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(given)


class ReaderTrainer:
    """The training state and one step of it."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.device = find_device(options.device)
        torch.manual_seed(options.seed)
        self.codec = load_codec(options.codec)
        self.vectors = self.codec.code_vectors()
        self.store = TokenStore.load(options.tokens)
        self.told = np.array([i for i, actions in enumerate(self.store.actions) if actions])
        self.labels = labels_in(self.store.actions)
        size = self.frame_vectors(self.store.codes[None, :1]).shape[-1]
        self.network = ReaderNetwork(ReaderConfig(), size, len(self.labels.names))
        self.network.to(self.device)
        hidden = [p for p in self.network.blocks.parameters() if p.ndim == 2]
        known = {id(matrix) for matrix in hidden}
        others = [p for p in self.network.parameters() if id(p) not in known]
        self.optimizer = HiddenMatrixOptimizer(hidden, others, weight_decay=0.05)
        config = asdict(self.network.config) | {"labels": asdict(self.labels)}
        self.checkpoint = Checkpoint(options.out, config)
        self.first_step = self.checkpoint.restore(self.network, self.optimizer)

    def frame_vectors(self, codes: np.ndarray) -> Tensor:
        """Code vectors ``[B, T, P * d]`` of ``codes [B, T, K]``, summed over the layers."""
        vectors = self.vectors.table[torch.from_numpy(codes.astype(np.int64))]
        vectors = vectors * self.vectors.gains[:, None]
        return vectors.unflatten(2, (-1, self.codec.config.layers)).sum(3).flatten(2)

    def draw(self, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Crops of random clips: ``vectors [B, T, P * d]``, ``lengths [B]``, and which labels hold,
        ``[B, T, L]``."""
        rate = self.codec.frame_rate
        spans, targets = [], []
        for clip in rng.choice(self.told, self.options.batch):
            span = self.store.span(clip)
            length = span.stop - span.start
            first = int(rng.integers(0, max(length - LONGEST, 0) + 1))
            length = min(length, LONGEST)
            spans.append(self.store.codes[span.start + first : span.start + first + length])
            middles = (np.arange(first, first + length) + 0.5) / rate
            plan = plan_of(self.store.actions[clip])
            targets.append(self.labels.now_and_next(plan, middles)[:, 0])
        lengths = np.array([len(span) for span in spans])
        codes = np.zeros((len(spans), lengths.max(), spans[0].shape[1]), dtype=np.int64)
        wanted = np.zeros((len(spans), lengths.max(), len(self.labels.names)), dtype=np.float32)
        for row, (span, target) in enumerate(zip(spans, targets)):
            codes[row, : len(span)], wanted[row, : len(span)] = span, target
        return self.frame_vectors(codes), torch.from_numpy(lengths), torch.from_numpy(wanted)

    def blurred(self, vectors: Tensor, rng: np.random.Generator) -> Tensor:
        """The vectors ``[B, T, P * d]`` with noise, and without some parts."""
        parts = vectors.unflatten(2, (-1, self.vectors.table.shape[1]))
        size = parts.square().mean().sqrt()
        strength = NOISE * size * torch.from_numpy(rng.random((len(parts), 1, 1, 1), np.float32))
        seen = torch.from_numpy(rng.random((len(parts), 1, parts.shape[2], 1)) >= WITHOUT_PART)
        return ((parts + strength * torch.randn_like(parts)) * seen).flatten(2)

    def step(self, step: int) -> dict[str, float]:
        rng = np.random.default_rng([self.options.seed, step])
        torch.manual_seed(self.options.seed * 1_000_003 + step)
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.rate(step)
        vectors, lengths, wanted = self.draw(rng)
        vectors = self.blurred(vectors, rng)
        vectors, lengths, wanted = (x.to(self.device) for x in (vectors, lengths, wanted))
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.network(vectors, lengths)
        real = torch.arange(wanted.shape[1], device=self.device) < lengths[:, None]
        logits, wanted = logits[real].float(), wanted[real]
        loss = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none").sum(-1).mean()
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        read, said = logits.detach() > 0.0, wanted > 0.0
        both = (read & said).sum()
        return {
            "loss": float(loss.detach()),
            "found": float(both / said.sum().clamp(min=1)),
            "true": float(both / read.sum().clamp(min=1)),
        }

    def run(self) -> None:
        """Train to the end of the schedule, with reports and checkpoints on the way."""
        options, log = self.options, Log(self.options.out)
        self.schedule = Schedule(options.rate, options.steps, options.minutes)
        save = partial(self.checkpoint.save, model=self.network, optimizer=self.optimizer)
        run_to_the_end(self.step, self.first_step, self.schedule, log, save)


def main(given: list[str] | None = None) -> int:
    return exit_status(lambda: ReaderTrainer(arguments(given)).run())


if __name__ == "__main__":
    sys.exit(main())

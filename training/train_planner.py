"""Train the planner, which writes from a sentence what is done when; resumable.

python -m training.train_planner --codec runs/codec --tokens tokens/ --out runs/planner
"""

import argparse
import sys
from collections import Counter, deque
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from motion_engine.generation.plan_tokens import MOST_TOKENS, TIMES, PlanTokens, time_step
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.locations import asset
from motion_engine.models.configuration import PlannerConfig
from motion_engine.models.devices import find_device

from .action_labels import labels_in
from .other_words import OtherWords
from .planner_network import PlannerNetwork
from .planner_texts import PlannedText, PlannerTexts
from .run import Checkpoint, Log, Schedule, exit_status, run_to_the_end
from .tokens import TokenStore, load_codec

TIME_WEIGHT = 0.3
WORD_NOISE = 0.3
ASKED_LENGTH_SHARE = 0.7
NEW_SHARE = 0.4
"""Of a batch; writing sentences costs as much as learning from them, so that the rest are some of
those that were written shortly before."""
REMEMBERED = 4096
LISTENED = 4000
"""So many sentences tell which words are taught."""
PARTS = 4
"""A batch is learnt from in so many parts, short sentences first, so that little is padded."""


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--tokens", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--minutes", type=float, default=30.0, help="stop here at the latest")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(given)


class PlannerTrainer:
    """The training state and one step of it."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.device = find_device(options.device)
        torch.manual_seed(options.seed)
        store = TokenStore.load(options.tokens)
        vocabulary = Vocabulary.load(asset("vocabulary"))
        self.vectors = torch.from_numpy(vocabulary.vectors)
        self.tokens = PlanTokens(labels_in(store.actions))
        self.texts = PlannerTexts(store, vocabulary, load_codec(options.codec).frame_rate)
        listened = np.random.default_rng(options.seed)
        taught = Counter(w for _ in range(LISTENED) for w in self.texts.draw(listened).words)
        self.other_words = OtherWords(vocabulary, taught)
        self.config = PlannerConfig()
        self.network = PlannerNetwork(self.config, vocabulary.width, self.tokens.size)
        self.network.to(self.device)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), weight_decay=0.05)
        labels = asdict(self.tokens.labels)
        self.checkpoint = Checkpoint(options.out, asdict(self.config) | {"labels": labels})
        self.first_step = self.checkpoint.restore(self.network, self.optimizer)
        self.drawn: deque[PlannedText] = deque(maxlen=REMEMBERED)

    def step(self, step: int) -> dict[str, float]:
        rng = np.random.default_rng([self.options.seed, step])
        torch.manual_seed(self.options.seed * 1_000_003 + step)
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.rate(step)
        drawn = self.draw(rng)
        drawn.sort(key=lambda text: len(text.words) + len(self.plan_ids(text)))
        sums: dict[str, float] = {}
        self.optimizer.zero_grad()
        for part in np.array_split(np.arange(len(drawn)), PARTS):
            with torch.autocast(self.device.type, torch.bfloat16):
                figures = self.loss([drawn[i] for i in part], rng)
            share = len(part) / len(drawn)
            (share * (figures["labels"] + TIME_WEIGHT * figures["times"])).backward()
            for name, value in figures.items():
                sums[name] = sums.get(name, 0.0) + share * float(value.detach())
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        return sums

    def draw(self, rng: np.random.Generator) -> list[PlannedText]:
        """A batch: new sentences, and some of the last ones again."""
        batch = self.options.batch
        new = batch if len(self.drawn) < 4 * batch else round(NEW_SHARE * batch)
        drawn = [self.texts.draw(rng) for _ in range(new)]
        again = [self.drawn[i] for i in rng.integers(0, max(1, len(self.drawn)), batch - new)]
        self.drawn.extend(drawn)
        return drawn + again

    def loss(self, drawn: list[PlannedText], rng: np.random.Generator) -> dict[str, Tensor]:
        """Mean cross-entropies of the plans' labels and of their times, and how many plans have
        all labels right where each token knows the true ones before it."""
        words = padded([self.other_words.said(text.words, rng) for text in drawn], -1)
        plans = padded([self.plan_ids(text) for text in drawn], -1)
        asked = [t.has_spare_time or rng.random() < ASKED_LENGTH_SHARE for t in drawn]
        lengths = [time_step(t.seconds) if a else TIMES for t, a in zip(drawn, asked)]
        vectors = self.vectors[words.clamp(min=0)]
        size = vectors.norm(dim=-1, keepdim=True) / vectors.shape[-1] ** 0.5
        noise = 2.0 * WORD_NOISE * torch.rand(len(drawn), 1, 1) * size
        vectors = vectors + noise * torch.randn_like(vectors)
        logits = self.network(
            vectors.to(self.device),
            (words >= 0).to(self.device),
            torch.tensor(lengths, device=self.device),
            plans.clamp(min=0).to(self.device),
        ).float()
        wanted = plans.to(self.device)
        entropy = F.cross_entropy(
            logits.flatten(0, 1), wanted.flatten(), ignore_index=-1, reduction="none"
        ).view_as(wanted)
        is_time, is_label = (wanted >= 0) & (wanted < TIMES), wanted >= TIMES
        right = (logits.argmax(-1) == wanted) | ~is_label
        return {
            "labels": (entropy * is_label).sum() / len(drawn),
            "times": (entropy * is_time).sum() / len(drawn),
            "right": right.all(-1).float().mean(),
        }

    def plan_ids(self, text: PlannedText) -> list[int]:
        if text.plan is None:
            return [self.tokens.unknown]
        return self.tokens.encode(text.plan, text.seconds)[:MOST_TOKENS]

    def run(self) -> None:
        """Train to the end of the schedule, with reports and checkpoints on the way."""
        options, log = self.options, Log(self.options.out)
        self.schedule = Schedule(options.rate, options.steps, options.minutes)
        save = partial(self.checkpoint.save, model=self.network, optimizer=self.optimizer)
        run_to_the_end(self.step, self.first_step, self.schedule, log, save)


def padded(rows: list[list[int]], value: int) -> Tensor:
    """Rows of different lengths as one tensor ``[B, N]``."""
    longest = max(map(len, rows))
    return torch.tensor([row + [value] * (longest - len(row)) for row in rows])


def main(given: list[str] | None = None) -> int:
    return exit_status(lambda: PlannerTrainer(arguments(given)).run())


if __name__ == "__main__":
    sys.exit(main())

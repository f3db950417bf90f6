"""What every training run shares: seeds, schedule, log, resumable checkpoints."""

import json
import math
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import torch

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done

LOG_STEPS, SAVE_STEPS = 50, 250


def optimizer_of(
    parameters: Iterable[torch.nn.Parameter], weight_decay: float = 0.01
) -> torch.optim.AdamW:
    """AdamW with decay on matrices only."""
    parameters = list(parameters)
    matrices = [p for p in parameters if p.ndim >= 2]
    others = [p for p in parameters if p.ndim < 2]
    groups = [
        {"params": matrices, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.98))


class HiddenMatrixOptimizer:
    """Muon for the matrices between a network's layers, AdamW for all else.

    Muon (K. Jordan, 2024) makes every step of a matrix orthogonal, scaled to AdamW's size (Liu et al.,
    2025), so that one learning rate serves both.
    """

    def __init__(
        self,
        hidden: Iterable[torch.nn.Parameter],
        others: Iterable[torch.nn.Parameter],
        weight_decay: float,
    ):
        muon = torch.optim.Muon(
            list(hidden), lr=1e-3, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"
        )
        self.optimizers = (muon, optimizer_of(others, weight_decay))
        self.param_groups = [group for one in self.optimizers for group in one.param_groups]

    def zero_grad(self) -> None:
        for optimizer in self.optimizers:
            optimizer.zero_grad()

    def step(self) -> None:
        for optimizer in self.optimizers:
            optimizer.step()

    def state_dict(self) -> list[dict]:
        return [optimizer.state_dict() for optimizer in self.optimizers]

    def load_state_dict(self, states: list[dict]) -> None:
        for optimizer, state in zip(self.optimizers, states, strict=True):
            optimizer.load_state_dict(state)
        self.param_groups = [group for one in self.optimizers for group in one.param_groups]


AnyOptimizer = torch.optim.Optimizer | HiddenMatrixOptimizer


def load_checkpoint(folder: Path) -> dict:
    """``config``, ``step``, ``model`` and ``optimizer`` of a run's folder."""
    path = folder / "checkpoint.pt"
    if not path.is_file():
        raise LimberError(f"{path}: no such checkpoint; train there first.")
    return torch.load(path, map_location="cpu", weights_only=True)


class Checkpoint:
    """``checkpoint.pt`` in a run's folder: configuration, weights, optimizer and step."""

    def __init__(self, folder: Path, config: dict):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.config = folder, config
        self.path = folder / "checkpoint.pt"

    def save(self, step: int, model: torch.nn.Module, optimizer: AnyOptimizer) -> None:
        state = {
            "config": self.config,
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
        }
        with replaced_when_done(self.path) as temporary:
            torch.save(state, temporary)

    def restore(self, model: torch.nn.Module, optimizer: AnyOptimizer) -> int:
        """Continue from the saved step, or from zero where nothing was saved."""
        if not self.path.is_file():
            return 0
        state = load_checkpoint(self.folder)
        try:
            model.load_state_dict(state["model"])
        except RuntimeError as error:
            raise LimberError(
                f"{self.path} belongs to another configuration; choose a new --out."
            ) from error
        optimizer.load_state_dict(state["optimizer"])
        return state["step"]


class Log:
    """One JSON line per report in ``log.jsonl``, and the same line on the screen."""

    def __init__(self, folder: Path):
        self.path = folder / "log.jsonl"
        self.began = time.monotonic()

    def write(self, step: int, **figures: float) -> None:
        line = {"step": step, "minutes": round((time.monotonic() - self.began) / 60, 2)}
        line |= {name: round(float(value), 5) for name, value in figures.items()}
        text = json.dumps(line)
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(text + "\n")
        print(text, flush=True)


class Schedule:
    """Learning rate: linear warm-up, then a cosine down to a twentieth of the peak.

    The end is reached after ``steps`` or after ``minutes`` of this run, whichever comes first, so
    that a slow machine anneals as well.
    """

    def __init__(self, peak: float, steps: int, minutes: float, warmup: int = 200):
        self.peak, self.steps, self.warmup = peak, steps, warmup
        self.seconds = 60.0 * minutes
        self.began = time.monotonic()

    def progress(self, step: int) -> float:
        """Share of the run that is done, 0..1."""
        elapsed = (time.monotonic() - self.began) / self.seconds
        return min(max(step / self.steps, elapsed), 1.0)

    def rate(self, step: int) -> float:
        warm = min((step + 1) / self.warmup, 1.0)
        return (
            self.peak * warm * (0.05 + 0.95 * 0.5 * (1.0 + math.cos(math.pi * self.progress(step))))
        )


def run_to_the_end(
    work: Callable[[int], dict[str, float]],
    first_step: int,
    schedule: Schedule,
    log: Log,
    save: Callable[[int], object],
) -> None:
    """``work`` of one step after the other to the end of the schedule; the means of its figures are
    logged every LOG_STEPS, and all is saved every SAVE_STEPS and at the end."""
    step = first_step
    sums: dict[str, float] = {}
    while schedule.progress(step) < 1.0:
        for name, value in work(step).items():
            sums[name] = sums.get(name, 0.0) + value / LOG_STEPS
        step += 1
        if step % LOG_STEPS == 0:
            log.write(step, **sums)
            sums = {}
        if step % SAVE_STEPS == 0:
            save(step)
    save(step)


def exit_status(work: Callable[[], object]) -> int:
    """Exit status of a command that does some work: 2, with one line, where it was asked wrongly."""
    try:
        work()
    except LimberError as error:
        print(f"limber: {error}", file=sys.stderr)
        return 2
    return 0

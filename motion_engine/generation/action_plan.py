"""What is done when: the plan of a motion, as the token model hears it on the control track.

A sentence says which actions follow one another; a plan says at which second each of them starts
and stops. With the plan on the control track, the model need not guess at every token frame
whether to begin, go on or end: it hears what is done now, what comes next and how soon, and how
far the action of now has come.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from .control import CYCLES, TIMING_CHANNELS, ControlLayout

TIMING_SCALE_SECONDS = 5.0


@dataclass(frozen=True)
class PlannedAction:
    """``labels`` name the action, its verb first: ``("kick", "kick side left")``; done from
    ``start`` to ``stop`` seconds. ``odds`` are the probabilities with which its labels were planned:
    what the words leave open is low. Empty where all of them are certain."""

    labels: tuple[str, ...]
    start: float
    stop: float
    odds: tuple[float, ...] = field(default=(), compare=False)

    @property
    def verb(self) -> str:
        return self.labels[0]

    def shifted(self, seconds: float) -> "PlannedAction":
        """The same so much later."""
        return replace(self, start=self.start + seconds, stop=self.stop + seconds)


@dataclass(frozen=True)
class ActionLabels:
    """The labels that a model knows, in a fixed order, and which of its verbs move the legs or the
    whole body, the ``lower`` ones."""

    names: tuple[str, ...]
    lower: tuple[str, ...]

    @cached_property
    def index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def columns(self, action: PlannedAction) -> list[int]:
        """Columns of the action's labels; those that are not known are left out."""
        return [self.index[label] for label in action.labels if label in self.index]

    def odds(self, action: PlannedAction) -> list[float]:
        """With which probability each of the ``columns`` was planned."""
        odds = action.odds or (1.0,) * len(action.labels)
        return [p for label, p in zip(action.labels, odds) if label in self.index]

    def now_and_next(self, plan: Sequence[PlannedAction], middles: np.ndarray) -> np.ndarray:
        """1 where a label holds at ``middles [T]`` seconds, or of the actions that start next after
        them: ``[T, 2, L]``."""
        found = np.zeros((len(middles), 2, len(self.names)), dtype=np.float32)
        following = _next_start(plan, middles)
        for action in plan:
            columns = self.columns(action)
            now = (action.start <= middles) & (middles < action.stop)
            found[np.ix_(now, [0], columns)] = 1.0
            found[np.ix_(following == action.start, [1], columns)] = 1.0
        return found


def plan_control(
    layout: ControlLayout,
    labels: ActionLabels,
    plan: Sequence[PlannedAction],
    frames: int,
    frame_rate: float,
) -> np.ndarray:
    """Control ``[T, C]`` that tells a plan, and thereby that nothing else is done.

    For each token frame, at its middle: the labels of now; those of what starts next, by its nearness
    ``exp(-seconds until then)``; and for the lower and the upper body, of the action begun last,
    the seconds since its start and to its end, and its progress as sines and cosines of one to
    CYCLES rounds.
    """
    control = np.zeros((frames, layout.size), dtype=np.float32)
    told = control[:, layout.slices["plan"]]
    middles = (np.arange(frames) + 0.5) / frame_rate
    told[:, 0] = 1.0
    count = len(labels.names)
    now_and_next = labels.now_and_next(plan, middles)
    wait = np.minimum(_next_start(plan, middles) - middles, 1e3)
    told[:, 1 : 1 + count] = now_and_next[:, 0]
    told[:, 1 + count : 1 + 2 * count] = now_and_next[:, 1] * np.exp(-wait)[:, None]
    timing = told[:, 1 + 2 * count :].reshape(frames, 2, TIMING_CHANNELS)
    for action in sorted(plan, key=lambda action: action.start):
        now = (action.start <= middles) & (middles < action.stop)
        timing[now, int(action.verb in labels.lower)] = _timing(action, middles[now])
    return control


def _next_start(plan: Sequence[PlannedAction], middles: np.ndarray) -> np.ndarray:
    """When the next action starts after each of the ``middles [T]``; infinity after the last."""
    starts = np.sort([action.start for action in plan] + [np.inf])
    return starts[np.searchsorted(starts[:-1], middles, side="right")]


def _timing(action: PlannedAction, seconds: np.ndarray) -> np.ndarray:
    """Timing ``[T, TIMING_CHANNELS]`` of an action at ``seconds [T]`` within it."""
    progress = (seconds - action.start) / (action.stop - action.start)
    angles = 2.0 * np.pi * progress[:, None] * np.arange(1, CYCLES + 1)
    past = (seconds - action.start) / TIMING_SCALE_SECONDS
    left = (action.stop - seconds) / TIMING_SCALE_SECONDS
    return np.column_stack([np.ones_like(past), past, left, np.sin(angles), np.cos(angles)])

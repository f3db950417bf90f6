"""Plans as sentences of tokens: what the planner reads and writes.

An action is its verb, its further labels, how long after the start of the action before it starts,
and how long it lasts: ``kick, kick count 2, kick side left, 0.4 s, 1.9 s``. A plan is its actions in
the order of their starts, END, and how long the clip lasts. UNKNOWN alone says that the text tells
of nothing that the model was taught as an action.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from .action_plan import ActionLabels, PlannedAction

TIMES = 48
LONGEST_TIME_SECONDS = 12.6
MOST_TOKENS = 56
SHORTEST_ACTION_SECONDS = 0.3


def time_seconds(step: int | np.ndarray) -> float | np.ndarray:
    """Seconds of a time token: steps grow with the time itself, as judgements of time do."""
    return LONGEST_TIME_SECONDS * (step / (TIMES - 1)) ** 2


def time_step(seconds: float) -> int:
    """The nearest time token; longer times than the longest are taken for it."""
    share = min(max(seconds, 0.0) / LONGEST_TIME_SECONDS, 1.0)
    return round((TIMES - 1) * share**0.5)


class PlanTokens:
    """Token ids: times first, then the labels, UNKNOWN and END."""

    def __init__(self, labels: ActionLabels):
        self.labels = labels
        self.unknown = TIMES + len(labels.names)
        self.end = self.unknown + 1
        self.size = self.end + 1

    def encode(self, plan: Sequence[PlannedAction], seconds: float) -> list[int]:
        """Ids of a plan for a clip of that length."""
        ids, before = [], 0.0
        for action in sorted(plan, key=lambda action: action.start):
            ids += [TIMES + column for column in sorted(self.labels.columns(action))]
            ids += [time_step(action.start - before), time_step(action.stop - action.start)]
            before = action.start
        return [*ids, self.end, time_step(seconds)]

    def decode(
        self, ids: Sequence[int], odds: Sequence[float] = ()
    ) -> tuple[list[PlannedAction], float] | None:
        """The plan and the clip's seconds; None for what is unknown or was never ended. ``odds`` are
        the probabilities with which each of the ids was drawn."""
        plan: list[PlannedAction] = []
        labels: list[str] = []
        certainty: list[float] = []
        times: list[float] = []
        start = 0.0
        for token, probability in zip(ids, odds or [1.0] * len(ids)):
            if token == self.unknown:
                return None
            if token == self.end:
                times.clear()
            elif token >= TIMES:
                labels.append(self.labels.names[token - TIMES])
                certainty.append(probability)
            else:
                times.append(float(time_seconds(token)))
                if not labels:
                    return plan, max(times[0], max((action.stop for action in plan), default=0.0))
                if len(times) == 2:
                    start += times[0]
                    stop = start + max(times[1], SHORTEST_ACTION_SECONDS)
                    plan.append(PlannedAction(tuple(labels), start, stop, tuple(certainty)))
                    labels, certainty, times = [], [], []
        return None

    def allowed(self, ids: Sequence[int]) -> np.ndarray:
        """Which tokens may follow ``ids``, ``[size]`` booleans: those that spell a plan."""
        may = np.zeros(self.size, dtype=bool)
        times = next((i for i, token in enumerate(reversed(ids)) if token >= TIMES), len(ids))
        last = ids[-1 - times] if times < len(ids) else None
        if last is None or (times == 2 and last != self.end):
            may[TIMES + self._verbs] = True
            may[self.end] = True
            may[self.unknown] = not ids
        elif last == self.end or times == 1:
            may[:TIMES] = True
        else:
            verb = self.labels.names[last - TIMES].split(" ")[0]
            may[TIMES + self._about[verb]] = True
            may[: last + 1][TIMES:] = False
            may[:TIMES] = True
        return may

    @cached_property
    def _verbs(self) -> np.ndarray:
        return np.array([i for i, name in enumerate(self.labels.names) if " " not in name])

    @cached_property
    def _about(self) -> dict[str, np.ndarray]:
        """Columns of all that can be said of each verb."""
        found: dict[str, list[int]] = {self.labels.names[i]: [] for i in self._verbs}
        for column, name in enumerate(self.labels.names):
            verb, _, told = name.partition(" ")
            if told:
                found[verb].append(column)
        return {verb: np.array(columns, dtype=int) for verb, columns in found.items()}

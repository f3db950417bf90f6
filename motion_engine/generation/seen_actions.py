"""From how likely each label is in each token frame to the actions that are done."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from .action_plan import ActionLabels, PlannedAction

SMOOTHED_FRAMES = 5
SEEN, CONVINCING = 0.5, 0.6
"""A verb is seen where its smoothed probability is above the one; it is told, and so is each
further label, where the mean over the stretch is above the other."""
SHORTEST_SECONDS = 0.5
TOGETHER = 0.5
"""Actions go together that overlap in more than this share of the shorter one."""
_SETTING_APART = ("side", "direction", "target")
"""Who kicks left, then right, has kicked twice, however little is between the kicks."""
_WITH_TARGET = frozenset({"climb", "cover", "show_hand", "touch"})
"""Who touches something that cannot be told most likely does not touch at all."""


def seen_actions(
    probabilities: np.ndarray, labels: ActionLabels, frame_rate: float
) -> tuple[PlannedAction, ...]:
    """The actions in the order in which they start; ``probabilities [T, L]`` of the labels.

    Gaps and stretches shorter than ``SHORTEST_SECONDS`` count for nothing, unless the clip is
    shorter itself. The legs do one thing at a time: of two, the surer one.
    """
    shortest = min(round(SHORTEST_SECONDS * frame_rate), len(probabilities))
    smooth = _moving_average(probabilities)
    found = []
    for verb, column, attributes in _verbs(labels):
        apart = [attributes[name] for name in _SETTING_APART if name in attributes]
        needed = attributes.get("target", [column]) if verb in _WITH_TARGET else [column]
        for first, last in _stretches(smooth[:, column] > SEEN, shortest):
            cuts = {
                first + cut for columns in apart for cut in _changes(smooth[first:last, columns])
            }
            for start, stop in pairwise(_edges(first, last, cuts, shortest)):
                means = probabilities[start:stop].mean(0)
                likeliest = [max(columns, key=means.item) for columns in attributes.values()]
                further = [labels.names[c] for c in likeliest if means[c] > CONVINCING]
                times = start / frame_rate, stop / frame_rate
                if min(means[column], means[needed].max()) > CONVINCING:
                    found.append((means[column], PlannedAction((verb, *further), *times)))
    surest = [action for _, action in sorted(found, key=lambda pair: -pair[0])]
    return tuple(sorted(_one_at_a_time(surest, labels), key=lambda one: (one.start, one.stop)))


def go_together(one: PlannedAction, other: PlannedAction) -> bool:
    """Whether two actions are done at the same time for the most part."""
    overlap = min(one.stop, other.stop) - max(one.start, other.start)
    return overlap > TOGETHER * min(one.stop - one.start, other.stop - other.start)


def _one_at_a_time(actions: Iterable[PlannedAction], labels: ActionLabels) -> list[PlannedAction]:
    """Without the actions of the legs that go together with one before them."""
    kept: list[PlannedAction] = []
    for action in actions:
        others = [one for one in kept if {one.verb, action.verb} <= set(labels.lower)]
        if not any(go_together(action, one) for one in others):
            kept.append(action)
    return kept


def _verbs(labels: ActionLabels) -> list[tuple[str, int, dict[str, list[int]]]]:
    """Each verb, its column, and those of the values of each of its attributes."""
    found = {name: (name, i, {}) for i, name in enumerate(labels.names) if " " not in name}
    for i, name in enumerate(labels.names):
        if " " in name:
            verb, attribute, _ = name.split(" ", 2)
            found[verb][2].setdefault(attribute, []).append(i)
    return list(found.values())


def _moving_average(probabilities: np.ndarray) -> np.ndarray:
    half = SMOOTHED_FRAMES // 2
    padded = np.pad(probabilities, ((half, half), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, SMOOTHED_FRAMES, axis=0)
    return windows.mean(-1)


def _stretches(holds: np.ndarray, shortest: int) -> list[tuple[int, int]]:
    """First frames of the stretches in which a flag ``[T]`` holds, and the frames after them."""
    edges = np.flatnonzero(np.diff(np.pad(holds, 1).astype(int)))
    found: list[tuple[int, int]] = []
    for first, last in edges.reshape(-1, 2).tolist():
        if found and first - found[-1][1] < shortest:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return [(first, last) for first, last in found if last - first >= shortest]


def _changes(smooth: np.ndarray) -> list[int]:
    """Frames in which another value than before is seen; ``smooth [n, V]``."""
    seen = np.flatnonzero(smooth.max(1) > SEEN)
    values = smooth[seen].argmax(1)
    return seen[1:][values[1:] != values[:-1]].tolist()


def _edges(first: int, last: int, cuts: Iterable[int], shortest: int) -> list[int]:
    """Where a stretch begins, is cut and ends, its pieces not too short."""
    edges = [first]
    for cut in sorted(cuts):
        if min(cut - edges[-1], last - cut) >= shortest:
            edges.append(cut)
    return [*edges, last]

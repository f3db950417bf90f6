"""Events in one-dimensional signals: what the counting predicates are built from."""

import numpy as np


def smooth(signal: np.ndarray, frames: int) -> np.ndarray:
    """Centred moving average along axis 0; ends are averaged over what there is."""
    half = min(frames // 2, len(signal) - 1)
    if half < 1:
        return signal
    total = np.concatenate([np.zeros_like(signal[:1]), np.cumsum(signal, axis=0)])
    index = np.arange(len(signal))
    start, stop = np.maximum(index - half, 0), np.minimum(index + half + 1, len(signal))
    width = (stop - start).reshape(-1, *[1] * (signal.ndim - 1))
    return (total[stop] - total[start]) / width


def rate(signal: np.ndarray, fps: float) -> np.ndarray:
    """Change per second along axis 0, by central differences; zero for a single frame."""
    if len(signal) < 2:
        return np.zeros_like(signal)
    return np.gradient(signal, axis=0) * fps


def excursions(signal: np.ndarray, enter: float, leave: float) -> list[tuple[int, int]]:
    """Spans ``[start, stop)`` that begin above ``enter`` and last until the signal is below
    ``leave``: a threshold with hysteresis, so that noise near it is not counted twice."""
    spans, start = [], None
    for frame, value in enumerate(signal):
        if start is None and value > enter:
            start = frame
        elif start is not None and value < leave:
            spans.append((start, frame))
            start = None
    if start is not None:
        spans.append((start, len(signal)))
    return spans


def runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Spans ``[start, stop)`` over which the flags are true."""
    return excursions(np.asarray(flags, dtype=float), 0.5, 0.5)


def longest_run(flags: np.ndarray) -> int:
    """Frames of the longest span over which the flags are true."""
    return max((stop - start for start, stop in runs(flags)), default=0)


def extremes(signal: np.ndarray, prominence: float) -> list[int]:
    """Frames at which the signal turns, ``prominence`` or more away from the turns beside them.

    The zigzag of the signal: maxima and minima alternate; the start and the end do not count.
    """
    turns: list[int] = []
    low = high = 0
    direction = 0
    for frame, value in enumerate(signal):
        high = frame if value > signal[high] else high
        low = frame if value < signal[low] else low
        if direction >= 0 and value <= signal[high] - prominence:
            if direction > 0:
                turns.append(high)
            direction, low = -1, frame
        elif direction <= 0 and value >= signal[low] + prominence:
            if direction < 0:
                turns.append(low)
            direction, high = 1, frame
    return turns


def in_quick_succession(frames: list[int], longest_gap: float) -> int:
    """The most events in a row with no gap between neighbours longer than that many frames."""
    if not frames:
        return 0
    return longest_run(np.diff(frames) <= longest_gap) + 1


def tally(found: int, count: int | None, at_least: int) -> bool:
    """Whether as many events were found as were asked: exactly ``count``, or some."""
    return found == count if count is not None else found >= at_least

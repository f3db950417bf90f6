"""R-precision, Fréchet distance and diversity in the evaluator's space, with intervals.

Definitions: Guo et al., "Generating Diverse and Natural 3D Human Motions from Text", 2022. Intervals
are the 2.5th and 97.5th percentiles over resamplings of the clips.
"""

from collections.abc import Callable

import numpy as np

from .codec_metrics import frechet_distance

POOL, TOPS = 32, (1, 2, 3)
POOLS_PER_CLIP, RESAMPLES, PAIRS = 20, 200, 300

Interval = tuple[float, float, float]


def r_precision(
    motions: np.ndarray, texts: np.ndarray, groups: list[str], seed: int = 0
) -> dict[int, Interval]:
    """How often a motion's own text is among the nearest 1, 2, 3 of 32, with intervals.

    ``motions``, ``texts [N, d]`` of matching rows. The other texts of a pool are of 31 other
    ``groups``, one each (of fewer where there are fewer), so that none is true of the motion too.
    """
    rng = np.random.default_rng(seed)
    ranks = np.stack([_ranks(motions, texts, np.array(groups), rng) for _ in range(POOLS_PER_CLIP)])
    return {
        top: _with_interval(lambda chosen, top=top: (ranks[:, chosen] < top).mean(), ranks, rng)
        for top in TOPS
    }


def pool_size(groups: list[str]) -> int:
    return min(POOL, len(set(groups)))


def frechet(first: np.ndarray, second: np.ndarray, seed: int = 0) -> Interval | None:
    """Fréchet distance of two sets of points ``[N, d]`` with its interval; None where there are
    too few points for a covariance."""
    if min(len(first), len(second)) <= first.shape[1]:
        return None
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES // 4):
        # Points that are drawn twice make a covariance too small: halves are drawn instead.
        halves = (rng.permutation(len(points))[: len(points) // 2] for points in (first, second))
        drawn.append(frechet_distance(*(p[half] for p, half in zip((first, second), halves))))
    value = frechet_distance(first, second)
    spread = (np.percentile(drawn, (2.5, 97.5)) - np.mean(drawn)) / np.sqrt(2.0)
    return value, float(value + spread[0]), float(value + spread[1])


def diversity(points: np.ndarray, seed: int = 0) -> Interval:
    """Mean distance of 300 random pairs of points, with its interval."""
    rng = np.random.default_rng(seed)
    pairs = rng.integers(len(points), size=(PAIRS, 2))
    apart = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=-1)
    return _with_interval(lambda chosen: apart[chosen].mean(), apart[None], rng)


def _ranks(
    motions: np.ndarray, texts: np.ndarray, groups: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """How many texts of a random pool are nearer to each motion than its own, ``[N]``."""
    order = rng.permutation(len(groups))
    names, first = np.unique(groups[order], return_index=True)
    one_each = order[first]
    size = pool_size(list(groups)) - 1
    ranks = []
    for clip, motion in enumerate(motions):
        others = one_each[names != groups[clip]]
        others = rng.choice(others, size=min(size, len(others)), replace=False)
        far = np.linalg.norm(texts[others] - motion, axis=-1)
        ranks.append((far < np.linalg.norm(texts[clip] - motion)).sum())
    return np.array(ranks)


def _with_interval(
    value: Callable[[np.ndarray], float], rows: np.ndarray, rng: np.random.Generator
) -> Interval:
    """A mean over columns of ``rows [R, N]`` and its percentiles over resamplings of columns."""
    count = rows.shape[1]
    drawn = [value(rng.integers(count, size=count)) for _ in range(RESAMPLES)]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(value(np.arange(count))), float(low), float(high)

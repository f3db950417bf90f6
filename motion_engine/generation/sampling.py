"""From logits to codes with randomness as a counter.

A uniform number belongs to (seed, variation, draw, token frame, stream) and to nothing else, so a clip
does not depend on batch, grouping or runtime.
"""

import numpy as np


def frame_uniforms(
    seed: int, variation: int, frame: int, streams: int, draw: int = 0
) -> np.ndarray:
    """Uniforms ``[K]`` in [0, 1) of one token frame (Philox, a counter-based generator)."""
    generator = np.random.Philox(key=[seed, variation], counter=[0, frame, draw, 0])
    return np.random.Generator(generator).random(streams)


def sample_codes(
    logits: np.ndarray, uniforms: np.ndarray, temperature: float, top_p: float
) -> np.ndarray:
    """Codes ``[S]`` of ``logits [S, C]`` by the inverse distribution at ``uniforms [S]``.

    Codes stand in falling order of probability; those after ``top_p`` of the mass are left out.
    """
    if temperature <= 0.0:
        return logits.argmax(-1)
    order = falling_order(logits)
    ranked = np.take_along_axis(logits, order, axis=-1).astype(np.float64) / temperature
    ranked = np.exp(ranked - ranked[:, :1])
    ranked /= ranked.sum(-1, keepdims=True)
    mass = np.cumsum(ranked, axis=-1)
    kept = np.maximum((mass - ranked < top_p).sum(-1), 1)
    total = np.take_along_axis(mass, kept[:, None] - 1, axis=-1)
    rank = (mass < uniforms[:, None] * total).sum(-1)
    return np.take_along_axis(order, np.minimum(rank, kept - 1)[:, None], axis=-1)[:, 0]


def falling_order(logits: np.ndarray) -> np.ndarray:
    """Indices ``[S, n]`` of the n largest logits, largest first, equal ones in their own order; n
    counts those above minus infinity in the fullest row."""
    count = np.isfinite(logits).sum(-1).max()
    if count < logits.shape[-1]:
        largest = np.sort(np.argpartition(-logits, count - 1, axis=-1)[:, :count], axis=-1)
    else:
        largest = np.broadcast_to(np.arange(count), logits.shape)
    values = np.take_along_axis(logits, largest, axis=-1)
    ranks = np.argsort(-values, axis=-1, kind="stable")
    return np.take_along_axis(largest, ranks, axis=-1)

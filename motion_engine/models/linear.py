"""The few operations that the model is made of, on numpy alone.

Weights stay ``[out, in]`` as they are stored. A numpy with a BLAS multiplies fastest with ``@``.
Blender's own numpy has none on most systems; there ``einsum`` over the rows of such weights uses
the processor's vector units and is several times faster, as it can be for a few rows with a BLAS too.
Which one it is, is timed once for each number of rows.
"""

import time
from collections.abc import Callable
from functools import cache

import numpy as np

NORM_EPSILON = 1e-6
MANY_ROWS = 64


def _matmul(rows: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return rows @ weight.T


def _einsum(rows: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.einsum("oi,ri->ro", weight, rows)


PRODUCTS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "matmul": _matmul,
    "einsum": _einsum,
}


@cache
def fastest_product(count: int) -> str:
    """The name of the fastest of PRODUCTS here, for that many rows and a matrix as in the model."""
    rows = np.ones((count, 384), dtype=np.float32)
    weight = np.ones((1024, 384), dtype=np.float32)

    def seconds(name: str) -> float:
        began = time.perf_counter()
        PRODUCTS[name](rows, weight)
        return time.perf_counter() - began

    return min(PRODUCTS, key=lambda name: min(seconds(name) for _ in range(7)))


def linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """``x [..., in]`` times ``weight [out, in]`` (transposed) plus ``bias [out]``."""
    rows = np.ascontiguousarray(x.reshape(-1, x.shape[-1]))
    multiply = PRODUCTS[fastest_product(_rounded(len(rows)))]
    product = multiply(rows, weight).reshape(*x.shape[:-1], len(weight))
    return product if bias is None else product + bias


def _rounded(count: int) -> int:
    """The next power of two, at most MANY_ROWS."""
    return min(1 << max(count - 1, 0).bit_length(), MANY_ROWS)


def rms_norm(x: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Root mean square normalization over the last axis (Zhang and Sennrich, 2019)."""
    mean_square = np.einsum("...i,...i->...", x, x)[..., None] / x.shape[-1]
    return x / np.sqrt(mean_square + NORM_EPSILON) * gain


def silu(x: np.ndarray) -> np.ndarray:
    """``x`` times its sigmoid."""
    return x / (1.0 + np.exp(-x))


def gelu(x: np.ndarray) -> np.ndarray:
    """The tanh form of GELU (Hendrycks and Gimpel, 2016)."""
    return 0.5 * x * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x * x * x)))


def softmax(x: np.ndarray) -> np.ndarray:
    """Over the last axis; entries of minus infinity get nothing."""
    weights = np.exp(x - x.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)

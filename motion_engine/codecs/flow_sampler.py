"""Rectified flow: from noise to data along straight lines (Liu et al., "Flow Straight and Fast").

``sigma`` is the share of noise: 1 at the beginning, 0 at the end. The velocity points from the
noise to the data, so that ``x = sigma * noise + (1 - sigma) * data`` for straight lines.
"""

import itertools
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from ..errors import LimberError

TRAINING_STEPS = 1000
STEP_COUNTS = (1, 2, 4, 8, 28)
SMOOTH_FRAMES = 12
_NOISE_COUNTER = 1

Estimate = Callable[[Tensor, float, int], Tensor]


def shifted(sigma: Tensor, shift: float) -> Tensor:
    """Noise shares moved towards noise, where ``shift`` is above 1 (Esser et al., "Scaling
    Rectified Flow Transformers", 2024, section 5.3.2)."""
    return shift * sigma / (1.0 + (shift - 1.0) * sigma)


def sigmas(steps: int, shift: float) -> list[float]:
    """The ``steps + 1`` noise shares of a sampler, from 1 to 0; raises LimberError."""
    if not 1 <= steps <= TRAINING_STEPS:
        raise LimberError(f"a flow takes 1 to {TRAINING_STEPS} steps, not {steps}.")
    return shifted(torch.linspace(1.0, 0.0, steps + 1, dtype=torch.float64), shift).tolist()


def solve(estimate: Estimate, noise: Tensor, noise_shares: list[float]) -> Tensor:
    """Data from noise by Euler's method; ``estimate(x, sigma, step)`` of the data at each step.

    The straight line from ``x`` to the estimate has the velocity ``(data - x) / sigma``; the last
    step arrives at its estimate.
    """
    x = noise
    for step, (sigma, following) in enumerate(itertools.pairwise(noise_shares)):
        x = torch.lerp(estimate(x, sigma, step), x, following / sigma)
    return x


def random_sigmas(count: int, shift: float, generator: np.random.Generator) -> Tensor:
    """Noise shares ``[count]`` for training, out of TRAINING_STEPS."""
    steps = generator.integers(1, TRAINING_STEPS + 1, size=count)
    return shifted(torch.from_numpy(steps / TRAINING_STEPS), shift).float()


def smooth_noise(white: np.ndarray) -> np.ndarray:
    """Noise ``[..., F, D]`` of unit spread of normal ``white [..., F + SMOOTH_FRAMES - 1, D]``.

    Like motion, it hardly changes faster than 5 Hz (a Hann window of SMOOTH_FRAMES): a flow starts
    near to what it shall find, and one that has learned little does not shake.
    """
    window = np.hanning(SMOOTH_FRAMES + 2)[1:-1]
    kernel = (window / np.linalg.norm(window)).astype(white.dtype)
    windows = np.lib.stride_tricks.sliding_window_view(white, SMOOTH_FRAMES, axis=-2)
    return windows @ kernel


def random_noise(shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Smooth noise ``[..., F, D]`` for training."""
    *batch, frames, size = shape
    white = (*batch, frames + SMOOTH_FRAMES - 1, size)
    return smooth_noise(generator.standard_normal(white, dtype=np.float32))


def frame_noise(seed: int, first: int, frames: int, size: int) -> np.ndarray:
    """Smooth noise ``[frames, size]`` of the frames from ``first`` on.

    It belongs to the seed and the frame alone (Philox, a counter-based generator), so that a motion
    decoded bit by bit meets the same noise as one decoded at once.
    """
    rows = (
        np.random.Philox(key=[seed, 0], counter=[0, frame, _NOISE_COUNTER, 0])
        for frame in range(first, first + frames + SMOOTH_FRAMES - 1)
    )
    return smooth_noise(
        np.stack([np.random.Generator(row).standard_normal(size, dtype=np.float32) for row in rows])
    )

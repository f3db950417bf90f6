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
_NOISE_COUNTER = 1

Velocity = Callable[[Tensor, float, int], Tensor]


def shifted(sigma: Tensor, shift: float) -> Tensor:
    """Noise shares moved towards noise, where ``shift`` is above 1 (Esser et al., "Scaling
    Rectified Flow Transformers", 2024, section 5.3.2)."""
    return shift * sigma / (1.0 + (shift - 1.0) * sigma)


def sigmas(steps: int, shift: float) -> list[float]:
    """The ``steps + 1`` noise shares of a sampler, from 1 to 0; raises LimberError."""
    if not 1 <= steps <= TRAINING_STEPS:
        raise LimberError(f"a flow takes 1 to {TRAINING_STEPS} steps, not {steps}.")
    return shifted(torch.linspace(1.0, 0.0, steps + 1, dtype=torch.float64), shift).tolist()


def solve(velocity: Velocity, noise: Tensor, noise_shares: list[float]) -> Tensor:
    """Data from noise by Euler's method; ``velocity(x, sigma, step)`` of each step."""
    x = noise
    for step, (sigma, following) in enumerate(itertools.pairwise(noise_shares)):
        x = x + (sigma - following) * velocity(x, sigma, step)
    return x


def random_sigmas(count: int, shift: float, generator: np.random.Generator) -> Tensor:
    """Noise shares ``[count]`` for training, out of TRAINING_STEPS."""
    steps = generator.integers(1, TRAINING_STEPS + 1, size=count)
    return shifted(torch.from_numpy(steps / TRAINING_STEPS), shift).float()


def frame_noise(seed: int, first: int, frames: int, size: int) -> np.ndarray:
    """Normal noise ``[frames, size]`` of the frames from ``first`` on.

    It belongs to the seed and the frame alone (Philox, a counter-based generator), so that a motion
    decoded bit by bit meets the same noise as one decoded at once.
    """
    rows = (
        np.random.Philox(key=[seed, 0], counter=[0, frame, _NOISE_COUNTER, 0])
        for frame in range(first, first + frames)
    )
    return np.stack(
        [np.random.Generator(row).standard_normal(size, dtype=np.float32) for row in rows]
    )

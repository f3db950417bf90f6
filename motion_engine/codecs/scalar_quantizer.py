"""Finite scalar quantization (Mentzer et al., "Finite Scalar Quantization: VQ-VAE Made Simple").

Each of a few values is squashed into (-1, 1) and rounded to one of its levels; the code is the
number that the levels spell. Nothing is learned, so no code can die. The values are standardized
before: without that, an encoder that starts small says the middle code for everything, and learns to
say more only slowly.
"""

import math

import torch
from torch import Tensor, nn

from .code_vectors import CodeVectors, level_vectors
from .residual_quantizer import Quantized


class ScalarQuantizer(nn.Module):
    """Quantizes latents ``[B, T, P, d]``, value i to ``levels[i]`` steps evenly over [-1, 1]."""

    layers = 1

    def __init__(self, levels: tuple[int, ...]):
        super().__init__()
        self.cardinality = math.prod(levels)
        self.standardize = nn.BatchNorm1d(len(levels), eps=1e-8, affine=False, momentum=0.05)
        strides = [math.prod(levels[:i]) for i in range(len(levels))]
        self.register_buffer("levels", torch.tensor(levels), persistent=False)
        self.register_buffer("strides", torch.tensor(strides), persistent=False)

    def forward(self, latents: Tensor, layers: int | None = None) -> Quantized:
        """Straight-through rounding; ``layers`` other than one do not exist."""
        values = self.standardize(latents.float().flatten(0, -2)).view(latents.shape)
        place = 0.5 * (values.tanh() + 1.0) * (self.levels - 1)
        step = place.detach().round()
        codes = (step.long() * self.strides).sum(-1, keepdim=True)
        return Quantized(self._values(place + (step - place.detach())), codes, place.new_zeros(()))

    def dequantize(self, codes: Tensor) -> Tensor:
        """Latents ``[B, T, P, d]`` of ``codes [B, T, P, 1]``."""
        return self._values(codes // self.strides % self.levels)

    def code_vectors(self, parts: int) -> CodeVectors:
        """Alike for all parts."""
        return CodeVectors(level_vectors(tuple(self.levels.tolist())), torch.ones(parts))

    def _values(self, steps: Tensor) -> Tensor:
        return 2.0 * steps / (self.levels - 1) - 1.0

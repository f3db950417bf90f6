"""Residual vector quantization with one codebook for all streams.

Codes are learned by exponential moving averages with revival of dead codes (van den Oord et al.,
"Neural Discrete Representation Learning", 2017, appendix A; Zeghidour et al., "SoundStream", 2021).
Every stream (part and residual layer) has a gain, the running size of what it quantizes, so that
coarse and fine residuals can share the same unit-sized codebook.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

TRAINING_STATE = ("code_sums", "code_counts", "gains_known")
"""Buffers that learning needs and decoding does not; models on disk leave them out."""


@dataclass
class Quantized:
    """``latents [B, T, P, d]`` (straight-through), ``codes [B, T, P, L]``, ``commitment`` loss."""

    latents: Tensor
    codes: Tensor
    commitment: Tensor


class ResidualQuantizer(nn.Module):
    """Quantizes latents ``[B, T, P, d]`` of P parts in L residual layers from one codebook."""

    def __init__(self, parts: int, layers: int, codebook_size: int, latent_size: int):
        super().__init__()
        self.layers = layers
        self.register_buffer("codebook", torch.randn(codebook_size, latent_size))
        self.register_buffer("code_sums", self.codebook.clone())
        self.register_buffer("code_counts", torch.ones(codebook_size))
        self.register_buffer("gains", torch.ones(parts, layers))
        self.register_buffer("gains_known", torch.zeros(()))

    def forward(self, latents: Tensor, layers: int | None = None) -> Quantized:
        """Quantize with the first ``layers`` (all by default); learns codes while training."""
        latents = latents.float()
        residual = latents.detach()
        codes, inputs = [], []
        for layer in range(layers or self.layers):
            self._learn_gain(residual, layer)
            gain = self.gains[:, layer, None]
            scaled = residual / gain
            code = self.nearest(scaled)
            residual = residual - gain * self.codebook[code]
            codes.append(code)
            inputs.append(scaled)
        if self.training:
            self._learn_codes(torch.stack(inputs), torch.stack(codes))
        quantized = latents.detach() - residual
        size = latents.detach().square().mean(dim=(0, 1, 3), keepdim=True) + 1e-6
        commitment = ((latents - quantized).square() / size).mean()
        straight_through = latents + (quantized - latents).detach()
        return Quantized(straight_through, torch.stack(codes, dim=-1), commitment)

    def nearest(self, vectors: Tensor) -> Tensor:
        """Index of the nearest code for ``vectors [..., d]``."""
        similarity = vectors @ self.codebook.T - 0.5 * self.codebook.square().sum(-1)
        return similarity.argmax(-1)

    def dequantize(self, codes: Tensor) -> Tensor:
        """Latents ``[B, T, P, d]`` of ``codes [B, T, P, l]`` with any number of leading layers."""
        gains = self.gains[:, : codes.shape[-1], None]
        return (gains * self.codebook[codes]).sum(-2)

    @torch.no_grad()
    def _learn_gain(self, residual: Tensor, layer: int) -> None:
        if not self.training:
            return
        size = residual.square().mean(dim=(0, 1, 3)).sqrt() + 1e-5
        first = self.gains_known <= layer
        weight = 1.0 if first else 0.01
        self.gains[:, layer].lerp_(size, weight)
        if first:
            self.gains_known.fill_(layer + 1)

    @torch.no_grad()
    def _learn_codes(self, vectors: Tensor, codes: Tensor, decay: float = 0.99) -> None:
        vectors, codes = vectors.flatten(0, -2), codes.flatten()
        sums = torch.zeros_like(self.codebook).index_add_(0, codes, vectors)
        counts = torch.bincount(codes, minlength=len(self.codebook)).float()
        self.code_sums.mul_(decay).add_(sums, alpha=1.0 - decay)
        self.code_counts.mul_(decay).add_(counts, alpha=1.0 - decay)
        dead = self.code_counts < 0.02 * self.code_counts.mean()
        if dead.any():
            chosen = torch.randint(len(vectors), (int(dead.sum()),), device=vectors.device)
            alive = self.code_counts.mean()
            self.code_sums[dead] = vectors[chosen] * alive
            self.code_counts[dead] = alive
        self.codebook.copy_(self.code_sums / self.code_counts[:, None].clamp(min=1e-6))

"""Residual vector quantization, with one codebook for all streams or one for each layer.

Codes are learned by exponential moving averages with revival of dead codes (van den Oord et al.,
"Neural Discrete Representation Learning", 2017, appendix A; Zeghidour et al., "SoundStream", 2021).
Every stream (part and residual layer) has a gain, the running size of what it quantizes, so that
coarse and fine residuals can share the same unit-sized codebook.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .code_vectors import CodeVectors

TRAINING_STATE = ("code_sums", "code_counts", "gains_known", "num_batches_tracked")
"""Buffers that learning needs and decoding does not; models on disk leave them out."""


@dataclass
class Quantized:
    """``latents [B, T, P, d]`` (straight-through), ``codes [B, T, P, L]``, and ``commitment``: what
    the quantizer adds to the loss."""

    latents: Tensor
    codes: Tensor
    commitment: Tensor


class ResidualQuantizer(nn.Module):
    """Quantizes latents ``[B, T, P, d]`` of P parts in L residual layers.

    ``codebook`` holds the codes of all layers, or, with ``own_codebooks``, those of layer l in the
    rows from ``l * codebook_size`` on. With one part and one layer this is VQ.
    """

    def __init__(
        self,
        parts: int,
        layers: int,
        codebook_size: int,
        latent_size: int,
        own_codebooks: bool = False,
    ):
        super().__init__()
        self.layers, self.cardinality = layers, codebook_size
        self.own_codebooks = own_codebooks
        rows = layers * codebook_size if own_codebooks else codebook_size
        self.register_buffer("codebook", torch.randn(rows, latent_size))
        self.register_buffer("code_sums", self.codebook.clone())
        self.register_buffer("code_counts", torch.ones(rows))
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
            code = self.nearest(scaled, layer)
            residual = residual - gain * self.codebook[self._rows(layer)][code]
            codes.append(code)
            inputs.append(scaled)
        if self.training:
            self._learn_codes(torch.stack(inputs), torch.stack(codes))
        quantized = latents.detach() - residual
        size = latents.detach().square().mean(dim=(0, 1, 3), keepdim=True) + 1e-6
        commitment = ((latents - quantized).square() / size).mean()
        straight_through = latents + (quantized - latents).detach()
        return Quantized(straight_through, torch.stack(codes, dim=-1), commitment)

    def nearest(self, vectors: Tensor, layer: int = 0) -> Tensor:
        """Index of the nearest code of that layer for ``vectors [..., d]``."""
        codebook = self.codebook[self._rows(layer)]
        similarity = vectors @ codebook.T - 0.5 * codebook.square().sum(-1)
        return similarity.argmax(-1)

    def dequantize(self, codes: Tensor) -> Tensor:
        """Latents ``[B, T, P, d]`` of ``codes [B, T, P, l]`` with any number of leading layers."""
        layers = codes.shape[-1]
        first_rows = [self._rows(layer).start for layer in range(layers)]
        rows = codes + torch.tensor(first_rows, device=codes.device)
        return (self.gains[:, :layers, None] * self.codebook[rows]).sum(-2)

    def code_vectors(self, parts: int) -> CodeVectors:
        """Those of the codes themselves, in units of each part's first layer."""
        table = self.codebook.repeat(parts, 1) if self.own_codebooks else self.codebook
        gains = (self.gains / self.gains[:, :1]).flatten()
        return CodeVectors(table, gains, self.own_codebooks)

    def _rows(self, layer: int) -> slice:
        """Where the codebook holds the codes of a layer."""
        first = layer * self.cardinality if self.own_codebooks else 0
        return slice(first, first + self.cardinality)

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
    def _learn_codes(self, vectors: Tensor, codes: Tensor) -> None:
        """From ``vectors [l, B, T, P, d]`` and their ``codes [l, B, T, P]`` in the leading layers."""
        if not self.own_codebooks:
            self._learn_rows(self._rows(0), vectors.flatten(0, -2), codes.flatten())
            return
        for layer, (given, chosen) in enumerate(zip(vectors, codes)):
            self._learn_rows(self._rows(layer), given.flatten(0, -2), chosen.flatten())

    def _learn_rows(self, rows: slice, vectors: Tensor, codes: Tensor, decay: float = 0.99) -> None:
        codebook, code_sums = self.codebook[rows], self.code_sums[rows]
        code_counts = self.code_counts[rows]
        sums = torch.zeros_like(codebook).index_add_(0, codes, vectors)
        counts = torch.bincount(codes, minlength=len(codebook)).float()
        code_sums.mul_(decay).add_(sums, alpha=1.0 - decay)
        code_counts.mul_(decay).add_(counts, alpha=1.0 - decay)
        dead = code_counts < 0.02 * code_counts.mean()
        if dead.any():
            chosen = torch.randint(len(vectors), (int(dead.sum()),), device=vectors.device)
            alive = code_counts.mean()
            code_sums[dead] = vectors[chosen] * alive
            code_counts[dead] = alive
        codebook.copy_(code_sums / code_counts[:, None].clamp(min=1e-6))

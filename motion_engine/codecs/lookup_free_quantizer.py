"""Lookup-free quantization: the code is the signs of the latent's values.

Yu et al., "Language Model Beats Diffusion: Tokenizer is Key to Visual Generation" (MAGVIT-v2), 2024.
An entropy penalty makes every single decision clear and the use of all codes even.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .code_vectors import CodeVectors, level_vectors
from .residual_quantizer import Quantized

ENTROPY_WEIGHT = 0.4
GROUP_BITS = 7


class LookupFreeQuantizer(nn.Module):
    """Quantizes latents ``[B, T, P, bits]`` to -1 or 1 each."""

    layers = 1

    def __init__(self, bits: int):
        super().__init__()
        self.bits, self.cardinality = bits, 2**bits
        self.register_buffer("powers", 2 ** torch.arange(bits), persistent=False)

    def forward(self, latents: Tensor, layers: int | None = None) -> Quantized:
        """Straight-through signs; ``layers`` other than one do not exist."""
        latents = latents.float()
        positive = latents.detach() > 0.0
        signs = 2.0 * positive - 1.0
        codes = (positive * self.powers).sum(-1, keepdim=True)
        loss = (latents - signs).square().mean()
        if self.training:
            loss = loss + ENTROPY_WEIGHT * entropy_penalty(latents)
        return Quantized(latents + (signs - latents).detach(), codes, loss)

    def dequantize(self, codes: Tensor) -> Tensor:
        """Latents ``[B, T, P, bits]`` of ``codes [B, T, P, 1]``."""
        return 2.0 * (codes // self.powers % 2) - 1.0

    def code_vectors(self, parts: int) -> CodeVectors:
        """Alike for all parts."""
        return CodeVectors(level_vectors((2,) * self.bits), torch.ones(parts))


def entropy_penalty(latents: Tensor) -> Tensor:
    """Mean entropy of the codes of each of ``latents [..., bits]``, less that of their mean, in nats
    per bit.

    A latent's chance of a code falls with the squared distance. It is a product over bits, so that
    the first entropy is a sum over them; the second is taken over the codes of GROUP_BITS bits at a
    time, since all codes of 14 bits would fill the memory.
    """
    latents = latents.flatten(0, -2)
    single = F.binary_cross_entropy_with_logits(4.0 * latents, (4.0 * latents).sigmoid())
    chances = torch.stack([-4.0 * latents, 4.0 * latents], dim=-1).sigmoid()
    together = latents.new_zeros(())
    for group in chances.split(GROUP_BITS, dim=1):
        codes = group[:, 0]
        for bit in group[:, 1:].unbind(1):
            codes = (codes[:, :, None] * bit[:, None]).flatten(1)
        mean = codes.mean(0)
        together = together - (mean * mean.clamp(min=1e-9).log()).sum()
    return single - together / latents.shape[-1]

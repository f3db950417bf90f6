"""The residual block that the codecs' networks are made of."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class TemporalBlock(nn.Module):
    """Residual block over three neighbouring token frames, with a gain and bias per part.

    ``ahead`` is how many of the three lie in the future: 1 is centred, 0 is causal.
    """

    def __init__(self, parts: int, width: int, ahead: int):
        super().__init__()
        self.ahead = ahead
        self.gain = nn.Parameter(torch.ones(parts, width))
        self.bias = nn.Parameter(torch.zeros(parts, width))
        self.gather = nn.Linear(3 * width, width)
        self.mix = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """``[B, P, T, W]`` to the same."""
        frames = x.shape[2]
        normed = F.rms_norm(x, x.shape[-1:]) * self.gain[:, None] + self.bias[:, None]
        if torch.is_autocast_enabled(x.device.type):
            normed = normed.to(torch.get_autocast_dtype(x.device.type))
        padded = F.pad(normed, (0, 0, 2 - self.ahead, self.ahead))
        window = torch.cat([padded[:, :, i : i + frames] for i in range(3)], dim=-1)
        return x + self.mix(F.gelu(self.gather(window), approximate="tanh"))


def centred_blocks(count: int, parts: int, width: int) -> nn.ModuleList:
    """Blocks of an encoder, which sees past and future."""
    return nn.ModuleList(TemporalBlock(parts, width, ahead=1) for _ in range(count))


def causal_blocks(count: int, parts: int, width: int) -> nn.ModuleList:
    """Blocks of a decoder: the first sees one token frame ahead, the others none."""
    return nn.ModuleList(
        TemporalBlock(parts, width, ahead=1 if i == 0 else 0) for i in range(count)
    )

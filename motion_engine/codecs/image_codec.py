"""2D-LFQ: motion as an image of one channel (Being-M0, "Quo Vadis, Motion Generation?", 2025).

The image is frames by features. Patches of a token frame by a band of features become the
``components`` of that token frame, each with a code of its own; convolutions in both directions
mix them. Features are padded to whole bands.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .configuration import CodecConfig
from .quantizers import quantizer_of
from .torch_codec import TorchCodec


class ImageBlock(nn.Module):
    """Residual block over three neighbouring token frames and components; ``ahead`` of the three
    token frames lie in the future."""

    def __init__(self, width: int, ahead: int):
        super().__init__()
        self.ahead = ahead
        self.gain = nn.Parameter(torch.ones(width, 1, 1))
        self.gather = nn.Conv2d(width, width, 3)
        self.mix = nn.Conv2d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """``[B, W, T, P]`` to the same."""
        normed = x * x.square().mean(1, keepdim=True).add(1e-6).rsqrt() * self.gain
        padded = F.pad(normed, (1, 1, 2 - self.ahead, self.ahead))
        return x + self.mix(F.gelu(self.gather(padded)))


class ImageCodec(TorchCodec):
    """Codes of bands of features; see the module."""

    def __init__(self, config: CodecConfig):
        super().__init__(config)
        layout, width, bands = config.layout, config.width, config.components
        self.band_in = math.ceil(layout.size / bands)
        self.band_out = math.ceil(layout.pose_size / bands)
        patch_in = (config.downsampling, self.band_in)
        patch_out = (config.downsampling, self.band_out)
        self.project_in = nn.Conv2d(1, width, patch_in, stride=patch_in)
        self.place_in = nn.Parameter(torch.zeros(width, 1, bands))
        self.encoder = nn.ModuleList(ImageBlock(width, 1) for _ in range(config.encoder_blocks))
        self.to_latent = nn.Linear(width, config.quantized_size)
        self.quantizer = quantizer_of(config, bands)
        self.from_latent = nn.Linear(config.quantized_size, width)
        self.place_out = nn.Parameter(torch.zeros(width, 1, bands))
        self.decoder = nn.ModuleList(
            ImageBlock(width, 1 if i == 0 else 0) for i in range(config.decoder_blocks)
        )
        self.project_out = nn.ConvTranspose2d(width, 1, patch_out, stride=patch_out)

    @property
    def part_names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.config.parts)

    @property
    def context(self) -> int:
        """Past token frames that the decoding of one token frame depends on."""
        return 2 * self.config.decoder_blocks

    def latents(self, normalized: Tensor) -> Tensor:
        """Latents before quantization, ``[B, T, P, d]``."""
        missing = self.band_in * self.config.components - normalized.shape[-1]
        image = F.pad(normalized, (0, missing))[:, None]
        x = self.project_in(image) + self.place_in
        for block in self.encoder:
            x = block(x)
        return self.to_latent(x.permute(0, 2, 3, 1))

    def decode_latents(self, latents: Tensor) -> Tensor:
        """Normalized pose features ``[B, F, pose_size]`` of latents ``[B, T, P, d]``."""
        x = self.from_latent(latents).permute(0, 3, 1, 2) + self.place_out
        for block in self.decoder:
            x = block(x)
        with torch.autocast(x.device.type, enabled=False):
            image = self.project_out(x.float())
        return image[:, 0, :, : self.config.layout.pose_size]

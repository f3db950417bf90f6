"""VerMo's convolutional tokenizer: three stages of three residual blocks, without normalization.

Its strides are 2, 2 and 1, for one code every four frames. The encoder sees past and future; the
decoder's first convolution sees one token frame ahead and all others look back only, so that motion
streams. With finite scalar quantization and a flow decoder on top, this is FlowVQ.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .configuration import CodecConfig
from .quantizers import quantizer_of
from .torch_codec import TorchCodec

STRIDES = (2, 2, 1)
STAGE_BLOCKS = 3
TAPS = 3


class Convolution(nn.Module):
    """A convolution over three frames ``[B, W, F]``, ``ahead`` of which lie in the future."""

    def __init__(self, inputs: int, outputs: int, ahead: int, stride: int = 1):
        super().__init__()
        self.padding = (TAPS - 1 - ahead, ahead)
        self.convolve = nn.Conv1d(inputs, outputs, TAPS, stride=stride)

    def forward(self, x: Tensor) -> Tensor:
        return self.convolve(F.pad(x, self.padding))


class ResidualBlock(nn.Module):
    """Convolutions of three frames and of one, added to what came in."""

    def __init__(self, width: int, ahead: int):
        super().__init__()
        self.gather = Convolution(width, width, ahead)
        self.mix = nn.Conv1d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.mix(F.silu(self.gather(F.silu(x))))


def encoder_stage(width: int, stride: int) -> nn.Sequential:
    """Reduce the frame rate by ``stride``, then the blocks."""
    blocks = [ResidualBlock(width, ahead=1) for _ in range(STAGE_BLOCKS)]
    return nn.Sequential(Convolution(width, width, ahead=1, stride=stride), *blocks)


def decoder_stage(width: int, stride: int) -> nn.Sequential:
    """The blocks, then ``stride`` times the frame rate."""
    blocks = [ResidualBlock(width, ahead=0) for _ in range(STAGE_BLOCKS)]
    repeat = nn.Upsample(scale_factor=stride, mode="nearest")
    return nn.Sequential(*blocks, repeat, Convolution(width, width, ahead=0))


class ConvolutionCodec(TorchCodec):
    """One code a token frame for the whole body; see the module."""

    part_names = ("whole",)

    def __init__(self, config: CodecConfig):
        super().__init__(config)
        layout, width = config.layout, config.width
        self.project_in = Convolution(layout.size, width, ahead=1)
        self.encoder = nn.Sequential(*(encoder_stage(width, stride) for stride in STRIDES))
        self.to_latent = nn.Linear(width, config.quantized_size)
        self.quantizer = quantizer_of(config, 1)
        self.from_latent = nn.Linear(config.quantized_size, width)
        self.gather = Convolution(width, width, ahead=1)
        self.decoder = nn.Sequential(*(decoder_stage(width, s) for s in reversed(STRIDES)))
        self.project_out = Convolution(width, layout.pose_size, ahead=0)

    @property
    def context(self) -> int:
        """Past token frames that the decoding of one token frame depends on."""
        frames_per_token, reach = 1, float(TAPS - 2)
        for stride in reversed(STRIDES):
            reach += STAGE_BLOCKS * (TAPS - 1) / frames_per_token
            frames_per_token *= stride
            reach += (TAPS - 1) / frames_per_token
        return math.ceil(reach + (TAPS - 1) / frames_per_token) + 1

    def latents(self, normalized: Tensor) -> Tensor:
        """Latents before quantization, ``[B, T, 1, d]``."""
        span = self.config.downsampling
        frames = normalized.shape[1] // span * span
        x = self.encoder(self.project_in(normalized[:, :frames].transpose(1, 2)))
        return self.to_latent(x.transpose(1, 2))[:, :, None]

    def decode_latents(self, latents: Tensor) -> Tensor:
        """Normalized pose features ``[B, F, pose_size]`` of latents ``[B, T, 1, d]``."""
        x = self.from_latent(latents[:, :, 0]).transpose(1, 2)
        x = self.decoder(self.gather(x))
        with torch.autocast(x.device.type, enabled=False):
            return self.project_out(F.silu(x.float())).transpose(1, 2)

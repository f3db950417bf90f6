"""PRQ: part-aware residual quantization (MotionCtrl / Being-M0.5), frame by frame decodable.

Every part is encoded, quantized in residual layers and decoded on its own, through one network
whose weights all parts share but for their projections, gains and biases. Each token frame covers
``downsampling`` motion frames. The encoder sees past and future; the decoder sees the past and
``lookahead`` (one) coming token frame, which makes streaming exact.
"""

from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..configuration import PRQConfig
from ..motion import ENGINE_FPS
from .contract import Stream
from .residual_quantizer import Quantized, ResidualQuantizer


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


class PRQ(nn.Module):
    """The codec as a module; ``mean`` and ``std`` ``[D]`` are those of the training features."""

    lookahead = 1

    def __init__(self, config: PRQConfig):
        super().__init__()
        self.config = config
        layout, parts = config.layout, config.parts
        self.register_buffer("mean", torch.zeros(layout.size))
        self.register_buffer("std", torch.ones(layout.size))
        span = config.downsampling
        inputs = [len(p.input_columns(layout)) * span for p in parts]
        outputs = [len(p.own_columns(layout)) * span for p in parts]
        count, width = len(parts), config.width
        self.project_in = nn.ModuleList(nn.Linear(size, width) for size in inputs)
        self.encoder = nn.ModuleList(
            TemporalBlock(count, width, ahead=1) for _ in range(config.encoder_blocks)
        )
        self.to_latent = nn.Linear(width, config.latent_size)
        self.quantizer = ResidualQuantizer(
            count, config.layers, config.codebook_size, config.latent_size
        )
        self.from_latent = nn.Linear(config.latent_size, width)
        self.part_bias = nn.Parameter(torch.zeros(count, width))
        self.decoder = nn.ModuleList(
            TemporalBlock(count, width, ahead=1 if i == 0 else 0)
            for i in range(config.decoder_blocks)
        )
        self.project_out = nn.ModuleList(nn.Linear(width, size) for size in outputs)

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """Part by part, each part's layers in order: stream ``k = part * layers + layer``."""
        size, layers = self.config.codebook_size, range(self.config.layers)
        return tuple(Stream(p.name, layer, size) for p in self.config.parts for layer in layers)

    @property
    def frame_rate(self) -> float:
        return ENGINE_FPS / self.config.downsampling

    @property
    def downsampling(self) -> int:
        return self.config.downsampling

    @property
    def context(self) -> int:
        """Past token frames that the decoding of one token frame depends on."""
        return 2 * self.config.decoder_blocks

    def forward(self, features: Tensor, layers: int | None = None) -> tuple[Tensor, Quantized]:
        """Normalized features ``[B, F, D]`` to normalized pose features and what was quantized."""
        latents = self.latents(features)
        with torch.autocast(latents.device.type, enabled=False):
            quantized = self.quantizer(latents, layers)
        return self.decode_latents(quantized.latents), quantized

    def latents(self, normalized: Tensor) -> Tensor:
        """Latents before quantization, ``[B, T, P, d]``."""
        span = self.config.downsampling
        batch, frames = normalized.shape[0], normalized.shape[1] // span
        patches = normalized[:, : frames * span]
        x = torch.stack(
            [
                project(patches[..., columns].reshape(batch, frames, -1))
                for project, columns in zip(self.project_in, self._input_columns)
            ],
            dim=1,
        )
        for block in self.encoder:
            x = block(x)
        return self.to_latent(x).transpose(1, 2)

    def decode_latents(self, latents: Tensor) -> Tensor:
        """Normalized pose features ``[B, F, pose_size]`` of latents ``[B, T, P, d]``."""
        x = self.from_latent(latents).transpose(1, 2) + self.part_bias[:, None]
        for block in self.decoder:
            x = block(x)
        span = self.config.downsampling
        batch, frames = latents.shape[:2]
        # Rounded to bf16, neighbouring frames would shake against each other.
        with torch.autocast(x.device.type, enabled=False):
            own = [
                project(x[:, i].float()).reshape(batch, frames * span, -1)
                for i, project in enumerate(self.project_out)
            ]
        return torch.cat(own, dim=-1)[..., self._column_order]

    @torch.no_grad()
    def encode(self, features: np.ndarray) -> np.ndarray:
        """Codes ``[B, K, T]`` of raw features ``[B, F, D]``."""
        normalized = (torch.as_tensor(features, dtype=torch.float32) - self.mean) / self.std
        codes = self.quantizer(self.latents(normalized)).codes
        return codes.flatten(2).transpose(1, 2).numpy()

    @torch.no_grad()
    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Raw pose features ``[B, F, pose_size]`` of codes ``[B, K, T]`` or of all parts' leading
        residual layers, ``K = parts * l``."""
        codes = torch.as_tensor(np.asarray(codes)).transpose(1, 2)
        codes = codes.unflatten(2, (len(self.config.parts), -1))
        normalized = self.decode_latents(self.quantizer.dequantize(codes))
        size = normalized.shape[-1]
        return (normalized * self.std[:size] + self.mean[:size]).numpy()

    @cached_property
    def _input_columns(self) -> list[Tensor]:
        return [torch.from_numpy(p.input_columns(self.config.layout)) for p in self.config.parts]

    @cached_property
    def _column_order(self) -> Tensor:
        """Order that puts the parts' own columns, one after the other, back into the layout."""
        own = np.concatenate([p.own_columns(self.config.layout) for p in self.config.parts])
        return torch.from_numpy(np.argsort(own))


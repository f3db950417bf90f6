"""PRQ: part-aware residual quantization (MotionCtrl / Being-M0.5), frame by frame decodable.

Every part is encoded, quantized in residual layers and decoded on its own, through one network
whose weights all parts share but for their projections, gains and biases. Each token frame covers
``downsampling`` motion frames. The encoder sees past and future; the decoder sees the past and
``lookahead`` (one) coming token frame, which makes streaming exact.

With one part that owns everything, this is RVQ; with one layer, VQ; other quantizers fit as well.
"""

from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn

from .configuration import AnyCodecConfig
from .quantizers import quantized_size, quantizer_of
from .temporal_block import causal_blocks, centred_blocks
from .torch_codec import TorchCodec


class PRQ(TorchCodec):
    """The codec of a table of parts; the default one also runs on numpy (``numpy_prq``)."""

    def __init__(self, config: AnyCodecConfig):
        super().__init__(config)
        layout, parts = config.layout, config.parts
        span, latent = config.downsampling, quantized_size(config)
        inputs = [len(p.input_columns(layout)) * span for p in parts]
        outputs = [len(p.own_columns(layout)) * span for p in parts]
        count, width = len(parts), config.width
        self.project_in = nn.ModuleList(nn.Linear(size, width) for size in inputs)
        self.encoder = centred_blocks(config.encoder_blocks, count, width)
        self.to_latent = nn.Linear(width, latent)
        self.quantizer = quantizer_of(config, count)
        self.from_latent = nn.Linear(latent, width)
        self.part_bias = nn.Parameter(torch.zeros(count, width))
        self.decoder = causal_blocks(config.decoder_blocks, count, width)
        self.project_out = nn.ModuleList(nn.Linear(width, size) for size in outputs)

    @property
    def part_names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.config.parts)

    @property
    def context(self) -> int:
        """Past token frames that the decoding of one token frame depends on."""
        return 2 * self.config.decoder_blocks

    @cached_property
    def independent_columns(self) -> list[np.ndarray]:
        return [part.own_columns(self.config.layout) for part in self.config.parts]

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

    @cached_property
    def _input_columns(self) -> list[Tensor]:
        return [torch.from_numpy(p.input_columns(self.config.layout)) for p in self.config.parts]

    @cached_property
    def _column_order(self) -> Tensor:
        """Order that puts the parts' own columns, one after the other, back into the layout."""
        return torch.from_numpy(np.argsort(np.concatenate(self.independent_columns)))

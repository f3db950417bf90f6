"""PartAware VQ-VAE: separate codebooks of hands and body (MotionGPT-2, 2024).

The hands are quantized first, and what became of them is fused into the body before it is
quantized; one decoder reads both. ``body_first`` turns the order round, ``apart`` fuses nothing
and only lays both side by side. Changing one part's codes moves the other, by design.
"""

import torch
from torch import Tensor, nn

from .code_vectors import CodeVectors
from .configuration import CodecConfig
from .quantizers import quantizer_of
from .residual_quantizer import Quantized
from .temporal_block import causal_blocks, centred_blocks
from .torch_codec import TorchCodec

BODY, HANDS = 0, 1


class PartAware(TorchCodec):
    """Two streams, the body's and the hands'; see the module."""

    def __init__(self, config: CodecConfig):
        super().__init__(config)
        layout, span, width = config.layout, config.downsampling, config.width
        latent = config.quantized_size
        inputs = [len(part.input_columns(layout)) * span for part in config.parts]
        self.project_in = nn.ModuleList(nn.Linear(size, width) for size in inputs)
        self.encoder = nn.ModuleList(
            nn.Sequential(*centred_blocks(config.encoder_blocks, 1, width)) for _ in inputs
        )
        self.to_latent = nn.ModuleList(nn.Linear(width, latent) for _ in inputs)
        self.fuse = nn.Linear(latent, width)
        self.quantizer = nn.ModuleList(quantizer_of(config, 1) for _ in inputs)
        self.from_latent = nn.Linear(len(inputs) * latent, width)
        self.decoder = causal_blocks(config.decoder_blocks, 1, width)
        self.project_out = nn.Linear(width, layout.pose_size * span)
        columns = [torch.from_numpy(part.input_columns(layout)) for part in config.parts]
        self.register_buffer("body_columns", columns[BODY], persistent=False)
        self.register_buffer("hand_columns", columns[HANDS], persistent=False)

    @property
    def part_names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.config.parts)

    @property
    def cardinality(self) -> int:
        return self.config.cardinality

    @property
    def context(self) -> int:
        """Past token frames that the decoding of one token frame depends on."""
        return 2 * self.config.decoder_blocks

    def quantized(self, normalized: Tensor, layers: int | None = None) -> Quantized:
        """Both parts of ``normalized [B, F, D]``, one after the other."""
        states = [
            self._encoded(BODY, normalized[..., self.body_columns]),
            self._encoded(HANDS, normalized[..., self.hand_columns]),
        ]
        first = BODY if self.config.order == "body_first" else HANDS
        found = {first: self._quantized(first, states[first], layers)}
        second = 1 - first
        state = states[second]
        if self.config.order != "apart":
            state = state + self.fuse(found[first].latents).transpose(1, 2)
        found[second] = self._quantized(second, state, layers)
        body, hands = found[BODY], found[HANDS]
        return Quantized(
            torch.cat([body.latents, hands.latents], dim=2),
            torch.cat([body.codes, hands.codes], dim=2),
            body.commitment + hands.commitment,
        )

    def dequantized(self, codes: Tensor) -> Tensor:
        """Latents ``[B, T, 2, d]`` of ``codes [B, T, 2, l]``."""
        parts = zip(self.quantizer, codes.split(1, dim=2))
        return torch.cat([quantizer.dequantize(part) for quantizer, part in parts], dim=2)

    def code_vectors(self) -> CodeVectors:
        """Those of both codebooks."""
        body, hands = (quantizer.code_vectors(1) for quantizer in self.quantizer)
        return CodeVectors(
            torch.cat([body.table, hands.table]), torch.cat([body.gains, hands.gains]), True
        )

    def decode_latents(self, latents: Tensor) -> Tensor:
        """Normalized pose features ``[B, F, pose_size]`` of latents ``[B, T, 2, d]``."""
        x = self.from_latent(latents.flatten(2))[:, None]
        for block in self.decoder:
            x = block(x)
        with torch.autocast(x.device.type, enabled=False):
            frames = self.project_out(x[:, 0].float())
        return frames.unflatten(-1, (self.config.downsampling, -1)).flatten(1, 2)

    def _encoded(self, part: int, features: Tensor) -> Tensor:
        """A part's state ``[B, 1, T, W]`` for its own columns of the features."""
        span = self.config.downsampling
        frames = features.shape[1] // span
        patches = features[:, : frames * span].reshape(len(features), frames, -1)
        return self.encoder[part](self.project_in[part](patches)[:, None])

    def _quantized(self, part: int, state: Tensor, layers: int | None) -> Quantized:
        latents = self.to_latent[part](state).transpose(1, 2)
        with torch.autocast(latents.device.type, enabled=False):
            return self.quantizer[part](latents, layers)

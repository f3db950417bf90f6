"""What the codecs on torch share: doors for arrays, and decoding token frame by token frame."""

from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn

from ..motion import ENGINE_FPS
from .code_vectors import CodeVectors
from .configuration import AnyCodecConfig, codec_to_json
from .contract import Stream, checked_codes, checked_features
from .residual_quantizer import Quantized


class TorchCodec(nn.Module):
    """A codec as a module; ``mean`` and ``std`` ``[D]`` are those of the training features.

    A member brings a ``quantizer`` and ``part_names``, one for each of the P vectors that it
    quantizes in a token frame; ``latents(normalized [B, F, D]) -> [B, T, P, d]``;
    ``decode_latents([B, T, P, d]) -> [B, F, pose_size]``, which sees ``lookahead`` token frames
    ahead; and ``context``, the past token frames that the decoding of a token frame depends on.
    """

    lookahead = 1
    part_names: tuple[str, ...]
    context: int

    def __init__(self, config: AnyCodecConfig):
        super().__init__()
        self.config = config
        self.register_buffer("mean", torch.zeros(config.layout.size))
        self.register_buffer("std", torch.ones(config.layout.size))

    def to_json(self) -> dict:
        return codec_to_json(self.config)

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """Part by part, each part's layers in order: stream ``k = part * layers + layer``."""
        size, layers = self.cardinality, range(self.config.layers)
        return tuple(Stream(name, layer, size) for name in self.part_names for layer in layers)

    @property
    def cardinality(self) -> int:
        """Number of different codes of each stream."""
        return self.quantizer.cardinality

    @property
    def frame_rate(self) -> float:
        return ENGINE_FPS / self.config.downsampling

    @property
    def downsampling(self) -> int:
        return self.config.downsampling

    @cached_property
    def independent_columns(self) -> list[np.ndarray]:
        """Pose columns that are decoded apart from all others, group by group."""
        return [np.arange(self.config.layout.pose_size)]

    def forward(self, features: Tensor, layers: int | None = None) -> tuple[Tensor, Quantized]:
        """Normalized features ``[B, F, D]`` to normalized pose features and what was quantized."""
        quantized = self.quantized(features, layers)
        return self.decode_latents(quantized.latents), quantized

    def quantized(self, normalized: Tensor, layers: int | None = None) -> Quantized:
        """The latents of ``normalized [B, F, D]`` in their first ``layers`` (all by default)."""
        latents = self.latents(normalized)
        with torch.autocast(latents.device.type, enabled=False):
            return self.quantizer(latents, layers)

    def dequantized(self, codes: Tensor) -> Tensor:
        """Latents ``[B, T, P, d]`` of ``codes [B, T, P, l]``."""
        return self.quantizer.dequantize(codes)

    def code_vectors(self) -> CodeVectors:
        """The codes of all streams as vectors for a token model."""
        return self.quantizer.code_vectors(len(self.part_names))

    def normalized(self, features: Tensor) -> Tensor:
        """Raw features or pose features ``[..., D]`` in units of their spread."""
        size = features.shape[-1]
        return (features - self.mean[:size]) / self.std[:size]

    def raw(self, normalized: Tensor) -> Tensor:
        """The reverse of ``normalized``."""
        size = normalized.shape[-1]
        return normalized * self.std[:size] + self.mean[:size]

    @torch.no_grad()
    def encode(self, features: np.ndarray) -> np.ndarray:
        """Codes ``[B, K, T]`` of raw features ``[B, F, D]``; raises LimberError."""
        features = checked_features(features, len(self.mean), self.downsampling)
        normalized = self.normalized(torch.from_numpy(features).to(self.mean.device))
        codes = self.quantized(normalized).codes
        return codes.flatten(2).transpose(1, 2).cpu().numpy()

    @torch.no_grad()
    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Raw pose features ``[B, F, pose_size]`` of codes ``[B, K, T]`` or of all parts' leading
        residual layers, ``K = parts * l``; raises LimberError."""
        return self.raw(self.decode_codes(codes)).cpu().numpy()

    def decode_codes(self, codes: np.ndarray) -> Tensor:
        """Normalized pose features of codes ``[B, K, T]``."""
        codes = torch.as_tensor(checked_codes(codes, self.streams).astype(np.int64))
        codes = codes.to(self.mean.device).transpose(1, 2).unflatten(2, (len(self.part_names), -1))
        return self.decode_latents(self.dequantized(codes))

    def stream(self, batch: int = 1) -> "WindowedDecoder":
        """A decoder that takes token frames one by one."""
        return WindowedDecoder(self, batch)


class WindowedDecoder:
    """Decodes the window of codes that a token frame depends on; equal to decoding all at once."""

    def __init__(self, codec: TorchCodec, batch: int):
        self.codec = codec
        self.window = np.zeros((batch, len(codec.streams), 0), dtype=np.int64)
        self.next = 0

    def step(self, codes: np.ndarray) -> np.ndarray:
        """Frames ``[B, n, pose_size]`` that are final after ``codes [B, K]``; may be none."""
        if not self.window.shape[2]:
            self.window = self.window[:, : np.shape(codes)[1]]
        self.window = np.concatenate([self.window, np.asarray(codes)[:, :, None]], axis=2)
        return self._decoded(self.window.shape[2] - self.codec.lookahead)

    def finish(self) -> np.ndarray:
        """The remaining frames."""
        return self._decoded(self.window.shape[2])

    def _decoded(self, stop: int) -> np.ndarray:
        """Frames of the token frames from ``next`` to ``stop``, which are forgotten in time."""
        span, size = self.codec.downsampling, self.codec.config.layout.pose_size
        if stop <= self.next:
            return np.zeros((len(self.window), 0, size), dtype=np.float32)
        frames = self.codec.decode(self.window)[:, self.next * span : stop * span]
        past = max(stop - self.codec.context, 0)
        self.window, self.next = self.window[:, :, past:], stop - past
        return frames

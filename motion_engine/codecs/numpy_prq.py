"""PRQ on numpy alone; the names are those of the torch module that trains it (``prq.PRQ``).

RVQ and VQ are PRQ with a single part; see ``configuration.runs_on_numpy``.
"""

from functools import cached_property

import numpy as np

from ..models.linear import gelu, linear, rms_norm
from ..motion import ENGINE_FPS
from .configuration import AnyCodecConfig
from .contract import Stream, checked_codes, checked_features

TAPS = 3


class NumpyPRQ:
    """The codec on stored weights: ``encode``, ``decode`` and frame-by-frame ``stream``."""

    lookahead = 1

    def __init__(self, config: AnyCodecConfig, weights: dict[str, np.ndarray]):
        self.config = config
        self.weights = weights
        self.mean, self.std = weights["mean"], weights["std"]
        self.pose_size = sum(len(p.own_columns(config.layout)) for p in config.parts)
        self.gains = weights["quantizer.gains"]
        self.codebook = weights["quantizer.codebook"]

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

    def encode(self, features: np.ndarray) -> np.ndarray:
        """Codes ``[B, K, T]`` of raw features ``[B, F, D]``; a remainder of frames is dropped.
        Raises LimberError."""
        features = checked_features(features, len(self.mean), self.downsampling)
        residual = self.latents((features - self.mean) / self.std)
        codes = []
        half_squares = 0.5 * np.square(self.codebook).sum(-1)
        for layer in range(self.config.layers):
            gain = self.gains[:, layer, None]
            code = (linear(residual / gain, self.codebook) - half_squares).argmax(-1)
            residual = residual - gain * self.codebook[code]
            codes.append(code)
        stacked = np.stack(codes, axis=-1)
        return stacked.reshape(*stacked.shape[:2], -1).swapaxes(1, 2)

    def latents(self, normalized: np.ndarray) -> np.ndarray:
        """Latents before quantization, ``[B, T, P, d]``."""
        span, layout = self.config.downsampling, self.config.layout
        batch, frames = normalized.shape[0], normalized.shape[1] // span
        patches = normalized[:, : frames * span]
        x = np.stack(
            [
                self._linear(
                    f"project_in.{i}",
                    patches[..., part.input_columns(layout)].reshape(batch, frames, -1),
                )
                for i, part in enumerate(self.config.parts)
            ],
            axis=1,
        )
        for i in range(self.config.encoder_blocks):
            window = _windows(self._normed(f"encoder.{i}", x), before=1, after=1)
            x = x + self._mixed(f"encoder.{i}", window)
        return self._linear("to_latent", x).swapaxes(1, 2)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Raw pose features ``[B, F, pose_size]`` of codes ``[B, K, T]`` or of all parts' leading
        residual layers, ``K = parts * l``; raises LimberError."""
        x = self._embedded(checked_codes(codes, self.streams).swapaxes(1, 2))
        for i in range(self.config.decoder_blocks):
            before, after = (1, 1) if i == 0 else (2, 0)
            window = _windows(self._normed(f"decoder.{i}", x), before, after)
            x = x + self._mixed(f"decoder.{i}", window)
        return self._features(x)

    def stream(self, batch: int = 1) -> "DecoderStream":
        """A decoder that takes token frames one by one."""
        return DecoderStream(self, batch)

    def part_vectors(self, codes: np.ndarray) -> np.ndarray:
        """Code vectors ``[T, P, d]`` of ``codes [T, K]``; see ``contract.ModelCodec``."""
        by_part = codes.reshape(len(codes), len(self.config.parts), -1)
        gains = self.gains / self.gains[:, :1]
        return (gains[..., None] * self.codebook[by_part]).sum(-2)

    def _embedded(self, codes: np.ndarray) -> np.ndarray:
        """Input ``[B, P, T, W]`` of the decoder for ``codes [B, T, K]``."""
        parts = len(self.config.parts)
        codes = codes.reshape(*codes.shape[:2], parts, -1)
        latents = (self.gains[:, : codes.shape[-1], None] * self.codebook[codes]).sum(-2)
        x = self._linear("from_latent", latents).swapaxes(1, 2)
        return x + self.weights["part_bias"][:, None]

    def _features(self, x: np.ndarray) -> np.ndarray:
        """Raw pose features ``[B, F, pose_size]`` of the decoder's output ``[B, P, T, W]``."""
        batch, _, frames, _ = x.shape
        own = [
            self._linear(f"project_out.{i}", x[:, i]).reshape(
                batch, frames * self.config.downsampling, -1
            )
            for i in range(len(self.config.parts))
        ]
        normalized = np.concatenate(own, axis=-1)[..., self._column_order]
        return normalized * self.std[: self.pose_size] + self.mean[: self.pose_size]

    def _linear(self, name: str, x: np.ndarray) -> np.ndarray:
        return linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _normed(self, block: str, x: np.ndarray) -> np.ndarray:
        gain, bias = self.weights[f"{block}.gain"], self.weights[f"{block}.bias"]
        return rms_norm(x, gain[:, None]) + bias[:, None]

    def _mixed(self, block: str, window: np.ndarray) -> np.ndarray:
        return self._linear(f"{block}.mix", gelu(self._linear(f"{block}.gather", window)))

    @cached_property
    def _column_order(self) -> np.ndarray:
        own = [p.own_columns(self.config.layout) for p in self.config.parts]
        return np.argsort(np.concatenate(own))


class DecoderStream:
    """Decodes token frames as they come; equal to decoding them all at once.

    Every block remembers the two frames before; the first one waits for one frame to come. Before
    the beginning and after the end there is silence, as in ``decode``.
    """

    def __init__(self, codec: NumpyPRQ, batch: int):
        self.codec = codec
        config = codec.config
        silence = np.zeros((batch, len(config.parts), TAPS - 1, config.width), dtype=np.float32)
        self.recent = [silence] * config.decoder_blocks
        self.waiting: np.ndarray | None = None

    def step(self, codes: np.ndarray, over: np.ndarray | None = None) -> np.ndarray:
        """Feature frames ``[B, n, pose_size]`` that are final after ``codes [B, K]``; may be none.

        Rows that are ``over [B]`` have ended before these codes, while others go on.
        """
        x = self.codec._embedded(codes[:, None])
        normed = self.codec._normed("decoder.0", x)
        if over is not None:
            normed = np.where(over[:, None, None, None], 0.0, normed)
        return self._after(x, normed)

    def finish(self) -> np.ndarray:
        """The remaining frames."""
        return self._after(None, np.zeros_like(self.recent[0][:, :, :1]))

    def _after(self, x: np.ndarray | None, normed: np.ndarray) -> np.ndarray:
        """Feature frames of the frame that waited, now that the one behind it is known."""
        ready, self.waiting = self.waiting, x
        mixed = self._mixed(0, normed)
        if ready is None:
            batch = normed.shape[0]
            return np.zeros((batch, 0, self.codec.pose_size), dtype=np.float32)
        ready = ready + mixed
        for i in range(1, self.codec.config.decoder_blocks):
            ready = ready + self._mixed(i, self.codec._normed(f"decoder.{i}", ready))
        return self.codec._features(ready)

    def _mixed(self, block: int, normed: np.ndarray) -> np.ndarray:
        window = np.concatenate([self.recent[block], normed], axis=2)
        self.recent[block] = window[:, :, 1:]
        flat = window.reshape(*window.shape[:2], 1, -1)
        return self.codec._mixed(f"decoder.{block}", flat)


def _windows(normed: np.ndarray, before: int, after: int) -> np.ndarray:
    """Each frame of ``[B, P, T, W]`` with its neighbours, ``[B, P, T, 3 W]``."""
    frames = normed.shape[2]
    padded = np.pad(normed, ((0, 0), (0, 0), (before, after), (0, 0)))
    return np.concatenate([padded[:, :, i : i + frames] for i in range(TAPS)], axis=-1)

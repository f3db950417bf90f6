"""What every motion codec offers, and the checks at its doors."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from ..errors import LimberError
from .configuration import AnyCodecConfig


@dataclass(frozen=True)
class Stream:
    """One of the K code sequences: a residual ``layer`` of a ``part``, with that many codes."""

    part: str
    layer: int
    cardinality: int


class Decoder(Protocol):
    """Decodes token frames as they come; all frames together equal ``decode`` of all codes."""

    def step(self, codes: np.ndarray) -> np.ndarray:
        """Frames ``[B, n, pose_size]`` that are final after the next token frame's ``codes
        [B, K]``; none until as many as the codec's ``lookahead`` have come after them. Those of
        models also take ``over [B]``: rows that have ended before these codes."""
        ...

    def finish(self) -> np.ndarray:
        """The remaining frames."""
        ...


@runtime_checkable
class Codec(Protocol):
    """A tokenizer of raw features; see each member for what it adds.

    ``encode(features [B, F, D]) -> codes [B, K, T]`` with ``T = F // downsampling`` (a remainder of
    frames is dropped); ``decode(codes [B, K, T]) -> features [B, F, pose_size]``. Fewer residual
    layers than trained decode as well: pass the leading layers' streams only.
    """

    @property
    def streams(self) -> tuple[Stream, ...]: ...

    @property
    def frame_rate(self) -> float:
        """Token frames per second."""
        ...

    @property
    def downsampling(self) -> int:
        """Motion frames per token frame."""
        ...

    @property
    def lookahead(self) -> int:
        """Token frames that must follow before a token frame can be decoded for good."""
        ...

    def encode(self, features: np.ndarray) -> np.ndarray: ...

    def decode(self, codes: np.ndarray) -> np.ndarray: ...

    def stream(self, batch: int = 1) -> Decoder: ...


class AroundCodec:
    """A codec that adds something to the ``codec`` it holds: the rest is as with that."""

    codec: Codec

    @property
    def streams(self) -> tuple[Stream, ...]:
        return self.codec.streams

    @property
    def frame_rate(self) -> float:
        return self.codec.frame_rate

    @property
    def downsampling(self) -> int:
        return self.codec.downsampling

    @property
    def lookahead(self) -> int:
        return self.codec.lookahead


class ModelCodec(Codec, Protocol):
    """A codec as a model holds it: ``config`` tells its layout, parts and layers; ``mean`` and
    ``std`` ``[D]`` are those of the training features; its decoders know rows that are over."""

    config: AnyCodecConfig
    mean: np.ndarray
    std: np.ndarray

    @property
    def pose_size(self) -> int: ...

    def part_vectors(self, codes: np.ndarray) -> np.ndarray:
        """Code vectors ``[T, P, d]`` of ``codes [T, K]``, summed over the residual layers, in units
        of each part's first layer: as the token model hears codes."""
        ...


def checked_features(features: np.ndarray, size: int, downsampling: int) -> np.ndarray:
    """Features ``[B, F, D]`` as float32; raises LimberError for what no codec can encode."""
    features = np.asarray(features, dtype=np.float32)
    if features.ndim != 3 or features.shape[-1] != size:
        raise LimberError(
            f"features of shape {features.shape} do not fit this codec, which takes "
            f"[clips, frames, {size}]; encode them with its own layout."
        )
    if features.shape[1] < downsampling:
        raise LimberError(
            f"a clip of {features.shape[1]} frames is shorter than one token frame; give "
            f"{downsampling} frames at 30 fps or more."
        )
    if not np.isfinite(features).all():
        raise LimberError("the features hold NaN or infinite values; repair the clip.")
    return features


def checked_codes(codes: np.ndarray, streams: tuple[Stream, ...]) -> np.ndarray:
    """Codes ``[B, K, T]`` of all streams, or of every part's leading layers; raises LimberError."""
    codes = np.asarray(codes)
    parts = len({stream.part for stream in streams})
    if codes.ndim != 3 or codes.dtype.kind not in "iu":
        raise LimberError(
            f"codes must be whole numbers [clips, streams, frames], not {codes.dtype} {codes.shape}"
        )
    count, layers = codes.shape[1], len(streams) // parts
    if count == 0 or count % parts or count > len(streams):
        raise LimberError(
            f"{count} streams of codes do not fit this codec of {parts} parts with {layers} layers."
        )
    per_part = count // parts
    given = [streams[part * layers + layer] for part in range(parts) for layer in range(per_part)]
    limits = np.array([stream.cardinality for stream in given])
    wrong = (codes < 0) | (codes >= limits[:, None])
    if wrong.any():
        clip, stream, frame = np.argwhere(wrong)[0]
        raise LimberError(
            f"code {codes[clip, stream, frame]} of stream {stream} ({given[stream].part}) at token "
            f"frame {frame} is out of range; it goes from 0 to {limits[stream] - 1}."
        )
    return codes

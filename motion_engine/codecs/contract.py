"""What every motion codec offers."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np


@dataclass(frozen=True)
class Stream:
    """One of the K code sequences: a residual ``layer`` of a ``part``, with that many codes."""

    part: str
    layer: int
    cardinality: int


@runtime_checkable
class Codec(Protocol):
    """A tokenizer of normalized or raw features; see each member for what it adds.

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

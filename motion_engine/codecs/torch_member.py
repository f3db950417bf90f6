"""Any codec on torch as a model holds it: arrays in and out, rows that end one by one."""

import numpy as np
import torch

from ..errors import LimberError
from ..models.devices import named_when_full
from ..models.model_folder import ModelFolder
from .configuration import AnyCodecConfig
from .contract import AroundCodec
from .flow_codec import FlowCodec
from .flow_sampler import sigmas
from .members import build_codec, coarse_codec, stored_shapes
from .torch_codec import TorchCodec


def load_torch_codec(folder: ModelFolder) -> TorchCodec | FlowCodec:
    """The codec of a model's folder; raises LimberError."""
    codec = build_codec(folder.codec)
    weights = folder.codec_weights(stored_shapes(folder.codec))
    # What only learning needs is not stored.
    codec.load_state_dict({n: torch.from_numpy(w.copy()) for n, w in weights.items()}, strict=False)
    return codec.eval()


class TorchMember(AroundCodec):
    """A codec on a ``device``; of a flow decoder's solver the ``flow_steps`` may be chosen.

    Raises LimberError where they are asked of a codec without one.
    """

    def __init__(
        self,
        codec: TorchCodec | FlowCodec,
        device: str | torch.device = "cpu",
        flow_steps: int | None = None,
    ):
        self.device = torch.device(device)
        with named_when_full(self.device):
            self.codec = codec.to(self.device)
        if flow_steps is not None:
            if not isinstance(codec, FlowCodec):
                raise LimberError("this model has no flow decoder; leave --flow-steps out.")
            sigmas(flow_steps, codec.flow.config.shift)
            codec.steps = flow_steps
        coarse = coarse_codec(codec)
        self.config: AnyCodecConfig = coarse.config
        self.mean, self.std = coarse.mean.cpu().numpy(), coarse.std.cpu().numpy()
        vectors = codec.code_vectors()
        streams, rows = len(codec.streams), codec.cardinality if vectors.own_codebooks else 0
        self._first_rows = rows * np.arange(streams)
        self._table = vectors.table.cpu().numpy()
        self._gains = vectors.gains.cpu().numpy()[:, None]

    @property
    def pose_size(self) -> int:
        return self.config.layout.pose_size

    def encode(self, features: np.ndarray) -> np.ndarray:
        with named_when_full(self.device):
            return self.codec.encode(features)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        with named_when_full(self.device):
            return self.codec.decode(codes)

    def stream(self, batch: int = 1) -> "RowStreams":
        """A decoder that takes token frames one by one."""
        return RowStreams(self.codec, batch, self.device)

    def part_vectors(self, codes: np.ndarray) -> np.ndarray:
        """Code vectors ``[T, P, d]`` of ``codes [T, K]``; see ``contract.ModelCodec``."""
        vectors = self._gains * self._table[codes + self._first_rows]
        return vectors.reshape(len(codes), -1, self.config.layers, vectors.shape[-1]).sum(2)


class RowStreams:
    """Decodes every row of a batch on its own, so that one may end while others go on."""

    def __init__(self, codec: TorchCodec | FlowCodec, batch: int, device: torch.device):
        self.codec, self.device = codec, device
        self.rows = [codec.stream() for _ in range(batch)]
        size = codec.config.layout.pose_size
        self.decoded = [np.zeros((0, size), dtype=np.float32)] * batch
        self.has_ended = np.zeros(batch, dtype=bool)
        self.taken = 0

    def step(self, codes: np.ndarray, over: np.ndarray | None = None) -> np.ndarray:
        """Frames ``[B, n, pose_size]`` that are final after ``codes [B, K]``; may be none.

        Rows that are ``over [B]`` have ended before these codes, while others go on.
        """
        over = np.zeros(len(self.rows), dtype=bool) if over is None else over
        self._end(over)
        with named_when_full(self.device):
            for row in np.flatnonzero(~over):
                self._add(row, self.rows[row].step(codes[row : row + 1]))
        self.taken += 1
        return self._given(self.taken > self.codec.lookahead)

    def finish(self) -> np.ndarray:
        """The remaining frames."""
        self._end(np.ones(len(self.rows), dtype=bool))
        return self._given(min(self.taken, self.codec.lookahead))

    def _end(self, over: np.ndarray) -> None:
        with named_when_full(self.device):
            for row in np.flatnonzero(over & ~self.has_ended):
                self._add(row, self.rows[row].finish())
        self.has_ended |= over

    def _add(self, row: int, frames: np.ndarray) -> None:
        self.decoded[row] = np.concatenate([self.decoded[row], frames[0]])

    def _given(self, token_frames: int) -> np.ndarray:
        """The next decoded frames; zeros behind the end of a row."""
        count = token_frames * self.codec.downsampling
        given = np.zeros((len(self.rows), count, self.decoded[0].shape[1]), dtype=np.float32)
        for row, frames in enumerate(self.decoded):
            given[row, : len(frames)] = frames[:count]
            self.decoded[row] = frames[count:]
        return given

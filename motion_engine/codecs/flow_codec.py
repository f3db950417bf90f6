"""A codec with a flow decoder on top: FlowVQ on FSQ, "PRQ + flow" on PRQ, and so on.

Both ways of decoding run the same steps: a clip at once in long chunks, a stream token frame by
token frame, each looking back on what the solver kept of the frames before.
"""

import numpy as np
import torch
from torch import Tensor, nn

from .code_vectors import CodeVectors
from .configuration import AnyCodecConfig, FlowCodecConfig, FlowConfig, codec_to_json
from .contract import AroundCodec, checked_codes
from .flow_decoder import FlowDecoder
from .flow_sampler import frame_noise, sigmas, solve
from .torch_codec import TorchCodec

CHUNK = 64


class FlowCodec(AroundCodec, nn.Module):
    """``codec`` finds the codes and decodes them coarsely, ``flow`` refines; the ``steps`` of its
    solver and the ``seed`` of its noise may be set."""

    def __init__(self, codec: TorchCodec, config: FlowConfig):
        super().__init__()
        self.codec, self.steps, self.seed = codec, config.steps, 0
        self.flow = FlowDecoder(config, codec.independent_columns, codec.downsampling)

    @property
    def config(self) -> AnyCodecConfig:
        """The codec's own: its layout and sizes."""
        return self.codec.config

    @property
    def lookahead(self) -> int:
        return self.codec.lookahead + self.flow.config.lookahead

    @property
    def part_names(self) -> tuple[str, ...]:
        return self.codec.part_names

    @property
    def cardinality(self) -> int:
        """Number of different codes of each stream."""
        return self.codec.cardinality

    def to_json(self) -> dict:
        return codec_to_json(FlowCodecConfig(self.codec.config, self.flow.config))

    def code_vectors(self) -> CodeVectors:
        return self.codec.code_vectors()

    def encode(self, features: np.ndarray) -> np.ndarray:
        return self.codec.encode(features)

    @torch.no_grad()
    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Raw pose features ``[B, F, pose_size]``, refined."""
        coarse = self.codec.decode_codes(checked_codes(codes, self.streams))
        refined = self.refine(coarse)
        return self.codec.raw(refined).cpu().numpy()

    def refine(self, coarse: Tensor) -> Tensor:
        """Normalized pose features ``[B, F, pose_size]`` for coarse ones, whole token frames."""
        refinement = Refinement(self)
        chunks = coarse.split(CHUNK * self.downsampling, dim=1)
        refined = [refinement.push(chunk) for chunk in chunks]
        return torch.cat([*refined, refinement.finish()], dim=1)

    def stream(self, batch: int = 1) -> "FlowStream":
        """A decoder that takes token frames one by one."""
        return FlowStream(self, batch)


class Refinement:
    """Refines coarse frames in their order; keeps what later frames look back on."""

    def __init__(self, codec: FlowCodec):
        self.codec, self.flow = codec, codec.flow
        self.noise_shares = sigmas(codec.steps, self.flow.config.shift)
        self.pasts: list[list[Tensor] | None] = [None] * codec.steps
        self.coarse: Tensor | None = None
        self.next = 0
        self.frame = 0

    def push(self, coarse: Tensor) -> Tensor:
        """Refined frames that are final after ``coarse [B, F, pose_size]``; may be none."""
        self.coarse = coarse if self.coarse is None else torch.cat([self.coarse, coarse], dim=1)
        return self._refined(self._known - self.flow.config.lookahead)

    def finish(self) -> Tensor:
        """The remaining frames."""
        return self._refined(self._known)

    @property
    def _known(self) -> int:
        """Token frames that are at hand."""
        return self.coarse.shape[1] // self.codec.downsampling

    @torch.no_grad()
    def _refined(self, stop: int) -> Tensor:
        """The token frames from ``next`` to ``stop`` of those at hand."""
        count, span = stop - self.next, self.codec.downsampling
        if count <= 0:
            return self.coarse[:, :0]
        heard = self.flow.read(self.coarse)[:, :, self.next : stop]
        frames = self.coarse[:, self.next * span : stop * span]
        noise = frame_noise(self.codec.seed, self.frame, count * span, frames.shape[-1])
        noise = torch.from_numpy(noise).to(frames.device).expand_as(frames)

        def estimate(x: Tensor, sigma: float, step: int) -> Tensor:
            shares = x.new_full((len(x),), sigma)
            data, self.pasts[step] = self.flow(x, shares, heard, self.pasts[step])
            return data

        lacking = solve(estimate, noise, self.noise_shares)
        forgotten = max(stop - self.flow.context, 0)
        self.coarse = self.coarse[:, forgotten * span :]
        self.next, self.frame = stop - forgotten, self.frame + count * span
        return frames + self.flow.residual_scale * lacking


class FlowStream:
    """Decodes token frames as they come; equal to decoding them all at once."""

    def __init__(self, codec: FlowCodec, batch: int):
        self.codec = codec
        self.coarse = codec.codec.stream(batch)
        self.refinement = Refinement(codec)

    def step(self, codes: np.ndarray) -> np.ndarray:
        """Frames ``[B, n, pose_size]`` that are final after ``codes [B, K]``; may be none."""
        return self._raw(self.refinement.push(self._normalized(self.coarse.step(codes))))

    def finish(self) -> np.ndarray:
        """The remaining frames."""
        last = self.refinement.push(self._normalized(self.coarse.finish()))
        return self._raw(torch.cat([last, self.refinement.finish()], dim=1))

    def _normalized(self, frames: np.ndarray) -> Tensor:
        codec = self.codec.codec
        return codec.normalized(torch.from_numpy(frames).to(codec.mean.device))

    def _raw(self, refined: Tensor) -> np.ndarray:
        return self.codec.codec.raw(refined).cpu().numpy()

"""The flow-matching transformer that refines a coarse decoding (VerMo / VersatileMotion).

From what the coarse decoding lacks, mixed with noise, and from the coarse decoding itself it
estimates what is lacking: the data, not the velocity, since the data are smooth and the velocity
carries all of the noise (Li and He, "Back to Basics: Let Denoising Generative Models Denoise",
2025). Its places are token frames, so that the frames of one are refined together.

Two networks: one reads the coarse decoding once, a few token frames back and ``lookahead`` ahead;
the other, a transformer that looks back only, runs at every step of the solver. Columns that the
codec decodes apart are refined apart: groups never see each other.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .configuration import FlowConfig
from .temporal_block import TemporalBlock

TIME_FEATURES = 64


class LookBackAttention(nn.Module):
    """Attention to a place itself and to ``history`` places before it, with a learned bias for
    every distance."""

    def __init__(self, width: int, heads: int, history: int):
        super().__init__()
        self.heads, self.history = heads, history
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.distance_bias = nn.Parameter(torch.zeros(heads, history + 1))

    def forward(self, x: Tensor, past: Tensor | None) -> tuple[Tensor, Tensor]:
        """``x [N, T, W]`` to the same; also the keys and values that later places look back on,
        which the call for these takes as its ``past``."""
        own = self.query_key_value(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        query, keys_and_values = own[0], own[1:]
        if past is not None:
            keys_and_values = torch.cat([past, keys_and_values], dim=-2)
        keys, values = keys_and_values
        heard = F.scaled_dot_product_attention(query, keys, values, self._bias(query, keys))
        kept = keys_and_values[..., -self.history :, :]
        return self.out(heard.transpose(1, 2).flatten(2)), kept

    def _bias(self, query: Tensor, keys: Tensor) -> Tensor:
        """``[heads, queries, keys]``; the newest keys are the queries' own places."""
        places = torch.arange(keys.shape[-2], device=keys.device)
        back = places[-query.shape[-2] :, None] - places
        outside = (back < 0) | (back > self.history)
        bias = self.distance_bias[:, back.clamp(0, self.history)]
        return bias.masked_fill(outside, -math.inf).to(query.dtype)


class FlowBlock(nn.Module):
    """Attention and feed-forward; the noise share scales and shifts what goes into both."""

    def __init__(self, config: FlowConfig):
        super().__init__()
        width = config.width
        self.attend = LookBackAttention(width, config.heads, config.history)
        self.feed_forward = nn.Sequential(
            nn.Linear(width, 3 * width), nn.GELU(approximate="tanh"), nn.Linear(3 * width, width)
        )
        self.modulate = nn.Linear(width, 4 * width)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def forward(self, x: Tensor, time: Tensor, past: Tensor | None) -> tuple[Tensor, Tensor]:
        """``x [B, groups, T, W]`` to the same, at ``time [B, W]``; see ``LookBackAttention``."""
        first_scale, first_shift, scale, shift = (
            self.modulate(time)[:, None, None].chunk(4, dim=-1)
        )  # fmt: skip
        normed = F.rms_norm(x, x.shape[-1:]) * (1.0 + first_scale) + first_shift
        heard, kept = self.attend(normed.flatten(0, 1), past)
        x = x + heard.unflatten(0, x.shape[:2])
        normed = F.rms_norm(x, x.shape[-1:]) * (1.0 + scale) + shift
        return x + self.feed_forward(normed), kept


class FlowDecoder(nn.Module):
    """Estimates what the coarse decoding lacks, in units of ``residual_scale [pose_size]``.

    ``groups`` are the columns that are refined apart. The last layer begins at zero: an untrained
    flow finds nothing lacking.
    """

    def __init__(self, config: FlowConfig, groups: Sequence[np.ndarray], downsampling: int):
        super().__init__()
        self.config, self.downsampling = config, downsampling
        self.groups = [torch.from_numpy(group) for group in groups]
        self.order = torch.from_numpy(np.argsort(np.concatenate(groups)))
        count, width = len(groups), config.width
        sizes = [len(group) * downsampling for group in groups]
        self.register_buffer("residual_scale", torch.ones(len(self.order)))
        self.project_coarse = nn.ModuleList(nn.Linear(size, width) for size in sizes)
        self.coarse_blocks = nn.ModuleList(
            TemporalBlock(count, width, ahead=int(i < config.lookahead))
            for i in range(config.coarse_blocks)
        )
        self.project_noisy = nn.ModuleList(nn.Linear(size, width) for size in sizes)
        self.group_bias = nn.Parameter(torch.zeros(count, 1, width))
        self.time = nn.Sequential(
            nn.Linear(TIME_FEATURES, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU()
        )
        self.blocks = nn.ModuleList(FlowBlock(config) for _ in range(config.blocks))
        self.project_out = nn.ModuleList(nn.Linear(width, size) for size in sizes)
        for project in self.project_out:
            nn.init.zeros_(project.weight)
            nn.init.zeros_(project.bias)

    @property
    def context(self) -> int:
        """Past token frames of the coarse decoding that are read for a token frame."""
        return 2 * self.config.coarse_blocks - self.config.lookahead

    def read(self, coarse: Tensor) -> Tensor:
        """The coarse decoding ``[B, F, pose_size]`` as the transformer hears it,
        ``[B, groups, T, W]``; the last ``lookahead`` token frames are not final."""
        x = self._embedded(coarse, self.project_coarse) + self.group_bias
        for block in self.coarse_blocks:
            x = block(x)
        return x

    def forward(
        self, x: Tensor, sigma: Tensor, heard: Tensor, past: list[Tensor] | None = None
    ) -> tuple[Tensor, list[Tensor]]:
        """What is lacking, ``[B, F, pose_size]``, estimated at ``x`` with noise shares
        ``sigma [B]``, where ``read`` gave ``heard [B, groups, T, W]`` for the same frames.

        ``past`` is what the call for the frames before, at the same ``sigma``, returned second.
        """
        time = self.time(_time_features(sigma))
        states = self._embedded(x, self.project_noisy) + heard + time[:, None, None]
        kept = []
        for index, block in enumerate(self.blocks):
            states, behind = block(states, time, past[index] if past else None)
            kept.append(behind)
        # Rounded to bf16, neighbouring frames would shake against each other.
        with torch.autocast(states.device.type, enabled=False):
            states = F.rms_norm(states.float(), states.shape[-1:])
            own = [project(states[:, i]) for i, project in enumerate(self.project_out)]
            own = [part.unflatten(-1, (self.downsampling, -1)).flatten(1, 2) for part in own]
        return torch.cat(own, dim=-1)[..., self.order], kept

    def _embedded(self, frames: Tensor, projections: nn.ModuleList) -> Tensor:
        """``[B, groups, T, W]`` of each group's columns of ``frames [B, F, pose_size]``."""
        patches = frames.unflatten(1, (-1, self.downsampling))
        own = [
            project(patches[..., group].flatten(2))
            for project, group in zip(projections, self.groups)
        ]
        return torch.stack(own, dim=1)


def _time_features(sigma: Tensor) -> Tensor:
    """Sines and cosines ``[B, TIME_FEATURES]`` of the noise share."""
    rates = torch.logspace(0.0, 3.0, TIME_FEATURES // 2, device=sigma.device)
    angles = sigma[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=-1)

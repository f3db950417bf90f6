"""The flow-matching transformer that refines a coarse decoding (VerMo / VersatileMotion).

Blocks of cross-attention to the coarse decoding, self-attention over frames and feed-forward tell
the velocity of what the coarse decoding lacks. Frames look back at most ``history`` frames and the
coarse decoding is seen a few token frames back and ``lookahead`` ahead, whatever the length of the
clip. Columns that the codec decodes apart are refined apart: groups never see each other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .configuration import FlowConfig

TIME_FEATURES = 64


class BandedAttention(nn.Module):
    """Attention to keys of ``-before`` to ``ahead`` places from the query, with a learned bias for
    every such distance."""

    def __init__(self, width: int, heads: int, before: int, ahead: int):
        super().__init__()
        self.heads, self.before, self.ahead = heads, before, ahead
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)
        self.distance_bias = nn.Parameter(torch.zeros(heads, before + ahead + 1))

    def keys_and_values(self, x: Tensor) -> Tensor:
        """``[2, N, heads, keys, width / heads]`` of ``x [N, keys, W]``."""
        return self.key_value(x).unflatten(-1, (2, self.heads, -1)).permute(2, 0, 3, 1, 4)

    def forward(self, x: Tensor, keys_and_values: Tensor, distance: Tensor) -> Tensor:
        """``x [N, queries, W]`` to the same; ``distance [queries, keys]`` from query to key."""
        inside = (distance >= -self.before) & (distance <= self.ahead)
        place = (distance + self.before).clamp(0, self.before + self.ahead)
        bias = self.distance_bias[:, place].masked_fill(~inside, -math.inf)
        query = self.query(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        keys, values = keys_and_values
        heard = F.scaled_dot_product_attention(query, keys, values, bias.to(query.dtype))
        return self.out(heard.transpose(1, 2).flatten(2))


class FlowBlock(nn.Module):
    """Cross-attention, self-attention, feed-forward; the noise share scales and shifts the latter
    two's inputs."""

    def __init__(self, config: FlowConfig):
        super().__init__()
        width = config.width
        self.norms = nn.ModuleList(nn.RMSNorm(width, eps=1e-6) for _ in range(3))
        self.cross = BandedAttention(width, config.heads, config.memory, config.lookahead)
        self.attend = BandedAttention(width, config.heads, config.history, 0)
        self.feed_forward = nn.Sequential(
            nn.Linear(width, 3 * width), nn.GELU(approximate="tanh"), nn.Linear(3 * width, width)
        )
        self.modulate = nn.Linear(width, 2 * width)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def forward(
        self, x: Tensor, time: Tensor, memory: "Memory", past: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """``x [N, queries, W]``; returns it, and the keys and values that later frames look back
        on."""
        scale, shift = self.modulate(time)[:, None].chunk(2, dim=-1)
        seen = self.cross.keys_and_values(memory.tokens)
        x = x + self.cross(self.norms[0](x), seen, memory.distance)
        normed = self.norms[1](x) * (1.0 + scale) + shift
        keys_and_values = self.attend.keys_and_values(normed)
        if past is not None:
            keys_and_values = torch.cat([past, keys_and_values], dim=-2)
        x = x + self.attend(normed, keys_and_values, _distance_back(x, keys_and_values))
        normed = self.norms[2](x) * (1.0 + scale) + shift
        return x + self.feed_forward(normed), keys_and_values[..., -self.attend.before :, :]


@dataclass
class Memory:
    """The coarse decoding as the network sees it: its ``frames [N, queries, W]`` to refine, its
    ``tokens [N, keys, W]`` around, and their ``distance [queries, keys]`` in token frames."""

    frames: Tensor
    tokens: Tensor
    distance: Tensor


class FlowDecoder(nn.Module):
    """Velocity of what the coarse decoding lacks, in units of ``residual_scale [pose_size]``."""

    def __init__(self, config: FlowConfig, groups: Sequence[np.ndarray], downsampling: int):
        super().__init__()
        self.config, self.downsampling = config, downsampling
        self.groups = [torch.from_numpy(group) for group in groups]
        self.order = torch.from_numpy(np.argsort(np.concatenate(groups)))
        sizes, width = [len(group) for group in groups], config.width
        self.register_buffer("residual_scale", torch.ones(sum(sizes)))
        self.project_noisy = nn.ModuleList(nn.Linear(size, width) for size in sizes)
        self.project_coarse = nn.ModuleList(nn.Linear(size, width) for size in sizes)
        self.project_memory = nn.ModuleList(nn.Linear(size * downsampling, width) for size in sizes)
        self.group_bias = nn.Parameter(torch.zeros(len(sizes), 1, width))
        self.time = nn.Sequential(
            nn.Linear(TIME_FEATURES, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU()
        )
        self.blocks = nn.ModuleList(FlowBlock(config) for _ in range(config.blocks))
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.project_out = nn.ModuleList(nn.Linear(width, size) for size in sizes)
        for project in self.project_out:
            nn.init.zeros_(project.weight)
            nn.init.zeros_(project.bias)

    def remember(self, coarse: Tensor, first: int, count: int) -> Memory:
        """For ``count`` token frames from the ``first`` of ``coarse [B, F, pose_size]`` on."""
        span = self.downsampling
        patches = [coarse[..., group].unflatten(1, (-1, span)).flatten(2) for group in self.groups]
        tokens = self._embedded(patches, self.project_memory) + self.group_bias
        frames = coarse[:, first * span : (first + count) * span]
        own = [frames[..., group] for group in self.groups]
        places = torch.arange(coarse.shape[1] // span, device=coarse.device)
        asking = places[first : first + count].repeat_interleave(span)
        return Memory(
            self._embedded(own, self.project_coarse).flatten(0, 1),
            tokens.flatten(0, 1),
            places - asking[:, None],
        )

    def forward(
        self, x: Tensor, sigma: Tensor, memory: Memory, past: list[Tensor] | None = None
    ) -> tuple[Tensor, list[Tensor]]:
        """Velocity ``[B, F, pose_size]`` at ``x`` with noise shares ``sigma [B]``.

        ``past`` is what the call for the frames before, at the same ``sigma``, returned.
        """
        batch, groups = len(x), len(self.groups)
        states = self._embedded([x[..., group] for group in self.groups], self.project_noisy)
        states = (states + self.group_bias).flatten(0, 1) + memory.frames
        time = self.time(_time_features(sigma)).repeat_interleave(groups, dim=0)
        states = states + time[:, None]
        kept = []
        for index, block in enumerate(self.blocks):
            states, behind = block(states, time, memory, past[index] if past else None)
            kept.append(behind)
        states = self.norm(states).unflatten(0, (batch, groups))
        own = [project(states[:, i]) for i, project in enumerate(self.project_out)]
        return torch.cat(own, dim=-1)[..., self.order], kept

    def _embedded(self, own: list[Tensor], projections: nn.ModuleList) -> Tensor:
        """``[B, groups, frames, W]`` of each group's columns."""
        return torch.stack([project(x) for project, x in zip(projections, own)], dim=1)


def _distance_back(x: Tensor, keys_and_values: Tensor) -> Tensor:
    """From each of the newest frames ``x [N, queries, W]`` to the frames up to them."""
    keys, queries = keys_and_values.shape[-2], x.shape[1]
    places = torch.arange(keys, device=x.device)
    return places - places[keys - queries :, None]


def _time_features(sigma: Tensor) -> Tensor:
    """Sines and cosines ``[B, TIME_FEATURES]`` of the noise share."""
    rates = torch.logspace(0.0, 3.0, TIME_FEATURES // 2, device=sigma.device)
    angles = sigma[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=-1)

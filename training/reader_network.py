"""The reader as a torch network, which trains it; ``motion_engine.models.reader`` runs it.

A transformer over token frames that sees both ways, and as far as ``reach``: what is done in a
frame shows in the frames around it, however long the clip is.
"""

import torch
from torch import Tensor, nn

from motion_engine.models.configuration import ReaderConfig

from .planner_network import PlannerBlock


class ReaderNetwork(nn.Module):
    """``labels``: how many there are to be read; ``size`` that of a frame's code vectors."""

    def __init__(self, config: ReaderConfig, size: int, labels: int):
        super().__init__()
        self.config = config
        width = config.width
        self.project_parts = nn.Linear(size, width)
        self.neighbours = nn.Linear(3 * width, width)
        self.blocks = nn.ModuleList(PlannerBlock(width, config.heads) for _ in range(config.blocks))
        self.distances = nn.Parameter(
            torch.zeros(config.blocks, config.heads, 2 * config.reach + 1)
        )
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.out = nn.Linear(width, labels)
        # Labels are rare; starting near their share keeps the first steps calm.
        nn.init.constant_(self.out.bias, -5.0)

    def forward(self, vectors: Tensor, lengths: Tensor) -> Tensor:
        """Logits ``[B, T, L]`` of what is done at each frame.

        ``vectors [B, T, P * d]`` are the parts' code vectors, ``lengths [B]`` the frames of each
        clip.
        """
        frames, reach = vectors.shape[1], self.config.reach
        steps = torch.arange(frames, device=vectors.device)
        real = steps < lengths[:, None]
        away = steps[None] - steps[:, None]
        sees = (away.abs() <= reach) & real[:, None]
        alone = self.project_parts(vectors) * real[..., None]
        padded = nn.functional.pad(alone, (0, 0, 1, 1))
        x = self.neighbours(torch.cat([padded[:, :-2], alone, padded[:, 2:]], dim=-1))
        for block, distances in zip(self.blocks, self.distances):
            bias = distances[:, away.clamp(-reach, reach) + reach]
            x = block(x, sees[:, None], bias)
        return self.out(self.norm(x))

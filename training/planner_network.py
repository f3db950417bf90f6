"""The planner as a torch network, which trains it; ``motion_engine.models.planner`` runs it.

A transformer over the words, which see each other both ways, the length that is asked for, and the
tokens of the plan, each of which sees the words and the tokens before it.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from motion_engine.generation.plan_tokens import MOST_TOKENS, TIMES
from motion_engine.language.vocabulary import MAXIMUM_WORDS
from motion_engine.models.configuration import PlannerConfig
from motion_engine.models.token_model import DepthBlock


class PlannerBlock(DepthBlock):
    """The depth decoder's block with a mask of its own."""

    def forward(self, x: Tensor, mask: Tensor, bias: Tensor | float = 0.0) -> Tensor:
        """``x [B, N, W]``, ``mask [B, 1, N, N]`` of what each position sees; ``bias [H, N, N]`` is
        added to the scores."""
        q, k, v = self.query_key_value(self.attention_norm(x)).chunk(3, dim=-1)
        q, k, v = (t.unflatten(-1, (self.heads, -1)).transpose(1, 2) for t in (q, k, v))
        scores = (q @ k.transpose(-1, -2)) * q.shape[-1] ** -0.5 + bias
        weights = scores.float().masked_fill(~mask, -1e4).softmax(-1).to(v.dtype)
        x = x + self.attention_out((weights @ v).transpose(1, 2).flatten(2))
        gate, up = self.gate_up(self.feed_forward_norm(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class PlannerNetwork(nn.Module):
    """``tokens`` is the size of :class:`PlanTokens`."""

    def __init__(self, config: PlannerConfig, word_size: int, tokens: int):
        super().__init__()
        self.config = config
        width = config.width
        self.project_words = nn.Linear(word_size, width)
        self.word_places = nn.Parameter(0.02 * torch.randn(2 * MAXIMUM_WORDS, width))
        self.plan_places = nn.Parameter(0.02 * torch.randn(MOST_TOKENS + 1, width))
        self.lengths = nn.Parameter(0.02 * torch.randn(TIMES + 1, width))
        self.tokens = nn.Parameter(0.02 * torch.randn(tokens, width))
        self.blocks = nn.ModuleList(PlannerBlock(width, config.heads) for _ in range(config.blocks))
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.out = nn.Linear(width, tokens)

    def forward(self, words: Tensor, given: Tensor, lengths: Tensor, plans: Tensor) -> Tensor:
        """Logits ``[B, M, tokens]`` of the plans' tokens.

        ``words [B, N, E]``, ``given [B, N]``; ``lengths [B]`` are time tokens, TIMES where none is
        asked; ``plans [B, M]`` padded with any.
        """
        heard = self.project_words(words) + self.word_places[: words.shape[1]]
        before = torch.cat([self.lengths[lengths][:, None], self.tokens[plans[:, :-1]]], dim=1)
        told = before + self.plan_places[: before.shape[1]]
        x = torch.cat([heard, told], dim=1)
        count, steps = heard.shape[1], told.shape[1]
        sees = torch.zeros(len(x), 1, count + steps, count + steps, dtype=torch.bool)
        sees[..., :count] = given[:, None, None]
        sees[..., count:, count:] = torch.ones(steps, steps, dtype=torch.bool).tril()
        for block in self.blocks:
            x = block(x, sees)
        return self.out(self.norm(x[:, count:]))

"""A small text-motion encoder trained by contrast: what retrieval measures are taken with."""

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from motion_engine.language.vocabulary import MAXIMUM_WORDS

LONGEST_STEPS = 64


@dataclass(frozen=True)
class RetrievalConfig:
    """``features`` of a motion frame and ``word_size`` are inputs, ``space`` the output's size."""

    features: int
    word_size: int
    width: int = 128
    space: int = 64
    blocks: int = 2
    heads: int = 4


class RetrievalModel(nn.Module):
    """Motions and texts as points of one unit sphere (as in CLIP: Radford et al., 2021; for
    motion: Petrovich et al., "TMR", 2023)."""

    def __init__(self, config: RetrievalConfig):
        super().__init__()
        self.config = config
        width = config.width
        self.register_buffer("mean", torch.zeros(config.features))
        self.register_buffer("scale", torch.ones(config.features))
        self.stem = nn.Conv1d(config.features, width, 5, stride=2, padding=2)
        self.second = nn.Conv1d(width, width, 3, padding=1)
        self.read_words = nn.Linear(config.word_size, width)
        self.motion_places = nn.Parameter(0.02 * torch.randn(LONGEST_STEPS, width))
        self.word_places = nn.Parameter(0.02 * torch.randn(2 * MAXIMUM_WORDS, width))
        self.motion_blocks = _blocks(config)
        self.text_blocks = _blocks(config)
        self.motion_out = nn.Linear(width, config.space)
        self.text_out = nn.Linear(width, config.space)
        self.log_sharpness = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def set_scales(self, frames: Tensor) -> None:
        """Take mean and deviation of every feature from ``frames [N, features]``."""
        self.mean.copy_(frames.mean(0))
        self.scale.copy_(frames.std(0).clamp(min=1e-2))

    def embed_motion(self, features: Tensor, lengths: Tensor) -> Tensor:
        """Points ``[B, space]`` of ``features [B, T, features]`` of which ``lengths [B]`` count."""
        known = _within(lengths, features.shape[1])
        frames = ((features - self.mean) / self.scale) * known[..., None]
        hidden = F.gelu(self.stem(frames.transpose(1, 2)))
        hidden = (hidden + F.gelu(self.second(hidden))).transpose(1, 2)[:, :LONGEST_STEPS]
        known = _within((lengths + 1) // 2, hidden.shape[1])
        hidden = hidden + self.motion_places[: hidden.shape[1]]
        return self._point(self.motion_blocks, self.motion_out, hidden, known)

    def embed_text(self, words: Tensor, known: Tensor) -> Tensor:
        """Points ``[B, space]`` of word vectors ``[B, N, word_size]`` where ``known [B, N]``."""
        hidden = self.read_words(words) + self.word_places[: words.shape[1]]
        return self._point(self.text_blocks, self.text_out, hidden, known)

    def loss(self, motions: Tensor, texts: Tensor, same: Tensor) -> Tensor:
        """Symmetric contrastive loss of matching points ``[B, space]``, in nats.

        Pairs that are also ``same [B, B]`` (of one caption, say) are neither pulled nor pushed.
        """
        logits = self.log_sharpness.clamp(max=math.log(100.0)).exp() * motions @ texts.T
        own = torch.eye(len(logits), dtype=torch.bool)
        logits = logits.masked_fill(same & ~own, -torch.inf)
        wanted = torch.arange(len(logits))
        return (F.cross_entropy(logits, wanted) + F.cross_entropy(logits.T, wanted)) / 2

    def settings(self) -> dict:
        return asdict(self.config)

    def _point(
        self, blocks: nn.TransformerEncoder, out: nn.Linear, hidden: Tensor, known: Tensor
    ) -> Tensor:
        hidden = blocks(hidden, src_key_padding_mask=~known) * known[..., None]
        mean = hidden.sum(1) / known.sum(1, keepdim=True).clamp(min=1)
        return F.normalize(out(mean), dim=-1)


def _blocks(config: RetrievalConfig) -> nn.TransformerEncoder:
    block = nn.TransformerEncoderLayer(
        config.width, config.heads, 2 * config.width, dropout=0.1, activation="gelu",
        batch_first=True, norm_first=True,
    )  # fmt: skip
    return nn.TransformerEncoder(block, config.blocks, enable_nested_tensor=False)


def _within(lengths: Tensor, size: int) -> Tensor:
    return torch.arange(size)[None] < lengths[:, None]

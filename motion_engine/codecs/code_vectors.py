"""Codes as vectors: how a token model hears and speaks the codes of any codec."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

VECTOR_SIZE = 64


@dataclass
class CodeVectors:
    """A ``table [rows, d]`` of codes and the ``gains [K]`` of the streams, 1 for first layers.

    With ``own_codebooks`` the codes of stream k are the rows from ``k * cardinality`` on; else all
    streams share them.
    """

    table: Tensor
    gains: Tensor
    own_codebooks: bool = False


def level_vectors(levels: tuple[int, ...]) -> Tensor:
    """Vectors ``[codes, d]`` of codes that spell one of ``levels[i]`` at place i: the level at each
    place, and a random direction of the code's own.

    The places alone would let a model say only how likely each level is, not which ones go
    together.
    """
    codes = torch.arange(math.prod(levels))
    strides = [math.prod(levels[:i]) for i in range(len(levels))]
    places = [F.one_hot(codes // stride % size, size) for stride, size in zip(strides, levels)]
    spelled = torch.cat(places, dim=1) * (sum(levels) / len(levels)) ** 0.5
    own = np.random.default_rng(0).standard_normal((len(codes), VECTOR_SIZE), dtype=np.float32)
    return torch.cat([spelled, torch.from_numpy(own)[:, spelled.shape[1] :]], dim=1)

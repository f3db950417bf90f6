"""The torch runtime of the token model: preallocated caches, one thin step per token frame."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .token_model import TokenModel


class BackboneCache:
    """Keys and values of a Llama-type backbone, and its forward pass over new positions.

    A loop over the layers' weights: for one position of a small model, most of the time of the
    general ``generate`` is bookkeeping.
    """

    def __init__(self, backbone: torch.nn.Module, rows: int, capacity: int):
        config = backbone.config
        self.backbone = backbone
        self.heads = config.num_attention_heads
        size = config.hidden_size // self.heads
        shape = (config.num_hidden_layers, rows, self.heads, capacity, size)
        weight = backbone.norm.weight
        self.keys = torch.zeros(shape, dtype=weight.dtype, device=weight.device)
        self.values = torch.zeros_like(self.keys)
        self.visible = torch.zeros(rows, capacity, dtype=torch.bool, device=weight.device)
        self.next_position = torch.zeros(rows, dtype=torch.long, device=weight.device)
        self.filled = 0
        base = config.rope_parameters["rope_theta"]
        self.frequencies = base ** (-torch.arange(0, size, 2, device=weight.device) / size)

    def advance(self, inputs: Tensor, given: Tensor | None = None) -> Tensor:
        """States ``[R, n, W]`` of ``inputs [R, n, W]``; ``given [R, n]`` is False for padding."""
        rows, count, _ = inputs.shape
        start, stop = self.filled, self.filled + count
        if given is None:
            given = torch.ones(rows, count, dtype=torch.bool, device=inputs.device)
        positions = self.next_position[:, None] + given.cumsum(-1) - 1
        self.visible[:, start:stop] = given
        self.next_position += given.sum(-1)
        self.filled = stop
        columns = torch.arange(stop, device=inputs.device)
        causal = columns[None, :] <= columns[start:stop, None]
        mask = (self.visible[:, None, :stop] & causal)[:, None]
        angles = positions[..., None] * self.frequencies
        turn = torch.cat([angles, angles], dim=-1)[:, None]
        cosine, sine = turn.cos(), turn.sin()
        x = inputs
        for index, layer in enumerate(self.backbone.layers):
            x = x + self._attention(layer, index, x, cosine, sine, mask, start, stop)
            normed = layer.post_attention_layernorm(x)
            gate = F.silu(layer.mlp.gate_proj(normed))
            x = x + layer.mlp.down_proj(gate * layer.mlp.up_proj(normed))
        return self.backbone.norm(x)

    def _attention(self, layer, index, x, cosine, sine, mask, start, stop) -> Tensor:
        attention = layer.self_attn
        normed = layer.input_layernorm(x)
        q, k, v = (
            project(normed).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project in (attention.q_proj, attention.k_proj, attention.v_proj)
        )
        self.keys[index, :, :, start:stop] = _rotary(k, cosine, sine)
        self.values[index, :, :, start:stop] = v
        mixed = F.scaled_dot_product_attention(
            _rotary(q, cosine, sine),
            self.keys[index, :, :, :stop],
            self.values[index, :, :, :stop],
            attn_mask=mask,
        )
        return attention.o_proj(mixed.transpose(1, 2).flatten(2))


def _rotary(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotary position embedding (Su et al., RoFormer, 2021) on halves, as Llama has it."""
    first, second = x.chunk(2, dim=-1)
    return x * cosine + torch.cat([-second, first], dim=-1) * sine


class TorchRuntime:
    """Runs one prompt: row 0 hears the text; with guidance, row 1 does not."""

    def __init__(self, model: TokenModel):
        self.model = model
        self.groups = model.config.groups

    @torch.inference_mode()
    def start(self, word_vectors: np.ndarray, is_guided: bool, frames: int) -> None:
        """Reads the text ``[N, E]`` and makes room for ``frames`` token frames."""
        rows = 2 if is_guided else 1
        words = torch.as_tensor(word_vectors)[None].expand(rows, -1, -1)
        text = self.model.embed_text(words)
        given = torch.ones(text.shape[:2], dtype=torch.bool)
        given[1:, 1:] = False
        self.sentence = self.model.pool_sentence(words, given[:, 1:])
        self.cache = BackboneCache(self.model.backbone, rows, text.shape[1] + frames)
        self.cache.advance(text, given)

    @torch.inference_mode()
    def advance(self, codes: np.ndarray | None, control: np.ndarray) -> float:
        """Takes in a frame's ``codes [K]`` (None for the start) and the ``control [C]`` of the
        frame to come; returns the log-odds that the frame to come is the last."""
        if codes is None:
            motion = self.model.embed_special("motion")
        else:
            motion = self.model.embed_codes(self.model.code_vectors(torch.as_tensor(codes)))
        inputs = motion + self.model.project_control(torch.as_tensor(control)) + self.sentence
        self.state = self.cache.advance(inputs[:, None])[:, 0]
        self.depth_caches = [[] for _ in self.model.depth.blocks]
        return float(self.model.end(self.state)[0, 0])

    @torch.inference_mode()
    def logits(self, group: int, previous: np.ndarray | None) -> np.ndarray:
        """Logits ``[R, S, codes]`` of a group, given the codes of the group before."""
        vectors = None
        if group > 0:
            codes = torch.as_tensor(previous)
            vectors = self.model.code_vectors(codes, self.groups[group - 1])
            vectors = vectors.expand(len(self.state), -1, -1)
        depth = self.model.depth
        return depth.step(self.state, group, vectors, self.depth_caches).float().numpy()

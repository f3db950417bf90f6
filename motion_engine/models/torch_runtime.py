"""The torch runtime of the token model: preallocated caches, one thin step per token frame."""

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from transformers import LlamaModel

from ..language.vocabulary import Vocabulary, padded_words
from .devices import find_device, named_when_full
from .language_model import load_language_model
from .language_model_folder import find_language_model
from .model_folder import ModelFolder
from .quantization import load_network
from .token_model import TokenModel


class Cache(Protocol):
    """The past of R rows; see :class:`BackboneCache`."""

    def advance(self, inputs: Tensor, given: Tensor | None = None) -> Tensor: ...


class Backbone(Protocol):
    """What reads texts and goes on from them; see :class:`SmallBackbone`."""

    def read(self, texts: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]: ...

    def new_cache(self, rows: int, capacity: int) -> Cache: ...


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
        inputs = inputs.to(self.keys.dtype)
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
        cosine, sine = turn.cos().to(inputs.dtype), turn.sin().to(inputs.dtype)
        x = inputs
        for index, layer in enumerate(self.backbone.layers):
            x = x + self._attention(layer, index, x, cosine, sine, mask, start, stop)
            normed = layer.post_attention_layernorm(x)
            gate = F.silu(layer.mlp.gate_proj(normed))
            x = x + layer.mlp.down_proj(gate * layer.mlp.up_proj(normed))
        return self.backbone.norm(x).float()

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


class SmallBackbone:
    """The small Llama of the default kind of model, which hears the words of our vocabulary."""

    def __init__(self, model: TokenModel, vocabulary: Vocabulary):
        self.model = model
        self.vocabulary = vocabulary

    def read(self, texts: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]:
        """``inputs [R, n, W]`` of the backbone, which are ``given [R, n]``, and a vector ``[R, W]``
        of each text that is added to motion; texts may be empty."""
        device = self.model.special.weight.device
        words, given = (
            torch.from_numpy(x).to(device) for x in padded_words(self.vocabulary, texts)
        )
        sentence = self.model.pool_sentence(words, given)
        begin = torch.ones_like(given[:, :1])
        return self.model.embed_text(words), torch.cat([begin, given], dim=1), sentence

    def new_cache(self, rows: int, capacity: int) -> BackboneCache:
        return BackboneCache(self.model.backbone, rows, capacity)


def _on_device(method: Callable) -> Callable:
    """A method that computes, without gradients, and names the device whose memory is full."""

    @wraps(method)
    def computing(self, *arguments, **named):
        with torch.inference_mode(), named_when_full(self.device):
            return method(self, *arguments, **named)

    return computing


class TorchRuntime:
    """Runs N prompts on R rows, N after N, which make the same motion and hear differently."""

    def __init__(self, model: TokenModel, backbone: Backbone):
        self.model = model
        self.backbone = backbone
        self.groups = model.config.groups
        self.device = model.special.weight.device

    @_on_device
    def start(self, texts: Sequence[str], frames: int) -> None:
        """Reads the R texts, none where they are empty, and makes room for ``frames`` token
        frames."""
        inputs, given, self.sentence = self.backbone.read(texts)
        self.cache = self.backbone.new_cache(len(inputs), inputs.shape[1] + frames)
        self.cache.advance(inputs, given)

    @_on_device
    def advance(self, codes: np.ndarray | None, control: np.ndarray) -> np.ndarray:
        """Takes in a frame's ``codes [N, K]`` (None for the start) and the ``control [R, C]`` of
        the frame to come; returns the log-odds ``[R]`` that the frame to come is the last."""
        if codes is None:
            motion = self.model.embed_special("motion")[None]
        else:
            vectors = self.model.code_vectors(torch.as_tensor(codes, device=self.device))
            motion = self.model.embed_codes(vectors)
        told = self.model.project_control(torch.as_tensor(control, device=self.device))
        inputs = self._for_all_rows(motion) + told + self.sentence
        self.state = self.cache.advance(inputs[:, None])[:, 0]
        self.depth_caches = [[] for _ in self.model.depth.blocks]
        return self.model.end(self.state)[:, 0].cpu().numpy()

    @_on_device
    def logits(self, group: int, previous: np.ndarray | None) -> np.ndarray:
        """Logits ``[R, S, codes]`` of a group, given the codes ``[N, S]`` of the group before."""
        vectors = None
        if group > 0:
            codes = torch.as_tensor(previous, device=self.device)
            vectors = self._for_all_rows(self.model.code_vectors(codes, self.groups[group - 1]))
        depth = self.model.depth
        return depth.step(self.state, group, vectors, self.depth_caches).cpu().numpy()

    def _for_all_rows(self, values: Tensor) -> Tensor:
        """Values ``[N, ...]`` of the prompts, or one of all of them, for the R rows."""
        copies = len(self.sentence) // len(values)
        return values.repeat(copies, *[1] * (values.ndim - 1))


def load_torch_runtime(
    folder: ModelFolder, device: str, precision: str
) -> Callable[[], TorchRuntime]:
    """A maker of runtimes for a model of either kind; raises LimberError.

    What can be found out before weights are read is found out first.
    """
    place = find_device(device)
    with named_when_full(place):
        return _load_on(place, folder, precision)


def _load_on(
    place: torch.device, folder: ModelFolder, precision: str
) -> Callable[[], TorchRuntime]:
    source = folder.token_model.backbone
    model = TokenModel(folder.token_model)
    weights = folder.token_model_weights()
    model.load_state_dict({name: torch.from_numpy(w.copy()) for name, w in weights.items()})
    model = model.to(place).eval()
    if source is None:
        if precision != "fp32":
            model.backbone = converted(model.backbone, precision, place)
        return partial(TorchRuntime, model, SmallBackbone(model, folder.vocabulary()))
    path = find_language_model(source, folder.folder)
    return partial(TorchRuntime, model, load_language_model(path, precision, place, model))


def converted(backbone: LlamaModel, precision: str, device: torch.device) -> LlamaModel:
    """The small backbone at another precision."""
    weights = backbone.state_dict()
    return load_network(
        LlamaModel, None, precision, device, config=backbone.config, state_dict=weights
    )

"""The token model on numpy alone; the names are those of the torch modules that train it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..language.vocabulary import Vocabulary, padded_words
from .configuration import SPECIAL_TOKENS, TokenModelConfig
from .linear import linear, rms_norm, silu, softmax

ROPE_BASE = 10_000.0
Weights = dict[str, np.ndarray]


@dataclass(frozen=True)
class Block:
    """One block of attention and a gated feed-forward; ``[out, in]`` matrices, joined by input."""

    attention_norm: np.ndarray
    query_key_value: np.ndarray
    attention_out: np.ndarray
    feed_forward_norm: np.ndarray
    gate_up: np.ndarray
    down: np.ndarray

    @staticmethod
    def of_backbone(weights: Weights, index: int) -> "Block":
        def weight(name: str) -> np.ndarray:
            return weights[f"backbone.layers.{index}.{name}.weight"]

        return Block(
            weight("input_layernorm"),
            np.concatenate([weight(f"self_attn.{p}_proj") for p in "qkv"]),
            weight("self_attn.o_proj"),
            weight("post_attention_layernorm"),
            np.concatenate([weight("mlp.gate_proj"), weight("mlp.up_proj")]),
            weight("mlp.down_proj"),
        )

    @staticmethod
    def of_prefix(weights: Weights, prefix: str) -> "Block":
        """A block whose arrays are named as here, such as the depth decoder's."""
        names = Block.__dataclass_fields__
        return Block(*(weights[f"{prefix}.{name}.weight"] for name in names))

    def keys_and_queries(self, x: np.ndarray, heads: int) -> np.ndarray:
        """Queries, keys and values ``[3, R, H, n, d]`` of ``x [R, n, W]``."""
        rows, count, _ = x.shape
        joined = linear(rms_norm(x, self.attention_norm), self.query_key_value)
        return joined.reshape(rows, count, 3, heads, -1).transpose(2, 0, 3, 1, 4)

    def finish(self, x: np.ndarray, mixed: np.ndarray) -> np.ndarray:
        """The block's output from its input ``x [R, n, W]`` and mixed values ``[R, H, n, d]``."""
        x = x + linear(mixed.swapaxes(1, 2).reshape(x.shape[:2] + (-1,)), self.attention_out)
        joined = linear(rms_norm(x, self.feed_forward_norm), self.gate_up)
        half = joined.shape[-1] // 2
        return x + linear(silu(joined[..., :half]) * joined[..., half:], self.down)


class NumpyTokenModel:
    """Weights of a token model, arranged for the runtime."""

    def __init__(self, config: TokenModelConfig, weights: Weights, vocabulary: Vocabulary):
        self.config = config
        self.vocabulary = vocabulary
        self.weights = weights
        self.backbone = [Block.of_backbone(weights, i) for i in range(config.blocks)]
        self.depth = [
            Block.of_prefix(weights, f"depth.blocks.{i}") for i in range(config.depth_blocks)
        ]
        self.code_bias = weights["depth.code_bias"]
        self.code_table = weights["depth.code_table"]

    @cached_property
    def to_query(self) -> list[np.ndarray]:
        """For each group, one matrix ``[S * d, W]`` that makes the queries of its streams."""
        by_stream = self.weights["depth.to_query"].swapaxes(1, 2)
        width = self.config.depth_width
        return [by_stream[list(g)].reshape(-1, width) for g in self.config.groups]

    def linear(self, name: str, x: np.ndarray) -> np.ndarray:
        return linear(x, self.weights[f"{name}.weight"], self.weights.get(f"{name}.bias"))

    def embed_special(self, name: str) -> np.ndarray:
        return self.weights["special.weight"][SPECIAL_TOKENS.index(name)]

    def embed_text(self, word_vectors: np.ndarray) -> np.ndarray:
        """``[R, N, E]`` word vectors to the text message ``[R, N + 1, W]``."""
        words = self.linear("project_words.2", silu(self.linear("project_words.0", word_vectors)))
        begin = np.broadcast_to(self.embed_special("text"), (len(words), 1, words.shape[-1]))
        return np.concatenate([begin, words], axis=1)

    def pool_sentence(self, word_vectors: np.ndarray, given: np.ndarray) -> np.ndarray:
        """``[R, N, E]`` words, ``given [R, N]``, to ``[R, W]``; zero for a text without words."""
        if word_vectors.shape[1] == 0:
            return np.zeros((len(word_vectors), self.config.width), dtype=np.float32)
        score = self.linear("pool_sentence.score", word_vectors)
        score = np.where(given[..., None], score, -1e4).swapaxes(1, 2)
        weight = softmax(score) * given.any(-1)[:, None, None]
        value = silu(self.linear("pool_sentence.value", word_vectors))
        rows, words, heads = len(value), value.shape[1], weight.shape[1]
        value = value.reshape(rows, words, heads, -1)
        pooled = np.einsum("rhn,rnhd->rhd", weight, value).reshape(rows, -1)
        return self.linear("pool_sentence.out", pooled)

    def code_vectors(self, codes: np.ndarray, streams: tuple[int, ...] | None = None) -> np.ndarray:
        """Scaled code vectors ``[..., S, d]`` of ``codes [..., S]`` of the given streams."""
        gains = self.weights["gains"] if streams is None else self.weights["gains"][list(streams)]
        return self.weights["codebook"][codes] * gains[:, None]

    def embed_codes(self, vectors: np.ndarray) -> np.ndarray:
        """Code vectors ``[R, K, d]`` of a whole frame to ``[R, W]``, summed over layers first."""
        by_part = vectors.reshape(len(vectors), self.config.parts, self.config.layers, -1).sum(2)
        return linear(by_part.reshape(len(vectors), -1), self._frame_embedding)

    def embed_control(self, control: np.ndarray) -> np.ndarray:
        """Control ``[R, C]``, most of which is zero, to ``[R, W]``."""
        told = np.flatnonzero(control.any(axis=0))
        return control[:, told] @ self._control_columns[told]

    def embed_group(self, vectors: np.ndarray, group: int) -> np.ndarray:
        """Code vectors ``[R, S, d]`` of a group to the depth decoder's ``[R, W]``."""
        return linear(vectors.reshape(len(vectors), -1), self._group_embeddings[group])

    @cached_property
    def _control_columns(self) -> np.ndarray:
        return np.ascontiguousarray(self.weights["project_control.weight"].T)

    @cached_property
    def _frame_embedding(self) -> np.ndarray:
        return _joined(self.weights["embed_codes.weight"])

    @cached_property
    def _group_embeddings(self) -> list[np.ndarray]:
        weight = self.weights["depth.embed_codes.weight"]
        layers = self.config.layers
        return [_joined(weight[[s // layers for s in group]]) for group in self.config.groups]


class NumpyRuntime:
    """Runs N prompts on R rows, N after N, which make the same motion and hear differently."""

    def __init__(self, model: NumpyTokenModel):
        self.model = model
        self.groups = model.config.groups

    def start(self, texts: Sequence[str], frames: int) -> None:
        """Reads the R texts, none where they are empty, and makes room for ``frames`` token
        frames."""
        model = self.model
        words, given = padded_words(model.vocabulary, texts)
        text = model.embed_text(words)
        self.sentence = model.pool_sentence(words, given)
        self.make_room(len(words), text.shape[1] + frames)
        begin = np.ones((len(words), 1), dtype=bool)
        self.advance_backbone(text, np.concatenate([begin, given], axis=1))

    def make_room(self, rows: int, capacity: int) -> None:
        """Empty caches of the backbone for so many rows and positions."""
        config = self.model.config
        size = config.width // config.heads
        shape = (config.blocks, rows, config.heads, capacity, size)
        self.keys, self.values = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self.hidden = np.zeros((rows, capacity), np.float32)
        self.next_position = np.zeros(rows, dtype=np.int64)
        self.filled = 0
        frequencies = ROPE_BASE ** (-np.arange(0, size, 2) / size)
        angles = np.arange(capacity)[:, None] * np.concatenate([frequencies, frequencies])
        self.cosine, self.sine = np.cos(angles, dtype=np.float32), np.sin(angles, dtype=np.float32)

    def advance(self, codes: np.ndarray | None, control: np.ndarray) -> np.ndarray:
        """Takes in a frame's ``codes [N, K]`` (None for the start) and the ``control [R, C]`` of
        the frame to come; returns the log-odds ``[R]`` that the frame to come is the last."""
        model = self.model
        if codes is None:
            motion = model.embed_special("motion")[None]
        else:
            motion = model.embed_codes(model.code_vectors(codes))
        inputs = self._for_all_rows(motion) + model.embed_control(control) + self.sentence
        given = np.ones((len(inputs), 1), dtype=bool)
        self.state = self.advance_backbone(inputs[:, None], given)[:, 0]
        self.from_state = model.linear("depth.from_state", self.state)
        config = model.config
        size = config.depth_width // config.depth_heads
        shape = (2, config.depth_blocks, len(inputs), config.depth_heads, len(self.groups), size)
        self.depth_keys, self.depth_values = np.zeros(shape, np.float32)
        return model.linear("end", self.state)[:, 0]

    def logits(self, group: int, previous: np.ndarray | None) -> np.ndarray:
        """Logits ``[R, S, codes]`` of a group, given the codes ``[N, S]`` of the group before."""
        model = self.model
        x = self.from_state + model.weights["depth.group_embedding"][group]
        if group > 0:
            vectors = model.code_vectors(previous, self.groups[group - 1])
            x = x + self._for_all_rows(model.embed_group(vectors, group - 1))
        x = x[:, None]
        for index, block in enumerate(model.depth):
            query, key, value = block.keys_and_queries(x, model.config.depth_heads)
            keys, values = self.depth_keys[index], self.depth_values[index]
            keys[:, :, group], values[:, :, group] = key[:, :, 0], value[:, :, 0]
            mixed = _attention(query, keys[:, :, : group + 1], values[:, :, : group + 1])
            x = block.finish(x, mixed)
        x = rms_norm(x[:, 0], model.weights["depth.norm.weight"])
        query = linear(x, model.to_query[group]).reshape(len(x), len(self.groups[group]), -1)
        return linear(query, model.code_table) + model.code_bias[list(self.groups[group])]

    def advance_backbone(self, inputs: np.ndarray, given: np.ndarray) -> np.ndarray:
        """States ``[R, n, W]`` of ``inputs [R, n, W]``; ``given [R, n]`` is False for padding."""
        start, stop = self.filled, self.filled + inputs.shape[1]
        positions = self.next_position[:, None] + given.cumsum(-1) - 1
        cosine, sine = (t[positions.clip(0)][:, None] for t in (self.cosine, self.sine))
        self.hidden[:, start:stop] = np.where(given, 0.0, -np.inf)
        self.next_position += given.sum(-1)
        self.filled = stop
        mask = self.hidden[:, None, None, :stop]
        if stop - start > 1:
            mask = mask + np.triu(np.full((stop - start, stop), -np.inf, np.float32), start + 1)
        x = inputs
        for index, block in enumerate(self.model.backbone):
            query, key, value = block.keys_and_queries(x, self.model.config.heads)
            self.keys[index, :, :, start:stop] = _rotary(key, cosine, sine)
            self.values[index, :, :, start:stop] = value
            keys, values = self.keys[index, :, :, :stop], self.values[index, :, :, :stop]
            x = block.finish(x, _attention(_rotary(query, cosine, sine), keys, values, mask))
        return rms_norm(x, self.model.weights["backbone.norm.weight"])

    def _for_all_rows(self, values: np.ndarray) -> np.ndarray:
        """Values ``[N, W]`` of the prompts, or of all of them, for the R rows."""
        return np.tile(values, (len(self.sentence) // len(values), 1))


def _attention(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, mask: np.ndarray | None = None
) -> np.ndarray:
    """Mixed values ``[R, H, n, d]``; ``mask`` is added to the scores ``[R, H, n, m]``."""
    scores = np.matmul(query, keys.swapaxes(-1, -2)) * np.float32(query.shape[-1] ** -0.5)
    return np.matmul(softmax(scores if mask is None else scores + mask), values)


def _rotary(x: np.ndarray, cosine: np.ndarray, sine: np.ndarray) -> np.ndarray:
    """Rotary position embedding (Su et al., RoFormer, 2021) on halves, as Llama has it."""
    half = x.shape[-1] // 2
    return x * cosine + np.concatenate([-x[..., half:], x[..., :half]], axis=-1) * sine


def _joined(weight: np.ndarray) -> np.ndarray:
    """One matrix ``[W, S * d]`` of a projection ``[S, d, W]`` for each of S inputs, summed."""
    return np.ascontiguousarray(weight.reshape(-1, weight.shape[-1]).T)

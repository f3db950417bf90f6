"""The token model: one backbone step per token frame, a depth decoder for the codes of a frame.

The backbone is a causal language model of ``transformers``: a small Llama of our own, which hears
words as fixed vectors of the vocabulary through a projection, or any other, which brings its
weights and its tokenizer along (see ``language_model.py``). The codes of a token frame enter as one
embedding, the sum of the codec's own code vectors, projected part by part. At each position the depth decoder (Moshi's idea)
speaks the codes of the next frame in groups of streams: those of a group are independent given the
groups before, so that all of them are sampled at once.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import LlamaConfig, LlamaModel

from ..codecs.flow_codec import FlowCodec
from ..codecs.torch_codec import TorchCodec
from .configuration import SENTENCE_HEADS, SPECIAL_TOKENS, TokenModelConfig, default_groups


class CodeEmbedding(nn.Module):
    """One vector for the codes of a token frame: residual sums per part, projected and added."""

    def __init__(self, config: TokenModelConfig, width: int):
        super().__init__()
        self.layers = config.layers
        scale = (config.parts * config.latent_size) ** -0.5
        weight = torch.randn(config.parts, config.latent_size, width) * scale
        self.weight = nn.Parameter(weight)

    def forward(self, vectors: Tensor, streams: tuple[int, ...] | None = None) -> Tensor:
        """``vectors [..., S, d]`` of the given streams (all by default) to ``[..., width]``."""
        if streams is None:
            vectors = vectors.unflatten(-2, (-1, self.layers)).sum(-2)
            return torch.einsum("...pd,pdw->...w", vectors, self.weight)
        parts = [stream // self.layers for stream in streams]
        return torch.einsum("...sd,sdw->...w", vectors, self.weight[parts])


class SentencePooling(nn.Module):
    """One vector for a whole text, added to every motion input beside what attention finds.

    Each head weighs the words by a learned score, so that the words that matter stand out. The
    model hears what is asked at every frame from the first steps of training on.
    """

    def __init__(self, config: TokenModelConfig):
        super().__init__()
        self.score = nn.Linear(config.word_size, SENTENCE_HEADS)
        self.value = nn.Linear(config.word_size, config.width)
        self.out = nn.Linear(config.width, config.width, bias=False)
        nn.init.zeros_(self.out.weight)

    def forward(self, word_vectors: Tensor, given: Tensor) -> Tensor:
        """``[B, N, E]`` words, ``given [B, N]``, to ``[B, W]``; zero for a text without words."""
        if word_vectors.shape[1] == 0:
            return word_vectors.new_zeros(len(word_vectors), self.out.out_features)
        score = self.score(word_vectors).float().masked_fill(~given[..., None], -1e4)
        weight = score.softmax(dim=1) * given.any(-1)[:, None, None]
        value = F.silu(self.value(word_vectors)).unflatten(-1, (SENTENCE_HEADS, -1))
        return self.out((weight[..., None] * value).sum(1).flatten(1))


class DepthBlock(nn.Module):
    """Pre-norm attention over the groups of one token frame, then a gated feed-forward."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.RMSNorm(width, eps=1e-6)
        self.query_key_value = nn.Linear(width, 3 * width, bias=False)
        self.attention_out = nn.Linear(width, width, bias=False)
        self.feed_forward_norm = nn.RMSNorm(width, eps=1e-6)
        self.gate_up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(2 * width, width, bias=False)

    def forward(self, x: Tensor, cache: list[Tensor] | None = None) -> Tensor:
        """``x [N, G, W]`` for training; with ``cache`` (keys, values of earlier groups) ``G = 1``."""
        q, k, v = self.query_key_value(self.attention_norm(x)).chunk(3, dim=-1)
        q, k, v = (t.unflatten(-1, (self.heads, -1)).transpose(1, 2) for t in (q, k, v))
        if cache is not None:
            if cache:
                k, v = torch.cat([cache[0], k], dim=2), torch.cat([cache[1], v], dim=2)
            cache[:] = [k, v]
        mixed = _attention_of_few(q, k, v, is_causal=cache is None)
        x = x + self.attention_out(mixed.transpose(1, 2).flatten(2))
        gate, up = self.gate_up(self.feed_forward_norm(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


def _attention_of_few(q: Tensor, k: Tensor, v: Tensor, is_causal: bool) -> Tensor:
    """Attention ``[N, H, G, d]`` written out: fused kernels are slow for a handful of positions."""
    scores = (q @ k.transpose(-1, -2)) * q.shape[-1] ** -0.5
    if is_causal:
        later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=q.device).triu(1)
        scores = scores.masked_fill(later, float("-inf"))
    return scores.softmax(-1).to(v.dtype) @ v


class DepthDecoder(nn.Module):
    """Logits of a frame's codes, group after group, from one backbone state."""

    def __init__(self, config: TokenModelConfig):
        super().__init__()
        self.groups = config.groups
        self.own_codebooks = config.own_codebooks
        width = config.depth_width
        self.from_state = nn.Linear(config.width, width)
        self.group_embedding = nn.Parameter(torch.randn(len(self.groups), width) * 0.02)
        self.embed_codes = CodeEmbedding(config, width)
        self.blocks = nn.ModuleList(
            DepthBlock(width, config.depth_heads) for _ in range(config.depth_blocks)
        )
        self.norm = nn.RMSNorm(width, eps=1e-6)
        # Small, since the code vectors are not: the first logits shall be nearly even.
        self.to_query = nn.Parameter(
            torch.randn(config.streams, width, config.latent_size) * 0.1 / width
        )
        self.code_table = nn.Parameter(torch.randn(config.table_rows, config.latent_size))
        self.code_bias = nn.Parameter(torch.zeros(config.streams, config.codebook_size))

    def inputs(self, state: Tensor, group: int, previous: Tensor | None) -> Tensor:
        """Input of one group ``[N, W]``: state, place, and the code vectors of the group before."""
        x = self.from_state(state) + self.group_embedding[group]
        if group == 0:
            return x
        return x + self.embed_codes(previous, self.groups[group - 1])

    def logits(self, x: Tensor, group: int) -> Tensor:
        """``x [N, W]`` to logits ``[N, S, codes]`` of the group's streams."""
        streams = list(self.groups[group])
        query = torch.einsum("nw,swd->nsd", self.norm(x), self.to_query[streams])
        if self.own_codebooks:
            tables = self.code_table.unflatten(0, (len(self.to_query), -1))[streams]
            return torch.einsum("nsd,scd->nsc", query, tables) + self.code_bias[streams]
        return query @ self.code_table.T + self.code_bias[streams]

    def forward(self, state: Tensor, vectors: Tensor, groups: int | None = None) -> list[Tensor]:
        """Teacher-forced logits of the leading ``groups`` (all by default).

        ``state [N, W]`` of the backbone, code ``vectors [N, K, d]`` of the frame itself.
        """
        groups = groups or len(self.groups)
        inputs = []
        for group in range(groups):
            before = list(self.groups[group - 1]) if group else []
            inputs.append(self.inputs(state, group, vectors[:, before] if group else None))
        x = torch.stack(inputs, dim=1)
        for block in self.blocks:
            x = block(x)
        return [self.logits(x[:, group], group) for group in range(groups)]

    def step(
        self, state: Tensor, group: int, previous: Tensor | None, caches: list[list[Tensor]]
    ) -> Tensor:
        """Logits ``[N, S, codes]`` of one group; ``caches`` hold one list for each block."""
        x = self.inputs(state, group, previous)[:, None]
        for block, cache in zip(self.blocks, caches):
            x = block(x, cache)
        return self.logits(x[:, 0], group)


def small_llama(config: TokenModelConfig) -> LlamaModel:
    """The default backbone; words and codes enter as vectors, so that it has no vocabulary."""
    return LlamaModel(
        LlamaConfig(
            vocab_size=1,
            hidden_size=config.width,
            intermediate_size=config.feed_forward,
            num_hidden_layers=config.blocks,
            num_attention_heads=config.heads,
            max_position_embeddings=4096,
            bos_token_id=None,
            eos_token_id=None,
        )
    )


def config_for(codec: TorchCodec | FlowCodec, **sizes) -> TokenModelConfig:
    """The configuration of a token model that speaks the codes of ``codec``; ``sizes`` are the
    fields of its own."""
    vectors = codec.code_vectors()
    return TokenModelConfig(
        parts=len(codec.part_names),
        layers=codec.config.layers,
        codebook_size=codec.cardinality,
        latent_size=vectors.table.shape[1],
        own_codebooks=vectors.own_codebooks,
        pose_size=codec.config.layout.pose_size,
        groups=default_groups(codec.part_names, codec.config.layers),
        **sizes,
    )


class TokenModel(nn.Module):
    """Words and motion in, states of the backbone and codes of the next token frame out.

    Where ``config.backbone`` names a language model, this holds the motion side alone.
    """

    def __init__(self, config: TokenModelConfig):
        super().__init__()
        self.config = config
        self.register_buffer("codebook", torch.zeros(config.table_rows, config.latent_size))
        self.register_buffer("gains", torch.ones(config.streams))
        self.special = nn.Embedding(len(SPECIAL_TOKENS), config.width)
        if config.backbone is None:
            self.project_words = nn.Sequential(
                nn.Linear(config.word_size, config.width),
                nn.SiLU(),
                nn.Linear(config.width, config.width),
            )
            self.pool_sentence = SentencePooling(config)
        if config.speaks:
            self.speak = nn.Linear(config.width, config.word_size + 1)
        self.embed_codes = CodeEmbedding(config, config.width)
        self.project_control = nn.Linear(config.control.size, config.width, bias=False)
        nn.init.zeros_(self.project_control.weight)
        if config.backbone is None:
            self.backbone = small_llama(config)
        self.end = nn.Linear(config.width, 1)
        self.depth = DepthDecoder(config)

    def use_codec(self, codec: TorchCodec | FlowCodec) -> None:
        """Take over the codec's code vectors, which embed the codes here, all parts alike in size."""
        vectors = codec.code_vectors()
        self.codebook.copy_(vectors.table)
        self.gains.copy_(vectors.gains)
        self.depth.code_table.data.copy_(vectors.table)

    def code_vectors(self, codes: Tensor, streams: tuple[int, ...] | None = None) -> Tensor:
        """Scaled code vectors ``[..., S, d]`` of ``codes [..., S]`` of the given streams."""
        gains = self.gains if streams is None else self.gains[list(streams)]
        if self.config.own_codebooks:
            chosen = range(self.config.streams) if streams is None else streams
            first_rows = [stream * self.config.codebook_size for stream in chosen]
            codes = codes + torch.tensor(first_rows, device=codes.device)
        return self.codebook[codes] * gains[:, None]

    def embed_special(self, name: str) -> Tensor:
        return self.special.weight[SPECIAL_TOKENS.index(name)]

    def embed_text(self, word_vectors: Tensor) -> Tensor:
        """``[..., N, E]`` word vectors to the text message ``[..., N + 1, W]``."""
        words = self.project_words(word_vectors)
        begin = self.embed_special("text").expand(*words.shape[:-2], 1, -1)
        return torch.cat([begin, words], dim=-2)

    def embed_motion(self, vectors: Tensor, control: Tensor, sentence: Tensor) -> Tensor:
        """Inputs ``[B, T, W]`` that predict T frames: the start, then each frame but the last.

        ``vectors [B, T - 1, K, d]`` of the frames before, ``control [B, T, C]`` of those to come,
        ``sentence [B, W]`` of the text.
        """
        begin = self.embed_special("motion").expand(len(control), 1, -1)
        frames = torch.cat([begin, self.embed_codes(vectors)], dim=1)
        return frames + self.project_control(control) + sentence[:, None]

    def word_logits(self, states: Tensor, vocabulary: Tensor) -> Tensor:
        """Logits ``[..., V + 1]`` of the next word, the last of them for the end, from ``states
        [..., W]`` and the words' vectors ``vocabulary [V, E]``."""
        spoken = self.speak(states)
        return torch.cat([spoken[..., :-1] @ vocabulary.T, spoken[..., -1:]], dim=-1)

    def forward(self, inputs: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """States ``[B, N, W]`` after two thirds of the backbone, and after all of it.

        Inputs are padded on the left.
        """
        positions = (attention_mask.cumsum(-1) - 1).clamp(min=0)
        states = self.backbone(
            inputs_embeds=inputs,
            attention_mask=attention_mask,
            position_ids=positions,
            output_hidden_states=True,
        ).hidden_states
        return states[self.config.blocks * 2 // 3], states[-1]

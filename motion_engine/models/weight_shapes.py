"""Names and shapes of the arrays that a model's configuration asks for.

A file that holds anything else is refused before it is used, whatever runs it.
"""

from ..codecs.configuration import AnyCodecConfig
from ..generation.plan_tokens import MOST_TOKENS, TIMES
from ..language.vocabulary import MAXIMUM_WORDS
from .configuration import (
    SENTENCE_HEADS,
    SPECIAL_TOKENS,
    PlannerConfig,
    ReaderConfig,
    TokenModelConfig,
)

Shapes = dict[str, tuple[int, ...]]


def codec_shapes(config: AnyCodecConfig) -> Shapes:
    """Arrays of ``codec.safetensors``, for codecs that numpy runs (``codecs.numpy_prq``)."""
    layout, span, width = config.layout, config.downsampling, config.width
    parts, latent = len(config.parts), config.latent_size
    shapes: Shapes = {
        "mean": (layout.size,),
        "std": (layout.size,),
        "quantizer.codebook": (config.codebook_size, latent),
        "quantizer.gains": (parts, config.layers),
        "part_bias": (parts, width),
        **_linear("to_latent", width, latent),
        **_linear("from_latent", latent, width),
    }
    for i, part in enumerate(config.parts):
        shapes |= _linear(f"project_in.{i}", len(part.input_columns(layout)) * span, width)
        shapes |= _linear(f"project_out.{i}", width, len(part.own_columns(layout)) * span)
    for name, blocks in (("encoder", config.encoder_blocks), ("decoder", config.decoder_blocks)):
        for i in range(blocks):
            shapes |= {f"{name}.{i}.{kind}": (parts, width) for kind in ("gain", "bias")}
            shapes |= _linear(f"{name}.{i}.gather", 3 * width, width)
            shapes |= _linear(f"{name}.{i}.mix", width, width)
    return shapes


def token_model_shapes(config: TokenModelConfig) -> Shapes:
    """Arrays of ``token_model.safetensors``; a language model's own weights lie elsewhere."""
    width, latent = config.width, config.latent_size
    shapes: Shapes = {
        "codebook": (config.table_rows, latent),
        "gains": (config.streams,),
        "special.weight": (len(SPECIAL_TOKENS), width),
        "embed_codes.weight": (config.parts, latent, width),
        "project_control.weight": (width, config.control.size),
        **_linear("end", width, 1),
        **_depth_shapes(config),
    }
    return shapes if config.backbone else shapes | _text_shapes(config) | _backbone_shapes(config)


def planner_shapes(config: PlannerConfig, word_size: int, tokens: int) -> Shapes:
    """Arrays of ``planner.safetensors``, for plans of so many different tokens."""
    width = config.width
    shapes: Shapes = {
        **_linear("project_words", word_size, width),
        "word_places": (2 * MAXIMUM_WORDS, width),
        "plan_places": (MOST_TOKENS + 1, width),
        "lengths": (TIMES + 1, width),
        "tokens": (tokens, width),
        "norm.weight": (width,),
        **_linear("out", width, tokens),
    }
    for i in range(config.blocks):
        block = _joined_block(width)
        shapes |= {f"blocks.{i}.{name}.weight": shape for name, shape in block.items()}
    return shapes


def reader_shapes(config: ReaderConfig, size: int, labels: int) -> Shapes:
    """Arrays of ``reader.safetensors``: so many labels, read off code vectors of that ``size``."""
    width = config.width
    shapes: Shapes = {
        **_linear("project_parts", size, width),
        **_linear("neighbours", 3 * width, width),
        "distances": (config.blocks, config.heads, 2 * config.reach + 1),
        "norm.weight": (width,),
        **_linear("out", width, labels),
    }
    for i in range(config.blocks):
        block = _joined_block(width)
        shapes |= {f"blocks.{i}.{name}.weight": shape for name, shape in block.items()}
    return shapes


def _text_shapes(config: TokenModelConfig) -> Shapes:
    width, words = config.width, config.word_size
    return {
        **_linear("project_words.0", words, width),
        **_linear("project_words.2", width, width),
        **_linear("pool_sentence.score", words, SENTENCE_HEADS),
        **_linear("pool_sentence.value", words, width),
        "pool_sentence.out.weight": (width, width),
        **(_linear("speak", width, words + 1) if config.speaks else {}),
    }


def _backbone_shapes(config: TokenModelConfig) -> Shapes:
    width, inner = config.width, config.feed_forward
    block = {
        "input_layernorm": (width,),
        "post_attention_layernorm": (width,),
        **{f"self_attn.{name}_proj": (width, width) for name in "qkvo"},
        "mlp.gate_proj": (inner, width),
        "mlp.up_proj": (inner, width),
        "mlp.down_proj": (width, inner),
    }
    shapes: Shapes = {"embed_tokens.weight": (1, width), "norm.weight": (width,)}
    for i in range(config.blocks):
        shapes |= {f"layers.{i}.{name}.weight": shape for name, shape in block.items()}
    return {f"backbone.{name}": shape for name, shape in shapes.items()}


def _joined_block(width: int) -> Shapes:
    return {
        "attention_norm": (width,),
        "query_key_value": (3 * width, width),
        "attention_out": (width, width),
        "feed_forward_norm": (width,),
        "gate_up": (4 * width, width),
        "down": (width, 2 * width),
    }


def _depth_shapes(config: TokenModelConfig) -> Shapes:
    width, latent, codes = config.depth_width, config.latent_size, config.codebook_size
    block = _joined_block(width)
    shapes: Shapes = {
        **_linear("from_state", config.width, width),
        "group_embedding": (len(config.groups), width),
        "embed_codes.weight": (config.parts, latent, width),
        "norm.weight": (width,),
        "to_query": (config.streams, width, latent),
        "code_table": (config.table_rows, latent),
        "code_bias": (config.streams, codes),
    }
    for i in range(config.depth_blocks):
        shapes |= {f"blocks.{i}.{name}.weight": shape for name, shape in block.items()}
    return {f"depth.{name}": shape for name, shape in shapes.items()}


def _linear(name: str, inputs: int, outputs: int) -> Shapes:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}

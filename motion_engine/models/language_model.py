"""Any causal language model of ``transformers`` as the backbone of a token model.

It reads the text with its own tokenizer and input embeddings, then takes one step per token frame
on the vectors that the token model makes of codes and control.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
import transformers
from torch import Tensor
from transformers import AutoConfig, AutoModel, AutoTokenizer, DynamicCache, StaticCache
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from ..errors import LimberError
from .devices import Footprint, cached_numbers, check_memory, free_bytes, memory_full
from .quantization import load_network
from .token_model import TokenModel

MAXIMUM_TOKENS = 256
_LOCAL = {"local_files_only": True, "trust_remote_code": False}


class LanguageModelCache:
    """Keys and values of a language model for R rows, and its forward pass over new positions.

    Rows are padded on the left, so that sliding windows, which count places, fit as well.
    """

    def __init__(self, network: transformers.PreTrainedModel, rows: int, capacity: int):
        room = getattr(network.config, "max_position_embeddings", None) or capacity
        if capacity > room:
            raise LimberError(
                f"the text and its motion need {capacity} positions, and this language model has "
                f"{room}; ask for fewer seconds."
            )
        needed = cached_numbers(network.config, rows, capacity) * network.dtype.itemsize
        if needed > free_bytes(network.device):
            raise memory_full(
                f"{rows} rows of {capacity} positions take {needed / 1e9:.1f} GB, more than is free "
                f"on {network.device}; make fewer clips at once, or ask for fewer seconds.",
                network.device,
            )
        self.network = network
        # transformers' own mark of the networks that work on caches of a fixed size.
        if network._can_compile_fullgraph:
            self.cache = StaticCache(config=network.config, max_cache_len=capacity)
        else:
            self.cache = DynamicCache(config=network.config)
        self.visible = torch.zeros(rows, capacity, dtype=torch.long, device=network.device)
        self.filled = 0

    def advance(self, inputs: Tensor, given: Tensor | None = None) -> Tensor:
        """States ``[R, n, W]`` of ``inputs [R, n, W]``; ``given [R, n]`` is False for padding."""
        start, stop = self.filled, self.filled + inputs.shape[1]
        self.visible[:, start:stop] = 1 if given is None else given
        self.filled = stop
        visible = self.visible[:, :stop]
        positions = (visible.cumsum(-1) - 1).clamp(min=0)[:, start:]
        states = self.network(
            inputs_embeds=inputs.to(self.network.dtype),
            attention_mask=visible,
            position_ids=positions,
            past_key_values=self.cache,
            use_cache=True,
        ).last_hidden_state
        return states.float()


class LanguageModel:
    """A language model, its tokenizer, and the token model whose motion it goes on from the text."""

    def __init__(self, network: transformers.PreTrainedModel, tokenizer, token_model: TokenModel):
        self.network = network
        self.tokenizer = tokenizer
        self.token_model = token_model
        empty = tokenizer("").input_ids
        self.begin = empty[: empty[:1] == [tokenizer.bos_token_id]]

    def read(self, texts: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]:
        """``inputs [R, n, W]``, which are ``given [R, n]``, and zeros ``[R, W]``: no vector of the
        whole text is added to motion. Texts may be empty."""
        rows = [self._message(text) for text in texts]
        longest = max(map(len, rows))
        inputs = torch.stack([_padded_left(row, longest) for row in rows])
        lengths = torch.tensor([len(row) for row in rows], device=inputs.device)
        given = torch.arange(longest, device=inputs.device) >= longest - lengths[:, None]
        return inputs, given, torch.zeros_like(inputs[:, 0])

    def new_cache(self, rows: int, capacity: int) -> LanguageModelCache:
        return LanguageModelCache(self.network, rows, capacity)

    def _message(self, text: str) -> Tensor:
        """Vectors ``[n, W]``: the tokenizer's own beginning, where it has one, then the text's."""
        words = self.tokenizer(text, add_special_tokens=False).input_ids
        if len(words) > MAXIMUM_TOKENS:
            raise LimberError(
                f"the text has {len(words)} tokens, at most {MAXIMUM_TOKENS} fit: make it shorter"
            )
        embed = self.network.get_input_embeddings()
        ids = torch.tensor(self.begin + words, dtype=torch.long, device=self.network.device)
        vectors = embed(ids).float()
        special = self.token_model.embed_special("text")[None]
        count = len(self.begin)
        return torch.cat([vectors[:count], special, vectors[count:]])


def _padded_left(row: Tensor, length: int) -> Tensor:
    return torch.cat([row.new_zeros(length - len(row), row.shape[1]), row])


def language_model_config(folder: Path) -> transformers.PretrainedConfig:
    """The sizes of a language model, without its weights; raises LimberError if it is none."""
    try:
        config = AutoConfig.from_pretrained(folder, **_LOCAL)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise LimberError(
            f"{folder}: transformers {transformers.__version__} does not know this kind of model; "
            "pip install -U transformers, or choose another."
        ) from error
    names = config.architectures or []
    is_causal = config.model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    is_masked = any(name.endswith(("ForMaskedLM", "ForPreTraining")) for name in names)
    if not is_causal or is_masked or config.is_encoder_decoder:
        raise LimberError(
            f"{folder}: no causal language model ({config.model_type}); choose one that continues "
            "text, such as Llama, Qwen or Gemma."
        )
    if not hasattr(config.get_text_config(), "num_attention_heads"):
        raise LimberError(
            f"{folder}: a network without attention ({config.model_type}), whose past Limber cannot "
            "keep; choose a transformer."
        )
    return config


def load_language_model(
    folder: Path, precision: str, device: torch.device, token_model: TokenModel
) -> LanguageModel:
    """The backbone of ``token_model``, quantized as it comes from the disk; LimberError if the
    folder does not fit it, or the memory does not suffice, before any weight is read."""
    config = language_model_config(folder)
    width = config.get_text_config().hidden_size
    if width != token_model.config.width:
        raise LimberError(
            f"{folder}: this language model is {width} wide, and the token model was made for "
            f"{token_model.config.width}; name the right one in config.json."
        )
    with torch.device("meta"):
        footprint = Footprint.of(AutoModel.from_config(config).get_decoder())
    check_memory(footprint, precision, device)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **_LOCAL)
    except (ValueError, KeyError, TypeError, OSError, ImportError) as error:
        raise LimberError(f"{folder}: its tokenizer cannot be read; fetch this model "
                          "again.") from error  # fmt: skip
    network = load_network(
        AutoModel, folder, precision, device, config=config, trust_remote_code=False
    )
    return LanguageModel(network.get_decoder(), tokenizer, token_model)

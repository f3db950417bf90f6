"""Tiny random language models with a tokenizer, saved as users' folders are."""

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

import motion_engine
from motion_engine.locations import asset
from training import export

VOCABULARY_SIZE, BEGIN = 280, 1
TEXT, LONGER_TEXT = "a person walks", "a person walks and waves and waves twice"
SIZES = {
    "vocab_size": VOCABULARY_SIZE, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "initializer_range": 0.1,
    "max_position_embeddings": 1024, "bos_token_id": BEGIN, "eos_token_id": 0, "pad_token_id": 0,
}  # fmt: skip
# Windows shorter than the clips, so that sliding attention has something to hide.
NETWORKS = {
    "llama": lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(**SIZES)),
    "qwen2": lambda: transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**SIZES)),
    "qwen3": lambda: transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**SIZES)),
    "gemma2": lambda: transformers.Gemma2ForCausalLM(
        transformers.Gemma2Config(**SIZES, sliding_window=6)
    ),
    "gemma3": lambda: transformers.Gemma3ForCausalLM(
        transformers.Gemma3TextConfig(
            **SIZES, sliding_window=6, layer_types=["sliding_attention", "full_attention"]
        )
    ),
    "gpt2": lambda: transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=VOCABULARY_SIZE, n_embd=64, n_layer=2, n_head=4, initializer_range=0.1,
            bos_token_id=BEGIN, eos_token_id=0,
        )
    ),
}  # fmt: skip


def has_begin(name):
    """Whether the tokenizer puts a mark before every text, as those of Llama and Gemma do."""
    return not name.startswith("qwen")


def byte_pairs(name):
    """A tokenizer of byte pairs, as most language models have, learnt from one sentence."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=["<end>", "<begin>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([LONGER_TEXT] * 3, trainer)
    if has_begin(name):
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<begin> $A", special_tokens=[("<begin>", BEGIN)]
        )
    return tokenizer


def make_model(folder, name):
    """A Limber model around a language model that lies inside its folder, and that network."""
    torch.manual_seed(5)
    network = NETWORKS[name]().eval()
    network.save_pretrained(folder / "language_model")
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=byte_pairs(name), bos_token="<begin>", eos_token="<end>"
    ).save_pretrained(folder / "language_model")
    export.main(["--codec", str(asset("debug")), "--backbone", str(folder / "language_model"),
                 "--out", str(folder), "--seed", "3"])  # fmt: skip
    return network


def clip(model, text=TEXT, seconds=1.0, **options):
    command = motion_engine.Command(text, seconds=seconds, **options)
    return motion_engine.generate_motion(command, model)

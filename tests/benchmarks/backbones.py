"""Memory and speed of language models as the backbone, with random weights of published sizes.

    .venv/bin/python tests/benchmarks/backbones.py FOLDER --size 1b --device cuda

Writes the language model into FOLDER (once; two bytes a weight), a Limber model around it, and
measures one guided clip of 9.8 s, the second of two, at each precision in a process of its own.
Speed and memory do not depend on what the weights are. On the CPU, peak memory counts the mapped
file of weights as well, which the system may drop again.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers

import motion_engine
from motion_engine.locations import asset
from motion_engine.models.precisions import PRECISIONS
from training import export

TEXT, SECONDS = "a person walks forward, then waves with the right hand", 9.8
# The sizes of Qwen3 0.6B, Llama 3.2 1B and Llama 2 7B.
SIZES = {
    "0.6b": {"vocab_size": 151936, "hidden_size": 1024, "intermediate_size": 3072,
             "num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 8,
             "head_dim": 128},
    "1b": {"vocab_size": 128256, "hidden_size": 2048, "intermediate_size": 8192,
           "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8,
           "head_dim": 64},
    "7b": {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008,
           "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
           "head_dim": 128},
}  # fmt: skip


def write_language_model(folder: Path, size: str) -> None:
    """A Llama of that size with random weights in bf16, and a tokenizer of single bytes."""
    config = transformers.LlamaConfig(**SIZES[size], tie_word_embeddings=True)
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("meta"):
        network = transformers.LlamaForCausalLM(config)
    network = network.to_empty(device="cpu")
    for weights in network.parameters():
        weights.data.normal_(std=0.02) if weights.ndim > 1 else weights.data.fill_(1.0)
    torch.set_default_dtype(torch.float32)
    network.tie_weights()
    network.save_pretrained(folder)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(dict(zip(alphabet, range(len(alphabet)))), merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)


def measure(folder: Path, device: str, precision: str) -> dict:
    """Seconds and memory of one precision."""
    began = time.perf_counter()
    model = motion_engine.load(str(folder), "torch", device, precision)
    loaded = time.perf_counter()
    command = motion_engine.Command(TEXT, seconds=SECONDS)
    for _ in range(2):
        started = time.perf_counter()
        motion = motion_engine.generate_motion(command, model)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if device.startswith("cuda"):
        peak = torch.cuda.max_memory_allocated()
    return {
        "precision": precision,
        "load_s": round(loaded - began, 1),
        "clip_s": round(seconds, 2),
        "frames_per_second": round(motion.frames / seconds, 1),
        "peak_GB": round(peak / 1e9, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=SIZES, default="0.6b")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", choices=PRECISIONS, help="this one alone")
    options = parser.parse_args()
    if options.precision:
        try:
            found = measure(options.folder, options.device, options.precision)
        except motion_engine.LimberError as error:
            found = {"precision": options.precision, "refused": str(error)}
        print(json.dumps(found), flush=True)
        return
    language_model = options.folder / "language_model"
    if not (language_model / "tokenizer.json").is_file():
        write_language_model(language_model, options.size)
    export.main(["--codec", str(asset("default")), "--backbone", str(language_model),
                 "--out", str(options.folder)])  # fmt: skip
    for precision in PRECISIONS:
        command = [sys.executable, __file__, options.folder, "--device", options.device,
                   "--precision", precision]  # fmt: skip
        subprocess.run(command, check=False)


if __name__ == "__main__":
    main()

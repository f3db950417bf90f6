"""Speed of the default model beside two loops shaped like published peers, in one run.

    .venv/bin/python tests/benchmarks/speed.py

One clip of 9.8 s from text to joint rotations, batch 1, median of five after a warm-up. The peers'
loops have their published sizes, random weights and no decoder: MotionGPT's T5-base with 52 cached
steps, T2M-GPT's 228M GPT with 50 passes and no cache. Ratios hold on any machine.
"""

import argparse
import platform
import resource
import statistics
import time
from collections.abc import Callable

import torch
from transformers import GPT2Config, GPT2LMHeadModel, T5Config, T5ForConditionalGeneration

import motion_engine

SECONDS = 9.8
TEXT = "a person walks forward, then waves with the right hand"


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    """Median wall time of ``repeats`` runs after one warm-up."""
    run()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def first_chunk_seconds(model, command, repeats: int) -> float:
    """Median time until the first frames of motion can be shown."""
    return median_seconds(lambda: next(model.generate(command)), repeats)


def motiongpt_shaped() -> Callable[[], object]:
    """flan-t5-base's sizes, the text encoded once, 52 greedy steps with a cache."""
    config = T5Config(
        vocab_size=32128 + 515, d_model=768, d_ff=2048, num_layers=12, num_heads=12, d_kv=64,
        feed_forward_proj="gated-gelu", decoder_start_token_id=0,
    )  # fmt: skip
    model = T5ForConditionalGeneration(config).eval()
    text = torch.randint(1, 32000, (1, 256))

    def run():
        with torch.inference_mode():
            model.generate(text, min_new_tokens=52, max_new_tokens=52, do_sample=False)

    return run


def t2m_gpt_shaped() -> Callable[[], object]:
    """A GPT of 228M weights (18 blocks, 1024 wide) that runs over everything at each of 50 steps."""
    config = GPT2Config(vocab_size=514, n_positions=64, n_embd=1024, n_layer=18, n_head=16)
    model = GPT2LMHeadModel(config).eval()

    def run():
        tokens = torch.zeros(1, 1, dtype=torch.long)
        with torch.inference_mode():
            for _ in range(50):
                logits = model(tokens, use_cache=False).logits[:, -1]
                tokens = torch.cat([tokens, logits.argmax(-1, keepdim=True)], dim=1)

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="default")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    began = time.perf_counter()
    model = motion_engine.load(options.model)
    load_seconds = time.perf_counter() - began
    command = motion_engine.Command(TEXT, seconds=SECONDS, seed=1)
    ours = median_seconds(lambda: motion_engine.generate_motion(command, model), options.repeats)
    first = first_chunk_seconds(model, command, options.repeats)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [("Limber, text to joint rotations", ours)]
    for name, build in (
        ("MotionGPT-shaped (T5-base, 52 cached steps)", motiongpt_shaped),
        ("T2M-GPT-shaped (228M, 50 passes, no cache)", t2m_gpt_shaped),
    ):
        rows.append((name, median_seconds(build(), options.repeats)))
    print(f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads, "
          f"torch {torch.__version__}")  # fmt: skip
    print(f"{'one clip of 9.8 s':<46} {'seconds':>8} {'ratio':>7}")
    for name, seconds in rows:
        print(f"{name:<46} {seconds:>8.2f} {seconds / ours:>6.1f}x")
    print(f"first chunk {first:.2f} s, load {load_seconds:.2f} s, peak memory {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()

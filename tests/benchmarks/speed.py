"""Speed of the default model beside two loops shaped like published peers, in one run.

    .venv/bin/python tests/benchmarks/speed.py [--without-blas PYTHON]

One clip of 9.8 s from text to joint rotations, batch 1, median of five after a warm-up, on each
runtime and, where asked, with a numpy built without BLAS as Blender's own is. The peers' loops have
their published sizes, random weights and no decoder: MotionGPT's T5-base with 52 cached steps,
T2M-GPT's 228M GPT with 50 passes and no cache. Ratios hold on any machine. A profile tells where
the time goes for each second of motion: backbone, depth decoder with sampling, codec, and the edit
that plants the feet.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from one_clip import TEXT, median_seconds
from transformers import GPT2Config, GPT2LMHeadModel, T5Config, T5ForConditionalGeneration

HERE = Path(__file__).resolve().parent
CLIP_SECONDS = 9.8
STEPS = {
    "backbone": ("backbone",),
    "depth decoder": ("depth decoder", "guidance", "sampling"),
    "codec": ("codec",),
    "edit": ("features", "contacts"),
}
"""What a clip goes through, by the stages that ``one_clip.py`` profiles."""


def limber(python: str, runtime: str, options: argparse.Namespace) -> dict:
    """What ``one_clip.py`` prints, run by ``python`` in a process of its own."""
    result = subprocess.run(
        [python, HERE / "one_clip.py", "--runtime", runtime, "--model", options.model,
         "--repeats", str(options.repeats)],
        check=True, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(HERE.parent.parent)},
    )  # fmt: skip
    return json.loads(result.stdout)


def steps_table(rows: dict[str, dict]) -> str:
    """Where the time goes: milliseconds for one second of motion, and shares, by runtime."""
    lines = [f"{'one second of motion':<32}" + "".join(f"{s:>20}" for s in (*STEPS, "rest", "all"))]
    for name, figures in rows.items():
        whole_ms = 1000.0 * figures["clip_s"] / CLIP_SECONDS
        shares = [sum(figures["stages"][stage] for stage in stages) for stages in STEPS.values()]
        shares += [1.0 - sum(shares), 1.0]
        cells = (f"{share * whole_ms:.1f} ms ({share:.0%})" for share in shares)
        lines.append(f"{name:<32}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(lines)


def cold_command_seconds(model: str) -> float:
    """The whole command `limber generate`, from a cold start to the file."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "motion_engine", "generate", TEXT, "--seconds", str(CLIP_SECONDS),
                   "--model", model, "--out", str(Path(folder) / "clip.npz")]  # fmt: skip
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=HERE.parent.parent)
        return time.perf_counter() - began


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
    parser.add_argument("--without-blas", metavar="PYTHON", help="a Python with such a numpy")
    options = parser.parse_args()
    rows = {"Limber on numpy": limber(sys.executable, "numpy", options)}
    if options.without_blas:
        rows["Limber on numpy without BLAS"] = limber(options.without_blas, "numpy", options)
    rows["Limber on torch"] = limber(sys.executable, "torch", options)
    seconds = {name: figures["clip_s"] for name, figures in rows.items()}
    for name, build in (
        ("MotionGPT-shaped (T5-base, 52 cached steps)", motiongpt_shaped),
        ("T2M-GPT-shaped (228M, 50 passes, no cache)", t2m_gpt_shaped),
    ):
        seconds[name] = median_seconds(build(), options.repeats)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"torch {torch.__version__}")  # fmt: skip
    print(f"{'one clip of 9.8 s':<46} {'seconds':>8} {'ratio':>7}")
    for name, value in seconds.items():
        print(f"{name:<46} {value:>8.2f} {value / seconds['Limber on numpy']:>6.1f}x")
    print(f"{'':<30} {'first chunk':>12} {'loading':>9} {'peak MB':>9} {'8 takes':>9}  numpy")
    for name, figures in rows.items():
        print(f"{name:<30} {figures['first_chunk_s']:>11.2f}s {figures['load_s']:>8.2f}s "
              f"{figures['peak_mb']:>9.0f} {figures['eight_takes_s']:>8.2f}s  "
              f"{figures['numpy']}")  # fmt: skip
    print(steps_table(rows))
    print(f"`limber generate` from a cold start: {cold_command_seconds(options.model):.2f} s")


if __name__ == "__main__":
    main()

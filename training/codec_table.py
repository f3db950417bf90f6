"""The table of codecs: every run of a folder on the same clips; a second run does what is new.

    python -m training.codec_table --runs runs/codecs --mocap prepared/ --out codecs.json

A run's folder is called as its codec (``prq``), with ``+flow`` or ``+reflow`` for a flow decoder on
top; such runs get a row for each number of solver steps (``prq+flow@4``).
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from motion_engine.codecs.contract import Codec
from motion_engine.codecs.flow_codec import FlowCodec
from motion_engine.codecs.flow_sampler import STEP_COUNTS
from motion_engine.codecs.members import coarse_codec
from motion_engine.errors import LimberError
from motion_engine.features import FeatureLayout, decode_features, encode_features
from motion_engine.files import replaced_when_done
from motion_engine.foot_lock import lock_feet
from motion_engine.motion import ENGINE_FPS
from motion_engine.smoothing import low_pass

from .codec_claims import PAPER_FIGURES, judged
from .codec_clips import Piece, judged_clips
from .codec_metrics import (
    Errors,
    clip_errors,
    frechet_with_interval,
    mean_errors,
    window_descriptors,
)
from .codec_report import report
from .codec_runs import check_name, load_run
from .run import exit_status

SPEED_TOKEN_FRAMES = 75
SPEED_THREADS = 2
PROCEDURAL_CLIPS = 60
RATIOS = {"acceleration_ratio": "acceleration_m_s2", "foot_slide_ratio": "foot_slide_cm_s"}
"""Figures over those of the source itself."""
CLAIMED = ("mpjpe_body_mm", "mpjpe_mm")
"""Figures that claims are judged by, kept clip by clip."""


def run_codecs(
    runs: Path,
    mocap: Path,
    out: Path,
    procedural: int = PROCEDURAL_CLIPS,
    flow_steps: Sequence[int] = STEP_COUNTS,
    device: str = "cpu",
) -> dict:
    """Measure every run below ``runs``, print the table and return it; ``out`` (JSON, and Markdown
    beside it) is written after every row, and rows of unchanged weights on the same clips are taken
    over from it.

    Raises LimberError, before anything is measured, for runs whose weights are another codec's.
    """
    runs, out = Path(runs), Path(out)
    folders = sorted(path.parent for path in runs.glob("*/checkpoint.pt"))
    if not folders:
        raise LimberError(f"{runs}: holds no trained codecs; train some with training.train_codec.")
    if not out.absolute().parent.is_dir():
        raise LimberError(f"{out}: no such folder; make it first.")
    for folder in folders:
        check_name(folder.name.partition("+")[0], coarse_codec(load_run(folder)).config, folder)
    conditions = {"mocap": _sha256(Path(mocap) / "index.json"), "procedural": procedural}
    table = _earlier(out, conditions)
    clips: dict[int, dict[str, list[Piece]]] = {}
    for folder in folders:
        weights = _sha256(folder / "checkpoint.pt")
        codec = load_run(folder).to(device)
        layout = coarse_codec(codec).config.layout
        for name in row_names(folder.name, codec, flow_steps):
            if table["rows"].get(name, {}).get("weights") == weights:
                continue
            if layout.joints not in clips:
                clips[layout.joints] = judged_clips(mocap, procedural, layout)
            if isinstance(codec, FlowCodec):
                codec.steps = int(name.rpartition("@")[2])
            row = measured(codec, clips[layout.joints])
            table["rows"][name] = {"weights": weights, "paper": PAPER_FIGURES.get(name)} | row
            table["claims"] = judged(table["rows"])
            _write(table, out)
            print(f"{name}: measured", file=sys.stderr, flush=True)
    table["claims"] = judged(table["rows"])
    _write(table, out)
    print(report(table))
    return table


def row_names(run: str, codec: Codec, flow_steps: Sequence[int]) -> list[str]:
    """The rows of a run: one, or one for each number of solver steps."""
    if not isinstance(codec, FlowCodec):
        return [run]
    return [f"{run}@{steps}" for steps in flow_steps]


def measured(codec: Codec, clips: dict[str, list[Piece]]) -> dict:
    """One row: sizes, speed and, for each set of clips, the means of all errors; ``codebook_use`` is
    the share of each stream's codes that occur in the clips, averaged over the streams' codes."""
    used: list[set[int]] = [set() for _ in codec.streams]
    sets = {kind: _measured_set(codec, pieces, used) for kind, pieces in clips.items()}
    streaming, offline = decode_speeds(codec)
    cardinality = sum(stream.cardinality for stream in codec.streams)
    return {
        "clips": sets,
        "codebook_use": sum(map(len, used)) / cardinality,
        "codes_per_second": codec.frame_rate * len(codec.streams),
        "bits_per_second": codec.frame_rate * sum(np.log2(s.cardinality) for s in codec.streams),
        "parameters": parameters(codec),
        "streaming_fps": streaming,
        "offline_fps": offline,
        "lookahead_token_frames": codec.lookahead,
    }


def _measured_set(codec: Codec, pieces: list[Piece], used: list[set[int]]) -> dict:
    """Means over the pieces, of what the codec decodes and of that ``finished`` as the product
    does; notes the codes of each stream in ``used``."""
    layout = coarse_codec(codec).config.layout
    errors, after, frames, points, true_points = [], [], [], [], []
    for piece in pieces:
        codes = codec.encode(piece.features[None])
        for seen, row in zip(used, codes[0]):
            seen.update(row.tolist())
        decoded = codec.decode(codes)[0].astype(np.float64)
        source = piece.features[: len(decoded), : layout.pose_size]
        errors.append(clip_errors(source, decoded, layout, piece.has_hands))
        after.append(clip_errors(source, finished(decoded, layout), layout, piece.has_hands))
        frames.append(len(decoded))
        points.append(window_descriptors(decoded, layout))
        true_points.append(window_descriptors(source, layout))
    distance = frechet_with_interval(points, true_points)
    return _with_ratios(mean_errors(errors, frames)) | {
        "frechet": distance and distance[0],
        "frechet_interval": distance and distance[1:],
        "each_clip": {"frames": frames} | {name: _each(errors, name) for name in CLAIMED},
        "finished": _with_ratios(mean_errors(after, frames)),
    }


def _each(errors: list[Errors], name: str) -> list[float | None]:
    """A figure of every piece; None where it has nothing to judge."""
    values = (getattr(error, name) for error in errors)
    return [round(value, 3) if np.isfinite(value) else None for value in values]


def finished(decoded: np.ndarray, layout: FeatureLayout) -> np.ndarray:
    """Pose features ``[F, pose_size]`` of the motion that the product makes of decoded ones:
    low-passed, and planted feet locked."""
    motion = lock_feet(decode_features(low_pass(decoded, ENGINE_FPS), layout))
    return encode_features(motion, layout)[:, : layout.pose_size]


def _with_ratios(means: dict[str, float | None]) -> dict[str, float | None]:
    ratios = {}
    for name, figure in RATIOS.items():
        ours, theirs = means[figure], means[f"source_{figure}"]
        ratios[name] = ours / theirs if ours is not None and theirs else None
    return means | ratios


def decode_speeds(codec: Codec) -> tuple[float, float]:
    """Frames per second, streaming and offline, of random codes on two threads."""
    rng = np.random.default_rng(0)
    codes = np.stack(
        [rng.integers(stream.cardinality, size=SPEED_TOKEN_FRAMES) for stream in codec.streams]
    )[None]
    threads = torch.get_num_threads()
    torch.set_num_threads(SPEED_THREADS)

    def streaming() -> None:
        decoder = codec.stream()
        for frame in range(SPEED_TOKEN_FRAMES):
            decoder.step(codes[:, :, frame])
        decoder.finish()

    try:
        frames = SPEED_TOKEN_FRAMES * codec.downsampling
        return frames / _seconds(streaming), frames / _seconds(lambda: codec.decode(codes))
    finally:
        torch.set_num_threads(threads)


def _seconds(work) -> float:
    """Median of three runs after a first one."""
    taken = []
    for _ in range(4):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return float(np.median(taken[1:]))


def parameters(codec: torch.nn.Module) -> int:
    """Weights, codebooks included, without what only learning needs."""
    tables = [b for name, b in codec.named_buffers() if name.rpartition(".")[2] == "codebook"]
    return sum(tensor.numel() for tensor in [*codec.parameters(), *tables])


def _earlier(out: Path, conditions: dict) -> dict:
    """The table as far as it was made on the same clips."""
    fresh = {"conditions": conditions, "rows": {}, "claims": []}
    if not out.is_file():
        return fresh
    try:
        table = json.loads(out.read_text(encoding="utf-8"))
        return table if table["conditions"] == conditions else fresh
    except (ValueError, KeyError, TypeError) as error:
        raise LimberError(f"{out}: not a table of codecs; choose another --out.") from error


def _write(table: dict, out: Path) -> None:
    texts = {out: json.dumps(table, indent=1) + "\n", out.with_suffix(".md"): report(table)}
    for path, text in texts.items():
        with replaced_when_done(path) as temporary:
            temporary.write_text(text, encoding="utf-8")


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise LimberError(f"{path}: no such file; run `python -m training.prepare` first.")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, required=True, help="folder of training runs")
    parser.add_argument("--mocap", type=Path, required=True, help="folder of training.prepare")
    parser.add_argument("--out", type=Path, required=True, help="the table, .json")
    parser.add_argument("--procedural", type=int, default=PROCEDURAL_CLIPS, metavar="CLIPS")
    parser.add_argument("--flow-steps", type=int, nargs="+", default=STEP_COUNTS, metavar="N")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, mps; speeds are its own")
    options = parser.parse_args(given)
    return exit_status(
        lambda: run_codecs(
            options.runs, options.mocap, options.out, options.procedural, options.flow_steps,
            options.device,
        )
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

"""Rotations with auxiliary positions against positions alone, as what a codec sees and says.

    python -m training.compare_features --mocap prepared/ --corpus corpus/ --out features.json

Both codecs have the same networks, quantizer, windows, steps and losses. Positions are brought back
to rotations (``position_fit``), as an animator needs them, and judged before and after.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from motion_engine import rotations
from motion_engine.codecs.configuration import CodecConfig, named_codec
from motion_engine.codecs.prq import PRQ
from motion_engine.errors import LimberError
from motion_engine.features import FeatureLayout, decode_features
from motion_engine.files import replaced_when_done
from motion_engine.skeleton import BODY_JOINTS

from .codec_clips import Piece, judged_clips
from .codec_metrics import clip_errors, joint_positions, mean_errors
from .codec_windows import CodecWindows, add_window_options
from .losses import ForwardKinematics, codec_loss
from .position_fit import PositionCodecConfig, PositionsAsTheyAre, recovered_pose
from .run import Schedule, exit_status, optimizer_of

JUDGED = ("mpjpe_body_mm", "pa_mpjpe_body_mm", "fingers_mm", "root_ade_mm", "acceleration_m_s2",
          "source_acceleration_m_s2", "foot_slide_cm_s", "source_foot_slide_cm_s")  # fmt: skip


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codec", default="rvq6", metavar="NAME", help="of the whole body at once")
    add_window_options(parser)
    parser.add_argument("--out", type=Path, required=True, help="the figures, .json")
    parser.add_argument("--steps", type=int, default=1000, help="of each codec")
    parser.add_argument("--minutes", type=float, default=10.0, help="of each codec, at most")
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--width", type=int, default=256, help="of the networks")
    parser.add_argument("--procedural", type=int, default=20, metavar="CLIPS")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(given)


class Contestant:
    """A codec of some columns of the features, and how joints are read from what it says."""

    def __init__(self, config: CodecConfig, windows: CodecWindows):
        self.codec = PRQ(config)
        self.on_positions = isinstance(config, PositionCodecConfig)
        self.layout = config.layout
        whole = FeatureLayout(config.joints)
        self.columns = self.layout.columns if self.on_positions else np.arange(whole.size)
        reader = PositionsAsTheyAre if self.on_positions else ForwardKinematics
        self.kinematics = reader(self.layout)
        mean, std = (torch.from_numpy(x[self.columns]) for x in windows.statistics())
        self.codec.mean.copy_(mean)
        self.codec.std.copy_(std)

    def train(self, windows: CodecWindows, options: argparse.Namespace) -> int:
        """All steps, or as many as fit into the minutes; returns their number."""
        codec, pose = self.codec.train(), self.layout.pose_size
        optimizer = optimizer_of(codec.parameters())
        schedule, step = Schedule(options.rate, options.steps, options.minutes), 0
        while schedule.progress(step) < 1.0:
            torch.manual_seed(options.seed * 1_000_003 + step)
            for group in optimizer.param_groups:
                group["lr"] = schedule.rate(step)
            raw = windows.batch(np.random.default_rng([options.seed, step]))[..., self.columns]
            features = codec.normalized(torch.from_numpy(raw).float())
            with torch.autocast("cpu", torch.bfloat16):
                decoded, quantized = codec(features)
            loss = codec_loss(
                decoded.float(), features[..., :pose], codec.std[:pose], codec.mean[:pose],
                quantized.commitment, self.kinematics,
            )  # fmt: skip
            optimizer.zero_grad()
            loss.total().backward()
            torch.nn.utils.clip_grad_norm_(codec.parameters(), 1.0)
            optimizer.step()
            step += 1
        codec.eval()
        return step

    def decoded(self, piece: Piece) -> np.ndarray:
        """What the codec makes of a piece, in its own layout."""
        return self.codec.decode(self.codec.encode(piece.features[None][..., self.columns]))[0]

    def pose(self, decoded: np.ndarray) -> np.ndarray:
        """Pose features of the default layout."""
        return recovered_pose(decoded, self.layout) if self.on_positions else decoded

    def joints(self, decoded: np.ndarray) -> np.ndarray:
        """Joints relative to the root as they are said, before any recovery."""
        with torch.no_grad():
            return self.kinematics(torch.from_numpy(decoded)).numpy()


def judged(contestant: Contestant, pieces: list[Piece], layout: FeatureLayout) -> dict:
    """Mean errors of the recovered motion; joints before recovery and turns of joints besides."""
    errors, frames, said, turned = [], [], [], []
    for piece in pieces:
        decoded = contestant.decoded(piece)
        source = piece.features[: len(decoded), : layout.pose_size].astype(np.float64)
        pose = contestant.pose(decoded).astype(np.float64)
        errors.append(clip_errors(source, pose, layout, piece.has_hands))
        frames.append(len(decoded))
        apart = contestant.joints(decoded) - joint_positions(source, layout)
        said.append(1000.0 * np.linalg.norm(apart[:, :BODY_JOINTS], axis=-1).mean())
        turned.append(_turn_degrees(source, pose, layout))
    means = mean_errors(errors, frames)
    said_mm, turn = np.average([said, turned], axis=1, weights=frames)
    return {name: means[name] for name in JUDGED} | {
        "mpjpe_body_before_recovery_mm": said_mm,
        "body_turn_degrees": turn,
    }


def _turn_degrees(source: np.ndarray, pose: np.ndarray, layout: FeatureLayout) -> float:
    """Mean angle between the body joints' rotations in the frame of their parents."""
    was, became = (
        decode_features(x, layout).local_rotations[:, 1:BODY_JOINTS] for x in (source, pose)
    )
    between = rotations.multiply(rotations.conjugate(was), became)
    return float(np.degrees(rotations.angle(between)).mean())


def compared(options: argparse.Namespace) -> dict:
    """Figures of both, by clips; written to ``options.out`` and printed."""
    config = named_codec(options.codec)
    if not isinstance(config, CodecConfig) or (config.network, config.part_table) != (
        "parts",
        "whole",
    ):
        raise LimberError(f"{options.codec} has parts; compare with one of the whole body: rvq6.")
    config = replace(config, width=options.width)
    if not options.out.absolute().parent.is_dir():
        raise LimberError(f"{options.out}: no such folder; make it first.")
    layout = FeatureLayout(config.joints)
    windows = CodecWindows(options, layout)
    clips = judged_clips(options.mocap, options.procedural, layout)
    kinds = {"rotations": config, "positions": PositionCodecConfig(**asdict(config))}
    report = {}
    for name, kind in kinds.items():
        torch.manual_seed(options.seed)
        contestant = Contestant(kind, windows)
        began = time.process_time()
        steps = contestant.train(windows, options)
        taken = {"steps": steps, "cpu_seconds": time.process_time() - began}
        figures = {where: judged(contestant, pieces, layout) for where, pieces in clips.items()}
        report[name] = taken | figures
        print(f"{name}: {json.dumps(report[name])}", flush=True)
        with replaced_when_done(options.out) as temporary:
            temporary.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def main(given: list[str] | None = None) -> int:
    return exit_status(lambda: compared(arguments(given)))


if __name__ == "__main__":
    sys.exit(main())

"""Train a flow decoder on top of a trained codec; resumable.

    python -m training.train_flow --codec runs/prq --mocap prepared/ --corpus corpus/ \\
        --out runs/prq+flow
    python -m training.train_flow --reflow-from runs/prq+flow --mocap prepared/ \\
        --corpus corpus/ --out runs/prq+reflow

The flow learns the way from noise to what the codec's decoding lacks; its estimates of that are
judged by the codec's own losses too. With ``--reflow-from`` it learns the straight way from each
noise to where a trained flow ended from there, so that one to four steps suffice (Liu et al., "Flow
Straight and Fast", 2022). Weights are not averaged: the rate anneals to a twentieth instead.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from motion_engine.codecs.configuration import FLOWS
from motion_engine.codecs.flow_codec import FlowCodec
from motion_engine.codecs.flow_decoder import FlowDecoder
from motion_engine.codecs.flow_sampler import random_noise, random_sigmas, sigmas, solve
from motion_engine.codecs.members import coarse_codec
from motion_engine.errors import LimberError
from motion_engine.skeleton import BODY_JOINTS

from .codec_runs import check_same_config, load_run
from .codec_windows import CodecWindows, add_window_options, known_columns, without_unknown
from .losses import ForwardKinematics, codec_loss
from .run import Checkpoint, HiddenMatrixOptimizer, exit_status
from .train_codec import add_run_options, run_steps

SCALE_BATCHES = 8
# Columns that hardly ever move lack hundreds of their own spreads where they do: no unit is below a
# share of what the columns of its group lack on average, and no residual counts beyond a bound.
LEAST_SCALE, LEAST_SHARE, RESIDUAL_BOUND = 0.01, 0.3, 5.0
# An error of the data is one of the velocity divided by the noise share; not below this one.
LEAST_SIGMA = 0.25
# Share of windows at the very beginning of their way: every decoding starts there.
BEGINNING_SHARE = 0.25
DECODING_WEIGHT = 5.0
JUDGED_FRAMES = 256


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--codec", type=Path, help="run of training.train_codec")
    source.add_argument("--reflow-from", type=Path, help="run of this command, to straighten")
    add_window_options(parser)
    add_run_options(parser)
    parser.add_argument("--flow", choices=FLOWS, default="small", help="size of the flow decoder")
    parser.add_argument("--teacher-steps", type=int, default=28, help="of --reflow-from")
    return parser.parse_args(given)


def optimizer_of(flow: FlowDecoder) -> HiddenMatrixOptimizer:
    """Muon for the matrices between the layers, AdamW for the rest, as in the token model."""
    blocks = (*flow.coarse_blocks, *flow.blocks)
    layers = (layer for block in blocks for layer in block.modules())
    hidden = [layer.weight for layer in layers if isinstance(layer, nn.Linear)]
    known = {id(matrix) for matrix in hidden}
    others = [p for p in flow.parameters() if id(p) not in known]
    return HiddenMatrixOptimizer(hidden, others, weight_decay=0.01)


class FlowTrainer:
    """The training state and one step of it."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        torch.manual_seed(options.seed)
        self.teacher = self._teacher()
        if self.teacher is None:
            self.model = FlowCodec(coarse_codec(load_run(options.codec)), FLOWS[options.flow])
        else:
            self.model = load_run(options.reflow_from)
        self.model.to(options.device)
        self.codec, self.flow = self.model.codec.eval().requires_grad_(False), self.model.flow
        self.layout = self.codec.config.layout
        check_same_config(options.out, self.model.to_json())
        self.kinematics = ForwardKinematics(self.layout).to(options.device)
        self.windows = CodecWindows(options, self.layout)
        self.optimizer = optimizer_of(self.flow)
        self.checkpoint = Checkpoint(options.out, self.model.to_json())
        self.first_step = self.checkpoint.restore(self.model, self.optimizer)
        if self.first_step == 0 and self.teacher is None:
            self._measure_residuals()

    def _teacher(self) -> FlowCodec | None:
        if self.options.reflow_from is None:
            return None
        teacher = load_run(self.options.reflow_from)
        if not isinstance(teacher, FlowCodec):
            raise LimberError(
                f"{self.options.reflow_from}: holds no flow decoder; train one first."
            )
        return teacher.to(self.options.device).requires_grad_(False)

    @torch.no_grad()
    def pairs(self, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Coarse and true normalized pose features ``[B, F, pose_size]``, and which of their
        columns are known, ``[B, 1, pose_size]``."""
        raw = self.windows.batch(rng)
        known = torch.from_numpy(known_columns(raw, self.layout)).to(self.options.device)
        features = torch.from_numpy(raw).float().to(self.options.device)
        features = self.codec.normalized(features)
        with torch.autocast(features.device.type, torch.bfloat16):
            coarse, _ = self.codec(features)
        return coarse.float(), features[..., : coarse.shape[-1]], known

    def _measure_residuals(self) -> None:
        """What the codec's decoding lacks becomes the flow's unit, column by column."""
        squares, counts = 0.0, 0.0
        for index in range(SCALE_BATCHES):
            coarse, true, known = self.pairs(np.random.default_rng([self.options.seed, 0, index]))
            squares += ((true - coarse).square() * known).sum((0, 1))
            counts += known.expand_as(true).sum((0, 1)).clamp(min=1)
        scale = (squares / counts).sqrt().clamp(min=LEAST_SCALE)
        for group in self.flow.groups:
            scale[group] = scale[group].clamp(min=LEAST_SHARE * float(scale[group].mean()))
        self.flow.residual_scale.copy_(scale)

    def step(self, step: int, rng: np.random.Generator) -> dict[str, float]:
        """One step of the optimizer on a batch drawn by ``rng``; the loss by name."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.rate(step)
        coarse, true, known = self.pairs(rng)
        noise = torch.from_numpy(random_noise(coarse.shape, rng)).to(coarse.device)
        sigma = random_sigmas(len(coarse), self.flow.config.shift, rng)
        sigma[torch.from_numpy(rng.random(len(sigma)) < BEGINNING_SHARE)] = 1.0
        sigma = sigma.to(coarse.device)
        with torch.autocast(coarse.device.type, torch.bfloat16):
            data = self._reached(noise, coarse, true)
            noisy = torch.lerp(data, noise, sigma[:, None, None])
            estimate, _ = self.flow(noisy, sigma, self.flow.read(coarse))
        weight = known / sigma.clamp(min=LEAST_SIGMA).square()[:, None, None]
        flow = ((estimate - data).square() * weight).sum() / known.expand_as(data).sum()
        decoded, target = (coarse + self.flow.residual_scale * x for x in (estimate, data))
        loss = self._decoding_loss(decoded, target, known)
        self.optimizer.zero_grad()
        (flow + DECODING_WEIGHT * loss).backward()
        torch.nn.utils.clip_grad_norm_(self.flow.parameters(), 1.0)
        self.optimizer.step()
        return {"flow": float(flow.detach()), "decoding": float(loss.detach())}

    def _decoding_loss(self, decoded: Tensor, target: Tensor, known: Tensor) -> Tensor:
        """The codec's own loss of refined pose features ``[B, F, pose_size]``."""
        decoded, target = without_unknown(decoded, target, known)
        std, mean = (x[: decoded.shape[-1]] for x in (self.codec.std, self.codec.mean))
        nothing = decoded.new_zeros(())
        return codec_loss(decoded, target, std, mean, nothing, self.kinematics).total()

    def _reached(self, noise: Tensor, coarse: Tensor, true: Tensor) -> Tensor:
        """Where the ways from ``noise`` lead, ``[B, F, pose_size]`` in units of the residual's
        spread: to the truth, at most RESIDUAL_BOUND away, or to where the teacher's ways end."""
        if self.teacher is None:
            lacking = (true - coarse) / self.flow.residual_scale
            return lacking.clamp(-RESIDUAL_BOUND, RESIDUAL_BOUND)
        flow = self.teacher.flow
        with torch.no_grad():
            heard = flow.read(coarse)

            def estimate(x: Tensor, sigma: float, step: int) -> Tensor:
                return flow(x, x.new_full((len(x),), sigma), heard)[0]

            return solve(estimate, noise, sigmas(self.options.teacher_steps, flow.config.shift))

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """Body MPJPE in mm on the middles of held-out clips: coarse, in one step, and in the default
        number of steps."""
        self.model.eval()
        errors: dict[str, list[Tensor]] = {}
        held_out, span = self.windows.held_out, self.codec.downsampling
        for index in range(held_out.clips):
            clip = held_out.clip(index)
            clip = clip[max(len(clip) - JUDGED_FRAMES, 0) // 2 :][:JUDGED_FRAMES]
            clip = clip[: len(clip) // span * span].astype(np.float32)
            if not len(clip):
                continue
            clip = torch.from_numpy(clip).to(self.options.device)
            coarse, _ = self.codec(self.codec.normalized(clip)[None])
            wanted = self.kinematics(clip[:, : coarse.shape[-1]])
            decoded = {"coarse": coarse}
            for steps in sorted({1, self.flow.config.steps}):
                self.model.steps = steps
                decoded[f"{steps}_steps"] = self.model.refine(coarse)
            for name, features in decoded.items():
                apart = self.kinematics(self.codec.raw(features[0])) - wanted
                error = apart[:, :BODY_JOINTS].norm(dim=-1).mean(-1)
                errors.setdefault(f"mpjpe_mm_{name}", []).append(1000.0 * error)
        self.model.steps = self.flow.config.steps
        return {name: float(torch.cat(values).mean()) for name, values in errors.items()}

    def run(self) -> None:
        """Train to the end of the schedule, with reports and checkpoints on the way."""
        run_steps(self, evaluates_often=True)


def main(given: list[str] | None = None) -> int:
    return exit_status(lambda: FlowTrainer(arguments(given)).run())


if __name__ == "__main__":
    sys.exit(main())

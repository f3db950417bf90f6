"""Train the PRQ codec on real and procedural motion; resumable.

    python -m training.train_codec --mocap prepared/ --corpus corpus/ --out runs/codec

With ``--start-from MODEL --keep-codes``, only what turns codes into motion is trained: every code
keeps its meaning, so that a token model of the same codes stays valid.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from motion_engine.codecs.prq import PRQ
from motion_engine.configuration import PRQConfig

from .corpus_store import corpus_motions
from .data import FeatureCache, feature_statistics, real_motions
from .losses import ForwardKinematics, codec_loss
from .run import Checkpoint, Log, Schedule, optimizer_of
from .tokens import load_codec


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mocap", type=Path, required=True, help="folder of training.prepare")
    parser.add_argument("--corpus", type=Path, help="folder of training.corpus")
    parser.add_argument("--corpus-clips", type=int, default=2500, help="clips used of the corpus")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start-from", type=Path, help="an exported model's folder, to go on")
    parser.add_argument("--keep-codes", action="store_true", help="train the decoder alone")
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--minutes", type=float, default=80.0, help="stop here at the latest")
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--frames", type=int, default=64, help="window length")
    parser.add_argument("--real-share", type=float, default=0.5, help="share of real windows")
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--width", type=int, default=256, help="of the networks")
    parser.add_argument("--codes", type=int, default=1024, help="size of the codebook")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(given)


class CodecTrainer:
    """The training state and one step of it."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        torch.manual_seed(options.seed)
        if options.start_from:
            self.model = load_codec(options.start_from).train()
        else:
            self.model = PRQ(PRQConfig(width=options.width, codebook_size=options.codes))
        layout = self.model.config.layout
        self.kinematics = ForwardKinematics(layout)
        self.real = FeatureCache.of(real_motions(options.mocap, False, mirrored=True), layout)
        self.held_out = FeatureCache.of(real_motions(options.mocap, True), layout)
        self.corpus = None
        if options.corpus:
            motions = corpus_motions(options.corpus, options.corpus_clips)
            self.corpus = FeatureCache.of(motions, layout)
        if options.keep_codes:
            for module in (self.model.project_in, self.model.encoder, self.model.to_latent):
                module.requires_grad_(False)
            self.model.quantizer.eval()
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = optimizer_of(self.trained)
        self.checkpoint = Checkpoint(options.out, asdict(self.model.config))
        self.first_step = self.checkpoint.restore(self.model, self.optimizer)
        if self.first_step == 0 and not options.start_from:
            caches = [c for c in (self.real, self.corpus) if c is not None]
            mean, std = feature_statistics(caches, layout)
            self.model.mean.copy_(torch.from_numpy(mean))
            self.model.std.copy_(torch.from_numpy(std))

    def batch(self, rng: np.random.Generator) -> torch.Tensor:
        """Normalized windows ``[B, F, D]``, real and made."""
        options = self.options
        real = options.batch if self.corpus is None else round(options.batch * options.real_share)
        windows = [self.real.windows(real, options.frames, rng)]
        if real < options.batch:
            windows.append(self.corpus.windows(options.batch - real, options.frames, rng))
        return self.normalized(np.concatenate(windows))

    def normalized(self, features: np.ndarray) -> torch.Tensor:
        return (torch.from_numpy(features).float() - self.model.mean) / self.model.std

    def step(self, step: int, rng: np.random.Generator) -> dict[str, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.rate(step)
        features = self.batch(rng)
        # Residual dropout: a prefix of the layers must decode as well (SoundStream).
        layers = self.model.config.layers
        if rng.random() < 0.25:
            layers = int(rng.integers(1, layers))
        # Rounding to bf16 would move codes that are to be kept, and shake what shall be smooth.
        with torch.autocast("cpu", torch.bfloat16, enabled=not self.options.keep_codes):
            decoded, quantized = self.model(features, layers)
        pose = decoded.shape[-1]
        loss = codec_loss(
            decoded.float(),
            features[..., :pose],
            self.model.std[:pose],
            self.model.mean[:pose],
            quantized.commitment,
            self.kinematics,
        )
        self.optimizer.zero_grad()
        loss.total().backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimizer.step()
        return {name: float(value.detach()) for name, value in vars(loss).items()}

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """MPJPE in mm on held-out clips (22 body joints and all), and codebook use."""
        self.model.eval()
        body, everything, used = [], [], set()
        for index in range(self.held_out.clips):
            features = self.normalized(self.held_out.clip(index).astype(np.float32))[None]
            features = features[:, : features.shape[1] // 4 * 4]
            if not features.shape[1]:
                continue
            decoded, quantized = self.model(features)
            used.update(quantized.codes.unique().tolist())
            pose = decoded.shape[-1]
            std, mean = self.model.std[:pose], self.model.mean[:pose]
            reached, wanted = (
                self.kinematics(x * std + mean) for x in (decoded[0], features[0, :, :pose])
            )
            error = (reached - wanted).norm(dim=-1) * 1000.0
            body.append(error[:, :22].mean(-1))
            everything.append(error.mean(-1))
        self.model.train()
        self.model.quantizer.train(not self.options.keep_codes)
        return {
            "mpjpe_mm": float(torch.cat(body).mean()),
            "mpjpe_hands_mm": float(torch.cat(everything).mean()),
            "codebook_use": len(used) / self.model.config.codebook_size,
        }

    def run(self) -> None:
        """Train to the end of the schedule, with reports and checkpoints on the way."""
        options, log = self.options, Log(self.options.out)
        self.schedule = Schedule(options.rate, options.steps, options.minutes)
        step = self.first_step
        while self.schedule.progress(step) < 1.0:
            figures = self.step(step, np.random.default_rng([options.seed, step]))
            step += 1
            if step % 100 == 0:
                log.write(step, **figures)
            if step % 500 == 0:
                log.write(step, **self.evaluate())
                self.checkpoint.save(step, self.model, self.optimizer)
        log.write(step, **self.evaluate())
        self.checkpoint.save(step, self.model, self.optimizer)


if __name__ == "__main__":
    CodecTrainer(arguments()).run()

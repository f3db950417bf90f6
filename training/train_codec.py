"""Train a codec, PRQ or any other by name, on real and procedural motion; resumable.

    python -m training.train_codec --mocap prepared/ --corpus corpus/ --out runs/codec
    python -m training.train_codec --codec fsq --mocap prepared/ --corpus corpus/ --out runs/fsq

With ``--start-from MODEL --keep-codes``, only what turns codes into motion is trained: every code
keeps its meaning, so that a token model of the same codes stays valid.
"""

import argparse
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from motion_engine.codecs.configuration import AnyCodecConfig, named_codec
from motion_engine.codecs.members import build_codec, coarse_codec
from motion_engine.codecs.prq import PRQ
from motion_engine.codecs.torch_codec import TorchCodec
from motion_engine.errors import LimberError
from motion_engine.skeleton import BODY_JOINTS

from .codec_runs import check_same_config, load_run
from .codec_windows import CodecWindows, add_window_options, known_columns, without_unknown
from .curves import draw_curves
from .losses import ForwardKinematics, codec_loss
from .run import Checkpoint, Log, Schedule, exit_status, optimizer_of
from .tokens import load_codec

if TYPE_CHECKING:
    from .train_flow import FlowTrainer


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codec", default="prq", metavar="NAME",
                        help="one of `python -m motion_engine.codecs.configuration`")  # fmt: skip
    add_window_options(parser)
    add_run_options(parser)
    parser.add_argument("--start-from", type=Path, help="a model's or a run's folder, to go on")
    parser.add_argument("--keep-codes", action="store_true", help="train the decoder alone")
    parser.add_argument("--mask-hands", action="store_true",
                        help="learn no hands from clips that have none")  # fmt: skip
    parser.add_argument("--width", type=int, help="of the networks, if not the codec's own")
    parser.add_argument("--codes", type=int, help="size of the codebook, if not the codec's own")
    return parser.parse_args(given)


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """What every training of a codec or of a flow decoder takes."""
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--minutes", type=float, default=80.0, help="stop here at the latest")
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu", help="cpu, cuda, mps")
    parser.add_argument("--curves", action="store_true", help="draw curves.png beside the log")


def codec_config(options: argparse.Namespace) -> AnyCodecConfig:
    """The named codec's configuration in the sizes that were asked for; raises LimberError."""
    config = named_codec(options.codec)
    sizes = {"width": options.width, "codebook_size": options.codes}
    return replace(config, **{name: size for name, size in sizes.items() if size is not None})


class CodecTrainer:
    """The training state and one step of it."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        torch.manual_seed(options.seed)
        self.model = self._first_model().to(options.device)
        check_same_config(options.out, asdict(self.model.config))
        layout = self.model.config.layout
        self.kinematics = ForwardKinematics(layout).to(options.device)
        self.windows = CodecWindows(options, layout)
        if options.keep_codes:
            for module in (self.model.project_in, self.model.encoder, self.model.to_latent):
                module.requires_grad_(False)
            self.model.quantizer.eval()
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = optimizer_of(self.trained)
        self.checkpoint = Checkpoint(options.out, asdict(self.model.config))
        self.first_step = self.checkpoint.restore(self.model, self.optimizer)
        if self.first_step == 0 and not options.start_from:
            mean, std = self.windows.statistics()
            self.model.mean.copy_(torch.from_numpy(mean))
            self.model.std.copy_(torch.from_numpy(std))

    def _first_model(self) -> TorchCodec:
        options = self.options
        if options.start_from is None:
            if options.keep_codes:
                raise LimberError("--keep-codes needs --start-from, whose codes are kept.")
            return build_codec(codec_config(options))
        is_exported = (options.start_from / "config.json").is_file()
        model = (load_codec if is_exported else load_run)(options.start_from)
        model = coarse_codec(model).train()
        if options.keep_codes and not isinstance(model, PRQ):
            raise LimberError("--keep-codes is for codecs of parts only; leave it out.")
        return model

    def batch(self, rng: np.random.Generator) -> torch.Tensor:
        """Raw windows ``[B, F, D]``, real and made."""
        return torch.from_numpy(self.windows.batch(rng)).float().to(self.options.device)

    def step(self, step: int, rng: np.random.Generator) -> dict[str, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.rate(step)
        raw = self.batch(rng)
        features = self.model.normalized(raw)
        # Residual dropout: a prefix of the layers must decode as well (SoundStream).
        layers = self.model.config.layers
        if layers > 1 and rng.random() < 0.25:
            layers = int(rng.integers(1, layers))
        # Rounding to bf16 would move codes that are to be kept, and shake what shall be smooth.
        kind = features.device.type
        with torch.autocast(kind, torch.bfloat16, enabled=not self.options.keep_codes):
            decoded, quantized = self.model(features, layers)
        pose = decoded.shape[-1]
        decoded, target = decoded.float(), features[..., :pose]
        if self.options.mask_hands:
            known = known_columns(raw.cpu().numpy(), self.model.config.layout)
            decoded, target = without_unknown(
                decoded, target, torch.from_numpy(known).to(raw.device)
            )
        loss = codec_loss(
            decoded,
            target,
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
        held_out, span = self.windows.held_out, self.model.downsampling
        for index in range(held_out.clips):
            clip = torch.from_numpy(held_out.clip(index).astype(np.float32))
            features = self.model.normalized(clip.to(self.options.device))[None]
            features = features[:, : features.shape[1] // span * span]
            if not features.shape[1]:
                continue
            decoded, quantized = self.model(features)
            used.update(quantized.codes.unique().tolist())
            pose = decoded.shape[-1]
            reached, wanted = (
                self.kinematics(self.model.raw(x)) for x in (decoded[0], features[0, :, :pose])
            )
            error = (reached - wanted).norm(dim=-1) * 1000.0
            body.append(error[:, :BODY_JOINTS].mean(-1))
            everything.append(error.mean(-1))
        self.model.train()
        self.model.quantizer.train(not self.options.keep_codes)
        return {
            "mpjpe_mm": float(torch.cat(body).mean()),
            "mpjpe_hands_mm": float(torch.cat(everything).mean()),
            "codebook_use": len(used) / self.model.cardinality,
        }

    def run(self) -> None:
        """Train to the end of the schedule, with reports and checkpoints on the way."""
        run_steps(self, evaluates_often=True)


def run_steps(trainer: "CodecTrainer | FlowTrainer", evaluates_often: bool) -> None:
    """All steps of a training, with log lines, checkpoints and a last evaluation; with
    ``evaluates_often`` one at every checkpoint too."""
    options, log = trainer.options, Log(trainer.options.out)
    trainer.schedule = Schedule(options.rate, options.steps, options.minutes)
    step = trainer.first_step
    while trainer.schedule.progress(step) < 1.0:
        figures = trainer.step(step, np.random.default_rng([options.seed, step]))
        step += 1
        if step % 100 == 0:
            log.write(step, **figures)
        if step % 500 == 0:
            if evaluates_often:
                log.write(step, **trainer.evaluate())
            trainer.checkpoint.save(step, trainer.model, trainer.optimizer)
    log.write(step, **trainer.evaluate())
    trainer.checkpoint.save(step, trainer.model, trainer.optimizer)
    if options.curves:
        draw_curves([options.out], options.out / "curves.png")


def main(given: list[str] | None = None) -> int:
    return exit_status(lambda: CodecTrainer(arguments(given)).run())


if __name__ == "__main__":
    sys.exit(main())

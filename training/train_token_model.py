"""Train the token model on captioned codes; resumable.

python -m training.train_token_model --codec runs/codec --tokens tokens/ --out runs/token_model
"""

import argparse
import math
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from motion_engine.codecs.flow_codec import FlowCodec
from motion_engine.codecs.torch_codec import TorchCodec
from motion_engine.errors import LimberError
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.locations import asset
from motion_engine.models.devices import find_device
from motion_engine.models.model_folder import ModelFolder
from motion_engine.models.token_model import TokenModel, config_for

from .action_labels import ActionReader, labels_in, plan_of
from .batches import TokenBatch, batches
from .conditions import random_control
from .mixes import MIXES, named_mix, with_shares
from .run import Checkpoint, HiddenMatrixOptimizer, Log, Schedule, exit_status, run_to_the_end
from .texts import Texts
from .tokens import TokenStore, load_codec

LAYER_WEIGHTS = (1.0, 0.3, 0.12, 0.08)
"""Further layers weigh as much as the last of these."""
END_WEIGHT = 0.1
ACTIONS_WEIGHT = 0.1
CAPTION_WEIGHT = 0.05


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--tokens", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start-from", type=Path, help="weights of an exported model, to go on")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--minutes", type=float, default=80.0, help="stop here at the latest")
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--longest", type=int, default=80, help="token frames")
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--stage", default="instruction",
                        help=f"what clips are given: {', '.join(MIXES)}")  # fmt: skip
    parser.add_argument("--share", nargs="+", default=[], metavar="NAME=SHARE",
                        help="shares of the stage's mix that differ, see training/mixes.py")  # fmt: skip
    parser.add_argument("--text-weight", type=float, default=0.0,
                        help="of the loss on the words of the text that motion follows")  # fmt: skip
    parser.add_argument("--corruption", type=float, default=0.4, help="most codes replaced")
    parser.add_argument("--forgetful", type=float, default=0.4, help="clips without most past")
    parser.add_argument("--word-noise", type=float, default=0.3, help="relative to a vector")
    parser.add_argument("--depth-share", type=float, default=0.12, help="frames for finer layers")
    parser.add_argument("--width", type=int, default=384, help="of the backbone")
    parser.add_argument("--blocks", type=int, default=6, help="of the backbone")
    parser.add_argument("--depth-width", type=int, default=256, help="of the depth decoder")
    parser.add_argument("--depth-blocks", type=int, default=3, help="of the depth decoder")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(given)


def hidden_matrices(model: TokenModel) -> list[nn.Parameter]:
    """The matrices between the layers of both transformers."""
    layers = (model.backbone.layers, model.depth.blocks)
    return [p for module in layers for p in module.parameters() if p.ndim == 2]


def words_loss(logits: Tensor, words: Tensor) -> Tensor:
    """Mean cross-entropy of ``words [B, N]``, -1 for padding, and of their ends, of which the last
    of the ``logits [B, N + 1, V + 1]`` tells; 0 for no words."""
    wanted = words_and_end(words, logits.shape[-1] - 1).flatten()
    logits = logits.float().flatten(0, 1)
    entropy = F.cross_entropy(logits, wanted, ignore_index=-1, reduction="sum")
    return entropy / (wanted >= 0).sum().clamp(min=1)


def words_and_end(words: Tensor, end: int) -> Tensor:
    """``words [B, N]`` and after them, in ``[B, N + 1]``, the number of the ``end``."""
    told = torch.cat([words, words.new_full((len(words), 1), -1)], dim=1)
    told[torch.arange(len(words)), (words >= 0).sum(1)] = end
    return told


class TokenModelTrainer:
    """The training state and one step of it."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.mix = with_shares(named_mix(options.stage), options.share)
        self.device = find_device(options.device)
        torch.manual_seed(options.seed)
        codec = load_codec(options.codec)
        self.vocabulary = Vocabulary.load(asset("vocabulary"))
        self.vectors = torch.from_numpy(self.vocabulary.vectors).to(self.device)
        layers = codec.config.layers
        self.frame_rate = codec.frame_rate
        self.store = TokenStore.load(options.tokens)
        self.labels = labels_in(self.store.actions)
        config = config_for(
            codec,
            action_labels=self.labels,
            word_size=self.vectors.shape[1],
            width=options.width,
            blocks=options.blocks,
            heads=options.width // 64,
            feed_forward=round(options.width * 8 / 3 / 64) * 64,
            depth_width=options.depth_width,
            depth_blocks=options.depth_blocks,
            speaks=True,
        )
        self.model = TokenModel(config)
        self.model.use_codec(codec)
        if options.start_from:
            self._start_from(options.start_from, codec)
        # torch's fused attention is slow for bf16 with a mask on CPUs.
        self.model.backbone.set_attn_implementation("eager")
        self.texts = Texts(self.store, self.vocabulary, codec.part_names)
        self.coarse_groups = sum(group[0] % layers == 0 for group in config.groups)
        self.reader = ActionReader(config.width, len(self.labels.names))
        self.learned = nn.ModuleDict({"token_model": self.model, "reader": self.reader})
        self.learned.to(self.device)
        hidden = hidden_matrices(self.model)
        known = {id(matrix) for matrix in hidden}
        others = [p for p in self.learned.parameters() if id(p) not in known]
        self.optimizer = HiddenMatrixOptimizer(hidden, others, weight_decay=0.05)
        self.checkpoint = Checkpoint(options.out, asdict(config))
        self.first_step = self.checkpoint.restore(self.learned, self.optimizer)

    def _start_from(self, folder: Path, codec: TorchCodec | FlowCodec) -> None:
        """Weights of an exported model, which need not have learned to speak; raises LimberError."""
        started = ModelFolder.open(str(folder))
        weights = {n: torch.from_numpy(w) for n, w in started.token_model_weights().items()}
        heard = weights["project_control.weight"]
        if plans := self.model.config.control.size - heard.shape[1]:
            weights["project_control.weight"] = F.pad(heard, (0, max(plans, 0)))
        if not started.token_model.speaks:
            weights |= {f"speak.{n}": w for n, w in self.model.speak.state_dict().items()}
        try:
            self.model.load_state_dict(weights)
        except RuntimeError as error:
            raise LimberError(
                f"{folder}: this model has other sizes, or speaks another codec's codes; leave "
                "--start-from out."
            ) from error
        # The codec may have been trained on: its code vectors have moved, and what the model has
        # learned on top of them is kept.
        learned = self.model.depth.code_table.data - self.model.codebook
        self.model.use_codec(codec)
        self.model.depth.code_table.data += learned

    def loss(self, batch: TokenBatch, rng: np.random.Generator) -> dict[str, Tensor]:
        """Mean cross-entropies of each residual layer, of ending, of the actions, and of words."""
        model, config = self.model, self.model.config
        _, frames, _ = batch.codes.shape
        silent = self.uniforms(rng, len(batch.words)) < self.mix.silent
        words, words_given = self.heard_words(batch.words, silent, rng)
        vectors = model.code_vectors(self.corrupted(batch, rng)) * self.remembered(batch, rng)
        sentence = model.pool_sentence(words, words_given)
        motion = model.embed_motion(vectors[:, :-1], self.control(batch, silent, rng), sentence)
        steps = torch.arange(frames, device=self.device)[None]
        real = steps < batch.lengths[:, None]
        middle, text_states, states = self.states(words, words_given, motion, real)
        last = steps == batch.lengths[:, None] - 1
        end = F.binary_cross_entropy_with_logits(
            model.end(states)[..., 0].float()[real], last[real].float()
        )
        # Every frame teaches the coarse codes, where the text decides; the finer layers, most of
        # the depth decoder's cost, learn from a share of the frames.
        entropies = self.entropies(states[real], batch.codes[real], self.coarse_groups)
        some = real & (self.uniforms(rng, *real.shape) < self.options.depth_share)
        fine = self.entropies(states[some], batch.codes[some], len(config.groups))
        entropies |= {stream: fine[stream] for stream in fine if stream not in entropies}
        layers = self.by_layer(entropies)
        figures = {f"layer{i}": entropy for i, entropy in enumerate(layers)} | {
            "end": end,
            "actions": self.actions_loss(middle, batch),
            "caption": self.caption_loss(batch, rng),
        }
        if self.options.text_weight:
            heard = words_given.any(1)
            logits = model.word_logits(text_states[heard], self.vectors)
            figures["text"] = words_loss(logits, batch.words[heard])
        return figures

    def states(
        self, words: Tensor, words_given: Tensor, motion: Tensor, real: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """States of T token frames in the backbone's middle and at its end, ``[B, T, W]``, and
        between these two those of the text message at its end, ``[B, N + 1, W]``.

        ``words [B, N, E]``, ``motion [B, T, W]``; ``words_given`` and ``real`` tell padding.
        """
        frames = motion.shape[1]
        mask = torch.cat([torch.ones_like(real[:, :1]), words_given, real], dim=1).long()
        inputs = torch.cat([self.model.embed_text(words), motion], dim=1)
        middle, last = self.model(inputs, mask)
        return middle[:, -frames:], last[:, :-frames], last[:, -frames:]

    def by_layer(self, entropies: dict[int, Tensor]) -> list[Tensor]:
        """Means over the streams of each residual layer."""
        layers: list[list[Tensor]] = [[] for _ in range(self.model.config.layers)]
        for stream, entropy in entropies.items():
            layers[stream % len(layers)].append(entropy)
        return [torch.stack(terms).mean() for terms in layers]

    def caption_loss(self, batch: TokenBatch, rng: np.random.Generator) -> Tensor:
        """Mean cross-entropy of the words of some clips, told after their motion."""
        count = len(batch.codes)
        rows = rng.choice(count, size=math.ceil(self.mix.described * count), replace=False)
        if not len(rows):
            return batch.codes.new_zeros((), dtype=torch.float32)
        words = batch.words[rows]
        return words_loss(self.told(batch.codes[rows], batch.lengths[rows], words), words)

    def told(self, codes: Tensor, lengths: Tensor, words: Tensor) -> Tensor:
        """Logits ``[B, N + 1, V + 1]`` of the ``words [B, N]`` told after motion, and of the end."""
        model = self.model
        silence = codes.new_zeros(len(codes), codes.shape[1] + 1, model.config.control.size).float()
        sentence = silence.new_zeros(len(codes), model.config.width)
        motion = model.embed_motion(model.code_vectors(codes), silence, sentence)
        text = model.embed_text(self.vectors[words.clamp(min=0)])
        told = torch.arange(motion.shape[1], device=self.device)[None] <= lengths[:, None]
        given = torch.cat([told, torch.ones_like(told[:, :1]), words >= 0], dim=1)
        states = model(torch.cat([motion, text], dim=1), given.long())[1][:, -text.shape[1] :]
        return model.word_logits(states, self.vectors)

    def actions_loss(self, states: Tensor, batch: TokenBatch) -> Tensor:
        """How badly the actions of now and next are read from ``states [B, T, W]``, in nats."""
        rows, targets = [], []
        for row, (clip, length) in enumerate(zip(batch.clips, batch.lengths.tolist())):
            if actions := self.store.actions[clip]:
                middles = (np.arange(length) + 0.5) / self.frame_rate
                rows.append(states[row, :length])
                targets.append(self.labels.now_and_next(plan_of(actions), middles))
        if not rows:
            return states.new_zeros(())
        wanted = torch.from_numpy(np.concatenate(targets)).to(self.device)
        return self.reader.loss(torch.cat(rows), wanted)

    def entropies(self, states: Tensor, codes: Tensor, groups: int) -> dict[int, Tensor]:
        """Mean cross-entropy of each stream of the leading groups, for N frames."""
        model = self.model
        found = {}
        logits = model.depth(states, model.code_vectors(codes), groups)
        for group, values in zip(model.config.groups, logits):
            wanted = codes[:, list(group)]
            entropy = F.cross_entropy(
                values.float().flatten(0, 1), wanted.flatten(), reduction="none"
            ).view_as(wanted)
            found |= dict(zip(group, entropy.mean(0)))
        return found

    def heard_words(
        self, words: Tensor, silent: Tensor, rng: np.random.Generator
    ) -> tuple[Tensor, Tensor]:
        """Word vectors ``[B, N, E]`` with noise, and which are given: none for ``silent [B]`` clips
        and for wordless ones."""
        given = words >= 0
        vectors = self.vectors[words.clamp(min=0)]
        size = vectors.norm(dim=-1, keepdim=True) / vectors.shape[-1] ** 0.5
        scale = self.options.word_noise * self.uniforms(rng, len(words), 1, 1)
        vectors = vectors + 2.0 * scale * size * torch.randn_like(vectors)
        wordless = self.uniforms(rng, len(words)) < self.mix.wordless
        return vectors, given & ~(silent | wordless)[:, None]

    def control(self, batch: TokenBatch, silent: Tensor, rng: np.random.Generator) -> Tensor:
        """Control ``[B, T, C]`` with random conditions; ``silent [B]`` clips have no plan."""
        layers, layout = self.model.config.layers, self.model.config.control
        parts = self.model.code_vectors(batch.codes).unflatten(2, (-1, layers)).sum(3)
        control = random_control(
            batch, self.store, parts, layout, self.labels, self.frame_rate, self.mix, rng
        ).to(self.device)
        control[silent, :, layout.slices["plan"]] = 0.0
        return control

    def corrupted(self, batch: TokenBatch, rng: np.random.Generator) -> Tensor:
        """Input codes with some parts of some frames taken from elsewhere in the batch.

        The model learns to recover from its own mistakes and to listen to the text.
        """
        count, frames, streams = batch.codes.shape
        layers = self.model.config.layers
        rate = self.options.corruption * self.uniforms(rng, count, 1, 1)
        replace = self.uniforms(rng, count, frames, streams // layers) < rate
        order = torch.from_numpy(rng.permutation(count * frames)).to(self.device)
        other = batch.codes.flatten(0, 1)[order].view_as(batch.codes)
        return torch.where(replace.repeat_interleave(layers, dim=-1), other, batch.codes)

    def remembered(self, batch: TokenBatch, rng: np.random.Generator) -> Tensor:
        """1 for frames of the past that the model hears, 0 for those it does not, ``[B, T, 1, 1]``.

        With its whole past at hand, the model needs the text only where an action begins. Clips
        whose past is mostly missing need it at every frame, and teach what the words mean sooner.
        """
        count, frames, _ = batch.codes.shape
        forgetful = self.uniforms(rng, count, 1) < self.options.forgetful
        heard = self.uniforms(rng, count, frames) >= 0.9 * forgetful
        return heard.float()[..., None, None]

    def uniforms(self, rng: np.random.Generator, *shape: int) -> Tensor:
        """Numbers in 0..1, the same on every device."""
        return torch.from_numpy(rng.random(shape, dtype=np.float32)).to(self.device)

    def step(self, step: int, batch: TokenBatch) -> dict[str, float]:
        rng = np.random.default_rng([self.options.seed, step])
        torch.manual_seed(self.options.seed * 1_000_003 + step)
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.rate(step)
        with torch.autocast(self.device.type, torch.bfloat16):
            figures = self.loss(batch.to(self.device), rng)
        total = END_WEIGHT * figures["end"] + ACTIONS_WEIGHT * figures["actions"]
        total = total + CAPTION_WEIGHT * figures["caption"]
        total = total + self.options.text_weight * figures.get("text", 0.0)
        total = total + sum(
            LAYER_WEIGHTS[min(layer, len(LAYER_WEIGHTS) - 1)] * figures[f"layer{layer}"]
            for layer in range(self.model.config.layers)
        )
        self.optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.learned.parameters(), 1.0)
        self.optimizer.step()
        return {name: float(value.detach()) for name, value in figures.items()}

    def run(self) -> None:
        """Train to the end of the schedule, with reports and checkpoints on the way."""
        options, log = self.options, Log(self.options.out)
        self.schedule = Schedule(options.rate, options.steps, options.minutes)
        rng = np.random.default_rng([options.seed, self.first_step])
        stream = batches(self.store, self.texts, options.batch, options.longest, self.mix, rng)
        save = partial(self.checkpoint.save, model=self.learned, optimizer=self.optimizer)
        run_to_the_end(
            lambda step: self.step(step, next(stream)), self.first_step, self.schedule, log, save
        )


def main(given: list[str] | None = None) -> int:
    return exit_status(lambda: TokenModelTrainer(arguments(given)).run())


if __name__ == "__main__":
    sys.exit(main())

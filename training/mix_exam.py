"""What a token model has learned, on clips that its training never saw.

A model that hears all that went before hardly needs words to tell the next codes. What it makes of
them shows where the past is not heard (``alone``), and in how much worse it does with the words of
another clip (``heard``): both come from one model, so that its seed matters less.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from motion_engine.codecs.members import coarse_codec
from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.generation.action_plan import plan_control
from motion_engine.generation.control import duration_control, key_control, lock_control
from motion_engine.generation.generate import generate_codes
from motion_engine.generation.prompt import Prompt
from motion_engine.locations import asset
from motion_engine.models.model_folder import ModelFolder
from motion_engine.models.reader import Reader
from motion_engine.models.torch_runtime import SmallBackbone, TorchRuntime
from motion_engine.motion import Motion

from .action_labels import plan_of
from .batches import is_long
from .captioned_clips import CaptionedClip, captions_of, windows
from .corpus_store import read_corpus
from .texts import Text, short
from .tokens import TokenClip, load_codec, token_clip
from .train_token_model import TokenModelTrainer, words_and_end

GIVEN_SHARE = 0.2
"""Of a clip at either end; what lies between is to be made."""
WHOLE = slice(None)


@dataclass(frozen=True)
class HeldOutClip:
    clip: CaptionedClip
    tokens: TokenClip

    @property
    def caption(self) -> str:
        """The first one that a user could give as well."""
        return short(self.clip.captions)[0]


@dataclass(frozen=True)
class Question:
    """A text, control ``[T, C]``, the token frames whose codes count, and whether those before them
    are heard."""

    text: Text
    control: np.ndarray
    counted: slice
    hears_past: bool = True


def held_out_clips(
    codec_folder: Path, mocap: Path, corpus: Path, most: int
) -> dict[str, list[HeldOutClip]]:
    """At most so many of each kind: ``procedural`` clips of a corpus, those that are ``long`` apart,
    and ``real`` ones of prepared mocap. Raises LimberError where a folder holds none."""
    codec = coarse_codec(load_codec(codec_folder))
    clips: dict[str, list[HeldOutClip]] = {"procedural": [], "long": [], "real": []}
    for kind, clip in (*corpus_clips(corpus), *held_out_recordings(mocap)):
        if len(clips[kind]) < most and short(clip.captions):
            clips[kind].append(HeldOutClip(clip, token_clip(codec, clip.motion)))
    for kind, folder in (("procedural", corpus), ("real", mocap)):
        if not clips[kind]:
            raise LimberError(
                f"{folder}: holds no {kind} clips to judge by; choose another folder."
            )
    return {kind: some for kind, some in clips.items() if some}


def corpus_clips(corpus: Path) -> Iterable[tuple[str, CaptionedClip]]:
    for motion, row in read_corpus(corpus):
        kind = "long" if is_long(row["actions"]) else "procedural"
        yield kind, CaptionedClip(motion, row["captions"], row["part_captions"], row["actions"])


def held_out_recordings(mocap: Path) -> Iterable[tuple[str, CaptionedClip]]:
    """The first window of each: else one long recording of somebody idle would outweigh all."""
    index = mocap / "index.json"
    if not index.is_file():
        raise LimberError(f"{mocap}: no index.json; run `python -m training.prepare` first.")
    for entry in json.loads(index.read_text(encoding="utf-8")):
        captions = captions_of(entry["clip"], entry["description"])
        if entry["held_out"] and captions:
            for window in list(windows(Motion.load(mocap / f"{entry['clip']}.npz")))[:1]:
                yield "real", CaptionedClip(window, captions, [], [])


Ask = Callable[[HeldOutClip], Question | None]


def asked(clips: Iterable[HeldOutClip], ask: Ask) -> list[tuple[HeldOutClip, Question]]:
    """The clips that a question can be asked of, each with its own."""
    pairs = [(clip, ask(clip)) for clip in clips]
    return [(clip, question) for clip, question in pairs if question is not None]


class Exam:
    """A trained model before held-out clips."""

    def __init__(self, trainer: TokenModelTrainer):
        self.trainer, self.model = trainer, trainer.model.eval()
        self.layout = self.model.config.control
        self.layers = self.model.config.layers

    @torch.no_grad()
    def figures(self, clips: dict[str, list[HeldOutClip]]) -> dict[str, float]:
        """Means over clips by name: cross-entropies in nats of codes by residual layer and of
        words, and the share of words that are told right."""
        found = {}
        for kind, some in clips.items():
            found |= self.code_figures(f"text, {kind}", some, self.plain_text)
            found |= self.code_figures(f"in-between, {kind}", some, self.in_between)
            found |= self.word_figures("text", kind, some, self.plain_text)
            found |= self.word_figures("commands", kind, some, self.part_commands)
            found |= self.caption_figures(kind, some)
        return found

    def code_figures(self, name: str, clips: Sequence[HeldOutClip], ask: Ask) -> dict[str, float]:
        rows = [self.entropies(clip, question) for clip, question in asked(clips, ask)]
        if not rows:
            return {}
        return {f"{name}, layer {i}": float(x) for i, x in enumerate(np.mean(rows, axis=0))}

    def word_figures(
        self, name: str, kind: str, clips: Sequence[HeldOutClip], ask: Ask
    ) -> dict[str, float]:
        """Of the first layer, without the past: with the clip's own words, and how much worse with
        those of the next one."""
        pairs = [(clip, replace(own, hears_past=False)) for clip, own in asked(clips, ask)]
        if not pairs:
            return {}
        own = [self.entropies(clip, question)[0] for clip, question in pairs]
        texts = [question.text for _, question in pairs[1:] + pairs[:1]]
        others = [
            self.entropies(clip, replace(question, text=text))[0]
            for (clip, question), text in zip(pairs, texts)
        ]
        alone = float(np.mean(own))
        heard = float(np.mean(others)) - alone
        return {f"{name} alone, {kind}": alone, f"{name} heard, {kind}": heard}

    def entropies(self, clip: HeldOutClip, question: Question) -> np.ndarray:
        """Mean cross-entropy of each residual layer's codes, those of earlier frames given."""
        model, codes = self.model, self.codes(clip)
        words = torch.tensor([question.text.words], device=codes.device)
        vectors, given = self.trainer.vectors[words], torch.ones_like(words, dtype=torch.bool)
        control = torch.from_numpy(question.control)[None].to(codes.device)
        sentence = model.pool_sentence(vectors, given)
        past = model.code_vectors(codes)[:, :-1] * question.hears_past
        motion = model.embed_motion(past, control, sentence)
        real = torch.ones_like(codes[..., 0], dtype=torch.bool)
        states = self.trainer.states(vectors, given, motion, real)[2]
        streams = self.trainer.entropies(
            states[0, question.counted], codes[0, question.counted], len(model.config.groups)
        )
        return torch.stack(self.trainer.by_layer(streams)).cpu().numpy()

    def plain_text(self, clip: HeldOutClip) -> Question:
        """A sentence and the length."""
        control = duration_control(self.layout, len(clip.tokens.codes), self.trainer.frame_rate)
        return Question(self.trainer.texts.sentence(clip.caption), control, WHOLE)

    def part_commands(self, clip: HeldOutClip) -> Question | None:
        """All commands to parts instead of the sentence."""
        commands = short(clip.clip.part_captions)
        if not commands:
            return None
        return Question(self.trainer.texts.joined(commands), self.plain_text(clip).control, WHOLE)

    def in_between(self, clip: HeldOutClip) -> Question | None:
        """The sentence and both ends of the clip, the first pose after the gap told ahead."""
        plain, frames = self.plain_text(clip), len(clip.tokens.codes)
        gap = slice(round(GIVEN_SHARE * frames), round((1.0 - GIVEN_SHARE) * frames))
        if not gap.start < gap.stop < frames:
            return None
        given = np.ones((frames, self.layout.parts), dtype=bool)
        given[gap] = False
        pose = {gap.stop: clip.tokens.poses[gap.stop]}
        control = plain.control + lock_control(
            self.layout, self.part_vectors(clip.tokens.codes), given
        )
        control += key_control(self.layout, frames, pose, self.trainer.frame_rate)
        return Question(plain.text, control, gap)

    def caption_figures(self, kind: str, clips: Sequence[HeldOutClip]) -> dict[str, float]:
        """How well each next word of a caption, or its end, is told after the motion."""
        rows = []
        for clip in clips:
            codes = self.codes(clip)
            words = torch.tensor([self.trainer.texts.sentence(clip.caption).words])
            words = words.to(codes.device)
            lengths = torch.tensor([codes.shape[1]], device=codes.device)
            logits = self.trainer.told(codes, lengths, words)[0].float()
            wanted = words_and_end(words, logits.shape[-1] - 1)[0]
            right = (logits.argmax(-1) == wanted).float().mean()
            rows.append([float(F.cross_entropy(logits, wanted)), float(right)])
        entropy, right = np.mean(rows, axis=0)
        return {f"caption, {kind}": float(entropy), f"words right, {kind}": float(right)}

    @torch.no_grad()
    def label_figures(self, clips: Sequence[HeldOutClip], reader: Reader) -> dict[str, float]:
        """Share of the clips' labels that a reader sees in motion made for their captions and plans,
        and of what it sees that is no such label."""
        rate = self.trainer.frame_rate
        runtime = TorchRuntime(self.model, SmallBackbone(self.model, self.trainer.vocabulary))
        prompts = [self.prompt(clip, seed) for seed, clip in enumerate(clips)]
        frames = generate_codes(runtime, prompts, self.layout, rate)
        made = np.stack([codes for codes, _ in frames], axis=1)
        right = planned = read = 0
        for clip, codes in zip(clips, made):
            vectors = self.part_vectors(codes[: len(clip.tokens.codes)])
            seen, wanted = (
                {label for action in plan for label in action.labels}
                for plan in (reader.seen(vectors, rate), plan_of(clip.clip.actions))
            )
            right += len(seen & wanted)
            planned += len(wanted)
            read += len(seen)
        return {"labels read": right / planned, "labels invented": 1.0 - right / max(read, 1)}

    def prompt(self, clip: HeldOutClip, seed: int) -> Prompt:
        """The caption, the length, and what is done when."""
        control, rate = self.plain_text(clip).control, self.trainer.frame_rate
        plan, labels = plan_of(clip.clip.actions), self.trainer.labels
        control = control + plan_control(self.layout, labels, plan, len(control), rate)
        command = Command(clip.caption, seconds=len(control) / rate, seed=seed)
        return Prompt(command, control, plan=tuple(plan))

    def codes(self, clip: HeldOutClip) -> Tensor:
        """``[1, T, K]``."""
        return torch.from_numpy(clip.tokens.codes.astype(np.int64))[None].to(self.trainer.device)

    def part_vectors(self, codes: np.ndarray) -> np.ndarray:
        """Code vectors ``[T, P, d]`` of ``codes [T, K]``, summed over the residual layers."""
        told = torch.from_numpy(codes.astype(np.int64)).to(self.trainer.device)
        vectors = self.model.code_vectors(told).unflatten(1, (-1, self.layers))
        return vectors.sum(2).cpu().numpy()


def shipped_reader(codec_folder: Path) -> Reader:
    """The default model's reader; raises LimberError where this is not the codec that it reads."""
    mine, theirs = (load_codec(f).code_vectors().table for f in (codec_folder, asset("default")))
    if mine.shape != theirs.shape or not torch.allclose(mine, theirs, atol=1e-4):
        raise LimberError(f"--read: the shipped reader does not read the codes of {codec_folder}.")
    return ModelFolder.open("default").load_reader()

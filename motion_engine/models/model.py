"""A loaded model: text to motion, and motion through the codec and back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..codecs.contract import ModelCodec
from ..command import Command
from ..contacts import with_detected_contacts
from ..errors import LimberError
from ..features import decode_features, encode_features, heading_angles, next_start
from ..foot_lock import lock_feet
from ..generation.action_plan import PlannedAction, plan_control
from ..generation.choosing import best_draws
from ..generation.control import ControlLayout
from ..generation.generate import (
    SHORTEST_OWN_LENGTH_SECONDS,
    Hear,
    Progress,
    Runtime,
    generate_features,
)
from ..generation.prompt import Prompt, plain_prompt
from ..meeting_hands import with_claps
from ..motion import ENGINE_FPS, Motion, resample
from ..smoothing import low_pass
from .planner import GAITS, Plan, Planner
from .reader import Reader
from .runtimes import load_runtime


@dataclass(frozen=True, eq=False)
class Draw:
    """``features [F, pose_size]`` of a motion and its ``codes [T, K]``."""

    features: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True)
class Model:
    """The codec of a model's folder, and its token model as a maker of runtimes."""

    codec: ModelCodec
    new_runtime: Callable[[], Runtime]
    control: ControlLayout
    planner: Planner | None
    reader: Reader | None = None

    @staticmethod
    def load(
        name: str = "default",
        runtime: str = "auto",
        device: str = "auto",
        precision: str = "fp32",
        flow_steps: int | None = None,
    ) -> "Model":
        """A shipped model by name or one of the user's by folder; raises LimberError.

        ``runtime`` is ``numpy``, ``torch`` or ``auto``, see :mod:`motion_engine.models.runtimes`;
        ``flow_steps`` of a flow decoder's solver, if not the model's own: more are finer and slower.
        """
        return Model(*load_runtime(name, runtime, device, precision, flow_steps))

    def generate(self, command: Command, progress: Progress | None = None) -> Iterator[Motion]:
        """Chunks of motion as they are made; together exactly the asked number of frames.

        A chunk starts where the one before ended. The finished clip of
        :func:`motion_engine.generate_motion` differs: it is also cleaned up as a whole.
        """
        layout, start = self.codec.config.layout, (0.0, 0.0, 0.0)
        for (features,) in self.features([command], progress):
            if len(features):
                yield decode_features(features, layout, start)
                start = next_start(features, layout, start)

    def features(
        self,
        commands: Sequence[Command | Prompt],
        progress: Progress | None = None,
        hear: Hear | None = None,
    ) -> Iterator[list[np.ndarray]]:
        """Pose features of all commands at once, see ``generation.generate.generate_features``."""
        runtime, prompts = self.new_runtime(), self.prompts(commands)
        return generate_features(runtime, self.codec, self.control, prompts, progress, hear)

    def draws(self, prompts: Sequence[Prompt], progress: Progress | None = None) -> list[Draw]:
        """One draw of each prompt."""
        heard: list[np.ndarray] = []
        features = zip(*self.features(prompts, progress, heard.append))
        made = [np.concatenate(chunks) for chunks in features]
        codes = np.stack(heard, axis=1)
        return [
            Draw(rows, spoken[: len(prompt.control)])
            for prompt, rows, spoken in zip(prompts, made, codes)
        ]

    def best_draws(
        self, commands: Sequence[Command | Prompt], progress: Progress | None = None
    ) -> list[Draw]:
        """The best of a few draws of each, see ``generation.choosing``."""
        return best_draws(
            self.prompts(commands),
            lambda prompts: self.draws(prompts, progress),
            lambda prompt, drawn: self.agreement(prompt, drawn.codes),
        )

    def agreement(self, prompt: Prompt, codes: np.ndarray) -> float:
        """How far what is read in ``codes [T, K]`` is what the prompt plans, see
        :meth:`Reader.agreement`; 0 where nothing is planned or nobody reads."""
        if self.reader is None or not prompt.plan:
            return 0.0
        vectors = self.codec.part_vectors(codes)
        return self.reader.agreement(prompt.plan, vectors, self.codec.frame_rate)

    def prompts(self, commands: Sequence[Command | Prompt]) -> list[Prompt]:
        return [c if isinstance(c, Prompt) else self.prompt(c) for c in commands]

    def prompt(self, command: Command) -> Prompt:
        """The command as the token model hears it: with its length, and with the plan of its text.

        Where no length is asked for, that of the plan is taken; a model without a planner, or
        with a text that plans nothing, ends by itself.
        """
        plan = self.plan(command)
        if plan is not None:
            command = replace(command, seconds=max(plan.seconds, SHORTEST_OWN_LENGTH_SECONDS))
        prompt = plain_prompt(command, self.control, self.codec.frame_rate)
        return prompt if plan is None else self.with_plan(prompt, plan.actions)

    def plan(self, command: Command) -> Plan | None:
        """What is done when, as far as the text and the model's planner tell."""
        if self.planner is None:
            return None
        return self.planner.plan(command.text, command.seconds, command.seed, command.variation)

    def with_plan(self, prompt: Prompt, actions: Sequence[PlannedAction]) -> Prompt:
        """The prompt of a model with a planner, with what is done when told ahead."""
        layout, frames = self.control, len(prompt.control)
        control = plan_control(layout, self.planner.labels, actions, frames, self.codec.frame_rate)
        return replace(prompt.with_control(control), plan=tuple(actions))

    def with_plan_within(
        self, prompt: Prompt, start: float, stop: float, is_moving: bool = False
    ) -> Prompt:
        """The prompt with what its text says done from ``start`` to ``stop`` seconds; a gait that
        comes first has begun before, where the body ``is_moving`` already."""
        plan = self.plan(replace(prompt.command, seconds=stop - start))
        if plan is None:
            return prompt
        actions = [action.shifted(start) for action in plan.actions]
        if is_moving and actions and actions[0].verb in GAITS:
            actions[0] = replace(actions[0], start=0.0)
        return self.with_plan(prompt, actions)

    def encode(self, motion: Motion) -> np.ndarray:
        """Codes ``[K, T]`` of a motion at 30 fps; the last frame is held to fill the last token."""
        features = encode_features(motion, self.codec.config.layout)
        missing = -motion.frames % self.codec.downsampling
        padded = np.concatenate([features, np.repeat(features[-1:], missing, axis=0)])
        return self.codec.encode(padded[None])[0]

    def reconstruct(self, motion: Motion) -> Motion:
        """The motion through the codec and back, at the same place and length, 30 fps.

        Raises LimberError for less than a token frame.
        """
        motion, layout = resample(motion, ENGINE_FPS), self.codec.config.layout
        if motion.frames < self.codec.downsampling:
            raise LimberError(
                f"a clip of {motion.frames} frames is shorter than one token frame; give "
                f"{self.codec.downsampling} frames at 30 fps or more."
            )
        decoded = self.codec.decode(self.encode(motion)[None])[0, : motion.frames]
        x, y, _ = motion.root_positions[0]
        heading = heading_angles(motion.local_rotations[:, 0])[0]
        return with_detected_contacts(decode_features(decoded, layout, (x, y, heading)))


def generate_motions(
    commands: Sequence[Command], model: Model | None = None, progress: Progress | None = None
) -> list[Motion]:
    """The finished clips of several commands, made at once: faster than one after the other."""
    model = model or Model.load()
    return [lock_feet(motion) for motion in decoded_motions(commands, model, progress=progress)]


def decoded_motions(
    commands: Sequence[Command | Prompt],
    model: Model,
    start: tuple[float, float, float] = (0.0, 0.0, 0.0),
    progress: Progress | None = None,
) -> list[Motion]:
    """Clips as they are decoded, the best of a few draws, low-passed, with hands that meet where they
    clap and feet not yet locked; ``start`` is the place ``(x, y, heading)`` of the first frame."""
    layout, prompts = model.codec.config.layout, model.prompts(commands)
    rows = [low_pass(drawn.features, ENGINE_FPS) for drawn in model.best_draws(prompts, progress)]
    return [
        with_claps(decode_features(features, layout, start), prompt.plan)
        for features, prompt in zip(rows, prompts)
    ]


def generate_motion(
    command: Command, model: Model | None = None, progress: Progress | None = None
) -> Motion:
    """The finished clip of a command, exactly ``round(seconds * 30)`` frames long."""
    return generate_motions([command], model, progress)[0]

"""A command as the token model hears it: with a control track and with codes that are given."""

from dataclasses import dataclass, replace

import numpy as np

from ..codecs.contract import ModelCodec
from ..command import LONGEST_OWN_SECONDS, Command
from ..motion import ENGINE_FPS
from .action_plan import PlannedAction
from .control import ControlLayout, duration_control, lock_control

FREE = -1
"""Stands among given codes where the model chooses."""


@dataclass(frozen=True, eq=False)
class Prompt:
    """``control [T, C]`` of all token frames that may be made; ``given [T, K]`` codes, or FREE.

    ``first_frame`` is the token frame of a longer clip at which this one begins: randomness goes
    by the frames of the longer one. ``plan``: what its control track tells is done when, if it
    does. ``draw`` numbers attempts at the same clip. ``words_lead``: guidance is towards the words
    even where there is a plan.
    """

    command: Command
    control: np.ndarray
    given: np.ndarray | None = None
    first_frame: int = 0
    plan: tuple[PlannedAction, ...] = ()
    draw: int = 0
    words_lead: bool = False

    def with_control(self, control: np.ndarray) -> "Prompt":
        """The same with further groups of the control track given."""
        return replace(self, control=self.control + control)


def token_frames(seconds: float | None, frame_rate: float) -> int:
    """Token frames that cover that many seconds; as many as there may be where none are asked."""
    return max(1, int(np.ceil(round((seconds or LONGEST_OWN_SECONDS) * frame_rate, 6))))


def plain_prompt(command: Command, layout: ControlLayout, frame_rate: float) -> Prompt:
    """Text and, where one is asked, length."""
    frames = token_frames(command.seconds, frame_rate)
    if command.seconds is None:
        return Prompt(command, np.zeros((frames, layout.size), dtype=np.float32))
    return Prompt(command, duration_control(layout, frames, frame_rate))


def with_given_codes(
    prompt: Prompt,
    codes: np.ndarray,
    is_given: np.ndarray,
    codec: ModelCodec,
    layout: ControlLayout,
) -> Prompt:
    """The prompt with the parts of ``codes [K, T]`` given where ``is_given [T, P]`` says so: forced
    when codes are sampled, and told ahead in the control track."""
    locks = lock_control(layout, codec.part_vectors(codes.T), is_given)
    given = np.where(np.repeat(is_given, codec.config.layers, axis=1), codes.T, FREE)
    return replace(prompt.with_control(locks), given=given)


def command_of_frames(command: Command, frames: int) -> Command:
    """The command with the length of so many motion frames."""
    return replace(command, seconds=frames / ENGINE_FPS)

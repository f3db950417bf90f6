"""From commands to pose features, chunk by chunk."""

from collections.abc import Callable, Iterator, Sequence
from math import exp
from typing import Protocol

import numpy as np

from ..codecs.contract import ModelCodec
from ..command import Command
from ..motion import ENGINE_FPS
from .control import ControlLayout
from .guidance import Hearing
from .prompt import FREE, Prompt, plain_prompt, token_frames
from .sampling import frame_uniforms, sample_codes

SHORTEST_OWN_LENGTH_SECONDS = 1.0

Progress = Callable[[int, int], None]
Hear = Callable[[np.ndarray], object]


class Runtime(Protocol):
    """A token model at work on N prompts, which R rows hear in different ways; see
    ``models.numpy_runtime.NumpyRuntime``."""

    groups: tuple[tuple[int, ...], ...]

    def start(self, texts: Sequence[str], frames: int) -> None: ...

    def advance(self, codes: np.ndarray | None, control: np.ndarray) -> np.ndarray: ...

    def logits(self, group: int, previous: np.ndarray | None) -> np.ndarray: ...


def generate_codes(
    runtime: Runtime,
    commands: Sequence[Command | Prompt],
    layout: ControlLayout,
    frame_rate: float,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Codes ``[N, K]`` of one token frame after the other, and which commands end with it ``[N]``.

    A command has ended for good after exactly the asked length, or, where none is asked, when the
    model ends it by itself. What is made of it while others go on is of no use.
    """
    prompts = [as_prompt(command, layout, frame_rate) for command in commands]
    lengths = np.array([len(prompt.control) for prompt in prompts])
    control, given = batch_control(prompts), batch_given(prompts, runtime.groups)
    hearing = Hearing.of(prompts, layout)
    runtime.start(hearing.texts, int(lengths.max()))
    running = np.ones(len(commands), dtype=bool)
    codes = None
    for frame in range(lengths.max()):
        odds = runtime.advance(codes, hearing.control(control[:, frame]))
        codes = sample_frame(runtime, hearing, prompts, frame, given[:, frame])
        ends = lengths == frame + 1
        for row, prompt in enumerate(prompts):
            late_enough = (frame + 1) / frame_rate >= SHORTEST_OWN_LENGTH_SECONDS
            if prompt.command.seconds is None and late_enough:
                ends[row] |= ends_here(odds[row], prompt, frame, codes.shape[1])
        yield codes, ends & running
        running &= ~ends
        if not running.any():
            return


def as_prompt(command: Command | Prompt, layout: ControlLayout, frame_rate: float) -> Prompt:
    if isinstance(command, Prompt):
        return command
    return plain_prompt(command, layout, frame_rate)


def batch_control(prompts: Sequence[Prompt]) -> np.ndarray:
    """Control ``[N, T, C]`` of all prompts, up to the longest."""
    longest = max(len(prompt.control) for prompt in prompts)
    control = np.zeros((len(prompts), longest, prompts[0].control.shape[1]), dtype=np.float32)
    for row, prompt in zip(control, prompts):
        row[: len(prompt.control)] = prompt.control
    return control


def batch_given(prompts: Sequence[Prompt], groups: tuple[tuple[int, ...], ...]) -> np.ndarray:
    """Given codes ``[N, T, K]`` of all prompts, FREE elsewhere."""
    longest = max(len(prompt.control) for prompt in prompts)
    given = np.full((len(prompts), longest, sum(map(len, groups))), FREE)
    for row, prompt in zip(given, prompts):
        if prompt.given is not None:
            row[: len(prompt.given)] = prompt.given
    return given


def ends_here(log_odds: float, prompt: Prompt, frame: int, streams: int) -> bool:
    """Whether a motion of free length ends with this frame, drawn with the model's own odds."""
    uniform = _uniforms(prompt, frame, streams + 1)[-1]
    return uniform * (1.0 + exp(min(-log_odds, 700.0))) < 1.0


def sample_frame(
    runtime: Runtime, hearing: Hearing, prompts: Sequence[Prompt], frame: int, given: np.ndarray
) -> np.ndarray:
    """All codes ``[N, K]`` of one token frame, group after group; ``given [N, K]`` are set."""
    if (given != FREE).all():
        return given
    streams = given.shape[1]
    uniforms = np.stack([_uniforms(prompt, frame, streams) for prompt in prompts])
    codes = given.copy()
    previous = None
    for index, group in enumerate(runtime.groups):
        logits = runtime.logits(index, previous)
        chosen = np.array(group)
        for row, prompt in enumerate(prompts):
            free = given[row, chosen] == FREE
            if free.any():
                heard = hearing.guided(logits[:, free], row, prompt.command.guidance)
                codes[row, chosen[free]] = sample_codes(
                    heard,
                    uniforms[row, chosen[free]],
                    prompt.command.temperature,
                    prompt.command.top_p,
                )
        previous = codes[:, chosen]
    return codes


def _uniforms(prompt: Prompt, frame: int, streams: int) -> np.ndarray:
    command = prompt.command
    frame += prompt.first_frame
    return frame_uniforms(command.seed, command.variation, frame, streams, prompt.draw)


def generate_features(
    runtime: Runtime,
    codec: ModelCodec,
    layout: ControlLayout,
    commands: Sequence[Command | Prompt],
    progress: Progress | None = None,
    hear: Hear | None = None,
) -> Iterator[list[np.ndarray]]:
    """For every token frame, the pose features ``[n, pose_size]`` that each command gains by it.

    Together exactly the asked frames of each command; ``n`` is zero once it has ended. ``hear`` is
    given the codes ``[N, K]`` of every token frame.
    """
    decoder = codec.stream(len(commands))
    prompts = [as_prompt(command, layout, codec.frame_rate) for command in commands]
    asked = [prompt.command for prompt in prompts]
    no_end = np.iinfo(np.int64).max
    left = np.array([no_end if c.seconds is None else asked_frames(c) for c in asked])
    total = max(token_frames(c.seconds, codec.frame_rate) for c in asked)
    made = 0
    over = np.zeros(len(commands), dtype=bool)

    def gained(features: np.ndarray) -> list[np.ndarray]:
        nonlocal left, made
        made += features.shape[1]
        chunks = [row[:count] for row, count in zip(features, left)]
        left = np.maximum(left - features.shape[1], 0)
        return chunks

    for done, (codes, ends) in enumerate(
        generate_codes(runtime, prompts, layout, codec.frame_rate), start=1
    ):
        if hear:
            hear(codes)
        chunk = gained(decoder.step(codes, over))
        over = over | ends
        left = np.where(ends, np.minimum(left, done * codec.downsampling - made), left)
        if progress:
            progress(done, max(total, done))
        yield chunk
    yield gained(decoder.finish())


def asked_frames(command: Command) -> int:
    """Motion frames of a command with a length."""
    return max(1, round(command.seconds * ENGINE_FPS))

"""From commands to pose features, chunk by chunk."""

from collections.abc import Callable, Iterator, Sequence
from math import ceil, exp
from typing import Protocol

import numpy as np

from .codecs.numpy_prq import NumpyPRQ
from .command import LONGEST_SECONDS, Command
from .control import ControlLayout, duration_control
from .motion import ENGINE_FPS
from .sampling import frame_uniforms, guided, sample_codes

SHORTEST_OWN_LENGTH_SECONDS = 1.0

Progress = Callable[[int, int], None]


class Runtime(Protocol):
    """A token model at work on N prompts; see ``numpy_runtime.NumpyRuntime``."""

    groups: tuple[tuple[int, ...], ...]

    def start(self, texts: list[str], is_guided: bool, frames: int) -> None: ...

    def advance(self, codes: np.ndarray | None, control: np.ndarray) -> np.ndarray: ...

    def logits(self, group: int, previous: np.ndarray | None) -> np.ndarray: ...


def token_frames(seconds: float | None, frame_rate: float) -> int:
    """Token frames that cover that many seconds; as many as there may be where none are asked."""
    return max(1, ceil(round((seconds or LONGEST_SECONDS) * frame_rate, 6)))


def generate_codes(
    runtime: Runtime, commands: Sequence[Command], layout: ControlLayout, frame_rate: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Codes ``[N, K]`` of one token frame after the other, and which commands end with it ``[N]``.

    A command has ended for good after exactly the asked length, or, where none is asked, when the
    model ends it by itself. What is made of it while others go on is of no use.
    """
    lengths = np.array([token_frames(c.seconds, frame_rate) for c in commands])
    control = batch_control(layout, commands, lengths, frame_rate)
    is_guided = any(command.guidance != 1.0 for command in commands)
    runtime.start([command.text for command in commands], is_guided, int(lengths.max()))
    running = np.ones(len(commands), dtype=bool)
    codes = None
    for frame in range(lengths.max()):
        odds = runtime.advance(codes, control[:, frame])
        codes = sample_frame(runtime, commands, frame)
        ends = lengths == frame + 1
        for row, command in enumerate(commands):
            late_enough = (frame + 1) / frame_rate >= SHORTEST_OWN_LENGTH_SECONDS
            if command.seconds is None and late_enough:
                ends[row] |= ends_here(odds[row], command, frame, codes.shape[1])
        yield codes, ends & running
        running &= ~ends
        if not running.any():
            return


def batch_control(
    layout: ControlLayout, commands: Sequence[Command], lengths: np.ndarray, frame_rate: float
) -> np.ndarray:
    """Control ``[N, T, C]`` of all commands, up to the longest."""
    control = np.zeros((len(commands), lengths.max(), layout.size), dtype=np.float32)
    for row, (command, length) in enumerate(zip(commands, lengths)):
        if command.seconds is not None:
            control[row, :length] = duration_control(layout, length, frame_rate)
    return control


def ends_here(log_odds: float, command: Command, frame: int, streams: int) -> bool:
    """Whether a motion of free length ends with this frame, drawn with the model's own odds."""
    uniform = frame_uniforms(command.seed, command.variation, frame, streams + 1)[-1]
    return uniform * (1.0 + exp(min(-log_odds, 700.0))) < 1.0


def sample_frame(runtime: Runtime, commands: Sequence[Command], frame: int) -> np.ndarray:
    """All codes ``[N, K]`` of one token frame, group after group."""
    streams = sum(len(group) for group in runtime.groups)
    uniforms = np.stack([frame_uniforms(c.seed, c.variation, frame, streams) for c in commands])
    codes = np.zeros((len(commands), streams), dtype=np.int64)
    previous = None
    for index, group in enumerate(runtime.groups):
        logits = runtime.logits(index, previous)
        chosen = list(group)
        for row, command in enumerate(commands):
            heard = logits[row]
            if len(logits) > len(commands):
                heard = guided(heard, logits[len(commands) + row], command.guidance)
            codes[row, chosen] = sample_codes(
                heard, uniforms[row, chosen], command.temperature, command.top_p
            )
        previous = codes[:, chosen]
    return codes


def generate_features(
    runtime: Runtime,
    codec: NumpyPRQ,
    layout: ControlLayout,
    commands: Sequence[Command],
    progress: Progress | None = None,
) -> Iterator[list[np.ndarray]]:
    """For every token frame, the pose features ``[n, pose_size]`` that each command gains by it.

    Together exactly the asked frames of each command; ``n`` is zero once it has ended.
    """
    decoder = codec.stream(len(commands))
    no_end = np.iinfo(np.int64).max
    left = np.array([no_end if c.seconds is None else asked_frames(c) for c in commands])
    total = max(token_frames(c.seconds, codec.frame_rate) for c in commands)
    made = 0
    over = np.zeros(len(commands), dtype=bool)

    def gained(features: np.ndarray) -> list[np.ndarray]:
        nonlocal left, made
        made += features.shape[1]
        chunks = [row[:count] for row, count in zip(features, left)]
        left = np.maximum(left - features.shape[1], 0)
        return chunks

    for done, (codes, ends) in enumerate(
        generate_codes(runtime, commands, layout, codec.frame_rate), start=1
    ):
        chunk = gained(decoder.push(codes, over))
        over = over | ends
        left = np.where(ends, np.minimum(left, done * codec.downsampling - made), left)
        if progress:
            progress(done, max(total, done))
        yield chunk
    yield gained(decoder.finish())


def asked_frames(command: Command) -> int:
    """Motion frames of a command with a length."""
    return max(1, round(command.seconds * ENGINE_FPS))

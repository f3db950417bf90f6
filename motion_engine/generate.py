"""From a command to motion, chunk by chunk."""

from collections.abc import Callable, Iterator
from math import ceil, exp
from typing import Protocol

import numpy as np

from .command import LONGEST_SECONDS, Command
from .control import ControlLayout, duration_control
from .sampling import frame_uniforms, guided, sample_codes

SHORTEST_OWN_LENGTH_SECONDS = 1.0

Progress = Callable[[int, int], None]


class Runtime(Protocol):
    """A token model at work on one prompt; see ``torch_runtime.TorchRuntime``."""

    groups: tuple[tuple[int, ...], ...]

    def start(self, word_vectors: np.ndarray, is_guided: bool, frames: int) -> None: ...

    def advance(self, codes: np.ndarray | None, control: np.ndarray) -> float: ...

    def logits(self, group: int, previous: np.ndarray | None) -> np.ndarray: ...


def token_frames(seconds: float, frame_rate: float) -> int:
    """Token frames that cover that many seconds."""
    return max(1, ceil(round(seconds * frame_rate, 6)))


def generate_codes(
    runtime: Runtime,
    word_vectors: np.ndarray,
    command: Command,
    control_layout: ControlLayout,
    frame_rate: float,
) -> Iterator[np.ndarray]:
    """Codes ``[K]`` of one token frame after the other.

    Exactly the asked length, or, where none is asked, until the model ends by itself.
    """
    own_length = command.seconds is None
    frames = token_frames(LONGEST_SECONDS if own_length else command.seconds, frame_rate)
    control = duration_control(control_layout, frames, frame_rate)
    if own_length:
        control[:] = 0.0
    runtime.start(word_vectors, command.guidance != 1.0, frames)
    codes = None
    for frame in range(frames):
        end = runtime.advance(codes, control[frame])
        codes = sample_frame(runtime, command, frame)
        yield codes
        late_enough = (frame + 1) / frame_rate >= SHORTEST_OWN_LENGTH_SECONDS
        if own_length and late_enough and ends_here(end, command, frame, len(codes)):
            return


def ends_here(log_odds: float, command: Command, frame: int, streams: int) -> bool:
    """Whether a motion of free length ends with this frame, drawn with the model's own odds."""
    uniform = frame_uniforms(command.seed, command.variation, frame, streams + 1)[-1]
    return uniform * (1.0 + exp(min(-log_odds, 700.0))) < 1.0


def sample_frame(runtime: Runtime, command: Command, frame: int) -> np.ndarray:
    """All codes ``[K]`` of one token frame, group after group."""
    streams = sum(len(group) for group in runtime.groups)
    uniforms = frame_uniforms(command.seed, command.variation, frame, streams)
    codes = np.zeros(streams, dtype=np.int64)
    previous = None
    for index, group in enumerate(runtime.groups):
        rows = runtime.logits(index, previous)
        logits = guided(rows[0], rows[1], command.guidance) if len(rows) == 2 else rows[0]
        chosen = list(group)
        previous = sample_codes(logits, uniforms[chosen], command.temperature, command.top_p)
        codes[chosen] = previous
    return codes


class StreamingDecoder:
    """Turns token frames into feature frames as they come; equal to decoding them all at once.

    A token frame is decoded for good once ``lookahead`` more have come, from a window that holds
    all the past it depends on.
    """

    def __init__(self, codec):
        self.codec = codec
        self.codes: list[np.ndarray] = []
        self.decoded = 0

    def push(self, codes: np.ndarray) -> np.ndarray:
        """Feature frames ``[n, pose_size]`` that are final now; may be none."""
        self.codes.append(codes)
        return self._decode(len(self.codes) - self.codec.lookahead)

    def finish(self) -> np.ndarray:
        """The remaining frames."""
        return self._decode(len(self.codes))

    def _decode(self, stop: int) -> np.ndarray:
        start = self.decoded
        if stop <= start:
            return np.zeros((0, self.codec.config.layout.pose_size), dtype=np.float32)
        first = max(0, start - self.codec.context)
        window = np.stack(self.codes[first:], axis=-1)[None]
        span = self.codec.downsampling
        self.decoded = stop
        return self.codec.decode(window)[0, (start - first) * span : (stop - first) * span]

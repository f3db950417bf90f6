"""A stretch between what stays made anew, also one that is longer than what the model makes at
once."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..command import Command
from ..edit.joining import concatenated
from ..models.model import Model
from ..motion import ENGINE_FPS, Motion
from .bridging import bridges
from .generate import Progress
from .timeline import CONTEXT_SECONDS, WINDOW_SECONDS

LONGEST_AT_ONCE_SECONDS = 1.6 * WINDOW_SECONDS


def new_stretches(
    before: Motion | None,
    after: Motion | None,
    frames: int,
    commands: Sequence[Command],
    model: Model,
    progress: Progress | None = None,
) -> list[Motion]:
    """As :func:`bridging.bridges`, of any length: long stretches are made piece by piece, and the
    last piece leads to ``after``. As little is heard of what goes before as in a timeline:
    having heard more of it, the model goes on with that."""
    if frames <= LONGEST_AT_ONCE_SECONDS * ENGINE_FPS:
        return bridges(before, after, frames, commands, model, progress, CONTEXT_SECONDS)
    pieces = int(np.ceil(frames / (WINDOW_SECONDS * ENGINE_FPS)))
    edges = np.linspace(0, frames, pieces + 1).round().astype(int)
    takes = []
    for number, command in enumerate(commands):
        behind, made = before, []
        for piece, (start, stop) in enumerate(pairwise(edges)):
            ahead = after if stop == frames else None
            share = number * pieces + piece, len(commands) * pieces
            heard = progress and _part_of(progress, *share)
            asked = int(stop - start), [command], model, heard, CONTEXT_SECONDS
            made += bridges(behind, ahead, *asked)
            behind = made[-1]
        takes.append(concatenated(*made))
    return takes


def _part_of(progress: Progress, piece: int, pieces: int) -> Progress:
    """Hears of one of so many pieces, tells of all."""
    return lambda done, total: progress(piece * total + done, pieces * total)

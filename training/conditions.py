"""Random conditions for training: lengths, root paths, key poses and locked parts.

They teach the control track. Which of them a clip is given is drawn independently, so that the
model meets every mixture; most clips have no more than a text and a length. Locked parts teach limb
edits, prediction and in-betweening alike.
"""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from motion_engine.generation.action_plan import ActionLabels, PlannedAction, plan_control
from motion_engine.generation.control import (
    ControlLayout,
    duration_control,
    key_control,
    lock_control,
    path_control,
)
from motion_engine.parts import DEFAULT_PARTS

from .action_labels import plan_of
from .batches import TokenBatch
from .mixes import Mix
from .tokens import TokenStore

MOST_KEYS = 3
PLANNED_ALONE = 0.5
"""Where only some parts are free or commanded, how often the plan tells of those alone."""
JITTER_SECONDS = 0.07
_CHANNELS = ["base" if part.name == "root" else part.name for part in DEFAULT_PARTS]


def random_control(
    batch: TokenBatch,
    store: TokenStore,
    vectors: Tensor,
    layout: ControlLayout,
    labels: ActionLabels,
    frame_rate: float,
    mix: Mix,
    rng: np.random.Generator,
) -> Tensor:
    """Control ``[B, T, C]``; ``vectors [B, T, P, d]`` are the parts' code vectors."""
    count, frames = vectors.shape[:2]
    control = np.zeros((count, frames, layout.size), dtype=np.float32)
    for row, (clip, length) in enumerate(zip(batch.clips, batch.lengths.tolist())):
        span = store.span(clip)
        track = control[row, :length]
        if rng.random() < mix.length:
            track += duration_control(layout, length, frame_rate)
        if rng.random() < mix.path:
            track += path_control(layout, store.roots[span], frame_rate)
        if rng.random() < mix.keys:
            chosen = rng.choice(length, size=min(rng.integers(1, MOST_KEYS + 1), length))
            keys = {int(frame): store.poses[span][frame] for frame in chosen}
            track += key_control(layout, length, keys, frame_rate)
        commanded = batch.commanded[row]
        free = list(commanded) or None
        if rng.random() < (mix.locks_beside_commands if commanded else mix.locks):
            free = free or random_parts(layout.parts, rng)
            locked = random_locks(length, layout.parts, free, rng)
            track += lock_control(layout, vectors[row, :length].cpu().numpy(), locked)
        actions = store.actions[clip]
        if actions and rng.random() < mix.plan:
            if free is not None and rng.random() < PLANNED_ALONE:
                actions = actions_of_parts(actions, free)
            plan = jittered(plan_of(actions), rng)
            track += plan_control(layout, labels, plan, length, frame_rate)
    return torch.from_numpy(control)


def actions_of_parts(actions: list[dict], parts: list[int]) -> list[dict]:
    """The actions that fill any of the default table's ``parts``."""
    channels = {_CHANNELS[part] for part in parts}
    return [action for action in actions if channels.intersection(action["channels"])]


def jittered(plan: list[PlannedAction], rng: np.random.Generator) -> list[PlannedAction]:
    """The plan a little early or late, as those of sentences will be."""
    found = []
    for action in plan:
        start, stop = (action.start, action.stop) + rng.normal(0.0, JITTER_SECONDS, 2)
        found.append(replace(action, start=start, stop=max(stop, start + JITTER_SECONDS)))
    return found


def random_locks(frames: int, parts: int, free: list[int], rng: np.random.Generator) -> np.ndarray:
    """Which parts are given when, ``[T, P]``: all but the ``free`` ones; for most clips those are
    given too outside a stretch of frames."""
    locked = np.ones((frames, parts), dtype=bool)
    locked[random_stretch(frames, rng), free] = False
    return locked


def random_parts(parts: int, rng: np.random.Generator) -> list[int]:
    """Any number of parts; now and then the whole body."""
    share = 1.0 if rng.random() < 0.2 else rng.random()
    return list(np.flatnonzero(rng.random(parts) < share))


def random_stretch(frames: int, rng: np.random.Generator) -> slice:
    """The whole clip, any part of it, its end after 20 or 40 % as in prediction, or all but the
    first and last 20 % as in in-betweening (the protocols of MotionGPT-2)."""
    kind = rng.choice(("whole", "any", "end", "middle"), p=(0.45, 0.3, 0.15, 0.1))
    if kind == "any":
        return slice(*np.sort(rng.integers(0, frames + 1, size=2)))
    if kind == "end":
        return slice(round(frames * rng.choice((0.2, 0.4))), frames)
    if kind == "middle":
        return slice(round(0.2 * frames), round(0.8 * frames))
    return slice(0, frames)

"""Motion between, after and before clips: made by the model, which hears what lies around."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .. import rotations
from ..command import Command
from ..edit.curves import sampled, smooth_step
from ..edit.joining import backwards, concatenated, eased_in, eased_out, transition
from ..edit.momentum import between, going_on, most_continuous, most_expected
from ..edit.placing import bent, place_at, places
from ..edit.root_path import LARGEST_STEP_CORRECTION_M
from ..features import encode_features
from ..foot_lock import lock_feet
from ..models.model import Model, decoded_motions
from ..motion import ENGINE_FPS, Motion
from ..stance import carried
from .control import key_control, path_control
from .generate import Progress
from .part_edit import AFTERMATH_SECONDS
from .prompt import Prompt, command_of_frames, plain_prompt, with_given_codes

CONTEXT_SECONDS = 0.54
"""Of what goes before; having heard more of it, the model takes the sentence for done with."""
FEATHER_SECONDS = 0.4
"""Over this long, new frames go over from still poses around them to what the model made."""
TAKES = 3
"""So many are made, and the best is taken: a single one may dance far away."""
SWAYING = ("dance",)
"""Verbs of motion that goes to and fro, wherever it is on its way to."""
OTHER_TAKES = 2**20
"""Further takes of a variation have numbers so far from its own that nobody asks for them."""
STILL_RAD_S = 0.3
"""Joints of a pose that is held turn no faster."""
FASTEST_RAD_S = 10.0
"""Bones between still poses turn no faster against the hips: the model may flick from poses that
it does not know to ones that it does."""


def bridges(
    before: Motion | None,
    after: Motion | None,
    frames: int,
    commands: Sequence[Command],
    model: Model,
    progress: Progress | None = None,
    heard_seconds: float = CONTEXT_SECONDS,
) -> list[Motion]:
    """Motions of so many new frames that lead from the end of ``before`` to the beginning of
    ``after`` (30 fps; one of them may be missing), at their places in the world. The model hears
    ``heard_seconds`` of what goes before."""
    head, tail = _around(before, after, frames, model, heard_seconds)
    whole = _with_gap(head, tail, frames)
    first, stop = (head.frames if head else 0), (head.frames if head else 0) + frames
    tries = tried(commands, TAKES)
    codes = model.encode(whole)
    prompts = [_bridge_prompt(whole, codes, first, stop, command, model) for command in tries]
    takes = decoded_motions(prompts, model, place_at(whole, 0), progress)
    away = np.full(whole.frames, np.inf)
    if head is not None and _is_still(head):
        away = np.minimum(away, np.arange(whole.frames) - first + 1)
    if tail is not None and _is_still(tail):
        away = np.minimum(away, stop - np.arange(whole.frames))
    takes = [_feathered(take, whole, away / whole.fps) for take in takes]
    if np.isfinite(away).any():
        takes = [_calmed(take, first) for take in takes]
    takes = [
        _fitted(
            take, whole, head, tail, first, bool(prompt.plan) and prompt.plan[0].verb in SWAYING
        )
        for take, prompt in zip(takes, prompts)
    ]
    return [_best(takes[i : i + TAKES], head, tail) for i in range(0, len(takes), TAKES)]


def _best(takes: Sequence[Motion], head: Motion | None, tail: Motion | None) -> Motion:
    """Between two clips the take that is expected most, else the one that goes on most evenly."""
    if head is not None and tail is not None:
        return most_expected(takes)
    if tail is None:
        return most_continuous(takes, head)
    return backwards(most_continuous([backwards(take) for take in takes], backwards(tail)))


def tried(commands: Sequence[Command], takes: int) -> list[Command]:
    """So many commands for each: itself, and others with randomness of their own."""
    return [
        replace(command, variation=command.variation + OTHER_TAKES * take)
        for command in commands
        for take in range(takes)
    ]


def _feathered(take: Motion, whole: Motion, away_seconds: np.ndarray) -> Motion:
    """The take with its joints led out of, and into, the still poses around the gap: the model may
    leave a pose that it does not know within a token frame. The root is fitted later."""
    weights = smooth_step(np.clip(away_seconds / FEATHER_SECONDS, 0.0, 1.0))[:, None]
    local = take.local_rotations.copy()
    local[:, 1:] = rotations.slerp(whole.local_rotations[:, 1:], local[:, 1:], weights)
    return replace(take, local_rotations=local)


def _calmed(take: Motion, first: int) -> Motion:
    """The take as followed from frame ``first`` on by a body whose bones turn no faster than
    allowed."""
    most = FASTEST_RAD_S / take.fps
    local = take.local_rotations.copy()
    for frame in range(max(first, 1), take.frames):
        last, wanted = local[frame - 1, 1:], local[frame, 1:]
        steps = rotations.angle(rotations.multiply(rotations.conjugate(last), wanted))
        turns = np.append(0.0, steps)
        for joint, parent in enumerate(take.skeleton.parents[1:], start=1):
            turns[joint] += turns[parent]
        local[frame, 1:] = rotations.slerp(last, wanted, most / max(turns.max(), most))
    return replace(take, local_rotations=local)


def _turn_speeds(motion: Motion) -> np.ndarray:
    """The fastest turn of each joint but the root ``[J - 1]``, radians a second."""
    local = motion.local_rotations[:, 1:]
    steps = rotations.angle(rotations.multiply(rotations.conjugate(local[:-1]), local[1:]))
    return steps.max(axis=0, initial=0.0) * motion.fps


def _is_still(motion: Motion) -> bool:
    return _turn_speeds(motion).max() < STILL_RAD_S


def _around(
    before: Motion | None,
    after: Motion | None,
    frames: int,
    model: Model,
    heard_seconds: float,
) -> tuple[Motion | None, Motion | None]:
    """What the model hears of both sides; whole token frames of what went before."""
    head, tail = before, after
    if head is not None:
        count = min(head.frames, round(heard_seconds * head.fps))
        count = max(count // model.codec.downsampling * model.codec.downsampling, 1)
        head = head.cut(head.frames - count, head.frames)
    if tail is not None:
        tail = tail.cut(0, min(tail.frames, round(AFTERMATH_SECONDS * tail.fps)))
    return head, tail


def _with_gap(head: Motion | None, tail: Motion | None, frames: int) -> Motion:
    """Head, a smooth transition of so many frames (or a standstill), and tail."""
    if head is None:
        gap = concatenated(*[tail.cut(0, 1)] * frames)
    elif tail is None:
        gap = concatenated(*[head.cut(head.frames - 1, head.frames)] * frames)
    else:
        gap = transition(head, tail, frames)
    return concatenated(*(part for part in (head, gap, tail) if part is not None))


def _bridge_prompt(
    whole: Motion, codes: np.ndarray, first: int, stop: int, command: Command, model: Model
) -> Prompt:
    """The ``codes [K, T]`` of both sides given; the first pose beyond the gap, and the way to it,
    told ahead."""
    codec, layout, span = model.codec, model.control, model.codec.downsampling
    is_given = np.ones((codes.shape[1], len(codec.config.parts)), dtype=bool)
    is_given[first // span : -(-stop // span)] = False
    prompt = plain_prompt(command_of_frames(command, whole.frames), layout, codec.frame_rate)
    is_moving = first > 0 and not _is_still(whole.cut(0, first))
    prompt = model.with_plan_within(prompt, first / ENGINE_FPS, stop / ENGINE_FPS, is_moving)
    prompt = with_given_codes(prompt, codes, is_given, codec, layout)
    if stop == whole.frames:
        return prompt
    frames = len(prompt.control)
    key = normalized_poses(whole, model)[stop]
    at = min(-(-stop // span), frames - 1)
    prompt = prompt.with_control(key_control(layout, frames, {at: key}, codec.frame_rate))
    if first == 0:
        return prompt
    roots = places(whole)[::span]
    return prompt.with_control(path_control(layout, roots, codec.frame_rate))


def normalized_poses(motion: Motion, model: Model) -> np.ndarray:
    """Pose features ``[F, pose_size]`` of a motion as the control track tells key poses."""
    codec = model.codec
    features = encode_features(motion, codec.config.layout)
    return ((features - codec.mean) / codec.std)[:, : codec.pose_size].astype(np.float32)


def _fitted(
    take: Motion,
    whole: Motion,
    head: Motion | None,
    tail: Motion | None,
    first: int,
    sways: bool,
) -> Motion:
    """The new frames of a take, at the place, pose and speed of its neighbours."""
    stop = whole.frames - (tail.frames if tail is not None else 0)
    targets = {}
    if head is not None:
        targets[first - 1] = place_at(head, head.frames - 1)
    if tail is not None:
        targets[stop] = place_at(tail, 0)
    take = bent(carried(take), targets)
    if head is None:
        last = take.frames - 1
        take = backwards(going_on(backwards(take), backwards(tail), last - stop, sways))
    elif tail is None:
        take = going_on(take, head, first - 1, sways)
    else:
        take = between(take, whole, first, stop)
    take = lock_feet(take, LARGEST_STEP_CORRECTION_M, keeps_way=True)
    begin, end = first - (head is not None), stop + (tail is not None)
    gap = take.cut(begin, end)
    if head is not None:
        gap = eased_in(gap, head)
    if tail is not None:
        gap = eased_out(gap, tail)
    return gap.cut(first - begin, stop - begin)


def ending(motion: Motion) -> Motion:
    """What a bridge hears of a clip of any rate, at 30 fps, with the clip's own last frame."""
    last = (motion.frames - 1) / motion.fps
    count = int(min(last, CONTEXT_SECONDS) * ENGINE_FPS + 1e-6) + 1
    return sampled(motion, last - np.arange(count)[::-1] / ENGINE_FPS, ENGINE_FPS)


def opening(motion: Motion) -> Motion:
    """What a bridge hears of a clip of any rate, at 30 fps, from the clip's own first frame on."""
    last = (motion.frames - 1) / motion.fps
    count = int(min(last, AFTERMATH_SECONDS) * ENGINE_FPS + 1e-6) + 1
    return sampled(motion, np.arange(count) / ENGINE_FPS, ENGINE_FPS)


def at_own_rate(
    gap: Motion, head: Motion | None, tail: Motion | None, fps: float, frames: int
) -> Motion:
    """So many frames at another rate of a gap at 30 fps between the frames around it."""
    around = concatenated(*(motion for motion in (head, gap, tail) if motion is not None))
    first = head.frames if head is not None else 0
    if head is None:
        return sampled(around, gap.frames / ENGINE_FPS - np.arange(frames, 0, -1) / fps, fps)
    steps = np.arange(1, frames + 1) / fps
    if tail is not None:
        steps *= (gap.frames + 1) / ENGINE_FPS / ((frames + 1) / fps)
    return sampled(around, (first - 1) / ENGINE_FPS + steps, fps)

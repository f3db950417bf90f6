"""Long motions: a row of sentences, each with its time, spoken as one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ..command import SHORTEST_SECONDS, Command
from ..errors import LimberError
from ..features import decode_features
from ..meeting_hands import with_claps
from ..models.model import Model
from ..motion import ENGINE_FPS, Motion
from ..smoothing import low_pass, seams_smoothed
from .action_plan import PlannedAction
from .control import duration_control
from .generate import Progress, generate_codes
from .prompt import Prompt, with_given_codes

LONGEST_TIMELINE_SECONDS = 300.0
SHORTEST_BEAT_SECONDS = 0.5
CONTEXT_SECONDS = 0.14
"""Of what went before. Of 80 stretches in sequences of four, 63 do what is asked with this much, 61
with 0.27 s, 51 with 0.54 s (64 where each is made alone): having heard more, the model goes on with
what it hears. Seams are no rougher."""
WINDOW_SECONDS = 5.0
"""What is longer is made piece by piece: the model has learned short clips."""


@dataclass(frozen=True)
class Beat:
    """From ``start`` seconds until the next beat the character does what ``text`` says."""

    start: float
    text: str


TimelinePlan = dict[Beat, list[PlannedAction] | None]


def check_beats(beats: Sequence[Beat], seconds: float) -> None:
    """Raises LimberError for beats that do not begin at 0, do not rise, are too short or empty."""
    if not beats or beats[0].start != 0.0:
        raise LimberError("the first text of a timeline begins at 0 seconds.")
    if not SHORTEST_SECONDS <= seconds <= LONGEST_TIMELINE_SECONDS:
        raise LimberError(
            f"a timeline lasts {SHORTEST_SECONDS:g} to {LONGEST_TIMELINE_SECONDS:g} seconds, "
            f"not {seconds:g}."
        )
    ends = [beat.start for beat in beats[1:]] + [seconds]
    for beat, end in zip(beats, ends):
        if not beat.text.strip():
            raise LimberError(
                f"the text at {beat.start:g} seconds is empty; say what happens then."
            )
        if end - beat.start < SHORTEST_BEAT_SECONDS - 1e-6:
            raise LimberError(
                f'"{beat.text}" has {end - beat.start:.2f} s from {beat.start:g} s on; give every '
                "text half a second or more, and more --seconds than the last one's start."
            )


def at_pace(beats: Sequence[Beat], pace: float) -> tuple[Beat, ...]:
    """The beats of a motion that is to be played so many times as fast afterwards, and has to be
    made so much longer."""
    return tuple(replace(beat, start=beat.start * pace) for beat in beats)


def timeline_motions(
    beats: Sequence[Beat],
    seconds: float,
    commands: Sequence[Command],
    model: Model,
    progress: Progress | None = None,
    show: Callable[[np.ndarray], object] = lambda features: None,
) -> list[Motion]:
    """One motion (30 fps, feet not yet locked) through all beats for each command, of which the
    seed and the way of sampling count. ``show`` hears the pose features ``[n, pose_size]`` of the
    first one, chunk by chunk as they are made.
    Raises LimberError, see :func:`check_beats`."""
    check_beats(beats, seconds)
    codec, frames = model.codec, round(seconds * ENGINE_FPS)
    decoder = codec.stream(len(commands))
    chunks: list[np.ndarray] = []

    def gain(features: np.ndarray) -> None:
        features = features[:, : frames - sum(chunk.shape[1] for chunk in chunks)]
        chunks.append(features)
        show(features[0])

    for codes in timeline_codes(beats, seconds, commands, model, progress):
        gain(decoder.step(codes))
    gain(decoder.finish())
    layout = codec.config.layout
    pieces = windows(beats, _token_frames(seconds, model), codec.frame_rate)
    seams = [first * codec.downsampling for _, first, _ in pieces[1:]]
    motions = [
        decode_features(seams_smoothed(low_pass(rows, ENGINE_FPS), ENGINE_FPS, seams), layout)
        for rows in np.concatenate(chunks, axis=1)
    ]
    return [
        with_claps(motion, _all_actions(timeline_plan(beats, seconds, command, model)))
        for motion, command in zip(motions, commands)
    ]


def timeline_codes(
    beats: Sequence[Beat],
    seconds: float,
    commands: Sequence[Command],
    model: Model,
    progress: Progress | None = None,
) -> Iterator[np.ndarray]:
    """Codes ``[N, K]`` of one token frame after the other, said in pieces, see :func:`windows`."""
    codec = model.codec
    total = _token_frames(seconds, model)
    heard = round(CONTEXT_SECONDS * codec.frame_rate)
    before = np.zeros((len(commands), 0, len(codec.streams)), dtype=np.int64)
    plans = [timeline_plan(beats, seconds, command, model) for command in commands]
    for beat, first, stop in windows(beats, total, codec.frame_rate):
        prompts = [
            _window_prompt(replace(command, text=beat.text), known, first, stop, total, model)
            for command, known in zip(commands, before)
        ]
        prompts = [
            _with_plan(prompt, plan, model) if plan[beat] is not None else prompt
            for prompt, plan in zip(prompts, plans)
        ]
        spoken = []
        made = generate_codes(model.new_runtime(), prompts, model.control, codec.frame_rate)
        for frame, (codes, _) in enumerate(made, start=first - before.shape[1]):
            spoken.append(codes)
            if frame >= first:
                if progress:
                    progress(frame + 1, total)
                yield codes
        before = np.stack(spoken[-heard:], axis=1)


def timeline_plan(
    beats: Sequence[Beat], seconds: float, command: Command, model: Model
) -> TimelinePlan:
    """What is done when in each beat, in seconds of the whole; None for beats of which the model
    plans nothing, since their text tells of nothing that it was taught."""
    found: TimelinePlan = {}
    stops = [beat.start for beat in beats[1:]] + [seconds]
    for beat, stop in zip(beats, stops):
        plan = model.planner and model.planner.plan(
            beat.text, stop - beat.start, command.seed, command.variation
        )
        found[beat] = plan and [action.shifted(beat.start) for action in plan.actions]
    return found


def _all_actions(plan: TimelinePlan) -> list[PlannedAction]:
    return [action for actions in plan.values() for action in actions or ()]


def _with_plan(prompt: Prompt, plan: TimelinePlan, model: Model) -> Prompt:
    """The prompt with the part of the plan of all beats that it hears."""
    start = prompt.first_frame / model.codec.frame_rate
    return model.with_plan(prompt, [action.shifted(-start) for action in _all_actions(plan)])


def _token_frames(seconds: float, model: Model) -> int:
    return int(np.ceil(round(seconds * model.codec.frame_rate, 6)))


def windows(beats: Sequence[Beat], frames: int, frame_rate: float) -> list[tuple[Beat, int, int]]:
    """The beat, first token frame and the one behind the last, of pieces of at most WINDOW_SECONDS."""
    starts = [round(beat.start * frame_rate) for beat in beats] + [frames]
    found = []
    for beat, start, stop in zip(beats, starts, starts[1:]):
        pieces = max(1, int(np.ceil((stop - start) / (WINDOW_SECONDS * frame_rate))))
        edges = np.linspace(start, stop, pieces + 1).round().astype(int)
        found += [(beat, int(a), int(b)) for a, b in pairwise(edges)]
    return found


def _window_prompt(
    command: Command, known: np.ndarray, first: int, stop: int, total: int, model: Model
) -> Prompt:
    """The ``known [T, K]`` codes of what went before, then free ones; only the very end is
    announced."""
    codec, layout = model.codec, model.control
    frames = len(known) + stop - first
    command = replace(command, seconds=frames / codec.frame_rate)
    control = np.zeros((frames, layout.size), dtype=np.float32)
    if stop == total:
        control = duration_control(layout, frames, codec.frame_rate)
    prompt = Prompt(command, control, first_frame=first - len(known))
    padded = np.concatenate([known, np.zeros((stop - first, known.shape[1]), dtype=np.int64)])
    is_given = np.zeros((frames, len(codec.config.parts)), dtype=bool)
    is_given[: len(known)] = True
    return with_given_codes(prompt, padded.T, is_given, codec, layout)

"""Everything that can be asked of one motion besides its text: held parts, keys, a path, pins, a
loop, a timeline. Made by the model as well as it can, then met exactly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ..command import LONGEST_SECONDS, SHORTEST_SECONDS, Command
from ..contacts import standing_slide_cm_s
from ..edit.curves import resampled
from ..edit.looping import (
    BLEND_SECONDS,
    SHORTEST_LOOP_SECONDS,
    SPARE_SECONDS,
    cycle_at_rate,
    looped,
)
from ..edit.placing import Place, bent, place_at, placed
from ..edit.root_path import (
    LARGEST_STEP_CORRECTION_M,
    SHORTEST_M,
    RootPath,
    along_path,
)
from ..edit.style import AS_IT_IS, Style
from ..errors import LimberError
from ..finish.key_timing import timed_to_keys
from ..finish.keys import Key, body_accelerations, jolt_near, key_frames, through_keys
from ..finish.pins import Pin, check_pins, pinned
from ..foot_lock import LARGEST_CORRECTION_M, lock_feet
from ..language.stillness import without_still_parts
from ..models.model import Model, decoded_motions
from ..motion import ENGINE_FPS, Motion
from ..skeleton import SMPLX
from ..stance import carried
from .bridging import normalized_poses, tried
from .control import key_control, path_control
from .generate import Progress
from .held import hold_parts, standing_still
from .prompt import Prompt
from .timeline import Beat, at_pace, check_beats, timeline_motions

SPARE_PATH, SPARE_START_SECONDS = 1.3, 2.0
"""Longer than the way by so much: the clip may have to be played faster, from full stride on."""
LOOPS = ("travelling", "in_place")
FASTEST_BETWEEN_KEYS_M_S = 8.0
HEARD_NEAR_KEYS = ((True, True), (False, True), (False, False), (False, True))
"""So many takes are made where keys lead the root, half of them for one key, and the first that comes
to them most easily is taken: whether each hears the keys' poses, and the way from key to key. Who
hears poses in the midst of a dance, or poses that nobody taught, skates and jerks towards them; who
does not may have to be bent to them more."""
USUAL_SLIDE_CM_S = 10.0
"""Of the stillest sole of people in recorded clips."""
HARDEST_USUAL_M_S2 = 130.0
"""Of any joint in recorded kicks and runs."""
MOST_GUIDANCE_BETWEEN_KEYS = 2.5
"""Guidance is towards the text, away from what is done without one, to which keys and ways belong:
with 4.5 the model dances metres away from the next key, and its feet slide two and a half times as
much on the way that it is led."""


@dataclass(frozen=True, eq=False)
class Direction:
    """``command`` with whatever else is asked; checked where it is made.

    ``still``: parts held in a quiet stand. ``beats`` take the place of the command's text, and
    ``length`` that of its seconds, since a timeline may be longer than a command. ``loop``: one of
    LOOPS, or none. ``fps``: the rate that is written, at which keys and pins hold. ``style``: how
    all of it is done; keys stay what they are, and every time stays when it is.
    Raises LimberError for what contradicts itself.
    """

    command: Command
    still: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    path: RootPath | None = None
    pins: tuple[Pin, ...] = ()
    beats: tuple[Beat, ...] = ()
    loop: str = ""
    length: float | None = None
    fps: float = ENGINE_FPS
    style: Style = AS_IT_IS

    def __post_init__(self):
        if self.is_plain:
            return
        seconds = self.seconds
        if self.loop and self.loop not in LOOPS:
            raise LimberError(f"--loop is {self.loop!r}; choose {' or '.join(LOOPS)}.")
        if self.loop and (self.keys or self.pins or self.path or self.beats or self.still):
            raise LimberError(
                "a loop has nothing else yet: no keys, pins, path, beats, held parts."
            )
        if self.path and any(key.has_root for key in self.keys):
            raise LimberError(
                "a path and keys with a place lead the root both; give keys of parts without the "
                "hips, such as upper_body, or leave the path out."
            )
        if "root" in self.still and (self.path or any(key.has_root for key in self.keys)):
            raise LimberError("legs that stand still cannot walk: leave out the path or the keys.")
        if self.beats and (self.path or self.still):
            raise LimberError("a timeline has no path or held parts yet; make them one by one.")
        if self.beats:
            check_beats(self.beats, seconds)
            check_beats(at_pace(self.beats, self.style.pace), seconds * self.style.pace)
        else:
            _check_length(seconds, bool(self.loop))
        check_pins(self.pins, seconds)
        _check_distances(
            self.keys, key_frames(self.keys, round(seconds * self.fps), self.fps), self.fps
        )

    @property
    def is_plain(self) -> bool:
        """A text and perhaps a length, nothing else."""
        return not (self.still or self.keys or self.path or self.pins or self.beats or self.loop)

    @property
    def seconds(self) -> float:
        """The length asked for, else up to the path's or the last key's end."""
        asked = self.command.seconds if self.length is None else self.length
        if asked is not None:
            return asked
        if self.path:
            return self.path.seconds + 1.0 / self.fps
        if self.keys:
            return max(key.seconds for key in self.keys) + 1.0 / self.fps
        raise LimberError("say how long it lasts: --seconds.")

    @property
    def frames(self) -> int:
        """Frames at the engine's rate that cover those that are written."""
        written = round(self.seconds * self.fps)
        return max(1, int(np.ceil((written - 1) / self.fps * ENGINE_FPS - 1e-6)) + 1)


def directed_motions(
    direction: Direction, variations: int, model: Model, progress: Progress | None = None
) -> list[Motion]:
    """So many takes, at the direction's own rate."""
    commands = [
        replace(direction.command, variation=direction.command.variation + take)
        for take in range(variations)
    ]
    if direction.beats:
        pace = direction.style.pace
        beats, seconds = at_pace(direction.beats, pace), direction.seconds * pace
        made = timeline_motions(beats, seconds, commands, model, progress)
        return [_finished(motion, direction, None) for motion in made]
    seconds, asked = _seconds_to_make(direction), direction.style.asked
    commands = [asked(replace(command, seconds=seconds)) for command in commands]
    commands = [replace(c, text=without_still_parts(c.text)) for c in commands]
    tries = max(1, min(2 * len(_rooted(direction.keys)), len(HEARD_NEAR_KEYS)))
    prompts = [model.prompt(command) for command in tried(commands, tries)]
    still = None
    if direction.still:
        frames = (len(prompts[0].control) + 1) * model.codec.downsampling
        frames = int(np.ceil(frames / min(direction.style.pace, 1.0)))
        still = standing_still(frames, commands[0], model)
    prompts = [
        _conditioned(prompt, direction, model, *HEARD_NEAR_KEYS[number % tries])
        for number, prompt in enumerate(prompts)
    ]
    made = decoded_motions(prompts, model, progress=progress)
    finished = [_finished(motion, direction, still) for motion in made]
    return [
        min(finished[first : first + tries], key=lambda take: _unease(take, direction.keys))
        for first in range(0, len(finished), tries)
    ]


def _rooted(keys: Sequence[Key]) -> list[Key]:
    """The keys with a place, in their order in time."""
    return sorted((key for key in keys if key.has_root), key=lambda key: key.seconds)


def _unease(motion: Motion, keys: Sequence[Key]) -> float:
    """How roughly a motion comes to its keys: a centimetre a second of skating is as bad as a metre
    per second squared at a key, or beyond what people do anywhere. What people do, who seldom stand
    quite still, is no worse than doing nothing."""
    slide = max(standing_slide_cm_s(motion) - USUAL_SLIDE_CM_S, 0.0)
    wild = max(body_accelerations(motion).max(initial=0.0) - HARDEST_USUAL_M_S2, 0.0)
    return slide + jolt_near(motion, keys) + wild


def _seconds_to_make(direction: Direction) -> float:
    if direction.loop:
        return direction.seconds + SPARE_SECONDS + BLEND_SECONDS
    roots = [key.pose.root_positions[0, :2] for key in _rooted(direction.keys)]
    way = sum(float(np.linalg.norm(other - one)) for one, other in pairwise(roots))
    if direction.path or way > SHORTEST_M:
        longest = (LONGEST_SECONDS - 2.0 / ENGINE_FPS) / max(direction.style.pace, 1.0)
        spare = min(direction.seconds * SPARE_PATH + SPARE_START_SECONDS, longest)
        return max(direction.seconds, spare)
    return min(direction.frames / ENGINE_FPS, LONGEST_SECONDS)


def _conditioned(
    prompt: Prompt, direction: Direction, model: Model, hears_keys: bool, hears_way: bool
) -> Prompt:
    """The prompt with path and whole-body keys, or the way between them, in its control track, in
    the time of what is made, before it is played at its pace."""
    layout, rate, frames = model.control, model.codec.frame_rate, len(prompt.control)
    played = rate * direction.style.pace
    if direction.path:
        roots = direction.path.places(frames, played)
        prompt = prompt.with_control(path_control(layout, roots, rate))
    keys = [key for key in direction.keys if len(key.joints) == SMPLX.joints]
    poses = {
        min(round(key.seconds * played), frames - 1): normalized_poses(key.pose, model)[0]
        for key in keys
    }
    if poses and hears_keys:
        prompt = prompt.with_control(key_control(layout, frames, poses, rate))
    if len(keys) < 2 or direction.path or not hears_way:
        return prompt
    ways = path_control(layout, _way_between(keys, frames, played), rate)
    ways[max(poses) :] = 0.0
    guidance = min(prompt.command.guidance, MOST_GUIDANCE_BETWEEN_KEYS)
    prompt = replace(prompt, command=replace(prompt.command, guidance=guidance))
    return prompt.with_control(ways)


def _way_between(keys: list[Key], frames: int, rate: float) -> np.ndarray:
    """Places ``[T, 3]`` of the root on straight ways from key to key."""
    keys = sorted(keys, key=lambda key: key.seconds)
    places = np.array([place_at(key.pose, 0) for key in keys])
    places[:, 2] = np.unwrap(places[:, 2])
    at, times = np.arange(frames) / rate, [key.seconds for key in keys]
    return np.column_stack([np.interp(at, times, column) for column in places.T])


def _finished(motion: Motion, direction: Direction, still: Motion | None) -> Motion:
    """Edited at the engine's rate, then exact at the written one."""
    motion = direction.style.applied(motion)
    if direction.loop:
        frames = round(direction.seconds * ENGINE_FPS)
        motion = looped(lock_feet(motion), frames, direction.loop == "in_place")
        return cycle_at_rate(motion, direction.fps)
    if still is not None:
        motion = hold_parts(motion, direction.still, still)
    if "root" not in direction.still:
        motion = carried(motion)
    frames = min(direction.frames, motion.frames)
    if direction.path:
        motion = along_path(motion, direction.path, frames)
    near = _keys_at_engine_rate(direction.keys, frames)
    rooted = {frame: place_at(key.pose, 0) for frame, key in near if key.has_root}
    keys = [key for _, key in near]
    led = [motion]
    if rooted:
        ways = [motion, *_walked(motion, rooted, frames)]
        led = [bent(timed_to_keys(way, keys), rooted) for way in ways]
    led = [through_keys(way.cut(0, frames), keys) for way in led]
    if not direction.path and "root" not in direction.still:
        farthest = LARGEST_STEP_CORRECTION_M if len(rooted) > 1 else LARGEST_CORRECTION_M
        fixed = [frame for frame, _ in near]
        led = [lock_feet(way, farthest, fixed, keeps_way=True) for way in led]
    motion = min(led, key=lambda way: _unease(way, keys))
    motion = resampled(motion, direction.fps, round(direction.seconds * direction.fps))
    return through_keys(pinned(motion, direction.pins), direction.keys)


def _keys_at_engine_rate(keys: tuple[Key, ...], frames: int) -> list[tuple[int, Key]]:
    """Keys moved to whole frames of the engine's rate, with these; where two come to want the same
    joint in one frame, the later one alone."""
    found: list[tuple[int, Key]] = []
    for key in keys:
        frame = min(round(key.seconds * ENGINE_FPS), frames - 1)
        found = [
            (at, other)
            for at, other in found
            if at != frame or set(other.joints).isdisjoint(key.joints)
        ]
        found.append((frame, replace(key, seconds=frame / ENGINE_FPS)))
    return found


def _walked(motion: Motion, targets: dict[int, Place], frames: int) -> list[Motion]:
    """Where the places of some frames are far from where the motion goes by itself, the motion with
    as many steps as it takes there: longer ones alone might not do."""
    own, led = placed(motion, min(targets), targets[min(targets)]), bent(motion, targets)
    away = np.linalg.norm(led.root_positions - own.root_positions, axis=-1)[:frames].max()
    marks = sorted({0, *targets, frames - 1})
    points = np.column_stack([np.array(marks) / ENGINE_FPS, led.root_positions[marks, :2]])
    if away <= LARGEST_STEP_CORRECTION_M or RootPath.length_m(points) <= SHORTEST_M:
        return []
    return [along_path(own, RootPath(points), frames)]


def _check_length(seconds: float, is_loop: bool) -> None:
    """Raises LimberError for lengths that the model cannot make at once."""
    shortest, longest = SHORTEST_SECONDS, LONGEST_SECONDS
    if is_loop:
        shortest, longest = SHORTEST_LOOP_SECONDS, LONGEST_SECONDS - SPARE_SECONDS - BLEND_SECONDS
    if not shortest <= seconds <= longest:
        raise LimberError(
            f"{'a loop' if is_loop else 'this'} of {seconds:.2f} seconds cannot be made; ask for "
            f"{shortest:g} to {longest:g} seconds, and let path and keys end by then."
        )


def _check_distances(keys: tuple[Key, ...], frames: list[int], fps: float) -> None:
    """Raises LimberError where the root cannot come from one key to the next in time."""
    rooted = [(frame, key) for frame, key in zip(frames, keys) if key.has_root]
    for (start, one), (stop, other) in pairwise(sorted(rooted, key=lambda pair: pair[0])):
        away = np.linalg.norm(other.pose.root_positions[0] - one.pose.root_positions[0])
        speed = away * fps / (stop - start)
        if speed > FASTEST_BETWEEN_KEYS_M_S:
            raise LimberError(
                f"the keys at {one.seconds:g} s and {other.seconds:g} s are {away:.2f} m apart, "
                f"which needs {speed:.1f} m/s; give them more time."
            )

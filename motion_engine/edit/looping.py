"""A stretch of a clip that goes on for ever: the end blended into what comes before the start."""

from dataclasses import replace

import numpy as np

from .. import rotations
from ..errors import LimberError
from ..features import FeatureLayout, decode_features, encode_features
from ..foot_lock import lock_feet
from ..motion import Motion
from .curves import sampled, smooth_step
from .joining import concatenated
from .placing import place_at, placed

BLEND_SECONDS = 0.5
SPARE_SECONDS = 2.0
"""How much longer than the loop a clip should be, so that a good stretch can be found in it."""
SHORTEST_LOOP_SECONDS = 0.5
_STRAIGHT = np.radians(30.0)
_MOST_COMPARED = 300
_LAYOUT = FeatureLayout(52)


def looped(motion: Motion, frames: int, in_place: bool = False) -> Motion:
    """A cycle of so many frames (30 fps), and one more that closes it: its pose is that of the
    first frame, and its root stands where the next round begins (``in_place``: at the start).

    Made of features relative to the heading, so that pose and speed close whichever way the clip
    travels. The stretch is the one whose ends are most alike. Raises LimberError where the clip is
    too short.
    """
    overlap = _overlap(motion, frames)
    if frames < SHORTEST_LOOP_SECONDS * motion.fps:
        raise LimberError(
            f"a loop lasts {SHORTEST_LOOP_SECONDS:g} s or more, not {frames / motion.fps:.2f}."
        )
    if motion.frames < frames + overlap:
        raise LimberError(
            f"a loop of {frames / motion.fps:.2f} s needs a clip of "
            f"{(frames + overlap) / motion.fps:.2f} s or more; ask for a shorter one."
        )
    features = encode_features(motion, _LAYOUT)
    start = int(_differences(features, frames, overlap).argmin())
    cycle = features[start : start + frames].copy()
    share = smooth_step(np.arange(overlap) / overlap)[:, None]
    after = features[start + frames : start + frames + overlap]
    cycle[:overlap] = (1.0 - share) * after + share * cycle[:overlap]
    cycle[:, _LAYOUT.slices["yaw_rate"]] -= _bend(cycle, frames, motion.fps, in_place)
    tiled = lock_feet(decode_features(np.tile(cycle, (3, 1)), _LAYOUT), keeps_way=True)
    middle = placed(tiled.cut(frames, 2 * frames + 1), 0, (0.0, 0.0, 0.0))
    return _closed(middle, in_place)


def best_loop_frames(motion: Motion) -> int:
    """How many frames (30 fps) a loop of the clip has that closes best; at least half of the clip.
    Raises LimberError where the clip is too short for any."""
    longest = motion.frames - round(BLEND_SECONDS * motion.fps)
    shortest = max(round(SHORTEST_LOOP_SECONDS * motion.fps), longest // 2)
    if longest < shortest:
        raise LimberError(
            f"{motion.seconds:.2f} s are too short for a loop; give "
            f"{SHORTEST_LOOP_SECONDS + BLEND_SECONDS:g} s or more."
        )
    features = encode_features(motion, _LAYOUT)
    lengths = range(shortest, min(longest, shortest + _MOST_COMPARED) + 1)
    apart = [_differences(features, frames, _overlap(motion, frames)).min() for frames in lengths]
    return lengths[int(np.argmin(apart))]


def loop_start(motion: Motion, frames: int) -> int:
    """The frame of the clip at which :func:`looped` begins."""
    features = encode_features(motion, _LAYOUT)
    return int(_differences(features, frames, _overlap(motion, frames)).argmin())


def rounds(cycle: Motion, count: int) -> Motion:
    """A cycle so many times, each round where the one before ends; closing frame at the end."""
    last = cycle.frames - 1
    made, place = [], place_at(cycle, 0)
    for _ in range(count):
        made.append(placed(cycle, 0, place))
        place = place_at(made[-1], last)
    return concatenated(*(one.cut(0, last) for one in made), made[-1].cut(last, last + 1))


def cycle_at_rate(cycle: Motion, fps: float) -> Motion:
    """The cycle in whole frames of another rate, the last of which closes it. A round lasts up to
    half a frame longer or shorter for that."""
    last = cycle.frames - 1
    frames = max(2, round(last / cycle.fps * fps))
    if fps == cycle.fps:
        return cycle
    at = (1.0 + np.arange(frames + 1) / frames) * last / cycle.fps
    made = sampled(rounds(cycle, 3), at, fps)
    local, contacts = made.local_rotations.copy(), made.contacts.copy()
    local[-1, 1:], contacts[-1] = local[0, 1:], contacts[0]
    made = replace(made, local_rotations=local, contacts=contacts)
    return placed(made, 0, place_at(cycle, 0))


def _overlap(motion: Motion, frames: int) -> int:
    return min(round(BLEND_SECONDS * motion.fps), frames // 2)


def _differences(features: np.ndarray, frames: int, overlap: int) -> np.ndarray:
    """For each possible start, how much a stretch of so many frames differs at its end from its
    beginning, in places and speeds of all joints and of the root."""
    at = _LAYOUT.slices
    compared = np.concatenate(
        [
            features[:, at["positions"]],
            0.2 * features[:, at["velocities"]],
            features[:, at["height"]],
        ],
        axis=-1,
    )
    squares = np.square(compared[:-frames] - compared[frames:]).sum(-1)
    sums = np.cumsum(np.concatenate([[0.0], squares]))
    return (sums[overlap:] - sums[:-overlap])[: len(features) - frames - overlap + 1]


def _bend(cycle: np.ndarray, frames: int, fps: float, in_place: bool) -> float:
    """Yaw rate to take away: all but whole turns in place, small bends when travelling."""
    turn = cycle[:, _LAYOUT.slices["yaw_rate"]].sum() / fps
    rest = turn - 2.0 * np.pi * round(turn / (2.0 * np.pi))
    return rest * fps / frames if in_place or abs(rest) < _STRAIGHT else 0.0


def _closed(motion: Motion, in_place: bool) -> Motion:
    """The last frame made the first one again, to the bit."""
    last = motion.frames - 1
    share = np.arange(motion.frames)[:, None] / last
    local, root = motion.local_rotations.copy(), motion.root_positions.copy()
    if in_place:
        root -= share * [*(root[-1, :2] - root[0, :2]), 0.0]
    rest = rotations.multiply(rotations.conjugate(local[-1]), local[0])
    turned = place_at(motion, last)[2] - place_at(motion, 0)[2]
    turn = rotations.about("z", turned)
    rest[0] = rotations.multiply(
        rotations.conjugate(local[-1, 0]), rotations.multiply(turn, local[0, 0])
    )
    fade = smooth_step(1.0 - (last - np.arange(motion.frames)) / min(6, last))[:, None, None]
    local = rotations.multiply(
        local, rotations.from_axis_angle(fade * rotations.to_axis_angle(rest))
    )
    root[:, 2:] += fade[:, 0] * (root[0, 2] - root[-1, 2])
    local[-1, 1:], root[-1, 2] = local[0, 1:], root[0, 2]
    if in_place:
        local[-1, 0], root[-1] = local[0, 0], root[0]
    contacts = motion.contacts.copy()
    contacts[-1] = contacts[0]
    return replace(motion, local_rotations=local, root_positions=root, contacts=contacts)

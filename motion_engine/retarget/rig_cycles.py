"""One round of a loop on a rig's own channels, closed exactly."""

from dataclasses import replace

import numpy as np

from .. import rotations
from ..edit.curves import smooth_step
from .rig_motion import BoneTrack, RigMotion

_CLOSING_FRAMES = 6
_STILL_M = 1e-3


def rig_cycle(three: RigMotion, frames: int) -> RigMotion:
    """Of a clip that goes three rounds of so many frames, one round and the frame that closes it.

    The middle one, in which feet are planted as in an endless row of rounds, put where the first
    one was. Rotations end to the bit as they begin. Places do, or, where a round leads on by more
    than a millimetre, end exactly one step further: what curves that repeat with offset go on with.
    """
    still = _STILL_M * three.units_per_metre
    positions, turns = three.object_positions, three.object_rotations
    return replace(
        three,
        frames=frames + 1,
        tracks=tuple(_track_cycle(track, frames, still) for track in three.tracks),
        object_positions=None if positions is None else _places(positions, frames, _STILL_M),
        object_rotations=None if turns is None else _turns(turns, frames),
    )


def _track_cycle(track: BoneTrack, frames: int, still: float) -> BoneTrack:
    turns, places = track.rotations, track.locations
    return replace(
        track,
        rotations=None if turns is None else _turns(turns, frames),
        locations=None if places is None else _places(places, frames, still),
    )


def _turns(turns: np.ndarray, frames: int) -> np.ndarray:
    cycle = turns[frames : 2 * frames + 1]
    rest = rotations.to_axis_angle(rotations.multiply(rotations.conjugate(cycle[-1]), cycle[0]))
    share = _closing(frames)[:, None]
    closed = rotations.multiply(cycle, rotations.from_axis_angle(share * rest))
    closed[-1] = cycle[0]
    return closed


def _places(places: np.ndarray, frames: int, still: float) -> np.ndarray:
    cycle = places[frames : 2 * frames + 1]
    step = cycle[-1] - cycle[0]
    lasting = np.where(np.abs(step) < still, 0.0, step)
    closed = cycle + _closing(frames)[:, None] * (lasting - step) - lasting
    closed[-1] = closed[0] + lasting
    return closed


def _closing(frames: int) -> np.ndarray:
    """From 0 to 1 at the end of a round ``[F + 1]``."""
    left = frames - np.arange(frames + 1)
    return smooth_step(1.0 - left / min(_CLOSING_FRAMES, frames))

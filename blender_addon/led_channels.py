"""Channels corrected so that they pass through given values: plain arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motion_engine import rotations
from motion_engine.edit.curves import smooth_step
from motion_engine.retarget.rig_motion import channel_rotations, channel_values

from .action import Channel


def led_through(channel: Channel, at: np.ndarray, wanted: np.ndarray) -> Channel:
    """The channel with the values ``wanted [k, n]`` at the frames ``at [k]`` (rising, from 0 for its
    first; also between two).

    What is missing there is spread by minimum-jerk steps from one to the next, and stays the same
    ahead of the first and after the last: speed and acceleration at a key are the channel's own.
    Rotations are led on the shorter way, in that form of their angles which the first key has.
    """
    if len(channel.values) == 1 or not len(at):
        return channel
    before, after, share = _shares(len(channel.values), at)
    if not channel.rotation_mode:
        missing = wanted - _between_frames(channel.values, at)
        led = missing[before] + share[:, None] * (missing[after] - missing[before])
        return replace(channel, values=channel.values + led)
    mode = channel.rotation_mode
    turns = channel_rotations(channel.values, mode)
    keys = channel_rotations(wanted, mode)
    missing = rotations.multiply(rotations.conjugate(_turns_between_frames(turns, at)), keys)
    led = rotations.slerp(missing[before], missing[after], share)
    corrected = rotations.multiply(turns, led)
    first = min(round(at[0]), len(turns) - 1)
    return replace(channel, values=_in_form_of(wanted[0], corrected, first, mode))


def _in_form_of(key: np.ndarray, turns: np.ndarray, at: int, mode: str) -> np.ndarray:
    """Values ``[F, n]`` of ``turns [F, 4]`` that are continuous and near to a key at one frame."""
    if mode == "QUATERNION" and np.sum(turns[at] * key) < 0.0:
        turns = -turns
    _, ahead = channel_values(turns[at:], mode, key)
    _, behind = channel_values(turns[at::-1], mode, key)
    return np.concatenate([behind[:0:-1], ahead])


def _shares(frames: int, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each frame the keys around it, ``[F]`` twice, and how much of the later one counts."""
    number = np.searchsorted(at, np.arange(frames), side="right")
    before, after = np.maximum(number - 1, 0), np.minimum(number, len(at) - 1)
    width = np.maximum(at[after] - at[before], 1e-9)
    return before, after, smooth_step((np.arange(frames) - at[before]) / width)


def _around(frames: int, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    below = np.clip(np.floor(at + 1e-6).astype(int), 0, frames - 1)
    return below, np.minimum(below + 1, frames - 1), np.clip(at - below, 0.0, 1.0)


def _between_frames(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    below, above, share = _around(len(values), at)
    return values[below] + share[:, None] * (values[above] - values[below])


def _turns_between_frames(turns: np.ndarray, at: np.ndarray) -> np.ndarray:
    below, above, share = _around(len(turns), at)
    return rotations.slerp(turns[below], turns[above], share)

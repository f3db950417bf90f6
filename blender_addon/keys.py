"""Keyframes of one F-curve as arrays: read, replace a range, write, all else bit for bit."""

from __future__ import annotations

import bpy
import numpy as np

from .action import enum_value

_FLOATS = {
    "co": 2,
    "handle_left": 2,
    "handle_right": 2,
    "amplitude": 1,
    "back": 1,
    "period": 1,
}
_CHOICES = ("interpolation", "easing", "handle_left_type", "handle_right_type", "type")

Keys = dict[str, np.ndarray]

SAME_TIME = 0.01
"""Frames; keys that are nearer take each other's place."""


def read_keys(curve: bpy.types.FCurve) -> Keys:
    """Every property of all keys: floats ``[n, 1 or 2]`` and enum numbers ``[n]``."""
    points = curve.keyframe_points
    keys: Keys = {}
    for name, width in _FLOATS.items():
        values = np.empty(len(points) * width, dtype=np.float32)
        points.foreach_get(name, values)
        keys[name] = values.reshape(-1, width)
    for name in _CHOICES:
        # Blender 3.4 does not tell the kinds of handles: they are free there, where they are.
        numbers = np.zeros(len(points), dtype=np.int32)
        points.foreach_get(name, numbers)
        keys[name] = numbers
    return keys


def write_keys(curve: bpy.types.FCurve, keys: Keys) -> None:
    """Make these the curve's only keys. Handles are set, not computed anew."""
    points = curve.keyframe_points
    points.clear()
    points.add(len(keys["co"]))
    for name in (*_CHOICES, *_FLOATS):
        points.foreach_set(name, np.ascontiguousarray(keys[name]).ravel())


def generated_keys(frames: np.ndarray, values: np.ndarray, interpolation: str = "LINEAR") -> Keys:
    """Keys of type GENERATED at ``frames [n]`` with ``values [n]``."""
    count = len(frames)
    co = np.stack([frames, values], axis=-1).astype(np.float32)
    keys: Keys = {
        "co": co,
        "handle_left": co - np.float32([1.0 / 3.0, 0.0]),
        "handle_right": co + np.float32([1.0 / 3.0, 0.0]),
        "amplitude": np.zeros((count, 1), dtype=np.float32),
        "back": np.full((count, 1), 1.70158, dtype=np.float32),
        "period": np.zeros((count, 1), dtype=np.float32),
    }
    chosen = {
        "interpolation": interpolation,
        "easing": "AUTO",
        "handle_left_type": "FREE",
        "handle_right_type": "FREE",
        "type": "GENERATED",
    }
    for name, identifier in chosen.items():
        keys[name] = np.full(count, enum_value(name, identifier), dtype=np.int32)
    return keys


def replaced(keys: Keys, new: Keys) -> Keys:
    """``keys`` with those between the first and last frame of ``new`` exchanged for ``new``."""
    frames, span = keys["co"][:, 0], new["co"][:, 0]
    before, after = frames < span[0] - 0.5, frames > span[-1] + 0.5
    return {
        name: np.concatenate([values[before], new[name], values[after]])
        for name, values in keys.items()
    }


def without(keys: Keys, frames: np.ndarray) -> Keys:
    """``keys`` except those at some whole frames."""
    stays = ~np.isin(np.round(keys["co"][:, 0]), frames)
    return {name: values[stays] for name, values in keys.items()}


def rows(keys: Keys, times: np.ndarray) -> Keys:
    """Those of ``keys`` that stand at some times, whole frames or not."""
    chosen = np.isclose(keys["co"][:, :1], times, rtol=0.0, atol=SAME_TIME).any(-1)
    return {name: values[chosen] for name, values in keys.items()}


def put_back(keys: Keys, kept: Keys) -> Keys:
    """``keys`` with the ``kept`` ones among them, in the place of those at their times."""
    apart = np.abs(keys["co"][:, :1] - kept["co"][:, 0]).min(axis=-1, initial=np.inf)
    joined = {
        name: np.concatenate([values[apart > SAME_TIME], kept[name]])
        for name, values in keys.items()
    }
    order = np.argsort(joined["co"][:, 0], kind="stable")
    return {name: values[order] for name, values in joined.items()}

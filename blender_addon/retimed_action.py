"""F-curves at another pace."""

from __future__ import annotations

import bpy
import numpy as np

from motion_engine.edit.retiming import TimeWarp

from .keys import Keys, generated_keys, read_keys, write_keys
from .steps import Work

_DENSE = 0.75


def retiming(curves, warp: TimeWarp) -> Work[None]:
    """Moves the keys of all curves to the warp's times, frames; one curve a step.

    A hand-made curve keeps its keys and their handles, at other times. One with a key on nearly
    every frame gets one on every frame again. Keys ahead of the warp stay, those behind it move by
    whole frames: both keep every other property to the bit.
    """
    for curve in curves:
        if len(curve.keyframe_points):
            keys = read_keys(curve)
            write_keys(
                curve, _resampled(curve, keys, warp) if _is_dense(keys) else _moved(keys, warp)
            )
        yield


def _is_dense(keys: Keys) -> bool:
    frames = keys["co"][:, 0]
    return len(frames) > 2 and len(frames) >= _DENSE * (frames[-1] - frames[0] + 1.0)


def _moved(keys: Keys, warp: TimeWarp) -> Keys:
    moved = dict(keys)
    for name in ("co", "handle_left", "handle_right"):
        moved[name] = keys[name].copy()
        moved[name][:, 0] = _whole(warp.new(keys[name][:, 0]))
    return moved


def _whole(times: np.ndarray) -> np.ndarray:
    """Times that are whole frames but for rounding are."""
    nearest = np.round(times)
    return np.where(np.abs(times - nearest) < 1e-4, nearest, times)


def _resampled(curve: bpy.types.FCurve, keys: Keys, warp: TimeWarp) -> Keys:
    """One key on each whole frame that the warp fills; the others as they are, or moved."""
    frames = keys["co"][:, 0]
    first, last = max(warp.first, frames[0]), min(warp.last, frames[-1])
    if first >= last:
        return _moved(keys, warp)
    begin, end = warp.new(np.array([first, last]))
    at = np.arange(np.ceil(begin - 1e-4), np.floor(end + 1e-4) + 1.0)
    constant = bool((keys["interpolation"] == keys["interpolation"][0]).all()) and (
        curve.keyframe_points[0].interpolation == "CONSTANT"
    )
    old = np.clip(warp.old(at), first, last)
    values = np.array([curve.evaluate(frame) for frame in old])
    middle = generated_keys(at, values, "CONSTANT" if constant else "LINEAR")
    moved = _moved(keys, warp)
    before, after = frames < first - 1e-4, frames > last + 1e-4
    return {
        name: np.concatenate([moved[name][before], middle[name], moved[name][after]])
        for name in moved
    }

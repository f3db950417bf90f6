"""Smooth steps and sampling between frames."""

from dataclasses import replace

import numpy as np

from .. import rotations
from ..motion import Motion


def smooth_step(t: np.ndarray) -> np.ndarray:
    """From 0 at ``t <= 0`` to 1 at ``t >= 1``; value, speed and acceleration are continuous
    (the minimum-jerk polynomial of Flash and Hogan, 1985)."""
    t = np.clip(t, 0.0, 1.0)
    return t**3 * (10.0 - 15.0 * t + 6.0 * t**2)


def cubic_step(values: np.ndarray, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """From 0 up to ``low`` to 1 from ``high`` on; value and speed are continuous, and it is less
    steep than :func:`smooth_step` at its steepest."""
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def averaged(values: np.ndarray, width: int) -> np.ndarray:
    """``values [F, D]`` averaged over so many frames with a Hann window; beyond its ends a curve
    goes on as its own mirror image through the end point."""
    reach = min(width // 2, len(values) - 1)
    if reach < 1:
        return values.copy()
    before = 2.0 * values[:1] - values[reach:0:-1]
    after = 2.0 * values[-1:] - values[-2 : -reach - 2 : -1]
    window = np.hanning(2 * reach + 3)[1:-1]
    padded = np.concatenate([before, values, after])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0)
    return windows @ (window / window.sum())


def sampled(motion: Motion, seconds: np.ndarray, fps: float) -> Motion:
    """The motion at the times ``seconds [n]``, which are frames of the rate ``fps``.

    Catmull-Rom splines, so that speed is continuous; before its first and behind its last frame a
    motion stands still. At the times of its own frames it is what it was.
    """
    at = np.clip(np.asarray(seconds, dtype=np.float64) * motion.fps, 0.0, motion.frames - 1.0)
    before = np.minimum(np.floor(at + 1e-9).astype(int), max(motion.frames - 2, 0))
    t = at - before
    t = np.where(np.abs(t - np.round(t)) < 1e-6, np.round(t), t)
    turns = rotations.unroll(motion.local_rotations)
    after = np.minimum(before + 1, motion.frames - 1)
    contacts = motion.contacts
    return replace(
        motion,
        root_positions=_spline(motion.root_positions, before, t),
        local_rotations=rotations.normalize(_spline(turns, before, t)),
        contacts=contacts[before] * (1.0 - t[:, None]) + contacts[after] * t[:, None],
        fps=float(fps),
    )


def resampled(motion: Motion, fps: float, frames: int) -> Motion:
    """So many frames of the motion at another rate."""
    if fps == motion.fps and frames == motion.frames:
        return motion
    return sampled(motion, np.arange(frames) / fps, fps)


def _spline(values: np.ndarray, before: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Catmull-Rom interpolation of ``values [F, ...]`` at ``before [n]`` plus ``t [n]``; beyond the
    ends the values go on in a straight line."""
    if len(values) == 1:
        return np.repeat(values, len(t), axis=0)
    first, last = 2.0 * values[:1] - values[1:2], 2.0 * values[-1:] - values[-2:-1]
    padded = np.concatenate([first, values, last])
    a, b, c, d = (padded[before + i] for i in range(4))
    t = t.reshape(-1, *[1] * (values.ndim - 1))
    in_speed, out_speed = 0.5 * (c - a), 0.5 * (d - b)
    return (
        (1.0 + 2.0 * t) * (1.0 - t) ** 2 * b
        + t * (1.0 - t) ** 2 * in_speed
        + t**2 * (3.0 - 2.0 * t) * c
        + t**2 * (t - 1.0) * out_speed
    )

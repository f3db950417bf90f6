"""A low-pass filter over time, for what a codec adds and people do not do.

People move below some six hertz (Winter, "Biomechanics and Motor Control of Human Movement", 2009);
the seams between token frames shake at 7.5.
"""

from collections.abc import Sequence

import numpy as np

from .edit.curves import smooth_step

CUTOFF_HZ = 6.0
SEAM_CUTOFF_HZ = 3.0
SEAM_SECONDS = 0.5
_HALF_WIDTH_SECONDS = 0.24


def low_pass(values: np.ndarray, fps: float, cutoff_hz: float = CUTOFF_HZ) -> np.ndarray:
    """``values [F, D]`` without what is faster than ``cutoff_hz``, nothing delayed.

    A windowed sinc, symmetric around each frame; beyond its ends the clip goes on as its own
    mirror image through the end point, so that it starts and ends where it did.
    """
    kernel = _kernel(fps, cutoff_hz)
    reach = min(len(kernel) // 2, len(values) - 1)
    if reach < 1:
        return values.copy()
    before = 2.0 * values[:1] - values[reach:0:-1]
    after = 2.0 * values[-1:] - values[-2 : -reach - 2 : -1]
    padded = np.concatenate([before, values, after])
    middle = len(kernel) // 2
    kernel = kernel[middle - reach : middle + reach + 1]
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), axis=0)
    return windows @ (kernel / kernel.sum())


def seams_smoothed(values: np.ndarray, fps: float, seams: Sequence[int]) -> np.ndarray:
    """``values [F, D]`` without what is faster than SEAM_CUTOFF_HZ where one thing gives way to
    another, at the frames ``seams``; fading, SEAM_SECONDS away all is as it was.

    A kick that is broken off by a bow jumps between poses within a token frame, at accelerations
    that no body has.
    """
    if not len(seams):
        return values.copy()
    frames = np.arange(len(values))
    away = np.abs(frames[:, None] - np.asarray(seams) + 0.5).min(-1) / fps
    weights = 1.0 - smooth_step(away / SEAM_SECONDS)[:, None]
    return values + weights * (low_pass(values, fps, SEAM_CUTOFF_HZ) - values)


def _kernel(fps: float, cutoff_hz: float) -> np.ndarray:
    reach = max(round(_HALF_WIDTH_SECONDS * fps), 1)
    frames = np.arange(-reach, reach + 1)
    window = np.hanning(2 * reach + 3)[1:-1]
    kernel = np.sinc(2.0 * cutoff_hz / fps * frames) * window
    return kernel / kernel.sum()

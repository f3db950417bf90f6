"""Curves over time: easing, keys, smoothing. All are numpy functions over whole arrays."""

import numpy as np


def ease(u: np.ndarray) -> np.ndarray:
    """Minimum-jerk progress from 0 to 1 (Flash and Hogan, 1985); flat outside 0..1."""
    u = np.clip(u, 0.0, 1.0)
    return u * u * u * (10.0 + u * (6.0 * u - 15.0))


def window(t: np.ndarray, start: float, stop: float, rise: float, fall: float) -> np.ndarray:
    """0 outside ``start..stop``, 1 inside, with minimum-jerk flanks of ``rise`` and ``fall``."""
    up = ease((t - start) / max(rise, 1e-6))
    down = ease((stop - t) / max(fall, 1e-6))
    return np.minimum(up, down)


def through_keys(t: np.ndarray, times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """C1 monotone cubic through keys (Fritsch and Carlson, 1980), constant outside of them.

    ``t [F]``, ``times [N]`` strictly rising, ``values [N]`` or ``[N, D]``; it never overshoots a
    key, and is at rest at the first and the last one.
    """
    times = np.asarray(times, dtype=np.float64)
    values = np.asarray(values, dtype=np.float64)
    flat = values.reshape(len(times), -1)
    if len(times) == 1:
        return np.broadcast_to(values[0], np.shape(t) + values.shape[1:]).copy()
    steps = np.diff(times)[:, None]
    secants = np.diff(flat, axis=0) / steps
    slopes = np.zeros_like(flat)
    before, after = secants[:-1], secants[1:]
    same_way = before * after > 0.0
    weight_before = 2.0 * steps[1:] + steps[:-1]
    weight_after = steps[1:] + 2.0 * steps[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        harmonic = (weight_before + weight_after) / (weight_before / before + weight_after / after)
    slopes[1:-1] = np.where(same_way, harmonic, 0.0)
    t = np.clip(t, times[0], times[-1])
    i = np.clip(np.searchsorted(times, t, side="right") - 1, 0, len(times) - 2)
    result = hermite(
        (t - times[i])[:, None] / steps[i], flat[i], slopes[i] * steps[i], flat[i + 1],
        slopes[i + 1] * steps[i],
    )  # fmt: skip
    return result.reshape(np.shape(t) + values.shape[1:])


def hermite(
    u: np.ndarray, start: np.ndarray, start_slope: np.ndarray, stop: np.ndarray,
    stop_slope: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Cubic from ``start`` to ``stop`` over ``u`` in 0..1; slopes are per unit of ``u``."""
    u2, u3 = u * u, u * u * u
    return (
        (2 * u3 - 3 * u2 + 1) * start
        + (u3 - 2 * u2 + u) * start_slope
        + (3 * u2 - 2 * u3) * stop
        + (u3 - u2) * stop_slope
    )


def smooth(values: np.ndarray, sigma_frames: float) -> np.ndarray:
    """Gaussian smoothing along axis 0, the ends held."""
    radius = max(1, int(np.ceil(3.0 * sigma_frames)))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma_frames) ** 2)
    kernel /= kernel.sum()
    flat = values.reshape(len(values), -1)
    padded = np.pad(flat, ((radius, radius), (0, 0)), mode="edge")
    columns = [np.convolve(column, kernel, mode="valid") for column in padded.T]
    return np.stack(columns, axis=-1).reshape(values.shape)


def lower_envelope(values: np.ndarray, radius: int) -> np.ndarray:
    """Minimum of ``values [F]`` over ``radius`` frames to both sides."""
    padded = np.pad(values, radius, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1).min(axis=-1)

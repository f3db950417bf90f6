"""Fewer keys within a stated error: the frames that straight lines between keys cannot spare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .. import rotations
from ..errors import LimberError
from .rig_motion import channel_rotations


@dataclass(frozen=True)
class Tolerance:
    """How far a thinned-out channel may be off: ``degrees`` for rotations, ``centimetres`` for
    places, each on its own bone."""

    degrees: float = 0.5
    centimetres: float = 0.2

    def __post_init__(self):
        if not (0.0 < self.degrees <= 90.0 and 0.0 < self.centimetres <= 100.0):
            raise LimberError(
                f"A tolerance of {self.degrees:g} degrees and {self.centimetres:g} cm makes no "
                "sense; give small positive numbers."
            )


def frames_needed(
    values: np.ndarray, rotation_mode: str, units_per_cm: float, tolerance: Tolerance
) -> np.ndarray:
    """Frames to keep of channel values ``[F, n]``: rotations in a mode, or, without one, places."""
    if len(values) < 3:
        return np.arange(len(values))
    if rotation_mode:
        return frames_of_rotations(values, rotation_mode, tolerance)
    return frames_of_places(values, units_per_cm, tolerance)


def frames_of_rotations(values: np.ndarray, mode: str, tolerance: Tolerance) -> np.ndarray:
    """Frames to keep of channel values in a rotation mode (see `rig_motion.channel_values`)."""

    def deviation(straight: np.ndarray, true: np.ndarray) -> np.ndarray:
        back = rotations.conjugate(channel_rotations(straight, mode))
        return rotations.angle(rotations.multiply(back, channel_rotations(true, mode)))

    return kept_frames(values, deviation, np.radians(tolerance.degrees))


def frames_of_places(values: np.ndarray, units_per_cm: float, tolerance: Tolerance) -> np.ndarray:
    """Frames to keep of places ``[F, 3]``."""

    def deviation(straight: np.ndarray, true: np.ndarray) -> np.ndarray:
        return np.linalg.norm(straight - true, axis=-1)

    return kept_frames(values, deviation, tolerance.centimetres * units_per_cm)


def kept_frames(
    values: np.ndarray, deviation: Callable[[np.ndarray, np.ndarray], np.ndarray], tolerance: float
) -> np.ndarray:
    """Frames ``[k]`` between which linear interpolation of ``values [F, n]`` stays true.

    ``deviation(interpolated, true)`` gives the error ``[m]`` of rows; none of them exceeds
    ``tolerance``. Splits at the worst frame until all is well (Ramer, 1972; Douglas and Peucker,
    1973).
    """
    last = len(values) - 1
    kept = {0, last}
    open_spans = [(0, last)]
    while open_spans:
        start, stop = open_spans.pop()
        if stop - start < 2:
            continue
        t = (np.arange(start + 1, stop) - start)[:, None] / (stop - start)
        straight = (1.0 - t) * values[start] + t * values[stop]
        error = deviation(straight, values[start + 1 : stop])
        worst = int(np.argmax(error))
        if error[worst] > tolerance:
            middle = start + 1 + worst
            kept.add(middle)
            open_spans += [(start, middle), (middle, stop)]
    return np.array(sorted(kept))

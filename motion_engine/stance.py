"""The body is carried by the foot it stands on: the root goes no faster than its steps do.

A network says how fast the root goes and how the legs step in different words, which do not quite
agree: made walks go a sixth faster than their legs step, and made dances glide. Measured walks,
whose feet are true, keep their way here.
"""

from dataclasses import replace

import numpy as np

from .contacts import NEAR_FLOOR_M, sole_points
from .motion import Motion

WINDOW_SECONDS = 0.5
"""About a step: within it the root keeps the rhythm of its own speed."""
FASTEST_SLIP_M_S = 4.0
"""A sole that goes faster carries nobody."""
FASTEST_STANDING_M_S = 1.5
"""What still slips so fast near the floor when the root has given way is a step, else a stand."""
_LEAST_SHARE = 0.05
"""Of a window on the floor: less of it hardly changes the root, as in jumps."""


def carried(motion: Motion) -> Motion:
    """The motion with the root's way on the floor corrected by what the standing sole slips.

    Of the sole points that are said to stand (contact above 0.5) or are near the floor, the one
    that moves least carries, and is in contact from then on. Its velocity, a mean over the
    WINDOW_SECONDS around each frame with Tukey's biweight, is taken from the root's. Heights, turns
    and poses stay.
    """
    if motion.frames < 2:
        return motion
    points = sole_points(motion)
    touching = (motion.contacts > 0.5) | (points[..., 2] < NEAR_FLOOR_M)
    steps = np.diff(points[..., :2], axis=0)
    speeds = np.linalg.norm(steps, axis=-1) * motion.fps
    speeds = np.where(touching[1:] & touching[:-1], speeds, np.inf)
    carrying = speeds.argmin(-1)
    slowest = np.minimum(speeds.min(-1), FASTEST_SLIP_M_S)
    weights = (1.0 - (slowest / FASTEST_SLIP_M_S) ** 2)[:, None] ** 2
    slip = steps[np.arange(len(steps)), carrying]
    width = round(WINDOW_SECONDS * motion.fps)
    excess = _smeared(weights * slip, width) / (_smeared(weights, width) + _LEAST_SHARE)
    shift = np.zeros((motion.frames, 3))
    shift[1:, :2] = -np.cumsum(excess, axis=0)
    slips_m_s = np.linalg.norm(slip - excess, axis=-1) * motion.fps
    stands = np.flatnonzero((weights[:, 0] > 0.0) & (slips_m_s < FASTEST_STANDING_M_S))
    contacts = motion.contacts.copy()
    contacts[stands, carrying[stands]] = contacts[stands + 1, carrying[stands]] = 1.0
    return replace(motion, root_positions=motion.root_positions + shift, contacts=contacts)


def _smeared(values: np.ndarray, width: int) -> np.ndarray:
    """``values [n, D]`` averaged with a Hann window of so many frames; zero beyond the ends."""
    reach = max(width // 2, 1)
    window = np.hanning(2 * reach + 3)[1:-1]
    padded = np.pad(values, ((reach, reach), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0)
    return windows @ (window / window.sum())

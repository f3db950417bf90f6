"""Keyed layers that several actions of the legs share."""

import numpy as np

from training.grammar.footwork import SIDES
from training.grammar.plan import Plan

LEGS = ("base", "left_leg", "right_leg")
WHOLE = LEGS + ("torso", "left_arm", "right_arm")
SLOWNESS = {"slow": 1.4, "normal": 1.0, "fast": 0.75}


def swing_arms(plan: Plan, times, raises, spreads=None, bends=None) -> None:
    """Both arms: ``raises`` forward and ``spreads`` sideways at the shoulder, ``bends`` of the
    elbow, radians at ``times`` from now; ``raises`` may be a pair of lists (left, right)."""
    for foot, side in enumerate(SIDES):
        sign = 1.0 if side == "left" else -1.0
        up = raises[foot] if isinstance(raises[0], (list, tuple)) else raises
        out = np.zeros(len(times)) if spreads is None else np.asarray(spreads)
        values = np.stack([-np.asarray(up, float), np.zeros(len(times)), sign * out], axis=-1)
        plan.key(f"{side}_shoulder", times, values)
        if bends is not None:
            bend = -sign * np.asarray(bends, float)
            zeros = np.zeros(len(times))
            plan.key(f"{side}_elbow", times, np.stack([zeros, bend, zeros], axis=-1))


def column(axis: int, values) -> np.ndarray:
    result = np.zeros((len(values), 3))
    result[:, axis] = values
    return result


def keys_in_a_row(plan: Plan, channel, times, values, first: bool, last: bool) -> None:
    """Layers hold their last value for ever: what one repetition ends on, the next takes away."""
    if not last:
        times = np.concatenate([times, [times[-1] + 1e-3]])
        values = np.concatenate([values, values[-1:] * 0.0])
    if not first:
        times = np.concatenate([[times[0] - 1e-3], times])
        values = np.concatenate([values[:1] * 0.0, values])
    plan.key(channel, times, values)

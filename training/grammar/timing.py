"""How a value travels between keys: minimum-jerk steps with anticipation and overshoot.

A track is the sum of one step per key, so neighbouring movements may overlap and the sum stays
twice differentiable (superposition of submovements; Flash and Hogan, "The coordination of arm
movements", 1985).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motion_engine import rotations

EARLY_PEAK = 0.9
SETTLING = 0.7
GATHERING = 0.2  # share of a movement that its anticipation takes before it sets out


def minimum_jerk(u: np.ndarray) -> np.ndarray:
    """0 to 1 over ``u`` in 0..1 with zero speed and acceleration at both ends."""
    u = np.clip(u, 0.0, 1.0)
    return u**3 * (10.0 - 15.0 * u + 6.0 * u**2)


def bump(u: np.ndarray) -> np.ndarray:
    """A bell of height 1 over ``u`` in 0..1, twice differentiable at its feet."""
    u = np.clip(u, 0.0, 1.0)
    return 64.0 * (u * (1.0 - u)) ** 3


@dataclass(frozen=True)
class Step:
    """A movement from 0 to 1 between ``start`` and ``start + seconds``.

    ``overshoot`` is how far it goes beyond 1 before it settles (which takes a further
    ``SETTLING * seconds``), ``anticipation`` how far it first goes the other way, both as
    fractions of the movement. The speed peaks at about 46 % of the way, as reaches do.
    """

    start: float
    seconds: float
    overshoot: float = 0.0
    anticipation: float = 0.0

    def __call__(self, t: np.ndarray) -> np.ndarray:
        u = (t - self.start) / self.seconds
        waits = GATHERING if self.anticipation else 0.0
        value = minimum_jerk(np.clip((u - waits) / (1.0 - waits), 0.0, 1.0) ** EARLY_PEAK)
        value = value + self.overshoot * bump((u - 0.6) / (0.4 + SETTLING))
        return value - self.anticipation * bump(u / (2.0 * GATHERING))


def follow(steps: Sequence[Step], values: np.ndarray, t: np.ndarray) -> np.ndarray:
    """A curve ``[F, ...]`` from zero through ``values [N, ...]``, each reached by its own step."""
    values = np.asarray(values, dtype=np.float64)
    changes = np.diff(values, axis=0, prepend=np.zeros_like(values[:1]))
    weights = np.stack([step(t) for step in steps], axis=-1)
    return np.tensordot(weights, changes, axes=1)


def follow_rotations(steps: Sequence[Step], keys: np.ndarray, t: np.ndarray) -> np.ndarray:
    """A curve ``[F, 4]`` that starts at ``keys[0]`` and reaches the later keys by ``steps``.

    ``keys [N, 4]`` has one key more than there are steps. Cumulative form of Kim, Kim and Shin,
    "A General Construction Scheme for Unit Quaternion Curves", SIGGRAPH 1995.
    """
    curve = np.broadcast_to(keys[0], (len(t), 4))
    for step, before, after in zip(steps, keys[:-1], keys[1:]):
        turn = rotations.to_axis_angle(rotations.multiply(rotations.conjugate(before), after))
        curve = rotations.multiply(curve, rotations.from_axis_angle(step(t)[:, None] * turn))
    return curve


def drift(t: np.ndarray, rng: np.random.Generator, components: int) -> np.ndarray:
    """Slow unrest ``[F, components]`` of about unit size: what keeps a held limb alive."""
    frequencies = rng.uniform([0.15, 0.4, 0.8], [0.35, 0.8, 1.4])
    sizes = np.array([0.7, 0.4, 0.2])
    phases = rng.uniform(0.0, 2.0 * np.pi, (components, 3))
    return np.sin(2.0 * np.pi * frequencies * t[:, None, None] + phases) @ sizes

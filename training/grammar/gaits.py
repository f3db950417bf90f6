"""Gaits: how steps are made, and manners of walking that are more than their steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from training.grammar.footwork import SIDES
from training.grammar.plan import Layer, Plan


@dataclass(frozen=True)
class Gait:
    """How steps are made: ``swing`` is the time in the air as a share of the time of a step."""

    step_m: float
    step_seconds: float
    swing: float
    clearance_m: float
    lift_pitch: float
    air_pitch: float
    land_pitch: float
    heel_rise: float
    roll_down: float
    weight_shift: float
    width_m: float


WALK = {
    "slow": Gait(0.46, 0.74, 0.76, 0.015, -0.75, -0.25, 0.22, 0.24, 0.15, 0.45, 0.15),
    "normal": Gait(0.66, 0.54, 0.80, 0.015, -1.00, -0.30, 0.32, 0.20, 0.11, 0.35, 0.13),
    "fast": Gait(0.82, 0.45, 0.82, 0.015, -1.10, -0.30, 0.38, 0.16, 0.09, 0.30, 0.12),
}
RUN = {
    "slow": Gait(0.80, 0.38, 1.15, 0.08, -1.10, -0.90, 0.05, 0.12, 0.06, 0.25, 0.12),
    "normal": Gait(1.02, 0.36, 1.25, 0.12, -1.25, -1.05, 0.05, 0.11, 0.05, 0.25, 0.10),
    "fast": Gait(1.40, 0.34, 1.32, 0.18, -1.40, -1.15, 0.05, 0.10, 0.04, 0.22, 0.09),
}
BACK = {
    "slow": Gait(0.30, 0.78, 0.74, 0.04, -0.15, -0.20, -0.30, 0.10, 0.20, 0.50, 0.17),
    "normal": Gait(0.42, 0.60, 0.78, 0.04, -0.20, -0.25, -0.35, 0.10, 0.16, 0.45, 0.16),
    "fast": Gait(0.52, 0.48, 0.80, 0.04, -0.20, -0.25, -0.35, 0.08, 0.12, 0.40, 0.16),
}


_TIPTOE = {
    "slow": Gait(0.28, 0.78, 0.78, 0.05, -0.75, -0.65, -0.60, 0.30, 0.08, 0.50, 0.10),
    "normal": Gait(0.36, 0.54, 0.80, 0.05, -0.75, -0.65, -0.60, 0.24, 0.07, 0.45, 0.10),
    "fast": Gait(0.44, 0.38, 0.84, 0.05, -0.80, -0.65, -0.60, 0.16, 0.05, 0.35, 0.10),
}
_SNEAK = {
    "slow": Gait(0.42, 1.20, 0.70, 0.13, -0.55, -0.50, -0.25, 0.24, 0.26, 0.60, 0.17),
    "normal": Gait(0.48, 0.92, 0.72, 0.12, -0.55, -0.45, -0.25, 0.20, 0.22, 0.55, 0.16),
    "fast": Gait(0.54, 0.66, 0.76, 0.10, -0.60, -0.40, -0.20, 0.16, 0.16, 0.50, 0.15),
}
_MARCH = {
    "slow": Gait(0.52, 0.70, 0.78, 0.24, -0.65, -0.40, 0.06, 0.16, 0.08, 0.45, 0.13),
    "normal": Gait(0.60, 0.55, 0.80, 0.23, -0.65, -0.40, 0.08, 0.14, 0.07, 0.40, 0.13),
    "fast": Gait(0.66, 0.43, 0.82, 0.20, -0.70, -0.40, 0.10, 0.12, 0.06, 0.35, 0.12),
}
_JOG = {
    "slow": Gait(0.60, 0.41, 1.06, 0.06, -0.95, -0.70, 0.05, 0.13, 0.06, 0.30, 0.13),
    "normal": Gait(0.72, 0.38, 1.12, 0.07, -1.05, -0.85, 0.05, 0.12, 0.06, 0.27, 0.12),
    "fast": Gait(0.86, 0.36, 1.16, 0.09, -1.15, -0.95, 0.05, 0.12, 0.05, 0.25, 0.11),
}
_UPSTAIRS = {
    "slow": Gait(0.27, 0.92, 0.66, 0.27, -0.45, -0.15, 0.02, 0.16, 0.06, 0.55, 0.15),
    "normal": Gait(0.30, 0.72, 0.68, 0.26, -0.50, -0.15, 0.02, 0.14, 0.06, 0.50, 0.15),
    "fast": Gait(0.34, 0.54, 0.72, 0.24, -0.55, -0.15, 0.02, 0.12, 0.05, 0.42, 0.14),
}
_DOWNSTAIRS = {
    "slow": Gait(0.26, 0.88, 0.66, 0.06, -0.35, -0.30, -0.42, 0.14, 0.22, 0.55, 0.15),
    "normal": Gait(0.29, 0.68, 0.68, 0.06, -0.40, -0.30, -0.42, 0.12, 0.18, 0.50, 0.15),
    "fast": Gait(0.33, 0.52, 0.72, 0.06, -0.45, -0.30, -0.40, 0.10, 0.14, 0.42, 0.14),
}

GAITS: Mapping[str, Mapping[str, Gait]] = {"walk": WALK, "run": RUN, "walk backward": BACK}


@dataclass(frozen=True)
class Style:
    """A manner of walking: its steps, and what the rest of the body does meanwhile.

    ``verb`` tells it. ``rest_pitch``: of a foot that bears weight, radians (negative: on its
    ball). ``rise_m`` lifts the pelvis and ``lean`` tilts it forward (radians) for as long as the
    walk lasts; ``bends`` are forward bends of spine, neck and head, ``elbows`` and ``spread`` those
    of the arms, degrees. ``swing`` multiplies the arms' swing. ``glances``: degrees of looks to and
    fro. ``bob_m``: the pelvis gives way so far at ``bob_at`` (share of a step, 0 the landing).
    ``target`` goes into the description.
    """

    verb: str
    gait: Mapping[str, Gait]
    kind: str = "walk"
    rest_pitch: float = 0.0
    rise_m: float = 0.0
    lean: float = 0.0
    bends: Mapping[str, float] = field(default_factory=dict)
    elbows: float = 0.0
    spread: float = 0.0
    swing: float = 1.0
    glances: float = 0.0
    bob_m: float = 0.0
    bob_at: float = 0.0
    target: str | None = None

    def dress(self, plan: Plan, start: float, lands: list[float]) -> None:
        """Add the layers of the style to a walk from ``start`` whose feet land at ``lands``."""
        stop = lands[-1] + 0.25
        rise = min(0.7, 0.4 * (stop - start))
        times = (start, start + rise, lands[-1] - 0.1, stop + 0.3)
        share = plan.rng.uniform(0.85, 1.15) * np.array([0.0, 1.0, 1.0, 0.0])
        _add(plan, "shift", times, 2, self.rise_m * share)
        _add(plan, "tilt", times, 0, self.lean * share)
        for joint, degrees in self.bends.items():
            _add(plan, joint, times, 0, np.radians(degrees) * share)
        for side, sign in zip(SIDES, (1.0, -1.0)):
            more = plan.rng.uniform(0.8, 1.2)
            _add(plan, f"{side}_elbow", times, 1, -sign * np.radians(self.elbows) * more * share)
            _add(plan, f"{side}_shoulder", times, 2, sign * np.radians(self.spread) * more * share)
        if self.glances:
            self._look_about(plan, start + rise, lands[-1])
        if self.bob_m:
            self._bob(plan, lands)

    def _look_about(self, plan: Plan, start: float, stop: float) -> None:
        """To one side, hold, to the other, hold."""
        times, yaws, side = [start], [0.0], plan.rng.choice([-1.0, 1.0])
        while times[-1] + 1.6 < stop:
            yaw = side * self.glances * plan.rng.uniform(0.6, 1.2)
            times += [times[-1] + 0.45, times[-1] + plan.rng.uniform(0.8, 1.3)]
            yaws += [yaw, yaw]
            side = -side
        times.append(times[-1] + 0.5)
        yaws.append(0.0)
        for joint, share in (("neck", 0.4), ("head", 0.6)):
            _add(plan, joint, times, 1, np.radians(share * np.array(yaws)))

    def _bob(self, plan: Plan, lands: list[float]) -> None:
        """The pelvis sinks at every landing and is lifted by the leg that takes the weight."""
        gaps = np.diff(lands)
        sunk = np.array(lands[:-1]) + self.bob_at * gaps
        up = sunk + 0.5 * gaps
        times = np.concatenate([[sunk[0] - 0.4], np.stack([sunk, up], axis=-1).ravel()])
        drop = np.tile([-self.bob_m, 0.0], len(sunk)) * plan.person.energy
        _add(plan, "shift", times, 2, np.concatenate([[0.0], drop]))


def _add(plan: Plan, channel: str, times, axis: int, values) -> None:
    vectors = np.zeros((len(values), 3))
    vectors[:, axis] = values
    if np.any(vectors):
        plan.layers.append(Layer(channel, tuple(float(t) for t in times), vectors))


# Stairs are climbed on a level floor: the steps and the pelvis tell them, as in mime.
STYLES = {
    "tiptoe": Style(
        "tiptoe", _TIPTOE, rest_pitch=-0.6, rise_m=0.075, bends={"spine3": -2.0}, elbows=14.0,
        spread=10.0, swing=0.45,
    ),
    "sneak": Style(
        "sneak", _SNEAK, rise_m=-0.11, lean=0.16,
        bends={"spine1": 6.0, "spine2": 8.0, "spine3": 6.0, "neck": -10.0, "head": -8.0},
        elbows=48.0, spread=6.0, swing=0.5, glances=24.0,
    ),
    "march": Style(
        "march_forward", _MARCH, lean=-0.02, bends={"spine2": -2.0, "spine3": -3.0}, elbows=12.0,
        swing=1.7,
    ),
    "jog": Style("jog", _JOG, kind="run", swing=0.75),
    "upstairs": Style(
        "climb", _UPSTAIRS, rise_m=-0.01, lean=0.13, bends={"neck": -4.0}, elbows=16.0, swing=0.8,
        bob_m=0.055, bob_at=0.02, target="up",
    ),
    "downstairs": Style(
        "climb", _DOWNSTAIRS, rise_m=-0.02, lean=-0.03, bends={"neck": 9.0, "head": 8.0},
        elbows=12.0, spread=5.0, swing=0.6, bob_m=0.05, bob_at=-0.05, target="down",
    ),
}  # fmt: skip

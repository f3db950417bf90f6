"""Dancing on a beat: bouncing, swaying, twisting, and stepping from side to side."""

from dataclasses import dataclass

import numpy as np

from training.grammar.footwork import FootMove
from training.grammar.layers import WHOLE, column, swing_arms
from training.grammar.plan import Plan, leftward
from training.grammar.timeline import ActionDescription

STYLES = ("bounce", "sway", "twist", "step_touch")


@dataclass(frozen=True)
class Dance:
    """``beats`` beats of a dance step of one of :data:`STYLES`, ``beat_seconds`` apart."""

    style: str
    beats: int
    beat_seconds: float

    def plan(self, plan: Plan) -> None:
        start = plan.now
        # Off and on every beat: keys at quarters of the beat's to and fro.
        times = np.concatenate([[0.0], 0.3 + self.beat_seconds * np.arange(2 * self.beats) / 2.0])
        steps = np.arange(len(times)) - 1
        alive = np.where(steps < 0, 0.0, 1.0)
        down = alive * (steps % 2 == 0)
        sides = alive * np.where((steps // 2) % 2 == 0, 1.0, -1.0)
        times, down, sides = (
            np.append(values, last)
            for values, last in ((times, times[-1] + 0.6 * self.beat_seconds), (down, 0.0), (sides, 0.0))
        )  # fmt: skip
        energy = plan.person.energy * plan.rng.uniform(0.85, 1.15)
        getattr(self, f"_{self.style}")(plan, times, down, sides, energy)
        plan.now = start + times[-1] + 0.25
        plan.say(ActionDescription("dance", WHOLE, target=self.style), start, plan.now)

    def _bounce(self, plan: Plan, times, down, sides, energy: float) -> None:
        plan.key("shift", times, column(2, -0.05 * energy * down))
        plan.key("tilt", times, np.stack([0.05 * down, 0.03 * sides, 0.06 * sides], axis=-1))
        plan.key("neck", times, column(0, 0.16 * energy * down))
        pump = 0.35 + 0.3 * energy * sides
        swing_arms(plan, times, (_ends(pump), _ends(0.7 - pump)), None, _ends(1.3 + 0.2 * down))

    def _sway(self, plan: Plan, times, down, sides, energy: float) -> None:
        plan.key("shift", times, np.stack([0.075 * energy * sides, 0 * sides, -0.02 * down], -1))
        plan.key("tilt", times, column(1, -0.12 * energy * sides))
        plan.key("spine2", times, column(2, 0.16 * energy * sides))
        plan.key("neck", times, column(2, -0.1 * sides))
        high = plan.rng.random() < 0.4
        spread = (2.1 if high else 0.35) + 0.2 * sides
        swing_arms(plan, times, _ends(0.2 + 0 * sides), _ends(spread), _ends(0.6 + 0 * sides))

    def _twist(self, plan: Plan, times, down, sides, energy: float) -> None:
        turn = 0.38 * energy * sides
        plan.key("tilt", times, np.stack([0.05 + 0 * turn, 0 * turn, turn], axis=-1) * _on(times))
        plan.key("shift", times, column(2, -0.05 * energy * _on(times)[:, 0] - 0.02 * down))
        for joint in ("spine1", "spine2", "spine3"):
            plan.key(joint, times, column(1, -0.5 * turn))
        pump = 0.45 + 0.35 * sides
        swing_arms(plan, times, (_ends(pump), _ends(0.9 - pump)), None, _ends(1.4 + 0 * sides))

    def _step_touch(self, plan: Plan, times, down, sides, energy: float) -> None:
        """On one beat a foot goes out, on the next the other one closes; then the other way."""
        reach = plan.rng.uniform(0.26, 0.38)
        heading, clock = plan.heading, plan.now + 0.3
        first = int(plan.rng.integers(2))
        way = 1.0 if first == 0 else -1.0
        for beat in range(self.beats):
            if beat % 2 == 0 and beat:
                way, first = -way, 1 - first
            if beat % 2 == 0:
                centre = plan.centre + way * reach * leftward(heading)
            foot = first if beat % 2 == 0 else 1 - first
            plan.move(
                FootMove(
                    foot, clock, clock + 0.72 * self.beat_seconds, plan.home(foot, centre, heading),
                    0.05, 0.08, -0.25, -0.15, -0.05, 0.08, 0.6, lead=0.05,
                )
            )  # fmt: skip
            clock += self.beat_seconds
        plan.key("shift", times, column(2, -0.03 * energy * down))
        plan.key("tilt", times, np.stack([0.04 * down, 0 * down, 0.1 * sides], axis=-1))
        swing = 0.2 + 0.35 * energy * sides
        swing_arms(plan, times, (_ends(swing), _ends(0.4 - swing)), None, _ends(1.0 + 0.3 * down))


def _on(times) -> np.ndarray:
    """1 while the dance lasts, 0 at both ends, ``[N, 1]``."""
    return np.concatenate([[0.0], np.ones(len(times) - 2), [0.0]])[:, None]


def _ends(values) -> list[float]:
    """The same values, nothing at both ends."""
    return [0.0, *np.asarray(values, dtype=float)[1:-1], 0.0]

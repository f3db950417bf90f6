"""Squats, crouches, sitting down and standing up: the feet stay, the pelvis goes down."""

from dataclasses import dataclass

import numpy as np

from training.grammar.layers import SLOWNESS, WHOLE, column, swing_arms
from training.grammar.plan import Plan
from training.grammar.timeline import ActionDescription

SEAT_DROP_M = 0.42
SEAT_BACK_M = 0.34


@dataclass(frozen=True)
class Squat:
    """Knees bent with the feet flat: ``count`` times, or once and held for ``hold`` seconds."""

    count: int
    speed: str
    amplitude: str = "normal"
    hold: float = 0.0

    def plan(self, plan: Plan) -> None:
        start = plan.now
        pace = SLOWNESS[self.speed] / plan.person.tempo
        depth = {"small": 0.17, "normal": 0.31, "large": 0.45}[self.amplitude]
        times, share = [0.0], [0.0]
        for _ in range(self.count):
            down = times[-1] + 0.85 * pace
            times += [down, down + 0.15 * pace + self.hold, down + 0.9 * pace + self.hold]
            share += [1.0, 0.985, 0.0]
        share = np.array(share) * depth
        plan.key("shift", times, np.stack([0 * share, 0.32 * share, -share], axis=-1))
        plan.key("tilt", times, column(0, 1.15 * share))
        plan.key("spine2", times, column(0, -0.3 * share))
        plan.key("neck", times, column(0, -0.8 * share))
        reach = plan.rng.uniform(1.5, 3.4) * share
        swing_arms(plan, times, reach, bends=plan.rng.uniform(0.3, 1.6) * share)
        plan.now = start + times[-1] + 0.1
        verb = "crouch" if self.hold > 0.8 else "squat"
        plan.say(
            ActionDescription(
                verb, WHOLE, count=None if verb == "crouch" else self.count, speed=self.speed,
                amplitude=self.amplitude, direction="down",
            ),
            start, plan.now,
        )  # fmt: skip


@dataclass(frozen=True)
class Sit:
    """Sits down on a seat behind, stays for ``hold`` seconds and, if asked, stands up again."""

    hold: float
    stands_up: bool
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        pace = SLOWNESS[self.speed] / plan.person.tempo
        start = plan.now
        _towards_seat(plan, 1.5 * pace, down=True)
        plan.now += 1.5 * pace
        plan.say(ActionDescription("sit_down", WHOLE, speed=self.speed), start, plan.now)
        plan.now += self.hold
        if self.stands_up:
            stand_up(plan, self.speed)


def stand_up(plan: Plan, speed: str) -> None:
    """From the seat to standing."""
    pace = SLOWNESS[speed] / plan.person.tempo
    start = plan.now
    _towards_seat(plan, 1.5 * pace, down=False)
    plan.now += 1.5 * pace
    plan.say(ActionDescription("stand_up", WHOLE, speed=speed), start, plan.now)


@dataclass(frozen=True)
class StandUp:
    """Begins on a seat and stands up."""

    hold: float
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        _begin_seated(plan)
        plan.now += self.hold
        stand_up(plan, self.speed)


@dataclass(frozen=True)
class Seated:
    """Sits from the first frame on, for ``hold`` seconds at least."""

    hold: float

    def plan(self, plan: Plan) -> None:
        start = plan.now
        _begin_seated(plan)
        plan.now += self.hold
        plan.say(ActionDescription("sit", WHOLE), start, plan.now)


def _begin_seated(plan: Plan) -> None:
    for channel, value in _seat_values().items():
        plan.key(channel, (0.0,), value[None])


def _seat_values() -> dict[str, np.ndarray]:
    values = {"shift": np.array([0.0, SEAT_BACK_M, -SEAT_DROP_M]), "tilt": np.array([0.02, 0, 0])}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        values[f"{side}_shoulder"] = np.array([-0.45, 0.0, sign * 0.02])
        values[f"{side}_elbow"] = np.array([0.0, -sign * 0.75, 0.0])
    return values


def _towards_seat(plan: Plan, seconds: float, down: bool) -> None:
    """Lean forward, move, straighten; the other way round when standing up (added to the seat)."""
    sign = 1.0 if down else -1.0
    start = 0.12 if down else 0.3
    times = (
        np.array([0.0, start, 0.55, 1.0]) * seconds
        if down
        else np.array([0, start, 0.95]) * seconds
    )
    for channel, seat in _seat_values().items():
        share = np.array([0.0, 0.06, 0.6, 1.0]) if down else np.array([0.0, 0.04, 1.0])
        if channel in ("left_shoulder", "right_shoulder"):
            share = share**1.3
        plan.key(channel, times, sign * share[:, None] * seat)
    lean_times = np.array([0.0, 0.5, 1.0] if down else [0.0, 0.36, 0.95]) * seconds
    lean = plan.rng.uniform(0.5, 0.7)
    plan.key("tilt", lean_times, column(0, [0.0, lean, 0.0]))
    plan.key("neck", lean_times, column(0, [0.0, -0.4 * lean, 0.0]))

"""One leg in the air over the other: kicks, raised knees, marching on the spot."""

from dataclasses import dataclass

import numpy as np

from training.grammar.footwork import SIDES, FootMove
from training.grammar.layers import LEGS, SLOWNESS, WHOLE, swing_arms
from training.grammar.plan import GaitSpan, Plan
from training.grammar.timeline import ActionDescription

HIP_OVER_ANKLE_M = 0.78
LEG_REACH_M = 0.77
HIP_THRUST_M = 0.03
_THRUSTS = {"forward": -1.0, "side": 1.0, "backward": 0.4}


@dataclass(frozen=True)
class Kick:
    """Kicks of one foot: ``direction`` "forward", "side" or "backward"; ``height`` "low",
    "middle" or "high"."""

    side: str
    direction: str
    height: str
    count: int
    speed: str = "normal"

    @property
    def period(self) -> float:
        return {"slow": 2.0, "normal": 1.6, "fast": 1.3}[self.speed]

    def plan(self, plan: Plan) -> None:
        start, foot = plan.now, SIDES.index(self.side)
        elevation = {"low": 45.0, "middle": 67.0, "high": 88.0}[self.height]
        if self.direction == "backward":
            elevation = min(elevation, 62.0)
        elevation = np.deg2rad(elevation + plan.rng.uniform(-5.0, 5.0))
        keys = self._air_keys(foot, elevation)
        clock = start + 0.4
        for _ in range(self.count):
            air = 0.8 * self.period
            plan.move(
                FootMove(
                    foot, clock, clock + air, tuple(plan.plants[foot]), 0.0, 0.14, -0.5, -0.4, -0.1,
                    0.1, 0.92, lead=0.25, trail=0.05, air_keys=keys,
                )
            )  # fmt: skip
            self._balance(plan, clock - start, air, foot, elevation)
            clock += self.period
        plan.now = clock + 0.15
        plan.say(
            ActionDescription(
                "kick", WHOLE, side=self.side, count=self.count, speed=self.speed,
                direction=self.direction, height=self.height,
            ),
            start, plan.now,
        )  # fmt: skip

    def _air_keys(self, foot: int, elevation: float):
        """Chamber, strike, a stay long enough to be seen, chamber again."""
        out = 1.0 if foot == 0 else -1.0
        reach = LEG_REACH_M
        up = HIP_OVER_ANKLE_M - reach * np.cos(elevation)
        thrust = HIP_THRUST_M * abs(_THRUSTS[self.direction])
        far = (reach + thrust) * np.sin(elevation)
        chamber_up = min(0.5, 0.22 + 0.35 * up)
        if self.direction == "forward":
            chamber, strike = (0.0, -0.12, chamber_up), (-0.04 * out, -far, up)
            swing, pitch = (0.0, 0.16, 0.12), -0.55
        elif self.direction == "side":
            chamber, strike = (0.12 * out, -0.10, chamber_up + 0.03), (far * out, -0.02, up)
            swing, pitch = (-0.02 * out, 0.02, 0.10), -0.15
        else:
            chamber, strike = (0.0, -0.16, chamber_up), (0.0, far, up)
            swing, pitch = (0.0, -0.08, 0.12), -0.9
        return (
            (0.14, *swing, -0.6),
            (0.33, *chamber, -0.6),
            (0.46, *strike, pitch),
            (0.65, *(0.985 * np.array(strike)), pitch),
            (0.82, *(0.9 * np.array(chamber)), -0.5),
        )

    def _balance(self, plan: Plan, lift: float, air: float, foot: int, elevation: float) -> None:
        """The trunk leans away from the leg, the arms spread, the far arm comes forward."""
        out = 1.0 if foot == 0 else -1.0
        away = np.sin(elevation)
        times = lift + np.array([-0.3, 0.2, 0.47, 0.65, 1.1]) * air
        share = np.array([0.0, 0.25, 1.0, 0.9, 0.0])
        tilt = {
            "forward": (-0.32 * away, 0.0, -0.22 * out),
            "side": (0.05, -0.5 * away * out, 0.0),
            "backward": (0.75 * away, 0.0, 0.0),
        }[self.direction]
        plan.key("tilt", times, share[:, None] * np.array(tilt))
        plan.key(
            "spine2",
            times,
            share[:, None] * np.array([0.15 if tilt[0] < 0 else -0.15, 0.12 * out, 0]),
        )
        self._drive_hips(plan, lift, air, away)
        energy = plan.person.energy
        raises, spreads = [0.0, 0.2, 0.5, 0.45, 0.0], [0.0, 0.2, 0.4 * energy, 0.35 * energy, 0.0]
        trailing = [0.0, 0.0, -0.45, -0.4, 0.0]
        pair = (trailing, raises) if foot == 0 else (raises, trailing)
        swing_arms(plan, times, pair, spreads, [0.0, 0.5, 0.8, 0.7, 0.0])

    def _drive_hips(self, plan: Plan, lift: float, air: float, away: float) -> None:
        """The pelvis sinks while the leg is gathered, and is thrust the way of the blow."""
        times = lift + np.array([-0.25, 0.3, 0.4, 0.48, 0.66, 1.0]) * air
        thrust = np.array([0.0, -0.25, 0.1, 1.0, 0.7, 0.0]) * HIP_THRUST_M * away
        sink = np.array([0.0, -0.03, -0.025, 0.0, -0.01, 0.0])
        aside = 0.0 if self.direction != "side" else 1.0 if self.side == "left" else -1.0
        back = 0.0 if self.direction == "side" else _THRUSTS[self.direction]
        plan.key("shift", times, np.stack([aside * thrust, back * thrust, sink], axis=-1))


@dataclass(frozen=True)
class KneeLift:
    """Raises one knee to the hip and holds it, ``count`` times."""

    side: str
    count: int
    hold: float
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        start, foot = plan.now, SIDES.index(self.side)
        pace = SLOWNESS[self.speed]
        up = plan.rng.uniform(0.36, 0.46)
        clock = start + 0.4
        for _ in range(self.count):
            air = 1.05 * pace + self.hold
            rise = 0.45 * pace / air
            keys = (
                (0.4 * rise, 0.0, 0.0, 0.13, -0.6),
                (rise, 0.0, -0.3, up, -0.35),
                (1.0 - rise, 0.0, -0.3, 0.97 * up, -0.3),
                (1.0 - 0.4 * rise, 0.0, -0.08, 0.13, -0.2),
            )
            plan.move(
                FootMove(
                    foot, clock, clock + air, tuple(plan.plants[foot]), 0.0, 0.15, -0.5, -0.4, -0.1,
                    0.12, 0.9, lead=0.25, trail=0.05, air_keys=keys,
                )
            )  # fmt: skip
            times = (
                clock
                - start
                + np.array([-0.3, 0.5 * rise * air, rise * air, air - rise * air, air + 0.1])
            )
            out = 1.0 if foot == 0 else -1.0
            share = np.array([0.0, 0.5, 1.0, 1.0, 0.0])
            plan.key("tilt", times, share[:, None] * np.array([-0.08, -0.03 * out, 0.0]))
            spread = share * plan.rng.uniform(0.05, 0.45)
            swing_arms(plan, times, 0.25 * share, spread, 0.4 * share)
            clock += 1.35 * pace + self.hold
        plan.now = clock + 0.1
        plan.say(
            ActionDescription(
                "knee_lift", LEGS, side=self.side, count=self.count, speed=self.speed,
                direction="up",
            ),
            start, plan.now,
        )  # fmt: skip


@dataclass(frozen=True)
class Stomp:
    """Brings one foot down hard, ``count`` times: gathered slowly, dropped fast."""

    side: str
    count: int
    speed: str = "normal"

    @property
    def period(self) -> float:
        return {"slow": 1.35, "normal": 1.0, "fast": 0.8}[self.speed]

    def plan(self, plan: Plan) -> None:
        start, foot = plan.now, SIDES.index(self.side)
        period = self.period / plan.person.tempo
        up = plan.rng.uniform(0.22, 0.34) * plan.person.energy
        keys = (
            (0.25, 0.0, 0.0, 0.4 * up, -0.4),
            (0.62, 0.0, -0.5 * up, up, -0.15),
            (0.8, 0.0, -0.4 * up, 0.8 * up, -0.1),
        )
        clock = start + 0.35
        times, share = [0.0], [0.0]
        for _ in range(self.count):
            air = 0.62 * period
            plan.move(
                FootMove(
                    foot, clock, clock + air, tuple(plan.plants[foot]), 0.0, 0.12, -0.4, -0.2, 0.0,
                    0.05, 0.85, lead=0.2, trail=0.03, air_keys=keys,
                )
            )  # fmt: skip
            lift = clock - start
            times += [lift + 0.7 * air, lift + air + 0.06, lift + air + 0.28 * period]
            share += [-0.35, 1.0, 0.0]
            clock += period
        share = np.array(share)
        plan.key("shift", times, np.stack([0 * share, 0 * share, -0.035 * share], axis=-1))
        plan.key("tilt", times, np.stack([0.12 * share, 0 * share, 0 * share], axis=-1))
        swing_arms(plan, times, -0.1 * share, 0.12 * share, 0.3 * np.abs(share))
        plan.now = clock + 0.15
        plan.say(
            ActionDescription("stomp", LEGS, side=self.side, count=self.count, speed=self.speed),
            start, plan.now,
        )  # fmt: skip


@dataclass(frozen=True)
class March:
    """Steps on the spot, knees raised, arms swinging against them."""

    speed: str
    steps: int
    amplitude: str = "normal"

    @property
    def step_seconds(self) -> float:
        return {"slow": 0.7, "normal": 0.52, "fast": 0.38}[self.speed]

    def plan(self, plan: Plan) -> None:
        start = plan.now
        duration = self.step_seconds / plan.person.tempo
        up = {"small": 0.14, "normal": 0.25, "large": 0.36}[self.amplitude]
        foot = int(plan.rng.integers(2))
        first = 0.0 if foot == 0 else 0.5
        lands = []
        clock = start + 0.35
        for _ in range(self.steps):
            keys = (
                (0.22, 0.0, 0.02, 0.5 * up, -0.5),
                (0.5, 0.0, -0.75 * up, up, -0.3),
                (0.82, 0.0, -0.25 * up, 0.3 * up, -0.2),
            )
            plan.move(
                FootMove(
                    foot, clock, clock + 0.85 * duration, tuple(plan.plants[foot]), 0.0, 0.12, -0.5,
                    -0.3, -0.15, 0.1, 0.6, lead=0.04, air_keys=keys,
                )
            )  # fmt: skip
            lands.append(clock + 0.85 * duration)
            clock += duration
            foot = 1 - foot
        times = [lands[0] - duration, *lands, lands[-1] + duration]
        phases = first + 0.5 * (np.arange(len(times)) - 1.0)
        strength = plan.person.energy * (0.6 + 1.2 * up)
        plan.gaits.append(
            GaitSpan("walk", start + 0.2, lands[-1], tuple(times), tuple(phases), strength, 1.2)
        )
        plan.now = clock + 0.25
        plan.say(
            ActionDescription(
                "march", WHOLE, speed=self.speed, amplitude=self.amplitude, side="alternating"
            ),
            start, plan.now,
        )  # fmt: skip

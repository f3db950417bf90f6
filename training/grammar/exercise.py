"""Exercises and postures of the whole body: lunges, jumping jacks, kneeling, balance, lifting."""

from dataclasses import dataclass

import numpy as np

from training.grammar.footwork import SIDES, FootMove
from training.grammar.layers import LEGS, SLOWNESS, WHOLE, column, swing_arms
from training.grammar.plan import Plan, forward
from training.grammar.timeline import ActionDescription


@dataclass(frozen=True)
class Lunge:
    """A long step forward into a deep stand and back again, ``count`` times."""

    side: str
    count: int
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        start, foot = plan.now, SIDES.index(self.side)
        pace = SLOWNESS[self.speed] / plan.person.tempo
        home, reach = tuple(plan.plants[foot]), plan.rng.uniform(0.55, 0.75)
        ahead = (*(np.array(home[:2]) + reach * forward(plan.heading)), home[2])
        depth = plan.rng.uniform(0.17, 0.26)
        clock, times, share = start + 0.35, [0.0], [0.0]
        for _ in range(self.count):
            there, held, back = 0.6 * pace, 0.45 * pace, 0.62 * pace
            for lift, air, plant, land in (
                (clock, there, ahead, 0.15),
                (clock + there + held, back, home, -0.1),
            ):
                plan.move(
                    FootMove(
                        foot, lift, lift + air, plant, 0.06, 0.1, -0.35, -0.2, land, 0.1, 0.6,
                        lead=0.15,
                    )
                )  # fmt: skip
            begin = clock - start
            times += [
                begin,
                begin + 1.15 * there,
                begin + there + held,
                begin + there + held + back,
            ]
            share += [0.0, 1.0, 1.0, 0.0]
            clock += there + held + back + 0.35 * pace
        share = np.array(share)
        plan.key("shift", times, column(2, -depth * share))
        plan.key("tilt", times, column(0, 0.12 * share))
        swing_arms(plan, times, 0.15 * share, 0.25 * share, 0.5 * share)
        plan.now = clock + 0.1
        plan.say(
            ActionDescription(
                "lunge", WHOLE, side=self.side, count=self.count, speed=self.speed,
                direction="forward",
            ),
            start, plan.now,
        )  # fmt: skip


@dataclass(frozen=True)
class JumpingJack:
    """Jumps the feet apart while the arms go up at the sides, and together again."""

    count: int
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        start, centre, heading = plan.now, plan.centre, plan.heading
        half = {"slow": 0.62, "normal": 0.5, "fast": 0.4}[self.speed] / plan.person.tempo
        width, wide = plan.stance_width_m, plan.rng.uniform(0.6, 0.8)
        height = 0.05
        air = 0.2
        clock, times, share, lift_times, lifts = start + 0.35, [0.0, 0.3], [0.0, 0.0], [0.0], [0.0]
        for i in range(2 * self.count):
            plan.stance_width_m = wide if i % 2 == 0 else width
            for foot in (0, 1):
                plant = plan.home(foot, centre, heading)
                plan.move(
                    FootMove(
                        foot, clock, clock + air, plant, height + 0.01, 0.1, -0.5, -0.5, -0.35,
                        0.1, 0.0, ballistic=True,
                    )
                )  # fmt: skip
            begin = clock - start
            lift_times += [begin - 0.12, begin, begin + air / 2, begin + air, begin + air + 0.1]
            lifts += [-0.05, 0.0, height + 0.02, 0.0, -0.05]
            times += [begin + air + 0.06, begin + half - 0.04]
            share += [1.0 - i % 2] * 2
            clock += half
        plan.stance_width_m = width
        plan.key("shift", [*lift_times, clock - start + 0.2], column(2, [*lifts, 0.0]))
        share = np.array(share)
        top = plan.rng.uniform(2.2, 2.6)
        swing_arms(plan, times, 0.0 * share, top * share, 0.2 * np.ones(len(share)) * share)
        plan.now = clock + 0.3
        plan.say(
            ActionDescription("jumping_jack", WHOLE, count=self.count, speed=self.speed),
            start, plan.now,
        )  # fmt: skip


@dataclass(frozen=True)
class Kneel:
    """Goes down on the knee of ``side``, stays for ``hold`` seconds, and gets up again."""

    side: str
    hold: float
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        start, foot = plan.now, SIDES.index(self.side)
        down = 1.25 * SLOWNESS[self.speed] / plan.person.tempo
        air = 2.0 * down + self.hold
        u = down / air
        knelt = (0.0, 0.60, 0.085, -1.25)
        keys = (
            (0.45 * u, 0.0, 0.35, 0.10, -0.6), (0.95 * u, *knelt), (1.0 - 0.95 * u, *knelt),
            (1.0 - 0.4 * u, 0.0, 0.3, 0.10, -0.5),
        )  # fmt: skip
        lift = start + 0.3
        plan.move(
            FootMove(
                foot, lift, lift + air, tuple(plan.plants[foot]), 0.0, 0.14, -0.5, -0.5, -0.2, 0.12,
                0.55, lead=0.15, air_keys=keys,
            )
        )  # fmt: skip
        times = np.array([0.0, 0.35 * down, down, down + self.hold, air - 0.35 * down, air + 0.1])
        times = np.concatenate([[0.0], 0.3 + times[1:]])
        share = np.array([0.0, 0.15, 1.0, 1.0, 0.15, 0.0])
        plan.key("shift", times, np.stack([0 * share, 0.22 * share, -0.43 * share], axis=-1))
        lean = np.array([0.0, 0.35, 0.08, 0.08, 0.4, 0.0])
        plan.key("tilt", times, column(0, lean))
        swing_arms(plan, times, 0.3 * share, 0.05 * share, 0.5 * share)
        plan.now = lift + air + 0.25
        plan.say(
            ActionDescription("kneel", WHOLE, side=self.side, speed=self.speed), start, plan.now
        )


@dataclass(frozen=True)
class Balance:
    """Stands on the leg of ``side``, the other foot off the floor, arms out."""

    side: str
    hold: float

    def plan(self, plan: Plan) -> None:
        start, foot = plan.now, 1 - SIDES.index(self.side)
        air = self.hold + 1.6
        behind = plan.rng.random() < 0.4
        held = (0.0, 0.22, 0.30, -0.9) if behind else (0.0, -0.22, 0.30, -0.4)
        u = 0.7 / air
        keys = ((0.4 * u, 0.0, 0.0, 0.12, -0.5), (u, *held), (1.0 - u, *held),
                (1.0 - 0.4 * u, 0.0, 0.0, 0.12, -0.3))  # fmt: skip
        plan.move(
            FootMove(
                foot, start + 0.4, start + 0.4 + air, tuple(plan.plants[foot]), 0.0, 0.15, -0.5,
                -0.4, -0.1, 0.12, 0.92, lead=0.3, air_keys=keys,
            )
        )  # fmt: skip
        count = max(4, int(self.hold / 0.5))
        times = np.concatenate([[0.0], np.linspace(0.9, 0.2 + air, count), [air + 0.5]])
        share = np.concatenate([[0.0], np.ones(count), [0.0]])
        wobble = share * plan.rng.normal(0.0, 0.035, len(share))
        plan.key("tilt", times, column(1, wobble))
        spread = plan.rng.uniform(0.5, 1.2) * share
        swing_arms(plan, times, 0.15 * share + wobble, spread + 2.0 * wobble, 0.3 * share)
        plan.now = start + air + 0.6
        plan.say(ActionDescription("balance", WHOLE, side=self.side), start, plan.now)


@dataclass(frozen=True)
class PickUp:
    """Goes down, takes something from the floor with the hand of ``side`` (or "both"), and rises."""

    side: str
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        start = plan.now
        pace = SLOWNESS[self.speed] / plan.person.tempo
        times = np.array([0.0, 0.9, 1.2, 2.1, 2.7, 3.3]) * pace
        share = np.array([0.0, 1.0, 1.0, 0.0, 0.0, 0.0])
        plan.key("shift", times, np.stack([0 * share, 0.20 * share, -0.40 * share], axis=-1))
        sign = {"left": 1.0, "right": -1.0, "both": 0.0}[self.side]
        plan.key(
            "tilt", times, np.stack([0.62 * share, 0.12 * sign * share, -0.1 * sign * share], -1)
        )
        for joint in ("spine1", "spine2", "spine3"):
            plan.key(joint, times, column(0, 0.2 * share))
        plan.key("head", times, column(0, [0.0, -0.1, -0.1, 0.25, 0.25, 0.0]))
        raises, bends = np.array([0.0, 1.25, 1.25, 0.35, 0.35, 0.0]), [0.0, 0.1, 0.1, 1.3, 1.3, 0.0]
        idle, still = 0.5 * share, 0.4 * share
        acting = SIDES if self.side == "both" else (self.side,)
        swing_arms(plan, times, tuple([*(raises if side in acting else idle)] for side in SIDES))
        for side in SIDES:
            bend = np.array(bends if side in acting else still)
            plan.key(f"{side}_elbow", times, column(1, (-1.0 if side == "left" else 1.0) * bend))
        plan.now = start + times[-1] + 0.1
        plan.say(
            ActionDescription(
                "pick_up", (*LEGS, "torso", *(f"{side}_arm" for side in acting)), side=self.side,
                speed=self.speed,
            ),
            start, plan.now,
        )  # fmt: skip

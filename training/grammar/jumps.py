"""Jumps with both feet and hops on one: the pelvis flies as thrown."""

from dataclasses import dataclass

import numpy as np

from training.grammar.footwork import SIDES, FootMove
from training.grammar.layers import WHOLE, column, keys_in_a_row, swing_arms
from training.grammar.plan import Plan, forward, leftward
from training.grammar.timeline import ActionDescription

GRAVITY = 9.81


@dataclass(frozen=True)
class Jump:
    """Jumps with both feet: ``direction`` "up", "forward", "backward", "left" or "right"."""

    direction: str
    count: int
    amplitude: str = "normal"

    def plan(self, plan: Plan) -> None:
        start = plan.now
        height = {"small": 0.12, "normal": 0.24, "large": 0.40}[self.amplitude]
        height *= plan.rng.uniform(0.85, 1.15)
        way = {"forward": (1, 0), "backward": (-0.6, 0), "left": (0, 0.7), "right": (0, -0.7)}
        along, aside = way.get(self.direction, (0, 0))
        reach = plan.rng.uniform(0.4, 0.8) * (0.6 if self.amplitude == "small" else 1.0)
        heading = plan.heading
        for i in range(self.count):
            step = reach * (along * forward(heading) + aside * leftward(heading))
            self._once(plan, height, step, first=i == 0, last=i == self.count - 1)
        plan.say(
            ActionDescription(
                "jump", WHOLE, count=self.count, direction=self.direction,
                amplitude=self.amplitude,
            ),
            start, plan.now,
        )  # fmt: skip

    def _once(self, plan: Plan, height: float, step: np.ndarray, first: bool, last: bool) -> None:
        """Crouch, push off, fly as thrown, land, rise; crouches of jumps in a row run together."""
        rise = 0.055
        crouch = -(0.12 + 0.45 * height) - 0.03
        down = 0.42 if first else 0.12
        push, air = 0.22, float(np.sqrt(8.0 * height / GRAVITY))
        lift = down + push
        land = lift + air
        u = np.linspace(0.0, 1.0, 9)
        flight = rise + 4.0 * height * u * (1.0 - u)
        z = np.concatenate([[0.0 if first else 0.7 * crouch, crouch], flight, [0.75 * crouch]])
        settle = [0.7 * crouch] if not last else [0.0]
        ends = [land + 0.2, land + (0.75 if last else 0.24)]
        times = np.concatenate([[0.0, down], lift + u * air, ends])
        keys_in_a_row(plan, "shift", times, column(2, np.concatenate([z, settle])), first, last)
        lean = [0.0 if first else 0.25, 0.45, 0.05, 0.0, 0.35, 0.0 if last else 0.25]
        lean_times = [0.0, down, lift, lift + 0.6 * air, land + 0.2, ends[1]]
        keys_in_a_row(plan, "tilt", lean_times, column(0, lean), first, last)
        heading, centre = plan.heading, plan.centre + step
        now = plan.now
        for foot in (0, 1):
            wobble = plan.rng.uniform(-0.012, 0.012)
            plan.move(
                FootMove(
                    foot, now + lift + wobble, now + land + wobble,
                    plan.home(foot, centre, heading), height + 0.03, 0.16, -0.75, -0.75, -0.45,
                    0.12, 0.0, ballistic=True,
                )
            )  # fmt: skip
        energy = plan.person.energy
        swing = [0.0, -0.7 * energy, (1.4 + 2.0 * height) * energy, 1.0, 0.2, 0.0]
        bend = [0.0, 0.3, 0.5, 0.5, 0.4, 0.0]
        swing_arms(plan, lean_times, swing, [0.0, 0.1, 0.1, 0.25, 0.15, 0.0], bend)
        plan.now = now + (ends[1] if last else land + 0.24)


@dataclass(frozen=True)
class Hop:
    """Hops on one foot, the other one held up behind."""

    side: str
    count: int

    def plan(self, plan: Plan) -> None:
        start, foot = plan.now, SIDES.index(self.side)
        height = plan.rng.uniform(0.07, 0.12)
        air = float(np.sqrt(8.0 * height / GRAVITY))
        contact = 0.3
        first = 0.75
        last = first + self.count * (contact + air) + 0.15
        held = (0.0, 0.16, 0.3, -0.9)
        up = ((0.15, 0.0, 0.12, 0.22, -0.7), (0.3, *held), (0.85, *held))
        plan.move(
            FootMove(
                1 - foot, start + 0.3, start + last + 0.45, tuple(plan.plants[1 - foot]), 0.0, 0.15,
                -0.5, -0.5, -0.2, 0.12, 0.85, lead=0.15, air_keys=up,
            )
        )  # fmt: skip
        times, z = [0.0, first - 0.2], [0.0, 0.0]
        for i in range(self.count):
            lift = first + contact + i * (contact + air)
            u = np.linspace(0.0, 1.0, 5)
            times += [lift - 0.16, *(lift + u * air)]
            z += [-0.09, *(0.03 + 4.0 * height * u * (1.0 - u))]
            plan.move(
                FootMove(
                    foot, start + lift, start + lift + air, tuple(plan.plants[foot]),
                    height + 0.01, 0.12, -0.5, -0.55, -0.3, 0.1, 0.0, ballistic=True,
                )
            )  # fmt: skip
        times += [last - 0.02, last + 0.35]
        z += [-0.06, 0.0]
        plan.key("shift", times, column(2, z))
        ends = (0.0, first, last, last + 0.5)
        spread = plan.rng.uniform(0.3, 0.6)
        swing_arms(
            plan, ends, [0.0, 0.15, 0.15, 0.0], [0.0, spread, spread, 0.0], [0.0, 0.6, 0.6, 0.0]
        )
        plan.now = start + last + 0.6
        plan.say(
            ActionDescription("hop", WHOLE, side=self.side, count=self.count, direction="up"),
            start, plan.now,
        )  # fmt: skip

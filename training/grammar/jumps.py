"""Jumps with both feet and hops on one: the pelvis flies as thrown."""

from dataclasses import dataclass

import numpy as np

from training.grammar.footwork import SIDES, FootMove
from training.grammar.layers import WHOLE, column, keys_in_a_row, swing_arms
from training.grammar.plan import GaitSpan, Layer, Plan, forward, leftward
from training.grammar.timeline import ActionDescription

GRAVITY = 9.81
_SKIPPING_ARMS = ([0.0, 0.2, 0.2, 0.0], [0.0, 0.12, 0.12, 0.0], [0.0, 0.7, 0.7, 0.0])


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


@dataclass(frozen=True)
class Skip:
    """Skips along: a step and a hop on the same foot, the other knee high, in turn."""

    speed: str
    skips: int

    @property
    def skip_seconds(self) -> float:
        return {"slow": 0.72, "normal": 0.62, "fast": 0.54}[self.speed]

    def plan(self, plan: Plan) -> None:
        start, heading = plan.now, plan.heading
        beat = self.skip_seconds / plan.person.tempo
        step, hop = plan.rng.uniform(0.42, 0.52), plan.rng.uniform(0.26, 0.36)
        first, place, lands = int(plan.rng.integers(2)), plan.centre, []
        foot = first
        times, heights, land = [start], [0.0], start + 0.85
        for i in range(self.skips):
            last = i == self.skips - 1
            place = place + (0.6 if i == 0 else 1.0) * step * forward(heading)
            self._stride(plan, foot, land - (0.55 if i == 0 else 0.62) * beat, land, place)
            lands.append(land)
            up, down = land + 0.38 * beat, land + 0.72 * beat
            times += [land + 0.1 * beat, up]
            heights += [-0.04, 0.02]
            if not last:
                place = place + hop * forward(heading)
                self._hop(plan, foot, up, down, place)
                times += [(up + down) / 2.0, down]
                heights += [0.02 + self._rise(down - up), 0.0]
            foot, land = 1 - foot, land + beat
        self._stride(plan, foot, land - 0.7 * beat, land - 0.1 * beat, place, 0.08)
        stop = land + 0.3
        plan.layers.append(Layer("shift", (*times, stop), column(2, [*heights, 0.0])))
        self._swing(plan, lands, stop, first)
        plan.now = stop
        plan.say(
            ActionDescription("skip", WHOLE, speed=self.speed, direction="forward"),
            start, plan.now,
        )  # fmt: skip

    def _stride(self, plan, foot, lift, land, place, clearance_m: float = 0.32) -> None:
        """The free foot passes with a high knee and is set down ahead."""
        plan.move(
            FootMove(
                foot, lift, land, plan.home(foot, place, plan.heading), clearance_m, 0.1, -0.7,
                -0.55, -0.15, 0.06, 0.3, lead=0.03,
            )
        )  # fmt: skip

    def _hop(self, plan: Plan, foot: int, up: float, down: float, place) -> None:
        plan.move(
            FootMove(
                foot, up, down, plan.home(foot, place, plan.heading), self._rise(down - up) + 0.01,
                0.1, -0.55, -0.5, -0.25, 0.06, 0.0, ballistic=True,
            )
        )  # fmt: skip

    def _rise(self, air: float) -> float:
        return GRAVITY * air**2 / 8.0

    def _swing(self, plan: Plan, lands: list[float], stop: float, first: int) -> None:
        """The arms swing as in walking, one stride over two skips."""
        start, beat = plan.now, lands[-1] - lands[-2]
        times = [lands[0] - beat, *lands, lands[-1] + beat]
        phases = 0.5 * first + 0.5 * (np.arange(len(times)) - 1.0)
        strength = 1.5 * plan.person.energy
        plan.gaits.append(
            GaitSpan("walk", start + 0.2, lands[-1], tuple(times), tuple(phases), strength, 1.3)
        )
        swing_arms(plan, (0.3, 0.9, lands[-1] - start, stop - start), *_SKIPPING_ARMS)

"""Actions of the legs on the spot: jumps, hops, squats, sitting, kicks, raised knees."""

from dataclasses import dataclass

import numpy as np

from training.grammar.footwork import SIDES, FootMove
from training.grammar.plan import Plan, forward, leftward
from training.grammar.timeline import ActionDescription

LEGS = ("base", "left_leg", "right_leg")
WHOLE = LEGS + ("torso", "left_arm", "right_arm")
GRAVITY = 9.81
SLOWNESS = {"slow": 1.4, "normal": 1.0, "fast": 0.75}
SEAT_DROP_M = 0.42
SEAT_BACK_M = 0.34
HIP_OVER_ANKLE_M = 0.78
LEG_REACH_M = 0.77


def _arms(plan: Plan, times, raises, spreads=None, bends=None) -> None:
    """Both arms: ``raises`` forward and ``spreads`` sideways at the shoulder, ``bends`` of the
    elbow, radians at ``times`` from now; each may be a pair (left, right) of lists."""
    for foot, side in enumerate(SIDES):
        sign = 1.0 if side == "left" else -1.0
        up = raises[foot] if isinstance(raises[0], (list, tuple)) else raises
        out = np.zeros(len(times)) if spreads is None else np.asarray(
            spreads[foot] if isinstance(spreads[0], (list, tuple)) else spreads
        )  # fmt: skip
        values = np.stack([-np.asarray(up, float), np.zeros(len(times)), sign * out], axis=-1)
        plan.key(f"{side}_shoulder", times, values)
        if bends is not None:
            bend = -sign * np.asarray(bends, float)
            zeros = np.zeros(len(times))
            plan.key(f"{side}_elbow", times, np.stack([zeros, bend, zeros], axis=-1))


def _column(axis: int, values) -> np.ndarray:
    result = np.zeros((len(values), 3))
    result[:, axis] = values
    return result


@dataclass(frozen=True)
class Jump:
    """Jumps with both feet: ``direction`` "up", "forward", "backward", "left" or "right"."""

    direction: str
    count: int
    amplitude: str = "normal"
    base = "jump"

    @property
    def seconds(self) -> float:
        return self.count * 1.25 + 0.6

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
        _keys_in_a_row(plan, "shift", times, _column(2, np.concatenate([z, settle])), first, last)
        lean = [0.0 if first else 0.25, 0.45, 0.05, 0.0, 0.35, 0.0 if last else 0.25]
        lean_times = [0.0, down, lift, lift + 0.6 * air, land + 0.2, ends[1]]
        _keys_in_a_row(plan, "tilt", lean_times, _column(0, lean), first, last)
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
        _arms(plan, lean_times, swing, [0.0, 0.1, 0.1, 0.25, 0.15, 0.0], bend)
        plan.now = now + (ends[1] if last else land + 0.24)


def _keys_in_a_row(plan: Plan, channel, times, values, first: bool, last: bool) -> None:
    """Layers hold their last value for ever: what one repetition ends on, the next takes away."""
    if not last:
        times = np.concatenate([times, [times[-1] + 1e-3]])
        values = np.concatenate([values, values[-1:] * 0.0])
    if not first:
        times = np.concatenate([[times[0] - 1e-3], times])
        values = np.concatenate([values[:1] * 0.0, values])
    plan.key(channel, times, values)


@dataclass(frozen=True)
class Hop:
    """Hops on one foot, the other one held up behind."""

    side: str
    count: int
    base = "jump"

    @property
    def seconds(self) -> float:
        return 0.62 * self.count + 1.5

    def plan(self, plan: Plan) -> None:
        start, foot = plan.now, SIDES.index(self.side)
        heading = plan.heading
        height = plan.rng.uniform(0.07, 0.12)
        air = float(np.sqrt(8.0 * height / GRAVITY))
        contact = 0.3
        first = 0.75
        last = first + self.count * (contact + air) + 0.15
        up = ((0.15, 0.0, 0.12, 0.22, -0.7), (0.3, 0.0, 0.16, 0.3, -0.9), (0.85, 0.0, 0.16, 0.3, -0.9))
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
                    foot, start + lift, start + lift + air, plan.home(foot, plan.centre, heading)
                    if False else tuple(plan.plants[foot]), height + 0.01, 0.12, -0.5, -0.55, -0.3,
                    0.1, 0.0, ballistic=True,
                )
            )  # fmt: skip
        times += [last - 0.02, last + 0.35]
        z += [-0.06, 0.0]
        plan.key("shift", times, _column(2, z))
        ends = (0.0, first, last, last + 0.5)
        spread = plan.rng.uniform(0.3, 0.6)
        _arms(plan, ends, [0.0, 0.15, 0.15, 0.0], [0.0, spread, spread, 0.0], [0.0, 0.6, 0.6, 0.0])
        plan.now = start + last + 0.6
        plan.say(
            ActionDescription("hop", WHOLE, side=self.side, count=self.count, direction="up"),
            start, plan.now,
        )  # fmt: skip


@dataclass(frozen=True)
class Squat:
    """Knees bent with the feet flat: ``count`` times, or once and held for ``hold`` seconds."""

    count: int
    speed: str
    amplitude: str = "normal"
    hold: float = 0.0
    base = "squat"

    @property
    def seconds(self) -> float:
        return self.count * (1.9 * SLOWNESS[self.speed] + self.hold) + 0.2

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
        plan.key("tilt", times, _column(0, 1.35 * share))
        plan.key("spine2", times, _column(0, -0.3 * share))
        plan.key("neck", times, _column(0, -0.8 * share))
        reach = plan.rng.uniform(1.5, 3.4) * share
        _arms(plan, times, reach, bends=plan.rng.uniform(0.3, 1.6) * share)
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
    base = "sit"

    @property
    def seconds(self) -> float:
        pace = SLOWNESS[self.speed]
        return 1.5 * pace + self.hold + (1.5 * pace if self.stands_up else 0.0)

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
    base = "sit"

    @property
    def seconds(self) -> float:
        return self.hold + 1.5 * SLOWNESS[self.speed]

    def plan(self, plan: Plan) -> None:
        seat = _seat_values()
        plan.key("shift", (0.0,), seat["shift"][None])
        for channel in ("tilt", "left_shoulder", "right_shoulder"):
            plan.key(channel, (0.0,), seat[channel][None])
        for channel in ("left_elbow", "right_elbow"):
            plan.key(channel, (0.0,), seat[channel][None])
        plan.now += self.hold
        stand_up(plan, self.speed)


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
    times = np.array([0.0, start, 0.55, 1.0]) * seconds if down else np.array([0, start, 0.95]) * seconds
    for channel, seat in _seat_values().items():
        share = np.array([0.0, 0.06, 0.6, 1.0]) if down else np.array([0.0, 0.04, 1.0])
        if channel in ("left_shoulder", "right_shoulder"):
            share = share**1.3
        plan.key(channel, times, sign * share[:, None] * seat)
    lean_times = np.array([0.0, 0.5, 1.0] if down else [0.0, 0.36, 0.95]) * seconds
    lean = plan.rng.uniform(0.5, 0.7)
    plan.key("tilt", lean_times, _column(0, [0.0, lean, 0.0]))
    plan.key("neck", lean_times, _column(0, [0.0, -0.4 * lean, 0.0]))


@dataclass(frozen=True)
class Kick:
    """Kicks of one foot: ``direction`` "forward", "side" or "backward"; ``height`` "low",
    "middle" or "high"."""

    side: str
    direction: str
    height: str
    count: int
    speed: str = "normal"
    base = "kick"

    @property
    def period(self) -> float:
        return {"slow": 1.75, "normal": 1.3, "fast": 1.05}[self.speed]

    @property
    def seconds(self) -> float:
        return self.count * self.period + 0.5

    def plan(self, plan: Plan) -> None:
        start, foot = plan.now, SIDES.index(self.side)
        elevation = {"low": 38.0, "middle": 66.0, "high": 88.0}[self.height]
        if self.direction == "backward":
            elevation = min(elevation, 62.0)
        elevation = np.deg2rad(elevation + plan.rng.uniform(-5.0, 5.0))
        keys = self._air_keys(foot, elevation)
        clock = start + 0.4
        for _ in range(self.count):
            air = 0.78 * self.period
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
        """Chamber, strike, brief stay, chamber again."""
        out = 1.0 if foot == 0 else -1.0
        reach = LEG_REACH_M
        up = HIP_OVER_ANKLE_M - reach * np.cos(elevation)
        far = reach * np.sin(elevation)
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
            (0.36, *chamber, -0.6),
            (0.50, *strike, pitch),
            (0.55, *(0.985 * np.array(strike)), pitch),
            (0.74, *(0.9 * np.array(chamber)), -0.5),
        )

    def _balance(self, plan: Plan, lift: float, air: float, foot: int, elevation: float) -> None:
        """The trunk leans away from the leg, the arms spread, the far arm comes forward."""
        out = 1.0 if foot == 0 else -1.0
        away = np.sin(elevation)
        times = lift + np.array([-0.3, 0.2, 0.5, 0.6, 1.1]) * air
        share = np.array([0.0, 0.25, 1.0, 0.9, 0.0])
        tilt = {
            "forward": (-0.32 * away, 0.0, -0.22 * out),
            "side": (0.05, -0.5 * away * out, 0.0),
            "backward": (0.75 * away, 0.0, 0.0),
        }[self.direction]
        plan.key("tilt", times, share[:, None] * np.array(tilt))
        plan.key("spine2", times, share[:, None] * np.array([0.15 if tilt[0] < 0 else -0.15, 0.12 * out, 0]))
        energy = plan.person.energy
        raises, spreads = [0.0, 0.2, 0.5, 0.45, 0.0], [0.0, 0.2, 0.4 * energy, 0.35 * energy, 0.0]
        trailing = [0.0, 0.0, -0.45, -0.4, 0.0]
        pair = (trailing, raises) if foot == 0 else (raises, trailing)
        _arms(plan, times, pair, spreads, [0.0, 0.5, 0.8, 0.7, 0.0])


@dataclass(frozen=True)
class KneeLift:
    """Raises one knee to the hip and holds it, ``count`` times."""

    side: str
    count: int
    hold: float
    speed: str = "normal"
    base = "knee"

    @property
    def seconds(self) -> float:
        return self.count * (1.35 * SLOWNESS[self.speed] + self.hold) + 0.5

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
            times = clock - start + np.array([-0.3, 0.5 * rise * air, rise * air, air - rise * air, air + 0.1])
            out = 1.0 if foot == 0 else -1.0
            share = np.array([0.0, 0.5, 1.0, 1.0, 0.0])
            plan.key("tilt", times, share[:, None] * np.array([-0.08, -0.03 * out, 0.0]))
            spread = share * plan.rng.uniform(0.05, 0.45)
            _arms(plan, times, 0.25 * share, spread, 0.4 * share)
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
class March:
    """Steps on the spot, knees raised, arms swinging against them."""

    speed: str
    steps: int
    amplitude: str = "normal"
    base = "step"

    @property
    def step_seconds(self) -> float:
        return {"slow": 0.7, "normal": 0.52, "fast": 0.38}[self.speed]

    @property
    def seconds(self) -> float:
        return (self.steps + 0.3) * self.step_seconds + 0.5

    def plan(self, plan: Plan) -> None:
        from training.grammar.plan import GaitSpan

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

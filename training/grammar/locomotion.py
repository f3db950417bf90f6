"""Locomotion: walking, running, stepping sideways, turning, all as plans of footsteps."""

from dataclasses import dataclass

import numpy as np

from training.grammar.footwork import SIDES, FootMove
from training.grammar.gaits import GAITS, STYLES, Gait, Style
from training.grammar.plan import GaitSpan, Layer, Plan, forward, leftward
from training.grammar.timeline import ActionDescription

LEGS = ("base", "left_leg", "right_leg")
SPEEDS = ("slow", "normal", "fast")
UNEVEN_STEPS = 0.03  # in length and time, as people walk (Hausdorff, 2005)


@dataclass(frozen=True)
class Walk:
    """Walking or running along an arc, from standing to standing.

    ``kind`` "walk", "run" or "walk backward"; ``turn_deg`` over the whole way, positive left, or
    over the part of it that ``turn_span`` gives. ``limps_on`` is a side that hurts. ``style``
    names one of ``gaits.STYLES``. ``eight``: a figure eight, its first loop to that side.
    """

    kind: str
    speed: str
    steps: int
    turn_deg: float = 0.0
    turn_span: tuple[float, float] = (0.0, 1.0)
    says_count: bool = False
    limps_on: str | None = None
    style: str | None = None
    eight: str | None = None

    @property
    def gait(self) -> Gait:
        steps = STYLES[self.style].gait if self.style else GAITS[self.kind]
        return steps[self.speed]

    @property
    def _runs(self) -> bool:
        return (STYLES[self.style].kind if self.style else self.kind) == "run"

    @property
    def _bends(self) -> tuple[tuple[float, float], ...]:
        """Pieces of the path: (share of its length, degrees that it turns to the left)."""
        if self.eight:
            turn = 270.0 if self.eight == "left" else -270.0
            return tuple(zip(_EIGHT, (0.0, turn, 0.0, -turn, 0.0)))
        first, last = self.turn_span
        return (first, 0.0), (last - first, self.turn_deg), (1.0 - last, 0.0)

    def plan(self, plan: Plan) -> None:
        """Footsteps: the first one short, the last one beside the foot before."""
        gait, sign = self.gait, -1.0 if self.kind == "walk backward" else 1.0
        tempo = plan.person.tempo
        step_seconds = gait.step_seconds / tempo
        along = self._distances(plan.rng)
        length = sign * max(along[-1], 1e-6)
        path = _Path(plan.centre, plan.heading, length, self._bends)
        foot = _first_foot(plan, self.turn_deg)
        rest_pitch = STYLES[self.style].rest_pitch if self.style else 0.0
        start = plan.now
        land = start + 0.2 + 1.1 * step_seconds
        lands, feet = [], []
        since = step_seconds
        for i, distance in enumerate(along):
            swing = self._swing(i) * since
            ending = i == self.steps - 1
            width = plan.stance_width_m if ending else gait.width_m + plan.rng.normal(0.0, 0.01)
            plan.move(
                FootMove(
                    foot, land - swing, land,
                    path.plant(foot, sign * distance, width, plan.toe_out),
                    gait.clearance_m, gait.heel_rise / tempo * (2.0 if rest_pitch and i < 2 else 1.0),
                    gait.lift_pitch * (0.6 if i == 0 else 1.0),
                    gait.air_pitch, gait.land_pitch * (0.3 if ending else 1.0),
                    gait.roll_down / tempo * (4.0 if rest_pitch and i > self.steps - 3 else 1.0),
                    gait.weight_shift, rest_pitch=rest_pitch if i < self.steps - 2 else 0.0,
                )
            )  # fmt: skip
            lands.append(land)
            feet.append(foot)
            uneven = 1.0 + UNEVEN_STEPS * np.clip(plan.rng.standard_normal(), -2.0, 2.0)
            since = (
                step_seconds * uneven * self._haste(foot) * (1.1 if i == self.steps - 2 else 1.0)
            )
            land += since
            foot = 1 - foot
        plan.gaits.append(self._span(plan, start + 0.2, lands, feet, step_seconds, sign))
        if self.limps_on:
            self._sink(plan, lands, feet)
        if self.style:
            STYLES[self.style].dress(plan, start, lands)
        plan.now = lands[-1] + 0.25
        self._say(plan, start, plan.now)

    def _haste(self, standing: int) -> float:
        """How long the weight stays on a foot: short where it hurts."""
        if not self.limps_on:
            return 1.0
        return 0.76 if SIDES[standing] == self.limps_on else 1.22

    def _sink(self, plan: Plan, lands, feet) -> None:
        """The body sinks and leans over the hurt leg for as long as it bears weight."""
        times, share = [plan.now], [0.0]
        for i, (land, foot) in enumerate(zip(lands[:-1], feet)):
            if SIDES[foot] == self.limps_on:
                times += [land - 0.12, land + 0.14, lands[i + 1]]
                share += [0.0, 1.0, 0.0]
        share = np.array(share) * plan.rng.uniform(0.8, 1.2)
        lean = 0.11 if self.limps_on == "left" else -0.11
        zeros = np.zeros(len(share))
        values = {
            "shift": (zeros, zeros, -0.04 * share),
            "tilt": (0.06 * share, lean * share, zeros),
        }
        for channel, columns in values.items():
            plan.layers.append(Layer(channel, tuple(times), np.stack(columns, axis=-1)))

    def _distances(self, rng: np.random.Generator) -> np.ndarray:
        """Where the feet land along the path ``[steps]``: off gently, slower to the end."""
        uneven = 1.0 + UNEVEN_STEPS * rng.standard_normal(self.steps).clip(-2.0, 2.0)
        lengths = self.gait.step_m * uneven
        lengths[0] *= 0.6
        if self.steps > 3:
            lengths[-2] *= 0.7 if self._runs else 0.9
        lengths[-1] = 0.0
        return np.cumsum(lengths)

    def _swing(self, i: int) -> float:
        if i == 0 or i == self.steps - 1:
            return min(self.gait.swing, 0.85)
        return min(self.gait.swing, 1.0) if i == 1 else self.gait.swing

    def _span(self, plan: Plan, start, lands, feet, step_seconds, sign) -> GaitSpan:
        first = 0.0 if feet[0] == 0 else 0.5
        times = [lands[0] - step_seconds, *lands, lands[-1] + step_seconds]
        phases = first + 0.5 * (np.arange(len(times)) - 1.0)
        strength = plan.person.energy * {"slow": 0.7, "normal": 1.0, "fast": 1.1}[self.speed]
        if sign < 0:
            strength *= 0.5
        if self.style:
            strength *= STYLES[self.style].swing
        kind = "run" if self._runs else "walk"
        speed = self.gait.step_m / step_seconds
        return GaitSpan(kind, start, lands[-1], tuple(times), tuple(phases), strength, speed)

    def _say(self, plan: Plan, start: float, stop: float) -> None:
        direction = "backward" if self.kind == "walk backward" else "forward"
        turned = None
        if abs(self.turn_deg) >= 1.0:
            direction, turned = ("left" if self.turn_deg > 0 else "right"), abs(self.turn_deg)
        style: Style | None = STYLES[self.style] if self.style else None
        verb = style.verb if style else "run" if self.kind == "run" else "walk"
        if self.eight:
            verb, direction = f"{verb}_eight", self.eight
        if turned:
            whole = self.turn_span == (0.0, 1.0)
            verb += "_circle" if turned >= 300 else "_curve" if whole else "_turn"
        if self.limps_on:
            verb = "limp"
        plan.say(
            ActionDescription(
                verb, LEGS, speed=None if self.eight else self.speed, direction=direction,
                angle_degrees=turned,
                count=self.steps if self.says_count else None,
                side=direction if verb.endswith("_turn") else self.limps_on,
                target=style.target if style else None,
            ),
            start, stop,
        )  # fmt: skip


# Two loops of 270 degrees about circles, joined by their tangents, which cross at right angles.
_LOOP, _TANGENT = 1.5 * np.pi, 1.0
_EIGHT = np.array([_TANGENT, _LOOP, 2.0 * _TANGENT, _LOOP, _TANGENT])
_EIGHT = _EIGHT / _EIGHT.sum()


@dataclass(frozen=True)
class _Path:
    """A path from ``origin`` along ``heading`` in pieces that are straight or turn evenly:
    ``bends`` are (share of the length, degrees to the left)."""

    origin: np.ndarray
    heading: float
    length: float
    bends: tuple[tuple[float, float], ...]

    def place(self, distance: float) -> tuple[np.ndarray, float]:
        """Point and heading ``distance`` along the path."""
        point, heading, left = self.origin, self.heading, distance / self.length
        for share, degrees in self.bends:
            part = np.clip(left, 0.0, share)
            turned = np.deg2rad(degrees) * part / max(share, 1e-9)
            chord = part * self.length * np.sinc(turned / (2.0 * np.pi))
            point = point + chord * forward(heading + turned / 2.0)
            heading, left = heading + turned, left - part
        return point, heading

    def plant(self, foot: int, distance: float, width: float, toe_out: float):
        """Plant of a foot that stands ``distance`` along the path."""
        centre, heading = self.place(distance)
        side = 1.0 if foot == 0 else -1.0
        place = centre + side * width / 2.0 * leftward(heading)
        return float(place[0]), float(place[1]), heading + side * toe_out


def _first_foot(plan: Plan, turn: float) -> int:
    """The foot on the inside of a turn; straight ahead, the one further back or any."""
    if abs(turn) > 1.0:
        return 0 if turn > 0 else 1
    return int(plan.rng.integers(2))


@dataclass(frozen=True)
class SideStep:
    """Steps to one side: the near foot goes out, the other one closes, ``steps`` times."""

    side: str
    speed: str
    steps: int
    says_count: bool = True

    @property
    def step_seconds(self) -> float:
        return {"slow": 0.62, "normal": 0.44, "fast": 0.32}[self.speed]

    def plan(self, plan: Plan) -> None:
        sign = 1.0 if self.side == "left" else -1.0
        near = 0 if self.side == "left" else 1
        duration = self.step_seconds / plan.person.tempo
        reach = plan.rng.uniform(0.28, 0.42) * plan.person.energy
        heading, start = plan.heading, plan.now
        clock = start + 0.2
        for _ in range(self.steps):
            centre = plan.centre + sign * reach * leftward(heading)
            for foot, pause in ((near, 0.12), (1 - near, 0.1)):
                swing = duration * 0.86
                plan.move(
                    FootMove(
                        foot, clock + pause * duration, clock + pause * duration + swing,
                        plan.home(foot, centre, heading), 0.05, 0.1, -0.25, -0.12, -0.06, 0.1,
                        0.55, lead=0.05,
                    )
                )  # fmt: skip
                clock += duration * (1.0 + pause * 0.4)
        plan.now = clock + 0.25
        plan.layers.append(_sway_layer(start, plan.now, -sign * 0.04))
        plan.say(
            ActionDescription(
                "side_step", LEGS, side=self.side, direction=self.side, speed=self.speed,
                count=self.steps if self.says_count else None,
            ),
            start, plan.now,
        )  # fmt: skip


def _sway_layer(start: float, stop: float, roll: float):
    times = (start, start + 0.4, stop - 0.4, stop)
    values = np.array([[0, 0, 0], [0.03, roll, 0], [0.03, roll, 0], [0, 0, 0]], dtype=float)
    return Layer("tilt", times, values)


@dataclass(frozen=True)
class Turn:
    """Turning on the spot by ``angle_deg`` to one side, in small steps, the inner foot first."""

    side: str
    angle_deg: float
    speed: str

    @property
    def pairs(self) -> int:
        return max(1, int(np.ceil(self.angle_deg / 70.0)))

    @property
    def step_seconds(self) -> float:
        return {"slow": 0.58, "normal": 0.42, "fast": 0.32}[self.speed]

    @property
    def seconds(self) -> float:
        """About how long it takes."""
        return 2.05 * self.pairs * self.step_seconds + 0.5

    def plan(self, plan: Plan) -> None:
        sign = 1.0 if self.side == "left" else -1.0
        inner = 0 if self.side == "left" else 1
        duration = self.step_seconds / plan.person.tempo
        turn = sign * np.deg2rad(self.angle_deg) / self.pairs
        start, centre, heading = plan.now, plan.centre, plan.heading
        clock = start + 0.2
        for pair in range(self.pairs):
            heading += turn
            for foot in (inner, 1 - inner):
                plan.move(
                    FootMove(
                        foot, clock, clock + 0.88 * duration,
                        plan.home(foot, centre, heading), 0.04,
                        0.12, -0.35, -0.15, 0.02, 0.08, 0.55, lead=0.06,
                    )
                )  # fmt: skip
                clock += duration * plan.rng.uniform(0.94, 1.06)
        plan.now = clock + 0.3
        plan.say(
            ActionDescription(
                "turn", LEGS, side=self.side, direction=self.side, speed=self.speed,
                angle_degrees=self.angle_deg,
            ),
            start, plan.now,
        )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """Single steps forward or backward; the other foot closes at the end."""

    direction: str
    speed: str
    steps: int
    side: str | None = None

    @property
    def step_seconds(self) -> float:
        return {"slow": 0.85, "normal": 0.62, "fast": 0.46}[self.speed]

    def plan(self, plan: Plan) -> None:
        sign = 1.0 if self.direction == "forward" else -1.0
        duration = self.step_seconds / plan.person.tempo
        length = plan.rng.uniform(0.42, 0.6) * (1.0 if sign > 0 else 0.75)
        foot = ("left", "right").index(self.side) if self.side else int(plan.rng.integers(2))
        start, heading, origin = plan.now, plan.heading, plan.centre
        clock = start + 0.25
        for i in range(self.steps + 1):
            distance = sign * length * min(i + 1, self.steps)
            place = origin + distance * forward(heading)
            plan.move(
                FootMove(
                    foot, clock, clock + 0.8 * duration, plan.home(foot, place, heading), 0.03,
                    0.18 if sign > 0 else 0.1, -0.6 if sign > 0 else -0.2, -0.2,
                    0.2 if sign > 0 else -0.25, 0.14, 0.5, lead=0.08,
                )
            )  # fmt: skip
            foot = 1 - foot
            clock += duration
        plan.now = clock + 0.25
        plan.say(
            ActionDescription(
                "step", LEGS, side=self.side, direction=self.direction, speed=self.speed,
                count=self.steps,
            ),
            start, plan.now,
        )  # fmt: skip

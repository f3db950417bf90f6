"""Down on the floor: lying down, getting up, sitting on the floor, push-ups."""

from dataclasses import dataclass, replace

import numpy as np

from training.grammar.body import STANDING_HEIGHT_M
from training.grammar.footwork import SIDES, FootMove
from training.grammar.hand_plants import HandPlant
from training.grammar.layers import SLOWNESS, WHOLE, column, swing_arms
from training.grammar.plan import Plan, forward, leftward
from training.grammar.timeline import ActionDescription

FLOOR_VERBS = ("lie_down", "lie", "get_up", "sit_on_floor", "push_up")
ON_THE_FLOOR_M = 0.105  # of the pelvis, sitting or lying
SEAT_AHEAD_M = 0.52  # of the feet before the pelvis of who sits with bent knees
LEGS_OUT_M = 0.86  # of the feet before the pelvis of who lies


@dataclass(frozen=True)
class Posture:
    """The trunk over the feet: ``back`` and ``height`` of the pelvis (metres, behind the middle of
    both feet, over the floor), ``tilt`` forward, ``spine`` and ``neck`` bent forward, radians;
    ``raise_arms`` forward and ``bend_arms`` at the elbow."""

    back: float
    height: float
    tilt: float = 0.0
    spine: float = 0.0
    neck: float = 0.0
    raise_arms: float = 0.0
    bend_arms: float = 0.0


_STANDING = Posture(0.0, STANDING_HEIGHT_M)
_SQUATTING = Posture(0.22, 0.46, 0.36, 0.60, -0.30, 1.0, 0.35)
_SITTING = Posture(SEAT_AHEAD_M, ON_THE_FLOOR_M, -0.46, 0.52, 0.05, -0.35, 0.2)
_LEGS_OUT = Posture(LEGS_OUT_M - 0.06, ON_THE_FLOOR_M, -0.50, 0.35, 0.1, -0.35, 0.3)
_DRAWN_UP = Posture(LEGS_OUT_M - 0.14, ON_THE_FLOOR_M, -0.40, 0.35, 0.1, -0.35, 0.3)
_LYING = Posture(LEGS_OUT_M, ON_THE_FLOOR_M, -1.50, 0.0, 0.0, -0.05, -0.25)


def _go_through(plan: Plan, times, postures: list[Posture], before: Posture | None = None) -> None:
    """Layers through the postures at ``times`` from now, on top of the one ``before`` (else the
    first of them)."""
    first = before or postures[0]
    rows = {
        name: np.array([getattr(posture, name) - getattr(first, name) for posture in postures])
        for name in Posture.__dataclass_fields__
    }
    zeros = np.zeros(len(postures))
    plan.key("shift", times, np.stack([zeros, rows["back"], rows["height"]], axis=-1))
    plan.key("tilt", times, column(0, rows["tilt"]))
    for joint in ("spine1", "spine2", "spine3"):
        plan.key(joint, times, column(0, rows["spine"] / 3.0))
    for joint in ("neck", "head"):
        plan.key(joint, times, column(0, rows["neck"] / 2.0))
    swing_arms(plan, times, rows["raise_arms"], None, rows["bend_arms"])


def _step(plan: Plan, foot: int, lift: float, air: float, ahead: float, **changes) -> None:
    """A foot is set ``ahead`` metres further, from ``lift`` seconds on."""
    x, y, yaw = plan.plants[foot]
    x, y = np.array([x, y]) + ahead * forward(plan.heading)
    plan.move(FootMove(foot, lift, lift + air, (x, y, yaw), weight_shift=0.0, **changes))


_STRETCHED = {"clearance_m": 0.03, "heel_rise": 0.05, "lift_pitch": 0.1, "air_pitch": 0.6,
              "land_pitch": 0.95, "roll_down": 0.25, "rest_pitch": 1.0}  # fmt: skip
_DRAWN_IN = {"clearance_m": 0.05, "heel_rise": 0.1, "lift_pitch": 0.9, "air_pitch": 0.2,
             "land_pitch": 0.15, "roll_down": 0.15}  # fmt: skip


def _feet_out(plan: Plan, at: float, pace: float, sign: float, manner: dict) -> None:
    """One foot after the other goes out from under the seated body (-1: comes back)."""
    first = int(plan.rng.integers(2))
    for i, foot in enumerate((first, 1 - first)):
        lift = plan.now + at + 0.28 * i * pace
        _step(plan, foot, lift, 0.6 * pace, sign * (LEGS_OUT_M - SEAT_AHEAD_M), **manner)


def _hands_behind(plan: Plan, centre, start: float, stop: float, behind: float) -> None:
    """Both palms on the floor ``behind`` metres behind ``centre``, from start to stop (from now)."""
    for side, sign in zip(SIDES, (1.0, -1.0)):
        place = centre - behind * forward(plan.heading) + sign * 0.27 * leftward(plan.heading)
        place = place + plan.rng.normal(0.0, 0.02, 2)
        yaw = plan.heading + sign * plan.rng.uniform(1.6, 2.1)
        plan.hand_plants.append(
            HandPlant(side, plan.now + start, plan.now + stop, tuple(place), yaw)
        )


def _hands_beside(plan: Plan, seat, start: float) -> None:
    """Both palms on the floor beside the hips, from ``start`` on, until the body gets up."""
    for side, sign in zip(SIDES, (1.0, -1.0)):
        aside = sign * plan.rng.uniform(0.27, 0.36)
        place = seat + 0.02 * forward(plan.heading) + aside * leftward(plan.heading)
        plan.hand_plants.append(
            HandPlant(side, start, np.inf, tuple(place), plan.heading + 0.2 * sign, flat=0.5)
        )


def _lift_hands(plan: Plan, at: float) -> None:
    plan.hand_plants[:] = [replace(p, stop=min(p.stop, at)) for p in plan.hand_plants]


@dataclass(frozen=True)
class LieDown:
    """Down onto the seat, legs out, and back until the head rests; stays for ``hold`` seconds."""

    hold: float
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        start, pace = plan.now, SLOWNESS[self.speed] / plan.person.tempo
        seat = plan.centre - SEAT_AHEAD_M * forward(plan.heading)
        times = np.array([0.0, 0.95, 1.55, 2.45, 3.45]) * pace
        _go_through(plan, times, [_STANDING, _SQUATTING, _SITTING, _LEGS_OUT, _LYING])
        _hands_behind(plan, seat, times[2] - 0.15, times[3] - 0.1 * pace, 0.20)
        _hands_beside(plan, seat, plan.now + times[-1])
        _feet_out(plan, times[2] + 0.05, pace, 1.0, _STRETCHED)
        plan.now += times[-1] + 0.15
        plan.say(ActionDescription("lie_down", WHOLE, speed=self.speed), start, plan.now)
        plan.now += self.hold


@dataclass(frozen=True)
class GetUp:
    """Lies on the back from the first frame on, for ``hold`` seconds, and gets up."""

    hold: float
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        lie_from_the_start(plan)
        plan.now += self.hold
        get_up(plan, self.speed)


@dataclass(frozen=True)
class LieAndGetUp:
    """Lies down and gets up again."""

    hold: float
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        LieDown(self.hold, self.speed).plan(plan)
        get_up(plan, self.speed)


@dataclass(frozen=True)
class Lying:
    """Lies on the back all the while."""

    hold: float

    def plan(self, plan: Plan) -> None:
        start = plan.now
        lie_from_the_start(plan)
        plan.now += self.hold
        plan.say(ActionDescription("lie", WHOLE), start, plan.now)


def lie_from_the_start(plan: Plan) -> None:
    """Layers and plants of a body that lies on its back at second 0."""
    _go_through(plan, (-plan.now,), [_LYING], before=_STANDING)
    _hands_beside(plan, plan.centre - LEGS_OUT_M * forward(plan.heading), -1.0)
    for foot in (0, 1):
        _step(plan, foot, -0.9, 0.4, 0.0, **{**_STRETCHED, "roll_down": 0.1})


def get_up(plan: Plan, speed: str) -> None:
    """From lying: the trunk comes up, the feet are drawn in, the weight goes over them."""
    start, pace = plan.now, SLOWNESS[speed] / plan.person.tempo
    seat = plan.centre - LEGS_OUT_M * forward(plan.heading)
    times = np.array([0.0, 1.0, 1.9, 2.35, 3.3]) * pace
    _go_through(plan, times, [_LYING, _DRAWN_UP, _SITTING, _SQUATTING, _STANDING])
    _lift_hands(plan, start + 0.25 * pace)
    _hands_behind(plan, seat, 0.8 * pace, times[2] + 0.1, 0.18)
    _feet_out(plan, times[1] + 0.15, pace, -1.0, _DRAWN_IN)
    plan.now += times[-1] + 0.1
    plan.say(ActionDescription("get_up", WHOLE, speed=speed), start, plan.now)


@dataclass(frozen=True)
class SitOnFloor:
    """Sits down on the floor, knees bent, hands behind, for ``hold`` seconds; stands up again."""

    hold: float
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        start, pace = plan.now, SLOWNESS[self.speed] / plan.person.tempo
        seat = plan.centre - SEAT_AHEAD_M * forward(plan.heading)
        down = np.array([0.0, 0.95, 1.6]) * pace
        _go_through(plan, down, [_STANDING, _SQUATTING, _SITTING])
        up = down[-1] + self.hold
        _hands_behind(plan, seat, down[-1] - 0.1, up + 0.1 * pace, 0.20)
        plan.now += down[-1] + 0.1
        plan.say(ActionDescription("sit_on_floor", WHOLE, speed=self.speed), start, plan.now)
        plan.now = start + up
        _go_through(plan, np.array([0.0, 0.6, 1.55]) * pace, [_SITTING, _SQUATTING, _STANDING])
        plan.now += 1.65 * pace
        plan.say(ActionDescription("get_up", WHOLE, speed=self.speed), start + up, plan.now)


_HANDS_DOWN = Posture(0.02, 0.545, 1.10, 1.05, -0.35, 1.1, 0.1)
_PLANK = Posture(-0.94, 0.40, 1.24, 0.0, -0.45, 1.25, 0.1)
_LOW = Posture(-0.97, 0.235, 1.42, 0.0, -0.5, 1.0, 1.2)
HANDS_AHEAD_M, FEET_BACK_M = 0.46, 0.96
_ON_THE_TOES = {"clearance_m": 0.17, "heel_rise": 0.35, "lift_pitch": -0.7, "air_pitch": -0.8,
                "land_pitch": -1.15, "roll_down": 0.1, "rest_pitch": -1.15}  # fmt: skip
_BACK_UNDER = {"clearance_m": 0.17, "heel_rise": 0.1, "lift_pitch": -1.1, "air_pitch": -0.7,
               "land_pitch": -0.5, "roll_down": 0.3}  # fmt: skip


@dataclass(frozen=True)
class PushUp:
    """Hands to the floor, feet back into a plank, ``count`` push-ups, and up again."""

    count: int
    speed: str = "normal"

    def plan(self, plan: Plan) -> None:
        start, pace = plan.now, SLOWNESS[self.speed] / plan.person.tempo
        enter = 0.9 / plan.person.tempo
        middle = plan.centre + HANDS_AHEAD_M * forward(plan.heading)
        between = Posture(*(np.mean([getattr(p, n) for p in (_HANDS_DOWN, _PLANK)])
                            for n in Posture.__dataclass_fields__))  # fmt: skip
        times = [0.0, enter, enter + 0.55, enter + 1.05]
        postures = [_STANDING, _HANDS_DOWN, between, _PLANK]
        self._move_feet(plan, enter + 0.1, -FEET_BACK_M, _ON_THE_TOES)
        for _ in range(self.count):
            down = times[-1] + 0.2 + 0.7 * pace
            times += [times[-1] + 0.2, down, down + 0.12, down + 0.12 + 0.65 * pace]
            postures += [_PLANK, _LOW, _LOW, _PLANK]
        done = times[-1] + 0.15
        times += [done, done + 0.6, done + 1.2, done + 1.2 + enter]
        postures += [_PLANK, between, _HANDS_DOWN, _STANDING]
        self._move_feet(plan, done + 0.25, FEET_BACK_M, _BACK_UNDER)
        self._plant(plan, middle, enter, done + 1.15)
        _go_through(plan, np.array(times), postures)
        plan.now += times[-1] + 0.15
        plan.say(
            ActionDescription("push_up", WHOLE, count=self.count, speed=self.speed),
            start, plan.now,
        )  # fmt: skip

    def _move_feet(self, plan: Plan, at: float, ahead: float, manner: dict) -> None:
        first = int(plan.rng.integers(2))
        for i, foot in enumerate((first, 1 - first)):
            _step(plan, foot, plan.now + at + 0.42 * i, 0.4, ahead, **manner)

    def _plant(self, plan: Plan, middle, start: float, stop: float) -> None:
        wide = plan.rng.uniform(0.24, 0.32)
        for side, sign in zip(SIDES, (1.0, -1.0)):
            place = tuple(middle + sign * wide * leftward(plan.heading))
            yaw = plan.heading - sign * plan.rng.uniform(-0.1, 0.35)
            plan.hand_plants.append(HandPlant(side, plan.now + start, plan.now + stop, place, yaw))

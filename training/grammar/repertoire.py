"""What may be drawn: actions of the lower body by family, with their ranges and weights."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training.grammar.choices import draw_count
from training.grammar.dance import STYLES, Dance
from training.grammar.exercise import Balance, JumpingJack, Kneel, Lunge, PickUp
from training.grammar.floor_actions import GetUp, LieAndGetUp, LieDown, PushUp, SitOnFloor
from training.grammar.jumps import Hop, Jump, Skip
from training.grammar.lifting import Kick, KneeLift, March, Stomp
from training.grammar.locomotion import SPEEDS, SideStep, Step, Turn, Walk
from training.grammar.lowering import Sit, Squat, StandUp

SIDES = ("left", "right")
TURN_ANGLES, TURN_SHARES = (45, 90, 135, 180, 270, 360), (0.2, 0.28, 0.1, 0.21, 0.08, 0.13)
MOST_DEGREES_A_STEP = {"curve": 22.0, "turn": 42.0}


@dataclass(frozen=True)
class LowerFamily:
    """A kind of lower-body action; ``sample(rng, brief)`` draws one, a short one if brief."""

    name: str
    weight: float
    sample: Callable


def draw_speed(rng: np.random.Generator) -> str:
    return str(rng.choice(SPEEDS, p=(0.22, 0.56, 0.22)))


def _count(rng: np.random.Generator, brief: bool) -> int:
    return int(rng.choice((1, 2, 3), p=(0.5, 0.3, 0.2))) if brief else draw_count(rng)


def draw_side(rng: np.random.Generator) -> str:
    return SIDES[rng.integers(2)]


def _steps(rng: np.random.Generator, brief: bool, step_seconds: float) -> int:
    seconds = rng.uniform(1.8, 3.4) if brief else rng.uniform(2.2, 6.8)
    return max(3, round(seconds / step_seconds))


def walk(rng: np.random.Generator, brief: bool) -> Walk:
    draft = Walk("walk", draw_speed(rng), 4)
    return Walk("walk", draft.speed, _steps(rng, brief, draft.gait.step_seconds))


def run(rng: np.random.Generator, brief: bool) -> Walk:
    speed = draw_speed(rng)
    seconds = rng.uniform(1.8, 2.6) if brief else rng.uniform(1.8, 4.2)
    return Walk("run", speed, max(5, round(seconds / 0.36)))


def walk_backward(rng: np.random.Generator, brief: bool) -> Walk:
    draft = Walk("walk backward", draw_speed(rng), 4)
    return Walk("walk backward", draft.speed, _steps(rng, brief, draft.gait.step_seconds))


def walk_curve(rng: np.random.Generator, brief: bool) -> Walk:
    draft = Walk("walk", draw_speed(rng), 4)
    steps = max(5, _steps(rng, brief, draft.gait.step_seconds))
    return Walk("walk", draft.speed, steps, curve_angle(rng, steps))


def curve_angle(rng: np.random.Generator, steps: int) -> float:
    """Degrees of a curve that so many steps can describe, positive to the left."""
    angles = [a for a in (45, 90, 135, 180) if a <= MOST_DEGREES_A_STEP["curve"] * steps]
    return float(rng.choice(angles)) * (1.0 if rng.random() < 0.5 else -1.0)


def walk_turn(rng: np.random.Generator, brief: bool) -> Walk:
    """Straight on, a turn on the way within a few steps, and straight on again."""
    speed = str(rng.choice(SPEEDS, p=(0.12, 0.73, 0.15)))
    angle = float(rng.choice((45, 90, 135, 180), p=(0.2, 0.45, 0.1, 0.25)))
    bend = max(2, int(np.ceil(angle / MOST_DEGREES_A_STEP["turn"])))
    before, after = rng.integers(2, 5, 2)
    steps = int(before + bend + after)
    span = (before / steps, (before + bend) / steps)
    return Walk("walk", speed, steps, angle if rng.random() < 0.5 else -angle, span)


def limp(rng: np.random.Generator, brief: bool) -> Walk:
    draft = Walk("walk", str(rng.choice(("slow", "normal"))), 4)
    steps = _steps(rng, brief, draft.gait.step_seconds)
    return Walk("walk", draft.speed, steps, limps_on=draw_side(rng))


def styled(style: str) -> Callable:
    """What draws a walk in a manner of ``gaits.STYLES``."""

    def sample(rng: np.random.Generator, brief: bool) -> Walk:
        draft = Walk("walk", draw_speed(rng), 4, style=style)
        steps = max(4, _steps(rng, brief, draft.gait.step_seconds))
        return Walk("walk", draft.speed, steps, style=style)

    return sample


def figure_eight(rng: np.random.Generator, brief: bool) -> Walk:
    if rng.random() < 0.25:
        return Walk("run", "slow", int(rng.integers(20, 23)), eight=draw_side(rng))
    return Walk("walk", "fast", int(rng.integers(17, 20)), eight=draw_side(rng))


def climb(rng: np.random.Generator, brief: bool) -> Walk:
    way = "upstairs" if rng.random() < 0.55 else "downstairs"
    return styled(way)(rng, brief)


def walk_circle(rng: np.random.Generator, brief: bool) -> Walk:
    speed = str(rng.choice(("normal", "fast", "slow"), p=(0.6, 0.3, 0.1)))
    steps = {"slow": 12, "normal": int(rng.integers(12, 17)), "fast": int(rng.integers(13, 19))}[
        speed
    ]
    return Walk("walk", speed, steps, 360.0 if rng.random() < 0.5 else -360.0)


def run_curve(rng: np.random.Generator, brief: bool) -> Walk:
    steps = int(rng.integers(7, 12))
    return Walk("run", draw_speed(rng), steps, curve_angle(rng, steps - 2))


def side_step(rng: np.random.Generator, brief: bool) -> SideStep:
    return SideStep(draw_side(rng), draw_speed(rng), _count(rng, brief))


def turn(rng: np.random.Generator, brief: bool) -> Turn:
    angle = float(rng.choice(TURN_ANGLES, p=TURN_SHARES))
    return Turn(draw_side(rng), angle, draw_speed(rng))


def step(rng: np.random.Generator, brief: bool) -> Step:
    direction = "forward" if rng.random() < 0.55 else "backward"
    side = draw_side(rng) if rng.random() < 0.6 else None
    return Step(direction, draw_speed(rng), _count(rng, brief), side)


def jump(rng: np.random.Generator, brief: bool) -> Jump:
    ways = ("up", "forward", "backward", "left", "right")
    amplitude = str(rng.choice(("small", "normal", "large"), p=(0.2, 0.55, 0.25)))
    return Jump(
        str(rng.choice(ways, p=(0.5, 0.26, 0.08, 0.08, 0.08))), _count(rng, brief), amplitude
    )


def hop(rng: np.random.Generator, brief: bool) -> Hop:
    return Hop(draw_side(rng), int(rng.integers(2, 4)) if brief else draw_count(rng))


def skip(rng: np.random.Generator, brief: bool) -> Skip:
    speed = draw_speed(rng)
    seconds = rng.uniform(2.0, 3.2) if brief else rng.uniform(2.4, 5.0)
    return Skip(speed, max(4, round(seconds / Skip(speed, 4).skip_seconds)))


def squat(rng: np.random.Generator, brief: bool) -> Squat:
    amplitude = str(rng.choice(("small", "normal", "large"), p=(0.12, 0.5, 0.38)))
    return Squat(_count(rng, brief), draw_speed(rng), amplitude)


def crouch(rng: np.random.Generator, brief: bool) -> Squat:
    amplitude = str(rng.choice(("normal", "large")))
    return Squat(1, draw_speed(rng), amplitude, rng.uniform(1.0, 2.6))


def sit_down(rng: np.random.Generator, brief: bool) -> Sit:
    return Sit(rng.uniform(0.8, 2.8), False, draw_speed(rng))


def sit_and_stand(rng: np.random.Generator, brief: bool) -> Sit:
    return Sit(rng.uniform(0.5, 2.0), True, draw_speed(rng))


def stand_up(rng: np.random.Generator, brief: bool) -> StandUp:
    return StandUp(rng.uniform(0.4, 1.2), draw_speed(rng))


def kick(rng: np.random.Generator, brief: bool) -> Kick:
    direction = str(rng.choice(("forward", "side", "backward"), p=(0.56, 0.27, 0.17)))
    height = str(rng.choice(("low", "middle", "high"), p=(0.25, 0.45, 0.3)))
    if direction == "backward" and height == "high":
        height = "middle"
    speed = str(rng.choice(SPEEDS, p=(0.12, 0.6, 0.28)))
    return Kick(draw_side(rng), direction, height, _count(rng, brief), speed)


def knee_lift(rng: np.random.Generator, brief: bool) -> KneeLift:
    hold = rng.uniform(0.0, 0.3) if rng.random() < 0.75 else rng.uniform(0.6, 1.8)
    return KneeLift(draw_side(rng), _count(rng, brief) if hold < 0.5 else 1, hold, draw_speed(rng))


def stomp(rng: np.random.Generator, brief: bool) -> Stomp:
    return Stomp(draw_side(rng), _count(rng, brief), str(rng.choice(SPEEDS, p=(0.15, 0.6, 0.25))))


def lunge(rng: np.random.Generator, brief: bool) -> Lunge:
    return Lunge(draw_side(rng), min(_count(rng, brief), 4), draw_speed(rng))


def jumping_jack(rng: np.random.Generator, brief: bool) -> JumpingJack:
    return JumpingJack(_count(rng, brief), draw_speed(rng))


def kneel(rng: np.random.Generator, brief: bool) -> Kneel:
    return Kneel(draw_side(rng), rng.uniform(0.5, 2.2), draw_speed(rng))


def balance(rng: np.random.Generator, brief: bool) -> Balance:
    return Balance(draw_side(rng), rng.uniform(0.8, 1.6) if brief else rng.uniform(1.2, 4.0))


def pick_up(rng: np.random.Generator, brief: bool) -> PickUp:
    side = "both" if rng.random() < 0.35 else draw_side(rng)
    return PickUp(side, draw_speed(rng))


def dance(rng: np.random.Generator, brief: bool) -> Dance:
    beat = rng.uniform(0.46, 0.66)
    seconds = rng.uniform(2.0, 3.2) if brief else rng.uniform(3.0, 8.0)
    return Dance(str(rng.choice(STYLES)), 2 * max(2, round(seconds / beat / 2.0)), beat)


def lie_down(rng: np.random.Generator, brief: bool) -> LieDown:
    return LieDown(rng.uniform(0.6, 2.5), draw_speed(rng))


def lie_and_get_up(rng: np.random.Generator, brief: bool) -> LieAndGetUp:
    return LieAndGetUp(rng.uniform(0.3, 1.5), str(rng.choice(("normal", "fast"))))


def get_up(rng: np.random.Generator, brief: bool) -> GetUp:
    return GetUp(rng.uniform(0.4, 1.5), draw_speed(rng))


def sit_on_floor(rng: np.random.Generator, brief: bool) -> SitOnFloor:
    return SitOnFloor(rng.uniform(0.8, 2.5), draw_speed(rng))


def push_up(rng: np.random.Generator, brief: bool) -> PushUp:
    return PushUp(int(rng.integers(1, 3 if brief else 5)), draw_speed(rng))


def march(rng: np.random.Generator, brief: bool) -> March:
    speed = draw_speed(rng)
    seconds = rng.uniform(2.2, 3.4) if brief else rng.uniform(2.5, 6.0)
    amplitude = str(rng.choice(("small", "normal", "large"), p=(0.2, 0.5, 0.3)))
    return March(speed, max(4, round(seconds / March(speed, 4).step_seconds)), amplitude)


LOWER_FAMILIES = (
    LowerFamily("walk", 2.2, walk),
    LowerFamily("walk_backward", 1.1, walk_backward),
    LowerFamily("run", 1.3, run),
    LowerFamily("side_step", 1.5, side_step),
    LowerFamily("turn", 2.0, turn),
    LowerFamily("step", 1.2, step),
    LowerFamily("jump", 1.8, jump),
    LowerFamily("hop", 0.8, hop),
    LowerFamily("squat", 1.2, squat),
    LowerFamily("crouch", 0.6, crouch),
    LowerFamily("sit_down", 0.9, sit_down),
    LowerFamily("sit_and_stand", 0.5, sit_and_stand),
    LowerFamily("stand_up", 0.7, stand_up),
    LowerFamily("kick", 2.6, kick),
    LowerFamily("knee_lift", 1.2, knee_lift),
    LowerFamily("stomp", 1.0, stomp),
    LowerFamily("lunge", 0.8, lunge),
    LowerFamily("jumping_jack", 0.8, jumping_jack),
    LowerFamily("kneel", 0.6, kneel),
    LowerFamily("balance", 0.6, balance),
    LowerFamily("pick_up", 0.7, pick_up),
    LowerFamily("dance", 1.0, dance),
    LowerFamily("march", 0.8, march),
    LowerFamily("walk_turn", 1.2, walk_turn),
    LowerFamily("limp", 0.6, limp),
    LowerFamily("walk_curve", 0.6, walk_curve),
    LowerFamily("tiptoe", 0.8, styled("tiptoe")),
    LowerFamily("sneak", 0.8, styled("sneak")),
    LowerFamily("march_forward", 0.7, styled("march")),
    LowerFamily("jog", 0.9, styled("jog")),
    LowerFamily("climb", 0.8, climb),
    LowerFamily("skip", 0.7, skip),
    LowerFamily("lie_down", 0.7, lie_down),
    LowerFamily("lie_and_get_up", 0.5, lie_and_get_up),
    LowerFamily("get_up", 0.7, get_up),
    LowerFamily("sit_on_floor", 0.6, sit_on_floor),
    LowerFamily("push_up", 0.9, push_up),
)
LOCOMOTION_FAMILIES = (
    LowerFamily("walk", 3.0, walk),
    LowerFamily("walk_backward", 1.3, walk_backward),
    LowerFamily("run", 2.0, run),
    LowerFamily("walk_curve", 1.5, walk_curve),
    LowerFamily("walk_circle", 1.6, walk_circle),
    LowerFamily("run_curve", 0.6, run_curve),
    LowerFamily("figure_eight", 1.4, figure_eight),
    LowerFamily("tiptoe", 0.7, styled("tiptoe")),
    LowerFamily("sneak", 0.7, styled("sneak")),
    LowerFamily("march_forward", 0.6, styled("march")),
    LowerFamily("jog", 1.0, styled("jog")),
    LowerFamily("skip", 0.7, skip),
)
TURN_FAMILIES = (
    LowerFamily("turn", 4.6, turn),
    LowerFamily("walk_turn", 1.0, walk_turn),
    LowerFamily("walk_curve", 0.8, walk_curve),
    LowerFamily("walk_circle", 0.5, walk_circle),
)


def draw(families, rng: np.random.Generator, evenness: float = 1.0):
    """One of the families, by the given power of its weight."""
    weights = np.array([family.weight for family in families]) ** evenness
    return families[rng.choice(len(families), p=weights / weights.sum())]

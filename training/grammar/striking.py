"""Gestures with a beat or a blow: clap, punch, knock, throw, push."""

import numpy as np

from training.grammar.choices import (
    arm_channels,
    beat_times,
    draw_count,
    draw_side,
    draw_speed,
    pace,
    pick,
    side_sign,
)
from training.grammar.gesture import Gesture
from training.grammar.hands import HandKey
from training.grammar.head_torso import TurnKey
from training.grammar.reaching import MIDLINE, ArmKey, ArmPose
from training.grammar.timeline import ActionDescription, Person

_BOTH = ("left", "right")
_PALM_GAP = 0.042

_CLAP_PLACES = {None: (-0.10, 0.30), "overhead": (0.36, 0.12), "low": (-0.30, 0.24)}


def clap(rng: np.random.Generator, person: Person) -> Gesture:
    """Palms meet on the midline; quick together, slower apart."""
    height = pick(rng, {None: 0.72, "overhead": 0.18, "low": 0.10})
    count, speed = draw_count(rng), draw_speed(rng)
    period = 0.62 * pace(speed, person, rng)
    up, forward = np.array(_CLAP_PLACES[height]) + rng.normal(0.0, 0.02, 2)
    gap = rng.uniform(0.16, 0.21) * np.clip(person.energy * period / 0.62, 0.85, 1.15)
    elbow = (1.0, 0.2, 0.2) if height == "overhead" else (0.7, -1.0, -0.2)
    closed = ArmPose((MIDLINE + _PALM_GAP, up, forward), elbow, (-1.0, 0.0, 0.0), flex=-14.0)
    apart = closed.moved(out=gap, up=-0.02, flex=-20.0)
    rise = rng.uniform(0.6, 0.8)
    meets = beat_times(rng, rise + 0.45 * period, period, count)
    keys = [ArmKey(rise, rise, apart, 0.03)]
    for meet in meets:
        keys.append(ArmKey(meet, 0.45 * period, closed, 0.0))
        keys.append(ArmKey(meet + 0.56 * period, 0.56 * period, apart, 0.0))
    back = rng.uniform(0.6, 0.8)
    nods = [TurnKey(meet, 0.4 * period, (1.5 + (i % 2), 0.0, 0.0)) for i, meet in enumerate(meets)]
    return Gesture(
        ActionDescription("clap", arm_channels("both"), count=count, speed=speed, height=height),
        keys[-1].at - 0.1 + back,
        arms={side: keys for side in _BOTH},
        hands={side: [HandKey(rise, 0.5, "flat")] for side in _BOTH},
        trunk=[TurnKey(rise, rise, (1.0, 0.0, 0.0)), *nods],
        head=[TurnKey(rise, rise, (-10.0 if height == "overhead" else 3.0, 0.0, 0.0))],
        back=back,
    )


def clasp(rng: np.random.Generator, person: Person) -> Gesture:
    """Palms laid together before the chest, as in prayer or greeting, the head a little bent."""
    factor = pace(None, person, rng)
    up, forward = np.array((-0.12, 0.25)) + rng.normal(0.0, 0.02, 2)
    joined = ArmPose((MIDLINE + _PALM_GAP, up, forward), (1.0, -0.8, 0.0), flex=-22.0)
    arrive, back = rng.uniform(0.8, 1.0) * factor, rng.uniform(0.7, 0.95) * factor
    keys = [
        ArmKey(0.75 * arrive, 0.75 * arrive, joined.moved(out=0.1, flex=-15.0), 0.0),
        ArmKey(arrive, 0.55 * arrive, joined, 0.0),
    ]
    return Gesture(
        ActionDescription("clasp", arm_channels("both"), side="both", target="chest"),
        arrive + rng.uniform(0.8, 2.6) + back,
        arms={side: keys for side in _BOTH},
        hands={side: [HandKey(arrive, 0.5, "flat")] for side in _BOTH},
        trunk=[TurnKey(arrive + 0.2, arrive, (3.0, 0.0, 0.0))],
        head=[TurnKey(arrive + 0.2, arrive, (9.0, 0.0, 0.0))],
        back=back,
    )


_GUARD = ArmPose((-0.07, 0.0, 0.24), (0.5, -1.0, -0.2), (-0.9, 0.0, -0.3))
_BLOWS = {
    "forward": (
        _GUARD.moved(forward=-0.09, out=0.04, up=-0.03),
        ArmPose((MIDLINE + 0.04, 0.06, 0.50), (0.8, -1.0, 0.0), (-0.2, -1.0, 0.0)),
    ),
    "up": (
        ArmPose((-0.01, -0.27, 0.12), (0.4, -0.6, -1.0), (-0.5, 0.8, -0.2)),
        ArmPose((MIDLINE + 0.03, 0.21, 0.30), (0.4, -1.0, 0.2), (-0.2, 0.1, -1.0)),
    ),
    "across": (
        ArmPose((0.24, -0.01, 0.10), (0.7, 0.0, -1.0), (-0.4, -0.6, 0.3)),
        ArmPose((MIDLINE - 0.07, 0.05, 0.32), (1.0, 0.1, 0.1), (-0.3, -0.9, -0.3)),
    ),
}  # fmt: skip
_BLOW_TURN = {"forward": (4.0, 0.0, -24.0), "up": (-5.0, 3.0, -20.0), "across": (2.0, 0.0, -34.0)}
_LOAD_TURN = {"forward": (1.0, 0.0, 11.0), "up": (8.0, 7.0, 12.0), "across": (2.0, 0.0, 16.0)}


def punch(rng: np.random.Generator, person: Person) -> Gesture:
    """Blows from a guard: loaded by the trunk, fast out, slower back."""
    side = pick(rng, {"left": 0.37, "right": 0.37, "alternating": 0.26})
    direction = pick(rng, {"forward": 0.56, "up": 0.24, "across": 0.20})
    count, speed = draw_count(rng), draw_speed(rng)
    if side == "alternating":
        count = max(count, 2)
    factor = pace(speed, person, rng)
    load, strike, recover = 0.24 * factor, 0.17 * factor**0.6, 0.42 * factor
    rise = rng.uniform(0.55, 0.7)
    period = load + strike + recover
    order = [side] * count if side != "alternating" else _alternate(draw_side(rng), count)
    keys = {hand: [ArmKey(rise, rise, _GUARD, 0.03)] for hand in _BOTH}
    trunk: list[TurnKey] = []
    loaded, hit = _BLOWS[direction]
    for i, hand in enumerate(order):
        begin, sign = rise + 0.1 + i * period, side_sign(hand)
        blow_at = begin + load + strike
        keys[hand] += [
            ArmKey(begin + load, load * 1.2, loaded, 0.0),
            ArmKey(blow_at, strike * 1.25, hit, 0.04),
            ArmKey(blow_at + recover, recover * 0.92, _GUARD, 0.03),
        ]
        trunk += [
            TurnKey(begin + load, load * 1.2, _turn(_LOAD_TURN[direction], sign), 0.0),
            TurnKey(blow_at, strike * 1.4, _turn(_BLOW_TURN[direction], sign), 0.05),
            TurnKey(blow_at + recover, recover, (3.0, 0.0, 0.0), 0.0),
        ]
    back = rng.uniform(0.65, 0.9)
    # The gaze stays on the opponent: the head turns back what the trunk turns.
    head = [TurnKey(k.at, k.seconds, (2.0, 0.0, -0.85 * k.turn[2]), 0.0) for k in trunk]
    fists = {hand: [HandKey(0.8 * rise, 0.35, "fist")] for hand in _BOTH}
    return Gesture(
        ActionDescription(
            "punch", arm_channels("both", "torso"), side=side, count=count, speed=speed,
            direction=direction,
        ),
        rise + 0.1 + count * period + back,
        arms=keys, hands=fists, trunk=trunk, head=head, back=back, hip_share=0.3,
    )  # fmt: skip


def _alternate(first: str, count: int) -> list[str]:
    second = "left" if first == "right" else "right"
    return [first if i % 2 == 0 else second for i in range(count)]


def _turn(turn: tuple[float, float, float], sign: float) -> tuple[float, float, float]:
    """A turn written for the left side, mirrored for the right (``sign`` -1)."""
    return turn[0], turn[1] * sign, turn[2] * sign


_KNOCK = ArmPose((-0.06, 0.04, 0.34), (0.7, -1.0, 0.0), (-0.2, -0.5, 1.0), flex=-8.0)


def knock(rng: np.random.Generator, person: Person) -> Gesture:
    """Knuckles on a door at chest height: a flick of forearm and wrist for each knock."""
    side, count, speed = draw_side(rng), draw_count(rng), draw_speed(rng)
    period = 0.5 * pace(speed, person, rng)
    away = _KNOCK.moved(forward=-0.11, up=0.025, flex=-30.0)
    hit = _KNOCK.moved(forward=0.03, flex=10.0)
    rise = rng.uniform(0.6, 0.8)
    keys = [ArmKey(rise, rise, away, 0.03)]
    for moment in beat_times(rng, rise + 0.45 * period, period, count):
        keys.append(ArmKey(moment, 0.45 * period, hit, 0.0))
        keys.append(ArmKey(moment + 0.5 * period, 0.5 * period, away, 0.0))
    back, sign = rng.uniform(0.65, 0.85), side_sign(side)
    return Gesture(
        ActionDescription("knock", arm_channels(side), side=side, count=count, speed=speed),
        keys[-1].at + 0.15 + back,
        arms={side: keys},
        hands={side: [HandKey(0.8 * rise, 0.4, "fist")]},
        trunk=[TurnKey(rise, rise, (3.0, 0.0, -5.0 * sign))],
        head=[TurnKey(0.7 * rise, 0.5, (4.0, 0.0, 4.0 * sign))],
        back=back,
    )


_WOUND_UP = ArmPose((0.22, 0.14, -0.14), (0.6, -0.5, -1.0), (-0.2, 0.6, 0.8), flex=-25.0)
_RELEASE = ArmPose((-0.02, 0.24, 0.42), (1.0, -0.3, 0.0), (-0.2, -0.7, 0.7), flex=5.0)
_FOLLOWED = ArmPose((-0.26, -0.30, 0.26), (1.0, 0.2, 0.0), (-0.3, -0.6, -0.7), flex=25.0)
_AIM = ArmPose((0.0, -0.06, 0.40), (0.7, -1.0, 0.0), (-0.5, -0.8, 0.0))


def throw(rng: np.random.Generator, person: Person) -> Gesture:
    """Overarm: wind up with the trunk turned away, whip from hip to hand, follow through."""
    side, speed = draw_side(rng), draw_speed(rng, 0.25)
    factor, sign = pace(speed, person, rng), side_sign(side)
    other = "left" if side == "right" else "right"
    wind, whip, follow = 0.8 * factor, 0.3 * factor**0.6, 0.32 * factor**0.6
    release = wind + 0.12 + whip
    keys = [
        ArmKey(wind, wind, _WOUND_UP, 0.04),
        ArmKey(release, whip, _RELEASE, 0.0),
        ArmKey(release + 0.75 * follow, follow, _FOLLOWED, 0.06),
    ]
    balance = [
        ArmKey(wind, 0.85 * wind, _AIM, 0.03),
        ArmKey(release + 0.1, 0.4 * factor, ArmPose((0.10, -0.32, 0.02), (0.4, -0.4, -1.0)), 0.04),
    ]
    back = rng.uniform(0.8, 1.0)
    trunk = [
        TurnKey(wind, wind, (-6.0, 4.0 * sign, 26.0 * sign), 0.03),
        TurnKey(release - 0.04, 0.95 * whip, (10.0, -3.0 * sign, -22.0 * sign), 0.0),
        TurnKey(release + follow, follow, (18.0, -5.0 * sign, -30.0 * sign), 0.05),
    ]
    head = [TurnKey(k.at, k.seconds, (-0.3 * k.turn[0], 0.0, -0.8 * k.turn[2]), 0.0) for k in trunk]
    return Gesture(
        ActionDescription(
            "throw", arm_channels("both", "torso"), side=side, speed=speed, direction="forward"
        ),
        release + follow + rng.uniform(0.2, 0.5) + back,
        arms={side: keys, other: balance},
        hands={side: [HandKey(0.4, 0.35, "grip"), HandKey(release + 0.05, 0.16, "open")]},
        trunk=trunk, head=head, back=back, hip_share=0.35,
    )  # fmt: skip


_READY = ArmPose((-0.05, -0.10, 0.15), (0.6, -1.0, -0.4), (-0.1, -0.2, 1.0), flex=-55.0)
_PUSHED = ArmPose((-0.06, 0.0, 0.47), (1.0, -0.9, 0.0), (0.0, -0.7, 1.0), flex=-68.0)


def push(rng: np.random.Generator, person: Person) -> Gesture:
    """Both palms against something heavy before the chest."""
    count, speed = min(draw_count(rng), 4), draw_speed(rng)
    factor = pace(speed, person, rng)
    ready, shove, recover = 0.75, 0.55 * factor, 0.65 * factor
    keys, trunk = [ArmKey(ready, ready, _READY, 0.03)], [TurnKey(ready, ready, (-3.0, 0.0, 0.0))]
    for i in range(count):
        begin = ready + 0.1 + i * (shove + recover + 0.15)
        keys.append(ArmKey(begin + shove, shove, _PUSHED, 0.02))
        trunk.append(TurnKey(begin + shove, shove, (11.0, 0.0, 0.0), 0.03))
        if i + 1 < count:
            end = begin + shove + 0.15 + recover
            keys.append(ArmKey(end, recover, _READY, 0.0))
            trunk.append(TurnKey(end, recover, (-2.0, 0.0, 0.0), 0.0))
    back = rng.uniform(0.75, 1.0)
    return Gesture(
        ActionDescription(
            "push", arm_channels("both", "torso"), side="both", count=count, speed=speed,
            direction="forward",
        ),
        keys[-1].at + rng.uniform(0.2, 0.8) + back,
        arms={side: keys for side in _BOTH},
        hands={side: [HandKey(ready, 0.5, "open")] for side in _BOTH},
        trunk=trunk,
        head=[TurnKey(ready, ready, (2.0, 0.0, 0.0))],
        back=back, hip_share=0.4,
    )  # fmt: skip

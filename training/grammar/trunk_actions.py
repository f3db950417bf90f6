"""Gestures of trunk, head and shoulders: bow, lean, twist, nod, shake, look, shrug, stretch."""

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
from training.grammar.reaching import ArmKey, ArmPose
from training.grammar.timeline import ActionDescription, Person

_BOTH = ("left", "right")
_BOW_DEGREES = {"small": (22.0, 30.0), None: (34.0, 48.0), "large": (60.0, 75.0)}


def bow(rng: np.random.Generator, person: Person) -> Gesture:
    """From the hips, the back long, the eyes to the floor."""
    amplitude, speed = pick(rng, {None: 0.5, "small": 0.2, "large": 0.3}), draw_speed(rng)
    degrees = rng.uniform(*_BOW_DEGREES[amplitude])
    factor = pace(speed, person, rng) * (0.85 + degrees / 200.0)
    down, hold, back = 0.95 * factor, rng.uniform(0.25, 1.5), 1.05 * factor
    count = min(draw_count(rng), 4)
    if count > 1:
        hold, down, back = 0.25, 0.75 * down, 0.8 * back
    trunk = [TurnKey(0.1 + down, down, (degrees, 0.0, 0.0), 0.02, 0.03)]
    for _ in range(count - 1):
        up = trunk[-1].at + hold + down
        trunk.append(TurnKey(up, down, (1.0, 0.0, 0.0), 0.0))
        trunk.append(TurnKey(up + 0.1 + down, down, (degrees, 0.0, 0.0), 0.02))
    head = [TurnKey(k.at - 0.1, 0.85 * k.seconds, tuple(0.28 * np.array(k.turn))) for k in trunk]
    return Gesture(
        ActionDescription("bow", ("torso", "head"), count=count, speed=speed, amplitude=amplitude),
        trunk[-1].at + hold + back,
        trunk=trunk,
        head=head,
        back=back,
        hip_share=0.55,
        hang=0.75,
    )


_LEANS = {
    "forward": (34.0, 0.0, 0.0),
    "backward": (-20.0, 0.0, 0.0),
    "left": (0.0, 27.0, 0.0),
    "right": (0.0, -27.0, 0.0),
}


def lean(rng: np.random.Generator, person: Person) -> Gesture:
    """The trunk inclined to one side, a hold, and upright again."""
    direction, speed = pick(rng, dict.fromkeys(_LEANS, 1.0)), draw_speed(rng)
    turn = np.array(_LEANS[direction]) * rng.uniform(1.0, 1.3) * max(person.energy, 0.95)
    factor = pace(speed, person, rng)
    there, hold, back = 0.9 * factor, rng.uniform(0.3, 1.6), 0.95 * factor
    gaze = tuple(-0.35 * turn)
    return Gesture(
        ActionDescription("lean", ("torso", "head"), direction=direction, speed=speed),
        there + hold + back,
        trunk=[TurnKey(there, there, tuple(turn), 0.03, 0.02)],
        head=[TurnKey(there, there, gaze, 0.02)],
        back=back,
        hip_share=0.3,
        hang=0.6,
    )


def twist(rng: np.random.Generator, person: Person) -> Gesture:
    """The trunk turned about its own axis over still hips; to one side, or to and fro."""
    direction = pick(rng, {"left": 0.38, "right": 0.38, "alternating": 0.24})
    speed = draw_speed(rng)
    degrees = rng.uniform(35.0, 48.0)
    there = 0.8 * pace(speed, person, rng)
    back = 1.1 * there
    first = draw_side(rng) if direction == "alternating" else direction
    count = int(rng.integers(2, 6)) if direction == "alternating" else 1
    trunk = [
        TurnKey(
            there * (1.0 + 1.35 * i),
            there * (1.0 if i == 0 else 1.4),
            (1.0, 0.0, degrees * side_sign(first) * (-1) ** i),
            0.04,
        )
        for i in range(count)
    ]
    head = [TurnKey(k.at, k.seconds, (0.0, 0.0, 0.3 * k.turn[2]), 0.02) for k in trunk]
    hold = rng.uniform(0.3, 1.4) if count == 1 else 0.05
    return Gesture(
        ActionDescription(
            "twist", ("torso", "head"), direction=direction, speed=speed,
            count=count if count > 1 else None,
        ),
        trunk[-1].at + hold + back,
        trunk=trunk, head=head, back=back, hip_share=0.12,
    )  # fmt: skip


def nod(rng: np.random.Generator, person: Person) -> Gesture:
    """Yes: the chin dips, quicker down than up, a little less each time."""
    count, speed = draw_count(rng), draw_speed(rng)
    period = 0.78 * pace(speed, person, rng) ** 0.8
    depth = rng.uniform(28.0, 36.0) * np.clip(person.energy, 0.95, 1.08)
    head: list[TurnKey] = []
    for i, moment in enumerate(beat_times(rng, 0.15 + 0.5 * period, period, count)):
        dip = depth * (1.0 - 0.03 * i)
        head.append(TurnKey(moment, 0.5 * period, (dip, 0.0, 0.0), 0.0))
        if i + 1 < count:
            head.append(TurnKey(moment + 0.52 * period, 0.52 * period, (-4.0, 0.0, 0.0), 0.0))
    back = max(0.4, 0.6 * period)
    return Gesture(
        ActionDescription("nod", ("head",), count=count, speed=speed),
        head[-1].at + 0.05 + back,
        trunk=[TurnKey(0.3, 0.3, (1.5, 0.0, 0.0))],
        head=head,
        back=back,
    )


def shake_head(rng: np.random.Generator, person: Person) -> Gesture:
    """No: the face goes from side to side; one count is one side and the other."""
    count, speed = draw_count(rng), draw_speed(rng)
    half = 0.36 * pace(speed, person, rng)
    yaw = rng.uniform(32.0, 42.0) * np.clip(person.energy, 0.95, 1.1)
    first = side_sign(draw_side(rng))
    head = []
    for i in range(2 * count):
        step = half if i else 0.8 * half
        turn = (2.0, 1.5 * first * (-1) ** i, yaw * first * (-1) ** i * (1.0 - 0.04 * i))
        head.append(TurnKey(0.1 + half * (1 + i), step * 1.15, turn, 0.0))
    back = max(0.4, 1.1 * half)
    return Gesture(
        ActionDescription("shake_head", ("head",), count=count, speed=speed),
        head[-1].at + back,
        head=head,
        back=back,
    )


_LOOKS = {
    "left": (0.0, 2.0, 58.0),
    "right": (0.0, -2.0, -58.0),
    "up": (-32.0, 0.0, 0.0),
    "down": (36.0, 0.0, 0.0),
}


def look(rng: np.random.Generator, person: Person) -> Gesture:
    """The head turns, the chest follows a little; "around" is one side, then the other."""
    direction = pick(rng, {"left": 0.24, "right": 0.24, "up": 0.2, "down": 0.18, "around": 0.14})
    speed = draw_speed(rng, 0.3)
    there = 0.55 * pace(speed, person, rng)
    order = [direction]
    if direction == "around":
        order = ["left", "right"] if rng.random() < 0.5 else ["right", "left"]
    head: list[TurnKey] = []
    at = 0.05
    for i, name in enumerate(order):
        travel = there * (1.0 if i == 0 else 1.5)
        at += travel
        turn = np.array(_LOOKS[name]) * rng.uniform(0.9, 1.12) + (rng.normal(0.0, 2.0), 0.0, 0.0)
        head.append(TurnKey(at, travel, tuple(turn), 0.03))
        at += rng.uniform(0.45, 1.3)
    back = max(0.5, 1.05 * there)
    trunk = [TurnKey(k.at + 0.12, k.seconds, tuple(0.16 * np.array(k.turn)), 0.0) for k in head]
    return Gesture(
        ActionDescription("look", ("head",), direction=direction, speed=speed),
        at + back,
        trunk=trunk,
        head=head,
        back=back,
    )


def tilt_head(rng: np.random.Generator, person: Person) -> Gesture:
    """An ear towards its shoulder, the gaze still ahead."""
    side, speed = draw_side(rng), draw_speed(rng, 0.3)
    factor = pace(speed, person, rng)
    there, back = 0.55 * factor, max(0.45, 0.6 * factor)
    tilt = rng.uniform(21.0, 30.0) * side_sign(side)
    return Gesture(
        ActionDescription("tilt_head", ("head",), direction=side, speed=speed),
        0.05 + there + rng.uniform(0.5, 1.8) + back,
        trunk=[TurnKey(there + 0.1, there, (0.0, 0.06 * tilt, 0.0))],
        head=[TurnKey(0.05 + there, there, (1.0, tilt, -0.1 * tilt), 0.04)],
        back=back,
    )


_SHRUG = ArmPose((0.12, -0.28, 0.19), (0.2, -0.4, -1.0), (-0.1, 1.0, 0.3), flex=-20.0, shrug=24.0)


def shrug(rng: np.random.Generator, person: Person) -> Gesture:
    """Shoulders to the ears, palms turned up, the head to one side."""
    count = draw_count(rng)
    factor = pace(None, person, rng)
    up, hold, down = 0.42 * factor, rng.uniform(0.15, 0.6), 0.4 * factor
    relaxed = _SHRUG.moved(up=-0.06, out=-0.04, shrug=0.0)
    arms = [ArmKey(0.1 + up, up, _SHRUG, 0.06)]
    for _ in range(count - 1):
        arms.append(ArmKey(arms[-1].at + hold + down, down, relaxed, 0.0))
        arms.append(ArmKey(arms[-1].at + up, up, _SHRUG, 0.05))
    back = rng.uniform(0.5, 0.7) * factor
    tilt = rng.uniform(4.0, 9.0) * side_sign(draw_side(rng))
    return Gesture(
        ActionDescription("shrug", arm_channels("both", "torso"), count=count),
        arms[-1].at + hold + back,
        arms={side: arms for side in _BOTH},
        hands={side: [HandKey(0.5, 0.4, "open")] for side in _BOTH},
        trunk=[TurnKey(0.1 + up, up, (-2.0, 0.0, 0.0))],
        head=[TurnKey(0.15 + up, up, (2.0, tilt, 0.0))],
        back=back,
    )


def stretch(rng: np.random.Generator, person: Person) -> Gesture:
    """Both arms high, the back arched, and a slow release."""
    factor = pace(None, person, rng)
    way = ArmPose((0.30, 0.02, 0.28), (0.8, -0.8, -0.2), (-0.3, -0.9, 0.3))
    top = ArmPose((0.06, 0.51, -0.02), (1.0, 0.0, 0.2), (-0.4, 0.3, 0.8), flex=-20.0, shrug=8.0)
    up, hold = 0.8 * factor, rng.uniform(0.6, 1.5)
    arms = [
        ArmKey(up, up, way, 0.0),
        ArmKey(1.75 * up, 1.2 * up, top, 0.02),
        ArmKey(1.75 * up + hold + up, up, way.moved(out=0.1), 0.0),
    ]
    back = 0.9 * factor
    seconds = arms[-1].at - 0.4 * up + back
    side = rng.choice([0.0, 10.0, -10.0])
    return Gesture(
        ActionDescription("stretch", arm_channels("both", "torso"), side="both", direction="up"),
        seconds,
        arms={hand: arms for hand in _BOTH},
        hands={hand: [HandKey(up, 0.6, "open")] for hand in _BOTH},
        trunk=[TurnKey(1.8 * up, 1.4 * up, (-9.0, side, 0.0), 0.02)],
        head=[TurnKey(1.8 * up, up, (-18.0, 0.0, 0.0), 0.02)],
        back=back,
    )

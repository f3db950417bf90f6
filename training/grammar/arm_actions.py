"""Gestures of the arms that go somewhere and stay or swing there: wave, raise, point and kin."""

import numpy as np

from training.grammar.choices import (
    arm_channels,
    beat_keys,
    draw_count,
    draw_side,
    draw_speed,
    hands_of,
    pace,
    pick,
    side_sign,
)
from training.grammar.gesture import Gesture
from training.grammar.hands import HandKey
from training.grammar.head_torso import TurnKey
from training.grammar.reaching import ArmKey, ArmPose
from training.grammar.timeline import ActionDescription, Person

_DOWN_AND_OUT = (0.7, -1.0, -0.1)
_FORWARD = (0.0, 0.0, 1.0)
_DOWN = (0.0, -1.0, 0.0)
_INWARDS = (-1.0, 0.0, 0.0)

_WAVE_POSES = {
    None: ArmPose((0.17, 0.17, 0.15), _DOWN_AND_OUT, (0.1, 0.1, 1.0)),
    "high": ArmPose((0.10, 0.44, 0.06), (1.0, 0.0, 0.1), (0.1, -0.1, 1.0)),
    "low": ArmPose((0.16, -0.06, 0.26), _DOWN_AND_OUT, (0.0, 0.3, 1.0), flex=-30.0),
}
# Half the way of the wrist, metres; the bending hand adds a third of it again.
_WAVE_SWING = {None: 0.115, "high": 0.165, "low": 0.10}


def wave(rng: np.random.Generator, person: Person) -> Gesture:
    """Greeting: the forearm swings about the elbow, the hand trails behind it."""
    side = pick(rng, {"left": 0.41, "right": 0.41, "both": 0.18})
    height = pick(rng, {None: 0.6, "high": 0.28, "low": 0.12})
    count, speed = int(rng.integers(2, 6)), draw_speed(rng)
    half = 0.32 * pace(speed, person, rng) * (1.2 if height == "high" else 1.0)
    swing = _WAVE_SWING[height] * person.energy * rng.uniform(0.85, 1.2)
    bend = rng.uniform(16.0, 28.0)
    middle = _WAVE_POSES[height].moved(*rng.normal(0.0, 0.02, 3))
    out = middle.moved(out=swing, deviate=-bend)
    inside = middle.moved(out=-swing, deviate=bend)
    rise = rng.uniform(0.55, 0.75) * min(1.3, pace(speed, person, rng))
    poses = [inside, out] * count + [middle]
    keys = [ArmKey(rise, rise, out, 0.04)] + beat_keys(rise + 0.9 * half, half, poses)
    back = rng.uniform(0.6, 0.85)
    seconds = keys[-1].at + 0.1 + back
    sign = side_sign(side)
    return Gesture(
        ActionDescription(
            "wave", arm_channels(side), side=side, count=count, speed=speed, height=height
        ),
        seconds,
        arms={hand: keys for hand in hands_of(side)},
        hands={hand: [HandKey(0.9 * rise, 0.5, "open")] for hand in hands_of(side)},
        trunk=[TurnKey(rise, rise, (-1.0, -2.5 * sign, 2.0 * sign))],
        head=[TurnKey(0.6 * rise + 0.2, 0.5, (-2.0, 3.0 * sign, 6.0 * sign))],
        back=back,
    )


_RAISED = {
    "forward": ArmPose((0.0, 0.04, 0.50), (0.5, -1.0, 0.0), (-0.4, -1.0, 0.0)),
    "sideways": ArmPose((0.50, 0.05, 0.03), (0.1, -0.6, -0.8), _DOWN),
    "up": ArmPose((0.03, 0.50, 0.05), (0.9, 0.0, 0.3), (-0.7, 0.0, 0.7)),
}
_ON_THE_WAY = {
    "forward": ArmPose((0.02, -0.02, 0.47), (0.6, -1.0, 0.0), (-0.7, -0.6, 0.0)),
    "sideways": ArmPose((0.46, 0.05, 0.14), (0.2, -0.6, -0.8), (-0.2, -1.0, 0.2)),
}

_LOWERED = ArmPose((0.13, -0.48, 0.03), (0.4, -0.3, -1.0))
_REST_SECONDS = 0.2


def raise_arm(rng: np.random.Generator, person: Person) -> Gesture:
    """One arm or both up, a hold, and down again."""
    side = pick(rng, {"left": 0.36, "right": 0.36, "both": 0.28})
    direction = pick(rng, {"up": 0.44, "forward": 0.28, "sideways": 0.28})
    speed = draw_speed(rng)
    factor = pace(speed, person, rng)
    top = _RAISED[direction].moved(*rng.normal(0.0, 0.012, 3))
    count = draw_count(rng) if rng.random() < 0.45 else None
    holds = [rng.uniform(0.3, 2.2) if count in (None, 1) else rng.uniform(0.2, 0.6)] * (count or 1)
    if direction == "up":
        # Overhead the hand passes before the body or beside it, in one flowing arc.
        way = _ON_THE_WAY[draw_side(rng, ("forward", "sideways"))]
        leg = rng.uniform(0.5, 0.65) * factor
        arrive = 1.65 * leg
        keys = _raised_over(leg, holds, way, top)
        back = max(1.1 * leg, 0.45)
        seconds = keys[-1].at - 0.55 * leg + back
    else:
        arrive = rng.uniform(0.7, 0.95) * factor
        keys = _raised_to(arrive, holds, top)
        back = max(0.5, rng.uniform(0.8, 1.05) * factor)
        seconds = keys[-1].at + holds[-1] + back
    sign = side_sign(side)
    lean = {"up": (-2.0, -4.0, 0.0), "forward": (-2.5, -1.0, -3.0), "sideways": (0.0, -4.0, 0.0)}
    forward, left, twist = lean[direction]
    gaze = {"up": (-9.0, 0.0, 5.0), "forward": (0.0, 0.0, 3.0), "sideways": (0.0, 2.0, 14.0)}
    down, tilt, yaw = gaze[direction]
    shape = "flat" if rng.random() < 0.6 else "open"
    return Gesture(
        ActionDescription(
            "raise", arm_channels(side), side=side, direction=direction, speed=speed, count=count
        ),
        seconds,
        arms={hand: keys for hand in hands_of(side)},
        hands={hand: [HandKey(0.8 * arrive, 0.5, shape)] for hand in hands_of(side)},
        trunk=[TurnKey(arrive, arrive, (forward, left * sign, twist * sign))],
        head=[TurnKey(0.8 * arrive, 0.7 * arrive, (down, tilt * sign, yaw * sign))],
        back=back,
    )


def _raised_over(leg: float, holds: list[float], way: ArmPose, top: ArmPose) -> list[ArmKey]:
    """Past ``way`` to the top and back to it, once for each hold, hanging in between."""
    keys: list[ArmKey] = []
    at = 0.0
    for hold in holds:
        if keys:
            keys.append(ArmKey(at + 0.8 * leg, 1.1 * leg, _LOWERED, 0.0))
            at += 0.8 * leg + _REST_SECONDS
        keys.append(ArmKey(at + leg, leg, way, 0.0))
        keys.append(ArmKey(at + 1.65 * leg, 1.15 * leg, top, 0.03))
        at += 2.65 * leg + hold
        keys.append(ArmKey(at, leg, way, 0.0))
    return keys


def _raised_to(arrive: float, holds: list[float], top: ArmPose) -> list[ArmKey]:
    """Straight to the top, once for each hold, hanging in between."""
    keys = [ArmKey(arrive, arrive, top, 0.04)]
    for hold in holds[:-1]:
        down = keys[-1].at + hold + arrive
        keys.append(ArmKey(down, arrive, _LOWERED, 0.0))
        keys.append(ArmKey(down + _REST_SECONDS + arrive, arrive, top, 0.04))
    return keys


_ROUND = (
    ArmPose((0.06, -0.02, 0.49), (0.6, -1.0, 0.0), (-1.0, -0.3, 0.0)),
    ArmPose((0.08, 0.48, 0.08), (0.9, 0.0, 0.2), (-0.8, 0.0, 0.4)),
    ArmPose((0.42, 0.16, -0.18), (0.2, -0.6, -1.0), (0.0, -0.2, 1.0)),
    ArmPose((0.16, -0.46, -0.06), (0.3, -0.3, -1.0)),
)


def circle_arm(rng: np.random.Generator, person: Person) -> Gesture:
    """The straight arm goes round at the shoulder: forward, up, back and down, or the reverse."""
    side = pick(rng, {"left": 0.35, "right": 0.35, "both": 0.3})
    direction = draw_side(rng, ("backward", "forward"))
    count, speed = min(draw_count(rng), 4), draw_speed(rng)
    quarter = 0.27 * pace(speed, person, rng)
    # Up in front and down behind is a circle backwards.
    turn = _ROUND if direction == "backward" else _ROUND[2::-1] + _ROUND[3:]
    poses = [pose.moved(*rng.normal(0.0, 0.01, 3)) for pose in turn * count]
    rise = 0.55
    keys = [ArmKey(rise, rise, poses[0], 0.0)] + beat_keys(rise + quarter, quarter, poses[1:], 1.4)
    sign = side_sign(side)
    sways = [(3.0 * (-1) ** i, 0.0, -3.0 * sign * (-1) ** i) for i in range(2 * count)]
    trunk = [TurnKey(rise + 2 * i * quarter, 2.2 * quarter, s, 0.0) for i, s in enumerate(sways)]
    return Gesture(
        ActionDescription(
            "circle_arm",
            arm_channels(side),
            side=side,
            count=count,
            speed=speed,
            direction=direction,
        ),
        keys[-1].at + 0.7,
        arms={hand: keys for hand in hands_of(side)},
        trunk=trunk,
        back=0.6,
    )


def _pointing(side: str, direction: str) -> tuple[ArmPose, tuple, tuple]:
    """Arm pose, trunk turn and head turn for pointing with ``side`` in a direction of the body."""
    sign = side_sign(side)
    if direction == "forward":
        return (
            ArmPose((-0.08, 0.06, 0.49), (0.8, -1.0, 0.0), (-0.4, -1.0, 0.0)),
            (0, 0, -6 * sign),
            (0, 0, 3 * sign),
        )
    if direction == "up":
        return (
            ArmPose((0.02, 0.44, 0.24), (1.0, -0.3, 0.0), (-0.6, -0.5, 0.6)),
            (-5, -3 * sign, 0),
            (-26, 0, 4 * sign),
        )
    if direction == "down":
        return (
            ArmPose((-0.04, -0.42, 0.27), (1.0, -0.2, -0.3), (-0.6, -0.7, -0.3)),
            (8, 0, -5 * sign),
            (24, 0, 2 * sign),
        )
    yaw = 1.0 if direction == "left" else -1.0
    if yaw == sign:
        return (
            ArmPose((0.50, 0.06, 0.08), (0.0, -1.0, -0.3), (0.0, -1.0, 0.3)),
            (0, 0, 10 * yaw),
            (0, 0, 45 * yaw),
        )
    return (
        ArmPose((-0.42, 0.03, 0.27), (0.7, -1.0, 0.2), (-0.2, -1.0, -0.2)),
        (0, 0, 24 * yaw),
        (0, 0, 28 * yaw),
    )


def point(rng: np.random.Generator, person: Person) -> Gesture:
    """The index finger along a ray from the shoulder; the eyes are there first."""
    side = draw_side(rng)
    direction = pick(rng, {"forward": 0.28, "left": 0.2, "right": 0.2, "up": 0.18, "down": 0.14})
    speed = draw_speed(rng, 0.25)
    pose, trunk, head = _pointing(side, direction)
    arrive = 0.15 + rng.uniform(0.6, 0.8) * pace(speed, person, rng)
    hold = rng.uniform(0.6, 2.0)
    back = max(0.55, rng.uniform(0.7, 0.9) * pace(speed, person, rng))
    keys = [ArmKey(arrive, arrive - 0.12, pose.moved(*rng.normal(0, 0.012, 3)), 0.06)]
    if rng.random() < 0.3:
        # A second, smaller stab for emphasis.
        keys += beat_keys(
            arrive + 0.35, 0.22, [keys[0].pose.moved(*(-0.1 * np.array(pose.hand))), pose]
        )
    gaze = 0.55 + 0.1 * rng.random()
    return Gesture(
        ActionDescription(
            "point", arm_channels(side, "head"), side=side, direction=direction, speed=speed
        ),
        keys[-1].at + hold + back,
        arms={side: keys},
        hands={side: [HandKey(0.85 * arrive, 0.4, "point")]},
        trunk=[TurnKey(arrive, arrive - 0.05, trunk, 0.06)],
        head=[TurnKey(gaze, gaze, head, 0.03)],
        back=back,
    )


_THUMB_UP = ArmPose((-0.02, -0.10, 0.36), (0.4, -1.0, -0.2), _INWARDS)
_BECKON = ArmPose((0.04, 0.0, 0.33), (0.6, -1.0, 0.0), (-0.2, 0.3, -1.0))


def thumb_up(rng: np.random.Generator, person: Person) -> Gesture:
    """Fist before the chest with the thumb to the sky, and a small nod."""
    side = pick(rng, {"left": 0.4, "right": 0.4, "both": 0.2})
    factor = pace(None, person, rng)
    arrive, back = rng.uniform(0.55, 0.75) * factor, rng.uniform(0.65, 0.85) * factor
    return Gesture(
        ActionDescription("thumb_up", arm_channels(side), side=side),
        arrive + rng.uniform(0.6, 1.6) + back,
        arms={hand: [ArmKey(arrive, arrive, _THUMB_UP, 0.08)] for hand in hands_of(side)},
        hands={hand: [HandKey(0.8 * arrive, 0.35, "thumb_up")] for hand in hands_of(side)},
        head=[TurnKey(arrive, 0.4, (7.0, 0.0, 0.0)), TurnKey(arrive + 0.4, 0.4, (0.0, 0.0, 0.0))],
        back=back,
    )


def beckon(rng: np.random.Generator, person: Person) -> Gesture:
    """Come here: the raised hand scoops towards the body, palm up and back."""
    side, count = draw_side(rng), int(rng.integers(2, 5))
    half = 0.27 * pace(None, person, rng)
    near = _BECKON.moved(up=0.09, forward=-0.13, flex=38.0)
    rise = rng.uniform(0.6, 0.75)
    keys = [ArmKey(rise, rise, _BECKON, 0.03)]
    keys += beat_keys(rise + half, half, [near, _BECKON] * count)
    back = rng.uniform(0.65, 0.85)
    return Gesture(
        ActionDescription("beckon", arm_channels(side), side=side, count=count),
        keys[-1].at + 0.1 + back,
        arms={side: keys},
        hands={side: [HandKey(rise, 0.5, "cupped")]},
        head=[TurnKey(rise, 0.5, (-3.0, 3.0 * side_sign(side), 0.0))],
        back=back,
    )

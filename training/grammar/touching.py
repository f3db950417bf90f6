"""Gestures in which a hand goes to some place of the body: hips, chest, forehead, ear, mouth."""

import numpy as np

from training.grammar.choices import (
    arm_channels,
    beat_keys,
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


def hands_on_hips(rng: np.random.Generator, person: Person) -> Gesture:
    """Arms akimbo: palms on the iliac crests, elbows out and a little back."""
    side = pick(rng, {"both": 0.7, "left": 0.15, "right": 0.15})
    factor = pace(None, person, rng)
    pose = ArmPose(
        (0.0, -0.335, 0.015), (1.0, 0.0, -0.35), (-0.8, -0.3, 0.5), flex=-35.0, deviate=10.0
    )
    arrive = rng.uniform(0.75, 1.0) * factor
    back = rng.uniform(0.7, 1.0) * factor
    seconds = arrive + rng.uniform(1.0, 3.5) + back
    sign = side_sign(side)
    return Gesture(
        ActionDescription("hands_on_hips", arm_channels(side), side=side, target="hip"),
        seconds,
        arms={hand: [ArmKey(arrive, arrive, pose, 0.03)] for hand in hands_of(side)},
        hands={hand: [HandKey(arrive, 0.6, "cupped")] for hand in hands_of(side)},
        trunk=[TurnKey(arrive + 0.2, arrive, (-3.0, 2.0 * sign, 0.0))],
        back=back,
    )


def cross_arms(rng: np.random.Generator, person: Person) -> Gesture:
    """Forearms folded before the chest, one above the other."""
    above = draw_side(rng)
    below = "left" if above == "right" else "right"
    factor = pace(None, person, rng)
    over = ArmPose((-0.30, -0.165, 0.235), (1.0, -0.9, 0.1), (-0.2, -0.3, -1.0), flex=18.0)
    under = ArmPose((-0.27, -0.215, 0.165), (1.0, -0.9, 0.0), (-0.2, -0.2, -1.0), flex=8.0)
    wide = 0.12
    arrive = rng.uniform(0.9, 1.15) * factor
    late = arrive + 0.15
    arms = {
        below: [
            ArmKey(0.7 * arrive, 0.7 * arrive, under.moved(out=wide, forward=0.04), 0.0),
            ArmKey(arrive, 0.6 * arrive, under, 0.03),
        ],
        above: [
            ArmKey(0.75 * arrive, 0.7 * arrive, over.moved(out=wide, forward=0.07), 0.0),
            ArmKey(late, 0.6 * arrive, over, 0.03),
        ],
    }
    back = rng.uniform(0.8, 1.0) * factor
    return Gesture(
        ActionDescription("cross_arms", arm_channels("both"), side="both", target="chest"),
        late + rng.uniform(1.2, 3.5) + back,
        arms=arms,
        hands={hand: [HandKey(arrive, 0.6, "cupped")] for hand in ("left", "right")},
        trunk=[TurnKey(late, arrive, (1.5, 0.0, 2.0 * side_sign(above)))],
        back=back,
    )


def salute(rng: np.random.Generator, person: Person) -> Gesture:
    """Flat hand to the temple, upper arm level, and smartly down again."""
    side = pick(rng, {"right": 0.65, "left": 0.35})
    speed = draw_speed(rng, 0.2)
    factor = pace(speed, person, rng)
    pose = ArmPose((0.03, 0.175, 0.155), (1.0, -0.35, -0.1), (-0.35, -0.8, 0.5))
    arrive = rng.uniform(0.5, 0.65) * factor
    back = max(0.5, 0.6 * factor)
    return Gesture(
        ActionDescription("salute", arm_channels(side), side=side, speed=speed, target="forehead"),
        arrive + rng.uniform(0.6, 1.8) + back,
        arms={side: [ArmKey(arrive, arrive, pose, 0.03)]},
        hands={side: [HandKey(0.8 * arrive, 0.35, "flat")]},
        trunk=[TurnKey(arrive, arrive, (-3.0, 0.0, 0.0))],
        head=[TurnKey(arrive, arrive, (-2.0, 0.0, 0.0))],
        back=back,
    )


_TOUCHED = {
    "head": (
        ArmPose((-0.09, 0.30, 0.03), (1.0, 0.2, 0.2), (-0.5, -1.0, 0.0), flex=25.0),
        (6.0, 4.0),
    ),
    "chin": (
        ArmPose((-0.13, 0.055, 0.20), (0.8, -1.0, 0.0), (-0.4, 0.0, -1.0), flex=10.0),
        (5.0, 3.0),
    ),
    "ear": (
        ArmPose((-0.03, 0.15, 0.08), (0.9, -0.8, 0.0), (-1.0, 0.0, 0.1), deviate=5.0),
        (2.0, 6.0),
    ),
    "chest": (
        ArmPose((-0.10, -0.12, 0.19), (1.0, -0.8, 0.0), (0.0, 0.0, -1.0), flex=8.0),
        (4.0, 0.0),
    ),
    "belly": (
        ArmPose((-0.08, -0.33, 0.18), (1.0, -0.3, -0.3), (-0.2, 0.0, -1.0), flex=5.0),
        (8.0, 0.0),
    ),
    "shoulder": (
        ArmPose((-0.30, 0.0, 0.15), (0.8, -0.8, 0.2), (-0.2, -0.5, -1.0), flex=25.0),
        (4.0, -6.0),
    ),
}


def touch(rng: np.random.Generator, person: Person) -> Gesture:
    """The hand to some place of the body, with small strokes there; the shoulder is the other."""
    side, target = draw_side(rng), draw_side(rng, tuple(_TOUCHED))
    pose, (down, tilt) = _TOUCHED[target]
    factor = pace(None, person, rng)
    arrive = rng.uniform(0.7, 0.9) * factor
    strokes = int(rng.integers(0, 4))
    poses = [
        pose.moved(up=0.02 * (-1) ** i, flex=pose.flex + 8.0 * (i % 2)) for i in range(2 * strokes)
    ]
    keys = [ArmKey(arrive, arrive, pose, 0.03)] + beat_keys(arrive + 0.35, 0.2 * factor, poses)
    back = rng.uniform(0.7, 0.9) * factor
    sign = side_sign(side)
    return Gesture(
        ActionDescription("touch", arm_channels(side, "head"), side=side, target=target),
        keys[-1].at + rng.uniform(0.4, 1.4) + back,
        arms={side: keys},
        hands={side: [HandKey(arrive, 0.5, "cupped")]},
        trunk=[TurnKey(arrive, arrive, (0.3 * down, 0.3 * tilt * sign, 0.0))],
        head=[TurnKey(arrive, 0.8 * arrive, (down, tilt * sign, 0.0))],
        back=back,
    )


_AT_EAR = ArmPose((-0.035, 0.10, 0.11), (0.7, -1.0, 0.1), (-1.0, 0.1, -0.3), deviate=8.0)
_AT_MOUTH = ArmPose((-0.09, 0.06, 0.235), (1.0, -0.7, 0.0), (-0.9, 0.0, -0.5), deviate=12.0)


def phone(rng: np.random.Generator, person: Person) -> Gesture:
    """A hand with a telephone at the ear, the head bent to it."""
    side = draw_side(rng)
    factor, sign = pace(None, person, rng), side_sign(side)
    arrive, back = rng.uniform(0.8, 1.0) * factor, rng.uniform(0.75, 0.95) * factor
    return Gesture(
        ActionDescription("phone", arm_channels(side, "head"), side=side, target="ear"),
        arrive + rng.uniform(1.5, 4.0) + back,
        arms={side: [ArmKey(arrive, arrive, _AT_EAR, 0.03)]},
        hands={side: [HandKey(0.6 * arrive, 0.4, "grip")]},
        head=[TurnKey(arrive, arrive, (4.0, 9.0 * sign, 5.0 * sign))],
        back=back,
    )


def drink(rng: np.random.Generator, person: Person) -> Gesture:
    """A cup to the mouth; the head tips back with it."""
    side, speed = draw_side(rng), draw_speed(rng, 0.2)
    factor = pace(speed, person, rng)
    arrive, sip = rng.uniform(0.85, 1.05) * factor, rng.uniform(0.5, 1.1)
    tipped = _AT_MOUTH.moved(up=0.035, out=0.02, elbow=(1.0, -0.3, 0.1), deviate=-6.0)
    keys = [
        ArmKey(arrive, arrive, _AT_MOUTH, 0.02),
        ArmKey(arrive + 0.55, 0.5, tipped, 0.0),
        ArmKey(arrive + 0.55 + sip + 0.45, 0.45, _AT_MOUTH.moved(up=-0.03, forward=0.03), 0.0),
    ]
    back = rng.uniform(0.8, 1.0) * factor
    return Gesture(
        ActionDescription(
            "drink", arm_channels(side, "head"), side=side, speed=speed, target="mouth"
        ),
        keys[-1].at + 0.15 + back,
        arms={side: keys},
        hands={side: [HandKey(0.4, 0.4, "grip")]},
        head=[
            TurnKey(arrive, 0.6 * arrive, (4.0, 0.0, 0.0)),
            TurnKey(arrive + 0.55, 0.5, (-16.0, 0.0, 0.0)),
            TurnKey(keys[-1].at, 0.45, (2.0, 0.0, 0.0)),
        ],
        back=back,
    )

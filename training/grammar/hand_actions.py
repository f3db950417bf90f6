"""Gestures of the fingers: counting on them."""

import numpy as np

from training.grammar.choices import arm_channels, draw_side, draw_speed, pace
from training.grammar.gesture import Gesture
from training.grammar.hands import HandKey
from training.grammar.head_torso import TurnKey
from training.grammar.reaching import ArmKey, ArmPose
from training.grammar.timeline import ActionDescription, Person

_COUNTED = ("point", "two", "three", "four", "open")
_BEFORE_THE_CHEST = ArmPose((-0.04, -0.01, 0.27), (0.5, -1.0, -0.1), (-0.2, 0.1, -1.0), flex=4.0)


def count_fingers(rng: np.random.Generator, person: Person) -> Gesture:
    """One finger after the other comes up from a fist, with a small beat of the hand for each."""
    side, speed = draw_side(rng), draw_speed(rng, 0.3)
    count = int(rng.integers(2, 6))
    each = 0.75 * pace(speed, person, rng)
    arrive, back = rng.uniform(0.65, 0.85), rng.uniform(0.65, 0.85)
    pose = _BEFORE_THE_CHEST.moved(*rng.normal(0.0, 0.015, 3))
    hands, arms = [HandKey(0.85 * arrive, 0.45, "fist")], [ArmKey(arrive, arrive, pose, 0.03)]
    nods = [TurnKey(arrive, 0.9 * arrive, (13.0, 0.0, 0.0), 0.02)]
    for i, shape in enumerate(_COUNTED[:count]):
        at = arrive + 0.15 + each * (i + rng.uniform(0.45, 0.55))
        hands.append(HandKey(at, 0.3 * min(each, 1.0) + 0.08, shape))
        arms.append(ArmKey(at, 0.45 * each, pose.moved(up=-0.03, forward=0.02), 0.0))
        arms.append(ArmKey(at + 0.45 * each, 0.45 * each, pose, 0.0))
        nods.append(TurnKey(at, 0.4 * each, (15.0 if i % 2 else 12.0, 0.0, 0.0), 0.0))
    return Gesture(
        ActionDescription(
            "count_fingers", arm_channels(side, "head"), side=side, count=count, speed=speed
        ),
        arms[-1].at + rng.uniform(0.3, 1.0) + back,
        arms={side: arms},
        hands={side: hands},
        trunk=[TurnKey(arrive, arrive, (2.0, 0.0, 0.0))],
        head=nods,
        back=back,
    )

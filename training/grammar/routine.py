"""Gestures told by their poses: ready, then a beat of poses in rounds, a hold, and back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.grammar.choices import (
    arm_channels,
    beat_keys,
    draw_count,
    draw_side,
    draw_speed,
    pace,
    side_sign,
)
from training.grammar.gesture import Gesture
from training.grammar.hands import HandKey
from training.grammar.head_torso import TurnKey
from training.grammar.reaching import ArmKey, ArmPose
from training.grammar.timeline import ActionDescription, Person

Turn = tuple[float, float, float]


@dataclass(frozen=True)
class Routine:
    """What a gesture is made of. Poses and turns are written for a leading left hand.

    ``ready`` is reached first, then the poses of ``beat`` in turn, every ``half`` seconds, for
    ``rounds`` (fewest, most) rounds, which are the count if it is ``counted``. ``other`` and
    ``other_beat`` are those of the other hand: None where it is idle, the same as the leading
    hand's where ``both`` hands do the same. ``trunk``, ``head`` turn with ready, ``sway`` are
    turns of the trunk with every pose of the beat. ``hold``: seconds (shortest, longest) of the
    last pose. ``says_way``: whether it has a direction, the leading side.
    """

    verb: str
    ready: ArmPose
    beat: tuple[ArmPose, ...] = ()
    half: float = 0.4
    rounds: tuple[int, int] = (1, 1)
    counted: bool = False
    both: bool = False
    other: ArmPose | None = None
    other_beat: tuple[ArmPose, ...] = ()
    shape: str = "open"
    trunk: Turn = (0.0, 0.0, 0.0)
    head: Turn = (0.0, 0.0, 0.0)
    sway: tuple[Turn, ...] = ()
    arrive: tuple[float, float] = (0.7, 0.95)
    hold: tuple[float, float] = (0.1, 0.4)
    target: str | None = None
    says_way: bool = False
    hip_share: float = 0.15
    varied_m: float = 0.015

    @property
    def two_handed(self) -> bool:
        return self.both or self.other is not None

    @property
    def channels(self) -> tuple[str, ...]:
        turned = [
            name
            for name, turns in (("torso", (self.trunk, *self.sway)), ("head", (self.head,)))
            if max(abs(angle) for turn in turns for angle in turn) > 6.0
        ]
        return tuple(turned)


def perform(routine: Routine, rng: np.random.Generator, person: Person) -> Gesture:
    """One performance of a routine: side, number of rounds, tempo and places drawn."""
    lead = draw_side(rng)
    follow = "left" if lead == "right" else "right"
    speed = draw_speed(rng, 0.3)
    factor = pace(speed, person, rng)
    rounds = (
        draw_count(rng) if routine.counted else int(rng.integers(*np.add(routine.rounds, (0, 1))))
    )
    arrive = rng.uniform(*routine.arrive) * factor
    half = routine.half * factor
    astray = rng.normal(0.0, routine.varied_m, 3)
    first = arrive + 0.12 + half
    arms = {lead: _keys(routine.ready, routine.beat, rounds, arrive, first, half, astray)}
    if routine.both:
        arms[follow] = _keys(routine.ready, routine.beat, rounds, arrive, first, half, astray)
    elif routine.other is not None:
        arms[follow] = _keys(
            routine.other, routine.other_beat, rounds, arrive, first, half, astray * (-1, 1, 1)
        )
    sign = side_sign(lead)
    trunk = [TurnKey(arrive, arrive, _sided(routine.trunk, sign), 0.03)]
    trunk += [
        TurnKey(first + i * half, 1.2 * half, _sided(turn, sign), 0.0)
        for i, turn in enumerate(routine.sway * rounds)
    ]
    last = max(arms[lead][-1].at, trunk[-1].at)
    back = max(0.5, rng.uniform(0.65, 0.9) * factor)
    side = "both" if routine.both else lead
    hands = lead if not routine.two_handed else "both"
    return Gesture(
        ActionDescription(
            routine.verb,
            arm_channels(hands, *routine.channels),
            side=side,
            count=rounds if routine.counted else None,
            speed=speed,
            direction=lead if routine.says_way else None,
            target=routine.target,
        ),
        last + rng.uniform(*routine.hold) + back,
        arms=arms,
        hands={hand: [HandKey(arrive, min(arrive, 0.5), routine.shape)] for hand in arms},
        trunk=trunk,
        head=[TurnKey(arrive, 0.9 * arrive, _sided(routine.head, sign), 0.02)],
        back=back,
        hip_share=routine.hip_share,
    )


def _keys(
    ready: ArmPose, beat: Sequence[ArmPose], rounds: int, arrive: float, first: float, half: float,
    astray: np.ndarray,
) -> list[ArmKey]:  # fmt: skip
    """Ready, then the beat; all of it at a place of its own."""
    poses = [pose.moved(*astray) for pose in tuple(beat) * rounds]
    return [ArmKey(arrive, arrive, ready.moved(*astray), 0.03), *beat_keys(first, half, poses)]


def _sided(turn: Turn, sign: float) -> Turn:
    return turn[0], turn[1] * sign, turn[2] * sign

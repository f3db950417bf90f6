"""A library of hand poses, 15 joints each, and their blending finger after finger."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import SMPLX
from training.grammar.timing import Step, follow_rotations

FINGERS = ("index", "middle", "pinky", "ring", "thumb")
FINGER_DELAYS = {"thumb": 0.0, "index": 0.01, "middle": 0.025, "ring": 0.04, "pinky": 0.055}
HAND_MARGIN = max(FINGER_DELAYS.values())


@dataclass(frozen=True)
class Finger:
    """Curl of the three joints and sideways spread (towards the thumb), in degrees."""

    curl: tuple[float, float, float]
    spread: float = 0.0


@dataclass(frozen=True)
class Thumb:
    """Degrees: ``across`` the palm's plane towards the fingers, ``oppose`` under the palm, and
    the curl of the two outer joints."""

    across: float
    oppose: float
    curl: float


@dataclass(frozen=True)
class HandShape:
    index: Finger
    middle: Finger
    ring: Finger
    pinky: Finger
    thumb: Thumb


def _fingers(first: float, second: float, third: float, spread: float = 0.0) -> dict[str, Finger]:
    sides = {"index": 1.0, "middle": 0.2, "ring": -0.6, "pinky": -1.4}
    return {name: Finger((first, second, third), spread * k) for name, k in sides.items()}


_CLOSED = Finger((78.0, 95.0, 55.0))
_STRAIGHT = Finger((2.0, 4.0, 2.0))
_FOLDED_THUMB = Thumb(38.0, 42.0, 38.0)

SHAPES = {
    "relaxed": HandShape(
        Finger((14.0, 20.0, 10.0), 2.0),
        Finger((20.0, 25.0, 12.0)),
        Finger((25.0, 29.0, 14.0), -1.0),
        Finger((28.0, 30.0, 14.0), -3.0),
        Thumb(8.0, 16.0, 12.0),
    ),
    "open": HandShape(**_fingers(3.0, 6.0, 4.0, 7.0), thumb=Thumb(-8.0, 4.0, 2.0)),
    "flat": HandShape(**_fingers(4.0, 4.0, 3.0, 0.5), thumb=Thumb(22.0, 6.0, 6.0)),
    "fist": HandShape(_CLOSED, _CLOSED, _CLOSED, _CLOSED, _FOLDED_THUMB),
    "point": HandShape(_STRAIGHT, _CLOSED, _CLOSED, _CLOSED, _FOLDED_THUMB),
    "thumb_up": HandShape(_CLOSED, _CLOSED, _CLOSED, _CLOSED, Thumb(-22.0, -12.0, -4.0)),
    "two": HandShape(
        Finger((2.0, 4.0, 2.0), 9.0), Finger((2.0, 4.0, 2.0), -6.0), _CLOSED, _CLOSED, _FOLDED_THUMB
    ),
    "three": HandShape(
        Finger((2.0, 4.0, 2.0), 9.0),
        _STRAIGHT,
        Finger((4.0, 5.0, 3.0), -8.0),
        _CLOSED,
        _FOLDED_THUMB,
    ),
    "four": HandShape(
        Finger((2.0, 4.0, 2.0), 9.0),
        Finger((2.0, 4.0, 2.0), 2.0),
        Finger((2.0, 4.0, 2.0), -5.0),
        Finger((4.0, 6.0, 3.0), -11.0),
        _FOLDED_THUMB,
    ),
    "ok": HandShape(
        Finger((48.0, 52.0, 28.0)),
        Finger((14.0, 12.0, 6.0), 1.0),
        Finger((8.0, 8.0, 4.0), -4.0),
        Finger((4.0, 6.0, 4.0), -9.0),
        Thumb(24.0, 40.0, 24.0),
    ),
    "grip": HandShape(**_fingers(48.0, 58.0, 32.0), thumb=Thumb(14.0, 52.0, 26.0)),
    "pinch": HandShape(
        Finger((46.0, 48.0, 24.0)),
        Finger((52.0, 52.0, 26.0)),
        Finger((56.0, 56.0, 28.0)),
        Finger((58.0, 58.0, 28.0)),
        Thumb(22.0, 42.0, 20.0),
    ),
    "cupped": HandShape(**_fingers(22.0, 26.0, 16.0, 1.0), thumb=Thumb(16.0, 28.0, 14.0)),
    "claw": HandShape(**_fingers(8.0, 48.0, 34.0, 8.0), thumb=Thumb(0.0, 30.0, 22.0)),
}  # fmt: skip


@dataclass(frozen=True)
class HandKey:
    """A shape of :data:`SHAPES` reached ``at`` seconds by a movement of ``seconds``."""

    at: float
    seconds: float
    shape: str

    @property
    def step(self) -> Step:
        return Step(self.at - self.seconds, self.seconds)


@cache
def hand_rotations(side: str, shape: str) -> np.ndarray:
    """Local rotations ``[15, 4]`` in SMPL-X's order: index, middle, pinky, ring, thumb."""
    hand = SHAPES[shape]
    joints = []
    for name in FINGERS[:-1]:
        finger: Finger = getattr(hand, name)
        spread = rotations.about("y", -np.radians(finger.spread))
        curls = [rotations.about("z", -np.radians(angle)) for angle in finger.curl]
        joints += [rotations.multiply(spread, curls[0]), *curls[1:]]
    thumb = hand.thumb
    across = rotations.about("y", np.radians(thumb.across))
    oppose = rotations.about("x", np.radians(thumb.oppose))
    # The outer joints hinge across the thumb's own length, in a plane turned towards the palm.
    hinge = rotations.normalize(np.array([0.35, 1.0, -0.45]))
    joints += [rotations.multiply(oppose, across)]
    joints += [rotations.about(hinge, np.radians(thumb.curl * share)) for share in (1.0, 0.9)]
    left = np.stack(joints)
    return left if side == "left" else left * np.array([1.0, 1.0, -1.0, -1.0])


def move_hand(
    local_rotations: np.ndarray, side: str, keys: Sequence[HandKey], leave: Step, t: np.ndarray
) -> None:
    """Carry the fingers of one hand through ``keys`` and back, the little finger last."""
    shapes = np.stack([hand_rotations(side, key.shape) for key in keys])
    steps = [key.step for key in keys]
    first = SMPLX.index(f"{side}_index1")
    for i in range(15):
        late = t - FINGER_DELAYS[FINGERS[i // 3]]
        wanted = follow_rotations(steps[1:], shapes[:, i], late)
        influence = steps[0](late) - leave(late)
        base = local_rotations[:, first + i]
        local_rotations[:, first + i] = rotations.slerp(base, wanted, influence)

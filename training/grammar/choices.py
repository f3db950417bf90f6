"""Draws that many gestures share: tempo, side, counts, and lists of evenly beating keys."""

from collections.abc import Sequence

import numpy as np

from training.grammar.reaching import ArmKey, ArmPose
from training.grammar.timeline import Person

COUNTS, COUNT_SHARES = (1, 2, 3, 4, 5), (0.18, 0.22, 0.23, 0.19, 0.18)
TEMPO = {"slow": 1.55, "normal": 1.0, "fast": 0.66}


def draw_speed(rng: np.random.Generator, named: float = 0.4) -> str | None:
    """ "slow" or "fast" with probability ``named``, otherwise None: nothing worth saying."""
    if rng.random() >= named:
        return None
    return "slow" if rng.random() < 0.5 else "fast"


def pace(speed: str | None, person: Person, rng: np.random.Generator) -> float:
    """Factor on durations: the named speed, the person's own tempo, and chance."""
    return TEMPO[speed or "normal"] / person.tempo * rng.uniform(0.92, 1.09)


def draw_count(rng: np.random.Generator) -> int:
    """1 to 5: even enough that every number is heard of every action."""
    return int(rng.choice(COUNTS, p=COUNT_SHARES))


def draw_side(rng: np.random.Generator, sides: Sequence[str] = ("left", "right")) -> str:
    return str(rng.choice(list(sides)))


def hands_of(side: str) -> tuple[str, ...]:
    return ("left", "right") if side == "both" else (side,)


def side_sign(side: str) -> float:
    """+1 for left, -1 for right, 0 for both: the sign of turns and leans to that side."""
    return {"left": 1.0, "right": -1.0}.get(side, 0.0)


def arm_channels(side: str, *more: str) -> tuple[str, ...]:
    arms = tuple(f"{hand}_arm" for hand in hands_of(side))
    return arms + tuple(f"{hand}_hand" for hand in hands_of(side)) + more


def beat_keys(
    first: float, half: float, poses: Sequence[ArmPose], overlap: float = 1.2
) -> list[ArmKey]:
    """Poses reached one after another every ``half`` seconds from ``first`` on.

    The movements overlap a little, so that to and fro flows like a pendulum.
    """
    return [
        ArmKey(first + i * half, overlap * half, pose, overshoot=0.0)
        for i, pose in enumerate(poses)
    ]


def beat_times(
    rng: np.random.Generator, first: float, period: float, count: int, unevenness: float = 0.05
) -> np.ndarray:
    """Times of ``count`` repeated movements: nobody is a metronome."""
    gaps = period * (1.0 + unevenness * rng.standard_normal(count).clip(-2.0, 2.0))
    return first + np.concatenate([[0.0], np.cumsum(gaps)[:-1]])


def pick(rng: np.random.Generator, table: dict) -> str:
    """A key of ``table`` by the weights that are its values."""
    names = list(table)
    weights = np.array([table[name] for name in names], dtype=float)
    return names[rng.choice(len(names), p=weights / weights.sum())]

"""Part isolation: do parts that are told to be still stay where they are?"""

from collections.abc import Iterable

import numpy as np

from motion_engine.motion import Motion
from motion_engine.parts import resolve_parts
from training.adherence.joints import strayed_m
from training.adherence.measurements import Kinematics

BAR_M = 0.05

# Wrists, ankles and head with the parts that move them, as seen from the pelvis.
_MOVED_BY = {
    "head": {"head", "torso"},
    "left_wrist": {"left_arm", "torso"},
    "right_wrist": {"right_arm", "torso"},
    "left_ankle": {"left_leg"},
    "right_ankle": {"right_leg"},
}


def still_joints(commanded: Iterable[str]) -> tuple[str, ...]:
    """The joints among wrists, ankles and head that no commanded part moves."""
    parts = set(resolve_parts(list(commanded)))
    return tuple(joint for joint, movers in _MOVED_BY.items() if not movers & parts)


def isolation_m(motion: Motion, commanded: Iterable[str]) -> float:
    """The farthest that any of the still joints strays against the pelvis, metres; 0 for none."""
    clip = Kinematics.of(motion)
    return float(max((strayed_m(clip, j).max() for j in still_joints(commanded)), default=0.0))


def isolation_table(strays: dict[str, list[float]]) -> str:
    """One line per commanded part, of how far the still ones strayed at most in each clip."""
    lines = [f"{'commanded part':<16}{'clips':>6}{'mean cm':>9}{'worst cm':>10}{'under 5 cm':>12}"]
    everything = [value for values in strays.values() for value in values]
    for name, values in [*strays.items(), ("all", everything)]:
        far = 100.0 * np.array(values)
        kept = (far < 100.0 * BAR_M).mean()
        lines.append(f"{name:<16}{len(values):>6}{far.mean():>9.1f}{far.max():>10.1f}{kept:>12.0%}")
    return "\n".join(lines)

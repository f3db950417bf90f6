"""Turning the trunk and the head on top of whatever they are doing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import SMPLX
from training.grammar.body import Body
from training.grammar.timing import Step, follow

SPINE_SHARES = {"spine1": 0.35, "spine2": 0.35, "spine3": 0.30}
HEAD_SHARES = {"neck": 0.4, "head": 0.6}
_CALMED = 0.6


@dataclass(frozen=True)
class TurnKey:
    """Degrees (forward or down, over to the left side, twisted to the left), reached ``at``
    seconds by a movement of ``seconds``. The same three angles serve trunk and head."""

    at: float
    seconds: float
    turn: tuple[float, float, float]
    overshoot: float = 0.05
    anticipation: float = 0.0

    @property
    def step(self) -> Step:
        return Step(self.at - self.seconds, self.seconds, self.overshoot, self.anticipation)


def turn_curve(keys: Sequence[TurnKey], seconds: float, back: float, t: np.ndarray) -> np.ndarray:
    """Radians ``[F, 3]`` through the keys, back at zero ``seconds`` into the action."""
    if not keys:
        return np.zeros((len(t), 3))
    steps = [key.step for key in keys] + [Step(seconds - back, back)]
    values = [key.turn for key in keys] + [(0.0, 0.0, 0.0)]
    return np.radians(follow(steps, np.array(values, dtype=float), t))


def turn_trunk(body: Body, start: int, stop: int, turns: np.ndarray, hip_share: float) -> None:
    """Add ``turns [F, 3]``: ``hip_share`` of it by the pelvis over the legs, the rest by the spine.

    A trunk that bends at the hips takes the pelvis the other way, over the feet.
    """
    body.pelvis_tilt[start:stop] += hip_share * turns
    hip_height = 0.75
    lean = np.sin(turns * hip_share) * hip_height
    body.pelvis_shift[start:stop, 1] += 0.38 * lean[:, 0]
    body.pelvis_shift[start:stop, 0] -= 0.25 * lean[:, 1]
    body.pelvis_shift[start:stop, 2] -= 0.05 * np.abs(lean[:, 0])
    for name, share in SPINE_SHARES.items():
        _add_turn(body.local_rotations[start:stop], name, (1.0 - hip_share) * share * turns)


def turn_head(body: Body, start: int, stop: int, turns: np.ndarray, calm: np.ndarray) -> None:
    """Add ``turns [F, 3]`` to neck and head, which calm down from their own motion by ``calm [F]``
    (0..1) so that the gaze stays where it shall be."""
    local = body.local_rotations[start:stop]
    for name, share in HEAD_SHARES.items():
        joint = SMPLX.index(name)
        average = rotations.normalize(rotations.unroll(local[:, joint]).mean(axis=0))
        sideways_removed = average * np.array([1.0, 1.0, 1.0 - _CALMED, 1.0 - _CALMED])
        rest = rotations.normalize(sideways_removed)
        local[:, joint] = rotations.slerp(local[:, joint], rest, _CALMED * calm)
        _add_turn(local, name, share * turns)


def hang_arm(body: Body, start: int, stop: int, side: str, turns: np.ndarray, share: float) -> None:
    """Let an idle arm hang: turn it back by ``share`` of the trunk's lean ``turns [F, 3]``."""
    lean = turns * np.array([1.0, 1.0, 0.0])
    _add_turn(body.local_rotations[start:stop], f"{side}_shoulder", -share * lean)


def _add_turn(local_rotations: np.ndarray, name: str, turns: np.ndarray) -> None:
    """Pre-multiply a joint by ``turns [F, 3]``, written in the model frame's axes."""
    joint = SMPLX.index(name)
    forward, left, twist = np.moveaxis(turns, -1, 0)
    vector = np.stack([forward, twist, -left], axis=-1)
    local_rotations[:, joint] = rotations.multiply(
        rotations.from_axis_angle(vector), local_rotations[:, joint]
    )

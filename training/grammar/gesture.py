"""A gesture: keys for arms, hands, trunk and head over time, laid over the base motion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from training.grammar.body import Body
from training.grammar.hands import HAND_MARGIN, HandKey, move_hand
from training.grammar.head_torso import TurnKey, hang_arm, turn_curve, turn_head, turn_trunk
from training.grammar.reaching import RETURN_MARGIN, ArmKey, move_arm
from training.grammar.timeline import ActionDescription, Person
from training.grammar.timing import Step


@dataclass(frozen=True)
class Gesture:
    """An upper-body action with all its parameters chosen; see ``UpperBodyAction``.

    ``arms`` and ``hands`` hold keys by side, ``trunk`` and ``head`` turns. ``back`` is how long
    the way back to the base motion takes. ``hip_share`` of the trunk's turn happens at the hips;
    ``hang`` is how far idle arms keep to the vertical while the trunk leans.
    """

    description: ActionDescription
    seconds: float
    arms: Mapping[str, Sequence[ArmKey]] = field(default_factory=dict)
    hands: Mapping[str, Sequence[HandKey]] = field(default_factory=dict)
    trunk: Sequence[TurnKey] = ()
    head: Sequence[TurnKey] = ()
    back: float = 0.7
    hip_share: float = 0.15
    hang: float = 0.5

    def apply(
        self, body: Body, start: int, stop: int, person: Person, rng: np.random.Generator
    ) -> None:
        frames = stop - start
        # The last frame stands before ``stop``, so that both ends of the window are untouched.
        t = np.linspace(0.0, self.seconds, frames)
        trunk = turn_curve(self.trunk, self.seconds, self.back, t)
        if self.trunk:
            turn_trunk(body, start, stop, trunk, self.hip_share)
        if self.head:
            turns = turn_curve(self.head, self.seconds, self.back, t)
            turn_head(body, start, stop, turns, self._calm(t))
        local = body.local_rotations[start:stop]
        for side in ("left", "right"):
            if side in self.arms:
                leave = Step(self.seconds - self.back, self.back - RETURN_MARGIN)
                move_arm(local, side, self.arms[side], leave, t, person.elbow_swivel, rng)
            elif self.trunk:
                hang_arm(body, start, stop, side, trunk, self.hang)
            if side in self.hands:
                leave = Step(self.seconds - self.back, self.back - HAND_MARGIN)
                move_hand(local, side, self.hands[side], leave, t)

    def _calm(self, t: np.ndarray) -> np.ndarray:
        return self.head[0].step(t) - Step(self.seconds - self.back, self.back)(t)

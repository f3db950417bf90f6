"""What the body does at each token frame, and what it does next, as labels to be read off.

A caption says all of a clip at once; a code depends on the part of it that applies now. The corpus
knows which action fills which frames. Asked for that at every frame, the token model finds its
place in the sentence long before the codes alone would teach it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn
from torch.nn import functional as F

MOMENTS = ("now", "next")
ATTRIBUTES = ("side", "count", "speed", "direction", "amplitude", "height", "target")
ANGLE_STEP_DEGREES = 45


def labels_of(action: dict) -> list[str]:
    """``["kick", "kick side left", "kick count 2"]`` of an action of a corpus row."""
    verb = action["verb"]
    said = [f"{verb} {name} {action[name]}" for name in ATTRIBUTES if name in action]
    if "angle_degrees" in action:
        steps = round(action["angle_degrees"] / ANGLE_STEP_DEGREES)
        said.append(f"{verb} angle {steps * ANGLE_STEP_DEGREES}")
    return [verb, *said]


@dataclass(frozen=True)
class ActionLabels:
    """The labels that occur in a corpus, in a fixed order."""

    names: tuple[str, ...]

    @staticmethod
    def of(clips: Iterable[Sequence[dict]]) -> "ActionLabels":
        names = {label for actions in clips for action in actions for label in labels_of(action)}
        return ActionLabels(tuple(sorted(names)))

    def targets(self, actions: Sequence[dict], frames: int, frames_per_token: int) -> np.ndarray:
        """1 where a label holds now, or of the action to come next: ``[frames, 2, L]``."""
        index = {name: i for i, name in enumerate(self.names)}
        found = np.zeros((frames, len(MOMENTS), len(self.names)), dtype=np.float32)
        middles = (np.arange(frames) + 0.5) * frames_per_token
        starts = np.array([action["start"] for action in actions], dtype=np.float64)
        following = np.array([starts[starts > m].min(initial=np.inf) for m in middles])
        for action in actions:
            columns = [index[label] for label in labels_of(action)]
            now = (action["start"] <= middles) & (middles < action["stop"])
            found[np.ix_(now, [0], columns)] = 1.0
            found[np.ix_(following == action["start"], [1], columns)] = 1.0
        return found


class ActionReader(nn.Module):
    """Reads the labels from states of the backbone's middle; only training needs it."""

    def __init__(self, width: int, labels: int):
        super().__init__()
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.read = nn.Linear(width, len(MOMENTS) * labels)
        # Labels are rare; starting near their share keeps the first steps calm.
        nn.init.constant_(self.read.bias, -5.0)

    def loss(self, states: Tensor, targets: Tensor) -> Tensor:
        """Mean over N frames of the summed binary cross-entropies, in nats.

        ``states [N, W]``, ``targets [N, 2, L]``.
        """
        logits = self.read(self.norm(states)).float()
        each = F.binary_cross_entropy_with_logits(logits, targets.flatten(1), reduction="none")
        return each.sum(-1).mean()

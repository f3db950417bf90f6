"""What the body does at each token frame, and what it does next, as labels to be read off.

A caption says all of a clip at once; a code depends on the part of it that applies now. The corpus
knows which action fills which frames. Asked for that at every frame, the token model finds its
place in the sentence long before the codes alone would teach it.
"""

from collections.abc import Iterable, Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from motion_engine.generation.action_plan import ActionLabels, PlannedAction
from motion_engine.motion import ENGINE_FPS

LOWER_CHANNELS = frozenset({"base", "left_leg", "right_leg"})
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


def plan_of(actions: Iterable[dict]) -> list[PlannedAction]:
    """The plan of a corpus row's actions."""
    return [
        PlannedAction(tuple(labels_of(a)), a["start"] / ENGINE_FPS, a["stop"] / ENGINE_FPS)
        for a in actions
    ]


def labels_in(clips: Iterable[Sequence[dict]]) -> ActionLabels:
    """The labels that occur in a corpus."""
    actions = [action for clip in clips for action in clip]
    names = {label for action in actions for label in labels_of(action)}
    lower = {
        action["verb"] for action in actions if LOWER_CHANNELS.intersection(action["channels"])
    }
    return ActionLabels(tuple(sorted(names)), tuple(sorted(lower)))


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

"""How well a plan agrees with what rules read in the same sentence.

The planner learns from examples and the rules were written down; they seldom make the same mistake.
Where both say the same, they were right in all of the cases that were counted.
"""

from collections.abc import Sequence

from ..generation.action_plan import ActionLabels, PlannedAction
from .understanding import Action, understood

STANDING = "stand"
"""Waiting is told of as an action, and needs none."""


def disagreement(plan: Sequence[PlannedAction], text: str, labels: ActionLabels) -> float:
    """0 where a plan does what the rules read in a text and nothing else: 1 for each action that is
    lacking or done besides, and half of that for each side, count or direction that is another
    one. Also 0 where the rules read no action: then they know nothing better."""
    reading = understood(text).actions
    if not reading:
        return 0.0
    left = [action for action in plan if action.verb != STANDING]
    wrong = 0.0
    for said in reading:
        if said.name == STANDING:
            continue
        same = [action for action in left if action.verb == said.name]
        if not same:
            wrong += 1.0
            continue
        closest = min(same, key=lambda action: _other_details(action, said, labels))
        wrong += 0.5 * _other_details(closest, said, labels)
        left.remove(closest)
    return wrong + len(left)


def _other_details(action: PlannedAction, said: Action, labels: ActionLabels) -> int:
    """How many details of an action are others than those that are said."""
    told = {
        "side": said.details.side,
        "count": said.details.count,
        "direction": said.details.direction,
    }
    wanted = [f"{action.verb} {name} {value}" for name, value in told.items() if value]
    return sum(label in labels.index and label not in action.labels for label in wanted)

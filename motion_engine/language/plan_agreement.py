"""How well a plan agrees with what rules read in the same sentence.

The planner learns from examples and the rules were written down; they seldom make the same mistake.
Where both say the same, they were right in all of the cases that were counted.
"""

import re
from collections.abc import Sequence

from ..generation.action_plan import ActionLabels, PlannedAction
from .understanding import Action, understood

STANDING = "stand"
"""Waiting is told of as an action, and needs none."""
SEATED = "sit"
"""Goes on beneath what follows it."""
SAID_SHORTLY = {
    **dict.fromkeys(("walk_curve", "walk_circle", "walk_eight", "walk_turn", "step"), "walk"),
    **dict.fromkeys(("run_curve", "run_eight"), "run"),
    "sit_down": "sit",
    "march_forward": "march",
    "march": "march_forward",
    "think": "touch",
}
"""Planned actions, and what people may call them as well."""
BENT = {"walk_curve", "walk_circle", "walk_eight", "walk_turn", "run_curve", "run_eight"}
BENDING = re.compile(
    r"turn|curv|circ|arc\b|bend|veer|corner|round|eight|8|loop|swerv|bear|degree", re.IGNORECASE
)
"""Who is told to go straight ahead does not, where the sentence has none of these words."""
STRAIGHT = ("forward", "backward")
OVERLAP_SECONDS = 0.4
"""By which an action may begin before the one ahead of it is over."""

SHORTEST_SECONDS = 0.3
"""That actions which go together are done at the same time."""


def disagreement(plan: Sequence[PlannedAction], text: str, labels: ActionLabels) -> float:
    """0 where a plan does what the rules read in a text and nothing else: 1 for each action that is
    lacking or done besides, and half of that for each that does not wait for what is to come
    before it, for what is not done at once though it is told so, for who bends off where the way is
    straight, and for each side, count, direction or speed that is another one.

    As many may be done besides as there are pieces of the text in which the rules read nothing, or
    what is never planned.
    Also 0 where the rules read no action: then they know nothing better."""
    reading = understood(text)
    if not reading.actions:
        return 0.0
    left = [action for action in plan if action.verb != STANDING]
    wrong, unread = 0.0, reading.unread
    bends = BENDING.search(text) is not None
    for _, beats in reading.voices:
        free_from = 0.0
        turned = None
        for beat in beats:
            found = []
            for said in beat:
                if said.name == STANDING or (turned and said.name == "turn"):
                    turned = None
                    continue
                if said.name not in labels.index:
                    unread += 1
                    continue
                found.append(_taken(left, said, free_from, labels))
                wrong += 0.5 * (not bends and _bends_off(found[-1], said))
                turned = found[-1] if found[-1] and found[-1][0].verb == "walk_turn" else None
            wrong += sum(1.0 if one is None else 0.5 * one[1] for one in found)
            wrong += 0.5 * _one_by_one([one[0] for one in found if one])
            stops = [one[0].stop for one in found if one and one[0].verb != SEATED]
            free_from = max(stops, default=free_from)
    besides = sum(action.verb != SEATED for action in left)
    return wrong + max(0, besides - unread)


def _bends_off(taken: tuple[PlannedAction, int] | None, said: Action) -> bool:
    return bool(taken) and taken[0].verb in BENT and said.details.direction in STRAIGHT


def _one_by_one(together: Sequence[PlannedAction]) -> bool:
    """Whether no two of the actions that go together are ever done at the same time."""
    if len(together) < 2:
        return False
    return max(a.start for a in together) > min(a.stop for a in together) - SHORTEST_SECONDS


def _taken(
    left: list[PlannedAction], said: Action, free_from: float, labels: ActionLabels
) -> tuple[PlannedAction, int] | None:
    """The planned action that is meant, taken out of those that are left, and in how many ways it
    is another one."""
    same = [action for action in left if action.verb == said.name] or [
        action for action in left if SAID_SHORTLY.get(action.verb) == said.name
    ]
    if not same:
        return None

    def faults(action: PlannedAction) -> int:
        comes_early = action.start < free_from - OVERLAP_SECONDS
        return comes_early + _other_details(action, said, labels)

    taken = min(same, key=faults)
    left.remove(taken)
    return taken, faults(taken)


def _other_details(action: PlannedAction, said: Action, labels: ActionLabels) -> int:
    """How many details of an action are others than those that are said."""
    told = {
        "side": said.details.side,
        "count": said.details.count,
        "direction": said.details.direction,
        "speed": said.details.speed,
    }
    wanted = [f"{action.verb} {name} {value}" for name, value in told.items() if value]
    return sum(label in labels.index and label not in action.labels for label in wanted)

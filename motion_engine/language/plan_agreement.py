"""How well a plan agrees with what rules read in the same sentence.

The planner learns from examples and the rules were written down; they seldom make the same mistake.
Where both say the same, they were right in all of the cases that were counted.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ..generation.action_plan import ActionLabels, PlannedAction
from .understanding import Action, Understanding, understood

Taken = tuple[PlannedAction, int]
"""A planned action, and in how many ways it is another one than what is read."""

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
AT_ONCE = re.compile(
    r"\b(while|whilst|same time|once|meanwhile|simultaneous\w*|together|throughout)\b",
    re.IGNORECASE,
)
LINKING = re.compile(
    r"\b(and|while|whilst|as|then|without|before|after)\b|[,;.:] *\w|"
    r"\bwith (?:\w+ ){0,2}(?:arms|hands|legs|feet) \w",
    re.IGNORECASE,
)
"""May tell of something else besides."""
STRAIGHT = ("forward", "backward")
BY_EACH_HAND = {"show_hand", "halt", "touch", "point", "block", "beckon"}
"""Actions of one hand, as far as they are planned."""
UNSAID_COUNT = 0.1
"""For each that is done more than three times without being told so."""
OVERLAP_SECONDS = 0.4
"""By which an action may begin before the one ahead of it is over."""
ONE_BY_ONE = 0.5
"""For a beat whose actions should be done at the same time and are not."""
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
    beats, left, unread = _matched(plan, reading, labels)
    bends = BENDING.search(text) is not None
    wrong = 0.0
    for beat in beats:
        wrong += sum(1.0 if taken is None else 0.5 * taken[1] for _, taken in beat)
        wrong += ONE_BY_ONE * _one_by_one([taken[0] for _, taken in beat if taken])
        wrong += 0.5 * sum(not bends and _bends_off(taken, said) for said, taken in beat)
        wrong += UNSAID_COUNT * sum(_does_often(taken, said) for said, taken in beat)
    more = sum(action.verb != SEATED for action in left)
    return wrong + max(0, more - unread)


def one_by_one(
    plan: Sequence[PlannedAction], text: str, labels: ActionLabels
) -> list[list[PlannedAction]]:
    """Actions of the plan that are told to be done at the same time, and are not. In a sequence a
    mere "and" does not tell it."""
    beats, _, _ = _matched(plan, understood(text), labels)
    if len(beats) > 1 and not AT_ONCE.search(text):
        return []
    groups = [[taken[0] for _, taken in beat if taken] for beat in beats]
    return [group for group in groups if _one_by_one(group)]


def out_of_turn(plan: Sequence[PlannedAction], text: str, labels: ActionLabels) -> bool:
    """Whether an action begins before what is told ahead of it is over."""
    reading = understood(text)
    if len(reading.voices) != 1:
        return False
    over = 0.0
    for beat in _matched(plan, reading, labels)[0]:
        actions = [taken[0] for _, taken in beat if taken]
        if any(action.start < over - OVERLAP_SECONDS for action in actions):
            return True
        over = max([over, *(action.stop for action in actions if action.verb != SEATED)])
    return False


def besides(plan: Sequence[PlannedAction], text: str, labels: ActionLabels) -> list[PlannedAction]:
    """Actions of a plan that has all that is read, which are read nowhere: again the same, or any
    where nothing links what is told to something else."""
    beats, left, unread = _matched(plan, understood(text), labels)
    if unread or not beats or any(taken is None for beat in beats for _, taken in beat):
        return []
    read = {taken[0].verb for beat in beats for _, taken in beat}
    links = LINKING.search(text) is not None
    return [a for a in left if a.verb != SEATED and (a.verb in read or not links)]


def _matched(
    plan: Sequence[PlannedAction], reading: Understanding, labels: ActionLabels
) -> tuple[list[list[tuple[Action, Taken | None]]], list[PlannedAction], int]:
    """For each beat, the actions that are read and those of the plan that are meant; the planned
    ones that are left; and in how many pieces another may be told."""
    left = [action for action in plan if action.verb != STANDING]
    unread, matched = reading.unread, []
    for part, beats in reading.voices:
        free_from, turned = 0.0, False
        for beat in beats:
            found: list[tuple[Action, Taken | None]] = []
            for said in each_hand(beat, part.split(" ")[0]):
                if said.name == STANDING or (turned and said.name == "turn"):
                    turned = False
                    continue
                if said.name not in labels.index:
                    unread += 1
                    continue
                taken = _taken(left, said, free_from, labels)
                found.append((said, taken))
                turned = taken is not None and taken[0].verb == "walk_turn"
            matched.append(found)
            stops = [taken[0].stop for _, taken in found if taken and taken[0].verb != SEATED]
            free_from = max(stops, default=free_from)
    return matched, left, unread


def each_hand(beat: Sequence[Action], spoken: str = "") -> list[Action]:
    """The actions of a beat; what both hands show is planned as one action of each, and what is
    ``spoken`` to the left or right is done by it."""
    found: list[Action] = []
    for said in beat:
        if spoken in ("left", "right") and not said.details.side:
            said = replace(said, details=replace(said.details, side=spoken))
        if said.name in BY_EACH_HAND and said.details.side == "both":
            sides = [replace(said.details, side=side) for side in ("left", "right")]
            found += [replace(said, details=details) for details in sides]
        else:
            found.append(said)
    return found


def _bends_off(taken: Taken | None, said: Action) -> bool:
    return bool(taken) and taken[0].verb in BENT and said.details.direction in STRAIGHT


def _does_often(taken: Taken | None, said: Action) -> bool:
    """Whether something is done more often than anybody leaves unsaid."""
    often = re.compile(rf"{said.name} count ([4-9]|\d\d)")
    return bool(taken) and not said.details.count and any(map(often.fullmatch, taken[0].labels))


def _one_by_one(together: Sequence[PlannedAction]) -> bool:
    """Whether no two of the actions that go together are ever done at the same time."""
    if len(together) < 2:
        return False
    return max(a.start for a in together) > min(a.stop for a in together) - SHORTEST_SECONDS


def _taken(
    left: list[PlannedAction], said: Action, free_from: float, labels: ActionLabels
) -> Taken | None:
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

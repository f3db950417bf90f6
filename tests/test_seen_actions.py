"""From probabilities of labels to actions: stretches, gaps, details, what cannot be."""

import numpy as np
import pytest

from motion_engine.generation.action_plan import ActionLabels, PlannedAction
from motion_engine.generation.seen_actions import seen_actions

NAMES = (
    "kick", "kick count 2", "kick count 3", "kick side left", "kick side right", "run", "touch",
    "touch target chin", "touch target head", "walk", "walk direction forward", "wave",
)  # fmt: skip
LABELS = ActionLabels(NAMES, ("kick", "run", "walk"))
RATE = 7.5


def seen(frames, *stretches):
    """What is seen in probabilities that are 0 but in ``(label, first, last, probability)``."""
    probabilities = np.zeros((frames, len(NAMES)))
    for label, first, last, probability in stretches:
        probabilities[first:last, NAMES.index(label)] = probability
    return seen_actions(probabilities, LABELS, RATE)


def test_an_action_with_what_is_sure_of_it():
    found = seen(
        30,
        ("kick", 8, 20, 0.95),
        ("kick side left", 8, 20, 0.9),
        ("kick count 2", 8, 20, 0.5),
        ("kick count 3", 8, 20, 0.3),
    )
    assert found == (PlannedAction(("kick", "kick side left"), 8 / RATE, 20 / RATE),)


def test_gaps_are_closed_and_flickers_are_left_out():
    assert seen(30, ("wave", 5, 12, 1.0), ("wave", 14, 24, 1.0)) == (
        PlannedAction(("wave",), 5 / RATE, 24 / RATE),
    )
    assert seen(30, ("wave", 5, 7, 1.0)) == ()


def test_the_other_side_is_another_action():
    found = seen(
        40,
        ("kick", 4, 34, 1.0),
        ("kick side left", 4, 18, 1.0),
        ("kick side right", 18, 34, 1.0),
    )
    assert [action.labels for action in found] == [
        ("kick", "kick side left"),
        ("kick", "kick side right"),
    ]
    assert found[0].stop == found[1].start == pytest.approx(18 / RATE, abs=1 / RATE)


def test_the_legs_do_one_thing_at_a_time_and_the_arms_another():
    found = seen(30, ("run", 0, 30, 0.7), ("walk", 0, 30, 0.9), ("wave", 10, 20, 0.9))
    assert [action.verb for action in found] == ["walk", "wave"]
    after = seen(40, ("run", 0, 20, 0.7), ("walk", 20, 40, 0.9))
    assert [action.verb for action in after] == ["run", "walk"]


def test_touching_is_seen_where_it_can_be_told_what():
    assert seen(20, ("touch", 3, 15, 0.9), ("touch target head", 3, 15, 0.4)) == ()
    (found,) = seen(20, ("touch", 3, 15, 0.9), ("touch target head", 3, 15, 0.8))
    assert found.labels == ("touch", "touch target head")


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_clips_of_a_few_frames(frames):
    assert seen(frames, ("walk", 0, frames, 0.9)) == (PlannedAction(("walk",), 0.0, frames / RATE),)
    assert seen(frames) == ()

"""Plans: what the control track says of them, and how they are spelled."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion_engine.generation.action_plan import ActionLabels, PlannedAction, plan_control
from motion_engine.generation.control import TIMING_CHANNELS, ControlLayout
from motion_engine.generation.plan_tokens import (
    LONGEST_TIME_SECONDS,
    PlanTokens,
    time_seconds,
    time_step,
)
from motion_engine.language.plan_agreement import disagreement
from motion_engine.language.stillness import without_still_parts
from motion_engine.models.planner import (
    LONGEST_ROW_SECONDS,
    Plan,
    gone_on,
    in_a_row,
    squeezed,
    stretched,
)

NAMES = ("kick", "kick count 2", "kick side left", "walk", "wave", "wave count 3", "wave side left")
LABELS = ActionLabels(NAMES, ("kick", "walk"))
LAYOUT = ControlLayout(parts=2, latent_size=3, pose_size=4, labels=len(NAMES))
RATE = 10.0
WALK = PlannedAction(("walk",), 0.5, 4.0)
WAVE = PlannedAction(("wave", "wave count 3", "wave side left"), 2.0, 3.0)
TOKENS = PlanTokens(LABELS)


def told(plan, frames=50):
    return plan_control(LAYOUT, LABELS, plan, frames, RATE)[:, LAYOUT.slices["plan"]]


def names_in(row) -> set[str]:
    return {name for name, value in zip(NAMES, row) if value}


def test_a_plan_touches_nothing_else_on_the_track():
    control = plan_control(LAYOUT, LABELS, [WALK], 50, RATE)
    control[:, LAYOUT.slices["plan"]] = 0.0
    assert not control.any()
    assert not LAYOUT.without_plan(plan_control(LAYOUT, LABELS, [WALK], 50, RATE)).any()


def test_each_frame_tells_what_is_done_and_what_comes():
    rows, count = told([WALK, WAVE]), len(NAMES)
    now, following = rows[:, 1 : 1 + count], rows[:, 1 + count : 1 + 2 * count]
    assert (rows[:, 0] == 1.0).all()
    assert names_in(now[2]) == set() and names_in(following[2]) == {"walk"}
    assert names_in(now[10]) == {"walk"} and names_in(following[10]) == set(WAVE.labels)
    assert names_in(now[25]) == {"walk", *WAVE.labels} and names_in(following[25]) == set()
    assert names_in(now[45]) == set()
    np.testing.assert_allclose(following[2].max(), np.exp(-(0.5 - 0.25)), rtol=1e-6)


def test_progress_runs_once_around_from_start_to_stop():
    timing = told([WALK, WAVE])[:, 1 + 2 * len(NAMES) :].reshape(50, 2, TIMING_CHANNELS)
    upper, lower = timing[:, 0], timing[:, 1]
    assert (lower[5:40, 0] == 1.0).all() and not lower[:5].any() and not lower[40:].any()
    assert (upper[20:30, 0] == 1.0).all() and not upper[30:].any()
    np.testing.assert_allclose((lower[5:40, 1] + lower[5:40, 2]) * 5.0, 3.5, rtol=1e-5)
    once = np.unwrap(np.arctan2(upper[20:30, 3], upper[20:30, 8]))
    np.testing.assert_allclose(np.diff(once), 2.0 * np.pi / 10, rtol=1e-4)


def test_labels_that_are_not_known_are_left_out():
    plan = [PlannedAction(("wave", "wave mood blue"), 0.0, 1.0)]
    np.testing.assert_array_equal(told(plan), told([PlannedAction(("wave",), 0.0, 1.0)]))


@given(st.floats(0.0, LONGEST_TIME_SECONDS))
def test_time_tokens_are_near_the_times_they_stand_for(seconds):
    tolerance = 0.02 + 0.08 * seconds**0.5
    assert abs(time_seconds(time_step(seconds)) - seconds) <= tolerance


@st.composite
def plans(draw):
    actions = []
    for start in sorted(draw(st.lists(st.floats(0.0, 8.0), max_size=4))):
        verb = draw(st.sampled_from(("kick", "walk", "wave")))
        about = [name for name in NAMES if name.startswith(f"{verb} ")]
        chosen = draw(st.sets(st.sampled_from(about))) if about else ()
        stop = start + draw(st.floats(0.5, 4.0))
        actions.append(PlannedAction((verb, *sorted(chosen)), start, stop))
    return actions


@settings(max_examples=60)
@given(plans())
def test_a_plan_is_spelled_and_read_again(plan):
    ids = TOKENS.encode(plan, 12.0)
    for place, token in enumerate(ids):
        assert TOKENS.allowed(ids[:place])[token]
    found, seconds = TOKENS.decode(ids)
    assert seconds == pytest.approx(12.0, abs=0.3)
    assert [action.labels for action in found] == [action.labels for action in plan]
    for mine, theirs in zip(found, plan):
        assert mine.start == pytest.approx(theirs.start, abs=0.8)
        assert mine.stop - mine.start == pytest.approx(theirs.stop - theirs.start, abs=0.2)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_whatever_is_allowed_spells_a_plan(seed):
    rng, ids = np.random.default_rng(seed), []
    while len(ids) < 200 and TOKENS.unknown not in ids and TOKENS.end not in ids[-2:-1]:
        ids.append(int(rng.choice(np.flatnonzero(TOKENS.allowed(ids)))))
    found = TOKENS.decode(ids)
    if ids[0] == TOKENS.unknown:
        assert found is None
    elif TOKENS.end in ids:
        assert all(set(action.labels) <= set(NAMES) for action in found[0])
        assert found[1] >= max((action.stop for action in found[0]), default=0.0)


def test_the_unknown_and_the_unfinished_are_no_plans():
    assert TOKENS.decode([TOKENS.unknown]) is None
    assert TOKENS.decode(TOKENS.encode([WALK], 5.0)[:-2]) is None


def test_longer_clips_go_on_with_what_has_no_count():
    plan = stretched(Plan((WAVE.shifted(-2.0), WALK.shifted(1.0)), 5.0), 25.0)
    wave, walk = plan.actions
    assert (wave.start, wave.stop) == (0.0, 1.0)
    assert (walk.start, walk.stop) == (1.5, 25.0)


def test_a_plan_agrees_with_what_rules_read():
    def wave(*about):
        return PlannedAction(("wave", *(f"wave {said}" for said in about)), 0.0, 1.0)

    told = "a person walks, then waves three times with the left hand"
    right = [WALK, wave("side left", "count 3").shifted(4.0)]
    assert disagreement(right, told, LABELS) == 0.0
    assert disagreement([WALK], told, LABELS) == 1.0
    assert disagreement([*right, wave()], told, LABELS) == 1.0
    assert disagreement([WALK, wave("count 3").shifted(4.0)], told, LABELS) == 0.5
    assert disagreement([WALK, wave("side left", "count 3").shifted(1.0)], told, LABELS) == 0.5
    assert (
        disagreement([WALK, wave("side left").shifted(1.0)], "walk while you wave", LABELS) == 0.0
    )
    assert disagreement([], told, LABELS) == 2.0
    # No label tells of two waves: nothing better could have been planned.
    assert disagreement([wave("side left")], "wave twice with the left hand", LABELS) == 0.0


def test_parts_that_stand_still_are_not_planned():
    told = "arms: clap; legs: still; head: do not move."
    assert without_still_parts(told) == "arms: clap"
    assert without_still_parts("legs: still") == "legs: still"
    assert without_still_parts("a person stands; then bows") == "a person stands; then bows"


def test_who_walks_last_walks_on_to_the_end():
    wave, walk = gone_on((WAVE.shifted(-2.0), WALK), 9.0)
    assert wave == WAVE.shifted(-2.0) and (walk.start, walk.stop) == (0.5, 8.6)
    assert gone_on((WALK, WAVE.shifted(4.0)), 9.0) == (WALK, WAVE.shifted(4.0))
    curve = PlannedAction(("walk", "walk angle 90"), 0.5, 4.0)
    assert gone_on((curve,), 9.0) == (curve,)


def test_too_long_a_plan_is_hurried():
    plan = squeezed(Plan((WALK, WAVE.shifted(3.0)), 8.0), 3.0)
    assert [(a.start, a.stop) for a in plan.actions] == [(0.25, 2.0), (2.5, 3.0)]
    assert squeezed(Plan((WALK,), 8.0), 5.0).actions == (WALK,)


def test_plans_are_put_in_a_row():
    plans = [Plan((WALK,), 5.0), Plan((WAVE,), 4.0)]
    walk, wave = in_a_row(plans, [False, False]).actions
    assert (walk.start, walk.stop) == pytest.approx((0.4, 3.9))
    assert (wave.start, wave.stop) == pytest.approx((4.2, 5.2))
    assert in_a_row(plans, [False, True]).actions[1].start == pytest.approx(3.9 + WAVE.start)
    long = in_a_row(4 * [Plan((WALK,), 5.0)], 4 * [False])
    assert long.actions[-1].stop <= long.seconds == LONGEST_ROW_SECONDS
    starts = [action.start for action in long.actions]
    assert starts == sorted(starts)


def test_labels_keep_the_odds_with_which_they_were_drawn():
    ids = TOKENS.encode([WALK, WAVE], 5.0)
    odds = [(n + 1) / 20 for n in range(len(ids))]
    (walk, wave), _ = TOKENS.decode(ids, odds)
    assert walk.odds == (odds[0],)
    assert wave.odds == tuple(odds[3:6])
    assert walk.shifted(1.0).odds == walk.odds
    assert all(odds == 1.0 for a in TOKENS.decode(ids)[0] for odds in a.odds)

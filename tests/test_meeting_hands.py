"""Hands that nearly meet while they are planned to clap meet; all else stays."""

import numpy as np
import pytest

from motion_engine.finish.region import part_joints
from motion_engine.generation.action_plan import PlannedAction
from motion_engine.hinges import reach
from motion_engine.meeting_hands import with_claps
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX

SECONDS = np.arange(120) / 30.0
CLAPS_AT = (0.75, 1.75, 2.75, 3.75)


def palm_distances(motion: Motion) -> np.ndarray:
    positions = motion.joint_positions()
    left, right = (
        positions[:, [SMPLX.index(f"{side}_wrist"), SMPLX.index(f"{side}_middle1")]].mean(1)
        for side in ("left", "right")
    )
    return np.linalg.norm(left - right, axis=-1)


def nearly_clapping(gap: float = 0.2) -> Motion:
    """Wrists before the chest that come near each other at CLAPS_AT, the hands along the arms."""
    motion = Motion.standing(len(SECONDS))
    apart = gap + 0.1 * (1.0 + np.sin(2.0 * np.pi * SECONDS))
    neck = motion.joint_positions()[:, SMPLX.index("neck")]
    for limb, side in (("left_hand", 0.5), ("right_hand", -0.5)):
        place = neck + np.stack([side * apart, -0.3 + 0.0 * apart, -0.15 + 0.0 * apart], axis=1)
        motion = reach(motion, limb, place, keeps_turn=False)
    return motion


def clap(start: float, stop: float, *labels: str) -> tuple[PlannedAction, ...]:
    return (PlannedAction(("clap", *labels), start, stop),)


def test_palms_meet_at_every_clap():
    motion = nearly_clapping()
    distances = palm_distances(with_claps(motion, clap(0.2, 3.9)))
    before = palm_distances(motion)
    for at in CLAPS_AT[:-1]:
        near = slice(round(at * 30) - 6, round(at * 30) + 7)
        assert before[near].min() > 0.055
        assert distances[near].min() == pytest.approx(0.045, abs=0.01)
    assert distances.max() == pytest.approx(before.max(), abs=0.01)


def test_only_arms_and_only_near_claps_are_changed():
    motion = nearly_clapping()
    clapped = with_claps(motion, clap(1.6, 1.9))
    changed = np.any(clapped.local_rotations != motion.local_rotations, axis=(0, 2))
    arms = part_joints(("left_arm", "right_arm"))
    assert changed.any() and set(np.flatnonzero(changed)) <= set(arms)
    moved = np.flatnonzero(np.any(clapped.local_rotations != motion.local_rotations, axis=(1, 2)))
    assert 1.3 < SECONDS[moved].min() and SECONDS[moved].max() < 2.2
    np.testing.assert_array_equal(clapped.root_positions, motion.root_positions)


def test_no_more_claps_than_planned():
    motion = nearly_clapping()
    distances = palm_distances(with_claps(motion, clap(0.2, 3.9, "clap count 2")))
    met = [distances[round(at * 30) - 6 : round(at * 30) + 7].min() < 0.055 for at in CLAPS_AT[:3]]
    assert sum(met) == 2


@pytest.mark.parametrize(
    "plan",
    [(), clap(4.5, 5.5), (PlannedAction(("wave",), 0.0, 4.0),)],
    ids=["none", "late", "other"],
)
def test_hands_that_are_not_to_clap_keep_apart(plan):
    motion = nearly_clapping()
    assert with_claps(motion, plan) is motion


def test_hands_far_apart_are_not_torn_together():
    motion = nearly_clapping(gap=0.5)
    assert with_claps(motion, clap(0.0, 4.0)) is motion


def test_hands_come_together_without_a_jerk():
    def largest_acceleration(motion: Motion) -> float:
        wrists = motion.joint_positions()[:, [SMPLX.index(f"{s}_wrist") for s in ("left", "right")]]
        return np.linalg.norm(np.diff(wrists, 2, axis=0), axis=-1).max() * 900.0

    motion = nearly_clapping()
    assert largest_acceleration(with_claps(motion, clap(0.2, 3.9))) < 15.0

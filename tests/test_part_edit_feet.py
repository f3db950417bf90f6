"""Limbs made anew meet the clip gently, and its feet stand: takes by formula for the model's."""

from dataclasses import replace

import numpy as np
import pytest
from acting import act, between
from swaying import accelerations, walking

import motion_engine
from motion_engine import rotations
from motion_engine.contacts import foot_slide_cm_s, sole_points, with_detected_contacts
from motion_engine.edit.striding import done_in_stride
from motion_engine.finish.region import edited_region, spliced
from motion_engine.generation import part_edit
from motion_engine.motion import Motion
from motion_engine.parts import resolve_parts
from motion_engine.skeleton import SMPLX

LEGS = resolve_parts(["legs"])
ARM = ("right_shoulder", "right_elbow", "right_wrist")


@pytest.fixture(scope="module")
def model():
    return motion_engine.load("debug")


def edited(motion, take, parts, start, stop, model, monkeypatch):
    """The clip as a command edits it for which the model makes this take."""
    region = edited_region(parts, start, stop, motion.frames, motion.fps)
    first, end = int(region.frames[0]), int(region.frames[-1]) + 1
    monkeypatch.setattr(part_edit, "decoded_motions", lambda *a, **k: [take.cut(0, end - first)])
    command = motion_engine.Command("do it")
    (new,) = part_edit.edit_parts(motion, parts, [command], model, first, end)
    return spliced(motion, new, region), region


def kick(side="right", at=1.2, seconds=4.0):
    """Somebody who stands on one leg and kicks with the other once."""

    turns = {
        (f"{side}_hip", "x"): between(at - 0.4, at + 0.4, -75.0, 0.35),
        (f"{side}_knee", "x"): between(at - 0.5, at + 0.5, 15.0, 0.3),
    }
    motion = act(seconds, turns)
    return with_detected_contacts(motion)


def test_an_arm_far_away_is_met_gently_in_a_still_clip(model, monkeypatch):
    """Half a second is too short to raise a hanging arm as calmly as somebody stands."""
    still = act(4.0)
    raised = act(4.0, {("right_shoulder", "z"): lambda t: -50.0 + 0.0 * t})
    found, region = edited(still, raised, ("right_arm",), 0.8, 3.6, model, monkeypatch)
    assert accelerations(found).max() < 8.0
    middle = region.frames[len(region.frames) // 2]
    shoulder = SMPLX.index("right_shoulder")
    away = rotations.angle(rotations.multiply(
        rotations.conjugate(found.local_rotations[middle, shoulder]),
        raised.local_rotations[middle, shoulder],
    ))  # fmt: skip
    assert np.degrees(away) < 1.0


def test_feet_stand_where_the_clip_has_them(model, monkeypatch):
    """The take stands with its feet elsewhere: they do not slide over there and back."""
    spread = {("left_hip", "z"): lambda t: 15.0 + 0.0 * t, ("left_hip", "x"): lambda t: -20 + 0 * t}
    still, take = act(4.0), act(4.0, spread)
    found, region = edited(still, take, LEGS, 0.8, 3.6, model, monkeypatch)
    assert foot_slide_cm_s(found) < 2.0
    assert region.frames[0] > 0


@pytest.mark.parametrize("side", ["left", "right"])
def test_who_walks_kicks_with_the_leg_that_swings(side, model, monkeypatch):
    motion = walking(120)
    found, region = edited(motion, kick(side), LEGS, 0.8, 3.6, model, monkeypatch)
    assert foot_slide_cm_s(found) < 1.2 * foot_slide_cm_s(motion) + 1.0
    raised = sole_points(found)[..., 2].reshape(-1, 2, 2).min(-1)
    own, other = (0, 1) if side == "left" else (1, 0)
    assert raised[:, own].max() > 0.4
    assert raised[:, other].max() < sole_points(motion)[..., 2].max() + 0.02
    lower = {0, *(SMPLX.index(f"{s}_{j}") for s in ("left", "right")
                  for j in ("hip", "knee", "ankle", "foot"))}  # fmt: skip
    upper = [j for j in range(SMPLX.joints) if j not in lower]
    same = np.array_equal
    assert same(found.local_rotations[:, upper], motion.local_rotations[:, upper])
    outside = np.setdiff1d(np.arange(120), region.frames)
    assert same(found.local_rotations[outside], motion.local_rotations[outside])
    assert same(found.root_positions[outside], motion.root_positions[outside])
    way = found.root_positions[:, 1]
    assert (np.diff(way) < 0.0).all(), "who walks on does not stop or step back"


def test_who_stands_or_does_it_with_both_legs_does_not_do_it_in_stride():
    motion = walking(120)
    assert done_in_stride(motion, kick().cut(0, 84), 24) is not None
    assert done_in_stride(Motion.standing(120), kick().cut(0, 84), 24) is None
    assert done_in_stride(motion, walking(84), 24) is None
    assert done_in_stride(motion, Motion.standing(84), 24) is None
    crouch = {(f"{side}_{joint}", "x"): between(0.5, 2.0, turn)
              for side in ("left", "right")
              for joint, turn in (("hip", -60.0), ("knee", 120.0))}  # fmt: skip
    squat = act(2.8, crouch, up_m=between(0.5, 2.0, -0.4))
    assert done_in_stride(motion, squat, 24) is None


def test_a_leg_that_never_swings_does_not_kick_in_stride():
    motion = walking(120)
    planted = motion.contacts.copy()
    planted[:, 2:] = 1.0
    assert done_in_stride(replace(motion, contacts=planted), kick().cut(0, 84), 24) is None


def test_each_of_two_kicks_has_its_swing():
    motion = walking(150)
    turns = {}
    for side, at in (("right", 1.0), ("left", 2.5)):
        turns[(f"{side}_hip", "x")] = between(at - 0.4, at + 0.4, -75.0, 0.35)
    found = done_in_stride(motion, with_detected_contacts(act(3.6, turns)), 20)
    raised = sole_points(found)[..., 2].reshape(-1, 2, 2).min(-1)
    left, right = raised.argmax(0)
    assert raised.max(0).min() > 0.4 and left > right + 10
    still = foot_slide_cm_s(motion)
    assert foot_slide_cm_s(found) < 1.2 * still + 1.0


def test_a_leg_held_up_for_long_finds_no_swing():
    held = with_detected_contacts(act(3.6, {("right_hip", "x"): between(0.3, 3.3, -75.0)}))
    assert done_in_stride(walking(150), held, 20) is None

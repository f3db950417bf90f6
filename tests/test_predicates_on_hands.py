"""What fingers show, where joints stay, which poses are passed: predicates on built hands."""

from dataclasses import replace

import numpy as np
import pytest
from acting import act, arm_up, between, walk, waving

from motion_engine import rotations
from motion_engine.finish.keys import through_keys
from motion_engine.motion import Motion, mirror
from motion_engine.skeleton import SMPLX
from training.adherence.joints import strayed_m
from training.adherence.measurements import Kinematics
from training.adherence.poses import POSES, KeyPose
from training.adherence.predicates import holds, mirrored
from training.grammar.hands import SHAPES, hand_rotations

JUDGED = ("fist", "open", "point", "two", "three", "ok", "grip")
ALIKE = {"flat": {"open"}, "four": {"open"}, "thumb_up": {"fist"}, "pinch": {"grip"}}


def with_hands(motion: Motion, spans: list[tuple[str, str, float, float]]) -> Motion:
    """The motion with hands in shapes of the grammar between times (side, shape, start, stop)."""
    local = motion.local_rotations.copy()
    for side in ("left", "right"):
        first = SMPLX.index(f"{side}_index1")
        local[:, first : first + 15] = hand_rotations(side, "relaxed")
    for side, shape, start, stop in spans:
        first = SMPLX.index(f"{side}_index1")
        frames = slice(round(start * motion.fps), round(stop * motion.fps))
        local[frames, first : first + 15] = hand_rotations(side, shape)
    return replace(motion, local_rotations=local)


def one_hand(side: str, shape: str) -> Motion:
    return with_hands(act(2.0), [(side, shape, 0.5, 1.5)])


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_hand_shows_its_own_shape_and_no_other(shape):
    motion = one_hand("left", shape)
    seen = {
        name for name in JUDGED if holds({"hand_shape": {"side": "left", "shape": name}}, motion)
    }
    assert seen <= {shape} | ALIKE.get(shape, set())
    assert shape not in JUDGED or shape in seen
    for name in seen:
        predicate = {"hand_shape": {"side": "left", "shape": name}}
        assert not holds(mirrored(predicate), motion)
        assert holds(mirrored(predicate), mirror(motion))


def test_both_hands_must_show_it_at_once():
    fists = {"hand_shape": {"side": "both", "shape": "fist"}}
    together = [("left", "fist", 0.5, 1.5), ("right", "fist", 0.5, 1.5)]
    in_turn = [("left", "fist", 0.2, 0.9), ("right", "fist", 1.1, 1.8)]
    assert holds(fists, with_hands(act(2.0), together))
    assert not holds(fists, with_hands(act(2.0), in_turn))


def test_a_thumb_is_up_only_where_it_points_up():
    predicate = {"hand_shape": {"side": "left", "shape": "thumb_up"}}
    forward = {
        ("left_shoulder", "x"): lambda t: -80.0 + 0.0 * t,
        ("left_elbow", "x"): lambda t: -90.0 + 0.0 * t,
    }
    raised, hanging = act(2.0, forward), act(2.0)
    assert not holds(predicate, with_hands(hanging, [("left", "thumb_up", 0.3, 1.7)]))
    assert not holds(predicate, with_hands(raised, [("left", "fist", 0.3, 1.7)]))
    turned = [
        with_hands(act(2.0, {**forward, ("left_wrist", "x"): lambda t, a=a: a + 0.0 * t}),
                   [("left", "thumb_up", 0.3, 1.7)])
        for a in range(-180, 180, 45)
    ]  # fmt: skip
    assert 1 <= sum(holds(predicate, motion) for motion in turned) <= 4


def test_counting_on_the_fingers():
    shapes = ("point", "two", "three")
    rising = [("right", shape, 0.5 + 0.6 * i, 1.1 + 0.6 * i) for i, shape in enumerate(shapes)]
    falling = [
        ("right", shape, 0.5 + 0.6 * i, 1.1 + 0.6 * i) for i, shape in enumerate(shapes[::-1])
    ]
    up_to_three = {"counts_on_fingers": {"side": "right", "up_to": 3}}
    assert holds(up_to_three, with_hands(act(3.0), rising))
    assert holds({"counts_on_fingers": {"side": "right", "up_to": 2}}, with_hands(act(3.0), rising))
    assert not holds(up_to_three, with_hands(act(3.0), falling))
    assert not holds(up_to_three, with_hands(act(3.0), rising[:2]))
    assert not holds(up_to_three, mirror(with_hands(act(3.0), rising)))
    assert not holds(up_to_three, one_hand("right", "open"))


def test_closing_and_opening_a_hand():
    twice = with_hands(act(3.0), [("left", "fist", 0.4, 0.9), ("left", "fist", 1.5, 2.2)])
    assert holds({"closes_hand": {"side": "left", "count": 2}}, twice)
    assert not holds({"closes_hand": {"side": "left", "count": 1}}, twice)
    assert not holds({"closes_hand": {"side": "right"}}, twice)
    assert not holds({"closes_hand": {"side": "both"}}, twice)
    assert not holds({"closes_hand": {"side": "either"}}, with_hands(act(3.0), []))


def test_a_joint_keeps_its_place_while_others_move():
    motion = walk(3.0, turns=waving("left", 0.4, 2.6))
    assert holds({"keeps_place": {"joint": "right_wrist", "max_m": 0.01}}, motion)
    assert not holds({"keeps_place": {"joint": "left_wrist", "max_m": 0.2}}, motion)
    assert not holds({"keeps_place": {"joint": "left_ankle", "max_m": 0.05}}, motion)
    level = act(2.0, arm_up("left", 75.0, between(0.3, 1.7)))
    arm = np.linalg.norm(SMPLX.offsets[[SMPLX.index("left_elbow"), SMPLX.index("left_wrist")]])
    assert strayed_m(Kinematics.of(level), "left_wrist").max() == pytest.approx(
        2.0 * np.sin(np.radians(37.5)) * 0.5, abs=0.06
    )
    assert arm > 0.0


@pytest.mark.parametrize(("ramp", "fast"), [(0.25, True), (1.4, False)])
def test_the_speed_of_a_joint(ramp, fast):
    raised = act(4.0, arm_up("right", 150.0, between(0.4, 3.6, ramp=ramp)))
    assert holds({"joint_speed": {"joint": "right_wrist", "min_m_s": 2.5}}, raised) == fast
    assert holds({"joint_speed": {"joint": "right_wrist", "max_m_s": 2.0}}, raised) != fast


@pytest.mark.parametrize("pose", [name for name in POSES if name != "stand"])
def test_a_key_pose_is_passed_where_it_was_asked_and_nowhere_else(pose):
    key = KeyPose(1.5, pose, forward_m=0.4, turned_degrees=30.0).key()
    motion = through_keys(act(3.0, start_yaw_degrees=30.0), [key])
    assert holds({"passes": {"pose": pose, "seconds": 1.5}}, motion)
    assert not holds({"passes": {"pose": pose, "seconds": 0.1}}, motion)
    others = [other for other in POSES if other != pose]
    assert not any(holds({"passes": {"pose": other, "seconds": 1.5}}, motion) for other in others)
    assert holds(mirrored({"passes": {"pose": pose, "seconds": 1.5}}), mirror(motion))


def test_a_jump_between_two_frames_is_not_smooth():
    motion = act(2.0)
    local = motion.local_rotations.copy()
    local[30:, SMPLX.index("left_shoulder")] = rotations.IDENTITY
    assert holds({"smooth": {}}, motion)
    assert not holds({"smooth": {}}, replace(motion, local_rotations=local))


def test_during():
    motion = act(5.0, waving("left", 2.4, 4.8))
    late = {"during": {"start": 2.0, "stop": 5.0, "of": {"waves": {"side": "left"}}}}
    early = {"during": {"start": 0.0, "stop": 2.0, "of": {"waves": {"side": "left"}}}}
    assert holds(late, motion) and not holds(early, motion)
    assert not holds(late, motion.cut(0, 45))  # it ends before
    assert holds(mirrored(late), mirror(motion)) and not holds(late, mirror(motion))

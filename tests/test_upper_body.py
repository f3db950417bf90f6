"""Upper-body actions: they do what they say, they fit in, and they move like a person."""

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX, forward_kinematics
from training.adherence.predicates import holds
from training.grammar.body import LEG_JOINTS, Body
from training.grammar.hands import SHAPES, hand_rotations
from training.grammar.reaching import ARM_JOINTS, ArmPose, solve_arm
from training.grammar.timeline import FPS, Person
from training.grammar.timing import Step, minimum_jerk
from training.grammar.upper_body import UPPER_BODY_FAMILIES
from training.grammar.upper_claims import UPPER_CLAIMS

MARGIN = 8
FAMILIES = pytest.mark.parametrize("family", UPPER_BODY_FAMILIES, ids=lambda f: f.name)


def standing(frames: int) -> Body:
    """Arms hanging, and a slow sway so that there is something underneath to blend with."""
    body = Body.empty(frames)
    sway = 0.03 * np.sin(np.arange(frames) / FPS * 2.5)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        hanging = rotations.about("z", -sign * np.radians(74.0) + sway)
        body.local_rotations[:, SMPLX.index(f"{side}_shoulder")] = hanging
        bent = rotations.about("y", np.full(frames, -sign * np.radians(18.0)))
        body.local_rotations[:, SMPLX.index(f"{side}_elbow")] = bent
    return body


def performed(family, seed: int):
    rng = np.random.default_rng(seed)
    person = Person(energy=rng.uniform(0.8, 1.2), tempo=rng.uniform(0.88, 1.12))
    action = family.sample(rng, person)
    frames = round(action.seconds * FPS) + 2 * MARGIN
    before, after = standing(frames), standing(frames)
    action.apply(after, MARGIN, frames - MARGIN, person, rng)
    return action, before, after


def as_motion(body: Body) -> Motion:
    local = body.local_rotations.copy()
    local[:, 0] = body.root_rotations()
    return Motion(body.root_positions(), local, np.ones((body.frames, 4)))


@FAMILIES
def test_actions_do_what_their_description_claims(family):
    if family.name not in UPPER_CLAIMS:
        pytest.skip("no predicate measures it")
    kept = []
    for seed in range(12):
        action, _, after = performed(family, seed)
        motion = as_motion(after)
        kept += [holds(c, motion) for c in UPPER_CLAIMS[family.name](action.description, True)]
    assert np.mean(kept) >= 0.9


@FAMILIES
def test_actions_leave_the_motion_outside_their_window_alone_and_join_it_smoothly(family):
    for seed in range(3):
        _, before, after = performed(family, seed)
        for name in ("local_rotations", "pelvis_shift", "pelvis_tilt"):
            old, new = getattr(before, name), getattr(after, name)
            np.testing.assert_allclose(new[:MARGIN], old[:MARGIN], atol=1e-9)
            np.testing.assert_allclose(new[-MARGIN:], old[-MARGIN:], atol=1e-9)
        turns = rotations.angle(
            rotations.multiply(rotations.conjugate(before.local_rotations), after.local_rotations)
        )
        edge = np.concatenate([turns[MARGIN : MARGIN + 2], turns[-MARGIN - 2 : -MARGIN]])
        assert np.degrees(edge.max()) < 3.0


@FAMILIES
def test_actions_move_only_what_they_may(family):
    _, before, after = performed(family, 3)
    untouched = [0, *LEG_JOINTS]
    np.testing.assert_array_equal(
        after.local_rotations[:, untouched], before.local_rotations[:, untouched]
    )
    np.testing.assert_array_equal(after.pelvis_path, before.pelvis_path)
    np.testing.assert_array_equal(after.heading, before.heading)


@FAMILIES
def test_elbows_bend_forwards_only_and_nothing_jumps(family):
    fastest = 30.0 if family.name in ("punch", "throw") else 20.0
    for seed in range(4):
        _, _, after = performed(family, seed)
        local = after.local_rotations
        for side, sign in (("left", 1.0), ("right", -1.0)):
            # The forearm in the upper arm's frame points towards +Z when the elbow is flexed.
            forearm = rotations.rotate(
                local[:, SMPLX.index(f"{side}_elbow")], np.array([sign, 0.0, 0.0])
            )
            assert forearm[:, 2].min() > -0.12
        steps = rotations.multiply(rotations.conjugate(local[:-1]), local[1:])
        assert rotations.angle(steps)[:, :22].max() * FPS < fastest


def test_an_action_is_the_same_for_the_same_seed():
    for family in UPPER_BODY_FAMILIES:
        first, second = performed(family, 11), performed(family, 11)
        np.testing.assert_array_equal(first[2].local_rotations, second[2].local_rotations)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_arm_solver_puts_the_wrist_where_it_was_asked(side):
    rng = np.random.default_rng(0)
    for _ in range(50):
        hand = rng.normal(size=3)
        hand *= rng.uniform(0.2, 0.42) / np.linalg.norm(hand)
        local = np.tile(rotations.IDENTITY, (SMPLX.joints, 1))
        joints = [SMPLX.index(f"{side}_{name}") for name in ARM_JOINTS]
        local[joints] = solve_arm(side, ArmPose(tuple(hand)), swivel=rng.normal(0.0, 0.3))
        positions, _ = forward_kinematics(SMPLX, np.zeros(3), local)
        rest = SMPLX.rest_positions[joints[1]]
        sign = 1.0 if side == "left" else -1.0
        expected = rest + hand * [sign, 1.0, 1.0]
        np.testing.assert_allclose(positions[joints[3]], expected, atol=1e-6)


def test_the_palm_faces_the_way_it_is_told_within_the_forearms_range():
    pose = ArmPose((0.0, 0.0, 0.5), (0.5, -1.0, 0.0), palm=(0.0, -1.0, 0.0))
    local = np.tile(rotations.IDENTITY, (SMPLX.joints, 1))
    local[[SMPLX.index(f"left_{name}") for name in ARM_JOINTS]] = solve_arm("left", pose)
    _, world = forward_kinematics(SMPLX, np.zeros(3), local)
    palm = rotations.rotate(world[SMPLX.index("left_wrist")], np.array([0.0, -1.0, 0.0]))
    assert palm[1] < -0.9


def test_reaches_have_one_speed_peak_before_the_middle():
    t = np.linspace(0.0, 1.0, 401)
    speed = np.diff(Step(0.0, 1.0)(t))
    assert speed.min() > -1e-9
    assert 0.35 <= t[np.argmax(speed)] <= 0.6


def test_steps_overshoot_and_anticipate_by_the_share_asked_and_then_settle():
    t = np.linspace(-0.5, 3.0, 2001)
    value = Step(0.0, 1.0, overshoot=0.1, anticipation=0.05)(t)
    assert value.max() == pytest.approx(1.1, abs=0.03)
    assert -0.06 < value.min() < -0.005
    np.testing.assert_allclose(value[t <= 0.0], 0.0)
    np.testing.assert_allclose(value[t >= 1.75], 1.0)


def test_minimum_jerk_is_the_polynomial_of_flash_and_hogan():
    u = np.linspace(0.0, 1.0, 11)
    np.testing.assert_allclose(minimum_jerk(u), 10 * u**3 - 15 * u**4 + 6 * u**5)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_right_hands_mirror_left_hands(shape):
    tips = {}
    for side in ("left", "right"):
        local = np.tile(rotations.IDENTITY, (SMPLX.joints, 1))
        first = SMPLX.index(f"{side}_index1")
        local[first : first + 15] = hand_rotations(side, shape)
        positions, _ = forward_kinematics(SMPLX, np.zeros(3), local)
        tips[side] = positions[first : first + 15]
    np.testing.assert_allclose(tips["right"] * [-1.0, 1.0, 1.0], tips["left"], atol=1e-9)


def test_a_fist_is_closed_and_a_pointing_hand_has_only_the_index_out():
    wrist = SMPLX.rest_positions[SMPLX.index("left_wrist")]

    def reach(shape: str, joint: str) -> float:
        local = np.tile(rotations.IDENTITY, (SMPLX.joints, 1))
        local[25:40] = hand_rotations("left", shape)
        positions, _ = forward_kinematics(SMPLX, np.zeros(3), local)
        return float(np.linalg.norm(positions[SMPLX.index(joint)] - wrist))

    for finger in ("index", "middle", "ring", "pinky"):
        assert reach("fist", f"left_{finger}3") < 0.8 * reach("flat", f"left_{finger}3")
    assert reach("point", "left_index3") > 0.98 * reach("flat", "left_index3")
    assert reach("point", "left_middle3") < 0.8 * reach("flat", "left_middle3")

"""Adherence predicates against analytic motions that do, and do not, what they claim."""

import json

import numpy as np
import pytest
from acting import (
    act,
    arm_up,
    between,
    bumps,
    clapping,
    gait,
    jumping,
    kicking,
    punching,
    sinking,
    squatting,
    times,
    walk,
    waving,
)

from motion_engine.errors import LimberError
from motion_engine.motion import mirror, resample
from training.adherence import events
from training.adherence.predicates import MEASURES, holds, mirrored, validate
from training.adherence.prompts import load_prompts

STANDING = act(4.0)
ON_HANDS = {
    "hand_shape",
    "closes_hand",
    "counts_on_fingers",
    "keeps_place",
    "joint_speed",
    "passes",
    "smooth",
}  # tried in test_predicates_on_hands.py
WALKING = walk(4.0)
PROMPTS = load_prompts()

LIFTED_KNEE = {
    ("left_hip", "x"): bumps([1.0, 2.5], 1.2, -80.0),
    ("left_knee", "x"): bumps([1.0, 2.5], 1.2, 80.0),
}
ARM_OVERHEAD = arm_up("left", 165.0, between(0.5, 3.5))
ARM_LEVEL = arm_up("left", 75.0, between(0.5, 3.5))
ARM_FORWARD = {("left_shoulder", "x"): between(0.5, 3.5, -80.0)}
HOP = act(
    4.0,
    {("right_knee", "x"): between(0.3, 3.7, 70.0), ("right_hip", "x"): between(0.3, 3.7, -30.0)},
    up_m=jumping([1.5, 2.5], 0.15),
)
SITTING = act(4.0, **sinking(between(1.0, 9.0, 85.0)))
STANDING_UP = act(4.0, **sinking(between(-5.0, 2.0, 85.0, ramp=0.8)))
NODDING = {("head", "x"): bumps([1.0, 2.0], 0.7, 20.0)}
SHAKING = {("head", "y"): lambda t: 25.0 * np.sin(2 * np.pi * t * 1.2) * between(0.8, 3.2)(t)}
WALK_THEN_WAVE = act(
    6.0, {**waving("right", 3.4, 5.8)}, forward_m=lambda t: 1.2 * np.minimum(t, 3.0)
)

BOW = {"torso_leans": {"direction": "forward", "min_degrees": 20}}

CASES = [
    # (motion, predicates that hold, predicates that do not)
    (
        WALKING,
        [
            {"travels": {"direction": "forward", "min_m": 4.0}},
            {"moves": {"min_m": 4.0, "max_m": 5.0}},
            {"speed": {"min_m_s": 1.15, "max_m_s": 1.25}},
            {"steps": {"at_least": 3}},
            {"net_yaw": {"degrees": 0, "tolerance": 10}},
            {"arm_stays_down": {"side": "both"}},
        ],
        [
            {"travels": {"direction": "backward", "min_m": 0.1}},
            {"travels": {"direction": "left", "min_m": 0.0}},
            {"travels": {"direction": "forward", "min_m": 1.0, "max_m": 2.0}},
            {"stays": {"max_m": 1.0}},
            {"stands_still": {}},
            {"speed": {"max_m_s": 1.0}},
            {"kicks": {"side": "either"}},
            {"lifts_knee": {"side": "either"}},
            {"jumps": {}},
        ],
    ),
    (
        act(4.0, forward_m=times(1.2)),  # glides
        [{"travels": {"direction": "forward", "min_m": 4.0}}],
        [{"steps": {"at_least": 2}}],
    ),
    (
        walk(4.0, -0.8),
        [{"travels": {"direction": "backward", "min_m": 2.5}}, {"steps": {"at_least": 2}}],
        [{"travels": {"direction": "forward"}}],
    ),
    (
        act(4.0, left_m=times(0.5)),
        [{"travels": {"direction": "left", "min_m": 1.5}}],
        [{"travels": {"direction": "right"}}, {"travels": {"direction": "forward"}}],
    ),
    (
        act(4.0, yaw_degrees=lambda t: 90.0 * np.clip(t - 1.0, 0.0, 1.0)),
        [
            {"net_yaw": {"degrees": 90, "tolerance": 5}},
            {"turns": {"side": "left", "min_degrees": 80, "max_degrees": 100}},
            {"turns": {"side": "either", "min_degrees": 80}},
        ],
        [
            {"net_yaw": {"degrees": -90, "tolerance": 30}},
            {"net_yaw": {"degrees": 180, "tolerance": 45}},
            {"turns": {"side": "right", "min_degrees": 10}},
        ],
    ),
    (
        act(4.0, yaw_degrees=lambda t: -360.0 * np.clip((t - 0.5) / 3.0, 0.0, 1.0)),
        [{"net_yaw": {"degrees": 360, "tolerance": 20, "either_side": True}}],
        [{"net_yaw": {"degrees": 0, "tolerance": 60}}],
    ),
    (
        act(4.0, up_m=jumping([1.0, 2.5])),
        [{"jumps": {"count": 2}}, {"rises": {"joint": "pelvis", "min_m": 0.2}}],
        [{"jumps": {"count": 1}}, {"hops": {"side": "left"}}, {"stands_still": {}}],
    ),
    (
        HOP,
        [{"hops": {"side": "left", "count": 2}}, {"jumps": {"count": 2}}],
        [{"hops": {"side": "right"}}],
    ),
    (
        act(6.0, **squatting([1.5, 4.0])),
        [{"squats": {"count": 2}}, {"lowers": {"joint": "head", "min_m": 0.2}}],
        [{"squats": {"count": 3}}, {"sits_down": {}}, {"stands_up": {}}, {"jumps": {}}],
    ),
    (SITTING, [{"sits_down": {}}, {"seated": {}}], [{"stands_up": {}}]),
    (STANDING_UP, [{"stands_up": {}}], [{"sits_down": {}}, {"seated": {"min_share": 0.7}}]),
    (
        act(4.0, ARM_OVERHEAD),
        [
            {"hand_above": {"side": "left", "of": "head"}},
            {"hand_above": {"side": "either", "of": "shoulder"}},
            {"arm_extends": {"side": "left", "direction": "up"}},
            {"arm_stays_down": {"side": "right"}},
        ],
        [
            {"hand_above": {"side": "both", "of": "pelvis", "min_seconds": 3.9}},
            {"hand_above": {"side": "both", "of": "shoulder"}},
            {"arm_extends": {"side": "left", "direction": "forward"}},
            {"waves": {"side": "left"}},
            {"arm_stays_down": {"side": "left"}},
        ],
    ),
    (
        act(4.0, ARM_LEVEL),
        [
            {"arm_extends": {"side": "left", "direction": "outward"}},
            {"arm_extends": {"side": "left", "direction": "left"}},
        ],
        [
            {"hand_above": {"side": "left", "of": "head"}},
            {"arm_extends": {"side": "left", "direction": "forward"}},
        ],
    ),
    (
        act(4.0, ARM_FORWARD, start_yaw_degrees=130.0),
        [{"arm_extends": {"side": "left", "direction": "forward"}}],
        [{"arm_extends": {"side": "left", "direction": "backward"}}],
    ),
    (
        act(4.0, waving("left", 0.5, 3.5)),
        [{"waves": {"side": "left"}}, {"hand_above": {"side": "left", "of": "shoulder"}}],
        [{"waves": {"side": "both"}}, {"claps": {}}, {"punches": {"side": "either"}}],
    ),
    (
        act(5.0, punching("left", [1.0, 2.0, 3.0])),
        [{"punches": {"side": "left", "count": 3}}],
        [{"punches": {"side": "left", "count": 2}}, {"waves": {"side": "either"}}],
    ),
    (
        act(5.0, {**punching("left", [1.0]), **punching("right", [2.5])}),
        [{"punches": {"side": "both", "count": 2}}, {"punches": {"side": "either", "count": 2}}],
        [{"punches": {"side": "left"}}, {"punches": {"side": "right"}}],
    ),
    (
        act(4.0, clapping([1.0, 2.0, 3.0])),
        [{"claps": {"count": 3}}],
        [{"claps": {"count": 2}}, {"claps": {"at_least": 4}}, {"punches": {"side": "either"}}],
    ),
    (
        act(4.0, kicking("right", [1.0, 2.5])),
        [
            {"kicks": {"side": "right", "count": 2}},
            {"kicks": {"side": "right", "direction": "forward"}},
            {"lifts_leg": {"side": "right"}},
            {"kicks": {"side": "right", "min_height_m": 0.3}},
        ],
        [
            {"kicks": {"side": "either", "count": 1}},
            {"kicks": {"side": "right", "direction": "outward"}},
            {"kicks": {"side": "right", "min_height_m": 0.9}},
            {"lifts_knee": {"side": "right"}},
            {"hops": {"side": "left"}},
        ],
    ),
    (
        act(4.0, LIFTED_KNEE),
        [
            {"lifts_knee": {"side": "left", "count": 2}},
            {"foot_off_floor": {"side": "left", "min_seconds": 0.5}},
        ],
        [
            {"kicks": {"side": "left"}},
            {"lifts_knee": {"side": "left", "count": 1}},
            {"foot_off_floor": {"side": "left", "min_seconds": 2.0}},
        ],
    ),
    (
        act(4.0, {("spine1", "x"): between(1.0, 3.0, 45.0)}),
        [{"torso_leans": {"direction": "forward", "min_degrees": 30, "count": 1}}],
        [
            {"torso_leans": {"direction": "backward", "min_degrees": 10}},
            {"torso_leans": {"direction": "forward", "min_degrees": 30, "count": 2}},
            {"nods": {}},
            {"looks": {"direction": "down"}},
        ],
    ),
    (
        act(4.0, {("spine1", "z"): between(1.0, 3.0, -20.0)}),
        [{"torso_leans": {"direction": "left", "min_degrees": 12}}],
        [{"torso_leans": {"direction": "right", "min_degrees": 5}}],
    ),
    (
        act(4.0, {("spine2", "y"): between(1.0, 3.0, 40.0)}),
        [{"torso_twists": {"side": "left", "min_degrees": 30}}],
        [
            {"torso_twists": {"side": "right", "min_degrees": 10}},
            {"turns": {"side": "either", "min_degrees": 10}},
        ],
    ),
    (
        act(4.0, {("neck", "y"): between(1.0, 3.0, 50.0)}),
        [{"looks": {"direction": "left"}}],
        [{"looks": {"direction": "right"}}, {"shakes_head": {}}, {"nods": {}}],
    ),
    (
        act(4.0, {("neck", "x"): between(1.0, 3.0, -35.0)}),
        [{"looks": {"direction": "up"}}],
        [{"looks": {"direction": "down"}}, {"looks": {"direction": "left"}}],
    ),
    (
        act(4.0, {("neck", "x"): lambda t: 45.0 * np.ones_like(t)}),
        [{"looks": {"direction": "down"}}],
        [{"looks": {"direction": "up"}}, {"nods": {}}],
    ),
    (
        act(4.0, {("head", "z"): between(1.0, 3.0, -20.0)}),
        [{"tilts_head": {"side": "left"}}],
        [{"tilts_head": {"side": "right"}}, {"shakes_head": {}}],
    ),
    (act(4.0, NODDING), [{"nods": {"count": 2}}], [{"shakes_head": {}}, {"nods": {"count": 1}}]),
    (act(4.0, SHAKING), [{"shakes_head": {}}], [{"nods": {}}, {"tilts_head": {"side": "either"}}]),
    (
        WALK_THEN_WAVE,
        [
            {"in_order": [{"travels": {"direction": "forward", "min_m": 2.0}},
                          {"waves": {"side": "right"}}]},
            {"all": [{"moves": {"min_m": 2.0}}, {"waves": {"side": "right"}}]},
        ],
        [
            {"in_order": [{"waves": {"side": "right"}},
                          {"travels": {"direction": "forward", "min_m": 2.0}}]},
            {"together": [{"travels": {"direction": "forward", "min_m": 2.0}},
                          {"waves": {"side": "right"}}]},
            {"not": {"waves": {"side": "right"}}},
        ],
    ),
    (
        act(9.0, {**waving("left", 0.2, 2.4), **kicking("right", [4.0]),
                  ("spine1", "x"): bumps([7.0], 2.0, 45.0)}),
        [{"in_order": [{"waves": {"side": "left"}}, {"kicks": {"side": "right"}}, BOW]}],
        [
            {"in_order": [{"kicks": {"side": "right"}}, {"waves": {"side": "left"}}, BOW]},
            {"in_order": [{"waves": {"side": "left"}}, BOW, {"kicks": {"side": "right"}}]},
            {"in_order": [BOW, {"kicks": {"side": "right"}}, {"waves": {"side": "left"}}]},
            {"in_order": [{"waves": {"side": "left"}}, {"jumps": {}}, BOW]},
        ],
    ),
    (
        walk(5.0, turns=waving("right", 0.3, 4.7)),
        [
            {"together": [{"travels": {"direction": "forward", "min_m": 2.0}},
                          {"waves": {"side": "right"}}]},
            {"any": [{"jumps": {}}, {"waves": {"side": "right"}}]},
        ],
        [
            {"in_order": [{"travels": {"direction": "forward", "min_m": 2.0}},
                          {"waves": {"side": "right"}}]},
        ],
    ),
]  # fmt: skip


def cases(position: int):
    return [(case[0], predicate) for case in CASES for predicate in case[position]]


def name(value):
    return json.dumps(value) if isinstance(value, dict) else ""


@pytest.mark.parametrize(("motion", "predicate"), cases(1), ids=name)
def test_holds_where_the_motion_does_it(motion, predicate):
    assert holds(predicate, motion)


@pytest.mark.parametrize(("motion", "predicate"), cases(2), ids=name)
def test_does_not_hold_where_it_does_something_else(motion, predicate):
    assert not holds(predicate, motion)


@pytest.mark.parametrize(("motion", "predicate"), cases(1), ids=name)
def test_left_and_right_flip_in_the_mirror(motion, predicate):
    reflected = mirror(motion)
    assert holds(mirrored(predicate), reflected)
    assert mirrored(mirrored(predicate)) == predicate
    one_sided = any(word in name(predicate) for word in ('"left"', '"right"'))
    if one_sided and "stays_down" not in name(predicate):
        assert not holds(predicate, reflected)


def test_every_measure_is_tried_both_ways():
    for position in (1, 2):
        tried = name({"all": [predicate for _, predicate in cases(position)]})
        untried = {measure for measure in MEASURES if f'"{measure}"' not in tried}
        assert untried <= {"rises", "hand_near", "stays", "speed", "seated", "stands_still",
                           "lowers", "lifts_leg", "arm_stays_down", "moves", "steps",
                           *ON_HANDS}  # fmt: skip


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.name)
def test_standing_still_satisfies_no_prompt_that_asks_for_more(prompt):
    asks_to_stand = "stands_still" in prompt.predicate
    assert holds(prompt.predicate, STANDING) == asks_to_stand
    sway = act(prompt.seconds, {("spine1", "x"): lambda t: 3.0 * np.sin(2.0 * t)},
               left_m=lambda t: 0.02 * np.sin(1.5 * t))  # fmt: skip
    assert holds(prompt.predicate, sway) == asks_to_stand


@pytest.mark.parametrize("yaw", [0.0, 75.0, 180.0, -120.0])
def test_directions_are_the_characters_own(yaw):
    forward = walk(4.0, start_yaw_degrees=yaw)
    assert holds({"travels": {"direction": "forward", "min_m": 4.0}}, forward)
    aside = act(3.0, left_m=times(-0.5), start_yaw_degrees=yaw)
    assert holds({"travels": {"direction": "right", "min_m": 1.0}}, aside)
    assert holds(
        {"kicks": {"side": "left"}}, act(3.0, kicking("left", [1.0]), start_yaw_degrees=yaw)
    )


@pytest.mark.parametrize("fps", [20.0, 60.0, 120.0])
def test_the_frame_rate_does_not_matter(fps):
    for motion, predicate in cases(1)[::5]:
        assert holds(predicate, resample(motion, fps))


def test_hand_near():
    folded = {**ARM_LEVEL, ("left_elbow", "z"): between(0.5, 3.5, 150.0)}
    at_the_head = act(4.0, folded)
    assert holds({"hand_near": {"side": "left", "of": "head", "max_m": 0.3}}, at_the_head)
    assert not holds({"hand_near": {"side": "right", "of": "head", "max_m": 0.3}}, at_the_head)
    assert not holds({"hand_near": {"side": "left", "of": "head", "max_m": 0.3}}, STANDING)
    assert holds({"hand_near": {"side": "both", "of": "hip", "max_m": 0.3}}, STANDING)
    clap = act(4.0, clapping([1.0, 2.0]))
    near = {"side": "left", "of": "other_hand", "max_m": 0.2, "min_seconds": 0.1}
    assert holds({"hand_near": near}, clap)


def test_a_run_is_fast_and_no_row_of_jumps():
    run = walk(3.0, 2.6, turns=gait(2.6, 45.0))
    assert holds({"speed": {"min_m_s": 2.4}}, run)
    assert not holds({"jumps": {}}, run)


@pytest.mark.parametrize(
    "predicate",
    [
        {},
        {"flies": {}},
        {"travels": {"direction": "north"}},
        {"travels": {"direction": "forward", "metres": 1}},
        {"hand_above": {"side": "left"}},
        {"lowers": {"joint": "tail", "min_m": 0.1}},
        {"all": {}},
        {"not": {"flies": {}}},
        {"jumps": 2},
        {"jumps": {}, "nods": {}},
        {"during": {"start": 1.0, "of": {"nods": {}}}},
        {"during": {"start": 2.0, "stop": 1.0, "of": {"nods": {}}}},
        {"hand_shape": {"side": "left", "shape": "paw"}},
        {"passes": {"pose": "lotus", "seconds": 1.0}},
    ],
    ids=name,
)
def test_malformed_predicates_are_refused(predicate):
    with pytest.raises(LimberError):
        validate(predicate)


def test_events():
    signal = np.array([0, 1, 3, 2.5, 3, 1, 0, 3, 0.0])
    assert events.excursions(signal, 2.0, 1.5) == [(2, 5), (7, 8)]
    assert events.runs(signal > 2.7) == [(2, 3), (4, 5), (7, 8)]
    assert events.longest_run(signal > 0.5) == 5
    t = np.arange(200) / 30.0
    wave = np.sin(2 * np.pi * t) + 0.05 * np.sin(40 * np.pi * t)
    assert len(events.extremes(wave, 0.5)) == 13
    assert events.extremes(wave, 3.0) == []
    np.testing.assert_allclose(events.smooth(np.ones((9, 2)), 5), 1.0)

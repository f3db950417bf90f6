"""What a person sees in a motion, and the suite with them: repeats, leans, nods, moods."""

import numpy as np
import pytest
from acting import act, arm_up, between, bumps, clapping, jumping, punching, squatting, waving

from training.adherence.measurements import Kinematics
from training.adherence.moods import Bearing, shows_mood
from training.adherence.predicates import holds

CLAP, WAVE = {"claps": {}}, {"waves": {"side": "left"}}
CLAP_WAVE_CLAP = {"in_order": [CLAP, WAVE, CLAP]}


def claps_while(shown, moments) -> dict:
    """Claps at those times, the arms hanging where nothing is ``shown``."""
    return {
        joint: lambda t, curve=curve: curve(t) * shown(t)
        for joint, curve in clapping(moments).items()
    }


def after_each_other(*turns: dict) -> dict:
    return {
        joint: lambda t, joint=joint: sum(one[joint](t) for one in turns if joint in one)
        for joint in dict.fromkeys(joint for one in turns for joint in one)
    }


CLAPPED_FIRST = claps_while(between(0.3, 2.0), [1.1])
WAVED = waving("left", 2.6, 5.2)
CLAPPED_LAST = claps_while(between(5.8, 7.5), [6.6])


def test_what_is_done_once_more_is_seen_in_its_order():
    motion = act(8.0, after_each_other(CLAPPED_FIRST, WAVED, CLAPPED_LAST))
    assert holds(CLAP_WAVE_CLAP, motion)
    assert not holds({"in_order": [WAVE, CLAP, WAVE]}, motion)
    # Of what is not repeated nothing may follow, as ever.
    assert not holds({"in_order": [CLAP, WAVE]}, motion)


@pytest.mark.parametrize(
    "turns",
    [(CLAPPED_FIRST, WAVED), (WAVED, CLAPPED_LAST), (CLAPPED_FIRST, CLAPPED_LAST)],
    ids=["no second clap", "no first clap", "no wave"],
)
def test_what_is_asked_once_more_is_not_left_out(turns):
    assert not holds(CLAP_WAVE_CLAP, act(8.0, after_each_other(*turns)))


def test_people_lean_from_where_they_stand_upright():
    """The neck of somebody upright is some five degrees behind the pelvis."""
    asked = {"torso_leans": {"direction": "forward", "min_degrees": 20}}
    upright = ("left_hip", "x"), ("right_hip", "x")

    def bowing(degrees: float) -> dict:
        bow = between(0.5, 3.5, degrees, ramp=0.8)
        return {("pelvis", "x"): bow, **{hip: lambda t: -bow(t) for hip in upright}}

    assert holds(asked, act(4.0, bowing(20.0)))
    assert not holds(asked, act(4.0, bowing(15.0)))


def test_a_trunk_that_goes_along_with_a_crouch_does_not_bow():
    crouch = squatting([1.5])
    bent = {("spine1", "x"): bumps([1.5], 1.6, 45.0)}
    asked = {"torso_leans": {"direction": "forward", "min_degrees": 20}}
    assert holds(asked, act(4.0, bent))
    assert not holds(asked, act(4.0, {**crouch["turns"], **bent}, up_m=crouch["up_m"]))
    assert not holds(asked, act(4.0, bent, up_m=jumping([1.5])))
    # The crouch before the jump: the trunk is upright again when the feet leave the floor.
    brief = {("spine1", "x"): bumps([1.1], 0.9, 45.0)}
    assert holds(asked, act(4.0, brief))
    assert not holds(asked, act(4.0, brief, up_m=jumping([1.7])))


def test_a_pace_is_that_of_full_stride():
    def way(t):
        """Half a second to set off, and one to stop."""
        return 1.5 * np.cumsum(np.clip(np.minimum(t / 0.5, (4.0 - t) / 1.0), 0.0, 1.0)) / 30.0

    quick = {"speed": {"min_m_s": 1.4, "max_m_s": 1.55}}
    assert holds(quick, act(4.0, forward_m=way))
    leap = act(4.0, forward_m=lambda t: 0.8 * t + 2.0 * np.clip(t - 2.0, 0.0, 0.5))
    assert not holds(quick, leap)


def test_a_straight_arm_held_out_level_is_raised_and_a_guard_is_not():
    asked = {"hand_above": {"side": "left", "of": "shoulder"}}
    held = between(0.5, 3.5)
    assert holds(asked, act(4.0, arm_up("left", 70.0, held)))
    assert not holds(asked, act(4.0, arm_up("left", 55.0, held)))
    guard = {
        **arm_up("left", 20.0, held),
        ("left_elbow", "y"): lambda t: -120.0 * held(t),
    }
    assert not holds(asked, act(4.0, guard))


def test_heads_that_go_along_with_a_bow_do_not_nod():
    moments = [1.0, 2.5]
    chin = {("head", "x"): bumps(moments, 1.0, 20.0)}
    bows = {("pelvis", "x"): bumps(moments, 1.0, 35.0)}
    assert holds({"nods": {"count": 2}}, act(4.0, chin))
    assert not holds({"nods": {}}, act(4.0, {**chin, **bows}))
    # In a bow that is held a head can nod.
    held = {("pelvis", "x"): between(-1.0, 9.0, 35.0)}
    assert holds({"nods": {"count": 2}}, act(4.0, {**chin, **held}))


def carried(degrees: float, lean: float, moments: list[float], seconds: float = 6.0) -> Kinematics:
    """Straight punches by somebody whose arms are bent by so much before and after them."""
    busy = between(0.4, 0.8 + moments[-1], ramp=0.4)
    turns = {("spine1", "x"): lambda t: lean * np.ones_like(t)}
    for joint, curve in punching("right", moments).items():
        turns[joint] = lambda t, curve=curve: busy(t) * curve(t)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        bend = turns.get((f"{side}_elbow", "y"), np.zeros_like)
        turns[f"{side}_elbow", "y"] = lambda t, sign=sign, bend=bend: (
            bend(t) - sign * degrees * (1.0 - busy(t))
        )
    return Kinematics.of(act(seconds, turns))


def test_a_mood_shows_in_arms_at_rest_not_in_what_they_do():
    plain, angry = carried(10.0, 0.0, [1.2]), carried(35.0, 8.0, [1.2])
    assert shows_mood("angry", angry, plain)
    # More blows keep the arms bent for longer, and tell of no mood.
    assert not shows_mood("angry", carried(10.0, 8.0, [1.2, 2.2, 3.2]), plain)
    assert not shows_mood("angry", plain, plain)


def test_the_pace_is_that_of_what_is_done():
    quick = Kinematics.of(act(6.0, punching("right", [1.2])))
    longer = Kinematics.of(act(12.0, punching("right", [1.2])))
    assert Bearing.of(quick).pace == pytest.approx(Bearing.of(longer).pace, rel=0.01)

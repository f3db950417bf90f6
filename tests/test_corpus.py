"""The procedural corpus: clips are exact, reproducible, and stand on their feet."""

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from motion_engine import rotations
from motion_engine.contacts import foot_slide_cm_s, sole_points
from motion_engine.errors import LimberError
from motion_engine.skeleton import SMPLX
from training.adherence.predicates import holds
from training.corpus import make_clip, make_corpus
from training.corpus_sheets import write_sheets
from training.corpus_store import read_corpus
from training.grammar.compose import Selection
from training.grammar.contact_pass import to_motion
from training.grammar.curves import smooth, through_keys
from training.grammar.dance import STYLES, Dance
from training.grammar.exercise import Balance, JumpingJack, Kneel, Lunge, PickUp
from training.grammar.floor_actions import GetUp, LieAndGetUp, LieDown, PushUp, SitOnFloor
from training.grammar.footwork import FootMove, render_feet
from training.grammar.gaits import STYLES as GAIT_STYLES
from training.grammar.jumps import Hop, Jump, Skip
from training.grammar.library import hand_made_library
from training.grammar.lifting import Kick, KneeLift, March, Stomp
from training.grammar.locomotion import SideStep, Step, Turn, Walk
from training.grammar.lowering import Seated, Sit, Squat, StandUp
from training.grammar.plan import standing_plan
from training.grammar.render import render
from training.grammar.timeline import Person

LOWER_BODY = [
    Walk("walk", "normal", 6),
    Walk("walk", "slow", 5),
    Walk("walk", "fast", 8, -120.0),
    Walk("walk", "normal", 14, 360.0),
    Walk("walk", "normal", 8, 90.0, (0.4, 0.65)),
    Walk("walk", "normal", 10, -180.0, (0.4, 0.8)),
    Walk("run", "normal", 8),
    Walk("walk", "normal", 7, limps_on="left"),
    Walk("walk backward", "normal", 5),
    SideStep("left", "normal", 3),
    Turn("right", 90.0, "normal"),
    Turn("left", 360.0, "fast"),
    Step("forward", "slow", 1, "left"),
    Step("backward", "normal", 2),
    Jump("up", 2),
    Jump("forward", 1, "large"),
    Hop("left", 3),
    Squat(2, "normal"),
    Squat(1, "slow", "large", 1.5),
    Sit(1.5, True),
    StandUp(0.8),
    Seated(2.0),
    Kick("left", "forward", "high", 2),
    Kick("right", "side", "middle", 1),
    Kick("left", "backward", "middle", 1, "fast"),
    KneeLift("right", 1, 1.0),
    Stomp("right", 3),
    Stomp("left", 1, "fast"),
    March("normal", 6),
    Lunge("left", 2),
    JumpingJack(2),
    Kneel("right", 1.0),
    Balance("left", 1.5),
    PickUp("right"),
    PickUp("both"),
    *(Walk("walk", "normal", 6, style=style) for style in GAIT_STYLES if style != "march"),
    Walk("walk", "fast", 7, style="march"),
    Walk("walk", "fast", 18, eight="left"),
    Walk("run", "slow", 21, eight="right"),
    Skip("normal", 5),
    Skip("fast", 4),
    LieAndGetUp(0.5),
    LieDown(1.0, "fast"),
    GetUp(0.5, "slow"),
    SitOnFloor(1.0),
    PushUp(2),
    *(Dance(style, 6, 0.55) for style in STYLES),
]


@pytest.fixture(scope="module")
def clips():
    library = hand_made_library()
    return [make_clip(index, seed=3, library=library) for index in range(60)]


def made(action, seed: int = 0):
    plan = standing_plan(Person(), np.random.default_rng(seed))
    plan.wait(0.5)
    action.plan(plan)
    plan.wait(0.5)
    return to_motion(render(plan, round(plan.now * 30), hand_made_library()))


@pytest.mark.parametrize("action", LOWER_BODY, ids=lambda action: type(action).__name__)
def test_lower_body_stands_on_its_feet(action):
    motion = made(action)
    points = sole_points(motion)
    planted = (motion.contacts[1:] > 0.5) & (motion.contacts[:-1] > 0.5)
    slide = np.linalg.norm(np.diff(points[..., :2], axis=0), axis=-1) * motion.fps
    assert slide[planted].max() < 0.02
    assert np.abs(points[..., 2][motion.contacts > 0.5]).max() < 0.012
    assert points[..., 2].min() > -0.01


@pytest.mark.parametrize("action", LOWER_BODY, ids=lambda action: type(action).__name__)
def test_knees_are_hinges_that_never_overextend(action):
    motion = made(action)
    for side in ("left", "right"):
        knee = motion.local_rotations[:, SMPLX.index(f"{side}_knee")]
        flexion = rotations.to_axis_angle(knee)[:, 0]
        assert np.degrees(flexion).min() > -6.0  # the rest pose itself is bent by 4 degrees


@pytest.mark.parametrize("action", LOWER_BODY, ids=lambda action: type(action).__name__)
def test_nothing_pops(action):
    motion = made(action)
    turned = rotations.angle(
        rotations.multiply(
            rotations.conjugate(motion.local_rotations[:-1]), motion.local_rotations[1:]
        )
    )
    assert np.degrees(turned).max() * motion.fps < 1800.0


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("angle", [45.0, 90.0, 135.0, 180.0, 270.0, 360.0])
def test_a_turn_turns_by_its_angle(side, angle):
    predicate = {"net_yaw": {"degrees": angle if side == "left" else -angle, "tolerance": 8}}
    assert holds(predicate, made(Turn(side, angle, "normal")))


@pytest.mark.parametrize("turn", [90.0, -180.0])
def test_a_turn_on_the_way_is_finished_before_the_walk_goes_on(turn):
    motion = made(Walk("walk", "normal", 12, turn, (0.3, 0.55)))
    assert holds({"net_yaw": {"degrees": turn, "tolerance": 8}}, motion)
    path = motion.root_positions[:, :2]
    late = path[-1] - path[-75]
    ahead = np.radians(turn)
    cosine = late @ [np.sin(ahead), -np.cos(ahead)] / np.linalg.norm(late)
    assert cosine > np.cos(np.radians(12.0))


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_figure_eight_comes_back_to_where_it_crossed_itself(side):
    motion = made(Walk("walk", "fast", 18, eight=side))
    assert holds({"net_yaw": {"degrees": 0, "tolerance": 8}}, motion)
    path = motion.root_positions[:, :2]
    assert np.linalg.norm(path[-1] - path[0]) < 0.3
    halfway = path[motion.frames // 4 : 3 * motion.frames // 4]
    assert np.linalg.norm(halfway - path[0], axis=-1).min() < 0.3
    aside = path[:, 0] - path[0, 0]
    assert aside.max() > 0.5 and aside.min() < -0.5


def test_who_walks_on_tiptoe_keeps_the_heels_up():
    motion = made(Walk("walk", "normal", 8, style="tiptoe"))
    heels = sole_points(motion)[60:-75, [0, 2], 2]
    assert heels.min() > 0.03


@pytest.mark.parametrize("action", [PushUp(2), LieDown(1.5), SitOnFloor(1.5)], ids=str)
def test_hands_that_bear_weight_stay_where_they_are(action):
    plan = standing_plan(Person(), np.random.default_rng(4))
    action.plan(plan)
    motion = to_motion(render(plan, round(plan.now * 30), hand_made_library()))
    positions = motion.joint_positions()
    assert plan.hand_plants
    for plant in plan.hand_plants:
        last = min(round(plant.stop * 30), motion.frames) if np.isfinite(plant.stop) else None
        wrist = positions[round(plant.start * 30) + 1 : last, SMPLX.index(f"{plant.side}_wrist")]
        assert np.ptp(wrist, axis=0).max() < 0.05
        assert 0.0 < wrist[:, 2].min() and wrist[:, 2].max() < 0.12
    assert positions[..., 2].min() > -0.03


def test_a_selection_has_the_wanted_and_leaves_out_the_unwanted(tmp_path):
    selection = Selection(frozenset({"tiptoe", "jog"}), frozenset({"wave", "lie_down"}))
    for index in range(8):
        clip = make_clip(index, seed=2, selection=selection)
        verbs = {placement.description.verb for placement in clip.script.placements}
        assert verbs & selection.focus and not verbs & selection.without
    with pytest.raises(LimberError, match="levitate"):
        make_corpus(tmp_path, clips=1, selection=Selection(frozenset({"levitate"})))


def test_a_clip_is_made_again_from_its_index(clips):
    again = make_clip(41, seed=3)
    assert np.array_equal(again.motion.local_rotations, clips[41].motion.local_rotations)
    assert again.captions == clips[41].captions


def test_clips_do_what_they_claim(clips):
    results = [holds(predicate, clip.motion) for clip in clips for predicate in clip.predicates]
    assert np.mean(results) >= 0.95


def test_clips_hold_still_feet_and_have_captions(clips):
    assert max(foot_slide_cm_s(clip.motion) for clip in clips) <= 2.0
    assert all(clip.captions and all(clip.captions) for clip in clips)
    assert all(1.0 <= clip.motion.seconds <= 10.5 for clip in clips)
    starts = np.array([clip.motion.root_positions[0, :2] for clip in clips])
    assert np.abs(starts).max() < 1e-9


def test_left_and_right_are_drawn_evenly(clips):
    sides = [p.description.side for clip in clips for p in clip.script.placements]
    left, right = sides.count("left"), sides.count("right")
    assert 0.5 < left / right < 2.0


def test_a_corpus_is_read_back_as_it_was_written(tmp_path):
    make_corpus(tmp_path, clips=3, seed=5, workers=1)
    read = list(read_corpus(tmp_path))
    assert [row["index"] for _, row in read] == [0, 1, 2]
    for motion, row in read:
        clip = make_clip(row["index"], seed=5)
        assert list(clip.captions) == row["captions"]
        np.testing.assert_allclose(motion.root_positions, clip.motion.root_positions, atol=1e-5)
        np.testing.assert_allclose(motion.local_rotations, clip.motion.local_rotations, atol=1e-4)


def test_keys_agree_with_scipys_monotone_cubic():
    rng = np.random.default_rng(0)
    times, values = np.cumsum(rng.uniform(0.1, 1.0, 9)), rng.normal(size=9)
    # Both ends are at rest here and not in SciPy, so only the inner spans can agree.
    t = np.linspace(times[1], times[-2], 100)
    np.testing.assert_allclose(
        through_keys(t, times, values), PchipInterpolator(times, values)(t), atol=1e-12
    )


def test_smoothing_keeps_a_constant_and_the_mean_of_a_pulse():
    assert np.allclose(smooth(np.full(50, 3.0), 4.0), 3.0)
    pulse = np.zeros(101)
    pulse[50] = 1.0
    assert np.isclose(smooth(pulse, 4.0).sum(), 1.0)


def test_a_foot_rolls_over_its_ball_without_moving_it():
    seconds = np.arange(60) / 30.0
    plants = np.array([[0.1, 0.0, 0.3], [-0.1, 0.0, -0.2]])
    move = FootMove(0, 1.0, 1.5, (0.1, -0.6, 0.3), heel_rise=0.3, lift_pitch=-0.9)
    feet = render_feet(seconds, plants, [move])
    ball = SMPLX.offsets[SMPLX.index("left_foot")]
    turn = rotations.multiply(
        rotations.about("z", feet.yaw[:, 0]), rotations.about("x", -feet.pitch[:, 0])
    )
    place = feet.ankles[:, 0] + rotations.rotate(turn, np.array([ball[0], -ball[2], ball[1]]))
    before = place[seconds <= 1.0]
    assert feet.pitch[seconds <= 1.0, 0].min() < -0.4
    np.testing.assert_allclose(before, np.broadcast_to(before[0], before.shape), atol=1e-9)


def test_every_family_gets_one_sheet(tmp_path):
    library = hand_made_library()
    clips = [make_clip(index, seed=3, library=library) for index in range(6)]
    shown = write_sheets(clips + clips, tmp_path)
    assert shown and len(set(shown)) == len(shown)
    assert sorted(path.stem for path in tmp_path.glob("*.png")) == sorted(shown)

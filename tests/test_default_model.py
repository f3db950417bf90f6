"""What the shipped weights can do, through the public door."""

import tarfile

import numpy as np
import pytest

import motion_engine
from motion_engine.cli import main
from motion_engine.contacts import sole_points
from motion_engine.formats.importer import import_motion
from motion_engine.locations import asset
from training.adherence.predicates import holds
from training.held_out import is_held_out

HELD_OUT_WALK = "motionbuilder/08_01.bvh"


@pytest.fixture(scope="module")
def model():
    return motion_engine.load()


SEEDS = range(4)


def takes(model, text, seconds):
    """One clip for each of SEEDS."""
    commands = [motion_engine.Command(text, seconds=seconds, seed=seed) for seed in SEEDS]
    return motion_engine.generate_motions(commands, model)


def test_weights_and_vocabulary_stay_within_25_megabytes():
    files = [path for name in ("default", "vocabulary") for path in asset(name).iterdir()]
    assert sum(path.stat().st_size for path in files) < 25_000_000


@pytest.mark.data
def test_a_held_out_walk_survives_the_codec(model, data_folder, tmp_path):
    assert is_held_out("cmu_motionbuilder/08_01")
    with tarfile.open(data_folder / "mocap" / "cmu_motionbuilder.tar.xz", "r|xz") as tar:
        for member in tar:
            if member.name.endswith(HELD_OUT_WALK):
                (tmp_path / "walk.bvh").write_bytes(tar.extractfile(member).read())
                break
    walk = import_motion(tmp_path / "walk.bvh")
    again = model.reconstruct(walk)
    assert again.frames == walk.frames
    body = [motion.joint_positions()[:, :22] for motion in (walk, again)]
    relative = [joints - joints[:, :1] for joints in body]
    error_m = np.linalg.norm(relative[0] - relative[1], axis=-1).mean()
    assert error_m < 0.04
    drift_m = np.linalg.norm(body[0][-1, 0] - body[1][-1, 0])
    assert drift_m / walk.seconds < 0.08


TEXTS = {
    "a person walks forward": {"travels": {"direction": "forward", "min_m": 1.0}},
    "a person walks backwards": {"travels": {"direction": "backward", "min_m": 0.5}},
    "a person squats down": {"squats": {"at_least": 1}},
    "a person stands still": {"stays": {"max_m": 0.3}},
    "a person waves with the left hand": {"waves": {"side": "left"}},
    "a person kicks with the right foot": {"kicks": {"side": "right"}},
}
NEW_WORDS = {"a person saunters along": {"moves": {"min_m": 1.0}}}


@pytest.mark.parametrize("text, predicate", [*TEXTS.items(), *NEW_WORDS.items()])
def test_it_does_what_plain_sentences_say(model, text, predicate):
    done = [holds(predicate, motion) for motion in takes(model, text, 5.0)]
    assert sum(done) >= 2


@pytest.mark.parametrize("text", TEXTS)
def test_it_moves_like_a_body(model, text):
    for motion in takes(model, text, 5.0):
        joints = motion.joint_positions()[:, :22]
        speed_m_s = np.linalg.norm(np.diff(joints, axis=0), axis=-1) * 30
        assert speed_m_s.max() < 12.0
        assert joints[:, 15, 2].min() > 0.3
        assert np.quantile(sole_points(motion)[..., 2].min(-1), 0.05) > -0.05


def test_a_clip_without_a_length_ends_by_itself(model):
    seconds = [
        motion_engine.generate_motion(
            motion_engine.Command("a person waves", seed=s), model
        ).seconds
        for s in range(3)
    ]
    assert max(seconds) < 30.0 and min(seconds) >= 1.0


@pytest.mark.parametrize("seed", range(4))
def test_it_plans_what_sentences_say(model, seed):
    def verbs(text, seconds=None):
        plan = model.plan(motion_engine.Command(text, seconds, seed=seed))
        return [action.verb for action in plan.actions], plan

    names, plan = verbs("a person waves with the left hand", 5.0)
    assert names == ["wave"] and "wave side left" in plan.actions[0].labels
    assert plan.seconds == 5.0 and plan.actions[0].stop <= 5.5
    names, plan = verbs("a person walks forward, then bows")
    assert names == ["walk", "bow"] and plan.actions[0].stop <= plan.actions[1].start + 0.5
    names, plan = verbs("squat three times")
    assert names == ["squat"] and "squat count 3" in plan.actions[0].labels


def test_a_plan_is_told_on_the_command_line(capsys):
    assert main(["prompt", "a person bows twice", "--plan", "--seconds", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("understood: bow") and lines[-1] == "plan: 5.0 s in all"
    assert lines[1].startswith("plan: ") and ": bow, count 2" in lines[1]
    assert main(["prompt", "a person bows", "--plan", "--model", "debug"]) == 2
    assert "makes no plans" in capsys.readouterr().err

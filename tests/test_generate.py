"""From a sentence to motion through the public door, with the tiny debug model."""

import json
import shutil

import numpy as np
import pytest

import motion_engine
from motion_engine.contacts import foot_slide_cm_s, sole_points
from motion_engine.features import decode_features
from motion_engine.locations import asset

TEXT = "a person walks forward"


@pytest.fixture(scope="module")
def model():
    return motion_engine.load("debug")


@pytest.mark.parametrize("seconds", [0.2, 1.0, 2.37])
def test_a_clip_has_exactly_the_asked_length(model, seconds):
    command = motion_engine.Command(TEXT, seconds=seconds)
    motion = motion_engine.generate_motion(command, model)
    assert motion.frames == round(seconds * 30) and motion.fps == 30
    assert np.isfinite(motion.joint_positions()).all()


def test_chunks_join_to_the_asked_length_and_without_gaps(model):
    command = motion_engine.Command(TEXT, seconds=3.1, seed=5)
    chunks = list(model.generate(command))
    assert len(chunks) > 10 and sum(chunk.frames for chunk in chunks) == 93
    path = np.concatenate([chunk.root_positions for chunk in chunks])
    features = np.concatenate([rows for (rows,) in model.features([command])])
    whole = decode_features(features, model.codec.config.layout)
    np.testing.assert_allclose(path[:, :2], whole.root_positions[:, :2], atol=1e-5)
    pelvis = np.concatenate([chunk.local_rotations[:, 0] for chunk in chunks])
    np.testing.assert_allclose(
        np.abs((pelvis * whole.local_rotations[:, 0]).sum(-1)), 1.0, atol=1e-6
    )


def test_the_same_seed_gives_the_same_clip(model):
    def clip(**changes):
        command = motion_engine.Command(TEXT, seconds=1.0, **changes)
        return motion_engine.generate_motion(command, model).joint_positions()

    np.testing.assert_array_equal(clip(seed=1), clip(seed=1))
    assert np.abs(clip(seed=1) - clip(seed=2)).max() > 1e-3
    assert np.abs(clip(seed=1) - clip(seed=1, variation=1)).max() > 1e-3


def test_clips_made_at_once_are_those_made_one_by_one(model):
    commands = [
        motion_engine.Command(TEXT, seconds=1.0, seed=2),
        motion_engine.Command("a person sits down", seconds=2.37, seed=2, variation=3),
        motion_engine.Command("a person waves", seed=4),
    ]
    together = motion_engine.generate_motions(commands, model)
    for command, motion in zip(commands, together):
        alone = motion_engine.generate_motion(command, model)
        assert motion.frames == alone.frames
        np.testing.assert_allclose(motion.joint_positions(), alone.joint_positions(), atol=1e-4)


def test_the_text_matters(model):
    def clip(text):
        command = motion_engine.Command(text, seconds=1.0, seed=1, guidance=3.0)
        return motion_engine.generate_motion(command, model).joint_positions()

    assert np.abs(clip("a person walks") - clip("a person sits down")).max() > 1e-3


def test_without_a_length_the_model_chooses_one(model):
    motion = motion_engine.generate_motion(motion_engine.Command(TEXT), model)
    assert 1.0 <= motion.seconds <= 60.0


def test_finished_feet_stay_above_the_floor(model):
    motion = motion_engine.generate_motion(motion_engine.Command(TEXT, seconds=2.0), model)
    assert np.isfinite(foot_slide_cm_s(motion)) and np.isfinite(sole_points(motion)).all()


def test_progress_counts_up_to_the_end(model):
    seen = []
    command = motion_engine.Command(TEXT, seconds=2.0)
    motion_engine.generate_motion(command, model, progress=lambda *step: seen.append(step))
    assert [done for done, _ in seen] == list(range(1, 16)) and {t for _, t in seen} == {15}


def test_reconstruction_keeps_length_place_and_rate(model):
    motion = motion_engine.Motion.standing(50)
    again = model.reconstruct(motion)
    assert again.frames == 50 and again.fps == 30
    np.testing.assert_allclose(again.root_positions[0, :2], motion.root_positions[0, :2])


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "  \n"},
        {"text": TEXT, "seconds": 0.0},
        {"text": TEXT, "seconds": -1.0},
        {"text": TEXT, "seconds": 1e9},
        {"text": TEXT, "seconds": float("nan")},
        {"text": TEXT, "seed": -1},
        {"text": TEXT, "temperature": -0.1},
        {"text": TEXT, "top_p": 0.0},
        {"text": TEXT, "guidance": float("inf")},
    ],
)
def test_a_command_is_checked_at_the_door(wrong):
    with pytest.raises(motion_engine.LimberError) as error:
        motion_engine.Command(**wrong)
    assert "\n" not in str(error.value)


@pytest.fixture
def copied_model(tmp_path):
    return shutil.copytree(asset("debug"), tmp_path / "model")


def refuse(folder, words):
    with pytest.raises(motion_engine.LimberError, match=words) as error:
        motion_engine.load(str(folder))
    assert "\n" not in str(error.value)


def test_weights_are_checked_before_use(copied_model, tmp_path):
    motion_engine.load(str(copied_model))
    weights = copied_model / "codec.safetensors"
    damaged = bytearray(weights.read_bytes())
    damaged[-1] ^= 1
    weights.write_bytes(damaged)
    refuse(copied_model, "checksum")
    weights.unlink()
    refuse(copied_model, "missing")
    refuse(tmp_path / "nowhere", "config.json")
    (copied_model / "config.json").write_text("{")
    refuse(copied_model, "damaged")


def test_weights_of_another_shape_are_refused(copied_model):
    config = json.loads((copied_model / "config.json").read_text())
    for name, value in (("blocks", 3), ("feed_forward", 72)):
        changed = config | {"token_model": config["token_model"] | {name: value}}
        (copied_model / "config.json").write_text(json.dumps(changed))
        refuse(copied_model, "do not fit")

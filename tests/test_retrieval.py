"""The retrieval evaluator: its features, its measures, and that training it tells clips apart."""

import json

import numpy as np
import pytest
from acting import act, arm_up, between, walk
from scipy import linalg

torch = pytest.importorskip("torch")

from motion_engine.motion import ENGINE_FPS
from training.corpus_store import write_shard
from training.retrieval_clips import FEATURES, clip_features, gathered, load_clips, save_clips
from training.retrieval_metrics import diversity, frechet, pool_size, r_precision
from training.retrieval_report import measured
from training.train_retrieval import arguments, load_retrieval, main, training_clips

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("yaw", [0.0, 120.0])
def test_features_are_the_characters_own(yaw):
    features = clip_features(walk(4.0, 1.2, start_yaw_degrees=yaw))
    assert features.shape == (30, FEATURES) and 4.0 * ENGINE_FPS / 4 == 30
    forward, left, turning, height = features[5:-5, -4:].mean(0)
    assert forward == pytest.approx(1.2, abs=0.02) and abs(left) < 0.02 and abs(turning) < 1e-3
    assert 0.8 < height < 1.1
    np.testing.assert_allclose(features[:, :3], 0.0, atol=1e-6)


def test_clips_are_kept_on_disk(tmp_path):
    clips = gathered([(walk(2.0), ["a person walks"]), (act(3.0), ["a person stands", "wait"])])
    save_clips(clips, tmp_path / "clips.npz")
    again = load_clips(tmp_path / "clips.npz")
    assert again.captions == clips.captions
    for one, other in zip(again.features, clips.features):
        np.testing.assert_allclose(one, other, atol=2e-3)


def test_matching_points_are_found_and_random_ones_by_chance():
    points = np.random.default_rng(0).normal(size=(200, 16))
    names = [str(i) for i in range(200)]
    assert r_precision(points, points, names)[1] == (1.0, 1.0, 1.0)
    other = np.random.default_rng(1).normal(size=(200, 16))
    _, low, high = r_precision(points, other, names)[3]
    assert low < 3 / 32 < high and high - low < 0.12
    assert pool_size(names) == 32 and pool_size(names[:5] * 9) == 5


def test_a_pool_holds_no_second_text_of_the_same_group():
    points = np.repeat(np.eye(3), 4, axis=0)
    groups = [name for name in "abc" for _ in range(4)]
    assert r_precision(points, points, groups)[1][0] == 1.0


def test_frechet_distance_against_scipy():
    rng = np.random.default_rng(2)
    first, second = rng.normal(size=(400, 6)), 1.5 * rng.normal(size=(400, 6)) + 0.3
    means, covariances = zip(*((x.mean(0), np.cov(x, rowvar=False)) for x in (first, second)))
    root = linalg.sqrtm(covariances[0] @ covariances[1]).real
    apart = means[0] - means[1]
    expected = apart @ apart + np.trace(covariances[0] + covariances[1] - 2 * root)
    value, low, high = frechet(first, second)
    assert value == pytest.approx(expected) and low < value < high
    assert frechet(first[:5], second) is None
    assert diversity(np.zeros((50, 3))) == (0.0, 0.0, 0.0)


def test_training_tells_a_walk_from_a_raised_arm(tmp_path):
    kinds = {
        "a person walks forward": lambda i: walk(2.0 + 0.1 * i, 0.9 + 0.1 * i),
        "a person raises the left arm": lambda i: act(
            2.0, arm_up("left", 120.0 + 5.0 * i, between(0.3, 1.7))
        ),
        "a person stands": lambda i: act(1.5 + 0.2 * i),
    }
    rows = [{"captions": [text]} for text in kinds for _ in range(4)]
    motions = [make(i) for make in kinds.values() for i in range(4)]
    corpus, mocap, run = (tmp_path / name for name in ("corpus", "mocap", "run"))
    corpus.mkdir(), mocap.mkdir()
    write_shard(corpus, 0, motions, rows)
    (mocap / "index.json").write_text("[]")
    given = ["--mocap", mocap, "--corpus", corpus, "--out", run, "--batch", "12", "--rate", "3e-3"]
    assert main([str(value) for value in (*given, "--steps", "40")]) == 0
    assert main([str(value) for value in (*given, "--steps", "60")]) == 0
    steps = [json.loads(line)["step"] for line in (run / "log.jsonl").read_text().splitlines()]
    assert steps == [50]  # the second run went on where the first one ended
    clips = training_clips(arguments([str(value) for value in given]))
    result = measured(load_retrieval(run), {"real": clips}, np.zeros((1, 64)))
    assert result["rows"]["real"]["pool"] == 3
    assert result["rows"]["real"]["top_1"][0] > 0.8

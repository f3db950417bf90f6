"""Positions as features: exact where they tell everything, and compared with rotations."""

import json
from dataclasses import asdict

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from motion_engine import rotations
from motion_engine.codecs.configuration import CODECS
from motion_engine.codecs.prq import PRQ
from motion_engine.features import FeatureLayout, encode_features
from motion_engine.skeleton import SMPLX
from training import compare_features
from training.codec_metrics import clip_errors, joint_positions
from training.corpus import make_clip, make_corpus
from training.position_fit import PositionCodecConfig, PositionLayout, recovered_pose

pytestmark = pytest.mark.torch
LAYOUT, POSITIONS = FeatureLayout(52), PositionLayout(52)


@pytest.fixture(scope="module")
def features():
    return encode_features(make_clip(3, seed=1).motion.cut(0, 48), LAYOUT)


def test_positions_come_back_exactly_and_turns_about_bones_do_not(features):
    pose = recovered_pose(features[:, POSITIONS.columns], POSITIONS)
    np.testing.assert_allclose(
        joint_positions(pose, LAYOUT),
        joint_positions(features[:, : LAYOUT.pose_size], LAYOUT),
        atol=1e-5,
    )
    errors = clip_errors(features[:, : LAYOUT.pose_size], pose, LAYOUT, has_hands=True)
    assert errors.mpjpe_mm < 0.01 and errors.fingers_mm < 20.0 and errors.root_ade_mm < 1e-6


def test_rotations_without_twist_are_the_true_ones(features):
    """A pose whose joints only swing, with the last ones at rest, is told by its positions."""
    pose = features[:1, : LAYOUT.pose_size].copy()
    pose[:, LAYOUT.slices["rotations"]] = np.tile([1, 0, 0, 0, 1, 0], LAYOUT.joints - 1)
    knee, ankle = SMPLX.index("left_knee"), SMPLX.index("left_ankle")
    across = np.cross(SMPLX.offsets[ankle], [0.0, 0.0, 1.0])
    swing = rotations.from_axis_angle(0.7 * across / np.linalg.norm(across))
    pose[0, LAYOUT.rotation_slice(knee)] = rotations.to_6d(swing)
    row = np.zeros((1, POSITIONS.size))
    for name in ("yaw_rate", "planar_velocity", "height", "contacts"):
        row[:, POSITIONS.slices[name]] = pose[:, LAYOUT.slices[name]]
    row[:, POSITIONS.slices["positions"]] = joint_positions(pose, LAYOUT).reshape(1, -1)
    np.testing.assert_allclose(recovered_pose(row, POSITIONS), pose, atol=1e-4)


def test_the_layout_of_positions_takes_those_of_the_whole(features):
    taken = features[:, POSITIONS.columns]
    at = POSITIONS.slices["positions"]
    np.testing.assert_array_equal(taken[:, at], features[:, LAYOUT.slices["positions"]])
    assert POSITIONS.size == POSITIONS.pose_size == 1 + 2 + 1 + 3 * 52 + 4
    codec = PRQ(PositionCodecConfig(**(asdict(CODECS["rvq6"]) | {"width": 16}))).eval()
    codes = codec.encode(taken[None])
    assert codes.shape == (1, 6, 12) and codec.decode(codes).shape == (1, 48, POSITIONS.size)


def test_both_are_trained_and_judged(tmp_path, capsys):
    index = []
    for number in range(2):
        name = f"cmu_motionbuilder/0{number}_01"
        path = tmp_path / "mocap" / f"{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        make_clip(number, seed=9).motion.cut(0, 80).save(path)
        index.append({"clip": name, "family": "cmu_motionbuilder", "description": "stand",
                      "held_out": number == 1})  # fmt: skip
    (tmp_path / "mocap" / "index.json").write_text(json.dumps(index))
    make_corpus(tmp_path / "corpus", clips=2, workers=1)
    out = tmp_path / "features.json"
    given = ["--mocap", str(tmp_path / "mocap"), "--corpus", str(tmp_path / "corpus"), "--out",
             str(out), "--batch", "4", "--frames", "16", "--width", "16"]  # fmt: skip
    assert compare_features.main([*given, "--steps", "2", "--procedural", "0"]) == 0
    report = json.loads(out.read_text())
    for name in ("rotations", "positions"):
        real = report[name]["real"]
        assert report[name]["steps"] == 2 and np.isfinite(real["body_turn_degrees"])
        assert real["mpjpe_body_mm"] > 0.0
    same = report["rotations"]["real"]
    assert same["mpjpe_body_before_recovery_mm"] == pytest.approx(same["mpjpe_body_mm"], rel=1e-3)
    assert compare_features.main([*given, "--codec", "prq"]) == 2
    assert "has parts" in capsys.readouterr().err

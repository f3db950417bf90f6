"""Reconstruction figures against SciPy, filter theory, closed forms and worked cases."""

import numpy as np
import pytest
from scipy import linalg
from scipy.spatial.transform import Rotation

torch = pytest.importorskip("torch")

from motion_engine import rotations
from motion_engine.features import FeatureLayout, encode_features
from motion_engine.skeleton import SMPLX
from training.codec_clips import pieces
from training.codec_metrics import (
    SPACE_SIZE,
    clip_errors,
    frechet_distance,
    frechet_with_interval,
    mean_errors,
    procrustes_mm,
    smoothed,
    window_descriptors,
)
from training.codec_windows import known_columns, without_unknown
from training.corpus import make_clip

pytestmark = pytest.mark.torch
LAYOUT = FeatureLayout(52)
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def motion():
    return make_clip(3, seed=1).motion.cut(0, 72)


@pytest.fixture(scope="module")
def pose(motion):
    return encode_features(motion, LAYOUT)[:, : LAYOUT.pose_size]


def test_a_perfect_decoding_has_no_errors(pose):
    errors = clip_errors(pose, pose.copy(), LAYOUT, has_hands=True)
    for name in ("mpjpe_body_mm", "mpjpe_mm", "fingers_mm", "root_ade_mm", "root_fde_mm"):
        assert getattr(errors, name) == 0.0
    assert errors.pa_mpjpe_mm < 1e-3 and errors.pa_mpjpe_hands_mm < 1e-3
    assert errors.acceleration_m_s2 == pytest.approx(errors.source_acceleration_m_s2)
    assert errors.foot_slide_cm_s == pytest.approx(errors.source_foot_slide_cm_s)


def test_a_bent_elbow_counts_for_what_hangs_from_it(motion, pose):
    """The forearm turned by an angle a moves the wrist by 2 sin(a / 2) of its length."""
    angle = 0.2
    bent = motion.local_rotations.copy()
    elbow, wrist = SMPLX.index("left_elbow"), SMPLX.index("left_wrist")
    axis = np.cross(SMPLX.offsets[wrist], [0.0, 0.0, 1.0])
    turn = rotations.from_axis_angle(angle * axis / np.linalg.norm(axis))
    bent[:, elbow] = rotations.multiply(bent[:, elbow], turn)
    decoded = pose.copy()
    columns = LAYOUT.rotation_slice(elbow)
    decoded[:, columns] = rotations.to_6d(bent[:, elbow])
    errors = clip_errors(pose, decoded, LAYOUT, has_hands=True)
    moved = 2000.0 * np.sin(angle / 2.0) * np.linalg.norm(SMPLX.offsets[wrist])
    assert errors.mpjpe_body_mm == pytest.approx(moved / 22, rel=1e-3)
    assert errors.fingers_mm == 0.0 and errors.root_ade_mm == 0.0
    assert errors.mpjpe_mm > errors.mpjpe_body_mm


def test_a_bent_finger_counts_in_the_frame_of_its_wrist(pose):
    decoded = pose.copy()
    knuckle, tip = SMPLX.index("left_index1"), SMPLX.index("left_index2")
    straight = rotations.from_6d(pose[:, LAYOUT.rotation_slice(knuckle)])
    bent = rotations.multiply(straight, rotations.about("z", 0.3))
    decoded[:, LAYOUT.rotation_slice(knuckle)] = rotations.to_6d(bent)
    # An elbow that is wrong as well takes the whole hand along, and no finger in its hand.
    decoded[:, LAYOUT.rotation_slice(SMPLX.index("left_elbow"))] = (1, 0, 0, 0, 1, 0)
    errors = clip_errors(pose, decoded, LAYOUT, has_hands=True)
    middle = rotations.from_6d(pose[:, LAYOUT.rotation_slice(tip)])
    last = SMPLX.offsets[tip] + rotations.rotate(middle, SMPLX.offsets[tip + 1])
    from_axis = np.hypot(*SMPLX.offsets[tip][:2]) + np.hypot(*last[:, :2].T).mean()
    moved = 2000.0 * np.sin(0.15) * from_axis
    assert errors.fingers_mm == pytest.approx(moved / 30, rel=1e-3)


def test_a_root_that_drifts_counts_in_the_path_alone(pose):
    decoded = pose.copy()
    decoded[:, LAYOUT.slices["planar_velocity"]] += rotations_free_drift(pose, 0.3)
    errors = clip_errors(pose, decoded, LAYOUT, has_hands=True)
    assert errors.mpjpe_body_mm == 0.0
    seconds = (len(pose) - 1) / 30.0
    assert errors.root_fde_mm == pytest.approx(300.0 * seconds, rel=1e-6)
    assert errors.root_ade_mm == pytest.approx(150.0 * seconds, rel=1e-6)


def rotations_free_drift(pose, speed_m_s):
    """A constant velocity in the world, in the heading frame of every frame."""
    yaw = np.cumsum(pose[:, LAYOUT.slices["yaw_rate"]][:, 0]) / 30.0
    heading = np.concatenate([[0.0], yaw[:-1]])
    return speed_m_s * np.stack([np.cos(-heading), np.sin(-heading)], axis=-1)


def test_shaking_feet_slide_and_accelerate(pose):
    decoded = pose.copy()
    decoded[::2, LAYOUT.slices["planar_velocity"]] += 0.5
    errors = clip_errors(pose, decoded, LAYOUT, has_hands=True)
    assert errors.foot_slide_cm_s > errors.source_foot_slide_cm_s + 10.0
    assert errors.acceleration_m_s2 > 3.0 * errors.source_acceleration_m_s2


def test_clips_without_hands_say_nothing_of_fingers(pose):
    errors = clip_errors(pose, pose, LAYOUT, has_hands=False)
    known = clip_errors(pose, pose, LAYOUT, has_hands=True)
    assert np.isnan(errors.fingers_mm) and np.isnan(errors.mpjpe_mm)
    means = mean_errors([errors, known], [100, 10])
    assert means["fingers_mm"] == 0.0 and means["mpjpe_body_mm"] == 0.0
    assert mean_errors([errors], [5])["fingers_mm"] is None


def test_procrustes_undoes_any_similarity_and_agrees_with_scipy():
    points = RNG.normal(size=(6, 9, 3))
    turns = Rotation.random(6, random_state=1).as_matrix()
    moved = 1.7 * points @ turns + RNG.normal(size=(6, 1, 3))
    assert procrustes_mm(points, moved) < 1e-9
    assert procrustes_mm(points * [1.0, 1.0, -1.0], moved) > 100.0
    noisy = moved + 0.05 * RNG.normal(size=moved.shape)
    wanted = []
    for source, target in zip(points, noisy):
        source, target = source - source.mean(0), target - target.mean(0)
        turn, _ = Rotation.align_vectors(target, source)
        turned = turn.apply(source)
        scale = (turned * target).sum() / np.square(turned).sum()
        wanted.append(1000.0 * np.linalg.norm(scale * turned - target, axis=-1).mean())
    assert procrustes_mm(points, noisy) == pytest.approx(np.mean(wanted), rel=1e-6)


@pytest.mark.parametrize("hertz", [1.0, 3.0, 6.0, 10.0])
def test_the_filter_has_a_butterworths_gain_and_no_delay(hertz):
    """Forth and back, order n has the gain 1 / (1 + (tan(pi f / r) / tan(pi c / r)) ** 2n)."""
    seconds = np.arange(900) / 30.0
    wave = np.cos(2.0 * np.pi * hertz * seconds)
    middle = slice(300, 600)
    gain = 1.0 / (1.0 + (np.tan(np.pi * hertz / 30.0) / np.tan(np.pi * 6.0 / 30.0)) ** 4)
    filtered = smoothed(wave[:, None], 30.0)[middle, 0]
    np.testing.assert_allclose(filtered, gain * wave[middle], atol=1e-3)
    assert smoothed(np.ones((4, 2)), 30.0).shape == (4, 2)


def test_frechet_distance_is_that_of_gaussians():
    first = RNG.multivariate_normal([0, 0, 1], np.diag([1, 4, 2]), 300)
    second = RNG.multivariate_normal([1, 0, 0], [[2, 1, 0], [1, 3, 0], [0, 0, 1]], 300)
    covariances = np.cov(first.T), np.cov(second.T)
    shared = linalg.sqrtm(covariances[0] @ covariances[1]).real
    wanted = np.square(first.mean(0) - second.mean(0)).sum()
    wanted += np.trace(covariances[0] + covariances[1] - 2.0 * shared)
    assert frechet_distance(first, second) == pytest.approx(wanted, rel=1e-9)
    assert frechet_distance(first, first) == pytest.approx(0.0, abs=1e-9)
    assert frechet_distance(first, first + 2.0) == pytest.approx(12.0)


def test_the_frechet_interval_holds_the_distance_and_needs_enough_windows():
    source = [RNG.normal(size=(20, SPACE_SIZE)) for _ in range(12)]
    decoded = [rows + 0.3 for rows in source]
    distance, low, high = frechet_with_interval(decoded, source)
    assert distance == pytest.approx(0.09 * SPACE_SIZE) and low <= distance <= high + 1e-9
    assert frechet_with_interval(decoded[:1], source[:1]) is None


def test_windows_of_two_seconds_at_every_half_second(pose):
    assert window_descriptors(pose[:59], LAYOUT).shape == (0, SPACE_SIZE)
    points = window_descriptors(np.concatenate([pose, pose]), LAYOUT)
    assert points.shape == (6, SPACE_SIZE)
    assert np.abs(points[0] - points[3]).max() > 1e-3
    np.testing.assert_allclose(points[0], window_descriptors(pose[:60], LAYOUT)[0], atol=1e-9)


def test_pieces_are_whole_token_frames_of_whole_clips(motion):
    long = encode_features(make_clip(0).motion, LAYOUT)
    found = list(pieces("a", make_clip(0).motion, LAYOUT))
    assert sum(len(piece.features) for piece in found) >= len(long) - 11
    assert all(len(piece.features) % 4 == 0 for piece in found)
    assert all(8 <= len(piece.features) <= 256 for piece in found)
    assert next(pieces("a", motion, LAYOUT)).has_hands
    still = np.array(motion.local_rotations)
    still[:, 25:] = rotations.IDENTITY
    without = motion.__class__(motion.root_positions, still, motion.contacts)
    assert not next(pieces("b", without, LAYOUT)).has_hands


def test_unknown_hands_neither_count_nor_teach(pose):
    features = np.stack([pose, pose]).astype(np.float32)
    fingers = slice(LAYOUT.slices["rotations"].stop - 180, LAYOUT.slices["rotations"].stop)
    features[1, :, fingers] = np.tile([1, 0, 0, 0, 1, 0], 30)
    known = known_columns(features, LAYOUT)
    assert known.sum() == 2 * LAYOUT.pose_size - 180 and not known[1, 0, fingers].any()
    decoded = torch.zeros(features.shape, requires_grad=True)
    seen, wanted = without_unknown(decoded, torch.from_numpy(features), torch.from_numpy(known))
    (seen - wanted).square().sum().backward()
    assert (decoded.grad[1, :, fingers] == 0).all() and (decoded.grad[0, :, fingers] != 0).any()

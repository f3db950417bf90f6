"""How near a codec's decoding comes to its source, clip by clip, and a Fréchet distance of all."""

from dataclasses import asdict, dataclass, fields, replace

import numpy as np
import torch
from scipy.signal import butter, sosfiltfilt

from motion_engine.contacts import foot_slide_cm_s
from motion_engine.features import FeatureLayout, decode_features
from motion_engine.motion import ENGINE_FPS, Motion
from motion_engine.skeleton import BODY_JOINTS

from .losses import ForwardKinematics

SMOOTH_HZ = 6.0
SMOOTH_ORDER = 2
WINDOW_FRAMES, WINDOW_HOP, WINDOW_SAMPLES = 60, 15, 6
SPACE_SIZE = 32
RESAMPLES = 200


@dataclass(frozen=True)
class Errors:
    """Means over the frames of a clip; NaN where a figure has nothing to judge.

    - ``mpjpe_*``: joints relative to the root, each clip in its own heading, mm: body (22), all.
    - ``fingers_mm``: finger joints in the frame of their wrist, so that no arm's error counts.
    - ``pa_mpjpe_*``: after the best similarity transform of every frame.
    - ``root_ade_mm``, ``root_fde_mm``: the root's place in the world, mean and at the last frame;
      both start at the same place.
    - ``acceleration_m_s2``: distance of the body joints' accelerations in the world from those of
      the source smoothed at 6 Hz; ``source_acceleration_m_s2``: that of the source itself.
    - ``foot_slide_cm_s``: of sole points while the source's are planted; ``source_foot_slide_cm_s``.
    """

    mpjpe_body_mm: float
    mpjpe_mm: float
    fingers_mm: float
    pa_mpjpe_body_mm: float
    pa_mpjpe_mm: float
    pa_mpjpe_hands_mm: float
    root_ade_mm: float
    root_fde_mm: float
    acceleration_m_s2: float
    source_acceleration_m_s2: float
    foot_slide_cm_s: float
    source_foot_slide_cm_s: float


def clip_errors(
    source: np.ndarray, decoded: np.ndarray, layout: FeatureLayout, has_hands: bool
) -> Errors:
    """Errors of ``decoded`` against ``source``, raw pose features ``[F, pose_size]``."""
    wanted, reached = (joint_positions(x, layout) for x in (source, decoded))
    was, became = (decode_features(x, layout) for x in (source, decoded))
    apart = _distance_mm(reached, wanted)
    root = _distance_mm(became.root_positions, was.root_positions)
    fingers = has_hands and layout.joints > BODY_JOINTS
    body, hands = slice(0, BODY_JOINTS), slice(BODY_JOINTS, None)
    smooth = acceleration(smoothed(_world(was, layout), ENGINE_FPS))
    return Errors(
        mpjpe_body_mm=float(apart[:, body].mean()),
        mpjpe_mm=float(apart.mean()) if fingers else np.nan,
        fingers_mm=_fingers_mm(source, decoded, layout) if fingers else np.nan,
        pa_mpjpe_body_mm=procrustes_mm(reached[:, body], wanted[:, body]),
        pa_mpjpe_mm=procrustes_mm(reached, wanted) if fingers else np.nan,
        pa_mpjpe_hands_mm=procrustes_mm(reached[:, hands], wanted[:, hands]) if fingers else np.nan,
        root_ade_mm=float(root.mean()),
        root_fde_mm=float(root[-1]),
        acceleration_m_s2=_apart(acceleration(_world(became, layout)), smooth),
        source_acceleration_m_s2=_apart(acceleration(_world(was, layout)), smooth),
        foot_slide_cm_s=foot_slide_cm_s(replace(became, contacts=was.contacts)),
        source_foot_slide_cm_s=foot_slide_cm_s(was),
    )


def joint_positions(pose: np.ndarray, layout: FeatureLayout) -> np.ndarray:
    """Joints ``[F, J, 3]`` relative to the root, in the heading frame, metres."""
    with torch.no_grad():
        return ForwardKinematics(layout)(torch.from_numpy(pose).float()).numpy().astype(np.float64)


def mean_errors(errors: list[Errors], frames: list[int]) -> dict[str, float | None]:
    """Means weighted by length; None where no clip has the figure."""
    rows = np.array([list(asdict(error).values()) for error in errors])
    weights = np.where(np.isfinite(rows), np.array(frames, dtype=float)[:, None], 0.0)
    totals = (np.nan_to_num(rows) * weights).sum(0)
    return {
        field.name: float(total / weight) if weight > 0 else None
        for field, total, weight in zip(fields(Errors), totals, weights.sum(0))
    }


def procrustes_mm(points: np.ndarray, target: np.ndarray) -> float:
    """Mean distance in mm of ``points [F, J, 3]`` from ``target`` after the similarity transform of
    each frame that brings them nearest (Gower, "Generalized Procrustes Analysis", 1975)."""
    points, target = (x - x.mean(axis=1, keepdims=True) for x in (points, target))
    left, sizes, right = np.linalg.svd(points.swapaxes(1, 2) @ target)
    turned = np.linalg.det(left @ right)
    signs = np.stack([np.ones_like(turned), np.ones_like(turned), np.sign(turned)], axis=-1)
    rotation = left * signs[:, None] @ right
    scale = (sizes * signs).sum(-1) / np.maximum(np.square(points).sum((1, 2)), 1e-12)
    return float(_distance_mm(scale[:, None, None] * points @ rotation, target).mean())


def smoothed(values: np.ndarray, fps: float) -> np.ndarray:
    """``values [F, ...]`` through a Butterworth filter of 6 Hz, forth and back: nothing delayed."""
    sections = butter(SMOOTH_ORDER, SMOOTH_HZ, fs=fps, output="sos")
    return sosfiltfilt(sections, values, axis=0, padlen=min(15, len(values) - 1))


def acceleration(positions: np.ndarray) -> np.ndarray:
    """Second differences of ``positions [F, J, 3]``, m/s^2."""
    return np.diff(positions, n=2, axis=0) * ENGINE_FPS**2


def window_descriptors(pose: np.ndarray, layout: FeatureLayout) -> np.ndarray:
    """Points ``[windows, SPACE_SIZE]`` of a small fixed space, one for each 2 s at every half second.

    Body joints, turning, walking and height at six instants, through a fixed random projection.
    """
    at = layout.slices
    rows = [joint_positions(pose, layout)[:, 1:BODY_JOINTS].reshape(len(pose), -1)]
    rows += [pose[:, at[name]] for name in ("yaw_rate", "planar_velocity", "height")]
    frames = np.concatenate(rows, axis=-1)
    instants = np.linspace(0, WINDOW_FRAMES - 1, WINDOW_SAMPLES).round().astype(int)
    starts = np.arange(0, max(len(frames) - WINDOW_FRAMES + 1, 0), WINDOW_HOP)
    width = WINDOW_SAMPLES * frames.shape[-1]
    windows = frames[starts[:, None] + instants].reshape(len(starts), width)
    project = np.random.default_rng(0).standard_normal((width, SPACE_SIZE)) / np.sqrt(width)
    return windows @ project


def frechet_distance(first: np.ndarray, second: np.ndarray) -> float:
    """Between Gaussians fitted to two sets of points ``[N, d]`` (Dowson and Landau, 1982)."""
    apart = first.mean(0) - second.mean(0)
    covariances = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    shared = np.linalg.eigvals(covariances[0] @ covariances[1]).real
    common = np.sqrt(np.maximum(shared, 0.0)).sum()
    return float(apart @ apart + sum(np.trace(c) for c in covariances) - 2.0 * common)


def frechet_with_interval(
    decoded: list[np.ndarray], source: list[np.ndarray], seed: int = 0
) -> tuple[float, float, float] | None:
    """The distance, and its 2.5th and 97.5th percentile over resamplings of clips; None where the
    clips hold too few windows for a covariance."""
    pairs = [(d, s) for d, s in zip(decoded, source) if len(s)]
    if sum(len(s) for _, s in pairs) <= SPACE_SIZE:
        return None
    rng = np.random.default_rng(seed)

    def distance(chosen: np.ndarray) -> float:
        return frechet_distance(*(np.concatenate([pairs[i][k] for i in chosen]) for k in (0, 1)))

    everything = distance(np.arange(len(pairs)))
    drawn = [distance(rng.integers(len(pairs), size=len(pairs))) for _ in range(RESAMPLES)]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return everything, float(low), float(high)


def _fingers_mm(source: np.ndarray, decoded: np.ndarray, layout: FeatureLayout) -> float:
    """With everything but the fingers as in the source, only they can be elsewhere."""
    count = layout.joints - BODY_JOINTS
    stop = layout.slices["rotations"].stop
    mixed = source.copy()
    mixed[:, stop - 6 * count : stop] = decoded[:, stop - 6 * count : stop]
    apart = _distance_mm(joint_positions(mixed, layout), joint_positions(source, layout))
    return float(apart[:, BODY_JOINTS:].mean())


def _world(motion: Motion, layout: FeatureLayout) -> np.ndarray:
    return motion.joint_positions()[:, list(layout.joint_indices[:BODY_JOINTS])]


def _distance_mm(points: np.ndarray, target: np.ndarray) -> np.ndarray:
    return 1000.0 * np.linalg.norm(points - target, axis=-1)


def _apart(accelerations: np.ndarray, others: np.ndarray) -> float:
    if not len(accelerations):
        return np.nan
    return float(np.linalg.norm(accelerations - others, axis=-1).mean())

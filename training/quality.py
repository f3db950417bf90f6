"""Motion quality that needs no labels: sliding feet, jitter, feet under the floor."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import numpy as np

from motion_engine.contacts import foot_slide_cm_s, sole_points, with_detected_contacts
from motion_engine.motion import Motion
from motion_engine.skeleton import BODY_JOINTS

PENETRATION_M = 0.02


@dataclass(frozen=True)
class Quality:
    """- ``foot_slide_cm_s``: mean horizontal speed of sole points in contact; contacts are measured
      from the motion itself, so that a clip cannot look better by claiming none.
    - ``jitter_m_s3``: mean jerk, the norm of the third difference of the world positions of the 22
      body joints times the frame rate cubed. Compare at equal rates only.
    - ``below_floor_share``: share of frames with a sole point more than 2 cm under z = 0.
    """

    foot_slide_cm_s: float
    jitter_m_s3: float
    below_floor_share: float


def measure(motion: Motion) -> Quality:
    """The figures of one motion."""
    below = sole_points(motion)[..., 2].min(axis=1) < -PENETRATION_M
    return Quality(
        foot_slide_cm_s(with_detected_contacts(motion)),
        jitter_m_s3(motion),
        float(below.mean()),
    )


def jitter_m_s3(motion: Motion) -> float:
    """Mean jerk of the body joints, m/s^3; zero for clips of fewer than four frames."""
    if motion.frames < 4:
        return 0.0
    positions = motion.joint_positions()[:, :BODY_JOINTS]
    jerk = np.diff(positions, n=3, axis=0) * motion.fps**3
    return float(np.linalg.norm(jerk, axis=-1).mean())


def mean_quality(measured: Iterable[tuple[Quality, float]]) -> Quality | None:
    """Mean figures of (figures, seconds) pairs, weighted by duration; None for no pairs."""
    pairs = list(measured)
    if not pairs:
        return None
    seconds = np.array([duration for _, duration in pairs])
    figures = np.array([list(asdict(quality).values()) for quality, _ in pairs])
    return Quality(*(float(value) for value in np.average(figures, axis=0, weights=seconds)))


def quality_table(rows: dict[str, Quality]) -> str:
    """One line per name, one column per figure."""
    names = [field.name for field in fields(Quality)]
    width = max(map(len, rows))
    lines = [" " * width + "".join(f"{name:>20}" for name in names)]
    for name, quality in rows.items():
        lines.append(
            f"{name:<{width}}{quality.foot_slide_cm_s:20.1f}{quality.jitter_m_s3:20.1f}"
            f"{quality.below_floor_share:20.1%}"
        )
    return "\n".join(lines)

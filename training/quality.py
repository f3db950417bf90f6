"""Motion quality that needs no labels: sliding feet, jitter, feet under the floor, odd poses."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import numpy as np

from motion_engine.contacts import foot_slide_cm_s, sole_points, with_detected_contacts
from motion_engine.motion import Motion
from motion_engine.skeleton import BODY_JOINTS

from .joint_range import outside_range

PENETRATION_M = 0.02
NATURAL_BARS = (1.5, 1.3, 0.01)


@dataclass(frozen=True)
class Quality:
    """- ``foot_slide_cm_s``: mean horizontal speed of sole points in contact; contacts are measured
      from the motion itself, so that a clip cannot look better by claiming none.
    - ``jitter_m_s3``: mean jerk, the norm of the third difference of the world positions of the 22
      body joints times the frame rate cubed. Compare at equal rates only.
    - ``below_floor_share``: share of frames with a sole point more than 2 cm under z = 0.
    - ``outside_range_share``: share of frames on which a joint of the body is turned farther than
      real people turn it (:mod:`training.joint_range`).
    """

    foot_slide_cm_s: float
    jitter_m_s3: float
    below_floor_share: float
    outside_range_share: float


def measure(motion: Motion) -> Quality:
    """The figures of one motion."""
    below = sole_points(motion)[..., 2].min(axis=1) < -PENETRATION_M
    return Quality(
        foot_slide_cm_s(with_detected_contacts(motion)),
        jitter_m_s3(motion),
        float(below.mean()),
        float(outside_range(motion).mean()),
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


@dataclass(frozen=True)
class Naturalness:
    """Generated motion against real motion: ratios of foot slide and jitter, and the share of
    poses outside the real range. Each ``bar`` is the most that still looks natural."""

    foot_slide_ratio: float
    jitter_ratio: float
    outside_range_share: float

    @staticmethod
    def of(generated: Quality, real: Quality) -> "Naturalness":
        return Naturalness(
            generated.foot_slide_cm_s / max(real.foot_slide_cm_s, 1e-9),
            generated.jitter_m_s3 / max(real.jitter_m_s3, 1e-9),
            generated.outside_range_share,
        )

    def rows(self) -> list[dict]:
        """``name``, ``value``, ``bar`` and ``met`` of each figure."""
        return [
            {"name": name, "value": round(value, 4), "bar": bar, "met": value <= bar}
            for (name, value), bar in zip(asdict(self).items(), NATURAL_BARS)
        ]

    def table(self) -> str:
        return "\n".join(
            f"{row['name']:<24}{row['value']:>8.3f}   bar {row['bar']:g}"
            f" {'met' if row['met'] else 'missed'}"
            for row in self.rows()
        )


def quality_table(rows: dict[str, Quality]) -> str:
    """One line per name, one column per figure."""
    names = [field.name for field in fields(Quality)]
    width = max(map(len, rows))
    lines = [" " * width + "".join(f"{name:>20}" for name in names)]
    for name, quality in rows.items():
        lines.append(
            f"{name:<{width}}{quality.foot_slide_cm_s:20.1f}{quality.jitter_m_s3:20.1f}"
            f"{quality.below_floor_share:20.1%}{quality.outside_range_share:20.1%}"
        )
    return "\n".join(lines)

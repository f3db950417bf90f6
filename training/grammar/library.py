"""What is taken from real clips: idling takes and gait cycles of the upper body.

Both are stored for the joints of ``UPPER_JOINTS`` as local rotations. Without real clips a small
hand-made library stands in, so that the grammar runs anywhere.
"""

from dataclasses import dataclass

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import SMPLX

UPPER_NAMES = (
    "spine1", "spine2", "spine3", "neck", "head", "left_collar", "right_collar", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
)  # fmt: skip
UPPER_JOINTS = tuple(SMPLX.index(name) for name in UPPER_NAMES)
MIRRORED = tuple(
    UPPER_NAMES.index(n.replace("left", "#").replace("right", "left").replace("#", "right"))
    for n in UPPER_NAMES
)
PHASES = 32


@dataclass(frozen=True, eq=False)
class IdleTake:
    """``N`` frames of standing: ``upper [N, 13, 4]``, ``tilt [N, 3]`` and ``sway [N, 3]`` of the
    pelvis in its heading frame, metres and radians."""

    upper: np.ndarray
    tilt: np.ndarray
    sway: np.ndarray


@dataclass(frozen=True, eq=False)
class GaitCycle:
    """One stride at ``PHASES`` even phases, phase 0 the left foot's landing: ``upper [P, 13, 4]``,
    ``tilt [P, 3]``, ``bob [P]`` metres; ``kind`` "walk" or "run"; ``speed_m_s``."""

    kind: str
    speed_m_s: float
    upper: np.ndarray
    tilt: np.ndarray
    bob: np.ndarray


@dataclass(frozen=True, eq=False)
class Library:
    idles: tuple[IdleTake, ...]
    cycles: tuple[GaitCycle, ...]

    def cycles_of(self, kind: str) -> list[GaitCycle]:
        return [cycle for cycle in self.cycles if cycle.kind == kind]


def hand_made_library() -> Library:
    """Sine-wave idling and gait with the amplitudes of the textbooks (Perry, "Gait Analysis")."""
    cycles = [_sine_cycle("walk", 1.3, 0.35, 0.3), _sine_cycle("run", 2.8, 0.55, 1.4)]
    return Library((_sine_idle(),), tuple(cycles))


def hanging_arms(spread_deg: float = 12.0, bend_deg: float = 18.0) -> np.ndarray:
    """Upper joints ``[13, 4]`` of somebody who stands with the arms down."""
    pose = np.tile(rotations.IDENTITY, (len(UPPER_NAMES), 1))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        down = np.deg2rad(90.0 - spread_deg - 4.0)
        bend = np.deg2rad(bend_deg)
        pose[UPPER_NAMES.index(f"{side}_collar")] = rotations.about("z", -sign * np.deg2rad(4.0))
        pose[UPPER_NAMES.index(f"{side}_shoulder")] = rotations.about("z", -sign * down)
        pose[UPPER_NAMES.index(f"{side}_elbow")] = rotations.about("y", -sign * bend)
    return pose


def _sine_idle(frames: int = 900) -> IdleTake:
    t = np.arange(frames) / 30.0
    upper = np.tile(hanging_arms(), (frames, 1, 1))
    breath = 0.012 * np.sin(2 * np.pi * t / 3.9)
    sway = np.zeros((frames, 3))
    sway[:, 0] = 0.012 * np.sin(2 * np.pi * t / 7.3) + 0.005 * np.sin(2 * np.pi * t / 3.1 + 1.0)
    sway[:, 1] = 0.008 * np.sin(2 * np.pi * t / 5.9 + 0.6)
    look = 0.05 * np.sin(2 * np.pi * t / 8.9)
    for name, axis, curve in (
        ("spine2", "x", -breath),
        ("spine3", "x", -breath),
        ("head", "y", look),
    ):
        joint = UPPER_NAMES.index(name)
        upper[:, joint] = rotations.multiply(rotations.about(axis, curve), upper[:, joint])
    return IdleTake(upper, np.zeros((frames, 3)), sway)


def _sine_cycle(kind: str, speed_m_s: float, swing: float, elbow: float) -> GaitCycle:
    wave = np.cos(2 * np.pi * np.arange(PHASES) / PHASES)
    upper = np.tile(hanging_arms(8.0, 10.0), (PHASES, 1, 1))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        turns = (
            (f"{side}_shoulder", "x", sign * swing * wave + 0.05),
            (f"{side}_elbow", "y", -sign * elbow * (1.0 - 0.4 * sign * wave)),
        )
        for name, axis, angle in turns:
            joint = UPPER_NAMES.index(name)
            upper[:, joint] = rotations.multiply(rotations.about(axis, angle), upper[:, joint])
    for name, share in (("spine1", 0.05), ("spine2", 0.06), ("spine3", 0.06), ("neck", -0.06)):
        joint = UPPER_NAMES.index(name)
        upper[:, joint] = rotations.about("y", share * wave)
    tilt = np.stack([np.full(PHASES, 0.06), np.zeros(PHASES), -0.09 * wave], axis=-1)
    return GaitCycle(kind, speed_m_s, upper, tilt, np.zeros(PHASES))

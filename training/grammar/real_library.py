"""The library from real clips: gait cycles cut at landings, idling where people stand quietly."""

import itertools
import json
from pathlib import Path

import numpy as np

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX, STANDING
from training.grammar.body import STANDING_HEIGHT_M
from training.grammar.curves import smooth
from training.grammar.library import (
    MIRRORED,
    PHASES,
    UPPER_JOINTS,
    GaitCycle,
    IdleTake,
    Library,
    hand_made_library,
)

LIMITS = {"walk": ((0.75, 1.7), (0.45, 2.2)), "run": ((0.5, 0.95), (1.8, 5.5))}
MEAN_BOB_M = {"walk": (-0.03, -0.005), "run": (-0.065, -0.02)}
IDLE_FRAMES = 240
IDLE_STRIDE = 120
CYCLES_PER_CLIP = 2
STEADY_HEADING_RAD = 0.3
_HIPS = (SMPLX.index("left_hip"), SMPLX.index("right_hip"))
_WRISTS = (SMPLX.index("left_wrist"), SMPLX.index("right_wrist"))
_LEFT_ANKLE = SMPLX.index("left_ankle")
_REFLECT = np.array([1.0, 1.0, -1.0, -1.0])


def load_library(folder: Path) -> Library:
    """The library of the prepared clips in ``folder`` (with ``index.json``) that are not held out.

    Raises LimberError where the folder is missing; a kind that no clip shows is hand-made.
    """
    index = Path(folder) / "index.json"
    if not index.is_file():
        raise LimberError(f"{folder}: no index.json; prepare the clips first (training.prepare).")
    entries = [e for e in json.loads(index.read_text(encoding="utf-8")) if not e["held_out"]]
    idles, cycles = [], []
    for entry in entries:
        path = Path(folder) / f"{entry['clip']}.npz"
        kind = _gait_kind(entry["description"])
        if entry["family"] == "reactidle":
            idles += _idle_takes(Motion.load(path))
        elif kind:
            cycles += _cycles(Motion.load(path), kind)
    spare = hand_made_library()
    for kind in ("walk", "run"):
        if not any(cycle.kind == kind for cycle in cycles):
            cycles += spare.cycles_of(kind)
    return Library(tuple(idles) or spare.idles, tuple(cycles))


def _gait_kind(description: str) -> str | None:
    if description in ("walk", "slow walk", "brisk walk", "walk/stride"):
        return "walk"
    return "run" if description == "run/jog" else None


def _headings(motion: Motion, positions: np.ndarray) -> np.ndarray:
    """Yaw of the hips ``[F]``, 0 facing -Y, continuous."""
    across = positions[:, _HIPS[0]] - positions[:, _HIPS[1]]
    return np.unwrap(np.arctan2(across[:, 1], across[:, 0]))


def _tilts(motion: Motion, headings: np.ndarray) -> np.ndarray:
    """Rotation vectors ``[F, 3]`` of the pelvis in its heading frame."""
    world = rotations.multiply(motion.local_rotations[:, 0], rotations.conjugate(STANDING))
    return rotations.to_axis_angle(
        rotations.multiply(rotations.conjugate(rotations.about("z", headings)), world)
    )


def _cycles(motion: Motion, kind: str) -> list[GaitCycle]:
    """Strides between landings of the left foot (where it is furthest ahead of the pelvis)."""
    positions = motion.joint_positions()
    headings = smooth(_headings(motion, positions), 6.0)
    ahead = np.stack([np.sin(headings), -np.cos(headings)], axis=-1)
    offset = positions[:, _LEFT_ANKLE, :2] - positions[:, 0, :2]
    reach = smooth(np.sum(offset * ahead, axis=-1), 1.0)
    peaks = 1 + np.flatnonzero((reach[1:-1] > reach[:-2]) & (reach[1:-1] >= reach[2:]))
    peaks = peaks[reach[peaks] > 0.12]
    (shortest, longest), (slowest, fastest) = LIMITS[kind]
    found = []
    for start, stop in itertools.pairwise(peaks):
        seconds = (stop - start) / motion.fps
        travel = positions[stop, 0, :2] - positions[start, 0, :2]
        speed = float(np.linalg.norm(travel)) / seconds
        turning = abs(headings[stop] - headings[start])
        if shortest < seconds < longest and slowest < speed < fastest and turning < 0.15:
            found.append(_cycle(motion, kind, start, stop, speed, headings))
    found = found[len(found) // 4 :][:CYCLES_PER_CLIP]
    return found + [_mirrored(cycle) for cycle in found]


def _cycle(motion: Motion, kind: str, start: int, stop: int, speed: float, headings) -> GaitCycle:
    at = np.linspace(start, stop, PHASES + 1)
    before = np.minimum(np.floor(at).astype(int), motion.frames - 2)
    t = at - before
    upper = motion.local_rotations[:, UPPER_JOINTS]
    upper = _closed(rotations.slerp(upper[before], upper[before + 1], t[:, None]))
    straight = smooth(headings, 12.0)
    tilt, height = _tilts(motion, straight), motion.root_positions[:, 2] - STANDING_HEIGHT_M
    ramp = np.linspace(0.0, 1.0, PHASES + 1)

    def sampled(values: np.ndarray) -> np.ndarray:
        values = values[before] * (1 - t[:, None]) + values[before + 1] * t[:, None]
        return (values - ramp[:, None] * (values[-1] - values[0]))[:-1]

    tilt, bob = sampled(tilt), sampled(height[:, None])[:, 0]
    tilt[:, 1:] -= tilt[:, 1:].mean(axis=0)
    bob += np.clip(bob.mean(), *MEAN_BOB_M[kind]) - bob.mean()
    return GaitCycle(kind, speed, upper, tilt, bob)


def _closed(upper: np.ndarray) -> np.ndarray:
    """``[P + 1, 13, 4]`` to ``[P, 13, 4]``: what is missing at the end is shared out evenly."""
    gap = rotations.multiply(upper[0], rotations.conjugate(upper[-1]))
    share = np.linspace(0.0, 1.0, len(upper))[:, None]
    part = rotations.slerp(np.broadcast_to(rotations.IDENTITY, upper.shape), gap[None], share)
    return rotations.multiply(part, upper)[:-1]


def _mirrored(cycle: GaitCycle) -> GaitCycle:
    """Left and right exchanged, half a stride later."""
    order = (np.arange(PHASES) + PHASES // 2) % PHASES
    return GaitCycle(
        cycle.kind,
        cycle.speed_m_s,
        (cycle.upper[:, MIRRORED] * _REFLECT)[order],
        (cycle.tilt * [1.0, -1.0, -1.0])[order],
        cycle.bob[order],
    )


def _idle_takes(motion: Motion) -> list[IdleTake]:
    """Stretches of quiet standing with both arms hanging."""
    positions = motion.joint_positions()
    headings = _headings(motion, positions)
    takes = []
    for start in range(0, motion.frames - IDLE_FRAMES, IDLE_STRIDE):
        window = slice(start, start + IDLE_FRAMES)
        if _is_quiet(positions[window], headings[window], motion.contacts[window]):
            takes.append(_take(motion.cut(start, start + IDLE_FRAMES), headings[window]))
    return takes


def _is_quiet(positions: np.ndarray, headings: np.ndarray, contacts: np.ndarray) -> bool:
    pelvis = positions[:, 0]
    steady = np.ptp(headings) < STEADY_HEADING_RAD and np.ptp(pelvis[:, :2], axis=0).max() < 0.09
    wrists = positions[:, _WRISTS] - pelvis[:, None]
    left = np.stack([np.cos(headings), np.sin(headings)], axis=-1)[:, None]
    aside = np.sum(wrists[..., :2] * left, axis=-1) * [1.0, -1.0]
    hanging = wrists[..., 2].max() < 0.12 and aside.min() > 0.12
    return bool(steady and hanging and contacts.max(axis=0).all() and contacts.mean() > 0.85)


def _take(motion: Motion, headings: np.ndarray) -> IdleTake:
    slow = np.full(motion.frames, headings.mean())
    tilt = _tilts(motion, slow)
    tilt -= tilt.mean(axis=0) * [0.5, 0.7, 1.0]
    back = rotations.conjugate(rotations.about("z", slow))
    sway = rotations.rotate(back, motion.root_positions - motion.root_positions.mean(axis=0))
    sway[:, 2] = np.minimum(sway[:, 2], 0.0)
    return IdleTake(motion.local_rotations[:, UPPER_JOINTS], tilt, sway)

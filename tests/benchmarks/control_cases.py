"""Seeded pieces of held-out clips, and the plain interpolations that a model has to beat."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicHermiteSpline

from motion_engine import rotations
from motion_engine.command import Command
from motion_engine.edit.curves import sampled
from motion_engine.edit.joining import concatenated
from motion_engine.formats.importer import import_motion
from motion_engine.motion import ENGINE_FPS, Motion, resample
from motion_engine.skeleton import BODY_JOINTS
from training.archives import opened
from training.held_out import is_held_out

ARCHIVES = ("cmu_motionbuilder", "mesh2motion_bvh", "reactidle_bvh")
SHOWN = {
    "05_": "a person dances",
    "08_": "a person walks",
    "16_": "a person walks",
    "008_": "a person stands and waits",
    "bow": "a person bows",
    "dance": "a person dances",
    "fighting": "a person punches with the right hand",
    "victory": "a person cheers",
}
WINDOW, SHORTEST = 120, 60
LONGEST_HEARD = 20 * WINDOW


@dataclass(frozen=True, eq=False)
class Case:
    """A piece of a held-out clip at 30 fps, what it shows, and a seed."""

    motion: Motion
    text: str
    seed: int

    @property
    def random(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)

    @property
    def side(self) -> str:
        return ("left", "right")[self.seed % 2]

    def command(self, text: str | None = None, seconds: float | None = None) -> Command:
        return Command(text or self.text, seconds=seconds, seed=self.seed)


def load_clips(data: Path) -> list[tuple[Motion, str]]:
    """All held-out clips of two seconds or more, in an order of no meaning, and what they show."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for archive in ARCHIVES:
            family = archive.removesuffix("_bvh")
            with opened(data / "mocap" / f"{archive}.tar.xz") as tar:
                for member in tar:
                    name = Path(member.name)
                    if name.suffix != ".bvh" or not is_held_out(f"{family}/{name.stem}"):
                        continue
                    path = Path(folder) / name.name
                    path.write_bytes(tar.extractfile(member).read())
                    motion = resample(import_motion(path), ENGINE_FPS)
                    text = next(t for start, t in SHOWN.items() if name.stem.startswith(start))
                    found.append(
                        (name.stem, motion.cut(0, min(motion.frames, LONGEST_HEARD)), text)
                    )
    found = sorted((clip for clip in found if clip[1].frames >= SHORTEST), key=lambda clip: clip[0])
    order = np.random.default_rng(0).permutation(len(found))
    return [found[index][1:] for index in order]


def cases(clips: list[tuple[Motion, str]], count: int) -> list[Case]:
    """So many different pieces of up to WINDOW frames: the first of every clip, then the second of
    those that are long enough, and so on."""
    by_clip = [[(piece, text) for piece in _pieces(motion)] for motion, text in clips]
    rounds = zip_longest(*by_clip)
    pieces = [piece for one_round in rounds for piece in one_round if piece is not None]
    return [Case(motion, text, seed) for seed, (motion, text) in enumerate(pieces[:count])]


def _pieces(motion: Motion) -> list[Motion]:
    starts = range(0, max(motion.frames - WINDOW, 0) + 1, WINDOW)
    return [motion.cut(start, min(start + WINDOW, motion.frames)) for start in starts]


def resting(before: Motion, frames: int) -> Motion:
    """The last pose for so many frames."""
    return sampled(before, np.full(frames, before.seconds), ENGINE_FPS)


def going_on(before: Motion, frames: int) -> Motion:
    """The last pose, carried on at the root's last speed."""
    speed = (before.root_positions[-1] - before.root_positions[-4]) / 3.0
    speed[2] = 0.0
    still = resting(before, frames)
    away = np.outer(np.arange(1, frames + 1), speed)
    return replace(still, root_positions=still.root_positions + away)


def straight(before: Motion, after: Motion, frames: int) -> Motion:
    """The root on a straight line, every joint turned evenly."""
    one, other = before.cut(before.frames - 1, before.frames), after.cut(0, 1)
    share = np.arange(1, frames + 1)[:, None] / (frames + 1)
    turns = rotations.slerp(one.local_rotations, other.local_rotations, share)
    root = one.root_positions + share * (other.root_positions - one.root_positions)
    return Motion(root, turns, np.zeros((frames, 4)))


def curved(before: Motion, after: Motion, frames: int) -> Motion:
    """Cubic curves that keep the speeds at both ends."""
    ends = concatenated(before.cut(before.frames - 2, before.frames), after.cut(0, 2))
    turns = rotations.unroll(ends.local_rotations)

    def curve(v: np.ndarray) -> np.ndarray:
        slopes = [v[1] - v[0], v[3] - v[2]]
        return CubicHermiteSpline([0.0, frames + 1.0], v[1:3], slopes)(np.arange(1, frames + 1))

    local = rotations.normalize(curve(turns))
    return Motion(curve(ends.root_positions), local, np.zeros((frames, 4)))


def displacement_errors(made: dict[str, Motion], real: Motion) -> dict[str, float]:
    """ADE and FDE, mean and last: metres, the mean over body joints; and the same as MotionGPT's
    code has it, the length of all joints' differences in one vector."""
    wanted = real.joint_positions()[:, :BODY_JOINTS]
    found = {}
    for name, motion in made.items():
        away = motion.joint_positions()[:, :BODY_JOINTS] - wanted
        joint = np.linalg.norm(away, axis=-1).mean(-1)
        whole = np.linalg.norm(away.reshape(len(away), -1), axis=-1)
        found[f"ADE {name}, m"], found[f"FDE {name}, m"] = float(joint.mean()), float(joint[-1])
        found[f"ADE {name}, all joints one vector"] = float(whole.mean())
        found[f"FDE {name}, all joints one vector"] = float(whole[-1])
    return found


def accelerations(motion: Motion) -> np.ndarray:
    """``[F - 2]``: the largest of all body joints, m/s2."""
    positions = motion.joint_positions()[:, :BODY_JOINTS]
    return np.linalg.norm(np.diff(positions, n=2, axis=0), axis=-1).max(-1) * motion.fps**2

"""What control costs and keeps, on held-out clips: ``make bench-control``.

Seeded cases of each kind: limb edits, keys, pins, paths, prediction and in-between beside plain
interpolation. Writes a table (Markdown) into the output folder and prints it.
"""

from __future__ import annotations

import argparse
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import motion_engine
from motion_engine import rotations
from motion_engine.bridging import bridges
from motion_engine.command import Command
from motion_engine.contacts import foot_slide_cm_s
from motion_engine.directed import Direction, directed_motions
from motion_engine.edit.curves import resampled, sampled
from motion_engine.edit.joining import concatenated
from motion_engine.edit.root_path import RootPath
from motion_engine.finish.keys import Key
from motion_engine.finish.pins import Pin, pinned
from motion_engine.finish.region import edited_region, spliced
from motion_engine.formats.importer import import_motion
from motion_engine.motion import ENGINE_FPS, Motion
from motion_engine.part_edit import edit_parts, text_of_parts
from motion_engine.skeleton import BODY_JOINTS, SMPLX
from training.adherence.predicates import holds
from training.held_out import is_held_out

CLIPS = {
    ("cmu_motionbuilder", "motionbuilder/08_01.bvh"): "a person walks forward",
    ("cmu_motionbuilder", "motionbuilder/08_04.bvh"): "a person walks slowly",
    ("cmu_motionbuilder", "motionbuilder/16_15.bvh"): "a person walks",
    ("cmu_motionbuilder", "motionbuilder/16_21.bvh"): "a person walks",
    ("cmu_motionbuilder", "motionbuilder/05_05.bvh"): "a person dances",
    ("cmu_motionbuilder", "motionbuilder/05_10.bvh"): "a person dances",
    ("mesh2motion_bvh", "bvh/bow.bvh"): "a person bows",
    ("mesh2motion_bvh", "bvh/victory.bvh"): "a person cheers",
}
WINDOW = 120
WRITTEN_FPS = 24.0
ALL_JOINTS = tuple(range(SMPLX.joints))


@dataclass(frozen=True)
class Case:
    """A piece of a held-out clip, what it shows, and a seed."""

    motion: Motion
    text: str
    seed: int

    @property
    def random(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)

    def command(self, text: str | None = None, seconds: float | None = None) -> Command:
        return Command(text or self.text, seconds=seconds, seed=self.seed)


Figures = dict[str, float]


def load_clips(data: Path) -> list[tuple[Motion, str]]:
    """Held-out clips of a second or more, and what they show."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for archive in sorted({archive for archive, _ in CLIPS}):
            wanted = {name: text for (a, name), text in CLIPS.items() if a == archive}
            with tarfile.open(data / "mocap" / f"{archive}.tar.xz", "r|xz") as tar:
                for member in tar:
                    name = next((n for n in wanted if member.name.endswith(n)), None)
                    if name is None:
                        continue
                    family = archive.removesuffix("_bvh")
                    assert is_held_out(f"{family}/{Path(name).stem}"), name
                    path = Path(folder) / Path(name).name
                    path.write_bytes(tar.extractfile(member).read())
                    found.append((import_motion(path), wanted[name]))
    return found


def cases(clips: list[tuple[Motion, str]], count: int) -> Iterator[Case]:
    """So many pieces of up to WINDOW frames, one clip after the other."""
    for seed in range(count):
        motion, text = clips[seed % len(clips)]
        latest = max(motion.frames - WINDOW, 0)
        start = int(np.random.default_rng(1000 + seed).integers(0, latest + 1))
        yield Case(motion.cut(start, min(start + WINDOW, motion.frames)), text, seed)


def limb_edit(case: Case, model) -> Figures:
    """An arm waves in the middle of the clip; all else stays."""
    motion, side = case.motion, ("left", "right")[case.seed % 2]
    parts, seconds = (f"{side}_arm",), (motion.frames - 1) / motion.fps
    region = edited_region(parts, 0.2 * seconds, 0.9 * seconds, motion.frames, motion.fps)
    command = case.command(text_of_parts({f"{side}_arm": "wave"}))
    first, last = region.frames[[0, -1]]
    (take,) = edit_parts(motion, parts, [command], model, int(first), int(last) + 1)
    edited = spliced(motion, take, region)
    same = (edited.local_rotations == motion.local_rotations).all(-1)
    outside = np.ones_like(same)
    outside[np.ix_(region.frames, region.joints)] = False
    edges = np.r_[first - 2 : first + 4, last - 4 : last + 2]
    own, new = accelerations(motion), accelerations(edited)
    return {
        "values changed outside the mask": float((~same & outside).sum()),
        "acceleration at the edges, times the clip's own p95": float(
            new[np.clip(edges, 0, len(new) - 1)].max() / np.percentile(own, 95)
        ),
        "slide before, cm/s": foot_slide_cm_s(motion),
        "slide after, cm/s": foot_slide_cm_s(edited),
        "adherence of the edited part, %": 100.0 * holds({"waves": {"side": side}}, edited),
    }


def keys(case: Case, model) -> Figures:
    """The clip's own first and a later pose, met at another rate and between its frames."""
    motion = case.motion
    frame = int(case.random.integers(motion.frames // 2, motion.frames - 5))
    at = round(frame / ENGINE_FPS * WRITTEN_FPS) / WRITTEN_FPS
    made = [
        Key(0.0, motion.cut(0, 2), ALL_JOINTS),
        Key(at, motion.cut(frame, frame + 2), ALL_JOINTS),
    ]
    command = case.command(seconds=motion.seconds)
    (led,) = directed_motions(Direction(command, keys=tuple(made), fps=WRITTEN_FPS), 1, model)
    (free,) = directed_motions(Direction(command, keys=tuple(made[:1]), fps=WRITTEN_FPS), 1, model)
    found = round(at * WRITTEN_FPS)
    apart = rotations.multiply(
        rotations.conjugate(led.local_rotations[found]), motion.local_rotations[frame]
    )
    near = slice(max(found - 8, 0), found + 6)
    return {
        "key error, degrees": float(np.degrees(rotations.angle(apart).max())),
        "key error, mm": float(
            1000.0 * np.abs(led.root_positions[found] - motion.root_positions[frame]).max()
        ),
        "acceleration near the key, times that without": float(
            accelerations(led)[near].max() / accelerations(free).max()
        ),
        "slide, cm/s": foot_slide_cm_s(led),
    }


def pins(case: Case, model) -> Figures:
    """A hand held in front of the chest for 0.4 s, while the clip goes on."""
    motion, side = case.motion, ("left", "right")[case.seed % 2]
    middle, half = motion.frames // 2, 6
    held_span = slice(middle - half, middle + half + 1)
    chest = motion.joint_positions()[held_span, SMPLX.index("spine3")].mean(0)
    forward = motion.world_rotations()[middle, SMPLX.index("spine3")]
    offset = np.array([0.25 if side == "left" else -0.25, 0.1, 0.3])
    place = chest + rotations.rotate(forward, offset + case.random.normal(0.0, 0.05, 3))
    start, stop = (middle - half) / motion.fps, (middle + half) / motion.fps
    held = pinned(motion, [Pin(f"{side}_hand", start, stop, tuple(place))])
    hand = held.joint_positions()[held_span, SMPLX.index(f"{side}_wrist")]
    return {"effector error, cm": float(100.0 * np.linalg.norm(hand - place, axis=-1).max())}


def path(case: Case, model) -> Figures:
    """A bend of a random radius at a random speed."""
    speed, radius = case.random.uniform(0.7, 1.6), case.random.uniform(1.0, 4.0)
    seconds = 4.0
    angle = np.linspace(0.0, speed * seconds / radius, 17)
    points = np.column_stack(
        [np.linspace(0.0, seconds, 17), radius * np.sin(angle), radius * (np.cos(angle) - 1.0)]
    )
    led_by = RootPath(points)
    (motion,) = directed_motions(
        Direction(case.command("a person walks forward"), path=led_by), 1, model
    )
    wanted = led_by.at(np.arange(motion.frames) / motion.fps)
    away = np.linalg.norm(motion.root_positions[:, :2] - wanted, axis=-1)
    return {"path error, cm": float(100.0 * away.max()), "slide, cm/s": foot_slide_cm_s(motion)}


def plain(case: Case, model) -> Figures:
    """The slide of clips made from text alone, to compare with."""
    motion = motion_engine.generate_motion(case.command("a person walks forward", 4.0), model)
    return {"slide, cm/s": foot_slide_cm_s(motion)}


def prediction(share: float) -> Callable[[Case, object], Figures]:
    def measure(case: Case, model) -> Figures:
        motion = case.motion
        given = max(round(share * motion.frames), 4)
        before, after = motion.cut(0, given), motion.cut(given, motion.frames)
        (made,) = bridges(before, None, after.frames, [case.command()], model)
        held = sampled(before, np.full(after.frames, before.seconds), ENGINE_FPS)
        moving = going_on(before, after.frames)
        return compared({"Limber": made, "last pose": held, "last speed": moving}, after)

    return measure


def in_between(case: Case, model) -> Figures:
    motion = case.motion
    given = max(round(0.2 * motion.frames), 4)
    before, after = motion.cut(0, given), motion.cut(motion.frames - given, motion.frames)
    middle = motion.cut(given, motion.frames - given)
    (made,) = bridges(before, after, middle.frames, [case.command()], model)
    return compared(
        {
            "Limber": made,
            "linear": straight(before, after, middle.frames),
            "spline": curved(before, after, middle.frames),
        },
        middle,
    )


def compared(made: dict[str, Motion], real: Motion) -> Figures:
    """ADE and FDE in metres, mean over body joints."""
    wanted = real.joint_positions()[:, :BODY_JOINTS]
    found = {}
    for name, motion in made.items():
        away = np.linalg.norm(motion.joint_positions()[:, :BODY_JOINTS] - wanted, axis=-1).mean(-1)
        found[f"ADE {name}, m"], found[f"FDE {name}, m"] = float(away.mean()), float(away[-1])
    return found


def going_on(before: Motion, frames: int) -> Motion:
    """The last pose, carried on at the root's last speed."""
    still = sampled(before, np.full(frames, before.seconds), ENGINE_FPS)
    speed = (before.root_positions[-1] - before.root_positions[-4]) / 3.0
    speed[2] = 0.0
    root = still.root_positions + np.outer(np.arange(1, frames + 1), speed)
    return Motion(root, still.local_rotations, still.contacts)


def straight(before: Motion, after: Motion, frames: int) -> Motion:
    one, other = before.cut(before.frames - 1, before.frames), after.cut(0, 1)
    share = np.arange(1, frames + 1) / (frames + 1)
    turns = rotations.slerp(one.local_rotations, other.local_rotations, share[:, None])
    root = one.root_positions + share[:, None] * (other.root_positions - one.root_positions)
    return Motion(root, turns, np.zeros((frames, 4)))


def curved(before: Motion, after: Motion, frames: int) -> Motion:
    """Cubic curves that keep the speeds at both ends."""
    from scipy.interpolate import CubicHermiteSpline

    ends = concatenated(before.cut(before.frames - 2, before.frames), after.cut(0, 2))
    turns = rotations.unroll(ends.local_rotations)
    times, at = [0.0, frames + 1.0], np.arange(1, frames + 1)

    def curve(v: np.ndarray) -> np.ndarray:
        return CubicHermiteSpline(times, v[1:3], [v[1] - v[0], v[3] - v[2]])(at)

    local = rotations.normalize(curve(turns))
    return Motion(curve(ends.root_positions), local, np.zeros((frames, 4)))


def accelerations(motion: Motion) -> np.ndarray:
    """``[F - 2]``: the largest of all body joints, m/s2."""
    positions = resampled(motion, motion.fps, motion.frames).joint_positions()[:, :BODY_JOINTS]
    return np.linalg.norm(np.diff(positions, n=2, axis=0), axis=-1).max(-1) * motion.fps**2


KINDS: dict[str, Callable[[Case, object], Figures]] = {
    "limb edit": limb_edit,
    "keys": keys,
    "pins": pins,
    "path": path,
    "text alone": plain,
    "prediction, first 20 % given": prediction(0.2),
    "prediction, first 40 % given": prediction(0.4),
    "in-between, first and last 20 % given": in_between,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--kind", action="append", choices=tuple(KINDS), help="only these")
    parser.add_argument("--model", default="default")
    options = parser.parse_args()
    clips, model = load_clips(options.data), motion_engine.load(options.model)
    lines = ["| kind | figure | mean | worst |", "|---|---|---|---|"]
    for kind in options.kind or KINDS:
        measure = KINDS[kind]
        found = defaultdict(list)
        for case in cases(clips, options.cases):
            for name, value in measure(case, model).items():
                found[name].append(value)
        for name, values in found.items():
            lines.append(f"| {kind} | {name} | {np.mean(values):.3g} | {np.max(values):.3g} |")
            print(lines[-1], file=sys.stderr)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "control.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

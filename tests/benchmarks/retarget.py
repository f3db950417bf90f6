"""Retargeting on a bench of rigs, measured in Blender: ``make bench-retarget``.

Builds or opens every rig, puts five held-out clips on it and compares what Blender evaluates with
the clip. Writes a table (Markdown) and a picture grid into the output folder, and fails where a
rig is off by more than LIMITS. With ``--quick``, for a Blender that holds nothing but numpy: two
clips, one rig of each kind, no pictures.
"""

from __future__ import annotations

import argparse
import os
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import bpy
import numpy as np
from retarget_rigs import QUICK, bench

import motion_engine
from blender_addon.armature import read_mapping, read_rig
from blender_addon.retarget import retarget_onto
from blender_addon.rig_action import write_rig_action
from blender_addon.rig_reading import evaluated_poses, read_animation
from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.features import heading_angles
from motion_engine.foot_lock import lock_feet
from motion_engine.formats.importer import import_motion
from motion_engine.motion import Motion
from motion_engine.retarget.alignment import align
from motion_engine.retarget.key_reduction import Tolerance
from motion_engine.retarget.measure import limb_errors_deg, slides_cm_s, sole_places
from motion_engine.retarget.transplant import RetargetOptions, retarget
from motion_engine.skeleton import BODY_JOINTS

CLIPS = {
    "walk": ("cmu_motionbuilder", "motionbuilder/08_01.bvh"),
    "dance": ("cmu_motionbuilder", "motionbuilder/05_05.bvh"),
    "jab": ("mesh2motion_bvh", "bvh/fighting-right-jab.bvh"),
    "bow": ("mesh2motion_bvh", "bvh/bow.bvh"),
    "victory": ("mesh2motion_bvh", "bvh/victory.bvh"),
}
QUICK_CLIPS = ("walk", "bow")
SENTENCES = {"walk": "a person walks forward", "bow": "a person bows"}
LONGEST_CLIP = 150


@dataclass(frozen=True)
class Limits:
    """What a row may be off at most."""

    median_deg: float = 1.0
    p95_deg: float = 3.0
    slide_cm_s: float = 1.0
    depth_cm: float = 1.0
    read_back_cm: float = 2.5
    seconds_for_300: float = 1.5


LIMITS = Limits()
LIMITS_OF_ITSELF = Limits(median_deg=0.1, p95_deg=0.1, slide_cm_s=np.inf, depth_cm=np.inf)


@dataclass
class Row:
    """One line of the table."""

    rig: str
    limits: Limits = LIMITS
    family: str = ""
    wrong_bones: int = 0
    bones: int = 0
    errors: list[np.ndarray] = field(default_factory=list)
    slides: list[tuple[float, float]] = field(default_factory=list)
    depths: list[float] = field(default_factory=list)
    read_back_cm: float = 0.0
    seconds: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        errors = np.concatenate([e.ravel() for e in self.errors])
        return {
            "median_deg": float(np.median(errors)),
            "p95_deg": float(np.percentile(errors, 95)),
            "slide_cm_s": float(np.mean(self.slides, axis=0)[0]),
            "depth_cm": max(self.depths),
            "read_back_cm": self.read_back_cm,
            "seconds_for_300": self.seconds[0],
        }

    def text(self) -> str:
        right = f"{self.bones - self.wrong_bones}/{self.bones}" if self.bones else "-"
        found, both = self.figures(), np.mean(self.slides, axis=0)[1]
        seconds = " | ".join(f"{taken:.2f}" for taken in self.seconds)
        return (
            f"| {self.rig} | {self.family} | {right} | {found['median_deg']:.2f} | "
            f"{found['p95_deg']:.2f} | {found['slide_cm_s']:.2f} | {both:.2f} | "
            f"{found['depth_cm']:.1f} | {self.read_back_cm:.1f} | {seconds} |"
        )

    def problems(self) -> list[str]:
        """What is worse than the limits, one line each."""
        found = [
            f"{self.rig}: {name} is {value:.2f}, more than {getattr(self.limits, name):g}"
            for name, value in self.figures().items()
            if value > getattr(self.limits, name)
        ]
        allowed = 0.05 * self.bones if "shuffled" in self.rig else 0
        if self.wrong_bones > allowed:
            found.append(f"{self.rig}: {self.wrong_bones} of {self.bones} bones read wrongly")
        return found


HEADER = (
    "| rig | read as | required bones | limb error, median ° | p95 ° | slide cm/s | of heel and "
    "ball, the faster | below floor cm | read back cm | s for 300 frames | for 3,000 |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


def load_clips(data: Path, names: tuple[str, ...]) -> dict[str, Motion]:
    """Clips with feet locked, turned to start facing -Y: captured ones, or, without the data
    folder, what the default model makes of the same."""
    clips = {}
    if not (data / "mocap").is_dir():
        print(f"There are no captured clips in {data}; the default model makes some.")
        model = motion_engine.load()
        for name in (name for name in names if name in SENTENCES):
            command = motion_engine.Command(SENTENCES[name], seconds=4.0, seed=1)
            clips[name] = facing_front(lock_feet(motion_engine.generate_motion(command, model)))
        return clips
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            archive, member = CLIPS[name]
            with tarfile.open(data / "mocap" / f"{archive}.tar.xz") as packed:
                packed.extract(member, folder, filter="data")
            motion = import_motion(Path(folder) / member)
            clips[name] = facing_front(lock_feet(motion.cut(0, LONGEST_CLIP)))
    return clips


def facing_front(motion: Motion) -> Motion:
    back = rotations.about("z", -heading_angles(motion.local_rotations[:1, 0])[0])
    local = motion.local_rotations.copy()
    local[:, 0] = rotations.multiply(back, local[:, 0])
    return replace(
        motion, local_rotations=local, root_positions=rotations.rotate(back, motion.root_positions)
    )


def measured(armature, clips: dict[str, Motion], row: Row, options: RetargetOptions) -> None:
    """Puts every clip on the armature and adds up what Blender shows."""
    bpy.context.scene.render.fps = 30
    rig = read_rig(armature)
    mapping = read_mapping(armature, rig)
    row.family = mapping.family
    alignment = align(rig, mapping)
    turn = rotations.multiply(rig.world_rotation, alignment.facing)
    scale = alignment.units_per_metre * rig.world_scale
    floor = (rig.world_position + alignment.floor * rig.world_scale * rig.up)[2]
    for motion in clips.values():
        write_rig_action(armature, retarget(motion, rig, mapping, options), "bench")
        frames = np.arange(motion.frames)
        poses = evaluated_poses(armature, mapping, frames + 1)
        row.errors.append(limb_errors_deg(motion, mapping, poses, frames, turn))
        soles = sole_places(rig, mapping, alignment, poses)
        row.slides.append(slides_cm_s(soles, motion.contacts, motion.fps, scale))
        row.depths.append(float(max(0.0, (floor - soles[..., 2]).max()) * 100.0 / scale))


def read_back_gap_cm(armature, motion: Motion, asked: RetargetOptions) -> float:
    """How far joints are off (95th percentile) when a clip is read back from the rig, after its
    middle has been written anew into the Action, with fewer keys."""
    options = replace(asked, start="motion", contacts="never")
    retarget_onto(armature, motion, "there", options, first_frame=1)
    middle = motion.cut(motion.frames // 3, 2 * motion.frames // 3)
    first = 1 + motion.frames // 3
    retarget_onto(armature, middle, "again", options, first_frame=first, keep=True,
                  tolerance=Tolerance(0.1, 0.05))  # fmt: skip
    back = read_animation(armature, 1, motion.frames)
    gaps = np.linalg.norm(back.joint_positions() - motion.joint_positions(), axis=-1)
    return float(100.0 * np.percentile(gaps[:, :BODY_JOINTS], 95))


def timed(armature, motion: Motion, options: RetargetOptions, frames: int) -> float:
    """Seconds to read, map, retarget and write that many frames, the best of two runs."""
    repeated = np.resize(np.arange(motion.frames), frames)
    motion = replace(
        motion,
        root_positions=motion.root_positions[repeated],
        local_rotations=motion.local_rotations[repeated],
        contacts=motion.contacts[repeated],
    )
    taken = []
    for _ in range(2 if frames < 1000 else 1):
        start = time.perf_counter()
        rig = read_rig(armature)
        mapping = read_mapping(armature, rig)
        write_rig_action(armature, retarget(motion, rig, mapping, options), "timed")
        taken.append(time.perf_counter() - start)
    return min(taken)


def count_wrong_bones(armature, roles: dict[str, str], row: Row) -> None:
    mapping = read_mapping(armature)
    row.bones = len(roles)
    row.wrong_bones = sum(
        role not in mapping or mapping.bone(role) != bone for role, bone in roles.items()
    )


def measure_rigs(clips: dict[str, Motion], rows: dict, quick: bool) -> list[Row]:
    """One row after another, printed as they come."""
    print(HEADER)
    found = []
    for name, (make, asked) in rows.items():
        try:
            armature, roles = make()
        except LimberError as error:  # a file of a later Blender
            print(f"| {name} | left out: {str(error).split(' (')[0]} |")
            continue
        limits = LIMITS_OF_ITSELF if "own, as it is" in name else LIMITS
        if quick:  # with other work beside it, as a rule
            limits = replace(limits, seconds_for_300=np.inf)
        row = Row(name, limits)
        if roles:
            count_wrong_bones(armature, roles, row)
        measured(armature, clips, row, asked)
        row.read_back_cm = read_back_gap_cm(armature, next(iter(clips.values())), asked)
        longest = max(clips.values(), key=lambda clip: clip.frames)
        row.seconds = [timed(armature, longest, asked, n) for n in (300, 3000)[: 1 if quick else 2]]
        found.append(row)
        print(row.text(), flush=True)
    return found


def main() -> int:
    """The program's exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--only", default="", help="rows whose name holds this")
    parser.add_argument("--clips", default="", help="names of clips, with commas")
    parser.add_argument("--quick", action="store_true", help="two clips, one rig of each kind")
    parser.add_argument("--pictures-only", action="store_true")
    options = parser.parse_args()
    names = tuple(options.clips.split(",")) if options.clips else tuple(CLIPS)
    clips = load_clips(options.data, QUICK_CLIPS if options.quick else names)
    rows = {
        name: row
        for name, row in bench(options.data).items()
        if options.only in name and (name in QUICK or not options.quick)
    }
    if not options.quick:
        options.out.mkdir(exist_ok=True)
    if options.pictures_only or not (options.quick or options.only):
        from retarget_pictures import draw

        draw(clips, options.data, options.out / "retarget.png")
    if options.pictures_only:
        return 0
    found = measure_rigs(clips, rows, options.quick)
    if not options.quick:
        lines = [HEADER, *(row.text() for row in found)]
        (options.out / "retarget.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    problems = [problem for row in found for problem in row.problems()]
    print(f"Blender {bpy.app.version_string}: {len(found)} rigs, {len(problems)} problems")
    for problem in problems:
        print(problem)
    sys.stdout.flush()
    return int(bool(problems))


if __name__ == "__main__":
    status = main()
    os._exit(status)  # Blender 4.2 as a module crashes while Python shuts down

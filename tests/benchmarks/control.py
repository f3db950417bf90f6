"""What control costs and keeps, on held-out clips: ``make bench-control``.

Fifty seeded cases of each kind: limb edits, commands to parts, keys, pins, paths, timelines,
prediction and in-between beside plain interpolation. Every finished case is kept in the output
folder, so that a run that was broken off goes on; the table (Markdown) is written there and printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from control_cases import (
    Case,
    accelerations,
    cases,
    curved,
    displacement_errors,
    going_on,
    load_clips,
    resting,
    straight,
)

import motion_engine
from motion_engine import rotations
from motion_engine.contacts import foot_slide_cm_s, standing_slide_cm_s
from motion_engine.edit.root_path import RootPath
from motion_engine.finish.keys import Key
from motion_engine.finish.pins import Pin, pinned
from motion_engine.finish.region import edited_region, spliced
from motion_engine.generation.bridging import bridges
from motion_engine.generation.directed import Direction, directed_motions
from motion_engine.generation.part_edit import edit_parts, text_of_parts
from motion_engine.generation.timeline import Beat
from motion_engine.models.model import Model
from motion_engine.models.model_folder import load_config, model_folder
from motion_engine.motion import ENGINE_FPS, Motion
from motion_engine.parts import resolve_parts
from motion_engine.skeleton import SMPLX
from training.adherence.predicates import holds, mirrored

WRITTEN_FPS = 24.0
ALL_JOINTS = tuple(range(SMPLX.joints))
CHANGES = (
    ("right_arm", "wave", {"waves": {"side": "right"}}),
    ("right_arm", "raise it", {"hand_above": {"side": "right", "of": "shoulder"}}),
    ("right_arm", "punch", {"punches": {"side": "right", "direction": "any"}}),
    ("right_arm", "salute", {"hand_near": {"side": "right", "of": "head", "max_m": 0.25}}),
    (
        "right_arm",
        "scratch the head",
        {"hand_near": {"side": "right", "of": "head", "max_m": 0.25}},
    ),
    ("head", "nod", {"nods": {}}),
    ("legs", "kick with the right foot", {"kicks": {"side": "right"}}),
)
"""A part, what it is told to do, and how to see that it does; left for every other case."""
QUICK_CASES = 5

Figures = dict[str, float]


def slides(motion: Motion) -> Figures:
    """How still planted feet are: those said to stand, and, whatever is said of contacts, the
    stillest sole near the floor."""
    return {
        "slide, cm/s": foot_slide_cm_s(motion),
        "stillest sole, cm/s": standing_slide_cm_s(motion),
    }


def change_of(case: Case) -> tuple[str, str, dict]:
    part, text, predicate = CHANGES[case.seed % len(CHANGES)]
    if case.side == "right":
        return part, text, predicate
    return part.replace("right", "left"), text.replace("right", "left"), mirrored(predicate)


def limb_edit(case: Case, model: Model) -> Figures:
    """A part does something else in the middle of the clip; all else stays."""
    motion, (part, text, predicate) = case.motion, change_of(case)
    parts, seconds = resolve_parts([part]), (motion.frames - 1) / motion.fps
    region = edited_region(parts, 0.2 * seconds, 0.9 * seconds, motion.frames, motion.fps)
    command = case.command(text_of_parts({part: text}))
    first, last = region.frames[[0, -1]]
    began = time.perf_counter()
    (take,) = edit_parts(motion, parts, [command], model, int(first), int(last) + 1)
    edited = spliced(motion, take, region)
    seconds_needed = time.perf_counter() - began
    same = (edited.local_rotations == motion.local_rotations).all(-1)
    same[:, 0] &= (edited.root_positions == motion.root_positions).all(-1)
    outside = np.ones_like(same)
    outside[np.ix_(region.frames, region.joints)] = False
    edges = np.r_[first - 2 : first + 4, last - 4 : last + 2]
    own, new = accelerations(motion), accelerations(edited)
    adheres = 100.0 * holds(predicate, edited.cut(int(first), int(last) + 1))
    return {
        "values changed outside the mask": float((~same & outside).sum()),
        "acceleration at the edges, times the clip's own p95": float(
            new[np.clip(edges, 0, len(new) - 1)].max() / np.percentile(own, 95)
        ),
        "slide before, cm/s": foot_slide_cm_s(motion),
        "slide after, cm/s": foot_slide_cm_s(edited),
        "stillest sole before, cm/s": standing_slide_cm_s(motion),
        "stillest sole after, cm/s": standing_slide_cm_s(edited),
        "adherence, %": adheres,
        f"adherence of {CHANGES[case.seed % len(CHANGES)][1]}, %": adheres,
        "seconds to make": seconds_needed,
    }


def part_command(holding: tuple[str, ...]) -> Callable[[Case, Model], Figures]:
    def measure(case: Case, model: Model) -> Figures:
        """A new clip in which a part is commanded, the rest free or held still."""
        part, text, predicate = change_of(case)
        held = () if part == "legs" else resolve_parts(list(holding))
        command = case.command(text_of_parts({part: text}), 4.0)
        (motion,) = directed_motions(Direction(command, still=held), 1, model)
        return {"adherence, %": 100.0 * holds(predicate, motion)}

    return measure


def keys(case: Case, model: Model) -> Figures:
    """The clip's own first and a later pose, met at another rate and between its frames."""
    motion = case.motion
    frame = int(case.random.integers(motion.frames // 2, motion.frames - 5))
    at = round(frame / ENGINE_FPS * WRITTEN_FPS) / WRITTEN_FPS
    first = Key(0.0, motion.cut(0, 2), ALL_JOINTS)
    second = Key(at, motion.cut(frame, frame + 2), ALL_JOINTS)
    command = case.command(seconds=motion.seconds)

    def made(*asked: Key):
        return directed_motions(Direction(command, keys=asked, fps=WRITTEN_FPS), 1, model)[0]

    led, free = made(first, second), made(first)
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
        **slides(led),
    }


def pins(case: Case, model: Model) -> Figures:
    """A hand held in front of the chest for 0.4 s, while the clip goes on."""
    motion, side = case.motion, case.side
    middle, half = motion.frames // 2, 6
    held_span = slice(middle - half, middle + half + 1)
    chest = motion.joint_positions()[held_span, SMPLX.index("spine3")].mean(0)
    forward = motion.world_rotations()[middle, SMPLX.index("spine3")]
    offset = np.array([0.25 if side == "left" else -0.25, 0.1, 0.3])
    place = chest + rotations.rotate(forward, offset + case.random.normal(0.0, 0.05, 3))
    start, stop = (middle - half) / motion.fps, (middle + half) / motion.fps
    held = pinned(motion, [Pin(f"{side}_hand", start, stop, tuple(place))])
    hand = held.joint_positions()[held_span, SMPLX.index(f"{side}_wrist")]
    return {
        "effector error, cm": float(100.0 * np.linalg.norm(hand - place, axis=-1).max()),
        "acceleration before, m/s2": float(accelerations(motion).max()),
        "acceleration after, m/s2": float(accelerations(held).max()),
    }


def path(case: Case, model: Model) -> Figures:
    """A bend of a random radius at a random speed."""
    speed, radius = case.random.uniform(0.7, 1.6), case.random.uniform(1.0, 4.0)
    seconds = 4.0
    angle = np.linspace(0.0, speed * seconds / radius, 17)
    points = np.column_stack(
        [np.linspace(0.0, seconds, 17), radius * np.sin(angle), radius * (np.cos(angle) - 1.0)]
    )
    led_by = RootPath(points)
    command = case.command("a person walks forward")
    (motion,) = directed_motions(Direction(command, path=led_by), 1, model)
    wanted = led_by.at(np.arange(motion.frames) / motion.fps)
    away = np.linalg.norm(motion.root_positions[:, :2] - wanted, axis=-1)
    return {"path error, cm": float(100.0 * away.max()), **slides(motion)}


def plain(case: Case, model: Model) -> Figures:
    """The slide of clips made from text alone, to compare with."""
    motion = motion_engine.generate_motion(case.command("a person walks forward", 4.0), model)
    return slides(motion)


def real(case: Case, model: Model) -> Figures:
    """The slide of the held-out clips themselves, to compare with."""
    return slides(case.motion)


def timeline(seconds: float) -> Callable[[Case, Model], Figures]:
    def measure(case: Case, model: Model) -> Figures:
        """A new sentence every four seconds: how rough the seams are, and what it costs."""
        texts = ("a person walks forward", "a person waves", "a person stands still")
        starts = np.arange(0.0, seconds, 4.0)
        beats = tuple(Beat(float(s), texts[i % len(texts)]) for i, s in enumerate(starts))
        asked = Direction(case.command(texts[0]), beats=beats, length=seconds)
        began = time.perf_counter()
        (motion,) = directed_motions(asked, 1, model)
        took = time.perf_counter() - began
        found = accelerations(motion)
        seams = np.round(starts[1:] * motion.fps).astype(int)
        near = np.concatenate([found[seam - 4 : seam + 3] for seam in seams])
        return {
            "frames too many or few": float(abs(motion.frames - round(seconds * ENGINE_FPS))),
            "acceleration near a new text, times the clip's p95": float(
                near.max() / np.percentile(found, 95)
            ),
            **slides(motion),
            "seconds of motion per second": seconds / took,
            "memory of the process at most, MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            / 1024.0,
        }

    return measure


def prediction(share: float) -> Callable[[Case, Model], Figures]:
    def measure(case: Case, model: Model) -> Figures:
        motion = case.motion
        given = max(round(share * motion.frames), 4)
        before, after = motion.cut(0, given), motion.cut(given, motion.frames)
        (made,) = bridges(before, None, after.frames, [case.command()], model)
        others = {
            "last pose": resting(before, after.frames),
            "last speed": going_on(before, after.frames),
        }
        return displacement_errors({"Limber": made} | others, after)

    return measure


def in_between(case: Case, model: Model) -> Figures:
    motion = case.motion
    given = max(round(0.2 * motion.frames), 4)
    before, after = motion.cut(0, given), motion.cut(motion.frames - given, motion.frames)
    middle = motion.cut(given, motion.frames - given)
    (made,) = bridges(before, after, middle.frames, [case.command()], model)
    others = {
        "linear": straight(before, after, middle.frames),
        "spline": curved(before, after, middle.frames),
    }
    return displacement_errors({"Limber": made} | others, middle)


KINDS: dict[str, Callable[[Case, Model], Figures]] = {
    "limb edit": limb_edit,
    "part command, rest free": part_command(()),
    "part command, legs held": part_command(("legs",)),
    "keys": keys,
    "pins": pins,
    "path": path,
    "text alone": plain,
    "held-out clips": real,
    "timeline of 12 s": timeline(12.0),
    "timeline of 5 minutes": timeline(300.0),
    "prediction, first 20 % given": prediction(0.2),
    "prediction, first 40 % given": prediction(0.4),
    "in-between, first and last 20 % given": in_between,
}
ONCE = ("timeline of 5 minutes",)
BARS = {
    "values changed outside the mask": 0.0,
    "key error, degrees": 1e-3,
    "key error, mm": 1e-3,
    "acceleration near the key, times that without": 2.0,
    "effector error, cm": 1.0,
    "path error, cm": 5.0,
    "frames too many or few": 0.0,
}
"""What the worst case may be."""


def measured(kind: str, found: list[Case], model: Model, store: Path) -> list[Figures]:
    """The figures of all cases; those that stand in the ``store`` (a JSON line each) already, and
    new ones, which are added to it."""
    done = {}
    if store.exists():
        lines = [json.loads(line) for line in store.read_text(encoding="utf-8").splitlines()]
        done = {line["seed"]: line["figures"] for line in lines if line["kind"] == kind}
    for case in found:
        if case.seed not in done:
            done[case.seed] = KINDS[kind](case, model)
            line = {"kind": kind, "seed": case.seed, "figures": done[case.seed]}
            with open(store, "a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
    return [done[case.seed] for case in found]


def table_rows(kind: str, found: list[Figures]) -> list[str]:
    """A line of the table for each figure; displacement errors also as shares of the baselines'."""
    columns = defaultdict(list)
    for figures in found:
        for name, value in figures.items():
            columns[name].append(value)
    rows = []
    for name, values in columns.items():
        bar = BARS.get(name)
        verdict = "" if bar is None else f"{bar:g} {'met' if max(values) <= bar else 'MISSED'}"
        rows.append(f"| {kind} | {name} | {np.mean(values):.3g} | {max(values):.3g} | {verdict} |")
    for name, values in columns.items():
        own = name.partition(" ")[0] + " Limber, m"
        if name.startswith(("ADE", "FDE")) and name.endswith(", m") and name != own:
            share = np.mean(columns[own]) / np.mean(values)
            rows.append(f"| {kind} | {own[:-3]}, share of {name[4:-3]} | {share:.2f} | | |")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_CASES} cases of each kind")
    parser.add_argument("--kind", action="append", choices=tuple(KINDS), help="only these")
    parser.add_argument("--again", action="store_true", help="measure anew what was measured")
    parser.add_argument("--model", default="default")
    options = parser.parse_args()
    count = QUICK_CASES if options.quick else options.cases
    found, model = cases(load_clips(options.data), count), motion_engine.load(options.model)
    options.out.mkdir(parents=True, exist_ok=True)
    weights = load_config(model_folder(options.model))["files"]["token_model.safetensors"]
    store = options.out / f"control-{weights[:12]}.jsonl"
    if options.again:
        store.unlink(missing_ok=True)
    lines = [
        f"{len(found)} cases of each kind, weights {weights[:12]}\n",
        "| kind | figure | mean | worst | bar |",
        "|---|---|---|---|---|",
    ]
    for kind in options.kind or KINDS:
        began = time.perf_counter()
        lines += table_rows(
            kind, measured(kind, found[: 1 if kind in ONCE else None], model, store)
        )
        print(f"{kind}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    (options.out / "control.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

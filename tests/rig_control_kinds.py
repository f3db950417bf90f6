"""Rigs with controls: FK, IK and a switch between them, as their programs generate them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from rig_builder import FINGERS, SIDES, Builder, Solver, by_name, humanoid

from motion_engine import rotations

_JOINTS = ("collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot")
_LIMBS = {"arm": ("shoulder", "elbow", "wrist"), "leg": ("hip", "knee", "ankle")}
_ARP_WHOLE = dict(zip(_JOINTS, (
    *("shoulder.{s}", "arm.{s}", "forearm.{s}", "hand.{s}"),
    *("thigh.{s}", "leg.{s}", "foot.{s}", "toes_01.{s}"),
)))  # fmt: skip
_ARP_HALVES = {
    "shoulder": ("c_arm_twist_offset.{s}", "arm_stretch.{s}"),
    "elbow": ("forearm_stretch.{s}", "forearm_twist.{s}"),
    "hip": ("thigh_twist.{s}", "thigh_stretch.{s}"),
    "knee": ("leg_stretch.{s}", "leg_twist.{s}"),
}
_ARP_SPINE = ["spine_01.x", "spine_02.x", "spine_03.x"]


def _with_bent_limbs(points: dict) -> dict:
    """Elbows moved back and knees ahead where they are straight: solvers need to know the way."""
    found = dict(points)
    for side, _ in SIDES:
        for limb, joints in _LIMBS.items():
            start, middle, end = (points[f"{side}_{joint}"] for joint in joints)
            off = _off_the_line(start, middle, end)
            if np.linalg.norm(off) < 0.05 * np.linalg.norm(end - start):
                aside = 0.015 if limb == "arm" else -0.015
                found[f"{side}_{joints[1]}"] = middle - off + [0.0, aside, 0.0]
    return found


def _off_the_line(start: np.ndarray, middle: np.ndarray, end: np.ndarray) -> np.ndarray:
    line = rotations.normalize(end - start)
    return middle - start - ((middle - start) @ line) * line


def auto_rig_pro(points: dict) -> Builder:
    """The full rig: whole bones (arm, thigh...) follow the controls, halves of them deform."""
    points = _with_bent_limbs(points)
    control = dict(zip(_JOINTS, (
        *("c_shoulder.{s}", "c_arm_fk.{s}", "c_forearm_fk.{s}", "c_hand_fk.{s}"),
        *("c_thigh_fk.{s}", "c_leg_fk.{s}", "c_foot_fk.{s}", "c_toes_fk.{s}"),
    )))  # fmt: skip
    build = _with_controls(
        humanoid(
            points,
            trunk=("root.x", _ARP_SPINE, ["neck.x"], "head.x"),
            limb=by_name("l", "r", _ARP_WHOLE),
        ),
        humanoid(
            points,
            above=("c_traj", "c_root_master.x"),
            trunk=("c_root.x", [f"c_{name}" for name in _ARP_SPINE], ["c_neck.x"], "c_head.x"),
            limb=by_name("l", "r", control),
            finger=lambda s, f, n: f"c_{f}{n}.{s[0]}",
        ),
        above=2,
    )
    _add_halves(build, ("l", "r"), _ARP_WHOLE, _ARP_HALVES)
    for side, _ in SIDES:
        for finger in FINGERS:
            first = f"{side}_{finger}1"
            control, name = f"c_{finger}1.{side[0]}", f"{finger}1.{side[0]}"
            build.add(name, f"hand.{side[0]}", first, f"{side}_{finger}2", first)
            build.copies[name] = control
            for number in (2, 3):  # these controls deform by themselves
                build.roles[f"{side}_{finger}{number}"] = f"c_{finger}{number}.{side[0]}"
    deforming = {f"c_{f}{n}.{s[0]}" for s, _ in SIDES for f in FINGERS for n in (2, 3)}
    build.bones = [
        replace(bone, deforms=bone.deforms or bone.name in deforming) for bone in build.bones
    ]
    goals = {
        "arm": ("c_hand_ik.{s}", "c_arms_pole.{s}"),
        "leg": ("c_foot_ik.{s}", "c_leg_pole.{s}"),
    }
    for side, _ in SIDES:
        for limb, (goal, pole) in goals.items():
            chain = tuple(_ARP_WHOLE[joint].replace(".", "_ik.") for joint in _LIMBS[limb])
            names = [name.format(s=side[0]) for name in (*chain, goal, pole)]
            _add_solver(build, side, limb, "c_traj", names, (names[3], "ik_fk_switch", 1.0, 0.0))
        toes, control = f"toes_01.{side[0]}", f"c_toes_ik.{side[0]}"
        foot = f"{side}_foot"
        build.add(control, names[2], foot, f"{foot}_tip", deforms=False)
        build.solvers[-1].followers[toes] = control
        for joint, (half, _) in _ARP_HALVES.items():
            build.roles[f"{side}_{joint}"] = half.format(s=side[0])
    _hang_fingers(build, "hand.{s}", "c_{f}1.{s}", ("l", "r"), str)
    return build


def _hang_fingers(build: Builder, hand: str, finger: str, marks: tuple, case) -> None:
    """Fingers hang on the hand that deforms, whichever way the arm is solved."""
    parents = {
        finger.format(f=case(name), s=mark): hand.format(s=mark)
        for name in FINGERS
        for mark in marks
    }
    build.bones = [replace(b, parent=parents.get(b.name, b.parent)) for b in build.bones]


def auto_rig_pro_export(points: dict) -> Builder:
    """What is exported for games: halves of limbs in a row, no controls."""
    limb = _ARP_WHOLE | {joint: halves[0] for joint, halves in _ARP_HALVES.items()}
    second = {joint: halves[1] for joint, halves in _ARP_HALVES.items()}
    return humanoid(
        points,
        trunk=("root.x", _ARP_SPINE, ["neck.x"], "head.x"),
        limb=by_name("l", "r", limb),
        halves=lambda side, joint: second[joint].format(s=side[0]) if joint in second else "",
        finger=lambda s, f, n: f"{'c_' if n > 1 else ''}{f}{n}.{s[0]}",
    )


def cloudrig(points: dict) -> Builder:
    """The names of CloudRig 2; its toes hang on whichever foot the switch chooses."""
    points = _with_bent_limbs(points)
    names = dict(zip(
        _JOINTS, ("Shoulder", "UpperArm", "Forearm", "Wrist", "Thigh", "Knee", "Foot", "Toes")
    ))  # fmt: skip
    split = ("shoulder", "elbow", "hip", "knee")
    deform = {j: f"DEF-{n}{'_1' if j in split else ''}.{{s}}" for j, n in names.items()}
    control = {j: f"FK-{n}.{{s}}" for j, n in names.items()}
    spine = ["Spine", "RibCage", "Chest"]
    build = _with_controls(
        humanoid(
            points,
            trunk=("DEF-Hips", [f"DEF-{name}" for name in spine], ["DEF-Neck"], "DEF-Head"),
            limb=by_name("L", "R", deform),
            finger=lambda s, f, n: f"DEF-Finger_{f.title()}{n}.{s[0].upper()}",
        ),
        humanoid(
            points,
            above=("root", "TORSO-Spine"),
            trunk=("HIP-Spine", [f"FK-{name}" for name in spine], ["FK-Neck"], "FK-Head"),
            limb=by_name("L", "R", control),
            finger=lambda s, f, n: f"FK-Finger_{f.title()}{n}.{s[0].upper()}",
        ),
        above=2,
    )
    build.add("Properties", "", "floor", (0.0, 0.1, 0.0), deforms=False)
    for side, _ in SIDES:
        mark = side[0].upper()
        for limb, joints in _LIMBS.items():
            upper, _, end = (names[joint] for joint in joints)
            chain = [f"IK-M-{names[joint]}.{mark}" for joint in joints]
            controls = [f"IK-{end}.{mark}", f"POLE-{upper}.{mark}"]
            switch = ("Properties", f"ik_{side}_{upper.lower()}", 0.0, 1.0)
            _add_solver(build, side, limb, "root", [*chain, *controls], switch)
        build.carriers[f"FK-Toes.{mark}"] = (f"FK-Foot.{mark}", f"IK-M-Foot.{mark}")
    _hang_fingers(build, "DEF-Wrist.{s}", "FK-Finger_{f}1.{s}", ("L", "R"), str.title)
    return build


def _with_controls(deform: Builder, controls: Builder, above: int) -> Builder:
    """Bones that follow controls of their own; ``above`` of the controls stand over the body."""
    by_place = {(tuple(bone.head), tuple(bone.tail)): bone.name for bone in controls.bones[above:]}
    controls.copies = {b.name: by_place[tuple(b.head), tuple(b.tail)] for b in deform.bones}
    controls.bones = deform.bones + [replace(bone, deforms=False) for bone in controls.bones]
    controls.roles = deform.roles
    return controls


def _add_halves(build: Builder, marks: tuple[str, str], whole: dict, halves: dict) -> None:
    """Two deforming bones along each long bone, which itself deforms no more."""
    ends = dict(zip(("shoulder", "elbow", "hip", "knee"), ("elbow", "wrist", "knee", "ankle")))
    added = set()
    for (side, _), mark in zip(SIDES, marks):
        for joint, names in halves.items():
            start, stop = f"{side}_{joint}", f"{side}_{ends[joint]}"
            parent = whole[joint].format(s=mark)
            added.add(parent)
            for name, a in zip(names, (0.0, 0.5)):
                build.add(name.format(s=mark), parent, (start, stop, a), (start, stop, a + 0.5))
    build.bones = [replace(b, deforms=b.deforms and b.name not in added) for b in build.bones]


def _add_solver(
    build: Builder, side: str, limb: str, root: str, names: list[str], switch: tuple
) -> None:
    """A chain of two bones that bends until it reaches a goal; ``names`` are those of upper,
    lower, end, goal and pole, ``switch`` holds bone, property, and its values for FK and IK."""
    upper, lower, tip, goal, pole = names
    points, roles = build.points, [f"{side}_{joint}" for joint in _LIMBS[limb]]
    followers = [build.roles[role] for role in roles]
    body = {bone.name: bone for bone in build.bones}
    above, last = body[build.copies[followers[0]]].parent, body[followers[2]]
    off = _off_the_line(*(points[role] for role in roles))
    aside = points[roles[1]] + 0.5 * rotations.normalize(off)
    for name, parent, head, tail in (
        (goal, root, roles[2], points[roles[2]] + [0.0, -0.1, 0.0]),
        (pole, root, aside, aside + [0.0, 0.0, 0.1]),
        (upper, above, roles[0], roles[1]),
        (lower, upper, roles[1], roles[2]),
        (tip, goal, last.head, last.tail),
    ):
        build.add(name, parent, head, tail, deforms=False)
    copied = dict(zip(followers, (upper, lower, tip)))
    build.solvers.append(Solver((upper, lower), goal, pole, copied, *switch))

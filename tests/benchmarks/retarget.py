"""Retargeting on a bench of rigs, measured in Blender: ``make bench-retarget``.

Builds or opens every rig, puts five held-out clips on it and compares what Blender evaluates with
the clip. Writes a table (Markdown) and a picture grid into the output folder.
"""

from __future__ import annotations

import argparse
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import util
from pathlib import Path

import bpy
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from retarget_pictures import of_motion, of_rig, paint, write_grid
from scripted_rigs import RESTS, build, scripted_rig

from blender_addon.armature import read_mapping, read_rig
from blender_addon.rig_action import write_rig_action
from blender_addon.rig_reading import evaluated_poses
from motion_engine import rotations
from motion_engine.features import heading_angles
from motion_engine.foot_lock import lock_feet
from motion_engine.formats.importer import import_motion
from motion_engine.motion import Motion
from motion_engine.retarget.alignment import align
from motion_engine.retarget.measure import limb_errors_deg, slide_cm_s, sole_places
from motion_engine.retarget.transplant import RetargetOptions, retarget

CLIPS = {
    "walk": ("cmu_motionbuilder", "motionbuilder/08_01.bvh"),
    "dance": ("cmu_motionbuilder", "motionbuilder/05_05.bvh"),
    "jab": ("mesh2motion_bvh", "bvh/fighting-right-jab.bvh"),
    "bow": ("mesh2motion_bvh", "bvh/bow.bvh"),
    "victory": ("mesh2motion_bvh", "bvh/victory.bvh"),
}
LONGEST_CLIP = 150
EVERY = 2


@dataclass
class Row:
    """One line of the table."""

    rig: str
    family: str = ""
    wrong_bones: int = 0
    bones: int = 0
    errors: list[np.ndarray] = field(default_factory=list)
    slides: list[float] = field(default_factory=list)
    depths: list[float] = field(default_factory=list)
    seconds: tuple[float, float] = (0.0, 0.0)

    def text(self) -> str:
        errors = np.concatenate([e.ravel() for e in self.errors])
        right = f"{self.bones - self.wrong_bones}/{self.bones}" if self.bones else "-"
        return (
            f"| {self.rig} | {self.family} | {right} | {np.median(errors):.2f} | "
            f"{np.percentile(errors, 95):.2f} | {np.mean(self.slides):.2f} | "
            f"{np.max(self.depths):.1f} | {self.seconds[0]:.2f} | {self.seconds[1]:.2f} |"
        )


HEADER = (
    "| rig | read as | required bones | limb error, median ° | p95 ° | slide cm/s | below floor cm "
    "| s for 300 frames | for 3,000 |\n|---|---|---|---|---|---|---|---|---|"
)


def load_clips(data: Path) -> dict[str, Motion]:
    """The five clips, feet locked, turned to start facing -Y."""
    clips = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (archive, member) in CLIPS.items():
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


def measured(armature, clips: dict[str, Motion], row: Row, options: RetargetOptions) -> Row:
    """Puts every clip on the armature and adds up what Blender shows."""
    bpy.context.scene.render.fps = 30
    rig = read_rig(armature)
    mapping = read_mapping(armature, rig)
    row.family = mapping.family
    alignment = align(rig, mapping)
    turn = rotations.multiply(rig.world_rotation, alignment.facing)
    for motion in clips.values():
        write_rig_action(armature, retarget(motion, rig, mapping, options), "bench")
        frames = np.arange(motion.frames)
        poses = evaluated_poses(armature, mapping, frames + 1)
        row.errors.append(limb_errors_deg(motion, mapping, poses, frames, turn))
        soles = sole_places(rig, mapping, alignment, poses)
        scale = alignment.units_per_metre * rig.world_scale
        floor = (rig.world_position + alignment.floor * rig.world_scale * rig.up)[2]
        row.slides.append(slide_cm_s(soles, motion.contacts, motion.fps, scale))
        row.depths.append(float(max(0.0, (floor - soles[..., 2]).max()) * 100.0 / scale))
    row.seconds = tuple(timed(armature, clips["dance"], options, n) for n in (300, 3000))
    return row


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


def scripted(kind: str, rest: str, **changes) -> Callable:
    def make():
        bpy.ops.wm.read_factory_settings(use_empty=True)
        rig = scripted_rig(kind, rest, **changes)
        return build(rig), rig.roles

    return make


def placed(kind: str, rest: str) -> Callable:
    """A rig whose object is scaled to centimetres, turned and moved."""

    def make():
        armature, roles = scripted(kind, rest)()
        armature.scale = (0.01, 0.01, 0.01)
        armature.rotation_euler = (0.0, 0.0, 2.1)
        armature.location = (3.0, -1.0, 0.5)
        bpy.context.view_layer.update()
        return armature, roles

    return make


def vrm() -> tuple:
    """The basic humanoid that the VRM add-on (PyPI: bpy-vrm-format) builds."""
    import io_scene_vrm

    bpy.ops.wm.read_factory_settings(use_empty=True)
    io_scene_vrm.register()
    bpy.ops.icyp.make_basic_armature()
    left = "shoulder upper_arm lower_arm hand upper_leg lower_leg foot toes"
    left = " ".join(f"{name}.L" for name in left.split())
    return bpy.context.object, truth("hips", "spine", "head", left, lambda name: name[:-1] + "R")


JOINTS = ("collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot")


def truth(pelvis: str, spine: str, head: str, left: str, mirror: Callable[[str], str]) -> dict:
    """Role to bone, the left limbs' names in the order of JOINTS."""
    names = dict(zip(JOINTS, left.split()))
    return (
        {"pelvis": pelvis, "spine": spine, "head": head}
        | {f"left_{joint}": name for joint, name in names.items()}
        | {f"right_{joint}": mirror(name) for joint, name in names.items()}
    )


def rigify_truth(prefix: str) -> dict:
    limbs = "shoulder upper_arm forearm hand thigh shin foot toe"
    left = " ".join(f"{prefix}{name}.L" for name in limbs.split())
    column = (f"{prefix}{name}" for name in ("spine", "spine.001", "spine.006"))
    return truth(*column, left, lambda name: name[:-1] + "R")


MANNEQUIN = truth(
    "pelvis", "spine_01", "head",
    "clavicle_l upperarm_l lowerarm_l hand_l thigh_l calf_l foot_l ball_l",
    lambda name: name[:-1] + "r",
)  # fmt: skip
KENNEY = truth(
    "Hips", "Spine", "Head",
    "LeftShoulder LeftArm LeftForeArm LeftHand LeftUpLeg LeftLeg LeftFoot LeftToes",
    lambda name: name.replace("Left", "Right"),
)  # fmt: skip


def own_character() -> tuple:
    """The project's own character: the same skeleton in and out."""
    from blender_addon.character import build_armature
    from motion_engine.skeleton import SMPLX

    bpy.ops.wm.read_factory_settings(use_empty=True)
    return build_armature(SMPLX, "Limber"), {}


def opened(path: Path, name: str, roles: dict) -> Callable:
    def make():
        bpy.ops.wm.open_mainfile(filepath=str(path))
        return bpy.data.objects[name], roles

    return make


def rigify(operator: str, generated: bool) -> Callable:
    def make():
        bpy.ops.wm.read_factory_settings(use_empty=True)
        bpy.ops.preferences.addon_enable(module="rigify")
        getattr(bpy.ops.object, operator)()
        if generated:
            bpy.ops.pose.rigify_generate()
        return bpy.context.object, rigify_truth("DEF-" if generated else "")

    return make


def linked(kind: str, rest: str) -> Callable:
    """A library override of a rig in another file."""

    def make():
        armature, roles = scripted(kind, rest)()
        collection = bpy.data.collections.new("Character")
        bpy.context.scene.collection.children.link(collection)
        bpy.context.collection.objects.unlink(armature)
        collection.objects.link(armature)
        path = Path(tempfile.mkdtemp()) / "character.blend"
        bpy.ops.wm.save_as_mainfile(filepath=str(path))
        name = armature.name
        bpy.ops.wm.read_factory_settings(use_empty=True)
        with bpy.data.libraries.load(str(path), link=True) as (_, target):
            target.collections = ["Character"]
        bpy.context.scene.collection.children.link(target.collections[0])
        target.collections[0].override_hierarchy_create(
            bpy.context.scene, bpy.context.view_layer, do_fully_editable=True
        )
        own = [o for o in bpy.data.objects if o.name == name and o.override_library is not None]
        return own[0], roles

    return make


def bench(data: Path) -> dict[str, tuple[Callable, RetargetOptions]]:
    """Name of a row to how its rig is made and what is asked for."""
    forward, inverse = RetargetOptions(), RetargetOptions(limbs="ik")
    unplanted = RetargetOptions(contacts="never")
    mannequin = data / "rigs" / "unreal_named_mannequin.blend"
    rows: dict[str, tuple[Callable, RetargetOptions]] = {
        "Limber's own, as it is": (own_character, unplanted),
        "Rigify human, FK": (rigify("armature_human_metarig_add", True), forward),
        "Rigify human, IK": (rigify("armature_human_metarig_add", True), inverse),
        "Rigify basic, FK": (rigify("armature_basic_human_metarig_add", True), forward),
        "Rigify basic, IK": (rigify("armature_basic_human_metarig_add", True), inverse),
        "Rigify metarig": (rigify("armature_human_metarig_add", False), forward),
        "Unreal-named mannequin, FK": (opened(mannequin, "Armature", MANNEQUIN), forward),
        "Unreal-named mannequin, IK": (opened(mannequin, "Armature", MANNEQUIN), inverse),
        "Kenney": (opened(data / "rigs" / "kenney_human.blend", "Root", KENNEY), forward),
    }
    for kind in (
        *("mixamo", "unreal_5", "metahuman", "vroid", "character_creator", "daz"),
        *("auto_rig_pro", "cloudrig", "biped", "shuffled", "smplx"),
    ):
        for rest in RESTS:
            rows[f"{kind} {rest}"] = (scripted(kind, rest), forward)
    for kind in ("auto_rig_pro", "cloudrig"):
        for rest in ("A", "odd"):
            rows[f"{kind} {rest}, IK"] = (scripted(kind, rest), inverse)
    rows["auto_rig_pro_export A"] = (scripted("auto_rig_pro_export", "A"), forward)
    if util.find_spec("io_scene_vrm"):
        rows["VRM add-on's humanoid"] = vrm, forward
    rows["mixamo A, object turned, cm"] = (placed("mixamo", "A"), forward)
    rows["blender_names A, Euler"] = (
        scripted("blender_names", "A", rotation_mode="XYZ"),
        forward,
    )
    rows["unreal_5 A, axis-angle"] = (
        scripted("unreal_5", "A", rotation_mode="AXIS_ANGLE"),
        forward,
    )
    rows["mixamo A, library override"] = (linked("mixamo", "A"), forward)
    return rows


SHOWN = {"walk": (10, 26), "dance": (84,), "victory": (22,), "jab": (14,), "bow": (60,)}
PICTURED = (
    *("Rigify human, FK", "Rigify human, IK", "Unreal-named mannequin, FK", "Kenney"),
    *("mixamo A", "unreal_5 odd", "daz A", "vroid T", "shuffled odd"),
)


def pictures(make: Callable | None, clips: dict[str, Motion], asked: RetargetOptions) -> list:
    """The rest pose and the chosen frames: of a rig, or, without one, of the clips themselves."""
    if make is None:
        found = [paint(of_motion(Motion.standing(1), 0))]
        armature = None
    else:
        armature = make()[0]
        found = [paint(of_rig(armature, read_mapping(armature)))]
    for clip, frames in SHOWN.items():
        motion = clips[clip]
        frames = [min(frame, motion.frames - 1) for frame in frames]
        if armature is None:
            found += [paint(of_motion(motion, frame)) for frame in frames]
            continue
        rig = read_rig(armature)
        mapping = read_mapping(armature, rig)
        write_rig_action(armature, retarget(motion, rig, mapping, asked), "shown")
        for frame in frames:
            bpy.context.scene.frame_set(frame + 1)
            found.append(paint(of_rig(armature, mapping)))
    return found


def draw(clips: dict[str, Motion], data: Path, path: Path) -> None:
    rows = [("the clip", pictures(None, clips, RetargetOptions()))]
    for name, (make, asked) in bench(data).items():
        if name in PICTURED:
            rows.append((name, pictures(make, clips, asked)))
    columns = ["at rest"] + [
        f"{clip}, frame {frame}" for clip, frames in SHOWN.items() for frame in frames
    ]
    write_grid(path, rows, columns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--only", default="", help="rows whose name holds this")
    parser.add_argument("--pictures-only", action="store_true")
    parser.add_argument("--clips", default="", help="names of clips, with commas")
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True)
    clips = load_clips(options.data)
    if options.clips:
        clips = {name: clips[name] for name in dict.fromkeys((*options.clips.split(","), "dance"))}
    if options.pictures_only or not options.only:
        draw(clips, options.data, options.out / "retarget.png")
    if options.pictures_only:
        return
    lines = [HEADER]
    print(HEADER)
    for name, (make, asked) in bench(options.data).items():
        if options.only not in name:
            continue
        armature, roles = make()
        row = Row(name)
        if roles:
            mapping = read_mapping(armature)
            row.bones = len(roles)
            row.wrong_bones = sum(
                role not in mapping or mapping.bone(role) != bone for role, bone in roles.items()
            )
        lines.append(measured(armature, clips, row, asked).text())
        print(lines[-1], flush=True)
    (options.out / "retarget.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

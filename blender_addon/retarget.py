"""Retargeting in Blender: one call for operators and scripts, files and audits for the command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.motion import Motion, resample
from motion_engine.retarget.alignment import align
from motion_engine.retarget.key_reduction import Tolerance, frames_needed
from motion_engine.retarget.mapping import Mapping, from_profile, with_chosen
from motion_engine.retarget.measure import limb_errors_deg
from motion_engine.retarget.placement import place
from motion_engine.retarget.rig_motion import RigMotion
from motion_engine.retarget.transplant import RetargetOptions, retarget

from .action import scene_fps
from .armature import read_mapping, read_rig, save_mapping
from .export import quiet, save_scene
from .keys import read_keys, without, write_keys
from .rig_action import channels, curves_of, replace_range, write_rig_action
from .rig_reading import evaluated_poses

_CHECKED_FRAMES = 12
_SAME_RATE = 1e-3


@dataclass(frozen=True)
class Report:
    """What was done: the mapping used, the Action, the frames written, the roles that the rig
    lacks, and the angles between limbs and clip as Blender evaluates them."""

    mapping: Mapping
    action: str
    first_frame: int
    last_frame: int
    unmapped: tuple[str, ...]
    median_deg: float
    p95_deg: float


def retarget_onto(
    armature: bpy.types.Object,
    motion: Motion,
    name: str,
    options: RetargetOptions | None = None,
    *,
    first_frame: int | None = None,
    mapping: Mapping | None = None,
    keep: bool = False,
    feather_frames: int = 0,
    tolerance: Tolerance | None = None,
) -> Report:
    """Put a motion on a rig as an Action, at the scene's rate, from ``first_frame`` (default: the
    scene's start).

    ``keep`` writes into a copy of the Action that plays: only the chains and frames of the motion
    change. Within a ``tolerance``, keys are left out. The mapping is saved on the armature. Raises
    LimberError before anything is changed.
    """
    options = options or RetargetOptions()
    rig = read_rig(armature)
    if armature.library is not None:
        raise LimberError(f"{armature.name} is linked; make a library override of it first.")
    mapping = mapping or read_mapping(armature, rig)
    motion = resample(motion, scene_fps()) if _other_rate(motion) else motion
    rig_motion = retarget(motion, rig, mapping, options)
    start = bpy.context.scene.frame_start if first_frame is None else first_frame
    if keep:
        action = replace_range(armature, rig_motion, name, start, feather_frames)
        if tolerance is not None:
            _thin_out(armature, rig_motion, start, tolerance)
    else:
        action = write_rig_action(armature, rig_motion, name, start, tolerance)
    save_mapping(armature, mapping)
    errors = _checked(armature, rig, motion, mapping, options, start)
    return Report(
        mapping,
        action.name,
        start,
        start + motion.frames - 1,
        rig_motion.unmapped,
        float(np.median(errors)),
        float(np.percentile(errors, 95)),
    )


def _thin_out(
    armature: bpy.types.Object, motion: RigMotion, first_frame: int, tolerance: Tolerance
) -> None:
    """Take away keys that were just written and that lines between the others can spare."""
    curves = {(curve.data_path, curve.array_index): curve for curve in curves_of(armature)}
    frames = first_frame + np.arange(motion.frames)
    for channel in channels(armature, motion):
        found = [curves[channel.path, index] for index in range(channel.values.shape[1])]
        values = np.array([[curve.evaluate(frame) for curve in found] for frame in frames])
        units_per_cm = motion.units_per_metre / 100.0
        kept = frames_needed(values, channel.rotation_mode, units_per_cm, tolerance)
        for curve in found:
            write_keys(curve, without(read_keys(curve), np.delete(frames, kept)))


def _other_rate(motion: Motion) -> bool:
    return abs(motion.fps - scene_fps()) > _SAME_RATE


def _checked(armature, rig, motion, mapping, options, start) -> np.ndarray:
    """Angles in degrees between limbs and clip on a few frames, as Blender evaluates them."""
    alignment, root = align(rig, mapping), mapping.controls.root
    outward = place(motion, rig, alignment, options.start, root).outward
    frames = np.unique(np.linspace(0, motion.frames - 1, _CHECKED_FRAMES).round().astype(int))
    poses = evaluated_poses(armature, mapping, (int(start + frame) for frame in frames))
    turn = rotations.multiply(rig.world_rotation, outward)
    return limb_errors_deg(motion, mapping, poses, frames, turn)


def retarget_file(
    motion: Motion,
    blend: Path,
    rig_name: str,
    out: Path,
    title: str,
    options: RetargetOptions,
    *,
    profile: str | None = None,
    roles: dict[str, str] | None = None,
    first_frame: int | None = None,
    keep: bool = False,
    feather_frames: int = 0,
    tolerance: Tolerance | None = None,
) -> Report:
    """Open ``blend``, put the motion on its rig and save the result as ``out``: the whole file as
    .blend, the character alone as .fbx, .glb or .usd."""
    if not bpy.app.background:
        raise LimberError("This would replace the open file; use the panel, or the command line.")
    open_blend(blend)
    armature = find_armature(rig_name, blend)
    rig = read_rig(armature)
    if profile is not None:
        mapping = with_chosen(rig, from_profile(rig, profile), roles or {})
    else:
        mapping = read_mapping(armature, rig, roles)
    report = retarget_onto(
        armature,
        motion,
        title,
        options,
        first_frame=first_frame,
        mapping=mapping,
        keep=keep,
        feather_frames=feather_frames,
        tolerance=tolerance,
    )
    scene = bpy.context.scene
    if out.suffix.lower() == ".blend":
        scene.frame_end = max(scene.frame_end, report.last_frame)
        save_scene(out)
    else:
        first, last = bpy.data.actions[report.action].frame_range
        scene.frame_start, scene.frame_end = int(first), int(last)
        _select_character(armature)
        save_scene(out, selected_only=True)
    return report


def _select_character(armature: bpy.types.Object) -> None:
    """Select the armature and the meshes that it deforms or carries, and nothing else."""
    for item in bpy.context.view_layer.objects:
        deforming = [m.object for m in item.modifiers if m.type == "ARMATURE"]
        carried = armature in (item.parent, *deforming)
        item.select_set(item == armature or (item.type == "MESH" and carried))
    bpy.context.view_layer.objects.active = armature


def open_blend(path: Path) -> None:
    """Open a file without running its scripts."""
    if not path.is_file():
        raise LimberError(f"{path}: no such file.")
    try:
        with quiet():
            bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)
    except RuntimeError as error:
        raise LimberError(f"{path}: Blender cannot open it ({error}).") from error


def find_armature(name: str, blend: Path) -> bpy.types.Object:
    """The armature of that name, or, without a name, the only one of the scene."""
    found = [item for item in bpy.context.scene.objects if item.type == "ARMATURE"]
    names = ", ".join(item.name for item in found)
    if not found:
        raise LimberError(f"{blend}: there is no armature in the scene.")
    if not name and len(found) > 1:
        raise LimberError(f"{blend} holds several armatures ({names}); choose one with --rig.")
    chosen = [item for item in found if item.name == name] if name else found
    if not chosen:
        raise LimberError(f"{blend} has no armature {name}; it holds {names}.")
    return chosen[0]


@dataclass(frozen=True)
class AuditLine:
    """One armature of one file: how it is read, and how well it follows a test clip; ``problem``
    says why it cannot be used."""

    file: str
    armature: str
    family: str = ""
    confidence: float = 0.0
    median_deg: float = 0.0
    p95_deg: float = 0.0
    problem: str = ""


def audit_folder(folder: Path, motion: Motion) -> Iterator[AuditLine]:
    """Every armature of every .blend below a folder, mapped and measured; nothing is saved."""
    files = sorted(folder.rglob("*.blend"))
    if not files:
        raise LimberError(f"{folder}: there are no .blend files; name a folder of rigs.")
    for path in files:
        try:
            open_blend(path)
        except LimberError as error:
            yield AuditLine(path.name, "-", problem=str(error))
            continue
        found = [item.name for item in bpy.context.scene.objects if item.type == "ARMATURE"]
        for name in found:
            yield _audited(path, bpy.data.objects[name], motion)


def _audited(path: Path, armature: bpy.types.Object, motion: Motion) -> AuditLine:
    try:
        report = retarget_onto(armature, motion, "Audit")
    except LimberError as error:
        return AuditLine(path.name, armature.name, problem=str(error))
    mapping = report.mapping
    return AuditLine(
        path.name,
        armature.name,
        mapping.family,
        mapping.confidence,
        report.median_deg,
        report.p95_deg,
    )

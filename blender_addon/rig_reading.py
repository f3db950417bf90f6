"""Evaluated poses of a rig, frame by frame, and its animation as a Motion."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import bpy
import numpy as np

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.reading_back import RigPoses, motion_from_poses

from .action import scene_fps
from .armature import read_mapping, read_rig
from .steps import Work, finished

Seen = TypeVar("Seen")

STEP_SECONDS = 0.02
"""What a step of reading takes: a tenth of a second would be felt."""


def read_animation(
    armature: bpy.types.Object, first_frame: int, last_frame: int, mapping: Mapping | None = None
) -> Motion:
    """What the armature does from ``first_frame`` to ``last_frame`` (included), at the scene's
    rate: read from the deforming bones as Blender evaluates them. The scene stays at its frame."""
    return finished(reading_animation(armature, first_frame, last_frame, mapping, np.inf))


def reading_animation(
    armature: bpy.types.Object,
    first_frame: int,
    last_frame: int,
    mapping: Mapping | None = None,
    step_seconds: float = STEP_SECONDS,
) -> Work[Motion]:
    """As :func:`read_animation`, in steps."""
    if last_frame < first_frame:
        raise LimberError(f"The range {first_frame} to {last_frame} is empty; swap its ends.")
    rig = read_rig(armature)
    mapping = mapping or read_mapping(armature, rig)
    frames = range(first_frame, last_frame + 1)
    poses = yield from reading_poses(armature, mapping, frames, step_seconds)
    return motion_from_poses(rig, mapping, poses, scene_fps())


def evaluated_poses(
    armature: bpy.types.Object, mapping: Mapping, frames: Iterable[int]
) -> RigPoses:
    """World rotations and places of all mapped bones, as Blender evaluates them."""
    return finished(reading_poses(armature, mapping, frames, np.inf))


def reading_poses(
    armature: bpy.types.Object,
    mapping: Mapping,
    frames: Iterable[int],
    step_seconds: float = STEP_SECONDS,
) -> Work[RigPoses]:
    """As :func:`evaluated_poses`, in steps between which the scene is at its own frame."""
    names = {bone for match in mapping.matches.values() for bone in match.bones}
    names = sorted(names | set(mapping.controls.whole.values()))

    def matrices() -> list[np.ndarray]:
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        world, bones = np.array(posed.matrix_world), posed.pose.bones
        return [world @ np.array(bones[name].matrix) for name in names]

    worlds = np.array((yield from reading_frames(frames, matrices, step_seconds)))
    axes = rotations.normalize(np.swapaxes(worlds[..., :3, :3], -1, -2))
    turns = rotations.from_matrix(np.swapaxes(axes, -1, -2))
    return RigPoses(
        {name: turns[:, i] for i, name in enumerate(names)},
        {name: worlds[:, i, :3, 3] for i, name in enumerate(names)},
    )


def reading_frames(
    frames: Iterable[int], look: Callable[[], Seen], step_seconds: float = STEP_SECONDS
) -> Work[list[Seen]]:
    """What there is to see at some frames of the scene, in steps between which it is at its own."""
    todo, seen = list(frames), []
    while todo:
        before = len(seen)
        seen += _look_at(todo, look, step_seconds)
        del todo[: len(seen) - before]
        if todo:
            yield
    return seen


def _look_at(frames: list[int], look: Callable[[], Seen], seconds: float) -> list[Seen]:
    """What there is to see at the first of some frames, as many as the time allows."""
    scene, seen = bpy.context.scene, []
    current, subframe = scene.frame_current, scene.frame_subframe
    end = time.perf_counter() + seconds
    try:
        for frame in frames:
            scene.frame_set(frame)
            seen.append(look())
            if time.perf_counter() > end:
                break
    finally:
        scene.frame_set(current, subframe=subframe)
    return seen

"""What bones do while a rig tries an Action: read frame by frame, in small steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import bpy
import numpy as np

from .action import curves_in, play, played_slot
from .rig_reading import reading_frames
from .steps import Work, inside
from .takes import restore_channel

Places = Callable[[], Sequence[np.ndarray]]
"""Some places ``[3]`` in the world, as they are at the frame that the scene stands at."""


@dataclass(frozen=True, eq=False)
class PosedBones:
    """In the armature's space, for every frame: ``matrices`` of bones and their own channels'
    ``basis``, ``[F, 4, 4]`` each, and ``places [n, F, 3]`` that were asked for besides."""

    matrices: dict[str, np.ndarray]
    basis: dict[str, np.ndarray]
    places: np.ndarray

    def head(self, bone: str) -> np.ndarray:
        """Place ``[F, 3]`` of a bone's head."""
        return self.matrices[bone][:, :3, 3]


def posed_bones(
    rig: bpy.types.Object,
    action: bpy.types.Action,
    slot: str,
    frames: np.ndarray,
    bones: Sequence[str],
    places: Places,
) -> Work[PosedBones]:
    """Bones and places at some frames of an Action, as Blender evaluates them."""
    reading = reading_frames(frames.tolist(), partial(_posed_now, rig, bones, places))
    found = yield from inside(partial(trying, rig, action, slot), reading)
    matrices, basis, around = (np.stack(part, axis=1) for part in zip(*found))
    return PosedBones(dict(zip(bones, matrices)), dict(zip(bones, basis)), around)


def _posed_now(rig: bpy.types.Object, bones: Sequence[str], places: Places) -> tuple:
    posed = rig.evaluated_get(bpy.context.evaluated_depsgraph_get())
    into_armature = np.array(posed.matrix_world.inverted())
    around = [into_armature[:3, :3] @ place + into_armature[:3, 3] for place in places()]
    return (
        np.array([posed.pose.bones[name].matrix for name in bones]).reshape(-1, 4, 4),
        np.array([posed.pose.bones[name].matrix_basis for name in bones]).reshape(-1, 4, 4),
        np.array(around).reshape(-1, 3),
    )


@contextmanager
def trying(rig: bpy.types.Object, action: bpy.types.Action, slot: str = "") -> Iterator[None]:
    """The rig plays an Action; afterwards rig and scene are as they were, its pose included."""
    scene, animation = bpy.context.scene, rig.animation_data
    current, subframe = scene.frame_current, scene.frame_subframe
    before, slot_before = (animation.action, played_slot(rig)) if animation else (None, "")
    pose = _present_values(rig, action, slot)
    play(rig, action, slot)
    try:
        yield
    finally:
        play(rig, before, slot_before)
        if before is not None and hasattr(before, "slots") and not slot_before:
            rig.animation_data.action_slot = None
        if animation is None:
            rig.animation_data_clear()
        scene.frame_set(current, subframe=subframe)
        for path, value in pose.items():
            restore_channel(rig, path, value)


def _present_values(rig: bpy.types.Object, action: bpy.types.Action, slot: str) -> dict:
    """The present values of all channels that an Action holds, by data path."""
    found = {}
    for path in {curve.data_path for curve in curves_in(action, slot)}:
        try:
            value = rig.path_resolve(path)
        except ValueError:  # a channel of a bone that the rig lacks
            continue
        found[path] = list(value) if hasattr(value, "__len__") else value
    return found

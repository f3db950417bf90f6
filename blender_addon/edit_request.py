"""What is to be edited, read from the scene as plain values: parts, frames, and what the rig plays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from math import ceil, floor

import bpy
import numpy as np

from motion_engine import rotations
from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.finish.region import edited_region
from motion_engine.generation.part_edit import AFTERMATH_SECONDS, CONTEXT_SECONDS
from motion_engine.motion import Motion
from motion_engine.parts import resolve_parts
from motion_engine.retarget.alignment import align, floor_in_world
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.reading_back import RigPoses, motion_from_poses
from motion_engine.retarget.rig import Rig
from motion_engine.retarget.transplant import RetargetOptions

from .action import play, played_slot, scene_fps
from .armature import read_mapping, read_rig
from .clips import Target
from .editing import Carrier, EditOrder, spoken
from .limb_modes import check_animated, limb_mode
from .request import MOST_VARIED, Request, check_drivable, chosen_armature, identity
from .rig_action import Passage, curves_of
from .rig_reading import reading_frames, reading_poses
from .steps import Work, finished, inside
from .takes import further_commands

_WALKING = ("root", "left_leg", "right_leg")


@dataclass(frozen=True, eq=False, kw_only=True)
class EditRequest(Request):
    """``passage``: the frames that change. ``source``: the Action that is edited, by session_uid
    (name before Blender 4.2), and ``slot``, its slot that the rig plays."""

    passage: Passage
    source: int | str
    source_name: str
    slot: str

    @staticmethod
    def read(context) -> EditRequest:
        """As :meth:`reading`, at once."""
        return finished(EditRequest.reading(context))

    @staticmethod
    def reading(context) -> Work[EditRequest]:
        """The panel's settings; LimberError if they, or what the rig plays, cannot be used."""
        asked = context.scene.limber_edit
        parts = resolve_parts(sorted(asked.parts))
        if not parts:
            raise LimberError(
                "No part of the body is chosen; click one in the picture of the body."
            )
        commands = edit_commands(context, asked.prompt, parts)
        armature = edited_armature(context)
        first, last = asked.frames_in(playing_range(armature))
        return (yield from reading_edit(context, armature, parts, commands, first, last))

    @staticmethod
    def reading_again(context) -> Work[EditRequest]:
        """As the played take, with the next seed that no open take has."""
        return _repeated(context, "seed", context.scene.limber.variations)

    @staticmethod
    def reading_vary(context) -> Work[EditRequest]:
        """The played take's outline with other details: further variations of its seed."""
        return _repeated(context, "variation", MOST_VARIED)

    def find_source(self) -> bpy.types.Action:
        """The Action that is edited; LimberError if it has gone."""
        return find_action(self.source, self.source_name)


def find_action(wanted: int | str, name: str) -> bpy.types.Action:
    """The Action of that :func:`request.identity`; LimberError if it has gone."""
    for action in bpy.data.actions:
        if identity(action) == wanted:
            return action
    raise LimberError(f"The Action {name} is no longer in this file.")


def is_edit(action: bpy.types.Action) -> bool:
    """Whether an Action was made by an edit of another one."""
    return isinstance(action.get("edited_from"), bpy.types.Action)


def edited_armature(context) -> bpy.types.Object:
    """The chosen armature; LimberError where it plays nothing that could be edited."""
    armature = chosen_armature(context)
    if armature is None:
        raise LimberError("Select the character whose motion is to be edited first.")
    check_drivable(armature)
    if not len(curves_of(armature)):
        raise LimberError(
            f"{armature.name} plays no Action of its own; choose one, or bake its NLA strips."
        )
    animation = armature.animation_data
    is_pure = animation.action_blend_type == "REPLACE" and animation.action_influence == 1.0
    if len(animation.nla_tracks) and not is_pure:
        raise LimberError(
            f"{animation.action.name} is blended with NLA strips; set it to Replace and influence 1."
        )
    return armature


def playing_range(armature: bpy.types.Object) -> tuple[int, int]:
    """First and last whole frame of the keys that an armature plays."""
    ranges = [curve.range() for curve in curves_of(armature) if len(curve.keyframe_points)]
    if not ranges:
        raise LimberError(
            f"{armature.animation_data.action.name} has no keys; choose another Action."
        )
    return floor(min(start for start, _ in ranges)), ceil(max(end for _, end in ranges))


def check_frames(armature: bpy.types.Object, first: int, last: int) -> tuple[int, int]:
    """The :func:`playing_range`; LimberError where these frames do not lie in it."""
    start, end = playing_range(armature)
    if not start <= first < last <= end:
        raise LimberError(
            f"The frames {first} to {last} do not lie in {armature.animation_data.action.name}, "
            f"which has keys from {start} to {end}."
        )
    return start, end


def reading_stretch(
    armature: bpy.types.Object, rig: Rig, mapping: Mapping, first: int, last: int
) -> Work[tuple[Motion, Carrier]]:
    """What the armature plays from ``first`` to ``last`` as a Motion, and its Carrier."""
    frames = range(first, last + 1)
    poses = yield from reading_poses(armature, mapping, frames)
    motion = motion_from_poses(rig, mapping, poses, scene_fps())
    yield
    return motion, (yield from _carrier(armature, rig, mapping, poses, frames))


def reading_edit(
    context,
    armature: bpy.types.Object,
    parts: tuple[str, ...],
    commands: tuple[Command, ...],
    first: int,
    last: int,
) -> Work[EditRequest]:
    """The edit of what the armature plays in these frames; LimberError if it cannot be made."""
    action, fps = armature.animation_data.action, scene_fps()
    start, end = check_frames(armature, first, last)
    rig = read_rig(armature)
    mapping = read_mapping(armature, rig)
    check_animated(armature, mapping, parts)
    options = part_options(context, armature, mapping, parts, np.arange(first, last + 1))
    begin = max(start, first - round(CONTEXT_SECONDS * fps))
    stop = min(end, last + round(AFTERMATH_SECONDS * fps))
    region = edited_region(
        parts,
        None if first == start else (first - begin) / fps,
        None if last == end else (last - begin) / fps,
        stop - begin + 1,
        fps,
    )
    yield
    motion, carrier = yield from reading_stretch(armature, rig, mapping, begin, stop)
    targets = tuple(Target(rig, mapping, option) for option in options)
    inside = slice(first - begin, last - begin + 1)
    return EditRequest(
        EditOrder(commands, motion, parts, inside.start, inside.stop - 1, carrier, targets),
        identity(armature),
        armature.name,
        first,
        passage=Passage(
            np.arange(first, last + 1), region.weights[inside], first == start, last == end
        ),
        source=identity(action),
        source_name=action.name,
        slot=played_slot(armature),
    )


def edit_commands(context, sentence: str, parts: tuple[str, ...]) -> tuple[Command, ...]:
    shared = context.scene.limber
    asked = Command(
        sentence, None, shared.seed, temperature=shared.temperature, guidance=shared.guidance
    )
    asked = replace(asked, text=spoken(parts, sentence))
    return tuple(replace(asked, variation=take) for take in range(shared.variations))


def part_options(
    context,
    armature: bpy.types.Object,
    mapping: Mapping,
    parts: tuple[str, ...],
    frames: np.ndarray,
) -> list[RetargetOptions]:
    """How the parts are put back on the rig, for those in FK and those in IK."""
    whole_legs = all(part in parts for part in _WALKING)
    contacts = context.scene.limber_retarget.contacts if whole_legs else "never"
    by_mode: dict[str, list[str]] = {}
    for part in parts:
        by_mode.setdefault(limb_mode(armature, mapping, part, frames), []).append(part)
    return [
        RetargetOptions("hips", "motion", mode, contacts, tuple(chosen))
        for mode, chosen in by_mode.items()
    ]


def _repeated(context, counted: str, count: int) -> Work[EditRequest]:
    """Further takes of the edit that the chosen armature plays, of what that one was made from."""
    armature = chosen_armature(context)
    check_drivable(armature)
    action = armature.animation_data.action
    parts = resolve_parts(action["edited_parts"].split())
    commands, original = further_commands(armature, counted, count)
    first, last = action["first_frame"], action["last_frame"]
    reading = reading_edit(context, armature, parts, commands, first, last)
    source = partial(playing, armature, action["edited_from"], action["edited_slot"])
    request = yield from inside(source, reading)
    return replace(request, order=replace(request.order, original=original), repeats=True)


@contextmanager
def playing(armature: bpy.types.Object, action: bpy.types.Action, slot: str) -> Iterator[None]:
    """For a while the armature plays another Action."""
    before, slot_before = armature.animation_data.action, played_slot(armature)
    play(armature, action, slot)
    bpy.context.view_layer.update()
    try:
        yield
    finally:
        play(armature, before, slot_before)
        bpy.context.view_layer.update()


def _carrier(
    armature: bpy.types.Object, rig: Rig, mapping: Mapping, poses: RigPoses, frames: range
) -> Work[Carrier]:
    """The root bone where the rig has one, else the object."""
    alignment = align(rig, mapping)
    scale, floor = alignment.units_per_metre * rig.world_scale, floor_in_world(rig, alignment)
    root = mapping.controls.root
    if root in poses.positions and root != mapping.controls.mover:
        now = armature.matrix_world @ armature.pose.bones[root].matrix
        turns, places = poses.rotations[root], poses.positions[root]
    else:
        now = armature.matrix_world
        turns, places = yield from _object_path(armature, frames)
    position, turn, _ = now.decompose()
    places, position = (places - floor) / scale, (np.array(position) - floor) / scale
    return Carrier(turns, places, np.array(turn), position)


def _object_path(armature: bpy.types.Object, frames: range) -> Work[tuple[np.ndarray, np.ndarray]]:
    """World rotations ``[F, 4]`` and places ``[F, 3]`` of the object."""
    is_still = (
        armature.parent is None
        and not armature.constraints
        and not any(
            curve.data_path.startswith(("location", "rotation")) for curve in curves_of(armature)
        )
    )

    def place() -> tuple:
        return armature.matrix_world.decompose()[:2]

    found = [place()] if is_still else (yield from reading_frames(frames, place))
    places, turns = (np.array([list(value) for value in values]) for values in zip(*found))
    count = len(frames)
    return (
        np.broadcast_to(rotations.normalize(turns), (count, 4)),
        np.broadcast_to(places, (count, 3)),
    )

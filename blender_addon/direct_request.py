"""A generation with a path, key poses and pins, read from the scene as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import bpy
import numpy as np

from motion_engine.command import Command
from motion_engine.edit.curves import sampled
from motion_engine.edit.placing import place_at
from motion_engine.edit.root_path import RootPath
from motion_engine.edit.style import Style
from motion_engine.errors import LimberError
from motion_engine.finish.keys import Key
from motion_engine.finish.region import part_joints
from motion_engine.generation.directed import Direction
from motion_engine.motion import ENGINE_FPS, Motion
from motion_engine.retarget.alignment import align
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.rig import Rig
from motion_engine.retarget.roles import PARTS
from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.skeleton import SMPLX

from .action import played_slot, scene_fps
from .armature import read_mapping, read_rig
from .clips import Target
from .directing import DirectedOrder, KeyedOrder, in_metres
from .edit_request import part_options, playing, playing_range, reading_stretch
from .key_poses import KeyPoses, LibraryPose, posed_by, read_key_poses
from .path_reading import ScenePath, read_path
from .pins import PinAsked, is_selected, read_pins
from .request import (
    MOST_VARIED,
    Request,
    check_drivable,
    chosen_armature,
    identity,
    request_for,
)
from .rig_action import curves_of
from .steps import Work, inside
from .style_settings import store_style, stored_style
from .takes import further_commands

_AT_ONCE_AND_NEXT = np.array([0.0, 1.0]) / ENGINE_FPS


@dataclass(frozen=True, eq=False, kw_only=True)
class DirectedRequest(Request):
    """``pins`` are met when the takes are written. With ``keys`` the takes are copies of
    ``source``, what the rig plays (None: nothing yet), in whose ``slot`` the ``frames`` are new."""

    pins: tuple[PinAsked, ...] = ()
    keys: KeyPoses | None = None
    source: int | str | None = None
    source_name: str = ""
    slot: str = ""
    frames: np.ndarray

    @staticmethod
    def reading(context) -> Work[DirectedRequest]:
        """The panel's settings; LimberError if they, or what they name, cannot be used."""
        asked = context.scene.limber
        command = Command(
            *(asked.prompt, None, asked.seed),
            temperature=asked.temperature,
            guidance=asked.guidance,
        )
        commands = [replace(command, variation=i) for i in range(asked.variations)]
        style = context.scene.limber_style.style
        return (yield from _reading(context, commands)).in_style(style)

    @staticmethod
    def reading_again(context) -> Work[DirectedRequest]:
        """As the played take, as far as the panel still directs so, with the next seed."""
        return _repeated(context, "seed", context.scene.limber.variations)

    @staticmethod
    def reading_vary(context) -> Work[DirectedRequest]:
        """The played take's outline with other details."""
        return _repeated(context, "variation", MOST_VARIED)

    def in_style(self, style: Style) -> DirectedRequest:
        """The same, done in a style."""
        order = self.order
        order = replace(order, direction=replace(order.direction, style=style))
        return replace(self, order=order)

    def complete(self, action: bpy.types.Action) -> None:
        """Let the Action tell its style."""
        store_style(action, self.order.direction.style)


def is_directed(action: bpy.types.Action) -> bool:
    """Whether an Action was made by a directed generation."""
    return "directed" in action


def _reading(
    context, commands: Sequence[Command], start: int | None = None
) -> Work[DirectedRequest]:
    """``start``: the frame at which a path begins that is walked at a speed; the current one."""
    scene, armature = context.scene, chosen_armature(context)
    asked = scene.limber_direction
    if not (asked.use_path or asked.use_keys or asked.use_pins):
        raise LimberError("Nothing directs the motion; choose a path, key poses or pins.")
    if armature is not None:
        check_drivable(armature)
    start = scene.frame_current if start is None else start
    path = read_path(scene, start) if asked.use_path else None
    if path is not None and scene.limber_retarget.root == "in_place":
        raise LimberError("A path leads away, and Placement says In Place; choose another one.")
    keys = _keys(context, armature) if asked.use_keys else None
    frames = _frames(scene, path, keys)
    first, last = int(frames[0]), int(frames[-1])
    pins = read_pins(scene, armature, first, last) if asked.use_pins else ()
    if asked.use_pins and not pins and path is None and keys is None:
        raise LimberError("There are no pins of this character; add one first.")
    made = request_for(context, list(commands), len(frames), first, False)
    if keys is None:
        order = _order(armature, made, path, asked.facing, len(frames))
        return _directed(made, order, pins, frames)
    return (yield from _reading_keyed(context, armature, made, (path, keys, pins, frames)))


def _directed(
    made: Request, order: DirectedOrder, pins: tuple[PinAsked, ...], frames: np.ndarray, **extras
) -> DirectedRequest:
    return DirectedRequest(**vars(made) | {"order": order, "pins": pins, "frames": frames} | extras)


def _keys(context, armature: bpy.types.Object | None) -> KeyPoses:
    if armature is None:
        raise LimberError("Select the character whose key poses these are first.")
    asked, bones = context.scene.limber_direction, None
    if asked.key_bones == "SELECTED":
        bones = {bone.name for bone in armature.pose.bones if is_selected(bone)}
        if not bones:
            raise LimberError("No bones are selected; select some, or choose Whole Pose.")
    poses = [LibraryPose.of(p.action, p.frame) for p in asked.poses if p.action is not None]
    return read_key_poses(armature, poses, bones)


def _frames(scene: bpy.types.Scene, path: ScenePath | None, keys: KeyPoses | None) -> np.ndarray:
    """The scene's frames that are made: the path's, else those chosen, else from the first key to
    the last, else as long as the panel says from the current frame on."""
    asked = scene.limber_direction
    if path is not None:
        first, last = path.first_frame, path.last_frame
    elif asked.use_frames or keys is None:
        first, last = asked.first, asked.last
        if first >= last:
            raise LimberError(f"The frames {first} to {last} are no stretch; swap or part them.")
    else:
        first, last = int(np.floor(keys.times[0])), int(np.ceil(keys.times[-1]))
        if first == last:
            raise LimberError(
                f"All keys stand at frame {first}; choose Frames to say how long the motion is."
            )
    for time in keys.times if keys is not None else ():
        if not first <= time <= last:
            raise LimberError(
                f"The key at frame {time:g} does not lie in the motion, frames {first} to {last}; "
                "change the frames, or unselect it."
            )
    return np.arange(first, last + 1)


def _check_apart(pins: tuple[PinAsked, ...], keys: KeyPoses | None) -> None:
    for pin in pins:
        for time in keys.times if keys is not None else ():
            if pin.first <= time <= pin.last:
                raise LimberError(
                    f"The pin {pin} and the key pose at frame {time:g} contradict each other; part "
                    "them in time."
                )


def _order(
    armature: bpy.types.Object | None,
    made: Request,
    path: ScenePath | None,
    facing: str,
    frames: int,
) -> DirectedOrder:
    order, scale = made.order, 1.0
    if armature is not None:
        rig = read_rig(armature)
        mapping = read_mapping(armature, rig)
        options = bpy.context.scene.limber_retarget
        scale = _metres_per_unit(rig, mapping)
        start = "rig" if path is None else "motion"
        options = RetargetOptions(options.root, start, options.limbs, options.contacts)
        target = Target(rig, mapping, options)
        order = replace(order, target=target, in_place=False)
    elif path is not None:
        scale = bpy.context.scene.unit_settings.scale_length
    direction = Direction(
        made.order.commands[0],
        path=_root_path(path, facing, scale),
        length=frames / scene_fps(),
        fps=scene_fps(),
    )
    return DirectedOrder(**vars(order), direction=direction)


def _metres_per_unit(rig: Rig, mapping: Mapping) -> float:
    """From Blender's units to the rig's own metres."""
    return 1.0 / (align(rig, mapping).units_per_metre * rig.world_scale)


def _root_path(path: ScenePath | None, facing: str, scale: float) -> RootPath | None:
    if path is None:
        return None
    return RootPath(in_metres(path.points, path.frames, scene_fps(), scale), facing.lower())


def _reading_keyed(
    context,
    armature: bpy.types.Object,
    made: Request,
    asked: tuple[ScenePath | None, KeyPoses, tuple[PinAsked, ...], np.ndarray],
) -> Work[DirectedRequest]:
    path, keys, pins, frames = asked
    first, last = int(frames[0]), int(frames[-1])
    rig = read_rig(armature)
    mapping = read_mapping(armature, rig)
    if path is None:
        keys = _with_edges(armature, keys, first, last)
    _check_apart(pins, keys)
    options = part_options(context, armature, mapping, tuple(PARTS), frames)
    reading = reading_stretch(armature, rig, mapping, first, last)
    motion, carrier = yield from posed_by(armature, keys, reading)
    if keys.whole:  # the poses have their feet where they are; planting them leads away from that
        options = [replace(option, contacts="never") for option in options]
    scale = _metres_per_unit(rig, mapping)
    direction = Direction(
        made.order.commands[0],
        keys=_engine_keys(keys, motion, mapping, frames),
        path=_root_path(path, context.scene.limber_direction.facing, scale),
        length=len(frames) / scene_fps(),
        fps=scene_fps(),
    )
    targets = tuple(Target(rig, mapping, option) for option in options)
    order = KeyedOrder(
        **vars(made.order) | {"target": targets[0], "in_place": False},
        direction=direction,
        carrier=carrier,
        targets=targets,
        start=place_at(motion, 0),
    )
    has_source = bool(len(curves_of(armature)))
    action = armature.animation_data.action if has_source else None
    return _directed(
        *(made, order, pins, frames),
        keys=keys,
        source=identity(action) if action is not None else None,
        source_name=action.name if action is not None else "",
        slot=played_slot(armature) if has_source else "",
    )


def _with_edges(armature: bpy.types.Object, keys: KeyPoses, first: int, last: int) -> KeyPoses:
    """Where what the rig plays goes on outside of the frames, its poses at their ends count too."""
    if not len(curves_of(armature)):
        return keys
    start, end = playing_range(armature)
    edges = [frame for frame, goes_on in ((first, start < first), (last, end > last)) if goes_on]
    return replace(keys, whole=tuple(sorted({*keys.whole, *map(float, edges)})))


def _engine_keys(
    keys: KeyPoses, motion: Motion, mapping: Mapping, frames: np.ndarray
) -> tuple[Key, ...]:
    """The poses as our skeleton has them, one for each whole frame."""
    joints: dict[int, set[int]] = {}
    for time in keys.times:
        parts = keys.parts_at(time, mapping)
        own = range(SMPLX.joints) if len(parts) == len(PARTS) else part_joints(parts)
        joints.setdefault(min(round(time), int(frames[-1])) - int(frames[0]), set()).update(own)
    return tuple(
        Key(
            at / motion.fps,
            sampled(motion, at / motion.fps + _AT_ONCE_AND_NEXT, ENGINE_FPS),
            tuple(sorted(own)),
        )
        for at, own in joints.items()
        if own
    )


def _repeated(context, counted: str, count: int) -> Work[DirectedRequest]:
    """Further takes like the one that the chosen armature plays, of what that was made from."""
    armature = chosen_armature(context)
    action = armature.animation_data.action
    commands, original = further_commands(armature, counted, count)
    source = action.get("directed_from")
    reading = _reading(context, commands, int(action["first_frame"]))
    if context.scene.limber_direction.use_keys and isinstance(source, bpy.types.Action):
        slot = action.get("directed_slot", "")
        reading = inside(partial(playing, armature, source, slot), reading)
    request = (yield from reading).in_style(stored_style(action))
    return replace(request, order=replace(request.order, original=original), repeats=True)

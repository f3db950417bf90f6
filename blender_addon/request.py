"""What is asked for, read from the scene as plain values: nothing that Blender hands out outlives
an undo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import bpy
import numpy as np

from motion_engine.command import LONGEST_SECONDS, SHORTEST_SECONDS, Command
from motion_engine.errors import LimberError
from motion_engine.motion import ENGINE_FPS, Motion
from motion_engine.retarget.key_reduction import Tolerance
from motion_engine.retarget.reading_back import motion_from_poses
from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.skeleton import SMPLX

from .action import scene_fps
from .armature import read_mapping, read_rig
from .clips import Order, Target
from .rig_action import curves_of
from .rig_reading import evaluated_poses
from .steps import Work
from .takes import stored_command

MOST_VARIED = 4


@dataclass(frozen=True, eq=False)
class Request:
    """``rig`` is the armature's session_uid, its name before Blender 4.2, None for a new mannequin.
    A request that ``goes_on`` continues the present motion in a copy of its Action; one that
    ``repeats`` was made from a take. Keys that the ``tolerance`` does not need are left out of new
    Actions."""

    order: Order
    rig: int | str | None
    rig_name: str
    first_frame: int
    goes_on: bool = False
    repeats: bool = False
    tolerance: Tolerance | None = None

    @staticmethod
    def read(context) -> Request:
        """The panel's settings; LimberError if they, or the chosen rig, cannot be used."""
        first_frame, goes_on = _start(context)
        frames = _frames(context.scene, first_frame)
        command, count = asked_command(context), context.scene.limber.variations
        commands = [replace(command, variation=index) for index in range(count)]
        return request_for(context, commands, frames, first_frame, goes_on)

    @staticmethod
    def again(context) -> Request:
        """As the active take, with the next seed that no open take has."""
        made, action = _chosen_command(context)
        seed = 1 + max(_numbers(context, "seed", made.seed))
        command = replace(made, seed=seed, variation=0)
        count = context.scene.limber.variations
        commands = [replace(command, variation=index) for index in range(count)]
        return _repeated(context, commands, action)

    @staticmethod
    def vary(context) -> Request:
        """The active take's outline with other details: further variations of its seed."""
        made, action = _chosen_command(context)
        made = replace(made, variation=action.get("outline", made.variation))
        first = 1 + max(_numbers(context, "variation", made.variation))
        commands = [replace(made, variation=first + index) for index in range(MOST_VARIED)]
        request = _repeated(context, commands, action)
        return replace(request, order=replace(request.order, original=made))

    @classmethod
    def reading_again(cls, context) -> Work[Request]:
        """As :meth:`again`, in steps where that takes long."""
        yield from ()
        return cls.again(context)

    @classmethod
    def reading_vary(cls, context) -> Work[Request]:
        """As :meth:`vary`, in steps where that takes long."""
        yield from ()
        return cls.vary(context)

    def find_rig(self, context) -> bpy.types.Object | None:
        """The armature that was chosen; None if there was none. LimberError if it has gone."""
        if self.rig is None:
            return None
        for item in context.view_layer.objects:
            # None where an object was just removed and the view layer has not caught up.
            if item is not None and item.type == "ARMATURE" and identity(item) == self.rig:
                return item
        raise LimberError(f"{self.rig_name} is no longer in this scene.")

    def complete(self, action: bpy.types.Action) -> None:
        """What an Action that was written for this request gets besides its keys."""

    def check_unchanged(self, armature: bpy.types.Object) -> None:
        """LimberError where the rig is not as it was when the clips were made for it."""
        target = self.order.target
        if target is None:
            return
        now = read_rig(armature)
        same = [(b.name, b.rotation_mode) for b in now.bones] == [
            (b.name, b.rotation_mode) for b in target.rig.bones
        ]
        if not same or not np.isclose(now.world_scale, target.rig.world_scale):
            raise LimberError(f"{armature.name} was changed meanwhile.")


def asked_command(context) -> Command:
    """What the panel asks of the model for its first take; LimberError for what cannot be made."""
    settings = context.scene.limber
    first_frame, _ = _start(context)
    return Command(
        settings.prompt,
        _engine_seconds(_frames(context.scene, first_frame)),
        settings.seed,
        temperature=settings.temperature,
        guidance=settings.guidance,
    )


def chosen_armature(context) -> bpy.types.Object | None:
    """The active armature, the one that deforms the active mesh, or the only selected one."""
    item = context.object
    if item is not None and item.type == "MESH":
        item = item.find_armature()
    if item is not None and item.type == "ARMATURE":
        return item
    selected = [other for other in context.selected_objects if other.type == "ARMATURE"]
    return selected[0] if len(selected) == 1 else None


def is_mannequin(armature: bpy.types.Object) -> bool:
    """Whether an armature takes our motions as they are."""
    bones = armature.pose.bones
    return all(name in bones and bones[name].rotation_mode == "QUATERNION" for name in SMPLX.names)


def last_frame(armature: bpy.types.Object) -> int | None:
    """The last key of what an armature plays; None without keys."""
    ends = [curve.range()[1] for curve in curves_of(armature) if len(curve.keyframe_points)]
    return int(np.ceil(max(ends))) if ends else None


def check_drivable(armature: bpy.types.Object) -> None:
    """LimberError where Blender would not let the armature play another Action."""
    if armature.library is not None:
        raise LimberError(f"{armature.name} is linked; make a library override of it first.")
    animation = armature.animation_data
    if animation is not None and animation.use_tweak_mode:
        raise LimberError(
            f"A strip of {armature.name} is being tweaked; leave that with Tab in the NLA editor."
        )


def _start(context) -> tuple[int, bool]:
    """The first frame, and whether the present motion goes on there."""
    armature, frame = chosen_armature(context), context.scene.frame_current
    if context.scene.limber.start == "FRAME" or armature is None:
        return frame, False
    last = last_frame(armature)
    return (frame, False) if last is None else (last + 1, True)


def _frames(scene: bpy.types.Scene, first_frame: int) -> int | None:
    """Frames of the scene that the motion is to last; None where the model ends it."""
    settings = scene.limber
    if settings.length == "FREE":
        return None
    if settings.length == "SECONDS":
        return max(1, round(settings.seconds * scene_fps()))
    end = scene.frame_preview_end if scene.use_preview_range else scene.frame_end
    if end <= first_frame:
        raise LimberError(
            f"The scene ends at frame {end}, the motion begins at {first_frame}; "
            "move the end, or set a length in seconds."
        )
    return end - first_frame + 1


def _engine_seconds(frames: int | None) -> float | None:
    """Length at the engine's rate that reaches the last of so many frames of the scene."""
    if frames is None:
        return None
    reaching = ceil(round((frames - 1) * ENGINE_FPS / scene_fps(), 6)) + 1
    if frames / scene_fps() <= LONGEST_SECONDS:  # one engine frame more is no reason to refuse
        reaching = min(reaching, round(LONGEST_SECONDS * ENGINE_FPS))
    return max(reaching / ENGINE_FPS, SHORTEST_SECONDS)


def _chosen_command(context) -> tuple[Command, bpy.types.Action]:
    armature = chosen_armature(context)
    animation = armature.animation_data if armature is not None else None
    if animation is None or animation.action is None:
        raise LimberError("Select a character that plays a generated motion first.")
    return stored_command(animation.action), animation.action


def _numbers(context, name: str, own: int) -> list[int]:
    """Seeds or variations of all open takes, and one's own."""
    takes = chosen_armature(context).limber_takes
    return [own, *(item.action.get(name, 0) for item in takes.items if item.action is not None)]


def _repeated(context, commands: list[Command], action: bpy.types.Action) -> Request:
    """A request for motions in the place of the one that this Action holds."""
    first_frame = int(action.get("first_frame", action.frame_range[0]))
    frames = None
    if commands[0].seconds is not None:
        frames = int(action.frame_range[1]) - first_frame + 1
    goes_on = bool(action.get("goes_on", False))
    return replace(request_for(context, commands, frames, first_frame, goes_on), repeats=True)


def request_for(
    context, commands: list[Command], frames: int | None, first_frame: int, goes_on: bool
) -> Request:
    """These commands on the chosen armature, placed as the panel says."""
    armature = chosen_armature(context)
    scale = 1.0 / context.scene.unit_settings.scale_length
    order = Order(tuple(commands), scene_fps(), frames, np.diag([scale, scale, scale, 1.0]))
    settings = context.scene.limber_retarget
    options = RetargetOptions(settings.root, "rig", settings.limbs, settings.contacts)
    tolerance = Tolerance(np.degrees(settings.fewer_keys)) if settings.fewer_keys else None
    if armature is None:
        if options.root not in ("hips", "in_place"):
            raise LimberError("A new mannequin has one path: choose Hips or In Place.")
        order = replace(order, in_place=options.root == "in_place")
        return Request(order, None, "", first_frame, tolerance=tolerance)
    check_drivable(armature)
    if options.root == "object" and armature.parent is not None:
        raise LimberError(
            f"{armature.name} hangs on {armature.parent.name}; choose the path Hips or Root Bone."
        )
    if is_mannequin(armature) and not goes_on and options.root in ("hips", "in_place"):
        stand = np.array(armature.matrix_world)
        order = replace(order, stand=stand, in_place=options.root == "in_place")
    else:
        order = _for_rig(order, armature, options, first_frame - 1 if goes_on else None)
    return Request(
        *(order, identity(armature), armature.name, first_frame, goes_on), tolerance=tolerance
    )


def _for_rig(order: Order, armature, options: RetargetOptions, going_on_from: int | None) -> Order:
    rig = read_rig(armature)
    mapping = read_mapping(armature, rig)
    ending: Motion | None = None
    if going_on_from is not None:
        poses = evaluated_poses(armature, mapping, [going_on_from])
        ending = motion_from_poses(rig, mapping, poses, scene_fps())
        options = replace(options, start="motion")
    return replace(order, target=Target(rig, mapping, options), ending=ending)


def identity(item: bpy.types.ID) -> int | str:
    """What tells an object or Action from others, also after it was renamed or undone."""
    return getattr(item, "session_uid", item.name)

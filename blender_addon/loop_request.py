"""Loops: what is asked of the scene as plain values, and cyclic Actions made of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import bpy
import numpy as np

from motion_engine.command import LONGEST_SECONDS, Command
from motion_engine.edit.curves import smooth_step
from motion_engine.edit.looping import BLEND_SECONDS, SHORTEST_LOOP_SECONDS, SPARE_SECONDS
from motion_engine.edit.style import Style
from motion_engine.errors import LimberError
from motion_engine.motion import ENGINE_FPS

from .action import Channel, curves_in, fill_action, new_action, scene_fps
from .armature import read_mapping
from .cyclic import make_cyclic
from .edit_request import EditRequest, edited_armature, playing_range, reading_edit
from .edit_writing import EditWriting
from .limb_modes import animated_parts
from .loop_order import IN_PLACE, ActionLoopOrder, LoopClip, LoopOrder
from .request import Request
from .rig_action import channels
from .steps import Work
from .style_order import longest_played
from .style_settings import store_style, stored_style
from .takes import name_after

_KIND = "loop"


@dataclass(frozen=True, eq=False, kw_only=True)
class LoopRequest(Request):
    """A generated loop; its last frame is its first one again."""

    @staticmethod
    def read(context) -> LoopRequest:
        """The panel's settings; LimberError if they, or the chosen rig, cannot be used."""
        if context.scene.limber.length == "FREE":
            raise LimberError("A loop needs a length: choose Seconds or To Scene End.")
        request = Request.read(context)
        if request.goes_on:
            raise LimberError("A loop stands alone: choose Current Frame under Placement, Start.")
        order = request.order
        seconds = round(order.frames / order.fps * ENGINE_FPS) / ENGINE_FPS
        style = context.scene.limber_style.style
        longest = longest_played(LONGEST_SECONDS, style.pace) - SPARE_SECONDS - BLEND_SECONDS
        if not SHORTEST_LOOP_SECONDS <= seconds <= longest:
            raise LimberError(
                f"A loop of {seconds:.2f} seconds cannot be made; ask for "
                f"{SHORTEST_LOOP_SECONDS:g} to {longest:.3g}."
            )
        asked = tuple(
            style.asked(replace(command, seconds=seconds + SPARE_SECONDS + BLEND_SECONDS))
            for command in order.commands
        )
        return _looped(request, asked, order.frames, asked_kind(context), style)

    @staticmethod
    def again(context) -> LoopRequest:
        """As the active take, with the next seed that no open take has."""
        return _as_played(Request.again(context), context)

    @staticmethod
    def vary(context) -> LoopRequest:
        """The active take's outline with other details."""
        return _as_played(Request.vary(context), context)

    def complete(self, action: bpy.types.Action) -> None:
        """Let the Action go on for ever, and tell its style."""
        make_cyclic(action, self.first_frame, self.first_frame + self.order.frames)
        action[_KIND] = self.order.kind
        store_style(action, self.order.style)


def is_loop(action: bpy.types.Action) -> bool:
    """Whether an Action is a generated loop."""
    return _KIND in action and "seed" in action


def asked_kind(context) -> str:
    """``travelling`` or ``in_place``."""
    if context.scene.limber_retarget.root == "in_place":
        return IN_PLACE
    return context.scene.limber_loop.kind.lower()


def _as_played(request: Request, context) -> LoopRequest:
    played, order = request.find_rig(context).animation_data.action, request.order
    style = stored_style(played)
    return _looped(request, order.commands, order.frames - 1, played[_KIND], style)


def _looped(
    request: Request, commands: tuple[Command, ...], frames: int, kind: str, style: Style
) -> LoopRequest:
    told = {"commands": commands, "frames": frames, "in_place": False}
    order = LoopOrder(**vars(request.order) | told, kind=kind, style=style)
    return LoopRequest(**vars(request) | {"order": order})


@dataclass(frozen=True, eq=False, kw_only=True)
class ActionLoopRequest(EditRequest):
    """A loop of what the rig plays."""

    @staticmethod
    def reading(context) -> Work[ActionLoopRequest]:
        """The panel's settings; LimberError if they, or what the rig plays, cannot be used."""
        armature, asked = edited_armature(context), context.scene.limber_loop
        frames = context.scene.limber_edit.frames_in(playing_range(armature))
        parts = animated_parts(armature, read_mapping(armature))
        command = Command(armature.animation_data.action.name)
        edit = yield from reading_edit(context, armature, parts, (command,), *frames)
        root = "bone" if context.scene.limber_retarget.root == "bone" else "hips"
        told = vars(edit.order) | {
            "targets": tuple(
                replace(target, options=replace(target.options, root=root))
                for target in edit.order.targets
            )
        }
        order = ActionLoopOrder(**told, kind=asked_kind(context), frames=asked.frames)
        return ActionLoopRequest(**vars(edit) | {"order": order})


class LoopWriting(EditWriting):
    """As an edit, but a new Action of one round; what the motion does not know of, such as faces
    and properties, goes round with it."""

    @property
    def edited(self) -> str:
        return f"A loop of {self._clips[0].motion.frames - 1} frames"

    def _write(self, rig: bpy.types.Object, source: bpy.types.Action, clip: LoopClip) -> Work[None]:
        first, last = self.request.first_frame, self.request.first_frame + clip.motion.frames - 1
        action = new_action(name_after(source.name, " loop"))
        self._actions.append(action)
        written = list(channels(rig, clip.rig_motion))
        known = {channel.path for channel in written}
        others = other_channels(rig, source, self.request.slot, known, clip, first)
        yield from fill_action(action, rig, [*written, *others], first)
        make_cyclic(action, first, last)
        action[_KIND] = self.request.order.kind


def other_channels(
    rig: bpy.types.Object,
    source: bpy.types.Action,
    slot: str,
    known: set[str],
    clip: LoopClip,
    first: int,
) -> Iterator[Channel]:
    """The channels of an Action that a clip does not hold, over the same frames and closed in the
    same way: blended at the start into what follows the end."""
    paths: dict[str, dict[int, bpy.types.FCurve]] = {}
    for curve in curves_in(source, slot):
        if curve.data_path not in known and len(curve.keyframe_points):
            paths.setdefault(curve.data_path, {})[curve.array_index] = curve
    count = clip.motion.frames - 1
    at = first + np.linspace(clip.begin, clip.end, count + 1)
    overlap = max(1, min(round(BLEND_SECONDS * scene_fps()), count // 2))
    share = smooth_step(np.arange(count + 1) / overlap)
    for path, curves in paths.items():
        try:
            present = np.atleast_1d(np.array(rig.path_resolve(path), dtype=np.float64))
        except (TypeError, ValueError):  # a channel of what has gone
            continue
        values = np.tile(present, (count + 1, 1))
        for index in curves.keys() & range(len(present)):
            values[:, index] = _gone_round(curves[index], at, clip.end - clip.begin, share)
        yield Channel(path, "Other", values)


def _gone_round(
    curve: bpy.types.FCurve, at: np.ndarray, length: float, share: np.ndarray
) -> np.ndarray:
    """Values of a curve at the frames ``at [F]`` that end as they begin."""
    own = np.array([curve.evaluate(frame) for frame in at])
    if all(point.interpolation == "CONSTANT" for point in curve.keyframe_points):
        own[-1] = own[0]
        return own
    after = np.array([curve.evaluate(frame + length) for frame in at])
    blended = after + share * (own - after)
    blended[-1] = blended[0]
    return blended

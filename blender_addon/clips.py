"""From a request's plain values to clips ready to be written: the worker thread's whole work.

No bpy here: rigs were read before the thread began, and are written after it has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np

from motion_engine import rotations
from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.features import FeatureLayout, decode_features, heading_angles, next_start
from motion_engine.generation.generate import Hear
from motion_engine.generation.prompt import FREE, Prompt
from motion_engine.models.model import Model, generate_motions
from motion_engine.motion import Motion, resample
from motion_engine.retarget.alignment import align
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.placement import ground_path, hip_middle, place
from motion_engine.retarget.rig import Rig
from motion_engine.retarget.rig_motion import RigMotion
from motion_engine.retarget.transplant import RetargetOptions, retarget

from .generation_job import Progress, WarmModel

_SAME_RATE = 1e-3
_ON_FLOOR = np.array([1.0, 1.0, 0.0])

Show = Callable[[Motion, np.ndarray, int], None]
Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Target:
    """A rig as it was read, and how clips are put on it."""

    rig: Rig
    mapping: Mapping
    options: RetargetOptions


@dataclass(frozen=True, eq=False)
class Order:
    """What the worker makes: clips for the ``target`` rig, or without one for our mannequin, which
    stands as ``stand [4, 4]`` tells (metres to the world). ``ending`` is the last pose of the
    motion to go on from. Clips have ``frames`` at ``fps`` where a length is asked. Where they vary
    the clip of an ``original`` command, they keep its outline."""

    commands: tuple[Command, ...]
    fps: float
    frames: int | None
    stand: np.ndarray
    target: Target | None = None
    ending: Motion | None = None
    in_place: bool = False
    original: Command | None = None

    needs_model = True

    def clips(self, model: Model, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`make_clips`."""
        asked, span, before = self.commands, model.codec.downsampling, 0
        if self.original is not None:
            asked, before = _varied(self, model, progress)
        watched = _WatchedModel(**vars(model), order=self, show=show)
        motions = generate_motions(
            *(asked, watched),
            lambda done, total: progress((before + done) * span, (before + total) * span),
        )
        clips = []
        for command, motion in zip(self.commands, motions):
            clips.append(self.finished(command, motion))
            progress(before * span + motion.frames, before * span + motion.frames)
        return tuple(clips)

    def finished(self, command: Command, motion: Motion) -> Clip:
        """What was made for a command as its clip."""
        return finished_clip(self, command, motion)


@dataclass(frozen=True, eq=False)
class Clip:
    """A finished clip at the scene's rate; ``rig_motion`` where there is a target rig."""

    command: Command
    motion: Motion
    rig_motion: RigMotion | None


class Worked(Protocol[Made]):
    """What the worker can be given to do: :class:`Order`, an edit, a description. Where it
    ``needs_model`` not, none is loaded for it, and ``clips`` gets None."""

    needs_model: bool

    def clips(self, model: Model | None, progress: Progress, show: Show) -> tuple[Made, ...]: ...


def make_clips(
    order: Worked[Made], model: WarmModel, progress: Progress, show: Show
) -> tuple[Made, ...]:
    """The clips of an order; ``progress`` hears of motion frames made and asked, ``show`` of each
    chunk of the first clip, of the matrix ``[4, 4]`` that takes it into the world, and of its first
    frame. Where the memory of a GPU is full, all begins anew, see :meth:`WarmModel.use`.

    Raises LimberError also for what this Blender's Python or this machine lacks.
    """
    try:
        progress(0, 0)
        if not order.needs_model:
            return order.clips(None, progress, show)
        return model.use(lambda loaded: order.clips(loaded, progress, show), progress)
    except ModuleNotFoundError as error:
        raise LimberError(
            f"The model needs {error.name}, which this Blender's Python lacks."
        ) from error
    except MemoryError as error:
        raise LimberError("The memory is full; close other programs, or ask for less.") from error


def in_frames(progress: Progress, span: int) -> Progress:
    """``progress`` as the model tells it, in token frames of so many motion frames."""
    return lambda done, total: progress(done * span, total * span)


def _varied(order: Order, model: Model, progress: Progress) -> tuple[list[Prompt], int]:
    """Prompts for the order's commands to which the coarsest codes of the original's clip are
    given, and its plan: what every part of the body does stays, how it does it is drawn anew. The
    number of token frames of the original, which are made for it, comes with them."""
    codec, rate = model.codec, model.codec.frame_rate
    original = model.prompt(order.original)

    def advance(done: int, total: int) -> None:
        progress(done * codec.downsampling, 2 * total * codec.downsampling)

    (kept,) = model.best_draws([original], advance)
    codes = kept.codes
    is_coarse = np.arange(codes.shape[1]) % codec.config.layers == 0
    prompts = []
    for command in order.commands:
        if command.seconds is None:
            command = replace(command, seconds=len(codes) / rate)
        prompts.append(
            Prompt(command, original.control[: len(codes)], np.where(is_coarse, codes, FREE))
        )
    return prompts, len(codes)


def finished_clip(order: Order, command: Command, motion: Motion) -> Clip:
    """A motion at 30 fps as the order wants it: where, how long, at which rate, on which rig."""
    if order.ending is not None:
        motion = carried(motion, *_carry(motion, order.ending))
    if abs(motion.fps - order.fps) > _SAME_RATE:
        motion = resample(motion, order.fps)
    if order.frames is not None and motion.frames > order.frames:
        motion = motion.cut(0, order.frames)
    if order.target is None:
        return Clip(command, without_path(motion) if order.in_place else motion, None)
    target = order.target
    return Clip(command, motion, retarget(motion, target.rig, target.mapping, target.options))


def without_path(motion: Motion) -> Motion:
    """The motion on the spot where it begins."""
    path, _ = ground_path(motion)
    return replace(motion, root_positions=motion.root_positions - path + path[:1])


def carried(motion: Motion, turn: np.ndarray, shift: np.ndarray) -> Motion:
    """The whole motion turned by ``turn [4]`` about the world's Z, then shifted by ``shift [3]``."""
    local = motion.local_rotations.copy()
    local[:, 0] = rotations.multiply(turn, local[:, 0])
    positions = rotations.rotate(turn, motion.root_positions) + shift
    return replace(motion, root_positions=positions, local_rotations=local)


def _carry(motion: Motion, ending: Motion) -> tuple[np.ndarray, np.ndarray]:
    """Turn and shift with which a motion begins where, and facing as, another one ends."""
    ends, begins = (heading_angles(m.local_rotations[:, 0]) for m in (ending, motion))
    turn = rotations.about("z", ends[-1] - begins[0])
    begin = rotations.rotate(turn, hip_middle(motion)[0])
    return turn, (hip_middle(ending)[-1] - begin) * _ON_FLOOR


@dataclass(frozen=True, kw_only=True)
class _WatchedModel(Model):
    """A model whose chunks of the first clip are shown as they are made, in its first draw."""

    order: Order
    show: Show

    def features(
        self,
        commands: Sequence[Prompt],
        progress: Progress | None = None,
        hear: Hear | None = None,
    ) -> Iterator[list[np.ndarray]]:
        watched = Watched(self.order, self.codec.config.layout, self.show)
        for chunks in super().features(commands, progress, hear):
            if commands[0].draw == 0:
                watched.hear(chunks[0])
            yield chunks


class Watched:
    """Pose features of an order's clip, shown chunk by chunk as they are made."""

    def __init__(self, order: Order, layout: FeatureLayout, show: Show):
        self._order, self._layout, self._show = order, layout, show
        self._start, self._into_world, self._frames = (0.0, 0.0, 0.0), None, 0

    def hear(self, features: np.ndarray) -> None:
        """The next features ``[n, pose_size]``; n may be 0."""
        if not len(features):
            return
        chunk = decode_features(features, self._layout, self._start)
        if self._into_world is None:
            self._into_world = world_matrix(self._order, chunk)
        self._show(chunk, self._into_world, self._frames)
        self._frames += chunk.frames
        self._start = next_start(features, self._layout, self._start)


def world_matrix(order: Order, motion: Motion) -> np.ndarray:
    """``[4, 4]`` from the metres of a motion that begins like this one to Blender's world."""
    target, before = order.target, np.eye(4)
    if order.ending is not None:
        turn, shift = _carry(motion, order.ending)
        before[:3, :3], before[:3, 3] = rotations.to_matrix(turn), shift
        motion = carried(motion, turn, shift)
    if target is None:
        return order.stand @ before
    rig = target.rig
    alignment = align(rig, target.mapping)
    root = target.mapping.controls.root
    placement = place(motion, rig, alignment, target.options.start, root)
    turn = rotations.multiply(rig.world_rotation, placement.outward)
    matrix = np.eye(4)
    scale = rig.world_scale * placement.units_per_metre
    matrix[:3, :3] = scale * rotations.to_matrix(turn)
    offset = rotations.rotate(rig.world_rotation, rig.world_scale * placement.offset)
    matrix[:3, 3] = rig.world_position + offset
    return matrix @ before

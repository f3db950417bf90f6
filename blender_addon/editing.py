"""Edits of what a rig plays, from plain values to clips ready to be written: the worker's part.

No bpy here: the rig's animation was read before, and is written after.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from motion_engine import rotations
from motion_engine.command import Command
from motion_engine.edit.curves import resampled
from motion_engine.errors import LimberError
from motion_engine.finish.region import Region, part_joints, spliced
from motion_engine.generation.part_edit import edit_parts, frames_of
from motion_engine.models.model import Model
from motion_engine.motion import ENGINE_FPS, Motion
from motion_engine.retarget.rig_motion import RigMotion
from motion_engine.retarget.transplant import retarget

from .clips import Clip, Show, Target, in_frames
from .generation_job import Progress
from .varying import VaryingModel

_LEGS = ("root", "left_leg", "right_leg")
_NOT_EDITED = ("jaw", "left_eye", "right_eye")
# The words by which the model was taught to hear single parts, and what they stand for.
_SPOKEN = (
    ("head", {"head"}),
    ("torso", {"torso"}),
    ("left hand", {"left_hand"}),
    ("right hand", {"right_hand"}),
    ("hands", {"left_hand", "right_hand"}),
    ("left arm", {"left_arm", "left_hand"}),
    ("right arm", {"right_arm", "right_hand"}),
    ("arms", {"left_arm", "right_arm", "left_hand", "right_hand"}),
    ("legs", set(_LEGS)),
)


@dataclass(frozen=True, eq=False)
class Carrier:
    """What bears a rig through the world, its root bone or object: ``rotations [F, 4]`` and
    ``positions [F, 3]`` in metres, and where it stands while the rig is read."""

    rotations: np.ndarray
    positions: np.ndarray
    rotation_now: np.ndarray
    position_now: np.ndarray

    def held(self, motion: Motion) -> Motion:
        """The motion as it is while the carrier stands where it stands now."""
        turn = rotations.multiply(self.rotation_now, rotations.conjugate(self.rotations))
        local = motion.local_rotations.copy()
        local[:, 0] = rotations.multiply(turn, local[:, 0])
        places = rotations.rotate(turn, motion.root_positions - self.positions)
        return replace(motion, root_positions=places + self.position_now, local_rotations=local)


@dataclass(frozen=True, eq=False)
class EditOrder:
    """What the worker makes: takes of ``motion``, read at the scene's rate, in which the ``parts``
    do what each command says from frame ``first`` to ``last``. ``targets`` say how they are put
    back on the rig: once for the limbs in FK, once for those in IK. Where takes vary that of an
    ``original`` command, they keep its outline."""

    commands: tuple[Command, ...]
    motion: Motion
    parts: tuple[str, ...]
    first: int
    last: int
    carrier: Carrier
    targets: tuple[Target, ...]
    original: Command | None = None

    needs_model = True

    @property
    def target(self) -> Target:
        return self.targets[0]

    def clips(self, model: Model, progress: Progress, show: Show) -> tuple[Clip, ...]:
        """See :func:`clips.make_clips`."""
        check_parts(self.parts, model)
        model = self.varied(model)
        engine, fps, span = at_engine_rate(self.motion), self.motion.fps, model.codec.downsampling
        first, stop = frames_of(self.first / fps, self.last / fps, engine)
        heard = in_frames(progress, span)
        takes = edit_parts(engine, self.parts, self.commands, model, first, stop, heard)
        return tuple(self._clip(*made) for made in zip(self.commands, takes))

    def varied(self, model: Model) -> Model:
        """The model, or one that keeps the outline of the ``original``."""
        return model if self.original is None else VaryingModel.of(model, self.original)

    def _clip(self, command: Command, take: Motion) -> Clip:
        take = resampled(take, self.motion.fps, self.motion.frames)
        frames = np.arange(self.motion.frames)
        weights = ((frames >= self.first) & (frames <= self.last)).astype(np.float64)
        edited = spliced(self.motion, take, Region(part_joints(self.parts), weights))
        return Clip(
            command,
            edited.cut(self.first, self.last + 1),
            rig_motion(self.carrier.held(edited).cut(self.first, self.last + 1), self.targets),
        )


def at_engine_rate(motion: Motion) -> Motion:
    """The whole of the motion at 30 fps; it stands still behind its last frame."""
    frames = ceil((motion.frames - 1) / motion.fps * ENGINE_FPS - 1e-6) + 1
    return resampled(motion, ENGINE_FPS, frames)


def rig_motion(motion: Motion, targets: tuple[Target, ...]) -> RigMotion:
    """The motion on a rig whose limbs are keyed in different ways; jaw and eyes are left alone."""
    made = [retarget(motion, t.rig, t.mapping, t.options) for t in targets]
    controls = targets[0].mapping.controls.roles
    aside = {bone for role in _NOT_EDITED for bone in controls.get(role, ())}
    return replace(
        made[0],
        tracks=tuple(t for one in made for t in one.tracks if t.bone not in aside),
        settings=tuple(setting for one in made for setting in one.settings),
    )


def spoken(parts: tuple[str, ...], sentence: str) -> str:
    """A sentence about parts as the model was taught: "left arm: wave". Parts that have no name
    together are not named."""
    name = next((name for name, meant in _SPOKEN if set(parts) <= meant), "")
    return f"{name}: {sentence}" if name and ":" not in sentence else sentence


def check_parts(parts: tuple[str, ...], model: Model) -> None:
    """LimberError where the model does not move one of the parts."""
    known = [part.name for part in model.codec.config.parts]
    for part in parts:
        if part not in known:
            raise LimberError(
                f"This model does not move the {part.replace('_', ' ')}; leave it out."
            )

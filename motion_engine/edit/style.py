"""Mood and energy: what is said of how someone moves, how they hold themselves, and how large the
movements are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from .. import rotations
from ..command import LONGEST_SECONDS, SHORTEST_SECONDS, Command
from ..errors import LimberError
from ..motion import ENGINE_FPS, Motion
from ..parts import DEFAULT_PARTS
from ..skeleton import SMPLX
from .curves import averaged
from .retiming import retimed

LEAST_ENERGY, MOST_ENERGY = 0.3, 2.0
LEAST_SPEED, MOST_SPEED = 0.5, 2.0
STYLED_PARTS = ("torso", "head", "left_arm", "right_arm")
_POSTURE_SECONDS = 2.5
_SPARE_SECONDS = 2.0 / ENGINE_FPS
_WIDEST_TURN = np.radians(60.0)
_FULLY_BENT = np.radians(140.0)


@dataclass(frozen=True)
class Posture:
    """How a mood is held, in degrees: forward ``bends`` by joint, ``elbows`` bent further, arms
    held away from the body by ``spread``; ``energy`` and ``tempo`` of the movements; ``glances`` to
    and fro, at a side for ``glance_seconds``."""

    bends: Mapping[str, float] = field(default_factory=dict)
    elbows: float = 0.0
    spread: float = 0.0
    energy: float = 1.0
    tempo: float = 1.0
    glances: float = 0.0
    glance_seconds: float = 2.5


POSTURES: Mapping[str, Posture] = {
    "happy": Posture(
        {"spine2": -2.0, "spine3": -3.0, "neck": -3.0, "head": -3.0}, 14.0, 6.0, 1.2, 1.1
    ),
    "sad": Posture(
        {"spine2": 4.0, "spine3": 5.0, "neck": 11.0, "head": 9.0}, 0.0, -3.0, 0.85, 0.85
    ),
    "angry": Posture(
        {"spine1": 4.0, "spine2": 3.0, "neck": 4.0, "head": 2.0}, 26.0, 7.0, 1.2, 1.15
    ),
    "tired": Posture(
        {"spine1": 4.0, "spine2": 6.0, "spine3": 7.0, "neck": 8.0, "head": 6.0},
        *(0.0, -2.0, 0.8, 0.8),
    ),
    "proud": Posture(
        {"spine1": -2.0, "spine2": -4.0, "spine3": -4.0, "neck": -3.0, "head": -4.0},
        *(0.0, 5.0, 1.1, 0.95),
    ),
    "nervous": Posture(
        {"spine3": 4.0, "neck": 3.0}, 30.0, -3.0, 0.9, 1.1, glances=12.0, glance_seconds=1.1
    ),
    "sneaky": Posture(
        {"spine1": 6.0, "spine2": 6.0, "spine3": 5.0, "neck": -8.0, "head": -6.0},
        *(38.0, 4.0, 0.9, 0.78, 13.0),
    ),
}
MOODS = tuple(POSTURES)
"""Moods that the shipped model has heard of."""


def _check_energy(energy: float) -> None:
    if not LEAST_ENERGY <= energy <= MOST_ENERGY:
        raise LimberError(
            f"the energy is {energy:g}; choose {LEAST_ENERGY:g} to {MOST_ENERGY:g}, 1 as it is."
        )


@dataclass(frozen=True)
class Style:
    """How something is done. ``mood``: one of MOODS, or none; ``energy`` and ``speed``: 1 as it is.
    Raises LimberError for what is out of range.

    Laid over a finished motion, a mood shows more surely than said to the model, which then also
    does something else more often; and a pace is exactly the one asked for.
    """

    mood: str = ""
    energy: float = 1.0
    speed: float = 1.0

    def __post_init__(self):
        if self.mood and self.mood not in MOODS:
            raise LimberError(f"the mood is '{self.mood}'; choose {', '.join(MOODS)}.")
        _check_energy(self.energy)
        if not LEAST_SPEED <= self.speed <= MOST_SPEED:
            raise LimberError(
                f"the speed is {self.speed:g}; choose {LEAST_SPEED:g} to {MOST_SPEED:g}, 1 as it is."
            )

    @property
    def is_plain(self) -> bool:
        return self == AS_IT_IS

    @property
    def pace(self) -> float:
        """How many times as fast all of it is played; moods have a tempo of their own."""
        return self.speed * (POSTURES[self.mood].tempo if self.mood else 1.0)

    def asked(self, command: Command) -> Command:
        """What the model is to make: as much motion as fills the time at that pace. LimberError
        where that is too much."""
        if command.seconds is None or self.pace == 1.0:
            return command
        seconds = command.seconds * self.pace + _SPARE_SECONDS
        if seconds > LONGEST_SECONDS:
            longest = (LONGEST_SECONDS - _SPARE_SECONDS) / self.pace
            raise LimberError(
                f"{command.seconds:g} seconds are too long at {self.pace:.2f} times the pace; ask "
                f"for {longest:.1f} at most."
            )
        return replace(command, seconds=max(seconds, SHORTEST_SECONDS))

    def applied(self, motion: Motion) -> Motion:
        """What was made for that, in its posture, energy and pace; at least as long as asked."""
        motion = self.shown(motion)
        return motion if self.pace == 1.0 else retimed(motion, self.pace)

    def shown(self, motion: Motion) -> Motion:
        """Posture and energy alone, which leave legs, root and every frame's time as they are."""
        if self.energy != 1.0:
            motion = energetic(motion, self.energy)
        return in_mood(motion, self.mood) if self.mood else motion


AS_IT_IS = Style()


def in_mood(motion: Motion, mood: str, strength: float = 1.0) -> Motion:
    """The motion in the posture of a mood (one of MOODS); legs and root stay, and so do contacts."""
    posture, local = POSTURES[mood], motion.local_rotations.copy()

    def turn(joint: str, axis: str, angles) -> None:
        index = SMPLX.index(joint)
        local[:, index] = rotations.multiply(rotations.about(axis, angles), local[:, index])

    for joint, degrees in posture.bends.items():
        turn(joint, "x", np.full(motion.frames, np.radians(strength * degrees)))
    seconds = np.arange(motion.frames) / motion.fps
    swing = np.tanh(2.5 * np.sin(np.pi * seconds / posture.glance_seconds))
    for joint, share in (("neck", 0.4), ("head", 0.6)):
        turn(joint, "y", np.radians(strength * share * posture.glances) * swing)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        turn(
            f"{side}_shoulder",
            "z",
            np.full(motion.frames, np.radians(sign * strength * posture.spread)),
        )
        bent = rotations.angle(local[:, SMPLX.index(f"{side}_elbow")])
        room = np.clip(1.0 - bent / _FULLY_BENT, 0.0, 1.0)  # a bent elbow bends little further
        turn(f"{side}_elbow", "y", -sign * np.radians(strength * posture.elbows) * room)
    return energetic(replace(motion, local_rotations=local), posture.energy)


def energetic(motion: Motion, energy: float) -> Motion:
    """The upper body's movements about its own slow posture made ``energy`` times as large.

    Legs and root stay, so that steps and contacts do. Raises LimberError out of range.
    """
    _check_energy(energy)
    owned = [part.own for part in DEFAULT_PARTS if part.name in STYLED_PARTS]
    joints = [SMPLX.index(name) for names in owned for name in names]
    turns = rotations.unroll(motion.local_rotations[:, joints])
    slow = averaged(turns.reshape(motion.frames, -1), round(_POSTURE_SECONDS * motion.fps))
    slow = rotations.normalize(slow.reshape(turns.shape))
    quick = rotations.to_axis_angle(rotations.multiply(rotations.conjugate(slow), turns))
    size = np.linalg.norm(quick, axis=-1, keepdims=True)
    larger = np.minimum(size * energy, np.maximum(size, _WIDEST_TURN))
    quick = quick * larger / np.maximum(size, 1e-9)
    local = motion.local_rotations.copy()
    local[:, joints] = rotations.multiply(slow, rotations.from_axis_angle(quick))
    return replace(motion, local_rotations=local)

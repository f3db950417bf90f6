"""Mood and energy: what is said of how someone moves, and how large the movements are."""

from dataclasses import replace

import numpy as np

from .. import rotations
from ..errors import LimberError
from ..motion import Motion
from ..parts import DEFAULT_PARTS
from ..skeleton import SMPLX
from .curves import averaged

MOODS = ("happy", "sad", "angry", "tired", "proud", "nervous", "sneaky")
"""Moods that the shipped model has heard of."""
LEAST_ENERGY, MOST_ENERGY = 0.3, 2.0
_POSTURE_SECONDS = 2.5
_WIDEST_TURN = np.radians(60.0)


def with_mood(text: str, mood: str) -> str:
    """The text with the mood said in the words that the model was taught."""
    article = "an" if mood[:1] in "aeiou" else "a"
    return f"{text.rstrip(' .')} in {article} {mood} way" if mood else text


def energetic(motion: Motion, energy: float) -> Motion:
    """The upper body's movements about its own slow posture made ``energy`` times as large.

    Legs and root stay, so that steps and contacts do. Raises LimberError out of range.
    """
    if not LEAST_ENERGY <= energy <= MOST_ENERGY:
        raise LimberError(
            f"the energy is {energy:g}; choose {LEAST_ENERGY:g} to {MOST_ENERGY:g}, 1 as it is."
        )
    owned = [p.own for p in DEFAULT_PARTS if p.name in ("torso", "head", "left_arm", "right_arm")]
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

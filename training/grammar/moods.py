"""Moods: posture, tempo and size of movement that colour everything a person does."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import SMPLX
from training.grammar.body import Body
from training.grammar.timeline import FPS

_FINGERS = ("index", "middle", "ring", "pinky")


@dataclass(frozen=True)
class Mood:
    """How a mood shows.

    ``bends`` are forward bends in degrees by joint; ``elbows`` and ``spread`` bend the elbows and
    hold the arms away from the body, degrees; ``low_m`` lowers the pelvis; ``bounce_m`` and
    ``glances`` (degrees of yaw) are the sizes of a bobbing pelvis and of looks to and fro;
    ``curl`` closes the fingers further, degrees. ``tempo`` and ``energy`` multiply the person's
    own. ``unlike`` is the speed that contradicts it.
    """

    tempo: float
    energy: float
    bends: Mapping[str, float] = field(default_factory=dict)
    elbows: float = 0.0
    spread: float = 0.0
    low_m: float = 0.0
    bounce_m: float = 0.0
    glances: float = 0.0
    glance_seconds: float = 2.5
    curl: float = 0.0
    unlike: str | None = None


MOODS = {
    "tired": Mood(
        0.78, 0.85, {"spine1": 4.0, "spine2": 6.0, "spine3": 7.0, "neck": 8.0, "head": 6.0},
        spread=-2.0, low_m=0.02, unlike="fast",
    ),
    "sad": Mood(
        0.85, 0.85, {"spine2": 4.0, "spine3": 5.0, "neck": 11.0, "head": 9.0},
        spread=-3.0, unlike="fast",
    ),
    "happy": Mood(
        1.12, 1.18, {"spine2": -2.0, "spine3": -3.0, "neck": -3.0, "head": -3.0},
        elbows=14.0, spread=6.0, bounce_m=0.012, unlike="slow",
    ),
    "angry": Mood(
        1.18, 1.18, {"spine1": 4.0, "spine2": 3.0, "neck": 4.0, "head": 2.0},
        elbows=26.0, spread=7.0, curl=55.0, unlike="slow",
    ),
    "proud": Mood(
        0.92, 1.08, {"spine1": -2.0, "spine2": -4.0, "spine3": -4.0, "neck": -3.0, "head": -4.0},
        spread=5.0,
    ),
    "sneaky": Mood(
        0.75, 0.9, {"spine1": 6.0, "spine2": 6.0, "spine3": 5.0, "neck": -8.0, "head": -6.0},
        elbows=38.0, spread=4.0, low_m=0.09, glances=13.0, unlike="fast",
    ),
    "nervous": Mood(
        1.1, 0.88, {"spine3": 4.0, "neck": 3.0},
        elbows=30.0, spread=-3.0, glances=12.0, glance_seconds=1.1, curl=25.0, unlike="slow",
    ),
}  # fmt: skip


def contradicted(mood: str | None, speeds: set[str | None]) -> bool:
    """Whether a speed that is told would not go with the mood."""
    unlike = MOODS[mood].unlike if mood else None
    return unlike is not None and unlike in speeds


def apply_mood(body: Body, name: str, rng: np.random.Generator) -> None:
    """Lay the mood over a body whose base is rendered, before gestures are added."""
    mood, strength = MOODS[name], rng.uniform(0.85, 1.2)
    seconds = np.arange(body.frames) / FPS
    for joint, degrees in mood.bends.items():
        _turn(body, joint, "x", np.radians(strength * degrees))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        # People are not symmetrical: one arm shows it more.
        share = strength * rng.uniform(0.75, 1.2)
        _turn(body, f"{side}_elbow", "y", -sign * np.radians(share * mood.elbows))
        _turn(body, f"{side}_shoulder", "z", sign * np.radians(share * mood.spread))
        for finger in _FINGERS:
            for bone in (1, 2):
                _turn(body, f"{side}_{finger}{bone}", "z", -sign * np.radians(share * mood.curl))
    body.pelvis_shift[:, 2] -= strength * mood.low_m
    phase = 2.0 * np.pi * (seconds / rng.uniform(0.8, 1.0) + rng.random())
    body.pelvis_shift[:, 2] += mood.bounce_m * (np.cos(phase) - 1.0)
    looks = _glances(seconds, mood, rng)
    _turn(body, "neck", "y", 0.4 * looks)
    _turn(body, "head", "y", 0.6 * looks)


def _glances(seconds: np.ndarray, mood: Mood, rng: np.random.Generator) -> np.ndarray:
    """Looks to and fro that stay a while at either side, radians ``[F]``."""
    pace = mood.glance_seconds * rng.uniform(0.8, 1.25)
    swing = np.sin(2.0 * np.pi * (seconds / (2.0 * pace) + rng.random()))
    return np.radians(mood.glances) * np.tanh(2.5 * swing)


def _turn(body: Body, joint: str, axis: str, radians) -> None:
    index = SMPLX.index(joint)
    turn = rotations.about(axis, np.broadcast_to(radians, body.frames))
    body.local_rotations[:, index] = rotations.multiply(turn, body.local_rotations[:, index])

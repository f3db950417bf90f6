"""The words of the grammar: what an action is, where it stands in time, what a clip says.

A clip is a :class:`Script`: beats that follow one another ("then"), each beat one or more
placements at the same time ("while"). The composer makes the script and the motion together, so
that captions and adherence predicates, both written from the script alone, are exact.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from training.grammar.body import Body

FPS = 30

CHANNELS = (
    "base", "torso", "head", "left_arm", "right_arm", "left_leg", "right_leg",
    "left_hand", "right_hand",
)  # fmt: skip


@dataclass(frozen=True)
class ActionDescription:
    """What an action does, in plain fields: all that captions and predicates may know.

    ``verb`` names the family ("walk", "wave", "kick", ...). A field that is ``None`` does not
    apply or is not claimed. Left and right are the character's own.
    """

    verb: str
    channels: tuple[str, ...]
    side: str | None = None  # "left", "right", "both", "alternating"
    count: int | None = None
    speed: str | None = None  # "slow", "normal", "fast"
    direction: str | None = None  # "forward", "backward", "left", "right", "up", "down", ...
    amplitude: str | None = None  # "small", "normal", "large"
    height: str | None = None  # "low", "middle", "high", "overhead", "waist", ...
    target: str | None = None  # what is reached, touched or looked at: "head", "hip", "ear", ...
    angle_degrees: float | None = None  # unsigned; ``direction`` tells which way
    distance_m: float | None = None


@dataclass(frozen=True)
class Placement:
    """An action from ``start`` (inclusive) to ``stop`` (exclusive), in frames of the clip."""

    description: ActionDescription
    start: int
    stop: int

    @property
    def seconds(self) -> float:
        return (self.stop - self.start) / FPS


@dataclass(frozen=True)
class Script:
    """``beats`` follow one another; the placements inside a beat overlap, the base first.

    ``(a,), (b,)`` reads "a, then b"; ``((a, b),)`` reads "a while b". Idling before, between and
    after is not a beat, unless idling is all there is. ``mood`` colours all of it.
    """

    beats: tuple[tuple[Placement, ...], ...]
    frames: int
    mood: str | None = None

    @property
    def placements(self) -> tuple[Placement, ...]:
        return tuple(placement for beat in self.beats for placement in beat)


@dataclass(frozen=True)
class Person:
    """How one person differs from another, fixed for a clip.

    ``energy`` (0.8..1.2) scales amplitudes, ``tempo`` (0.85..1.15) scales speeds,
    ``posture [J, 3]`` rotation vectors that the composer has already added to every frame,
    ``elbow_swivel`` radians by which elbows habitually stand out, ``handedness`` "left" or "right",
    ``mood`` one of ``moods.MOODS``.
    """

    energy: float = 1.0
    tempo: float = 1.0
    elbow_swivel: float = 0.0
    handedness: str = "right"
    posture: np.ndarray = field(default_factory=lambda: np.zeros((55, 3)))
    mood: str | None = None


class UpperBodyAction(Protocol):
    """One concrete action of torso, head, arms or hands; all its parameters are already chosen.

    ``apply`` edits ``body.local_rotations[start:stop]`` of the joints of its channels *on top of*
    what stands there (idling, walking with arm swing, sitting): it fades in from and back out to
    the underlying motion inside the window (C1: zero influence and zero slope at both ends) and
    leaves other joints alone. It may lean or shift the pelvis through ``body.pelvis_tilt`` and
    ``body.pelvis_shift``; the legs are solved after all actions, feet stay planted.
    """

    description: ActionDescription
    seconds: float

    def apply(
        self, body: Body, start: int, stop: int, person: Person, rng: np.random.Generator
    ) -> None: ...


@dataclass(frozen=True)
class UpperBodyFamily:
    """A kind of upper-body action: ``sample`` draws a concrete one.

    ``weight`` is its share among upper-body actions; ``bases`` names the bases it can run on
    ("stand", "walk", "run", "step", "sit", "squat"). A family that two bases share is sampled
    without knowing the base. Sides and counts are drawn evenly inside ``sample``.
    """

    name: str
    weight: float
    bases: tuple[str, ...]
    sample: Callable[[np.random.Generator, Person], UpperBodyAction]

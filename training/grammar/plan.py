"""A clip being planned: a clock, foot moves, keyed layers and gait spans, in seconds.

Planning knows no frames. Actions of the lower body add to the plan one after the other; only then
is the plan rendered as a whole, so that the pelvis anticipates what the feet will do.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from training.grammar.footwork import FootMove
from training.grammar.hand_plants import HandPlant
from training.grammar.timeline import FPS, ActionDescription, Person, Placement

# Rows of a layer's channel: "shift" and "tilt" of the pelvis, or a joint's name.
PELVIS_SHIFT, PELVIS_TILT = "shift", "tilt"


@dataclass(frozen=True)
class Layer:
    """Keys of something added on top: ``values [N, 3]`` at ``times [N]`` seconds.

    ``channel`` "shift" (metres: left, back, up), "tilt" (rotation vector, radians) or a joint's
    name (rotation vector in the frame of its parent at rest).
    """

    channel: str
    times: tuple[float, ...]
    values: np.ndarray


@dataclass(frozen=True)
class GaitSpan:
    """Walking or running from ``start`` to ``stop``: phase 0 is the left foot's landing, 0.5 the
    right one's. ``times`` and ``phases`` are keys of a rising phase; ``strength`` scales the swing
    of the upper body."""

    kind: str
    start: float
    stop: float
    times: tuple[float, ...]
    phases: tuple[float, ...]
    strength: float
    speed_m_s: float


@dataclass(eq=False)
class Plan:
    """What has been planned so far; ``now`` is the clock in seconds, ``plants [2, 3]`` where the
    feet stand (ankle x, y and yaw, left first)."""

    person: Person
    rng: np.random.Generator
    plants: np.ndarray
    stance_width_m: float
    toe_out: float
    now: float = 0.0
    moves: list[FootMove] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    gaits: list[GaitSpan] = field(default_factory=list)
    hand_plants: list[HandPlant] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    first_plants: np.ndarray = field(init=False)

    def __post_init__(self):
        self.first_plants = self.plants.copy()

    @property
    def heading(self) -> float:
        return float(self.plants[:, 2].mean())

    @property
    def centre(self) -> np.ndarray:
        """Middle of both ankles on the floor, ``[2]``."""
        return self.plants[:, :2].mean(axis=0)

    def home(self, foot: int, centre: np.ndarray, heading: float) -> tuple[float, float, float]:
        """Where a foot stands when the body stands at ``centre`` facing ``heading``."""
        side = (1.0 if foot == 0 else -1.0) * self.stance_width_m / 2.0
        x = centre[0] + side * np.cos(heading)
        y = centre[1] + side * np.sin(heading)
        return float(x), float(y), heading + (self.toe_out if foot == 0 else -self.toe_out)

    def move(self, move: FootMove) -> None:
        """Add a move and remember where the foot then stands."""
        self.moves.append(move)
        self.plants[move.foot] = move.plant

    def key(self, channel: str, times, values) -> None:
        """Add a layer; ``times`` count from now, ``values [N, 3]``."""
        times = tuple(float(self.now + t) for t in times)
        self.layers.append(Layer(channel, times, np.asarray(values, dtype=np.float64)))

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def say(self, description: ActionDescription, start: float, stop: float) -> Placement:
        """Record what was done from ``start`` to ``stop`` seconds."""
        placement = Placement(description, round(start * FPS), round(stop * FPS))
        self.placements.append(placement)
        return placement


def forward(heading: float) -> np.ndarray:
    """Unit vector on the floor that a heading faces, ``[2]``."""
    return np.array([np.sin(heading), -np.cos(heading)])


def leftward(heading: float) -> np.ndarray:
    return np.array([np.cos(heading), np.sin(heading)])


def standing_plan(person: Person, rng: np.random.Generator) -> Plan:
    """A plan that starts standing at the origin, facing -Y, in a stance of the person's own."""
    width = rng.uniform(0.15, 0.24)
    toe_out = np.deg2rad(rng.uniform(-8.0, 6.0))
    stagger = rng.normal(0.0, 0.025)
    plan = Plan(person, rng, np.zeros((2, 3)), width, toe_out)
    plan.plants = np.array([plan.home(foot, np.zeros(2), 0.0) for foot in (0, 1)])
    plan.plants[0, 1] += stagger
    plan.plants[1, 1] -= stagger
    plan.first_plants = plan.plants.copy()
    return plan


def shifted(placement: Placement, frames: int) -> Placement:
    return replace(placement, start=placement.start + frames, stop=placement.stop + frames)

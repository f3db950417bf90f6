"""Hands and feet held at places for a time, and a head that looks at one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .. import rotations
from ..edit.curves import averaged, smooth_step
from ..errors import LimberError
from ..hinges import LIMBS, reach
from ..motion import Motion
from ..skeleton import SMPLX
from .look_at import looking

EASE_SECONDS = 0.5
FARTHEST_LEAN_M = 0.4
STRETCH = 0.995


@dataclass(frozen=True)
class Pin:
    """``effector`` (a name of LIMBS: wrists and ankles; or "head", which looks) is at ``place``
    (metres, world) from ``start`` to ``stop`` seconds."""

    effector: str
    start: float
    stop: float
    place: tuple[float, float, float]

    def __str__(self) -> str:
        return f"{self.effector}={self.start:g}:{self.stop:g}"


def check_pins(pins: Sequence[Pin], seconds: float) -> None:
    """Raises LimberError for unknown effectors, times outside the clip, and two pins that want one
    effector at two places at once."""
    for index, pin in enumerate(pins):
        if pin.effector not in (*LIMBS, "head"):
            raise LimberError(
                f"nothing called {pin.effector!r} can be pinned; choose from {', '.join(LIMBS)}."
            )
        if not 0.0 <= pin.start < pin.stop <= seconds + 1e-6:
            raise LimberError(
                f"the pin {pin} does not lie in the clip, which lasts {seconds:.2f} seconds."
            )
        for other in pins[:index]:
            overlap = pin.start < other.stop and other.start < pin.stop
            if other.effector == pin.effector and overlap and other.place != pin.place:
                raise LimberError(
                    f"the pins {other} and {pin} contradict each other: one {pin.effector}, two "
                    "places; part their times."
                )


def pinned(motion: Motion, pins: Sequence[Pin]) -> Motion:
    """The motion with its hands and feet at their pins, eased to and from them, by two-bone inverse
    kinematics. Where an arm or leg is too short the hips lean over, feet staying where they are.

    Raises LimberError for places out of reach even so.
    """
    check_pins(pins, motion.seconds)
    by_effector: dict[str, list[Pin]] = {}
    for pin in pins:
        by_effector.setdefault(pin.effector, []).append(pin)
    looks = by_effector.pop("head", [])
    # Leaning moves every limb, and the eyes: each is held when nothing will lean any more.
    for effector, own in by_effector.items():
        motion = _leaning(motion, effector, own)
    for effector, own in by_effector.items():
        motion = _held(motion, effector, own)
    for pin, weight in zip(looks, pin_weights(looks, motion.frames, motion.fps)):
        motion = looking(motion, np.broadcast_to(pin.place, (motion.frames, 3)), weight)
    return motion


def pin_weights(
    pins: Sequence[Pin], frames: int, fps: float, kept_seconds: Sequence[float] = ()
) -> list[np.ndarray]:
    """For each pin of one effector, weights ``[F]``: 1 within its time, eased to 0 before and
    after, without reaching into the time of another or up to ``kept_seconds``, which stay as they
    are. Together at most 1: a frame at which one pin ends and another begins belongs to the later
    one."""
    seconds = np.arange(frames) / fps
    inside = [(seconds >= p.start - 1e-6) & (seconds <= p.stop + 1e-6) for p in pins]
    walls = [replace(pins[0], start=kept, stop=kept) for kept in kept_seconds]
    found = [np.zeros(0)] * len(pins)
    taken = np.zeros(frames)
    for index in sorted(range(len(pins)), key=lambda i: pins[i].start, reverse=True):
        others = [other for i, other in enumerate(pins) if i != index] + walls
        weight = _eased_weight(pins[index], others, seconds, fps)
        foreign = np.any([own for i, own in enumerate(inside) if i != index], axis=0)
        weight[foreign & ~inside[index]] = 0.0
        found[index] = np.minimum(weight, 1.0 - taken)
        taken += found[index]
    return found


def _eased_weight(pin: Pin, others: list[Pin], seconds: np.ndarray, fps: float) -> np.ndarray:
    """A pin's weights ``[F]`` at times ``seconds [F]``, eased in the room that others leave."""
    start, stop = _held_seconds(pin, fps)
    earlier = [_held_seconds(other, fps)[1] for other in others if other.stop <= pin.start]
    later = [_held_seconds(other, fps)[0] for other in others if other.start >= pin.stop]
    room_before = np.clip(start - max(earlier, default=-np.inf), 1e-6, EASE_SECONDS)
    room_after = np.clip(min(later, default=np.inf) - stop, 1e-6, EASE_SECONDS)
    before = smooth_step(1.0 - (start - seconds) / room_before)
    after = smooth_step(1.0 - (seconds - stop) / room_after)
    return np.minimum(before, after)


def _held_seconds(pin: Pin, fps: float) -> tuple[float, float]:
    """A pin's time, widened to whole frames."""
    return np.floor(pin.start * fps + 1e-6) / fps, np.ceil(pin.stop * fps - 1e-6) / fps


def _held(motion: Motion, effector: str, pins: Sequence[Pin]) -> Motion:
    weights = pin_weights(pins, motion.frames, motion.fps)
    end = motion.joint_positions()[:, SMPLX.index(LIMBS[effector][2])]
    wanted = end.copy()
    for pin, weight in zip(pins, weights):
        wanted += weight[:, None] * (np.asarray(pin.place) - end)
    keeps_turn = effector.endswith("foot")
    return reach(motion, effector, wanted, keeps_turn, np.max(weights, axis=0) > 0.0)


def _leaning(motion: Motion, effector: str, pins: Sequence[Pin]) -> Motion:
    """The hips moved towards pins beyond reach, the ankles kept in place by the legs."""
    positions = motion.joint_positions()
    names = LIMBS[effector]
    length = (
        STRETCH * np.linalg.norm(SMPLX.offsets[[SMPLX.index(n) for n in names[1:]]], axis=-1).sum()
    )
    start = positions[:, SMPLX.index(names[0])]
    shift = np.zeros((motion.frames, 3))
    for pin, weight in zip(pins, pin_weights(pins, motion.frames, motion.fps)):
        across = np.asarray(pin.place) - start
        missing = np.linalg.norm(across, axis=-1) - length
        worst = int(np.argmax(np.where(weight >= 1.0, missing, -np.inf)))
        if missing[worst] > FARTHEST_LEAN_M:
            raise LimberError(
                f"the pin {pin} is {missing[worst]:.2f} m out of reach at "
                f"{worst / motion.fps:.2f} s; move it nearer, or lead the character there."
            )
        needed = spread(np.where(weight >= 1.0, np.maximum(missing, 0.0), 0.0), motion.fps)
        shift += (weight * needed)[:, None] * rotations.normalize(across)
    if not shift.any():
        return motion
    moved = replace(motion, root_positions=motion.root_positions + shift)
    for foot in ("left_foot", "right_foot"):
        if foot != effector:
            ankle = positions[:, SMPLX.index(LIMBS[foot][2])]
            moved = reach(moved, foot, ankle, True, shift.any(-1))
    return moved


def spread(values: np.ndarray, fps: float) -> np.ndarray:
    """A smooth curve ``[F]`` above ``values [F]``: the largest around each frame, averaged."""
    reach = max(round(EASE_SECONDS * fps / 2.0), 1)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, reach), 2 * reach + 1)
    return averaged(windows.max(-1)[:, None], 2 * reach)[:, 0]

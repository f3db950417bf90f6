"""Analytic motions with known answers: joints turned by formulas of time, nothing recorded."""

from collections.abc import Callable, Mapping

import numpy as np

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX, STANDING, standing_height_m

FPS = 30.0
Curve = Callable[[np.ndarray], np.ndarray]
Turns = Mapping[tuple[str, str], Curve]  # (joint, axis of the T-pose) -> degrees over time
LEG_M = 0.87  # hip to sole while walking stiffly


def between(start: float, stop: float, value: float = 1.0, ramp: float = 0.3) -> Curve:
    """Zero, then ``value`` from ``start`` to ``stop`` seconds, with smooth ramps inside."""

    def curve(t: np.ndarray) -> np.ndarray:
        inside = np.clip(np.minimum(t - start, stop - t) / ramp, 0.0, 1.0)
        return value * inside**2 * (3.0 - 2.0 * inside)

    return curve


def bumps(times: list[float], seconds: float, value: float) -> Curve:
    """A smooth bump of that height and width around every time."""
    return lambda t: sum(
        value * np.where(abs(t - at) < seconds / 2, np.cos(np.pi * (t - at) / seconds) ** 2, 0.0)
        for at in times
    )


def times(value: float) -> Curve:
    return lambda t: value * t


def act(
    seconds: float,
    turns: Turns | None = None,
    forward_m: Curve | None = None,
    left_m: Curve | None = None,
    up_m: Curve | None = None,
    yaw_degrees: Curve | None = None,
    start_yaw_degrees: float = 0.0,
) -> Motion:
    """Somebody standing with hanging arms, whose joints, pelvis path and heading follow curves.

    Turns are about the model's axes (x left, y up, z forward), applied on top of the stance.
    ``forward_m`` and ``left_m`` are along the heading that the clip starts with.
    """
    t = np.arange(round(seconds * FPS)) / FPS
    nothing = np.zeros_like(t)
    local = np.tile(rotations.IDENTITY, (len(t), SMPLX.joints, 1))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        local[:, SMPLX.index(f"{side}_shoulder")] = rotations.about("z", -sign * np.radians(75.0))
    for (joint, axis), curve in (turns or {}).items():
        index = SMPLX.index(joint)
        turn = rotations.about(axis, np.radians(curve(t) + nothing))
        local[:, index] = rotations.multiply(turn, local[:, index])
    start = np.radians(start_yaw_degrees)
    yaw = start + np.radians(yaw_degrees(t) if yaw_degrees else nothing)
    tilt = local[:, 0].copy()
    local[:, 0] = rotations.multiply(rotations.multiply(rotations.about("z", yaw), STANDING), tilt)
    path = [left_m, lambda t: -(forward_m(t) if forward_m else nothing), up_m]
    local_path = np.stack([curve(t) if curve else nothing for curve in path], axis=-1)
    root = rotations.rotate(rotations.about("z", start), local_path)
    root[:, 2] += standing_height_m()
    return Motion(root, local, np.ones((len(t), 4)), FPS)


def gait(m_s: float, swing_degrees: float = 28.0, side: str = "left") -> dict:
    """Turns of swinging stiff legs (and arms) that fit a speed; negative walks backwards."""
    amplitude = np.radians(swing_degrees)
    omega = abs(m_s) / (LEG_M * amplitude) * np.sign(m_s)
    lead = 1.0 if side == "left" else -1.0
    turns = {}
    for one, sign in (("left", lead), ("right", -lead)):
        turns[(f"{one}_hip", "x")] = lambda t, s=sign: -s * swing_degrees * np.sin(omega * t)
        turns[(f"{one}_knee", "x")] = lambda t, s=sign: (
            35.0 * np.maximum(s * np.cos(omega * t) * np.sign(m_s), 0.0)
        )
    return turns


def walk(seconds: float, m_s: float = 1.2, turns: Turns | None = None, **path) -> Motion:
    return act(seconds, {**gait(m_s), **(turns or {})}, forward_m=times(m_s), **path)


def arm_up(side: str, degrees: float, curve: Curve) -> Turns:
    """The arm swung sideways and up from hanging: 75 is level, 165 straight up."""
    sign = 1.0 if side == "left" else -1.0
    return {(f"{side}_shoulder", "z"): lambda t: sign * degrees * curve(t)}


def waving(side: str, start: float, stop: float) -> Turns:
    """Upper arm level, forearm up, swinging sideways at two cycles a second."""
    sign = 1.0 if side == "left" else -1.0
    raised = between(start, stop)
    return {
        **arm_up(side, 75.0, raised),
        (f"{side}_elbow", "z"): lambda t: (
            sign * raised(t) * (80.0 + 25.0 * np.sin(4 * np.pi * (t - start)))
        ),
    }


def kicking(side: str, moments: list[float]) -> Turns:
    return {(f"{side}_hip", "x"): bumps(moments, 0.8, -65.0)}


def punching(side: str, moments: list[float]) -> Turns:
    """A fist that goes from the chest straight forward and back; guard with bent elbow."""
    sign = 1.0 if side == "left" else -1.0
    out = bumps(moments, 0.5, 1.0)
    return {
        (f"{side}_shoulder", "z"): lambda t: (
            sign * 75.0 * np.ones_like(t) - sign * 30 * (1 - out(t))
        ),
        (f"{side}_shoulder", "y"): lambda t: -sign * 85.0 * out(t),
        (f"{side}_elbow", "y"): lambda t: -sign * 120.0 * (1.0 - out(t)),
    }


def squatting(moments: list[float], depth_degrees: float = 70.0, seconds: float = 1.6) -> dict:
    """Arguments of :func:`act` for squats: bent hips and knees, the pelvis lowered to match."""
    depth = bumps(moments, seconds, 1.0)
    return sinking(lambda t: depth_degrees * depth(t))


def sinking(thigh_degrees: Curve) -> dict:
    """Thighs forward by an angle, shanks upright, the pelvis lowered by what that takes."""
    turns = {}
    for side in ("left", "right"):
        turns[(f"{side}_hip", "x")] = lambda t: -thigh_degrees(t)
        turns[(f"{side}_knee", "x")] = thigh_degrees
    return {
        "turns": turns,
        "up_m": lambda t: -0.385 * (1.0 - np.cos(np.radians(thigh_degrees(t)))),
    }


def jumping(moments: list[float], height_m: float = 0.25) -> Curve:
    """Ballistic heights: parabolas around every time."""
    half = np.sqrt(2.0 * height_m / 9.81)
    return lambda t: sum(np.maximum(height_m * (1 - ((t - at) / half) ** 2), 0) for at in moments)


def clapping(moments: list[float]) -> Turns:
    """Both arms level and forward; the palms meet before the chest at every time."""
    together = bumps(moments, 0.5, 1.0)
    turns = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        turns[(f"{side}_shoulder", "z")] = lambda t, s=sign: s * 75.0 * np.ones_like(t)
        turns[(f"{side}_shoulder", "y")] = lambda t, s=sign: -s * (70.0 + 38.0 * together(t))
    return turns

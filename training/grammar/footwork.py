"""Footwork: feet planted and moved by construction, so that a planted foot cannot slide.

A plant is a flat foot on the floor: ankle x and y, and yaw (0 faces -Y, positive to the left). A
:class:`FootMove` lifts one foot and plants it elsewhere. While planted, the foot rolls over its
heel (toes up) or its ball (heel up), which both keep a point of the sole exactly in place.
"""

from dataclasses import dataclass

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import HEEL_OFFSET_M, SMPLX
from training.grammar.curves import ease, hermite, through_keys

SIDES = ("left", "right")
ANKLE_HEIGHT_M = float(-HEEL_OFFSET_M[1])
_FLAT_RAD = np.deg2rad(1.0)
# From the flat ankle to the points that the foot rolls over, in the frame of a plant: x left,
# y back, z up (world axes turned by the plant's yaw). The ball of each foot, left first.
_HEEL = np.array([0.0, -HEEL_OFFSET_M[2], HEEL_OFFSET_M[1]])
_BALLS = np.stack(
    [
        np.array([offset[0], -offset[2], offset[1]])
        for offset in (SMPLX.offsets[SMPLX.index(f"{side}_foot")] for side in SIDES)
    ]
)


@dataclass(frozen=True)
class FootMove:
    """One foot (0 left, 1 right) leaves the floor at ``lift`` and is planted at ``land`` seconds.

    ``plant``: x, y, yaw of the new plant. ``clearance_m``: height added in mid-air.
    ``heel_rise``: how long before lifting the heel rises; ``lift_pitch``, ``air_pitch``,
    ``land_pitch`` in radians, positive with toes up; ``roll_down``: how long after landing the
    foot takes to lie flat, or at ``rest_pitch`` (below zero: on its ball). ``weight_shift``: how far the pelvis moves over the other foot, 0..1,
    from ``lead`` seconds before to ``trail`` seconds after. ``carry`` is how much the pelvis
    follows the move. ``air_keys``: rows of (fraction of the time in the air, left, back, up in the
    frame of the plant, relative to the flat ankle, pitch) for feet that do something in the air,
    such as kicks. ``ballistic``: the foot rises and falls as if thrown, as in jumps.
    """

    foot: int
    lift: float
    land: float
    plant: tuple[float, float, float]
    clearance_m: float = 0.03
    heel_rise: float = 0.12
    lift_pitch: float = -0.5
    air_pitch: float = -0.15
    land_pitch: float = 0.1
    roll_down: float = 0.1
    weight_shift: float = 0.5
    lead: float = 0.0
    trail: float = 0.0
    knee_out: float = 0.0
    air_keys: tuple[tuple[float, float, float, float, float], ...] = ()
    ballistic: bool = False
    rest_pitch: float = 0.0


@dataclass(eq=False)
class Footwork:
    """Both feet over ``F`` frames: ``ankles [F, 2, 3]``, ``yaw``, ``pitch``, ``toe_bend``,
    ``knee_out`` ``[F, 2]``, ``contacts [F, 4]``, ``plants [F, 2, 3]`` (x, y, yaw of the plant, or
    between two plants while the foot moves), ``airborne [F, 2]``."""

    ankles: np.ndarray
    yaw: np.ndarray
    pitch: np.ndarray
    toe_bend: np.ndarray
    knee_out: np.ndarray
    contacts: np.ndarray
    plants: np.ndarray
    airborne: np.ndarray


def render_feet(seconds: np.ndarray, plants: np.ndarray, moves: list[FootMove]) -> Footwork:
    """Feet at the times ``seconds [F]`` from first ``plants [2, 3]`` through ``moves``.

    Moves of one foot must not overlap; of two feet they may.
    """
    feet = [
        _render_foot(seconds, foot, plants[foot], sorted_moves)
        for foot in (0, 1)
        for sorted_moves in [sorted((m for m in moves if m.foot == foot), key=lambda m: m.lift)]
    ]
    stacked = {name: np.stack([f[name] for f in feet], axis=1) for name in feet[0]}
    contacts = stacked.pop("contacts").reshape(len(seconds), 4)
    toe_bend = np.where(stacked["airborne"], 0.3, 1.0) * np.maximum(-stacked["pitch"], 0.0)
    toe_bend = np.where(stacked["airborne"], _calm(toe_bend, stacked["airborne"]), toe_bend)
    return Footwork(contacts=contacts, toe_bend=toe_bend, **stacked)


def _calm(toe_bend: np.ndarray, airborne: np.ndarray) -> np.ndarray:
    """Toes in the air ease from their bend at lifting to their bend at landing."""
    result = toe_bend.copy()
    for foot in (0, 1):
        planted = np.flatnonzero(~airborne[:, foot])
        if len(planted):
            frames = np.arange(len(toe_bend))
            result[:, foot] = np.interp(frames, planted, toe_bend[planted, foot])
    return result


def _render_foot(seconds, foot, plant, moves) -> dict[str, np.ndarray]:
    frames = len(seconds)
    pitch_keys = _pitch_keys(seconds, moves)
    pitch = through_keys(seconds, *pitch_keys)
    plants = np.tile(np.asarray(plant, dtype=np.float64), (frames, 1))
    airborne = np.zeros(frames, dtype=bool)
    knee_out = np.zeros(frames)
    for move in moves:
        u = (seconds - move.lift) / (move.land - move.lift)
        start, stop = plants[-1].copy(), np.asarray(move.plant)
        moving = u > 0.0
        plants[moving] = start + ease(u[moving])[:, None] * (stop - start)
        airborne |= (u > 0.0) & (u < 1.0)
        knee_out += move.knee_out * np.where((u > 0) & (u < 1), 16 * (u * (1 - u)) ** 2, 0.0)
    ankles = rolled_ankle(foot, plants, pitch)
    previous = np.asarray(plant, dtype=np.float64)
    for move in moves:
        inside = (seconds > move.lift) & (seconds < move.land)
        if inside.any():
            ankles[inside] = _in_the_air(seconds[inside], foot, previous, move, pitch_keys)
        previous = np.asarray(move.plant)
    heel = ~airborne & (pitch > -_FLAT_RAD)
    toe = ~airborne & (pitch < _FLAT_RAD)
    return {
        "ankles": ankles,
        "yaw": plants[:, 2],
        "pitch": pitch,
        "knee_out": knee_out,
        "contacts": np.stack([heel, toe], axis=-1).astype(np.float64),
        "plants": plants,
        "airborne": airborne,
    }


def rolled_ankle(foot: int, plants: np.ndarray, pitch: np.ndarray) -> np.ndarray:
    """Ankle ``[F, 3]`` of a planted foot rolled by ``pitch [F]`` over its heel or its ball."""
    pivot = np.where((pitch >= 0.0)[:, None], _HEEL, _BALLS[foot])
    turn = rotations.about("x", -pitch)
    offset = pivot - rotations.rotate(turn, pivot)
    offset = rotations.rotate(rotations.about("z", plants[:, 2]), offset)
    flat = np.concatenate([plants[:, :2], np.full((len(plants), 1), ANKLE_HEIGHT_M)], axis=-1)
    return flat + offset


def _pitch_keys(seconds: np.ndarray, moves: list[FootMove]) -> tuple[np.ndarray, np.ndarray]:
    """Times and values of the pitch of one foot; keys that come too close give way to later."""
    keys = [(float(seconds[0]) - 1.0, 0.0)]
    resting = 0.0
    for move in moves:
        air = move.land - move.lift
        keys.append((move.lift - move.heel_rise, resting))
        keys.append((move.lift, 0.85 * move.lift_pitch))
        if move.air_keys:
            keys += [(move.lift + row[0] * air, row[4]) for row in move.air_keys]
        else:
            keys.append((move.lift + 0.12 * air, move.lift_pitch))
            keys.append((move.lift + 0.6 * air, move.air_pitch))
            keys.append((move.land - 0.08 * air, move.land_pitch))
        keys.append((move.land, 0.9 * move.land_pitch))
        resting = move.rest_pitch
        keys.append((move.land + move.roll_down, resting))
    kept = [keys[0]]
    for key in keys[1:]:
        while len(kept) > 1 and key[0] < kept[-1][0] + 0.01:
            kept.pop()
        kept.append(key)
    times, values = np.array(kept).T
    return times, values


def _in_the_air(seconds, foot, previous, move: FootMove, pitch_keys) -> np.ndarray:
    """Ankle ``[N, 3]`` between two plants, leaving and arriving with the speed of the roll."""
    air = move.land - move.lift
    u = ((seconds - move.lift) / air)[:, None]
    step = 1.0 / 120.0
    ends = np.array([move.lift - step, move.lift, move.land, move.land + step])
    pitch = through_keys(ends, *pitch_keys)
    plant = np.asarray(move.plant)
    rolled = rolled_ankle(foot, np.stack([previous, previous, plant, plant]), pitch)
    start, stop = rolled[1], rolled[2]
    start_speed, stop_speed = (rolled[1] - rolled[0]) / step, (rolled[3] - rolled[2]) / step
    if move.air_keys:
        return _through_air_keys(u[:, 0], start, stop, previous, move)
    position = hermite(u, start, start_speed * air, stop, stop_speed * air)
    bump = 4.0 * u * (1.0 - u) if move.ballistic else 16.0 * (u * (1.0 - u)) ** 2
    position[:, 2:] += move.clearance_m * bump
    floor = ANKLE_HEIGHT_M + 0.01 * bump[:, 0]
    position[:, 2] = np.maximum(position[:, 2], floor)
    return position


def _through_air_keys(u, start, stop, previous, move: FootMove) -> np.ndarray:
    """The path of a foot that kicks, hangs or is held up: keys in the frame of its old plant."""
    turn = rotations.about("z", previous[2])
    home = np.array([previous[0], previous[1], ANKLE_HEIGHT_M])
    rows = np.array(move.air_keys)
    points = home + rotations.rotate(turn, rows[:, 1:4])
    times = np.concatenate([[0.0], rows[:, 0], [1.0]])
    return through_keys(u, times, np.concatenate([start[None], points, stop[None]]))

"""From a plan to a body: feet, then the pelvis over them, then everything above."""

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import SMPLX
from training.grammar.body import STANDING_HEIGHT_M, Body
from training.grammar.curves import smooth, through_keys, window
from training.grammar.footwork import FootMove, Footwork, render_feet
from training.grammar.library import (
    MIRRORED,
    PHASES,
    UPPER_JOINTS,
    UPPER_NAMES,
    GaitCycle,
    IdleTake,
    Library,
)
from training.grammar.moods import apply_mood
from training.grammar.plan import PELVIS_SHIFT, PELVIS_TILT, GaitSpan, Plan
from training.grammar.timeline import FPS

SOFT_KNEES_M = 0.012
RELAXED_FINGER_RAD = 0.35
HEAD_LEAD_SECONDS = 0.2
LANDING_M, LANDING_SECONDS = 0.014, 0.05
UNEVEN_ARMS = 0.12
_REFLECT = np.array([1.0, 1.0, -1.0, -1.0])


def render(plan: Plan, frames: int, library: Library) -> Body:
    """The body ``[F]`` of a plan, without upper-body actions and without legs solved."""
    seconds = np.arange(frames) / FPS
    body = Body.empty(frames)
    feet = render_feet(seconds, plan.first_plants, plan.moves)
    for name in ("ankles", "toe_bend", "knee_out", "contacts"):
        setattr(body, name, getattr(feet, name))
    body.foot_yaw, body.foot_pitch = feet.yaw, feet.pitch
    body.hand_plants = plan.hand_plants
    _place_pelvis(body, feet, plan, seconds)
    walking = _walking_weight(plan, seconds)
    _idle(body, plan, library, 1.0 - walking)
    for span in plan.gaits:
        _gait(body, span, seconds, library, plan.rng)
    _relax_fingers(body, plan.rng)
    _add_layers(body, plan, seconds)
    _feel_landings(body, plan.moves, seconds)
    _lead_with_head(body)
    _add_posture(body, plan.person.posture)
    if plan.person.mood:
        apply_mood(body, plan.person.mood, plan.rng)
    return body


def _place_pelvis(body: Body, feet: Footwork, plan: Plan, seconds: np.ndarray) -> None:
    """Pelvis between the feet, anticipating their moves, and over the foot that bears weight."""
    sigma = 0.13 * FPS
    centre = feet.plants[..., :2].mean(axis=1)
    body.heading = smooth(feet.plants[..., 2].mean(axis=1), 0.12 * FPS)
    shift = np.zeros((len(seconds), 2))
    for move in plan.moves:
        bearing = (seconds >= move.lift - move.lead) & (seconds <= move.land + move.trail)
        standing = feet.plants[:, 1 - move.foot, :2]
        aside = np.stack([np.cos(body.heading), np.sin(body.heading)], axis=-1)
        lateral = np.sum((standing - centre) * aside, axis=-1, keepdims=True)
        shift[bearing] = (move.weight_shift * lateral * aside)[bearing]
    body.pelvis_path[:, :2] = smooth(centre + smooth(shift, 0.5), sigma)
    body.pelvis_path[:, 2] = STANDING_HEIGHT_M - SOFT_KNEES_M


def _walking_weight(plan: Plan, seconds: np.ndarray) -> np.ndarray:
    weight = np.zeros(len(seconds))
    for span in plan.gaits:
        weight = np.maximum(weight, _span_weight(span, seconds))
    return weight


def _span_weight(span: GaitSpan, seconds: np.ndarray) -> np.ndarray:
    return window(seconds, span.start - 0.25, span.stop + 0.35, 0.7, 0.8)


def _idle(body: Body, plan: Plan, library: Library, sway_weight: np.ndarray) -> None:
    """Upper body and sway of a real take, from a random moment, at a random pace, or mirrored."""
    rng = plan.rng
    take: IdleTake = library.idles[rng.integers(len(library.idles))]
    pace = rng.uniform(0.8, 1.2)
    length = int(np.ceil(body.frames * pace)) + 2
    last = len(take.upper) - 1.001
    at = rng.uniform(0.0, max(1.0, last - length)) + np.arange(body.frames) * pace
    at = last - np.abs(at % (2.0 * last) - last)  # to and fro where a take is too short
    before, t = np.floor(at).astype(int), at % 1.0
    upper = rotations.slerp(take.upper[before], take.upper[before + 1], t[:, None])
    tilt = take.tilt[before] * (1 - t[:, None]) + take.tilt[before + 1] * t[:, None]
    sway = take.sway[before] * (1 - t[:, None]) + take.sway[before + 1] * t[:, None]
    if rng.random() < 0.5:
        upper = upper[:, MIRRORED] * _REFLECT
        tilt, sway = tilt * [1.0, -1.0, -1.0], sway * [-1.0, 1.0, 1.0]
    body.local_rotations[:, UPPER_JOINTS] = upper
    body.pelvis_tilt += tilt * sway_weight[:, None]
    body.pelvis_shift += sway * sway_weight[:, None]


def _gait(body: Body, span: GaitSpan, seconds, library: Library, rng) -> None:
    """The upper body and the pelvis of a real cycle, at the phases of the planned steps."""
    inside = np.flatnonzero(_span_weight(span, seconds) > 0.0)
    if not len(inside):
        return
    cycles = library.cycles_of("run" if span.kind == "run" else "walk")
    nearness = np.array([-abs(c.speed_m_s - span.speed_m_s) for c in cycles])
    best = np.argsort(nearness)[::-1][: max(3, len(cycles) // 3)]
    cycle: GaitCycle = cycles[best[rng.integers(len(best))]]
    weight = _span_weight(span, seconds[inside])
    phase = np.interp(seconds[inside], span.times, span.phases)
    at = (phase % 1.0) * PHASES
    before, t = np.floor(at).astype(int) % PHASES, at % 1.0
    after = (before + 1) % PHASES
    mean = rotations.normalize(cycle.upper.mean(axis=0))
    swung = rotations.slerp(cycle.upper[before], cycle.upper[after], t[:, None])
    swung = rotations.slerp(
        np.broadcast_to(mean, swung.shape), swung, np.tile(_swings(span, rng), (len(at), 1))
    )
    under = body.local_rotations[np.ix_(inside, UPPER_JOINTS)]
    body.local_rotations[np.ix_(inside, UPPER_JOINTS)] = rotations.slerp(
        under, swung, weight[:, None]
    )
    tilt = cycle.tilt[before] * (1 - t[:, None]) + cycle.tilt[after] * t[:, None]
    bob = cycle.bob[before] * (1 - t) + cycle.bob[after] * t
    body.pelvis_tilt[inside] += weight[:, None] * tilt * span.strength
    body.pelvis_shift[inside, 2] += weight * bob * span.strength


def _swings(span: GaitSpan, rng: np.random.Generator) -> np.ndarray:
    """How much of a cycle's swing each upper joint shows ``[13]``: one arm more than the other."""
    more = np.clip(rng.normal(0.0, UNEVEN_ARMS), -2 * UNEVEN_ARMS, 2 * UNEVEN_ARMS)
    sides = [{"l": more, "r": -more}.get(name[0], 0.0) for name in UPPER_NAMES]
    return span.strength * (1.0 + np.array(sides))


def _feel_landings(body: Body, moves: list[FootMove], seconds: np.ndarray) -> None:
    """The weight that comes onto a landing foot: pelvis and head give way a moment, and recover."""
    for before, move in _with_plants_before(moves):
        reach = np.hypot(move.plant[0] - before[0], move.plant[1] - before[1])
        speed = reach / max(move.land - move.lift, 0.1)
        size = 0.003 + 0.0015 * speed**2 + 0.004 * bool(move.air_keys)
        size = LANDING_M if move.ballistic else min(size, LANDING_M)
        late = np.maximum(seconds - move.land, 0.0) / LANDING_SECONDS
        give = size * late * np.exp(1.0 - late)
        body.pelvis_shift[:, 2] -= give
        body.pelvis_tilt[:, 0] += 1.2 * give
        neck = SMPLX.index("neck")
        body.local_rotations[:, neck] = rotations.multiply(
            rotations.about("x", 1.5 * give), body.local_rotations[:, neck]
        )


def _with_plants_before(moves: list[FootMove]):
    """Moves with where the foot stood before; a foot's first move counts as one on the spot."""
    stood: dict[int, tuple[float, float, float]] = {}
    for move in sorted(moves, key=lambda move: move.lift):
        yield stood.get(move.foot, move.plant), move
        stood[move.foot] = move.plant


def _relax_fingers(body: Body, rng: np.random.Generator) -> None:
    """Half-closed hands, each finger a little different."""
    for sign, first in ((1.0, SMPLX.index("left_index1")), (-1.0, SMPLX.index("right_index1"))):
        for finger, share in enumerate((0.8, 1.0, 1.25, 1.15)):
            curl = RELAXED_FINGER_RAD * share * rng.uniform(0.7, 1.3)
            for bone, part in enumerate((1.0, 1.1, 0.7)):
                joint = first + 3 * finger + bone
                body.local_rotations[:, joint] = rotations.about("z", -sign * curl * part)
        thumb = first + 12
        body.local_rotations[:, thumb] = rotations.about("y", -sign * rng.uniform(0.1, 0.3))


def _add_layers(body: Body, plan: Plan, seconds: np.ndarray) -> None:
    """Keyed layers, each on top of what stands there."""
    for layer in plan.layers:
        values = through_keys(seconds, np.array(layer.times), layer.values)
        if layer.channel == PELVIS_SHIFT:
            body.pelvis_shift += values
        elif layer.channel == PELVIS_TILT:
            body.pelvis_tilt += values
        else:
            joint = SMPLX.index(layer.channel)
            body.local_rotations[:, joint] = rotations.multiply(
                rotations.from_axis_angle(values), body.local_rotations[:, joint]
            )


def _lead_with_head(body: Body) -> None:
    """The head looks where the body will face a moment later."""
    ahead = np.minimum(np.arange(body.frames) + round(HEAD_LEAD_SECONDS * FPS), body.frames - 1)
    lead = smooth(body.heading[ahead] - body.heading, 2.0)
    lead = 0.7 * np.tanh(1.2 * lead / 0.7)
    for name, share in (("spine3", 0.15), ("neck", 0.4), ("head", 0.45)):
        joint = SMPLX.index(name)
        body.local_rotations[:, joint] = rotations.multiply(
            rotations.about("y", share * lead), body.local_rotations[:, joint]
        )


def _add_posture(body: Body, posture: np.ndarray) -> None:
    for joint in np.flatnonzero(np.abs(posture).max(axis=-1) > 0.0):
        body.local_rotations[:, joint] = rotations.multiply(
            rotations.from_axis_angle(posture[joint]), body.local_rotations[:, joint]
        )

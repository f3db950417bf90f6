"""Predicates on arms and legs. Left and right are the character's own.

Where a limb *acts* (waves, punches, kicks, lifts its knee), ``side`` "left" or "right" means that
side and not the other; "either" adds both up; "both" asks it of each.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import SMPLX
from training.adherence import events
from training.adherence.measurements import SIDES, Kinematics, Side

HOLD_SECONDS = 0.3  # a pose that is passed through in less is not taken up
CLEARLY_ABOVE_M = 0.03
LEVEL_M = 0.08  # a straight arm whose wrist is at most so far under its shoulder is level
ARM_STRAIGHT_SHARE = 0.8  # of the straight arm's length, from shoulder to wrist
ARM_DIRECTION_DEGREES = 40.0
ARM_DOWN_M = 0.1  # a wrist lower than this under its shoulder is not raised
ARM_DOWN_SHARE = 0.9
WAVE_UNDER_CHEST_M = 0.15  # a hand may wave a little lower than the chest, not at the hip
WAVE_SWING_M, WAVE_SWINGS = 0.07, 3  # turns of the hand back and forth, each so far
WAVE_SECONDS = 0.9  # from one turn to the next at most
STRIKE_M_S = {"forward": 1.0, "up": 2.5, "inward": 1.6}  # of the wrist against the shoulder
STRIKE_END_M_S = 0.2
STRIKE_BENT_SHARE = 0.9  # an arm that ends up straighter was raised, it gave no uppercut
STRIKE_TRAVEL_M = 0.12
STRIKE_AHEAD_SHARE = 0.3  # of the arm that points forward of the pelvis at the end of a blow
STRIKE_REACH_SHARE = 0.7  # of the straight arm at the end of a straight punch
PALMS_TOGETHER_M, PALMS_APART_M = 0.10, 0.15
CLAP_SECONDS = 0.8  # hands that stay together longer are folded
KICK_DEGREES, KICK_END_DEGREES = 27.0, 15.0  # of the line from hip to ankle, from the vertical
KICK_STRAIGHT_SHARE = 0.85  # of the straight leg
KNEE_STRAIGHT_SHARE = 0.92  # a raised leg that gets this straight kicks, it does not lift its knee
KICK_M_S = 1.5  # of the ankle against the pelvis
KICK_HEIGHT_M = 0.15
KNEE_DEGREES, KNEE_END_DEGREES = 55.0, 35.0  # of the thigh from the vertical
FOOT_UP_M = 0.08
_WRIST_LANDMARKS = {"pelvis": "pelvis", "chest": "spine3", "head": "head"}
_DIRECTIONS = {
    "forward": (1, 0, 0),
    "backward": (-1, 0, 0),
    "left": (0, 1, 0),
    "right": (0, -1, 0),
    "up": (0, 0, 1),
    "down": (0, 0, -1),
    "forward_up": (1, 0, 1),
    "forward_down": (1, 0, -1),
}

ArmDirection = Literal[(*_DIRECTIONS, "outward")]
LegDirection = Literal["forward", "outward", "backward", "any"]
Landmark = Literal[
    (*SMPLX.names, "hip", "knee", "shoulder", "ear", "other_shoulder", "other_elbow", "other_hand")
]


def hand_above(
    clip: Kinematics,
    side: Side,
    of: Literal["pelvis", "chest", "shoulder", "head"],
    min_seconds: float = HOLD_SECONDS,
) -> bool:
    """The wrist is held higher than "pelvis", "chest", "shoulder" (its own) or "head" (joint). An
    arm held out straight and level is raised to its shoulder, too."""

    def above(one: str) -> np.ndarray:
        landmark = f"{one}_shoulder" if of == "shoulder" else _WRIST_LANDMARKS[of]
        higher = clip.height(f"{one}_wrist") - clip.height(landmark)
        if of != "shoulder":
            return higher > CLEARLY_ABOVE_M
        straight = np.linalg.norm(clip.arm(one), axis=-1) >= ARM_STRAIGHT_SHARE
        return (higher > CLEARLY_ABOVE_M) | (straight & (higher > -LEVEL_M))

    return _held(clip, above, side, min_seconds)


def hand_near(
    clip: Kinematics, side: Side, of: Landmark, max_m: float, min_seconds: float = HOLD_SECONDS
) -> bool:
    """The palm is held near a joint: a joint's name ("head", "spine1"), or "hip", "knee",
    "shoulder", "ear" of the same side, or "other_shoulder", "other_elbow", "other_hand"."""

    def near(one: str) -> np.ndarray:
        distance = np.linalg.norm(clip.palm(one) - _landmark(clip, one, of), axis=-1)
        return distance <= max_m

    return _held(clip, near, side, min_seconds)


def arm_extends(
    clip: Kinematics, side: Side, direction: ArmDirection, min_seconds: float = HOLD_SECONDS
) -> bool:
    """The arm is held out, nearly straight, in a direction of the body: "forward", "backward",
    "left", "right", "outward", "up", "down", "forward_up" or "forward_down"."""

    def extended(one: str) -> np.ndarray:
        towards = one if direction == "outward" else direction
        axis = rotations.normalize(np.array(_DIRECTIONS[towards], dtype=float))
        arm = clip.arm(one)
        length = np.linalg.norm(arm, axis=-1)
        along = arm @ axis
        aligned = along >= length * np.cos(np.radians(ARM_DIRECTION_DEGREES))
        return aligned & (length >= ARM_STRAIGHT_SHARE)

    return _held(clip, extended, side, min_seconds)


def arm_stays_down(clip: Kinematics, side: Side) -> bool:
    """The hand stays under the shoulder's height, but for moments."""

    def down(one: str) -> bool:
        below = clip.height(f"{one}_wrist") < clip.height(f"{one}_shoulder") - ARM_DOWN_M
        return bool(below.mean() >= ARM_DOWN_SHARE)

    return _of_sides(down, side)


def waves(clip: Kinematics, side: Side, at_least: int = WAVE_SWINGS) -> bool:
    """A raised hand swings back and forth."""
    return _acts({one: _wave_swings(clip, one) >= at_least for one in SIDES}, side, None, 1)


def punches(
    clip: Kinematics,
    side: Side,
    count: int | None = None,
    at_least: int = 1,
    direction: Literal["forward", "up", "inward", "any"] = "forward",
) -> bool:
    """Fast blows of the fist: "forward" (straight), "up", "inward" (a hook) or "any" of them."""
    kinds = ("forward", "up", "inward") if direction == "any" else (direction,)
    found = {one: max(len(_strikes(clip, one, kind)) for kind in kinds) for one in SIDES}
    return _acts(found, side, count, at_least)


def claps(clip: Kinematics, count: int | None = None, at_least: int = 1) -> bool:
    """The palms come together in front of the body, and apart again between two claps."""
    lower = np.minimum(*(clip.palm(side)[:, 2] for side in SIDES))
    raised = lower > clip.joint("pelvis")[:, 2]
    apart = np.where(raised, clip.palm_distance, np.inf)
    found = events.excursions(-apart, -PALMS_TOGETHER_M, -PALMS_APART_M)
    brief = [start for start, stop in found if stop - start <= clip.frames_in(CLAP_SECONDS)]
    return events.tally(len(brief), count, at_least)


def kicks(
    clip: Kinematics,
    side: Side,
    count: int | None = None,
    at_least: int = 1,
    direction: LegDirection = "any",
    min_height_m: float = KICK_HEIGHT_M,
    max_height_m: float = np.inf,
) -> bool:
    """A nearly straight leg is swung fast "forward", "outward", "backward" or ("any") forward or
    outward, the foot at a height in the range, while the other foot stands."""

    def counted(one: str) -> int:
        return sum(
            min_height_m <= clip.sole_height(one)[start:stop].max() <= max_height_m
            for start, stop in _leg_swings(clip, one, direction)
            if _fastest(clip, one, start, stop) >= KICK_M_S
        )

    return _acts({one: counted(one) for one in SIDES}, side, count, at_least)


def lifts_leg(
    clip: Kinematics, side: Side, direction: LegDirection = "any", at_least: int = 1
) -> bool:
    """A nearly straight leg is raised in a direction (as for kicks), however slowly."""
    found = {one: len(_leg_swings(clip, one, direction)) for one in SIDES}
    return _acts(found, side, None, at_least)


def lifts_knee(clip: Kinematics, side: Side, count: int | None = None, at_least: int = 1) -> bool:
    """A thigh comes up with the knee bent and the foot off the floor."""
    return _acts({one: _knee_lifts(clip, one) for one in SIDES}, side, count, at_least)


def foot_off_floor(clip: Kinematics, side: Literal["left", "right"], min_seconds: float) -> bool:
    """A foot is held off the floor while the other one stands."""
    other = SIDES[1 - SIDES.index(side)]
    held = (clip.sole_height(side) > FOOT_UP_M) & (clip.sole_height(other) < FOOT_UP_M / 2)
    return events.longest_run(held) >= clip.frames_in(min_seconds)


def _of_sides(test: Callable[[str], bool], side: str) -> bool:
    if side in SIDES:
        return test(side)
    return (all if side == "both" else any)([test(one) for one in SIDES])


def _held(clip: Kinematics, flags: Callable[[str], np.ndarray], side: str, seconds: float) -> bool:
    """Whether a pose of one arm, or of "both" at once, or of "either", lasts long enough."""
    if side == "both":
        together = flags("left") & flags("right")
        return events.longest_run(together) >= clip.frames_in(seconds)
    return _of_sides(lambda one: events.longest_run(flags(one)) >= clip.frames_in(seconds), side)


def _acts(found: dict[str, int], side: str, count: int | None, at_least: int) -> bool:
    if side in SIDES:
        other = SIDES[1 - SIDES.index(side)]
        return events.tally(found[side], count, at_least) and not found[other]
    if side == "both" and not all(found.values()):
        return False
    return events.tally(sum(found.values()), count, at_least)


def _landmark(clip: Kinematics, side: str, name: str) -> np.ndarray:
    """World positions ``[F, 3]`` of what a hand of that side may be near to."""
    other = SIDES[1 - SIDES.index(side)]
    if name == "other_hand":
        return clip.palm(other)
    if name == "ear":
        return clip.joint("head") + 0.5 * (clip.joint(f"{side}_eye_smplhf") - clip.joint("head"))
    if name.startswith("other_"):
        return clip.joint(name.replace("other", other))
    return clip.joint(f"{side}_{name}" if name in ("hip", "knee", "shoulder") else name)


def _wave_swings(clip: Kinematics, side: str) -> int:
    """Turns back and forth of a raised hand, along the direction in which it moves most."""
    wrist = clip.height(f"{side}_wrist")
    raised = wrist > clip.height("spine3") - WAVE_UNDER_CHEST_M
    raised &= wrist > clip.height(f"{side}_elbow")
    raised &= clip.palm_distance > PALMS_APART_M  # two hands that meet are clapping
    knuckle = clip.joint(f"{side}_middle1") - clip.joint(f"{side}_shoulder")
    swings = 0
    for start, stop in events.runs(raised):
        if stop - start < clip.frames_in(2 * HOLD_SECONDS):
            continue
        hand = clip.facing(knuckle)[start:stop]
        hand = hand - events.smooth(hand, clip.frames_in(1.0))
        main = np.linalg.svd(hand, full_matrices=False)[2][0]
        turns = events.extremes(hand @ main, WAVE_SWING_M)
        quick = events.in_quick_succession(turns, WAVE_SECONDS * clip.fps)
        swings = max(swings, quick)
    return swings


def _strikes(clip: Kinematics, side: str, direction: str) -> list[int]:
    """Frames at which fast blows end."""
    reach = clip.facing(clip.joint(f"{side}_wrist") - clip.joint(f"{side}_shoulder"))
    inward = -1.0 if side == "left" else 1.0
    arm = clip.arm(side)
    length = np.linalg.norm(arm, axis=-1)
    along = {
        "forward": np.linalg.norm(reach, axis=-1),  # a bladed stance strikes past its hips
        "up": reach[:, 2],
        "inward": inward * reach[:, 1],
    }[direction]
    pace = events.rate(along, clip.fps)
    ends = []
    for start, stop in events.excursions(pace, STRIKE_M_S[direction], STRIKE_END_M_S):
        last = stop - 1
        ahead = arm[last, 0] > STRIKE_AHEAD_SHARE * length[last] and arm[last, 2] > -0.4
        ended = {
            "forward": ahead and length[last] >= STRIKE_REACH_SHARE,
            "up": arm[last, 0] > 0.2 and reach[last, 2] > 0.0 and length[last] < STRIKE_BENT_SHARE,
            "inward": arm[last, 0] > 0.1 and abs(reach[last, 2]) < 2 * ARM_DOWN_M,
        }
        if ended[direction] and along[last] - along[start] >= STRIKE_TRAVEL_M:
            ends.append(last)
    return ends


def _leg_swings(clip: Kinematics, side: str, direction: str) -> list[tuple[int, int]]:
    """Spans over which a nearly straight leg is out in a direction, the other foot standing."""
    forward, left, up = clip.leg(side).T
    outward = left if side == "left" else -left
    away = {
        "forward": forward,
        "outward": outward,
        "backward": -forward,
        "any": np.hypot(np.maximum(forward, 0.0), np.maximum(outward, 0.0)),
    }[direction]
    angle = np.degrees(np.arctan2(away, -up))
    straight = np.linalg.norm(clip.leg(side), axis=-1) >= KICK_STRAIGHT_SHARE
    sole = clip.sole_height(side)
    out = (angle > KICK_DEGREES) & straight & (sole > FOOT_UP_M)
    other = SIDES[1 - SIDES.index(side)]
    standing = clip.sole_height(other) < FOOT_UP_M
    return [
        (start, stop)
        for start, stop in events.excursions(angle, KICK_DEGREES, KICK_END_DEGREES)
        if out[start:stop].any()
        and sole[start:stop].max() >= KICK_HEIGHT_M
        and standing[start:stop].mean() >= 0.5
    ]


def _fastest(clip: Kinematics, side: str, start: int, stop: int) -> float:
    """Highest speed of the ankle against the pelvis in a span and shortly before it, m/s."""
    ankle = clip.joint(f"{side}_ankle") - clip.joint("pelvis")
    pace = np.linalg.norm(events.rate(ankle, clip.fps), axis=-1)
    return float(pace[max(start - clip.frames_in(HOLD_SECONDS), 0) : stop].max())


def _knee_lifts(clip: Kinematics, side: str) -> int:
    thigh = np.degrees(np.arccos(np.clip(-clip.thigh(side)[:, 2], -1.0, 1.0)))
    up = clip.sole_height(side) >= KICK_HEIGHT_M
    kicked = up & (np.linalg.norm(clip.leg(side), axis=-1) >= KNEE_STRAIGHT_SHARE)
    return sum(
        up[start:stop].any() and not kicked[start:stop].any()
        for start, stop in events.excursions(thigh, KNEE_DEGREES, KNEE_END_DEGREES)
    )

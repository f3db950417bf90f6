"""Predicates on the whole body: where it goes, how fast, turns, jumps, height."""

from typing import Literal

import numpy as np

from training.adherence import events
from training.adherence.limbs import arm_stays_down
from training.adherence.measurements import OFF_FLOOR_M, SIDES, Joint, Kinematics

MOVING_M_S = 0.25  # pelvis speed above which a person is under way; sway while standing is slower
SWING_ENTER_M_S, SWING_LEAVE_M_S = 0.5, 0.35  # of the ball of a foot between two footholds
STEP_LENGTH_M = 0.12
CLOSED_M = 0.1  # one foot ahead of the other by less: they stand beside each other
ONE_FOOT_SHARE = 0.15  # of a step during which the other foot rests; less is a jump with both
FLIGHT_SECONDS = 0.1
FLIGHT_RISE_M = 0.05  # of the pelvis over standing: runners fly too, but hardly rise
LAND_M = 0.03  # sole height under which a flight ends
SEAT_DROP_M = 0.25  # a chair of 0.45 m brings the pelvis of an adult some 0.40 m down
SEAT_THIGH_DEGREES = 50.0  # of the thighs from the vertical
SEAT_AHEAD_M = 0.22  # of the feet before the pelvis; who squats keeps it over the feet
SEAT_SECONDS = 0.4
STANDING_DROP_M = 0.15
SQUAT_RETURN_SHARE = 0.5
STILL_PATH_M, STILL_HAND_M_S = 0.4, 0.35
STILL_TURN_DEGREES, STILL_LEAN_DEGREES, STILL_FOOT_M = 30.0, 14.0, 0.1  # people shift about


def travels(
    clip: Kinematics,
    direction: Literal["forward", "backward", "left", "right", "any"],
    min_m: float = 0.0,
    max_m: float | None = None,
) -> bool:
    """The clip ends that far away, in a direction as seen at its start ("any": wherever).

    The direction must dominate: at most 45 degrees off.
    """
    forward, left, _ = clip.displacement
    planar = float(np.hypot(forward, left))
    along = {"forward": forward, "backward": -forward, "left": left, "right": -left, "any": planar}
    distance = along[direction]
    far_enough = distance >= min_m and (max_m is None or distance <= max_m)
    return bool(far_enough and distance >= planar * np.sqrt(0.5))


def moves(clip: Kinematics, min_m: float = 0.0, max_m: float | None = None) -> bool:
    """Length of the path over the floor, wherever it leads and ends."""
    length = float(_moving_speed(clip).sum() / clip.fps)
    return length >= min_m and (max_m is None or length <= max_m)


def stays(clip: Kinematics, max_m: float) -> bool:
    """The pelvis never gets farther than that from where it started."""
    pelvis = clip.joint("pelvis")[:, :2]
    return bool(np.linalg.norm(pelvis - pelvis[0], axis=-1).max() <= max_m)


def speed(clip: Kinematics, min_m_s: float = 0.0, max_m_s: float = np.inf) -> bool:
    """The median speed over the floor while under way (for half a second at least) lies in the
    range: how fast somebody walks is seen in full stride, not from setting off and stopping."""
    moving = _moving_speed(clip)
    moving = moving[moving > 0.0]
    return len(moving) >= clip.frames_in(0.5) and bool(min_m_s <= np.median(moving) <= max_m_s)


def steps(clip: Kinematics, at_least: int = 1, count: int | None = None) -> bool:
    """Footsteps taken in turn by the left and the right foot. One that only brings the feet
    together at the end may be counted or not, as people do."""
    found = _alternating_steps(clip)
    if found > 1 and found - 1 == count and _feet_together(clip):
        return True
    return events.tally(found, count, at_least)


def net_yaw(clip: Kinematics, degrees: float, tolerance: float, either_side: bool = False) -> bool:
    """Turn of the pelvis from start to end, full turns counted; positive to the left."""
    turned = abs(clip.net_yaw_degrees) if either_side else clip.net_yaw_degrees
    return abs(turned - degrees) <= tolerance


def turns(
    clip: Kinematics,
    side: Literal["left", "right", "either"],
    min_degrees: float,
    max_degrees: float | None = None,
) -> bool:
    """The clip ends turned by that much to a side ("either"), full turns counted."""
    yaw = clip.net_yaw_degrees
    turned = {"left": yaw, "right": -yaw, "either": abs(yaw)}[side]
    return turned >= min_degrees and (max_degrees is None or turned <= max_degrees)


def jumps(clip: Kinematics, count: int | None = None, at_least: int = 1) -> bool:
    """Both feet leave the floor while the pelvis rises clearly over its standing height."""
    return events.tally(len(_flights(clip)), count, at_least)


def hops(
    clip: Kinematics,
    side: Literal["left", "right"],
    count: int | None = None,
    at_least: int = 1,
) -> bool:
    """Jumps that start and land on one foot while the other is held off the floor."""
    other = SIDES[1 - SIDES.index(side)]
    held = clip.sole_height(other) > 2 * LAND_M
    around = clip.frames_in(0.15)
    found = [
        held[max(start - around, 0) : stop + around].mean() > 0.9 for start, stop in _flights(clip)
    ]
    return events.tally(sum(found), count, at_least)


def squats(
    clip: Kinematics, count: int | None = None, at_least: int = 1, min_m: float = 0.2
) -> bool:
    """The pelvis sinks by ``min_m`` below its standing height, and up again between two squats."""
    found = events.excursions(clip.pelvis_drop(), min_m, min_m * SQUAT_RETURN_SHARE)
    return events.tally(len(found), count, at_least)


def sits_down(clip: Kinematics) -> bool:
    """Stands first, and rests on a seat (there or not) later: low pelvis, level thighs."""
    seated = _seated(clip)
    stood = np.maximum.accumulate(clip.pelvis_drop() < STANDING_DROP_M)
    return events.longest_run(seated & stood) >= clip.frames_in(SEAT_SECONDS)


def stands_up(clip: Kinematics) -> bool:
    """Is low (seated, crouched) first, and ends standing."""
    drop = clip.pelvis_drop()
    ending = drop[-clip.frames_in(0.2) :].mean()
    return bool(drop.max() >= SEAT_DROP_M - 0.05 and ending < STANDING_DROP_M
                and drop[0] >= STANDING_DROP_M)  # fmt: skip


def seated(clip: Kinematics, min_share: float = 0.5) -> bool:
    """Rests on a seat for that share of the clip."""
    return bool(_seated(clip).mean() >= min_share)


def lowers(clip: Kinematics, joint: Joint, min_m: float) -> bool:
    """A joint comes down by that much from where it was before."""
    height = clip.height(joint)
    return bool((np.maximum.accumulate(height) - height).max() >= min_m)


def rises(clip: Kinematics, joint: Joint, min_m: float) -> bool:
    """A joint comes up by that much from where it was before."""
    height = clip.height(joint)
    return bool((height - np.minimum.accumulate(height)).max() >= min_m)


def stands_still(clip: Kinematics) -> bool:
    """Stands upright on the spot: no turn, step, jump, bow, raised foot or hand, or busy hands."""
    feet = max(clip.sole_height(side).max() for side in SIDES)
    if feet > STILL_FOOT_M or clip.pelvis_drop().max() >= STANDING_DROP_M:
        return False
    hands = [clip.joint(f"{side}_wrist") for side in SIDES]
    busy = [np.linalg.norm(events.rate(hand, clip.fps), axis=-1).mean() for hand in hands]
    lean = np.degrees(np.arccos(np.clip(clip.trunk[:, 2], -1.0, 1.0)))
    turned = max(np.ptp(np.degrees(clip.heading)), np.ptp(clip.shoulder_twist))
    upright = np.ptp(lean) < STILL_LEAN_DEGREES and turned < STILL_TURN_DEGREES
    lowered = all(arm_stays_down(clip, side) for side in SIDES)
    return bool(stays(clip, STILL_PATH_M) and upright and lowered and max(busy) < STILL_HAND_M_S)


def _moving_speed(clip: Kinematics) -> np.ndarray:
    """Speed ``[F]`` of the pelvis over the floor, zero where it only sways."""
    pace = clip.planar_speed(seconds=0.5)
    return np.where(pace > MOVING_M_S, pace, 0.0)


def _alternating_steps(clip: Kinematics) -> int:
    """Footsteps, of which two of the same foot in a row count as one."""
    swinging = [_swings(clip, side) for side in SIDES]
    resting = [_outside(spans, clip.frames) for spans in swinging]
    order = sorted(
        (start, foot)
        for foot in (0, 1)
        for start, stop in swinging[foot]
        if resting[1 - foot][start:stop].mean() >= ONE_FOOT_SHARE
    )
    feet = [foot for _, foot in order]
    return sum(first != second for first, second in zip([None, *feet], feet))


def _feet_together(clip: Kinematics) -> bool:
    """Whether the clip ends with one foot beside the other."""
    apart = clip.facing(clip.joint("left_foot") - clip.joint("right_foot"))
    return bool(abs(apart[-1, 0]) < CLOSED_M)


def _swings(clip: Kinematics, side: str) -> list[tuple[int, int]]:
    """Spans over which a foot is carried from one foothold to the next."""
    ball = clip.joint(f"{side}_foot")[:, :2]
    pace = np.linalg.norm(events.rate(ball, clip.fps), axis=-1)
    spans = events.excursions(pace, SWING_ENTER_M_S, SWING_LEAVE_M_S)
    return [
        (start, stop)
        for start, stop in spans
        if np.linalg.norm(ball[stop - 1] - ball[start]) >= STEP_LENGTH_M
    ]


def _outside(spans: list[tuple[int, int]], frames: int) -> np.ndarray:
    """Flags ``[F]`` of the frames that lie in none of the spans."""
    flags = np.ones(frames, dtype=bool)
    for start, stop in spans:
        flags[start:stop] = False
    return flags


def _flights(clip: Kinematics) -> list[tuple[int, int]]:
    """Spans of the jumps of a clip."""
    lowest = np.minimum(*(clip.sole_height(side) for side in SIDES))
    pelvis = clip.height("pelvis")
    return [
        (start, stop)
        for start, stop in events.excursions(lowest, OFF_FLOOR_M, LAND_M)
        if stop - start >= clip.frames_in(FLIGHT_SECONDS)
        and pelvis[start:stop].max() > clip.standing_m + FLIGHT_RISE_M
    ]


def _seated(clip: Kinematics) -> np.ndarray:
    """Frames ``[F]`` with the pelvis low, both thighs nearly level, the feet before the pelvis."""
    level = -np.cos(np.radians(SEAT_THIGH_DEGREES))
    thighs = np.minimum(*(clip.thigh(side)[:, 2] for side in SIDES)) > level
    ankles = (clip.joint("left_ankle") + clip.joint("right_ankle")) / 2.0
    ahead = clip.facing(ankles - clip.joint("pelvis"))[:, 0] > SEAT_AHEAD_M
    return thighs & ahead & (clip.pelvis_drop() > SEAT_DROP_M)

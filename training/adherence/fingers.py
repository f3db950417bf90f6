"""Predicates on hands: what the fingers show."""

from typing import Literal

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import SMPLX
from training.adherence import events
from training.adherence.measurements import SIDES, Kinematics, Side

FINGERS = ("index", "middle", "ring", "pinky")
STRAIGHT_DEGREES, BENT_DEGREES = 45.0, 70.0  # fingers of an idle hand curl by 30 to 60
CLOSED_DEGREES = 125.0
THUMB_OUT_SHARE = 0.55  # of the thumb's length that stands off sideways from the palm
THUMB_UP_SHARE = 0.5  # of the thumb's length that points up in the world
HOLD_SECONDS = 0.4
COUNT_SECONDS = 0.2

HandShape = Literal["fist", "open", "point", "two", "three", "ok", "thumb_up", "grip"]

# Which fingers (index, middle, ring, pinky) are straight, and which are bent.
_PATTERNS = {
    "open": (True, True, True, True),
    "point": (True, False, False, False),
    "two": (True, True, False, False),
    "three": (True, True, True, False),
    "ok": (False, True, True, True),
}


def finger_curls(clip: Kinematics, side: str) -> np.ndarray:
    """How far index, middle, ring and little finger are bent, ``[F, 4]`` degrees.

    Between the middle bone of the finger and where it points in a flat hand.
    """
    wrist = rotations.conjugate(clip.world_rotations[:, SMPLX.index(f"{side}_wrist")])
    curls = []
    for finger in FINGERS:
        bone = clip.joint(f"{side}_{finger}3") - clip.joint(f"{side}_{finger}2")
        flat = rotations.normalize(SMPLX.offsets[SMPLX.index(f"{side}_{finger}3")])
        along = rotations.normalize(rotations.rotate(wrist, bone)) @ flat
        curls.append(np.degrees(np.arccos(np.clip(along, -1.0, 1.0))))
    return np.stack(curls, axis=-1)


def thumb_out(clip: Kinematics, side: str) -> np.ndarray:
    """Frames ``[F]`` on which the thumb stands off sideways from the palm."""
    wrist = rotations.conjugate(clip.world_rotations[:, SMPLX.index(f"{side}_wrist")])
    thumb = rotations.rotate(wrist, _thumb(clip, side))
    return rotations.normalize(thumb)[:, 2] >= THUMB_OUT_SHARE


def hand_shape(
    clip: Kinematics, side: Side, shape: HandShape, min_seconds: float = HOLD_SECONDS
) -> bool:
    """A hand shows a shape for some time. "left" or "right": that hand and not the other."""
    spans = {one: _shown(clip, one, shape) for one in SIDES}
    if side == "both":
        return events.longest_run(spans["left"] & spans["right"]) >= clip.frames_in(min_seconds)
    found = {one: events.longest_run(spans[one]) >= clip.frames_in(min_seconds) for one in SIDES}
    if side == "either":
        return any(found.values())
    return found[side] and not found[SIDES[1 - SIDES.index(side)]]


def closes_hand(clip: Kinematics, side: Side, count: int | None = None, at_least: int = 1) -> bool:
    """A hand is closed to a fist, and opened again before it is closed once more; each of "both"
    does so, and "left" or "right" does so alone."""
    found = {one: _closings(clip, one) for one in SIDES}
    if side in SIDES:
        other = SIDES[1 - SIDES.index(side)]
        return events.tally(found[side], count, at_least) and not found[other]
    choose = all if side == "both" else any
    return choose(events.tally(number, count, at_least) for number in found.values())


def counts_on_fingers(clip: Kinematics, side: Literal["left", "right"], up_to: int) -> bool:
    """One finger stands, then two, and so on up to a number; the thumb may be one of them."""
    curls = finger_curls(clip, side)
    straight = curls <= STRAIGHT_DEGREES
    clear = (straight | (curls >= BENT_DEGREES)).all(axis=-1)
    standing = np.where(clear, straight.sum(axis=-1) + thumb_out(clip, side), -1)
    wanted = 1
    while wanted <= up_to:
        spans = [
            (start, stop)
            for start, stop in events.runs(standing == wanted)
            if stop - start >= clip.frames_in(COUNT_SECONDS)
        ]
        if not spans:
            return False
        standing = np.where(np.arange(len(standing)) < spans[0][0], -1, standing)
        wanted += 1
    return True


def _shown(clip: Kinematics, side: str, shape: str) -> np.ndarray:
    """Frames ``[F]`` on which a hand has a shape."""
    curls = finger_curls(clip, side)
    closed = (curls >= CLOSED_DEGREES).all(axis=-1)
    if shape == "fist":
        return closed
    if shape == "thumb_up":
        up = rotations.normalize(_thumb(clip, side))[:, 2] >= THUMB_UP_SHARE
        return closed & thumb_out(clip, side) & up
    if shape == "grip":
        bent = (curls >= BENT_DEGREES) & (curls < CLOSED_DEGREES)
        return bent.all(axis=-1)
    straight = np.array(_PATTERNS[shape])
    fits = np.where(straight, curls <= STRAIGHT_DEGREES, curls >= BENT_DEGREES)
    return fits.all(axis=-1)


def _closings(clip: Kinematics, side: str) -> int:
    curl = finger_curls(clip, side).mean(axis=-1)
    return len(events.excursions(curl, CLOSED_DEGREES, BENT_DEGREES))


def _thumb(clip: Kinematics, side: str) -> np.ndarray:
    return clip.joint(f"{side}_thumb3") - clip.joint(f"{side}_thumb1")

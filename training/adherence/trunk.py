"""Predicates on torso and head."""

from typing import Literal

import numpy as np

from training.adherence import events
from training.adherence.measurements import Kinematics

HOLD_SECONDS = 0.2
LOOK_DEGREES = {"left": 20.0, "right": 20.0, "up": 12.0, "down": 12.0}
NOD_DEGREES, NOD_SECONDS = 6.0, 1.5  # a nod is down and up again; longer is looking down
SHAKE_DEGREES, SHAKE_SWINGS = 10.0, 3
DOMINANT_SHARE = 0.7  # nodding is mostly pitch, shaking mostly yaw
TILT_DEGREES = 10.0

OneSide = Literal["left", "right", "either"]


def torso_leans(
    clip: Kinematics,
    direction: Literal["forward", "backward", "left", "right"],
    min_degrees: float,
    count: int | None = None,
    at_least: int = 1,
) -> bool:
    """The line from pelvis to neck leans "forward", "backward", "left" or "right"; bowing twice is
    to lean forward with ``count`` 2."""
    forward, left, up = clip.trunk.T
    out = {"forward": forward, "backward": -forward, "left": left, "right": -left}[direction]
    angle = np.degrees(np.arctan2(out, up))
    return _reached(clip, angle, min_degrees, HOLD_SECONDS, count, at_least)


def torso_twists(
    clip: Kinematics,
    side: OneSide,
    min_degrees: float,
    count: int | None = None,
    at_least: int = 1,
) -> bool:
    """The shoulders turn against the hips to a side ("either")."""
    twist = clip.shoulder_twist
    angle = {"left": twist, "right": -twist, "either": np.abs(twist)}[side]
    return _reached(clip, angle, min_degrees, HOLD_SECONDS, count, at_least)


def looks(
    clip: Kinematics,
    direction: Literal["left", "right", "up", "down"],
    min_degrees: float | None = None,
    min_seconds: float = HOLD_SECONDS,
) -> bool:
    """The head turns against the chest: "left", "right", "up" or "down", clearly so."""
    yaw, pitch, _ = clip.face.T
    angle = {"left": yaw, "right": -yaw, "up": pitch, "down": -pitch}[direction]
    clearly = LOOK_DEGREES[direction] if min_degrees is None else min_degrees
    return _reached(clip, angle, clearly, min_seconds, None, 1)


def tilts_head(clip: Kinematics, side: OneSide, min_degrees: float = TILT_DEGREES) -> bool:
    """The head leans over towards a shoulder ("either")."""
    roll = clip.face[:, 2]
    angle = {"left": roll, "right": -roll, "either": np.abs(roll)}[side]
    return _reached(clip, angle, min_degrees, HOLD_SECONDS, None, 1)


def nods(clip: Kinematics, count: int | None = None, at_least: int = 1) -> bool:
    """The chin goes down and up again."""
    yaw, pitch, _ = clip.face.T
    low = events.extremes(-pitch, NOD_DEGREES)
    found = [frame for frame in low if _is_nod(clip, pitch, frame)]
    mostly_pitch = np.ptp(pitch) >= DOMINANT_SHARE * np.ptp(yaw)
    return bool(mostly_pitch) and events.tally(len(found), count, at_least)


def shakes_head(clip: Kinematics, at_least: int = SHAKE_SWINGS) -> bool:
    """The head turns left and right by turns."""
    yaw, pitch, _ = clip.face.T
    mostly_yaw = np.ptp(yaw) >= DOMINANT_SHARE * np.ptp(pitch)
    return bool(mostly_yaw) and len(events.extremes(yaw, SHAKE_DEGREES)) >= at_least


def _reached(
    clip: Kinematics,
    angle: np.ndarray,
    degrees: float,
    seconds: float,
    count: int | None,
    at_least: int,
) -> bool:
    """Whether an angle goes beyond ``degrees`` for long enough, as often as asked."""
    spans = events.excursions(angle, degrees, 0.6 * degrees)
    found = [span for span in spans if span[1] - span[0] >= clip.frames_in(seconds)]
    return events.tally(len(found), count, at_least)


def _is_nod(clip: Kinematics, pitch: np.ndarray, frame: int) -> bool:
    """Whether the head has been higher both shortly before and shortly after a low point."""
    around = clip.frames_in(NOD_SECONDS / 2)
    before = pitch[max(frame - around, 0) : frame + 1]
    after = pitch[frame : frame + around + 1]
    low = pitch[frame]
    return bool(min(before.max() - low, after.max() - low) >= NOD_DEGREES)

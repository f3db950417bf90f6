"""Predicates on torso and head."""

from typing import Literal

import numpy as np

from training.adherence import events
from training.adherence.measurements import START_SECONDS, Kinematics

HOLD_SECONDS = 0.2
SINKING_M, SINKING_SECONDS = 0.12, 0.3  # of the pelvis, up or down, shortly before, in and after
UPRIGHT_DEGREES = -5.0  # of the line from pelvis to neck: the median of people standing about
LOOK_ASIDE_DEGREES = 25.0  # against the chest; people who look ahead stray by some 15
LEVEL_PITCH_DEGREES = -12.0  # of the face against the chest: the median of people standing about
LOOK_OFF_LEVEL_DEGREES, LOOK_OFF_START_DEGREES = 25.0, 15.0
NOD_DEGREES, NOD_SECONDS = 8.0, 1.5  # a nod is down and up again; longer is looking down
BOW_DEGREES = 8.0  # of the trunk, down and up again just as shortly
SHAKE_DEGREES, SHAKE_SWINGS, SHAKE_SECONDS = 15.0, 2, 0.9
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
    """The line from pelvis to neck leans "forward", "backward", "left" or "right" of where it is in
    people who stand upright; bowing twice is to lean forward with ``count`` 2. A trunk that goes
    along with a crouch, a jump or a way to a seat does not lean."""
    forward = _lean(clip) - UPRIGHT_DEGREES
    left = np.degrees(np.arctan2(clip.trunk[:, 1], clip.trunk[:, 2]))
    angle = {"forward": forward, "backward": -forward, "left": left, "right": -left}[direction]
    pelvis, around = clip.height("pelvis"), clip.frames_in(SINKING_SECONDS)
    leans = [
        (start, stop)
        for start, stop in _spans(clip, angle, min_degrees, HOLD_SECONDS)
        if np.ptp(pelvis[max(start - around, 0) : stop + around]) < SINKING_M
    ]
    return events.tally(len(leans), count, at_least)


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
    min_seconds: float = HOLD_SECONDS,
) -> bool:
    """The face is turned "left" or "right" against the chest, or "up" or "down": clearly off the
    level at which heads are carried, or clearly off where the clip starts."""
    axis = 0 if direction in ("left", "right") else 1
    sign = 1.0 if direction in ("left", "up") else -1.0
    # Of the chest and the world, whichever the face is turned less against: a chest that turns
    # or bows below a steady gaze is no look, nor is a head that is carried along.
    turned = np.minimum(sign * clip.face[:, axis], sign * clip.gaze[:, axis])
    if axis == 0:
        return _reached(clip, turned, LOOK_ASIDE_DEGREES, min_seconds, None, 1)
    off_level = turned - sign * LEVEL_PITCH_DEGREES
    start = clip.gaze[: clip.frames_in(START_SECONDS), 1].mean()
    off_start = np.minimum(off_level + 5.0, sign * (clip.gaze[:, 1] - start))
    clearly = np.maximum(off_level / LOOK_OFF_LEVEL_DEGREES, off_start / LOOK_OFF_START_DEGREES)
    return _reached(clip, clearly, 1.0, min_seconds, None, 1)


def tilts_head(clip: Kinematics, side: OneSide, min_degrees: float = TILT_DEGREES) -> bool:
    """The head leans over towards a shoulder ("either")."""
    roll = clip.face[:, 2]
    angle = {"left": roll, "right": -roll, "either": np.abs(roll)}[side]
    return _reached(clip, angle, min_degrees, HOLD_SECONDS, None, 1)


def nods(clip: Kinematics, count: int | None = None, at_least: int = 1) -> bool:
    """The chin goes down and up again, against the horizon and against the chest, and the trunk
    does not: heads that go along with a bow do not nod."""
    yaw, pitch, _ = clip.face.T
    level, upright = clip.gaze[:, 1], -_lean(clip)
    found = [
        frame
        for frame in events.extremes(-level, NOD_DEGREES)
        if min(_dip(clip, level, frame), _dip(clip, pitch, frame)) >= NOD_DEGREES
        and _dip(clip, upright, frame) < BOW_DEGREES
    ]
    mostly_pitch = np.ptp(level) >= DOMINANT_SHARE * np.ptp(yaw)
    return bool(mostly_pitch) and events.tally(len(found), count, at_least)


def shakes_head(clip: Kinematics, at_least: int = SHAKE_SWINGS) -> bool:
    """The head turns left and right in quick succession, ``at_least`` swings, against the chest
    and against the world."""
    pitch = clip.face[:, 1]
    swings = [
        events.in_quick_succession(events.extremes(yaw, SHAKE_DEGREES), SHAKE_SECONDS * clip.fps)
        for yaw in (clip.face[:, 0], clip.gaze[:, 0])
    ]
    mostly_yaw = np.ptp(clip.face[:, 0]) >= DOMINANT_SHARE * np.ptp(pitch)
    return bool(mostly_yaw) and min(swings) >= at_least


def _reached(
    clip: Kinematics,
    angle: np.ndarray,
    degrees: float,
    seconds: float,
    count: int | None,
    at_least: int,
) -> bool:
    """Whether an angle goes beyond ``degrees`` for long enough, as often as asked."""
    return events.tally(len(_spans(clip, angle, degrees, seconds)), count, at_least)


def _spans(
    clip: Kinematics, angle: np.ndarray, degrees: float, seconds: float
) -> list[tuple[int, int]]:
    """Spans over which an angle is beyond ``degrees``, those that last long enough."""
    spans = events.excursions(angle, degrees, 0.6 * degrees)
    return [span for span in spans if span[1] - span[0] >= clip.frames_in(seconds)]


def _lean(clip: Kinematics) -> np.ndarray:
    """How far ``[F]`` the line from pelvis to neck leans forward of the vertical, degrees."""
    return np.degrees(np.arctan2(clip.trunk[:, 0], clip.trunk[:, 2]))


def _dip(clip: Kinematics, pitch: np.ndarray, frame: int) -> float:
    """How much lower ``pitch [F]`` is at a frame than both shortly before and shortly after."""
    around = clip.frames_in(NOD_SECONDS / 2)
    before = pitch[max(frame - around, 0) : frame + 1]
    after = pitch[frame : frame + around + 1]
    return float(min(before.max(), after.max()) - pitch[frame])

"""Moods seen from outside: posture and tempo of a clip against a neutral one of the same person."""

from dataclasses import dataclass

import numpy as np

from training.adherence import events
from training.adherence.measurements import SIDES, Kinematics

PACE_SECONDS = 0.15
MOVING_M_S = 0.25  # mean speed of hands, feet and pelvis above which somebody is doing something
RESTING_PERCENT = 25.0  # of the frames, in which an arm is bent least


@dataclass(frozen=True)
class Bearing:
    """Means over a clip. ``bow``: lean of the line from pelvis to head, forward, degrees. ``gaze``:
    pitch of the face, up positive, degrees. ``elbows``: how far arms at rest are bent, degrees:
    while they clap or punch they show what is done, not the mood. ``height``: of the pelvis above
    the floor, metres. ``pace``: speed of hands, feet and pelvis while something is done, m/s: who
    is done sooner stands longer. ``glances``: spread of the face's yaw against the chest,
    degrees."""

    bow: float
    gaze: float
    elbows: float
    height: float
    pace: float
    glances: float

    @classmethod
    def of(cls, clip: Kinematics) -> "Bearing":
        spine = clip.facing(clip.joint("head") - clip.joint("pelvis"))
        return cls(
            bow=float(np.degrees(np.arctan2(spine[:, 0], spine[:, 2])).mean()),
            gaze=float(clip.gaze[:, 1].mean()),
            elbows=float(np.mean([_elbow_degrees(clip, side) for side in SIDES])),
            height=float(clip.height("pelvis").mean()),
            pace=_pace_m_s(clip),
            glances=float(clip.face[:, 0].std()),
        )


@dataclass(frozen=True)
class Sign:
    """``figure`` differs from the neutral one by ``least`` or more in its direction; that of the
    pace is the logarithm of the ratio."""

    figure: str
    least: float

    def shows(self, seen: Bearing, neutral: Bearing) -> bool:
        one, other = getattr(seen, self.figure), getattr(neutral, self.figure)
        change = np.log(max(one, 1e-6) / max(other, 1e-6)) if self.figure == "pace" else one - other
        return bool(np.sign(self.least) * change >= abs(self.least))


SIGNS = {
    "tired": (Sign("bow", 4.0), Sign("gaze", -6.0), Sign("pace", -0.08)),
    "sad": (Sign("bow", 2.5), Sign("gaze", -7.0), Sign("pace", -0.05)),
    "happy": (Sign("bow", -1.5), Sign("gaze", 2.0), Sign("elbows", 6.0), Sign("pace", 0.06)),
    "angry": (Sign("bow", 2.5), Sign("elbows", 12.0), Sign("pace", 0.06)),
    "proud": (Sign("bow", -2.5), Sign("gaze", 3.0)),
    "sneaky": (Sign("bow", 4.0), Sign("elbows", 15.0), Sign("height", -0.04), Sign("pace", -0.1)),
    "nervous": (Sign("elbows", 12.0), Sign("glances", 3.0), Sign("pace", 0.04)),
}
MOST_SHARE = 0.66  # of a mood's signs that must be seen: two of three, three of four


def shows_mood(mood: str, clip: Kinematics, neutral: Kinematics) -> bool:
    """Whether most signs of a mood are seen in a clip, against the neutral one."""
    seen, plain = Bearing.of(clip), Bearing.of(neutral)
    signs = SIGNS[mood]
    return sum(sign.shows(seen, plain) for sign in signs) >= MOST_SHARE * len(signs)


def _elbow_degrees(clip: Kinematics, side: str) -> float:
    shoulder, elbow, wrist = (clip.joint(f"{side}_{n}") for n in ("shoulder", "elbow", "wrist"))
    upper, fore = elbow - shoulder, wrist - elbow
    along = (upper * fore).sum(axis=-1)
    lengths = np.linalg.norm(upper, axis=-1) * np.linalg.norm(fore, axis=-1)
    bend = np.degrees(np.arccos(np.clip(along / lengths, -1.0, 1.0)))
    return float(np.percentile(bend, RESTING_PERCENT))


def _pace_m_s(clip: Kinematics) -> float:
    paces = []
    for name in ("left_wrist", "right_wrist", "left_ankle", "right_ankle", "pelvis"):
        path = events.smooth(clip.joint(name), clip.frames_in(PACE_SECONDS))
        paces.append(np.linalg.norm(events.rate(path, clip.fps), axis=-1))
    pace = np.mean(paces, axis=0)
    moving = pace > MOVING_M_S
    return float(pace[moving].mean() if moving.any() else pace.mean())

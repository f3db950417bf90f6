"""A motion led along a path on the floor, with steps that fit its speed."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import rotations
from ..errors import LimberError
from ..foot_lock import lock_feet
from ..motion import ENGINE_FPS, Motion
from .curves import averaged, sampled
from .placing import places, shifted, turned_along

FACINGS = ("along", "free")
FASTEST_M_S = 7.0
SHORTEST_M = 0.3
WIDEST_SWAY_M = 0.04
LARGEST_STEP_CORRECTION_M = 0.35
SLOWEST_TEMPO, FASTEST_TEMPO = 0.65, 1.5
_GAIT_SECONDS = 1.2
_STANDING_M_S = 0.15
_TURNING_SECONDS = 0.6


@dataclass(frozen=True, eq=False)
class RootPath:
    """``points [n, 3]``: seconds from 0 on, x and y in metres. ``facing``, one of FACINGS: along
    the path, or as the motion has it. Raises LimberError for paths that nobody can walk."""

    points: np.ndarray
    facing: str = "along"

    def __post_init__(self):
        if self.facing not in FACINGS:
            raise LimberError(f"the facing is {self.facing!r}; choose {' or '.join(FACINGS)}.")
        points = np.asarray(self.points, dtype=np.float64)
        object.__setattr__(self, "points", points)
        if points.ndim != 2 or points.shape[1:] != (3,) or len(points) < 2:
            raise LimberError("a path needs two or more rows of t,x,y (seconds, metres).")
        if not np.isfinite(points).all():
            raise LimberError("the path holds something else than numbers; repair it.")
        steps = np.diff(points, axis=0)
        if points[0, 0] != 0.0 or (steps[:, 0] <= 0.0).any():
            raise LimberError("the path's times begin at 0 and rise from row to row; sort them.")
        lengths = np.hypot(steps[:, 1], steps[:, 2])
        if lengths.sum() < SHORTEST_M:
            raise LimberError(
                f"the path is {lengths.sum():.2f} m long, shorter than a step; draw "
                f"{SHORTEST_M:g} m or more."
            )
        speeds = lengths / steps[:, 0]
        worst = int(np.argmax(speeds))
        if speeds[worst] > FASTEST_M_S:
            raise LimberError(
                f"the path needs {speeds[worst]:.1f} m/s at {points[worst, 0]:.2f} s, and people "
                f"run {FASTEST_M_S:g} m/s at most; give the {lengths[worst]:.2f} m from there on "
                f"{lengths[worst] / FASTEST_M_S:.2f} s or more."
            )

    @staticmethod
    def read(path: Path, facing: str = "along") -> "RootPath":
        """From a table of t,x,y, with or without a heading line; raises LimberError."""
        try:
            text = path.read_text(encoding="utf-8-sig")
            lines = [line for line in text.splitlines() if line.strip()]
            rows = [line.split(",") for line in lines]
            if rows and not _is_number(rows[0][0]):
                rows = rows[1:]
            points = np.array([[float(value) for value in row] for row in rows])
        except (OSError, ValueError) as error:
            raise LimberError(f"{path}: not a table of t,x,y in seconds and metres.") from error
        try:
            return RootPath(points, facing)
        except LimberError as error:
            raise LimberError(f"{path}: {error}") from None

    @staticmethod
    def length_m(points: np.ndarray) -> float:
        """Length of the straight lines between ``points [n, 3]``."""
        return float(np.linalg.norm(np.diff(points[:, 1:], axis=0), axis=-1).sum())

    @property
    def seconds(self) -> float:
        return float(self.points[-1, 0])

    def at(self, seconds: np.ndarray) -> np.ndarray:
        """``[n, 2]``: places at times, on a smooth curve through the points."""
        t, xy = self.points[:, 0], self.points[:, 1:]
        slopes = np.gradient(xy, t, axis=0) if len(t) > 2 else np.diff(xy, axis=0) / np.diff(t)
        slopes = np.broadcast_to(slopes, xy.shape)
        seconds = np.clip(seconds, t[0], t[-1])
        i = np.clip(np.searchsorted(t, seconds, side="right") - 1, 0, len(t) - 2)
        width = (t[i + 1] - t[i])[:, None]
        u = (seconds - t[i])[:, None] / width
        return (
            (1 + 2 * u) * (1 - u) ** 2 * xy[i]
            + u * (1 - u) ** 2 * width * slopes[i]
            + u**2 * (3 - 2 * u) * xy[i + 1]
            + u**2 * (u - 1) * width * slopes[i + 1]
        )

    def places(self, frames: int, fps: float = ENGINE_FPS) -> np.ndarray:
        """``[F, 3]``: x, y and the heading along the path, unwrapped, of so many frames."""
        xy = self.at(np.arange(frames) / fps)
        steps = np.gradient(xy, axis=0) if frames > 1 else np.zeros_like(xy)
        moving = np.hypot(*steps.T) * fps > 0.02
        if not moving.any():
            moving[:] = True
        # A heading of 0 faces -Y. Nobody turns a corner within a frame.
        along = np.unwrap(np.arctan2(steps[moving, 0], -steps[moving, 1]))
        heading = np.interp(np.arange(frames), np.flatnonzero(moving), along)
        turned = averaged(heading[:, None], round(_TURNING_SECONDS * fps))
        return np.column_stack([xy, turned])


def along_path(motion: Motion, path: RootPath, frames: int) -> Motion:
    """So many frames of a motion (30 fps) with its root within WIDEST_SWAY_M of the path.

    The motion is played faster or slower so that the ground it covers is the path's; what that does
    not mend, steps of another length do: planted feet are locked and legs solved. The sway of the
    hips from step to step is kept.
    """
    wanted = path.places(frames)
    timed = _in_tempo(motion, wanted)
    own = places(timed)
    middle = averaged(own, round(_GAIT_SECONDS * timed.fps))
    turn = wanted[:, 2] - middle[:, 2]
    if path.facing == "free":
        turn = np.full(frames, turn[0])
    turned = turned_along(timed, turn)
    sway = np.pad((own - middle)[:, :2], ((0, 0), (0, 1)))
    sway = rotations.rotate(rotations.about("z", turn), sway)
    size = np.linalg.norm(sway, axis=-1, keepdims=True)
    sway = sway[:, :2] * WIDEST_SWAY_M / np.maximum(size, WIDEST_SWAY_M)
    placed = shifted(turned, wanted[:, :2] + sway - turned.root_positions[:, :2])
    return lock_feet(placed, LARGEST_STEP_CORRECTION_M, keeps_way=True)


def _in_tempo(motion: Motion, wanted: np.ndarray) -> Motion:
    """As many frames as the path has, played at the tempo that covers the path's ground."""
    own = averaged(places(motion)[:, :2], round(_GAIT_SECONDS * motion.fps))
    own_speed = np.linalg.norm(np.gradient(own, axis=0), axis=-1) * motion.fps
    speed = np.linalg.norm(np.gradient(wanted[:, :2], axis=0), axis=-1) * motion.fps
    at = np.full(len(wanted), float(_under_way(own_speed, speed)))
    for frame in range(1, len(wanted)):
        now = min(int(at[frame - 1]), motion.frames - 1)
        tempo = 1.0
        if own_speed[now] > _STANDING_M_S:
            tempo = np.clip(speed[frame] / own_speed[now], SLOWEST_TEMPO, FASTEST_TEMPO)
        at[frame] = at[frame - 1] + tempo
    last = np.flatnonzero(own_speed > _STANDING_M_S).max(initial=0)
    if at[-1] > last > at[0]:
        # The clip stops too early: what there is of its steps has to last.
        at = at[0] + (at - at[0]) * (last - at[0]) / (at[-1] - at[0])
    smooth = averaged(at[:, None], round(0.5 * motion.fps))[:, 0]
    return sampled(motion, np.maximum(smooth, 0.0) / motion.fps, motion.fps)


def _under_way(own_speed: np.ndarray, speed: np.ndarray) -> int:
    """The frame from which a motion moves as it has to on a path that begins in full stride."""
    if speed[0] < 2.0 * _STANDING_M_S:
        return 0
    fast = own_speed > min(0.6 * speed[0], 0.8 * own_speed.max())
    return int(np.argmax(fast)) if own_speed.max() > _STANDING_M_S else 0


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

"""What the predicates look at: joint positions of a clip, and plain figures drawn from them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from motion_engine import rotations
from motion_engine.contacts import sole_points
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX
from training.adherence import events

START_SECONDS = 0.2  # over which the pose at the start and at the end of a clip is averaged
HEADING_SECONDS = 0.3  # the pelvis swings with every step; its heading is smoothed over this
OFF_FLOOR_M = 0.05  # a sole higher than this above the clip's floor does not stand on it
UPRIGHT_SHARE = 0.85  # of the straight leg: nobody *stands* with the pelvis lower than this
SIDES = ("left", "right")

Side = Literal["left", "right", "both", "either"]
Joint = Literal[SMPLX.names]


@dataclass(frozen=True, eq=False)
class Kinematics:
    """World positions and rotations of a clip of ``F`` frames, with figures measured once.

    ``positions [F, 55, 3]`` metres, ``world_rotations [F, 55, 4]`` wxyz, ``soles [F, 4, 3]`` (left
    heel, left ball, right heel, right ball), ``floor_m``: height of the floor that the clip stands
    on, ``standing_m``: height of the pelvis above it when upright. A cut keeps the last two.
    """

    positions: np.ndarray
    world_rotations: np.ndarray
    soles: np.ndarray
    fps: float
    floor_m: float
    standing_m: float

    @classmethod
    def of(cls, motion: Motion) -> "Kinematics":
        positions, world_rotations = motion.forward_kinematics()
        soles = sole_points(motion)
        lowest = soles[..., 2].min(axis=1)
        floor = float(np.percentile(lowest, 5))
        pelvis = positions[:, 0, 2] - floor
        grounded = pelvis[lowest < floor + OFF_FLOOR_M]
        upright = UPRIGHT_SHARE * (_length(positions, "left", "hip knee ankle") + 0.16)
        standing = max(float(np.percentile(grounded, 90)), upright)
        return cls(positions, world_rotations, soles, motion.fps, floor, standing)

    def cut(self, start: int, stop: int) -> "Kinematics":
        """Frames ``start`` to ``stop`` (exclusive); directions then start from the cut's own."""
        return Kinematics(
            self.positions[start:stop],
            self.world_rotations[start:stop],
            self.soles[start:stop],
            self.fps,
            self.floor_m,
            self.standing_m,
        )

    @property
    def frames(self) -> int:
        return len(self.positions)

    def frames_in(self, seconds: float) -> int:
        return max(1, round(seconds * self.fps))

    def joint(self, name: str) -> np.ndarray:
        """World positions ``[F, 3]`` of a joint."""
        return self.positions[:, SMPLX.index(name)]

    def height(self, name: str) -> np.ndarray:
        """Heights ``[F]`` of a joint above the floor, metres."""
        return self.joint(name)[:, 2] - self.floor_m

    @cached_property
    def heading(self) -> np.ndarray:
        """Yaw ``[F]`` of the pelvis in radians, continuous; 0 faces -Y, positive to the left."""
        return events.smooth(_yaw(self, "hip"), self.frames_in(HEADING_SECONDS))

    @cached_property
    def net_yaw_degrees(self) -> float:
        """Heading at the end less heading at the start, full turns included."""
        edge = self.frames_in(START_SECONDS)
        return float(np.degrees(self.heading[-edge:].mean() - self.heading[:edge].mean()))

    @cached_property
    def shoulder_twist(self) -> np.ndarray:
        """Yaw ``[F]`` of the shoulders against the hips, degrees, positive to the left."""
        twist = _yaw(self, "shoulder") - _yaw(self, "hip")
        return np.degrees((twist + np.pi) % (2 * np.pi) - np.pi)

    def facing(self, vectors: np.ndarray, heading: np.ndarray | float | None = None) -> np.ndarray:
        """World vectors ``[F, 3]`` as (forward, left, up) of the character.

        ``heading`` defaults to that of every frame; the start's gives the directions of a path.
        """
        yaw = self.heading if heading is None else heading
        forward = np.sin(yaw) * vectors[..., 0] - np.cos(yaw) * vectors[..., 1]
        left = np.cos(yaw) * vectors[..., 0] + np.sin(yaw) * vectors[..., 1]
        return np.stack([forward, left, vectors[..., 2]], axis=-1)

    @cached_property
    def displacement(self) -> np.ndarray:
        """From the pelvis at the start to that at the end: forward, left, up of the start, [3]."""
        edge = self.frames_in(START_SECONDS)
        pelvis = self.joint("pelvis")
        moved = pelvis[-edge:].mean(axis=0) - pelvis[:edge].mean(axis=0)
        return self.facing(moved, self.heading[:edge].mean())

    def planar_speed(self, seconds: float) -> np.ndarray:
        """Speed ``[F]`` of the pelvis over the floor, m/s, between the ends of a span that long."""
        half = self.frames_in(seconds / 2.0)
        frames = np.arange(self.frames)
        before, after = np.maximum(frames - half, 0), np.minimum(frames + half, self.frames - 1)
        path = self.joint("pelvis")[:, :2]
        moved = np.linalg.norm(path[after] - path[before], axis=-1)
        return moved * self.fps / np.maximum(after - before, 1)

    def sole_height(self, side: str) -> np.ndarray:
        """Height ``[F]`` of the lower one of heel and ball of a foot above the floor, metres."""
        first = 2 * SIDES.index(side)
        return self.soles[:, first : first + 2, 2].min(axis=1) - self.floor_m

    @cached_property
    def airborne(self) -> np.ndarray:
        """Frames ``[F]`` on which neither foot touches the floor."""
        return np.minimum(*(self.sole_height(side) for side in SIDES)) > OFF_FLOOR_M

    def pelvis_drop(self) -> np.ndarray:
        """How far ``[F]`` the pelvis is below its standing height, metres."""
        return self.standing_m - self.height("pelvis")

    def arm(self, side: str) -> np.ndarray:
        """Shoulder to wrist ``[F, 3]`` as (forward, left, up), in lengths of the straight arm."""
        reach = self.joint(f"{side}_wrist") - self.joint(f"{side}_shoulder")
        return self.facing(reach) / _length(self.positions, side, "shoulder elbow wrist")

    def leg(self, side: str) -> np.ndarray:
        """Hip to ankle ``[F, 3]`` as (forward, left, up), in lengths of the straight leg."""
        reach = self.joint(f"{side}_ankle") - self.joint(f"{side}_hip")
        return self.facing(reach) / _length(self.positions, side, "hip knee ankle")

    def thigh(self, side: str) -> np.ndarray:
        """Unit vectors ``[F, 3]`` from hip to knee as (forward, left, up)."""
        thigh = self.joint(f"{side}_knee") - self.joint(f"{side}_hip")
        return rotations.normalize(self.facing(thigh))

    def palm(self, side: str) -> np.ndarray:
        """Middle of the palm ``[F, 3]``: halfway from the wrist to the middle knuckle."""
        return (self.joint(f"{side}_wrist") + self.joint(f"{side}_middle1")) / 2.0

    @cached_property
    def palm_distance(self) -> np.ndarray:
        """Distance ``[F]`` between the palms, metres."""
        return np.linalg.norm(self.palm("left") - self.palm("right"), axis=-1)

    @cached_property
    def trunk(self) -> np.ndarray:
        """Unit vectors ``[F, 3]`` from pelvis to neck as (forward, left, up)."""
        return rotations.normalize(self.facing(self.joint("neck") - self.joint("pelvis")))

    @cached_property
    def gaze(self) -> np.ndarray:
        """Yaw against the heading (left positive) and pitch against the horizon (up positive) of
        the face, ``[F, 2]`` in degrees. People hold their heads steady against the world, not
        against the chest, which moves with every step and blow."""
        head = self.world_rotations[:, SMPLX.index("head")]
        ahead = self.facing(rotations.rotate(head, np.array([[0.0, 0.0, 1.0]])))
        yaw = np.arctan2(ahead[:, 1], ahead[:, 0])
        return np.degrees(np.stack([yaw, np.arcsin(np.clip(ahead[:, 2], -1.0, 1.0))], axis=-1))

    @cached_property
    def face(self) -> np.ndarray:
        """Yaw (left positive), pitch (up positive) and roll (to the left positive) ``[F, 3]`` of
        the head against the chest, degrees."""
        chest = self.world_rotations[:, SMPLX.index("spine3")]
        head = self.world_rotations[:, SMPLX.index("head")]
        turn = rotations.multiply(rotations.conjugate(chest), head)
        ahead = rotations.rotate(turn, np.array([[0.0, 0.0, 1.0]]))
        crown = rotations.rotate(turn, np.array([[0.0, 1.0, 0.0]]))
        yaw = np.arctan2(ahead[:, 0], ahead[:, 2])
        pitch = np.arcsin(np.clip(ahead[:, 1], -1.0, 1.0))
        return np.degrees(np.stack([yaw, pitch, np.arcsin(np.clip(crown[:, 0], -1, 1))], axis=-1))


def _yaw(clip: Kinematics, pair: str) -> np.ndarray:
    """Continuous yaw ``[F]`` of the line from the right to the left joint of a pair."""
    across = clip.joint(f"left_{pair}") - clip.joint(f"right_{pair}")
    return np.unwrap(np.arctan2(across[:, 1], across[:, 0]))


def _length(positions: np.ndarray, side: str, chain: str) -> float:
    """Length of a chain of bones, on the first frame, metres."""
    points = positions[0, [SMPLX.index(f"{side}_{name}") for name in chain.split()]]
    return float(np.linalg.norm(np.diff(points, axis=0), axis=-1).sum())

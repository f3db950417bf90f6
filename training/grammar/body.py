"""The body of a clip under construction: mutable arrays that base layers and actions edit.

The upper body is kept as local rotations. The lower body is kept as what a foot planner knows, the
pelvis and two feet in the world; the contact pass turns it into leg rotations at the very end.
"""

from dataclasses import dataclass, field

import numpy as np

from motion_engine import rotations
from motion_engine.skeleton import SMPLX, STANDING, standing_height_m
from training.grammar.hand_plants import HandPlant

STANDING_HEIGHT_M = standing_height_m()
LEG_JOINTS = tuple(
    SMPLX.index(f"{side}_{name}")
    for side in ("left", "right")
    for name in ("hip", "knee", "ankle", "foot")
)


@dataclass(eq=False)
class Body:
    """Working arrays of ``F`` frames at 30 fps; world frame, metres, radians, wxyz.

    - ``local_rotations [F, 55, 4]``: upper-body actions edit these (not the pelvis, not the legs).
    - ``pelvis_path [F, 3]``: pelvis as the base layer moves it; ``heading [F]``: yaw about +Z,
      0 faces -Y, positive turns to the character's left.
    - ``pelvis_shift [F, 3]``: an action's own displacement of the pelvis in the heading frame
      (left, back, up: the world's axes turned by the heading), added to the path.
    - ``pelvis_tilt [F, 3]``: rotation vector of the pelvis in the heading frame: x > 0 leans
      forward, y > 0 leans over to the left side, z > 0 twists to the left; base and actions add.
    - ``ankles [F, 2, 3]``, ``foot_yaw [F, 2]``, ``foot_pitch [F, 2]`` (positive: toes up),
      ``toe_bend [F, 2]`` (positive: toes up against the foot), ``knee_out [F, 2]``: feet, left
      first, and how far the knee opens outwards.
    - ``contacts [F, 4]``: left heel, left toe, right heel, right toe.
    - ``hand_plants``: where hands bear weight on the floor, and when.
    """

    local_rotations: np.ndarray
    pelvis_path: np.ndarray
    heading: np.ndarray
    pelvis_shift: np.ndarray
    pelvis_tilt: np.ndarray
    ankles: np.ndarray
    foot_yaw: np.ndarray
    foot_pitch: np.ndarray
    toe_bend: np.ndarray
    knee_out: np.ndarray
    contacts: np.ndarray
    hand_plants: list[HandPlant] = field(default_factory=list)

    @classmethod
    def empty(cls, frames: int) -> "Body":
        """A T-pose at the origin on every frame, feet not placed yet."""
        local_rotations = np.tile(rotations.IDENTITY, (frames, SMPLX.joints, 1))
        pelvis_path = np.zeros((frames, 3))
        pelvis_path[:, 2] = STANDING_HEIGHT_M
        pairs = [np.zeros((frames, 2)) for _ in range(4)]
        return cls(
            local_rotations, pelvis_path, np.zeros(frames), np.zeros((frames, 3)),
            np.zeros((frames, 3)), np.zeros((frames, 2, 3)), *pairs, np.zeros((frames, 4)),
        )  # fmt: skip

    @property
    def frames(self) -> int:
        return len(self.heading)

    def root_positions(self) -> np.ndarray:
        """World positions of the pelvis ``[F, 3]``, the actions' shifts included."""
        turn = rotations.about("z", self.heading)
        return self.pelvis_path + rotations.rotate(turn, self.pelvis_shift)

    def root_rotations(self) -> np.ndarray:
        """World rotations of the pelvis ``[F, 4]``: heading, then tilt, then the rest pose."""
        turn = rotations.about("z", self.heading)
        tilt = rotations.from_axis_angle(self.pelvis_tilt)
        return rotations.multiply(rotations.multiply(turn, tilt), STANDING)

"""Key poses told by a few joint angles: what the suite asks a motion to pass through."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from motion_engine import rotations
from motion_engine.contacts import sole_points
from motion_engine.finish.keys import Key
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX, STANDING

Turn = tuple[str, str, float]
_HANGING = (("left_shoulder", "z", -75.0), ("right_shoulder", "z", 75.0))

# Turns (joint, axis of the T-pose, degrees), applied one after the other on top of the T-pose.
POSES: Mapping[str, tuple[Turn, ...]] = {
    "stand": _HANGING,
    "arms_out": (),
    "hands_up": (("left_shoulder", "z", 80.0), ("right_shoulder", "z", -80.0)),
    "left_arm_forward": (*_HANGING, ("left_shoulder", "x", -80.0)),
    "right_arm_forward": (*_HANGING, ("right_shoulder", "x", -80.0)),
    "squat": (
        *_HANGING, ("spine1", "x", 25.0),
        *((f"{side}_{joint}", "x", angle) for side in ("left", "right")
          for joint, angle in (("hip", -85.0), ("knee", 105.0), ("ankle", -20.0))),
    ),
    "left_knee_up": (*_HANGING, ("left_hip", "x", -85.0), ("left_knee", "x", 85.0)),
    "right_knee_up": (*_HANGING, ("right_hip", "x", -85.0), ("right_knee", "x", 85.0)),
    "bow": (
        *_HANGING, ("spine1", "x", 20.0), ("spine2", "x", 20.0), ("spine3", "x", 15.0),
        ("left_shoulder", "x", -40.0), ("right_shoulder", "x", -40.0),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class KeyPose:
    """The pose of that name at ``seconds``, that far forward and to the left of the origin and
    turned to the left by so many degrees, the lowest sole on the floor."""

    seconds: float
    pose: str
    forward_m: float = 0.0
    left_m: float = 0.0
    turned_degrees: float = 0.0

    def key(self) -> Key:
        place = self.forward_m, self.left_m, self.turned_degrees
        return Key(self.seconds, key_pose(self.pose, *place), tuple(range(SMPLX.joints)))


def key_pose(
    name: str, forward_m: float = 0.0, left_m: float = 0.0, turned_degrees: float = 0.0
) -> Motion:
    """Two frames of a pose of POSES at a place."""
    local = np.tile(rotations.IDENTITY, (2, SMPLX.joints, 1))
    for joint, axis, degrees in POSES[name]:
        index = SMPLX.index(joint)
        local[:, index] = rotations.multiply(
            rotations.about(axis, np.radians(degrees)), local[:, index]
        )
    turn = rotations.about("z", np.radians(turned_degrees))
    local[:, 0] = rotations.multiply(turn, STANDING)
    root = np.tile([left_m, -forward_m, 1.0], (2, 1))
    pose = Motion(root, local, np.ones((2, 4)), 30.0)
    root[:, 2] -= sole_points(pose)[..., 2].min()
    return replace(pose, root_positions=root)

"""The SMPL-X skeleton: 55 joints, with neutral offsets of our own for an adult of 1.75 m.

Joint frames are SMPL-X's own. At rest (all local rotations identity) the body stands in a T-pose,
Y up, facing +Z, its left towards +X, every joint frame parallel to the axes. In the world (Z up,
facing -Y) the root rotation therefore carries a quarter turn about X: :data:`STANDING`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import rotations

STANDING = np.array([np.sqrt(0.5), np.sqrt(0.5), 0.0, 0.0])
BODY_JOINTS = 22

# Sole points under heel and ball, in the frames of ankle and foot joints, metres, at rest.
HEEL_OFFSET_M = np.array([0.0, -0.075, -0.045])
TOE_OFFSET_M = np.array([0.0, -0.020, 0.015])


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Joint ``names`` (J), ``parents [J]`` (-1 for the root, always before their children) and
    ``offsets [J, 3]``: the rest translation from the parent, in metres. The root's own offset is the
    pelvis in the model frame of SMPL-X, which only ``trans`` in files needs."""

    names: tuple[str, ...]
    parents: np.ndarray
    offsets: np.ndarray

    @property
    def joints(self) -> int:
        return len(self.names)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(j for j in range(self.joints) if self.parents[j] == parent)
            for parent in range(self.joints)
        )

    def index(self, name: str) -> int:
        return self.names.index(name)

    @cached_property
    def rest_positions(self) -> np.ndarray:
        """Joint positions ``[J, 3]`` in the model frame at rest, root at the origin."""
        positions = np.zeros((self.joints, 3))
        for joint in range(1, self.joints):
            positions[joint] = positions[self.parents[joint]] + self.offsets[joint]
        return positions


_LEFT_BODY = {
    "hip": ("pelvis", (0.066, -0.088, -0.008)),
    "knee": ("hip", (0.038, -0.385, -0.004)),
    "ankle": ("knee", (-0.014, -0.412, -0.036)),
    "foot": ("ankle", (0.034, -0.055, 0.125)),
    "collar": ("spine3", (0.058, 0.092, -0.012)),
    "shoulder": ("collar", (0.118, 0.030, -0.014)),
    "elbow": ("shoulder", (0.262, 0.0, -0.012)),
    "wrist": ("elbow", (0.252, 0.0, 0.008)),
}
_CENTRE = {
    "pelvis": (None, (0.0, -0.350, 0.012)),
    "spine1": ("pelvis", (0.0, 0.112, -0.020)),
    "spine2": ("spine1", (0.0, 0.136, 0.002)),
    "spine3": ("spine2", (0.0, 0.056, 0.022)),
    "neck": ("spine3", (0.0, 0.168, -0.030)),
    "head": ("neck", (0.0, 0.088, 0.046)),
    "jaw": ("head", (0.0, -0.004, 0.022)),
}
_LEFT_FINGERS = {
    "index": ((0.100, 0.000, 0.024), (0.034, 0.0, 0.001), (0.023, 0.0, 0.0)),
    "middle": ((0.104, 0.003, 0.002), (0.037, 0.0, 0.0), (0.025, 0.0, 0.0)),
    "pinky": ((0.086, -0.006, -0.038), (0.024, 0.0, -0.003), (0.018, 0.0, -0.002)),
    "ring": ((0.096, 0.0, -0.019), (0.034, 0.0, -0.001), (0.024, 0.0, -0.001)),
    "thumb": ((0.032, -0.012, 0.028), (0.030, -0.008, 0.022), (0.026, -0.004, 0.014)),
}
_BODY_AND_FACE_NAMES = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2",
    "left_ankle", "right_ankle", "spine3", "left_foot", "right_foot", "neck", "left_collar",
    "right_collar", "head", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
    "left_wrist", "right_wrist", "jaw", "left_eye_smplhf", "right_eye_smplhf",
)  # fmt: skip
_NAMES = [
    *_BODY_AND_FACE_NAMES,
    *(
        f"{side}_{finger}{number}"
        for side in ("left", "right")
        for finger in ("index", "middle", "pinky", "ring", "thumb")
        for number in (1, 2, 3)
    ),
]


def _smplx() -> Skeleton:
    joints = dict(_CENTRE)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        mirror = np.array([sign, 1.0, 1.0])
        for name, (parent, offset) in _LEFT_BODY.items():
            parent = parent if parent in _CENTRE else f"{side}_{parent}"
            joints[f"{side}_{name}"] = (parent, mirror * offset)
        joints[f"{side}_eye_smplhf"] = ("head", mirror * (0.032, 0.070, 0.066))
        for finger, segments in _LEFT_FINGERS.items():
            for number, offset in enumerate(segments, start=1):
                parent = f"{side}_wrist" if number == 1 else f"{side}_{finger}{number - 1}"
                joints[f"{side}_{finger}{number}"] = (parent, mirror * offset)
    parents = [-1 if joints[n][0] is None else _NAMES.index(joints[n][0]) for n in _NAMES]
    offsets = np.array([joints[n][1] for n in _NAMES], dtype=np.float64)
    return Skeleton(tuple(_NAMES), np.array(parents), offsets)


SMPLX = _smplx()


def standing_height_m(skeleton: Skeleton = SMPLX) -> float:
    """Height of the root above the floor in the rest pose, soles on the floor."""
    ankle = skeleton.rest_positions[skeleton.index("left_ankle")]
    return float(-(ankle[1] + HEEL_OFFSET_M[1]))


def forward_kinematics(
    skeleton: Skeleton, root_positions: np.ndarray, local_rotations: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """World positions ``[..., J, 3]`` and rotations ``[..., J, 4]`` of all joints.

    ``root_positions [..., 3]`` is the world position of the root joint itself.
    """
    positions: list[np.ndarray] = []
    world: list[np.ndarray] = []
    for joint, parent in enumerate(skeleton.parents):
        local = local_rotations[..., joint, :]
        if parent < 0:
            positions.append(np.asarray(root_positions))
            world.append(local)
            continue
        world.append(rotations.multiply(world[parent], local))
        offset = rotations.rotate(world[parent], skeleton.offsets[joint])
        positions.append(positions[parent] + offset)
    return np.stack(positions, axis=-2), np.stack(world, axis=-2)

"""Joint positions alone as features, and the way back to rotations.

Only what positions tell comes back: a bone's turn about itself is that of its parent, unless
several children show it, and the last joints of limbs, head and fingers do not turn at all.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn

from motion_engine import rotations
from motion_engine.codecs.configuration import CodecConfig
from motion_engine.features import FeatureLayout
from motion_engine.parts import Part
from motion_engine.skeleton import SMPLX

_TAKEN_OVER = ("yaw_rate", "planar_velocity", "height", "contacts")


@dataclass(frozen=True)
class PositionLayout(FeatureLayout):
    """Root, contacts and joint positions of the default layout, and nothing else."""

    @cached_property
    def slices(self) -> dict[str, slice]:
        whole = FeatureLayout(self.joints).slices
        found, start = {}, 0
        for name in ("yaw_rate", "planar_velocity", "height", "positions", "contacts"):
            width = whole[name].stop - whole[name].start
            found[name] = slice(start, start + width)
            start += width
        return found

    @property
    def size(self) -> int:
        return self.pose_size

    @cached_property
    def columns(self) -> np.ndarray:
        """Where the default layout holds these values."""
        whole = FeatureLayout(self.joints).slices
        return np.concatenate([np.arange(whole[n].start, whole[n].stop) for n in self.slices])


@dataclass(frozen=True)
class EverythingPart(Part):
    """The whole body in whatever layout."""

    def own_columns(self, layout: FeatureLayout) -> np.ndarray:
        return np.arange(layout.pose_size)

    def input_columns(self, layout: FeatureLayout) -> np.ndarray:
        return np.arange(layout.size)


@dataclass(frozen=True)
class PositionCodecConfig(CodecConfig):
    """A codec of a single part that sees and says positions."""

    @property
    def layout(self) -> PositionLayout:
        return PositionLayout(self.joints)

    @property
    def parts(self) -> tuple[Part, ...]:
        return (EverythingPart("whole"),)


class PositionsAsTheyAre(nn.Module):
    """In the place of ``losses.ForwardKinematics``."""

    def __init__(self, layout: PositionLayout):
        super().__init__()
        self.layout = layout

    def forward(self, features: Tensor) -> Tensor:
        """Joints ``[..., J, 3]`` relative to the root, in the heading frame, metres."""
        positions = features[..., self.layout.slices["positions"]]
        return positions.unflatten(-1, (self.layout.joints, 3))


def recovered_pose(features: np.ndarray, layout: PositionLayout) -> np.ndarray:
    """Pose features ``[F, pose_size]`` of the default layout for position ``features [F, D]``."""
    whole = FeatureLayout(layout.joints)
    pose = np.zeros((len(features), whole.pose_size))
    for name in _TAKEN_OVER:
        pose[:, whole.slices[name]] = features[:, layout.slices[name]]
    with torch.no_grad():
        positions = PositionsAsTheyAre(layout)(torch.from_numpy(features)).numpy()
    local = fitted_rotations(positions.astype(np.float64), layout.joint_indices)
    pose[:, whole.slices["tilt"]] = rotations.to_6d(local[:, 0])
    sixes = rotations.to_6d(local[:, 1:])
    pose[:, whole.slices["rotations"]] = sixes.reshape(len(features), -1)
    return pose


def fitted_rotations(positions: np.ndarray, joints: tuple[int, ...]) -> np.ndarray:
    """Local rotations ``[F, J, 4]`` of some of the skeleton's joints, the root's first, that aim the
    rest pose's bones along ``positions [F, J, 3]``."""
    parents = [-1] + [joints.index(SMPLX.parents[joint]) for joint in joints[1:]]
    world: list[np.ndarray] = []
    for index, parent in enumerate(parents):
        children = [i for i, above in enumerate(parents) if above == index]
        above = world[parent] if index else np.tile(rotations.IDENTITY, (len(positions), 1))
        aims = positions[:, children] - positions[:, index : index + 1]
        world.append(_aimed(above, SMPLX.offsets[[joints[i] for i in children]], aims))
    local = [world[0]]
    local += [
        rotations.multiply(rotations.conjugate(world[parent]), turned)
        for parent, turned in zip(parents[1:], world[1:])
    ]
    return np.stack(local, axis=1)


def _aimed(above: np.ndarray, offsets: np.ndarray, aims: np.ndarray) -> np.ndarray:
    """World rotations ``[F, 4]`` that turn ``offsets [n, 3]`` towards ``aims [F, n, 3]``; as little
    from the parent's as will do for a single one, by least squares for several (Kabsch, 1976)."""
    if not len(offsets):
        return above
    if len(offsets) == 1:
        held = rotations.rotate(above, offsets[0])
        return rotations.multiply(rotations.between(held, aims[:, 0]), above)
    left, _, right = np.linalg.svd(np.einsum("ni,fnj->fij", offsets, aims))
    signs = np.ones((len(aims), 3))
    signs[:, 2] = np.sign(np.linalg.det(left @ right))
    matrices = np.einsum("fji,fj,fkj->fik", right, signs, left)
    return rotations.from_matrix(matrices)

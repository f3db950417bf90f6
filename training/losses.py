"""Reconstruction losses of the codecs, joint positions through forward kinematics included."""

import itertools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from motion_engine.features import FeatureLayout
from motion_engine.motion import ENGINE_FPS
from motion_engine.skeleton import SMPLX

SEEN_FRAMES = 12


def matrix_from_6d(x: Tensor) -> Tensor:
    """Rotation matrices ``[..., 3, 3]`` of 6D values (columns 0 and 1), by Gram-Schmidt."""
    first = F.normalize(x[..., :3], dim=-1, eps=1e-6)
    second = x[..., 3:] - (first * x[..., 3:]).sum(-1, keepdim=True) * first
    second = F.normalize(second, dim=-1, eps=1e-6)
    return torch.stack([first, second, torch.linalg.cross(first, second)], dim=-1)


class ForwardKinematics(nn.Module):
    """Joints of raw pose features, relative to the root, in the heading frame.

    Joints of the same depth in the tree are computed at once, from those one level above.
    """

    def __init__(self, layout: FeatureLayout):
        super().__init__()
        self.layout = layout
        order = list(layout.joint_indices)
        parents = [-1] + [order.index(SMPLX.parents[j]) for j in order[1:]]
        levels = [[0]]
        while any(parent in levels[-1] for parent in parents):
            levels.append([j for j, parent in enumerate(parents) if parent in levels[-1]])
        self.levels = levels
        self.parents_above = [
            [above.index(parents[j]) for j in level] for above, level in itertools.pairwise(levels)
        ]
        self.joint_order = np.argsort(np.concatenate(levels)).tolist()
        offsets = SMPLX.offsets[order].astype(np.float32)
        self.register_buffer("offsets", torch.from_numpy(offsets))

    def forward(self, features: Tensor) -> Tensor:
        """``[..., pose_size]`` to positions ``[..., J, 3]`` in metres."""
        at = self.layout.slices
        sixes = torch.cat([features[..., at["tilt"]], features[..., at["rotations"]]], dim=-1)
        local = matrix_from_6d(sixes.unflatten(-1, (self.layout.joints, 6)))
        world = local[..., :1, :, :]
        positions = [torch.zeros_like(world[..., 0])]
        for level, above in zip(self.levels[1:], self.parents_above):
            turned = world[..., above, :, :]
            offset = (turned * self.offsets[level][:, None]).sum(-1)
            positions.append(positions[-1][..., above, :] + offset)
            world = turned @ local[..., level, :, :]
        return torch.cat(positions, dim=-2)[..., self.joint_order, :]


def root_path(features: Tensor, layout: FeatureLayout) -> tuple[Tensor, Tensor]:
    """Heading ``[B, F]`` in radians and place of the root ``[B, F, 3]`` in metres, on the floor from
    zero on, of raw features ``[B, F, pose_size]``: what ``decode_features`` adds up."""
    steps = features / ENGINE_FPS
    heading = _summed(steps[..., layout.slices["yaw_rate"]])[..., 0]
    planar = _summed(_turned(steps[..., layout.slices["planar_velocity"]], heading))
    return heading, torch.cat([planar, features[..., layout.slices["height"]]], dim=-1)


def _summed(steps: Tensor) -> Tensor:
    return torch.cat([torch.zeros_like(steps[:, :1]), steps[:, :-1].cumsum(1)], dim=1)


def _turned(planar: Tensor, heading: Tensor) -> Tensor:
    """``[B, F, ..., 2]`` turned by ``heading [B, F]`` about world Z."""
    heading = heading.view(heading.shape + (1,) * (planar.ndim - 3))
    cosine, sine = heading.cos(), heading.sin()
    x, y = planar.unbind(-1)
    return torch.stack([cosine * x - sine * y, sine * x + cosine * y], dim=-1)


@dataclass
class CodecLoss:
    """Parts of the loss, each a scalar."""

    features: Tensor
    velocity: Tensor
    positions: Tensor
    path: Tensor
    acceleration: Tensor
    commitment: Tensor

    def total(self) -> Tensor:
        return (
            self.features
            + 0.5 * self.velocity
            + 20.0 * self.positions
            + 2.0 * self.path
            + 0.02 * self.acceleration
            + 0.25 * self.commitment
        )


def codec_loss(
    decoded: Tensor,
    target: Tensor,
    std: Tensor,
    mean: Tensor,
    commitment: Tensor,
    kinematics: ForwardKinematics,
) -> CodecLoss:
    """``decoded`` and ``target`` are normalized pose features ``[B, F, pose_size]``.

    - ``features``, ``velocity``: smooth L1 on features and on their frame differences (in frames
      per token, so that both weigh alike).
    - ``path``: heading (radians) and place (metres) as they add up over the window. A small bias
      of the yaw rate hardly shows in a frame and turns a clip by half a circle; and the height,
      one channel among hundreds, decides whether somebody sits.
    - ``positions``: joints relative to the root, metres, through forward kinematics.
    - ``acceleration``: of the same joints in the world, m/s^2. Without it, the seams between token
      frames shake. Both look at a run of SEEN_FRAMES somewhere in the window.
    """
    velocity = F.smooth_l1_loss(4.0 * decoded.diff(dim=1), 4.0 * target.diff(dim=1))
    raw, wanted = (x * std + mean for x in (decoded, target))
    (heading, place), (true_heading, true_place) = (
        root_path(x, kinematics.layout) for x in (raw, wanted)
    )
    first = int(torch.randint(max(target.shape[1] - SEEN_FRAMES, 0) + 1, ()))
    seen = slice(first, first + SEEN_FRAMES)
    joints, true_joints = (kinematics(x[:, seen]) for x in (raw, wanted))
    acceleration, true_acceleration = (
        ENGINE_FPS**2 * _in_world(j, h[:, seen], p[:, seen]).diff(n=2, dim=1)
        for j, h, p in ((joints, heading, place), (true_joints, true_heading, true_place))
    )
    return CodecLoss(
        features=F.smooth_l1_loss(decoded, target),
        velocity=velocity,
        positions=F.smooth_l1_loss(joints, true_joints, beta=0.02),
        path=F.smooth_l1_loss(heading, true_heading, beta=0.05)
        + F.smooth_l1_loss(place, true_place, beta=0.05),
        acceleration=F.smooth_l1_loss(acceleration, true_acceleration),
        commitment=commitment,
    )


def _in_world(joints: Tensor, heading: Tensor, place: Tensor) -> Tensor:
    """Joints ``[B, F, J, 3]`` relative to the root, turned by the heading and moved to its place."""
    turned = torch.cat([_turned(joints[..., :2], heading), joints[..., 2:]], dim=-1)
    return turned + place[:, :, None]

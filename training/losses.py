"""Reconstruction losses of the codecs, joint positions through forward kinematics included."""

import itertools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from motion_engine.features import FeatureLayout
from motion_engine.skeleton import SMPLX


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


@dataclass
class CodecLoss:
    """Parts of the loss, each a scalar."""

    features: Tensor
    velocity: Tensor
    positions: Tensor
    commitment: Tensor

    def total(self) -> Tensor:
        return self.features + 0.5 * self.velocity + 20.0 * self.positions + 0.25 * self.commitment


def codec_loss(
    decoded: Tensor,
    target: Tensor,
    std: Tensor,
    mean: Tensor,
    commitment: Tensor,
    kinematics: ForwardKinematics,
) -> CodecLoss:
    """``decoded`` and ``target`` are normalized pose features ``[B, F, pose_size]``.

    Smooth L1 on features and on their frame differences (in frames per token, so that both weigh
    alike), and joint positions in metres through forward kinematics.
    """
    velocity = F.smooth_l1_loss(4.0 * decoded.diff(dim=1), 4.0 * target.diff(dim=1))
    some = slice(int(torch.randint(8, ())), None, 8)
    reached, wanted = (kinematics(x[:, some] * std + mean) for x in (decoded, target))
    return CodecLoss(
        features=F.smooth_l1_loss(decoded, target),
        velocity=velocity,
        positions=F.smooth_l1_loss(reached, wanted, beta=0.02),
        commitment=commitment,
    )

"""A rig's animation as a Motion: the transfer, backwards, from the bones that deform."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import rotations
from ..contacts import with_detected_contacts
from ..kinematics import local_from_world
from ..motion import Motion
from ..skeleton import SMPLX, STANDING, forward_kinematics
from .alignment import Alignment, align, our_ankle_height
from .mapping import Mapping
from .rig import Rig
from .roles import ENDS, SIDES, TWISTS, joint_of
from .transfer import spine_shares


@dataclass(frozen=True, eq=False)
class RigPoses:
    """Evaluated poses in the world: ``rotations [F, 4]`` and ``positions [F, 3]`` by bone."""

    rotations: dict[str, np.ndarray]
    positions: dict[str, np.ndarray]

    @property
    def frames(self) -> int:
        return len(next(iter(self.positions.values())))


def motion_from_poses(rig: Rig, mapping: Mapping, poses: RigPoses, fps: float) -> Motion:
    """What the rig does, on our skeleton: its place in the world scaled by leg length, contacts
    measured. Joints that the rig lacks stay as they are at rest."""
    alignment = align(rig, mapping)
    world = _world_rotations(rig, mapping, poses, alignment)
    local = rotations.unroll(local_from_world(SMPLX, world))
    unplaced, _ = forward_kinematics(SMPLX, np.zeros((poses.frames, 3)), local)
    hips = [SMPLX.index(f"{side}_hip") for side in SIDES]
    theirs = np.mean([poses.positions[mapping.bone(f"{side}_hip")] for side in SIDES], axis=0)
    metres = theirs / (alignment.units_per_metre * rig.world_scale)
    metres[:, 2] += our_ankle_height() - alignment.ankle_height / alignment.units_per_metre
    root = metres - unplaced[:, hips].mean(axis=1)
    return with_detected_contacts(Motion(root, local, np.zeros((poses.frames, 4)), fps))


def _world_rotations(
    rig: Rig, mapping: Mapping, poses: RigPoses, alignment: Alignment
) -> np.ndarray:
    """World rotations ``[F, 55, 4]`` of our joints."""

    def ours(role: str, bone: str) -> np.ndarray:
        rest = rotations.conjugate(rig[bone].rest_rotation)
        turn = rotations.multiply(poses.rotations[bone], rest)
        aligned = rotations.multiply(turn, rotations.conjugate(alignment.turn(role)))
        upright = rotations.multiply(alignment.facing, STANDING)
        return rotations.multiply(aligned, upright)

    chains = {
        role: [ours(role, bone) for bone in _bones_to_read(rig, mapping, role)]
        for role in mapping.matches
        if role not in TWISTS
    }
    found: dict[str, np.ndarray] = {}
    for role, chain in chains.items():
        if role not in ("spine", "neck", "root"):
            found[joint_of(role)] = chain[0]
    shares = spine_shares(rig, mapping.matches["spine"].bones, alignment)[:, 1:].T
    shares[shares.sum(axis=1) < 1e-3, -1] = 1.0
    for number, weights in enumerate(shares, start=1):
        found[f"spine{number}"] = _mean(chains["spine"], weights)
    if "neck" in chains:
        found["neck"] = _sample(chains["neck"], (len(chains["neck"]) - 1) / 2.0)
    world = np.empty((poses.frames, SMPLX.joints, 4))
    for joint, name in enumerate(SMPLX.names):
        parent = max(SMPLX.parents[joint], 0)
        world[:, joint] = found.get(name, world[:, parent])
    return world


def _bones_to_read(rig: Rig, mapping: Mapping, role: str) -> tuple[str, ...]:
    """A role's bones; where an upper limb's twist bone carries the next joint, it has it all."""
    twist, end = f"{role}_twist", ENDS.get(role)
    if role.endswith(("shoulder", "hip")) and twist in mapping and end in mapping:
        carrying = [b for b in mapping.matches[twist].bones if rig.descends(mapping.bone(end), b)]
        if carrying:
            return tuple(carrying[-1:])
    return mapping.matches[role].bones


def _mean(turns: list[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Weighted mean of rotations that lie near to each other."""
    stack = np.stack(turns)
    signs = np.where(np.sum(stack * stack[:1], axis=-1, keepdims=True) < 0.0, -1.0, 1.0)
    return rotations.normalize(np.einsum("k,kfc->fc", weights, stack * signs))


def _sample(nodes: list[np.ndarray], at: float) -> np.ndarray:
    below = min(int(at), max(len(nodes) - 2, 0))
    if len(nodes) == 1:
        return nodes[0]
    return rotations.slerp(nodes[below], nodes[below + 1], at - below)

"""A rig's animation as a Motion: the transfer, backwards, from the bones that deform."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import rotations
from ..contacts import with_detected_contacts
from ..kinematics import local_from_world
from ..motion import Motion
from ..skeleton import SMPLX, STANDING, forward_kinematics
from .alignment import Alignment, align, floor_in_world, our_ankle_height
from .mapping import Mapping, check_usable
from .rig import Rig
from .roles import ENDS, SIDES, TWISTS, joint_of
from .transfer import spine_shares

_ALIKE = 0.1


@dataclass(frozen=True, eq=False)
class RigPoses:
    """Evaluated poses in the world: ``rotations [F, 4]`` and ``positions [F, 3]`` by bone."""

    rotations: dict[str, np.ndarray]
    positions: dict[str, np.ndarray]

    @property
    def frames(self) -> int:
        return len(next(iter(self.positions.values())))


def motion_from_poses(rig: Rig, mapping: Mapping, poses: RigPoses, fps: float) -> Motion:
    """What the rig does, on our skeleton: its place in the world scaled by leg length, on the floor
    that the rig stands on, contacts measured. Joints that the rig lacks stay as they are at rest.

    Raises LimberError for a mapping that lacks required roles.
    """
    check_usable(rig, mapping)
    alignment = align(rig, mapping)
    world = _world_rotations(rig, mapping, poses, alignment)
    local = rotations.unroll(local_from_world(SMPLX, world))
    unplaced, _ = forward_kinematics(SMPLX, np.zeros((poses.frames, 3)), local)
    hips = [SMPLX.index(f"{side}_hip") for side in SIDES]
    theirs = np.mean([poses.positions[mapping.bone(f"{side}_hip")] for side in SIDES], axis=0)
    theirs = theirs - floor_in_world(rig, alignment)
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
    found |= _spine_joints(rig, mapping, alignment, found["pelvis"], chains["spine"])
    if "neck" in chains:
        found["neck"] = _neck_joint(found["spine3"], chains["neck"], found["head"])
    world = np.empty((poses.frames, SMPLX.joints, 4))
    for joint, name in enumerate(SMPLX.names):
        parent = max(SMPLX.parents[joint], 0)
        world[:, joint] = found.get(name, world[:, parent])
    return world


def _bones_to_read(rig: Rig, mapping: Mapping, role: str) -> tuple[str, ...]:
    """A role's bones; of a limb whose bones share its twist, the one that has it all."""
    if role in mapping.controls.whole:
        return (mapping.controls.whole[role],)
    twist, end = f"{role}_twist", ENDS.get(role)
    if role.endswith(("shoulder", "hip")) and twist in mapping and end in mapping:
        carrying = [b for b in mapping.matches[twist].bones if rig.descends(mapping.bone(end), b)]
        if carrying:
            return tuple(carrying[-1:])
    return mapping.matches[role].bones


def _spine_joints(
    rig: Rig, mapping: Mapping, alignment: Alignment, pelvis: np.ndarray, chain: list[np.ndarray]
) -> dict[str, np.ndarray]:
    """Our three spine joints ``[F, 4]`` that would give the rig's spine the turns it has.

    Turns are taken as rotation vectors from the pelvis. Least squares: bones count by how much of
    them lies beside our spine, and neighbouring joints are alike where few bones tell.
    """
    back = rotations.conjugate(pelvis)
    bones = np.stack([rotations.to_axis_angle(rotations.multiply(back, turn)) for turn in chain])
    shares = spine_shares(rig, mapping.matches["spine"].bones, alignment)[:, 1:]
    weights = shares.sum(axis=1, keepdims=True)
    alike = _ALIKE * np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]])
    solve = np.linalg.pinv(np.concatenate([weights * shares, alike]))[:, : len(chain)]
    joints = np.einsum("kn,nfc->kfc", solve, weights[:, :, None] * bones)
    return {
        f"spine{number}": rotations.multiply(pelvis, rotations.from_axis_angle(joint))
        for number, joint in enumerate(joints, start=1)
    }


def _neck_joint(chest: np.ndarray, chain: list[np.ndarray], head: np.ndarray) -> np.ndarray:
    """Our neck ``[F, 4]``, from the one or two bones of the chain that are nearest to it."""
    count = len(chain)
    if count % 2:
        return chain[count // 2]
    # These lie one n-th below and above our neck, on the ways to chest and head.
    beyond = count / (count - 1.0)
    below = rotations.slerp(chest, chain[count // 2 - 1], beyond)
    above = rotations.slerp(head, chain[count // 2], beyond)
    return rotations.slerp(below, above, 0.5)

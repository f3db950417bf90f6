"""Parts that stand still while others move: a quiet stand of the model's own, at most a breath."""

from dataclasses import replace

import numpy as np

from .. import rotations
from ..command import Command
from ..edit.joining import backwards, concatenated
from ..finish.region import part_joints
from ..foot_lock import lock_feet
from ..models.model import Model, decoded_motions
from ..motion import Motion
from ..skeleton import SMPLX

STANDING = "a person stands still"
STANDING_SECONDS = 4.0
LARGEST_SWAY_M = 0.015


def standing_still(frames: int, command: Command, model: Model) -> Motion:
    """So many frames of a quiet stand, to and fro in time, in which no joint strays farther than
    LARGEST_SWAY_M from where it is at first."""
    asked = replace(command, text=STANDING, seconds=STANDING_SECONDS)
    (motion,) = decoded_motions([asked], model)
    motion = motion.cut(round(0.5 * motion.fps), motion.frames)
    settled = _settled(motion)
    there_and_back = concatenated(settled, backwards(settled).cut(1, settled.frames - 1))
    rounds = concatenated(*[there_and_back] * -(-frames // there_and_back.frames))
    standing = replace(rounds, contacts=np.ones((rounds.frames, 4)))
    return lock_feet(standing, keeps_way=True).cut(0, frames)


def hold_parts(motion: Motion, parts: tuple[str, ...], still: Motion) -> Motion:
    """The motion with the joints of some parts as they are in a quiet stand.

    The model is not told: beside parts that it is told to stand, it lets all others stand too. The
    collar of an arm that is free goes with the arm.
    """
    joints = [j for j in part_joints(parts) if j not in _collars_of_free_arms(parts)]
    local = motion.local_rotations.copy()
    local[:, joints] = still.local_rotations[: motion.frames, joints]
    if "root" not in parts:
        return replace(motion, local_rotations=local)
    return replace(
        motion,
        local_rotations=local,
        root_positions=still.root_positions[: motion.frames],
        contacts=still.contacts[: motion.frames],
    )


def _collars_of_free_arms(held: tuple[str, ...]) -> list[int]:
    return [
        SMPLX.index(f"{side}_collar") for side in ("left", "right") if f"{side}_arm" not in held
    ]


def _settled(motion: Motion) -> Motion:
    """The motion made smaller around its first pose, until no joint strays too far."""
    positions = motion.joint_positions()
    strayed = np.linalg.norm(positions - positions[:1], axis=-1).max()
    share = min(1.0, LARGEST_SWAY_M / max(strayed, 1e-9))
    first = motion.cut(0, 1)
    return replace(
        motion,
        root_positions=first.root_positions
        + share * (motion.root_positions - first.root_positions),
        local_rotations=rotations.slerp(first.local_rotations, motion.local_rotations, share),
    )

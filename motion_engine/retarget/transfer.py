"""A motion's turns given to the bones of a mapped rig, all frames at once."""

from __future__ import annotations

from collections.abc import Mapping as MappingType

import numpy as np

from .. import rotations
from ..motion import Motion
from ..skeleton import SMPLX, STANDING
from .alignment import Alignment
from .rig import Rig
from .roles import CHAINS, ENDS, FINGER_ROLES, TWISTS, joint_of

_STILL_RAD = 1e-3


def source_turns(motion: Motion, alignment: Alignment, outward: np.ndarray) -> dict:
    """Turn ``[F, 4]`` of each SMPL-X joint since the T-pose, in the armature's space.

    ``outward [4]`` takes our world into the armature's space as the clip is placed there.
    """
    since_rest = rotations.multiply(motion.world_rotations(), rotations.conjugate(STANDING))
    turns = rotations.multiply(
        rotations.multiply(outward, since_rest), rotations.conjugate(alignment.facing)
    )
    return {name: turns[:, joint] for joint, name in enumerate(motion.skeleton.names)}


def bone_turns(
    motion: Motion,
    rig: Rig,
    bones: dict[str, tuple[str, ...]],
    alignment: Alignment,
    outward: np.ndarray,
) -> dict[str, np.ndarray]:
    """Turn ``[F, 4]`` since rest of every bone in ``bones`` (role to bones)."""
    source = source_turns(motion, alignment, outward)
    still = not _fingers_move(motion)
    turns: dict[str, np.ndarray] = {}
    for role, names in bones.items():
        if role == "root" or role in TWISTS:
            continue
        if role in CHAINS:
            if role == "spine":
                # Controls may lie elsewhere than the bones that they turn, one for one.
                beside = alignment.spine if len(alignment.spine) == len(names) else names
                chain = _spine(source, spine_shares(rig, beside, alignment))
            else:
                chain = _neck(source, len(names))
        elif role in FINGER_ROLES and still:
            side = role.split("_")[0]
            chain, role = [source[f"{side}_wrist"]], f"{side}_wrist"
        else:
            chain = [source[joint_of(role)]]
        for name, turn in zip(names, chain):
            turns[name] = rotations.multiply(turn, alignment.turn(role))
    for role in TWISTS:
        if role in bones:
            turns |= _shared_twist(rig, bones, role, turns, alignment)
    return turns


def _fingers_move(motion: Motion) -> bool:
    """Whether the clip holds finger poses at all; else hands keep the curl of the rig's rest."""
    fingers = [SMPLX.index(role) for role in FINGER_ROLES]
    return float(rotations.angle(motion.local_rotations[:, fingers]).max()) > _STILL_RAD


def spine_shares(rig: Rig, names: tuple[str, ...], alignment: Alignment) -> np.ndarray:
    """How much ``[n, 4]`` of each spine bone lies beside our pelvis, spine1, spine2 and spine3.

    Both columns are laid side by side from the hips to the neck (or head), by their lengths at
    rest, so that trunks lean alike whatever the number of bones.
    """
    top = "neck" if "neck" in alignment.joints else "head"
    rest = dict(zip(SMPLX.names, SMPLX.rest_positions))
    theirs = [_hip_middle(alignment.joints), *(rig[name].head for name in names)]
    theirs = _heights([*theirs, alignment.joints[top]])
    ours = _heights([_hip_middle(rest), *(rest[f"spine{k}"] for k in (1, 2, 3)), rest[top]])
    low = np.maximum(theirs[1:-1, None], ours[None, :-1])
    high = np.minimum(theirs[2:, None], ours[None, 1:])
    overlap = np.maximum(high - low, 0.0)
    overlap[:, -1] += 1e-9  # a bone without length goes with the chest
    return overlap / overlap.sum(axis=1, keepdims=True)


def _hip_middle(joints: MappingType[str, np.ndarray]) -> np.ndarray:
    return (joints["left_hip"] + joints["right_hip"]) / 2.0


def _heights(points: list[np.ndarray]) -> np.ndarray:
    """Length along a line of points, from 0 to 1."""
    steps = np.linalg.norm(np.diff(np.array(points), axis=0), axis=-1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    return along / max(along[-1], 1e-9)


def _spine(source: dict[str, np.ndarray], shares: np.ndarray) -> list[np.ndarray]:
    """Turns of spine bones: means of our turns beside them."""
    nodes = np.stack([source[name] for name in ("pelvis", "spine1", "spine2", "spine3")])
    signs = np.where(np.sum(nodes * nodes[:1], axis=-1, keepdims=True) < 0.0, -1.0, 1.0)
    return list(rotations.normalize(np.einsum("nk,kfc->nfc", shares, nodes * signs)))


def _neck(source: dict[str, np.ndarray], count: int) -> list[np.ndarray]:
    """Turns of ``count`` neck bones between chest and head; a single one turns as our neck."""
    nodes = [source[name] for name in ("spine3", "neck", "head")]
    return [_between(nodes, 2.0 * (k + 0.5) / count) for k in range(count)]


def _between(nodes: list[np.ndarray], at: float) -> np.ndarray:
    below = min(int(at), len(nodes) - 2)
    return rotations.slerp(nodes[below], nodes[below + 1], at - below)


def _shared_twist(
    rig: Rig,
    bones: dict[str, tuple[str, ...]],
    role: str,
    turns: dict[str, np.ndarray],
    alignment: Alignment,
) -> dict[str, np.ndarray]:
    """Turns of a limb's twist bones, by where they lie along the limb.

    An upper limb's twist against the trunk grows from its start to its end; a lower limb takes
    over the twist of hand or foot towards its end. Where the twist bone carries the next joint
    (as Daz has it), the limb's own bone keeps the swing alone.
    """
    limb = role.removesuffix("_twist")
    end = ENDS[limb]
    if limb not in bones or end not in bones:
        return {}
    main, next_bone = bones[limb][0], bones[end][0]
    start, stop = alignment.joints[limb], alignment.joints[end]
    axis = rotations.normalize(stop - start)
    length = float(np.linalg.norm(stop - start))
    upper = limb.endswith(("shoulder", "hip"))
    if upper:
        above = turns.get(_carrier(rig, main, turns), rotations.IDENTITY)
        twist = _twist(above, turns[main], axis)
    else:
        twist = _twist(turns[main], turns[next_bone], axis)
    found = {}
    carries = any(rig.descends(next_bone, name) for name in bones[role])
    for name in bones[role]:
        share = np.clip(float((rig[name].head - start) @ axis) / length, 0.0, 1.0)
        if carries:
            share = 1.0
        angle = twist * (share - 1.0 if upper else share)
        found[name] = rotations.multiply(turns[main], rotations.about(axis, angle))
    if carries and upper:
        found[main] = rotations.multiply(turns[main], rotations.about(axis, -twist))
    return found


def _carrier(rig: Rig, name: str, turns: dict[str, np.ndarray]) -> str:
    return next((a for a in rig.ancestors(name) if a in turns), "")


def _twist(above: np.ndarray, below: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """Twist ``[F]`` about the rest axis of ``below`` against ``above``, continuous, radians."""
    local = rotations.multiply(rotations.conjugate(above), below)
    angle = 2.0 * np.arctan2(local[..., 1:] @ axis, local[..., 0])
    angle = np.unwrap(np.atleast_1d(angle))
    return angle - 2.0 * np.pi * np.round(np.median(angle) / (2.0 * np.pi))

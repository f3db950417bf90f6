"""How well a rig follows a motion: limb directions, sliding feet, soles below the floor."""

from __future__ import annotations

import numpy as np

from .. import rotations
from ..motion import Motion
from ..skeleton import SMPLX
from .alignment import Alignment
from .mapping import Mapping
from .reading_back import RigPoses
from .rig import Rig
from .roles import ENDS, SIDES

MEASURED_LIMBS = tuple(
    (role, ENDS[role])
    for side in SIDES
    for role in (f"{side}_shoulder", f"{side}_elbow", f"{side}_hip", f"{side}_knee")
)


def limb_errors_deg(
    motion: Motion, mapping: Mapping, poses: RigPoses, frames: np.ndarray, turn: np.ndarray
) -> np.ndarray:
    """Angles ``[n, limbs]`` between the rig's limbs and the motion's at ``frames [n]``.

    ``turn [4]`` takes the motion's world into the rig's, where the clip starts turned.
    """
    ours = motion.joint_positions()[frames]
    errors = []
    for start, end in MEASURED_LIMBS:
        wanted = ours[:, SMPLX.index(end)] - ours[:, SMPLX.index(start)]
        wanted = rotations.normalize(rotations.rotate(turn, wanted))
        found = rotations.normalize(
            poses.positions[mapping.bone(end)] - poses.positions[mapping.bone(start)]
        )
        across = np.linalg.norm(rotations.cross(wanted, found), axis=-1)
        errors.append(np.degrees(np.arctan2(across, np.sum(wanted * found, axis=-1))))
    return np.stack(errors, axis=-1)


def sole_places(rig: Rig, mapping: Mapping, alignment: Alignment, poses: RigPoses) -> np.ndarray:
    """World places ``[F, 4, 3]`` under left heel, left ball, right heel and right ball."""
    places = []
    for side in SIDES:
        ankle = mapping.bone(f"{side}_ankle")
        toes = mapping.bone(f"{side}_foot") if f"{side}_foot" in mapping else ankle
        ball = alignment.joints[f"{side}_ankle_end"] - rig[toes].head
        heel, under_ball = alignment.soles[side]
        for name, arm in ((ankle, heel), (toes, ball + under_ball)):
            rest = rotations.conjugate(rig[name].rest_rotation)
            turn = rotations.multiply(poses.rotations[name], rest)
            places.append(poses.positions[name] + rig.world_scale * rotations.rotate(turn, arm))
    return np.stack(places, axis=1)


def slides_cm_s(
    places: np.ndarray, contacts: np.ndarray, fps: float, scale: float
) -> tuple[float, float]:
    """Mean horizontal speeds of feet in contact, in cm/s of a person of our size.

    ``places [F, 4, 3]``. First of whichever touching point of a foot is stiller: turning on the
    ball is no sliding. Then, while heel and ball both touch, of the one that moves more.
    """
    planted = (contacts[1:] > 0.5) & (contacts[:-1] > 0.5)
    planted = planted.reshape(len(planted), 2, 2)
    speed = np.linalg.norm(np.diff(places[..., :2], axis=0), axis=-1) * fps * 100.0 / scale
    speed = speed.reshape(planted.shape)
    stiller = np.where(planted, speed, np.inf).min(-1)[planted.any(-1)]
    faster = speed.max(-1)[planted.all(-1)]
    return tuple(float(found.mean()) if len(found) else 0.0 for found in (stiller, faster))

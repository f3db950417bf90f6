"""Arms: where a hand shall be, solved into collar, shoulder, elbow and wrist rotations.

Poses are given in the frame of the trunk (the joint ``spine3``), seen from the shoulder of the
arm at rest: metres *outwards* (away from the midline), *up*, *forward*. So one pose serves both
sides. The shoulder lies 0.176 m beside the midline; an arm is 0.514 m long.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from motion_engine import rotations
from motion_engine.kinematics import two_bone_ik
from motion_engine.skeleton import SMPLX
from training.grammar.timing import Step, drift, follow_rotations

MIDLINE = -0.176
ARM_LENGTH_M = 0.514
SIGN = {"left": 1.0, "right": -1.0}
ARM_JOINTS = ("collar", "shoulder", "elbow", "wrist")
JOINT_DELAYS = (0.0, 0.0, 0.02, 0.05)
RETURN_MARGIN = max(JOINT_DELAYS)
_DRIFT_DEGREES = (0.4, 0.8, 1.0, 1.6)
_KEPT_SWAY = 0.12
_PRONATION_LIMIT = np.radians(88.0)


@dataclass(frozen=True)
class ArmPose:
    """One pose of an arm; all vectors are (outwards, up, forward).

    ``hand`` is the wrist's place in metres from the resting shoulder, ``elbow`` the direction in
    which the elbow points away from the line shoulder-wrist, ``palm`` the direction that the palm
    faces as far as the forearm allows. ``flex`` bends the wrist towards the palm and ``deviate``
    towards the thumb, in degrees. ``shrug`` lifts the collar further, in degrees.
    """

    hand: tuple[float, float, float]
    elbow: tuple[float, float, float] = (0.35, -1.0, -0.35)
    palm: tuple[float, float, float] = (-1.0, 0.0, 0.0)
    flex: float = 0.0
    deviate: float = 0.0
    shrug: float = 0.0

    def moved(
        self, out: float = 0.0, up: float = 0.0, forward: float = 0.0, **changes
    ) -> "ArmPose":
        """The same pose with the hand displaced, and any other field changed."""
        hand = tuple(np.add(self.hand, (out, up, forward)))
        return replace(self, hand=hand, **changes)


@dataclass(frozen=True)
class ArmKey:
    """A pose that is reached ``at`` seconds into the action, by a movement of ``seconds``."""

    at: float
    seconds: float
    pose: ArmPose
    overshoot: float = 0.05
    anticipation: float = 0.0

    @property
    def step(self) -> Step:
        return Step(self.at - self.seconds, self.seconds, self.overshoot, self.anticipation)


def solve_arm(side: str, pose: ArmPose, swivel: float = 0.0) -> np.ndarray:
    """Local rotations ``[4, 4]`` of collar, shoulder, elbow, wrist that take the pose.

    ``swivel`` (radians) turns the elbow outwards about the line from shoulder to wrist.
    """
    sign = SIGN[side]
    outwards = np.array([sign, 1.0, 1.0])
    offsets = [SMPLX.offsets[SMPLX.index(f"{side}_{name}")] for name in ARM_JOINTS]
    resting_shoulder = offsets[0] + offsets[1]
    wrist = resting_shoulder + outwards * pose.hand
    collar = _collar(sign, pose)
    shoulder = offsets[0] + rotations.rotate(collar, offsets[1])
    reach = rotations.normalize(wrist - shoulder)
    pole = rotations.rotate(rotations.about(reach, -sign * swivel), outwards * pose.elbow)
    elbow = shoulder + offsets[2]
    upper, lower, _ = two_bone_ik(shoulder, elbow, elbow + offsets[3], wrist, pole, 0.995)
    forearm = rotations.normalize(offsets[3])
    twist = _pronation(lower, forearm, outwards * pose.palm)
    half_twist = rotations.about(forearm, 0.5 * twist)
    bend = rotations.multiply(
        rotations.about("z", -sign * np.radians(pose.flex)),
        rotations.about("y", -sign * np.radians(pose.deviate)),
    )
    return np.stack(
        [
            collar,
            rotations.multiply(rotations.conjugate(collar), upper),
            rotations.multiply(rotations.multiply(rotations.conjugate(upper), lower), half_twist),
            rotations.multiply(half_twist, bend),
        ]
    )


def _collar(sign: float, pose: ArmPose) -> np.ndarray:
    """The shoulder girdle's share: it rises with a raised arm and comes forward with a reach."""
    out, up, forward = np.array(pose.hand) / ARM_LENGTH_M
    rise = np.radians(pose.shrug + 16.5 * np.clip(up + 0.15, 0.0, 1.2))
    protraction = np.radians(12.0 * np.clip(forward, -0.6, 1.0) - 8.0 * np.clip(out, -0.8, 0.0))
    return rotations.multiply(
        rotations.about("y", -sign * protraction), rotations.about("z", sign * rise)
    )


def _pronation(elbow: np.ndarray, forearm: np.ndarray, palm: np.ndarray) -> float:
    """Angle about the forearm that brings the palm closest to facing ``palm``."""
    wanted = rotations.rotate(rotations.conjugate(elbow), palm)
    resting = np.array([0.0, -1.0, 0.0])
    across = np.cross(forearm, resting)
    angle = np.arctan2(wanted @ across, wanted @ resting)
    return float(np.clip(angle, -_PRONATION_LIMIT, _PRONATION_LIMIT))


def move_arm(
    local_rotations: np.ndarray,
    side: str,
    keys: Sequence[ArmKey],
    leave: Step,
    t: np.ndarray,
    swivel: float,
    rng: np.random.Generator,
) -> None:
    """Carry the arm in ``local_rotations [F, 55, 4]`` through ``keys`` and, by ``leave``, back.

    Within a held pose a little of the underlying motion and a slow drift live on.
    """
    poses = np.stack([solve_arm(side, _varied(key.pose, rng), swivel) for key in keys])
    unrest = drift(t, rng, 3 * len(ARM_JOINTS)).reshape(len(t), len(ARM_JOINTS), 3)
    for i, (name, delay) in enumerate(zip(ARM_JOINTS, JOINT_DELAYS)):
        joint, late = SMPLX.index(f"{side}_{name}"), t - delay
        base = local_rotations[:, joint]
        steps = [key.step for key in keys]
        wanted = follow_rotations(steps[1:], poses[:, i], late)
        alive = np.radians(_DRIFT_DEGREES[i]) * unrest[:, i] + _KEPT_SWAY * _sway(base)
        wanted = rotations.multiply(wanted, rotations.from_axis_angle(alive))
        influence = steps[0](late) - leave(late)
        local_rotations[:, joint] = rotations.slerp(base, wanted, influence)


def _varied(pose: ArmPose, rng: np.random.Generator) -> ArmPose:
    """No two reaches of a person end at quite the same place."""
    return pose.moved(*rng.normal(0.0, 0.006, 3), flex=pose.flex + rng.normal(0.0, 2.0))


def _sway(base: np.ndarray) -> np.ndarray:
    """Rotation vectors ``[F, 3]`` of a joint away from its own average."""
    aligned = rotations.unroll(base)
    average = rotations.normalize(aligned.mean(axis=0))
    return rotations.to_axis_angle(rotations.multiply(rotations.conjugate(average), base))

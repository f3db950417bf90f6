"""Carry a recording over to our skeleton: world rotations of all joints, root path, floor.

Each of our joints takes over the turn of its source joint since the rest pose, so that twist
travels as it is; then the bone is swung, by the shortest arc, into the world direction that the
source's bone has. Directions therefore hold whatever the proportions are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import rotations
from ..contacts import detect_contacts, sole_points, with_detected_contacts
from ..errors import LimberError
from ..kinematics import local_from_world
from ..motion import Motion
from ..skeleton import SMPLX, STANDING
from .families import END, FINGERS, Family
from .half_turns import without_half_turns
from .recording import Recording

SLOW_M_S = 0.3
DRIFT_SECONDS = 1.5
SIDES = ("left", "right")

# The bone that each of our joints aims: joint -> the joint at the bone's far end.
AIMS = {"neck": "head"} | {
    f"{side}_{joint}": f"{side}_{end}"
    for side in SIDES
    for joint, end in (
        [("hip", "knee"), ("knee", "ankle"), ("ankle", "foot")]
        + [("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "middle1")]
        + [(f"{finger}{k}", f"{finger}{k + 1}") for finger in FINGERS for k in (1, 2)]
    )
}

# Joints that may aim no bone: they are at rest as the bone that leads to them is.
TIPS = {end: start for start, end in AIMS.items() if end.endswith(("wrist", "3"))}


def carry_over(recording: Recording, family: Family) -> Motion:
    """The recording as a Motion at its own rate, place and facing kept, soles on the floor.

    Raises LimberError where the skeleton's legs have no length.
    """
    source = Source(recording, family)
    world = _world_rotations(source)
    if family.marker_noise:
        world = without_half_turns(world)
    if family.hinged_elbows:
        world = _without_wrung_wrists(world)
    local = rotations.unroll(local_from_world(SMPLX, world))
    nowhere, no_contacts = np.zeros((recording.frames, 3)), np.zeros((recording.frames, 4))
    unplaced = Motion(nowhere, local, no_contacts, recording.fps)
    placed = _along_the_path(unplaced, source)
    if family.drifts:
        placed = _lowered(placed, _wandering_floor(placed))
    return on_the_floor(placed, family.floor_m)


class Source:
    """The recording in our world (Z up), with its rest pose turned to face +Z, Y up."""

    def __init__(self, recording: Recording, family: Family):
        upright = STANDING if family.up == "y" else rotations.IDENTITY
        self.family = family
        self.recording = recording
        self.to_model = rotations.multiply(rotations.conjugate(STANDING), upright)
        positions, turns = recording.forward_kinematics()
        self.positions = rotations.rotate(upright, positions)
        self.rotations = rotations.multiply(upright, turns)
        rest_positions, rest_turns = self._rest().forward_kinematics()
        self.rest_positions = rotations.rotate(self.to_model, rest_positions)
        self.rest_rotations = rotations.multiply(self.to_model, rest_turns)

    def _rest(self) -> Recording:
        """One frame: the recording's skeleton in its T- or A-pose."""
        skeleton = self.recording.skeleton
        turns = np.tile(rotations.IDENTITY, (1, skeleton.joints, 1))
        for name, angles_deg in self.family.rest.items():
            turns[0, skeleton.index(name)] = rotations.from_euler(
                np.radians(angles_deg), self.family.rest_order
            )
        return replace(
            self.recording, local_positions=skeleton.offsets[None], local_rotations=turns
        )

    def turn(self, name: str) -> np.ndarray:
        """World turn ``[F, 4]`` of a source joint since the rest pose (STANDING at rest)."""
        joint = self.recording.skeleton.index(name)
        return rotations.multiply(
            self.rotations[:, joint], rotations.conjugate(self.rest_rotations[:, joint])
        )

    def point(self, name: str, rest: bool = False) -> np.ndarray:
        """World position ``[F, 3]`` of a source joint or end site (``[1, 3]`` at rest)."""
        positions = self.rest_positions if rest else self.positions
        turns = self.rest_rotations if rest else self.rotations
        joint = self.recording.skeleton.index(name.removesuffix(END))
        if not name.endswith(END):
            return positions[:, joint]
        tip = self.recording.end_offsets.get(name.removesuffix(END))
        if tip is None:
            raise LimberError(f"joint {name.removesuffix(END)} lacks its End Site; export it too.")
        return positions[:, joint] + rotations.rotate(turns[:, joint], tip)

    def bone(self, start: str, end: str, rest: bool = False) -> np.ndarray:
        """From our joint ``start`` to ``end`` in the source, ``[F, 3]`` (``[1, 3]`` at rest)."""
        joints = self.family.joints
        return self.point(joints[end], rest) - self.point(joints[start], rest)

    def has(self, *joints: str) -> bool:
        return all(joint in self.family.joints for joint in joints)


def _world_rotations(source: Source) -> np.ndarray:
    """World rotations ``[F, 55, 4]``; joints that the source lacks follow their parents."""
    world = np.tile(rotations.IDENTITY, (source.recording.frames, SMPLX.joints, 1))
    for joint, name in enumerate(SMPLX.names):
        if name in ("spine1", "spine2", "spine3"):
            world[:, joint] = _spine_turn(source, int(name[-1]))
        elif _turns_of_its_own(source, name):
            world[:, joint] = _aimed(source, name)
        else:
            world[:, joint] = world[:, SMPLX.parents[joint]]
        if name == "neck":
            _straighten_spine(source, world)
    return world


def _turns_of_its_own(source: Source, name: str) -> bool:
    return source.has(name) and not source.family.joints[name].endswith(END)


def _aimed(source: Source, name: str) -> np.ndarray:
    """World rotation ``[F, 4]`` of one joint: the source's turn, then swung along its bone."""
    turn = source.turn(source.family.joints[name])
    end = AIMS.get(name)
    if end is None or not source.has(end):
        return rotations.multiply(turn, _tip_alignment(source, name))
    ours = SMPLX.offsets[SMPLX.index(end)]
    rest = rotations.between(ours, source.bone(name, end, rest=True))
    turn = rotations.multiply(turn, rest)
    return _swing(turn, rotations.rotate(turn, ours), source.bone(name, end))


def _tip_alignment(source: Source, name: str) -> np.ndarray:
    """Rest alignment of a joint that aims no bone: a tip's is that of its bone, else none."""
    before = TIPS.get(name)
    if before is None or not source.has(before):
        return rotations.IDENTITY
    ours = SMPLX.offsets[SMPLX.index(name)]
    return rotations.between(ours, source.bone(before, name, rest=True))


def _swing(turns: np.ndarray, current: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """``turns`` swung so that ``current`` points along ``wanted`` (kept where that vanishes)."""
    vanishes = np.linalg.norm(wanted, axis=-1, keepdims=True) < 1e-9
    return rotations.multiply(
        rotations.between(current, np.where(vanishes, current, wanted)), turns
    )


def _spine_turn(source: Source, number: int) -> np.ndarray:
    """World rotation ``[F, 4]`` of spine1..3 at even steps along the source's chain."""
    chain = source.family.spine
    if len(chain) == 1:
        chain, at = (source.family.joints["pelvis"], chain[0]), number / 3.0
    else:
        at = (number - 1) / 2.0 * (len(chain) - 1)
    below = min(int(at), len(chain) - 2)
    return rotations.slerp(source.turn(chain[below]), source.turn(chain[below + 1]), at - below)


def _straighten_spine(source: Source, world: np.ndarray) -> None:
    """Turn spine1..3 together so that pelvis -> neck points as the source's does.

    The pelvis carries spine1 at ``a``; the rest of the spine is ``b``. The neck has to come to
    ``length * direction`` with ``|length * direction - a| = |b|``, which gives the length.
    """
    pelvis, *spine = (SMPLX.index(name) for name in ("pelvis", "spine1", "spine2", "spine3"))
    tips = [SMPLX.index(name) for name in ("spine2", "spine3", "neck")]
    a = rotations.rotate(world[:, pelvis], SMPLX.offsets[spine[0]])
    b = sum(rotations.rotate(world[:, j], SMPLX.offsets[tip]) for j, tip in zip(spine, tips))
    direction = rotations.normalize(source.bone("pelvis", "neck"))
    along = np.sum(a * direction, axis=-1)
    across = np.sum(b * b, axis=-1) - np.sum(a * a, axis=-1) + along**2
    length = along + np.sqrt(np.maximum(across, 0.0))
    turn = rotations.between(b, length[:, None] * direction - a)
    world[:, spine] = rotations.multiply(turn[:, None], world[:, spine])


def _without_wrung_wrists(world: np.ndarray) -> np.ndarray:
    """Half of each wrist's twist goes to the forearm, as the two bones of an arm share it."""
    world = world.copy()
    for side in SIDES:
        elbow, wrist = SMPLX.index(f"{side}_elbow"), SMPLX.index(f"{side}_wrist")
        axis = rotations.normalize(SMPLX.offsets[wrist])
        local = rotations.multiply(rotations.conjugate(world[:, elbow]), world[:, wrist])
        _, twist = rotations.swing_twist(local, axis)
        twist_rad = 2.0 * np.arctan2(np.sum(twist[:, 1:] * axis, axis=-1), twist[:, 0])
        # About half of the twist, fading towards a half turn, where the sign of the twist flips.
        turn = rotations.about(axis, np.sin(twist_rad) / 2.0)
        world[:, elbow] = rotations.multiply(world[:, elbow], turn)
    return world


def _along_the_path(motion: Motion, source: Source) -> Motion:
    """Root positions that lead the middle of our hips along the source's, scaled by leg length."""
    hips = [SMPLX.index(f"{side}_hip") for side in SIDES]
    ours = motion.joint_positions()[:, hips].mean(axis=1)
    joints = source.family.joints
    theirs = np.mean([source.point(joints[f"{side}_hip"]) for side in SIDES], axis=0)
    return replace(motion, root_positions=theirs * leg_ratio(source) - ours)


def leg_ratio(source: Source) -> float:
    """Our leg length by the source's."""
    ours = theirs = 0.0
    for side in SIDES:
        for start, end in (("hip", "knee"), ("knee", "ankle")):
            start, end = f"{side}_{start}", f"{side}_{end}"
            ours += np.linalg.norm(SMPLX.offsets[SMPLX.index(end)])
            theirs += np.linalg.norm(source.bone(start, end, rest=True))
    if theirs < 1e-6:
        raise LimberError("the skeleton's legs have no length; export the clip with its offsets.")
    return ours / theirs


def on_the_floor(motion: Motion, floor_m: float | None = None) -> Motion:
    """The motion lowered or raised so that its planted soles stand at z = 0, contacts measured.

    ``floor_m``: the height of the floor, where it is known.
    """
    floor = floor_height_m(motion) if floor_m is None else floor_m
    return with_detected_contacts(_lowered(motion, np.full(motion.frames, floor)))


def _lowered(motion: Motion, heights: np.ndarray) -> Motion:
    down = np.zeros((motion.frames, 3))
    down[:, 2] = heights
    return replace(motion, root_positions=motion.root_positions - down)


def _wandering_floor(motion: Motion) -> np.ndarray:
    """Heights ``[F]`` under the lowest sole: least within DRIFT_SECONDS, smoothed over as much."""
    reach = round(DRIFT_SECONDS * motion.fps / 2.0)
    window = 2 * reach + 1
    lowest = np.pad(sole_points(motion)[..., 2].min(axis=1), 2 * reach, mode="edge")
    least = np.lib.stride_tricks.sliding_window_view(lowest, window).min(axis=1)
    return np.convolve(least, np.full(window, 1.0 / window), mode="valid")


def floor_height_m(motion: Motion) -> float:
    """Height of the floor under a clip: the level that the lowest, slow soles share.

    Beginning there, the level is moved until half of the soles in contact are above it.
    """
    soles = sole_points(motion)
    heights = soles[..., 2]
    speed = np.linalg.norm(np.gradient(soles, axis=0), axis=-1) * motion.fps
    planted = heights[speed < SLOW_M_S]
    if planted.size < 3:
        return float(heights.min())
    lowest = np.percentile(planted, 5.0)
    floor = np.median(planted[np.abs(planted - lowest) < 0.04])
    for _ in range(4):
        contacts = detect_contacts(soles - [0.0, 0.0, floor], motion.fps) > 0.5
        if contacts.any():
            floor = np.clip(np.median(heights[contacts]), lowest - 0.05, lowest + 0.05)
    return float(floor)

"""Limbs led to places and heads turned to them, from what the rig's own bones do: plain arrays.

Everything is in the armature's space and at the scene's frames. The wanted ends are taken from the
pose as it was read first; every later reading tells what is still missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from motion_engine import rotations
from motion_engine.finish.look_at import EYES_M, FORWARD, NECK_SHARE, look_turns
from motion_engine.finish.pins import STRETCH
from motion_engine.hinges import HINGES, LIMBS, bent_onto
from motion_engine.retarget.alignment import Alignment
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.rig import Rig
from motion_engine.retarget.rig_motion import BoneTrack
from motion_engine.skeleton import STANDING

from .posed_bones import PosedBones


@dataclass(frozen=True, eq=False)
class HeldRig:
    """A rig as it was read, and what is known of it."""

    rig: Rig
    mapping: Mapping
    alignment: Alignment

    def track(self, bone: str, turns: np.ndarray | None, places: np.ndarray | None) -> BoneTrack:
        return BoneTrack(bone, "", self.rig[bone].rotation_mode, turns, places)

    def our_rotation(self, posed: PosedBones, role: str, bone: str) -> np.ndarray:
        """World rotation ``[F, 4]`` of our joint that a bone stands for."""
        rest = rotations.conjugate(self.rig[bone].rest_rotation)
        turn = rotations.multiply(rotation_of(posed.matrices[bone]), rest)
        aligned = rotations.multiply(turn, rotations.conjugate(self.alignment.turn(role)))
        return rotations.multiply(aligned, rotations.multiply(self.alignment.facing, STANDING))

    def turned(
        self, posed: PosedBones, chain: Sequence[tuple[str, np.ndarray]]
    ) -> Iterator[BoneTrack]:
        """Rotations of bones, each a child of the one before, that make them turn by ``[F, 4]``."""
        above = rotations.IDENTITY
        for bone, turn in chain:
            now, own = rotation_of(posed.matrices[bone]), rotation_of(posed.basis[bone])
            at_zero = rotations.multiply(above, rotations.multiply(now, rotations.conjugate(own)))
            new = rotations.multiply(rotations.conjugate(at_zero), rotations.multiply(turn, now))
            yield self.track(bone, rotations.normalize(new), None)
            above = turn

    def moved(self, posed: PosedBones, bone: str, shift: np.ndarray) -> BoneTrack:
        """Locations of a bone that shift it by ``[F, 3]``."""
        now, own = posed.matrices[bone], posed.basis[bone]
        if self.rig[bone].local_location:
            into_channel = own[:, :3, :3] @ np.linalg.inv(now[:, :3, :3])
            shift = (into_channel @ shift[..., None])[..., 0]
        return self.track(bone, None, own[:, :3, 3] + shift)


@dataclass(eq=False)
class LimbHold:
    """A hand or foot of LIMBS. ``weights [n, F]``: how firmly it is held at each of ``places``
    (numbers of :attr:`PosedBones.places`); ``mode``: fk or ik; ``also_goal``: whether in FK the
    goal of IK is keyed, and goes along."""

    held: HeldRig
    effector: str
    weights: np.ndarray
    places: tuple[int, ...]
    mode: str
    also_goal: bool
    active: np.ndarray = field(init=False)
    firm: np.ndarray = field(init=False)
    wanted: np.ndarray = field(init=False)

    def __post_init__(self):
        self.active, self.firm = _active_and_firm(self.weights)

    @property
    def part(self) -> str:
        return limb_part(self.effector)

    @property
    def bones(self) -> set[str]:
        controls = self.held.mapping.controls
        goal = controls.limbs[self.part].goal if self.part in controls.limbs else ""
        keyed = {controls.roles[role][0] for role in LIMBS[self.effector]}
        return (keyed | {goal} | {self._joint(k) for k in range(3)}) - {""}

    def aim(self, posed: PosedBones) -> None:
        """Take the pose as the one that is led to the places."""
        self._end = posed.head(self._joint(2)).copy()
        self.follow(posed)

    def stay(self, frames: np.ndarray) -> None:
        """Hold the joint where it was in flagged frames ``[F]`` too, as well as the limb can."""
        self.active = self.active | frames

    def follow(self, posed: PosedBones) -> None:
        """Take the places from a newer reading: they may hang on the character itself."""
        self.wanted = self._end.copy()
        for weight, place in zip(self.weights, self.places):
            self.wanted += weight[:, None] * (posed.places[place] - self._end)

    def missing(self, posed: PosedBones) -> np.ndarray:
        """How far ``[F]`` the joint is from where it has to be; 0 where it is only on its way."""
        away = np.linalg.norm(posed.head(self._joint(2)) - self.wanted, axis=-1)
        return np.where(self.firm, away, 0.0)

    def tracks(self, posed: PosedBones) -> Iterator[BoneTrack]:
        """Channels for all frames; those of :attr:`active` ones count."""
        start, middle, end = (posed.head(self._joint(k)) for k in range(3))
        limb = self.held.mapping.controls.limbs.get(self.part)
        if self.mode == "ik" or self.also_goal:
            yield self.held.moved(posed, limb.goal, self.wanted - end)
        if self.mode == "ik":
            return
        upper, lower, last = LIMBS[self.effector]
        joint = self.held.our_rotation(posed, upper, self._joint(0))
        hinge = rotations.rotate(joint, HINGES[self.effector])
        turns = bent_onto(middle - start, end - middle, hinge, self.wanted - start)
        controls = self.held.mapping.controls.roles
        chain = [(controls[role][0], turn) for role, turn in zip((upper, lower), turns)]
        if self.effector.endswith("foot"):  # feet keep their turn in the world
            chain.append((controls[last][0], np.broadcast_to(rotations.IDENTITY, turns[0].shape)))
        yield from self.held.turned(posed, chain)

    def out_of_reach(self, posed: PosedBones, shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For every place, how much too far it is from the limb's start ``[n, F]`` (negative:
        within reach) while the hips are shifted by ``[F, 3]``, and the way to it ``[n, F, 3]``, of
        length 1."""
        start, length = self._start_and_length(posed)
        across = posed.places[list(self.places)] - (start + shift)
        return np.linalg.norm(across, axis=-1) - length, rotations.normalize(across)

    def too_high(self, posed: PosedBones, shift: np.ndarray, up: np.ndarray) -> np.ndarray:
        """By how much ``[F]`` hips shifted by ``[F, 3]`` have to sink for a foot to stay."""
        start, length = self._start_and_length(posed)
        across = start + shift - self._end
        height = across @ up
        aside = np.linalg.norm(across - height[:, None] * up, axis=-1)
        return np.maximum(height - np.sqrt(np.maximum(length**2 - aside**2, 0.0)), 0.0)

    def _start_and_length(self, posed: PosedBones) -> tuple[np.ndarray, np.ndarray]:
        """Where the limb begins ``[F, 3]``, and how long it is all but stretched ``[F]``."""
        start, middle, end = (posed.head(self._joint(k)) for k in range(3))
        upper = np.linalg.norm(middle - start, axis=-1)
        return start, STRETCH * (upper + np.linalg.norm(end - middle, axis=-1))

    def _joint(self, number: int) -> str:
        """The bone whose head is the limb's start, middle or end."""
        return self.held.mapping.bone(LIMBS[self.effector][number])


@dataclass(eq=False)
class LookHold:
    """A head that looks at ``places`` as :class:`LimbHold` reaches for them."""

    held: HeldRig
    weights: np.ndarray
    places: tuple[int, ...]
    active: np.ndarray = field(init=False)
    firm: np.ndarray = field(init=False)
    wanted: np.ndarray = field(init=False)

    def __post_init__(self):
        self.active, self.firm = _active_and_firm(self.weights)

    @property
    def bones(self) -> set[str]:
        mapping = self.held.mapping
        return {*self._chain(), mapping.bone("head"), mapping.matches["spine"].bones[-1]}

    def aim(self, posed: PosedBones) -> None:
        """Take the pose as the one whose head is turned."""
        self._rest, self._ahead = self._head(posed), self._chest(posed)
        self.follow(posed)

    def follow(self, posed: PosedBones) -> None:
        """Take places and eyes from a newer reading."""
        eyes = rotations.rotate(self._head(posed), EYES_M * self.held.alignment.units_per_metre)
        eyes = eyes + posed.head(self.held.mapping.bone("head"))
        turn = np.zeros_like(eyes)
        for weight, place in zip(self.weights, self.places):
            way = look_turns(eyes, self._rest, self._ahead, posed.places[place])
            turn += weight[:, None] * way
        facing = rotations.rotate(self._rest, FORWARD)
        self.wanted = rotations.rotate(rotations.from_axis_angle(turn), facing)

    def missing(self, posed: PosedBones) -> np.ndarray:
        """By what angle ``[F]``, radians, the head looks past where it has to look."""
        return np.where(self.firm, rotations.angle(self._turn(posed)), 0.0)

    def tracks(self, posed: PosedBones) -> Iterator[BoneTrack]:
        """Channels for all frames; those of :attr:`active` ones count."""
        turn, chain = rotations.to_axis_angle(self._turn(posed)), self._chain()
        neck = len(chain) - 1
        shares = [NECK_SHARE * (k + 1) / neck for k in range(neck)] + [1.0]
        yield from self.held.turned(
            posed,
            [(bone, rotations.from_axis_angle(share * turn)) for bone, share in zip(chain, shares)],
        )

    def _chain(self) -> list[str]:
        controls = self.held.mapping.controls.roles
        return [*controls.get("neck", ()), controls["head"][0]]

    def _head(self, posed: PosedBones) -> np.ndarray:
        return self.held.our_rotation(posed, "head", self.held.mapping.bone("head"))

    def _chest(self, posed: PosedBones) -> np.ndarray:
        bone = self.held.mapping.matches["spine"].bones[-1]
        return self.held.our_rotation(posed, "spine", bone)

    def _turn(self, posed: PosedBones) -> np.ndarray:
        return rotations.between(rotations.rotate(self._head(posed), FORWARD), self.wanted)


def _active_and_firm(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frames ``[F]`` that pins change, and those at which one holds wholly."""
    return (weights > 0.0).any(0), (weights >= 1.0).any(0)


def rotation_of(matrices: np.ndarray) -> np.ndarray:
    """Quaternions ``[F, 4]`` of matrices ``[F, 4, 4]`` that may be scaled."""
    axes = rotations.normalize(np.swapaxes(matrices[:, :3, :3], -1, -2))
    return rotations.from_matrix(np.swapaxes(axes, -1, -2))


def limb_part(effector: str) -> str:
    """The part of the body that brings an effector to its place."""
    side, _, end = effector.partition("_")
    return f"{side}_{'arm' if end == 'hand' else 'leg'}"

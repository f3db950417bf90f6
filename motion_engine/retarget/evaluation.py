"""A rig's pose for all frames at once: what follows from the bones whose turns are given."""

from __future__ import annotations

import numpy as np

from .. import rotations
from .rig import Bone, Constraint, Rig


class PoseEvaluation:
    """Rotations and places of bones in the armature's space, ``[F, 4]`` and ``[F, 3]``.

    ``turns`` are rotations since rest of the bones that are known (keyed controls, and deforming
    bones that will follow them); every other bone follows its parent, its present channels and
    its constraints (copied transforms and rotations, parents switched by an Armature constraint).
    """

    def __init__(self, rig: Rig, frames: int, turns: dict[str, np.ndarray]):
        self.rig = rig
        self.frames = frames
        self.turns = turns
        self.moves: dict[str, np.ndarray] = {}
        self._rotations: dict[str, np.ndarray] = {}
        self._positions: dict[str, np.ndarray] = {}
        self._open: set[str] = set()

    def move(self, name: str, displacement: np.ndarray) -> None:
        """Shift a bone by ``[F, 3]`` in the armature's space; what hangs on it comes along."""
        self.moves[name] = self.moves.get(name, 0.0) + displacement
        self._positions.clear()

    def give(self, name: str, turn: np.ndarray) -> None:
        """Make the turn ``[F, 4]`` of one more bone known."""
        self.turns[name] = turn
        self._rotations.clear()
        self._positions.clear()

    def rotation(self, name: str) -> np.ndarray:
        """Rotation ``[F, 4]`` of a bone."""
        if name not in self._rotations:
            bone = self.rig[name]
            if name in self.turns:
                found = rotations.multiply(self.turns[name], bone.rest_rotation)
            else:
                found = self._followed(bone)
            self._rotations[name] = np.broadcast_to(found, (self.frames, 4))
        return self._rotations[name]

    def turn(self, name: str) -> np.ndarray:
        """Rotation ``[F, 4]`` of a bone since rest."""
        rest = rotations.conjugate(self.rig[name].rest_rotation)
        return rotations.multiply(self.rotation(name), rest)

    def frame(self, name: str) -> np.ndarray:
        """Rotation ``[F, 4]`` that a bone has while its own channels are zero."""
        bone = self.rig[name]
        parent = self._parent(bone)
        if not parent or not bone.inherits_rotation:
            return np.broadcast_to(bone.rest_rotation, (self.frames, 4))
        return rotations.multiply(self.turn(parent), bone.rest_rotation)

    def _parent(self, bone: Bone) -> str:
        """The bone that carries another: its parent, or the main target of an Armature constraint.

        The targets of a keyed bone may be switched by what is keyed, so known ones go first.
        """
        targets = [
            target
            for constraint in bone.constraints
            if constraint.kind == "ARMATURE" and constraint.influence > 0.5
            for target in constraint.targets
        ]
        if not targets:
            return bone.parent
        keyed = bone.name in self.turns
        return max(targets, key=lambda t: (keyed and t[0] in self.turns, t[1]))[0]

    def _followed(self, bone: Bone) -> np.ndarray:
        found = rotations.multiply(self.frame(bone.name), bone.pose_rotation)
        if bone.name in self._open:
            return found
        self._open.add(bone.name)
        for constraint in bone.constraints:
            found = self._constrained(bone, constraint, found)
        self._open.discard(bone.name)
        return found

    def _constrained(self, bone: Bone, constraint: Constraint, found: np.ndarray) -> np.ndarray:
        targets = [(name, weight) for name, weight in constraint.targets if weight > 1e-3]
        if not targets or constraint.influence < 1e-6:
            return found
        if constraint.local:
            return self._channels_copied(bone, constraint, found)
        if constraint.kind in ("COPY_ROTATION", "COPY_TRANSFORMS"):
            wanted = self.rotation(targets[0][0])
        else:
            return found
        if constraint.influence > 0.999:
            return wanted
        return rotations.slerp(found, wanted, constraint.influence)

    def _channels_copied(self, bone: Bone, constraint: Constraint, found: np.ndarray) -> np.ndarray:
        """A rotation that takes over another bone's channels, or joins them to its own."""
        if constraint.kind not in ("COPY_ROTATION", "COPY_TRANSFORMS"):
            return found
        target, frame = constraint.targets[0][0], self.frame(bone.name)
        copied = rotations.multiply(rotations.conjugate(self.frame(target)), self.rotation(target))
        own = rotations.multiply(rotations.conjugate(frame), found)
        if constraint.mix.startswith(("BEFORE", "ADD")):
            joined = rotations.multiply(copied, own)
        elif constraint.mix.startswith(("AFTER", "OFFSET")):
            joined = rotations.multiply(own, copied)
        else:
            joined = copied
        return rotations.multiply(frame, rotations.slerp(own, joined, constraint.influence))

    def position(self, name: str) -> np.ndarray:
        """Place ``[F, 3]`` of a bone's head."""
        if name not in self._positions:
            bone = self.rig[name]
            found = self._place(bone) + self.moves.get(name, 0.0)
            self._positions[name] = np.broadcast_to(found, (self.frames, 3))
        return self._positions[name]

    def _place(self, bone: Bone) -> np.ndarray:
        channel = rotations.rotate(self.frame(bone.name), bone.pose_location)
        for constraint in reversed(bone.constraints):
            full = constraint.influence > 0.5 and not constraint.local and constraint.targets
            if full and constraint.kind in ("COPY_LOCATION", "COPY_TRANSFORMS"):
                target = constraint.targets[0][0]
                return self.point(target, self._along(self.rig[target], constraint.at_tail))
        parent = self._parent(bone)
        return (self.point(parent, bone.head) if parent else bone.head) + channel

    def _along(self, bone: Bone, share: float) -> np.ndarray:
        return bone.head + share * (bone.tail - bone.head)

    def point(self, name: str, rest_point: np.ndarray) -> np.ndarray:
        """Where a rest point ``[3]`` that hangs rigidly on a bone is, ``[F, 3]``."""
        arm = rest_point - self.rig[name].head
        return self.position(name) + rotations.rotate(self.turn(name), arm)

    def location_channel(self, name: str, displacement: np.ndarray) -> np.ndarray:
        """Location values ``[F, 3]`` that shift a bone by ``displacement [F, 3]``.

        A bone without "local location" is shifted along the armature's axes as its parent turns.
        """
        bone = self.rig[name]
        frame = self.frame(name)
        if not bone.local_location:
            parent = self._parent(bone)
            frame = self.turn(parent) if parent else rotations.IDENTITY
        return rotations.rotate(rotations.conjugate(frame), displacement)

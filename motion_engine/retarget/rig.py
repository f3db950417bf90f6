"""A rig as plain values: bones at rest, how they hang together, what stands on them now."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from .. import rotations
from ..errors import LimberError

SHORTEST_BONE = 1e-6


@dataclass(frozen=True)
class Constraint:
    """A bone constraint, by Blender's own names (``COPY_ROTATION``, ``IK``, ...).

    ``targets`` are bones of the same armature with their weights; ``local`` tells constraints
    that copy channels rather than poses, ``mix`` how they join the bone's own (``REPLACE``,
    ``BEFORE...``, ``AFTER...``). ``pole`` and ``chain_length`` belong to ``IK``.
    """

    kind: str
    name: str
    targets: tuple[tuple[str, float], ...] = ()
    influence: float = 1.0
    local: bool = False
    mix: str = "REPLACE"
    at_tail: float = 0.0
    pole: str = ""
    pole_angle_rad: float = 0.0
    chain_length: int = 0


@dataclass(frozen=True, eq=False)
class Bone:
    """One bone at rest in the armature's space (Blender: +Y runs from head to tail).

    ``pose_rotation`` and ``pose_location`` are its channels as they stand now.
    """

    name: str
    parent: str
    head: np.ndarray
    tail: np.ndarray
    rest_rotation: np.ndarray
    deforms: bool = True
    rotation_mode: str = "QUATERNION"
    inherits_rotation: bool = True
    local_location: bool = True
    connected: bool = False
    locked: bool = False
    driven: bool = False
    pose_rotation: np.ndarray = field(default_factory=lambda: rotations.IDENTITY)
    pose_location: np.ndarray = field(default_factory=lambda: np.zeros(3))
    constraints: tuple[Constraint, ...] = ()
    properties: tuple[str, ...] = ()

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.tail - self.head))

    @property
    def direction(self) -> np.ndarray:
        """From head to tail ``[3]``, unit length."""
        return rotations.normalize(self.tail - self.head)


@dataclass(frozen=True, eq=False)
class Rig:
    """An armature: ``bones`` (parents before children) and its object's world transform
    (``world_scale`` is uniform). ``human_bones`` are what the file itself declares: VRM's name of
    a human bone and the bone that plays it."""

    name: str
    bones: tuple[Bone, ...]
    world_rotation: np.ndarray = field(default_factory=lambda: rotations.IDENTITY)
    world_position: np.ndarray = field(default_factory=lambda: np.zeros(3))
    world_scale: float = 1.0
    human_bones: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _index(self) -> dict[str, int]:
        return {bone.name: i for i, bone in enumerate(self.bones)}

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {bone.name: [] for bone in self.bones}
        for bone in self.bones:
            if bone.parent:
                found[bone.parent].append(bone.name)
        return {name: tuple(names) for name, names in found.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._index

    def __getitem__(self, name: str) -> Bone:
        return self.bones[self._index[name]]

    def ancestors(self, name: str) -> list[str]:
        """From the parent up to the topmost bone."""
        found = []
        while name := self[name].parent:
            found.append(name)
        return found

    def descends(self, name: str, ancestor: str) -> bool:
        return ancestor in self.ancestors(name)

    @cached_property
    def height(self) -> float:
        """Largest extent of the bones at rest, in the armature's units."""
        points = np.array([point for bone in self.bones for point in (bone.head, bone.tail)])
        return float(np.ptp(points, axis=0).max())

    @cached_property
    def up(self) -> np.ndarray:
        """The world's upward direction ``[3]`` in the armature's space."""
        return rotations.rotate(rotations.conjugate(self.world_rotation), np.array([0.0, 0.0, 1.0]))


def checked(rig: Rig) -> Rig:
    """The rig, or LimberError where no motion could be put on it."""
    if not rig.bones:
        raise LimberError(f"{rig.name} has no bones; choose the character's armature.")
    if rig.height < SHORTEST_BONE:
        raise LimberError(f"{rig.name}: all bones lie in one point; choose another armature.")
    if not 1e-6 < rig.world_scale < 1e6:
        raise LimberError(f"{rig.name} is scaled to {rig.world_scale:g}; give it a usable scale.")
    return rig

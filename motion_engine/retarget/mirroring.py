"""Left and right of a rig: which bone is the other side's, and how channels look in that mirror.

The mirror is the plane x = 0 of the armature. A pose ``Q`` of a bone with rest axes ``R`` becomes
``S^-1 Q S`` on its partner with rest axes ``R'``, where ``S = R^-1 diag(-1, 1, 1) R'``: parents drop
out, so that each bone can be mirrored by itself, whatever its rest pose and roll are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .. import rotations
from .mapping import Mapping as RigMapping
from .roles import SIDES

_MIRROR = np.diag([-1.0, 1.0, 1.0])
_ALONG_AN_AXIS = 1e-3
_NEAR = 0.01
_WORDS = re.compile(r"left|right", re.IGNORECASE)
_LETTERS = re.compile(r"(?<![A-Za-z0-9])[lr](?![A-Za-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class RestBone:
    """``axes [3, 3]`` (columns), ``head [3]`` and ``tail [3]`` at rest in the armature's space."""

    name: str
    axes: np.ndarray
    head: np.ndarray
    tail: np.ndarray


@dataclass(frozen=True, eq=False)
class Reflection:
    """What a bone's channels become on its partner: ``matrix [3, 3]`` is S."""

    matrix: np.ndarray

    @staticmethod
    def between(bone: RestBone, partner: RestBone) -> Reflection:
        return Reflection(bone.axes.T @ _MIRROR @ partner.axes)

    @property
    def signs(self) -> np.ndarray | None:
        """The diagonal ``[3]`` where S turns no axis into another; each channel then keeps its keys,
        with one sign or the other. None elsewhere."""
        rounded = np.round(np.diag(self.matrix))
        is_along = np.abs(self.matrix - np.diag(rounded)).max() < _ALONG_AN_AXIS
        return rounded if is_along and np.all(rounded != 0.0) else None

    def locations(self, values: np.ndarray) -> np.ndarray:
        """``[F, 3]`` to ``[F, 3]``."""
        return values @ self.matrix

    def turns(self, quaternions: np.ndarray) -> np.ndarray:
        """``[F, 4]`` to ``[F, 4]``: the axis is a pseudo-vector, the angle stays."""
        return np.concatenate([quaternions[:, :1], -quaternions[:, 1:] @ self.matrix], axis=-1)


def channel_signs(signs: np.ndarray, channel: str) -> np.ndarray | None:
    """Factors of the values of ``location``, ``rotation_...`` or ``scale``; None for others."""
    if channel == "location":
        return signs
    if channel == "rotation_euler":
        return -signs
    if channel in ("rotation_quaternion", "rotation_axis_angle"):
        return np.concatenate([[1.0], -signs])
    return np.ones(3) if channel == "scale" else None


def partners(
    bones: Sequence[RestBone], mapping: RigMapping | None, flip: Callable[[str], str]
) -> dict[str, str]:
    """The other side's bone of each bone; bones in the middle are their own, and bones on a side
    without a counterpart are left out.

    By role, then by name (``flip`` is Blender's own way), then by place.
    """
    names = {bone.name for bone in bones}
    found: dict[str, str] = {}
    for one, other in _by_role(mapping) if mapping is not None else ():
        found.setdefault(one, other)
    for bone in bones:
        if bone.name not in found:
            wanted = next((n for n in _flipped(bone.name, flip) if n in names), "")
            if wanted:
                found[bone.name] = wanted
    found = {one: other for one, other in found.items() if found.get(other) == one}
    rest = [bone for bone in bones if bone.name not in found]
    found |= _by_place(rest, _size(bones))
    return {one: other for one, other in found.items() if one in names and other in names}


def other_side(name: str) -> str:
    """A name with left and right exchanged: "LeftArm", "arm_l", "hand.R.001"."""
    swap = {"left": "right", "right": "left", "l": "r", "r": "l"}

    def exchanged(match: re.Match) -> str:
        word = match.group()
        other = swap[word.lower()]
        return other.upper() if word.isupper() else other.title() if word[0].isupper() else other

    changed = _WORDS.sub(exchanged, name)
    return changed if changed != name else _LETTERS.sub(exchanged, name.replace("_", " ")).replace(
        " ", "_"
    )  # fmt: skip


def _flipped(name: str, flip: Callable[[str], str]) -> list[str]:
    return [other for other in (flip(name), other_side(name)) if other != name]


def _by_role(mapping: RigMapping) -> list[tuple[str, str]]:
    """Pairs of bones that have the same role on either side."""
    left, right = SIDES
    tables: list[Mapping[str, Sequence[str]]] = [
        mapping.controls.roles,
        {role: match.bones for role, match in mapping.matches.items()},
        {side: (l.goal, l.pole, l.toe) for side, l in mapping.controls.limbs.items()},
    ]
    pairs = []
    for table in tables:
        for role, bones in table.items():
            others = table.get(role.replace(left, right, 1), ()) if role.startswith(left) else ()
            for one, other in zip(bones, others):
                if one and other and one != other:
                    pairs += [(one, other), (other, one)]
    return pairs


def _by_place(bones: Sequence[RestBone], size: float) -> dict[str, str]:
    """Bones whose mirror image stands where another one, or they themselves, do."""
    found = {}
    for bone in bones:
        image = np.concatenate([_MIRROR @ bone.head, _MIRROR @ bone.tail])
        gaps = [np.abs(np.concatenate([b.head, b.tail]) - image).max() for b in bones]
        own = np.abs(np.concatenate([bone.head, bone.tail]) - image).max()
        nearest = int(np.argmin(gaps))
        if own <= _NEAR * size:
            found[bone.name] = bone.name
        elif gaps[nearest] <= _NEAR * size:
            found[bone.name] = bones[nearest].name
    return {one: other for one, other in found.items() if found.get(other) == one}


def _size(bones: Sequence[RestBone]) -> float:
    places = np.array([bone.head for bone in bones] + [bone.tail for bone in bones])
    return float(np.ptp(places, axis=0).max())


def mirrored_path(positions: np.ndarray, turns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places ``[F, 3]`` and turns ``[F, 4]`` of the object itself in the mirror that stands in it
    in its first frame: it begins where it did."""
    first, start = turns[0], positions[0]
    inverse = rotations.conjugate(first)
    local = rotations.multiply(inverse, turns) * [1.0, 1.0, -1.0, -1.0]
    moved = rotations.rotate(inverse, positions - start) * [-1.0, 1.0, 1.0]
    return rotations.rotate(first, moved) + start, rotations.multiply(first, local)

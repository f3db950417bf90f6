"""Roles from topology and geometry alone: two legs to the floor, two arms, a trunk between them.

Works on any names. Limbs are mirrored chains off the trunk; a knee or elbow is the joint that
splits a limb most evenly, which also holds where twist bones sit in the chain.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import rotations
from .rig import Rig
from .roles import FINGERS

_SAME_PLACE = 0.02
_ANKLE_HEIGHT = 0.2


def roles_by_geometry(rig: Rig) -> dict[str, tuple[str, ...]]:
    """Role to bones; empty where the rig has no two mirrored legs and arms on one trunk."""
    body = _Body(rig)
    pairs = body.limb_pairs()
    if len(pairs) < 2:
        return {}
    legs = min(pairs, key=lambda pair: (body.lowest(pair[0]), -len(pair[0])))
    others = [p for p in pairs if p is not legs and body.above(p[0][0], legs[0][0])]
    if not others or body.lowest(legs[0]) > 0.25:
        return {}
    arms = max(others, key=lambda pair: body.path_length(pair[0]))
    leg = [body.leg_joints(chain) for chain in legs]
    arm = [body.arm_joints(chain) for chain in arms]
    if not all(leg) or not all(arm):
        return {}
    found = body.trunk(legs[0][0], arms[0][0])
    if not found:
        return {}
    sides = ("left", "right") if body.is_left(leg[0], legs[0]) else ("right", "left")
    for side, leg_joints, arm_joints in zip(sides, leg, arm):
        joints = leg_joints | arm_joints
        found |= {f"{side}_{joint}": (name,) for joint, name in joints.items()}
        fingers = body.fingers(arm_joints["wrist"])
        found |= {f"{side}_{finger}": (name,) for finger, name in fingers.items()}
    return found


class _Body:
    """The deforming bones of a rig, measured in the character's own directions."""

    def __init__(self, rig: Rig):
        self.rig = rig
        deforming = [bone.name for bone in rig.bones if bone.deforms]
        self.names = deforming or [bone.name for bone in rig.bones]
        self.known = set(self.names)
        heads = np.array([rig[name].head for name in self.names])
        tails = np.array([rig[name].tail for name in self.names])
        heights = np.concatenate([heads, tails]) @ rig.up
        self.floor, self.top = float(heights.min()), float(heights.max())
        self.size = max(self.top - self.floor, 1e-9)
        self.lateral, self.middle = self._mirror_plane(heads)
        self.forward = rotations.cross(self.lateral, rig.up)

    def _mirror_plane(self, heads: np.ndarray) -> tuple[np.ndarray, float]:
        """The horizontal axis along which most bones have a mirrored partner, and its middle."""
        axis = np.eye(3)[np.argmin(np.abs(self.rig.up))]
        first = rotations.normalize(np.cross(axis, self.rig.up))
        best: tuple[float, np.ndarray, float] = (-1.0, first, 0.0)
        for direction in (first, np.cross(self.rig.up, first)):
            along = heads @ direction
            middle = float(np.median(along))
            for centre in (middle, float(along.min() + along.max()) / 2.0, 0.0):
                mirrored = heads - 2.0 * np.outer(along - centre, direction)
                gaps = np.linalg.norm(mirrored[:, None] - heads[None], axis=-1).min(axis=1)
                aside = np.abs(along - centre) > _SAME_PLACE * self.size
                score = float(np.sum((gaps < _SAME_PLACE * self.size) & aside))
                if score > best[0]:
                    best = score, direction, centre
        return best[1], best[2]

    def aside(self, name: str) -> float:
        """Signed distance of a bone's head from the mirror plane, in body heights."""
        return float(self.rig[name].head @ self.lateral - self.middle) / self.size

    def height(self, point: np.ndarray) -> float:
        """Height above the lowest point, in body heights."""
        return float(point @ self.rig.up - self.floor) / self.size

    def above(self, name: str, other: str) -> bool:
        return self.height(self.rig[name].head) > self.height(self.rig[other].head)

    def children(self, name: str) -> list[str]:
        return [child for child in self.rig.children[name] if child in self.known]

    def parent(self, name: str) -> str:
        """The nearest deforming ancestor."""
        return next((a for a in self.rig.ancestors(name) if a in self.known), "")

    def limb_pairs(self) -> list[tuple[list[str], list[str]]]:
        """Mirrored pairs of the longest chains that leave the middle, longest pairs first."""
        starts = [name for name in self.names if self._leaves_middle(name)]
        pairs = []
        for name in starts:
            if self.aside(self.farthest(name)[-1]) <= 0.0:
                continue
            partner = min(
                (s for s in starts if self.aside(self.farthest(s)[-1]) < 0.0),
                key=lambda other: self._mirror_gap(name, other),
                default=None,
            )
            if partner and self._mirror_gap(name, partner) < 3.0 * _SAME_PLACE * self.size:
                pairs.append((self.farthest(name), self.farthest(partner)))
        long = [pair for pair in pairs if self.path_length(pair[0]) > 0.2 and len(pair[0]) >= 3]
        return sorted(long, key=lambda pair: -self.path_length(pair[0]))

    def _leaves_middle(self, name: str) -> bool:
        """Whether a chain that ends well aside starts here: its parent lies in the middle."""
        parent = self.parent(name)
        central = not parent or abs(self.aside(parent)) < _SAME_PLACE
        tail_aside = abs(self.rig[name].tail @ self.lateral - self.middle) / self.size
        return central and max(abs(self.aside(name)), tail_aside) > _SAME_PLACE

    def _mirror_gap(self, name: str, other: str) -> float:
        point = self.rig[name].tail
        mirrored = point - 2.0 * (point @ self.lateral - self.middle) * self.lateral
        return float(np.linalg.norm(mirrored - self.rig[other].tail))

    def farthest(self, name: str) -> list[str]:
        """The longest path of bones from one bone down to a leaf."""
        best: list[str] = []
        for child in self.children(name):
            path = self.farthest(child)
            if self.path_length([name, *path]) > self.path_length([name, *best]):
                best = path
        return [name, *best]

    def path_length(self, path: Sequence[str]) -> float:
        """From the first head along all heads to the last tail, in body heights."""
        points = [self.rig[name].head for name in path] + [self.rig[path[-1]].tail]
        return float(np.linalg.norm(np.diff(points, axis=0), axis=-1).sum()) / self.size

    def lowest(self, path: Sequence[str]) -> float:
        return min(self.height(self.rig[name].tail) for name in path)

    def leg_joints(self, path: list[str]) -> dict[str, str]:
        """Hip, knee, ankle and toes of a leg's bones from the pelvis down."""
        heads = [self.rig[name].head for name in path]
        heights = [self.height(head) for head in heads]
        start = int(np.argmax(heights))
        while start + 1 < len(path) and self._sideways(path[start]):
            start += 1
        limit = _ANKLE_HEIGHT * heights[start]
        ankle = next((i for i in range(start + 2, len(path)) if heights[i] < limit), None)
        if ankle is None:
            return {}
        knee = self._even_split(heads, start, ankle)
        joints = {"hip": path[start], "knee": path[knee], "ankle": path[ankle]}
        foot = [n for n in path[ankle + 1 :] if self._sole_length(heads[ankle], n) > 0.25]
        if foot and (self.children(foot[0]) or len(path) <= ankle + 2):
            joints["foot"] = foot[0]
        return joints

    def _sideways(self, name: str) -> bool:
        """Whether a bone at the hips only leads out to the leg."""
        return abs(self.rig[name].direction @ self.rig.up) < 0.6

    def _sole_length(self, ankle: np.ndarray, name: str) -> float:
        """How far ahead of the ankle a bone starts, by the height of the ankle over the floor."""
        ahead = self.rig[name].head - ankle
        level = ahead - (ahead @ self.rig.up) * self.rig.up
        return float(np.linalg.norm(level)) / max(self.height(ankle) * self.size, 1e-9)

    def _even_split(self, heads: list[np.ndarray], start: int, end: int) -> int:
        def unevenness(middle: int) -> float:
            upper = np.linalg.norm(heads[middle] - heads[start])
            return abs(upper - np.linalg.norm(heads[end] - heads[middle]))

        return min(range(start + 1, end), key=unevenness)

    def arm_joints(self, path: list[str]) -> dict[str, str]:
        """Collar (where there is one), shoulder, elbow and wrist of an arm's bones."""
        wrist = next(
            (i for i in range(2, len(path)) if len(self._long_children(path[i])) >= 2),
            None,
        )
        if wrist is None:
            wrist = self._wrist_without_fingers(path)
        if wrist is None or wrist < 2:
            return {}
        heads = [self.rig[name].head for name in path]
        choices = []
        for start in range(min(wrist - 1, 3)):
            elbow = self._even_split(heads, start, wrist)
            upper = np.linalg.norm(heads[elbow] - heads[start])
            lower = np.linalg.norm(heads[wrist] - heads[elbow])
            choices.append((abs(np.log(upper / max(lower, 1e-9))), start, elbow))
        _, start, elbow = min(choices)
        joints = {"shoulder": path[start], "elbow": path[elbow], "wrist": path[wrist]}
        return joints | ({"collar": path[start - 1]} if start else {})

    def _long_children(self, name: str) -> list[str]:
        """Children that lead on, as fingers do; helpers without children do not count."""
        return [child for child in self.children(name) if len(self.farthest(child)) >= 2]

    def _wrist_without_fingers(self, path: list[str]) -> int | None:
        """The joint after the two longest bones of the arm."""
        lengths = [self.rig[name].length for name in path]
        longest = sorted(np.argsort(lengths)[-2:])
        after = int(longest[-1]) + 1
        return after if after < len(path) else None

    def trunk(self, leg: str, arm: str) -> dict[str, tuple[str, ...]]:
        """Pelvis, spine, neck and head: what lies between legs and arms, and above."""
        above_leg = [a for a in [self.parent(leg)] if a] + [
            a for a in self.rig.ancestors(self.parent(leg) or leg) if a in self.known
        ]
        above_arm = [self.parent(arm), *self.rig.ancestors(self.parent(arm) or arm)]
        above_arm = [a for a in above_arm if a in self.known]
        pelvis = next((a for a in above_leg if a in above_arm), "")
        if not pelvis:
            return {}
        spine = above_arm[: above_arm.index(pelvis)][::-1]
        chest = spine[-1] if spine else pelvis
        up = [c for c in self.children(chest) if abs(self.aside(c)) < _SAME_PLACE]
        paths = [self._central_path(c) for c in up]
        paths = [p for p in paths if self.height(self.rig[p[-1]].tail) > 0.8]
        if not paths or not spine:
            return {}
        path = max(paths, key=lambda p: self.height(self.rig[p[-1]].tail))
        head = self._head_of(path)
        found = {"pelvis": (pelvis,), "spine": tuple(spine), "head": (path[head],)}
        return found | ({"neck": tuple(path[:head])} if head else {})

    def _central_path(self, name: str) -> list[str]:
        """Upwards along the middle."""
        path = [name]
        while True:
            up = [
                c
                for c in self.children(path[-1])
                if abs(self.aside(c)) < _SAME_PLACE and self.rig[c].direction @ self.rig.up > 0.5
            ]
            if not up:
                return path
            path.append(max(up, key=lambda c: self.height(self.rig[c].tail)))

    def _head_of(self, path: list[str]) -> int:
        """Position of the head: the last bone, or the one before a bone that marks its end or
        that starts in the same place, as face roots do."""
        for position in range(1, len(path)):
            gap = self.rig[path[position]].head - self.rig[path[position - 1]].head
            if np.linalg.norm(gap) < 1e-3 * self.size:
                return position - 1
        last = len(path) - 1
        if last < 2 or self.children(path[last]):
            return last
        bone, before = self.rig[path[last]], self.rig[path[last - 1]]
        straight = bone.direction @ before.direction > np.cos(np.radians(12.0))
        share = bone.length / max(before.length, 1e-9)
        return last - 1 if straight and (share < 0.75 or 0.9 < share < 1.1) else last

    def is_left(self, joints: dict[str, str], path: list[str]) -> bool:
        """Whether a leg is the left one: the feet tell where the character looks."""
        ankle = self.rig[joints["ankle"]]
        tip = self.rig[joints["foot"]].head if "foot" in joints else ankle.tail
        if np.linalg.norm(tip - ankle.head) < 1e-9:
            tip = self.rig[path[-1]].tail
        ahead = tip - ankle.head
        ahead = ahead - (ahead @ self.rig.up) * self.rig.up
        left = rotations.cross(self.rig.up, ahead)
        return float(left @ self.lateral) * self.aside(joints["hip"]) > 0.0

    def fingers(self, wrist: str) -> dict[str, str]:
        """Finger bones below a hand: the thumb strays most, the others lie in order beside it."""
        chains = [self.farthest(child) for child in self._long_children(wrist)]
        if not chains:
            return {}
        ways = [self.rig[chain[-1]].tail - self.rig[wrist].head for chain in chains]
        out = rotations.normalize(np.median(np.stack(ways), axis=0))
        stray = [
            float(rotations.normalize(self.rig[c[-1]].tail - self.rig[c[0]].head) @ out)
            for c in chains
        ]
        thumb = chains[int(np.argmin(stray))]
        start = self.rig[thumb[0]].head
        rest = [
            chain[1:] if len(chain) > max(len(thumb), 3) else chain  # without bones of the palm
            for chain in chains
            if chain is not thumb
        ]
        rest.sort(key=lambda chain: float(np.linalg.norm(self.rig[chain[0]].head - start)))
        found = {}
        for finger, joints in zip(FINGERS, [thumb, *rest]):
            found |= {f"{finger}{n}": name for n, name in enumerate(joints[:3], start=1)}
        return found

"""Channels of IK controls: goals that stand where hands and feet are, poles that never flip."""

from __future__ import annotations

import numpy as np

from .. import rotations
from ..edit.curves import cubic_step
from .alignment import Alignment
from .controls import Limb
from .evaluation import PoseEvaluation
from .footing import leg_joints
from .mapping import Mapping
from .rig import Rig
from .rig_motion import BoneTrack
from .roles import ARM, LEG, SIDES


def goal_tracks(
    rig: Rig, mapping: Mapping, alignment: Alignment, evaluation: PoseEvaluation
) -> list[BoneTrack]:
    """Tracks of the goals, poles and toes of every limb that has IK controls."""
    tracks = []
    for side in SIDES:
        for name, joints in (("arm", ARM), ("leg", LEG)):
            part = f"{side}_{name}"
            limb = mapping.controls.limbs.get(part)
            if limb is not None and limb.goal:
                solver = _Solver(rig, mapping, alignment, evaluation, side, joints)
                tracks += solver.tracks(part, limb)
    return tracks


class _Solver:
    """Goal and pole of one limb from the pose that forward kinematics gave it."""

    def __init__(self, rig, mapping, alignment, evaluation, side, joints):
        self.rig: Rig = rig
        self.alignment: Alignment = alignment
        self.evaluation: PoseEvaluation = evaluation
        self.side = side
        self.roles = [f"{side}_{joint}" for joint in joints]
        controls = mapping.controls.roles
        self.turns = [evaluation.turns[controls[role][0]] for role in self.roles]
        self.places = self._places(mapping)
        toe = controls.get(f"{side}_foot")
        self.toe_turn = evaluation.turns[toe[0]] if toe else None

    def _places(self, mapping: Mapping) -> list[np.ndarray]:
        """Places ``[F, 3]`` of the limb's three joints."""
        if self.roles[0].endswith("hip"):
            places = leg_joints(self.side, self.alignment, self.evaluation, mapping)
            return [places[name] for name in LEG]
        rest = self.alignment.joints
        upper = self.rig[mapping.controls.roles[self.roles[0]][0]]
        places = [self.evaluation.point(upper.parent or upper.name, rest[self.roles[0]])]
        for turn, start, end in zip(self.turns, self.roles, self.roles[1:]):
            places.append(places[-1] + rotations.rotate(turn, rest[end] - rest[start]))
        return places

    def tracks(self, part: str, limb: Limb) -> list[BoneTrack]:
        tracks = [self._goal(part, limb.goal)]
        if limb.pole:
            tracks.append(self._pole(part, limb.pole, limb))
        if limb.toe and self.toe_turn is not None:
            self.evaluation.give(limb.toe, self.toe_turn)
            tracks.append(self._track(part, limb.toe, turned=True))
        return tracks

    def _goal(self, part: str, name: str) -> BoneTrack:
        """The goal keeps the place that it has beside hand or foot at rest."""
        arm = self.rig[name].head - self.alignment.joints[self.roles[2]]
        place = self.places[2] + rotations.rotate(self.turns[2], arm)
        self.evaluation.give(name, self.turns[2])
        return self._track(part, name, place, turned=True)

    def _pole(self, part: str, name: str, limb: Limb) -> BoneTrack:
        """In the limb's bend plane; where that is straight, where the upper bone's rest has it.

        Blender turns the limb about the line from its start to its goal until an axis of the upper
        bone points to the pole. A solver that starts from the keyed pose has that axis where the
        pose has it, one that starts at rest has it in the bend plane.
        """
        start, middle, end = self.places
        rest = [self.alignment.joints[role] for role in self.roles]
        axis = rotations.normalize(rest[2] - rest[0])
        offset = self.rig[name].head - rest[1]
        across = offset - (offset @ axis) * axis
        reach = np.linalg.norm(across)
        if limb.pole_axis is not None:
            across = np.array(limb.pole_axis)
        carried = rotations.rotate(self.turns[0], across)
        line = rotations.normalize(end - start)
        bend = middle - start
        bend = bend - np.sum(bend * line, axis=-1, keepdims=True) * line
        carried = carried - np.sum(carried * line, axis=-1, keepdims=True) * line
        weight = 0.0 if limb.starts_from_pose else self._bend_weight(bend, carried)[:, None]
        away = rotations.normalize(
            (1.0 - weight) * rotations.normalize(carried) + weight * rotations.normalize(bend)
        )
        return self._track(part, name, middle - bend + reach * away)

    def _bend_weight(self, bend: np.ndarray, carried: np.ndarray) -> np.ndarray:
        """0 for a straight limb, 1 for one that is clearly bent, ``[F]``.

        A limb that is bent a little the wrong way, as captured knees and elbows are when they
        lock, counts as straight: its plane would turn the pole round to the other side.
        """
        start, middle, end = self.places
        cosine = np.sum(
            rotations.normalize(middle - start) * rotations.normalize(end - middle), axis=-1
        )
        bend_deg = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
        same_side = np.sum(rotations.normalize(bend) * rotations.normalize(carried), axis=-1)
        rightly = np.maximum(cubic_step(same_side, -0.3, 0.3), cubic_step(bend_deg, 15.0, 30.0))
        return cubic_step(bend_deg, 2.0, 8.0) * rightly

    def _track(
        self, part: str, name: str, place: np.ndarray | None = None, turned: bool = False
    ) -> BoneTrack:
        evaluation, bone = self.evaluation, self.rig[name]
        locations = channel = None
        if place is not None:
            locations = evaluation.location_channel(name, place - evaluation.position(name))
        if turned:
            frame = rotations.conjugate(evaluation.frame(name))
            turn = rotations.multiply(evaluation.turns[name], bone.rest_rotation)
            channel = rotations.multiply(frame, turn)
        return BoneTrack(name, part, bone.rotation_mode, channel, locations)

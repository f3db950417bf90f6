"""Feet planted on the rig's own legs: contacts held still, soles on the floor, hips in reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import rotations
from ..contacts import detect_contacts
from ..foot_lock import eased, spans, stilled
from ..hinges import HINGES, bent_onto
from ..motion import Motion
from ..skeleton import SMPLX
from .alignment import Alignment
from .evaluation import PoseEvaluation
from .mapping import Mapping
from .placement import Placement
from .roles import SIDES

CONTACT_MODES = ("auto", "always", "never", "ground")
LARGEST_CORRECTION_M = 0.2
LONGEST_EASE_SECONDS = 0.4
LARGEST_DROP_M = 0.15
_REACH = 0.998
_LEG = ("hip", "knee", "ankle")


@dataclass(frozen=True, eq=False)
class _Leg:
    """Joints and sole of one leg in our world's metres, ``[F, 3]`` each (``sole [F, 2, 3]``)."""

    hip: np.ndarray
    knee: np.ndarray
    ankle: np.ndarray
    sole: np.ndarray


def plant_feet(
    motion: Motion,
    placement: Placement,
    alignment: Alignment,
    evaluation: PoseEvaluation,
    mapping: Mapping,
    mode: str,
) -> np.ndarray:
    """Turn thighs and shins (in ``evaluation.turns``) so that feet in contact stand still.

    ``auto`` follows the clip's contacts, ``always`` also holds feet that are merely low and slow,
    ``ground`` corrects heights alone, ``never`` does nothing. Feet keep their own turn. Returns
    the displacement ``[F, 3]`` of the hips in the armature's space.
    """
    if mode == "never":
        return np.zeros((motion.frames, 3))
    legs = [_leg(side, placement, alignment, evaluation, mapping) for side in SIDES]
    contacts = motion.contacts
    if mode == "always":
        points = np.concatenate([leg.sole for leg in legs], axis=1)
        contacts = np.maximum(contacts, detect_contacts(points * [0.5, 0.5, 0.7], motion.fps))
    corrections = [
        _correction(leg.sole, contacts[:, 2 * i : 2 * i + 2] > 0.5, motion.fps, mode != "ground")
        for i, leg in enumerate(legs)
    ]
    drop = _hip_drop(legs, corrections, motion.fps)
    to_armature, turns = placement.outward, motion.world_rotations()
    for side, leg, correction in zip(SIDES, legs, corrections):
        # The clip's knees tell where the rig's bend: straight legs of its own do not.
        hinge = rotations.rotate(turns[:, SMPLX.index(f"{side}_hip")], HINGES[f"{side}_foot"])
        way = leg.ankle + correction - leg.hip - drop
        upper, lower = bent_onto(leg.knee - leg.hip, leg.ankle - leg.knee, hinge, way)
        for joint, turn in (("hip", upper), ("knee", lower)):
            turn = _conjugated(to_armature, turn)
            for name in _bones_of(mapping, f"{side}_{joint}"):
                if name in evaluation.turns:
                    evaluation.turns[name] = rotations.multiply(turn, evaluation.turns[name])
    return placement.units_per_metre * rotations.rotate(to_armature, drop)


def hip_position(
    evaluation: PoseEvaluation, mapping: Mapping, alignment: Alignment, side: str
) -> np.ndarray:
    """Place ``[F, 3]`` of a hip joint in the armature's space."""
    role = f"{side}_hip"
    thigh = evaluation.rig[mapping.controls.roles[role][0]]
    return evaluation.point(thigh.parent or thigh.name, alignment.joints[role])


def leg_joints(
    side: str, alignment: Alignment, evaluation: PoseEvaluation, mapping: Mapping
) -> dict[str, np.ndarray]:
    """Places ``[F, 3]`` of hip, knee, ankle and ball in the armature's space."""
    places = {"hip": hip_position(evaluation, mapping, alignment, side)}
    for start, end in (("hip", "knee"), ("knee", "ankle"), ("ankle", "ball")):
        turn = evaluation.turns[mapping.controls.roles[f"{side}_{start}"][0]]
        role = f"{side}_{start}"
        arm = alignment.joints[f"{role}_end"] - alignment.joints[role]
        places[end] = places[start] + rotations.rotate(turn, arm)
    return places


def _leg(side, placement, alignment, evaluation, mapping) -> _Leg:
    places = leg_joints(side, alignment, evaluation, mapping)
    inward = rotations.conjugate(placement.outward)

    def ours(points: np.ndarray) -> np.ndarray:
        return rotations.rotate(inward, points - placement.offset) / placement.units_per_metre

    controls = mapping.controls.roles
    ankle = controls[f"{side}_ankle"]
    carriers = {"ankle": ankle[0], "ball": controls.get(f"{side}_foot", ankle)[0]}
    sole = [
        places[place] + rotations.rotate(evaluation.turns[bone], arm)
        for (place, bone), arm in zip(carriers.items(), alignment.soles[side])
    ]
    return _Leg(
        *(ours(places[name]) for name in _LEG), np.stack([ours(point) for point in sole], axis=1)
    )


def _bones_of(mapping: Mapping, role: str) -> set[str]:
    """Controls, deforming bones and twist bones that turn with a role."""
    names: set[str] = set()
    for name in (role, f"{role}_twist"):
        names |= set(mapping.controls.roles.get(name, ()))
        if name in mapping:
            names |= set(mapping.matches[name].bones)
    return names


def _conjugated(outer: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """A turn of our world, seen in the armature's space."""
    return rotations.multiply(rotations.multiply(outer, turn), rotations.conjugate(outer))


def _correction(sole: np.ndarray, touching: np.ndarray, fps: float, still: bool) -> np.ndarray:
    """Displacement ``[F, 3]`` of a foot with ``sole [F, 2, 3]`` (heel, ball), metres."""
    planted = touching.any(-1)
    correction = np.zeros((len(sole), 3))
    for start, stop in spans(planted) if still else ():
        correction[start:stop, :2] = stilled(sole[start:stop, :, :2], touching[start:stop])
    size = np.linalg.norm(correction[:, :2], axis=-1, keepdims=True)
    correction[:, :2] *= np.minimum(1.0, LARGEST_CORRECTION_M / np.maximum(size, 1e-9))
    lowest = np.where(touching, sole[..., 2], np.inf).min(-1)
    lowest = np.where(planted, lowest, sole[..., 2].min(-1))
    correction[planted, 2] = -np.clip(lowest[planted], -LARGEST_CORRECTION_M, 0.06)
    correction = eased(correction, planted, max(2, round(LONGEST_EASE_SECONDS * fps)))
    correction[:, 2] = np.maximum(correction[:, 2], -sole[..., 2].min(-1))
    return correction


def _hip_drop(legs: list[_Leg], corrections: list[np.ndarray], fps: float) -> np.ndarray:
    """Downward displacement ``[F, 3]`` that brings both feet within the legs' reach, metres."""
    lowering = np.zeros(len(legs[0].hip))
    for leg, correction in zip(legs, corrections):
        length = _REACH * (
            np.linalg.norm(leg.knee - leg.hip, axis=-1)
            + np.linalg.norm(leg.ankle - leg.knee, axis=-1)
        )
        across = leg.ankle + correction - leg.hip
        level = np.sqrt(np.maximum(length**2 - np.sum(across[:, :2] ** 2, axis=-1), 0.0))
        lowering = np.maximum(lowering, np.clip(-across[:, 2] - level, 0.0, LARGEST_DROP_M))
    drop = np.zeros((len(lowering), 3))
    drop[:, 2] = -_upper_envelope(lowering, max(1, round(0.1 * fps)))
    return drop


def _upper_envelope(values: np.ndarray, width: int) -> np.ndarray:
    """A smooth curve that nowhere lies under ``values [F]``: a running maximum, then a mean."""
    padded = np.pad(values, 2 * width, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * width + 1)
    highest = windows.max(-1)
    weights = np.hanning(2 * width + 3)[1:-1]
    smooth = np.lib.stride_tricks.sliding_window_view(highest, 2 * width + 1)
    return smooth @ (weights / weights.sum())

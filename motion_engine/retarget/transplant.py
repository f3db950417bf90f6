"""`retarget(motion, rig, mapping)`: a clip as channel values of a rig, all frames at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .. import rotations
from ..errors import LimberError
from ..motion import Motion
from .alignment import Alignment, align
from .controls import check_writable
from .evaluation import PoseEvaluation
from .footing import CONTACT_MODES, hip_position, plant_feet
from .limb_goals import goal_tracks
from .mapping import Mapping, check_usable
from .placement import ROOT_MODES, STARTS, Placement, ground_path, hip_targets, place
from .rig import Rig
from .rig_motion import BoneTrack, RigMotion, SettingTrack
from .roles import PARTS, ROLES, TWISTS
from .transfer import bone_turns

_OPTIONAL = ("root", *TWISTS)
LIMB_MODES = ("fk", "ik", "both")


@dataclass(frozen=True)
class RetargetOptions:
    """``root``: what carries the path; ``start``: ``rig`` begins where the rig stands, ``motion``
    keeps the clip's own place; ``limbs``: which controls are keyed; ``contacts``: how feet are
    planted; ``parts``: the parts of the body to write (all by default)."""

    root: str = "hips"
    start: str = "rig"
    limbs: str = "fk"
    contacts: str = "auto"
    parts: tuple[str, ...] = tuple(PARTS)

    def __post_init__(self):
        for name, choices in (
            *(("root", ROOT_MODES), ("start", STARTS)),
            *(("limbs", LIMB_MODES), ("contacts", CONTACT_MODES)),
        ):
            if getattr(self, name) not in choices:
                raise LimberError(
                    f"{name} is {getattr(self, name)!r}; choose from {', '.join(choices)}."
                )
        for part in self.parts:
            if part not in PARTS:
                raise LimberError(f"There is no part {part}; choose from {', '.join(PARTS)}.")


def retarget(
    motion: Motion, rig: Rig, mapping: Mapping, options: RetargetOptions | None = None
) -> RigMotion:
    """Channel values that make a mapped rig move as the motion does, at the motion's own rate.

    Raises LimberError where a control cannot be keyed or a mode does not fit the rig.
    """
    options = options or RetargetOptions()
    check_usable(rig, mapping)
    check_writable(rig, mapping.controls)
    return _Transplant(motion, rig, mapping, options).rig_motion()


class _Transplant:
    """One clip on one rig, step by step."""

    def __init__(self, motion: Motion, rig: Rig, mapping: Mapping, options: RetargetOptions):
        self.mapping, self.options, self.controls = mapping, options, mapping.controls
        self.alignment: Alignment = align(rig, mapping)
        self.placement: Placement = place(
            motion, rig, self.alignment, options.start, self.controls.root
        )
        self.rig = rig = _at_zero(rig, mapping, options)
        self.object_path: tuple | None = None
        self.motion = motion
        self.roles = self.controls.roles
        deforming = {role: match.bones for role, match in mapping.matches.items()}
        outward = self.placement.outward
        self.turns = bone_turns(self.motion, rig, deforming, self.alignment, outward) | bone_turns(
            self.motion, rig, self.roles, self.alignment, outward
        )
        if self.mover not in self.turns:
            self.turns[self.mover] = self.turns[self.roles["pelvis"][0]]
        self.evaluation = self._rooted(self._planted())

    @property
    def mover(self) -> str:
        return self.controls.mover

    def _planted(self) -> PoseEvaluation:
        """The rig on the clip's own path, hips in place and feet planted."""
        evaluation = PoseEvaluation(self.rig, self.motion.frames, self.turns)
        targets = hip_targets(self.motion, self.alignment, self.placement)
        evaluation.move(self.mover, targets - self._hips(evaluation))
        drop = plant_feet(
            self.motion,
            self.placement,
            self.alignment,
            evaluation,
            self.mapping,
            self.options.contacts,
        )
        evaluation.move(self.mover, drop)
        return evaluation

    def _rooted(self, planted: PoseEvaluation) -> PoseEvaluation:
        """The same pose with the path given to what carries it."""
        hips = self._hips(planted)
        path, heading = ground_path(self.motion)
        path = self.placement.points(path)
        turns = dict(self.turns)
        if self.options.root == "in_place":
            hips = hips - path + path[:1]
        if self.options.root == "object":
            turn = rotations.about(self.alignment.up, heading - heading[0])
            back = rotations.conjugate(turn)
            hips = path[:1] + rotations.rotate(back, hips - path)
            turns = {name: rotations.multiply(back, bone) for name, bone in turns.items()}
            self.object_path = self._object_transforms(path, turn)
        evaluation = PoseEvaluation(self.rig, self.motion.frames, turns)
        if self.options.root == "bone":
            self._move_root(evaluation, path, heading)
        evaluation.move(self.mover, hips - self._hips(evaluation))
        return evaluation

    def _object_transforms(self, path: np.ndarray, turn: np.ndarray) -> tuple:
        """World positions and rotations of the object that walks the path ``[F, 3]``."""
        rig = self.rig
        shift = path - rotations.rotate(turn, path[:1])
        moved = rotations.rotate(rig.world_rotation, rig.world_scale * shift)
        return rig.world_position + moved, rotations.multiply(rig.world_rotation, turn)

    def _move_root(self, evaluation: PoseEvaluation, path: np.ndarray, heading: np.ndarray) -> None:
        root = self.controls.root
        if not root or root == self.mover:
            raise LimberError(
                f"{self.rig.name} has no root bone to carry the path; use root mode hips or object."
            )
        placement = self.placement
        begin = rotations.rotate(placement.root_yaw, self.rig[root].head) + placement.root_shift
        turn = rotations.about(self.alignment.up, heading - heading[0])
        evaluation.turns[root] = rotations.multiply(turn, placement.root_yaw)
        arm = rotations.rotate(turn, begin - path[:1])
        evaluation.move(root, path + arm - evaluation.position(root))

    def _hips(self, evaluation: PoseEvaluation) -> np.ndarray:
        return np.mean([hip_position(evaluation, self.mapping, self.alignment, side)
                        for side in ("left", "right")], axis=0)  # fmt: skip

    def rig_motion(self) -> RigMotion:
        goals = []
        if self.options.limbs != "fk":
            goals = goal_tracks(self.rig, self.mapping, self.alignment, self.evaluation)
        tracks = self._forward_tracks()
        if self.options.limbs == "ik":
            idle = self._idle_controls({track.part for track in goals})
            tracks = [track for track in tracks if track.bone not in idle]
        tracks = _merged(tracks + goals)
        wanted = set(self.options.parts)
        positions, turns = self.object_path or (None, None)
        return RigMotion(
            self.motion.fps,
            self.motion.frames,
            self.alignment.units_per_metre,
            tuple(track for track in tracks if track.part in wanted),
            tuple(setting for setting in self._settings() if setting.part in wanted),
            positions,
            turns,
            tuple(role for role in ROLES if role not in self.mapping and role not in _OPTIONAL),
        )

    def _idle_controls(self, parts: set[str]) -> set[str]:
        """FK controls of limbs that goals solve. Bones that carry the IK constraint themselves
        are keyed all the same: the solver starts from their pose."""
        limbs = self.controls.limbs
        solved = [part for part in parts if not limbs[part].starts_from_pose]
        return {
            bone
            for part in solved
            for role in PARTS[part]
            for bone in self.roles.get(role, ())
            if not (role.endswith("foot") and not limbs[part].toe)
        }

    def _forward_tracks(self) -> list[BoneTrack]:
        """Rotations of every control; the mover and the root with their locations too."""
        tracks = []
        moving = [self.mover] + ([self.controls.root] if self.options.root == "bone" else [])
        parts = {role: part for part, roles in PARTS.items() for role in roles}
        for role, names in self.roles.items():
            for name in names:
                if name in self.turns and name not in moving:
                    tracks.append(self._track(name, parts[role]))
        return [self._track(name, "root", moved=True) for name in moving] + tracks

    def _track(self, name: str, part: str, moved: bool = False) -> BoneTrack:
        bone, frame = self.rig[name], self.evaluation.frame(name)
        channel = rotations.multiply(rotations.conjugate(frame), self.evaluation.rotation(name))
        locations = None
        if moved:
            locations = self.evaluation.location_channel(name, self.evaluation.moves[name])
        return BoneTrack(name, part, bone.rotation_mode, channel, locations)

    def _settings(self) -> list[SettingTrack]:
        settings = []
        for part, limb in self.controls.limbs.items():
            for setting in limb.settings:
                value = setting.ik if self.options.limbs == "ik" and limb.goal else setting.fk
                if value is not None:
                    settings.append(SettingTrack(setting.bone, part, setting.path, value))
        return settings


def _at_zero(rig: Rig, mapping: Mapping, options: RetargetOptions) -> Rig:
    """The rig with those locations at zero that will be keyed."""
    keyed = {mapping.controls.mover}
    if options.root == "bone":
        keyed.add(mapping.controls.root)
    if options.limbs != "fk":
        for limb in mapping.controls.limbs.values():
            keyed |= {limb.goal, limb.pole}
    zero = np.zeros(3)
    bones = (replace(b, pose_location=zero) if b.name in keyed else b for b in rig.bones)
    return replace(rig, bones=tuple(bones))


def _merged(tracks: list[BoneTrack]) -> list[BoneTrack]:
    """One track per bone; a later one wins."""
    return list({track.bone: track for track in tracks}.values())

"""What is keyed on a rig: the bones themselves, or the controls that move them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .. import rotations
from ..errors import LimberError
from .families import Family, InverseKinematics, Switch, plain
from .rig import Bone, Rig
from .roles import ARM, LEG, PARTS, REQUIRED, SIDES

_FOLLOWS = ("COPY_TRANSFORMS", "COPY_ROTATION")
_FULL = 0.999


@dataclass(frozen=True)
class Setting:
    """A number at ``path`` below a bone, ``["IK_FK"]`` or ``.constraints["IK"].influence``, for FK
    and for IK (None: not written then)."""

    bone: str
    path: str
    fk: float | None
    ik: float | None


@dataclass(frozen=True)
class Limb:
    """One limb of a control rig: its settings, and the bones that solve it by IK. ``pole_axis`` is
    the direction at rest that the solver turns towards the pole, where the constraint tells."""

    settings: tuple[Setting, ...] = ()
    goal: str = ""
    pole: str = ""
    toe: str = ""
    pole_axis: tuple[float, float, float] | None = None

    @property
    def starts_from_pose(self) -> bool:
        """Whether the keyed bones carry the IK constraint themselves: it starts from their pose."""
        return any(setting.path.startswith(".constraints") for setting in self.settings)


@dataclass(frozen=True)
class Controls:
    """``roles`` name the keyed bones; ``mover`` is translated with the whole body; ``root``
    stands on the floor; ``limbs`` by ``left_arm``, ``right_leg`` and so on; ``whole`` bones have
    all of a role's turn where those that deform share its twist."""

    roles: dict[str, tuple[str, ...]]
    mover: str
    root: str
    limbs: dict[str, Limb]
    whole: dict[str, str] = field(default_factory=dict)


def controls_of(
    rig: Rig, family: Family, roles: dict[str, tuple[str, ...]], names: dict[str, str]
) -> Controls:
    """The controls that a family's table names, as far as the rig has them."""
    mover = _first(names, family.mover) or roles["pelvis"][0]
    root = roles.get("root", ("",))[0]
    limbs: dict[str, Limb] = {}
    for limb, switches in family.switches.items():
        if limb in PARTS:
            limbs[limb] = Limb(_settings(rig, switches, ("", ""), names))
            continue
        for side, mark in zip(SIDES, family.sides):
            limbs[f"{side}_{limb}"] = Limb(
                _settings(rig, switches, (side, mark), names),
                *_goal_pole_toe(family.inverse_kinematics.get(limb), mark, names),
            )
    whole = {
        role: next(names[name] for name in candidates if name in names)
        for role, candidates in family.names(family.whole, "").items()
        if any(name in names for name in candidates)
    }
    return Controls({r: b for r, b in roles.items() if r != "root"}, mover, root, limbs, whole)


def _first(names: dict[str, str], candidates: str) -> str:
    """The bone of the first candidate that there is, else nothing."""
    return next((names[plain(c)] for c in candidates.split() if plain(c) in names), "")


def _settings(
    rig: Rig, switches: tuple[Switch, ...], marks: tuple[str, str], names: dict[str, str]
) -> tuple[Setting, ...]:
    """The switches of a family that the rig has; ``marks``: the side's word and its mark."""
    found = (_setting(rig, switch, marks, names) for switch in switches)
    return tuple(setting for setting in found if setting is not None)


def _setting(
    rig: Rig, switch: Switch, marks: tuple[str, str], names: dict[str, str]
) -> Setting | None:
    side, mark = marks
    holder = _first(names, switch.bone.replace("{s}", mark))
    holders = [rig[holder]] if holder else []
    for name in switch.name.replace("{side}", side).split():
        for bone in holders if switch.bone else rig.bones:
            if name.startswith("."):
                return Setting(bone.name, name, switch.fk, switch.ik)
            if name in bone.properties:
                return Setting(bone.name, f'["{name}"]', switch.fk, switch.ik)
    return None


def _goal_pole_toe(
    solver: InverseKinematics | None, mark: str, names: dict[str, str]
) -> tuple[str, ...]:
    controls = (solver.goal, solver.pole, solver.toe) if solver is not None else ()
    return tuple(_first(names, control.replace("{s}", mark)) for control in controls)


def follow_constraints(rig: Rig, bones: dict[str, tuple[str, ...]]) -> Controls:
    """Bones that wholly follow others are moved through those; IK on them becomes a setting."""
    roles = {
        role: tuple(leader(rig, bone) for bone in chain)
        for role, chain in bones.items()
        if role != "root"
    }
    root = leader(rig, bones["root"][0]) if "root" in bones else ""
    limbs = {
        f"{side}_{limb}": _constrained_limb(rig, roles, [f"{side}_{joint}" for joint in joints])
        for side in SIDES
        for limb, joints in (("arm", ARM), ("leg", LEG))
    }
    mover = roles["pelvis"][0] if "pelvis" in roles else ""
    while mover and rig[mover].connected:  # Blender gives connected bones no location
        mover = rig[mover].parent
    if not root and mover:
        root = _root_above(rig, mover)
    return Controls(roles, mover, root, limbs)


def leader(rig: Rig, name: str) -> str:
    """The bone whose pose a bone takes over at full influence, through any number of steps."""
    seen = set()
    while name not in seen:
        seen.add(name)
        for constraint in rig[name].constraints:
            full = constraint.kind in _FOLLOWS and constraint.influence > _FULL
            if full and not constraint.local and len(constraint.targets) == 1:
                name = constraint.targets[0][0]
    return name


def _constrained_limb(rig: Rig, roles: dict[str, tuple[str, ...]], joints: list[str]) -> Limb:
    settings, goal, pole, axis = [], "", "", None
    upper = roles.get(joints[0], ("",))[0]
    for role in joints:
        for name in roles.get(role, ()):
            for constraint in rig[name].constraints:
                if constraint.kind != "IK" or constraint.influence == 0.0:
                    continue
                path = f'.constraints["{constraint.name}"].influence'
                settings.append(Setting(name, path, 0.0, 1.0))
                goal = constraint.targets[0][0] if constraint.targets else ""
                pole = constraint.pole if constraint.pole in rig else ""
                angle = constraint.pole_angle_rad
                local = np.array([np.cos(angle), 0.0, np.sin(angle)])
                axis = tuple(rotations.rotate(rig[upper].rest_rotation, local).tolist())
    return Limb(tuple(settings), goal, pole, pole_axis=axis)


def _root_above(rig: Rig, mover: str) -> str:
    """The topmost bone over the mover, where it stands on the floor."""
    above = rig.ancestors(mover)
    if not above:
        return ""
    top = rig[above[-1]]
    low = abs((top.head - rig[mover].head) @ rig.up) > 0.25 * rig.height
    return top.name if low else ""


def check_writable(rig: Rig, controls: Controls) -> None:
    """Raises LimberError where a required control cannot be keyed."""
    for role in REQUIRED:
        for name in controls.roles.get(role, ()):
            bone: Bone = rig[name]
            if bone.length < 1e-9:
                raise LimberError(f"{rig.name}: bone {name} has no length; lengthen it.")
            if bone.driven:
                raise LimberError(
                    f"{rig.name}: a driver turns {name}; remove it, or map {role} to another bone."
                )
            if bone.locked:
                raise LimberError(f"{rig.name}: the rotation of {name} is locked; unlock it.")

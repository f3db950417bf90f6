"""How codecs divide the body: the default parts, MotionCtrl's five, and coarser ones."""

from dataclasses import replace

from ..features import FeatureLayout
from ..parts import DEFAULT_PARTS, Part
from ..skeleton import BODY_JOINTS, SMPLX

ROOT_SIGNALS = ("yaw_rate", "planar_velocity", "height", "tilt", "contacts")
BODY = SMPLX.names[1:BODY_JOINTS]
FINGERS = SMPLX.names[25:]


def _limb(name: str, joints: tuple[str, ...], shared: tuple[str, ...]) -> Part:
    side = name.split("_")[0]
    fingers = tuple(n for n in FINGERS if n.startswith(side)) if name.endswith("arm") else ()
    return Part(name, tuple(f"{side}_{joint}" for joint in joints) + fingers, shared)


def _five_parts() -> tuple[Part, ...]:
    """Torso and limbs, each limb sharing the joints that it hangs from (MotionCtrl, 2025)."""
    torso = ("spine1", "spine2", "spine3", "neck", "head", "left_collar", "right_collar")
    hung = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    arm, leg = ("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle", "foot")
    return (
        Part("torso", torso, hung, ROOT_SIGNALS),
        *(_limb(f"{side}_arm", arm, ("spine3", f"{side}_collar")) for side in ("left", "right")),
        *(_limb(f"{side}_leg", leg, ("spine1",)) for side in ("left", "right")),
    )


PART_TABLES: dict[str, tuple[Part, ...]] = {
    "default": DEFAULT_PARTS,
    "unshared": tuple(replace(part, shared=()) for part in DEFAULT_PARTS),
    "five": _five_parts(),
    "body_and_hands": (Part("body", BODY, (), ROOT_SIGNALS), Part("hands", FINGERS)),
    "whole": (Part("whole", BODY + FINGERS, (), ROOT_SIGNALS),),
}


def parts_of(table: str, layout: FeatureLayout) -> tuple[Part, ...]:
    """The parts of a table that own something in this layout."""
    return tuple(part for part in PART_TABLES[table] if len(part.own_columns(layout)))

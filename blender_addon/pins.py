"""Hands, feet and looks that the artist ties to objects of the scene: the list, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from bpy.props import (
    CollectionProperty,
    EnumProperty,
    IntProperty,
    PointerProperty,
)

from motion_engine.errors import LimberError
from motion_engine.retarget.mapping import Mapping

from .limb_modes import part_bones
from .request import identity

ORIGIN = -1
EFFECTORS = ("left_hand", "right_hand", "left_foot", "right_foot", "head")
_ITEMS = [
    ("left_hand", "Left Hand", "The wrist of the character's left hand is held there"),
    ("right_hand", "Right Hand", "The wrist of the character's right hand is held there"),
    ("left_foot", "Left Foot", "The ankle of the character's left foot is held there"),
    ("right_foot", "Right Foot", "The ankle of the character's right foot is held there"),
    ("head", "Look At", "Neck and head turn so that the eyes look there"),
]
# Which parts of the body name an effector when one of their bones is selected.
_PARTS = {
    **{f"{side}_hand": (f"{side}_arm", f"{side}_hand") for side in ("left", "right")},
    **{f"{side}_foot": (f"{side}_leg",) for side in ("left", "right")},
    "head": ("head",),
}


def _is_armature(self, item) -> bool:
    return item.type == "ARMATURE"


class LimberPin(bpy.types.PropertyGroup):
    """One row of the list."""

    rig: PointerProperty(
        type=bpy.types.Object,
        name="Character",
        description="The character whose hand, foot or head it is; none: any",
        poll=_is_armature,
    )
    effector: EnumProperty(name="Limb", description="What is held, or looks", items=_ITEMS)
    target: PointerProperty(
        type=bpy.types.Object,
        name="Target",
        description="The Empty or other object whose origin, or vertex, is the place",
    )
    vertex: IntProperty(
        name="Vertex",
        description="Number of the target's vertex that is the place; -1: the object's origin",
        default=ORIGIN,
        min=ORIGIN,
    )
    first: IntProperty(name="First", description="First frame at which it holds", default=1)
    last: IntProperty(name="Last", description="Last frame at which it holds", default=24)


class LimberPins(bpy.types.PropertyGroup):
    """The pins of a scene."""

    items: CollectionProperty(type=LimberPin)
    index: IntProperty(name="Pin", description="The pin that is shown below")

    @property
    def active(self) -> LimberPin | None:
        return self.items[self.index] if 0 <= self.index < len(self.items) else None


@dataclass(frozen=True)
class PinAsked:
    """``effector``, one of EFFECTORS, at a vertex of an object (or its origin) in these frames of
    the scene; the object by :func:`request.identity`."""

    effector: str
    target: int | str
    target_name: str
    vertex: int
    first: int
    last: int

    def __str__(self) -> str:
        what = self.effector.replace("_", " ")
        return f"{what} on {self.target_name} (frames {self.first} to {self.last})"

    def find_target(self) -> bpy.types.Object:
        """The object; LimberError if it has gone, or its vertex has."""
        for item in bpy.data.objects:
            if identity(item) == self.target:
                _check_vertex(item, self.vertex)
                return item
        raise LimberError(f"{self.target_name} is no longer in this file.")


def read_pins(
    scene: bpy.types.Scene, armature: bpy.types.Object | None, first: int, last: int
) -> tuple[PinAsked, ...]:
    """The character's pins; LimberError for those without a target or outside of these frames,
    and for two that contradict each other."""
    found: list[PinAsked] = []
    for item in scene.limber_pins.items:
        if item.rig is not None and item.rig != armature:
            continue
        name = item.bl_rna.properties["effector"].enum_items[item.effector].name
        if item.target is None:
            raise LimberError(f"The pin {name} has no target; choose an object, or remove it.")
        if item.target == armature:
            raise LimberError(f"The pin {name} is tied to its own rig; choose another object.")
        _check_vertex(item.target, item.vertex)
        pin = PinAsked(
            *(item.effector, identity(item.target), item.target.name),
            *(item.vertex, item.first, item.last),
        )
        if not first <= pin.first <= pin.last <= last:
            raise LimberError(
                f"The pin {pin} does not lie in the motion, frames {first} to {last}; change its "
                "frames, or remove it."
            )
        _check_against(pin, found)
        found.append(pin)
    return tuple(found)


def _check_against(pin: PinAsked, others: list[PinAsked]) -> None:
    for other in others:
        overlap = pin.first <= other.last and other.first <= pin.last
        same_place = (pin.target, pin.vertex) == (other.target, other.vertex)
        if pin.effector == other.effector and overlap and not same_place:
            raise LimberError(
                f"Two pins contradict each other: {other}, and {pin}; part their frames."
            )


def _check_vertex(target: bpy.types.Object, vertex: int) -> None:
    count = len(target.data.vertices) if target.type == "MESH" else 0
    if vertex >= count:
        raise LimberError(
            f"{target.name} has no vertex {vertex}; choose one below {count}, or -1 for its origin."
            if count
            else f"{target.name} has no vertices; set Vertex to -1 for its origin."
        )


def place_of(target: bpy.types.Object, vertex: int) -> np.ndarray:
    """Where an object, or a vertex of it, is now in the world ``[3]``, as Blender evaluates it."""
    evaluated = target.evaluated_get(bpy.context.evaluated_depsgraph_get())
    if vertex == ORIGIN:
        return np.array(evaluated.matrix_world.translation)
    mesh = evaluated.data
    if len(mesh.vertices) != len(target.data.vertices):  # a modifier adds or removes some
        mesh = target.data
    return np.array(evaluated.matrix_world @ mesh.vertices[vertex].co)


def effector_of(mapping: Mapping, bone: str) -> str:
    """The effector that a bone belongs to; empty for those of the trunk."""
    for effector, parts in _PARTS.items():
        if any(bone in part_bones(mapping, part) for part in parts):
            return effector
    return ""


def is_selected(bone: bpy.types.PoseBone) -> bool:
    """Whether a bone is selected in Pose Mode."""
    return bone.select if hasattr(bone, "select") else bone.bone.select  # before Blender 5.0


_CLASSES = (LimberPin, LimberPins)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.limber_pins = PointerProperty(type=LimberPins)


def unregister() -> None:
    del bpy.types.Scene.limber_pins
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

"""Mood, energy, speed, and how a clip is retimed or blended; stored with the scene, and the style
with what is made in it."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty, FloatProperty, IntProperty, PointerProperty

from motion_engine.edit.retiming import FASTEST, SLOWEST
from motion_engine.edit.style import (
    AS_IT_IS,
    LEAST_ENERGY,
    LEAST_SPEED,
    MOODS,
    MOST_ENERGY,
    MOST_SPEED,
    Style,
)

_NO_MOOD = "NONE"
_STORED = ("mood", "energy", "speed")


def _is_of_objects(self, action: bpy.types.Action) -> bool:
    """Actions that can be blended in: not those of cameras, materials or shape keys."""
    if not hasattr(action, "slots"):  # before 4.4
        return action.id_root == "OBJECT"
    return any(slot.target_id_type in ("OBJECT", "UNSPECIFIED") for slot in action.slots)


class LimberStyleSettings(bpy.types.PropertyGroup):
    mood: EnumProperty(
        name="Mood",
        description="How the character holds itself and moves",
        items=[(_NO_MOOD, "None", "As the prompt says")]
        + [(mood.upper(), mood.title(), f"In a {mood} way") for mood in MOODS],
    )
    energy: FloatProperty(
        name="Energy",
        description="Size of the upper body's movements; feet stay where they are",
        default=1.0,
        min=LEAST_ENERGY,
        max=MOST_ENERGY,
        step=5,
    )
    speed: FloatProperty(
        name="Speed",
        description="Pace of a new motion, which lasts as long as is asked; 2: twice as fast",
        default=1.0,
        min=LEAST_SPEED,
        max=MOST_SPEED,
        step=5,
    )
    retime: EnumProperty(
        name="Retime",
        description="How the new pace is told",
        items=[
            ("FACTOR", "Factor", "So many times as fast"),
            ("LENGTH", "Length", "So many frames from the first to the last"),
        ],
    )
    factor: FloatProperty(
        name="Factor",
        description="2: twice as fast",
        default=1.5,
        min=SLOWEST,
        max=FASTEST,
        step=5,
    )
    length: IntProperty(
        name="Length", description="Frames that it lasts then", default=60, min=2, soft_max=1000
    )
    other: PointerProperty(
        name="Other",
        description="The Action from which the chosen parts come; both begin together",
        type=bpy.types.Action,
        poll=_is_of_objects,
    )
    weight: FloatProperty(
        name="Weight",
        description="How much of the other Action the parts take; 1: all of it",
        default=1.0,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
    )

    @property
    def mood_word(self) -> str:
        """The mood as the engine names it; empty without one."""
        return "" if self.mood == _NO_MOOD else self.mood.lower()

    @property
    def style(self) -> Style:
        """What the sliders ask of a new motion."""
        return Style(self.mood_word, round(self.energy, 4), round(self.speed, 4))


def store_style(action: bpy.types.Action, style: Style) -> None:
    """Let an Action tell the style that it was made in, if any."""
    if not style.is_plain:
        for name in _STORED:
            action[name] = getattr(style, name)


def stored_style(action: bpy.types.Action) -> Style:
    """The style that an Action was made in."""
    if not all(name in action for name in _STORED):
        return AS_IT_IS
    return Style(*(action[name] for name in _STORED))


def register() -> None:
    bpy.utils.register_class(LimberStyleSettings)
    bpy.types.Scene.limber_style = PointerProperty(type=LimberStyleSettings)


def unregister() -> None:
    del bpy.types.Scene.limber_style
    bpy.utils.unregister_class(LimberStyleSettings)

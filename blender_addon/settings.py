"""What the panel asks for, stored with the scene; prompts of before and ready-made ones."""

from __future__ import annotations

import random

import bpy
from bl_operators.presets import AddPresetBase
from bpy.props import EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from motion_engine.command import LONGEST_SECONDS, SHORTEST_SECONDS, Command

from .prompt_help import suggestions

READY_PROMPTS = (
    "a person walks forward and waves",
    "a person walks in a circle",
    "a person runs forward",
    "a person walks backwards slowly",
    "a person bows deeply",
    "a person crouches down and stands up again",
    "a person kicks with the left foot",
    "a person claps both hands",
    "a person stretches the arms to the sides",
    "a person stands and looks around",
)
MOST_VARIATIONS = 8
_LARGEST_DICE = 10_000
_REMEMBERED = 20
_DEFAULTS = Command("a person stands")

# Since Blender was started, the newest first. Not in the file: what was undone is remembered, too.
_asked: list[str] = []


def remember(prompt: str) -> None:
    if prompt in _asked:
        _asked.remove(prompt)
    _asked.insert(0, prompt)
    del _asked[_REMEMBERED:]


def earlier_prompts() -> list[str]:
    """Prompts asked since Blender was started, then those that the file's Actions were made from."""
    kept = (action.get("prompt") for action in bpy.data.actions)
    return list(dict.fromkeys([*_asked, *(p for p in kept if isinstance(p, str) and p)]))


def _suggestions(self, context, typed: str) -> list[str]:
    return suggestions(typed, [*earlier_prompts(), *READY_PROMPTS])


class LimberSettings(bpy.types.PropertyGroup):
    prompt: StringProperty(
        name="Prompt",
        description="What the character does, in plain English",
        default=READY_PROMPTS[0],
        search=_suggestions,
        search_options={"SUGGESTION"},
    )
    length: EnumProperty(
        name="Length",
        description="How long the motion is",
        items=[
            ("SECONDS", "Seconds", "As long as is said below"),
            ("RANGE", "To Scene End", "From the start frame to the end of the scene's range"),
            ("FREE", "By Itself", "As long as the action takes: the model ends it"),
        ],
    )
    seconds: FloatProperty(
        name="Seconds",
        description="Length of the motion",
        default=4.0,
        min=SHORTEST_SECONDS,
        max=LONGEST_SECONDS,
        unit="TIME_ABSOLUTE",
    )
    start: EnumProperty(
        name="Start",
        description="Where in time the motion begins",
        items=[
            ("FRAME", "Current Frame", "At the current frame, in an Action of its own"),
            (
                "END",
                "End of Motion",
                "Where the rig's present motion ends, in time and place; in a copy of its Action",
            ),
        ],
    )
    seed: IntProperty(
        name="Seed",
        description="Another number gives another take; the same number gives the same again",
        default=0,
        min=0,
    )
    variations: IntProperty(
        name="Variations",
        description="Takes to make at once; choose among them afterwards",
        default=1,
        min=1,
        max=MOST_VARIATIONS,
    )
    temperature: FloatProperty(
        name="Creativity",
        description="0 takes the likeliest motion; more is livelier and less predictable",
        default=_DEFAULTS.temperature,
        min=0.0,
        max=2.0,
        step=5,
    )
    guidance: FloatProperty(
        name="Guidance",
        description="How strongly the text pulls; 1: no more than the model does by itself",
        default=_DEFAULTS.guidance,
        min=1.0,
        max=10.0,
        step=10,
    )
    quality: IntProperty(
        name="Quality",
        description="Steps that refine the motion: more are finer and slower; 0: the model's own",
        default=0,
        min=0,
        soft_max=28,
        max=100,
    )


class LIMBER_OT_new_seed(bpy.types.Operator):
    """Throw the dice: another seed"""

    bl_idname = "limber.new_seed"
    bl_label = "New Seed"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    def execute(self, context):
        context.scene.limber.seed = random.randrange(_LARGEST_DICE)
        return {"FINISHED"}


class LIMBER_OT_use_prompt(bpy.types.Operator):
    """Put this prompt into the panel"""

    bl_idname = "limber.use_prompt"
    bl_label = "Use Prompt"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}  # noqa: RUF012 (Blender reads a plain set)

    prompt: StringProperty(name="Prompt")

    def execute(self, context):
        context.scene.limber.prompt = self.prompt
        return {"FINISHED"}


class LIMBER_MT_prompts(bpy.types.Menu):
    """Prompts of before, and some to begin with"""

    bl_idname = "LIMBER_MT_prompts"
    bl_label = "Prompts"

    def draw(self, context):
        earlier = earlier_prompts()[:_REMEMBERED]
        ready = [prompt for prompt in READY_PROMPTS if prompt not in earlier]
        for heading, prompts in (("Asked Before", earlier), ("To Begin With", ready)):
            if not prompts:
                continue
            self.layout.label(text=heading)
            for prompt in prompts:
                row = self.layout.operator(
                    LIMBER_OT_use_prompt.bl_idname, text=prompt, translate=False
                )
                row.prompt = prompt


class LIMBER_OT_add_preset(AddPresetBase, bpy.types.Operator):
    """Keep these settings under a name, or remove a kept name"""

    bl_idname = "limber.add_preset"
    bl_label = "Limber Preset"
    preset_menu = "LIMBER_MT_presets"
    preset_subdir = "limber"
    preset_defines = [  # noqa: RUF012
        "settings = bpy.context.scene.limber",
        "style = bpy.context.scene.limber_style",
    ]
    preset_values = [  # noqa: RUF012
        *("settings.prompt", "settings.length", "settings.seconds", "settings.variations"),
        *("settings.temperature", "settings.guidance", "settings.quality"),
        *("style.mood", "style.energy", "style.speed"),
    ]


class LIMBER_MT_presets(bpy.types.Menu):
    """Settings kept under a name"""

    bl_idname = "LIMBER_MT_presets"
    bl_label = "Presets"
    preset_subdir = LIMBER_OT_add_preset.preset_subdir
    preset_operator = "script.execute_preset"
    draw = bpy.types.Menu.draw_preset


_CLASSES = (
    LimberSettings,
    LIMBER_OT_new_seed,
    LIMBER_OT_use_prompt,
    LIMBER_MT_prompts,
    LIMBER_OT_add_preset,
    LIMBER_MT_presets,
)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.limber = PointerProperty(type=LimberSettings)


def unregister() -> None:
    del bpy.types.Scene.limber
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

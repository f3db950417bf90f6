"""The Limber panel in the 3D View's sidebar, and the operator behind its button."""

from functools import lru_cache

import bpy
from bpy.props import FloatProperty, IntProperty, PointerProperty, StringProperty

import motion_engine
from motion_engine.command import LONGEST_SECONDS, SHORTEST_SECONDS
from motion_engine.errors import LimberError
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.skeleton import SMPLX

from .action import write_action
from .armature import read_mapping
from .character import build_character
from .retarget import retarget_onto


class LimberSettings(bpy.types.PropertyGroup):
    """What the panel asks for; stored with the scene."""

    prompt: StringProperty(
        name="Prompt",
        description="What the character does, in plain English",
        default="a person walks forward and waves",
    )
    seconds: FloatProperty(
        name="Seconds",
        description="Length of the motion",
        default=4.0,
        min=SHORTEST_SECONDS,
        max=LONGEST_SECONDS,
        unit="TIME_ABSOLUTE",
    )
    seed: IntProperty(
        name="Seed", description="Another number gives another take", default=0, min=0
    )


class LIMBER_OT_generate(bpy.types.Operator):
    """Generate a motion from the prompt on the active humanoid rig, or on a new mannequin"""

    bl_idname = "limber.generate"
    bl_label = "Generate"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        if context.mode == "OBJECT":
            return True
        cls.poll_message_set("Switch to Object Mode first")
        return False

    def execute(self, context):
        settings = context.scene.limber
        try:
            armature = _armature(context)
            # A rig that cannot be read is refused before the model works for it.
            mapping = read_mapping(armature) if armature else None
            motion = _generate(settings.prompt, settings.seconds, settings.seed)
            armature = armature or build_character()
            action = _write(context, armature, motion, mapping)
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        action["prompt"] = settings.prompt
        last_frame = int(action.frame_range[1])
        context.scene.frame_end = max(context.scene.frame_end, last_frame)
        self.report({"INFO"}, f"{motion.seconds:.1f} s on {armature.name}")
        return {"FINISHED"}


class LIMBER_PT_generate(bpy.types.Panel):
    bl_idname = "LIMBER_PT_generate"
    bl_label = "Limber"
    bl_category = "Limber"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        settings = context.scene.limber
        layout = self.layout
        layout.prop(settings, "prompt", text="")
        row = layout.row(align=True)
        row.prop(settings, "seconds")
        row.prop(settings, "seed")
        layout.operator(LIMBER_OT_generate.bl_idname, icon="ARMATURE_DATA")


_CLASSES = (LimberSettings, LIMBER_OT_generate, LIMBER_PT_generate)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.limber = PointerProperty(type=LimberSettings)


def unregister() -> None:
    del bpy.types.Scene.limber
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)


@lru_cache(maxsize=1)
def _model():
    return motion_engine.load()


def _generate(prompt: str, seconds: float, seed: int) -> motion_engine.Motion:
    command = motion_engine.Command(prompt, seconds=seconds, seed=seed)
    try:
        return motion_engine.generate_motion(command, _model())
    except ModuleNotFoundError as error:
        raise LimberError(
            f"The model needs {error.name}, which this Blender's Python lacks."
        ) from error


def _armature(context) -> bpy.types.Object | None:
    """The active armature, or the one that deforms the active mesh."""
    item = context.object
    if item is not None and item.type == "MESH":
        item = item.find_armature()
    return item if item is not None and item.type == "ARMATURE" else None


def _write(context, armature, motion, mapping: Mapping | None) -> bpy.types.Action:
    """The motion as a new Action: as it is on our own character, retargeted on any other."""
    prompt, first_frame = context.scene.limber.prompt, context.scene.frame_current
    if mapping is None or all(name in armature.pose.bones for name in SMPLX.names):
        return write_action(armature, motion, prompt, first_frame)
    settings = context.scene.limber_retarget
    options = RetargetOptions(settings.root, "rig", settings.limbs, settings.contacts)
    retarget_onto(armature, motion, prompt, options, first_frame=first_frame, mapping=mapping)
    return armature.animation_data.action

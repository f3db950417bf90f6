"""The panel's part for directed generations: a path, key poses and pins that the motion meets."""

from __future__ import annotations

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
)

from motion_engine.edit.root_path import FASTEST_M_S

from . import live
from .asked_plans import directed_asked
from .direct_request import DirectedRequest
from .generation import Generating
from .path_reading import STROKES
from .planning_ahead import plan_ahead
from .prompt_help import draw_plan
from .steps import Work


def _is_way(self, item) -> bool:
    return item.type == "CURVE" or item.type in STROKES


def _is_pose(self, action) -> bool:
    first, last = action.frame_range
    return action.asset_data is not None and last - first <= 1.0


class LimberPose(bpy.types.PropertyGroup):
    """A pose of the library at a frame."""

    action: PointerProperty(
        type=bpy.types.Action,
        name="Pose",
        description="A pose of the library: an asset of one frame",
        poll=_is_pose,
    )
    frame: IntProperty(name="Frame", description="Frame at which the character has this pose")


class LimberDirection(bpy.types.PropertyGroup):
    """What a generation is to meet; stored with the scene."""

    use_path: BoolProperty(name="Path", description="Lead the character along a drawn way")
    path_source: EnumProperty(
        name="Source",
        description="What the way is drawn with",
        items=[
            ("OBJECT", "Object", "A curve, or the last stroke of a Grease Pencil object"),
            ("ANNOTATION", "Annotation", "The last stroke of the scene's annotations"),
        ],
    )
    path_object: PointerProperty(
        type=bpy.types.Object,
        name="Way",
        description="A curve (its first spline counts) or a Grease Pencil object",
        poll=_is_way,
    )
    timing: EnumProperty(
        name="Timing",
        description="When the character is where",
        items=[
            ("SPEED", "Speed", "At an even speed from the current frame on"),
            (
                "MARKERS",
                "Markers",
                "By the scene's timeline markers: beginning and end, or one for each control point",
            ),
        ],
    )
    speed: FloatProperty(
        name="Speed",
        description="Metres per second: 1.3 is a walk, 3 a run",
        default=1.3,
        min=0.1,
        soft_max=FASTEST_M_S,
        unit="VELOCITY",
    )
    facing: EnumProperty(
        name="Facing",
        description="Where the character looks on its way",
        items=[
            ("ALONG", "Along", "Ahead along the path"),
            ("FREE", "Free", "As the prompt has it: sideways and backwards as well"),
        ],
    )
    use_keys: BoolProperty(
        name="Key Poses",
        description="Pass exactly through the selected keys, and through the poses listed below",
    )
    key_bones: EnumProperty(
        name="Bones",
        description="What of the body the keys hold",
        items=[
            ("ALL", "Whole Pose", "The character's whole pose at the frames of the keys"),
            ("SELECTED", "Selected Bones", "The selected bones' keys alone; all else is free"),
        ],
    )
    pose: PointerProperty(
        type=bpy.types.Action,
        name="Pose",
        description="A pose of the library (an asset of one frame) to add at the current frame",
        poll=_is_pose,
    )
    poses: CollectionProperty(type=LimberPose)
    pose_index: IntProperty(name="Pose", description="The chosen pose of the list")
    use_frames: BoolProperty(
        name="Frames", description="Make these frames; otherwise from the first key to the last"
    )
    first: IntProperty(name="First", description="First frame that is made", default=1)
    last: IntProperty(name="Last", description="Last frame that is made", default=120)
    use_pins: BoolProperty(
        name="Pins", description="Meet the pins that are listed below, in Pins", default=False
    )


class LIMBER_OT_generate_directed(Generating, bpy.types.Operator):
    """Generate from the prompt along the path, through the key poses and with the pins"""

    bl_idname = "limber.generate_directed"
    bl_label = "Generate Directed"

    @classmethod
    def is_possible(cls, context) -> bool:
        asked = context.scene.limber_direction
        if asked.use_path or asked.use_keys or asked.use_pins:
            return True
        cls.poll_message_set("Choose Path, Key Poses or Pins first")
        return False

    def reading(self, context) -> Work[DirectedRequest]:
        return DirectedRequest.reading(context)


class LIMBER_OT_add_pose(bpy.types.Operator):
    """Let the character have the chosen pose of the library at the current frame"""

    bl_idname = "limber.add_pose"
    bl_label = "Add Pose"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        if context.scene.limber_direction.pose is None:
            cls.poll_message_set("Choose a pose of the library first")
            return False
        return True

    def execute(self, context):
        asked = context.scene.limber_direction
        item = asked.poses.add()
        item.action, item.frame = asked.pose, context.scene.frame_current
        asked.pose_index = len(asked.poses) - 1
        return {"FINISHED"}


class LIMBER_OT_remove_pose(bpy.types.Operator):
    """Remove this pose from the list"""

    bl_idname = "limber.remove_pose"
    bl_label = "Remove Pose"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        if not context.scene.limber_direction.poses:
            cls.poll_message_set("There is no pose")
            return False
        return True

    def execute(self, context):
        asked = context.scene.limber_direction
        asked.poses.remove(min(asked.pose_index, len(asked.poses) - 1))
        asked.pose_index = max(0, min(asked.pose_index, len(asked.poses) - 1))
        return {"FINISHED"}


class LIMBER_UL_poses(bpy.types.UIList):
    """One line for each pose of the library"""

    bl_idname = "LIMBER_UL_poses"

    def draw_item(self, context, layout, data, item, icon, active_data, active_property, index=0):
        row = layout.row(align=True)
        row.label(text=item.action.name if item.action else "?", translate=False)
        row.prop(item, "frame", text="", emboss=False)


class LIMBER_PT_direction(bpy.types.Panel):
    bl_idname = "LIMBER_PT_direction"
    bl_label = "Direction"
    bl_parent_id = "LIMBER_PT_generate"
    bl_category = "Limber"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        asked, layout = context.scene.limber_direction, self.layout
        layout.enabled = live.current() is None
        layout.use_property_split, layout.use_property_decorate = True, False
        layout.prop(asked, "use_path")
        if asked.use_path:
            draw_path(layout.box(), asked)
        layout.prop(asked, "use_keys")
        if asked.use_keys:
            draw_keys(layout.box(), asked)
        layout.prop(asked, "use_pins")
        if not asked.use_path and (asked.use_keys or asked.use_pins):
            draw_frames(layout, asked)
        plan = plan_ahead(directed_asked, context)
        if plan is not None:
            draw_plan(layout, plan)
        layout.operator(LIMBER_OT_generate_directed.bl_idname, icon="CON_FOLLOWPATH")


def draw_path(layout, asked: LimberDirection) -> None:
    """Which way, and how fast."""
    layout.prop(asked, "path_source")
    if asked.path_source == "OBJECT":
        layout.prop(asked, "path_object")
    layout.prop(asked, "timing")
    if asked.timing == "SPEED":
        layout.prop(asked, "speed")
    layout.prop(asked, "facing")


def draw_keys(layout, asked: LimberDirection) -> None:
    """Which keys, and poses of the library."""
    layout.prop(asked, "key_bones")
    row = layout.row(align=True)
    row.prop(asked, "pose")
    row.operator(LIMBER_OT_add_pose.bl_idname, text="", icon="ADD")
    if asked.poses:
        row = layout.row()
        row.template_list(
            *(LIMBER_UL_poses.bl_idname, "", asked, "poses", asked, "pose_index"), rows=2
        )
        row.operator(LIMBER_OT_remove_pose.bl_idname, text="", icon="REMOVE")


def draw_frames(layout, asked: LimberDirection) -> None:
    """Which frames are made; without a word, those from the first key pose to the last."""
    row = layout.row(align=True)
    row.use_property_split = False
    if asked.use_keys:
        row.prop(asked, "use_frames", toggle=True)
    else:
        row.label(text="Frames")
    frames = row.row(align=True)
    frames.enabled = asked.use_frames or not asked.use_keys
    frames.prop(asked, "first", text="")
    frames.prop(asked, "last", text="")


_CLASSES = (
    LimberPose,
    LimberDirection,
    LIMBER_OT_generate_directed,
    LIMBER_OT_add_pose,
    LIMBER_OT_remove_pose,
    LIMBER_UL_poses,
    LIMBER_PT_direction,
)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.limber_direction = PointerProperty(type=LimberDirection)


def unregister() -> None:
    del bpy.types.Scene.limber_direction
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

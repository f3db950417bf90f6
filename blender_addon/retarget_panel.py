"""The panel's part about rigs: what each bone was read as, set by hand, and clips put on."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from bpy.props import (
    BoolProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.retarget.key_reduction import Tolerance
from motion_engine.retarget.mapping import (
    Match,
    check_usable,
    find_roles,
    from_profile,
    profile_matches,
    to_profile,
    with_chosen,
)
from motion_engine.retarget.roles import PARTS, REQUIRED, ROLES
from motion_engine.retarget.transplant import RetargetOptions

from .armature import PROFILE_KEY, draft_mapping, read_rig, save_mapping
from .retarget import retarget_onto


def _items(*choices: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    return list(choices)


class LimberRetargetSettings(bpy.types.PropertyGroup):
    """How clips are put on rigs; stored with the scene."""

    root: EnumProperty(
        name="Path",
        description="What carries the character through the world",
        items=_items(
            ("hips", "Hips", "The hips move, the root bone stays"),
            ("bone", "Root Bone", "The root bone walks along below the character"),
            ("object", "Object", "The armature object walks"),
            ("in_place", "In Place", "The character stays where it stands"),
        ),
    )
    limbs: EnumProperty(
        name="Limbs",
        description="Controls to key on rigs that have both kinds",
        items=_items(
            ("fk", "FK", "Key the bones of arms and legs"),
            ("ik", "IK", "Key hands, feet and poles"),
            ("both", "Both", "Key both and switch to FK"),
        ),
    )
    contacts: EnumProperty(
        name="Feet",
        description="How feet are planted on the character's own legs",
        items=_items(
            ("auto", "Auto", "Still while the clip has them on the floor"),
            ("always", "Always", "Also while they are merely low and slow"),
            ("ground", "Ground", "Only lifted or lowered to the floor"),
            ("never", "Never", "As the legs turn"),
        ),
    )
    keep: BoolProperty(
        name="Keep Animation",
        description="Write into a copy of the present Action; keys elsewhere stay as they are",
    )
    feather: IntProperty(
        name="Feather", description="Frames to blend over at both ends", default=5, min=0, max=100
    )
    parts: EnumProperty(
        name="Parts",
        description="Parts of the body that take the clip",
        items=[(part, part.replace("_", " ").title(), "") for part in PARTS],
        options={"ENUM_FLAG"},
        default=set(PARTS),
    )
    fewer_keys: FloatProperty(
        name="Fewer Keys",
        description="Leave out keys as long as no bone is off its parent by more; 0: every frame",
        default=0.0,
        min=0.0,
        max=np.pi / 4,
        subtype="ANGLE",
    )


class _OnArmature:
    """Operators for the active armature; errors in one line, one undo step."""

    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender reads a plain set)

    @classmethod
    def poll(cls, context):
        if context.object is not None and context.object.type == "ARMATURE":
            return True
        cls.poll_message_set("Select the character's armature first")
        return False

    def execute(self, context):
        try:
            self.report({"INFO"}, self.act(context))
        except (LimberError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


class LIMBER_OT_read_rig(_OnArmature, bpy.types.Operator):
    """Find out which bone plays which role, and keep that with the armature"""

    bl_idname = "limber.read_rig"
    bl_label = "Read Rig"

    def act(self, context) -> str:
        rig = read_rig(context.object)
        mapping = find_roles(rig)
        if not mapping.looks_human:
            check_usable(rig, mapping)
        save_mapping(context.object, mapping)
        read = f"{mapping.family} rig, {len(mapping.matches)} roles"
        if mapping.missing:
            return f"{read}; set by hand: {', '.join(mapping.missing)}"
        return f"{read}, {mapping.confidence:.0%} sure"


class LIMBER_OT_set_role(_OnArmature, bpy.types.Operator):
    """Give a role to the active bone, or to the bone that is named"""

    bl_idname = "limber.set_role"
    bl_label = "Set Role"

    role: EnumProperty(name="Role", items=[(role, role, "") for role in ROLES])
    bone: StringProperty(
        name="Bone",
        description="Empty: the active bone; several of a spine or neck: with commas; '-': none",
    )

    @classmethod
    def description(cls, context, properties):
        found = _saved_roles(context.object).get(properties.role)
        known = f"{', '.join(found.bones)}: {found.reason}. " if found else ""
        return f"{known}Press to choose another bone"

    def invoke(self, context, event):
        return context.window_manager.invoke_props_dialog(self)

    def act(self, context) -> str:
        active = context.active_pose_bone or context.object.data.bones.active
        name = self.bone or (active.name if active is not None else "")
        if not name:
            raise LimberError("No bone is active; select one in Pose Mode, or name it.")
        rig = read_rig(context.object)
        mapping = draft_mapping(context.object, rig)
        if name == "-":
            mapping = mapping.with_bone(rig, self.role)
        else:
            mapping = with_chosen(rig, mapping, {self.role: name})
        save_mapping(context.object, mapping)
        return f"{self.role}: {name}"


class LIMBER_OT_save_profile(_OnArmature, bpy.types.Operator):
    """Save the roles of this rig as a file, for other files and other people"""

    bl_idname = "limber.save_profile"
    bl_label = "Save Profile"

    filepath: StringProperty(subtype="FILE_PATH", default="rig_profile.json")

    def invoke(self, context, event):
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context) -> str:
        text = to_profile(draft_mapping(context.object, read_rig(context.object)))
        with replaced_when_done(Path(self.filepath)) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")
        return f"Saved {self.filepath}"


class LIMBER_OT_load_profile(_OnArmature, bpy.types.Operator):
    """Take the roles of this rig from a file"""

    bl_idname = "limber.load_profile"
    bl_label = "Load Profile"

    filepath: StringProperty(subtype="FILE_PATH")

    def invoke(self, context, event):
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context) -> str:
        text = Path(self.filepath).read_text(encoding="utf-8", errors="replace")
        mapping = from_profile(read_rig(context.object), text)
        save_mapping(context.object, mapping)
        return f"{len(mapping.matches)} roles from {self.filepath}"


class LIMBER_OT_retarget(_OnArmature, bpy.types.Operator):
    """Put a clip (.npz, .bvh, .amc) on the active armature, from the current frame"""

    bl_idname = "limber.retarget"
    bl_label = "Put Clip on Rig"

    filepath: StringProperty(subtype="FILE_PATH")
    filter_glob: StringProperty(default="*.npz;*.bvh;*.amc", options={"HIDDEN"})

    def invoke(self, context, event):
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context) -> str:
        from motion_engine.formats.importer import import_motion

        asked = context.scene.limber_retarget
        parts = tuple(part for part in PARTS if part in asked.parts)
        report = retarget_onto(
            context.object,
            import_motion(self.filepath),
            Path(self.filepath).stem,
            RetargetOptions(asked.root, "rig", asked.limbs, asked.contacts, parts),
            first_frame=context.scene.frame_current,
            keep=asked.keep,
            feather_frames=asked.feather if asked.keep else 0,
            tolerance=Tolerance(np.degrees(asked.fewer_keys)) if asked.fewer_keys else None,
        )
        lacking = f"; without {', '.join(report.unmapped)}" if report.unmapped else ""
        return f"Limbs within {report.median_deg:.1f} deg{lacking}"


def _saved_roles(item: bpy.types.Object | None) -> dict[str, Match]:
    """What is saved on an armature; nothing where that cannot be read."""
    saved = item.get(PROFILE_KEY) if item is not None else None
    try:
        return profile_matches(saved)[1] if isinstance(saved, str) else {}
    except LimberError:
        return {}


class LIMBER_PT_rig(bpy.types.Panel):
    bl_idname = "LIMBER_PT_rig"
    bl_label = "Rig"
    bl_category = "Limber"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        layout, settings = self.layout, context.scene.limber_retarget
        layout.use_property_split = True
        for name in ("root", "limbs", "contacts", "fewer_keys", "keep"):
            layout.prop(settings, name)
        if settings.keep:
            layout.prop(settings, "feather")
        layout.prop_menu_enum(settings, "parts")
        layout.operator(LIMBER_OT_retarget.bl_idname, icon="ARMATURE_DATA")
        row = layout.row(align=True)
        row.operator(LIMBER_OT_read_rig.bl_idname)
        row.operator(LIMBER_OT_load_profile.bl_idname, text="", icon="IMPORT")
        row.operator(LIMBER_OT_save_profile.bl_idname, text="", icon="EXPORT")
        roles = _saved_roles(context.object)
        if roles:
            self.draw_roles(layout.box().column(align=True), roles)

    def draw_roles(self, column, roles: dict[str, Match]) -> None:
        """Every role that was found: bone and how sure; press to choose another bone."""
        for role in (*roles, *(role for role in REQUIRED if role not in roles)):
            found = roles.get(role)
            text = f"{role}: {', '.join(found.bones) if found else 'missing'}"
            sure = found.confidence if found else 0.0
            row = column.row(align=True)
            row.alert = sure < 0.5
            chosen = row.operator(LIMBER_OT_set_role.bl_idname, text=text, emboss=False)
            chosen.role = role
            row.label(text=f"{sure:.0%}")


_CLASSES = (
    LimberRetargetSettings,
    LIMBER_OT_read_rig,
    LIMBER_OT_set_role,
    LIMBER_OT_save_profile,
    LIMBER_OT_load_profile,
    LIMBER_OT_retarget,
    LIMBER_PT_rig,
)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.limber_retarget = PointerProperty(type=LimberRetargetSettings)


def unregister() -> None:
    del bpy.types.Scene.limber_retarget
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

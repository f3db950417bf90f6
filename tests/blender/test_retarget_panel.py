"""The operators about rigs, as buttons call them."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("bpy")

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rig_scenes import curves
from scripted_rigs import build, scripted_rig

pytestmark = pytest.mark.blender


@pytest.fixture
def rigged(bpy):
    """A registered panel and an active armature."""
    from blender_addon import retarget_panel

    retarget_panel.register()
    armature = build(scripted_rig("mixamo", "A"))
    bpy.context.view_layer.objects.active = armature
    bpy.context.scene.render.fps = 30
    yield armature
    retarget_panel.unregister()


def roles(armature) -> dict:
    return json.loads(armature["limber_profile"])["roles"]


def test_rigs_are_read_edited_and_shared(bpy, rigged, tmp_path):
    assert bpy.ops.limber.read_rig() == {"FINISHED"}
    assert roles(rigged)["left_hip"]["bones"] == ["mixamorig:LeftUpLeg"]
    bpy.ops.limber.set_role(role="jaw", bone="mixamorig:HeadTop_End")
    bpy.ops.limber.save_profile(filepath=str(tmp_path / "p.json"))
    bpy.ops.limber.set_role(role="jaw", bone="-")
    assert "jaw" not in roles(rigged)
    bpy.ops.limber.load_profile(filepath=str(tmp_path / "p.json"))
    assert roles(rigged)["jaw"]["reason"] == "set by hand"
    bpy.ops.limber.set_role(role="spine", bone="mixamorig:Spine, mixamorig:Spine2")
    assert roles(rigged)["spine"]["bones"] == ["mixamorig:Spine", "mixamorig:Spine2"]


def test_a_clip_is_put_on_from_the_current_frame(bpy, rigged, acting, tmp_path):
    acting.save(tmp_path / "clip.npz")
    bpy.context.scene.frame_set(12)
    bpy.context.scene.limber_retarget.root = "in_place"
    assert bpy.ops.limber.retarget(filepath=str(tmp_path / "clip.npz")) == {"FINISHED"}
    action = rigged.animation_data.action
    assert (action.name, *action.frame_range) == ("clip", 12.0, 51.0)


def test_only_the_chosen_parts_get_only_the_keys_they_need(bpy, rigged, acting, tmp_path):
    acting.save(tmp_path / "clip.npz")
    asked = bpy.context.scene.limber_retarget
    asked.parts, asked.fewer_keys = {"left_arm"}, 0.05
    assert bpy.ops.limber.retarget(filepath=str(tmp_path / "clip.npz")) == {"FINISHED"}
    written = curves(rigged)
    assert {path.split('"')[1] for path, _ in written} == {
        f"mixamorig:Left{name}" for name in ("Arm", "ForeArm", "Hand")
    }
    assert max(len(curve.keyframe_points) for curve in written.values()) < acting.frames


def test_missing_roles_are_set_by_hand(bpy, rigged, acting, tmp_path):
    acting.cut(0, 5).save(tmp_path / "clip.npz")
    bpy.ops.limber.set_role(role="head", bone="-")
    bpy.ops.limber.set_role(role="left_knee", bone="-")
    with pytest.raises(RuntimeError, match="no bone found for head, left_knee"):
        bpy.ops.limber.retarget(filepath=str(tmp_path / "clip.npz"))
    bpy.ops.limber.set_role(role="head", bone="mixamorig:Head")
    bpy.ops.limber.set_role(role="left_knee", bone="mixamorig:LeftLeg")
    assert bpy.ops.limber.retarget(filepath=str(tmp_path / "clip.npz")) == {"FINISHED"}


def test_a_rig_that_is_half_known_is_completed_by_hand(bpy, rigged):
    for old, new in (("LeftForeArm", "Zog"), ("Head", "Blip"), ("HeadTop_End", "Blop")):
        rigged.data.bones[f"mixamorig:{old}"].name = new
    bpy.ops.object.mode_set(mode="EDIT")
    rigged.data.edit_bones["Zog"].use_deform = rigged.data.edit_bones["Blip"].use_deform = False
    bpy.ops.object.mode_set(mode="OBJECT")
    assert bpy.ops.limber.read_rig() == {"FINISHED"}
    missing = {"left_elbow": "Zog", "head": "Blip"}
    assert not missing.keys() & roles(rigged).keys()
    for role, bone in missing.items():
        bpy.ops.limber.set_role(role=role, bone=bone)
    assert [roles(rigged)[role]["bones"] for role in missing] == [["Zog"], ["Blip"]]


def test_a_spoilt_profile_does_not_break_the_panel(bpy, rigged):
    from blender_addon.retarget_panel import LIMBER_OT_set_role

    for saved in ("{", "[]", '{"roles": 3}'):
        rigged["limber_profile"] = saved
        assert "choose another bone" in LIMBER_OT_set_role.description(
            bpy.context, SimpleNamespace(role="head")
        )
        with pytest.raises(RuntimeError, match="no Limber profile"):
            bpy.ops.limber.set_role(role="head", bone="mixamorig:Head")
    assert bpy.ops.limber.read_rig() == {"FINISHED"}
    assert "named so in Mixamo rigs" in LIMBER_OT_set_role.description(
        bpy.context, SimpleNamespace(role="head")
    )


def test_mistakes_are_reported_and_change_nothing(bpy, rigged, tmp_path):
    with pytest.raises(RuntimeError, match="no bone Nobody"):
        bpy.ops.limber.set_role(role="head", bone="Nobody")
    with pytest.raises(RuntimeError, match=r"none\.npz: no such file"):
        bpy.ops.limber.retarget(filepath=str(tmp_path / "none.npz"))
    bpy.context.view_layer.objects.active = None
    assert not bpy.ops.limber.read_rig.poll()
    assert "limber_profile" not in rigged and not bpy.data.actions

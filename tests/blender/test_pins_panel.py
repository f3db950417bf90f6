"""Hands, feet and looks tied to objects of the scene, as Blender itself evaluates the rig."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import Live, contents
from rig_scenes import curves, put
from scripted_rigs import build, scripted_rig
from swaying import walking

from motion_engine.retarget.transplant import RetargetOptions
from motion_engine.skeleton import SMPLX

pytestmark = pytest.mark.blender

FRAMES = 75
RIGS = {
    "mannequin": ("", "QUATERNION", "fk"),
    "mixamo in Euler angles": ("mixamo", "XYZ", "fk"),
    "daz": ("daz", "ZYX", "fk"),
    "auto_rig_pro in FK": ("auto_rig_pro", "QUATERNION", "fk"),
    "auto_rig_pro in IK": ("auto_rig_pro", "XYZ", "ik"),
    "cloudrig in IK": ("cloudrig", "QUATERNION", "ik"),
    "both, larger": ("auto_rig_pro", "QUATERNION", "both"),
}


@pytest.fixture
def mannequin(bpy, addon):
    return _character(bpy, *RIGS["mannequin"])


def _character(bpy, kind: str, mode: str, limbs: str):
    """A rig that walks slowly, at frame 1, selected."""
    from blender_addon.action import write_action
    from blender_addon.character import build_armature

    motion = walking(FRAMES, speed=0.4)
    if not kind:
        armature = build_armature(SMPLX, "Limber")
        write_action(armature, motion, "Walk")
    else:
        armature = build(scripted_rig(kind, "A", rotation_mode=mode))
        armature.location, armature.rotation_euler.z = (0.5, 0.3, 0.0), 0.4
        if limbs == "both":
            armature.scale = (1.3, 1.3, 1.3)
        bpy.context.view_layer.objects.active = armature
        bpy.context.view_layer.update()
        put(armature, motion, RetargetOptions(limbs=limbs, contacts="never"))
        armature.animation_data.action.name = "Walk"
    armature.select_set(True)
    bpy.context.view_layer.objects.active = armature
    bpy.context.scene.frame_set(1)
    return armature


def world(bpy, armature, role: str, frames=range(1, FRAMES + 1)) -> np.ndarray:
    """Heads ``[F, 3]`` of the bone that deforms for a role, as Blender evaluates them."""
    from blender_addon.armature import read_mapping

    name, found = read_mapping(armature).bone(role), []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append(posed.matrix_world @ posed.pose.bones[name].head)
    bpy.context.scene.frame_set(1)
    return np.array(found)


def empty(bpy, place, name="Mark"):
    item = bpy.data.objects.new(name, None)
    item.location = place
    bpy.context.scene.collection.objects.link(item)
    bpy.context.view_layer.update()
    return item


def pin(bpy, effector, target, first, last, vertex=-1):
    item = bpy.context.scene.limber_pins.items.add()
    item.effector, item.target, item.vertex = effector, target, vertex
    item.first, item.last = first, last
    return item


def keys(armature) -> dict:
    from blender_addon.keys import read_keys

    return {name: read_keys(curve) for name, curve in curves(armature).items()}


def changed(before: dict, after: dict) -> set[str]:
    """Bones whose keys differ in any property at all."""
    names = {name for name in before.keys() | after.keys() if name not in before}
    for name, old in before.items():
        if any(not np.array_equal(old[field], after[name][field]) for field in old):
            names.add(name)
    return {path.split('"')[1] for path, _ in names}


@pytest.mark.parametrize("rig", RIGS.values(), ids=RIGS.keys())
def test_a_hand_and_a_foot_are_held_within_a_centimetre(bpy, addon, rig):
    armature = _character(bpy, *rig)
    hand, foot = (world(bpy, armature, role) for role in ("left_wrist", "right_ankle"))
    near = hand[29] + [0.05, -0.05, 0.15]
    step = foot[44] + [0.03, 0.04, 0.12]
    pin(bpy, "left_hand", empty(bpy, near), 20, 40)
    pin(bpy, "right_foot", empty(bpy, step, "Step"), 38, 50)
    assert bpy.ops.limber.apply_pins() == {"FINISHED"}
    held, stepped = (world(bpy, armature, role) for role in ("left_wrist", "right_ankle"))
    assert np.linalg.norm(held[19:40] - near, axis=-1).max() < 0.01
    assert np.linalg.norm(stepped[37:50] - step, axis=-1).max() < 0.01
    np.testing.assert_array_equal(held[:3], hand[:3])
    np.testing.assert_array_equal(held[57:], hand[57:])


def test_only_the_held_limb_changes_and_only_around_the_pin(bpy, mannequin):
    before, walk = keys(mannequin), mannequin.animation_data.action
    place = world(bpy, mannequin, "left_wrist")[34] + [-0.2, -0.1, 0.1]
    pin(bpy, "left_hand", empty(bpy, place), 30, 40)
    assert bpy.ops.limber.apply_pins() == {"FINISHED"}
    after = keys(mannequin)
    assert changed(before, after) == {"left_shoulder", "left_elbow"}
    outside = np.r_[0:14, 56:FRAMES]
    for name, old in before.items():
        for field, values in old.items():
            assert np.array_equal(values[outside], after[name][field][outside]), (name, field)
    assert mannequin.limber_takes.before == walk
    assert bpy.ops.limber.reject_takes() == {"FINISHED"}
    assert mannequin.animation_data.action == walk and len(bpy.data.actions) == 1


def test_no_jump_into_or_out_of_a_pin(bpy, mannequin):
    before = world(bpy, mannequin, "left_wrist")
    pin(bpy, "left_hand", empty(bpy, before[34] + [0.1, -0.1, 0.2]), 30, 40)
    bpy.ops.limber.apply_pins()
    correction = world(bpy, mannequin, "left_wrist") - before
    steps = np.linalg.norm(np.diff(correction, axis=0), axis=-1)
    assert steps.max() < 2.5 * np.linalg.norm(correction, axis=-1).max() / 15.0


def test_a_vertex_that_moves_is_followed(bpy, mannequin):
    mesh = bpy.data.meshes.new("Cup")
    mesh.from_pydata([(0.0, 0.0, 0.0), (0.0, 0.0, 0.2)], [], [])
    cup = bpy.data.objects.new("Cup", mesh)
    bpy.context.scene.collection.objects.link(cup)
    at = world(bpy, mannequin, "right_wrist")[29] + [0.0, -0.15, 0.0]
    for frame, shift in ((20, 0.0), (40, 0.1)):
        cup.location = at + [shift, 0.0, shift]
        cup.keyframe_insert("location", frame=frame)
    pin(bpy, "right_hand", cup, 20, 40, vertex=1)
    assert bpy.ops.limber.apply_pins() == {"FINISHED"}
    hand = world(bpy, mannequin, "right_wrist")
    for frame in range(20, 41):
        bpy.context.scene.frame_set(frame)
        wanted = cup.matrix_world @ mesh.vertices[1].co
        assert np.linalg.norm(hand[frame - 1] - wanted) < 0.01


@pytest.mark.parametrize("limbs", ["fk", "ik"])
def test_hips_lean_over_for_what_is_out_of_reach_and_feet_stay(bpy, addon, limbs):
    armature = _character(bpy, "auto_rig_pro", "QUATERNION", limbs)
    roles = ("left_ankle", "right_ankle", "left_shoulder")
    feet = [world(bpy, armature, role) for role in roles[:2]]
    facing = np.array([np.sin(0.4), -np.cos(0.4), 0.0])
    place = world(bpy, armature, "left_shoulder")[34] + 0.72 * facing - [0.0, 0.0, 0.25]
    pin(bpy, "left_hand", empty(bpy, place), 30, 40)
    assert bpy.ops.limber.apply_pins() == {"FINISHED"}
    assert np.linalg.norm(world(bpy, armature, "left_wrist")[29:40] - place, axis=-1).max() < 0.01
    for role, before in zip(roles, feet):
        assert np.linalg.norm(world(bpy, armature, role) - before, axis=-1).max() < 0.01


@pytest.mark.parametrize("name", ["mannequin", "mixamo in Euler angles", "auto_rig_pro in IK"])
def test_the_head_looks_at_an_object(bpy, addon, name):
    from blender_addon.rig_reading import read_animation
    from motion_engine import rotations
    from motion_engine.finish.look_at import FORWARD

    armature = _character(bpy, *RIGS[name])
    place = world(bpy, armature, "head")[34] + [1.2, -1.0, 0.3]
    pin(bpy, "head", empty(bpy, place), 25, 45)
    before = keys(armature)
    assert bpy.ops.limber.apply_pins() == {"FINISHED"}
    assert len(changed(before, keys(armature))) == 2
    eyes = world(bpy, armature, "head")[24:45] + [0.0, 0.0, 0.07]
    turns = read_animation(armature, 25, 45).world_rotations()[:, SMPLX.index("head")]
    facing = rotations.rotate(turns, FORWARD)
    away = rotations.angle(rotations.between(facing, place - eyes))
    assert np.degrees(away.max()) < 6.0


def test_pins_are_added_from_the_selection_and_removed(bpy, mannequin):
    mark = empty(bpy, (0.3, -0.4, 1.2))
    mark.select_set(True)
    bpy.context.view_layer.objects.active = mannequin
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="DESELECT")
    _select(mannequin, "left_elbow")
    bpy.context.scene.frame_set(12)
    assert bpy.ops.limber.add_pin() == {"FINISHED"}
    _select(mannequin, "left_elbow", False)
    _select(mannequin, "neck")
    assert bpy.ops.limber.add_pin() == {"FINISHED"}
    listed = bpy.context.scene.limber_pins
    assert [(p.effector, p.target, p.rig) for p in listed.items] == [
        ("left_hand", mark, mannequin),
        ("head", mark, mannequin),
    ]
    assert (listed.items[0].first, listed.items[0].last) == (12, 42)
    assert bpy.ops.limber.remove_pin() == {"FINISHED"} and len(listed.items) == 1
    _select(mannequin, "neck", False)
    with pytest.raises(RuntimeError, match="No bone of a hand, a foot or the head"):
        bpy.ops.limber.add_pin()
    mark.select_set(False)
    with pytest.raises(RuntimeError, match="No objects are selected"):
        bpy.ops.limber.add_pin()


def _select(armature, bone: str, chosen: bool = True) -> None:
    posed = armature.pose.bones[bone]
    (posed if hasattr(posed, "select") else posed.bone).select = chosen


WRONG = {
    "outside": ([("left_hand", (0.3, 0.2, 1.0), 60, 90)], "frames 60 to 90. does not lie"),
    "turned round": ([("left_hand", (0.3, 0.2, 1.0), 40, 30)], "does not lie"),
    "two at once": (
        [("left_hand", (0.3, 0.2, 1.0), 20, 40), ("left_hand", (0.2, 0.2, 1.0), 35, 50)],
        r"left hand on Mark 0 \(frames 20 to 40\), and left hand on Mark 1 \(frames 35 to 50\)",
    ),
    "far away": ([("right_foot", (9.0, 0.0, 1.0), 20, 40)], "m out of reach at frame"),
}


@pytest.mark.parametrize(("asked", "report"), WRONG.values(), ids=WRONG.keys())
def test_wrong_pins_change_nothing(bpy, mannequin, asked, report):
    for number, (effector, place, first, last) in enumerate(asked):
        pin(bpy, effector, empty(bpy, place, f"Mark {number}"), first, last)
    before, kept = keys(mannequin), contents(bpy)
    with pytest.raises(RuntimeError, match=report):
        bpy.ops.limber.apply_pins()
    assert contents(bpy) == kept and not changed(before, keys(mannequin))


def test_what_cannot_be_a_place(bpy, mannequin):
    item = pin(bpy, "left_hand", None, 20, 40)
    for target, vertex, report in (
        (None, -1, "has no target"),
        (mannequin, -1, "its own rig"),
        (empty(bpy, (0.0, 0.0, 1.0)), 3, "no vertices"),
    ):
        item.target, item.vertex = target, vertex
        with pytest.raises(RuntimeError, match=report):
            bpy.ops.limber.apply_pins()


def test_a_switch_half_way_is_refused(bpy, addon):
    armature = _character(bpy, "auto_rig_pro", "QUATERNION", "fk")
    pin(bpy, "left_hand", empty(bpy, (0.4, 0.0, 1.0)), 20, 40)
    switch = next(name for name in curves(armature) if "ik_fk" in name[0] and "hand" in name[0])
    for name in (switch, (switch[0].replace(".r", ".l"), 0)):
        for point in curves(armature)[name].keyframe_points:
            point.co[1] = 0.5
    kept = contents(bpy)
    with pytest.raises(RuntimeError, match="half in FK, half in IK"):
        bpy.ops.limber.apply_pins()
    assert contents(bpy) == kept


def test_a_locked_rig_is_told_apart(bpy, mannequin):
    """A constraint that holds the arm: the pin cannot be met, and nothing stays behind."""
    limit = mannequin.pose.bones["left_shoulder"].constraints.new("LIMIT_ROTATION")
    limit.use_limit_x = limit.use_limit_y = limit.use_limit_z = True
    limit.owner_space = "LOCAL"
    place = world(bpy, mannequin, "left_wrist")[29] + [0.1, -0.25, 0.3]
    pin(bpy, "left_hand", empty(bpy, place), 25, 40)
    kept = contents(bpy)
    with pytest.raises(RuntimeError, match="cm away from its pin at frame"):
        bpy.ops.limber.apply_pins()
    assert contents(bpy) == kept


def test_beside_the_window(bpy, mannequin):
    """Step by step under the timer; the scene stays at its frame, the rig in its pose."""
    bpy.context.scene.frame_set(7)
    place = world(bpy, mannequin, "left_wrist")[29] + [0.0, -0.1, 0.1]
    pin(bpy, "left_hand", empty(bpy, place), 25, 35)
    bpy.context.scene.frame_set(7)
    live = Live(bpy, "LIMBER_OT_apply_pins")
    assert live.finish() == {"FINISHED"}, live.reports
    assert bpy.context.scene.frame_current == 7
    held = world(bpy, mannequin, "left_wrist")
    assert np.linalg.norm(held[24:35] - place, axis=-1).max() < 0.01

"""Run by a Blender with a window: the left arm of a walking character waves; accept, undo, redo.

blender --factory-startup --python tests/window/edit_parts.py -- FOLDER
"""

import sys
from pathlib import Path

import bpy

sys.path += [str(folder) for folder in Path(__file__).resolve().parents[:2]]

from rig_body import add_body
from rigify_rig import build_rigify
from window_driver import StallMeter, Step, Window, enable, is_generating, run

PROMPT = "wave"
FIRST, LAST = 20, 85


def steps(window: Window) -> Step:
    yield from enable(window)
    yield from walking_character(window)
    yield from window.open_panel(bpy.types.LIMBER_PT_edit)
    yield from choose(window)
    yield from edited(window)
    yield from accepted_undone_redone(window)


def walking_character(window: Window) -> Step:
    """A generated Rigify character that the model lets walk."""
    with window.override():
        hero = build_rigify("Hero")
        body = add_body(hero)
    yield 0.5
    bpy.context.scene.limber.prompt = "a person walks forward"
    bpy.context.scene.limber.seconds = 3.5
    with window.override():
        bpy.ops.limber.generate()
        bpy.ops.limber.accept_take()
        bpy.ops.ed.undo_push(message="Walk")
    bpy.context.scene.frame_set((FIRST + LAST) // 2)
    with window.override():
        look_at(body)
    yield 0.5


def look_at(item) -> None:
    """From the front, a little from its left; what was selected stays selected."""
    before = bpy.context.selected_objects
    bpy.ops.object.select_all(action="DESELECT")
    item.select_set(True)
    bpy.ops.view3d.view_axis(type="FRONT")
    bpy.ops.view3d.view_orbit(angle=0.35, type="ORBITRIGHT")
    bpy.ops.view3d.view_selected()
    item.select_set(False)
    for other in before:
        other.select_set(True)


def choose(window: Window) -> Step:
    """Click the left arm in the picture of the body; the other settings as a user types them."""
    asked = bpy.context.scene.limber_edit
    asked.prompt, asked.use_frames, asked.first, asked.last = PROMPT, True, FIRST, LAST
    yield 0.5
    spot = yield from window.find_button("limber.toggle_part", naming="left_arm")
    yield from window.point(*spot, "click", "1")
    yield 0.3
    window.report["parts"] = sorted(asked.parts)
    window.screenshot("chosen")


def edited(window: Window) -> Step:
    before = keys()
    spot = yield from window.find_button("limber.edit_parts")
    with StallMeter() as meter:
        yield from window.point(*spot, "click", "1")
        yield from window.wait(is_generating, "Edit Parts was clicked and works")
        yield 0.2
        window.screenshot("running")
        taken = yield from window.wait(lambda: not is_generating(), "the arm is edited")
        yield 0.5
    window.report["stalls"] = meter.report()
    window.screenshot("edited")
    after = keys()
    window.report["seconds"] = round(taken, 2)
    window.report["same_channels"] = before.keys() <= after.keys()
    window.report["changed"] = sorted(
        {name[0].split('"')[1] for name in after if before.get(name) != after[name]}
    )
    window.report["changed_frames"] = sorted(
        {key[0] for name in before for key in set(before[name]) ^ set(after[name])}
    )
    window.report["edges"] = [FIRST, LAST]


def accepted_undone_redone(window: Window) -> Step:
    """What is played after the accepting click, Ctrl Z twice, and Ctrl Shift Z twice."""
    played = window.report["played"] = []
    spot = yield from window.find_button("limber.accept_take")
    yield from window.point(*spot, "click", "1")
    yield 0.5
    played.append(action_name())
    window.screenshot("accepted")
    for name, key in (("undone", "ctrl+z"), ("redone", "ctrl+shift+z")):
        for _ in range(2):
            yield from window.press_key(key)
            yield 1.0
        played.append(action_name())
        window.screenshot(name)


def hero():
    return next(item for item in bpy.data.objects if item.name == "Hero")


def action_name() -> str:
    return hero().animation_data.action.name


def keys() -> dict:
    return {
        (curve.data_path, curve.array_index): [tuple(key.co) for key in curve.keyframe_points]
        for curve in hero().animation_data.action.fcurves
    }


run(steps, Path(sys.argv[sys.argv.index("--") + 1]))

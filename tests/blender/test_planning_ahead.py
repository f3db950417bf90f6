"""What the model plans, told in the panel: found out by a worker between two redraws."""

import re
import textwrap
import time
from types import SimpleNamespace

import pytest
from written_layout import WrittenLayout, plain, written

pytestmark = pytest.mark.blender


def drawn(prompt: str, plan) -> list[tuple[str, str]]:
    """Icon and text of each line, as if there was room for all of it in one."""
    from blender_addon.prompt_help import draw_understanding

    layout = WrittenLayout()
    draw_understanding(layout, prompt, plan)
    lines = layout.labels
    heads = [i for i, (icon, _) in enumerate(lines) if icon != "BLANK1"]
    return [
        (lines[i][0], " ".join(text for _, text in lines[i:j]))
        for i, j in zip(heads, [*heads[1:], None])
    ]


def shown(name: str) -> str:
    """All labels of a panel."""
    import bpy

    return written(getattr(bpy.types, f"LIMBER_PT_{name}"), bpy.context)


def after_a_while() -> None:
    """The timer's calls until it wants no more."""
    from blender_addon import planning_ahead

    end = time.monotonic() + 60.0
    while planning_ahead._look() is not None:
        assert time.monotonic() < end, "nothing is found"
        time.sleep(0.01)


@pytest.fixture
def asked(addon, monkeypatch) -> list:
    """What the worker is asked for; it finds no plan."""
    from blender_addon import planning_ahead

    found = []
    monkeypatch.setattr(planning_ahead, "spoken_plan", found.append)
    return found


def test_the_panel_tells_it_once_it_is_known(bpy, addon):
    from blender_addon.model_care import MODEL

    asked = bpy.context.scene.limber
    asked.prompt, asked.seconds = "a person walks forward, then waves twice", 6.0
    assert "Understood: walk (forward), then wave (twice)" in shown("generate")
    after_a_while()
    line = shown("generate")
    (times,) = re.findall(r"Understood: ([0-9.]+)–([0-9.]+) s walk · ([0-9.]+)–", line)
    assert 0.0 <= float(times[0]) < float(times[1]) <= float(times[2]) + 0.5 < 6.0
    assert "twice" in line and "then" not in line
    assert not MODEL.is_loaded


def test_drawing_plans_nothing_and_asks_once(bpy, asked):
    for _ in range(5):
        shown("generate")
    assert not asked
    after_a_while()
    shown("generate")
    after_a_while()
    assert len(asked) == 1
    bpy.context.scene.limber.seed = 3
    shown("generate")
    after_a_while()
    assert len(asked) == 2


def test_settings_that_still_change_are_waited_for(bpy, asked):
    from blender_addon import planning_ahead

    for seconds in (2.0, 3.0, 4.0):
        bpy.context.scene.limber.seconds = seconds
        shown("generate")
        planning_ahead._look()
    after_a_while()
    assert [one.command.seconds for one in asked] == [4.0]


def test_the_clip_s_own_times_are_told_at_any_pace(bpy, addon):
    from blender_addon.spoken_plan import in_words
    from motion_engine.generation.action_plan import PlannedAction
    from motion_engine.models.planner import Plan

    labels = ("knock", "knock count 3", "knock side left", "knock speed normal")
    walk = ("walk", "walk direction forward", "walk speed slow")
    plan = Plan((PlannedAction(labels, 2.0, 4.6), PlannedAction(walk, 0.4, 2.0)), 4.0)
    assert plain(in_words(plan)) == "0.4–2.0 s walk (slowly) · 2.0–4.0 s knock (left, 3 times)"
    assert plain(in_words(plan, 2.0)).startswith("0.2–1.0 s walk (slowly) · 1.0–2.0 s knock")
    assert in_words(Plan((), 4.0)) == "–"
    lines = textwrap.wrap(in_words(plan), 26)
    assert [plain(line) for line in lines] == [
        "0.4–2.0 s walk (slowly) ·",
        "2.0–4.0 s knock (left, 3",
        "times)",
    ]


def test_what_is_planned_otherwise_is_told_beside_what_was_said(bpy, addon):
    from blender_addon.spoken_plan import SpokenPlan

    assert drawn("a person walks", SpokenPlan("0.0–2.0 s run", False)) == [
        ("INFO", "Understood: walk"),
        ("ERROR", "But planned: 0.0–2.0 s run"),
    ]
    assert drawn("a person sadly walks", SpokenPlan("0.0–2.0 s walk", True)) == [
        ("INFO", "Understood: 0.0–2.0 s walk; sad")
    ]
    assert drawn("a person sits", SpokenPlan("0.0–2.0 s sit down", True))[0][0] == "INFO"


def test_what_is_never_planned_is_not_said_to_be_understood_so(addon, monkeypatch):
    from blender_addon import spoken_plan
    from motion_engine.command import Command
    from motion_engine.generation.action_plan import PlannedAction
    from motion_engine.models.planner import Plan

    dancing = SimpleNamespace(
        labels=SimpleNamespace(index={"dance": 0}),
        plan=lambda *_: Plan((PlannedAction(("dance",), 0.4, 2.0),), 3.0),
    )
    monkeypatch.setattr(spoken_plan, "_planner", lambda name: dancing)
    for text, agrees in (("a person dances", True), ("a person does a backflip", False)):
        found = spoken_plan.spoken_plan(spoken_plan.Asked("default", Command(text)))
        assert found.agrees is agrees, text


def test_a_model_without_plans_and_no_model_at_all(bpy, addon, tmp_path, monkeypatch):
    from blender_addon import preferences
    from blender_addon.generation_job import ModelChoice

    for name in ("debug", str(tmp_path)):
        chosen = property(lambda self, name=name: ModelChoice(name))
        monkeypatch.setattr(preferences.Preferences, "model", chosen)
        bpy.context.scene.limber.prompt = "a person walks"
        shown("generate")
        after_a_while()
        assert "Understood: walk" in shown("generate")


def test_of_a_timeline_it_is_that_of_the_stretch_under_the_playhead(bpy, asked):
    scene = bpy.context.scene
    scene.frame_end = 210
    for frame, prompt in ((1, "a person walks"), (61, "a person sits down"), (121, "end")):
        scene.timeline_markers.new(prompt, frame=frame)
    scene.limber.seed, scene.limber_style.speed = 7, 1.5
    for frame, heard in ((30, "walk"), (61, "sit down"), (150, None)):
        scene.frame_set(frame)
        line = shown("timeline")
        assert (f"Understood: {heard}" in line) if heard else ("Understood" not in line)
        after_a_while()
    assert [(one.command.text, one.command.seconds, one.pace) for one in asked] == [
        ("a person walks", 3.0, 1.5),
        ("a person sits down", pytest.approx(3.05), 1.5),
    ]
    assert {one.command.seed for one in asked} == {7}


def test_a_timeline_tells_what_is_planned_otherwise(bpy, addon, monkeypatch):
    from blender_addon import planning_ahead
    from blender_addon.spoken_plan import SpokenPlan

    monkeypatch.setattr(
        planning_ahead, "spoken_plan", lambda asked: SpokenPlan("0.0–2.0 s run", False)
    )
    scene = bpy.context.scene
    scene.timeline_markers.new("a person walks", frame=1)
    scene.frame_set(20)
    shown("timeline")
    after_a_while()
    assert "Understood: walk But planned: 0.0–2.0 s run" in shown("timeline")


def test_of_an_edit_it_is_what_the_chosen_parts_hear(rig, asked):
    import bpy

    edit = bpy.context.scene.limber_edit
    edit.prompt = "wave"
    shown("edit")
    after_a_while()
    edit.parts = {"left_arm"}
    shown("edit")
    after_a_while()
    assert asked == []  # nothing is played that could be edited
    for frame in (11, 71):
        rig.keyframe_insert("location", frame=frame)
    shown("edit")
    after_a_while()
    for last in (49, 24):  # a shorter one is made as long as a second
        edit.use_frames, edit.first, edit.last = True, 20, last
        shown("edit")
        after_a_while()
    heard = [(one.command.text, round(one.command.seconds * 30), one.pace) for one in asked]
    assert heard == [("left arm: wave", 61, 1.0), ("left arm: wave", 30, 1.0)]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_along_a_path_it_is_told_without_times(bpy, asked, scale):
    scene = bpy.context.scene
    direction, curve = scene.limber_direction, bpy.data.curves.new("Way", "CURVE")
    spline = curve.splines.new("POLY")
    spline.points.add(1)
    spline.points[1].co = (0.0, -3.0, 0.0, 1.0)
    way = bpy.data.objects.new("Way", curve)
    way.scale = (scale, scale, scale)
    scene.collection.objects.link(way)
    bpy.context.view_layer.update()
    direction.use_path, direction.path_object, direction.speed = True, way, 1.5
    shown("direction")
    after_a_while()
    direction.use_keys = True  # between key poses little is said by the prompt
    shown("direction")
    after_a_while()
    (one,) = asked
    assert one.command.seconds == pytest.approx(scale * 2.0 * 1.3 + 2.0) and not one.is_timed


def test_of_pins_it_is_told_with_times(bpy, asked):
    direction = bpy.context.scene.limber_direction
    direction.use_pins, direction.first, direction.last = True, 1, 90
    shown("direction")
    after_a_while()
    assert [(one.command.seconds, one.is_timed) for one in asked] == [(3.0, True)]


def test_what_has_no_times_is_told_in_its_order(addon):
    from blender_addon.spoken_plan import without_times
    from motion_engine.generation.action_plan import PlannedAction
    from motion_engine.models.planner import Plan

    walk, wave = (
        PlannedAction(("walk",), 0.4, 2.0),
        PlannedAction(("wave", "wave side left"), 2.0, 4),
    )
    assert plain(without_times(Plan((wave, walk), 4.0))) == "walk · wave (left)"


def test_all_parts_of_the_panel_find_their_plans(bpy, asked):
    scene = bpy.context.scene
    scene.timeline_markers.new("a person sits down", frame=1)
    scene.limber_direction.use_pins = True
    for name in ("generate", "timeline", "direction"):
        shown(name)
    after_a_while()
    assert len(asked) == 3

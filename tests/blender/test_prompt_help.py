"""Help below the prompt, drawn into a layout that writes down what it is given."""

import re
import textwrap
import time

import numpy as np
import pytest

from motion_engine.language.understanding import MISSPELT, NO_ACTION, NOT_TAUGHT, UNKNOWN_WORD

pytestmark = pytest.mark.blender


class Layout:
    """Remembers labels, whatever is nested in whatever."""

    def __init__(self):
        self.labels, self.alert, self.enabled = [], False, True

    def label(self, text="", icon="NONE", translate=True):
        self.labels.append((icon, text))

    def row(self, **_):
        return self

    column = split = row

    def __getattr__(self, name):
        return lambda *_, **__: self


def drawn(bpy, prompt: str, plan=None) -> list[tuple[str, str]]:
    from blender_addon.prompt_help import draw_understanding

    layout = Layout()
    draw_understanding(layout, bpy.context, prompt, plan)
    return layout.labels


def panel(bpy) -> str:
    """All labels of the main panel, drawn anew."""
    from blender_addon.panel import LIMBER_PT_generate

    shown = Layout()
    LIMBER_PT_generate.draw(type("Panel", (), {"layout": shown})(), bpy.context)
    return plain(" ".join(text for _, text in shown.labels))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def after_a_while() -> None:
    """The timer's calls until it wants no more."""
    from blender_addon import planning_ahead

    end = time.monotonic() + 60.0
    while planning_ahead._look() is not None:
        assert time.monotonic() < end, "nothing is found"
        time.sleep(0.01)


def test_what_was_understood_stands_below_the_prompt(bpy, addon):
    lines = drawn(bpy, "a person walks, then waves")
    assert lines[0][0] == "INFO"
    assert " ".join(text for _, text in lines) == "Understood: walk, then wave"
    assert drawn(bpy, "") == []
    (line,) = drawn(bpy, "a person wlaks")[:1]
    assert line[0] == "ERROR" and line[1].startswith("unknown word: wlaks;")


def test_long_readings_are_broken_and_cut(bpy, addon):
    lines = drawn(bpy, ", then ".join(["a person walks forward slowly"] * 8))
    assert len(lines) == 4 and lines[-1][1].endswith(" ...")
    assert [icon for icon, _ in lines] == ["INFO", "BLANK1", "BLANK1", "BLANK1"]


def test_both_panels_show_it(bpy, addon):
    from blender_addon import edit_panel, panel

    bpy.context.scene.limber.prompt = "a person bows twice"
    bpy.context.scene.limber_edit.prompt = "left arm: wave"
    for draw, line in (
        (panel.LIMBER_PT_generate.draw, "Understood: bow (twice)"),
        (edit_panel.LIMBER_PT_edit.draw, "Understood: left arm: wave"),
    ):
        shown = Layout()
        draw(type("Panel", (), {"layout": shown})(), bpy.context)
        text = " ".join(text for _, text in shown.labels)
        assert line in text


def test_the_language_of_blender_is_spoken(bpy, addon):
    view = bpy.context.preferences.view
    if "de_DE" not in bpy.app.translations.locales:
        pytest.skip("this Blender was built without languages")
    view.language, view.use_translate_interface = "de_DE", True
    try:
        labels = drawn(bpy, "a person walks in a forest")
        words = bpy.app.translations.pgettext_iface
        assert labels[0][1].startswith("Verstanden: ")
        for sentence in (UNKNOWN_WORD, MISSPELT, NOT_TAUGHT, NO_ACTION):
            assert words(sentence) != sentence
    finally:
        view.language = "en_US"


def test_typing_is_completed_with_known_actions(bpy, addon):
    from blender_addon.settings import READY_PROMPTS, _suggestions, remember

    remember("a person sings")
    found = _suggestions(None, bpy.context, "a person walks, then wav")
    assert found[0].startswith("a person walks, then waves")
    found = _suggestions(None, bpy.context, "")
    assert found[0] == "a person sings" and READY_PROMPTS[0] in found


def test_drawing_is_cheap(bpy, addon):
    prompt = "a person walks forward slowly, then waves with the right hand twice"
    drawn(bpy, prompt)
    took = []
    for _ in range(100):
        start = time.perf_counter()
        drawn(bpy, prompt)
        took.append(time.perf_counter() - start)
    assert np.median(took) < 1e-3


class TestPlan:
    def test_the_panel_tells_it_once_it_is_known(self, bpy, addon):
        from blender_addon.model_care import MODEL

        asked = bpy.context.scene.limber
        asked.prompt, asked.seconds = "a person walks forward, then waves twice", 6.0
        assert "Understood: walk (forward), then wave (twice)" in panel(bpy)
        after_a_while()
        line = panel(bpy)
        (times,) = re.findall(r"Understood: ([0-9.]+)–([0-9.]+) s walk · ([0-9.]+)–", line)
        assert 0.0 <= float(times[0]) < float(times[1]) <= float(times[2]) + 0.5 < 6.0
        assert "twice" in line and "then" not in line
        assert not MODEL.is_loaded

    def test_drawing_plans_nothing_and_asks_once(self, bpy, addon, monkeypatch):
        from blender_addon import planning_ahead

        asked = []
        monkeypatch.setattr(planning_ahead, "spoken_plan", asked.append)
        for _ in range(5):
            panel(bpy)
        assert not asked
        after_a_while()
        panel(bpy)
        after_a_while()
        assert len(asked) == 1
        bpy.context.scene.limber.seed = 3
        panel(bpy)
        after_a_while()
        assert len(asked) == 2

    def test_settings_that_still_change_are_waited_for(self, bpy, addon, monkeypatch):
        from blender_addon import planning_ahead

        asked = []
        monkeypatch.setattr(planning_ahead, "spoken_plan", asked.append)
        for seconds in (2.0, 3.0, 4.0):
            bpy.context.scene.limber.seconds = seconds
            panel(bpy)
            planning_ahead._look()
        after_a_while()
        assert [one.command.seconds for one in asked] == [4.0]

    def test_the_clip_s_own_times_are_told_at_any_pace(self, bpy, addon):
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

    def test_what_is_planned_otherwise_is_told_beside_what_was_said(self, bpy, addon):
        from blender_addon.spoken_plan import SpokenPlan

        def told(*asked) -> list[tuple[str, str]]:
            lines = drawn(bpy, *asked)
            heads = [i for i, (icon, _) in enumerate(lines) if icon != "BLANK1"]
            return [
                (lines[i][0], " ".join(text for _, text in lines[i:j]))
                for i, j in zip(heads, [*heads[1:], None])
            ]

        assert told("a person walks", SpokenPlan("0.0–2.0 s run", False)) == [
            ("INFO", "Understood: walk"),
            ("ERROR", "But planned: 0.0–2.0 s run"),
        ]
        assert told("a person sadly walks", SpokenPlan("0.0–2.0 s walk", True)) == [
            ("INFO", "Understood: 0.0–2.0 s walk; sad")
        ]
        assert told("a person sits", SpokenPlan("0.0–2.0 s sit down", True))[0][0] == "INFO"

    def test_a_model_without_plans_and_no_model_at_all(self, bpy, addon, tmp_path, monkeypatch):
        from blender_addon import preferences
        from blender_addon.generation_job import ModelChoice

        for name in ("debug", str(tmp_path)):
            chosen = property(lambda self, name=name: ModelChoice(name))
            monkeypatch.setattr(preferences.Preferences, "model", chosen)
            bpy.context.scene.limber.prompt = "a person walks"
            panel(bpy)
            after_a_while()
            assert "Understood: walk" in panel(bpy)

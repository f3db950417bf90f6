"""Help below the prompt, drawn into a layout that writes down what it is given."""

import time

import numpy as np
import pytest
from written_layout import WrittenLayout, written

from motion_engine.language.understanding import MISSPELT, NO_ACTION, NOT_TAUGHT, UNKNOWN_WORD

pytestmark = pytest.mark.blender


def drawn(bpy, prompt: str) -> list[tuple[str, str]]:
    from blender_addon.prompt_help import draw_understanding

    layout = WrittenLayout()
    draw_understanding(layout, prompt)
    return layout.labels


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


def test_what_is_wrong_is_told_in_full(bpy, addon):
    """Where Blender cuts a long line, the cure at its end is what is lost."""
    from blender_addon.readiness import Line

    text = "Hero is linked; make a library override of it first."
    layout = WrittenLayout()
    Line(text, "ERROR", False).draw(layout)
    assert len(layout.labels) > 1 and " ".join(line for _, line in layout.labels) == text
    assert [icon for icon, _ in layout.labels][:2] == ["ERROR", "BLANK1"] and layout.alert
    assert "and press Add Prompt Here." in written(bpy.types.LIMBER_PT_timeline, bpy.context)


def test_both_panels_show_it(bpy, addon):
    from blender_addon import edit_panel, panel

    bpy.context.scene.limber.prompt = "a person bows twice"
    bpy.context.scene.limber_edit.prompt = "left arm: wave"
    for draw, line in (
        (panel.LIMBER_PT_generate.draw, "Understood: bow (twice)"),
        (edit_panel.LIMBER_PT_edit.draw, "Understood: left arm: wave"),
    ):
        shown = WrittenLayout()
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

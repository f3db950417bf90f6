"""Run by a Blender with a window: the shortcut, the Action editor's button, other languages.

blender --factory-startup --python tests/window/other_doors.py -- FOLDER
"""

import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))

from window_driver import Step, Window, enable, is_generating, run

LANGUAGES = ("de_DE", "ja_JP", "zh_CN")


def steps(window: Window) -> Step:
    yield from enable(window)
    bpy.context.scene.limber.seconds = 60.0
    yield from window.press_key("ctrl+alt+m")
    yield from started(window, "shortcut")
    yield from action_editor(window)
    yield from languages(window)


def started(window: Window, how: str) -> Step:
    """Whether something runs by now; it is stopped."""
    waited = yield from window.wait(is_generating, how, 10.0)
    window.report[how] = waited
    yield from window.press_key("Escape")
    yield from window.wait(lambda: not is_generating(), "Esc ends it", 10.0)


def action_editor(window: Window) -> Step:
    """The timeline becomes an Action editor, whose header has the button."""
    (area,) = (area for area in bpy.context.screen.areas if area.type == "DOPESHEET_EDITOR")
    area.ui_type = "DOPESHEET"
    area.spaces.active.mode = "ACTION"
    yield 0.5
    spot = yield from window.find_in_header("limber.generate", area)
    window.screenshot("action_editor")
    yield from window.point(*spot, "click", "1")
    yield from started(window, "action_editor")


def languages(window: Window) -> Step:
    view = bpy.context.preferences.view
    words = window.report["words"] = {}
    for language in LANGUAGES:
        view.language = language
        view.use_translate_interface = view.use_translate_tooltips = True
        yield 0.5
        window.screenshot(language)
        words[language] = bpy.app.translations.pgettext_iface("Style and Timing")


run(steps, Path(sys.argv[sys.argv.index("--") + 1]))

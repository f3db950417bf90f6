"""The panel's words in other languages: all that it shows, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

pytestmark = pytest.mark.blender

ADDON = Path(__file__).resolve().parents[2] / "blender_addon"
# The same in every language, or names of numbers' formats.
UNTRANSLATED = {"", "Limber", "FK", "IK", "CPU", "CUDA", "Metal", "fp32", "bf16", "int8", "nf4"}
# An identifier has no capital, an icon nothing else.
WORDING = re.compile(r"[A-Z][a-z]")


def sources() -> set[str]:
    """Every string that the panel can show: those of the add-on's modules, but for the table of
    translations, and the engine's remarks on prompts."""
    remarks = ADDON.parent / "motion_engine" / "language" / "understanding.py"
    return {
        node.value
        for path in (*ADDON.glob("*.py"), remarks)
        if path.name != "translations.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def labels(bpy) -> set[str]:
    """What the interface shows of panels, operators, their settings and choices."""
    found = set()
    for kind in (bpy.types.PropertyGroup, bpy.types.Operator, bpy.types.AddonPreferences,
                 bpy.types.Panel, bpy.types.Menu):  # fmt: skip
        for cls in kind.__subclasses__():
            if not cls.__module__.startswith("blender_addon") or not cls.is_registered:
                continue
            found.add(getattr(cls, "bl_label", ""))
            for property in cls.bl_rna.properties:
                is_inherited = property.identifier in kind.bl_rna.properties
                if is_inherited or property.is_hidden or property.name == property.identifier:
                    continue
                found.add(property.name)
                if property.type == "ENUM":
                    found |= {item.name for item in property.enum_items_static}
    return found


class Shown(ast.NodeVisitor):
    """What a module's source lets the panel show: words ``alone``, and words ``pieced`` together,
    which no table can hold."""

    def __init__(self):
        self.alone, self.pieced = set(), set()

    def visit_FunctionDef(self, node):
        if re.match("_?draw(_|$)", node.name):
            for inner in node.body[isinstance(node.body[0], ast.Expr) :]:
                self.gain(inner)
        self.generic_visit(node)

    def visit_Call(self, node):
        if any(one.arg == "translate" for one in node.keywords):
            return
        named = node.func.id if isinstance(node.func, ast.Name) else ""
        shown = [one.value for one in node.keywords if one.arg in ("text", "heading")]
        for value in [*shown, *(node.args[:1] if named in ("Line", "translated") else ())]:
            self.gain(value)
        self.generic_visit(node)

    def gain(self, value: ast.AST) -> None:
        for inner in words_in(value):
            if isinstance(inner, ast.JoinedStr):
                self.pieced |= (
                    {ast.unparse(inner)} if re.search("[A-Za-z]{2}", fixed(inner)) else set()
                )
            elif WORDING.search(inner.value):
                self.alone.add(inner.value)


def words_in(value: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Texts in an expression; not those that are told as an error, or are never translated."""
    if (
        isinstance(value, ast.JoinedStr)
        or isinstance(value, ast.Constant)
        and isinstance(value.value, str)
    ):
        yield value
    elif not (
        isinstance(value, ast.Call)
        and any(one.arg == "translate" or one.arg == "poll_message_set" for one in value.keywords)
    ):
        for inner in ast.iter_child_nodes(value):
            yield from words_in(inner)


def fixed(text: ast.JoinedStr) -> str:
    return " ".join(part.value for part in text.values if isinstance(part, ast.Constant))


@pytest.mark.parametrize("path", sorted(ADDON.glob("*.py")), ids=lambda path: path.stem)
def test_all_that_is_drawn_is_translated(path):
    from blender_addon.translations import WORDS

    shown = Shown()
    shown.visit(ast.parse(path.read_text(encoding="utf-8")))
    missing = shown.alone - UNTRANSLATED - set(WORDS)
    assert missing == set(), f"add to translations.py: {sorted(missing)}"
    assert shown.pieced == set(), "put values into a translated sentence"


def test_the_check_sees_what_is_not_translated():
    shown = Shown()
    shown.visit(
        ast.parse(
            "def draw(self):\n"
            "    for heading in ('Said Before', 'prompt'):\n"
            "        self.layout.label(text=heading, icon='INFO')\n"
            "    self.layout.label(text='Kept Words', translate=False)\n"
            "def told(path):\n"
            "    return Line(f'Into {path}', 'INFO'), translated('At {path}', path=path)\n"
        )
    )
    assert shown.alone == {"Said Before", "At {path}"} and shown.pieced == {"f'Into {path}'"}


@pytest.fixture
def foreign(addon, monkeypatch) -> None:
    """A language in which every translated sentence is in quotes."""
    from blender_addon import panel, readiness

    def quoted(sentence: str, **values) -> str:
        return f"«{sentence.format(**values)}»"

    for module in (panel, readiness):
        monkeypatch.setattr(module, "translated", quoted)


@pytest.mark.parametrize(
    "told",
    [
        {"is_waiting": True},
        {"job": None},
        {"is_at_scene": True},
        {"total": 0},
        {"total": 0, "needs_model": False},
        {},
        {"left": None},
    ],
)
def test_how_far_it_is_is_told_in_any_language(foreign, told):
    from blender_addon.panel import _progress

    left = told.get("left", 4.2)
    job = SimpleNamespace(done=8, total=told.get("total", 32), seconds_left=lambda: left)
    order = SimpleNamespace(needs_model=told.get("needs_model", True))
    running = SimpleNamespace(
        job=told.get("job", job),
        is_waiting=told.get("is_waiting", False),
        is_at_scene=told.get("is_at_scene", False),
        request=SimpleNamespace(order=order),
    )
    assert re.fullmatch("«[^«»]+»", _progress(running))


def test_rig_and_model_are_told_in_any_language(bpy, foreign, monkeypatch):
    from blender_addon.model_care import MODEL
    from blender_addon.readiness import model_lines, rig_line
    from motion_engine.models.places import Place

    monkeypatch.setattr(MODEL, "smaller", Place("cpu", "fp32"))
    lines = [rig_line(bpy.context), *model_lines()]
    assert len(lines) == 6 and all("«" in line.text for line in lines)


def test_every_translated_word_is_used(bpy, addon):
    from blender_addon.translations import WORDS

    assert set(WORDS) - sources() - labels(bpy) == set()


def test_every_label_is_translated(bpy, addon):
    from blender_addon.translations import WORDS

    missing = labels(bpy) - UNTRANSLATED - set(WORDS)
    assert missing == set(), f"add to translations.py: {sorted(missing)}"


def test_values_are_put_into_what_is_said_in_any_language():
    from blender_addon.translations import WORDS, translated

    assert translated("{done} of {total} frames", done=8, total=32) == "8 of 32 frames"
    for word, others in WORDS.items():
        holes = sorted(re.findall(r"{\w+}", word))
        assert all(sorted(re.findall(r"{\w+}", other)) == holes for other in others), word


def test_the_table_is_complete():
    from blender_addon.translations import LANGUAGES, WORDS, table

    for word, translated in WORDS.items():
        assert len(translated) == len(LANGUAGES) and all(translated), word
    assert table()["ja_JP"]["Operator", "Generate"] == "生成"
    assert table()["zh_CN"] == table()["zh_HANS"]
    assert table()["de_DE"]["*", "Takes"] == "Takes"

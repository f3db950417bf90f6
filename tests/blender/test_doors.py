"""The ways to Limber besides its panel: menus, a shortcut, Blender's commands."""

import sys
from importlib import util
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from installed_extension import check_equal, traces

pytestmark = pytest.mark.blender


@pytest.fixture
def addon(bpy):
    import blender_addon

    blender_addon.register()
    yield blender_addon
    if hasattr(bpy.types, "LIMBER_PT_generate"):
        blender_addon.unregister()


def test_unregistering_leaves_no_trace(bpy, addon):
    addon.unregister()
    before = traces()
    addon.register()
    assert traces() != before
    addon.unregister()
    check_equal(before, traces())
    addon.register()


def test_two_editions_do_not_meet(addon):
    with pytest.raises(RuntimeError, match="Another edition"):
        addon.register()


class Layout:
    def __init__(self):
        self.drawn = []

    def operator(self, name, **_):
        self.drawn.append(name)

    def separator(self):
        pass


@pytest.mark.parametrize(("mode", "drawn"), [("ACTION", ["limber.generate"]), ("SHAPEKEY", [])])
def test_the_action_editor_has_the_button(addon, mode, drawn):
    from blender_addon.menus import draw_in_action_editor

    header = SimpleNamespace(layout=Layout())
    draw_in_action_editor(header, SimpleNamespace(space_data=SimpleNamespace(mode=mode)))
    assert header.layout.drawn == drawn


def test_the_pose_s_context_menu_has_it(bpy, addon):
    from blender_addon.menus import draw_in_pose_menu

    assert draw_in_pose_menu in bpy.types.VIEW3D_MT_pose_context_menu.draw._draw_funcs
    menu = SimpleNamespace(layout=Layout())
    draw_in_pose_menu(menu, None)
    assert menu.layout.drawn == ["limber.generate"]


def test_the_shortcut_is_nobody_else_s(bpy, addon):
    keymaps = bpy.context.window_manager.keyconfigs.addon.keymaps
    (ours,) = (item for item in keymaps["3D View"].keymap_items if item.idname == "limber.generate")
    chord = (ours.type, bool(ours.ctrl), bool(ours.alt), bool(ours.shift))
    taken = [
        f"{name}: {item[0]}"
        for name, _, content in blender_keymaps(bpy)
        for item in content["items"]
        if item is not None
        and (item[1]["type"], *(bool(item[1].get(key)) for key in ("ctrl", "alt", "shift")))
        == chord
    ]
    assert taken == []


def blender_keymaps(bpy) -> list:
    """Blender's own, from the file that it reads them from: without a window it reads none."""
    scripts = Path(bpy.utils.system_resource("SCRIPTS"))
    path = scripts / "presets" / "keyconfig" / "keymap_data" / "blender_default.py"
    specification = util.spec_from_file_location("blender_default", path)
    module = util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.generate_keymaps(module.Params())


def test_every_operator_can_be_searched_and_says_what_it_does(bpy, addon):
    found = [name for name in dir(bpy.types) if name.startswith("LIMBER_OT_")]
    assert len(found) > 10
    for name in found:
        cls = getattr(bpy.types, name)
        assert cls.bl_label and (cls.__doc__ or getattr(cls, "bl_description", "")), name
        # What only makes sense beside a field of the panel is not offered by the search.
        is_searched = "INTERNAL" not in getattr(cls, "bl_options", ())
        assert is_searched or name in ("LIMBER_OT_add_preset", "LIMBER_OT_new_seed",
                                       "LIMBER_OT_use_prompt", "LIMBER_OT_toggle_part"), name  # fmt: skip


def test_blender_s_command_is_the_program(addon, tmp_path, capsys):
    from blender_addon import commands

    assert commands._commands
    out = tmp_path / "walk.npz"
    asked = ["generate", "a person walks", "--seconds", "1", "--out", str(out)]
    assert commands.run(asked) == 0 and out.is_file()
    assert commands.run(["convert", str(out), "--out", str(tmp_path / "walk.bvh")]) == 0
    assert commands.run([*asked[:-1], str(tmp_path / "walk.xyz")]) == 2
    assert commands.run(["no_such_verb"]) == 2
    assert commands.run(["--help"]) == 0
    assert "retarget" in capsys.readouterr().out

"""The panel's parts for direction and pins, drawn into a layout that knows what Blender's takes."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checked_layout import CheckedLayout

pytestmark = pytest.mark.blender


def drawn(bpy, name: str) -> list[str]:
    panel = getattr(bpy.types, name)
    layout = CheckedLayout()
    panel.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.drawn


def test_direction_shows_what_is_chosen_alone(bpy, addon):
    asked = bpy.context.scene.limber_direction
    button = "limber.generate_directed"
    ways = ["use_path", "use_keys", "use_pins"]
    assert drawn(bpy, "LIMBER_PT_direction") == [*ways, button]
    asked.use_pins = True
    assert drawn(bpy, "LIMBER_PT_direction") == [*ways, "first", "last", button]
    asked.use_path = asked.use_keys = True
    asked.poses.add()
    shown = drawn(bpy, "LIMBER_PT_direction")
    assert {"path_object", "speed", "facing", "key_bones", "LIMBER_UL_poses"} <= set(shown)
    asked.path_source, asked.timing = "ANNOTATION", "MARKERS"
    assert not {"path_object", "speed"} & set(drawn(bpy, "LIMBER_PT_direction"))


def test_pins_show_the_chosen_one(bpy, addon):
    listed = bpy.context.scene.limber_pins
    assert "effector" not in drawn(bpy, "LIMBER_PT_pins")
    item = listed.items.add()
    assert {"rig", "target", "first", "last"} <= set(drawn(bpy, "LIMBER_PT_pins"))
    item.target = bpy.data.objects.new("Cup", bpy.data.meshes.new("Cup"))
    assert "vertex" in drawn(bpy, "LIMBER_PT_pins")


@pytest.mark.parametrize("name", ["LIMBER_UL_pins", "LIMBER_UL_poses"])
def test_rows_of_lists(bpy, addon, name):
    for collection in (
        bpy.context.scene.limber_pins.items,
        bpy.context.scene.limber_direction.poses,
    ):
        collection.add()
    pins, asked = bpy.context.scene.limber_pins, bpy.context.scene.limber_direction
    item = pins.items[0] if name == "LIMBER_UL_pins" else asked.poses[0]
    layout = CheckedLayout()
    getattr(bpy.types, name).draw_item(None, bpy.context, layout, pins, item, 0, pins, "index")
    assert layout.drawn[0] in ("effector", "frame")

"""A layout that draws nothing, but takes only what Blender's own takes."""

from __future__ import annotations

import bpy


class CheckedLayout:
    """``drawn`` holds identifiers of properties, operators and lists, in their order."""

    def __init__(self, drawn: list[str] | None = None):
        object.__setattr__(self, "drawn", [] if drawn is None else drawn)

    def __setattr__(self, name: str, value) -> None:
        assert name in bpy.types.UILayout.bl_rna.properties, name

    def __getattr__(self, name: str):
        known = bpy.types.UILayout.bl_rna.functions[name].parameters

        def call(*given, **named):
            assert set(named) <= set(known.keys()), (name, named)
            if "icon" in named:
                assert named["icon"] in known["icon"].enum_items, named["icon"]
            if name == "prop":
                assert given[1] in given[0].bl_rna.properties, given
                self.drawn.append(given[1])
            if name == "operator":
                group, _, operator = given[0].partition(".")
                assert operator in dir(getattr(bpy.ops, group)), given[0]
                self.drawn.append(given[0])
            if name == "template_list":
                assert hasattr(bpy.types, given[0]), given[0]
                self.drawn.append(given[0])
            return CheckedLayout(self.drawn)

        return call

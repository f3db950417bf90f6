"""The mannequin lit by numpy: for the ghost in the view and for pictures of takes. No bpy here."""

from __future__ import annotations

import numpy as np

from motion_engine.drawing.mannequin import MATERIALS, Mannequin
from motion_engine.drawing.rasterizer import vertex_normals

_LIGHT = np.array([-0.40, -0.55, 0.73])
_AMBIENT, _KEY = 0.45, 0.62


def lit_colours(mannequin: Mannequin, vertices: np.ndarray) -> np.ndarray:
    """sRGB colours ``[V, 3]`` of the vertices in a pose ``[V, 3]``, under one light."""
    palette = np.array([colour for _, colour in MATERIALS])
    normals = vertex_normals(vertices, mannequin.triangles)
    brightness = _AMBIENT + _KEY * np.clip(normals @ _LIGHT * 0.6 + 0.4, 0.0, 1.0)
    return np.clip(palette[vertex_materials(mannequin)] * brightness[:, None], 0.0, 1.0)


def vertex_materials(mannequin: Mannequin) -> np.ndarray:
    """One material ``[V]`` for each vertex: that of the last face that has it."""
    materials = np.zeros(len(mannequin.vertices), dtype=np.int64)
    materials[mannequin.triangles] = mannequin.triangle_materials[:, None]
    return materials

"""The ghost: a light mannequin, drawn over the 3D view, that plays what has been made so far.

It is no object of the scene, so nothing can remain of it, be saved, undone or selected.
"""

from __future__ import annotations

import time

import bpy
import numpy as np

from motion_engine.drawing.mannequin import skin
from motion_engine.motion import ENGINE_FPS, Motion

from .body import default_mannequin
from .shading import lit_colours

_LONGEST_DRAW_SECONDS = 0.08


class Ghost:
    """Chunks come from the worker thread; the main thread draws the frame whose time it is."""

    def __init__(self):
        self._chunks: tuple[tuple[int, Motion], ...] = ()
        self._into_world = np.eye(4)
        self._began_at = 0.0
        self._drawing = None
        self._drawn: tuple[int, object] | None = None
        self._looked_at = 0.0
        self._is_wanted_anyway = False

    def add(self, chunk: Motion, into_world: np.ndarray, first: int) -> None:
        """Take a chunk that begins with frame ``first``, and the matrix ``[4, 4]`` into the world.
        With frame 0 the motion begins, or begins anew."""
        before = self._chunks
        if first == 0:
            default_mannequin()  # built in this thread, not while the view draws
            before = ()
            self._into_world, self._began_at = into_world, time.monotonic()
        self._chunks = (*before, (first, chunk))

    @property
    def frames(self) -> int:
        """How many have come so far."""
        chunks = self._chunks
        return chunks[-1][0] + chunks[-1][1].frames if chunks else 0

    def wants_redraw(self, tick_seconds: float) -> bool:
        """Asked with every tick of a timer. Where ticks come late because the view takes long to
        draw, the ghost goes, so that the window stays smooth."""
        now, before = time.monotonic(), self._looked_at
        self._looked_at = now
        if self._drawing is None or not self.frames:
            return False
        is_late = before > self._began_at and now - before > tick_seconds + _LONGEST_DRAW_SECONDS
        if is_late and not self._is_wanted_anyway:
            self.vanish()
        return self._drawing is not None

    def frame_now(self) -> int:
        """The frame whose time it is: at the motion's own pace, held at the newest one."""
        now = int((time.monotonic() - self._began_at) * ENGINE_FPS)
        return max(0, min(now, self.frames - 1))

    def surface(self, frame: int) -> tuple[np.ndarray, np.ndarray]:
        """Vertices ``[V, 3]`` in the world and their colours ``[V, 3]``."""
        first, chunk = next(pair for pair in reversed(self._chunks) if pair[0] <= frame)
        mannequin = default_mannequin()
        vertices = skin(mannequin, chunk, [min(frame - first, chunk.frames - 1)])[0]
        matrix = self._into_world
        return vertices @ matrix[:3, :3].T + matrix[:3, 3], lit_colours(mannequin, vertices)

    def appear(self, wish: str) -> None:
        """``wish`` is one of the preference's: AUTO, ALWAYS, NEVER."""
        self._is_wanted_anyway = wish == "ALWAYS"
        if self._is_wanted_anyway or (wish == "AUTO" and _has_gpu()):
            self._drawing = bpy.types.SpaceView3D.draw_handler_add(
                self.draw, (), "WINDOW", "POST_VIEW"
            )

    def vanish(self) -> None:
        """Returns at once; chunks that still come are not seen."""
        if self._drawing is not None:
            bpy.types.SpaceView3D.draw_handler_remove(self._drawing, "WINDOW")
            self._drawing = None

    def draw(self) -> None:
        """Called by Blender where it draws a 3D view."""
        import gpu

        if not self._chunks:
            return
        frame = self.frame_now()
        if self._drawn is None or self._drawn[0] != frame:
            self._drawn = frame, self._batch(frame)
        gpu.state.depth_test_set("LESS_EQUAL")
        gpu.state.depth_mask_set(True)
        batch, shader = self._drawn[1]
        batch.draw(shader)
        gpu.state.depth_mask_set(False)
        gpu.state.depth_test_set("NONE")

    def _batch(self, frame: int):
        import gpu
        from gpu_extras.batch import batch_for_shader

        is_old = bpy.app.version < (4, 0, 0)
        shader = gpu.shader.from_builtin("3D_SMOOTH_COLOR" if is_old else "SMOOTH_COLOR")
        places, colours = self.surface(frame)
        opaque = np.concatenate([colours, np.ones((len(colours), 1))], axis=-1)
        contents = {"pos": places.astype(np.float32), "color": opaque.astype(np.float32)}
        triangles = default_mannequin().triangles.astype(np.int32)
        return batch_for_shader(shader, "TRIS", contents, indices=triangles), shader


def _has_gpu() -> bool:
    """Whether the window is drawn by more than the processor."""
    import gpu

    return not bpy.app.background and gpu.platform.device_type_get() != "SOFTWARE"

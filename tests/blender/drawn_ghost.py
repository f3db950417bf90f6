"""Run by the Python of one Blender: draws the ghost of a motion in the making, as the 3D view does.

    PYTHONPATH=. .venvs/blender-5.2.3/bin/python tests/blender/drawn_ghost.py [PICTURE.png]

Blender draws without a window from 5.2 on; before, this says so and ends well. No test framework: such
a Blender has none. Any failure ends the script with a traceback or a message.
"""

import os
import sys

import bpy
import gpu
import numpy as np
from mathutils import Euler, Matrix, Vector

from blender_addon.preview import Ghost
from motion_engine.motion import Motion

SIZE = 400


def main() -> None:
    if not hasattr(gpu, "init"):
        print(f"Blender {bpy.app.version_string} draws in a window alone: no ghost was drawn")
        return
    gpu.init()
    ghost = Ghost()
    for first in (0, 10):
        ghost.add(Motion.standing(10), np.eye(4), first)
    pixels = drawn(ghost)
    save(pixels)
    seen = pixels[..., 3] > 0.5
    rows, columns = np.nonzero(seen)
    height, width = (np.ptp(found) / SIZE * 2.4 for found in (rows, columns))
    check(abs(height - 1.75) < 0.1, f"the figure is {height:.2f} m tall")
    check(abs(width - height) < 0.3, f"arms reach {width:.2f} m in the T-pose")
    check(pixels[seen][:, :3].std() > 0.05, "it is not lit")
    print(f"Blender {bpy.app.version_string}, {gpu.platform.renderer_get()}: the ghost is drawn")


def drawn(ghost: Ghost) -> np.ndarray:
    """Colours ``[SIZE, SIZE, 4]`` of a view from the front, 2.4 m wide, from the bottom up."""
    eye = Matrix.LocRotScale(Vector((0.0, -5.0, 1.0)), Euler((np.pi / 2.0, 0.0, 0.0)), None)
    lens = Matrix.Diagonal((1.0 / 1.2, 1.0 / 1.2, -1.0 / 10.0, 1.0))
    offscreen = gpu.types.GPUOffScreen(SIZE, SIZE)
    with offscreen.bind(), gpu.matrix.push_pop(), gpu.matrix.push_pop_projection():
        buffer = gpu.state.active_framebuffer_get()
        buffer.clear(color=(0.0, 0.0, 0.0, 0.0), depth=1.0)
        gpu.matrix.load_matrix(eye.inverted())
        gpu.matrix.load_projection_matrix(lens)
        ghost.draw()
        read = buffer.read_color(0, 0, SIZE, SIZE, 4, 0, "FLOAT")
    return np.array(read.to_list(), dtype=np.float32)


def save(pixels: np.ndarray) -> None:
    if len(sys.argv) > 1:
        image = bpy.data.images.new("Ghost", SIZE, SIZE, alpha=True)
        image.pixels.foreach_set(pixels.ravel())
        image.filepath_raw, image.file_format = os.path.abspath(sys.argv[1]), "PNG"
        image.save()


def check(is_so, message: str) -> None:
    if not is_so:
        sys.exit(message)


main()
sys.stdout.flush()
os._exit(0)  # Blender as a module may crash while Python shuts down

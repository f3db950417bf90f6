"""Run by the Python of one Blender that holds nothing else: from a sentence to a played .blend.

    PYTHONPATH=. .venvs/blender-4.2.23/bin/python tests/blender/without_torch.py

No test framework: such a Blender has none. Any failure ends the script with a traceback.
"""

import sys
import tempfile
import time
from importlib import util
from pathlib import Path

import bpy
import numpy as np

import motion_engine
from motion_engine.output import write_motion

FORBIDDEN = ("torch", "scipy", "transformers", "safetensors", "PIL")
SENTENCE = "a person walks forward"


def main() -> None:
    present = [name for name in FORBIDDEN if util.find_spec(name)]
    if present:
        sys.exit(f"this Blender shall hold nothing but bpy, yet it has {', '.join(present)}")
    began = time.perf_counter()
    model = motion_engine.load()
    loaded = time.perf_counter()
    motion = motion_engine.generate_motion(
        motion_engine.Command(SENTENCE, seconds=9.8, seed=1), model
    )
    made = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk.blend"
        write_motion(motion, path, title=SENTENCE)
        error = played_error_m(path, motion)
    print(
        f"Blender {bpy.app.version_string}, Python {sys.version.split()[0]}, "
        f"numpy {np.__version__}: loaded in {loaded - began:.2f} s, "
        f"9.8 s of motion in {made - loaded:.2f} s, joints within {1000 * error:.2f} mm"
    )
    if not (motion.frames == 294 and error < 1e-3):
        sys.exit("the file does not play the motion")


def played_error_m(path: Path, motion: motion_engine.Motion) -> float:
    """Largest distance between the motion's joints and the opened file's, on five frames."""
    bpy.ops.wm.open_mainfile(filepath=str(path))
    armature = next(item for item in bpy.data.objects if item.type == "ARMATURE")
    positions = motion.joint_positions()
    errors = []
    for index in np.linspace(0, motion.frames - 1, 5).astype(int):
        bpy.context.scene.frame_set(int(index) + 1)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        joints = [posed.matrix_world @ posed.pose.bones[n].head for n in motion.skeleton.names]
        errors.append(np.linalg.norm(np.array(joints) - positions[index], axis=-1).max())
    return float(max(errors))


main()

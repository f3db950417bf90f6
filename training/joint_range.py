"""The range in which real people turn their joints: ``python -m training.joint_range PREPARED``.

Writes ``joint_range.json`` beside this file from the mocap clips of ``training.prepare`` that are
not held out. A joint's turn is its local rotation vector; left and right count as one, mirrored.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.motion import Motion
from motion_engine.skeleton import BODY_JOINTS, SMPLX

RANGE = Path(__file__).with_name("joint_range.json")
RECORDED = ("cmu_", "reactidle")  # families of clips that people performed
IN_ACTION = ("cmu_",)
QUANTILES = (0.001, 0.999)
HEAD_ERROR_DEGREES = 100.0  # frames on which a recording turns the head farther are mistaken
MARGIN_DEGREES = 20.0  # with it, walks of other people stay inside; a ballet dancer does not
EVERY_FRAMES = 10
_MIRROR = np.array([1.0, -1.0, -1.0])
_JOINTS = SMPLX.names[1:BODY_JOINTS]


def turns_degrees(motion: Motion) -> np.ndarray:
    """Rotation vectors ``[F, 21, 3]`` of the body's joints but for the pelvis, degrees."""
    return np.degrees(rotations.to_axis_angle(motion.local_rotations[:, 1:BODY_JOINTS]))


def outside_range(motion: Motion) -> np.ndarray:
    """Frames ``[F]`` on which some joint of the body is turned as real people hardly turn it."""
    low, high = _limits()
    turns = turns_degrees(motion)
    return ((turns < low) | (turns > high)).any(axis=(1, 2))


def recorded_clips(
    prepared: Path, held_out: bool, families: tuple[str, ...] = RECORDED
) -> Iterator[Motion]:
    """The recorded clips of a folder of ``training.prepare``, those held out or the others.

    Raises LimberError where the folder has no index.
    """
    index = Path(prepared) / "index.json"
    if not index.is_file():
        raise LimberError(f"{index}: no such index; make it with python -m training.prepare.")
    for entry in json.loads(index.read_text(encoding="utf-8")):
        if entry["held_out"] == held_out and entry["family"].startswith(families):
            yield Motion.load(Path(prepared) / f"{entry['clip']}.npz")


def measure_range(motions: Iterator[Motion]) -> dict[str, dict[str, list[float]]]:
    """``low`` and ``high`` by joint, degrees, with the margin; symmetrical in left and right."""
    turns = np.concatenate([turns_degrees(motion)[::EVERY_FRAMES] for motion in motions])
    turns = turns[np.linalg.norm(turns[:, _JOINTS.index("head")], axis=-1) < HEAD_ERROR_DEGREES]
    limits: dict[str, dict[str, list[float]]] = {}
    for joint, name in enumerate(_JOINTS):
        other = _JOINTS.index(_opposite(name))
        pooled = np.concatenate([turns[:, joint], turns[:, other] * _MIRROR])
        low, high = np.quantile(pooled, QUANTILES, axis=0)
        limits[name] = {
            "low": np.round(low - MARGIN_DEGREES, 1).tolist(),
            "high": np.round(high + MARGIN_DEGREES, 1).tolist(),
        }
    return limits


def _opposite(name: str) -> str:
    side, _, rest = name.partition("_")
    return {"left": f"right_{rest}", "right": f"left_{rest}"}.get(side, name)


@cache
def _limits() -> tuple[np.ndarray, np.ndarray]:
    limits = json.loads(RANGE.read_text(encoding="utf-8"))
    low, high = (np.array([limits[name][end] for name in _JOINTS]) for end in ("low", "high"))
    return low, high


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("prepared", type=Path)
    options = parser.parse_args(given)
    try:
        limits = measure_range(recorded_clips(options.prepared, held_out=False))
    except LimberError as error:
        print(f"joint_range: {error}", file=sys.stderr)
        return 2
    lines = [f" {json.dumps(name)}: {json.dumps(ends)}" for name, ends in limits.items()]
    with replaced_when_done(RANGE) as temporary:
        temporary.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

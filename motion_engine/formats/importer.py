"""Any mocap file to a Motion: 30 fps, SMPL-X joints, feet on the floor."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from .. import rotations
from ..contacts import with_detected_contacts
from ..errors import LimberError
from ..motion import ENGINE_FPS, Motion, resample
from ..skeleton import SMPLX, STANDING
from .asf_amc import read_amc
from .bvh import read_bvh
from .carry_over import carry_over
from .families import SMPLX_NAMES, Family, identify
from .recording import Recording

REST_POSE_FRAMES = 10
READERS = {".bvh": read_bvh, ".amc": read_amc}


def import_motion(path: str | os.PathLike, fps: float | None = None) -> Motion:
    """Read ``.bvh``, ``.amc`` (with its ``.asf``) or ``.npz`` (AMASS, SMPL-X) as a Motion.

    ``fps`` overrides the rate that the file states. Place and facing in the source's world are
    kept; heights are measured from the floor that the feet stand on. Raises LimberError.
    """
    path = Path(path)
    if fps is not None and not 0.0 < fps < np.inf:
        raise LimberError(f"fps must be a positive number, not {fps}.")
    suffix = path.suffix.lower()
    if suffix == ".npz":
        motion = Motion.load(path)
        return resample(replace(motion, fps=float(fps or motion.fps)), ENGINE_FPS)
    if suffix not in READERS:
        raise LimberError(f"{path}: cannot read {suffix or 'this'} files; give .bvh, .amc or .npz.")
    recording = READERS[suffix](path)
    try:
        return motion_from_recording(replace(recording, fps=float(fps or recording.fps)))
    except LimberError as error:
        raise LimberError(f"{path}: {error}") from None


def motion_from_recording(recording: Recording, family: Family | None = None) -> Motion:
    """Carry a recording over to our skeleton at 30 fps; the family is told by joint names."""
    family = family or identify(recording.skeleton.names)
    if family.lead_in:
        recording = without_added_rest_pose(recording, family.lead_in)
    recording = recording.resample(ENGINE_FPS)
    if family is SMPLX_NAMES and (scale := _metres_per_unit(recording)) is not None:
        return _as_it_is(recording, scale)
    if recording.frames < 2:
        raise LimberError("the clip is shorter than two frames at 30 fps; give a longer one.")
    return carry_over(recording, family)


def without_added_rest_pose(recording: Recording, lead_in: int) -> Recording:
    """Drops a T-pose put before the clip, and the ``lead_in`` frames that lead out of it.

    Such a pose is far nearer to zero rotations than the clip that follows it after a jump.
    """
    if recording.frames <= REST_POSE_FRAMES:
        return recording
    start = recording.local_rotations[: REST_POSE_FRAMES + 1]
    bent = rotations.angle(start).mean(axis=1)
    at_rest = np.flatnonzero(bent[:-1] < bent[-1] / 4.0)
    jumped = np.max(_steps(start).mean(axis=1)) > 5.0 * _usual_step(recording)
    if not jumped or not len(at_rest) or at_rest[-1] != len(at_rest) - 1:
        return recording
    return recording.cut(len(at_rest) - 1 + lead_in)


def _usual_step(recording: Recording) -> float:
    """Median over frames of the mean turn of all joints from frame to frame, radians."""
    return float(np.median(_steps(recording.local_rotations).mean(axis=1)))


def _steps(turns: np.ndarray) -> np.ndarray:
    """Angles between neighbours along the first axis, radians."""
    return rotations.angle(rotations.multiply(rotations.conjugate(turns[:-1]), turns[1:]))


def _metres_per_unit(recording: Recording) -> float | None:
    """Metres per file unit where the skeleton is exactly ours, else None."""
    order = [recording.skeleton.index(name) for name in SMPLX.names]
    offsets = recording.skeleton.offsets[order][1:]
    scale = np.sum(offsets * SMPLX.offsets[1:]) / max(np.sum(offsets**2), 1e-12)
    same = np.abs(offsets * scale - SMPLX.offsets[1:]).max() < 1e-4
    return float(f"{scale:.4g}") if same else None


def _as_it_is(recording: Recording, metres_per_unit: float) -> Motion:
    """A recording on our own skeleton: only its axes and units change."""
    order = [recording.skeleton.index(name) for name in SMPLX.names]
    local = recording.local_rotations[:, order].copy()
    local[:, 0] = rotations.multiply(STANDING, local[:, 0])
    root = rotations.rotate(STANDING, recording.local_positions[:, 0]) * metres_per_unit
    motion = Motion(root, rotations.unroll(local), np.zeros((recording.frames, 4)))
    return with_detected_contacts(motion)

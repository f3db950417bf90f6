"""Data sets that users hold licences for: AMASS folders and captions in the form of HumanML3D.

Nothing of either is shipped; the files are read as their authors distribute them.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from motion_engine.errors import LimberError
from motion_engine.formats.carry_over import on_the_floor
from motion_engine.formats.importer import import_motion
from motion_engine.motion import ENGINE_FPS, Motion, mirror

HUMANML3D_FPS = 20.0
# Seconds of calibration that HumanML3D cuts from the head of these parts of AMASS before it counts.
LEAD_SECONDS = {
    "Eyes_Japan_Dataset": 3.0,
    "MPI_HDM05": 3.0,
    "TotalCapture": 1.0,
    "MPI_Limits": 1.0,
    "Transitions_mocap": 0.5,
}


@dataclass(frozen=True)
class Caption:
    """``text`` with its ``tokens`` ("walk/VERB"), for ``start_seconds`` to ``end_seconds`` of the
    clip; the end is None where the caption holds for all of it."""

    text: str
    tokens: tuple[str, ...]
    start_seconds: float = 0.0
    end_seconds: float | None = None


@dataclass(frozen=True)
class CaptionedMotion:
    """``clip``: the data set's own name, with its leading M where mirrored."""

    clip: str
    motion: Motion
    captions: tuple[str, ...]


@dataclass(frozen=True)
class Excerpt:
    """Where a clip of HumanML3D lies: a file of AMASS, and seconds in it."""

    path: Path
    start_seconds: float
    end_seconds: float


def load_amass(folder: Path) -> Iterator[tuple[str, Motion]]:
    """Name (path without suffix) and Motion of every clip below an AMASS folder, in order.

    SMPL-H (``poses [F, 156]``) and SMPL-X (``[F, 165]``) at any rate; files without poses, such
    as ``shape.npz``, are passed over. Raises LimberError where there is no clip at all.
    """
    folder, found = Path(folder), False
    for path in sorted(folder.rglob("*.npz")):
        if _holds_poses(path):
            found = True
            name = path.relative_to(folder).with_suffix("").as_posix()
            yield name, on_the_floor(import_motion(path))
    if not found:
        raise LimberError(f"{folder}: no AMASS clips (.npz with poses) there; give their folder.")


def _holds_poses(path: Path) -> bool:
    try:
        with np.load(path, allow_pickle=False) as file:
            return "poses" in file.files
    except (ValueError, OSError, EOFError, BadZipFile):
        return True  # Unreadable files are reported where they are read.


def read_captions(path: Path) -> list[Caption]:
    """Lines of ``caption#tokens#start#end``; a start and end of 0.0 mean the whole clip.

    Raises LimberError with the line that cannot be read.
    """
    path = Path(path)
    if not path.is_file():
        raise LimberError(f"{path}: no such file.")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    captions = [_caption(line, f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not captions:
        raise LimberError(f"{path}: holds no captions; write caption#tokens#start#end lines.")
    return captions


def _caption(line: str, where: str) -> Caption:
    parts = line.strip().split("#")
    try:
        text, tokens, start, end = parts
        # HumanML3D writes nan where its annotators gave no time.
        start_seconds, end_seconds = (float(np.nan_to_num(float(word))) for word in (start, end))
    except ValueError:
        raise LimberError(f"{where}: expected caption#tokens#start#end, found {line!r}.") from None
    if not text.strip() or start_seconds < 0.0:
        raise LimberError(f"{where}: a caption needs words and a start of at least zero.")
    if start_seconds == end_seconds == 0.0:
        return Caption(text.strip(), tuple(tokens.split()))
    if end_seconds <= start_seconds:
        raise LimberError(f"{where}: the end {end} does not come after the start {start}.")
    return Caption(text.strip(), tuple(tokens.split()), start_seconds, end_seconds)


def load_humanml3d(
    texts: Path, motions: Path, index: Path | None = None
) -> Iterator[CaptionedMotion]:
    """Captioned clips for every ``ID.txt`` in ``texts``, one for each stretch that captions name.

    Motions are ``motions/ID.npz`` (AMASS form) or, with HumanML3D's ``index.csv``, excerpts of the
    AMASS folder ``motions``. A mirrored clip ``MID`` without a file of its own is the mirror image
    of ``ID``. Clips without a motion are passed over; raises LimberError where all are.
    """
    excerpts = {} if index is None else read_humanml3d_index(index, Path(motions))
    found = False
    for text in sorted(Path(texts).glob("*.txt")):
        motion = _motion_of(text.stem, Path(motions), excerpts)
        if motion is not None:
            found = True
            yield from _stretches(text.stem, motion, read_captions(text))
    if not found:
        raise LimberError(f"{texts}: no captions with a motion in {motions}; give both folders.")


def read_humanml3d_index(path: Path, amass: Path) -> dict[str, Excerpt]:
    """Excerpts by clip from ``index.csv`` (source_path, start_frame, end_frame, new_name).

    Frames count at 20 a second. HumanAct12 has no joint rotations and is left out.
    """
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"source_path", "start_frame", "end_frame", "new_name"} <= set(rows[0]):
        raise LimberError(f"{path}: not HumanML3D's index.csv (its columns are missing).")
    return {
        Path(row["new_name"]).stem: _excerpt(row, amass)
        for row in rows
        if "humanact12" not in row["source_path"]
    }


def _excerpt(row: dict[str, str], amass: Path) -> Excerpt:
    parts = [part for part in Path(row["source_path"]).parts if part not in (".", "pose_data")]
    lead = next((LEAD_SECONDS[part] for part in parts if part in LEAD_SECONDS), 0.0)
    start, end = (int(row[key]) / HUMANML3D_FPS + lead for key in ("start_frame", "end_frame"))
    if int(row["end_frame"]) < 0:
        end = np.inf
    return Excerpt(amass.joinpath(*parts).with_suffix(".npz"), start, end)


def _motion_of(clip: str, motions: Path, excerpts: dict[str, Excerpt]) -> Motion | None:
    if (path := motions / f"{clip}.npz").is_file():
        return on_the_floor(import_motion(path))
    if clip.startswith("M"):
        original = _motion_of(clip[1:], motions, excerpts)
        return None if original is None else mirror(original)
    excerpt = excerpts.get(clip)
    if excerpt is None or not excerpt.path.is_file():
        return None
    whole = on_the_floor(import_motion(excerpt.path))
    return _between(whole, excerpt.start_seconds, excerpt.end_seconds)


def _stretches(clip: str, motion: Motion, captions: list[Caption]) -> Iterator[CaptionedMotion]:
    """One clip for each stretch of time, with all captions of that stretch."""
    by_time: dict[tuple[float, float | None], list[str]] = {}
    for caption in captions:
        by_time.setdefault((caption.start_seconds, caption.end_seconds), []).append(caption.text)
    for (start, end), texts in by_time.items():
        stretch = _between(motion, start, np.inf if end is None else end)
        if stretch is not None:
            yield CaptionedMotion(clip, stretch, tuple(texts))


def _between(motion: Motion, start_seconds: float, end_seconds: float) -> Motion | None:
    """The frames of a stretch, None where the clip holds fewer than two of them."""
    start = round(start_seconds * ENGINE_FPS)
    stop = min(motion.frames, round(min(end_seconds, motion.seconds) * ENGINE_FPS))
    return motion.cut(start, stop) if stop - start >= 2 else None

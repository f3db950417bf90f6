"""Mocap archives to Motions: ``python -m training.prepare DATA_FOLDER OUT_FOLDER``.

Reads ``DATA_FOLDER/mocap/*.tar.xz``, writes ``OUT_FOLDER/family/clip.npz`` for every clip and
``OUT_FOLDER/index.json``. A second run does only what is missing.
"""

import argparse
import csv
import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.formats.importer import import_motion

from .archives import opened, safe_members
from .held_out import is_held_out, subject_of

WORKERS = 2
CLIP_SUFFIXES = (".bvh", ".amc")


@dataclass(frozen=True)
class Clip:
    """One line of the index. ``clip`` is ``family/name``; ``frames`` are at 30 fps."""

    clip: str
    family: str
    subject: str
    frames: int
    held_out: bool
    description: str


@dataclass(frozen=True)
class Job:
    """One file to import; ``fps`` overrides a header that is known to be wrong."""

    clip: str
    source: Path
    target: Path
    fps: float | None
    description: str


def prepare(data_folder: Path, out_folder: Path, again: bool = False) -> list[Clip]:
    """Import every archive of the data folder; returns and writes the index.

    Raises LimberError where the folder holds no archives or an archive is unsafe.
    """
    archives = sorted((data_folder / "mocap").glob("*.tar.xz"))
    if not archives:
        raise LimberError(f"{data_folder}: no mocap/*.tar.xz there; give the data folder.")
    out_folder.mkdir(parents=True, exist_ok=True)
    facts = read_index(data_folder / "mocap" / "cmu_index.csv")
    with (
        tempfile.TemporaryDirectory(dir=out_folder, prefix=".unpacked-") as unpacked,
        ProcessPoolExecutor(WORKERS) as pool,
    ):
        jobs: list[Job] = []
        for archive in tqdm(archives, desc="unpack", unit="archive"):
            folder = Path(unpacked) / archive.name
            extract(archive, folder)
            jobs += list_jobs(archive, folder, out_folder, facts)
        results = pool.map(run_job, jobs, [again] * len(jobs), chunksize=4)
        clips = list(tqdm(results, total=len(jobs), desc="import", unit="clip"))
    write_index(clips, out_folder / "index.json")
    return clips


def read_index(path: Path) -> dict[str, dict[str, str]]:
    """Rows of ``cmu_index.csv`` by file; empty where there is none."""
    if not path.is_file():
        return {}
    with open(path, newline="", encoding="utf-8") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def extract(archive: Path, folder: Path) -> None:
    """Unpack an archive whose members are plain files that stay inside the folder.

    Raises LimberError for other members and for archives that are cut off.
    """
    with opened(archive) as tar:
        tar.extractall(folder, list(safe_members(archive, tar)), filter="data")


def list_jobs(archive: Path, folder: Path, out_folder: Path, facts: dict) -> list[Job]:
    """A job for each clip of an unpacked archive, in the order of their names."""
    family = archive.name.removesuffix(".tar.xz").removesuffix("_bvh")
    jobs = []
    for source in sorted(path for path in folder.rglob("*") if path.suffix in CLIP_SUFFIXES):
        row = facts.get(source.relative_to(folder).as_posix(), {})
        clip = f"{family}/{source.stem}"
        fps = float(row["true_fps"]) if row else None
        target = out_folder / f"{clip}.npz"
        jobs.append(Job(clip, source, target, fps, row.get("description", "")))
    return jobs


def run_job(job: Job, again: bool) -> Clip:
    """Import one file unless its result is there already."""
    if again or not job.target.is_file():
        job.target.parent.mkdir(parents=True, exist_ok=True)
        import_motion(job.source, fps=job.fps).save(job.target)
    with np.load(job.target, allow_pickle=False) as file:
        frames = len(file["trans"])
    family = job.clip.partition("/")[0]
    return Clip(
        job.clip, family, subject_of(job.clip), frames, is_held_out(job.clip), job.description
    )


def write_index(clips: list[Clip], path: Path) -> None:
    with replaced_when_done(path) as temporary:
        temporary.write_text(json.dumps([asdict(c) for c in clips], indent=1), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data_folder", type=Path, help="the folder that holds mocap/*.tar.xz")
    parser.add_argument("out_folder", type=Path, help="where the motions go")
    parser.add_argument("--again", action="store_true", help="import clips that are there already")
    arguments = parser.parse_args()
    try:
        clips = prepare(arguments.data_folder, arguments.out_folder, arguments.again)
    except LimberError as error:
        print(error, file=sys.stderr)
        return 2
    kept = sum(clip.frames for clip in clips if clip.held_out)
    total = sum(clip.frames for clip in clips)
    print(f"{len(clips)} clips, {total / 1800:.1f} minutes, {kept / 1800:.1f} of them held out")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Downloads the training data, source by source, as ``limber data fetch FOLDER`` does.

Every file is checked against the manifest; the files of a source are then packed into the archive
that ``training.prepare`` reads. A second run does only what is missing.
"""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.models.checksums import sha256_of
from motion_engine.models.downloads import Progress, download

from .archives import checksums, pack
from .data_manifest import Source

INDEX = "cmu_index.csv"
INDEX_COLUMNS = ("trial", "file", "frames", "true_fps", "description", "source")

Report = Callable[[str], None]


def archive_of(source: Source, folder: Path) -> Path:
    return folder / "mocap" / f"{source.name}.tar.xz"


def fetch(source: Source, folder: Path, progress: Progress = lambda count: None) -> str:
    """Brings one source into the data folder; a line that says what lies there now.

    Raises LimberError; what has arrived until then is kept for the next call.
    """
    archive = archive_of(source, folder)
    if archive.is_file():
        return f"{archive}: there already, {check(source, archive)}"
    if not source.is_public:
        return f"{source.name}: cannot be downloaded. {source.note}"
    if source.archive is not None:
        _fetch_archive(source, archive, progress)
    else:
        _fetch_files(source, archive, progress)
    return f"{archive}: {check(source, archive)}"


def check(source: Source, archive: Path) -> str:
    """Compares every file inside with the manifest; raises LimberError at what is not in it."""
    expected = {file.name: file.sha256 for file in source.files}
    found = checksums(archive)
    for name, sha256 in found.items():
        if expected.get(name) != sha256:
            raise LimberError(
                f"{archive}: {name} is not the file of the manifest; delete the archive if it "
                "is there, and fetch it again."
            )
    lacking = len(expected) - len(found)
    return f"{len(found)} files checked" + (f", {lacking} not public" if lacking else "")


def write_index(sources: list[Source], folder: Path) -> None:
    """``mocap/cmu_index.csv`` beside archives: rates and descriptions, unless there is one."""
    path = folder / "mocap" / INDEX
    if path.is_file() or not any(path.parent.glob("*.tar.xz")):
        return
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(INDEX_COLUMNS)
    writer.writerows(sorted(index_rows(sources)))
    with replaced_when_done(path) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")


def index_rows(sources: list[Source]) -> list[tuple[str, ...]]:
    """A row of text for each clip that the manifest knows facts of."""
    return [
        (Path(file.name).stem, file.name, str(row.frames), row.fps, row.description, row.source)
        for source in sources
        for file in source.files
        if (row := file.index) is not None
    ]


def _fetch_archive(source: Source, archive: Path, progress: Progress) -> None:
    """Its members are looked through under another name, so that nothing unsafe takes its place."""
    arrived = archive.with_name(f".{archive.name}.download")
    download(source.archive, arrived, progress)
    try:
        check(source, arrived)
        arrived.replace(archive)
    finally:
        arrived.unlink(missing_ok=True)


def _fetch_files(source: Source, archive: Path, progress: Progress) -> None:
    parts = archive.with_name(f".{source.name}.download")
    arrived = {}
    for file in source.public_files:
        path = arrived[file.name] = parts / file.name
        if path.is_file() and sha256_of(path) == file.sha256:
            progress(file.bytes)
        else:
            download(file.remote, path, progress)
    try:
        pack(arrived, archive)
    except OSError as error:
        raise LimberError(f"{archive}: {error.strerror}; mend that and run it again.") from error
    shutil.rmtree(parts)

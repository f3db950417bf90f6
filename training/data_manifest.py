"""Where the training data come from: ``data_manifest.json``, read and checked.

Each source is an archive below ``mocap/`` of the data folder. Its files have addresses of their own
at a pinned commit, or the archive has one as a whole; a file without an address can be had from
nowhere, and the source's note says why. ``sha256`` is always that of the file that was used.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from motion_engine.errors import LimberError
from motion_engine.models.downloads import RemoteFile

MANIFEST = Path(__file__).with_name("data_manifest.json")
FORMAT = 1


@dataclass(frozen=True)
class IndexRow:
    """What ``cmu_index.csv`` says of a clip: frames at ``fps``, and the database's own words."""

    frames: int
    fps: str
    description: str
    source: str


@dataclass(frozen=True)
class DataFile:
    """A file of an archive; ``address`` is None where it is not public in this form."""

    name: str
    bytes: int
    sha256: str
    address: str | None = None
    drops_carriage_returns: bool = False
    index: IndexRow | None = None

    @property
    def remote(self) -> RemoteFile:
        return RemoteFile(self.address, self.bytes, self.sha256, self.drops_carriage_returns)


@dataclass(frozen=True)
class Source:
    """An archive of the data folder, ``mocap/NAME.tar.xz``, and the files in it.

    ``used_sha256`` is that of the archive that the shipped weights were trained on; an archive
    packed from downloads holds the same files and differs in its compression.
    """

    name: str
    title: str
    licence: str
    home: str
    note: str
    used_sha256: str
    files: tuple[DataFile, ...]
    archive: RemoteFile | None = None

    @property
    def public_files(self) -> list[DataFile]:
        return [file for file in self.files if file.address is not None]

    @property
    def bytes(self) -> int:
        """What there is to download."""
        return self.archive.bytes if self.archive else sum(f.bytes for f in self.public_files)

    @property
    def is_public(self) -> bool:
        return self.archive is not None or bool(self.public_files)


def read_manifest(path: Path = MANIFEST) -> list[Source]:
    """All sources; raises LimberError for a file that is no such manifest."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise LimberError(f"{path}: a manifest of format {values['format']}; update Limber.")
        return [_source(entry) for entry in values["sources"]]
    except OSError as error:
        raise LimberError(f"{path}: {error.strerror}; give a manifest.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, LimberError):
            raise
        raise LimberError(f"{path}: no manifest of training data ({error!r}).") from error


def _source(entry: dict) -> Source:
    files = tuple(_file(values) for values in entry["files"])
    archive = entry.get("archive") and RemoteFile(**entry["archive"])
    if not re.fullmatch(r"\w+", entry["name"], re.ASCII):
        raise ValueError(f"a source called {entry['name']!r}")
    return Source(**(entry | {"files": files, "archive": archive}))


def _file(values: dict) -> DataFile:
    parts = values["name"].split("/")
    if any(not re.fullmatch(r"[\w-][\w.-]*", part, re.ASCII) for part in parts):
        raise ValueError(f"a file called {values['name']!r}")
    index = values.get("index") and IndexRow(**values["index"])
    return DataFile(**(values | {"index": index}))

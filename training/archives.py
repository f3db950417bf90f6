"""Archives of motion files: looked through before use, and written alike every time."""

import hashlib
import lzma
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done

LARGEST_BYTES = 4 * 2**30


@contextmanager
def opened(archive: Path) -> Iterator[tarfile.TarFile]:
    """A .tar.xz to read; LimberError for one that is cut off, also while it is read."""
    try:
        with tarfile.open(archive, "r:xz") as tar:
            yield tar
    except (tarfile.TarError, lzma.LZMAError, EOFError) as error:
        raise LimberError(f"{archive}: not a whole archive ({error}); copy it again.") from error


def safe_members(archive: Path, tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The members one by one: plain files and folders that stay inside, of a bearable size.

    Raises LimberError at the first other one, before any of its content is read.
    """
    size = 0
    for member in tar:
        inside = Path("/inside", member.name).resolve().is_relative_to("/inside")
        if not inside or "\\" in member.name or not (member.isreg() or member.isdir()):
            raise LimberError(f"{archive}: unsafe member {member.name!r}; do not use it.")
        size += member.size
        if size > LARGEST_BYTES:
            raise LimberError(f"{archive}: unpacks to more than 4 GiB; split it.")
        yield member


def checksums(archive: Path) -> dict[str, str]:
    """The sha256 of each file inside, by name; nothing is unpacked to the disk."""
    found = {}
    with opened(archive) as tar:
        for member in safe_members(archive, tar):
            content = tar.extractfile(member)
            if content is not None:
                found[member.name] = hashlib.file_digest(content, "sha256").hexdigest()
    return found


def pack(files: dict[str, Path], archive: Path) -> None:
    """Writes a .tar.xz of files by their names inside: equal bytes for equal files."""
    with (
        replaced_when_done(archive) as temporary,
        tarfile.open(temporary, "w:xz", preset=1) as tar,
    ):
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = files[name].stat().st_size
            with open(files[name], "rb") as content:
                tar.addfile(member, content)

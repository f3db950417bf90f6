"""Files of the network: they go on where they were cut off, have a largest size and a checksum.

Nothing here asks the user: whoever calls has done so.
"""

import http.client
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import LimberError
from ..files import replaced_when_done
from .checksums import sha256_of

TRIES = 3
PAUSE_SECONDS = 1.0
_TIMEOUT_SECONDS = 30.0
_CHUNK = 1 << 18
_NOT_SATISFIABLE = 416
_LASTING = (400, 401, 403, 404, 410, 451)

Progress = Callable[[int], None]
"""Hears how many bytes have arrived since the last call; fewer than none after a new start."""


@dataclass(frozen=True)
class RemoteFile:
    """A file by address; ``bytes`` and ``sha256`` are those of the file that is kept.

    With ``drops_carriage_returns`` the public file ends its lines in CR LF, and the one that is
    meant in LF: the former becomes the latter before it is checked.
    """

    address: str
    bytes: int
    sha256: str
    drops_carriage_returns: bool = False

    @property
    def largest(self) -> int:
        """More bytes than this cannot be the file."""
        return 2 * self.bytes if self.drops_carriage_returns else self.bytes


class _CutOff(Exception):
    """The network failed in a way that may pass."""


def download(file: RemoteFile, target: Path, progress: Progress = lambda count: None) -> None:
    """The file at ``target``, whole and checked, or not at all.

    What has arrived of a file that is cut off stays beside it as ``.NAME.part``, and the next call
    goes on from there. Raises LimberError.
    """
    _check_allowed(file.address)
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if part.is_file():
            progress(part.stat().st_size)
        _arrive(file, part, progress)
        if file.drops_carriage_returns:
            _drop_carriage_returns(part)
        if sha256_of(part) != file.sha256:
            part.unlink()
            raise LimberError(
                f"{file.address}: not the file that Limber knows (its checksum differs), so it was "
                "not kept; look for a newer Limber."
            )
        os.replace(part, target)
    except OSError as error:
        raise LimberError(
            f"{error.filename or target}: {error.strerror}; mend that and run it again, it goes on "
            "from there."
        ) from error


def _check_allowed(address: str) -> None:
    if not address.startswith(("https://", "http://")):
        raise LimberError(f"{address}: only files of the web are downloaded.")
    blender = sys.modules.get("bpy")
    if blender is None or getattr(blender.app, "module", False):
        return
    if not getattr(blender.app, "online_access", True):
        raise LimberError(
            "Blender may not go online; allow it in Preferences > System > Network, or with "
            "--online-mode."
        )


def _arrive(file: RemoteFile, part: Path, progress: Progress) -> None:
    """Everything that the server has of the file into ``part``, after some tries."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE_SECONDS * attempt)
        try:
            return _arrive_once(file, part, progress)
        except _CutOff as error:
            reason = error
    raise LimberError(
        f"{file.address}: {reason}; look after the network and run it again, it goes on from there."
    )


def _arrive_once(file: RemoteFile, part: Path, progress: Progress) -> None:
    held = part.stat().st_size if part.is_file() else 0
    response = _answer(file.address, held)
    if response is None:
        return  # everything had arrived, and the check had not been made
    with response:
        if held and not _goes_on_from(response, held):
            progress(-held)
            held = 0
        _write(response, file, part, held, progress)


def _answer(address: str, held: int) -> http.client.HTTPResponse | None:
    """What the server sends after the first ``held`` bytes; None if those are all."""
    request = urllib.request.Request(address, headers={"User-Agent": "limber"})
    if held:
        request.add_header("Range", f"bytes={held}-")
    try:
        return urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == _NOT_SATISFIABLE and held:
            if error.headers.get("Content-Range", "").endswith(f"/{held}"):
                return None
            return _answer(address, 0)
        if error.code in _LASTING:
            raise LimberError(
                f"{address}: the server answers {error.code} ({error.reason}); look for a newer "
                "Limber."
            ) from error
        raise _CutOff(f"the server answers {error.code}") from error
    except urllib.error.URLError as error:
        raise _CutOff(f"no answer ({error.reason})") from error
    except (OSError, http.client.HTTPException) as error:
        raise _CutOff(f"no answer ({error or type(error).__name__})") from error


def _goes_on_from(response: http.client.HTTPResponse, held: int) -> bool:
    """Whether a server has understood that only the rest is wanted."""
    start = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return response.status == 206 and start is not None and int(start[1]) == held


def _write(response, file: RemoteFile, part: Path, held: int, progress: Progress) -> None:
    """Appends what arrives to the first ``held`` bytes."""
    announced = response.headers.get("Content-Length") or ""
    expected = held + int(announced) if announced.isdigit() else held
    _check_size(expected, file, part)
    with open(part, "ab" if held else "wb") as output:
        while held <= file.largest and (chunk := _read(response)):
            held += len(chunk)
            output.write(chunk)
            progress(len(chunk))
    _check_size(held, file, part)
    if held < expected:
        raise _CutOff(f"cut off after {held} of {expected} bytes")


def _check_size(size: int, file: RemoteFile, part: Path) -> None:
    if size > file.largest:
        part.unlink(missing_ok=True)
        raise LimberError(f"{file.address}: larger than the file that Limber knows; not kept.")


def _read(response) -> bytes:
    """Network errors are told apart from those of the disk, which are OSErrors as well."""
    try:
        return response.read(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _CutOff(f"cut off ({error or type(error).__name__})") from error


def _drop_carriage_returns(path: Path) -> None:
    with replaced_when_done(path) as temporary:
        temporary.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))

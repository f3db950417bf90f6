"""Installs the packages of the GPU edition with pip, in a child process. No bpy here.

Nothing is half-installed: pip works in a folder of its own, a fresh Python imports the result, and
only then does the folder take its place. A run that is killed leaves that folder, which
:meth:`PackageFolder.state` recognizes and the next run clears away.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from threading import Event

from motion_engine.errors import LimberError

from .packages import CONSTRAINTS, Build, PackageFolder, Receipt, folder_megabytes, requirements

# Blender brings its own, which is found first; a second one in the same process would be chaos.
SHIPPED_WITH_BLENDER = ("numpy",)
LOG = "installation.log"
_MEGABYTE = 1_000_000
_ENDING_SECONDS = 5.0
_SHOWN_LENGTH = 80
_VERIFICATION = """
import importlib, json, sys
sys.path.append(sys.argv[1])
found = {}
for name in sys.argv[2:]:
    module = importlib.import_module(name)
    if not str(getattr(module, "__file__", None)).startswith(sys.argv[1]):
        sys.exit(f"{name} comes from {module.__file__}")
    found[name] = str(getattr(module, "__version__", ""))
print(json.dumps(found))
"""

Report = Callable[[str], None]


class Cancelled(Exception):
    """Leaves an installation that was called off; the disk is as it was before."""


@dataclass(frozen=True)
class Wheels:
    """Where wheels come from: the network, or a folder that somebody has filled before."""

    build: Build
    folder: Path | None = None

    def check(self) -> None:
        """Raises LimberError for a folder without wheels."""
        if self.folder is not None and not any(self.folder.glob("*.whl")):
            raise LimberError(f"{self.folder} holds no wheels; fill it with: pip download ...")

    @property
    def arguments(self) -> list[str]:
        """For pip; beside torch's own index, the one that the user's pip is set up with."""
        if self.folder is not None:
            return ["--no-index", "--find-links", str(self.folder)]
        return ["--extra-index-url", self.build.index] if self.build.index else []

    @property
    def download_mb(self) -> int:
        if self.folder is None:
            return self.build.download_mb
        size = sum(path.stat().st_size for path in self.folder.glob("*.whl"))
        return round(size / _MEGABYTE)

    @property
    def size(self) -> str:
        """One line for those who are asked first."""
        source = "to download" if self.folder is None else "of wheels"
        return f"{_size(self.download_mb)} {source}, {_size(self.build.disk_mb)} on the disk"


class Installation:
    """One installation: :meth:`run` blocks, so call it in a thread; :meth:`cancel` from any other.

    `python` is the interpreter that will import the packages: inside Blender, ``sys.executable``.
    """

    def __init__(self, folder: PackageFolder, wheels: Wheels, python: str = sys.executable):
        self.folder = folder
        self.wheels = wheels
        self._python = python
        self._process: subprocess.Popen | None = None
        self._free_at_start: float | None = None
        self._fraction = 0.0
        self._is_cancelled = Event()

    def run(self, report: Report) -> Receipt:
        """Installs, verifies and puts into place; `report` hears lines about where it is.

        Raises Cancelled, and LimberError for what went wrong; both leave no unfinished packages,
        and those that were there before.
        """
        self._check()
        unfinished = self.folder.unfinished
        try:
            _delete(unfinished)
            unfinished.mkdir(parents=True)
            self._install(report)
            report("Trying the packages")
            modules = self._verify()
            wanted = requirements(self.wheels.build, self.folder.pins)
            size = folder_megabytes(unfinished)
            receipt = Receipt(self.wheels.build.name, wanted, modules, size)
            self.folder.write_receipt(receipt)
            self._put_into_place()
        except OSError as error:
            raise LimberError(
                f"{error.filename}: {error.strerror}; nothing was changed."
            ) from error
        finally:
            _delete(unfinished)
        report("Ready")
        return receipt

    @property
    def fraction(self) -> float:
        """How much is done, by what the disk has taken in: pip tells no such thing.

        Never less than before, though others may delete files meanwhile.
        """
        if self._free_at_start is not None:
            whole = self.wheels.download_mb + self.wheels.build.disk_mb
            taken = (self._free_at_start - self._free_mb()) / max(whole, 1)
            self._fraction = min(max(taken, self._fraction), 0.99)
        return self._fraction

    def cancel(self) -> None:
        """Ends the child process; returns at once."""
        self._is_cancelled.set()
        process = self._process
        if process is not None and process.poll() is None:
            _end(process)

    def _check(self) -> None:
        """Everything cheap, before anything is written."""
        self.wheels.check()
        if self.folder.is_in_use():
            raise LimberError(
                "This Blender has loaded the packages; restart it and repair them then."
            )
        try:
            self.folder.home.mkdir(parents=True, exist_ok=True)
            free = self._free_at_start = self._free_mb()
        except OSError as error:
            raise LimberError(
                f"{self.folder.home} cannot be made ({error.strerror}); choose another folder."
            ) from error
        needed = 2 * self.wheels.download_mb + self.wheels.build.disk_mb
        if free < needed:
            raise LimberError(
                f"{self.folder.home} has {_size(free)} free, the packages take {_size(needed)} "
                "while they are installed; make room, or choose another folder."
            )

    def _free_mb(self) -> float:
        return shutil.disk_usage(self.folder.home).free / _MEGABYTE

    def _install(self, report: Report) -> None:
        """Runs pip; its temporary files lie beside the packages, where there is room for them."""
        unfinished = self.folder.unfinished
        scratch, packages = unfinished / "scratch", unfinished / "packages"
        scratch.mkdir()
        constraints = scratch / "constraints.txt"
        constraints.write_text("\n".join(CONSTRAINTS.split()), encoding="utf-8")
        pip, environment = find_pip(self._python)
        command = [
            self._python, *pip, "install", "--target", str(packages), "--constraint",
            str(constraints), "--only-binary", ":all:", "--no-cache-dir", "--no-input",
            "--disable-pip-version-check", "--progress-bar", "off", *self.wheels.arguments,
            *requirements(self.wheels.build, self.folder.pins),
        ]  # fmt: skip
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
        lines = []
        for line in self._lines(command, environment | places):
            lines.append(line)
            if not line.startswith("WARNING"):
                report(_shown(line))
        (self.folder.home / LOG).write_text("\n".join([*lines, ""]), encoding="utf-8")
        if self._process is None or self._process.returncode != 0:
            raise LimberError(_complaint(lines, self.folder.home / LOG))
        shutil.rmtree(scratch)
        for path in list(packages.iterdir()):
            if path.name.partition("-")[0].partition(".")[0] not in SHIPPED_WITH_BLENDER:
                os.replace(path, unfinished / path.name)
        shutil.rmtree(packages)

    def _verify(self) -> dict[str, str]:
        """Versions of the modules, imported by a fresh Python. Raises LimberError."""
        names = [pin.module for pin in self.folder.pins]
        command = [self._python, "-I", "-c", _VERIFICATION, str(self.folder.unfinished), *names]
        lines = list(self._lines(command, {}))
        if self._process is None or self._process.returncode != 0:
            said = lines[-1] if lines else f"it ended with {self._process.returncode}"
            raise LimberError(f"The packages were installed but do not run here: {said}")
        return json.loads(lines[-1])

    def _lines(self, command: list[str], environment: dict[str, str]) -> Iterator[str]:
        """What a child process says, line by line, until it ends; raises Cancelled."""
        if self._is_cancelled.is_set():
            raise Cancelled
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX")
        }
        own = {"PYTHONIOENCODING": "utf-8", "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
        self._process = subprocess.Popen(
            command, env=inherited | own | environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
            **_own_group(),
        )  # fmt: skip
        if self._is_cancelled.is_set():
            _end(self._process)
        with self._process:
            for line in self._process.stdout:
                if line.strip():
                    yield line.strip()
        if self._is_cancelled.is_set():
            raise Cancelled

    def _put_into_place(self) -> None:
        """The unfinished folder becomes the finished one; what stood there goes."""
        old = self.folder.path.with_name(f"{self.folder.path.name}.old")
        _delete(old)
        if self.folder.path.is_dir():
            os.replace(self.folder.path, old)
        os.replace(self.folder.unfinished, self.folder.path)
        _delete(old)


def find_pip(python: str) -> tuple[list[str], dict[str, str]]:
    """How to run pip: arguments, and variables that they need. Raises LimberError.

    Some Blenders bring pip only as the wheel that Python's `ensurepip` would install, and that wheel
    runs as it is: Blender's own folder stays as it was.
    """
    probe = [python, "-c", "import pip"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return ["-m", "pip"], {}
    found = util.find_spec("ensurepip")
    places = found.submodule_search_locations if found is not None else []
    for place in places or []:
        for wheel in sorted(Path(place).glob("_bundled/pip-*.whl")):
            return ["-m", "pip"], {"PYTHONPATH": str(wheel)}
    raise LimberError("This Blender's Python has no pip; install Blender from blender.org.")


def download_command(build: Build, folder: str = "wheels") -> str:
    """What to type on another machine, of the same kind and Python, to fill a folder of wheels."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    index = f" --extra-index-url {build.index}" if build.index else ""
    return (
        f"python{version} -m pip download --only-binary :all: --dest {folder}{index} "
        f"{' '.join(requirements(build))}"
    )


def _own_group() -> dict:
    """So that a cancelled pip takes along what it has started."""
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}  # no black window either
    return {"start_new_session": True}


def _end(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        if os.name == "nt":
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_ENDING_SECONDS)


def _delete(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)


def _shown(line: str) -> str:
    """What pip is at, without folders, lists, and why it needs a package."""
    start = line.partition(" (from ")[0].partition(": ")[0]
    words = [word for word in start.split() if "/" not in word and "\\" not in word]
    return " ".join(words)[:_SHOWN_LENGTH]


def _complaint(lines: list[str], log: Path) -> str:
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")]
    reason = errors[-1] if errors else (lines[-1] if lines else "pip said nothing")
    return f"pip could not install the packages: {reason} (all it said: {log})"


def _size(megabytes: float) -> str:
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{round(megabytes)} MB"

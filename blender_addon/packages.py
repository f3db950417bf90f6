"""The packages of the GPU edition: which, from where, how large, and what lies on the disk.

No bpy here. Packages live in a folder of the user's, one per Python and machine, with a receipt that
is written when everything in it has been seen to work.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
import sysconfig
from dataclasses import asdict, dataclass, field
from enum import Enum
from importlib import invalidate_caches
from pathlib import Path

from motion_engine.errors import LimberError

RECEIPT = "limber_packages.json"
TORCH_INDEX = "https://download.pytorch.org/whl/"
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Pin:
    """A package in the version that Limber is tested with; `module` is what is imported of it."""

    name: str
    version: str
    reason: str
    module: str


PINS = (
    Pin("torch", "2.13.0", "computes on GPUs", "torch"),
    Pin("transformers", "5.23.0", "large language models as backbones", "transformers"),
    Pin("safetensors", "0.8.0", "reads their weights, and can run no code", "safetensors"),
    Pin("accelerate", "1.15.0", "reads weights straight onto a device", "accelerate"),
    Pin("bitsandbytes", "0.50.2", "weights of 8 and 4 bits", "bitsandbytes"),
    Pin("psutil", "7.2.2", "tells how much memory is free", "psutil"),
)
# What those need in turn: pinned, so that an installation of next year is the one that was tested.
CONSTRAINTS = """
annotated-doc==0.0.7 annotated-types==0.8.0 anyio==4.16.0 click==8.5.1 filelock==4.2.11
fsspec==2026.9.0 h11==0.16.0 hf-xet==1.8.0 httpcore2==2.16.2 httpx2==2.16.2 huggingface_hub==2.4.0
idna==3.20 Jinja2==3.1.6 markdown-it-py==4.3.0 MarkupSafe==3.0.4 mdurl==0.1.2 mpmath==1.3.0
networkx==3.6.1 packaging==26.3 pydantic==2.14.3 pydantic_core==2.50.4 Pygments==2.21.0
PyYAML==6.0.3 regex==2026.11.15 rich==15.0.0 shellingham==1.5.4 sympy==1.14.0 tokenizers==0.23.3
tqdm==4.70.1 truststore==0.10.5 typer==0.29.2 typing-inspection==0.4.5 typing_extensions==4.16.0
"""


@dataclass(frozen=True)
class Build:
    """One build of torch. Sizes are about what everything takes together; `local` ends its version.

    `oldest_driver` is the CUDA version that the GPU's driver must speak, times 1000.
    """

    name: str
    label: str
    local: str
    download_mb: int
    disk_mb: int
    oldest_driver: int | None = None
    index: str = ""


BUILDS = {
    build.name: build
    for build in (
        Build("cpu", "CPU", "+cpu", 320, 1300, index=f"{TORCH_INDEX}cpu"),
        # One for GPUs and drivers up to CUDA 12, one for the present ones.
        Build("cu126", "NVIDIA, CUDA 12.6", "+cu126", 2700, 6500, 12000, f"{TORCH_INDEX}cu126"),
        Build("cu130", "NVIDIA, CUDA 13.0", "+cu130", 2600, 6000, 13000, f"{TORCH_INDEX}cu130"),
        Build("metal", "Mac", "", 220, 1200),
    )
}


def driver_version() -> int | None:
    """The CUDA version of the NVIDIA driver, times 1000 (12.8 is 12080); None without one."""
    for name in ("nvcuda.dll",) if os.name == "nt" else ("libcuda.so.1",):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        version = ctypes.c_int(0)
        if library.cuDriverGetVersion(ctypes.byref(version)) == 0 and version.value:
            return version.value
    return None


def choose_build(platform: str, driver: int | None) -> Build:
    """The newest build that a machine can use; `platform` as ``sys.platform``, `driver` as
    :func:`driver_version` says."""
    if platform == "darwin":
        return BUILDS["metal"]
    fitting = [
        build
        for build in BUILDS.values()
        if build.oldest_driver is not None and driver is not None and driver >= build.oldest_driver
    ]
    return max(fitting, key=lambda build: build.oldest_driver or 0, default=BUILDS["cpu"])


def requirements(build: Build, pins: tuple[Pin, ...] = PINS) -> list[str]:
    """What pip is asked for, such as ``torch==2.13.0+cu130``."""
    return [
        f"{pin.name}=={pin.version}{build.local if pin.name == 'torch' else ''}" for pin in pins
    ]


def environment_name() -> str:
    """Names what compiled packages are bound to, such as ``cp311-linux-x86_64``."""
    return f"cp{sys.version_info.major}{sys.version_info.minor}-{sysconfig.get_platform()}"


class State(Enum):
    """What a folder of packages is like."""

    ABSENT = "Not installed"
    UNFINISHED = "An installation was cut off"
    BROKEN = "Packages are missing"
    OUTDATED = "For another version of Limber"
    READY = "Ready"


@dataclass(frozen=True)
class Receipt:
    """What was installed; `modules` were imported by a fresh Python, in these versions."""

    build: str
    requirements: list[str]
    modules: dict[str, str]
    megabytes: int


@dataclass(frozen=True)
class PackageFolder:
    """Where packages of one Python lie below `home`, which several Blenders may share."""

    home: Path
    pins: tuple[Pin, ...] = field(default=PINS, repr=False)

    @property
    def path(self) -> Path:
        return self.home / environment_name()

    @property
    def unfinished(self) -> Path:
        """Where an installation works; renamed to :attr:`path` at its end."""
        return self.home / f"{environment_name()}.unfinished"

    def receipt(self) -> Receipt | None:
        """What was installed; None without a receipt, or with one that cannot be read."""
        try:
            return Receipt(**json.loads((self.path / RECEIPT).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def state(self) -> State:
        """Looks at names alone: nothing is imported."""
        receipt = self.receipt()
        if receipt is None:
            if self.path.is_dir():
                return State.BROKEN
            return State.UNFINISHED if self.unfinished.is_dir() else State.ABSENT
        if not all(self._has(module) for module in receipt.modules):
            return State.BROKEN
        build = BUILDS.get(receipt.build)
        if build is not None and receipt.requirements != requirements(build, self.pins):
            return State.OUTDATED
        return State.READY

    def write_receipt(self, receipt: Receipt) -> None:
        """Into the unfinished folder, which is then as good as finished."""
        text = json.dumps(asdict(receipt), indent=1)
        (self.unfinished / RECEIPT).write_text(text, encoding="utf-8")

    def is_in_use(self) -> bool:
        """Whether this process has imported anything from it: Windows then locks the files."""
        folder = str(self.path) + os.sep
        files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        return any(isinstance(file, str) and file.startswith(folder) for file in files)

    def remove(self) -> int:
        """Deletes packages, also unfinished ones; returns the megabytes that were freed.

        Raises LimberError while this Blender uses them, and for what cannot be deleted.
        """
        if self.is_in_use():
            raise LimberError(
                "This Blender has loaded the packages; restart it and remove them before generating."
            )
        folders = [folder for folder in (self.path, self.unfinished) if folder.is_dir()]
        size = sum(folder_megabytes(folder) for folder in folders)
        try:
            for folder in folders:
                shutil.rmtree(folder)
        except OSError as error:
            raise LimberError(
                f"{error.filename} cannot be deleted ({error.strerror}); close other Blenders and "
                "try again."
            ) from error
        return size

    def activate(self) -> bool:
        """Lets Python find finished packages, after all that Blender brings; True if there are any.

        Undone by :meth:`deactivate`; what was imported meanwhile stays imported.
        """
        if self.state() not in (State.READY, State.OUTDATED):
            return False
        if str(self.path) not in sys.path:
            sys.path.append(str(self.path))
            invalidate_caches()
        return True

    def deactivate(self) -> None:
        if str(self.path) in sys.path:
            sys.path.remove(str(self.path))
            invalidate_caches()

    def _has(self, module: str) -> bool:
        return (self.path / module).is_dir() or any(self.path.glob(f"{module}.*"))


def folder_megabytes(folder: Path) -> int:
    """What the files below a folder take."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return round(size / _MEGABYTE)

"""`limber doctor`: what is installed, what is missing and how to get it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util

from .errors import LimberError
from .locations import asset
from .version import VERSION


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `cure` says how to get it where it is not present."""

    name: str
    present: bool
    detail: str
    required: bool = True
    cure: str = ""

    def __str__(self) -> str:
        mark = "ok  " if self.present else "MISSING" if self.required else "-   "
        cure = f"  ->  {self.cure}" if self.cure and not self.present else ""
        return f"{mark:8}{self.name:14}{self.detail}{cure}"


def examine() -> list[Finding]:
    """Look at the interpreter, the packages, the devices and the shipped weights."""
    return [
        Finding("limber", True, VERSION),
        Finding("python", True, f"{platform.python_version()}, {sys.executable}"),
        Finding("system", True, f"{platform.platform()}, {os.cpu_count()} cores"),
        _package("numpy", "every edit of motion"),
        _product(),
        _package("torch", "GPUs and large models", "pip install 'limber[torch]'", False),
        _package("transformers", "large models", "pip install 'limber[torch]'", False),
        _package("bitsandbytes", "int8 and nf4", "pip install 'limber[torch]'", False),
        *_devices(),
        _package("bpy", ".blend .fbx .glb .usd files", "pip install 'limber[blender]'", False),
        _package("pillow", ".png contact sheets", "pip install 'limber[sheets]'", False),
        _package("tqdm", "a bar with the time left", "pip install 'limber[progress]'", False),
        _vocabulary(),
        _weights(),
    ]


def _package(name: str, purpose: str, cure: str = "", required: bool = True) -> Finding:
    """Whether a package is installed; told without importing it. Blender's own bpy has no record."""
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        inside_blender = name in sys.modules or util.find_spec(name) is not None
        detail = f"present ({purpose})" if inside_blender else f"not installed ({purpose})"
        return Finding(name, inside_blender, detail, required, cure)
    return Finding(name, True, f"{version} ({purpose})", required)


def _product() -> Finding:
    """How numpy multiplies here: the default model's speed hangs on it."""
    import numpy as np

    from .models.linear import MANY_ROWS, fastest_product

    # A numpy before 1.25 does not tell.
    built = getattr(np.__config__, "CONFIG", {})
    blas = built.get("Build Dependencies", {}).get("blas", {"found": True, "name": "unknown"})
    chosen = f"{fastest_product(2)} for a clip, {fastest_product(MANY_ROWS)} for a batch"
    name = blas.get("name", "none") if blas.get("found") else "none"
    return Finding("products", True, f"BLAS: {name}; fastest here: {chosen}")


def _devices() -> Iterator[Finding]:
    if util.find_spec("torch") is None:
        return
    import torch

    yield Finding("cpu", True, f"{torch.get_num_threads()} threads")
    for index in range(torch.cuda.device_count()):
        facts = torch.cuda.get_device_properties(index)
        yield Finding(f"cuda:{index}", True, f"{facts.name}, {facts.total_memory / 2**30:.0f} GiB")


def _vocabulary() -> Finding:
    from .language.vocabulary import Vocabulary

    try:
        table = Vocabulary.load(asset("vocabulary"))
    except LimberError as error:
        return Finding("vocabulary", False, str(error))
    return Finding("vocabulary", True, f"{len(table.words)} words, {table.width} wide")


def _weights() -> Finding:
    from .models.model_folder import CODEC_FILE, TOKEN_MODEL_FILE, ModelFolder

    try:
        folder = ModelFolder.open("default").folder
    except LimberError as error:
        return Finding("weights", False, str(error))
    size = sum((folder / name).stat().st_size for name in (CODEC_FILE, TOKEN_MODEL_FILE))
    return Finding("weights", True, f"{folder}, {size / 1e6:.1f} MB, checksums right")

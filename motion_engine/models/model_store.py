"""Models on this machine: the shipped ones and the user's own, looked through, added, fetched.

A model of the user's is a folder below :func:`motion_engine.models.model_folder.models_folder`; its name
is what ``--model`` takes. A folder takes its place there when all of it has been checked.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import LimberError
from ..locations import asset
from .checksums import sha256_of
from .downloads import Progress, RemoteFile, download
from .language_model_folder import check_language_model
from .model_folder import (
    CONFIG_FILE,
    SHIPPED,
    ModelFolder,
    is_model_name,
    load_config,
    models_folder,
)

HUB = "https://huggingface.co"


@dataclass(frozen=True)
class Offer:
    """A model that may be downloaded: files of one commit of a repository of the hub.

    ``files`` gives bytes and sha256 by name. HF_ENDPOINT names a mirror, as for the hub's own tools.
    """

    name: str
    title: str
    licence: str
    repository: str
    revision: str
    files: dict[str, tuple[int, str]]

    @property
    def bytes(self) -> int:
        return sum(size for size, _ in self.files.values())

    def remote(self, file: str) -> RemoteFile:
        endpoint = os.environ.get("HF_ENDPOINT", HUB).rstrip("/")
        address = f"{endpoint}/{self.repository}/resolve/{self.revision}/{file}"
        return RemoteFile(address, *self.files[file])


OFFERS: tuple[Offer, ...] = ()
"""What this version of Limber can download; the default model ships, and nothing else does yet."""


@dataclass(frozen=True)
class KnownModel:
    """A model by the name that ``--model`` takes."""

    name: str
    folder: Path

    @property
    def is_shipped(self) -> bool:
        return self.name in SHIPPED

    @property
    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


@dataclass(frozen=True)
class FileState:
    """A file of a model: ``state`` is ok, missing or damaged."""

    name: str
    state: str

    @property
    def is_whole(self) -> bool:
        return self.state == "ok"


def known_models() -> list[KnownModel]:
    """The shipped models, then the user's by name. Damaged ones too: they are told, not hidden."""
    shipped = []
    for name in SHIPPED:
        try:
            shipped.append(KnownModel(name, asset(name)))
        except LimberError:
            continue  # Blender's extension carries the default model alone
    home = models_folder()
    names = sorted(path.name for path in home.iterdir()) if home.is_dir() else []
    own = [name for name in names if is_model_name(name) and name not in SHIPPED]
    return shipped + [KnownModel(name, home / name) for name in own if (home / name).is_dir()]


def known_model(name: str) -> KnownModel:
    """A model by name; raises LimberError with the names that there are."""
    models = known_models()
    for model in models:
        if model.name == name:
            return model
    raise LimberError(f"no model '{name}'; there are {', '.join(model.name for model in models)}")


def file_states(folder: Path) -> list[FileState]:
    """Every file that a model's ``config.json`` answers for, that file itself first."""
    try:
        files = load_config(folder)["files"]
    except LimberError:
        there = (folder / CONFIG_FILE).is_file()
        return [FileState(CONFIG_FILE, "damaged" if there else "missing")]
    states = [FileState(CONFIG_FILE, "ok")]
    for name, expected in files.items():
        path = folder / name
        if not path.is_file():
            states.append(FileState(name, "missing"))
        else:
            states.append(FileState(name, "ok" if sha256_of(path) == expected else "damaged"))
    return states


def abilities(model: ModelFolder) -> list[str]:
    """What a model understands and can do, by its configuration."""
    backbone = model.token_model.backbone
    found = [f"text by {backbone.source}" if backbone else "English"]
    found.append("whole body and fingers" if model.codec.joints > 22 else "body without fingers")
    if model.token_model.speaks:
        found.append("speaks (captions)")
    return found


def import_model(source: Path, name: str) -> Path:
    """Copies a model's folder to the user's models, checked; its new place. Raises LimberError."""
    if not source.is_dir():
        raise LimberError(f"{source}: no such folder; give a model's folder")
    files = list(_files_of(source))
    with _new_model(name) as folder:
        for path in files:
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        check_whole(folder)
    return models_folder() / name


def fetch_model(offer: Offer, progress: Progress = lambda count: None) -> Path:
    """Downloads a model; what has arrived is kept where the network fails. Raises LimberError."""
    arrived = models_folder() / f".{offer.name}.download"
    _check_new(offer.name)
    for file in offer.files:
        target = arrived / file
        if target.is_file() and sha256_of(target) == offer.files[file][1]:
            progress(offer.files[file][0])
        else:
            download(offer.remote(file), target, progress)
    try:
        check_whole(arrived)
    except LimberError:
        shutil.rmtree(arrived)
        raise
    os.replace(arrived, models_folder() / offer.name)
    return models_folder() / offer.name


def check_whole(folder: Path) -> None:
    """Raises LimberError unless everything of a model is there, unharmed and fits together."""
    model = ModelFolder.open(str(folder.resolve()))
    model.codec_weights()
    model.token_model_weights()
    backbone = model.token_model.backbone
    if backbone is None:
        model.vocabulary()
    elif backbone.revision is None:
        check_language_model(folder / backbone.source)


def _files_of(source: Path) -> Iterator[Path]:
    """What makes a model, and nothing else of its folder."""
    model = ModelFolder.open(str(source.resolve()))
    yield source / CONFIG_FILE
    yield from (source / name for name in load_config(source)["files"])
    backbone = model.token_model.backbone
    if backbone is None or backbone.revision is not None or Path(backbone.source).is_absolute():
        return
    inner = source / backbone.source
    if not inner.resolve().is_relative_to(source.resolve()):
        raise LimberError(
            f"{source}: its language model lies outside, at {backbone.source}; put it inside and "
            "name it so in config.json."
        )
    yield from (path for path in sorted(inner.rglob("*")) if path.is_file())


def _check_new(name: str) -> None:
    if not is_model_name(name):
        raise LimberError(f"'{name}' is no name for a model; use letters, digits, - _ and .")
    if name in SHIPPED:
        raise LimberError(f"'{name}' is the name of a shipped model; choose another one")
    if (models_folder() / name).exists():
        raise LimberError(
            f"{models_folder() / name} is there already; delete it first, or choose another name"
        )


@contextmanager
def _new_model(name: str) -> Iterator[Path]:
    """A folder to fill, which becomes the model's at the end and is deleted on failure."""
    _check_new(name)
    home = models_folder()
    folder = home / f".{name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True)
        yield folder
        os.replace(folder, home / name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""A model on disk: a folder of ``config.json`` and two safetensors files."""

import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..codecs.configuration import WholeCodecConfig, codec_from_json, runs_on_numpy
from ..errors import LimberError
from ..generation.plan_tokens import PlanTokens
from ..language.vocabulary import Vocabulary
from ..locations import asset
from .checksums import sha256_of
from .configuration import PlannerConfig, ReaderConfig, TokenModelConfig
from .planner import Planner
from .reader import Reader
from .weight_shapes import (
    Shapes,
    codec_shapes,
    planner_shapes,
    reader_shapes,
    token_model_shapes,
)
from .weights import checked_weights, read_weights

SHIPPED = ("default", "debug")
CONFIG_FILE = "config.json"
CODEC_FILE, TOKEN_MODEL_FILE = "codec.safetensors", "token_model.safetensors"
PLANNER_FILE, READER_FILE = "planner.safetensors", "reader.safetensors"
FORMAT = 1


@dataclass(frozen=True)
class ModelFolder:
    """The sizes that ``config.json`` gives; the files have been found whole."""

    folder: Path
    codec: WholeCodecConfig
    token_model: TokenModelConfig
    planner: PlannerConfig | None = None
    reader: ReaderConfig | None = None

    @staticmethod
    def open(name: str) -> "ModelFolder":
        """A model by name, or by folder; raises LimberError."""
        folder = model_folder(name)
        config = read_config(folder)
        try:
            codec = codec_from_json(config["codec"], f"{folder}: config.json")
            token_model = TokenModelConfig.from_json(config["token_model"])
            planner = PlannerConfig(**config["planner"]) if "planner" in config else None
            reader = ReaderConfig(**config["reader"]) if "reader" in config else None
        except (KeyError, TypeError) as error:
            raise LimberError(
                f"{folder}: config.json does not describe a Limber model; choose another folder."
            ) from error
        return ModelFolder(folder, codec, token_model, planner, reader)

    def codec_weights(self, shapes: Shapes | None = None) -> dict[str, np.ndarray]:
        """The codec's arrays, which must have those ``shapes``. Where numpy does not run the codec,
        torch alone knows them, see ``codecs.members.stored_shapes``; without them, any are read."""
        path = self.folder / CODEC_FILE
        if shapes is None and not runs_on_numpy(self.codec):
            return read_weights(path)
        return checked_weights(path, shapes or codec_shapes(self.codec))

    def token_model_weights(self) -> dict[str, np.ndarray]:
        shapes = token_model_shapes(self.token_model)
        return checked_weights(self.folder / TOKEN_MODEL_FILE, shapes)

    def load_planner(self) -> Planner | None:
        """The planner, where the model has one and was taught to hear plans."""
        labels = self.token_model.action_labels
        if self.planner is None or labels is None:
            return None
        vocabulary = self.vocabulary()
        shapes = planner_shapes(self.planner, vocabulary.width, PlanTokens(labels).size)
        weights = checked_weights(self.folder / PLANNER_FILE, shapes)
        return Planner(self.planner, labels, weights, vocabulary)

    def load_reader(self) -> Reader | None:
        """The reader of codes, where the model has one and knows labels."""
        labels = self.token_model.action_labels
        if self.reader is None or labels is None:
            return None
        size = self.token_model.parts * self.token_model.latent_size
        shapes = reader_shapes(self.reader, size, len(labels.names))
        return Reader(self.reader, labels, checked_weights(self.folder / READER_FILE, shapes))

    def vocabulary(self) -> Vocabulary:
        """The words of a model without a language model; raises LimberError."""
        vocabulary = Vocabulary.load(asset("vocabulary"))
        if vocabulary.width != self.token_model.word_size:
            raise LimberError(
                f"{self.folder}: this model was trained with another vocabulary; use Limber's own."
            )
        return vocabulary


def models_folder() -> Path:
    """Where the user's models lie: LIMBER_MODELS, else the system's place for a user's data."""
    if chosen := os.environ.get("LIMBER_MODELS"):
        return Path(chosen)
    if sys.platform == "win32":
        data = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        data = Path.home() / "Library" / "Application Support"
    else:
        data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "limber" / "models"


def is_model_name(name: str) -> bool:
    """Whether a model may be called that: no path, nothing hidden."""
    return re.fullmatch(r"[A-Za-z0-9][\w.-]{0,63}", name, re.ASCII) is not None


def model_folder(name: str) -> Path:
    """Folder of a model: a shipped one or one of the user's by name, any other by its path."""
    if name in SHIPPED:
        folder = asset(name)
    elif is_model_name(name) and (models_folder() / name).is_dir():
        folder = models_folder() / name
    else:
        folder = Path(name)
    if not (folder / CONFIG_FILE).is_file():
        raise LimberError(
            f"{folder}: no config.json; --model takes a name of `limber models list` or a model's "
            "folder."
        )
    return folder


def read_config(folder: Path) -> dict:
    """``config.json`` of a model, its files' checksums verified."""
    config = load_config(folder)
    for name, expected in config["files"].items():
        path = folder / name
        if not path.is_file():
            raise LimberError(f"{path}: missing; install the model again.")
        if sha256_of(path) != expected:
            raise LimberError(f"{path}: checksum differs, the file is damaged; install it again.")
    return config


def load_config(folder: Path) -> dict:
    """``config.json`` alone: of this kind and format, naming files beside it and their sha256."""
    try:
        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        _check_kind(folder, config)
        files = config["files"]
        needed = {CODEC_FILE, TOKEN_MODEL_FILE} | ({PLANNER_FILE} if "planner" in config else set())
        needed |= {READER_FILE} if "reader" in config else set()
        whole = needed <= files.keys()
        if not whole or not all(is_model_name(name) for name in files):
            raise ValueError("files that do not belong to a model")
    except LimberError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LimberError(f"{folder}: config.json is damaged; install the model again.") from error
    return config


def _check_kind(folder: Path, config: dict) -> None:
    """Raises LimberError for folders of other programs, and of later versions of this one."""
    if "model_type" in config:
        raise LimberError(
            f"{folder}: a language model of transformers ({config['model_type']}), which knows no "
            f"motion; python -m training.export --backbone {folder} --out NEW makes a model of it."
        )
    if "codec" not in config or "token_model" not in config:
        raise LimberError(f"{folder}: config.json is that of another program; choose a model's "
                          "folder that Limber wrote.")  # fmt: skip
    if config.get("format") != FORMAT:
        raise LimberError(
            f"{folder}: a model of format {config.get('format')}, and this Limber reads {FORMAT}; "
            "install the newest Limber."
        )

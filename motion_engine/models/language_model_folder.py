"""A language model on disk: found and looked through before anything of it is loaded.

Needs neither torch nor transformers, and never the network.
"""

import json
from pathlib import Path

from ..errors import LimberError
from .configuration import BackboneSource

_TOKENIZER_FILES = ("tokenizer.json", "tokenizer.model", "vocab.json")
_LONGEST_HEADER = 100_000_000


def find_language_model(source: BackboneSource, beside: Path) -> Path:
    """The folder that holds the language model; raises LimberError with the way to get it.

    ``beside``: the Limber model's folder, from which relative paths start.
    """
    if source.revision is None:
        folder = beside / source.source
        if not folder.is_dir():
            raise LimberError(
                f"{folder}: no such folder with the language model of {beside}; put it there, or "
                "name one of the hub with its revision in config.json."
            )
    else:
        folder = _fetched(source)
    check_language_model(folder)
    return folder


def check_language_model(folder: Path) -> None:
    """Raises LimberError unless the folder holds a whole language model as safetensors."""
    config = _read_json(folder / "config.json")
    if "model_type" not in config:
        raise LimberError(f"{folder}: config.json names no model_type; choose a folder that "
                          "transformers wrote.")  # fmt: skip
    if "quantization_config" in config:
        method = config["quantization_config"].get("quant_method", "some way")
        raise LimberError(
            f"{folder}: these weights are already quantized ({method}); take the plain ones, "
            "--precision int8 or nf4 quantizes them while they load."
        )
    if not any((folder / name).is_file() for name in _TOKENIZER_FILES):
        raise LimberError(f"{folder}: no tokenizer; copy tokenizer.json of this model there.")
    for path in weight_files(folder):
        _check_whole(path)


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a language model, one or several; raises LimberError if none."""
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        try:
            names = set(_read_json(index)["weight_map"].values())
        except (KeyError, AttributeError) as error:
            raise LimberError(f"{index}: damaged; fetch this model again.") from error
        return [folder / name for name in sorted(names)]
    if not (folder / "model.safetensors").is_file():
        raise LimberError(
            f"{folder}: no model.safetensors; Limber reads no other kind of weights, since those "
            "can hide programs."
        )
    return [folder / "model.safetensors"]


def _fetched(source: BackboneSource) -> Path:
    """The snapshot of a pinned revision in the hub's cache on this machine."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = snapshot_download(source.source, revision=source.revision, local_files_only=True)
    except LocalEntryNotFoundError as error:
        raise LimberError(
            f"{source.source} at {source.revision[:8]} is not on this machine yet; fetch it once: "
            f"{fetch_command(source)}"
        ) from error
    return Path(folder)


def fetch_command(source: BackboneSource) -> str:
    """What the user types to fetch a language model of the hub."""
    return (
        f"hf download {source.source} --revision {source.revision} "
        "--include '*.json' --include '*.safetensors' --include 'tokenizer*'"
    )


def _read_json(path: Path) -> dict:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(values, dict):
            return values
    except FileNotFoundError as error:
        raise LimberError(f"{path}: missing; choose a folder that transformers wrote.") from error
    except (OSError, ValueError) as error:
        raise LimberError(f"{path}: damaged; fetch this model again.") from error
    raise LimberError(f"{path}: damaged; fetch this model again.")


def _check_whole(path: Path) -> None:
    """Whether a safetensors file is as long as its header says; reads the header alone."""
    try:
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > _LONGEST_HEADER:
                raise ValueError("no header")
            header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        size = 8 + length + max(entry["data_offsets"][1] for entry in header.values())
    except FileNotFoundError as error:
        raise LimberError(f"{path}: missing; fetch this model again.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LimberError(f"{path}: no safetensors file; fetch this model again.") from error
    if path.stat().st_size != size:
        raise LimberError(f"{path}: cut short or damaged; fetch this model again.")

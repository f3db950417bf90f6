"""Weights on disk: safetensors, checked before use.

Large arrays are stored as 8-bit rows: ``name`` holds int8, ``name.scale`` one float16 for each row
(all axes but the last). The reader needs numpy alone.
"""

import json
from pathlib import Path

import numpy as np

from ..errors import LimberError

_DTYPES = {"F32": np.float32, "F16": np.float16, "I8": np.int8, "I64": np.int64, "I32": np.int32}
_LONGEST_HEADER = 10_000_000


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """All arrays of a safetensors file: 8 bytes of header length, a JSON header, the data."""
    data = path.read_bytes()
    try:
        length = int.from_bytes(data[:8], "little")
        if len(data) < 8 or length > min(len(data) - 8, _LONGEST_HEADER):
            raise ValueError("the header is longer than the file")
        header = json.loads(data[8 : 8 + length])
        header.pop("__metadata__", None)
        body = memoryview(data)[8 + length :]
        return {
            name: np.frombuffer(
                body[entry["data_offsets"][0] : entry["data_offsets"][1]],
                dtype=_DTYPES[entry["dtype"]],
            ).reshape(entry["shape"])
            for name, entry in header.items()
        }
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise LimberError(f"{path}: not a safetensors file that Limber reads ({error}).") from error


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Arrays as float32, 8-bit rows multiplied out."""
    arrays = read_safetensors(path)
    return {
        name: _restored(array, arrays.get(f"{name}.scale"))
        for name, array in arrays.items()
        if not name.endswith(".scale")
    }


def checked_weights(path: Path, shapes: dict[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """The arrays of a file, which must be those of ``shapes`` and no others."""
    arrays = read_weights(path)
    found = {name: array.shape for name, array in arrays.items()}
    for name in sorted(shapes.keys() | found.keys()):
        if shapes.get(name) != found.get(name):
            raise LimberError(
                f"{path}: these weights do not fit config.json ({name}); install the model again."
            )
    return arrays


def _restored(array: np.ndarray, scale: np.ndarray | None) -> np.ndarray:
    if scale is not None:
        return array.astype(np.float32) * scale.astype(np.float32)
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def eight_bit_rows(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``(int8 [..., n], float16 scales [..., 1])`` of a float array, symmetric around zero."""
    scale = np.maximum(np.abs(array).max(-1, keepdims=True) / 127.0, 1e-7)
    scale = np.maximum(scale.astype(np.float16), np.float16(6e-8))
    rounded = np.rint(array / scale.astype(np.float32))
    return np.clip(rounded, -127, 127).astype(np.int8), scale

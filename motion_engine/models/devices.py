"""The devices that torch can use, and what fits into their memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import torch
from torch import nn
from transformers import PretrainedConfig

from ..errors import GPUMemoryFull, LimberError
from .precisions import PRECISIONS, bytes_per_weight

CLIP_ROWS, CLIP_POSITIONS = 2, 700  # one guided clip of a minute
SPARE = 1.1  # activations, what the allocator wastes
# Of RuntimeErrors that have no type of their own: Metal's, cuBLAS's, the processor's allocator's.
_FULL = ("out of memory", "ALLOC_FAILED", "can't allocate memory")


def find_device(name: str) -> torch.device:
    """The device of ``--device``; ``auto`` takes a GPU where there is one. Raises LimberError."""
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    device = torch.device(name)
    if device.type == "cuda":
        _check_cuda(device)
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise LimberError("--device mps: this machine has no Metal GPU; use --device cpu.")
    return device


def _check_cuda(device: torch.device) -> None:
    if torch.version.cuda is None and torch.version.hip is None:
        raise LimberError(
            f"--device {device}: torch {torch.__version__} is built without CUDA; install the build "
            "for your GPU (pytorch.org/get-started), or use --device cpu."
        )
    count = torch.cuda.device_count()
    if count == 0:
        raise LimberError(
            f"--device {device}: torch finds no CUDA GPU here; install or update its driver, or use "
            "--device cpu."
        )
    if (device.index or 0) >= count:
        known = ", ".join(f"cuda:{index}" for index in range(count))
        raise LimberError(f"--device {device}: no such GPU here; there is {known}.")


def free_bytes(device: torch.device) -> int:
    """Memory that a model may take."""
    if device.type == "cuda":
        torch.cuda.empty_cache()  # what torch keeps for later is free, too
        return torch.cuda.mem_get_info(device)[0]
    return psutil.virtual_memory().available


@dataclass(frozen=True)
class Footprint:
    """What a language model takes: weights of linear layers, other weights, cached numbers."""

    linear: int
    other: int
    cached: int

    @staticmethod
    def of(network: nn.Module) -> "Footprint":
        """Counted on the network itself, which may well be on the ``meta`` device."""
        linear = sum(m.weight.numel() for m in network.modules() if isinstance(m, nn.Linear))
        other = sum(p.numel() for p in network.parameters()) - linear
        return Footprint(linear, other, cached_numbers(network.config, CLIP_ROWS, CLIP_POSITIONS))

    def bytes_at(self, precision: str) -> int:
        """Memory for the weights at a precision, and for the longest clip."""
        linear, plain = (bytes_per_weight(precision, is_linear) for is_linear in (True, False))
        return round(SPARE * (self.linear * linear + (self.other + self.cached) * plain))


def cached_numbers(config: PretrainedConfig, rows: int, positions: int) -> int:
    """Keys and values that a language model keeps of its past."""
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return 2 * config.num_hidden_layers * heads * size * rows * positions


def check_memory(footprint: Footprint, precision: str, device: torch.device) -> None:
    """Raises LimberError, GPUMemoryFull on a GPU, if a model does not fit; says which precision
    does."""
    free, needed = free_bytes(device), footprint.bytes_at(precision)
    if needed <= free:
        return
    for other in PRECISIONS:
        if footprint.bytes_at(other) <= free:
            cure = f"--precision {other} fits, with {_gigabytes(footprint.bytes_at(other))}"
            break
    else:
        least = _gigabytes(footprint.bytes_at(PRECISIONS[-1]))
        cure = f"even {PRECISIONS[-1]} takes {least}: free some, take a smaller model or another device"
    raise memory_full(
        f"{precision} takes {_gigabytes(needed)} on {device}, where {_gigabytes(free)} are free; "
        f"{cure}.",
        device,
    )


def memory_full(message: str, device: torch.device) -> LimberError:
    """The error to raise; that of a GPU is answered by a smaller place, see :mod:`.places`."""
    return LimberError(message) if device.type == "cpu" else GPUMemoryFull(message, str(device))


@contextmanager
def named_when_full(device: torch.device) -> Iterator[None]:
    """What torch does on a device; LimberError where the memory does not suffice for it."""
    try:
        yield
    except RuntimeError as error:
        if not (isinstance(error, torch.OutOfMemoryError) or any(w in str(error) for w in _FULL)):
            raise
        raise memory_full(
            f"the memory of {device} is full; make fewer clips at once, or ask for fewer seconds.",
            device,
        ) from error


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"

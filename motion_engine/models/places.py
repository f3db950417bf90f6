"""Where a model computes and with which numbers, and what is tried when a GPU's memory is full."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import util
from typing import TypeVar

from ..errors import GPUMemoryFull, LimberError
from .precisions import PRECISIONS, QUANTIZED

Result = TypeVar("Result")


@dataclass(frozen=True)
class Place:
    """A device and the precision of a model's weights there; see :func:`motion_engine.load`."""

    device: str = "auto"
    precision: str = "fp32"

    def __str__(self) -> str:
        on_cpu = "on the CPU, " if self.device == "cpu" else ""
        return f"{on_cpu}in {self.precision}"


def smaller_places(device: str, precision: str) -> Iterator[Place]:
    """What to try instead of a full GPU: fewer bits there, then the CPU, with fewer bits again."""
    can_quantize = util.find_spec("bitsandbytes") is not None
    fewer = [
        other
        for other in PRECISIONS[PRECISIONS.index(precision) + 1 :]
        if can_quantize or other not in QUANTIZED
    ]
    yield from (Place(device, other) for other in fewer)
    yield from (Place("cpu", other) for other in (precision, *fewer))


def at_smaller_places(
    work: Callable[[Place], Result], first: Place, tell: Callable[[Place], None]
) -> Result:
    """What ``work`` returns at the ``first`` place; where the memory of a GPU is full, all of it
    anew at the next smaller place that has room. ``tell`` hears of each before it is tried, and
    lets go of the model if it holds it. Raises LimberError as the last place did, if none has room.
    """
    try:
        return work(first)
    except GPUMemoryFull as error:
        device, problem = error.device, str(error)
    for place in smaller_places(device, first.precision):
        tell(place)
        gc.collect()  # what is left of the model, also in what the error had seen
        try:
            return work(place)
        except LimberError as error:
            problem = str(error)
    raise LimberError(problem)

"""Which runtime a model runs on: numpy wherever it can, torch where that has to be.

The default kind of model runs on numpy alone, on any machine. Torch takes over for a device other
than the CPU, for another precision, for models with a backbone of ``transformers``, and for codecs
other than PRQ, RVQ and VQ of a single codebook.
"""

import os
import re
from collections.abc import Callable
from functools import partial
from importlib import util

import numpy as np

from ..codecs.configuration import runs_on_numpy
from ..codecs.contract import ModelCodec
from ..codecs.numpy_prq import NumpyPRQ
from ..errors import LimberError
from ..generation.control import ControlLayout
from ..generation.generate import Runtime
from .model_folder import ModelFolder
from .numpy_runtime import NumpyRuntime, NumpyTokenModel
from .planner import Planner
from .precisions import PRECISIONS, QUANTIZED
from .reader import Reader

RUNTIMES = ("auto", "numpy", "torch")
# As in pyproject.toml, for those who install packages their own way.
OLDEST = {
    "numpy": "1.24",
    "torch": "2.4",
    "transformers": "5.0",
    "accelerate": "1.1",
    "bitsandbytes": "0.48",
}

LoadedRuntime = tuple[
    ModelCodec, Callable[[], Runtime], ControlLayout, Planner | None, Reader | None
]


def choose_runtime(
    runtime: str,
    device: str,
    precision: str,
    has_language_model: bool = False,
    has_torch_codec: bool = False,
) -> str:
    """``numpy`` or ``torch``; raises LimberError for what contradicts itself or is missing.

    ``has_torch_codec``: numpy cannot run the model's codec.
    """
    for option, value, values in (
        ("runtime", runtime, RUNTIMES),
        ("precision", precision, PRECISIONS),
    ):
        if value not in values:
            raise LimberError(f"--{option} is '{value}'; choose {', '.join(values)}.")
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", device):
        raise LimberError(f"--device is '{device}'; choose auto, cpu, cuda, cuda:1 or mps.")
    if runtime == "numpy" and has_language_model:
        raise LimberError(
            "this model's backbone is a language model of transformers, which numpy alone cannot "
            "run; leave --runtime out, or choose torch."
        )
    if runtime == "numpy" and has_torch_codec:
        raise LimberError(
            "this model's codec needs torch, numpy alone runs PRQ, RVQ and VQ of one codebook; "
            "leave --runtime out, and pip install 'limber[torch]' where torch is missing."
        )
    needs_torch = has_language_model or has_torch_codec
    plain = device in ("auto", "cpu") and precision == "fp32" and not needs_torch
    if runtime == "numpy" and not plain:
        raise LimberError(
            f"--runtime numpy computes in fp32 on the CPU, not {precision} on {device}; use torch."
        )
    chosen = ("numpy" if plain else "torch") if runtime == "auto" else runtime
    if chosen == "torch":
        _require_torch(precision, has_language_model, has_torch_codec)
    return chosen


def load_runtime(
    name: str, runtime: str, device: str, precision: str, flow_steps: int | None = None
) -> LoadedRuntime:
    """The codec, a maker of runtimes, the control layout, the planner and the reader of a model;
    raises LimberError."""
    check_numpy(np.__version__)
    model = ModelFolder.open(name)
    config, on_numpy = model.token_model, runs_on_numpy(model.codec)
    if on_numpy and flow_steps is not None:
        raise LimberError("this model has no flow decoder; leave --flow-steps out.")
    has_language_model = config.backbone is not None
    chosen = choose_runtime(runtime, device, precision, has_language_model, not on_numpy)
    if on_numpy:
        codec: ModelCodec = NumpyPRQ(model.codec, model.codec_weights())
    else:
        from ..codecs.torch_member import TorchMember, load_torch_codec
        from .devices import find_device

        codec = TorchMember(load_torch_codec(model), find_device(device), flow_steps)
    others = config.control, model.load_planner(), model.load_reader()
    if chosen == "numpy":
        numpy_model = NumpyTokenModel(config, model.token_model_weights(), model.vocabulary())
        return codec, partial(NumpyRuntime, numpy_model), *others
    from .torch_runtime import load_torch_runtime

    return codec, load_torch_runtime(model, device, precision), *others


def check_numpy(version: str) -> None:
    """Raises LimberError for a numpy that is too old to run the default model."""
    if _is_older(version, OLDEST["numpy"]):
        raise LimberError(
            f"numpy {version} is too old, Limber needs {OLDEST['numpy']}: pip install -U numpy; "
            "inside Blender, take 3.4 or newer."
        )


def _is_older(version: str, oldest: str) -> bool:
    one, other = (
        [int(digits) for digits in re.findall(r"\d+", text)[:2]] for text in (version, oldest)
    )
    return one < other


def _require_torch(precision: str, has_language_model: bool, has_torch_codec: bool) -> None:
    from importlib import metadata  # slow to import, and numpy alone does not need it

    needed = ["torch", "transformers", "accelerate"]
    needed += ["bitsandbytes"] if precision in QUANTIZED else []
    user = "this model's codec" if has_torch_codec else "the torch runtime"
    user = "this model's language model" if has_language_model else user
    for name in needed:
        what = f"--precision {precision}" if name == "bitsandbytes" else user
        if util.find_spec(name) is None:
            is_bound = has_language_model or has_torch_codec
            plain = "" if is_bound else ", or leave --runtime, --device, --precision out"
            raise LimberError(
                f"{what} needs {name}, which is not installed: pip install 'limber[torch]'{plain}."
            )
        version = metadata.version(name)
        if _is_older(version, OLDEST[name]):
            raise LimberError(
                f"{what} needs {name} {OLDEST[name]} or newer, and {version} is installed: "
                "pip install -U 'limber[torch]'."
            )
    # transformers warns about tokens that a motion model does not have.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

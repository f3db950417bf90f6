"""Which runtime a model runs on: numpy wherever it can, torch where that has to be.

The default kind of model runs on numpy alone, on any machine. Torch takes over for a device other
than the CPU, for another precision, and for models with a backbone of ``transformers``.
"""

import os
import re
from collections.abc import Callable
from functools import partial
from importlib import util

from .codecs.numpy_prq import NumpyPRQ
from .control import ControlLayout
from .errors import LimberError
from .generate import Runtime
from .locations import asset
from .model_folder import ModelFolder
from .numpy_runtime import NumpyRuntime, NumpyTokenModel
from .vocabulary import Vocabulary

RUNTIMES = ("auto", "numpy", "torch")
PRECISIONS = ("fp32", "bf16", "int8", "nf4")

LoadedRuntime = tuple[NumpyPRQ, Callable[[], Runtime], ControlLayout]


def choose_runtime(runtime: str, device: str, precision: str) -> str:
    """``numpy`` or ``torch``; raises LimberError for what contradicts itself or is missing."""
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", device):
        raise LimberError(f"--device is '{device}'; choose auto, cpu, cuda, cuda:1 or mps.")
    plain = device in ("auto", "cpu") and precision == "fp32"
    if runtime == "numpy" and not plain:
        raise LimberError(
            f"--runtime numpy computes in fp32 on the CPU, not {precision} on {device}; use torch."
        )
    chosen = ("numpy" if plain else "torch") if runtime == "auto" else runtime
    if chosen == "torch":
        _require_torch()
    return chosen


def load_runtime(name: str, runtime: str, device: str, precision: str) -> LoadedRuntime:
    """The codec, a maker of runtimes and the control layout of a model; raises LimberError."""
    chosen = choose_runtime(runtime, device, precision)
    model = ModelFolder.open(name)
    vocabulary = Vocabulary.load(asset("vocabulary"))
    if vocabulary.width != model.token_model.word_size:
        raise LimberError(
            f"{model.folder}: this model was trained with another vocabulary; use Limber's own."
        )
    codec = NumpyPRQ(model.codec, model.codec_weights())
    weights = model.token_model_weights()
    if chosen == "numpy":
        numpy_model = NumpyTokenModel(model.token_model, weights, vocabulary)
        return codec, partial(NumpyRuntime, numpy_model), model.token_model.control
    from .torch_runtime import TorchRuntime, token_model_of

    torch_model = token_model_of(model.token_model, weights)
    return codec, partial(TorchRuntime, torch_model, vocabulary), model.token_model.control


def _require_torch() -> None:
    missing = [name for name in ("torch", "transformers") if util.find_spec(name) is None]
    if missing:
        raise LimberError(
            f"the torch runtime needs {missing[0]}, which is not installed: "
            "pip install 'limber[torch]', or leave --runtime, --device and --precision out."
        )
    # transformers warns about tokens that a motion model does not have.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

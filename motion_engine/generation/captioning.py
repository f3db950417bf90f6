"""Motion to words: the token model speaks after the motion that it has heard."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from ..errors import LimberError
from ..features import encode_features
from ..language.vocabulary import MAXIMUM_WORDS
from ..models.model import Model
from ..models.numpy_runtime import NumpyRuntime, NumpyTokenModel
from ..motion import ENGINE_FPS, Motion, resample
from ..parts import resolve_parts

LONGEST_HEARD_SECONDS = 10.0
"""Longer than this, no clip was heard in training; longer motion is described in pieces."""


@dataclass(frozen=True)
class Description:
    """What happens between two times, in seconds."""

    start: float
    stop: float
    text: str


def captions(model: Model, motion: Motion, part: str | None = None) -> list[Description]:
    """Descriptions of a motion of any rate, piece after piece, all of about the same length.

    With a ``part`` ("left_arm", "legs"), of what that part does. Raises LimberError for a motion
    that is shorter than a token frame, an unknown part, and a model that cannot describe motion.
    """
    runtime = model.new_runtime()
    if not isinstance(runtime, NumpyRuntime):
        raise LimberError(
            "Describing runs on numpy alone; leave --runtime, --device, --precision out, or choose "
            "--model default."
        )
    beginning = ""
    if part is not None:
        resolve_parts([part])
        beginning = f"{part.replace('_', ' ')}:"
    motion = resample(motion, ENGINE_FPS)
    span = model.codec.downsampling
    if motion.frames < span:
        raise LimberError(f"{motion.seconds:.2f} s are too short; give {span / ENGINE_FPS:.2f} s.")
    features = encode_features(motion, model.codec.config.layout)
    codes = model.codec.encode(features[None, : motion.frames // span * span])[0].T
    pieces = ceil(motion.seconds / LONGEST_HEARD_SECONDS)
    edges = np.linspace(0, len(codes), pieces + 1).round().astype(int)
    seconds = edges / model.codec.frame_rate
    return [
        Description(
            float(seconds[i]),
            float(seconds[i + 1]),
            describe(runtime.model, codes[edges[i] : edges[i + 1]], beginning)
            .removeprefix(beginning)
            .strip(),
        )
        for i in range(pieces)
    ]


def describe(model: NumpyTokenModel, codes: np.ndarray, beginning: str = "") -> str:
    """What the model says of ``codes [T, K]``, the likeliest word each time.

    It goes on from the ``beginning`` of the sentence if there is one: ``left arm:`` makes it speak
    of the left arm alone. Raises LimberError for a model that was not trained to speak.
    """
    if not model.config.speaks:
        raise LimberError("This model cannot describe motion; choose --model default.")
    runtime = NumpyRuntime(model)
    runtime.make_room(1, len(codes) + 2 + MAXIMUM_WORDS)
    frames = model.embed_codes(model.code_vectors(codes))
    heard = [model.embed_special("motion"), *frames]
    runtime.advance_backbone(np.stack(heard)[None], np.ones((1, len(heard)), dtype=bool))
    words = model.vocabulary.tokenize(beginning) if beginning else []
    state = _say(runtime, model.embed_text(model.vocabulary.vectors[words][None]))
    while len(words) < MAXIMUM_WORDS:
        word = int(_word_logits(model, state).argmax())
        if word == len(model.vocabulary.words):
            break
        words.append(word)
        spoken = model.embed_text(model.vocabulary.vectors[[word]][None])
        state = _say(runtime, spoken[:, 1:])
    return model.vocabulary.decode(words)


def _say(runtime: NumpyRuntime, inputs: np.ndarray) -> np.ndarray:
    """State ``[W]`` after ``inputs [1, n, W]``."""
    return runtime.advance_backbone(inputs, np.ones(inputs.shape[:2], dtype=bool))[0, -1]


def _word_logits(model: NumpyTokenModel, state: np.ndarray) -> np.ndarray:
    """Logits ``[V + 1]`` of the next word; the last is that of the end."""
    spoken = model.linear("speak", state[None])[0]
    return np.append(model.vocabulary.vectors @ spoken[:-1], spoken[-1])

"""Motion to words: what the reader sees in it, or else what the token model says after it."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from ..errors import LimberError
from ..language.telling import sentence_of
from ..language.understanding import understood
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

    A model with a reader tells what it sees; where it sees nothing that it knows, the token model
    speaks, and is believed where it names an action: else, and on a torch runtime, the text is ""
    there. With a ``part`` ("left_arm", "legs"), the
    token model says what that part does. Raises LimberError for a motion that is shorter than a
    token frame, an unknown part, and a model that cannot describe motion.
    """
    beginning = ""
    if part is not None:
        resolve_parts([part])
        beginning = f"{part.replace('_', ' ')}:"
    runtime = model.new_runtime()
    speaker = runtime.model if isinstance(runtime, NumpyRuntime) else None
    if speaker is None and (part or model.reader is None):
        raise LimberError(
            "Describing runs on numpy alone; leave --runtime, --device, --precision out, or choose "
            "--model default."
        )
    motion = resample(motion, ENGINE_FPS)
    span = model.codec.downsampling
    if motion.frames < span:
        raise LimberError(f"{motion.seconds:.2f} s are too short; give {span / ENGINE_FPS:.2f} s.")
    codes = model.encode(motion.cut(0, motion.frames // span * span)).T
    pieces = ceil(motion.seconds / LONGEST_HEARD_SECONDS)
    edges = np.linspace(0, len(codes), pieces + 1).round().astype(int)
    seconds = edges / model.codec.frame_rate
    found = []
    for start, stop, first, last in zip(seconds, seconds[1:], edges, edges[1:]):
        heard = codes[first:last]
        text = "" if part else read(model, heard)
        if not text and speaker is not None:
            text = describe(speaker, heard, beginning).removeprefix(beginning).strip()
            if model.reader and not part and not understood(text).actions:
                text = ""
        found.append(Description(float(start), float(stop), text))
    return found


def read(model: Model, codes: np.ndarray) -> str:
    """The sentence for what the model's reader sees in ``codes [T, K]``; "" for nothing, and for a
    model without a reader."""
    if model.reader is None:
        return ""
    vectors = model.codec.part_vectors(codes)
    return sentence_of(model.reader.seen(vectors, model.codec.frame_rate))


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

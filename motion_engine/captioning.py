"""Motion to words: the token model speaks after the motion that it has heard."""

import numpy as np

from .errors import LimberError
from .numpy_runtime import NumpyRuntime, NumpyTokenModel
from .vocabulary import MAXIMUM_WORDS


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

"""Describing motion: what the reader sees is told; the token model says of the rest what the
training pass finds likeliest."""

from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from motion_engine.errors import LimberError
from motion_engine.generation import captioning
from motion_engine.generation.action_plan import PlannedAction
from motion_engine.generation.captioning import captions, describe
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.models.configuration import TokenModelConfig
from motion_engine.models.numpy_runtime import NumpyRuntime, NumpyTokenModel
from motion_engine.models.token_model import TokenModel
from motion_engine.motion import Motion

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def vocabulary():
    words = ("a", "man", "walks", "and", "waves", ":", "left", "arm")
    return Vocabulary(words, np.random.default_rng(7).normal(size=(8, 6)).astype(np.float32))


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(3)
    config = TokenModelConfig(
        parts=3, layers=2, codebook_size=32, latent_size=8, word_size=6, pose_size=10, width=32,
        blocks=2, heads=2, feed_forward=48, depth_width=24, depth_blocks=1, depth_heads=2,
        groups=((0,), (2, 4), (1, 3, 5)), speaks=True,
    )  # fmt: skip
    model = TokenModel(config).eval()
    model.codebook.normal_()
    # Untrained weights are near zero; with larger ones, what was heard and said decides.
    for weight in (model.embed_codes.weight, *model.backbone.parameters()):
        weight.data.mul_(6.0 if weight.ndim > 1 else 1.0)
    return model


def in_numpy(model, vocabulary):
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    return NumpyTokenModel(model.config, weights, vocabulary)


@torch.no_grad()
def likeliest_next(model, vocabulary, codes, words):
    """By a pass over everything at once, as in training."""
    motion = model.embed_motion(
        model.code_vectors(torch.from_numpy(codes))[None],
        torch.zeros(1, len(codes) + 1, model.config.control.size),
        torch.zeros(1, model.config.width),
    )
    vectors = torch.from_numpy(vocabulary.vectors)
    text = model.embed_text(vectors[words][None])
    inputs = torch.cat([motion, text], dim=1)
    states = model(inputs, torch.ones(inputs.shape[:2], dtype=torch.long))[1]
    return int(model.word_logits(states[0, -1], vectors).argmax())


@pytest.mark.parametrize("beginning", ["", "left arm:"])
def test_every_word_is_the_likeliest_one(model, vocabulary, beginning):
    for seed in range(3):
        codes = np.random.default_rng(seed).integers(0, 32, (9, 6))
        text = describe(in_numpy(model, vocabulary), codes, beginning)
        words = vocabulary.tokenize(text) if text else []
        said = vocabulary.tokenize(beginning) if beginning else []
        assert words[: len(said)] == said
        for word in words[len(said) :]:
            assert likeliest_next(model, vocabulary, codes, said) == word
            said = [*said, word]
        ended = likeliest_next(model, vocabulary, codes, said) == len(vocabulary.words)
        assert ended or len(said) == 64


def test_the_words_depend_on_the_motion(model, vocabulary):
    rng = np.random.default_rng(1)
    runtime = in_numpy(model, vocabulary)
    assert len({describe(runtime, rng.integers(0, 32, (9, 6))) for _ in range(8)}) > 1


def test_a_model_that_was_not_taught_to_speak_says_so(model, vocabulary):
    silent = TokenModelConfig(**(vars(model.config) | {"speaks": False}))
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    with pytest.raises(LimberError, match="cannot describe"):
        describe(NumpyTokenModel(silent, weights, vocabulary), np.zeros((3, 6), int))


def model_of(runtime, *pieces):
    """A model whose reader sees the ``pieces`` one after another; without them it has none."""
    seen = iter(pieces)
    codec = SimpleNamespace(downsampling=4, frame_rate=7.5, part_vectors=lambda codes: codes)
    return SimpleNamespace(
        codec=codec,
        new_runtime=lambda: runtime,
        encode=lambda motion: np.ones((6, motion.frames // 4), dtype=int),
        reader=SimpleNamespace(seen=lambda vectors, rate: next(seen)) if pieces else None,
    )


NOD = (PlannedAction(("nod",), 0.0, 2.0),)


@pytest.mark.parametrize(
    "spoken, told", (("he dances salsa", "he dances salsa"), ("isling rb", ""))
)
def test_of_what_is_not_seen_the_model_is_believed_where_it_names_an_action(
    model, vocabulary, monkeypatch, spoken, told
):
    runtime = NumpyRuntime(in_numpy(model, vocabulary))
    monkeypatch.setattr(captioning, "describe", lambda *asked: spoken)
    nods, unknown = captions(model_of(runtime, NOD, ()), Motion.standing(600))
    assert (nods.start, nods.stop, nods.text) == (0.0, 10.0, "A person nods")
    assert (unknown.start, unknown.stop, unknown.text) == (10.0, 20.0, told)
    monkeypatch.undo()
    (arm,) = captions(model_of(runtime, NOD), Motion.standing(300), "left_arm")
    assert arm.text != "A person nods"


def test_telling_what_is_seen_needs_no_runtime_of_numpy():
    motion = Motion.standing(600)
    assert [piece.text for piece in captions(model_of(None, NOD, ()), motion)] == [
        "A person nods", ""
    ]  # fmt: skip
    for asked in ((model_of(None), motion), (model_of(None, NOD), motion, "head")):
        with pytest.raises(LimberError, match="numpy alone"):
            captions(*asked)

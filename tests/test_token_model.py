"""The token model: cached steps equal the training pass; sampling is a counter."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from motion_engine.command import Command
from motion_engine.generation.control import ControlLayout, duration_control
from motion_engine.generation.generate import generate_codes
from motion_engine.generation.guidance import Hearing, guided
from motion_engine.generation.prompt import Prompt
from motion_engine.generation.sampling import falling_order, frame_uniforms, sample_codes
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.models.configuration import TokenModelConfig, default_groups
from motion_engine.models.numpy_runtime import NumpyRuntime, NumpyTokenModel
from motion_engine.models.token_model import TokenModel
from motion_engine.models.torch_runtime import SmallBackbone, TorchRuntime
from motion_engine.models.weight_shapes import token_model_shapes

pytestmark = pytest.mark.torch
PARTS = ("root", "torso", "head", "left_arm", "right_arm", "left_leg", "right_leg")
FRAMES = 7
TEXT, LONGER_TEXT = "a man walks", "a man walks and a man walks"


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    config = TokenModelConfig(
        parts=7, layers=2, codebook_size=32, latent_size=8, word_size=6, pose_size=10, width=32,
        blocks=2, heads=2, feed_forward=48, depth_width=24, depth_blocks=2, depth_heads=2,
        groups=default_groups(PARTS, 2),
    )  # fmt: skip
    model = TokenModel(config).eval()
    model.codebook.normal_()
    model.project_control.weight.data.normal_(std=0.1)
    model.pool_sentence.out.weight.data.normal_(std=0.3)
    return model


@pytest.fixture(scope="module")
def vocabulary():
    words = ("a", "man", "walks", "and")
    return Vocabulary(words, np.random.default_rng(7).normal(size=(4, 6)).astype(np.float32))


@pytest.fixture(scope="module", params=["numpy", "torch"])
def new_runtime(request, model, vocabulary):
    if request.param == "torch":
        return lambda: TorchRuntime(model, SmallBackbone(model, vocabulary))
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    return lambda: NumpyRuntime(NumpyTokenModel(model.config, weights, vocabulary))


def test_groups_hold_every_stream_once():
    for parts, layers in ((PARTS, 4), (PARTS + ("left_hand", "right_hand"), 4), (PARTS, 1)):
        flat = [stream for group in default_groups(parts, layers) for stream in group]
        assert sorted(flat) == list(range(len(parts) * layers))
        assert flat[0] == 0


def teacher_forced(model, words, codes, control):
    vectors = model.code_vectors(codes)
    text = model.embed_text(words)
    sentence = model.pool_sentence(words, torch.ones(words.shape[:2], dtype=torch.bool))
    motion = model.embed_motion(vectors[:, :-1], control, sentence)
    mask = torch.ones(1, text.shape[1] + motion.shape[1], dtype=torch.long)
    states = model(torch.cat([text, motion], dim=1), mask)[1][:, text.shape[1] :]
    return states, model.depth(states[0], vectors[0])


def word_vectors(vocabulary, text):
    return vocabulary.vectors[vocabulary.tokenize(text)]


def test_the_stated_shapes_are_those_of_the_module(model):
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    assert token_model_shapes(model.config) == shapes


@torch.no_grad()
def test_cached_steps_equal_the_training_pass(model, vocabulary, new_runtime):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 32, (FRAMES, 14))
    control = duration_control(model.config.control, FRAMES, 7.5)
    words = word_vectors(vocabulary, TEXT)
    states, logits = teacher_forced(
        model, torch.from_numpy(words)[None], torch.from_numpy(codes)[None],
        torch.from_numpy(control)[None],
    )  # fmt: skip
    runtime = new_runtime()
    # The second prompt is longer, so that the first one is padded.
    runtime.start([TEXT, LONGER_TEXT, "", ""], FRAMES)
    for frame in range(FRAMES):
        before = np.stack([codes[frame - 1], codes[0]]) if frame else None
        runtime.advance(before, np.stack([control[frame]] * 4))
        np.testing.assert_allclose(runtime.state[0], states[0, frame], atol=2e-5)
        previous = None
        for index, group in enumerate(model.config.groups):
            stepped = runtime.logits(index, previous)
            np.testing.assert_allclose(stepped[0], logits[index][frame], atol=1e-4)
            previous = np.stack([codes[frame, list(group)]] * 2)


def test_the_silent_row_does_not_hear_the_text(model, new_runtime):
    rng = np.random.default_rng(1)
    control = duration_control(model.config.control, FRAMES, 7.5)
    runtimes = [new_runtime(), new_runtime()]
    for runtime, text in zip(runtimes, (TEXT, "a and a")):
        runtime.start([text, ""], FRAMES)
    codes = None
    for frame in range(3):
        for runtime in runtimes:
            runtime.advance(codes, np.stack([control[frame]] * 2))
        one, other = (np.asarray(runtime.state) for runtime in runtimes)
        np.testing.assert_allclose(one[1], other[1], atol=2e-5)
        assert np.abs(one[0] - other[0]).max() > 1e-3
        codes = rng.integers(0, 32, (1, 14))


def all_codes(model, new_runtime, *commands):
    """Codes ``[T, K]`` of each command, up to its own end."""
    found = [[] for _ in commands]
    over = np.zeros(len(commands), dtype=bool)
    for codes, ends in generate_codes(new_runtime(), commands, model.config.control, 7.5):
        for row in np.flatnonzero(~over):
            found[row].append(codes[row])
        over |= ends
    assert over.all()
    return [np.stack(rows) for rows in found]


def test_length_is_exact_and_seeds_decide(model, new_runtime):
    command = Command(TEXT, seconds=1.3, seed=3)
    (codes,) = all_codes(model, new_runtime, command)
    assert codes.shape == (10, 14)
    np.testing.assert_array_equal(codes, all_codes(model, new_runtime, command)[0])
    for other in (replace(command, seed=4), replace(command, variation=1)):
        assert (codes != all_codes(model, new_runtime, other)[0]).any()


def test_a_clip_does_not_depend_on_its_batch(model, new_runtime):
    commands = [
        Command(TEXT, seconds=1.3, seed=3),
        Command(LONGER_TEXT, seconds=0.8, seed=5),
        Command("a man", seconds=2.0, seed=6, temperature=1.0, guidance=2.0),
    ]
    batch = all_codes(model, new_runtime, *commands)
    assert [len(codes) for codes in batch] == [10, 6, 15]
    for command, codes in zip(commands, batch):
        np.testing.assert_array_equal(codes, all_codes(model, new_runtime, command)[0])


def test_both_runtimes_speak_the_same_codes(model, vocabulary):
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    command = Command(TEXT, seconds=10.0, seed=3)
    numpy_model = NumpyTokenModel(model.config, weights, vocabulary)
    (one,) = all_codes(model, lambda: NumpyRuntime(numpy_model), command)
    (other,) = all_codes(
        model, lambda: TorchRuntime(model, SmallBackbone(model, vocabulary)), command
    )
    assert (one == other).mean() >= 0.999


@pytest.mark.parametrize("index", [0, 1])
def test_the_model_ends_by_itself(model, new_runtime, index):
    commands = [Command(TEXT), Command(TEXT, seconds=2.0)][index:]
    with pytest.MonkeyPatch.context() as patch:
        runtime = new_runtime()
        advance = runtime.advance
        patch.setattr(runtime, "advance", lambda *given: advance(*given) + 50.0)
        lengths = [len(codes) for codes in all_codes(model, lambda: runtime, *commands)]
    assert lengths == [8, 15][index:]


def test_uniforms_belong_to_seed_variation_frame_and_stream():
    base = frame_uniforms(1, 0, 5, 36)
    np.testing.assert_array_equal(base, frame_uniforms(1, 0, 5, 36))
    np.testing.assert_array_equal(base[:7], frame_uniforms(1, 0, 5, 7))
    for other in ((2, 0, 5), (1, 1, 5), (1, 0, 6)):
        assert np.abs(base - frame_uniforms(*other, 36)).min() > 0
    many = np.concatenate([frame_uniforms(9, 0, frame, 36) for frame in range(300)])
    assert abs(many.mean() - 0.5) < 0.01 and abs(np.corrcoef(many[:-1], many[1:])[0, 1]) < 0.03


def test_samples_follow_the_distribution():
    logits = np.log(np.array([[0.5, 0.2, 0.3]]))
    uniforms = (np.arange(2000) + 0.5) / 2000
    codes = np.array([sample_codes(logits, u[None], 1.0, 1.0)[0] for u in uniforms])
    np.testing.assert_allclose(np.bincount(codes) / 2000, [0.5, 0.2, 0.3], atol=0.002)
    nucleus = np.array([sample_codes(logits, u[None], 1.0, 0.75)[0] for u in uniforms])
    np.testing.assert_allclose(np.bincount(nucleus) / 2000, [0.625, 0, 0.375], atol=0.002)
    assert sample_codes(logits, np.array([0.99]), 0.0, 1.0)[0] == 0


def test_codes_stand_in_falling_order_and_implausible_ones_not_at_all():
    logits = np.random.default_rng(3).normal(size=(4, 50)).round(1)
    expected = np.argsort(-logits, axis=-1, kind="stable")
    np.testing.assert_array_equal(falling_order(logits), expected)
    logits[:, ::3] = -np.inf
    logits[0, 1::3] = -np.inf
    order = falling_order(logits)
    expected = np.argsort(-logits, axis=-1, kind="stable")[:, : order.shape[1]]
    assert order.shape == (4, 33)
    np.testing.assert_array_equal(order[1:], expected[1:])
    np.testing.assert_array_equal(order[0, :16], expected[0, :16])


def test_guidance_of_one_is_the_text_itself():
    a, b = np.random.default_rng(0).normal(size=(2, 3, 4)) * 0.1
    np.testing.assert_allclose(guided(a, b, a, 1.0), a)
    np.testing.assert_allclose(guided(a, b, b, 1.0), a)
    np.testing.assert_allclose(guided(a, b, a, 0.0), b)


def test_guidance_never_picks_what_the_text_finds_implausible():
    text, silence = np.array([[5.0, 4.5, -5.0]]), np.array([[5.0, 4.0, -20.0]])
    assert guided(text, silence, text, 7.0).argmax() == 1
    assert guided(text, silence, text, 7.0)[0, 2] == -np.inf


def test_who_has_a_plan_is_heard_in_three_ways_and_who_has_none_in_two():
    layout = ControlLayout(parts=2, latent_size=3, pose_size=4, labels=1)
    plain = Prompt(Command("a man walks", guidance=3.0), np.zeros((2, layout.size), np.float32))
    told = np.zeros_like(plain.control)
    told[:, layout.slices["plan"]] = 1.0
    planned = replace(plain, control=told)
    alone = Hearing.of([plain], layout)
    assert alone.texts == ("a man walks", "")
    both = Hearing.of([plain, planned], layout)
    assert both.texts == ("a man walks", "a man walks", "", "", "a man walks", "")
    rows = both.control(np.stack([plain.control[0], planned.control[0]]))
    assert [bool(row.any()) for row in rows] == [False, True, False, False, False, True]
    logits = np.random.default_rng(2).normal(size=(6, 1, 4)) * 0.1
    logits[4] = logits[0]  # they hear the same
    expected = logits[2] + 3.0 * (logits[0] - logits[2])
    np.testing.assert_allclose(both.guided(logits, 0, 3.0), expected)
    expected = logits[3] + 3.0 * (logits[5] - logits[3]) + logits[1] - logits[5]
    np.testing.assert_allclose(both.guided(logits, 1, 3.0), expected)


def test_the_plan_leads_and_the_words_are_added_as_they_are():
    silent = np.zeros((1, 3))
    plan, both = np.array([[0.3, 0.0, 0.0]]), np.array([[0.3, 0.2, 0.0]])
    np.testing.assert_allclose(guided(both, silent, plan, 3.0), [[0.9, 0.2, 0.0]])

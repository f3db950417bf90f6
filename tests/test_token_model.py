"""The token model: cached steps equal the training pass; sampling is a counter."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from motion_engine.command import Command
from motion_engine.control import duration_control
from motion_engine.generate import generate_codes
from motion_engine.sampling import frame_uniforms, guided, sample_codes
from motion_engine.token_model import (
    TokenModel,
    TokenModelConfig,
    default_groups,
)
from motion_engine.torch_runtime import TorchRuntime

pytestmark = pytest.mark.torch
PARTS = ("root", "torso", "head", "left_arm", "right_arm", "left_leg", "right_leg")
FRAMES = 7


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


@torch.no_grad()
def test_cached_steps_equal_the_training_pass(model):
    rng = np.random.default_rng(0)
    words = rng.normal(size=(5, 6)).astype(np.float32)
    codes = rng.integers(0, 32, (FRAMES, 14))
    control = duration_control(model.config.control, FRAMES, 7.5)
    states, logits = teacher_forced(
        model, torch.from_numpy(words)[None], torch.from_numpy(codes)[None],
        torch.from_numpy(control)[None],
    )  # fmt: skip
    runtime = TorchRuntime(model)
    runtime.start(words, is_guided=True, frames=FRAMES)
    for frame in range(FRAMES):
        runtime.advance(codes[frame - 1] if frame else None, control[frame])
        np.testing.assert_allclose(runtime.state[0], states[0, frame], atol=2e-5)
        previous = None
        for index, group in enumerate(model.config.groups):
            stepped = runtime.logits(index, previous)
            np.testing.assert_allclose(stepped[0], logits[index][frame], atol=1e-4)
            previous = codes[frame, list(group)]


@torch.no_grad()
def test_the_silent_row_is_a_prompt_without_words(model):
    rng = np.random.default_rng(1)
    words = rng.normal(size=(5, 6)).astype(np.float32)
    control = duration_control(model.config.control, FRAMES, 7.5)
    both, silent = TorchRuntime(model), TorchRuntime(model)
    both.start(words, is_guided=True, frames=FRAMES)
    silent.start(words[:0], is_guided=False, frames=FRAMES)
    codes = None
    for frame in range(3):
        both.advance(codes, control[frame])
        silent.advance(codes, control[frame])
        np.testing.assert_allclose(both.state[1], silent.state[0], atol=2e-5)
        codes = rng.integers(0, 32, 14)


def all_codes(model, command, words=None):
    words = np.ones((3, 6), dtype=np.float32) if words is None else words
    stream = generate_codes(TorchRuntime(model), words, command, model.config.control, 7.5)
    return np.stack(list(stream))


def test_length_is_exact_and_seeds_decide(model):
    command = Command("walk", seconds=1.3, seed=3)
    codes = all_codes(model, command)
    assert codes.shape == (10, 14)
    np.testing.assert_array_equal(codes, all_codes(model, command))
    for other in (replace(command, seed=4), replace(command, variation=1)):
        assert (codes != all_codes(model, other)).any()
    longer = all_codes(model, replace(command, seconds=1.3))
    np.testing.assert_array_equal(codes, longer)


def test_the_model_ends_by_itself(model):
    model.end.bias.data.fill_(50.0)
    try:
        assert len(all_codes(model, Command("walk"))) == 8
    finally:
        model.end.bias.data.fill_(0.0)


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


def test_guidance_of_one_is_the_text_itself():
    a, b = np.random.default_rng(0).normal(size=(2, 3, 4)) * 0.1
    np.testing.assert_allclose(guided(a, b, 1.0), a)
    np.testing.assert_allclose(guided(a, b, 0.0), b)


def test_guidance_never_picks_what_the_text_finds_implausible():
    text, silence = np.array([[5.0, 4.5, -5.0]]), np.array([[5.0, 4.0, -20.0]])
    assert guided(text, silence, 7.0).argmax() == 1
    assert guided(text, silence, 7.0)[0, 2] == -np.inf

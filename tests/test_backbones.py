"""Language models of transformers as the backbone, through the public door.

Tiny random Llama, Qwen, Gemma and GPT-2 models. The oracle is the network in memory, before it was
saved: one forward pass without any cache.
"""

import json
import socket

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
from language_models import (
    BEGIN,
    LONGER_TEXT,
    NETWORKS,
    TEXT,
    byte_pairs,
    clip,
    has_begin,
    make_model,
)

import motion_engine
from motion_engine import cli
from motion_engine.generation.control import duration_control
from motion_engine.generation.generate import generate_codes
from motion_engine.models import runtimes
from motion_engine.models.devices import Footprint
from motion_engine.models.model_folder import ModelFolder

pytestmark = pytest.mark.torch
FRAMES = 9


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Model folders and their networks by name, each made once."""
    known = {}

    def make(name):
        if name not in known:
            folder = tmp_path_factory.mktemp(name) / "model"
            known[name] = folder, make_model(folder, name)
        return known[name]

    return make


@pytest.fixture
def llama(made):
    return made("llama")[0]


def uncached_states(name, network, token_model, text, codes, control):
    """States ``[T, W]`` of one text's motion, from one forward pass."""
    ids = byte_pairs(name).encode(text, add_special_tokens=False).ids
    begin, ids = torch.tensor([BEGIN] * has_begin(name), dtype=int), torch.tensor(ids, dtype=int)
    embed = network.get_input_embeddings()
    vectors = token_model.code_vectors(torch.from_numpy(codes))[None]
    silence = torch.zeros(1, token_model.config.width)
    motion = token_model.embed_motion(vectors[:, :-1], torch.from_numpy(control)[None], silence)
    message = [embed(begin), token_model.embed_special("text")[None], embed(ids), motion[0]]
    inputs = torch.cat(message)[None]
    states = network(inputs_embeds=inputs, use_cache=False, output_hidden_states=True)
    return states.hidden_states[-1][0, -len(codes) :], vectors[0]


@pytest.mark.parametrize("name", NETWORKS)
@torch.no_grad()
def test_cached_padded_steps_equal_one_pass_without_cache(made, name):
    folder, network = made(name)
    runtime = motion_engine.load(str(folder)).new_runtime()
    token_model = runtime.model
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 32, (FRAMES, token_model.config.streams))
    control = rng.normal(size=(FRAMES, token_model.config.control.size)).astype(np.float32)
    token_model.project_control.weight.normal_(std=0.01, generator=torch.Generator().manual_seed(1))
    texts = (TEXT, LONGER_TEXT)
    expected = [
        uncached_states(name, network, token_model, text, codes, control)
        for text in (*texts, "", "")
    ]
    runtime.start((*texts, "", ""), FRAMES)
    for frame in range(FRAMES):
        before = np.stack([codes[frame - 1]] * 2) if frame else None
        runtime.advance(before, np.stack([control[frame]] * 4))
        for row, (states, _) in enumerate(expected):
            np.testing.assert_allclose(runtime.state[row], states[frame], atol=2e-4)
        previous = None
        for index, group in enumerate(token_model.config.groups):
            stepped = runtime.logits(index, previous)
            for row, (states, vectors) in enumerate(expected):
                whole = token_model.depth(states[frame][None], vectors[frame][None])[index]
                np.testing.assert_allclose(stepped[row], whole[0], atol=1e-3)
            previous = np.stack([codes[frame, list(group)]] * 2)
    assert np.abs(expected[0][0] - expected[1][0]).max() > 0.05


@pytest.mark.parametrize("name", NETWORKS)
def test_a_clip_does_not_depend_on_its_batch(made, name):
    model = motion_engine.load(str(made(name)[0]))
    commands = [
        motion_engine.Command(TEXT, seconds=2.0, seed=1),
        motion_engine.Command(LONGER_TEXT, seconds=1.2, seed=2, guidance=3.0),
    ]

    def spoken(*commands):
        codes = generate_codes(model.new_runtime(), commands, model.control, 7.5)
        return np.stack([frame for frame, _ in codes], axis=1)

    together = spoken(*commands)
    assert (together[0] == spoken(commands[0])[0]).mean() > 0.99
    assert (together[1, :9] == spoken(commands[1])[0]).mean() > 0.99


def test_text_seed_and_length_decide(llama):
    model = motion_engine.load(str(llama))
    one = clip(model, seconds=0.9).joint_positions()
    assert one.shape == (27, 55, 3)
    np.testing.assert_array_equal(one, clip(model, seconds=0.9).joint_positions())
    for other in (clip(model, "a person waves twice", 0.9), clip(model, seconds=0.9, seed=1)):
        assert np.abs(one - other.joint_positions()).max() > 1e-3


# Relative to the states in fp32; random weights, so that nothing hides behind training.
LARGEST_ERRORS = {"fp32": 1e-6, "bf16": 0.03, "int8": 0.05, "nf4": 0.3}


def states_of(model, frames=6):
    runtime = model.new_runtime()
    runtime.start([TEXT], frames)
    control = duration_control(model.control, frames, 7.5)
    codes, found = None, []
    for frame in range(frames):
        runtime.advance(codes, control[frame][None])
        found.append(runtime.state[0].numpy())
        codes = np.full((1, runtime.model.config.streams), 3 * frame)
    return np.stack(found)


def quantizer_or_skip(precision):
    if precision in ("int8", "nf4"):
        pytest.importorskip("bitsandbytes")


@pytest.mark.parametrize("precision", runtimes.PRECISIONS)
@pytest.mark.parametrize("name", ["llama", "qwen3", "gemma3"])
def test_every_precision_runs_on_the_processor(made, name, precision):
    quantizer_or_skip(precision)
    folder = str(made(name)[0])
    model = motion_engine.load(folder, device="cpu", precision=precision)
    exact, found = states_of(motion_engine.load(folder)), states_of(model)
    assert np.linalg.norm(found - exact) < LARGEST_ERRORS[precision] * np.linalg.norm(exact)
    assert clip(model, seconds=0.5).frames == 15


# The sixteen levels of NF4, as Dettmers et al. (QLoRA, 2023, appendix E) print them.
NORMAL_FLOAT = torch.tensor([
    -1.0, -0.6961928, -0.52507305, -0.39491749, -0.28444138, -0.18477343, -0.09105004, 0.0,
    0.0795803, 0.1609302, 0.2461123, 0.33791524, 0.44070983, 0.562617, 0.72295684, 1.0,
])  # fmt: skip


def to_normal_float(weight):
    """A matrix as NF4 keeps it: every 64 weights share their largest magnitude."""
    blocks = weight.reshape(-1, 64)
    largest = blocks.abs().amax(1, keepdim=True)
    levels = (blocks / largest)[..., None].sub(NORMAL_FLOAT).abs().argmin(-1)
    return (NORMAL_FLOAT[levels] * largest).view_as(weight)


@torch.no_grad()
def test_four_bits_are_those_of_the_paper(llama):
    pytest.importorskip("bitsandbytes")
    expected = motion_engine.load(str(llama), device="cpu")
    for module in expected.new_runtime().backbone.network.modules():
        if isinstance(module, torch.nn.Linear):
            # Weights come from the disk as bf16, and are quantized then.
            module.weight.copy_(to_normal_float(module.weight.bfloat16().float()))
    expected = states_of(expected)
    found = states_of(motion_engine.load(str(llama), device="cpu", precision="nf4"))
    assert np.linalg.norm(found - expected) < 0.03 * np.linalg.norm(expected)


def test_memory_is_what_the_precision_promises(llama):
    pytest.importorskip("bitsandbytes")
    for precision in runtimes.PRECISIONS:
        loaded = motion_engine.load(str(llama), device="cpu", precision=precision)
        network = loaded.new_runtime().backbone.network
        found = sum(t.numel() * t.element_size() for t in network.parameters())
        with torch.device("meta"):
            plain = transformers.AutoModel.from_config(network.config)
        footprint = Footprint.of(plain)
        expected = Footprint(footprint.linear, footprint.other, 0).bytes_at(precision)
        scales = 1.0 if precision != "nf4" else (0.5 + 4 / 64) / 0.5
        assert found * scales <= expected <= 1.2 * found * scales


@pytest.mark.parametrize("precision", runtimes.PRECISIONS)
def test_the_default_kind_runs_at_every_precision_too(precision):
    quantizer_or_skip(precision)
    exact = states_of(motion_engine.load("debug", "torch", "cpu"))
    model = motion_engine.load("debug", "torch", "cpu", precision)
    error = np.linalg.norm(states_of(model) - exact) / np.linalg.norm(exact)
    assert error < LARGEST_ERRORS[precision]
    assert clip(model, seconds=0.5).frames == 15


def test_generation_needs_no_network(llama, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert clip(motion_engine.load(str(llama)), seconds=0.5).frames == 15


def test_the_folder_holds_only_what_is_ours(llama):
    folder = ModelFolder.open(str(llama))
    config = json.loads((llama / "config.json").read_text())["token_model"]
    assert config["backbone"] == {"source": "language_model", "revision": None}
    assert config["width"] == 64 and "blocks" not in config
    assert not [name for name in folder.token_model_weights() if "backbone" in name]


def test_the_command_line_runs_it(llama, tmp_path, capsys):
    out = tmp_path / "walk.npz"
    assert cli.main(["generate", TEXT, "--seconds", "0.5", "--model", str(llama),
                     "--precision", "bf16", "--device", "cpu", "--out", str(out)]) == 0  # fmt: skip
    assert motion_engine.Motion.load(out).frames == 15

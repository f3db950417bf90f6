"""Language models of transformers as the backbone, through the public door.

Tiny random Llama, Qwen and Gemma models with a tiny tokenizer, saved as users' folders are. The
oracle is the network in memory, before it was saved: one forward pass without any cache.
"""

import json
import re
import shutil
import socket
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

import motion_engine
from motion_engine import cli, devices, language_model, runtimes
from motion_engine.control import duration_control
from motion_engine.devices import Footprint
from motion_engine.generate import generate_codes
from motion_engine.locations import asset
from motion_engine.model_folder import ModelFolder
from motion_engine.runtimes import check_numpy, choose_runtime
from training import export

pytestmark = pytest.mark.torch
VOCABULARY_SIZE, BEGIN = 280, 1
TEXT, LONGER_TEXT = "a person walks", "a person walks and waves and waves twice"
FRAMES = 9
SIZES = {
    "vocab_size": VOCABULARY_SIZE, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "initializer_range": 0.1,
    "max_position_embeddings": 1024, "bos_token_id": BEGIN, "eos_token_id": 0, "pad_token_id": 0,
}  # fmt: skip
# Windows shorter than the clips, so that sliding attention has something to hide.
NETWORKS = {
    "llama": lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(**SIZES)),
    "qwen2": lambda: transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**SIZES)),
    "qwen3": lambda: transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**SIZES)),
    "gemma2": lambda: transformers.Gemma2ForCausalLM(
        transformers.Gemma2Config(**SIZES, sliding_window=6)
    ),
    "gemma3": lambda: transformers.Gemma3ForCausalLM(
        transformers.Gemma3TextConfig(
            **SIZES, sliding_window=6, layer_types=["sliding_attention", "full_attention"]
        )
    ),
    "gpt2": lambda: transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=VOCABULARY_SIZE, n_embd=64, n_layer=2, n_head=4, initializer_range=0.1,
            bos_token_id=BEGIN, eos_token_id=0,
        )
    ),
}  # fmt: skip


def has_begin(name):
    """Whether the tokenizer puts a mark before every text, as those of Llama and Gemma do."""
    return not name.startswith("qwen")


def byte_pairs(name):
    """A tokenizer of byte pairs, as most language models have, learnt from one sentence."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=["<end>", "<begin>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([LONGER_TEXT] * 3, trainer)
    if has_begin(name):
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<begin> $A", special_tokens=[("<begin>", BEGIN)]
        )
    return tokenizer


def make_model(folder, name):
    """A Limber model around a language model that lies inside its folder, and that network."""
    torch.manual_seed(5)
    network = NETWORKS[name]().eval()
    network.save_pretrained(folder / "language_model")
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=byte_pairs(name), bos_token="<begin>", eos_token="<end>"
    ).save_pretrained(folder / "language_model")
    export.main(["--codec", str(asset("debug")), "--backbone", str(folder / "language_model"),
                 "--out", str(folder), "--seed", "3"])  # fmt: skip
    return network


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


@pytest.fixture
def copied(llama, tmp_path):
    """A copy that a test may spoil."""
    return shutil.copytree(llama, tmp_path / "model")


def clip(model, text=TEXT, seconds=1.0, **options):
    command = motion_engine.Command(text, seconds=seconds, **options)
    return motion_engine.generate_motion(command, model)


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
    runtime.start(list(texts), is_guided=True, frames=FRAMES)
    for frame in range(FRAMES):
        before = np.stack([codes[frame - 1]] * 2) if frame else None
        runtime.advance(before, np.stack([control[frame]] * 2))
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
    runtime.start([TEXT], is_guided=False, frames=frames)
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


# Bad input: one line with the cure, before any weight is read.


def refused(words, *arguments, **options):
    with pytest.raises(motion_engine.LimberError, match=words) as error:
        motion_engine.load(*map(str, arguments), **options)
    assert "\n" not in str(error.value)


@pytest.fixture
def no_loading(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("weights were read")

    monkeypatch.setattr(transformers.AutoModel, "from_pretrained", refuse)


def test_numpy_alone_cannot_run_it(llama, no_loading):
    refused("choose torch", llama, runtime="numpy")
    assert cli.main(["generate", TEXT, "--model", str(llama), "--runtime", "numpy",
                     "--out", "x.npz"]) == 2  # fmt: skip


def test_what_cannot_be_is_told_at_the_door(monkeypatch):
    for given in (
        ("fast", "auto", "fp32"),
        ("auto", "toaster", "fp32"),
        ("auto", "cpu", "fp7"),
        ("numpy", "cuda", "fp32"),
        ("numpy", "cpu", "bf16"),
    ):
        with pytest.raises(motion_engine.LimberError):
            choose_runtime(*given)
    assert choose_runtime("auto", "auto", "fp32") == "numpy"
    assert choose_runtime("auto", "auto", "fp32", has_language_model=True) == "torch"
    assert choose_runtime("auto", "auto", "bf16") == "torch"


@pytest.mark.parametrize("package", ["torch", "transformers", "accelerate", "bitsandbytes"])
def test_a_missing_package_is_named(package, llama, no_loading, monkeypatch):
    find = runtimes.util.find_spec
    monkeypatch.setattr(
        runtimes.util, "find_spec", lambda name: None if name == package else find(name)
    )
    refused(f"{package}.*pip install", llama, precision="nf4")


def test_a_package_that_is_too_old_is_named(llama, no_loading, monkeypatch):
    version = metadata.version
    monkeypatch.setattr(
        metadata,
        "version",
        lambda name: {"transformers": "4.57.1"}.get(name, version(name)),
    )
    refused("transformers 5.0 or newer, and 4.57.1", llama)


def test_the_oldest_versions_are_those_of_the_package():
    text = (Path(runtimes.__file__).parent.parent / "pyproject.toml").read_text()
    for name, version in runtimes.OLDEST.items():
        assert re.search(rf'"{name}>={version.removesuffix(".0")}[",]', text), name


def test_an_old_numpy_is_named():
    check_numpy("1.24.2")
    check_numpy("2.3.0rc1")
    with pytest.raises(motion_engine.LimberError, match="1.21.6 is too old.*pip install"):
        check_numpy("1.21.6")


def test_an_absent_gpu_is_told(llama, no_loading, monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", None)
    refused("built without CUDA.*--device cpu", llama, device="cuda")
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    refused("no CUDA GPU.*driver", llama, device="cuda:0")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    refused("cuda:0, cuda:1", llama, device="cuda:2")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    refused("no Metal", llama, device="mps")


def test_too_little_memory_says_what_fits(llama, no_loading, monkeypatch):
    with torch.device("meta"):
        network = transformers.LlamaModel(transformers.LlamaConfig(**SIZES))
    footprint = Footprint.of(network)
    for free, words in (("int8", "--precision int8 fits"), ("nf4", "--precision nf4 fits")):
        monkeypatch.setattr(devices, "free_bytes", lambda _, p=free: footprint.bytes_at(p))
        refused(f"fp32 takes .*{words}", llama, device="cpu")
    monkeypatch.setattr(devices, "free_bytes", lambda _: 1000)
    refused("smaller model", llama, device="cpu")


def test_too_many_clips_at_once_are_told(llama, monkeypatch):
    model = motion_engine.load(str(llama))
    monkeypatch.setattr(language_model, "free_bytes", lambda _: 10_000)
    with pytest.raises(motion_engine.LimberError, match="fewer clips at once"):
        clip(model)


def test_a_hub_name_needs_its_commit(copied, no_loading, monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    commit = "0123456789abcdef0123456789abcdef01234567"
    rename_backbone(copied, source="owner/name", revision="main")
    refused("40 hex", copied)
    rename_backbone(copied, source="owner/name", revision=commit[:7])
    refused("40 hex", copied)
    rename_backbone(copied, source="owner/name/more", revision=commit)
    refused("no hub name", copied)
    rename_backbone(copied, source="owner/name")
    refused("no such folder", copied)
    rename_backbone(copied, source="owner/name", revision=commit)
    refused(f"hf download owner/name --revision {commit}", copied)


def rename_backbone(folder, **values):
    config = json.loads((folder / "config.json").read_text())
    config["token_model"]["backbone"] = values
    (folder / "config.json").write_text(json.dumps(config))


def test_a_fetched_revision_is_found_offline(copied, tmp_path, monkeypatch):
    """The hub's cache as `hf download` leaves it."""
    commit = "0123456789abcdef0123456789abcdef01234567"
    cache = tmp_path / "cache"
    snapshot = cache / "models--owner--name" / "snapshots" / commit
    shutil.move(copied / "language_model", snapshot)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    rename_backbone(copied, source="owner/name", revision=commit)
    assert clip(motion_engine.load(str(copied)), seconds=0.5).frames == 15


def test_folders_of_another_kind_are_told_apart(copied, no_loading, tmp_path):
    refused("language model.*training.export", copied / "language_model")
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text('{"name": "something"}')
    refused("another program", other)
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps(config | {"format": 2}))
    refused("newest Limber", copied)


def spoil_config(folder, **values):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_spoilt_language_model_is_refused(copied, no_loading):
    inner = copied / "language_model"
    whole = (inner / "config.json").read_text()
    weights = inner / "model.safetensors"
    for values, words in (
        ({"model_type": "nonsense"}, "does not know"),
        ({"model_type": "t5"}, "no causal"),
        ({"architectures": ["BertForMaskedLM"], "model_type": "bert"}, "no causal"),
        ({"hidden_size": 32}, "32 wide"),
        ({"quantization_config": {"quant_method": "gptq"}}, "already quantized"),
    ):
        spoil_config(inner, **values)
        refused(words, copied)
        (inner / "config.json").write_text(whole)
    transformers.MambaConfig(hidden_size=64).to_json_file(inner / "config.json")
    refused("without attention", copied)
    (inner / "config.json").write_text(whole)
    data = weights.read_bytes()
    weights.write_bytes(data[:-1])
    refused("cut short", copied)
    weights.write_bytes(b"PK\x03\x04 a pickle")
    refused("no safetensors", copied)
    weights.rename(inner / "pytorch_model.bin")
    refused("no model.safetensors", copied)
    (inner / "pytorch_model.bin").rename(weights)
    (inner / "tokenizer.json").unlink()
    refused("tokenizer", copied)


def test_weights_that_lack_layers_are_refused(copied):
    spoil_config(copied / "language_model", num_hidden_layers=3)
    config = json.loads((copied / "language_model" / "config.json").read_text())
    if "layer_types" in config:
        spoil_config(copied / "language_model", layer_types=["full_attention"] * 3)
    refused("do not fit", copied)


def test_texts_and_clips_that_do_not_fit_are_told(copied):
    spoil_config(copied / "language_model", max_position_embeddings=20)
    model = motion_engine.load(str(copied))
    assert clip(model, seconds=1.0).frames == 30
    with pytest.raises(motion_engine.LimberError, match="fewer seconds"):
        clip(model, seconds=4.0)
    with pytest.raises(motion_engine.LimberError, match="make it shorter"):
        clip(model, "walks " * 300)


def test_the_export_checks_its_input(tmp_path):
    out = ["--out", str(tmp_path / "new")]
    for given in (["--backbone", "owner/name"], ["--backbone", "o/n", "--revision", "main"]):
        with pytest.raises(motion_engine.LimberError):
            export.main([*out, *given])
    for given in ([], ["--token-model", "run"], ["--debug", "--backbone", "folder"]):
        with pytest.raises(SystemExit):
            export.main([*out, *given])
    assert not (tmp_path / "new").exists()

"""What cannot run: one line with the cure, before any weight of a language model is read."""

import json
import re
import shutil
from importlib import metadata
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
from language_models import SIZES, TEXT, clip, make_model

import motion_engine
from motion_engine import cli
from motion_engine.models import devices, language_model, runtimes
from motion_engine.models.devices import Footprint
from motion_engine.models.runtimes import check_numpy, choose_runtime
from training import export

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llama") / "model"
    make_model(folder, "llama")
    return folder


@pytest.fixture
def copied(llama, tmp_path):
    """A copy that a test may spoil."""
    return shutil.copytree(llama, tmp_path / "model")


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
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text()
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

"""`limber models`: what there is, whether it is whole, and models of the user's own."""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from file_server import serving

from motion_engine import cli
from motion_engine.locations import asset
from motion_engine.models import downloads, model_store
from motion_engine.models.configuration import TokenModelConfig
from motion_engine.models.model_folder import ModelFolder, model_folder, models_folder
from motion_engine.models.model_store import Offer
from motion_engine.models.weight_shapes import token_model_shapes
from motion_engine.models.weights import read_safetensors

REVISION = "0123456789abcdef0123456789abcdef01234567"


def limber(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """The user's models, of which there are none."""
    monkeypatch.setenv("LIMBER_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def source(tmp_path) -> Path:
    """A model's folder with something beside the model."""
    shutil.copytree(asset("debug"), tmp_path / "mine")
    (tmp_path / "mine" / "notes.txt").write_text("not a part of it")
    return tmp_path / "mine"


def harm(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


class TestFolder:
    @pytest.mark.parametrize(
        ("platform", "variable", "place"),
        [
            ("linux", "XDG_DATA_HOME", "limber/models"),
            ("win32", "LOCALAPPDATA", "limber/models"),
            ("linux", "HOME", ".local/share/limber/models"),
            ("darwin", "HOME", "Library/Application Support/limber/models"),
        ],
    )
    def test_it_lies_where_the_system_keeps_such(
        self, monkeypatch, tmp_path, platform, variable, place
    ):
        for name in ("LIMBER_MODELS", "XDG_DATA_HOME", "LOCALAPPDATA"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setenv(variable, str(tmp_path))
        assert models_folder() == tmp_path / place

    def test_names_come_before_folders_and_paths_always_work(self, home, source, monkeypatch):
        monkeypatch.chdir(source.parent)
        assert model_folder("mine") == Path("mine")
        limber("models", "fetch", "--from", source)
        assert model_folder("mine") == home / "mine"
        assert model_folder("./mine") == Path("mine") and model_folder("default").is_dir()


class TestList:
    def test_the_shipped_models(self, capsys, home):
        assert limber("models", "list") == 0
        first, second, *_, last = capsys.readouterr().out.splitlines()
        assert first.startswith("default") and "21." in first and "shipped" in first
        assert "whole" in first and "English" in first and "fingers" in first
        assert second.startswith("debug") and "speaks" in second
        assert last == f"your models: {home}"

    def test_the_user_s_own_and_damaged_ones(self, capsys, home, source):
        limber("models", "fetch", "--from", source)
        limber("models", "fetch", "other", "--from", source)
        harm(home / "other" / "codec.safetensors")
        capsys.readouterr()
        assert limber("models", "list") == 0
        lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
        assert "yours" in lines["mine"] and "whole" in lines["mine"]
        assert "DAMAGED" in lines["other"] and "codec.safetensors" in lines["other"]


class TestVerify:
    def test_a_line_for_each_file(self, capsys):
        assert limber("models", "verify", "default") == 0
        assert capsys.readouterr().out.splitlines() == [
            "default/config.json: ok",
            "default/codec.safetensors: ok",
            "default/token_model.safetensors: ok",
            "default/planner.safetensors: ok",
            "default/reader.safetensors: ok",
        ]

    def test_all_of_them(self, capsys, source):
        limber("models", "fetch", "--from", source)
        capsys.readouterr()
        assert limber("models", "verify") == 0
        assert len(capsys.readouterr().out.splitlines()) == 11

    def test_damage_is_told_and_is_the_exit_status(self, capsys, home, source):
        limber("models", "fetch", "--from", source)
        harm(home / "mine" / "token_model.safetensors")
        (home / "mine" / "codec.safetensors").unlink()
        capsys.readouterr()
        assert limber("models", "verify", "mine") == 2
        assert capsys.readouterr().out.splitlines() == [
            "mine/config.json: ok",
            "mine/codec.safetensors: missing",
            "mine/token_model.safetensors: damaged",
        ]

    @pytest.mark.parametrize(
        "text", ["", "[]", "{}", '{"format": 1, "codec": {}, "token_model": {}, "files": []}']
    )
    def test_a_config_that_cannot_be_read(self, capsys, home, text):
        (home / "mine").mkdir(parents=True)
        (home / "mine" / "config.json").write_text(text)
        assert limber("models", "verify", "mine") == 2
        assert capsys.readouterr().out == "mine/config.json: damaged\n"

    def test_files_outside_the_folder_are_not_looked_at(self, capsys, home, source):
        config = json.loads((source / "config.json").read_text())
        config["files"]["../../secret"] = "0" * 64
        (source / "config.json").write_text(json.dumps(config))
        assert limber("models", "fetch", "--from", source) == 2
        assert "damaged" in capsys.readouterr().err and not home.exists()

    def test_no_such_model(self, capsys):
        assert limber("models", "verify", "nothing") == 2
        assert "no model 'nothing'; there are default, debug" in capsys.readouterr().err


class TestImport:
    def test_a_folder_becomes_a_model_by_its_name(self, capsys, home, source):
        assert limber("models", "fetch", "--from", source) == 0
        assert "use it with --model mine" in capsys.readouterr().out
        assert sorted(os.listdir(home / "mine")) == sorted(os.listdir(asset("debug")))
        assert os.listdir(home) == ["mine"]
        assert ModelFolder.open("mine").token_model == ModelFolder.open("debug").token_model

    def test_the_model_generates_by_its_name(self, home, source, tmp_path):
        limber("models", "fetch", "walker", "--from", source)
        out = tmp_path / "walk.npz"
        arguments = ["a person walks", "--model", "walker", "--seconds", 1, "--out", out]
        assert limber("generate", *arguments, "--runtime", "numpy") == 0 and out.is_file()

    @pytest.mark.parametrize("file", ["codec.safetensors", "token_model.safetensors"])
    def test_damage_is_refused_and_leaves_nothing(self, capsys, home, source, file):
        harm(source / file)
        assert limber("models", "fetch", "--from", source) == 2
        assert file in capsys.readouterr().err
        assert not home.exists() or not os.listdir(home)

    def test_weights_of_another_shape_are_refused(self, capsys, home, source):
        config = json.loads((source / "config.json").read_text())
        config["codec"]["width"] *= 2
        (source / "config.json").write_text(json.dumps(config))
        assert limber("models", "fetch", "--from", source) == 2
        assert "do not fit config.json" in capsys.readouterr().err and not os.listdir(home)

    @pytest.mark.parametrize("name", ["default", "../x", ".x", "a/b", "x" * 65])
    def test_names_that_cannot_be(self, capsys, home, source, name):
        assert limber("models", "fetch", name, "--from", source) == 2
        assert capsys.readouterr().err.count("\n") == 1 and not home.exists()

    def test_a_name_that_is_taken(self, capsys, home, source):
        limber("models", "fetch", "--from", source)
        assert limber("models", "fetch", "--from", source) == 2
        assert "is there already" in capsys.readouterr().err and os.listdir(home) == ["mine"]

    def test_no_folder_and_no_model(self, capsys, tmp_path):
        assert limber("models", "fetch", "--from", tmp_path / "gone") == 2
        assert "no such folder" in capsys.readouterr().err
        assert limber("models", "fetch", "--from", tmp_path) == 2
        assert "no config.json" in capsys.readouterr().err

    def test_a_place_that_cannot_be_written(self, capsys, monkeypatch, tmp_path, source):
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("LIMBER_MODELS", str(tmp_path / "file" / "models"))
        assert limber("models", "fetch", "--from", source) == 2
        assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(downloads, "PAUSE_SECONDS", 0.0)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.address(""))
        yield running


@pytest.fixture
def offer(server, monkeypatch) -> Offer:
    """The debug model at a pinned commit of a hub."""
    files = {}
    for path in asset("debug").iterdir():
        content = path.read_bytes()
        server.files[f"limber/large/resolve/{REVISION}/{path.name}"] = content
        files[path.name] = (len(content), hashlib.sha256(content).hexdigest())
    made = Offer("large", "A larger model", "GPL-3.0-or-later", "limber/large", REVISION, files)
    monkeypatch.setattr(model_store, "OFFERS", (made,))
    return made


class TestFetch:
    def test_nothing_is_offered_yet(self, capsys):
        assert limber("models", "fetch", "large") == 2
        assert "no model is offered for download yet" in capsys.readouterr().err
        assert limber("models", "fetch") == 2

    def test_with_consent_it_is_fetched_and_whole(self, offer, home, capsys):
        assert limber("models", "fetch", "large", "--yes") == 0
        assert "use it with --model large" in capsys.readouterr().out
        assert os.listdir(home) == ["large"] and limber("models", "verify", "large") == 0

    def test_without_consent_nothing_happens(self, server, offer, home, capsys):
        assert limber("models", "fetch", "large") == 2
        assert "GPL-3.0-or-later. Download it? Nothing was" in capsys.readouterr().err
        assert not server.asked and not home.exists()

    def test_it_goes_on_with_the_file_that_is_missing(self, server, offer, home):
        server.cuts = downloads.TRIES
        assert limber("models", "fetch", "large", "--yes") == 2
        assert os.listdir(home) == [".large.download"]
        assert limber("models", "fetch", "large", "--yes") == 0 and os.listdir(home) == ["large"]

    def test_other_content_is_not_kept(self, server, offer, home, capsys):
        name = f"limber/large/resolve/{REVISION}/codec.safetensors"
        server.files[name] = server.files[name][::-1]
        assert limber("models", "fetch", "large", "--yes") == 2
        assert "checksum differs" in capsys.readouterr().err and "large" not in os.listdir(home)

    def test_it_is_listed_until_it_is_there(self, offer, capsys):
        limber("models", "list")
        assert "to fetch" in capsys.readouterr().out
        limber("models", "fetch", "large", "--yes")
        limber("models", "list")
        assert "to fetch" not in capsys.readouterr().out
        assert limber("models", "fetch", "small") == 2
        assert "no model 'small' is offered; there are large" in capsys.readouterr().err


def write_safetensors(path: Path, arrays: dict[str, np.ndarray]) -> None:
    kinds = {"float32": "F32", "float16": "F16", "int8": "I8"}
    header, start = {}, 0
    for name, array in arrays.items():
        stop = start + array.nbytes
        header[name] = {"dtype": kinds[str(array.dtype)], "shape": array.shape,
                        "data_offsets": [start, stop]}  # fmt: skip
        start = stop
    text = json.dumps(header).encode()
    body = b"".join(array.tobytes() for array in arrays.values())
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


@pytest.fixture
def with_language_model(source) -> Path:
    """The model, its small Llama taken out and a folder of a (very) small one put in."""
    inner = source / "llama"
    inner.mkdir()
    write_safetensors(inner / "model.safetensors", {"x": np.zeros(3, np.float32)})
    (inner / "config.json").write_text('{"model_type": "llama"}')
    (inner / "tokenizer.json").write_text("{}")
    config = json.loads((source / "config.json").read_text())
    config["token_model"]["backbone"] = {"source": "llama", "revision": None}
    for name in ("word_size", "blocks", "heads", "feed_forward"):
        del config["token_model"][name]
    wanted = token_model_shapes(TokenModelConfig.from_json(config["token_model"]))
    weights = source / "token_model.safetensors"
    arrays = read_safetensors(weights)
    kept = {k: v for k, v in arrays.items() if k.removesuffix(".scale") in wanted}
    write_safetensors(weights, kept)
    config["files"][weights.name] = hashlib.sha256(weights.read_bytes()).hexdigest()
    (source / "config.json").write_text(json.dumps(config))
    return source


class TestLanguageModel:
    def test_one_inside_comes_along(self, with_language_model, home, capsys):
        assert limber("models", "fetch", "--from", with_language_model) == 0
        inner = home / "mine" / "llama"
        assert sorted(os.listdir(inner)) == ["config.json", "model.safetensors", "tokenizer.json"]
        limber("models", "list")
        assert "text by llama" in capsys.readouterr().out

    def test_a_damaged_one_is_refused(self, with_language_model, home, capsys):
        weights = with_language_model / "llama" / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-1])
        assert limber("models", "fetch", "--from", with_language_model) == 2
        assert "cut short or damaged" in capsys.readouterr().err and not os.listdir(home)

    def test_one_outside_is_refused(self, with_language_model, home, capsys):
        config = json.loads((with_language_model / "config.json").read_text())
        config["token_model"]["backbone"]["source"] = "../llama"
        (with_language_model / "config.json").write_text(json.dumps(config))
        assert limber("models", "fetch", "--from", with_language_model) == 2
        assert "its language model lies outside" in capsys.readouterr().err
        assert not home.exists()

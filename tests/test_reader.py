"""The reader: numpy against torch, what it agrees with, its training, and the draws it chooses."""

import json
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.generation.action_plan import ActionLabels, PlannedAction
from motion_engine.generation.choosing import CONTENT, best_draws
from motion_engine.generation.prompt import Prompt
from motion_engine.models.configuration import ReaderConfig
from motion_engine.models.model import Model, generate_motion
from motion_engine.models.model_folder import ModelFolder
from motion_engine.models.reader import Reader
from motion_engine.models.token_model import TokenModel, config_for
from training.export import debug_model, trained_reader, write_model
from training.reader_network import ReaderNetwork
from training.tokens import TokenStore
from training.train_reader import ReaderTrainer, arguments, main

pytestmark = pytest.mark.torch
LABELS = ActionLabels(("walk", "walk speed slow", "wave", "wave side left"), ("walk",))
SMALL = ReaderConfig(width=32, blocks=2, heads=2, reach=6)
PARTS, LATENT = 9, 8
WALK = {"verb": "walk", "channels": ["base"], "speed": "slow", "beat": 0}
WAVE = {"verb": "wave", "channels": ["left_arm"], "side": "left", "beat": 0}


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(1)
    made = ReaderNetwork(SMALL, PARTS * LATENT, len(LABELS.names)).eval()
    made.distances.data.normal_()
    return made


def reader_of(network) -> Reader:
    weights = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    return Reader(SMALL, LABELS, weights)


@pytest.mark.parametrize("frames", (1, 5, 40))
@torch.no_grad()
def test_numpy_reads_as_torch_does(network, frames):
    vectors = np.random.default_rng(frames).normal(size=(frames, PARTS, LATENT)).astype(np.float32)
    longer = np.concatenate([vectors, np.ones((7, PARTS, LATENT), np.float32)])
    # In a batch, what lies behind the end of a clip is not seen.
    read = network(torch.from_numpy(longer).flatten(1)[None], torch.tensor([frames]))
    np.testing.assert_allclose(reader_of(network).read(vectors), read[0, :frames], atol=2e-4)


def test_a_frame_sees_no_farther_than_it_reaches(network):
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(60, PARTS, LATENT)).astype(np.float32)
    changed = vectors.copy()
    changed[40:] = rng.normal(size=(20, PARTS, LATENT))
    one, other = (reader_of(network).read(x) for x in (vectors, changed))
    seen = 40 - 1 - SMALL.blocks * SMALL.reach
    np.testing.assert_allclose(one[:seen], other[:seen], atol=1e-5)
    assert np.abs(one[36:40] - other[36:40]).max() > 1e-3


def test_agreement_is_the_probability_of_what_is_planned(network):
    vectors = np.random.default_rng(4).normal(size=(30, PARTS, LATENT)).astype(np.float32)
    reader = reader_of(network)
    read = 1.0 / (1.0 + np.exp(-reader.read(vectors).astype(np.float64)))
    plan = [
        PlannedAction(("walk", "walk speed slow"), 0.0, 2.0),
        PlannedAction(("wave", "a label of later"), 2.0, 3.0),
    ]
    expected = np.log(read[:20, :2]).mean(0).sum() + np.log(read[20:30, 2]).mean()
    assert reader.agreement(plan, vectors, 10.0) == pytest.approx(expected, abs=1e-3)
    assert reader.agreement([], vectors, 10.0) == 0.0


def test_what_the_words_leave_open_counts_by_its_odds(network):
    vectors = np.random.default_rng(5).normal(size=(20, PARTS, LATENT)).astype(np.float32)

    def agreement(*labels: str, odds: tuple[float, ...] = ()) -> float:
        return reader_of(network).agreement([PlannedAction(labels, 0.0, 2.0, odds)], vectors, 10.0)

    walk, slow_walk = agreement("walk"), agreement("walk", "walk speed slow")
    half = agreement("walk", "walk speed slow", odds=(1.0, 0.5))
    assert slow_walk < walk
    assert half == pytest.approx((walk + slow_walk) / 2, abs=1e-4)
    unknown_first = agreement("a label of later", "walk", odds=(0.1, 1.0))
    assert unknown_first == pytest.approx(walk, abs=1e-4)


def test_the_first_draw_is_kept_or_the_best_of_those_that_are_allowed():
    asked: list[tuple[str, int]] = []
    agreed = {("a", 0): CONTENT, ("b", 0): -9.0, ("b", 1): -8.0, ("b", 2): -4.0, ("c", 0): -9.0}

    def draw(prompts):
        asked.extend((prompt.command.text, prompt.draw) for prompt in prompts)
        return [prompt.draw for prompt in prompts]

    prompts = [
        Prompt(Command(text, seconds=1.0, draws=draws), np.zeros((1, 1)))
        for text, draws in (("a", 4), ("b", 3), ("c", 1))
    ]
    best = best_draws(prompts, draw, lambda prompt, drawn: agreed[prompt.command.text, drawn])
    assert best == [0, 2, 0]
    assert asked == [("a", 0), ("b", 0), ("c", 0), ("b", 1), ("b", 2)]


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokens")
    rng = np.random.default_rng(0)
    rows = [[WAVE | {"start": 0, "stop": 40}], [WALK | {"start": 20, "stop": 90}], []]
    TokenStore(
        rng.integers(0, 32, (70, 36)).astype(np.int16), np.zeros((70, 4), np.float16),
        np.zeros((70, 3), np.float32), np.array([0, 20, 45, 70]),
        [["a person waves"], ["a person walks"], ["somebody dances"]], [[], [], []], rows,
    ).save(folder)  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def folder(network, tmp_path_factory):
    """The debug model, which hears plans, with a reader."""
    codec, _ = debug_model()
    torch.manual_seed(0)
    config = config_for(
        codec, word_size=80, width=32, blocks=2, heads=2, feed_forward=64, depth_width=32,
        depth_blocks=1, depth_heads=2, action_labels=LABELS,
    )  # fmt: skip
    token_model = TokenModel(config)
    token_model.use_codec(codec)
    path = tmp_path_factory.mktemp("model")
    write_model(codec, token_model, path, "a test", reader=network)
    return path


def test_a_reader_learns_resumes_and_is_exported(tokens, folder, tmp_path, capsys):
    given = ["--codec", str(folder), "--tokens", str(tokens), "--out", str(tmp_path / "run"),
             "--batch", "8", "--steps", "50", "--device", "cpu"]  # fmt: skip
    assert main(given) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert main([*given[:-4], "--steps", "100", "--device", "cpu"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["step"] == 100 and last["loss"] < 0.7 * first["loss"] and last["found"] > 0.5
    labels = ReaderTrainer(arguments(given)).labels
    assert trained_reader(tmp_path / "run", labels).config == ReaderConfig()
    with pytest.raises(LimberError, match="trained for other actions"):
        trained_reader(tmp_path / "run", ActionLabels(("walk",), ("walk",)))


def test_a_model_is_found_with_its_reader_and_chooses_by_it(folder, monkeypatch):
    model = Model.load(str(folder))
    assert ModelFolder.open(str(folder)).load_reader().labels == LABELS
    plan = (PlannedAction(("walk",), 0.0, 1.5),)
    once = Command("a person walks", seconds=2.0, draws=1)

    def planned(self, command):
        plain = Prompt(command, np.zeros((15, self.control.size), np.float32))
        return replace(plain, plan=plan)

    monkeypatch.setattr(Model, "prompt", planned)
    drawn = [model.draws([replace(planned(model, once), draw=n)])[0] for n in range(3)]
    agreed = [model.agreement(planned(model, once), one.codes) for one in drawn]
    assert max(agreed) < CONTENT and len(set(agreed)) == 3
    best = int(np.argmax(agreed))
    chosen = generate_motion(replace(once, draws=3), model)
    others = [model.draws([replace(planned(model, replace(once, draws=3)), draw=best)])[0]]
    np.testing.assert_array_equal(others[0].codes, drawn[best].codes)
    first = generate_motion(once, model)
    assert (np.abs(chosen.local_rotations - first.local_rotations).max() > 1e-4) == (best != 0)

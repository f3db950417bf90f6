"""The planner: numpy against torch, its place in a model's folder, and its training."""

import itertools
import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.generation.action_plan import ActionLabels, PlannedAction
from motion_engine.generation.plan_tokens import MOST_TOKENS, TIMES, PlanTokens, time_step
from motion_engine.generation.prompt import plain_prompt
from motion_engine.language.plan_agreement import disagreement
from motion_engine.language.understanding import understood
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.locations import asset
from motion_engine.models.configuration import PlannerConfig
from motion_engine.models.model import Model
from motion_engine.models.model_folder import ModelFolder
from motion_engine.models.planner import (
    LATE_SECONDS,
    TEMPERATURES,
    Plan,
    Planner,
    brought_together,
    drawn_token,
    gone_on,
    promptly,
    squeezed,
    without_doubles,
)
from motion_engine.models.token_model import TokenModel, config_for
from training.composed_actions import ComposedActions, by_both
from training.export import debug_model, stored_arrays, trained_planner, write_model
from training.planner_network import PlannerNetwork
from training.planner_texts import PlannerTexts
from training.run import load_checkpoint
from training.tokens import TokenStore
from training.train_planner import PlannerTrainer, arguments, main

pytestmark = pytest.mark.torch
LABELS = ActionLabels(("walk", "walk speed slow", "wave", "wave side left"), ("walk",))
TOKENS = PlanTokens(LABELS)
SMALL = PlannerConfig(width=32, blocks=2, heads=2)


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.load(asset("vocabulary"))


@pytest.fixture(scope="module")
def network(vocabulary):
    torch.manual_seed(1)
    made = PlannerNetwork(SMALL, vocabulary.width, TOKENS.size).eval()
    for weight in made.parameters():
        weight.data.mul_(3.0 if weight.ndim == 2 else 1.0)
    return made


def planner_of(network, vocabulary) -> Planner:
    weights = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    return Planner(SMALL, LABELS, weights, vocabulary)


def planned_by_torch(network, vocabulary, text, seconds, seed):
    """As the planner draws its plans, the whole network run again for each token."""
    generator = np.random.Generator(np.random.Philox(key=[seed, 0]))
    words = torch.from_numpy(vocabulary.vectors[vocabulary.tokenize(text)])[None]
    length = torch.tensor([TIMES if seconds is None else time_step(seconds)])
    given = torch.ones(1, words.shape[1], dtype=torch.bool)
    drawn = []
    for temperature in TEMPERATURES:
        ids: list[int] = []
        while len(ids) < MOST_TOKENS:
            with torch.inference_mode():
                logits = network(words, given, length, torch.tensor([[*ids, 0]]))[0, -1:].numpy()
            allowed = TOKENS.allowed(ids)
            allowed[TOKENS.unknown] &= not understood(text).actions
            logits = np.where(allowed, logits[0], -np.inf)
            ids.append(drawn_token(logits, generator.random(2), temperature))
            if ids[-1] == TOKENS.unknown or TOKENS.end in ids[-2:-1]:
                break
        found = TOKENS.decode(ids)
        drawn.append(found and (list(without_doubles(found[0])), found[1]))
        if wrong(drawn[-1], text, seconds) == 0.0:
            break
    best = min(drawn, key=lambda found: wrong(found, text, seconds))
    if seconds is not None and (least := wrong(best, text, seconds)) > 0.0:
        longer = planned_by_torch(network, vocabulary, text, None, seed)
        if longer is not None and disagreement(longer[0], text, LABELS) < least:
            plan = squeezed(Plan(tuple(longer[0]), longer[1]), seconds)
            return list(plan.actions), plan.seconds
    if seconds is not None or best is None:
        return best
    plan = promptly(Plan(tuple(best[0]), best[1]))
    return list(plan.actions), plan.seconds


def wrong(found, text, seconds) -> float:
    actions = found[0] if found else []
    late = [a for a in actions if seconds is not None and a.stop > seconds + LATE_SECONDS]
    return disagreement(actions, text, LABELS) + len(late)


@pytest.mark.parametrize("seconds", [None, 6.0])
def test_numpy_plans_what_torch_plans(network, vocabulary, seconds, monkeypatch):
    planner = planner_of(network, vocabulary)
    monkeypatch.setattr(planner, "_piece_by_piece", lambda *_: None)
    monkeypatch.setattr("motion_engine.models.planner.besides", lambda *_: [])
    found = set()
    for seed in range(8):
        wanted = planned_by_torch(network, vocabulary, "a person waves and walks", seconds, seed)
        plan = planner.plan("a person waves and walks", seconds, seed)
        if wanted is None:
            assert plan is None
        else:
            actions = tuple(wanted[0])
            assert plan.actions == (actions if seconds is None else gone_on(actions, seconds))
            assert plan.seconds == (wanted[1] if seconds is None else seconds)
            found.add(plan.actions)
    assert found


def test_a_seed_and_a_variation_name_one_plan(network, vocabulary):
    planner = planner_of(network, vocabulary)
    text = "a person does what no rule has heard of"
    assert len({planner.plan(text, None, 3, take) for take in range(8)}) > 1
    assert planner.plan(text, None, 3, 5) == planner.plan(text, None, 3, 5)


def test_what_is_misheard_as_a_whole_is_planned_piece_by_piece(network, vocabulary, monkeypatch):
    planner = planner_of(network, vocabulary)
    walk = Plan((PlannedAction(("walk",), 0.5, 3.0),), 4.0)
    wave = Plan((PlannedAction(("wave", "wave side left"), 1.0, 2.5),), 3.0)

    def agreeing(text, *_, **__):
        plan = wave if "walk" not in text else walk
        return disagreement(plan.actions, text, LABELS), plan, True

    monkeypatch.setattr(planner, "_agreeing", agreeing)
    plan = planner.plan("a man walks, then waves with his left hand")
    assert [action.verb for action in plan.actions] == ["walk", "wave"]
    assert plan.actions[1].start > plan.actions[0].stop
    assert planner.plan("a man walks") == walk


@pytest.fixture(scope="module")
def folder(network, tmp_path_factory):
    """The debug model, which hears plans, with a planner."""
    codec, _ = debug_model()
    torch.manual_seed(0)
    config = config_for(
        codec, word_size=80, width=32, blocks=2, heads=2, feed_forward=64, depth_width=32,
        depth_blocks=1, depth_heads=2, action_labels=LABELS,
    )  # fmt: skip
    token_model = TokenModel(config)
    token_model.use_codec(codec)
    token_model.project_control.weight.data.normal_(std=1.0)
    for weight in token_model.backbone.parameters():
        weight.data.mul_(5.0 if weight.ndim == 2 else 1.0)
    path = tmp_path_factory.mktemp("model")
    write_model(codec, token_model, path, "a test", network)
    return path


def test_a_model_is_found_with_its_planner(folder, network, vocabulary):
    planner = ModelFolder.open(str(folder)).load_planner()
    stored = stored_arrays(network)
    assert planner.labels == LABELS
    assert {name: w.shape for name, w in planner.weights.items()} == {
        name: array.shape for name, array in stored.items() if not name.endswith(".scale")
    }


def test_motion_hears_the_plan(folder):
    model = Model.load(str(folder))
    command = Command("a person waves", seconds=2.0, guidance=1.0, temperature=0.0)
    plain = plain_prompt(command, model.control, model.codec.frame_rate)
    wave = PlannedAction(("wave", "wave side left"), 0.3, 1.5)
    made = [
        np.concatenate([rows for (rows,) in model.features([prompt])])
        for prompt in (plain, *(model.with_plan(plain, [wave.shifted(s)]) for s in (0.0, 0.4)))
    ]
    assert all(len(features) == 60 for features in made)
    assert not np.allclose(made[0], made[1]) and not np.allclose(made[1], made[2])


def test_runtimes_agree_on_plans(folder):
    command = Command("a person waves", seconds=1.5)
    one, other = (
        np.concatenate([chunk.root_positions for chunk in model.generate(command)])
        for model in (Model.load(str(folder)), Model.load(str(folder), runtime="torch"))
    )
    np.testing.assert_allclose(one, other, atol=1e-3)


def test_a_missing_planner_is_said(folder, tmp_path):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "planner.safetensors").unlink()
    with pytest.raises(LimberError, match="missing; install the model again"):
        ModelFolder.open(str(tmp_path))
    config = json.loads((tmp_path / "config.json").read_text())
    del config["files"]["planner.safetensors"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(LimberError, match="damaged"):
        ModelFolder.open(str(tmp_path))


WAVE = {
    "verb": "wave",
    "side": "left",
    "channels": ["left_arm"],
    "start": 12,
    "stop": 60,
    "beat": 0,
}
WALK = {"verb": "walk", "channels": ["base", "left_leg", "right_leg"], "speed": "slow",
        "direction": "forward", "start": 0, "stop": 90, "beat": 0}  # fmt: skip


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokens")
    rng = np.random.default_rng(0)
    TokenStore(
        rng.integers(0, 32, (70, 36)).astype(np.int16), np.zeros((70, 4), np.float16),
        np.zeros((70, 3), np.float32), np.array([0, 20, 45, 70]),
        [["a person waves with the left hand"], ["a person walks slowly"], ["somebody dances"]],
        [["left arm: wave"], ["legs: walk"], []], [[WAVE], [WALK], []],
    ).save(folder)  # fmt: skip
    return folder


def test_new_sentences_tell_what_is_planned(tokens, vocabulary):
    texts = PlannerTexts(TokenStore.load(tokens), vocabulary, 7.5)
    rng = np.random.default_rng(4)
    rows = 0
    for text in (texts.draw(rng) for _ in range(200)):
        words = vocabulary.decode(text.words)
        if text.plan is None:
            assert "dance" in words
            continue
        verbs = [action.verb for action in text.plan]
        assert all(action.stop <= text.seconds + 1e-6 for action in text.plan)
        rows += len(verbs) > 1
        starts = [action.start for action in text.plan]
        assert starts == sorted(starts)
    assert rows > 10


def test_rows_tell_of_what_other_limbs_do_meanwhile(tokens, vocabulary):
    """Nobody walks while walking, or waves with a hand that waves."""
    texts = PlannerTexts(TokenStore.load(tokens), vocabulary, 7.5)
    rng = np.random.default_rng(5)
    at_once = set()
    for plan in (text.plan for text in (texts.draw(rng) for _ in range(300)) if text.plan):
        for first, second in itertools.combinations(plan, 2):
            if second.start < first.stop - 1e-6:
                at_once.add(frozenset((first.verb, second.verb)))
    assert at_once == {frozenset({"walk", "wave"})}


def sign(target: str, side: str = "left") -> dict:
    channels = [f"{side}_arm", f"{side}_hand"]
    return {"verb": "show_hand", "channels": channels, "side": side, "target": target, "beat": 0,
            "start": 3.0, "stop": 60.0}  # fmt: skip


def test_both_hands_show_what_one_is_known_to_show():
    composed = ComposedActions([[sign("fist")], [sign("open")], [WAVE], [WALK]])
    rng = np.random.default_rng(0)
    pairs = [composed.pair(rng) for _ in range(200)]
    shown = [pair for pair in pairs if all(action["verb"] == "show_hand" for action in pair)]
    assert shown and all({a["side"] for a in pair} == {"left", "right"} for pair in shown)
    (both,) = by_both([sign("fist", "left"), sign("fist", "right")])
    assert both["side"] == "both" and len(both["channels"]) == 4
    assert len(by_both([sign("fist", "left"), sign("open", "right")])) == 2


def test_a_hand_that_opens_and_closes_is_told_as_one(monkeypatch):
    monkeypatch.setattr("training.composed_actions.IN_TURN_SHARE", 1.0)
    composed = ComposedActions([[sign("fist")], [sign("open")], [WALK]])
    beats = composed.beats(np.random.default_rng(0))[:2]
    assert {action["target"] for beat in beats for action in beat} == {"fist", "open"}
    assert len({action["side"] for beat in beats for action in beat}) == 1


def test_what_is_told_to_go_together_is_brought_together():
    walk, bow, nod = (
        PlannedAction((verb,), start, start + 2.0)
        for verb, start in (("walk", 1.0), ("bow", 3.5), ("nod", 6.0))
    )
    plan = brought_together(Plan((walk, bow, nod), 9.0), [[walk, bow]])
    assert [(a.verb, a.start) for a in plan.actions] == [("walk", 1.0), ("bow", 1.0), ("nod", 3.5)]
    assert plan.seconds == 6.5


def test_nobody_waits_for_long_without_being_told_to():
    first, later = (PlannedAction(("wave",), start, start + 1.0) for start in (2.0, 6.0))
    plan = promptly(Plan((first, later), 10.0))
    assert [action.start for action in plan.actions] == pytest.approx([0.6, 2.6])
    assert plan.seconds == pytest.approx(4.6)
    assert promptly(plan).seconds == pytest.approx(plan.seconds)


def test_nobody_does_twice_at_once_what_one_hand_does():
    left = PlannedAction(("wave", "wave side left"), 0.5, 3.0)
    right = PlannedAction(("wave", "wave side right"), 0.5, 3.0)
    later = PlannedAction(("wave", "wave side left"), 3.5, 5.0)
    assert without_doubles([left, left, right, later]) == (left, right, later)


def test_a_planner_learns_resumes_and_is_exported(tokens, folder, tmp_path, capsys):
    given = ["--codec", str(folder), "--tokens", str(tokens), "--out", str(tmp_path / "run"),
             "--batch", "16", "--steps", "50", "--device", "cpu"]  # fmt: skip
    assert main(given) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert main([*given[:-4], "--steps", "100", "--device", "cpu"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["step"] == 100 and last["labels"] < 0.7 * first["labels"]
    labels = PlannerTrainer(arguments(given)).tokens.labels
    assert trained_planner(tmp_path / "run", labels).config == PlannerConfig()
    assert load_checkpoint(tmp_path / "run")["step"] == 100
    with pytest.raises(LimberError, match="trained for other actions"):
        trained_planner(tmp_path / "run", LABELS)


def test_a_label_that_is_seldom_meant_is_not_drawn_since_times_are_many():
    """Each time is less likely than the label, all of them together are three times as likely."""
    times = np.log(np.full(TIMES, 0.75 / TIMES))
    logits = np.concatenate([times, np.log([0.25]), [-np.inf]])
    rng = np.random.default_rng(0)
    drawn = np.array([drawn_token(logits, rng.random(2), 0.1) for _ in range(300)])
    assert (drawn < TIMES).all()
    as_likely = np.array([drawn_token(logits, rng.random(2), 1.0) for _ in range(3000)])
    assert 0.2 < (as_likely == TIMES).mean() < 0.3


def test_where_no_time_may_follow_only_labels_are_drawn():
    logits = np.concatenate([np.full(TIMES, -np.inf), [0.0, 1.0]])
    drawn = {drawn_token(logits, np.array([u, 0.5]), 1.0) for u in (0.1, 0.99)}
    assert drawn == {TIMES, TIMES + 1}


@pytest.mark.parametrize("seconds", [None, 8.0])
def test_who_walks_to_something_gets_there_first(seconds):
    planner = Model.load().planner
    for seed in range(3):
        plan = planner.plan("a tired man walks to the door and knocks", seconds, seed)
        walk, knock = plan.actions
        assert (walk.verb, knock.verb) == ("walk", "knock")
        assert knock.start >= walk.stop

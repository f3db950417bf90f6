"""Shares of a mix: what clips are given, which are drawn, and what leaving something out changes."""

import json
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from motion_engine.errors import LimberError
from motion_engine.generation.action_plan import PlannedAction
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.locations import asset
from motion_engine.models.torch_runtime import SmallBackbone, TorchRuntime
from training import compare_mixes, tokens, train_codec, train_token_model
from training.action_labels import plan_of
from training.batches import batches, is_long, is_real
from training.compare_mixes import VARIANTS, table
from training.corpus import make_clip, make_corpus
from training.mix_exam import Exam, held_out_clips
from training.mixes import MIXES, Mix, with_shares
from training.texts import Texts
from training.tokens import TokenStore
from training.train_token_model import words_loss

pytestmark = pytest.mark.torch
TINY = ["--width", "64", "--blocks", "1", "--batch", "2", "--steps", "3"]


def actions_in_a_row(count):
    return [{"verb": "wave", "channels": [], "beat": beat} for beat in range(count)]


@pytest.fixture(scope="module")
def store():
    """Ten recordings, twenty single actions, thirty rows of three."""
    actions = [[]] * 10 + [actions_in_a_row(1)] * 20 + [actions_in_a_row(3)] * 30
    rng = np.random.default_rng(0)
    frames = 2 * len(actions)
    return TokenStore(
        rng.integers(0, 9, (frames, 4)).astype(np.int16),
        np.zeros((frames, 1), np.float16),
        np.zeros((frames, 3), np.float32),
        np.arange(0, frames + 1, 2),
        [["a person waves"]] * len(actions),
        [[]] * len(actions),
        actions,
    )


def drawn_shares(store, mix, draws=300):
    texts = Texts(store, Vocabulary.load(asset("vocabulary")))
    stream = batches(store, texts, 4, 80, mix, np.random.default_rng(1))
    clips = np.concatenate([next(stream).clips for _ in range(draws)])
    drawn = [store.actions[clip] for clip in clips]
    return np.mean([is_real(a) for a in drawn]), np.mean([is_long(a) for a in drawn]), set(clips)


def test_clips_are_drawn_as_they_come_or_in_the_share_that_is_asked(store):
    real, long, clips = drawn_shares(store, Mix())
    assert abs(real - 1 / 6) < 0.02 and abs(long - 1 / 2) < 0.02 and len(clips) == 60
    real, _, clips = drawn_shares(store, Mix(real=0.5))
    assert abs(real - 0.5) < 0.02 and len(clips) == 60
    assert drawn_shares(store, Mix(real=0.0))[0] == 0.0
    # Fewer than there are: others of them each round.
    real, long, clips = drawn_shares(store, Mix(long=0.1))
    assert abs(long - 0.1) < 0.02 and len(clips) > 50
    assert drawn_shares(store, Mix(long=0.0))[1] == 0.0


def test_a_share_of_what_is_not_there_is_refused(store):
    recorded = TokenStore(
        store.codes[:20], store.poses[:20], store.roots[:20], store.starts[:11],
        store.captions[:10], store.part_captions[:10], store.actions[:10],
    )  # fmt: skip
    with pytest.raises(LimberError, match="is long"):
        drawn_shares(recorded, Mix(long=0.5), draws=1)


def test_shares_are_set_by_name():
    assert with_shares(Mix(), ["commands=0", "real=0.5"]) == Mix(commands=0.0, real=0.5)
    assert with_shares(MIXES["parts"], []) == MIXES["parts"]
    for wrong in ("nothing=1", "commands=much", "commands=1.5", "real=1", "locks", "keys=nan"):
        with pytest.raises(LimberError, match="--share"):
            with_shares(Mix(), [wrong])


def test_the_loss_on_words_counts_their_ends_and_no_padding():
    torch.manual_seed(0)
    words = torch.tensor([[3, 1, -1], [0, -1, -1]])
    logits = torch.randn(2, 4, 6)
    wanted = ((0, 0, 3), (0, 1, 1), (0, 2, 5), (1, 0, 0), (1, 1, 5))
    by_hand = -np.mean([float(logits[b, n].log_softmax(0)[word]) for b, n, word in wanted])
    assert float(words_loss(logits, words)) == pytest.approx(by_hand, abs=1e-6)
    assert float(words_loss(logits[:0], words[:0])) == 0.0


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """What the command is given: tiny tokens and a held-out clip of each kind."""
    root = tmp_path_factory.mktemp("mixes")
    mocap, corpus, held_out = root / "mocap", root / "corpus", root / "held_out"
    index = []
    for number in range(2):
        name = f"cmu_motionbuilder/0{number}_01"
        (mocap / name).parent.mkdir(parents=True, exist_ok=True)
        make_clip(number, seed=9).motion.cut(0, 150).save(mocap / f"{name}.npz")
        index.append({"clip": name, "description": "walk", "held_out": number == 1})
    (mocap / "index.json").write_text(json.dumps(index))
    make_corpus(corpus, clips=6, workers=1)
    make_corpus(held_out, clips=4, seed=1, workers=1)
    places = ["--mocap", str(mocap), "--corpus", str(corpus)]
    small = ["--width", "32", "--codes", "64", "--batch", "4", "--frames", "16", "--steps", "2"]
    codec, store = ["--codec", str(root / "codec")], ["--tokens", str(root / "tokens")]
    train_codec.main([*places, "--out", codec[1], *small])
    tokens.main([*codec, *places, "--out", store[1]])
    return [*codec, *store, "--mocap", str(mocap), "--held-out", str(held_out),
            "--out", str(root / "out"), "--clips", "2", *TINY]  # fmt: skip


def test_variants_are_trained_once_and_judged_alike(given, capsys):
    chosen = ["--variants", "baseline", "seed_1", "text_loss", "real_0"]
    assert compare_mixes.main([*given, *chosen]) == 0
    out = compare_mixes.arguments(given).out
    found = json.loads((out / "mixes.json").read_text())
    assert list(found) == chosen[1:]
    figures = found["baseline"]
    for kind in ("procedural", "real"):
        for layer in range(4):
            # Untrained, every one of 64 codes is about as likely.
            assert abs(figures[f"text, {kind}, layer {layer}"] - np.log(64)) < 1.0
        assert abs(figures[f"text alone, {kind}"] - np.log(64)) < 1.0
        assert figures[f"caption, {kind}"] > 0.0 and 0.0 <= figures[f"words right, {kind}"] <= 1.0
    assert "commands heard, procedural" in figures
    assert "commands heard, real" not in figures
    assert all(other.keys() == figures.keys() for other in found.values())
    assert found["seed_1"] != figures != found["text_loss"]
    assert (out / "table.txt").read_text() in capsys.readouterr().out
    trained = [(out / name / "checkpoint.pt").stat().st_mtime_ns for name in found]
    assert compare_mixes.main([*given, *chosen]) == 0
    assert [(out / name / "checkpoint.pt").stat().st_mtime_ns for name in found] == trained
    assert compare_mixes.main([*given, *chosen, "--steps", "4"]) == 2
    assert "other options" in capsys.readouterr().err
    assert compare_mixes.main([*given, *chosen, "--read", "2"]) == 2
    assert "reader" in capsys.readouterr().err


@pytest.fixture(scope="module")
def exam_and_clips(given):
    options = compare_mixes.arguments(given)
    clips = held_out_clips(options.codec, options.mocap, options.held_out, most=2)
    places = ["--codec", str(options.codec), "--tokens", str(options.tokens)]
    places += ["--out", str(options.out / "exam")]
    trainer = train_token_model.TokenModelTrainer(train_token_model.arguments([*places, *TINY]))
    # Untrained, texts and control would change nothing.
    for weight in (trainer.model.pool_sentence.out.weight, trainer.model.project_control.weight):
        torch.nn.init.normal_(weight, std=0.1)
    return Exam(trainer), clips


@torch.no_grad()
def test_entropies_are_those_of_the_model_at_work(exam_and_clips):
    exam, clips = exam_and_clips
    clip = clips["procedural"][0]
    question, codes = exam.in_between(clip), clip.tokens.codes.astype(np.int64)
    runtime = TorchRuntime(exam.model, SmallBackbone(exam.model, exam.trainer.vocabulary))
    runtime.start([clip.caption], len(codes))
    entropies = np.zeros(codes.shape)
    for frame, spoken in enumerate(codes):
        runtime.advance(codes[frame - 1][None] if frame else None, question.control[[frame]])
        previous = None
        for index, group in enumerate(runtime.groups):
            logits = torch.from_numpy(np.asarray(runtime.logits(index, previous)))[0]
            chosen = list(group)
            odds = logits.log_softmax(-1)[range(len(chosen)), spoken[chosen]]
            entropies[frame, chosen] = -odds.numpy()
            previous = spoken[chosen][None]
    by_layer = entropies[question.counted].reshape(-1, codes.shape[1] // exam.layers, exam.layers)
    np.testing.assert_allclose(exam.entropies(clip, question), by_layer.mean((0, 1)), atol=1e-4)


@torch.no_grad()
def test_the_past_is_not_heard_where_it_is_said_so(exam_and_clips):
    exam, clips = exam_and_clips
    clip = clips["procedural"][0]
    other = replace(clip, tokens=replace(clip.tokens, codes=np.roll(clip.tokens.codes, 1, axis=1)))
    other.tokens.codes[-1] = clip.tokens.codes[-1]
    last = replace(exam.plain_text(clip), counted=slice(-1, None))
    alone = replace(last, hears_past=False)
    np.testing.assert_allclose(exam.entropies(clip, alone), exam.entropies(other, alone), atol=1e-6)
    assert np.abs(exam.entropies(clip, last) - exam.entropies(other, last)).max() > 1e-5


def test_labels_are_counted_as_the_reader_sees_them(exam_and_clips):
    exam, clips = exam_and_clips
    clip = clips["procedural"][0]
    plan = plan_of(clip.clip.actions)

    class Sees(list):
        def seen(self, vectors, frame_rate):
            assert len(vectors) == len(clip.tokens.codes)
            return list(self)

    figures = exam.label_figures([clip], Sees(plan))
    assert figures == {"labels read": 1.0, "labels invented": 0.0}
    other = PlannedAction(("nothing that anybody asked for",), 0.0, 1.0)
    half = exam.label_figures([clip], Sees([replace(plan[0], labels=plan[0].labels[:1]), other]))
    assert half["labels read"] < 1.0 and half["labels invented"] == 0.5
    assert exam.label_figures([clip], Sees())["labels invented"] == 1.0


def test_the_table_marks_what_is_beyond_the_noise():
    found = {
        "baseline": {"x": 1.0},
        "seed_1": {"x": 1.2},
        "no_parts": {"x": 1.6},
        "real_0": {"x": 1.3},
    }
    *_, row = table(found).splitlines()
    assert row.split() == ["x", "1.100", "0.200", "+0.500*", "+0.200"]
    assert set(found) <= set(VARIANTS)

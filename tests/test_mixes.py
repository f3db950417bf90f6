"""Shares of a mix: what clips are given, which are drawn, and what leaving something out changes."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from motion_engine.errors import LimberError
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.locations import asset
from training import compare_mixes, tokens, train_codec
from training.batches import batches, is_long, is_real
from training.compare_mixes import VARIANTS, table
from training.corpus import make_clip, make_corpus
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

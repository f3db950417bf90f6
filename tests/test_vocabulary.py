"""Words to ids and vectors: splitting, spelling, and what the shipped table knows of meaning."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion_engine.errors import LimberError
from motion_engine.language.vocabulary import MAXIMUM_WORDS, Vocabulary, split_words
from motion_engine.locations import asset
from training.distil_vocabulary import drive_apart, read_triples, reduce, triple_accuracy
from training.lexicon import inflections, lemma_candidates

VOCABULARY = Vocabulary.load(asset("vocabulary"))
TABLE = ("words.txt", "vectors.safetensors")


def cosine(a: str, b: str) -> float:
    rows = VOCABULARY.vectors[[VOCABULARY.ids[a], VOCABULARY.ids[b]]]
    return float(rows[0] @ rows[1] / np.linalg.norm(rows[0]) / np.linalg.norm(rows[1]))


@pytest.mark.parametrize(
    "text, words",
    [
        ("A person walks, then waves.", "a person walks , then waves ."),
        ("Turn 90° left!", "turn 90 degrees left !"),
        ("He doesn't move; they can’t, won't.", "he does not move ; they can not , will not ."),
        ("the dancer's LEFT-hand", "the dancer left-hand"),
        ("the dancers' “kick”", "the dancers kick"),
        ("1.5 seconds", "1 point 5 seconds"),
        ("side‑step — twice (slowly)", "side-step twice slowly"),
        ("ＪＵＭＰ 2x", "jump 2 x"),
        ("walk -> wave / bow", "walk , wave , bow"),
    ],
)
def test_splitting(text, words):
    assert split_words(text) == words.split()


@pytest.mark.parametrize(
    "text, spelled",
    [
        ("plié", "plié"),
        ("Café", "cafe"),
        ("tai-chi", "taichi"),
        ("side-to-side", "side to side"),
        ("1234", "1234"),
        ("blorptastic", "blorptastic"),
        ("a person walks , then waves .", "a person walks, then waves."),
    ],
)
def test_decode_returns_what_was_spelled(text, spelled):
    assert VOCABULARY.decode(VOCABULARY.tokenize(text)) == spelled


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=15))
def test_every_word_has_an_id_and_spells_itself(word):
    ids = VOCABULARY.tokenize(word)
    assert ids and VOCABULARY.decode(ids).replace(" ", "") == word


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        ids = VOCABULARY.tokenize(text)
    except LimberError as error:
        assert "\n" not in str(error)
    else:
        assert 0 < len(ids) <= 2 * MAXIMUM_WORDS
        assert all(0 <= row < len(VOCABULARY.words) for row in ids)


@pytest.mark.parametrize("text", ["", " ", "...", "日本語", "!?"])
def test_a_text_without_words_is_refused(text):
    with pytest.raises(LimberError, match="no word"):
        VOCABULARY.tokenize(text)


def test_a_long_text_is_refused_at_one_word_too_many():
    assert len(VOCABULARY.tokenize("walk " * MAXIMUM_WORDS)) == MAXIMUM_WORDS
    with pytest.raises(LimberError, match="65 words"):
        VOCABULARY.tokenize("walk " * (MAXIMUM_WORDS + 1))


def test_the_table_is_sound_and_small():
    folder = asset("vocabulary")
    assert sum((folder / name).stat().st_size for name in TABLE) <= 3_000_000
    assert len(set(VOCABULARY.words)) == len(VOCABULARY.words) > 25_000
    np.testing.assert_allclose(np.linalg.norm(VOCABULARY.vectors, axis=1), 1.0, atol=0.02)
    assert VOCABULARY.vectors.dtype == np.float32


def test_a_torn_table_is_refused(tmp_path):
    with pytest.raises(LimberError, match="install Limber again"):
        Vocabulary.load(tmp_path)
    (tmp_path / "words.txt").write_text("one\n")
    (tmp_path / "vectors.safetensors").write_bytes(b"\x01")
    with pytest.raises(LimberError):
        Vocabulary.load(tmp_path)


def test_triples_of_meaning():
    """216 triples "anchor, nearer, farther" about motion; the teacher alone reaches 0.85."""
    assert len(read_triples()) > 200
    assert triple_accuracy(VOCABULARY.words, VOCABULARY.vectors) >= 0.95


def pairs(text: str) -> list[tuple[str, ...]]:
    return [tuple(pair.split()) for pair in text.split(",")]


@pytest.mark.parametrize(
    "a, b",
    pairs(
        "left right, leftwards right, leftward rightward, left-hand right-hand, up down,"
        "upwards downwards, forward backward, forwards backwards, slow fast, slowly quickly,"
        "slower faster, raise lower, raises lowers, raised lowered, raising lowering, lift lower,"
        "push pull, open close, clockwise counterclockwise, clockwise anticlockwise, arm leg,"
        "hand foot, one two, two three, 2 3, twice thrice, sits stands, start stop, in out,"
        "inward outward, happily sadly"
    ),
)
def test_opposites_stay_apart(a, b):
    assert cosine(a, b) < 0.5


@pytest.mark.parametrize(
    "a, b",
    pairs(
        "walk walking, walk walked, kneel knelt, leftwards left, backwards backward, slowly slow,"
        "arms arm, twice two, 3 three, jump jumps"
    ),
)
def test_forms_of_a_word_stay_together(a, b):
    assert cosine(a, b) > 0.6


def test_nearest_gives_whole_words_in_falling_order():
    found = VOCABULARY.nearest("stroll", 30)
    cosines = [value for _, value in found]
    assert len(found) == 30 and cosines == sorted(cosines, reverse=True)
    assert "saunter" in dict(found) and "stroll" not in dict(found)
    assert all(word[0].isalpha() for word, _ in found)
    with pytest.raises(LimberError, match="blorptastic"):
        VOCABULARY.nearest("blorptastic")


@pytest.mark.parametrize(
    "verb, forms",
    [
        ("jog", "jogs jogging jogged"),
        ("amble", "ambles ambling ambled"),
        ("hurry", "hurries hurrying hurried"),
        ("sway", "sways swaying swayed"),
        ("punch", "punches punching punched"),
        ("tie", "ties tying tied"),
        ("tiptoe", "tiptoes tiptoeing tiptoed"),
        ("kneel", "kneels kneeling kneeled"),
        ("bow", "bows bowing bowed"),
    ],
)
def test_inflections_and_back(verb, forms):
    assert inflections(verb) == forms.split()
    assert all(verb in lemma_candidates(form) for form in forms.split())


def test_opposites_are_driven_to_a_set_cosine():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(2, 8)) * 0.2 + 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    apart = drive_apart(vectors, np.array([[0, 1]]))
    np.testing.assert_allclose(np.linalg.norm(apart, axis=1), 1.0, atol=1e-9)
    assert apart[0] @ apart[1] == pytest.approx(0.2)


def test_reduction_keeps_distances_of_a_plane():
    rng = np.random.default_rng(1)
    plane = rng.normal(size=(50, 2)) @ rng.normal(size=(2, 9))
    plane -= plane.mean(axis=0)
    reduced = reduce(plane, 2, whitening=0.0)
    expected = plane / np.linalg.norm(plane, axis=1, keepdims=True)
    np.testing.assert_allclose(reduced @ reduced.T, expected @ expected.T, atol=1e-9)

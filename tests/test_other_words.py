"""Words that no caption says, in place of those that do."""

from collections import Counter

import numpy as np
import pytest

from motion_engine.language.vocabulary import Vocabulary
from training import other_words
from training.other_words import LEAST_COSINE, OtherWords


def turned(degrees: float) -> np.ndarray:
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], np.float32)


WORDS = {
    "walk": 0,
    "stroll": 20,
    "amble": 30,
    "a": 90,
    "an": 95,
    "knock": 180,
    "rap": 170,
    "##ed": 5,
}
VOCABULARY = Vocabulary(tuple(WORDS), np.stack([turned(angle) for angle in WORDS.values()]))
TAUGHT = ("a", "walk", "knock")


@pytest.fixture(autouse=True)
def one_common_word_and_none_reserved(monkeypatch):
    monkeypatch.setattr(other_words, "COMMONEST", 1)
    monkeypatch.setattr(other_words, "mentions_reserved", lambda word: False)


def heard(words: OtherWords, text: str, times: int = 300) -> set[str]:
    ids = VOCABULARY.tokenize(text)
    generator = np.random.default_rng(0)
    return {VOCABULARY.decode(words.said(ids, generator)) for _ in range(times)}


def other(taught: tuple[str, ...] = TAUGHT) -> OtherWords:
    counts = Counter({VOCABULARY.ids[word]: 9 if word == "a" else 1 for word in taught})
    return OtherWords(VOCABULARY, counts)


def test_untaught_words_stand_for_their_nearest_taught_one():
    assert heard(other(), "walk") == {"walk", "stroll", "amble"}
    assert heard(other(), "knock") == {"knock", "rap"}


def test_neither_common_words_nor_pieces_nor_taught_ones_stand_for_another():
    assert heard(other(), "a") == {"a"}
    assert heard(other((*TAUGHT, "stroll")), "walk") == {"walk"}
    assert heard(other((*TAUGHT, "stroll")), "stroll") == {"stroll", "amble"}


def test_far_words_stand_for_none():
    assert np.cos(np.radians(90)) < LEAST_COSINE
    assert heard(other(("a", "rap")), "rap") == {"rap", "knock"}


def test_words_kept_out_of_captions_are_never_said(monkeypatch):
    monkeypatch.setattr(other_words, "mentions_reserved", lambda word: word == "stroll")
    assert heard(other(), "walk") == {"walk", "amble"}

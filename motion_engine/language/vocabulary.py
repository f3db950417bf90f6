"""Words as ids and fixed vectors: the text side of the token model.

The table in `assets/vocabulary` (made by `training/distil_vocabulary.py`) gives each of some thirty
thousand English words a vector that knows what the word means, so that the model understands
verbs that its own captions never used. A word outside the table is spelled with word pieces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ..errors import LimberError
from ..models.weights import read_weights

MAXIMUM_WORDS = 64
_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+|[,.!?;:]")
_CONTRACTIONS = (("won't", "will not"), ("can't", "can not"), ("n't", " not"), ("'m", " am"),
                 ("'re", " are"), ("'ll", " will"), ("'ve", " have"), ("'d", " would"),
                 ("'s", ""), ("s'", "s"))  # fmt: skip
_SYMBOLS = (
    ("°", " degrees "), ("&", " and "), ("%", " percent "), ("+", " plus "),
    ("->", " , "), (" / ", " , "),
)  # fmt: skip


def split_words(text: str) -> list[str]:
    """Lower-case words, numbers and punctuation of `text`; contractions are written out.

    Hyphenated words stay whole here. Everything else (quotes, brackets, emoji) is a space.
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    for symbol, words in _SYMBOLS:
        text = text.replace(symbol, words)
    text = re.sub(r"(?<=\d)\.(?=\d)", " point ", text)
    for ending, words in _CONTRACTIONS:
        text = re.sub(rf"(?<=[a-z]){ending}\b" if ending[0] in "n'" else rf"\b{ending}",
                      words, text)  # fmt: skip
    return _TOKEN.findall(text)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A table of words and their vectors.

    words: V rows, each a word, a number, a punctuation mark, or "##" and the rest of a word.
    vectors: [V, E] float32, each row of unit length; a small cosine means different in meaning.
    """

    words: tuple[str, ...]
    vectors: np.ndarray

    @staticmethod
    def load(folder: Path | str) -> Vocabulary:
        """Read `words.txt` and `vectors.safetensors`; LimberError if they are missing or torn."""
        folder = Path(folder)
        try:
            words = tuple((folder / "words.txt").read_text("utf-8").splitlines())
            vectors = read_weights(folder / "vectors.safetensors")["vectors"]
        except (OSError, ValueError, KeyError) as error:
            raise LimberError(f"{folder}: no readable vocabulary; install Limber again.") from error
        if len(words) != len(vectors):
            raise LimberError(
                f"{folder}: {len(words)} words for {len(vectors)} vectors; install Limber again."
            )
        return Vocabulary(words, vectors)

    @cached_property
    def ids(self) -> dict[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    @property
    def width(self) -> int:
        """E, the length of a vector."""
        return self.vectors.shape[1]

    def tokenize(self, text: str) -> list[int]:
        """The rows that spell `text`, in order; a word outside the table takes several.

        Raises LimberError for a text without any word or with more than 64 words or rows.
        """
        words = split_words(text)
        if len(words) > MAXIMUM_WORDS:
            raise LimberError(
                f"the text has {len(words)} words and punctuation marks, at most "
                f"{MAXIMUM_WORDS} fit: make it shorter"
            )
        ids = [row for word in words for row in self._spell(word)]
        if not any(self.words[row].isalnum() for row in ids):
            raise LimberError("the text holds no word: say what the person does, in English")
        if len(ids) > 2 * MAXIMUM_WORDS:
            raise LimberError("the text has too many words that Limber does not know: use plainer "
                              "or fewer words")  # fmt: skip
        return ids

    def decode(self, ids: list[int]) -> str:
        """The text that the rows spell: pieces joined, one space between words."""
        text = " ".join(self.words[row] for row in ids).replace(" ##", "")
        return re.sub(r" (?=[,.!?;:](?:\s|$))", "", text)

    def nearest(self, word: str, n: int = 10) -> list[tuple[str, float]]:
        """The n whole words nearest to `word` and their cosines, nearest first, itself left out.

        Raises LimberError if the table has no row for `word`.
        """
        if word not in self.ids:
            raise LimberError(f"'{word}' is not in the vocabulary")
        cosines = self.vectors @ self.vectors[self.ids[word]]
        cosines[self.ids[word]] = -np.inf
        cosines[self._pieces] = -np.inf
        order = np.argsort(-cosines, kind="stable")[:n]
        return [(self.words[row], float(cosines[row])) for row in order]

    @cached_property
    def _pieces(self) -> np.ndarray:
        return np.array([row for row, word in enumerate(self.words) if not word[0].isalpha()])

    def _spell(self, word: str) -> list[int]:
        """Rows of one word: whole, else without its hyphens, else by its parts, else by pieces."""
        if word in self.ids:
            return [self.ids[word]]
        plain = "".join(c for c in unicodedata.normalize("NFD", word) if c.isascii())
        if plain in self.ids:
            return [self.ids[plain]]
        parts = re.findall(r"[a-z]+|\d+", plain)
        if len(parts) > 1:
            joined = "".join(parts)
            if joined in self.ids:
                return [self.ids[joined]]
            return [row for part in parts for row in self._spell(part)]
        return self._longest_pieces(parts[0]) if parts else []

    def _longest_pieces(self, word: str) -> list[int]:
        """Greedy longest match from the left, as in WordPiece; every letter and digit is a row."""
        found, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            stop = next(
                end for end in range(len(word), start, -1) if prefix + word[start:end] in self.ids
            )
            found.append(self.ids[prefix + word[start:stop]])
            start = stop
        return found


def padded_words(vocabulary: Vocabulary, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Word vectors ``[N, n, E]`` of N texts, zero behind the shorter ones, and which are words,
    ``[N, n]``; an empty text has none."""
    ids = [vocabulary.tokenize(text) if text else [] for text in texts]
    longest = max(map(len, ids))
    vectors = np.zeros((len(ids), longest, vocabulary.width), dtype=np.float32)
    given = np.zeros((len(ids), longest), dtype=bool)
    for row, spelled in enumerate(ids):
        vectors[row, : len(spelled)] = vocabulary.vectors[spelled]
        given[row, : len(spelled)] = True
    return vectors, given

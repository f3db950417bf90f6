"""Words that no caption says, in place of those that mean nearly the same.

However many captions are written, users will say it otherwise. A network that hears fixed word
vectors can hear any word of the vocabulary in training, not only those of its captions.
"""

from collections import Counter

import numpy as np

from motion_engine.language.vocabulary import Vocabulary

from .adherence.reserved import mentions_reserved

LEAST_COSINE = 0.62
COMMONEST = 200
"""So many of the taught words are always said themselves: "two", "left", "hand", "then" and the like
mean too many things for their neighbours to mean the same here."""
SENTENCES_SHARE, WORDS_SHARE = 0.6, 0.35
"""How many of the sentences get other words, and how many of their words, where there are any."""


class OtherWords:
    """Each word of the vocabulary that is not among the ``taught``, which are counted, may stand for
    the one of them whose vector is nearest to its own, if that is near and not one of the commonest.
    Words that are kept out of captions stand for none."""

    def __init__(self, vocabulary: Vocabulary, taught: Counter[int]):
        known = np.array(sorted(taught))
        commonest = {word for word, _ in taught.most_common(COMMONEST)}
        cosines = vocabulary.vectors @ vocabulary.vectors[known].T
        nearest = known[cosines.argmax(1)]
        is_near = cosines.max(1) >= LEAST_COSINE
        is_near[known] = False
        is_near[np.isin(nearest, list(commonest))] = False
        self.others: dict[int, list[int]] = {}
        for row in np.flatnonzero(is_near):
            word = vocabulary.words[row]
            if word[0].isalpha() and not mentions_reserved(word):
                self.others.setdefault(int(nearest[row]), []).append(int(row))

    def said(self, words: list[int], rng: np.random.Generator) -> list[int]:
        """The sentence as it is, or with other words for some of its own."""
        if rng.random() >= SENTENCES_SHARE:
            return words
        changed = rng.random(len(words)) < WORDS_SHARE
        return [
            others[rng.integers(len(others))]
            if change and (others := self.others.get(word))
            else word
            for word, change in zip(words, changed)
        ]

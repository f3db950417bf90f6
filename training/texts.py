"""What a clip is said to be, as rows of the vocabulary: a sentence, or commands to body parts."""

from dataclasses import dataclass

import numpy as np

from motion_engine.language.vocabulary import MAXIMUM_WORDS, Vocabulary, split_words
from motion_engine.parts import DEFAULT_PARTS, resolve_parts

from .tokens import TokenStore

_DEFAULT_NAMES = tuple(part.name for part in DEFAULT_PARTS)


@dataclass(frozen=True)
class Text:
    """``words`` are rows of the vocabulary; ``commanded`` are indices of the codec's parts that the
    words command one by one, none where they speak of the whole body."""

    words: list[int]
    commanded: tuple[int, ...] = ()


class Texts:
    """All texts of a store's clips, tokenized once, for a codec with these ``parts``."""

    def __init__(
        self, store: TokenStore, vocabulary: Vocabulary, parts: tuple[str, ...] = _DEFAULT_NAMES
    ):
        self.sentences = [[vocabulary.tokenize(t) for t in _short(ts)] for ts in store.captions]
        self.commands = [
            [_command(t, vocabulary, parts) for t in _short(ts)] for ts in store.part_captions
        ]
        self.separator = vocabulary.tokenize("; a")[:-1]

    def draw(self, clip: int, commands_share: float, rng: np.random.Generator) -> Text:
        """One of the clip's sentences, or some of its part commands ("legs: ...; head: ...")."""
        commands = self.commands[clip]
        if not commands or rng.random() >= commands_share:
            sentences = self.sentences[clip]
            return Text(sentences[rng.integers(len(sentences))])
        words: list[int] = []
        commanded: set[int] = set()
        for i in rng.permutation(len(commands))[: rng.integers(1, len(commands) + 1)]:
            words += (self.separator if words else []) + commands[i].words
            commanded.update(commands[i].commanded)
        return Text(words, tuple(sorted(commanded)))


def _short(texts: list[str]) -> list[str]:
    """Those that a user could give as well; of three actions, some captions are too long."""
    return [text for text in texts if len(split_words(text)) <= MAXIMUM_WORDS]


def _command(text: str, vocabulary: Vocabulary, parts: tuple[str, ...]) -> Text:
    """Of a part caption such as ``left arm: wave``; parts that the codec does not know are not
    commanded."""
    meant = resolve_parts([text.partition(":")[0].strip().replace(" ", "_")])
    commanded = tuple(parts.index(part) for part in meant if part in parts)
    return Text(vocabulary.tokenize(text), commanded)

"""What a clip is said to be, as rows of the vocabulary: a sentence, or commands to body parts."""

from collections.abc import Sequence
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
    """The texts of a store's clips for a codec with these ``parts``, tokenized as they are drawn."""

    def __init__(
        self, store: TokenStore, vocabulary: Vocabulary, parts: tuple[str, ...] = _DEFAULT_NAMES
    ):
        self.store, self.vocabulary, self.parts = store, vocabulary, parts
        self.separator = vocabulary.tokenize("; a")[:-1]

    def draw(self, clip: int, commands_share: float, rng: np.random.Generator) -> Text:
        """One of the clip's sentences, or some of its part commands ("legs: ...; head: ...")."""
        commands = short(self.store.part_captions[clip])
        if not commands or rng.random() >= commands_share:
            sentences = short(self.store.captions[clip])
            return self.sentence(sentences[rng.integers(len(sentences))])
        some = rng.permutation(len(commands))[: rng.integers(1, len(commands) + 1)]
        return self.joined([commands[i] for i in some])

    def sentence(self, caption: str) -> Text:
        return Text(self.vocabulary.tokenize(caption))

    def joined(self, part_captions: Sequence[str]) -> Text:
        """Commands such as ``left arm: wave``, one after the other."""
        words: list[int] = []
        commanded: set[int] = set()
        for command in part_captions:
            words += (self.separator if words else []) + self.vocabulary.tokenize(command)
            commanded.update(_commanded(command, self.parts))
        return Text(words, tuple(sorted(commanded)))


def short(texts: list[str]) -> list[str]:
    """Those that a user could give as well; of three actions, some captions are too long."""
    return [text for text in texts if len(split_words(text)) <= MAXIMUM_WORDS]


def _commanded(command: str, parts: tuple[str, ...]) -> list[int]:
    """The parts that a command moves; those that the codec does not know are left out."""
    meant = resolve_parts([command.partition(":")[0].strip().replace(" ", "_")])
    return [parts.index(part) for part in meant if part in parts]

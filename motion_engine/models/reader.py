"""The reader on numpy: from codes to what is done when, and how well that is what was planned.

``training.reader_network`` describes the network and trains it.
"""

from collections.abc import Sequence

import numpy as np

from ..generation.action_plan import ActionLabels, PlannedAction
from ..generation.seen_actions import seen_actions
from .configuration import ReaderConfig
from .linear import linear, rms_norm, softmax
from .numpy_runtime import Block


class Reader:
    """A trained reader; ``weights`` are named as in ``training.reader_network``."""

    def __init__(self, config: ReaderConfig, labels: ActionLabels, weights: dict[str, np.ndarray]):
        self.config = config
        self.labels = labels
        self.weights = weights
        self.blocks = [Block.of_prefix(weights, f"blocks.{i}") for i in range(config.blocks)]

    def read(self, vectors: np.ndarray) -> np.ndarray:
        """Logits ``[T, L]`` of each label in each frame; ``vectors [T, P, d]`` are the code vectors
        of the parts (``ModelCodec.part_vectors``)."""
        weights = self.weights
        frames, reach = len(vectors), self.config.reach
        alone = self._linear("project_parts", vectors.reshape(frames, -1))
        padded = np.pad(alone, ((1, 1), (0, 0)))
        x = np.concatenate([padded[:-2], alone, padded[2:]], axis=1)
        x = self._linear("neighbours", x)[None]
        away = np.arange(frames)[None] - np.arange(frames)[:, None]
        far = np.where(np.abs(away) > reach, -np.inf, 0.0).astype(np.float32)
        for block, distances in zip(self.blocks, weights["distances"]):
            query, key, value = block.keys_and_queries(x, self.config.heads)
            scores = np.matmul(query, key.swapaxes(-1, -2)) * query.shape[-1] ** -0.5
            scores = scores + distances[:, away.clip(-reach, reach) + reach] + far
            x = block.finish(x, np.matmul(softmax(scores), value))
        return self._linear("out", rms_norm(x[0], weights["norm.weight"]))

    def agreement(
        self, plan: Sequence[PlannedAction], vectors: np.ndarray, frame_rate: float
    ) -> float:
        """Logarithm of the probability that all is done as planned: of each action's labels, the mean
        over its frames, summed. A label counts by the odds with which it was planned, so that what
        the words leave open may turn out otherwise."""
        logits = self.read(vectors)
        middles = (np.arange(len(logits)) + 0.5) / frame_rate
        total = 0.0
        for action in plan:
            during = (action.start <= middles) & (middles < action.stop)
            if during.any():
                read = logits[during][:, self.labels.columns(action)]
                lacking = np.logaddexp(0.0, -read).mean(0)
                total -= float(lacking @ self.labels.odds(action))
        return total

    def seen(self, vectors: np.ndarray, frame_rate: float) -> tuple[PlannedAction, ...]:
        """The actions that are done in a clip, see :func:`seen_actions`."""
        probabilities = np.exp(-np.logaddexp(0.0, -self.read(vectors)))
        return seen_actions(probabilities, self.labels, frame_rate)

    def _linear(self, name: str, x: np.ndarray) -> np.ndarray:
        return linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

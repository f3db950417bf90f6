"""Guidance: what prompts ask for is made to count for more than what people mostly do.

Classifier-free guidance (Ho and Salimans, 2022) moves the logits away from those of somebody who was
told nothing. Words and plan are guided apart from each other, as conditions are that were learned
apart (Liu et al., "Compositional Visual Generation", 2022): the plan says what is done, and leads;
the words say how, and are added as they are. Guided together, the words drown the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .control import ControlLayout
from .prompt import Prompt

PLAUSIBLE = 0.1


@dataclass(frozen=True, eq=False)
class Hearing:
    """What a runtime hears for N prompts: R rows, N after N, of which the first are told all.

    With guidance, N more are told nothing; where a plan leads, N more are told what leads:
    the plan without the words, or, of a prompt in which the words lead, those.
    """

    texts: tuple[str, ...]
    hears_plan: np.ndarray
    layout: ControlLayout
    prompts: int

    @staticmethod
    def of(prompts: Sequence[Prompt], layout: ControlLayout) -> "Hearing":
        texts = tuple(prompt.command.text for prompt in prompts)
        hears_plan = [True] * len(prompts)
        if any(prompt.command.guidance != 1.0 for prompt in prompts):
            planned = [
                layout.has_plan(prompt.control) and not prompt.words_lead for prompt in prompts
            ]
            leading = tuple("" if plan else text for plan, text in zip(planned, texts))
            texts += ("",) * len(prompts)
            hears_plan += [False] * len(prompts)
            if any(planned):
                texts += leading
                hears_plan += [True] * len(prompts)
        return Hearing(texts, np.array(hears_plan), layout, len(prompts))

    def control(self, control: np.ndarray) -> np.ndarray:
        """``control [N, C]`` of a frame for each row, ``[R, C]``."""
        rows = np.tile(control, (len(self.texts) // self.prompts, 1))
        rows[~self.hears_plan] = self.layout.without_plan(rows[~self.hears_plan])
        return rows

    def guided(self, logits: np.ndarray, prompt: int, guidance: float) -> np.ndarray:
        """Logits ``[S, C]`` of one prompt from those of all rows ``[R, S, C]``."""
        told_all, *others = logits[prompt :: self.prompts]
        if not others:
            return told_all
        silent, leading = others if len(others) == 2 else (others[0], told_all)
        return guided(told_all, silent, leading, guidance)


def guided(
    told_all: np.ndarray, silent: np.ndarray, leading: np.ndarray, scale: float
) -> np.ndarray:
    """Guided logits ``[S, C]``: ``silent + scale (leading - silent) + (told_all - leading)``; 1 is
    what is told alone.

    Only codes that are plausible to who was told all, at least PLAUSIBLE times as likely as the
    best one, take part (Li et al., "Contrastive Decoding", 2023): elsewhere the difference of two
    small logits is noise, and guidance would blow it up.
    """
    logits = silent + scale * (leading - silent) + (told_all - leading)
    best = told_all.max(-1, keepdims=True)
    return np.where(told_all >= best + np.log(PLAUSIBLE), logits, -np.inf)

"""Variations of what a model made: the outline stays, the details are drawn anew. No bpy here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from motion_engine.command import Command
from motion_engine.generation.generate import Hear, Progress
from motion_engine.generation.prompt import FREE, Prompt
from motion_engine.models.model import Model
from motion_engine.models.planner import Plan


@dataclass(frozen=True, kw_only=True)
class VaryingModel(Model):
    """A model whose clips keep the coarsest codes that the ``original`` command gives: what every
    free part of the body does stays, how it does it is drawn anew, once."""

    original: Command
    source: Model

    @staticmethod
    def of(model: Model, original: Command) -> VaryingModel:
        return VaryingModel(**vars(model) | {"reader": None}, original=original, source=model)

    def plan(self, command: Command) -> Plan | None:
        """That of the original: what is done when stays as well."""
        original = self.original
        return super().plan(replace(command, seed=original.seed, variation=original.variation))

    def features(
        self,
        commands: Sequence[Prompt],
        progress: Progress | None = None,
        hear: Hear | None = None,
    ) -> Iterator[list[np.ndarray]]:
        """See :meth:`motion_engine.models.model.Model.features`; for prompts of one length."""
        first = commands[0]
        asked = replace(first, command=replace(self.original, seconds=first.command.seconds))
        # Progress also hears whether all is to stop.
        tell = None if progress is None else lambda done, total: progress(0, total)
        (kept,) = self.source.best_draws([asked], tell)
        varied = [replace(p, given=self._outlined(p.given, kept.codes)) for p in commands]
        yield from super().features(varied, progress, hear)

    def _outlined(self, given: np.ndarray | None, outline: np.ndarray) -> np.ndarray:
        """Given codes ``[T, K]``, if any, and the coarsest ones of the outline where none are."""
        if given is None:
            given = np.full_like(outline, FREE)
        is_coarse = np.arange(outline.shape[1]) % self.codec.config.layers == 0
        return np.where((given == FREE) & is_coarse, outline, given)

"""One clip of the procedural corpus: it follows from the seed and its index alone."""

from dataclasses import asdict, dataclass

import numpy as np

from motion_engine.motion import Motion

from .grammar.captions import captions
from .grammar.claims import claims
from .grammar.compose import EVERYTHING, Selection, compose
from .grammar.library import Library, hand_made_library
from .grammar.part_captions import part_captions
from .grammar.timeline import Script


@dataclass(frozen=True)
class CorpusClip:
    """A motion with true sentences about it.

    ``part_captions`` name body parts ("left arm: wave"); ``predicates`` are adherence predicates
    that hold for it; ``script`` is what it was made from.
    """

    index: int
    motion: Motion
    captions: tuple[str, ...]
    part_captions: tuple[str, ...]
    predicates: tuple[dict, ...]
    script: Script

    def row(self) -> dict:
        """What goes into the shard's ``.jsonl``."""
        actions = [
            {**_said(asdict(placement.description)), "start": placement.start,
             "stop": placement.stop, "beat": beat}
            for beat, placements in enumerate(self.script.beats)
            for placement in placements
        ]  # fmt: skip
        return {
            "index": self.index,
            "captions": list(self.captions),
            "part_captions": list(self.part_captions),
            "predicates": list(self.predicates),
            "actions": actions,
        }


def _said(description: dict) -> dict:
    return {key: value for key, value in description.items() if value is not None}


def make_clip(
    index: int,
    seed: int = 0,
    library: Library | None = None,
    selection: Selection = EVERYTHING,
) -> CorpusClip:
    """The clip with that index of the corpus with that seed (and library: hand-made if None)."""
    rng = np.random.default_rng([seed, index])
    motion, script = compose(rng, library or hand_made_library(), selection)
    return CorpusClip(
        index, motion, captions(script, rng), part_captions(script, rng), tuple(claims(script)),
        script,
    )  # fmt: skip

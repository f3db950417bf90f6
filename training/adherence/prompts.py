"""The prompts of the suite: what is asked, as predicates too, and their groups.

``prompts_seen.json`` words them as training captions do; ``prompts_unseen.json`` uses words that
no training caption may hold (``novel``, see :mod:`training.adherence.reserved`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from motion_engine.command import Command
from motion_engine.generation.directed import Direction
from motion_engine.generation.part_edit import text_of_parts
from motion_engine.generation.timeline import Beat
from motion_engine.language.stillness import is_still
from motion_engine.parts import ALIASES, DEFAULT_PARTS, resolve_parts
from training.adherence.poses import KeyPose
from training.adherence.predicates import validate

GROUPS = (
    "locomotion", "direction", "turn", "arm", "leg", "count", "speed", "height", "torso", "head",
    "combination", "sequence", "part", "hand", "mood", "timing", "three actions", "key poses",
)  # fmt: skip
HALVES = ("seen", "unseen")
_STILL_TOGETHER = ("upper_body", "legs", "arms", "hands")


@dataclass(frozen=True)
class Prompt:
    """What is asked of ``seconds`` of motion, and the ``predicate`` that judges it.

    ``text`` speaks of the whole body, ``parts`` of parts by name or alias; with ``rest_still``, all
    other parts are held. ``beats`` are texts by the second at which they begin, and ``keys`` poses
    to pass through. A ``mood`` must also show against a clip of the ``neutral`` text.
    """

    text: str
    half: str
    group: str
    seconds: float
    predicate: Mapping
    parts: Mapping[str, str] = field(default_factory=dict)
    rest_still: bool = False
    beats: tuple[Beat, ...] = ()
    keys: tuple[KeyPose, ...] = ()
    mood: str = ""
    neutral: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is said, but for the parts that are only held."""
        beats = (beat.text for beat in self.beats)
        return tuple(filter(None, (self.text, text_of_parts(dict(self.parts)), *beats)))

    @property
    def name(self) -> str:
        """One line for reports."""
        keys = (f"{key.pose} at {key.seconds:g} s" for key in self.keys)
        rest = ("the rest still",) if self.rest_still else ()
        return "; ".join((*self.texts, *rest, *keys))

    def direction(self, seed: int) -> Direction:
        """What is asked of the model."""
        if self.beats:
            command = Command("; ".join(self.texts), seed=seed)
            return Direction(command, beats=self.beats, length=self.seconds)
        texts = dict(self.parts) | (still_texts(self.parts) if self.rest_still else {})
        still = resolve_parts([part for part, text in texts.items() if is_still(text)])
        said = "; ".join(filter(None, (self.text, text_of_parts(texts))))
        command = Command(said, seconds=self.seconds, seed=seed)
        return Direction(command, still, tuple(key.key() for key in self.keys))

    def neutral_direction(self, seed: int) -> Direction:
        """What the mood is compared with."""
        return Direction(Command(self.neutral, seconds=self.seconds, seed=seed))


def still_texts(commanded: Iterable[str]) -> dict[str, str]:
    """Texts that hold all parts but the commanded ones, in few words."""
    moved = resolve_parts(list(commanded))
    rest = {part.name for part in DEFAULT_PARTS if part.name not in moved}
    texts = {}
    for name in (*_STILL_TOGETHER, *(part.name for part in DEFAULT_PARTS)):
        parts = set(ALIASES.get(name, (name,)))
        if parts <= rest:
            texts[name] = "still"
            rest -= parts
    return texts


def load_prompts() -> list[Prompt]:
    """All prompts, the seen half first."""
    return [prompt for half in HALVES for prompt in _load(half)]


def _load(half: str) -> list[Prompt]:
    path = Path(__file__).with_name(f"prompts_{half}.json")
    entries = json.loads(path.read_text(encoding="utf-8"))
    return [_prompt(half, **entry) for entry in entries]


def _prompt(
    half: str,
    group: str,
    seconds: float,
    predicate: Mapping,
    text: str = "",
    novel: Iterable[str] = (),
    beats: Iterable = (),
    keys: Iterable = (),
    **more: object,
) -> Prompt:
    """A prompt of one entry of a file; its ``novel`` words are for :mod:`reserved` to read."""
    validate(predicate)
    return Prompt(
        text, half, group, seconds, predicate,
        beats=tuple(Beat(*beat) for beat in beats), keys=tuple(KeyPose(**key) for key in keys),
        **more,
    )  # fmt: skip

"""Are captions right? The model describes clips of the grammar that it never saw, and what it says
is read by the same rules as a user's wording: ``python -m training.evaluate --captions CORPUS``."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from motion_engine.generation.captioning import captions
from motion_engine.language.known_actions import words_of
from motion_engine.language.telling import joined
from motion_engine.language.understanding import understood
from motion_engine.models.model import Model
from motion_engine.motion import Motion

from .corpus_store import read_corpus

ACTION_BAR, SIDE_BAR = 0.85, 0.90
SIDES = {"left", "right"}
# Verbs of the grammar that the rules read as others; standing is seldom worth a word.
_READ_AS = {
    **dict.fromkeys(("walk_curve", "walk_circle", "walk_eight"), ("walk",)),
    **dict.fromkeys(("run_curve", "run_circle", "run_eight"), ("run",)),
    "walk_turn": ("walk", "turn"),
    "stand": (),
}

Describe = Callable[[Motion], str]


@dataclass(frozen=True)
class Told:
    """What a caption says of one clip. ``named`` of its ``actions`` are told, ``invented`` others
    are too; ``side`` is whether the right side is told, None where the clip has no one side or
    the caption tells none; ``sided``: whether the clip has one."""

    text: str
    actions: int
    named: int
    invented: int
    sided: bool
    side: bool | None


def describe_with(model: Model) -> Describe:
    """Captions of the model; pieces of a long clip are joined in order."""
    return lambda motion: joined([piece.text for piece in captions(model, motion)])


def compare(actions: Sequence[dict], text: str) -> Told:
    """A caption against the actions of the clip's row."""
    said = understood(text)
    truth = {name for a in actions for name in _READ_AS.get(a["verb"], (a["verb"],))}
    names = {action.name for action in said.actions}
    sides, told = _true_sides(actions), _told_sides(text)
    one_sided = len(sides) == 1
    return Told(
        text, len(truth), len(truth & names), len(names - truth - {"stand"}), one_sided,
        told == sides if one_sided and told else None,
    )  # fmt: skip


def caption_report(told: Iterable[Told], by_chance: Iterable[Told], own: Iterable[Told]) -> dict:
    """Shares over all clips. ``by_chance``: captions of other clips; ``own``: the corpus' captions
    of the same clips, which tell how well the rules read."""
    told = list(told)
    with_side = [clip.side for clip in told if clip.side is not None]
    sided = sum(clip.sided for clip in told)
    right, side = _named(told), _share(with_side)
    said = sum(clip.named + clip.invented for clip in told)
    return {
        "clips": len(told),
        "right_action": right,
        "right_action_bar": ACTION_BAR,
        "right_action_met": right >= ACTION_BAR,
        "whole_clip_right": _share(
            [clip.named == clip.actions and not clip.invented for clip in told]
        ),
        "invented_actions": round(sum(clip.invented for clip in told) / max(said, 1), 4),
        "right_side": side,
        "right_side_bar": SIDE_BAR,
        "right_side_met": side >= SIDE_BAR,
        "clips_with_a_side": sided,
        "side_told": round(len(with_side) / max(sided, 1), 4),
        "right_action_by_chance": _named(by_chance),
        "right_action_in_own_captions": _named(own),
        "captions": [clip.text for clip in told],
    }


def caption_table(result: dict) -> str:
    """One line per figure."""

    def bar(name: str) -> str:
        return f"bar {result[f'{name}_bar']:.0%} {'met' if result[f'{name}_met'] else 'missed'}"

    told = f"{result['side_told']:.0%} of {result['clips_with_a_side']} one-sided clips"
    rows = (
        ("right action", "right_action", bar("right_action")),
        ("right side", "right_side", f"{bar('right_side')}; told in {told}"),
        ("whole clip right", "whole_clip_right", ""),
        ("actions invented", "invented_actions", ""),
        ("another clip's caption", "right_action_by_chance", "right action"),
        ("the corpus' own caption", "right_action_in_own_captions", "right action"),
    )
    lines = [f"captions of {result['clips']} held-out clips of the grammar"]
    lines += [f"{name:<24}{result[key]:>7.1%}   {note}".rstrip() for name, key, note in rows]
    return "\n".join(lines)


def run_captions(describe: Describe, corpus: Path, clips: int = 150) -> dict:
    """Describe the first clips of a corpus whose seed no training used; print and return figures.

    Raises LimberError where there is no corpus.
    """
    told, rows = [], []
    for motion, row in read_corpus(corpus):
        if len(rows) == clips:
            break
        if any(_READ_AS.get(action["verb"], True) for action in row["actions"]):
            rows.append(row)
            told.append(compare(row["actions"], describe(motion)))
    other = told[1:] + told[:1]
    chance = [compare(row["actions"], one.text) for row, one in zip(rows, other)]
    own = [compare(row["actions"], row["captions"][0]) for row in rows]
    result = caption_report(told, chance, own)
    print(caption_table(result))
    return result


def _true_sides(actions: Sequence[dict]) -> set[str]:
    """The sides of limbs and ways in a clip's actions."""
    return {action.get(key) for action in actions for key in ("side", "direction")} & SIDES


def _told_sides(text: str) -> set[str]:
    """Of limbs and of ways: "in a circle to the left" is not said of a limb."""
    return {word.removesuffix("s").removesuffix("ward") for word in words_of(text)} & SIDES


def _named(told: Iterable[Told]) -> float:
    told = list(told)
    total = sum(clip.actions for clip in told)
    return round(sum(clip.named for clip in told) / max(total, 1), 4)


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), 4) if flags else 0.0

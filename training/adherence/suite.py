"""The suite: every prompt with every seed through the public door, judged and tallied."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from motion_engine.command import Command
from motion_engine.motion import Motion
from training.adherence.predicates import holds
from training.adherence.prompts import GROUPS, HALVES, Prompt
from training.quality import Quality, mean_quality, measure

Generate = Callable[[Sequence[Command]], Sequence[Motion]]
CLIPS_AT_ONCE = 24


@dataclass(frozen=True)
class Verdict:
    """``does_it``: the clip does what its prompt says. ``does_another``: it also does what a
    prompt of another group says, which tells what chance is worth."""

    prompt: Prompt
    seed: int
    does_it: bool
    does_another: bool
    quality: Quality


@dataclass(frozen=True)
class Tally:
    """``passed`` of ``clips``."""

    passed: int
    clips: int

    @property
    def share(self) -> float:
        return self.passed / self.clips if self.clips else 0.0


def judge(
    generate: Generate,
    prompts: Sequence[Prompt],
    seeds: int,
    progress: Callable[[int], object] = lambda clips: None,
) -> list[Verdict]:
    """Generate ``seeds`` clips of every prompt and judge them; ``progress`` hears of clips made."""
    takes = [
        (prompt, other, seed)
        for prompt, other in zip(prompts, _others(prompts))
        for seed in range(seeds)
    ]
    verdicts = []
    for first in range(0, len(takes), CLIPS_AT_ONCE):
        batch = takes[first : first + CLIPS_AT_ONCE]
        motions = generate([Command(p.text, seconds=p.seconds, seed=seed) for p, _, seed in batch])
        verdicts += [_verdict(*take, motion) for take, motion in zip(batch, motions)]
        progress(len(batch))
    return verdicts


def _verdict(prompt: Prompt, other: Prompt, seed: int, motion: Motion) -> Verdict:
    does_it, does_another = holds(prompt.predicate, motion), holds(other.predicate, motion)
    return Verdict(prompt, seed, does_it, does_another, measure(motion))


def check_clips(clips: Iterable[tuple[dict, Motion]]) -> Tally:
    """How many motions do what the predicate beside them claims."""
    results = [holds(predicate, motion) for predicate, motion in clips]
    return Tally(sum(results), len(results))


def tally(verdicts: Iterable[Verdict], half: str | None = None, group: str | None = None) -> Tally:
    """The tally of a half, a group, a group within a half, or of everything."""
    results = [
        verdict.does_it
        for verdict in verdicts
        if half in (None, verdict.prompt.half) and group in (None, verdict.prompt.group)
    ]
    return Tally(sum(results), len(results))


def report(verdicts: Sequence[Verdict], **about: object) -> dict:
    """Everything that was measured, as plain JSON values."""
    quality = mean_quality((v.quality, v.prompt.seconds) for v in verdicts)
    chance = sum(verdict.does_another for verdict in verdicts)
    return {
        **about,
        "all": _plain(tally(verdicts)),
        "chance": _plain(Tally(chance, len(verdicts))),
        "halves": {half: _plain(tally(verdicts, half)) for half in HALVES},
        "groups": {
            group: {half: _plain(tally(verdicts, half, group)) for half in HALVES}
            for group in GROUPS
        },
        "quality": {"generated": asdict(quality) if quality else None},
        "prompts": [
            {
                "text": prompt.text,
                "half": prompt.half,
                "group": prompt.group,
                "passed": [v.does_it for v in verdicts if v.prompt is prompt],
            }
            for prompt in {id(v.prompt): v.prompt for v in verdicts}.values()
        ],
    }


def table(verdicts: Sequence[Verdict]) -> str:
    """Success by group and half, the way it is printed."""
    lines = [f"{'':<14}{'seen':>14}{'unseen':>14}"]
    for name, group in [*((group, group) for group in GROUPS), ("all", None)]:
        cells = (_cell(tally(verdicts, half, group)) for half in HALVES)
        lines.append(f"{name:<14}" + "".join(f"{cell:>14}" for cell in cells))
    chance = sum(verdict.does_another for verdict in verdicts) / max(len(verdicts), 1)
    lines.append(f"A clip satisfies a prompt of another group by chance: {chance:.0%}")
    return "\n".join(lines)


def _others(prompts: Sequence[Prompt]) -> list[Prompt]:
    """For every prompt one of another group, always the same."""
    others = []
    for index, prompt in enumerate(prompts):
        candidates = [prompts[(index + 31 * k) % len(prompts)] for k in range(1, len(prompts) + 1)]
        others.append(next((c for c in candidates if c.group != prompt.group), prompt))
    return others


def _plain(result: Tally) -> dict:
    return {**asdict(result), "share": round(result.share, 4)}


def _cell(result: Tally) -> str:
    if not result.clips:
        return "-"
    return f"{result.share:.0%} ({result.passed}/{result.clips})"

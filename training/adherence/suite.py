"""The suite: every prompt with every seed through the public door, judged and tallied."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from motion_engine.generation.directed import Direction
from motion_engine.motion import Motion
from training.adherence.bars import bar_results
from training.adherence.isolation import isolation_m
from training.adherence.measurements import Kinematics
from training.adherence.moods import shows_mood
from training.adherence.predicates import holds
from training.adherence.prompts import GROUPS, HALVES, Prompt
from training.quality import Quality, mean_quality, measure

Generate = Callable[[Sequence[Direction]], Sequence[Motion]]
CLIPS_AT_ONCE = 24


@dataclass(frozen=True)
class Verdict:
    """``does_it``: the clip does what its prompt says. ``does_another``: it also does what a
    prompt of another group says, which tells what chance is worth; None where there is no other
    group. ``strayed_m``: how far parts that were told to be still strayed, None where none were."""

    prompt: Prompt
    seed: int
    does_it: bool
    does_another: bool | None
    quality: Quality
    strayed_m: float | None = None


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
    # Clips made at once last as long as the longest of them.
    takes.sort(key=lambda take: take[0].seconds)
    found: dict[tuple[int, int], Verdict] = {}
    for first in range(0, len(takes), CLIPS_AT_ONCE):
        batch = takes[first : first + CLIPS_AT_ONCE]
        motions = generate([prompt.direction(seed) for prompt, _, seed in batch])
        moody = [(prompt, seed) for prompt, _, seed in batch if prompt.mood]
        neutral = iter(generate([p.neutral_direction(seed) for p, seed in moody]) if moody else ())
        for (prompt, other, seed), motion in zip(batch, motions):
            plain = next(neutral) if prompt.mood else None
            found[id(prompt), seed] = _verdict(prompt, other, seed, motion, plain)
        progress(len(batch))
    return [found[id(prompt), seed] for prompt in prompts for seed in range(seeds)]


def _verdict(
    prompt: Prompt, other: Prompt | None, seed: int, motion: Motion, neutral: Motion | None
) -> Verdict:
    clip = Kinematics.of(motion)
    does_it = holds(prompt.predicate, clip)
    does_another = holds(other.predicate, clip) if other else None
    if neutral is not None:
        does_it = does_it and shows_mood(prompt.mood, clip, Kinematics.of(neutral))
    strayed = isolation_m(motion, prompt.parts) if prompt.rest_still else None
    return Verdict(prompt, seed, does_it, does_another, measure(motion), strayed)


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


def chance(verdicts: Iterable[Verdict]) -> Tally:
    """How many clips do what a prompt of another group asks."""
    results = [v.does_another for v in verdicts if v.does_another is not None]
    return Tally(sum(results), len(results))


def strays(verdicts: Iterable[Verdict]) -> dict[str, list[float]]:
    """How far still parts strayed in metres, clip by clip, by the parts that were commanded."""
    found: dict[str, list[float]] = {}
    for verdict in verdicts:
        if verdict.strayed_m is not None:
            found.setdefault(", ".join(verdict.prompt.parts), []).append(verdict.strayed_m)
    return found


def report(verdicts: Sequence[Verdict], **about: object) -> dict:
    """Everything that was measured, as plain JSON values."""
    quality = mean_quality((v.quality, v.prompt.seconds) for v in verdicts)
    passed: dict[int, list[bool]] = {}
    for verdict in verdicts:
        passed.setdefault(id(verdict.prompt), []).append(verdict.does_it)
    prompts = {id(verdict.prompt): verdict.prompt for verdict in verdicts}
    return {
        **about,
        "all": _plain(tally(verdicts)),
        "chance": _plain(chance(verdicts)),
        "bars": bar_results((v.prompt, v.does_it) for v in verdicts),
        "halves": {half: _plain(tally(verdicts, half)) for half in HALVES},
        "groups": {
            group: {half: _plain(tally(verdicts, half, group)) for half in HALVES}
            for group in GROUPS
        },
        "isolation_m": {
            part: [round(m, 4) for m in values] for part, values in strays(verdicts).items()
        },
        "quality": {"generated": asdict(quality) if quality else None},
        "prompts": [
            {"text": prompt.name, "half": prompt.half, "group": prompt.group,
             "passed": passed[key]}
            for key, prompt in prompts.items()
        ],
    }  # fmt: skip


def table(verdicts: Sequence[Verdict]) -> str:
    """Success by group and half, the way it is printed."""
    lines = [f"{'':<14}{'seen':>14}{'unseen':>14}"]
    for name, group in [*((group, group) for group in GROUPS), ("all", None)]:
        cells = (_cell(tally(verdicts, half, group)) for half in HALVES)
        lines.append(f"{name:<14}" + "".join(f"{cell:>14}" for cell in cells))
    by_chance = chance(verdicts)
    if by_chance.clips:
        share = f"{by_chance.share:.0%}"
        lines.append(f"A clip satisfies a prompt of another group by chance: {share}")
    return "\n".join(lines)


def _others(prompts: Sequence[Prompt]) -> list[Prompt | None]:
    """For every prompt one of another group that its predicate alone judges, always the same; None
    where there is none."""
    others = []
    for index, prompt in enumerate(prompts):
        candidates = [prompts[(index + 31 * k) % len(prompts)] for k in range(1, len(prompts) + 1)]
        apart = (c for c in candidates if c.group != prompt.group and not c.mood)
        others.append(next(apart, None))
    return others


def _plain(result: Tally) -> dict:
    return {**asdict(result), "share": round(result.share, 4)}


def _cell(result: Tally) -> str:
    if not result.clips:
        return "-"
    return f"{result.share:.0%} ({result.passed}/{result.clips})"

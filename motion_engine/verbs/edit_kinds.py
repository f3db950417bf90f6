"""What `limber edit` can do to a clip: each kind of change reads its options and returns takes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import LimberError
from .generate import key_of, pins_of
from .shared import check_source, load_model, progress_bar, sampling_of
from .values import named_texts, time_range

DEFAULT_SECONDS = 3.0
LONGEST_SECONDS = 50.0
LONGEST_STRETCH_SECONDS = 58.0
"""What the model makes at once, less what it hears before and behind."""
PICTURE_PX = (190, 260)
"""Of each pose in a picture of an edit: the clip's in one row, the take's in another."""


@dataclass(frozen=True)
class Edit:
    """A take; ``keep`` writes files of the clip's own kind with all that they came with."""

    motion: object
    keep: Callable[[Path], bool] | None = None
    title: str = ""


def parts_anew(options: argparse.Namespace, clip) -> list[Edit]:
    """`--part right_arm="wave" --range 1:3`"""
    from ..generation.part_edit import edit_parts, text_of_parts
    from ..motion import ENGINE_FPS
    from ..parts import resolve_parts

    texts = named_texts("--part", options.part, 'PART="what it does"')
    parts = resolve_parts(list(texts))
    region, first, end = _stretch(options, clip, parts)
    if end - first > LONGEST_STRETCH_SECONDS * ENGINE_FPS:
        raise LimberError(
            f"{(end - first) / ENGINE_FPS:.1f} s are too long to be made at once; give a --range of "
            f"at most {LONGEST_STRETCH_SECONDS:g} s, one after the other"
        )
    clip.check(region)
    text = text_of_parts(texts)
    commands, engine = _commands(options, text), clip.at_engine_rate
    model = load_model(options)
    with progress_bar("editing") as progress:
        takes = edit_parts(engine, parts, commands, model, first, end, progress)
    return [_kept(clip, clip.edited(take, region), region, text) for take in takes]


def stretch_anew(options: argparse.Namespace, clip) -> list[Edit]:
    """`--redo "jumps" --range 2:4`"""
    from ..edit.joining import concatenated
    from ..generation.stretching import new_stretches
    from ..parts import DEFAULT_PARTS

    region, first, end = _stretch(options, clip, tuple(part.name for part in DEFAULT_PARTS))
    engine, commands = clip.at_engine_rate, _commands(options, options.redo)
    if first == 0 and end == engine.frames:
        raise LimberError("--redo changes a stretch: give --range, or generate a new clip")
    before = engine.cut(0, first) if first else None
    after = engine.cut(end, engine.frames) if end < engine.frames else None
    model = load_model(options)
    with progress_bar("editing") as progress:
        gaps = new_stretches(before, after, end - first, commands, model, progress)
    wholes = [concatenated(*(m for m in (before, gap, after) if m is not None)) for gap in gaps]
    return [_kept(clip, clip.edited(whole, region), region, options.redo) for whole in wholes]


def _stretch(options: argparse.Namespace, clip, parts: tuple[str, ...]):
    """The region of `--range` that is made anew, its first frame at 30 fps and the one behind."""
    from ..finish.region import edited_region
    from ..generation.part_edit import frames_of

    start, stop = time_range("--range", options.range or ":")
    region = edited_region(parts, start, stop, clip.motion.frames, clip.motion.fps)
    first, end = frames_of(start, stop, clip.at_engine_rate)
    return region, first, end


def longer(options: argparse.Namespace, clip) -> list[Edit]:
    """`--continue "sits down" --seconds 3`, `--before "walks up"`, `--then b.npz`"""
    from ..edit.curves import resampled
    from ..edit.joining import stitched
    from ..finish.clip import read_clip

    if options.before and (options.continue_ or options.then):
        raise LimberError("--before stands alone: add what comes after in a second edit")
    other = None
    if options.then:
        check_source(options.then)
        other = read_clip(options.then).motion
        frames = round((other.frames - 1) / other.fps * clip.motion.fps) + 1
        other = resampled(other, clip.motion.fps, frames)
    if not (options.continue_ or options.before):
        if options.seconds is not None:
            raise LimberError(
                "--seconds goes with --continue TEXT: what lies between, and how long"
            )
        if other.frames < 2:
            raise LimberError(f"{options.then} is a single frame; say --continue TEXT to get there")
        return [_within(clip, stitched(clip.motion, other), 0)]
    seconds = DEFAULT_SECONDS if options.seconds is None else options.seconds
    if not 0.2 <= seconds <= LONGEST_SECONDS:
        raise LimberError(f"--seconds is {seconds:g}; choose 0.2 to {LONGEST_SECONDS:g}")
    return _with_new_frames(options, clip, other, seconds)


def _with_new_frames(options: argparse.Namespace, clip, other, seconds: float) -> list[Edit]:
    from ..edit.joining import concatenated
    from ..generation.bridging import at_own_rate, bridges, ending, opening
    from ..motion import ENGINE_FPS

    text = options.continue_ or options.before
    commands, own = _commands(options, text), clip.motion
    before, after = (None, own) if options.before else (own, other)
    head, tail = before and ending(before), after and opening(after)
    model = load_model(options)
    with progress_bar("generating") as progress:
        gaps = bridges(head, tail, round(seconds * ENGINE_FPS), commands, model, progress)
    edits = []
    for gap in gaps:
        new = at_own_rate(gap, head, tail, own.fps, round(seconds * own.fps))
        whole = concatenated(*(m for m in (before, new, after) if m is not None))
        edits.append(_within(clip, whole, new.frames if options.before else 0, text))
    return edits


def parts_of_others(options: argparse.Namespace, clip) -> list[Edit]:
    """`--take left_arm=b.npz --weight 0.5 --range 1:3`"""
    from ..edit.curves import resampled
    from ..finish.clip import read_clip
    from ..finish.region import changed_region, edited_region, spliced
    from ..parts import resolve_parts

    weight = 1.0 if options.weight is None else options.weight
    if not 0.0 < weight <= 1.0:
        raise LimberError(f"--weight is {weight:g}; choose a number above 0, up to 1")
    motion, regions = clip.motion, []
    start, stop = time_range("--range", options.range or ":")
    for name, file in named_texts("--take", options.take, "PART=CLIP").items():
        check_source(Path(file))
        other = read_clip(Path(file)).motion
        if (other.frames - 1) / other.fps < (motion.frames - 1) / motion.fps - 1.0 / 30.0:
            raise LimberError(
                f"{file} lasts {other.seconds:.2f} s, shorter than the clip; give a longer one"
            )
        parts = resolve_parts([name])
        region = edited_region(parts, start, stop, motion.frames, motion.fps)
        clip.check(region)
        region = replace(region, weights=weight * region.weights)
        regions.append((region, resampled(other, motion.fps, motion.frames)))
    blended = motion
    for region, other in regions:
        blended = spliced(blended, other, region)
    return [_kept(clip, blended, changed_region(motion, blended))]


def held_to(options: argparse.Namespace, clip) -> list[Edit]:
    """`--pin left_hand=1:2@0.3,-0.4,1.2`, `--look-at 0:2@1,-2,1.5`, `--key 2.5=b.npz@1.2`"""
    from ..finish.keys import key_frames, through_keys
    from ..finish.pins import pinned
    from ..finish.region import changed_region

    keys, pins = [key_of(given) for given in options.key], pins_of(options)
    key_frames(keys, clip.motion.frames, clip.motion.fps)
    edited = pinned(through_keys(clip.motion, keys), pins)
    edited = through_keys(edited, keys) if keys and pins else edited
    region = changed_region(clip.motion, edited)
    clip.check(region)
    return [_kept(clip, edited, region)]


def faster(options: argparse.Namespace, clip) -> list[Edit]:
    """`--speed 1.5 --range 1:3`, `--length 4`"""
    from ..edit.retiming import LONGEST_EASE_SECONDS, TimeWarp, ease_of, warped

    motion = clip.motion
    start, stop = time_range("--range", options.range or ":")
    end = (motion.frames - 1) / motion.fps
    first, last = (0.0 if start is None else start), (end if stop is None else stop)
    if not 0.0 <= first < last <= motion.seconds + 1e-6:
        raise LimberError(
            f"the range {first:g}:{last:g} does not lie in the clip; it lasts {end:.2f} seconds."
        )
    last = min(last, end)
    is_whole = first == 0.0 and last == end
    ease = 0.0 if is_whole else ease_of(last - first, LONGEST_EASE_SECONDS)
    if options.length is not None:
        if options.speed is not None:
            raise LimberError("--length and --speed both tell the pace: give one of them")
        length = options.length - (1.0 / motion.fps if is_whole else 0.0)
        return [Edit(warped(motion, TimeWarp.to_length(first, last, length, ease)))]
    return [Edit(warped(motion, TimeWarp.at_speed(first, last, options.speed, ease)))]


def styled(options: argparse.Namespace, clip) -> list[Edit]:
    """`--energy 1.5`, `--mood sad`"""
    from ..edit.style import Style
    from ..finish.region import changed_region

    energy = 1.0 if options.energy is None else options.energy
    edited = Style(options.mood, energy).shown(clip.motion)
    return [_kept(clip, edited, changed_region(clip.motion, edited))]


def mirrored(options: argparse.Namespace, clip) -> list[Edit]:
    """`--mirror`"""
    from ..motion import mirror

    return [Edit(mirror(clip.motion))]


def made_loop(options: argparse.Namespace, clip) -> list[Edit]:
    """`--loop in_place --seconds 2`; without --seconds as long as closes best"""
    from ..edit.looping import best_loop_frames, cycle_at_rate, looped
    from ..motion import ENGINE_FPS

    engine, seconds = clip.at_engine_rate, options.seconds
    frames = best_loop_frames(engine) if seconds is None else round(seconds * ENGINE_FPS)
    cycle = looped(engine, frames, options.loop == "in_place")
    return [Edit(cycle_at_rate(cycle, clip.motion.fps))]


def _commands(options: argparse.Namespace, text: str) -> list:
    from ..command import Command

    return [
        Command(text, seed=options.seed, variation=take, **sampling_of(options))
        for take in range(options.variations)
    ]


def _kept(clip, motion, region, title: str = "") -> Edit:
    """A take as long as the clip: files of the clip's kind keep all that it has, and pictures show
    it above the take."""

    def keep(path: Path) -> bool:
        if path.suffix.lower() == ".png":
            _picture(path, clip, motion, title)
            return True
        if path.suffix.lower() != clip.path.suffix.lower():
            return False
        clip.write(motion, region, path)
        return True

    return Edit(motion, keep, title)


def _picture(path: Path, clip, motion, title: str) -> None:
    from ..drawing.contact_sheet import write_contact_grid

    rows = [(clip.path.stem, clip.motion), (title or "edited", motion)]
    write_contact_grid(rows, path, panel_size=PICTURE_PX)


def _within(clip, motion, first: int, title: str = "") -> Edit:
    """The clip as frames ``first`` and following of a longer motion."""

    def keep(path: Path) -> bool:
        if path.suffix.lower() != ".npz" or clip.path.suffix.lower() != ".npz":
            return False
        clip.write_within(motion, first, path)
        return True

    return Edit(motion, keep, title)

"""One contact sheet for every family of the corpus, to be looked at before training on it."""

from collections.abc import Iterable
from pathlib import Path

from motion_engine.drawing.contact_sheet import write_contact_sheet

from .corpus_clip import CorpusClip

POSES = 12


def family_of(clip: CorpusClip) -> str | None:
    """The verb of a clip that shows one action, or its mood; None for clips of several."""
    if clip.script.mood:
        return f"mood_{clip.script.mood}"
    placements = clip.script.placements
    return placements[0].description.verb if len(placements) == 1 else None


def write_sheets(clips: Iterable[CorpusClip], folder: Path) -> list[str]:
    """``FAMILY.png`` of the first clip of every family, cut to the action; returns the families."""
    folder.mkdir(parents=True, exist_ok=True)
    shown: list[str] = []
    for clip in clips:
        family = family_of(clip)
        if family is None or family in shown:
            continue
        shown.append(family)
        first, last = clip.script.placements[0], clip.script.placements[-1]
        action = clip.motion.cut(first.start, min(last.stop, clip.motion.frames))
        title = f"{family}, clip {clip.index}: {clip.captions[0]}"
        write_contact_sheet(action, folder / f"{family}.png", title, poses=POSES, columns=POSES)
    return shown

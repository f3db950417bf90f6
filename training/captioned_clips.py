"""Clips with captions for the token model: real clips in windows, and the procedural corpus."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from motion_engine.motion import ENGINE_FPS, Motion, mirror

from .corpus_store import read_corpus

REAL_CAPTIONS = Path(__file__).with_name("real_captions.json")
LONGEST_WINDOW_SECONDS = 8.0
SHORTEST_WINDOW_SECONDS = 1.0


@dataclass(frozen=True)
class CaptionedClip:
    """A motion, captions that are true of it, ``part_captions`` ("left arm: wave") and its
    ``actions`` where they are known: rows of the corpus with ``verb``, ``start`` and ``stop``
    frames and what is said of them."""

    motion: Motion
    captions: list[str]
    part_captions: list[str]
    actions: list[dict]


def captions_of(clip: str, description: str) -> list[str]:
    """Our own captions of a real clip, true of every part of it; none where nobody wrote any."""
    for entry in json.loads(REAL_CAPTIONS.read_text(encoding="utf-8")):
        if fnmatch(clip, entry["clips"]) and fnmatch(description, entry["description"]):
            return entry["captions"]
    return []


def real_clips(folder: Path) -> Iterator[CaptionedClip]:
    """Captioned real clips that are not held out, cut into windows, each also mirrored.

    The captions name no side, so they hold for the mirror image; those that do are left alone.
    """
    for entry in json.loads((folder / "index.json").read_text(encoding="utf-8")):
        captions = captions_of(entry["clip"], entry["description"])
        if entry["held_out"] or not captions:
            continue
        sided = any(word in " ".join(captions).split() for word in ("left", "right"))
        for window in windows(Motion.load(folder / f"{entry['clip']}.npz")):
            yield CaptionedClip(window, captions, [], [])
            if not sided:
                yield CaptionedClip(mirror(window), captions, [], [])


def captioned_clips(mocap: Path, corpus: Path) -> Iterator[CaptionedClip]:
    """All that the token model learns from: real windows, then the procedural corpus."""
    yield from real_clips(mocap)
    for motion, row in read_corpus(corpus):
        yield CaptionedClip(motion, row["captions"], row["part_captions"], row["actions"])


def windows(motion: Motion) -> Iterator[Motion]:
    """Even cuts of at most LONGEST_WINDOW_SECONDS; clips that are too short are left out."""
    longest = int(LONGEST_WINDOW_SECONDS * ENGINE_FPS)
    if motion.seconds < SHORTEST_WINDOW_SECONDS:
        return
    pieces = -(-motion.frames // longest)
    edges = [round(motion.frames * i / pieces) for i in range(pieces + 1)]
    for start, stop in itertools.pairwise(edges):
        yield motion.cut(start, stop)

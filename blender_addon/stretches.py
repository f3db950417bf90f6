"""What happens when: the stretches of a scene's timeline, read from its markers or from strips."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise

import bpy

from motion_engine.errors import LimberError
from motion_engine.generation.timeline import LONGEST_TIMELINE_SECONDS, SHORTEST_BEAT_SECONDS

from .action import scene_fps
from .request import chosen_armature

TRACK = "Prompts"
END = "end"
_STORED = "timeline"
# What Blender calls a marker or a strip that nobody has named yet.
_UNNAMED = re.compile(r"F_-?\d+|NlaStrip|Action Clip|")
_NUMBER = re.compile(r"\.\d{3,}$")


@dataclass(frozen=True)
class Stretch:
    """Frames of the scene from ``first`` up to, but without, ``stop``, in which ``text`` happens."""

    text: str
    first: int
    stop: int

    @property
    def last(self) -> int:
        return self.stop - 1

    def is_at(self, frame: int) -> bool:
        """Whether it is under the playhead there."""
        return self.first <= frame < self.stop

    @property
    def quoted(self) -> str:
        return f"“{self.text}”"


def planned(context) -> tuple[Stretch, ...]:
    """The stretches that the scene asks for, without gaps; LimberError where they cannot be made."""
    asked = context.scene.limber_timeline
    if asked.source == "MARKERS":
        found = of_markers(context.scene)
    else:
        found = of_strips(chosen_armature(context))
    shortest = SHORTEST_BEAT_SECONDS * scene_fps()
    stretches = without_gaps(found, asked.idle, shortest)
    _check_lengths(stretches, shortest)
    return stretches


def of_markers(scene: bpy.types.Scene) -> list[Stretch]:
    """A prompt holds from its marker to the next one; one that is called "end" begins nothing. The
    last one holds to the end of the scene's range. Markers that bind cameras do not count."""
    markers = sorted((m for m in scene.timeline_markers if m.camera is None), key=_frame_of)
    if not markers:
        raise LimberError(
            "The scene has no marker: move to a frame, type a prompt and press Add Prompt Here."
        )
    for marker, other in pairwise(markers):
        if marker.frame == other.frame:
            raise LimberError(
                f"The markers “{marker.name}” and “{other.name}” stand both at frame "
                f"{marker.frame}; move one of them."
            )
    scene_end = scene.frame_preview_end if scene.use_preview_range else scene.frame_end
    stops = [marker.frame for marker in markers[1:]] + [scene_end + 1]
    if len(markers) > 1 and is_end(markers[-1].name):
        stops[-2] += 1  # the last frame of all is that of its end
    found = []
    for marker, stop in zip(markers, stops):
        if is_end(marker.name):
            continue
        check_named(marker.name, f"marker at frame {marker.frame}")
        if stop <= marker.frame:
            raise LimberError(
                f"The scene ends at frame {scene_end}, “{marker.name}” begins at {marker.frame}; "
                f"move the scene's end, or put a marker named {END} behind it."
            )
        found.append(Stretch(marker.name.strip(), marker.frame, stop))
    if not found:
        raise LimberError(f"All markers are called {END}; name one by what happens there.")
    return found


def of_strips(armature: bpy.types.Object | None) -> list[Stretch]:
    """The strips of the tracks that are named "Prompts", each with its own end."""
    if armature is None:
        raise LimberError("Select the character whose strips carry the prompts first.")
    strips = sorted(prompt_strips(armature), key=lambda strip: strip.frame_start)
    if not strips:
        raise LimberError(
            f"{armature.name} has no strip in a track named {TRACK}: type a prompt and press "
            "Add Prompt Here."
        )
    found = []
    for strip in strips:
        text = strip_text(strip)
        check_named(text, f"strip at frame {strip.frame_start:g}")
        found.append(Stretch(text, round(strip.frame_start), round(strip.frame_end)))
    for one, other in pairwise(found):
        if other.first < one.stop:
            raise LimberError(
                f"The strips {one.quoted} ({one.first} to {one.stop}) and {other.quoted} "
                f"({other.first} to {other.stop}) overlap; move or shorten one of them."
            )
    end = found[-1]
    return [*found[:-1], Stretch(end.text, end.first, end.stop + 1)]


def prompt_tracks(armature: bpy.types.Object) -> list[bpy.types.NlaTrack]:
    animation = armature.animation_data
    tracks = animation.nla_tracks if animation is not None else ()
    return [track for track in tracks if track.name.split(".")[0] == TRACK]


def prompt_strips(armature: bpy.types.Object) -> list[bpy.types.NlaStrip]:
    """Those that are not muted."""
    return [s for track in prompt_tracks(armature) for s in track.strips if not s.mute]


def strip_text(strip: bpy.types.NlaStrip) -> str:
    """Its name, without the number by which Blender tells it from another of that name; where that
    was too short for the prompt, what its Action says, until it is renamed."""
    whole = strip.action.get("prompt", "") if strip.action is not None else ""
    name = _NUMBER.sub("", strip.name.strip())
    return whole if isinstance(whole, str) and name and whole.startswith(name) else name


def is_end(name: str) -> bool:
    return name.strip().lower() == END


def check_named(name: str, what: str) -> None:
    """LimberError for the name that Blender gives by itself."""
    if _UNNAMED.fullmatch(name.strip()):
        raise LimberError(f"The {what} has no text; name it by what happens there.")


def without_gaps(found: list[Stretch], idle: str, shortest: float) -> tuple[Stretch, ...]:
    """What lies between two stretches is idle, or, where it is too short, belongs to the first."""
    filled: list[Stretch] = []
    for stretch in found:
        gap = stretch.first - filled[-1].stop if filled else 0
        if 0 < gap < shortest:
            filled[-1] = Stretch(filled[-1].text, filled[-1].first, stretch.first)
        elif gap:
            filled.append(Stretch(idle, filled[-1].stop, stretch.first))
        filled.append(stretch)
    return tuple(filled)


def _check_lengths(stretches: tuple[Stretch, ...], shortest: float) -> None:
    for stretch in stretches:
        if stretch.stop - stretch.first < shortest:
            raise LimberError(
                f"{stretch.quoted} has {stretch.stop - stretch.first} frames from frame "
                f"{stretch.first} on, less than a step; give it {shortest:.0f} or more."
            )
    seconds = (stretches[-1].stop - stretches[0].first) / scene_fps()
    if seconds > LONGEST_TIMELINE_SECONDS:
        raise LimberError(
            f"The timeline lasts {seconds:.1f} seconds; the most are "
            f"{LONGEST_TIMELINE_SECONDS:g}. Make it in two parts."
        )


def store_stretches(action: bpy.types.Action, stretches: tuple[Stretch, ...]) -> None:
    """Note in an Action what happens when, as JSON that artists can read."""
    rows = [[stretch.first, stretch.stop, stretch.text] for stretch in stretches]
    action[_STORED] = json.dumps(rows, ensure_ascii=False)


def stored_stretches(action: bpy.types.Action) -> tuple[Stretch, ...]:
    """What :func:`store_stretches` noted; empty for an Action that is no timeline."""
    rows = json.loads(action.get(_STORED, "[]"))
    return tuple(Stretch(text, int(first), int(stop)) for first, stop, text in rows)


def _frame_of(marker: bpy.types.TimelineMarker) -> int:
    return marker.frame

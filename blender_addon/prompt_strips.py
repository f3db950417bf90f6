"""Strips of the NLA editor that carry prompts: empty Actions, which move nothing."""

from __future__ import annotations

import bpy

from motion_engine.command import LONGEST_SECONDS

from .action import LONGEST_NAME, new_action, scene_fps
from .stretches import TRACK, prompt_tracks


def place_strip(scene: bpy.types.Scene, armature: bpy.types.Object, prompt: str) -> None:
    """A strip for the prompt from the present frame on, as long as the panel's seconds or until the
    next strip. One that begins here is exchanged; one that runs across is cut short."""
    track = _track(armature)
    first = scene.frame_current
    stop = first + max(1, round(min(scene.limber.seconds, LONGEST_SECONDS) * scene_fps()))
    for strip in sorted(track.strips, key=lambda strip: strip.frame_start):
        if strip.frame_start >= first + 1:
            stop = min(stop, round(strip.frame_start))
        elif strip.frame_start >= first:
            stop = round(strip.frame_end)
            track.strips.remove(strip)
        elif strip.frame_end > first:
            strip.frame_end = first
    strip = track.strips.new(prompt[:LONGEST_NAME], first, _blank(prompt, stop - first))
    strip.name = prompt[:LONGEST_NAME]
    strip.frame_end = stop


def _track(armature: bpy.types.Object) -> bpy.types.NlaTrack:
    """The first track for prompts, made where there is none."""
    found = prompt_tracks(armature)
    if found:
        return found[0]
    track = armature.animation_data_create().nla_tracks.new()
    track.name = TRACK
    return track


def _blank(prompt: str, frames: int) -> bpy.types.Action:
    """An Action without keys that is so long; it holds the whole prompt, however long."""
    action = new_action("Limber Prompt")
    action["prompt"] = prompt
    action.use_frame_range = True
    action.frame_start, action.frame_end = 0.0, float(frames)
    return action

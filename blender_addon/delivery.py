"""Generated Actions handed on: as a strip of the NLA editor, as an asset with a picture."""

from __future__ import annotations

import bpy
import numpy as np

from motion_engine.version import VERSION

from .action import played_slot
from .armature import read_mapping
from .rig_reading import read_animation
from .thumbnail import SIZE, picture_of

_SHOWN = (0.1, 0.5, 0.9)


def push_to_nla(armature: bpy.types.Object) -> bpy.types.NlaStrip:
    """What the armature plays, as a strip of a new track above the others."""
    animation, slot = armature.animation_data, played_slot(armature)
    action = animation.action
    track = animation.nla_tracks.new()
    track.name = action.name
    strip = track.strips.new(action.name, int(action.frame_range[0]), action)
    if slot:
        strip.action_slot = action.slots[slot]
    strip.influence = 1.0  # some versions begin with a shown value of 0
    strip.extrapolation = "HOLD_FORWARD"
    animation.action = None
    return strip


def mark_as_asset(action: bpy.types.Action, armature: bpy.types.Object) -> None:
    """Prompt as description, tags, and a picture of three moments of the played motion."""
    first, last = action.frame_range
    mapping = read_mapping(armature)
    frames = [round(first + share * (last - first)) for share in _SHOWN]
    poses = [read_animation(armature, frame, frame, mapping) for frame in frames]
    action.asset_mark()
    about = action.asset_data
    about.description = action.get("description") or action["prompt"]
    about.author = f"Limber {VERSION}"
    made = ("generated", f"seed {action['seed']}") if "seed" in action else ()
    for tag in ("Limber", *made):
        about.tags.new(tag, skip_if_exists=True)
    preview = action.preview_ensure()
    preview.image_size = (SIZE, SIZE)
    preview.image_pixels_float.foreach_set(np.ascontiguousarray(picture_of(poses)).ravel())

"""Changes of a whole Action, key by key, in a copy that becomes a take: mirrored, or retimed.

Nothing is read back from the rig and nothing is baked that need not be: an artist's few keys stay
few, whatever they move.
"""

from __future__ import annotations

from collections.abc import Callable

import bpy

from .action import curves_in, played_slot
from .edit_request import edited_armature
from .steps import Work, finished
from .takes import forget_origin, name_after, offer


def offer_changed(context, title: str, change: Callable[..., Work[None]]) -> str:
    """A copy of what the chosen character plays, with its curves changed by
    ``change(armature, curves)``, as a take; what was done, in words. LimberError where it plays
    nothing that can be edited; then nothing is left behind."""
    armature = edited_armature(context)
    source, slot = armature.animation_data.action, played_slot(armature)
    action = source.copy()
    try:
        action.name = name_after(source.name, f", {title}")
        forget_origin(action)
        finished(change(armature, curves_in(action, slot)))
    except BaseException:
        bpy.data.actions.remove(action)
        raise
    offer(armature, [action], context.scene, slot=slot)
    return f"{source.name} of {armature.name}: {title}"

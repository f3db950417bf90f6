"""What the parts of the panel would let the model plan, as far as their settings tell.

Cheap enough for panels that are drawn often: no rig is read, and no curve evaluated. All of them
raise LimberError for what cannot be made.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from motion_engine.command import LONGEST_SECONDS, Command
from motion_engine.generation.directed import SPARE_PATH, SPARE_START_SECONDS
from motion_engine.generation.generate import SHORTEST_OWN_LENGTH_SECONDS
from motion_engine.motion import ENGINE_FPS
from motion_engine.parts import resolve_parts

from .action import scene_fps
from .edit_request import edit_commands, playing_range
from .path_reading import path_seconds
from .preferences import Preferences
from .request import asked_command, chosen_armature
from .rig_action import curves_of
from .spoken_plan import Asked
from .stretches import Stretch


def generate_asked(context) -> Asked:
    """What Generate asks for."""
    return _in_style(context, asked_command(context))


def edit_asked(context) -> Asked | None:
    """What Edit Parts asks for; None where no part is chosen, or nothing played."""
    asked, armature = context.scene.limber_edit, chosen_armature(context)
    if not asked.parts or armature is None or not len(curves_of(armature)):
        return None
    first, last = (asked.first, asked.last) if asked.use_frames else playing_range(armature)
    frames = ceil((last - first) / scene_fps() * ENGINE_FPS) + 1
    command, *_ = edit_commands(context, asked.prompt, resolve_parts(sorted(asked.parts)))
    seconds = max(frames / ENGINE_FPS, SHORTEST_OWN_LENGTH_SECONDS)
    return Asked(_model(), replace(command, seconds=seconds))


def stretch_asked(context, stretch: Stretch) -> Asked:
    """What Generate Timeline asks for in one of its stretches."""
    pace = context.scene.limber_style.style.pace
    seconds = (stretch.stop - stretch.first) / scene_fps() * pace
    return Asked(_model(), _command(context, stretch.text, seconds), pace)


def directed_asked(context) -> Asked | None:
    """What Generate Directed asks for; None where key poses lead, between which little is said
    by the prompt. The times along a path are the path's."""
    scene, asked = context.scene, context.scene.limber_direction
    if asked.use_keys or not (asked.use_path or asked.use_pins):
        return None
    if not asked.use_path:
        seconds = (asked.last - asked.first + 1) / scene_fps()
        return _in_style(context, _command(context, scene.limber.prompt, seconds))
    seconds = min(path_seconds(scene) * SPARE_PATH + SPARE_START_SECONDS, LONGEST_SECONDS)
    on_the_way = _in_style(context, _command(context, scene.limber.prompt, seconds))
    return replace(on_the_way, is_timed=False)


def _command(context, text: str, seconds: float) -> Command:
    settings = context.scene.limber
    return Command(
        *(text, seconds, settings.seed),
        temperature=settings.temperature,
        guidance=settings.guidance,
    )


def _in_style(context, command: Command) -> Asked:
    style = context.scene.limber_style.style
    return Asked(_model(), style.asked(command), style.pace)


def _model() -> str:
    return Preferences.read().model.name

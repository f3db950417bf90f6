"""The model that this Blender keeps, and when its memory is given back."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import bpy
from bpy.app.handlers import persistent

from motion_engine.errors import LimberError
from motion_engine.models.model_folder import CONFIG_FILE, load_config, model_folder

from . import torch_loading
from .generation_job import WarmModel
from .preferences import Preferences

MODEL = WarmModel()
_LOOK_SECONDS = 20.0
_STARTED_SECONDS = 3.0


class LIMBER_OT_unload_model(bpy.types.Operator):
    """Free the memory that the model takes; the next motion loads it again, as the preferences say"""

    bl_idname = "limber.unload_model"
    bl_label = "Unload Model"

    @classmethod
    def poll(cls, context):
        if not MODEL.is_loaded:
            cls.poll_message_set("No model is loaded")
        return MODEL.is_loaded

    def execute(self, context):
        MODEL.unload()
        return {"FINISHED"}


def choose_model() -> None:
    """Take the model of the preferences, in the scene's quality, from the next use on."""
    choice, steps = Preferences.read().model, bpy.context.scene.limber.quality
    if steps and has_flow(choice.name):
        choice = replace(choice, flow_steps=steps)
    MODEL.choose(choice)
    torch_loading.load_torch_early(choice)


def has_flow(name: str) -> bool:
    """Whether a model refines its motion by a flow decoder; False for what is no model."""
    try:
        config = model_folder(name) / CONFIG_FILE
        return _tells_of_flow(config, config.stat().st_mtime)
    except (LimberError, OSError):
        return False


@lru_cache(maxsize=8)
def _tells_of_flow(config: Path, changed: float) -> bool:
    return "flow" in load_config(config.parent)["codec"]


def unload_if_idle() -> float:
    """Called by a timer; seconds until it is to be called again."""
    minutes = Preferences.read().idle_minutes
    if minutes and MODEL.is_loaded and MODEL.idle_seconds > 60.0 * minutes:
        MODEL.unload()
    return _LOOK_SECONDS


@persistent
def _before_render(*_) -> None:
    if Preferences.read().unload_before_render:
        MODEL.unload()


def register() -> None:
    bpy.utils.register_class(LIMBER_OT_unload_model)
    bpy.app.handlers.render_init.append(_before_render)
    bpy.app.timers.register(unload_if_idle, first_interval=_LOOK_SECONDS, persistent=True)
    bpy.app.timers.register(choose_model, first_interval=_STARTED_SECONDS, persistent=True)


def unregister() -> None:
    for timer in (unload_if_idle, choose_model):
        if bpy.app.timers.is_registered(timer):
            bpy.app.timers.unregister(timer)
    torch_loading.unregister()
    bpy.app.handlers.render_init.remove(_before_render)
    MODEL.unload()
    bpy.utils.unregister_class(LIMBER_OT_unload_model)

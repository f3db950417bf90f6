"""What holds for every file: which model, where it computes, and when its memory is freed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import util

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty

from motion_engine.models.precisions import PRECISIONS

from .generation_job import ModelChoice
from .torch_loading import load_torch_early

_PRECISION_NOTES = {
    "fp32": "Full precision",
    "bf16": "Half the memory",
    "int8": "A quarter of the memory",
    "nf4": "An eighth of the memory",
}
_PRECISIONS = [(name, name, _PRECISION_NOTES[name]) for name in PRECISIONS]


@dataclass(frozen=True)
class Preferences:
    """The preferences as plain values, with their defaults, which hold where the add-on is used as a
    module."""

    model_folder: str = ""
    device: str = "auto"
    precision: str = "fp32"
    ghost: str = "AUTO"
    unload_before_render: bool = True
    idle_minutes: int = 10

    @staticmethod
    def read() -> Preferences:
        addon = bpy.context.preferences.addons.get(__package__)
        if addon is None or addon.preferences is None:
            return Preferences()
        names = Preferences.__dataclass_fields__
        return Preferences(**{name: getattr(addon.preferences, name) for name in names})

    @property
    def model(self) -> ModelChoice:
        """Device and precision count where torch is there to heed them."""
        folder = bpy.path.abspath(self.model_folder) if self.model_folder else "default"
        if not has_torch():
            return ModelChoice(folder)
        return ModelChoice(folder, self.device, self.precision)


def _model_chosen(self, context) -> None:
    load_torch_early(Preferences.read().model)


class LimberPreferences(bpy.types.AddonPreferences):
    bl_idname = __package__

    model_folder: StringProperty(
        name="Model Folder",
        description="A model of your own; empty for the one that Limber brings",
        subtype="DIR_PATH",
        update=_model_chosen,
    )
    device: EnumProperty(
        name="Device",
        description="What computes",
        items=[
            ("auto", "Automatic", "The CPU for small models, a GPU for large ones"),
            ("cpu", "CPU", "The processor"),
            ("cuda", "CUDA", "The NVIDIA or AMD GPU"),
            ("mps", "Metal", "The GPU of a Mac"),
        ],
        default=Preferences.device,
        update=_model_chosen,
    )
    precision: EnumProperty(
        name="Precision",
        description="Numbers of large models: fewer bits take less memory",
        items=_PRECISIONS,
        default=Preferences.precision,
        update=_model_chosen,
    )
    ghost: EnumProperty(
        name="Live Preview",
        description="A ghost in the 3D view that plays what has been made so far",
        items=[
            ("AUTO", "Automatic", "Where a GPU draws the view fast enough to stay smooth"),
            ("ALWAYS", "Always", "Also where the processor draws the view"),
            ("NEVER", "Never", "Only the progress in the sidebar"),
        ],
        default=Preferences.ghost,
    )
    unload_before_render: BoolProperty(
        name="Unload Before Rendering",
        description="Free the model's memory when a render begins",
        default=Preferences.unload_before_render,
    )
    idle_minutes: IntProperty(
        name="Unload After Minutes",
        description="Free the model's memory when it has not been used for so long; 0: never",
        default=Preferences.idle_minutes,
        min=0,
        max=24 * 60,
    )
    # Shown and heeded where the GPU edition installs packages; only declared properties are kept.
    packages_folder: StringProperty(
        name="Packages Folder",
        description="Where packages are installed, for several Blenders; empty: the extension's own",
        subtype="DIR_PATH",
    )

    def draw(self, context):
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "model_folder")
        if has_torch():
            layout.prop(self, "device")
            layout.prop(self, "precision")
        layout.prop(self, "ghost")
        layout.prop(self, "unload_before_render")
        layout.prop(self, "idle_minutes")


@lru_cache(maxsize=1)
def has_torch() -> bool:
    """Whether torch could be imported; it is not."""
    return util.find_spec("torch") is not None


def register() -> None:
    bpy.utils.register_class(LimberPreferences)


def unregister() -> None:
    bpy.utils.unregister_class(LimberPreferences)
    has_torch.cache_clear()

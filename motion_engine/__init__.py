"""Limber's engine: everything from a sentence to the motion of any rig. Never imports bpy.

    import motion_engine

    model = motion_engine.load()
    command = motion_engine.Command("a person walks forward and waves", seconds=6, seed=1)
    motion = motion_engine.generate_motion(command, model)   # Motion, 180 frames at 30 fps
    motion.joint_positions()                                 # [180, 55, 3], metres, Z up

A ``Direction`` also asks for ``Key`` poses, a ``RootPath``, pins (``Pin``), a loop, or a timeline
(``Beat``), and ``directed_motions`` makes it; ``edit_parts`` makes single parts of a motion anew;
``captions`` tells what happens in one.

Importing this package loads numpy at most; the model's runtime comes with its first use.
"""

from importlib import import_module

from .version import VERSION as __version__

_PUBLIC = {
    "Beat": "generation.timeline",
    "Command": "command",
    "Direction": "generation.directed",
    "Key": "finish.keys",
    "LimberError": "errors",
    "Motion": "motion",
    "Model": "models.model",
    "Pin": "finish.pins",
    "RootPath": "edit.root_path",
    "captions": "generation.captioning",
    "directed_motions": "generation.directed",
    "edit_parts": "generation.part_edit",
    "generate_motion": "models.model",
    "generate_motions": "models.model",
}

__all__ = [
    "Beat",
    "Command",
    "Direction",
    "Key",
    "LimberError",
    "Model",
    "Motion",
    "Pin",
    "RootPath",
    "__version__",
    "captions",
    "directed_motions",
    "edit_parts",
    "generate_motion",
    "generate_motions",
    "load",
]


def load(
    name: str = "default",
    runtime: str = "auto",
    device: str = "auto",
    precision: str = "fp32",
    flow_steps: int | None = None,
):
    """The shipped model (``"default"``, ``"debug"``) or the model of a folder.

    ``runtime``: numpy, torch or auto. ``device``: cpu, cuda, cuda:1, mps or auto. ``precision`` of
    the backbone: fp32, bf16, int8 or nf4. ``flow_steps`` of a flow decoder, where there is one.
    """
    from .models.model import Model

    return Model.load(name, runtime, device, precision, flow_steps)


def __getattr__(name: str):
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PUBLIC[name]}", __name__), name)

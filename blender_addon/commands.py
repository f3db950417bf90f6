"""The verbs of the `limber` program inside Blender: ``blender --command limber generate ...``."""

from __future__ import annotations

import sys

import bpy

NAME = "limber"
# The engine looks for its Blender side by the name that pip installs it under.
_NAME_FROM_PIP = "blender_addon"
_commands: list = []


def run(arguments: list[str]) -> int:
    """The program's own code; returns its exit status, as Blender's commands do."""
    from motion_engine.cli import main

    sys.modules.setdefault(_NAME_FROM_PIP, sys.modules[__package__])
    try:
        return main(arguments)
    except SystemExit as ending:  # argparse's way to end, also after --help
        return ending.code if isinstance(ending.code, int) else int(ending.code is not None)


def register() -> None:
    if hasattr(bpy.utils, "register_cli_command"):  # since Blender 4.2
        _commands.append(bpy.utils.register_cli_command(NAME, run))


def unregister() -> None:
    while _commands:
        bpy.utils.unregister_cli_command(_commands.pop())

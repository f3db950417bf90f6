"""Run by the Python of one Blender: a built zip is installed, generates, goes and comes again.

    BLENDER_USER_RESOURCES=EMPTY_FOLDER .venvs/blender-4.2.23/bin/python -P \\
        tests/blender/installed_extension.py dist/limber-0.1.0.zip

Not on the checkout's path, so that only what the zip brings can be found. No test framework: such a
Blender has none. Any failure ends the script with a traceback or a message.
"""

import importlib
import json
import os
import sys
import tempfile
import threading
import time
from importlib import util
from pathlib import Path

import bpy

addon_utils = importlib.import_module("addon_utils")  # found only once bpy is imported

REGISTER_SECONDS = 0.3
OWN = {"motion_engine", "bl_ext"}
OF_BLENDER = {"numpy", "bpy", "bl_ui", "bl_operators", "mathutils", "addon_utils"}


def main(archive: Path) -> None:
    if not os.environ.get("BLENDER_USER_RESOURCES"):
        sys.exit("set BLENDER_USER_RESOURCES to an empty folder; your own settings stay untouched")
    if util.find_spec("motion_engine"):
        sys.exit("the engine is found without the extension; run with python -P, no PYTHONPATH")
    module = f"bl_ext.user_default.{archive.name.split('-')[0]}"
    bpy.ops.wm.read_factory_settings(use_empty=True)
    installed = bpy.ops.extensions.package_install_files(
        filepath=str(archive.resolve()), repo="user_default", enable_on_install=False
    )
    check(installed == {"FINISHED"}, "installing failed")
    before, loaded = traces(), set(sys.modules)
    addon_utils.enable(module, default_set=True)
    check(module in bpy.context.preferences.addons, "the extension is not enabled")
    check_imports(loaded)
    check_policy()
    again = register_again(module, before)
    made = generate()
    if module.endswith("_gpu"):
        find_packages(module)
        refuse_packages()
    addon_utils.disable(module, default_set=True)
    check_equal(before, traces())
    addon_utils.enable(module, default_set=True)
    generate()
    run_command(module)
    check("torch" not in sys.modules, "torch was imported")
    print(
        f"Blender {bpy.app.version_string}, {archive.name}: unregistered and registered in "
        f"{again:.3f} s, 2 s of motion in {made:.2f} s"
    )


def traces() -> dict[str, list[str]]:
    """All that an add-on can leave behind in Blender and in its Python."""
    handlers = [
        f"{name}: {function!r}"
        for name in dir(bpy.app.handlers)
        if isinstance(functions := getattr(bpy.app.handlers, name), list)
        for function in functions
    ]
    keymaps = bpy.context.window_manager.keyconfigs.addon
    drawn = [
        f"{name}: {function!r}"
        for name in dir(bpy.types)
        for function in getattr(getattr(getattr(bpy.types, name), "draw", None), "_draw_funcs", ())
        if function.__module__.startswith(("bl_ext", "blender_addon"))
    ]
    classes = [name for name in dir(bpy.types) if "limber" in name.lower()]
    properties = [
        f"{name}.{key.identifier}"
        for name in ("Scene", "Object", "Action", "Armature", "WindowManager")
        for key in getattr(bpy.types, name).bl_rna.properties
    ]
    return {
        "classes": classes,
        "properties": properties,
        "handlers": handlers,
        "operators": [name for name in dir(bpy.ops) if name == "limber"],
        "keys": [item.idname for keymap in keymaps.keymaps for item in keymap.keymap_items]
        if keymaps is not None
        else [],
        "drawn": drawn,
        # Blender itself keeps the folder of wheels on the path.
        "paths": [path for path in sys.path if ".local" not in Path(path).parts],
        "threads": sorted(thread.name for thread in threading.enumerate()),
    }


def check_imports(loaded: set[str]) -> None:
    """Enabling has imported nothing but ours, Blender's own and Python's."""
    new = {name.partition(".")[0] for name in set(sys.modules) - loaded}
    foreign = new - OWN - OF_BLENDER - set(sys.stdlib_module_names)
    check(not foreign, f"enabling also imported {', '.join(sorted(foreign))}")
    import motion_engine

    home = Path(os.environ["BLENDER_USER_RESOURCES"]).resolve()
    check(home in Path(motion_engine.__file__).resolve().parents, "the engine is not the wheel's")


def check_policy() -> None:
    """Blender's own list of what extensions do against its rules, as its preferences show it."""
    addon_utils._is_first_reset()
    warnings = addon_utils._extensions_warnings_get()
    check(not warnings, f"Blender warns: {warnings}")


def register_again(module: str, before: dict) -> float:
    """Seconds of computing that unregistering and registering take; nothing is left in between."""
    began = time.process_time()
    addon_utils.disable(module, default_set=True)
    check_equal(before, traces())
    addon_utils.enable(module, default_set=True)
    seconds = time.process_time() - began
    check(seconds < REGISTER_SECONDS, f"registering took {seconds:.2f} s")
    return seconds


def generate() -> float:
    """Two seconds of motion on a new mannequin, or on the one that is there; seconds taken."""
    scene = bpy.context.scene
    scene.render.fps = 30
    scene.limber.prompt, scene.limber.seconds = "a person walks forward", 2.0
    began = time.perf_counter()
    check(bpy.ops.limber.generate() == {"FINISHED"}, "generating failed")
    seconds = time.perf_counter() - began
    action = bpy.context.object.animation_data.action
    check(tuple(action.frame_range) == (1.0, 60.0), f"keys lie in {tuple(action.frame_range)}")
    return seconds


def run_command(module: str) -> None:
    """What `blender --command limber ...` calls: files as from the program, and its exit codes.

    The last test: like the program, it begins with a fresh Blender, add-ons disabled.
    """
    commands = importlib.import_module(f"{module}.commands")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "walk")
        asked = ["generate", "a person walks", "--seconds", "1"]
        outputs = [argument for end in (".npz", ".blend") for argument in ("--out", f"{out}{end}")]
        check(commands.run(asked + outputs) == 0, "the command failed")
        check(out.with_suffix(".npz").is_file(), "no .npz was written")
        check(out.with_suffix(".blend").is_file(), "no .blend was written")
        check(commands.run([*asked, "--out", f"{out}.xyz"]) == 2, "a bad suffix was taken")
    check(commands.run(["--version"]) == 0, "--version failed")


def find_packages(module: str) -> None:
    """Packages in the user's folder are found after Blender's own, and not once they are broken."""
    packages = importlib.import_module(f"{module}.packages")
    panel = importlib.import_module(f"{module}.packages_panel")
    folder = panel.package_folder()
    home = Path(os.environ["BLENDER_USER_RESOURCES"]).resolve()
    check(home in folder.path.resolve().parents, f"packages go into {folder.path}")
    wanted = packages.requirements(packages.BUILDS["cpu"])
    receipt = {"build": "cpu", "requirements": wanted, "modules": {"torch": "0"}, "megabytes": 1}
    (folder.path / "torch").mkdir(parents=True)
    (folder.path / "torch" / "__init__.py").write_text("")
    (folder.path / packages.RECEIPT).write_text(json.dumps(receipt))
    panel.refresh()
    check(sys.path[-1] == str(folder.path), "packages do not come last")
    check(util.find_spec("torch") is not None, "installed packages are not found")
    check_policy()
    (folder.path / "torch" / "__init__.py").unlink()
    (folder.path / "torch").rmdir()
    panel.refresh()
    check(str(folder.path) not in sys.path, "broken packages are still looked for")
    check(bpy.ops.limber.remove_packages() == {"FINISHED"}, "packages cannot be removed")
    check(not folder.path.exists(), "removing left packages behind")


def refuse_packages() -> None:
    """Nothing is downloaded while Blender may not go online; a folder has to hold wheels."""
    with tempfile.TemporaryDirectory() as folder:
        for options, reason in (({}, "nline"), ({"wheels": folder}, "holds no wheels")):
            try:
                bpy.ops.limber.add_packages(**options)
            except RuntimeError as error:
                check(reason in str(error), f"the reason is missing: {error}")
            else:
                sys.exit(f"packages were installed with {options}")


def check_equal(before: dict, after: dict) -> None:
    for kind, left in after.items():
        new = [item for item in left if item not in before[kind]]
        gone = [item for item in before[kind] if item not in left]
        check(not new and not gone, f"unregistering left {kind}: {new}, and took {gone}")


def check(is_so: bool, message: str) -> None:
    if not is_so:
        sys.exit(message)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Add GPU and Large Models: installs, repairs and removes packages. In the GPU edition alone."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from threading import Thread

import bpy
from bpy.props import EnumProperty, StringProperty

from motion_engine.errors import LimberError

from .package_installation import Cancelled, Installation, Wheels, download_command
from .packages import BUILDS, Build, PackageFolder, State, choose_build, driver_version
from .preferences import Preferences, has_torch
from .redrawing import redraw
from .torch_loading import load_torch_early
from .translations import translated

_LOOK_SECONDS = 0.25
_ENDING_SECONDS = 10.0
_QUIET_SECONDS = 2.0
_FINISHED = (State.READY, State.OUTDATED)


class PackageJob:
    """An installation in a thread of its own; the main thread looks at it now and then."""

    def __init__(self, installation: Installation):
        self.installation = installation
        self.line = "Starting"
        self.result: tuple[str, str] | None = None
        self._thread = Thread(target=self.work, name="limber packages", daemon=True)

    def start(self) -> PackageJob:
        self._thread.start()
        return self

    def end(self) -> None:
        self.installation.cancel()
        self._thread.join(_ENDING_SECONDS)

    def work(self) -> None:
        """Installs; :attr:`result` is the kind of report and its text."""
        try:
            receipt = self.installation.run(self._hear)
            self.result = "INFO", f"Packages installed: {receipt.megabytes} MB"
        except Cancelled:
            self.result = "INFO", "Cancelled; nothing was changed"
        except LimberError as error:
            self.result = "ERROR", str(error)
        except Exception as error:
            self.result = "ERROR", f"{type(error).__name__}: {error}"
            raise

    def _hear(self, line: str) -> None:
        self.line = line


_job: PackageJob | None = None
_told = ("INFO", "")
_folder: PackageFolder | None = None
_state = State.ABSENT


def package_folder() -> PackageFolder:
    """Where the preferences put packages: a shared folder, or this extension's own."""
    addon = bpy.context.preferences.addons.get(__package__)
    shared = getattr(addon.preferences, "packages_folder", "") if addon is not None else ""
    if shared:
        return PackageFolder(Path(bpy.path.abspath(shared)))
    if hasattr(bpy.utils, "extension_path_user") and __package__.startswith("bl_ext."):
        return PackageFolder(Path(bpy.utils.extension_path_user(__package__, path="packages")))
    resources = bpy.utils.user_resource("DATAFILES", path="limber")
    return PackageFolder(Path(resources, "packages"))


def refresh() -> None:
    """Looks for packages and lets Python find them; drawing only repeats what was seen here."""
    global _folder, _state
    if _folder is not None:
        _folder.deactivate()
    _folder = package_folder()
    _state = _folder.state()
    _folder.activate()
    has_torch.cache_clear()


def _builds(self, context) -> list[tuple[str, str, str]]:
    return _build_items()


@lru_cache(maxsize=1)
def _build_items() -> list[tuple[str, str, str]]:
    """Kept, because Blender keeps no copy of an enumeration's words."""
    fitting = choose_build(sys.platform, driver_version())
    items = [("auto", f"Automatic: {fitting.label}", "What this machine can use")]
    if sys.platform == "darwin":
        return items
    return items + [
        (build.name, build.label, "Chosen by hand")
        for build in BUILDS.values()
        if build.name != "metal"
    ]


class LIMBER_OT_add_packages(bpy.types.Operator):
    """Install what GPUs and large models need: torch and what goes with it, with Blender's own Python"""

    bl_idname = "limber.add_packages"
    bl_label = "Add GPU and Large Models"

    build: EnumProperty(name="Build", description="For which device", items=_builds)
    wheels: StringProperty(
        name="Folder of Wheels",
        description="Install from this folder instead of the network",
        subtype="DIR_PATH",
    )

    @classmethod
    def poll(cls, context):
        if _job is not None:
            cls.poll_message_set("Packages are being installed; wait or cancel it")
        return _job is None

    def invoke(self, context, event):
        return context.window_manager.invoke_props_dialog(self, width=480)

    def draw(self, context):
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "build")
        layout.prop(self, "wheels")
        layout.label(text=self._source().size, icon="IMPORT")
        into = translated("Into {folder}", folder=package_folder().path)
        layout.label(text=into, icon="FILE_FOLDER", translate=False)
        if not self.wheels:
            may, text = _network()
            layout.label(text=text, icon="URL" if may else "ERROR")

    def execute(self, context):
        global _job
        may, text = _network()
        if not self.wheels and not may:
            self.report({"ERROR"}, text)
            return {"CANCELLED"}
        job = PackageJob(Installation(package_folder(), self._source()))
        if bpy.app.background:
            job.work()
            return self._finish(job)
        _job = job.start()
        bpy.app.timers.register(_watch, first_interval=_LOOK_SECONDS, persistent=True)
        return {"FINISHED"}

    def _finish(self, job: PackageJob):
        refresh()
        kind, text = job.result
        self.report({kind}, text)
        return {"FINISHED"} if kind == "INFO" else {"CANCELLED"}

    def _source(self) -> Wheels:
        build = self._chosen()
        return Wheels(build, Path(bpy.path.abspath(self.wheels)) if self.wheels else None)

    def _chosen(self) -> Build:
        if self.build in BUILDS:
            return BUILDS[self.build]
        return choose_build(sys.platform, driver_version())


class LIMBER_OT_cancel_packages(bpy.types.Operator):
    """Stop installing; what was there before stays as it was"""

    bl_idname = "limber.cancel_packages"
    bl_label = "Cancel Installation"

    @classmethod
    def poll(cls, context):
        if _job is None:
            cls.poll_message_set("No packages are being installed")
        return _job is not None

    def execute(self, context):
        _job.installation.cancel()
        return {"FINISHED"}


class LIMBER_OT_remove_packages(bpy.types.Operator):
    """Delete the installed packages; the default model works without them"""

    bl_idname = "limber.remove_packages"
    bl_label = "Remove Packages"

    @classmethod
    def poll(cls, context):
        if _job is None and _state is State.ABSENT:
            cls.poll_message_set("No packages are installed")
        elif _job is not None:
            cls.poll_message_set("Packages are being installed; wait or cancel it")
        return _job is None and _state is not State.ABSENT

    def invoke(self, context, event):
        return context.window_manager.invoke_confirm(self, event)

    def execute(self, context):
        try:
            freed = package_folder().remove()
        except LimberError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        finally:
            refresh()
        self.report({"INFO"}, f"{freed} MB freed")
        return {"FINISHED"}


class LIMBER_OT_copy_download_command(bpy.types.Operator):
    """Copy the command that fills a folder of wheels on a machine that may go online"""

    bl_idname = "limber.copy_download_command"
    bl_label = "Copy Command for Offline Use"

    def execute(self, context):
        build = choose_build(sys.platform, driver_version())
        context.window_manager.clipboard = download_command(build)
        self.report({"INFO"}, "Run the copied command on a machine of the same kind")
        return {"FINISHED"}


class LIMBER_PT_packages(bpy.types.Panel):
    bl_idname = "LIMBER_PT_packages"
    bl_label = "GPU and Large Models"
    bl_category = "Limber"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_parent_id = "LIMBER_PT_generate"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender reads a plain set)

    def draw(self, context):
        layout = self.layout
        if _job is not None:
            _draw_job(layout, _job)
            return
        kind, text = _told
        is_ready = _state in _FINISHED
        layout.label(text=_state.value, icon="CHECKMARK" if is_ready else "INFO")
        if text:
            layout.label(text=text, icon=kind)
        name = LIMBER_OT_add_packages.bl_idname
        if _state is State.ABSENT:
            layout.operator(name, icon="IMPORT")
        else:
            repair = "Update Packages" if _state is State.OUTDATED else "Repair Packages"
            layout.operator(name, text=repair, icon="FILE_REFRESH")
            layout.operator(LIMBER_OT_remove_packages.bl_idname, icon="TRASH")
        layout.operator(LIMBER_OT_copy_download_command.bl_idname, icon="COPYDOWN")
        addon = context.preferences.addons.get(__package__)
        if addon is not None and addon.preferences is not None:
            layout.label(text="Packages Folder")
            layout.prop(addon.preferences, "packages_folder", text="")
        if package_folder() != _folder and not bpy.app.timers.is_registered(_look_again):
            bpy.app.timers.register(_look_again)


def _draw_job(layout, job: PackageJob) -> None:
    if hasattr(layout, "progress"):
        layout.progress(factor=job.installation.fraction, text=job.line)
    else:
        layout.label(text=f"{job.installation.fraction:.0%} {job.line}", icon="SORTTIME")
    layout.operator(LIMBER_OT_cancel_packages.bl_idname, icon="X")


def _look_again() -> None:
    """Another folder was chosen: not looked into while drawing."""
    refresh()
    redraw()


def _watch() -> float | None:
    """The main thread's look at the installation: redraws, and takes over what is finished."""
    global _job, _told
    if _job is None:
        return None
    if _job.result is not None:
        _told, _job = _job.result, None
        refresh()
        load_torch_early(Preferences.read().model)
    redraw()
    return _LOOK_SECONDS if _job is not None else None


def _quiet_torch() -> float | None:
    """When Blender quits, it ends all that has an ``__addon_enabled__``; these have any attribute."""
    modules = [sys.modules.get(name) for name in ("torch.ops", "torch.classes")]
    if None in modules:
        return _QUIET_SECONDS
    for module in modules:
        module.__addon_enabled__ = False
    return None


def _network() -> tuple[bool, str]:
    """Whether Blender may go online (always, before Blender 4.2 asked), and what to do if not."""
    if getattr(bpy.app, "online_access", True):
        return True, "Downloads from pypi.org and download.pytorch.org"
    if getattr(bpy.app, "online_access_override", False):
        return False, "Blender was started offline; start it without --offline-mode"
    return False, "Allow Online Access in Preferences > System, or choose a folder of wheels"


_CLASSES = (
    LIMBER_OT_add_packages,
    LIMBER_OT_cancel_packages,
    LIMBER_OT_remove_packages,
    LIMBER_OT_copy_download_command,
    LIMBER_PT_packages,
)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.app.timers.register(_quiet_torch, first_interval=_QUIET_SECONDS, persistent=True)
    refresh()


def unregister() -> None:
    global _job, _folder
    for timer in (_watch, _look_again, _quiet_torch):
        if bpy.app.timers.is_registered(timer):
            bpy.app.timers.unregister(timer)
    if _job is not None:
        _job.end()
        _job = None
    if _folder is not None:
        _folder.deactivate()
        _folder = None
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

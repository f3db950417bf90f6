"""The button "Add GPU and Large Models": what it shows and does, with tiny wheels for torch."""

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from test_packages import TINY, write_wheel

pytestmark = pytest.mark.blender


@pytest.fixture
def panel(bpy, tmp_path, monkeypatch):
    """The add-on, whose packages are two tiny ones in a folder of this test's."""
    import blender_addon
    from blender_addon import packages_panel
    from blender_addon.packages import Build, PackageFolder

    small = Build("cpu", "CPU", "", download_mb=1, disk_mb=1)
    monkeypatch.setitem(packages_panel.BUILDS, "cpu", small)
    monkeypatch.setattr(packages_panel, "driver_version", lambda: None)
    home = tmp_path / "home"
    monkeypatch.setattr(packages_panel, "package_folder", lambda: PackageFolder(home, TINY))
    monkeypatch.setattr(packages_panel, "_told", ("INFO", ""))
    blender_addon.register()
    yield packages_panel
    blender_addon.unregister()


@pytest.fixture
def wheels(tmp_path) -> Path:
    folder = tmp_path / "wheels"
    write_wheel(folder, "limber-tiny-one", "1.0", "")
    write_wheel(folder, "limber-tiny-two", "2.0", "")
    return folder


class Layout:
    """Takes down what is drawn."""

    def __init__(self):
        self.drawn = []

    def label(self, text, **_):
        self.drawn.append(text)

    def operator(self, name, text="", **_):
        self.drawn.append(text or name)

    def progress(self, *, factor, text):
        self.drawn.append(text)


def drawn(bpy, panel) -> list[str]:
    from types import SimpleNamespace

    layout = Layout()
    panel.LIMBER_PT_packages.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.drawn


def test_it_installs_and_removes(bpy, panel, wheels):
    shown = drawn(bpy, panel)
    assert shown[0] == "Not installed" and "limber.add_packages" in shown
    assert not bpy.ops.limber.remove_packages.poll()
    assert bpy.ops.limber.add_packages(wheels=str(wheels)) == {"FINISHED"}
    place = str(panel.package_folder().path)
    assert sys.path[-1] == place
    shown = drawn(bpy, panel)
    assert shown[0] == "Ready" and {"Repair Packages", "limber.remove_packages"} < set(shown)
    assert bpy.ops.limber.remove_packages() == {"FINISHED"}
    assert drawn(bpy, panel)[0] == "Not installed" and place not in sys.path


def test_a_cut_off_installation_is_shown_and_repaired(bpy, panel, wheels):
    panel.package_folder().unfinished.mkdir(parents=True)
    panel.refresh()
    shown = drawn(bpy, panel)
    assert shown[0] == "An installation was cut off" and "Repair Packages" in shown
    assert bpy.ops.limber.add_packages(wheels=str(wheels)) == {"FINISHED"}
    assert drawn(bpy, panel)[0] == "Ready"


def test_beside_the_window_it_shows_its_progress(bpy, panel, wheels, monkeypatch):
    from blender_addon.package_installation import Installation, Wheels

    source = Wheels(panel.BUILDS["cpu"], wheels)
    job = panel.PackageJob(Installation(panel.package_folder(), source))
    monkeypatch.setattr(panel, "_job", job)
    assert drawn(bpy, panel)[-1] == "limber.cancel_packages"
    assert not bpy.ops.limber.add_packages.poll() and not bpy.ops.limber.remove_packages.poll()
    job.start()
    deadline = time.monotonic() + 120.0
    while panel._watch() is not None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    shown = drawn(bpy, panel)
    assert shown[:2] == ["Ready", "Packages installed: 0 MB"]


def test_cancelling_is_told(bpy, panel, wheels, monkeypatch):
    from blender_addon.package_installation import Installation, Wheels

    job = panel.PackageJob(
        Installation(panel.package_folder(), Wheels(panel.BUILDS["cpu"], wheels))
    )
    monkeypatch.setattr(panel, "_job", job)
    assert bpy.ops.limber.cancel_packages() == {"FINISHED"}
    job.work()
    assert panel._watch() is None
    assert drawn(bpy, panel)[:2] == ["Not installed", "Cancelled; nothing was changed"]


@pytest.mark.parametrize(
    ("may", "forced", "reason"),
    [(False, False, "Allow Online Access"), (False, True, "without --offline-mode")],
)
def test_nothing_is_downloaded_without_leave(bpy, panel, may, forced, reason):
    class App:
        online_access, online_access_override = may, forced
        background = True

    with pytest.MonkeyPatch.context() as patch, pytest.raises(RuntimeError, match=reason):
        patch.setattr(panel.bpy, "app", App)
        bpy.ops.limber.add_packages()
    assert not panel.package_folder().home.exists()


def test_several_blenders_may_share_a_folder(bpy, addon, tmp_path):
    from blender_addon.packages_panel import package_folder

    own = package_folder().home
    entry = bpy.context.preferences.addons.new()
    entry.module = "blender_addon"
    try:
        assert package_folder().home == own != tmp_path
        entry.preferences.packages_folder = str(tmp_path)
        assert package_folder().home == tmp_path
    finally:
        bpy.context.preferences.addons.remove(entry)


def test_torch_is_no_add_on_when_blender_quits(panel, monkeypatch):
    class Anything:
        def __getattr__(self, name):
            return self

    for name in ("torch.ops", "torch.classes"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert panel._quiet_torch() is not None
    for name in ("torch.ops", "torch.classes"):
        monkeypatch.setitem(sys.modules, name, Anything())
    assert panel._quiet_torch() is None
    assert not sys.modules["torch.ops"].__addon_enabled__

"""The GPU edition's installer: tiny wheels that these tests write, pip itself, folder and server."""

import functools
import http.server
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from blender_addon.package_installation import (
    Cancelled,
    Installation,
    Wheels,
    download_command,
    find_pip,
)
from blender_addon.packages import (
    BUILDS,
    CONSTRAINTS,
    PINS,
    RECEIPT,
    Build,
    PackageFolder,
    Pin,
    State,
    choose_build,
    driver_version,
    requirements,
)
from motion_engine.errors import LimberError

CHECKOUT = Path(__file__).resolve().parent.parent
TINY = (
    Pin("limber-tiny-one", "1.0", "for this test", "limber_tiny_one"),
    Pin("limber-tiny-two", "2.0", "for this test", "limber_tiny_two"),
)
TEST_BUILD = Build("test", "test", "", download_mb=1, disk_mb=1)


def write_wheel(folder: Path, name: str, version: str, source: str, needs: str = "") -> None:
    """A wheel with one module; `needs` names a package that it requires."""
    folder.mkdir(exist_ok=True)
    module = name.replace("-", "_")
    stem = f"{module}-{version}"
    requires = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{module}.py": source,
        f"{stem}.dist-info/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}"
        ),
        f"{stem}.dist-info/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
    }
    record = f"{stem}.dist-info/RECORD"
    lines = "".join(f"{path},,\n" for path in [*files, record])
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        for path, content in {**files, record: lines}.items():
            wheel.writestr(path, content)


@pytest.fixture
def wheels(tmp_path) -> Path:
    folder = tmp_path / "wheels"
    write_wheel(folder, "limber-tiny-one", "1.0", "__version__ = '1.0'", "numpy")
    write_wheel(folder, "limber-tiny-two", "2.0", "import limber_tiny_one\n__version__ = '2.0'")
    write_wheel(folder, "numpy", "1.0", "raise RuntimeError('Blender has its own numpy')")
    return folder


@pytest.fixture
def folder(tmp_path) -> PackageFolder:
    return PackageFolder(tmp_path / "home of the añimator", TINY)


def install(folder: PackageFolder, wheels: Path) -> list[str]:
    lines = []
    Installation(folder, Wheels(TEST_BUILD, wheels)).run(lines.append)
    return lines


def test_it_installs_from_a_folder_and_verifies(folder, wheels):
    assert folder.state() is State.ABSENT
    lines = install(folder, wheels)
    assert folder.state() is State.READY
    assert folder.receipt().modules == {"limber_tiny_one": "1.0", "limber_tiny_two": "2.0"}
    assert "Trying the packages" in lines and lines[-1] == "Ready"
    assert "Installing collected packages" in lines
    assert not [line for line in lines if "/" in line or "(from" in line]


def test_progress_never_goes_back(folder, wheels, monkeypatch):
    installation = Installation(folder, Wheels(Build("test", "test", "", 50, 50), wheels))
    assert installation.fraction == 0.0
    free = iter([1000.0, 970.0, 990.0, 900.0])
    monkeypatch.setattr(installation, "_free_mb", lambda: next(free))
    installation._check()
    # Of 50 MB on the disk and however little the wheels are.
    assert [round(installation.fraction, 2) for _ in range(3)] == [0.6, 0.6, 0.99]


def test_blender_s_numpy_stays_the_only_one(folder, wheels):
    install(folder, wheels)
    assert not [path.name for path in folder.path.iterdir() if path.name.startswith("numpy")]


def test_nothing_else_is_left_on_the_disk(folder, wheels):
    install(folder, wheels)
    assert {path.name for path in folder.home.iterdir()} == {folder.path.name, "installation.log"}
    assert not (folder.path / "scratch").exists()


def test_python_finds_it_while_it_is_active_and_after_its_own(folder, wheels):
    install(folder, wheels)
    before = list(sys.path)
    assert folder.activate() and folder.activate()
    assert sys.path == [*before, str(folder.path)]
    folder.deactivate()
    folder.deactivate()
    assert sys.path == before


def test_nothing_is_activated_where_nothing_is_installed(folder):
    before = list(sys.path)
    assert not folder.activate() and sys.path == before


def test_removal_frees_the_disk(folder, wheels):
    install(folder, wheels)
    folder.remove()
    assert folder.state() is State.ABSENT and not folder.path.exists()


def test_packages_in_use_are_neither_removed_nor_repaired(folder, wheels, monkeypatch):
    install(folder, wheels)
    module = type(sys)("limber_tiny_one")
    module.__file__ = str(folder.path / "limber_tiny_one.py")
    monkeypatch.setitem(sys.modules, "limber_tiny_one", module)
    with pytest.raises(LimberError, match="restart"):
        folder.remove()
    with pytest.raises(LimberError, match="restart"):
        install(folder, wheels)
    assert folder.state() is State.READY


def test_a_missing_package_is_noticed_and_repaired(folder, wheels):
    install(folder, wheels)
    (folder.path / "limber_tiny_two.py").unlink()
    assert folder.state() is State.BROKEN
    install(folder, wheels)
    assert folder.state() is State.READY


@pytest.mark.parametrize("receipt", ["", "{", "[]", '{"build": 1}'])
def test_a_torn_receipt_counts_as_broken(folder, receipt):
    folder.path.mkdir(parents=True)
    (folder.path / RECEIPT).write_text(receipt)
    assert folder.state() is State.BROKEN


def test_another_version_of_limber_asks_for_other_packages(folder, wheels, monkeypatch):
    monkeypatch.setitem(BUILDS, "test", TEST_BUILD)
    install(folder, wheels)
    later = PackageFolder(folder.home, (*TINY, Pin("limber-tiny-three", "3.0", "", "x")))
    assert later.state() is State.OUTDATED and folder.state() is State.READY


def test_a_package_that_does_not_run_is_refused(folder, wheels):
    install(folder, wheels)
    write_wheel(wheels, "limber-tiny-two", "2.0", "import no_such_library_of_the_system")
    with pytest.raises(LimberError, match="do not run here.*no_such_library"):
        install(folder, wheels)
    assert folder.state() is State.READY  # what was there before
    assert not folder.unfinished.exists()


def test_pip_s_own_words_are_handed_on(folder, wheels):
    next(wheels.glob("limber_tiny_two*")).unlink()
    with pytest.raises(LimberError, match="No matching distribution found for limber-tiny-two"):
        install(folder, wheels)
    assert folder.state() is State.ABSENT
    assert "limber-tiny-two" in (folder.home / "installation.log").read_text()


def test_a_folder_without_wheels_is_refused_at_once(folder, tmp_path):
    with pytest.raises(LimberError, match="no wheels"):
        install(folder, tmp_path)
    assert not folder.home.exists()


def test_a_full_disk_is_noticed_before(folder, wheels):
    build = Build("test", "test", "", download_mb=1, disk_mb=10**9)
    with pytest.raises(LimberError, match="1000000.0 GB while they are installed; make room"):
        Installation(folder, Wheels(build, wheels)).run(lambda line: None)


def test_a_place_that_cannot_be_written_is_named(tmp_path, wheels):
    (tmp_path / "file").write_text("")
    with pytest.raises(LimberError, match="choose another folder"):
        install(PackageFolder(tmp_path / "file" / "home", TINY), wheels)


@pytest.fixture
def server(wheels, tmp_path):
    """An index of packages (PEP 503) that answers with wheels, slowly when asked to."""
    waiting = threading.Event()
    index = tmp_path / "index"
    for wheel in wheels.glob("*.whl"):
        page = index / wheel.name.split("-")[0].replace("_", "-")
        page.mkdir(parents=True)
        os.link(wheel, page / wheel.name)
        (page / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            if self.path.endswith(".whl") and self.server.is_slow:
                waiting.set()
                time.sleep(30)
            super().do_GET()

        def log_message(self, *_):
            pass

    handler = functools.partial(Handler, directory=index)
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    httpd.is_slow, httpd.waiting, httpd.daemon_threads = False, waiting, True
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield httpd
    httpd.shutdown()


def from_server(folder: PackageFolder, server, monkeypatch) -> Installation:
    """The server as the build's own index; the other one, PyPI or a mirror, is empty."""
    address = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"{address}nothing/")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    return Installation(folder, Wheels(Build("test", "test", "", 1, 1, index=address)))


def test_it_installs_from_an_index(folder, server, monkeypatch):
    from_server(folder, server, monkeypatch).run(lambda line: None)
    assert folder.state() is State.READY


def test_cancelling_ends_pip_and_leaves_nothing(folder, server, monkeypatch):
    server.is_slow = True
    installation = from_server(folder, server, monkeypatch)
    outcome = []

    def work():
        try:
            installation.run(lambda line: None)
        except Cancelled:
            outcome.append("cancelled")

    thread = threading.Thread(target=work)
    thread.start()
    assert server.waiting.wait(60.0)
    assert folder.state() is State.UNFINISHED
    began = time.monotonic()
    installation.cancel()
    thread.join(10.0)
    assert outcome == ["cancelled"] and time.monotonic() - began < 5.0
    assert folder.state() is State.ABSENT and not folder.unfinished.exists()


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
def test_a_killed_installation_is_recognized_and_repaired(folder, wheels, server, monkeypatch):
    server.is_slow = True
    code = (
        "import sys; from pathlib import Path\n"
        "from blender_addon.packages import Build, PackageFolder, Pin\n"
        "from blender_addon.package_installation import Installation, Wheels\n"
        f"pins = {TINY!r}\n"
        f"build = Build('test', 'test', '', 1, 1, index=sys.argv[2])\n"
        "Installation(PackageFolder(Path(sys.argv[1]), pins), Wheels(build)).run(print)\n"
    )
    from_server(folder, server, monkeypatch)
    address = f"http://127.0.0.1:{server.server_port}/"
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(folder.home), address],
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
    )
    assert server.waiting.wait(60.0)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert folder.state() is State.UNFINISHED
    assert not folder.activate()
    install(folder, wheels)
    assert folder.state() is State.READY and not folder.unfinished.exists()


def test_without_an_answer_from_the_network_pip_s_reason_is_told(folder, monkeypatch):
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(LimberError, match="No matching distribution"):
        Installation(folder, Wheels(TEST_BUILD)).run(lambda line: None)
    assert folder.state() is State.ABSENT


def test_pip_is_found_without_being_installed(monkeypatch):
    ensurepip = pytest.importorskip("ensurepip")
    if not list(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")):
        pytest.skip("this Python's ensurepip brings no wheel")
    assert find_pip(sys.executable) == (["-m", "pip"], {})
    real = subprocess.run
    lacking = [sys.executable, "-S", "-c", "import pip"]
    monkeypatch.setattr(subprocess, "run", lambda command, **how: real(lacking, **how))
    arguments, environment = find_pip(sys.executable)
    said = real(
        [sys.executable, "-S", *arguments, "--version"], env=os.environ | environment,
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert ".whl" in said


@pytest.mark.parametrize(
    ("platform", "driver", "build"),
    [
        ("linux", None, "cpu"),
        ("win32", None, "cpu"),
        ("linux", 11080, "cpu"),
        ("linux", 12020, "cu126"),
        ("win32", 12090, "cu126"),
        ("linux", 13000, "cu130"),
        ("linux", 14010, "cu130"),
        ("darwin", None, "metal"),
    ],
)
def test_the_build_fits_the_machine(platform, driver, build):
    assert choose_build(platform, driver).name == build


def test_the_driver_is_asked_without_failing():
    version = driver_version()
    assert version is None or 9000 < version < 99_000


def test_torch_is_asked_for_in_the_build_s_own_version():
    assert "torch==2.13.0+cu130" in requirements(BUILDS["cu130"])
    assert "torch==2.13.0" in requirements(BUILDS["metal"])
    assert "torch==2.13.0+cpu" in download_command(BUILDS["cpu"])


def test_the_pins_are_those_that_the_tests_run_with():
    """But for numpy, which Blender brings."""
    tested = {}
    for line in (CHECKOUT / "constraints.txt").read_text().splitlines():
        if match := re.fullmatch(r"([\w.-]+)==([\w.]+)", line):
            tested[match[1].lower()] = match[2]
    pinned = {pin.name.lower(): pin.version for pin in PINS}
    pinned |= {name.lower(): v for name, v in (c.split("==") for c in CONSTRAINTS.split())}
    assert pinned == {name: tested[name] for name in pinned}
    assert "numpy" not in pinned and all(pin.reason for pin in PINS)

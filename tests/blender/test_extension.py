"""The built extension in both editions: what is in it, what is not, and that Blender uses it."""

import ast
import base64
import hashlib
import io
import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from blender_addon.build_extension import (
    EDITIONS,
    GPU,
    INSTALLER,
    SELF_CONTAINED,
    Edition,
    build_extension,
)

pytestmark = [pytest.mark.blender, pytest.mark.slow]

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
LARGEST_MB = 60.0


@pytest.fixture(scope="module", params=EDITIONS, ids=lambda edition: edition.id)
def edition(request) -> Edition:
    return request.param


@pytest.fixture(scope="module")
def archive(edition, tmp_path_factory) -> Path:
    return build_extension(tmp_path_factory.mktemp("dist"), edition)


@pytest.fixture(scope="module")
def manifest(archive) -> dict:
    with zipfile.ZipFile(archive) as outer:
        return tomllib.loads(outer.read("blender_manifest.toml").decode())


@pytest.fixture(scope="module")
def wheel(archive, manifest) -> zipfile.ZipFile:
    (path,) = manifest["wheels"]
    with zipfile.ZipFile(archive) as outer:
        return zipfile.ZipFile(io.BytesIO(outer.read(path.removeprefix("./"))))


def run(arguments: list, **environment: str) -> subprocess.CompletedProcess:
    """A child that sees bpy and what lies beside it, but no checkout: -S skips .pth files."""
    environment = {**os.environ, "PYTHONPATH": sysconfig.get_path("platlib"), **environment}
    return subprocess.run(
        [sys.executable, "-S", "-P", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_zip_holds_the_add_on_and_one_wheel(archive, edition):
    with zipfile.ZipFile(archive) as outer:
        names = set(outer.namelist())
        assert outer.testzip() is None
    modules = {path.name for path in (CHECKOUT / "blender_addon").glob("*.py")}
    absent = {"build_extension.py", *edition.without}
    assert absent < modules
    assert {name for name in names if name.endswith(".py")} == modules - absent
    others = {name for name in names if not name.endswith(".py")}
    assert {"LICENSE", "blender_manifest.toml"} < others and len(others) == 3
    assert archive.stat().st_size < LARGEST_MB * 1e6


def test_the_wheel_holds_the_engine_and_the_default_model_alone(wheel):
    names = set(wheel.namelist())
    tops = {name.split("/")[0] for name in names}
    assert {"motion_engine"} == {top for top in tops if not top.endswith(".dist-info")}
    assert {"motion_engine/models/model.py", "motion_engine/retarget/mapping.py"} < names
    folders = {n.split("/")[2] for n in names if n.startswith("motion_engine/assets/")}
    assert folders == {"default", "vocabulary", "LICENSES.md"}
    endings = {Path(name).suffix for name in names}
    assert not endings & {".png", ".pyc", ".pt", ".so", ".pkl"}


def test_the_wheel_s_record_is_true(wheel):
    (record,) = (name for name in wheel.namelist() if name.endswith("/RECORD"))
    rows = [line.rsplit(",", 2) for line in wheel.read(record).decode().splitlines()]
    assert {name for name, _, _ in rows} == set(wheel.namelist())
    for name, digest, size in rows:
        if name == record:
            continue
        content = wheel.read(name)
        expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        assert (digest, int(size)) == (f"sha256={expected}", len(content))


def test_building_again_gives_the_same_bytes(archive, edition, tmp_path):
    assert build_extension(tmp_path, edition).read_bytes() == archive.read_bytes()


def test_the_add_on_imports_its_own_modules_relatively(archive):
    with zipfile.ZipFile(archive) as outer:
        for name in outer.namelist():
            if name.endswith(".py"):
                assert "blender_addon" not in imported(outer.read(name).decode()), name


def imported(source: str) -> set[str]:
    """Top-level names that a module imports absolutely, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_the_self_contained_edition_keeps_to_the_platform_s_rules(tmp_path):
    """Nothing from elsewhere, no path of Python's changed, no network."""
    with zipfile.ZipFile(build_extension(tmp_path, SELF_CONTAINED)) as outer:
        names = outer.namelist()
        assert not set(INSTALLER) & set(names)
        assert "network" not in tomllib.loads(outer.read("blender_manifest.toml").decode())
        for name in names:
            if name.endswith(".py"):
                source = outer.read(name).decode()
                assert "sys.path" not in source, name
                assert not imported(source) & {"subprocess", "urllib", "socket", "pip"}, name


def test_permissions_give_their_reasons(manifest, edition):
    permissions = manifest["permissions"]
    assert ("network" in permissions) == (edition is GPU)
    for reason in permissions.values():
        assert len(reason) <= 64 and not reason.endswith(".")


def test_the_manifest_spans_the_blenders_that_are_tested(manifest, edition):
    assert manifest["id"] == edition.id
    assert manifest["blender_version_min"] == "4.2.0" and manifest["blender_version_max"] == "5.3.0"
    assert len(manifest["tagline"]) <= 64 and "Blender" not in manifest["name"]


def test_blender_s_own_validator_accepts_the_zip(archive):
    import bpy

    tool = Path(bpy.utils.system_resource("SCRIPTS"), "addons_core/bl_pkg/cli/blender_ext.py")
    if not tool.is_file():
        pytest.skip(f"this Blender has no {tool.name}")
    done = run([tool, "validate", archive])
    assert done.returncode == 0, done.stdout + done.stderr


def test_blender_installs_it_and_generates_with_it(archive, tmp_path):
    done = run([HERE / "installed_extension.py", archive], BLENDER_USER_RESOURCES=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 s of motion" in done.stdout

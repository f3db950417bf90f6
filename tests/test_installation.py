"""What `pip install limber` brings without extras: numpy, the default weights, and a whole program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE_MB = 40

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with the installed package; dependencies stay where they are."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps",
         "--disable-pip-version-check", "--target", str(folder), str(CHECKOUT)],
        check=True,
    )  # fmt: skip
    return folder


def test_numpy_is_all_it_asks_for(installed):
    (metadata,) = installed.glob("limber-*.dist-info/METADATA")
    required = [
        line
        for line in metadata.read_text().splitlines()
        if line.startswith("Requires-Dist") and "extra ==" not in line
    ]
    assert [line.split()[1][:5] for line in required] == ["numpy"]


def test_it_is_small_and_holds_neither_tests_nor_pictures(installed):
    files = [path for path in installed.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < PACKAGE_MB * 1e6
    names = {path.relative_to(installed).parts[0] for path in files}
    assert not names & {"tests", "assets"} and not list(installed.rglob("pictures"))


def test_it_generates_with_numpy_alone(installed, tmp_path):
    code = (
        "import sys\n"
        "for name in ('torch', 'scipy', 'transformers', 'safetensors', 'bpy'):\n"
        "    sys.modules[name] = None\n"
        "from motion_engine import cli\n"
        "sys.exit(cli.main(['generate', 'a person walks', '--seconds', '2', '--out', 'walk.npz']))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=tmp_path, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(installed)},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout == "walk.npz: 60 frames, 2.0 s\n"

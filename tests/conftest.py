"""Fixtures that several test files share."""

import os
import re
from importlib import util
from pathlib import Path

import hypothesis
import pytest

# Time limits would fail on a busy machine; timings belong into benchmarks.
hypothesis.settings.register_profile("limber", deadline=None)
hypothesis.settings.load_profile("limber")

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The data folder: LIMBER_DATA, else shared/data beside the checkout; skips without it."""
    folder = Path(os.environ.get("LIMBER_DATA", CHECKOUT.parent / "shared" / "data"))
    if not (folder / "mocap").is_dir():
        pytest.skip(f"no motion data at {folder}; set LIMBER_DATA to a folder that holds mocap/")
    return folder


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Without torch (or bpy) installed, leave out the files that are marked as needing it."""
    if collection_path.suffix != ".py" or not collection_path.name.startswith("test_"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    absent = [
        marker
        for marker, package in (("torch", "torch"), ("blender", "bpy"))
        if util.find_spec(package) is None
        and re.search(rf"^pytestmark = .*mark\.{marker}\b", text, re.MULTILINE)
    ]
    return True if absent else None

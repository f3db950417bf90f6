"""The scripts that Blenders without a test framework run, in this environment's Blender."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.blender, pytest.mark.slow, pytest.mark.timeout(900)]

HERE = Path(__file__).resolve().parent


def test_an_animator_s_workflow_on_a_mannequin_a_rig_and_rigify_s():
    result = subprocess.run(
        [sys.executable, HERE / "workflow.py"],
        env=os.environ | {"PYTHONPATH": str(HERE.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
    assert "takes made, tried, rejected" in result.stdout

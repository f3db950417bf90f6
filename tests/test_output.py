"""Outputs are checked before the work, written by suffix, and never half."""

import os

import numpy as np
import pytest

from motion_engine import output
from motion_engine.errors import LimberError
from motion_engine.formats.bvh import read_bvh
from motion_engine.motion import Motion
from motion_engine.output import check_output, write_motion


def test_npz_and_bvh_hold_the_motion(tmp_path):
    motion = Motion.standing(12)
    write_motion(motion, tmp_path / "a.npz")
    loaded = Motion.load(tmp_path / "a.npz")
    np.testing.assert_allclose(loaded.joint_positions(), motion.joint_positions(), atol=1e-6)
    write_motion(motion, tmp_path / "a.bvh")
    assert read_bvh(tmp_path / "a.bvh").frames == 12


def test_suffix_is_read_in_any_case(tmp_path):
    write_motion(Motion.standing(2), tmp_path / "A.NPZ")
    assert (tmp_path / "A.NPZ").is_file()


def test_png_is_a_picture(tmp_path):
    pytest.importorskip("PIL")
    write_motion(Motion.standing(2), tmp_path / "a.png", title="rest")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["clip.xyz", "clip", "nowhere/clip.npz", "folder.npz"])
def test_impossible_outputs_are_refused_and_leave_nothing(tmp_path, name):
    (tmp_path / "folder.npz").mkdir()
    for attempt in (check_output, lambda path: write_motion(Motion.standing(1), path)):
        with pytest.raises(LimberError) as error:
            attempt(tmp_path / name)
        assert "\n" not in str(error.value)
    assert os.listdir(tmp_path) == ["folder.npz"]


def test_unknown_suffix_lists_what_is_possible(tmp_path):
    with pytest.raises(LimberError, match=r"\.npz, \.bvh, \.png, \.blend, \.fbx, \.glb, \.usd"):
        check_output(tmp_path / "clip.mp4")


def test_unwritable_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(LimberError, match="not writable"):
        check_output(tmp_path / "a.npz")


@pytest.mark.parametrize("suffix", [".blend", ".fbx", ".glb", ".usd", ".png"])
def test_missing_package_says_how_to_get_it(tmp_path, monkeypatch, suffix):
    monkeypatch.setattr(output.util, "find_spec", lambda name: None)
    with pytest.raises(LimberError, match="pip install"):
        check_output(tmp_path / f"clip{suffix}")


def test_failure_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.npz"
    path.write_bytes(b"old")

    def full_disk(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(LimberError, match="No space left"):
        write_motion(Motion.standing(1), path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.npz"]

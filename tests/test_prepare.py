"""Archives to motions: safe extraction, the rates of the index, the held-out table."""

import io
import json
import lzma
import tarfile

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.formats.bvh import write_bvh
from motion_engine.motion import Motion
from training.held_out import is_held_out, subject_of
from training.prepare import extract, list_jobs, prepare, read_index


def moving(frames: int) -> Motion:
    standing = Motion.standing(frames)
    local = standing.local_rotations.copy()
    local[:, 18] = rotations.about("y", -np.linspace(0.0, 1.0, frames))
    return Motion(standing.root_positions, local, standing.contacts)


def pack(path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:xz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


@pytest.fixture
def archives(tmp_path):
    """Three clips of our own skeleton in two archives, one with a wrong rate in its header."""
    folder = tmp_path / "data" / "mocap"
    folder.mkdir(parents=True)
    write_bvh(moving(61), tmp_path / "clip.bvh")
    clip = (tmp_path / "clip.bvh").read_bytes()
    pack(folder / "cmu_daz.tar.xz", {"daz/60_01.bvh": clip, "daz/05_01.bvh": clip})
    pack(folder / "mesh2motion_bvh.tar.xz", {"bvh/bow.bvh": clip, "LICENSE": b"CC0"})
    (folder / "cmu_index.csv").write_text(
        "trial,file,frames,true_fps,description,source\n60_01,daz/60_01.bvh,61,15,salsa dance,x\n"
    )
    return tmp_path / "data"


def test_archives_become_motions_and_an_index(archives, tmp_path):
    out = tmp_path / "out"
    prepare(archives, out)
    index = {entry["clip"]: entry for entry in json.loads((out / "index.json").read_text())}
    assert set(index) == {"cmu_daz/60_01", "cmu_daz/05_01", "mesh2motion/bow"}
    assert index["cmu_daz/60_01"]["frames"] == 121  # at 15 frames a second, as the index says
    assert index["cmu_daz/60_01"]["description"] == "salsa dance"
    assert index["cmu_daz/60_01"]["subject"] == "cmu 60"
    assert [index[clip]["held_out"] for clip in sorted(index)] == [True, False, True]
    assert Motion.load(out / "mesh2motion" / "bow.npz").frames == 61
    assert sorted(path.name for path in out.iterdir()) == ["cmu_daz", "index.json", "mesh2motion"]


def test_a_second_run_does_only_what_is_missing(archives, tmp_path):
    out = tmp_path / "out"
    prepare(archives, out)
    kept, lost = out / "cmu_daz" / "60_01.npz", out / "mesh2motion" / "bow.npz"
    before = kept.stat().st_mtime_ns
    lost.unlink()
    prepare(archives, out)
    assert kept.stat().st_mtime_ns == before and lost.is_file()


@pytest.mark.parametrize("name", ["../outside.bvh", "/tmp/outside.bvh", "bvh/../../outside.bvh"])
def test_members_that_leave_the_folder_are_refused(tmp_path, name):
    pack(tmp_path / "bad.tar.xz", {name: b"HIERARCHY"})
    with pytest.raises(LimberError, match="unsafe member"):
        extract(tmp_path / "bad.tar.xz", tmp_path / "inside")
    assert not (tmp_path / "outside.bvh").exists()


def test_links_are_refused(tmp_path):
    with tarfile.open(tmp_path / "bad.tar.xz", "w:xz") as tar:
        link = tarfile.TarInfo("bvh/link.bvh")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(LimberError, match="unsafe member"):
        extract(tmp_path / "bad.tar.xz", tmp_path / "inside")


def test_broken_archives_and_empty_folders_are_told(tmp_path):
    with pytest.raises(LimberError, match="no mocap"):
        prepare(tmp_path, tmp_path / "out")
    (tmp_path / "cut.tar.xz").write_bytes(lzma.compress(b"HIERARCHY")[:-8])
    with pytest.raises(LimberError, match="not a whole archive"):
        extract(tmp_path / "cut.tar.xz", tmp_path / "inside")


def test_subjects_are_held_out_as_a_whole():
    assert subject_of("cmu_daz/60_01") == "cmu 60"
    assert subject_of("reactidle/008_genuine") == subject_of("reactidle/008_acted")
    assert subject_of("mesh2motion/bow") == "mesh2motion"
    assert is_held_out("cmu_motionbuilder/05_17") and is_held_out("cmu_asfamc/03_01")
    assert is_held_out("mesh2motion/victory") and not is_held_out("mesh2motion/angry")
    assert not is_held_out("cmu_actions/train_jumping_4")
    assert is_held_out("cmu_daz/60_01") == is_held_out("cmu_daz/61_01")


@pytest.mark.data
def test_the_index_knows_the_rates_of_the_couples(data_folder, tmp_path):
    facts = read_index(data_folder / "mocap" / "cmu_index.csv")
    extract(data_folder / "mocap" / "mesh2motion_bvh.tar.xz", tmp_path / "m2m")
    assert facts["daz/60_01.bvh"]["true_fps"] == "60"
    jobs = list_jobs(
        data_folder / "mocap" / "mesh2motion_bvh.tar.xz", tmp_path / "m2m", tmp_path, facts
    )
    assert len(jobs) == 34 and jobs[0].clip == "mesh2motion/angry" and jobs[0].fps is None

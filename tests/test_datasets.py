"""Loaders for AMASS and HumanML3D, on files written here in the form of those data sets."""

import numpy as np
import pytest

from motion_engine.contacts import sole_points
from motion_engine.errors import LimberError
from motion_engine.motion import mirror
from motion_engine.skeleton import SMPLX, standing_height_m
from training.datasets import (
    Caption,
    load_amass,
    load_humanml3d,
    read_captions,
    read_humanml3d_index,
)

PELVIS_M = SMPLX.offsets[0]


def write_amass(path, frames=240, fps=120.0, width=156, height_m=None, rate="mocap_framerate"):
    """A body that stands, facing -Y, and lifts its left elbow; AMASS is Z up."""
    poses = np.zeros((frames, width))
    poses[:, 0] = np.pi / 2.0
    poses[:, 54] = np.linspace(0.0, 1.0, frames)
    trans = np.tile(-PELVIS_M, (frames, 1))
    trans[:, 2] += standing_height_m() if height_m is None else height_m
    trans[:, 0] += np.linspace(0.0, 0.1, frames)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, poses=poses, trans=trans, betas=np.zeros(16), gender="male", **{rate: fps})


def test_amass_folders_of_smplh_and_smplx(tmp_path):
    write_amass(tmp_path / "KIT" / "3" / "walk_poses.npz")
    write_amass(tmp_path / "SOMA" / "x_stageii.npz", 100, 60.0, 165, rate="mocap_frame_rate")
    np.savez(tmp_path / "KIT" / "3" / "shape.npz", betas=np.zeros(16), gender="male")
    clips = dict(load_amass(tmp_path))
    assert list(clips) == ["KIT/3/walk_poses", "SOMA/x_stageii"]
    assert clips["KIT/3/walk_poses"].frames == 60 and clips["SOMA/x_stageii"].frames == 50
    assert all(motion.fps == 30.0 for motion in clips.values())


@pytest.mark.parametrize("height_m", [0.7, 1.3])
def test_amass_bodies_of_any_height_stand_on_the_floor(tmp_path, height_m):
    write_amass(tmp_path / "clip_poses.npz", height_m=height_m)
    ((_, motion),) = load_amass(tmp_path)
    assert np.abs(sole_points(motion)[..., 2]).max() < 0.01
    assert motion.contacts.mean() > 0.9


def test_empty_folders_and_broken_files_are_told(tmp_path):
    with pytest.raises(LimberError, match="no AMASS clips"):
        list(load_amass(tmp_path))
    (tmp_path / "cut_poses.npz").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(LimberError, match=r"cut_poses\.npz"):
        list(load_amass(tmp_path))


def test_captions_with_and_without_times(tmp_path):
    path = tmp_path / "000001.txt"
    path.write_text(
        "a man walks forward#a/DET man/NOUN walk/VERB forward/ADV#0.0#0.0\n"
        "\n"
        "he stops#he/PRON stop/VERB#1.5#2.25\n"
        "he waits#he/PRON wait/VERB#0.0#nan\n"
    )
    assert read_captions(path) == [
        Caption("a man walks forward", ("a/DET", "man/NOUN", "walk/VERB", "forward/ADV")),
        Caption("he stops", ("he/PRON", "stop/VERB"), 1.5, 2.25),
        Caption("he waits", ("he/PRON", "wait/VERB")),
    ]


@pytest.mark.parametrize(
    "line",
    ["a man walks", "walk#walk/VERB#0.0", "walk#walk/VERB#one#2.0", "#x#0.0#0.0", "w#w#2.0#1.0"],
)
def test_bad_caption_lines_are_told_by_number(tmp_path, line):
    path = tmp_path / "000001.txt"
    path.write_text("fine#fine/ADJ#0.0#0.0\n" + line + "\n")
    with pytest.raises(LimberError, match=r"000001\.txt:2"):
        read_captions(path)


def test_humanml3d_by_clip_files(tmp_path):
    write_amass(tmp_path / "motions" / "000001.npz")
    texts = tmp_path / "texts"
    texts.mkdir()
    for clip, side in (("000001", "left"), ("M000001", "right")):
        (texts / f"{clip}.txt").write_text(
            f"lifts the {side} arm#x#0.0#0.0\nraises it#x#0.0#0.0\nends#x#1.0#1.5\n"
        )
    (texts / "000002.txt").write_text("no motion for this#x#0.0#0.0\n")
    clips = list(load_humanml3d(texts, tmp_path / "motions"))
    assert [(clip.clip, clip.motion.frames, clip.captions) for clip in clips] == [
        ("000001", 60, ("lifts the left arm", "raises it")),
        ("000001", 15, ("ends",)),
        ("M000001", 60, ("lifts the right arm", "raises it")),
        ("M000001", 15, ("ends",)),
    ]
    mirrored = mirror(clips[0].motion)
    np.testing.assert_allclose(clips[2].motion.local_rotations, mirrored.local_rotations)
    np.testing.assert_allclose(
        clips[1].motion.root_positions, clips[0].motion.root_positions[30:45]
    )
    left, right = SMPLX.index("left_elbow"), SMPLX.index("right_elbow")
    assert clips[0].motion.local_rotations[-1, left, 0] < 0.95
    assert clips[2].motion.local_rotations[-1, right, 0] < 0.95


def test_humanml3d_by_index_into_amass(tmp_path):
    """Frames count at 20 a second; MPI_HDM05 loses its first three seconds."""
    write_amass(tmp_path / "KIT" / "3" / "walk_poses.npz", 600)
    write_amass(tmp_path / "MPI_HDM05" / "bk" / "run_poses.npz", 1200)
    index = tmp_path / "index.csv"
    index.write_text(
        "source_path,start_frame,end_frame,new_name\n"
        "./pose_data/KIT/3/walk_poses.npy,20,60,000000.npy\n"
        "./pose_data/MPI_HDM05/bk/run_poses.npy,0,100,000001.npy\n"
        "./pose_data/humanact12/P01.npy,0,50,000002.npy\n"
    )
    excerpts = read_humanml3d_index(index, tmp_path)
    assert sorted(excerpts) == ["000000", "000001"]
    assert (excerpts["000001"].start_seconds, excerpts["000001"].end_seconds) == (3.0, 8.0)
    texts = tmp_path / "texts"
    texts.mkdir()
    for clip in ("000000", "M000001", "000002"):
        (texts / f"{clip}.txt").write_text("moves#move/VERB#0.0#0.0\n")
    clips = {clip.clip: clip.motion for clip in load_humanml3d(texts, tmp_path, index)}
    assert {name: motion.frames for name, motion in clips.items()} == {"000000": 60, "M000001": 150}
    assert clips["000000"].root_positions[0, 0] == pytest.approx(0.1 * 120 / 599, abs=1e-3)


def test_an_index_of_another_kind_is_told(tmp_path):
    (tmp_path / "index.csv").write_text("a,b\n1,2\n")
    with pytest.raises(LimberError, match="columns are missing"):
        read_humanml3d_index(tmp_path / "index.csv", tmp_path)
    with pytest.raises(LimberError, match="no captions"):
        list(load_humanml3d(tmp_path, tmp_path))

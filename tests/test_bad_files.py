"""Damaged motion files: one line that says so, never a traceback, never a hang."""

import numpy as np
import pytest

from motion_engine.errors import LimberError
from motion_engine.formats.asf_amc import read_amc
from motion_engine.formats.bvh import read_bvh
from motion_engine.motion import Motion

BVH = """HIERARCHY
ROOT Hips
{
 OFFSET 0 0 0
 CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
 JOINT LOCOMOTION
 {
  OFFSET 0 1 0
  CHANNELS 3 Zrotation Xrotation Yrotation
  End Site
  {
   OFFSET 0 1 0
  }
 }
}
MOTION
Frames: 1
Frame Time: 0.0333333
0 0 0 0 0 0 0 0 0
"""
ASF = """:version 1.10
:units
 mass 1.0
 length 0.45
 angle deg
:root
 order TX TY TZ RX RY RZ
 axis XYZ
 position 0 0 0
 orientation 0 0 0
:bonedata
 begin
  id 1
  name a
  direction 0 1 0
  length 1
  axis 0 0 0 XYZ
 end
:hierarchy
 begin
  root a
  a root
 end
"""


def refused(read, path):
    with pytest.raises(LimberError) as error:
        read(path)
    message = str(error.value)
    assert "\n" not in message and path.name in message


def test_a_joint_may_be_called_locomotion(tmp_path):
    path = tmp_path / "fine.bvh"
    path.write_text(BVH)
    assert read_bvh(path).skeleton.names == ("Hips", "LOCOMOTION")


@pytest.mark.parametrize(
    "hierarchy",
    [
        "HIERARCHY\nEnd Site\n{\nOFFSET 0 0 0\n}\n",
        "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nEnd Site\n{\nEnd Site\n{\nOFFSET 0 0 0\n}\n}\n}\n",
    ],
)
def test_an_end_site_belongs_to_a_joint(tmp_path, hierarchy):
    path = tmp_path / "ends.bvh"
    path.write_text(hierarchy + "MOTION\nFrames: 1\nFrame Time: 0.03\n0\n")
    refused(read_bvh, path)


def test_bvh_rates_that_nobody_records_are_refused(tmp_path):
    path = tmp_path / "slow.bvh"
    path.write_text(BVH.replace("0.0333333", "1000000"))
    refused(read_bvh, path)


def test_an_asf_hierarchy_that_bites_its_tail_is_refused(tmp_path):
    (tmp_path / "01.asf").write_text(ASF)
    path = tmp_path / "01_01.amc"
    path.write_text(":FULLY-SPECIFIED\n:DEGREES\n1\nroot 0 0 0 0 0 0\n")
    with pytest.raises(LimberError):
        read_amc(path)


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "clip.npz"
    Motion.standing(8).save(path)
    return path


def test_any_flipped_byte_is_read_or_refused(saved):
    whole = saved.read_bytes()
    rng = np.random.default_rng(0)
    for at in rng.integers(0, len(whole), 120):
        damaged = bytearray(whole)
        damaged[at] ^= 0x55
        saved.write_bytes(damaged)
        try:
            Motion.load(saved)
        except LimberError as error:
            assert "\n" not in str(error)


def test_an_array_is_no_archive(saved):
    with open(saved, "wb") as file:
        np.save(file, np.zeros(3))
    refused(Motion.load, saved)


@pytest.mark.parametrize(
    "change",
    [
        {"mocap_frame_rate": 1e-6},
        {"mocap_frame_rate": -30.0},
        {"mocap_frame_rate": 1e9},
        {"contacts": np.zeros((3, 2))},
    ],
)
def test_impossible_values_are_refused_by_name(saved, change):
    with np.load(saved, allow_pickle=False) as file:
        arrays = dict(file)
    np.savez(saved, **(arrays | change))
    refused(Motion.load, saved)

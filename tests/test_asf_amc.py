"""ASF/AMC files, on a small skeleton whose positions are worked out with SciPy."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motion_engine.errors import LimberError
from motion_engine.formats.asf_amc import read_amc, skeleton_file

INCH_M = 0.0254
ASF = """# a comment
:version 1.10
:name test
:units
  mass 1.0
  length 0.45
  angle deg
:documentation
  two bones
:root
  order TX TY TZ RX RY RZ
  axis XYZ
  position 0 0 0
  orientation 0 0 0
:bonedata
  begin
    id 2
    name shin
    direction 0 -1 0
    length 4
    axis 10 20 30 XYZ
    dof rx
    limits (-10.0 170.0)
  end
  begin
    id 1
    name thigh
    direction 0.6 -0.8 0
    length 5
    axis 0 0 20 XYZ
    dof rx ry rz
    limits (-160.0 20.0)
           (-70.0 70.0)
           (-60.0 70.0)
  end
:hierarchy
  begin
    root thigh
    thigh shin
  end
"""
AMC = """#!OML:ASF test
:FULLY-SPECIFIED
:DEGREES
1
root 1 2 3 0 0 0
thigh 0 0 0
shin 0
2
root 9 18 -17 10 20 30
thigh 15 -25 35
shin 40
"""


@pytest.fixture
def clip(tmp_path):
    (tmp_path / "07.asf").write_text(ASF)
    (tmp_path / "07_01.amc").write_text(AMC)
    return tmp_path / "07_01.amc"


def test_bones_turn_about_their_own_axes_in_metres(clip):
    recording = read_amc(clip)
    positions, _ = recording.forward_kinematics()
    unit = INCH_M / 0.45
    assert recording.skeleton.names == ("root", "thigh", "shin")
    assert recording.fps == 120.0

    def turn(axis, angles):
        """Acclaim applies X first, then Y, then Z, about fixed axes: SciPy's lower-case xyz."""
        c = Rotation.from_euler("xyz", axis, degrees=True)
        return c * Rotation.from_euler("xyz", angles, degrees=True) * c.inv()

    root = Rotation.from_euler("xyz", [10, 20, 30], degrees=True)
    thigh = root * turn([0, 0, 20], [15, -25, 35])
    shin = thigh * turn([10, 20, 30], [40, 0, 0])
    hip = np.array([9.0, 18.0, -17.0]) * unit
    knee = hip + thigh.apply([3.0, -4.0, 0.0]) * unit
    ankle = knee + shin.apply([0.0, -4.0, 0.0]) * unit
    np.testing.assert_allclose(positions[1, 1], hip, atol=1e-9)
    np.testing.assert_allclose(positions[1, 2], knee, atol=1e-9)
    tip = Rotation.from_quat(np.roll(recording.forward_kinematics()[1][1, 2], -1))
    np.testing.assert_allclose(
        positions[1, 2] + tip.apply(recording.end_offsets["shin"]), ankle, atol=1e-9
    )


def test_zero_angles_give_the_rest_directions(clip):
    positions, _ = read_amc(clip).forward_kinematics()
    bone = positions[0, 2] - positions[0, 1]
    np.testing.assert_allclose(bone / np.linalg.norm(bone), [0.6, -0.8, 0.0], atol=1e-12)


def test_the_skeleton_is_found_by_subject_or_by_clip(clip):
    assert skeleton_file(clip).name == "07.asf"
    clip.with_suffix(".asf").write_text(ASF)
    assert skeleton_file(clip).name == "07_01.asf"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no frames"),
        (AMC[: AMC.index("2\nroot")] + "2\nroot 9 18", "does not fit"),
        (AMC.replace("shin 40", ""), "shin is missing"),
        (AMC.replace("shin 40", "tail 40"), "does not fit"),
        (AMC.replace("shin 40", "shin nan"), "NaN"),
        (AMC.replace("shin 40", "shin oops"), "numbers"),
    ],
)
def test_bad_motions_are_told_in_one_line(clip, text, says):
    clip.write_text(text)
    with pytest.raises(LimberError, match=says) as error:
        read_amc(clip)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (":hierarchy", ":something"),
        ("thigh shin", "thigh"),
        ("direction 0 -1 0", "direction"),
        ("length 4", "length four"),
        (":units", ":other"),
    ],
)
def test_bad_skeletons_are_told_in_one_line(clip, old, new):
    clip.with_name("07.asf").write_text(ASF.replace(old, new))
    with pytest.raises(LimberError, match="not a whole .asf") as error:
        read_amc(clip)
    assert "\n" not in str(error.value)


def test_a_missing_skeleton_is_told(clip):
    clip.with_name("07.asf").unlink()
    with pytest.raises(LimberError, match="07.asf is missing"):
        read_amc(clip)

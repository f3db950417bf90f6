"""BVH files, against SciPy's rotations and against positions worked out by hand."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.formats.bvh import read_bvh, write_bvh
from motion_engine.formats.importer import import_motion
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX, STANDING

ARM = """HIERARCHY
ROOT hips
{{
  OFFSET 0 1 0
  CHANNELS 6 Xposition Yposition Zposition {root}
  JOINT upper arm
  {{
    OFFSET 2 0 0
    CHANNELS {upper}
    JOINT hand
    {{
      OFFSET 0 3 0
      CHANNELS 3 Zrotation Xrotation Yrotation
      End Site
      {{
        OFFSET 0 0 4
      }}
    }}
  }}
}}
MOTION
Frames: {frames}
Frame Time: {frame_time}
{rows}
"""


def arm(
    rows: list[list[float]], order: str = "ZXY", upper: str = "", frame_time: str = "0.01"
) -> str:
    channels = " ".join(f"{axis}rotation" for axis in order)
    return ARM.format(
        root=channels,
        upper=upper or f"3 {channels}",
        frames=len(rows),
        frame_time=frame_time,
        rows="\n".join(" ".join(f"{value:.9g}" for value in row) for row in rows),
    )


def read(folder, text: str):
    path = folder / "clip.bvh"
    path.write_bytes(text.encode())
    return read_bvh(path)


def dancing(frames: int = 40, seed: int = 3) -> Motion:
    """Smooth random turns of all joints, with angles up to a right angle."""
    rng = np.random.default_rng(seed)
    knots = rng.uniform(-1.5, 1.5, (5, SMPLX.joints, 3))
    at = np.linspace(0.0, 4.0, frames)
    below = np.minimum(at.astype(int), 3)
    t = (at - below)[:, None, None]
    local = rotations.from_axis_angle(knots[below] * (1 - t) + knots[below + 1] * t)
    path = np.cumsum(rng.normal(0.0, 0.02, (frames, 3)), axis=0) + [0.0, 0.0, 1.0]
    return Motion(path, local, np.zeros((frames, 4)))


@settings(max_examples=30, deadline=None)
@given(
    order=st.permutations("XYZ"),
    angles=st.lists(st.floats(-180, 180), min_size=9, max_size=9),
)
def test_channels_turn_in_the_order_written(tmp_path_factory, order, angles):
    order = "".join(order)
    folder = tmp_path_factory.mktemp("bvh")
    recording = read(folder, arm([[0.0, 0.0, 0.0, *angles]], order))
    positions, world = recording.forward_kinematics()
    root = Rotation.from_euler(order, angles[:3], degrees=True)
    upper = root * Rotation.from_euler(order, angles[3:6], degrees=True)
    hand = upper * Rotation.from_euler("ZXY", angles[6:], degrees=True)
    expected = root.apply([2, 0, 0]) + upper.apply([0, 3, 0])
    np.testing.assert_allclose(positions[0, 2], expected, atol=1e-6)
    tip = rotations.rotate(world[0, 2], recording.end_offsets["hand"])
    np.testing.assert_allclose(tip, hand.apply([0, 0, 4]), atol=1e-6)


def test_position_channels_replace_offsets_on_any_joint(tmp_path):
    upper = "6 Xposition Yposition Zposition Zrotation Xrotation Yrotation"
    row = [5, 6, 7, 0, 0, 0, 0.5, 0.25, 0, 0, 0, 0, 0, 0, 0]
    recording = read(tmp_path, arm([row], upper=upper))
    positions, _ = recording.forward_kinematics()
    np.testing.assert_allclose(positions[0, 0], [5, 6, 7])
    np.testing.assert_allclose(positions[0, 1], [5.5, 6.25, 7])
    assert recording.skeleton.names == ("hips", "upper arm", "hand")


def test_line_ends_tabs_and_exponents_do_not_matter(tmp_path):
    row = [0, 0, 0, 90, 0, 0, 0, 0, 0, 0, 0, 0]
    plain = arm([row, row])
    odd = plain.replace("\n", "\r\n").replace("  ", "\t").replace("90", "+9.0E+01")
    odd = re.sub(r"Frames: 2", "Frames:\t2", odd)
    a, b = read(tmp_path, plain), read(tmp_path, odd)
    np.testing.assert_array_equal(a.local_rotations, b.local_rotations)
    assert a.skeleton.names == b.skeleton.names


@pytest.mark.parametrize(
    ("frame_time", "fps"), [("0.0083333", 120), (".0333333", 30), ("0.041667", 24), ("0.4", 2.5)]
)
def test_rounded_frame_times_give_whole_rates(tmp_path, frame_time, fps):
    assert read(tmp_path, arm([[0.0] * 12], frame_time=frame_time)).fps == fps


GOOD = arm([[0.0] * 12] * 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("solid cube\n", "not a BVH"),
        (GOOD.split("MOTION")[0], "MOTION part is missing"),
        (GOOD.split("End Site")[0] + "MOTION" + GOOD.split("MOTION")[1], "cut off"),
        (GOOD[: GOOD.index("Frame Time")], "Frame Time is missing"),
        (GOOD[: GOOD.rindex("0 0 0 0")], "36 values"),
        (GOOD.replace("Frames: 3", "Frames: 0"), "no frames"),
        (GOOD.replace("Frames: 3", "Frames: 4"), "48 values"),
        (GOOD.replace("CHANNELS 3", "CHANNELS 2"), "unexpected"),
        (GOOD.replace("0 0 0 0 0 0\n", "0 0 0 0 0 nan\n", 1), "NaN"),
        (GOOD.replace("0 0 0 0 0 0\n", "0 0 0 0 0 oops\n", 1), "numbers"),
        (GOOD.replace("OFFSET 2 0 0", "OFFSET 2 x 0"), "expected 3 numbers"),
        (GOOD.replace("JOINT hand", "JOINT hips"), "occurs twice"),
        (GOOD.replace("Frame Time: 0.01", "Frame Time: 0"), "not valid"),
    ],
)
def test_bad_files_are_told_in_one_line(tmp_path, text, says):
    with pytest.raises(LimberError, match=re.escape(says)) as error:
        read(tmp_path, text)
    assert "\n" not in str(error.value) and "clip.bvh" in str(error.value)


def test_a_missing_file_and_binary_noise_are_told(tmp_path):
    with pytest.raises(LimberError, match="no such file"):
        read_bvh(tmp_path / "absent.bvh")
    (tmp_path / "noise.bvh").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(LimberError, match="not a BVH"):
        read_bvh(tmp_path / "noise.bvh")


@pytest.mark.parametrize("units_per_metre", [100.0, 1.0])
def test_a_written_motion_reads_back(tmp_path, units_per_metre):
    motion = dancing()
    path = tmp_path / "dance.bvh"
    write_bvh(motion, path, units_per_metre)
    again = import_motion(path)
    turned = rotations.multiply(rotations.conjugate(motion.local_rotations), again.local_rotations)
    assert np.degrees(rotations.angle(turned)).max() < 1e-3
    assert np.abs(again.root_positions - motion.root_positions).max() < 1e-5
    assert again.fps == motion.fps
    assert [file.name for file in tmp_path.iterdir()] == ["dance.bvh"]


def test_written_files_are_y_up_in_centimetres(tmp_path):
    motion = Motion.standing(2)
    write_bvh(motion, tmp_path / "standing.bvh")
    positions, _ = read_bvh(tmp_path / "standing.bvh").forward_kinematics()
    height = motion.root_positions[0, 2]
    np.testing.assert_allclose(positions[0, 0], [0.0, 100.0 * height, 0.0], atol=1e-4)
    names = read_bvh(tmp_path / "standing.bvh").skeleton.names
    elbow = positions[0, names.index("left_elbow")] - positions[0, names.index("left_shoulder")]
    assert elbow[0] > 20.0  # the left arm points along +X
    toe = positions[0, names.index("left_foot")] - positions[0, names.index("left_ankle")]
    assert toe[2] > 10.0  # and the feet along +Z


def test_a_t_pose_of_our_own_is_not_taken_for_an_added_one(tmp_path):
    motion = dancing(20)
    local = motion.local_rotations.copy()
    local[0] = rotations.IDENTITY
    local[:, 0] = STANDING
    jumping = Motion(motion.root_positions, local, motion.contacts)
    write_bvh(jumping, tmp_path / "jump.bvh")
    assert import_motion(tmp_path / "jump.bvh").frames == 20
    write_bvh(jumping.cut(0, 1), tmp_path / "pose.bvh")
    assert import_motion(tmp_path / "pose.bvh").frames == 1

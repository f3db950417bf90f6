"""Mocap onto SMPL-X. The source is evaluated here by SciPy, from the text of the file."""

import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motion_engine import rotations
from motion_engine.contacts import foot_slide_cm_s, sole_points
from motion_engine.formats.asf_amc import read_amc
from motion_engine.formats.bvh import read_bvh
from motion_engine.formats.importer import import_motion
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX

Y_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
Z_UP = np.eye(3)
ARCHIVES = {
    "walk": ("cmu_motionbuilder", "motionbuilder/07_01.bvh"),
    "arabesque": ("cmu_motionbuilder", "motionbuilder/05_05.bvh"),
    "kick": ("cmu_motionbuilder", "motionbuilder/10_03.bvh"),
    "lead": ("cmu_daz", "daz/60_05.bvh"),
    "follow": ("cmu_daz", "daz/61_05.bvh"),
    "terrain": ("cmu_asfamc", "asfamc/03_03.amc"),
    "terrain skeleton": ("cmu_asfamc", "asfamc/03.asf"),
    "dribble": ("cmu_iclone", "iclone/06_02.bvh"),
    "signal": ("cmu_actions", "bvh/train_basketball_signal_1.bvh"),
    "idle": ("reactidle_bvh", "acted/001_acted.bvh"),
    "bow": ("mesh2motion_bvh", "bvh/bow.bvh"),
    "jab": ("mesh2motion_bvh", "bvh/fighting-right-jab.bvh"),
    "jacks": ("animated_drawings_bvh", "bvh/cmu1/jumping_jacks.bvh"),
    "wave": ("animated_drawings_bvh", "bvh/fair1/wave_hello.bvh"),
    "dance": ("animated_drawings_bvh", "bvh/rokoko/jesse_dance.bvh"),
}


@dataclass(frozen=True)
class Case:
    """``limbs``: our joint to the source's, side by side; "end" marks an end site."""

    clip: str
    source_fps: float
    skipped: int
    up: np.ndarray
    limbs: dict[str, str]


def limbs(left: str, right: str, hip: str, knee: str, ankle: str, toe: str, arm: str) -> dict:
    """Source names for both sides; ``arm`` holds shoulder, elbow and wrist."""
    names = dict(zip(("hip", "knee", "ankle", "foot"), (hip, knee, ankle, toe)))
    names |= dict(zip(("shoulder", "elbow", "wrist"), arm.split()))
    return {
        f"{side}_{joint}": name.replace("*", word).replace("_end", " end")
        for side, word in (("left", left), ("right", right))
        for joint, name in names.items()
    }


MOTIONBUILDER = limbs(
    "Left", "Right", "*UpLeg", "*Leg", "*Foot", "*ToeBase", "*Arm *ForeArm *Hand"
) | {"pelvis": "Hips", "neck": "Neck1", "head": "Head"}
PLAIN_NECK = MOTIONBUILDER | {"neck": "Neck"}
DAZ = limbs("l", "r", "*Thigh", "*Shin", "*Foot", "*Foot_end", "*Shldr *ForeArm *Hand") | {
    "pelvis": "hip",
    "neck": "neck",
    "head": "head",
}
UNREAL_NAMES = limbs(
    "l", "r", "thigh_*", "calf_*", "foot_*", "ball_*", "upperarm_* lowerarm_* hand_*"
) | {"pelvis": "pelvis", "neck": "neck_01", "head": "head"}
CASES = [
    Case("walk", 120, 1, Y_UP, MOTIONBUILDER),
    Case("arabesque", 120, 1, Y_UP, MOTIONBUILDER),
    Case("signal", 120, 1, Y_UP, MOTIONBUILDER),
    Case("kick", 120, 8, Y_UP, DAZ),
    Case("lead", 60, 8, Y_UP, DAZ),
    Case("follow", 60, 8, Y_UP, DAZ),
    Case(
        "dribble", 120, 0, Y_UP,
        limbs(
            "CC_Base_L_", "CC_Base_R_", "*Thigh", "*Calf", "*Foot", "*ToeBase",
            "*Upperarm *Forearm *Hand",
        )
        | {"pelvis": "CC_Base_Hip", "neck": "CC_Base_NeckTwist01", "head": "CC_Base_Head"},
    ),
    Case(
        "idle", 24, 0, Y_UP,
        limbs(
            "L", "R", "thigh.*", "shin.*", "foot.*", "foot.*_end",
            "upper_arm.* forearm.* forearm.*_end",
        )
        | {"pelvis": "pelvis", "neck": "neck", "head": "face"},
    ),
    Case("bow", 24, 0, Y_UP, UNREAL_NAMES),
    Case("jab", 24, 0, Y_UP, UNREAL_NAMES),
    Case(
        "jacks", 30, 0, Y_UP,
        limbs("Left", "Right", "*Hip", "*Knee", "*Ankle", "*Toe", "*Shoulder *Elbow *Wrist")
        | {"pelvis": "Hips", "neck": "Neck", "head": "Head"},
    ),
    Case("wave", 120, 0, Z_UP, PLAIN_NECK),
    Case("dance", 100, 0, Y_UP, PLAIN_NECK),
]  # fmt: skip
BONES = [("pelvis", "neck"), ("neck", "head")] + [
    (f"{side}_{start}", f"{side}_{end}")
    for side in ("left", "right")
    for start, end in [("hip", "knee"), ("knee", "ankle"), ("ankle", "foot")]
    + [("shoulder", "elbow"), ("elbow", "wrist")]
]


@pytest.fixture(scope="session")
def mocap(data_folder, tmp_path_factory) -> dict[str, Path]:
    """Single clips out of the archives, each archive read only as far as needed."""
    folder = tmp_path_factory.mktemp("mocap")
    for archive in sorted({archive for archive, _ in ARCHIVES.values()}):
        wanted = {member for name, member in ARCHIVES.values() if name == archive}
        with tarfile.open(data_folder / "mocap" / f"{archive}.tar.xz", "r|xz") as tar:
            for member in tar:
                if member.name in wanted:
                    tar.extract(member, folder, filter="data")
                    wanted.remove(member.name)
                if not wanted:
                    break
    return {name: folder / member for name, (_, member) in ARCHIVES.items()}


def source_points(path: Path, wanted: set[str], up: np.ndarray) -> dict[str, np.ndarray]:
    """World positions ``[F, 3]``, Z up, of joints and "name end" points, by SciPy alone."""
    hierarchy, motion = path.read_text().split("MOTION")
    rows = motion.strip().splitlines()[2:]
    values = np.array(" ".join(rows).split(), dtype=float).reshape(len(rows), -1)
    points: dict[str, np.ndarray] = {}
    stack: list[tuple[str, np.ndarray, Rotation]] = []
    here, turn, name, column = np.zeros((len(rows), 3)), Rotation.identity(len(rows)), "", 0
    for words in (line.split() for line in hierarchy.splitlines()):
        if not words:
            continue
        if words[0] in ("ROOT", "JOINT", "End"):
            name = f"{name} end" if words[0] == "End" else words[1]
        elif words[0] == "{":
            stack.append((name, here, turn))
        elif words[0] == "}":
            stack.pop()
            if stack:
                name, here, turn = stack[-1]
        elif words[0] == "OFFSET":
            _, parent, turn = stack[-1]
            offset = np.array(words[1:4], dtype=float)
            here = parent + turn.apply(np.tile(offset, (len(rows), 1)))
            points[name] = here
            stack[-1] = (name, here, turn)
        elif words[0] == "CHANNELS":
            block = values[:, column : column + int(words[1])]
            column += int(words[1])
            parent, parent_turn = (stack[-2][1], stack[-2][2]) if len(stack) > 1 else (0.0, turn)
            kinds = [word[1:] for word in words[2:]]
            if "position" in kinds:
                order = ["XYZ".index(w[0]) for w in words[2:] if w.endswith("position")]
                local = np.zeros((len(rows), 3))
                local[:, order] = block[:, [k == "position" for k in kinds]]
                here = parent + parent_turn.apply(local)
            axes = "".join(w[0] for w in words[2:] if w.endswith("rotation"))
            angles = block[:, [k == "rotation" for k in kinds]]
            turn = parent_turn * Rotation.from_euler(axes, angles, degrees=True)
            points[name] = here
            stack[-1] = (name, here, turn)
    return {name: points[name] @ up.T for name in wanted}


def at_30_fps(points: np.ndarray, fps: float, skipped: int, frames: int) -> np.ndarray:
    at = skipped + np.arange(frames) * fps / 30.0
    below = np.minimum(np.floor(at + 1e-6).astype(int), len(points) - 1)
    above = np.minimum(below + 1, len(points) - 1)
    t = (at - below)[:, None]
    return points[below] * (1.0 - t) + points[above] * t


def steps_deg(motion: Motion) -> np.ndarray:
    local = motion.local_rotations
    turned = rotations.multiply(rotations.conjugate(local[:-1]), local[1:])
    return np.degrees(rotations.angle(turned))


@pytest.mark.data
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.clip)
def test_limbs_point_as_in_the_source(mocap, case):
    path = mocap[case.clip]
    motion = import_motion(path, fps=case.source_fps)
    source = source_points(path, set(case.limbs.values()), case.up)
    ours = motion.joint_positions()
    all_errors = []
    for start, end in BONES:
        theirs = source[case.limbs[end]] - source[case.limbs[start]]
        theirs = at_30_fps(theirs, case.source_fps, case.skipped, motion.frames)
        mine = ours[:, SMPLX.index(end)] - ours[:, SMPLX.index(start)]
        lengths = np.linalg.norm(theirs, axis=1) * np.linalg.norm(mine, axis=1)
        cosine = np.clip(np.sum(theirs * mine, axis=1) / lengths, -1.0, 1.0)
        error = np.degrees(np.arccos(cosine))
        assert np.median(error) < 3.0, (start, end)
        assert np.percentile(error, 95) < 8.0, (start, end)
        all_errors.append(error)
    assert np.median(np.concatenate(all_errors)) < 0.5


@pytest.mark.data
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.clip)
def test_planted_soles_are_on_the_floor(mocap, case):
    motion = import_motion(mocap[case.clip], fps=case.source_fps)
    planted = motion.contacts > 0.5
    assert planted.any()
    assert abs(np.median(sole_points(motion)[..., 2][planted])) < 0.02


@pytest.mark.data
@pytest.mark.parametrize("clip", ["walk", "signal", "idle", "bow", "jacks", "dance"])
def test_no_joint_jumps(mocap, clip):
    assert steps_deg(import_motion(mocap[clip])).max() < 60.0


@pytest.mark.data
def test_half_turns_of_a_raised_leg_are_turned_back(mocap):
    """The source flips the straight raised leg by up to 180 degrees about itself, many times."""
    path = mocap["arabesque"]
    motion, recording = import_motion(path), read_bvh(path).cut(1).resample(30.0)
    thigh = recording.local_rotations[:, recording.skeleton.index("RightUpLeg")]
    theirs = rotations.angle(rotations.multiply(rotations.conjugate(thigh[:-1]), thigh[1:]))
    ours = steps_deg(motion)[:, SMPLX.index("right_hip")]
    assert np.sum(np.degrees(theirs) > 90.0) >= 6
    assert np.sum(ours > 90.0) <= 1


@pytest.mark.data
@pytest.mark.parametrize(
    ("clip", "fps"), [("walk", 120), ("kick", 120), ("terrain", 120), ("dribble", 120)]
)
def test_a_walk_faces_its_way_with_the_left_on_the_left(mocap, clip, fps):
    motion = import_motion(mocap[clip], fps=fps)
    positions = motion.joint_positions()
    velocity = np.gradient(motion.root_positions[:, :2], axis=0) * motion.fps
    speed = np.linalg.norm(velocity, axis=1)
    moving = speed > 0.6
    assert moving.sum() > 20
    travel = velocity[moving] / speed[moving, None]
    face = rotations.rotate(motion.local_rotations[:, 0], np.array([0.0, 0.0, 1.0]))
    assert np.mean(np.sum(face[moving, :2] * travel, axis=1)) > 0.7
    leftwards = np.stack([-travel[:, 1], travel[:, 0]], axis=1)
    for joint in ("hip", "shoulder"):
        across = positions[:, SMPLX.index(f"left_{joint}")]
        across = across - positions[:, SMPLX.index(f"right_{joint}")]
        assert np.mean(np.sum(across[moving, :2] * leftwards, axis=1)) > 0.1


@pytest.mark.data
@pytest.mark.parametrize("clip", ["walk", "terrain", "dribble", "lead", "jab"])
def test_knees_and_elbows_bend_the_right_way(mocap, clip):
    """Knees turn about +X of the thigh, elbows towards the front: left about -Y, right about +Y."""
    local = rotations.to_axis_angle(import_motion(mocap[clip]).local_rotations)
    bends = {
        "left_knee": (0, 1),
        "right_knee": (0, 1),
        "left_elbow": (1, -1),
        "right_elbow": (1, 1),
    }
    for joint, (axis, sign) in bends.items():
        bend = local[:, SMPLX.index(joint)]
        bent = np.linalg.norm(bend, axis=1) > np.radians(35.0)
        if bent.sum() > 5:
            along = sign * bend[bent, axis] / np.linalg.norm(bend[bent], axis=1)
            assert np.median(along) > 0.6, joint


@pytest.mark.data
def test_a_couple_keeps_its_places(mocap):
    lead, follow = (import_motion(mocap[name], fps=60) for name in ("lead", "follow"))
    assert lead.frames == follow.frames
    apart = []
    for case, motion in ((CASES[4], lead), (CASES[5], follow)):
        hip = source_points(mocap[case.clip], {"lThigh"}, Y_UP)["lThigh"]
        apart.append(at_30_fps(hip, 60, 8, motion.frames))
    left_hip = SMPLX.index("left_hip")
    ours = lead.joint_positions()[:, left_hip] - follow.joint_positions()[:, left_hip]
    theirs = apart[0] - apart[1]
    scale = np.median(np.linalg.norm(ours[:, :2], axis=1) / np.linalg.norm(theirs[:, :2], axis=1))
    assert np.abs(ours[:, :2] - scale * theirs[:, :2]).max() < 0.05


@pytest.mark.data
def test_a_stated_rate_overrides_the_header(mocap):
    assert import_motion(mocap["lead"], fps=60).frames == pytest.approx(
        2 * import_motion(mocap["lead"]).frames, abs=2
    )


@pytest.mark.data
def test_fingers_arrive(mocap):
    """The jab is boxed with closed fists: fingertips lie near the wrist, not stretched."""
    positions = import_motion(mocap["jab"]).joint_positions()
    tip = positions[:, SMPLX.index("right_middle3")] - positions[:, SMPLX.index("right_wrist")]
    stretched = SMPLX.rest_positions[SMPLX.index("right_middle3")]
    stretched = np.linalg.norm(stretched - SMPLX.rest_positions[SMPLX.index("right_wrist")])
    assert np.median(np.linalg.norm(tip, axis=1)) < 0.75 * stretched


@pytest.mark.data
def test_feet_hardly_slide(mocap):
    assert foot_slide_cm_s(import_motion(mocap["idle"]).cut(0, 300)) < 3.0
    assert foot_slide_cm_s(import_motion(mocap["walk"])) < 25.0


@pytest.mark.data
def test_acclaim_and_motionbuilder_agree_on_scale(mocap):
    recording = read_amc(mocap["terrain"])
    heights = recording.forward_kinematics()[0][..., 1]
    assert 1.3 < np.median(heights.max(axis=1) - heights.min(axis=1)) < 1.9

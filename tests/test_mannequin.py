"""The mannequin: a closed, symmetric, well-weighted body that follows its skeleton."""

from dataclasses import replace

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.drawing.loft import ball, loft
from motion_engine.drawing.mannequin import MATERIALS, build_mannequin, skin
from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX, Skeleton


@pytest.fixture(scope="module")
def mannequin():
    return build_mannequin()


def _acting(frames: int, seed: int) -> Motion:
    random = np.random.default_rng(seed)
    still = Motion.standing(frames)
    turns = rotations.from_axis_angle(random.normal(0.0, 0.4, (frames, SMPLX.joints, 3)))
    return replace(
        still,
        local_rotations=rotations.multiply(still.local_rotations, turns),
        root_positions=still.root_positions + random.normal(0.0, 1.0, (frames, 3)),
    )


def test_weights_are_shares_of_at_most_four_joints(mannequin):
    weights = mannequin.weights
    assert weights.shape == (len(mannequin.vertices), SMPLX.joints)
    np.testing.assert_allclose(weights.sum(axis=-1), 1.0, atol=1e-12)
    assert weights.min() >= 0.0
    assert (weights > 0.0).sum(axis=-1).max() <= 4


def test_every_body_joint_and_finger_moves_something(mannequin):
    moved = {SMPLX.names[j] for j in np.flatnonzero(mannequin.weights.max(axis=0) > 0.4)}
    without_skin = {"jaw", "left_eye_smplhf", "right_eye_smplhf"}
    assert set(SMPLX.names) - moved <= without_skin


def test_surface_is_closed_and_faces_outward(mannequin):
    triangles = mannequin.triangles
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    codes = edges[:, 0] * len(mannequin.vertices) + edges[:, 1]
    opposite = edges[:, 1] * len(mannequin.vertices) + edges[:, 0]
    assert len(np.unique(codes)) == len(codes)
    assert set(codes.tolist()) == set(opposite.tolist())
    a, b, c = np.moveaxis(mannequin.vertices[triangles], 1, 0)
    volume_m3 = np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0
    assert 0.05 < volume_m3 < 0.09


def test_left_mirrors_right(mannequin):
    ordered = np.round(mannequin.vertices * 1e5).astype(int)
    mirrored = np.round(mannequin.vertices * [-1e5, 1e5, 1e5]).astype(int)
    assert {tuple(v) for v in ordered} == {tuple(v) for v in mirrored}


def test_materials_tell_left_from_right(mannequin):
    assert len(MATERIALS) == mannequin.face_materials.max() + 1
    centres = mannequin.vertices[mannequin.faces].mean(axis=1)
    names = [name for name, _ in MATERIALS]
    assert (centres[mannequin.face_materials == names.index("left"), 0] > 0.0).mean() > 0.98
    assert (centres[mannequin.face_materials == names.index("right"), 0] < 0.0).mean() > 0.98


def test_soles_touch_the_floor_and_the_height_is_an_adults(mannequin):
    vertices = skin(mannequin, Motion.standing(1), [0])[0]
    assert vertices[:, 2].min() == pytest.approx(0.0, abs=1e-6)
    assert 1.70 < vertices[:, 2].max() < 1.80
    nose = vertices[vertices[:, 2] > 1.5][:, 1].min()
    assert nose < -0.1


def test_skinning_equals_the_weighted_sum_written_out(mannequin):
    motion = _acting(5, seed=3)
    frames = [1, 4]
    fast = skin(mannequin, motion, frames)
    positions, world = motion.forward_kinematics()
    for vertex in range(0, len(mannequin.vertices), 997):
        for row, frame in enumerate(frames):
            expected = np.zeros(3)
            for joint in np.flatnonzero(mannequin.weights[vertex]):
                offset = mannequin.vertices[vertex] - SMPLX.rest_positions[joint]
                moved = rotations.to_matrix(world[frame, joint]) @ offset + positions[frame, joint]
                expected += mannequin.weights[vertex, joint] * moved
            np.testing.assert_allclose(fast[row, vertex], expected, atol=1e-9)


def test_skeleton_without_smplx_joints_is_refused():
    stick = Skeleton(("root", "tip"), np.array([-1, 0]), np.zeros((2, 3)))
    with pytest.raises(LimberError, match="SMPL-X"):
        build_mannequin(stick)


def test_ball_has_the_volume_of_an_ellipsoid():
    surface = ball(np.array([1.0, 2.0, 3.0]), (0.2, 0.3, 0.4), rings=60, segments=120)
    distances = ((surface.vertices - [1.0, 2.0, 3.0]) / [0.2, 0.3, 0.4]) ** 2
    np.testing.assert_allclose(distances.sum(axis=-1), 1.0, atol=1e-9)


def test_loft_passes_through_its_sections():
    sections = [(0.0, 0.1, 0.2, 0.2), (0.5, 0.3, 0.1, 0.1), (1.0, 0.2, 0.2, 0.2)]
    surface = loft([(0, 0, 0), (0, 1, 0)], (0, 0, 1), sections, 79, 32, caps=(0.1, 0.1))
    middle = surface.vertices[np.abs(surface.vertices[:, 1] - 0.5) < 1e-6]
    assert np.abs(middle[:, 0]).max() == pytest.approx(0.3, abs=1e-6)
    assert np.abs(middle[:, 2]).max() == pytest.approx(0.1, abs=1e-6)

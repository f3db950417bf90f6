"""Rotations against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from motion_engine import rotations

ORDERS = ["xyz", "xzy", "yxz", "yzx", "zxy", "zyx"]
unit_quaternions = (
    arrays(np.float64, (5, 4), elements=st.floats(-1, 1))
    .filter(lambda q: (np.linalg.norm(q, axis=-1) > 0.1).all())
    .map(rotations.normalize)
)


def scipy_of(q):
    return Rotation.from_quat(q[..., [1, 2, 3, 0]])


@given(unit_quaternions, unit_quaternions)
def test_products_match_matrices(a, b):
    expected = (scipy_of(a) * scipy_of(b)).as_matrix()
    np.testing.assert_allclose(rotations.to_matrix(rotations.multiply(a, b)), expected, atol=1e-12)


@given(unit_quaternions, arrays(np.float64, (5, 3), elements=st.floats(-10, 10)))
def test_rotate_matches_scipy(q, v):
    np.testing.assert_allclose(rotations.rotate(q, v), scipy_of(q).apply(v), atol=1e-10)


@given(unit_quaternions)
def test_every_form_and_back(q):
    matrix = scipy_of(q).as_matrix()
    for there_and_back in (
        rotations.from_matrix(matrix),
        rotations.from_6d(rotations.to_6d(q)),
        rotations.from_axis_angle(scipy_of(q).as_rotvec()),
        rotations.from_axis_angle(rotations.to_axis_angle(q)),
    ):
        np.testing.assert_allclose(rotations.to_matrix(there_and_back), matrix, atol=1e-9)


def test_six_numbers_are_the_first_two_columns():
    quarter_turn = rotations.about("z", np.pi / 2)
    np.testing.assert_allclose(rotations.to_6d(quarter_turn), [0, 1, 0, -1, 0, 0], atol=1e-12)


@pytest.mark.parametrize("order", ORDERS)
@given(angles=arrays(np.float64, (4, 3), elements=st.floats(-1.5, 1.5)))
def test_euler_angles_match_scipy(order, angles):
    q = rotations.from_euler(angles, order)
    expected = Rotation.from_euler(order.upper(), angles).as_matrix()
    np.testing.assert_allclose(rotations.to_matrix(q), expected, atol=1e-12)
    np.testing.assert_allclose(rotations.to_euler(q, order), angles, atol=1e-7)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("middle", [np.pi / 2, -np.pi / 2])
def test_euler_angles_survive_gimbal_lock(order, middle):
    q = rotations.from_euler(np.array([0.4, middle, -0.9]), order)
    again = rotations.from_euler(rotations.to_euler(q, order), order)
    np.testing.assert_allclose(rotations.to_matrix(again), rotations.to_matrix(q), atol=1e-6)


@given(arrays(np.float64, (4, 3), elements=st.floats(-1, 1)), st.randoms())
def test_between_takes_one_direction_to_the_other(a, _):
    a = rotations.normalize(a + np.array([2.0, 0, 0]))
    for b in (a[::-1], -a, a):
        turned = rotations.rotate(rotations.between(a, b), a)
        np.testing.assert_allclose(turned, b, atol=1e-6)


@given(unit_quaternions, unit_quaternions, st.floats(0, 1))
def test_slerp_moves_along_the_arc_at_constant_speed(a, b, t):
    whole = rotations.angle(rotations.multiply(rotations.conjugate(a), b))
    part = rotations.multiply(rotations.conjugate(a), rotations.slerp(a, b, t))
    np.testing.assert_allclose(rotations.angle(part), t * whole, atol=1e-4)


def test_unroll_keeps_neighbours_together():
    q = rotations.about("y", np.linspace(0, 20, 200))
    flipped = q * np.where(np.arange(200) % 3 == 0, -1.0, 1.0)[:, None]
    dots = np.sum(np.diff(rotations.unroll(flipped), axis=0) ** 2, axis=-1)
    assert dots.max() < 0.01


@given(unit_quaternions)
def test_swing_and_twist_compose_to_the_whole(q):
    axis = rotations.normalize(np.array([1.0, 2.0, -0.5]))
    swing, twist = rotations.swing_twist(q, axis)
    np.testing.assert_allclose(
        rotations.to_matrix(rotations.multiply(swing, twist)), rotations.to_matrix(q), atol=1e-9
    )
    np.testing.assert_allclose(rotations.rotate(twist, axis), np.tile(axis, (5, 1)), atol=1e-9)

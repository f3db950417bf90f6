"""Rotations as pure functions over any batch shape.

Quaternions are ``[..., 4]``, ordered wxyz, of unit length. ``q`` and ``-q`` are the same rotation.
The 6D form is the first two *columns* of the rotation matrix, one after the other
(Zhou et al., "On the Continuity of Rotation Representations in Neural Networks", CVPR 2019).
"""

import numpy as np

IDENTITY = np.array([1.0, 0.0, 0.0, 0.0])
AXES = dict(zip("xyz", np.eye(3)))
_TINY = 1e-12


def normalize(v: np.ndarray) -> np.ndarray:
    """Unit vectors (or quaternions) along the last axis; a zero vector stays zero."""
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), _TINY)


def multiply(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Hamilton product ``a b``: first ``b`` is applied, then ``a``."""
    a, b = np.broadcast_arrays(a, b)
    w, x, y, z = np.moveaxis(a, -1, 0)
    s, t, u, v = np.moveaxis(b, -1, 0)
    return np.stack(
        [
            w * s - x * t - y * u - z * v,
            w * t + x * s + y * v - z * u,
            w * u - x * v + y * s + z * t,
            w * v + x * u - y * t + z * s,
        ],
        axis=-1,
    )


def conjugate(q: np.ndarray) -> np.ndarray:
    """The inverse rotation."""
    return q * np.array([1.0, -1.0, -1.0, -1.0], dtype=np.asarray(q).dtype)


def rotate(q: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Vectors ``v [..., 3]`` turned by ``q [..., 4]`` (both broadcast)."""
    axis = q[..., 1:]
    across = cross(axis, v)
    return v + 2.0 * (q[..., :1] * across + cross(axis, across))


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cross product ``[..., 3]``, several times faster than ``numpy.cross`` on small arrays."""
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def about(axis: np.ndarray | str, angle_rad: np.ndarray | float) -> np.ndarray:
    """Rotation by ``angle_rad [...]`` about a unit ``axis [..., 3]`` (or ``"x"``, ``"y"``, ``"z"``)."""
    axis = AXES[axis] if isinstance(axis, str) else np.asarray(axis)
    half = np.asarray(angle_rad, dtype=np.float64)[..., None] / 2.0
    vector = np.sin(half) * axis
    scalar = np.broadcast_to(np.cos(half), vector.shape[:-1] + (1,))
    return np.concatenate([scalar, vector], axis=-1)


def from_axis_angle(v: np.ndarray) -> np.ndarray:
    """Rotation vectors ``[..., 3]`` (axis times angle in radians) to quaternions."""
    v = np.asarray(v)
    angle = np.linalg.norm(v, axis=-1, keepdims=True)
    scale = 0.5 * np.sinc(angle / (2.0 * np.pi))
    return np.concatenate([np.cos(angle / 2.0), v * scale], axis=-1)


def to_axis_angle(q: np.ndarray) -> np.ndarray:
    """Rotation vectors ``[..., 3]`` with angles in 0..pi."""
    q = np.where(q[..., :1] < 0.0, -q, q)
    sine = np.linalg.norm(q[..., 1:], axis=-1, keepdims=True)
    angle = 2.0 * np.arctan2(sine, q[..., :1])
    return q[..., 1:] * np.where(sine > 1e-9, angle / np.maximum(sine, 1e-9), 2.0)


def angle(q: np.ndarray) -> np.ndarray:
    """Rotation angle in radians, 0..pi."""
    return 2.0 * np.arctan2(np.linalg.norm(q[..., 1:], axis=-1), np.abs(q[..., 0]))


def to_matrix(q: np.ndarray) -> np.ndarray:
    """Rotation matrices ``[..., 3, 3]`` acting on column vectors."""
    w, x, y, z = np.moveaxis(np.asarray(q), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def from_matrix(m: np.ndarray) -> np.ndarray:
    """Quaternions of rotation matrices, by the largest of the four components (Shepperd, 1978)."""
    m = np.asarray(m)
    xx, yy, zz = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    squares = np.stack(
        [1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz], axis=-1
    )
    wx, wy, wz = (
        m[..., 2, 1] - m[..., 1, 2],
        m[..., 0, 2] - m[..., 2, 0],
        m[..., 1, 0] - m[..., 0, 1],
    )
    xy, xz, yz = (
        m[..., 1, 0] + m[..., 0, 1],
        m[..., 0, 2] + m[..., 2, 0],
        m[..., 2, 1] + m[..., 1, 2],
    )
    candidates = np.stack(
        [
            np.stack([squares[..., 0], wx, wy, wz], axis=-1),
            np.stack([wx, squares[..., 1], xy, xz], axis=-1),
            np.stack([wy, xy, squares[..., 2], yz], axis=-1),
            np.stack([wz, xz, yz, squares[..., 3]], axis=-1),
        ],
        axis=-2,
    )
    best = np.argmax(squares, axis=-1)[..., None, None]
    return normalize(np.take_along_axis(candidates, best, axis=-2)[..., 0, :])


def to_6d(q: np.ndarray) -> np.ndarray:
    """First two columns of the matrix, ``[..., 6]``: column 0, then column 1."""
    m = to_matrix(q)
    return np.concatenate([m[..., :, 0], m[..., :, 1]], axis=-1)


def from_6d(x: np.ndarray) -> np.ndarray:
    """Quaternions of any 6D values, made orthonormal by Gram-Schmidt."""
    first = normalize(x[..., :3])
    second = x[..., 3:] - np.sum(first * x[..., 3:], axis=-1, keepdims=True) * first
    second = normalize(second)
    return from_matrix(np.stack([first, second, np.cross(first, second)], axis=-1))


def from_euler(angles_rad: np.ndarray, order: str) -> np.ndarray:
    """Intrinsic rotations in the order written (BVH's channel order).

    ``order="zyx"`` with angles ``[..., 3]`` is ``Rz(a0) Ry(a1) Rx(a2)``; any number of axes works.
    """
    result = np.broadcast_to(IDENTITY, np.shape(angles_rad)[:-1] + (4,))
    for i, axis in enumerate(order.lower()):
        result = multiply(result, about(axis, angles_rad[..., i]))
    return result


def to_euler(q: np.ndarray, order: str) -> np.ndarray:
    """Angles ``[..., 3]`` in radians for three different axes, inverse of :func:`from_euler`.

    At gimbal lock the third angle is zero.
    """
    i, j, k = ("xyz".index(axis) for axis in order.lower())
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    m = to_matrix(q)
    middle_sine = np.clip(sign * m[..., i, k], -1.0, 1.0)
    locked = np.abs(middle_sine) > 1.0 - 1e-9
    first = np.where(
        locked,
        np.arctan2(sign * m[..., k, j], m[..., j, j]),
        np.arctan2(-sign * m[..., j, k], m[..., k, k]),
    )
    third = np.where(locked, 0.0, np.arctan2(-sign * m[..., i, j], m[..., i, i]))
    return np.stack([first, np.arcsin(middle_sine), third], axis=-1)


def between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Shortest rotation that takes direction ``a [..., 3]`` to direction ``b [..., 3]``."""
    a, b = np.broadcast_arrays(normalize(np.asarray(a, float)), normalize(np.asarray(b, float)))
    cosine = np.sum(a * b, axis=-1, keepdims=True)
    q = np.concatenate([1.0 + cosine, cross(a, b)], axis=-1)
    smallest = np.eye(3)[np.argmin(np.abs(a), axis=-1)]
    half_turn = np.concatenate([np.zeros_like(cosine), normalize(np.cross(a, smallest))], axis=-1)
    return normalize(np.where(cosine < -1.0 + 1e-9, half_turn, q))


def slerp(a: np.ndarray, b: np.ndarray, t: np.ndarray | float) -> np.ndarray:
    """Constant-speed interpolation along the shorter arc; ``t [...]`` of 0 gives a, of 1 gives b."""
    t = np.asarray(t, dtype=np.float64)[..., None]
    cosine = np.sum(a * b, axis=-1, keepdims=True)
    b = np.where(cosine < 0.0, -b, b)
    theta = np.arccos(np.clip(np.abs(cosine), 0.0, 1.0))
    sine = np.sin(theta)
    near = sine < 1e-6
    sine = np.where(near, 1.0, sine)
    weight_a = np.where(near, 1.0 - t, np.sin((1.0 - t) * theta) / sine)
    weight_b = np.where(near, t, np.sin(t * theta) / sine)
    return normalize(weight_a * a + weight_b * b)


def unroll(q: np.ndarray, axis: int = 0) -> np.ndarray:
    """Signs chosen so that neighbours along ``axis`` lie on the same half of the sphere."""
    q = np.moveaxis(np.asarray(q), axis, 0)
    dots = np.sum(q[1:] * q[:-1], axis=-1)
    signs = np.cumprod(np.where(dots < 0.0, -1.0, 1.0), axis=0)
    return np.moveaxis(np.concatenate([q[:1], q[1:] * signs[..., None]]), 0, axis)


def swing_twist(q: np.ndarray, axis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split ``q = swing twist`` with the twist about the unit ``axis [..., 3]``.

    A half turn across the axis has no twist of its own: it is given as pure swing.
    """
    along = np.sum(q[..., 1:] * axis, axis=-1, keepdims=True)
    twist = np.concatenate([q[..., :1], along * axis], axis=-1)
    length = np.linalg.norm(twist, axis=-1, keepdims=True)
    twist = np.where(length > 1e-9, twist / np.maximum(length, 1e-9), IDENTITY)
    return multiply(q, conjugate(twist)), twist

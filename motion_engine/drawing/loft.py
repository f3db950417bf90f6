"""Lofts: smooth closed surfaces through elliptic cross-sections, the clay of the mannequin."""

from dataclasses import dataclass

import numpy as np

from ..rotations import normalize


@dataclass(frozen=True)
class Surface:
    """``vertices [V, 3]`` metres; ``faces [N, 4]`` counter-clockwise seen from outside, triangles
    repeat their last vertex; ``along [V]`` in 0..1 from the start of the loft to its end."""

    vertices: np.ndarray
    faces: np.ndarray
    along: np.ndarray


def loft(
    spine: np.ndarray,
    front: tuple[float, float, float],
    sections: list[tuple[float, ...]],
    rings: int,
    segments: int,
    caps: tuple[float, float] = (0.5, 0.5),
    squareness: float = 2.0,
) -> Surface:
    """A surface along the polyline ``spine [P, 3]`` with rounded ends.

    Each section is ``(s, side, front, back)`` or ``(s, side, front, back, side shift, front
    shift)``: the place along the spine (0..1 of its length) and half extents in metres towards the
    side, ``front`` and its opposite. ``caps`` are the lengths of both rounded ends, as a fraction
    of the spine. ``squareness`` 2 gives ellipses, more gives rounded boxes (Lame curves).
    """
    s = _ring_places(rings, caps)
    table = np.array([tuple(row) + (0.0,) * (6 - len(row)) for row in sections])
    profile = _hermite(table[:, 0], table[:, 1:], s)
    profile[:, :3] *= _rounding(s, caps)[:, None]
    centres, tangents = _along_polyline(np.asarray(spine, dtype=np.float64), s)
    side_axes = normalize(np.cross(tangents, np.asarray(front, dtype=np.float64)))
    front_axes = np.cross(side_axes, tangents)
    angles = np.arange(segments) * (2.0 * np.pi / segments)
    across, ahead = (_lame(wave(angles), squareness) for wave in (np.cos, np.sin))
    side, fore, back, side_shift, front_shift = profile.T
    depth = np.where(ahead > 0.0, fore[:, None], back[:, None]) * ahead + front_shift[:, None]
    width = side[:, None] * across + side_shift[:, None]
    points = centres[:, None] + width[..., None] * side_axes[:, None]
    points = points + depth[..., None] * front_axes[:, None]
    return _closed(points, s)


def ball(
    centre: np.ndarray, radii: tuple[float, float, float], rings: int, segments: int
) -> Surface:
    """An ellipsoid with half axes ``radii`` along X, Y, Z and its poles on the Y axis."""
    x, y, z = radii
    spine = np.asarray(centre) + np.array([[0.0, -y, 0.0], [0.0, y, 0.0]])
    return loft(spine, (0, 0, 1), [(0.0, x, z, z), (1.0, x, z, z)], rings, segments)


def _ring_places(rings: int, caps: tuple[float, float]) -> np.ndarray:
    """Places 0..1 of the rings, dense at the rounded ends so that the poles stay round."""
    angle = np.linspace(0.0, np.pi, rings + 2)
    round_places = (1.0 - np.cos(angle)) / 2.0
    blend = np.clip(sum(caps), 0.35, 1.0)
    return blend * round_places + (1.0 - blend) * _sharpened(np.linspace(0.0, 1.0, rings + 2))


def _sharpened(t: np.ndarray) -> np.ndarray:
    return t + 0.06 * np.sin(2.0 * np.pi * (t - 0.5))


def _rounding(s: np.ndarray, caps: tuple[float, float]) -> np.ndarray:
    start, end = (np.clip(1.0 - d / cap, 0.0, 1.0) for d, cap in zip((s, 1.0 - s), caps))
    return np.sqrt((1.0 - start**2) * (1.0 - end**2))


def _lame(wave: np.ndarray, squareness: float) -> np.ndarray:
    return np.sign(wave) * np.abs(wave) ** (2.0 / squareness)


def _hermite(knots: np.ndarray, values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Cubic Hermite interpolation of ``values [n, C]`` with central-difference tangents."""
    slopes = np.gradient(values, knots, axis=0)
    at = np.clip(at, knots[0], knots[-1])
    i = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
    span = (knots[i + 1] - knots[i])[:, None]
    t = (at - knots[i])[:, None] / span
    from_start = (1 + 2 * t) * (1 - t) ** 2 * values[i] + t * (1 - t) ** 2 * span * slopes[i]
    to_end = t**2 * (3 - 2 * t) * values[i + 1] - t**2 * (1 - t) * span * slopes[i + 1]
    return from_start + to_end


def _along_polyline(spine: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and unit tangents at fractions ``s`` of the length of a polyline."""
    lengths = np.linalg.norm(np.diff(spine, axis=0), axis=-1)
    knots = np.concatenate([[0.0], np.cumsum(lengths)]) / lengths.sum()
    points = np.stack([np.interp(s, knots, column) for column in spine.T], axis=-1)
    corners = normalize(np.gradient(spine, knots, axis=0))
    tangents = np.stack([np.interp(s, knots, column) for column in corners.T], axis=-1)
    return points, normalize(tangents)


def _closed(points: np.ndarray, s: np.ndarray) -> Surface:
    """Quads between rings ``points [R, S, 3]``; the first and last ring shrink to poles."""
    inner = points[1:-1]
    rings, segments = inner.shape[:2]
    ring = np.arange(segments)
    following = (ring + 1) % segments
    start = 1 + segments * np.arange(rings - 1)[:, None]
    a, b = start + ring, start + following
    quads = np.stack([a, a + segments, b + segments, b], axis=-1).reshape(-1, 4)
    last = 1 + segments * (rings - 1)
    end = last + segments
    zeros = np.zeros(segments, dtype=int)
    first_fan = np.stack([zeros, 1 + ring, 1 + following, 1 + following], axis=-1)
    last_fan = np.stack([zeros + end, last + following, last + ring, last + ring], axis=-1)
    vertices = np.concatenate(
        [points[0].mean(0)[None], inner.reshape(-1, 3), points[-1].mean(0)[None]]
    )
    along = np.concatenate([[0.0], np.repeat(s[1:-1], segments), [1.0]])
    return Surface(vertices, np.concatenate([first_fan, quads, last_fan]), along)

"""A z-buffer in numpy: which triangle is seen in each pixel, and where on it."""

from dataclasses import dataclass

import numpy as np

_LARGEST_CELL = 128
_NEAREST_M, _FARTHEST_M = 1.0, 2000.0


@dataclass(frozen=True)
class Camera:
    """A pinhole at ``eye [3]`` looking along ``forward``; ``focal_px`` scales, ``centre_px`` is the
    pixel ``(x, y)`` on the axis, y downwards."""

    eye: np.ndarray
    right: np.ndarray
    up: np.ndarray
    forward: np.ndarray
    focal_px: float
    centre_px: tuple[float, float]

    def project(self, points: np.ndarray) -> np.ndarray:
        """Pixel x, pixel y and depth in metres, ``[..., 3]``, of world points ``[..., 3]``."""
        seen = (points - self.eye) @ np.stack([self.right, -self.up, self.forward], axis=-1)
        depth = np.maximum(seen[..., 2:], 1e-3)
        pixels = self.focal_px * seen[..., :2] / depth + np.asarray(self.centre_px)
        return np.concatenate([pixels, depth], axis=-1)

    def rays(self, width: int, height: int) -> np.ndarray:
        """World directions ``[height, width, 3]`` through the pixels' centres, forward part 1."""
        x = (np.arange(width) + 0.5 - self.centre_px[0]) / self.focal_px
        y = (np.arange(height) + 0.5 - self.centre_px[1]) / self.focal_px
        return self.forward + x[None, :, None] * self.right - y[:, None, None] * self.up


def look_at(
    target: np.ndarray,
    azimuth_rad: float,
    elevation_rad: float,
    distance_m: float,
    focal_px: float,
    centre_px: tuple[float, float],
) -> Camera:
    """A camera that looks at ``target`` from a direction; azimuth 0 stands at -Y, +90 deg at +X."""
    horizontal = np.array([np.sin(azimuth_rad), -np.cos(azimuth_rad), 0.0])
    away = np.cos(elevation_rad) * horizontal + [0.0, 0.0, np.sin(elevation_rad)]
    right = np.array([np.cos(azimuth_rad), np.sin(azimuth_rad), 0.0])
    eye = np.asarray(target) + distance_m * away
    return Camera(eye, right, np.cross(right, -away), -away, focal_px, centre_px)


def framing(
    points: np.ndarray,
    azimuth_rad: float,
    elevation_rad: float,
    focal_px: float,
    size: tuple[int, int],
    allowed_px: tuple[float, float],
) -> Camera:
    """The nearest camera of that direction that sees all ``points [n, 3]`` within ``allowed_px``
    of the middle of a picture of ``size`` (width, height)."""
    target = (points.min(axis=0) + points.max(axis=0)) / 2.0
    middle = (size[0] / 2.0, size[1] / 2.0)

    def camera(distance_m: float) -> Camera:
        return look_at(target, azimuth_rad, elevation_rad, distance_m, focal_px, middle)

    near, far = _NEAREST_M, _FARTHEST_M
    for _ in range(30):
        between = (near * far) ** 0.5
        seen = camera(between).project(points)
        off = np.abs(seen[:, :2] - middle)
        fits = (off <= allowed_px).all() and seen[:, 2].min() > _NEAREST_M / 2.0
        near, far = (near, between) if fits else (between, far)
    return camera(far)


def visible_triangles(
    corners: np.ndarray, width: int, height: int, cull_back: bool = True
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels covered by triangles ``corners [M, 3, 3]`` (pixel x, pixel y, depth).

    Returns ``(pixels [n], triangles [n], barycentric [n, 3])`` of the nearest triangle in each
    covered pixel (index ``y * width + x``). Triangles are seen where they turn clockwise on the
    screen (y downwards: counter-clockwise seen from outside); with ``cull_back`` others are left
    out. All triangles of similar size are sampled at once, then fragments are written from far to
    near, so that the nearest one stays.
    """
    corners = corners.astype(np.float32)
    x, y = corners[..., 0], corners[..., 1]
    area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
    low = np.floor(corners[..., :2].min(axis=1) - 0.5).astype(np.int32)
    high = np.ceil(corners[..., :2].max(axis=1) - 0.5).astype(np.int32)
    inside = (high >= 0).all(axis=-1) & (low[:, 0] < width) & (low[:, 1] < height)
    keep = np.flatnonzero(inside & ((area < -1e-6) if cull_back else (np.abs(area) > 1e-6)))
    sizes = np.clip((high - low)[keep].max(axis=-1) + 1, 2, _LARGEST_CELL)
    cells = 2 ** np.ceil(np.log2(sizes)).astype(int)
    parts = [
        _sample(corners, area, low, keep[cells == cell], cell, width, height)
        for cell in np.unique(cells)
    ]
    if not parts:
        return np.zeros(0, int), np.zeros(0, int), np.zeros((0, 3), np.float32)
    pixels, triangles, barycentric, depth = (np.concatenate(p) for p in zip(*parts))
    far_to_near = np.argsort(-depth, kind="stable")
    owner = np.full(width * height, -1, dtype=np.int64)
    owner[pixels[far_to_near]] = far_to_near
    covered = np.flatnonzero(owner >= 0)
    fragments = owner[covered]
    return covered, triangles[fragments], barycentric[fragments]


def _sample(corners, area, low, chosen, cell, width, height):
    """Fragments of the chosen triangles on square cells of pixels from their lower corners."""
    step = np.arange(cell, dtype=np.int32)
    px = low[chosen, 0, None, None] + step[None, None, :]
    py = low[chosen, 1, None, None] + step[None, :, None]
    triangle = corners[chosen]
    fx, fy = px + np.float32(0.5), py + np.float32(0.5)
    (ax, ay), (bx, by), (cx, cy) = (
        (triangle[:, k, 0, None, None], triangle[:, k, 1, None, None]) for k in range(3)
    )
    scale = 1.0 / area[chosen, None, None]
    a = ((bx - fx) * (cy - fy) - (cx - fx) * (by - fy)) * scale
    b = ((cx - fx) * (ay - fy) - (ax - fx) * (cy - fy)) * scale
    c = 1.0 - a - b
    hit = (a >= 0.0) & (b >= 0.0) & (c >= 0.0)
    hit &= (px >= 0) & (px < width) & (py >= 0) & (py < height)
    which, row, column = np.nonzero(hit)
    barycentric = np.stack([a[hit], b[hit], c[hit]], axis=-1)
    depth = np.einsum("nk,nk->n", barycentric, triangle[which, :, 2])
    pixels = (py[which, row, 0].astype(np.int64)) * width + px[which, 0, column]
    return pixels, chosen[which], barycentric, depth


def vertex_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Area-weighted unit normals ``[V, 3]`` of a mesh."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    faces = np.cross(b - a, c - a)
    flat = triangles.ravel()
    sums = [np.bincount(flat, np.repeat(faces[:, k], 3), len(vertices)) for k in range(3)]
    normals = np.stack(sums, axis=-1)
    return normals / np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-12)

"""A small picture of a motion: the mannequin at a few moments, side by side. No bpy here."""

from __future__ import annotations

import numpy as np

from motion_engine.drawing.mannequin import skin
from motion_engine.drawing.rasterizer import framing, visible_triangles
from motion_engine.features import heading_angles
from motion_engine.motion import Motion

from .body import default_mannequin
from .shading import lit_colours

SIZE = 256
_SUPERSAMPLING = 2
_AZIMUTH, _ELEVATION = np.radians(35.0), np.radians(8.0)
_FOCAL_PX, _ALLOWED = 2.2, 0.47
_APART_M = 0.75


def picture_of(poses: list[Motion]) -> np.ndarray:
    """RGBA ``[SIZE, SIZE, 4]`` in 0..1 with the bottom row first, as Blender keeps images; the
    first frame of each motion is shown."""
    mannequin, size = default_mannequin(), SIZE * _SUPERSAMPLING
    surfaces = []
    for place, pose in enumerate(poses):
        vertices = skin(mannequin, pose, [0])[0]
        surfaces.append(vertices - pose.root_positions[0] * [1.0, 1.0, 0.0])
    azimuth = _AZIMUTH + heading_angles(poses[0].local_rotations[:1, 0])[0]
    along = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    middle = (len(poses) - 1) / 2.0
    shown = [s + along * _APART_M * (place - middle) for place, s in enumerate(surfaces)]
    camera = framing(
        *(np.concatenate(shown), azimuth, _ELEVATION, _FOCAL_PX * size, (size, size)),
        (_ALLOWED * size, _ALLOWED * size),
    )
    colours = np.concatenate([lit_colours(mannequin, surface) for surface in surfaces])
    offsets = len(mannequin.vertices) * np.arange(len(poses))
    triangles = np.concatenate([mannequin.triangles + offset for offset in offsets])
    corners = camera.project(np.concatenate(shown))[triangles]
    pixels, seen, barycentric = visible_triangles(corners, size, size)
    image = np.zeros((size * size, 4))
    image[pixels, :3] = np.einsum("nk,nkc->nc", barycentric, colours[triangles[seen]])
    image[pixels, 3] = 1.0
    return _halved(image.reshape(size, size, 4))[::-1].astype(np.float32)


def _halved(image: np.ndarray) -> np.ndarray:
    """Means of blocks of pixels; colours weigh by how much they cover."""
    n = _SUPERSAMPLING
    height, width = image.shape[0] // n, image.shape[1] // n
    sums = image.reshape(height, n, width, n, 4).sum(axis=(1, 3))
    covered = np.maximum(sums[..., 3:], 1e-9)
    return np.concatenate([sums[..., :3] / covered, sums[..., 3:] / n**2], axis=-1)

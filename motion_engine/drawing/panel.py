"""One picture of the mannequin: floor with grid, path and soft shadow, shaded body."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .mannequin import MATERIALS, Mannequin
from .rasterizer import Camera, vertex_normals, visible_triangles

_SUPERSAMPLING = 2
_HORIZON, _FLOOR = np.array([0.965, 0.970, 0.978]), np.array([0.895, 0.905, 0.920])
_GRID_M, _GRID_LINE_M = 0.5, 0.012
_GRID_SHADE = 0.085
_FLOOR_RADIUS_M = 2.6
_PATH, _WALKED = np.array([0.72, 0.75, 0.80]), np.array([0.86, 0.30, 0.22])
_SHADOW_CELL_M, _SHADOW_CELLS = 0.02, 256
_TO_LIGHT = np.array([0.45, 0.42, 0.79])
_MARK_M = 0.018
_CREVICE_M = 0.035


@dataclass(frozen=True)
class Panel:
    """``vertices [V, 3]`` of one pose, the floor point ``centre [2]`` of the picture, the ``path
    [F, 2]`` of the root in the whole clip and the ``frame`` shown."""

    vertices: np.ndarray
    centre: np.ndarray
    path: np.ndarray
    frame: int


@dataclass(frozen=True, eq=False)
class Stage:
    """The camera, in pixels of the final picture and relative to a panel's centre."""

    camera: Camera
    size: tuple[int, int]

    @cached_property
    def large(self) -> tuple[Camera, int, int]:
        """The camera at the supersampled size, its width and height."""
        n, camera = _SUPERSAMPLING, self.camera
        x, y = camera.centre_px
        scaled = Camera(
            camera.eye, camera.right, camera.up, camera.forward, camera.focal_px * n, (x * n, y * n)
        )
        return scaled, self.size[0] * n, self.size[1] * n

    @cached_property
    def floor_points(self) -> np.ndarray:
        """Points ``[H, W, 2]`` of the floor seen in each large pixel; far away at the horizon."""
        camera, width, height = self.large
        rays = camera.rays(width, height)
        falling = np.minimum(rays[..., 2], -1e-4)
        reach = np.minimum(-camera.eye[2] / falling, 1e3)
        return (camera.eye[:2] + reach[..., None] * rays[..., :2]).astype(np.float32)

    @cached_property
    def pixel_m(self) -> np.ndarray:
        """Size in metres ``[H, W]`` of a large pixel on the floor, to keep lines smooth."""
        points = self.floor_points
        step = np.abs(np.diff(points, axis=0)).max(axis=-1)
        return np.concatenate([step[:1], step]).clip(1e-4, 1.0)

    @cached_property
    def floor_fade(self) -> np.ndarray:
        """1 near the character, 0 beyond the drawn floor, ``[H, W]``."""
        distance = np.linalg.norm(self.floor_points, axis=-1)
        return np.clip(1.5 - distance / _FLOOR_RADIUS_M * 1.5, 0.0, 1.0)


def paint_panel(mannequin: Mannequin, panel: Panel, stage: Stage):
    """The finished picture as a Pillow image of the stage's size."""
    from PIL import Image

    colour = _floor(stage, panel)
    shade = _shadow(mannequin, panel, stage)
    colour *= (1.0 - shade)[..., None]
    _draw_path(colour, stage, panel)
    pixels, body = _body(mannequin, panel, stage)
    flat = colour.reshape(-1, 3)
    flat[pixels] = body
    image = Image.fromarray((np.clip(colour, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8))
    return image.resize(stage.size, Image.Resampling.BOX)


def _floor(stage: Stage, panel: Panel) -> np.ndarray:
    """Paper-coloured ground ``[H, W, 3]`` with grid lines that stand still in the world."""
    points = stage.floor_points + panel.centre.astype(np.float32)
    fade = stage.floor_fade
    off_line = np.abs((points / _GRID_M + 0.5) % 1.0 - 0.5) * _GRID_M
    half_width = _GRID_LINE_M / 2.0
    soft = stage.pixel_m[..., None]
    line = np.clip((half_width + soft / 2.0 - off_line) / soft, 0.0, 1.0)
    line *= np.minimum(1.0, _GRID_LINE_M / soft * 2.0)
    line = line.max(axis=-1)
    colour = _HORIZON + fade[..., None] * (_FLOOR - _HORIZON)
    return colour * (1.0 - _GRID_SHADE * fade * line)[..., None]


def _shadow(mannequin: Mannequin, panel: Panel, stage: Stage) -> np.ndarray:
    """Darkness ``[H, W]`` of the floor: a soft cast shadow and a tight one under what is low."""
    from PIL import Image, ImageFilter

    heights = np.maximum(panel.vertices[:, 2:], 0.0)
    cast = panel.vertices[:, :2] - heights * (_TO_LIGHT[:2] / _TO_LIGHT[2]) - panel.centre
    below = panel.vertices[:, :2] - panel.centre
    low = (panel.vertices[:, 2] < 0.14)[mannequin.triangles].all(axis=1)
    light = np.ones((_SHADOW_CELLS, _SHADOW_CELLS))
    for points, triangles, blur, strength in (
        (cast, mannequin.triangles, 3.0, 0.26),
        (below, mannequin.triangles[low], 1.3, 0.34),
    ):
        cells = points / _SHADOW_CELL_M + _SHADOW_CELLS / 2.0
        flat = np.insert(cells, 2, 0.0, axis=-1)
        pixels, _, _ = visible_triangles(flat[triangles], _SHADOW_CELLS, _SHADOW_CELLS, False)
        mask = np.zeros(_SHADOW_CELLS**2, dtype=np.uint8)
        mask[pixels] = 255
        image = Image.fromarray(mask.reshape(_SHADOW_CELLS, _SHADOW_CELLS))
        light *= 1.0 - strength / 255.0 * np.asarray(image.filter(ImageFilter.GaussianBlur(blur)))
    return _looked_up(1.0 - light, stage.floor_points) * np.minimum(stage.floor_fade * 2.0, 1.0)


def _looked_up(table: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Bilinear values of a table over the floor, 0 outside."""
    at = points / _SHADOW_CELL_M + _SHADOW_CELLS / 2.0 - 0.5
    inside = ((at >= 0.0) & (at < _SHADOW_CELLS - 2)).all(axis=-1)
    at = np.clip(at, 0.0, _SHADOW_CELLS - 2.001)
    column, row = at[..., 0].astype(np.int32), at[..., 1].astype(np.int32)
    u, v = at[..., 0] - column, at[..., 1] - row
    lower = table[row, column] * (1 - u) + table[row, column + 1] * u
    upper = table[row + 1, column] * (1 - u) + table[row + 1, column + 1] * u
    return (lower * (1 - v) + upper * v) * inside


def _draw_path(colour: np.ndarray, stage: Stage, panel: Panel) -> None:
    """The root's path on the floor: all of it pale, what lies behind strong, a dot for now."""
    from PIL import Image, ImageDraw

    camera, width, height = stage.large
    relative = panel.path - panel.centre
    if np.abs(panel.path - panel.path[0]).max() < 0.08:
        return
    points = np.concatenate([relative, np.zeros((len(relative), 1))], axis=-1)
    projected = camera.project(points)
    in_front = projected[:, 2] > 0.5
    pixels = [tuple(p) for p in projected[:, :2]]
    scale = camera.focal_px / camera.project(np.zeros(3))[2]
    for part, paint, half_width in (
        (slice(None), _PATH, 0.5 * _MARK_M),
        (slice(0, panel.frame + 1), _WALKED, 0.6 * _MARK_M),
    ):
        mask = Image.new("L", (width, height))
        draw = ImageDraw.Draw(mask)
        run = [p for p, seen in zip(pixels[part], in_front[part]) if seen]
        if len(run) > 1:
            draw.line(run, fill=255, width=max(2, round(2 * half_width * scale)), joint="curve")
        if part.stop is not None:
            x, y = pixels[panel.frame]
            rx, ry = 1.6 * _MARK_M * scale, 1.6 * _MARK_M * scale * -camera.forward[2]
            draw.ellipse([x - rx, y - ry, x + rx, y + ry], fill=255)
        cover = np.asarray(mask, dtype=np.float32)[..., None] / 255.0
        cover = cover * np.minimum(stage.floor_fade * 1.5, 1.0)[..., None]
        colour += cover * (paint - colour)


def _body(mannequin: Mannequin, panel: Panel, stage: Stage) -> tuple[np.ndarray, np.ndarray]:
    """Covered large pixels ``[n]`` and their shaded colours ``[n, 3]``."""
    camera, width, height = stage.large
    vertices = panel.vertices - np.append(panel.centre, 0.0)
    corners = camera.project(vertices)[mannequin.triangles]
    pixels, triangles, barycentric = visible_triangles(corners, width, height)
    which = mannequin.triangles[triangles]
    normals = vertex_normals(vertices, mannequin.triangles)
    normal = np.einsum("nk,nkc->nc", barycentric, normals[which])
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
    points = np.einsum("nk,nkc->nc", barycentric, vertices[which])
    palette = np.array([rgb for _, rgb in MATERIALS]) ** 2.2
    albedo = palette[mannequin.triangle_materials[triangles]]
    depth = np.full(width * height, np.inf)
    depth[pixels] = (points - camera.eye) @ camera.forward
    occlusion = _crevices(depth.reshape(height, width), camera)[pixels]
    return pixels, _shaded(normal, points, albedo, occlusion, camera)


def _crevices(depth: np.ndarray, camera: Camera) -> np.ndarray:
    """Occlusion ``[H W]`` where a pixel lies behind its surroundings (Luft et al., "Image
    Enhancement by Unsharp Masking the Depth Buffer", 2006)."""
    seen = np.isfinite(depth)
    far = depth[seen].max() if seen.any() else 1.0
    filled = np.where(seen, depth, far)
    radius = max(1, round(_CREVICE_M * camera.focal_px / far))
    behind = filled - _box_mean(_box_mean(filled, radius).T, radius).T
    return np.clip(behind / 0.10, 0.0, 0.5).ravel()


def _box_mean(values: np.ndarray, radius: int) -> np.ndarray:
    """Running mean over ``2 radius + 1`` rows, edges repeated."""
    padded = np.pad(values, ((radius + 1, radius), (0, 0)), mode="edge")
    sums = np.cumsum(padded, axis=0)
    return (sums[2 * radius + 1 :] - sums[: -2 * radius - 1]) / (2 * radius + 1)


def _shaded(normal, points, albedo, occlusion, camera: Camera) -> np.ndarray:
    """Key light, sky and ground bounce, a soft highlight and a rim, in sRGB."""
    to_eye = camera.eye - points
    to_eye /= np.linalg.norm(to_eye, axis=-1, keepdims=True)
    light = camera.right * -0.50 + camera.up * 0.75 - camera.forward * 0.62
    light /= np.linalg.norm(light)
    facing = normal @ light
    key = np.clip(facing * 0.85 + 0.15, 0.0, 1.0)[:, None]
    sky = (0.5 + 0.5 * normal[:, 2:]) * np.array([0.40, 0.43, 0.48])
    ground = (0.5 - 0.5 * normal[:, 2:]) * np.array([0.22, 0.20, 0.18])
    near_floor = np.clip(0.55 + 1.1 * points[:, 2:], 0.0, 1.0)
    ambient = (sky + ground * near_floor) * (1.0 - 1.3 * occlusion[:, None])
    half = light + to_eye
    half /= np.linalg.norm(half, axis=-1, keepdims=True)
    highlight = 0.16 * np.clip(np.einsum("nk,nk->n", normal, half), 0.0, 1.0)[:, None] ** 28
    rim = (1.0 - np.clip(np.einsum("nk,nk->n", normal, to_eye), 0.0, 1.0))[:, None] ** 3
    linear = albedo * (0.82 * key * (1.0 - 0.6 * occlusion[:, None]) + ambient) + highlight
    linear = linear + 0.10 * rim * (0.5 + 0.5 * normal[:, 2:])
    return np.clip(linear, 0.0, 1.0) ** (1.0 / 2.2)

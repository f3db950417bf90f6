"""Contact sheets: the right picture of the right moment, against slow references."""

import time
from dataclasses import replace

import numpy as np
import pytest

from motion_engine.drawing.contact_sheet import write_contact_grid, write_contact_sheet
from motion_engine.drawing.rasterizer import framing, look_at, visible_triangles
from motion_engine.errors import LimberError
from motion_engine.motion import Motion

Image = pytest.importorskip("PIL.Image")
WARM, COOL = "warm", "cool"


def _walking(frames: int = 60, metres: float = 3.0) -> Motion:
    still = Motion.standing(frames)
    path = np.zeros((frames, 3))
    path[:, 1] = -np.linspace(0.0, metres, frames)
    return replace(still, root_positions=still.root_positions + path)


def _pixels(path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(float)


def _tint_columns(pixels: np.ndarray, tint: str) -> np.ndarray:
    """Columns of clearly warm or clearly cool pixels."""
    difference = pixels[..., 0] - pixels[..., 2]
    return np.nonzero(difference > 50 if tint == WARM else difference < -50)[1]


def test_sheet_has_one_panel_per_pose(tmp_path):
    path = tmp_path / "sheet.png"
    write_contact_sheet(_walking(), path, "a walk", poses=6, columns=3, panel_size=(120, 150))
    height, width, _ = _pixels(path).shape
    assert 3 * 120 <= width < 3 * 120 + 80
    assert 2 * 150 <= height < 2 * 150 + 160
    assert [p.name for p in tmp_path.iterdir()] == ["sheet.png"]


def test_left_limbs_are_warm_and_on_the_viewers_right_from_the_front(tmp_path):
    path = tmp_path / "sheet.png"
    write_contact_sheet(Motion.standing(1), path, poses=1, panel_size=(300, 300))
    pixels = _pixels(path)
    assert _tint_columns(pixels, WARM).mean() > _tint_columns(pixels, COOL).mean() + 30
    write_contact_sheet(Motion.standing(1), path, poses=1, view="back", panel_size=(300, 300))
    pixels = _pixels(path)
    assert _tint_columns(pixels, WARM).mean() < _tint_columns(pixels, COOL).mean() - 30


def test_a_travelling_clip_stays_in_the_middle_of_its_panels(tmp_path):
    path = tmp_path / "sheet.png"
    write_contact_sheet(_walking(metres=9.0), path, poses=3, columns=3, panel_size=(200, 240))
    pixels = _pixels(path)
    margin = (pixels.shape[1] - 3 * 200) // 2
    limbs = [
        _tint_columns(pixels[:, margin + i * 200 : margin + (i + 1) * 200], COOL) for i in range(3)
    ]
    middles = [np.median(columns) for columns in limbs]
    assert np.ptp(middles) < 4


def test_grid_has_a_row_per_clip_and_is_fast(tmp_path):
    path = tmp_path / "grid.png"
    began = time.process_time()
    write_contact_grid([("a walk", _walking()), ("rest", Motion.standing(30))], path, poses=4)
    assert time.process_time() - began < 6.0
    assert _pixels(path).shape[0] > 2 * 205


def test_long_and_odd_titles_are_drawn(tmp_path):
    path = tmp_path / "sheet.png"
    write_contact_sheet(Motion.standing(2), path, "word \n" * 80, poses=1, panel_size=(120, 140))
    assert _pixels(path).size


@pytest.mark.parametrize("options", [{"poses": 0}, {"view": "above"}])
def test_impossible_sheets_are_refused(tmp_path, options):
    with pytest.raises(LimberError):
        write_contact_sheet(Motion.standing(3), tmp_path / "x.png", **options)
    assert not list(tmp_path.iterdir())


def test_grid_needs_clips(tmp_path):
    with pytest.raises(LimberError):
        write_contact_grid([], tmp_path / "x.png")


def test_rasterizer_agrees_with_testing_every_pixel_of_every_triangle():
    random = np.random.default_rng(5)
    corners = random.uniform(-5.0, 45.0, (40, 3, 3))
    corners[..., 2] = random.uniform(1.0, 9.0, (40, 1))
    pixels, triangles, barycentric = visible_triangles(corners, 40, 30, cull_back=False)
    seen = np.full(40 * 30, -1)
    seen[pixels] = triangles
    expected = np.full(40 * 30, -1)
    for index in range(40 * 30):
        point = np.array([index % 40 + 0.5, index // 40 + 0.5])
        nearest = np.inf
        for t, corner in enumerate(corners):
            basis = (corner[1:, :2] - corner[0, :2]).T
            b, c = np.linalg.solve(basis, point - corner[0, :2])
            if min(b, c, 1.0 - b - c) >= 0.0 and corner[0, 2] < nearest:
                nearest, expected[index] = corner[0, 2], t
    assert (seen == expected).mean() > 0.999
    np.testing.assert_allclose(barycentric.sum(axis=-1), 1.0, atol=1e-5)


def test_camera_projects_what_its_rays_hit():
    camera = look_at(np.array([0.2, 0.1, 0.9]), 0.6, 0.3, 5.0, 300.0, (40.0, 30.0))
    rays = camera.rays(80, 60)
    points = camera.eye + 3.0 * rays[10, 70]
    np.testing.assert_allclose(camera.project(points), [70.5, 10.5, 3.0], atol=1e-9)


def test_framing_is_tight_and_complete():
    points = np.random.default_rng(0).uniform(-2.0, 2.0, (50, 3))
    camera = framing(points, 0.4, 0.2, 400.0, (200, 100), (90.0, 40.0))
    off = np.abs(camera.project(points)[:, :2] - [100.0, 50.0])
    assert (off <= [90.0, 40.0]).all()
    assert np.isclose(off, [90.0, 40.0], atol=0.1).any()

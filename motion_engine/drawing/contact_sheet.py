"""Contact sheets: a motion as one picture, poses of the mannequin side by side."""

import os
from collections.abc import Sequence
from functools import lru_cache
from importlib import util
from pathlib import Path

import numpy as np

from ..errors import LimberError
from ..features import heading_angles
from ..files import replaced_when_done
from ..motion import Motion
from ..skeleton import Skeleton
from .mannequin import Mannequin, build_mannequin, skin
from .panel import Panel, Stage, paint_panel
from .rasterizer import framing

VIEWS = {"front": np.radians(32.0), "side": np.radians(90.0), "back": np.radians(212.0)}
_ELEVATION = np.radians(14.0)
_FIELD_OF_VIEW = np.radians(24.0)
_LEAST_TRAVEL_M = 0.35
_PAPER = (250, 250, 251)
_INK, _PALE_INK = (38, 40, 46), (122, 126, 136)
_MARGIN_PX = 20


def write_contact_sheet(
    motion: Motion,
    path: str | os.PathLike,
    title: str = "",
    poses: int = 8,
    columns: int | None = None,
    view: str = "front",
    panel_size: tuple[int, int] = (280, 340),
) -> None:
    """Write a PNG with ``poses`` moments of the motion, evenly spread from first to last frame.

    Every panel shows the skinned mannequin (left limbs warm, right limbs cool) on a grid of 0.5 m
    with the path of the root; the camera stands still relative to the world's directions, and goes
    along where the clip travels. ``view``: three-quarter ``"front"``, ``"side"`` or ``"back"``, seen
    from the character's heading in the first frame. Raises LimberError without Pillow.
    """
    panels = _panels(motion, poses, view, panel_size)
    columns = min(columns or (4 if poses > 5 else 5), len(panels))
    rows = -(-len(panels) // columns)
    width, height = panel_size
    header, footer = (58 if title else 34), 26
    size = (
        2 * _MARGIN_PX + columns * width,
        header + rows * (height + footer) + _MARGIN_PX // 2,
    )
    image, draw = _blank(size)
    _header(draw, (_MARGIN_PX, 16), title, motion, size[0] - 2 * _MARGIN_PX)
    for index, (picture, stamp) in enumerate(panels):
        x = _MARGIN_PX + (index % columns) * width
        y = header + (index // columns) * (height + footer)
        image.paste(picture, (x, y))
        _stamp(draw, (x + width // 2, y + height + 5), stamp)
    _save(image, Path(path))


def write_contact_grid(
    clips: Sequence[tuple[str, Motion]],
    path: str | os.PathLike,
    poses: int = 8,
    view: str = "front",
    panel_size: tuple[int, int] = (170, 205),
) -> None:
    """Write a PNG with one row of poses for each ``(title, motion)``, to look through many clips."""
    if not clips:
        raise LimberError("A contact grid needs at least one clip.")
    width, height = panel_size
    header, footer = 30, 20
    row_height = header + height + footer
    size = (2 * _MARGIN_PX + poses * width, len(clips) * row_height + _MARGIN_PX)
    image, draw = _blank(size)
    for row, (title, motion) in enumerate(clips):
        y = _MARGIN_PX // 2 + row * row_height
        _row_title(draw, (_MARGIN_PX, y + 6), title, motion, size[0] - 2 * _MARGIN_PX)
        for column, (picture, stamp) in enumerate(_panels(motion, poses, view, panel_size)):
            x = _MARGIN_PX + column * width
            image.paste(picture, (x, y + header))
            _stamp(draw, (x + width // 2, y + header + height + 3), stamp, 11)
    _save(image, Path(path))


def _require_pillow() -> None:
    if util.find_spec("PIL") is None:
        raise LimberError('Pictures need Pillow: pip install "limber[sheets]".')


@lru_cache(maxsize=2)
def _mannequin(skeleton: Skeleton) -> Mannequin:
    return build_mannequin(skeleton)


def _panels(motion: Motion, poses: int, view: str, size: tuple[int, int]) -> list[tuple]:
    """``(picture, time stamp)`` of each pose."""
    _require_pillow()
    if poses < 1:
        raise LimberError(f"A contact sheet needs at least one pose, not {poses}.")
    if view not in VIEWS:
        raise LimberError(f"There is no view {view!r}; choose from {', '.join(VIEWS)}.")
    frames = np.unique(np.linspace(0, motion.frames - 1, poses).round().astype(int))
    mannequin = _mannequin(motion.skeleton)
    vertices = skin(mannequin, motion, frames)
    centres = _centres(motion, frames)
    stage = _stage(motion, vertices, centres, view, size)
    path = motion.root_positions[:, :2]
    panels = [Panel(vertices[i], centres[i], path, int(frame)) for i, frame in enumerate(frames)]
    return [
        (paint_panel(mannequin, panel, stage), f"{panel.frame / motion.fps:.2f} s")
        for panel in panels
    ]


def _centres(motion: Motion, frames: np.ndarray) -> np.ndarray:
    """Floor points ``[n, 2]`` that the panels are centred on: one for all while in place."""
    path = motion.root_positions[:, :2]
    middle = (path.min(axis=0) + path.max(axis=0)) / 2.0
    if np.linalg.norm(path - middle, axis=-1).max() < _LEAST_TRAVEL_M:
        return np.tile(middle, (len(frames), 1))
    return path[frames]


def _stage(motion, vertices, centres, view, size) -> Stage:
    """The camera, at such a distance that every pose fits into its panel."""
    azimuth = VIEWS[view] + heading_angles(motion.local_rotations[:1, 0])[0]
    points = vertices[:, ::7] - np.insert(centres, 2, 0.0, axis=-1)[:, None]
    mirrored = points * [-1.0, -1.0, 1.0]
    least = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.8]])
    points = np.concatenate([points.reshape(-1, 3), mirrored.reshape(-1, 3), least])
    width, height = size
    focal = height / (2.0 * np.tan(_FIELD_OF_VIEW / 2.0))
    allowed = (0.47 * width, 0.46 * height)
    return Stage(framing(points, azimuth, _ELEVATION, focal, size, allowed), size)


def _blank(size: tuple[int, int]):
    from PIL import Image, ImageDraw

    image = Image.new("RGB", size, _PAPER)
    return image, ImageDraw.Draw(image)


@lru_cache(maxsize=8)
def _font(size: int):
    from PIL import ImageFont

    for name in ("DejaVuSans.ttf", "Arial.ttf", "Helvetica.ttc"):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _facts(motion: Motion) -> str:
    steps = np.linalg.norm(np.diff(motion.root_positions[:, :2], axis=0), axis=-1)
    return f"{motion.seconds:.1f} s    {motion.fps:g} fps    path {steps.sum():.1f} m"


def _header(draw, corner, title: str, motion: Motion, width: int) -> None:
    x, y = corner
    facts = _facts(motion)
    fact_width = draw.textlength(facts, font=_font(13))
    draw.text((x + width - fact_width, y + 5), facts, fill=_PALE_INK, font=_font(13))
    draw.text((x, y), _shortened(draw, title, 20, width - fact_width - 24), _INK, _font(20))


def _row_title(draw, corner, title: str, motion: Motion, width: int) -> None:
    x, y = corner
    facts = _facts(motion)
    fact_width = draw.textlength(facts, font=_font(11))
    draw.line([(x, y - 4), (x + width, y - 4)], fill=(226, 228, 232))
    draw.text((x + width - fact_width, y + 3), facts, fill=_PALE_INK, font=_font(11))
    draw.text((x, y), _shortened(draw, title, 14, width - fact_width - 24), _INK, _font(14))


def _shortened(draw, text: str, size: int, width: float) -> str:
    text = " ".join(text.split())
    if draw.textlength(text, font=_font(size)) <= width:
        return text
    while text and draw.textlength(text + "...", font=_font(size)) > width:
        text = text[:-1]
    return text + "..."


def _stamp(draw, top_middle: tuple[int, int], text: str, size: int = 13) -> None:
    x, y = top_middle
    draw.text((x - draw.textlength(text, font=_font(size)) / 2, y), text, _PALE_INK, _font(size))


def _save(image, path: Path) -> None:
    with replaced_when_done(path) as temporary:
        image.save(temporary, format="PNG")

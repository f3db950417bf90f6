"""A picture grid: rigs by poses, drawn from what Blender evaluates, without a graphics card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from retarget_rigs import bench

from blender_addon.armature import read_mapping, read_rig
from blender_addon.rig_action import write_rig_action
from motion_engine import rotations
from motion_engine.drawing.mannequin import build_mannequin, skin
from motion_engine.drawing.rasterizer import framing, visible_triangles
from motion_engine.motion import Motion
from motion_engine.retarget.mapping import Mapping
from motion_engine.retarget.transplant import RetargetOptions, retarget

SHOWN = {"walk": (10, 26), "dance": (84,), "victory": (22,), "jab": (14,), "bow": (60,)}
PICTURED = (
    *("Rigify human, FK", "Rigify human, IK", "Unreal-named mannequin, FK", "Kenney"),
    *("mixamo A", "unreal_5 odd", "daz A", "vroid T", "shuffled odd"),
)
SIZE = (190, 230)
_AZIMUTH, _ELEVATION = np.radians(32.0), np.radians(10.0)
_LIGHT = rotations.normalize(np.array([0.5, -0.6, 0.75]))
_LEFT, _RIGHT, _MIDDLE = (0.86, 0.45, 0.28), (0.26, 0.50, 0.78), (0.55, 0.57, 0.62)
_PAPER = 0.97


@dataclass(frozen=True)
class Figure:
    """Triangles of one pose: ``vertices [V, 3]`` in metres, ``triangles [M, 3]``, colours."""

    vertices: np.ndarray
    triangles: np.ndarray
    colours: np.ndarray


def of_motion(motion: Motion, frame: int) -> Figure:
    mannequin = build_mannequin(motion.skeleton)
    triangles = mannequin.triangles
    colours = np.tile(_MIDDLE, (len(triangles), 1))
    return Figure(skin(mannequin, motion, [frame])[0], triangles, colours)


def of_rig(armature, mapping: Mapping) -> Figure:
    """The present frame: the skinned meshes of the rig, else its mapped bones as flat bars."""
    graph = bpy.context.evaluated_depsgraph_get()
    meshes = [
        item
        for item in bpy.data.objects
        if item.type == "MESH"
        and any(m.type == "ARMATURE" and m.object == armature for m in item.modifiers)
    ]
    if not meshes:
        return _bones(armature.evaluated_get(graph), mapping)
    vertices, triangles, count = [], [], 0
    for item in meshes:
        posed = item.evaluated_get(graph)
        mesh = posed.to_mesh()
        mesh.calc_loop_triangles()
        places = np.empty(3 * len(mesh.vertices), dtype=np.float32)
        mesh.vertices.foreach_get("co", places)
        corners = np.empty(3 * len(mesh.loop_triangles), dtype=np.int32)
        mesh.loop_triangles.foreach_get("vertices", corners)
        world = np.array(posed.matrix_world)
        vertices.append(places.reshape(-1, 3) @ world[:3, :3].T + world[:3, 3])
        triangles.append(corners.reshape(-1, 3) + count)
        count += len(places) // 3
        posed.to_mesh_clear()
    triangles = np.concatenate(triangles)
    return Figure(np.concatenate(vertices), triangles, np.tile(_MIDDLE, (len(triangles), 1)))


def _bones(posed, mapping: Mapping) -> Figure:
    vertices, triangles, colours = [], [], []
    sides = {
        bone: "left" if "left" in role else "right" if "right" in role else ""
        for role, match in mapping.matches.items()
        for bone in match.bones
        if role != "root"
    }
    for bone in posed.pose.bones:
        above = next((b.name for b in (bone, *bone.parent_recursive) if b.name in sides), None)
        if above is None or not bone.bone.use_deform or _is_of_the_face(bone, mapping):
            continue
        colour = {"left": _LEFT, "right": _RIGHT, "": _MIDDLE}[sides[above]]
        places = np.array(posed.matrix_world @ bone.matrix) @ _bar(bone.length).T
        faces = _BAR_FACES + 8 * len(vertices)
        vertices.append(places.T[:, :3])
        triangles.append(faces)
        colours.append(np.tile(colour, (len(faces), 1)))
    return Figure(np.concatenate(vertices), np.concatenate(triangles), np.concatenate(colours))


def _is_of_the_face(bone, mapping: Mapping) -> bool:
    return any(parent.name == mapping.bone("head") for parent in bone.parent_recursive)


def _bar(length: float) -> np.ndarray:
    """Corners ``[8, 4]`` of a bar along a bone, wider than it is thick so that rolls show."""
    corners = [
        (x * 0.16 * length, y * length, z * 0.07 * length, 1.0)
        for y in (0.0, 1.0)
        for x, z in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    return np.array(corners)


_BAR_FACES = np.array(
    [
        *((0, 1, 2), (0, 2, 3), (4, 6, 5), (4, 7, 6), (0, 5, 1), (0, 4, 5)),
        *((1, 6, 2), (1, 5, 6), (2, 7, 3), (2, 6, 7), (3, 4, 0), (3, 7, 4)),
    ]
)


def paint(figure: Figure) -> Image.Image:
    """One figure, seen from ahead and a little to its left, in the middle of the picture."""
    width, height = SIZE[0] * 2, SIZE[1] * 2
    low, high = figure.vertices.min(0), figure.vertices.max(0)
    middle, reach = (low + high) / 2.0, max((high - low).max(), 1e-6)
    vertices = (figure.vertices - middle) / reach * 2.0
    camera = framing(
        vertices, _AZIMUTH, _ELEVATION, 2.2 * height, (width, height), (0.46 * width, 0.46 * height)
    )
    pixels, which, _ = visible_triangles(
        camera.project(vertices)[figure.triangles], width, height, cull_back=False
    )
    a, b, c = (vertices[figure.triangles[which, k]] for k in range(3))
    normals = rotations.normalize(np.cross(b - a, c - a))
    toward = rotations.normalize(camera.eye - a)
    normals = np.where(np.sum(normals * toward, -1, keepdims=True) < 0.0, -normals, normals)
    light = 0.45 + 0.6 * np.clip(normals @ _LIGHT, 0.0, 1.0)
    picture = np.full((width * height, 3), _PAPER)
    picture[pixels] = np.clip(figure.colours[which] * light[:, None], 0.0, 1.0)
    image = Image.fromarray((picture.reshape(height, width, 3) * 255).astype(np.uint8))
    return image.resize(SIZE, Image.Resampling.BOX)


def write_grid(path: Path, rows: list[tuple[str, list[Image.Image]]], columns: list[str]) -> None:
    """A PNG with one row of pictures per rig."""
    header, label = 26, 18
    sheet = Image.new(
        "RGB", (SIZE[0] * len(columns), header + (SIZE[1] + label) * len(rows)), (247, 247, 247)
    )
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    for k, title in enumerate(columns):
        draw.text((SIZE[0] * k + 8, 6), title, fill=(40, 42, 48), font=font)
    for r, (name, pictures) in enumerate(rows):
        y = header + r * (SIZE[1] + label)
        for k, picture in enumerate(pictures):
            sheet.paste(picture, (SIZE[0] * k, y))
        draw.text((8, y + SIZE[1]), name, fill=(90, 94, 104), font=font)
    sheet.save(path)


def pictures(make: Callable | None, clips: dict[str, Motion], asked: RetargetOptions) -> list:
    """The rest pose and the chosen frames: of a rig, or, without one, of the clips themselves."""
    if make is None:
        found = [paint(of_motion(Motion.standing(1), 0))]
        armature = None
    else:
        armature = make()[0]
        found = [paint(of_rig(armature, read_mapping(armature)))]
    for clip, frames in SHOWN.items():
        motion = clips[clip]
        frames = [min(frame, motion.frames - 1) for frame in frames]
        if armature is None:
            found += [paint(of_motion(motion, frame)) for frame in frames]
            continue
        rig = read_rig(armature)
        mapping = read_mapping(armature, rig)
        write_rig_action(armature, retarget(motion, rig, mapping, asked), "shown")
        for frame in frames:
            bpy.context.scene.frame_set(frame + 1)
            found.append(paint(of_rig(armature, mapping)))
    return found


def draw(clips: dict[str, Motion], data: Path, path: Path) -> None:
    """The picture grid: the clip itself, then rigs that follow it."""
    rows = [("the clip", pictures(None, clips, RetargetOptions()))]
    for name, (make, asked) in bench(data).items():
        if name in PICTURED:
            rows.append((name, pictures(make, clips, asked)))
    columns = ["at rest"] + [
        f"{clip}, frame {frame}" for clip, frames in SHOWN.items() for frame in frames
    ]
    write_grid(path, rows, columns)

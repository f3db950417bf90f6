"""A body for a rig without one, so that pictures show more than bones: a capsule round each limb."""

import itertools

import bpy
import numpy as np

_RINGS, _SPOKES = 10, 20
# Radii in metres, across and in depth, of what the deforming bones of a Rigify human bear.
_LIMBS = {
    **dict.fromkeys(("spine", "spine.001", "spine.002"), (0.125, 0.09)),
    "spine.003": (0.15, 0.1),
    "spine.004": (0.048, 0.048),
    "spine.005": (0.048, 0.048),
    "spine.006": (0.075, 0.092),
    "shoulder": (0.055, 0.055),
    "upper_arm": (0.045, 0.045),
    "forearm": (0.038, 0.038),
    "hand": (0.028, 0.018),
    "thigh": (0.075, 0.075),
    "shin": (0.052, 0.052),
    "foot": (0.042, 0.035),
    "toe": (0.042, 0.028),
}
_HEAD = "DEF-spine.006"
_COLOURS = {".L": (0.8, 0.42, 0.22, 1.0), ".R": (0.2, 0.42, 0.72, 1.0), "": (0.6, 0.6, 0.58, 1.0)}


def add_body(rig: bpy.types.Object) -> bpy.types.Object:
    """One mesh, which the rig deforms, in the place of its bones; left and right in other colours."""
    mesh = bpy.data.meshes.new("Body")
    body = bpy.data.objects.new("Body", mesh)
    bones = [(bone, *_limb(bone.name)) for bone in rig.data.bones if bone.use_deform]
    bones = [(bone, radii, side) for bone, radii, side in bones if radii is not None]
    shapes = [_capsule(bone, radii) for bone, radii, _ in bones]
    size, faces = len(shapes[0]), _faces()
    mesh.from_pydata(
        np.concatenate(shapes).tolist(),
        [],
        [[size * i + v for v in face] for i in range(len(bones)) for face in faces],
    )
    for side, colour in _COLOURS.items():
        material = bpy.data.materials.new(f"Side{side}")
        material.diffuse_color = colour
        mesh.materials.append(material)
    for i, (bone, _, side) in enumerate(bones):
        group = body.vertex_groups.new(name=bone.name)
        group.add(range(size * i, size * (i + 1)), 1.0, "REPLACE")
        for polygon in mesh.polygons[len(faces) * i : len(faces) * (i + 1)]:
            polygon.material_index, polygon.use_smooth = list(_COLOURS).index(side), True
    body.modifiers.new("Rig", "ARMATURE").object = rig
    body.parent = rig
    bpy.context.collection.objects.link(body)
    for bone in rig.data.bones:
        bone.hide = True
    return body


def _limb(bone: str) -> tuple[tuple[float, float] | None, str]:
    """Radii of what a bone bears, if anything, and its side."""
    name = bone.removeprefix("DEF-")
    side = next((mark for mark in (".L", ".R") if mark in name), "")
    return _LIMBS.get(name.partition(side)[0] if side else name), side


def _capsule(bone: bpy.types.Bone, radii: tuple[float, float]) -> np.ndarray:
    """Vertices ``[n, 3]`` of a sphere drawn out to the bone's length; both its ends stand over, so
    that limbs meet, but for the head, which ends where its bone does."""
    down = np.pi * (np.arange(_RINGS) + 0.5) / _RINGS
    around = 2.0 * np.pi * np.arange(_SPOKES) / _SPOKES
    x, z = (
        size * np.outer(np.sin(down), way(around)) for size, way in zip(radii, (np.cos, np.sin))
    )
    inset = min(radii) if bone.name == _HEAD else 0.0
    ends = np.where(down < np.pi / 2, inset, bone.length - inset)
    y = np.broadcast_to((ends - min(radii) * np.cos(down))[:, None], x.shape)
    matrix = np.array(bone.matrix_local)
    local = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    return local @ matrix[:3, :3].T + matrix[:3, 3]


def _faces() -> list[list[int]]:
    rings = [[ring * _SPOKES + spoke for spoke in range(_SPOKES)] for ring in range(_RINGS)]
    sides = [
        [one[i], one[(i + 1) % _SPOKES], other[(i + 1) % _SPOKES], other[i]]
        for one, other in itertools.pairwise(rings)
        for i in range(_SPOKES)
    ]
    return [*sides, rings[0][::-1], rings[-1]]

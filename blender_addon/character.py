"""The preview character in Blender: SMPL-X armature and skinned mannequin."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Vector

from motion_engine.drawing.mannequin import MATERIALS, build_mannequin
from motion_engine.skeleton import SMPLX, Skeleton

from .body import Body, to_armature_space
from .steps import Work, finished

# Where a bone points when it has several children; the others point at their only child.
_TOWARDS = {
    "pelvis": "spine1",
    "spine3": "neck",
    "left_wrist": "left_middle1",
    "right_wrist": "right_middle1",
}
# Bones without a child to point at: direction and length in the model frame (Y up, facing +Z).
_ENDS = {
    "head": (0.0, 0.19, 0.0),
    "jaw": (0.0, -0.03, 0.06),
    "left_eye_smplhf": (0.0, 0.0, 0.03),
    "right_eye_smplhf": (0.0, 0.0, 0.03),
    "left_foot": (0.0, 0.0, 0.075),
    "right_foot": (0.0, 0.0, 0.075),
}
_SHORTEST_BONE_M = 0.01


def build_character(skeleton: Skeleton = SMPLX, name: str = "Limber") -> bpy.types.Object:
    """A new armature with the skinned mannequin in the current scene; returns the armature."""
    armature, body = build_armature(skeleton, name), Body.of(build_mannequin(skeleton))
    finished(bind(new_mesh(body, f"{name} Mannequin"), armature, body))
    return armature


def build_armature(skeleton: Skeleton, name: str) -> bpy.types.Object:
    """An armature that stands at rest on the floor at the origin, facing -Y, bones along limbs."""
    armature = bpy.data.objects.new(name, bpy.data.armatures.new(name))
    armature.data.display_type = "STICK"
    bpy.context.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    heads = to_armature_space(skeleton, skeleton.rest_positions)
    tails = to_armature_space(skeleton, skeleton.rest_positions + _bone_vectors(skeleton))
    for joint, bone_name in enumerate(skeleton.names):
        bone = armature.data.edit_bones.new(bone_name)
        bone.head, bone.tail = Vector(heads[joint]), Vector(tails[joint])
        upright = abs(bone.vector.normalized().z) > 0.5
        bone.align_roll(Vector((0.0, -1.0, 0.0)) if upright else Vector((0.0, 0.0, 1.0)))
        if skeleton.parents[joint] >= 0:
            bone.parent = armature.data.edit_bones[skeleton.names[skeleton.parents[joint]]]
    bpy.ops.object.mode_set(mode="OBJECT")
    return armature


def _bone_vectors(skeleton: Skeleton) -> np.ndarray:
    """From head to tail of each bone, ``[J, 3]`` in the model frame."""
    vectors = np.zeros((skeleton.joints, 3))
    for joint, name in enumerate(skeleton.names):
        children = skeleton.children[joint]
        if name in _ENDS:
            vectors[joint] = _ENDS[name]
        elif name in _TOWARDS:
            vectors[joint] = skeleton.offsets[skeleton.index(_TOWARDS[name])]
        elif children:
            vectors[joint] = skeleton.offsets[children[0]]
        else:
            vectors[joint] = 0.9 * vectors[skeleton.parents[joint]]
        if np.linalg.norm(vectors[joint]) < _SHORTEST_BONE_M:
            vectors[joint] = (0.0, _SHORTEST_BONE_M, 0.0)
    return vectors


def new_mesh(body: Body, name: str) -> bpy.types.Object:
    """The mannequin's mesh at rest; not in a scene yet."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(body.vertices, [], body.faces)
    for material_name, colour in MATERIALS:
        mesh.materials.append(_material(material_name, colour))
    mesh.polygons.foreach_set("material_index", body.face_materials)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(body.faces), dtype=bool))
    mesh.update()
    return bpy.data.objects.new(name, mesh)


def _material(name: str, srgb: tuple[float, float, float]) -> bpy.types.Material:
    material = bpy.data.materials.new(f"Limber {name}")
    linear = (*(channel**2.2 for channel in srgb), 1.0)
    if material.node_tree is None:  # before 5.0
        material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = linear
    shader.inputs["Roughness"].default_value = 0.55 if name == "joint" else 0.38
    material.diffuse_color = linear
    material.roughness = 0.4
    return material


def bind(item: bpy.types.Object, armature: bpy.types.Object, body: Body) -> Work[None]:
    """Vertex groups and an Armature modifier; the mesh becomes the armature's child and joins it
    in the current scene, at the very end, so that the view is drawn anew but once."""
    for joint, levels in body.weights.items():
        group = item.vertex_groups.new(name=joint)
        for weight, vertices in levels:
            group.add(vertices, weight, "REPLACE")
        yield
    item.parent = armature
    item.modifiers.new("Armature", "ARMATURE").object = armature
    bpy.context.collection.objects.link(item)

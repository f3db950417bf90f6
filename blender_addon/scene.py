"""A scene that shows one motion: character, camera, light, floor and a viewport that looks good."""

import bpy
import numpy as np
from mathutils import Matrix

from motion_engine.drawing.mannequin import build_mannequin, skin
from motion_engine.drawing.rasterizer import Camera, framing
from motion_engine.features import heading_angles
from motion_engine.motion import Motion

from .action import write_action
from .character import build_character

_AZIMUTH, _ELEVATION = np.radians(32.0), np.radians(9.0)
_LENS_MM, _SENSOR_MM = 50.0, 36.0
_RESOLUTION = (1280, 720)
_BACKDROP = (0.83, 0.85, 0.88, 1.0)
_AMBIENT = 0.38
_FLOOR, _FLOOR_LINE = (0.66, 0.68, 0.72, 1.0), (0.46, 0.48, 0.53, 1.0)
_FRAMED_POSES = 48


def new_file() -> None:
    """Start from Blender's factory settings with an empty scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)


def add_character(motion: Motion, title: str) -> bpy.types.Object:
    """The mannequin playing the motion from frame 1 at the motion's own rate; the armature."""
    scene = bpy.context.scene
    scene.render.fps = max(1, round(motion.fps))
    scene.render.fps_base = scene.render.fps / motion.fps
    scene.frame_start, scene.frame_end = 1, motion.frames
    armature = build_character(motion.skeleton)
    action = write_action(armature, motion, title)
    if title:
        action["prompt"] = title
    scene.frame_set(1)
    return armature


def build_scene(motion: Motion, title: str) -> None:
    """Fill the current, empty scene; press play and the motion shows."""
    armature = add_character(motion, title)
    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y = _RESOLUTION
    view = _view_of(motion)
    _add_camera(scene, view)
    _add_lights(scene, view)
    centre = np.append((motion.root_positions.min(0) + motion.root_positions.max(0))[:2] / 2.0, 0.0)
    reach = np.linalg.norm(view.eye - centre)
    _add_floor(scene, centre, reach)
    _set_world(scene)
    _set_viewports()
    bpy.context.view_layer.objects.active = armature
    armature.select_set(True)


def _view_of(motion: Motion) -> Camera:
    """A camera in pixels of the render that holds every pose of the whole motion."""
    frames = np.unique(np.linspace(0, motion.frames - 1, _FRAMED_POSES).round().astype(int))
    points = skin(build_mannequin(motion.skeleton), motion, frames)[:, ::11].reshape(-1, 3)
    floor = motion.root_positions * [1.0, 1.0, 0.0]
    azimuth = _AZIMUTH + heading_angles(motion.local_rotations[:1, 0])[0]
    width, height = _RESOLUTION
    focal = width * _LENS_MM / _SENSOR_MM
    allowed = (0.42 * width, 0.42 * height)
    return framing(
        np.concatenate([points, floor]), azimuth, _ELEVATION, focal, (width, height), allowed
    )


def _add_camera(scene: bpy.types.Scene, view: Camera) -> None:
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.data.lens, camera.data.sensor_width = _LENS_MM, _SENSOR_MM
    camera.data.clip_end = 1000.0
    matrix = np.eye(4)
    matrix[:3] = np.stack([view.right, view.up, -view.forward, view.eye], axis=-1)
    camera.matrix_world = Matrix(matrix.tolist())
    scene.collection.objects.link(camera)
    scene.camera = camera


def _add_lights(scene: bpy.types.Scene, view: Camera) -> None:
    """A soft key from the camera's left, and a weaker light from behind on the other side."""
    back = -view.forward * [1.0, 1.0, 0.0]
    back = back / np.linalg.norm(back)
    for name, direction, energy, softness in (
        ("Key", -0.75 * view.right + 0.55 * back + [0.0, 0.0, 0.95], 2.0, 0.20),
        ("Rim", 0.8 * view.right - 0.9 * back + [0.0, 0.0, 0.7], 1.3, 0.10),
    ):
        light = bpy.data.lights.new(name, "SUN")
        light.energy, light.angle = energy, softness
        lamp = bpy.data.objects.new(name, light)
        z = direction / np.linalg.norm(direction)
        x = np.cross([0.0, 0.0, 1.0], z)
        x = x / np.linalg.norm(x)
        matrix = np.eye(4)
        matrix[:3] = np.stack([x, np.cross(z, x), z, 6.0 * z], axis=-1)
        lamp.matrix_world = Matrix(matrix.tolist())
        scene.collection.objects.link(lamp)


def _add_floor(scene: bpy.types.Scene, centre: np.ndarray, reach: float) -> None:
    half = max(30.0, 8.0 * reach)
    corners = [(-half, -half, 0.0), (half, -half, 0.0), (half, half, 0.0), (-half, half, 0.0)]
    mesh = bpy.data.meshes.new("Floor")
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    mesh.materials.append(_floor_material(centre, reach))
    floor = bpy.data.objects.new("Floor", mesh)
    floor.hide_select = True
    scene.collection.objects.link(floor)


def _floor_material(centre: np.ndarray, reach: float) -> bpy.types.Material:
    """Tiles of half a metre that fade into the backdrop away from the motion."""
    material = bpy.data.materials.new("Limber floor")
    material.diffuse_color = _FLOOR
    if material.node_tree is None:  # before 5.0
        material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    place = nodes.new("ShaderNodeNewGeometry")
    tiles = nodes.new("ShaderNodeTexBrick")
    tiles.offset, tiles.squash = 0.0, 1.0
    for name, value in (
        ("Color1", _FLOOR),
        ("Color2", _FLOOR),
        ("Mortar", _FLOOR_LINE),
        ("Scale", 1.0),
        ("Mortar Size", 0.006),
        ("Mortar Smooth", 0.3),
        ("Brick Width", 0.5),
        ("Row Height", 0.5),
    ):
        tiles.inputs[name].default_value = value
    distance = nodes.new("ShaderNodeVectorMath")
    distance.operation = "DISTANCE"
    distance.inputs[1].default_value = tuple(centre)
    fade = nodes.new("ShaderNodeMapRange")
    fade.interpolation_type = "SMOOTHSTEP"
    fade.inputs["From Min"].default_value = 0.35 * reach
    fade.inputs["From Max"].default_value = 1.6 * reach
    backdrop = nodes.new("ShaderNodeEmission")
    backdrop.inputs["Color"].default_value = _BACKDROP
    mixed = nodes.new("ShaderNodeMixShader")
    surface = nodes["Principled BSDF"]
    surface.inputs["Roughness"].default_value = 0.75
    links.new(place.outputs["Position"], tiles.inputs["Vector"])
    links.new(place.outputs["Position"], distance.inputs[0])
    links.new(tiles.outputs["Color"], surface.inputs["Base Color"])
    links.new(distance.outputs["Value"], fade.inputs["Value"])
    links.new(fade.outputs["Result"], mixed.inputs[0])
    links.new(surface.outputs[0], mixed.inputs[1])
    links.new(backdrop.outputs[0], mixed.inputs[2])
    links.new(mixed.outputs[0], nodes["Material Output"].inputs["Surface"])
    return material


def _set_world(scene: bpy.types.Scene) -> None:
    """The backdrop's colour to the camera, a dimmer light from all around; colours shown as set."""
    world = bpy.data.worlds.new("Limber")
    if world.node_tree is None:  # before 5.0
        world.use_nodes = True
    world.color = _BACKDROP[:3]
    nodes, links = world.node_tree.nodes, world.node_tree.links
    background = nodes.get("Background") or nodes.new("ShaderNodeBackground")
    output = nodes.get("World Output") or nodes.new("ShaderNodeOutputWorld")
    path = nodes.new("ShaderNodeLightPath")
    strength = nodes.new("ShaderNodeMapRange")
    strength.inputs["To Min"].default_value = _AMBIENT
    background.inputs["Color"].default_value = _BACKDROP
    links.new(path.outputs["Is Camera Ray"], strength.inputs["Value"])
    links.new(strength.outputs["Result"], background.inputs["Strength"])
    links.new(background.outputs[0], output.inputs["Surface"])
    scene.world = world
    scene.view_settings.view_transform = "Standard"


def _set_viewports() -> None:
    """Every 3D view looks through the camera, shaded with the materials' own colours."""
    for screen in bpy.data.screens:
        for area in screen.areas:
            if area.type == "VIEW_3D":
                _set_view(area.spaces.active)


def _set_view(space: bpy.types.SpaceView3D) -> None:
    space.region_3d.view_perspective = "CAMERA"
    shading = space.shading
    shading.type = "SOLID"
    shading.light, shading.color_type = "STUDIO", "MATERIAL"
    shading.show_shadows, shading.shadow_intensity = True, 0.35
    shading.show_cavity, shading.cavity_type = True, "BOTH"
    shading.background_type = "VIEWPORT"
    shading.background_color = _BACKDROP[:3]
    space.overlay.show_floor = space.overlay.show_cursor = False
    space.overlay.show_axis_x = space.overlay.show_axis_y = False
    space.overlay.show_relationship_lines = False

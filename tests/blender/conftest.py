"""Fixtures for tests in which Blender evaluates what was written."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


@pytest.fixture
def bpy():
    """The bpy module with an empty file open."""
    module = pytest.importorskip("bpy")
    module.ops.wm.read_factory_settings(use_empty=True)
    return module


@pytest.fixture
def addon(bpy):
    """The registered add-on in a scene of 30 fps that asks for one second of motion."""
    import blender_addon

    blender_addon.register()
    bpy.context.scene.render.fps = 30
    bpy.context.scene.limber.seconds = 1.0
    yield blender_addon
    if hasattr(bpy.types, "LIMBER_PT_generate"):
        blender_addon.unregister()


@pytest.fixture
def rig(bpy, addon):
    """An active rig of foreign make."""
    from scripted_rigs import build, scripted_rig

    armature = build(scripted_rig("mixamo", "A"))
    bpy.context.view_layer.objects.active = armature
    return armature


@pytest.fixture(scope="session")
def rigify_file(tmp_path_factory) -> Path:
    """A file with Rigify's basic human, named Hero."""
    bpy = pytest.importorskip("bpy")
    from rigify_rig import build_rigify

    bpy.ops.wm.read_factory_settings(use_empty=True)
    build_rigify("Hero")
    path = tmp_path_factory.mktemp("rigify") / "hero.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    return path


@pytest.fixture(scope="session")
def acting() -> Motion:
    """Forty frames in which every joint turns about every axis while the root travels."""
    frames = 40
    time = np.arange(frames)[:, None, None] / 30.0
    random = np.random.default_rng(7)
    amount = random.normal(0.0, 0.5, (SMPLX.joints, 3))
    pace = random.uniform(1.0, 6.0, (SMPLX.joints, 3))
    turns = rotations.from_axis_angle(amount * np.sin(pace * time + pace))
    still = Motion.standing(frames)
    path = np.stack([0.3 * time[:, 0, 0], -1.2 * time[:, 0, 0], 0.1 * time[:, 0, 0] ** 2], axis=-1)
    return replace(
        still,
        root_positions=still.root_positions + path,
        local_rotations=rotations.multiply(still.local_rotations, turns),
    )

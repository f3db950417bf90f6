"""Fixtures for tests in which Blender evaluates what was written."""

from dataclasses import replace

import numpy as np
import pytest

from motion_engine import rotations
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX


@pytest.fixture
def bpy():
    """The bpy module with an empty file open."""
    module = pytest.importorskip("bpy")
    module.ops.wm.read_factory_settings(use_empty=True)
    return module


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

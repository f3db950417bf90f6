"""The model's words for what a rig does: the Action's name, its strips' and its asset's."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live_generation import Live, contents

from motion_engine.generation.captioning import Description

pytestmark = pytest.mark.blender


@pytest.fixture
def mannequin(bpy, addon, acting):
    from blender_addon.action import write_action
    from blender_addon.character import build_armature
    from motion_engine.skeleton import SMPLX

    armature = build_armature(SMPLX, "Limber")
    write_action(armature, acting, "Act")
    return armature


@pytest.fixture
def debug_model(monkeypatch):
    """The small model of the tests, which speaks, if not sensibly."""
    from blender_addon import generation
    from blender_addon.generation_job import ModelChoice
    from blender_addon.model_care import MODEL

    monkeypatch.setattr(generation, "choose_model", lambda: MODEL.choose(ModelChoice("debug")))
    yield
    MODEL.choose(ModelChoice())


@pytest.fixture
def heard(monkeypatch, debug_model):
    """What the model says instead, and the motions that it was asked about."""
    from blender_addon import describing

    asked = []

    def captions(model, motion):
        asked.append(motion)
        return [Description(0.0, 1.0, "walks forward"), Description(1.0, 2.0, "waves")]

    monkeypatch.setattr(describing, "captions", captions)
    return asked


def test_the_model_describes_or_says_that_it_cannot(bpy, mannequin, debug_model):
    action = mannequin.animation_data.action
    try:
        assert bpy.ops.limber.describe() == {"FINISHED"}
        assert action.name in action["description"]
    except RuntimeError as error:
        assert "no words" in str(error) and action.name == "Act"


def test_a_model_that_was_not_taught_says_so(bpy, mannequin, debug_model):
    from dataclasses import replace
    from types import SimpleNamespace

    import motion_engine
    from blender_addon.describing import DescriptionOrder
    from motion_engine.errors import LimberError
    from motion_engine.models.numpy_runtime import NumpyRuntime

    model = motion_engine.load("debug")
    runtime = model.new_runtime()
    mute = NumpyRuntime.__new__(NumpyRuntime)
    mute.model = SimpleNamespace(config=replace(runtime.model.config, speaks=False))
    with pytest.raises(LimberError, match="not taught to describe"):
        DescriptionOrder(None).clips(replace(model, new_runtime=lambda: mute), None, None)
    torch_like = replace(model, new_runtime=object)
    with pytest.raises(LimberError, match="set Device to CPU"):
        DescriptionOrder(None).clips(torch_like, None, None)


def test_the_action_is_named_after_what_happens(bpy, mannequin, heard):
    asked = bpy.context.scene.limber_edit
    asked.use_frames, asked.first, asked.last = True, 11, 25
    assert bpy.ops.limber.describe() == {"FINISHED"}
    action = mannequin.animation_data.action
    assert action.name == action["description"] == "walks forward, then waves"
    assert [motion.frames for motion in heard] == [15]
    assert bpy.ops.limber.mark_as_asset() == {"FINISHED"}
    assert action.asset_data.description == "walks forward, then waves"


def test_strips_and_assets_say_it_too(bpy, mannequin, heard):
    action = mannequin.animation_data.action
    action.asset_mark()
    track = mannequin.animation_data.nla_tracks.new()
    strip = track.strips.new(action.name, 1, action)
    assert bpy.ops.limber.describe() == {"FINISHED"}
    assert strip.name == action.name == "walks forward, then waves"
    assert {"walks forward", "waves"} <= {tag.name for tag in action.asset_data.tags}


def test_beside_the_window(bpy, mannequin, heard):
    found = contents(bpy)
    live = Live(bpy, "LIMBER_OT_describe")
    live.event("ESC")
    assert live.state == {"CANCELLED"} and contents(bpy) == found
    assert Live(bpy, "LIMBER_OT_describe").finish() == {"FINISHED"}
    assert mannequin.animation_data.action.name == "walks forward, then waves"


def test_frames_outside_are_refused(bpy, mannequin, heard):
    asked = bpy.context.scene.limber_edit
    asked.use_frames, asked.first, asked.last = True, 11, 250
    with pytest.raises(RuntimeError, match="do not lie in Act"):
        bpy.ops.limber.describe()
    assert mannequin.animation_data.action.name == "Act" and not heard

"""Run by the Python of one Blender that holds nothing else: the animator's workflow, end to end.

    PYTHONPATH=. .venvs/blender-4.5.15/bin/python tests/blender/workflow.py

No test framework: such a Blender has none. Any failure ends the script with a traceback or a message.
"""

import os
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigify_rig import build_rigify
from scripted_rigs import build, scripted_rig

import blender_addon
from blender_addon.rig_action import curves_of

PROMPT = "a person walks forward and waves"
ARM_OF_MIXAMO = tuple(f"mixamorig:Left{bone}" for bone in ("Arm", "ForeArm", "Hand"))
ARM_OF_RIGIFY = ("upper_arm_fk.L", "forearm_fk.L", "hand_fk.L")


def main() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    for _ in range(2):
        blender_addon.register()
        check(bpy.context.scene.limber.prompt, "no settings")
        blender_addon.unregister()
    blender_addon.register()
    mannequin()
    rig(build(scripted_rig("mixamo", "A")), "mixamorig:LeftUpLeg", ARM_OF_MIXAMO)
    rig(build_rigify(), "DEF-thigh.L", ARM_OF_RIGIFY)
    check("torch" not in sys.modules, "torch was imported")
    blender_addon.unregister()
    print(
        f"Blender {bpy.app.version_string}: takes made, tried, rejected, accepted, edited, gone on "
        "from, kept as strip and asset; on a mannequin, a plain rig and Rigify's"
    )


def mannequin() -> None:
    settings = scene().limber
    settings.seconds, settings.variations = 1.0, 2
    check(bpy.ops.limber.generate() == {"FINISHED"}, "generating failed")
    armature = bpy.context.object
    armature.limber_takes.index = 1
    check(armature.animation_data.action["variation"] == 1, "the second take does not play")
    check(moves(armature, "pelvis"), "the mannequin does not move")
    check(bpy.ops.limber.reject_takes() == {"FINISHED"}, "rejecting failed")
    check(not (bpy.data.objects or bpy.data.actions or bpy.data.meshes), "rejecting left something")


def rig(armature, thigh: str, arm: tuple[str, ...]) -> None:
    """All that there is for takes, on a rig whose left leg has that deforming bone, and whose left
    arm is keyed on those."""
    settings = scene().limber
    settings.start, settings.variations, settings.prompt = "FRAME", 2, PROMPT
    bpy.context.view_layer.objects.active = armature
    bpy.context.view_layer.update()
    before, rest = actions(), pose(armature)
    bpy.ops.limber.generate()
    check(moves(armature, thigh), "the rig does not move")
    bpy.ops.limber.reject_takes()
    animation = armature.animation_data
    check(animation is None or animation.action is None, "the rig keeps an Action")
    check(pose(armature) == rest, "the rig keeps a pose")
    bpy.ops.limber.generate()
    bpy.ops.limber.vary()
    bpy.ops.limber.again()
    check(len(armature.limber_takes.items) == 8, "takes are missing")
    bpy.ops.limber.accept_take()
    (kept,) = actions() - before
    check(kept == armature.animation_data.action.name, "another take was kept")
    edited(armature, arm)
    settings.start, settings.variations = "END", 1
    check(bpy.ops.limber.generate() == {"FINISHED"}, "going on failed")
    last = armature.animation_data.action.frame_range[1]
    check(last == 2 * scene().render.fps, f"the motion ends at frame {last}")
    action = armature.animation_data.action
    check(bpy.ops.limber.mark_as_asset() == {"FINISHED"}, "it is no asset")
    check(action.asset_data.description == PROMPT, "the asset does not tell the prompt")
    bpy.ops.limber.push_to_nla()
    check(len(armature.animation_data.nla_tracks) == 1, "there is no strip")
    check(moves(armature, thigh), "the strip does not move the rig")
    settings.prompt = ""
    try:
        bpy.ops.limber.generate()
        sys.exit("an empty prompt was taken")
    except RuntimeError as error:
        check("text is empty" in str(error), f"the report is: {error}")


def edited(armature, arm: tuple[str, ...]) -> None:
    """The left arm anew in a copy of the Action: no other key may change."""
    asked = scene().limber_edit
    asked.parts, asked.use_frames, asked.first, asked.last = {"left_arm"}, True, 5, 20
    before = keys(armature)
    check(bpy.ops.limber.edit_parts() == {"FINISHED"}, "editing failed")
    after = keys(armature)
    check(before.keys() == after.keys(), "channels came or went")
    changed = {(*name, key[0]) for name in before for key in before[name] ^ after[name]}
    check(changed, "the edit changed nothing")
    for path, _, frame in changed:
        is_arm = any(f'"{bone}"' in path for bone in arm)
        check(is_arm and 5 <= frame <= 20, f"{path} changed at frame {frame}")
    check(bpy.ops.limber.reject_takes() == {"FINISHED"}, "rejecting the edit failed")
    check(keys(armature) == before, "the edit left something")


def keys(armature) -> dict:
    """Frames and values of all keys that the armature plays."""
    return {
        (curve.data_path, curve.array_index): {tuple(key.co) for key in curve.keyframe_points}
        for curve in curves_of(armature)
    }


def actions() -> set[str]:
    return {action.name for action in bpy.data.actions}


def pose(armature) -> list:
    """All channels that a motion could have left changed."""
    return [
        (
            [tuple(row) for row in bone.matrix_basis],
            {key: value for key, value in bone.items() if isinstance(value, (int, float))},
        )
        for bone in armature.pose.bones
    ]


def moves(armature, bone: str) -> bool:
    """Whether a bone is elsewhere, as Blender evaluates it, at frames 1 and 20."""
    places = []
    for frame in (1, 20):
        scene().frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        places.append(posed.pose.bones[bone].matrix.copy())
    scene().frame_set(1)
    return any(abs(a - b) > 1e-3 for x, y in zip(*places) for a, b in zip(x, y))


def scene():
    return bpy.context.scene


def check(is_so, message: str) -> None:
    if not is_so:
        sys.exit(message)


main()
sys.stdout.flush()
os._exit(0)  # Blender 4.2 as a module crashes while Python shuts down

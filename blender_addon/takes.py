"""Takes of a rig: generated Actions to try side by side, until one is accepted or all rejected.

What was there before (Action, slot, pose, range of the scene) is kept with the rig as long as takes
are open, in the file too, so that rejecting restores exactly that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from motion_engine.command import Command
from motion_engine.errors import LimberError
from motion_engine.version import VERSION

from .action import LONGEST_NAME, curves_in, play, played_slot

_STORED = ("seed", "variation", "temperature", "top_p", "guidance")
_SAID_OF_ORIGINAL = (
    *("first_frame", "last_frame", "goes_on", "outline", "description"),
    *("edited_from", "edited_slot", "edited_parts", "between_keys"),
    *("mood", "energy", "speed"),
    *("directed", "directed_from", "directed_slot"),
    *("timeline", "stretch", "loop"),
)
_FREE_LENGTH = 0.0
_LONGEST_ENDING = 40
_OVERRIDABLE = {"LIBRARY_OVERRIDABLE"}


def _tried(takes: LimberTakes, context) -> None:
    takes.play_chosen()


class LimberTake(bpy.types.PropertyGroup):
    action: PointerProperty(type=bpy.types.Action, name="Action", override=_OVERRIDABLE)
    slot: StringProperty(override=_OVERRIDABLE)


class LimberTakes(bpy.types.PropertyGroup):
    """The open takes of one rig, and what was there before the first of them."""

    items: CollectionProperty(type=LimberTake, override=_OVERRIDABLE | {"USE_INSERTION"})
    index: IntProperty(
        name="Take",
        description="The take that the rig plays; click to try",
        update=_tried,
        override=_OVERRIDABLE,
    )
    before: PointerProperty(type=bpy.types.Action, name="Action Before", override=_OVERRIDABLE)
    before_slot: StringProperty(override=_OVERRIDABLE)
    had_animation: BoolProperty(override=_OVERRIDABLE)
    pose: StringProperty(description="Values before, by data path, as JSON", override=_OVERRIDABLE)
    frame_end: IntProperty(override=_OVERRIDABLE)
    frame_end_set: IntProperty(override=_OVERRIDABLE)
    is_new_character: BoolProperty(override=_OVERRIDABLE)
    body: PointerProperty(type=bpy.types.Object, override=_OVERRIDABLE)
    active_before: PointerProperty(type=bpy.types.Object, override=_OVERRIDABLE)

    @property
    def is_open(self) -> bool:
        return len(self.items) > 0

    @property
    def chosen(self) -> bpy.types.Action | None:
        """The Action of the active take; None where it has been deleted."""
        if not 0 <= self.index < len(self.items):
            return None
        return self.items[self.index].action

    def play_chosen(self) -> None:
        animation = self.id_data.animation_data
        is_tweaked = animation is not None and animation.use_tweak_mode
        if self.chosen is not None and not is_tweaked:  # a tweaked strip's Action cannot be changed
            play(self.id_data, self.chosen, self.items[self.index].slot)


@dataclass(frozen=True)
class NewCharacter:
    """A mannequin made for its takes, which goes with them: its mesh, and what was active before."""

    body: bpy.types.Object
    active_before: bpy.types.Object | None


def offer(
    rig: bpy.types.Object,
    actions: list[bpy.types.Action],
    scene: bpy.types.Scene,
    new: NewCharacter | None = None,
    slot: str = "",
) -> None:
    """Open takes on a rig, beside those that are open already, and play the first of them, each in
    the ``slot`` of that identifier or else its first. The scene's range is made long enough."""
    takes = rig.limber_takes
    if not takes.is_open:
        _keep_what_is_there(rig, scene)
        if new is not None:
            takes.is_new_character = True
            takes.body, takes.active_before = new.body, new.active_before
    _keep_pose(rig, actions, slot)
    for action in actions:
        item = takes.items.add()
        item.action, item.slot = action, slot
    takes.index = len(takes.items) - len(actions)
    last = max(int(action.frame_range[1]) for action in actions)
    scene.frame_end = takes.frame_end_set = max(scene.frame_end, last)


def _keep_what_is_there(rig: bpy.types.Object, scene: bpy.types.Scene) -> None:
    takes, animation = rig.limber_takes, rig.animation_data
    takes.had_animation = animation is not None
    takes.before = animation.action if animation is not None else None
    takes.before_slot = played_slot(rig)
    takes.frame_end = scene.frame_end
    takes.pose = "{}"


def _keep_pose(rig: bpy.types.Object, actions: list[bpy.types.Action], slot: str) -> None:
    """Note the present values of all channels that the Actions hold, the first time they do."""
    pose = json.loads(rig.limber_takes.pose)
    for action in actions:
        for path in {curve.data_path for curve in curves_in(action, slot)} - set(pose):
            try:
                value = rig.path_resolve(path)
            except ValueError:  # a channel of a bone that has gone
                continue
            pose[path] = list(value) if hasattr(value, "__len__") else value
    rig.limber_takes.pose = json.dumps(pose)


def accept(rig: bpy.types.Object) -> bpy.types.Action:
    """Keep the chosen take and drop the others; what was played before stays in the file."""
    takes = rig.limber_takes
    kept = takes.chosen
    if kept is None:
        raise LimberError("This take's Action is gone; choose another one, or reject them all.")
    play(rig, kept, takes.items[takes.index].slot)
    if takes.before is not None:
        takes.before.use_fake_user = True
    _close(rig)
    return kept


def reject(rig: bpy.types.Object, scene: bpy.types.Scene) -> None:
    """Drop all open takes and restore what was there before; a character made for them goes."""
    takes = rig.limber_takes
    if scene.frame_end == takes.frame_end_set:
        scene.frame_end = takes.frame_end
    if takes.is_new_character:
        dropped = [item.action for item in takes.items if item.action is not None]
        if takes.active_before is not None:
            bpy.context.view_layer.objects.active = takes.active_before
        remove_character(rig, takes.body)
        _remove_unused(dropped)
        return
    play(rig, takes.before, takes.before_slot)
    if takes.before is not None and hasattr(takes.before, "slots") and not takes.before_slot:
        rig.animation_data.action_slot = None
    for path, value in json.loads(takes.pose).items():
        restore_channel(rig, path, value)
    animation = rig.animation_data
    if not takes.had_animation and not animation.drivers and not animation.nla_tracks:
        rig.animation_data_clear()
    _close(rig)


def remove_character(rig: bpy.types.Object, body: bpy.types.Object | None) -> None:
    """Remove a mannequin with its mesh, its data and the materials that nothing else uses."""
    for child in rig.children:
        world = child.matrix_world.copy()
        child.parent, child.matrix_world = None, world
    materials = []
    if body is not None:
        materials = [material for material in body.data.materials if material is not None]
        _remove_with_data(body, bpy.data.meshes)
    _remove_with_data(rig, bpy.data.armatures)
    for material in materials:
        if material.users == 0:
            bpy.data.materials.remove(material)


def _remove_with_data(item: bpy.types.Object, kind) -> None:
    data = item.data
    bpy.data.objects.remove(item)
    if data.users == 0:
        kind.remove(data)


def restore_channel(rig: bpy.types.Object, path: str, value) -> None:
    """Set one channel; those that have gone meanwhile, with their bone, are left out."""
    is_custom = path.endswith('"]')
    holder, _, name = path.rpartition('["' if is_custom else ".")
    try:
        owner = rig.path_resolve(holder) if holder else rig
    except ValueError:
        return
    if is_custom:
        owner[bpy.utils.unescape_identifier(name[:-2])] = value
    else:
        setattr(owner, name, value)


def _close(rig: bpy.types.Object) -> None:
    """Forget the takes; Actions that nothing else uses are removed."""
    takes = rig.limber_takes
    dropped = [item.action for item in takes.items if item.action is not None]
    takes.items.clear()
    for name in LimberTakes.__annotations__:
        takes.property_unset(name)
    _remove_unused(dropped)


def _remove_unused(actions: list[bpy.types.Action]) -> None:
    for action in actions:
        if action.users == 0:
            bpy.data.actions.remove(action)


def take_name(command: Command) -> str:
    """Prompt and numbers, short enough for Blender in any script."""
    number = f" ({command.seed}.{command.variation + 1})"
    room = LONGEST_NAME - len(number)
    text = " ".join(command.text.split())
    return text.encode()[:room].decode(errors="ignore").rstrip() + number


def name_after(name: str, ending: str) -> str:
    """A name with something said after it, short enough for Blender in any script."""
    ending = ending.encode()[:_LONGEST_ENDING].decode(errors="ignore")
    room = LONGEST_NAME - len(ending.encode())
    return name.encode()[:room].decode(errors="ignore") + ending


def store_command(action: bpy.types.Action, command: Command) -> None:
    """What an Action was made from, as custom properties that artists can read."""
    action["prompt"] = command.text
    action["seconds"] = _FREE_LENGTH if command.seconds is None else command.seconds
    for name in (*_STORED, "draws"):
        action[name] = getattr(command, name)
    action["limber"] = VERSION


def forget_origin(action: bpy.types.Action) -> None:
    """Drop what a copy says of how its original was made."""
    for name in ("prompt", "seconds", "draws", *_STORED, *_SAID_OF_ORIGINAL):
        action.pop(name, None)


def stored_command(action: bpy.types.Action) -> Command:
    """The command that made an Action; raises LimberError where Limber did not make it."""
    if not all(name in action for name in ("prompt", "seconds", *_STORED)):
        raise LimberError(f"{action.name} was not made by Limber; type a prompt and generate.")
    seconds = None if action["seconds"] == _FREE_LENGTH else action["seconds"]
    sampling = {name: action[name] for name in _STORED}
    # Actions of a Limber that made every clip once do not say so.
    return Command(action["prompt"], seconds, draws=action.get("draws", 1), **sampling)


def next_number(rig: bpy.types.Object, name: str) -> int:
    """The first seed, or variation, after those of what a rig plays and of its open takes."""
    takes = [item.action for item in rig.limber_takes.items if item.action is not None]
    return 1 + max(action.get(name, 0) for action in (rig.animation_data.action, *takes))


def further_commands(
    rig: bpy.types.Object, counted: str, count: int
) -> tuple[tuple[Command, ...], Command | None]:
    """Commands of further takes like the one that a rig plays: with the next ``seed``, or with the
    next ``variation`` numbers of its own; then the command whose outline they keep comes too."""
    action, number = rig.animation_data.action, next_number(rig, counted)
    made, original = stored_command(action), None
    if counted == "seed":
        made, number = replace(made, seed=number), 0
    else:
        original = replace(made, variation=action.get("outline", made.variation))
    return tuple(replace(made, variation=number + take) for take in range(count)), original


_CLASSES = (LimberTake, LimberTakes)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Object.limber_takes = PointerProperty(type=LimberTakes, override=_OVERRIDABLE)


def unregister() -> None:
    del bpy.types.Object.limber_takes
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)

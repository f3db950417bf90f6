"""Single parts of a clip made anew: the model hears what the whole body does before and after."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..command import Command
from ..contacts import with_detected_contacts
from ..edit.placing import bent, place_at
from ..errors import LimberError
from ..finish.region import part_joints
from ..foot_lock import lock_feet
from ..models.model import Model, decoded_motions
from ..motion import ENGINE_FPS, Motion
from .generate import Progress
from .prompt import Prompt, command_of_frames, plain_prompt, with_given_codes

CONTEXT_SECONDS = 1.0
"""How much of the clip before the edit the model hears: a sentence is about what comes next."""
AFTERMATH_SECONDS = 1.0
_LEGS = ("left_leg", "right_leg")


def edit_parts(
    motion: Motion,
    parts: tuple[str, ...],
    commands: Sequence[Command],
    model: Model,
    first: int = 0,
    stop: int | None = None,
    progress: Progress | None = None,
) -> list[Motion]:
    """Takes of a clip (30 fps) whose ``parts`` do what each command says in frames ``first`` to
    ``stop``; every other joint and frame stays. Not feathered yet, see ``finish.region``.
    """
    stop = motion.frames if stop is None else stop
    begin = max(first - round(CONTEXT_SECONDS * motion.fps), 0)
    end = min(stop + round(AFTERMATH_SECONDS * motion.fps), motion.frames)
    window = motion.cut(begin, end)
    prompts = [
        edit_prompt(window, parts, command, model, first - begin, stop - begin)
        for command in commands
    ]
    takes = decoded_motions(prompts, model, place_at(window, 0), progress)
    return [
        _put_back(motion, _in_window(window, take, parts, first - begin, stop - begin), begin)
        for take in takes
    ]


def edit_prompt(
    window: Motion, parts: tuple[str, ...], command: Command, model: Model, first: int, stop: int
) -> Prompt:
    """The window's own codes given outside the range of frames.

    Within it the other parts are made too, and not taken: beside the legs of a body that walks on,
    these weights let its arm swing on, and do what is asked half as often. The words lead: of 42
    edits 69 % then do what is asked, and 52 % where the plan does.
    """
    codec, layout = model.codec, model.control
    codes = model.encode(window)
    names = [part.name for part in codec.config.parts]
    if not set(parts) & set(names):
        raise LimberError(
            f"this model's codec does not tell {' and '.join(parts)} from the rest of the body; "
            "choose --model default."
        )
    frames = slice(first // codec.downsampling, -(-stop // codec.downsampling))
    is_given = np.ones((codes.shape[1], len(names)), dtype=bool)
    is_given[frames] = False
    prompt = plain_prompt(command_of_frames(command, window.frames), layout, codec.frame_rate)
    prompt = model.with_plan_within(prompt, first / ENGINE_FPS, stop / ENGINE_FPS)
    prompt = with_given_codes(prompt, codes, is_given, codec, layout)
    return replace(prompt, words_lead=True)


def _in_window(
    window: Motion, take: Motion, parts: tuple[str, ...], first: int, stop: int
) -> Motion:
    """The window with the parts of the take in frames ``first`` to ``stop``."""
    if "root" in parts:
        ends = {first: place_at(window, first)}
        if stop < window.frames:
            ends[stop] = place_at(window, stop)
        take = bent(take, ends)
    joints, frames = list(part_joints(parts)), np.arange(first, stop)
    local = window.local_rotations.copy()
    local[np.ix_(frames, joints)] = take.local_rotations[np.ix_(frames, joints)]
    changed = replace(window, local_rotations=local)
    if "root" in parts:
        root, contacts = window.root_positions.copy(), window.contacts.copy()
        root[first:stop], contacts[first:stop] = take.root_positions[frames], take.contacts[frames]
        changed = replace(changed, root_positions=root, contacts=contacts)
        return lock_feet(changed, keeps_way=True)
    return with_detected_contacts(changed) if set(parts) & set(_LEGS) else changed


def _put_back(motion: Motion, window: Motion, begin: int) -> Motion:
    end = begin + window.frames
    arrays = {}
    for name in ("root_positions", "local_rotations", "contacts"):
        arrays[name] = getattr(motion, name).copy()
        arrays[name][begin:end] = getattr(window, name)
    return replace(motion, **arrays)


def frames_of(start: float | None, stop: float | None, motion: Motion) -> tuple[int, int]:
    """First frame and the one behind the last of a range of seconds; None is the clip's end."""
    first = 0 if start is None else int(np.floor(start * motion.fps))
    end = motion.frames if stop is None else int(np.ceil(stop * motion.fps)) + 1
    return min(first, motion.frames - 1), min(end, motion.frames)


def text_of_parts(texts: dict[str, str]) -> str:
    """One sentence of what the parts do, as the model was taught: "left arm: wave; legs: walk"."""
    return "; ".join(f"{part.replace('_', ' ')}: {text}" for part, text in texts.items())

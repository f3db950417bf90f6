"""Predicates by name: what a prompt claims, as JSON, against what a motion does.

A predicate is an object with one key. A name with its parameters, ``{"travels": {"direction":
"forward", "min_m": 1.0}}``, stands for a function of ``whole_body``, ``limbs`` or ``trunk``; these
combine others:

- ``{"all": [...]}``, ``{"any": [...]}``, ``{"not": {...}}``
- ``{"in_order": [a, b, ...]}``: the clip can be split so that ``a`` holds before and not after,
  ``b`` after and not before.
- ``{"together": [a, b, ...]}``: all of them hold over one and the same span of three seconds.

Directions are the character's own at the start of the clip, or of the split part or span.
"""

import inspect
import typing
from collections.abc import Callable, Mapping
from functools import cache

from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from training.adherence import limbs, trunk, whole_body
from training.adherence.measurements import Kinematics

SHORTEST_PART_SECONDS = 0.4
SPLIT_STEP_SECONDS = 0.1
TOGETHER_SECONDS = 3.0
TOGETHER_STEP_SECONDS = 0.25

MEASURES: dict[str, Callable[..., bool]] = {
    function.__name__: function
    for function in (
        whole_body.travels, whole_body.moves, whole_body.stays, whole_body.speed,
        whole_body.steps, whole_body.net_yaw, whole_body.turns, whole_body.jumps,
        whole_body.hops, whole_body.squats, whole_body.sits_down, whole_body.stands_up,
        whole_body.seated, whole_body.lowers, whole_body.rises, whole_body.stands_still,
        limbs.hand_above, limbs.hand_near, limbs.arm_extends, limbs.arm_stays_down, limbs.waves,
        limbs.punches, limbs.claps, limbs.kicks, limbs.lifts_leg, limbs.lifts_knee,
        limbs.foot_off_floor, trunk.torso_leans, trunk.torso_twists, trunk.looks,
        trunk.tilts_head, trunk.nods, trunk.shakes_head,
    )
}  # fmt: skip


def holds(predicate: Mapping, motion: Motion | Kinematics) -> bool:
    """Whether a motion does what a predicate says. Raises LimberError for a malformed one."""
    validate(predicate)
    return _holds(predicate, motion if isinstance(motion, Kinematics) else Kinematics.of(motion))


def validate(predicate: Mapping) -> None:
    """Raise LimberError unless names, parameters and choices of a predicate are known."""
    name, content = _only_item(predicate)
    if name == "not":
        validate(content)
    elif name in _COMBINATIONS:
        if not isinstance(content, list) or not content:
            raise LimberError(f'Predicate "{name}" needs a list of predicates, not {content!r}.')
        for part in content:
            validate(part)
    elif name in MEASURES:
        _validate_parameters(name, content)
    else:
        known = ", ".join(sorted([*MEASURES, *_COMBINATIONS, "not"]))
        raise LimberError(f'No predicate is called "{name}"; known are {known}.')


def mirrored(predicate: Mapping) -> dict:
    """The predicate of the mirrored motion: left and right exchanged, turns the other way."""
    name, content = _only_item(predicate)
    if name == "not":
        return {name: mirrored(content)}
    if name in _COMBINATIONS:
        return {name: [mirrored(part) for part in content]}
    swap = {"left": "right", "right": "left"}
    parameters = {key: swap.get(value, value) for key, value in content.items()}
    if name == "net_yaw" and not content.get("either_side"):
        parameters["degrees"] = -content["degrees"]
    if "joint" in parameters:
        side, _, rest = parameters["joint"].partition("_")
        parameters["joint"] = f"{swap[side]}_{rest}" if side in swap else parameters["joint"]
    return {name: parameters}


def _holds(predicate: Mapping, clip: Kinematics) -> bool:
    name, content = _only_item(predicate)
    if name == "not":
        return not _holds(content, clip)
    if name in _COMBINATIONS:
        return _COMBINATIONS[name](content, clip)
    return bool(MEASURES[name](clip, **content))


def _all(parts: list, clip: Kinematics) -> bool:
    return all(_holds(part, clip) for part in parts)


def _any(parts: list, clip: Kinematics) -> bool:
    return any(_holds(part, clip) for part in parts)


def _in_order(parts: list, clip: Kinematics) -> bool:
    if len(parts) == 1:
        return _holds(parts[0], clip)
    first, rest = parts[0], {"in_order": parts[1:]}
    shortest = clip.frames_in(SHORTEST_PART_SECONDS)
    splits = range(shortest, clip.frames - shortest, clip.frames_in(SPLIT_STEP_SECONDS))
    for split in splits:
        before, after = clip.cut(0, split), clip.cut(split, clip.frames)
        if (
            _holds(first, before)
            and not _holds(rest, before)
            and not _holds(first, after)
            and _holds(rest, after)
        ):
            return True
    return False


def _together(parts: list, clip: Kinematics) -> bool:
    span = min(clip.frames_in(TOGETHER_SECONDS), clip.frames)
    starts = range(0, clip.frames - span + 1, clip.frames_in(TOGETHER_STEP_SECONDS))
    return any(_all(parts, clip.cut(start, start + span)) for start in starts)


_COMBINATIONS = {"all": _all, "any": _any, "in_order": _in_order, "together": _together}


def _only_item(predicate: Mapping) -> tuple[str, typing.Any]:
    if not isinstance(predicate, Mapping) or len(predicate) != 1:
        raise LimberError(f"A predicate is an object with one key, not {predicate!r}.")
    return next(iter(predicate.items()))


def _validate_parameters(name: str, parameters: Mapping) -> None:
    if not isinstance(parameters, Mapping):
        raise LimberError(f'Predicate "{name}" needs an object of parameters, not {parameters!r}.')
    try:
        inspect.signature(MEASURES[name]).bind(None, **parameters)
    except TypeError as error:
        raise LimberError(f'Predicate "{name}": {error}.') from error
    for key, choices in _choices(name).items():
        if key in parameters and parameters[key] not in choices:
            raise LimberError(
                f'Predicate "{name}": {key} is {parameters[key]!r}; choose {", ".join(choices)}.'
            )


@cache
def _choices(name: str) -> dict[str, tuple[str, ...]]:
    """The parameters of a measure that take one of a few words."""
    hints = typing.get_type_hints(MEASURES[name])
    return {
        key: typing.get_args(hint)
        for key, hint in hints.items()
        if typing.get_origin(hint) is typing.Literal
    }

"""Predicates by name: what a prompt claims, as JSON, against what a motion does.

A predicate is an object with one key. A name with its parameters, ``{"travels": {"direction":
"forward", "min_m": 1.0}}``, stands for a function of ``whole_body``, ``limbs`` or ``trunk``; these
combine others:

- ``{"all": [...]}``, ``{"any": [...]}``, ``{"not": {...}}``
- ``{"in_order": [a, b, ...]}``: the clip can be split so that ``a`` holds before and not after,
  ``b`` after and not before; of three, what is after is split again. What is to be done once more
  later, as in ``[a, b, a]``, may hold after.
- ``{"together": [a, b, ...]}``: all of them hold over one and the same span of three seconds.
- ``{"during": {"start": s, "stop": s, "of": {...}}}``: it holds between these two times.

Directions are the character's own at the start of the clip, or of the split part or span.
"""

import inspect
import typing
from collections.abc import Callable, Mapping
from functools import cache

from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from training.adherence import fingers, joints, limbs, trunk, whole_body
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
        fingers.hand_shape, fingers.closes_hand, fingers.counts_on_fingers,
        joints.keeps_place, joints.joint_speed, joints.passes, joints.smooth,
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
    elif name == "during":
        _validate_during(content)
    elif name in MEASURES:
        _validate_parameters(name, content)
    else:
        known = ", ".join(sorted([*MEASURES, *_COMBINATIONS, "during", "not"]))
        raise LimberError(f'No predicate is called "{name}"; known are {known}.')


def mirrored(predicate: Mapping) -> dict:
    """The predicate of the mirrored motion: left and right exchanged, turns the other way."""
    name, content = _only_item(predicate)
    if name == "not":
        return {name: mirrored(content)}
    if name in _COMBINATIONS:
        return {name: [mirrored(part) for part in content]}
    if name == "during":
        return {name: {**content, "of": mirrored(content["of"])}}
    swap = {"left": "right", "right": "left"}
    parameters = {key: swap.get(value, value) for key, value in content.items()}
    if name == "net_yaw" and not content.get("either_side"):
        parameters["degrees"] = -content["degrees"]
    for key in ("joint", "pose"):
        side, _, rest = parameters.get(key, "").partition("_")
        if side in swap:
            parameters[key] = f"{swap[side]}_{rest}"
    return {name: parameters}


def _holds(predicate: Mapping, clip: Kinematics) -> bool:
    name, content = _only_item(predicate)
    if name == "not":
        return not _holds(content, clip)
    if name in _COMBINATIONS:
        return _COMBINATIONS[name](content, clip)
    if name == "during":
        return _during(content, clip)
    return bool(MEASURES[name](clip, **content))


def _all(parts: list, clip: Kinematics) -> bool:
    return all(_holds(part, clip) for part in parts)


def _any(parts: list, clip: Kinematics) -> bool:
    return any(_holds(part, clip) for part in parts)


def _in_order(parts: list, clip: Kinematics) -> bool:
    shortest = clip.frames_in(SHORTEST_PART_SECONDS)
    # Every further part squares the number of ways to split.
    step = clip.frames_in(SPLIT_STEP_SECONDS * max(len(parts) - 1, 1))

    @cache
    def does(part: int, start: int, stop: int) -> bool:
        return _holds(parts[part], clip.cut(start, stop))

    @cache
    def follow(part: int, start: int, stop: int) -> bool:
        """Whether that part and those after it are done one after the other in a span."""
        if part == len(parts) - 1:
            return does(part, start, stop)
        again = parts[part] in parts[part + 1 :]
        return any(
            does(part, start, split)
            and (again or not does(part, split, stop))
            and follow(part + 1, split, stop)
            and not follow(part + 1, start, split)
            for split in range(start + shortest, stop - shortest, step)
        )

    return follow(0, 0, clip.frames)


def _together(parts: list, clip: Kinematics) -> bool:
    span = min(clip.frames_in(TOGETHER_SECONDS), clip.frames)
    starts = range(0, clip.frames - span + 1, clip.frames_in(TOGETHER_STEP_SECONDS))
    return any(_all(parts, clip.cut(start, start + span)) for start in starts)


def _during(content: Mapping, clip: Kinematics) -> bool:
    start = round(content["start"] * clip.fps)
    stop = min(round(content["stop"] * clip.fps), clip.frames)
    if stop - start < clip.frames_in(SHORTEST_PART_SECONDS):
        return False
    return _holds(content["of"], clip.cut(start, stop))


_COMBINATIONS = {"all": _all, "any": _any, "in_order": _in_order, "together": _together}


def _only_item(predicate: Mapping) -> tuple[str, typing.Any]:
    if not isinstance(predicate, Mapping) or len(predicate) != 1:
        raise LimberError(f"A predicate is an object with one key, not {predicate!r}.")
    return next(iter(predicate.items()))


def _validate_during(content: object) -> None:
    if not isinstance(content, Mapping) or content.keys() != {"start", "stop", "of"}:
        raise LimberError(f'Predicate "during" needs start, stop and of, not {content!r}.')
    if not 0.0 <= content["start"] < content["stop"]:
        raise LimberError('Predicate "during": start comes before stop, neither below 0.')
    validate(content["of"])


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

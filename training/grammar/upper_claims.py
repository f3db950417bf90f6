"""What upper-body actions claim, as adherence predicates by verb."""

from collections.abc import Callable

from training.grammar.timeline import ActionDescription

_NEAR_M = {
    "hip": ("hip", 0.24), "head": ("head", 0.26), "chin": ("head", 0.24), "ear": ("ear", 0.2),
    "chest": ("spine3", 0.24), "belly": ("spine1", 0.26), "shoulder": ("other_shoulder", 0.2),
    "forehead": ("head", 0.26), "mouth": ("head", 0.26), "ears": ("ear", 0.2),
    "eyes": ("head", 0.24), "face": ("head", 0.26),
}  # fmt: skip
_ARM_WAYS = {"forward": "forward", "sideways": "outward"}
_BLOWS = {"forward": "forward", "up": "up", "across": "inward"}


def _side(action: ActionDescription) -> str:
    return {"alternating": "both", None: "either"}.get(action.side, action.side)


def _acting_side(action: ActionDescription, alone: bool) -> str:
    """Measures of acting limbs ask that the other side rests, which only a lone action promises."""
    return _side(action) if alone else "either"


def _counted(name: str, action: ActionDescription, alone: bool, **more) -> list[dict]:
    number = {"count": action.count} if alone and action.count else {"at_least": 1}
    return [{name: {**more, **number}}]


def _raised(action: ActionDescription, alone: bool) -> list[dict]:
    if action.direction == "up":
        return [{"hand_above": {"side": _side(action), "of": "head"}}]
    way = _ARM_WAYS[action.direction]
    return [{"arm_extends": {"side": _side(action), "direction": way}}]


def _near(action: ActionDescription, alone: bool) -> list[dict]:
    joint, limit = _NEAR_M[action.target]
    return [{"hand_near": {"side": _side(action), "of": joint, "max_m": limit}}]


def _looked(action: ActionDescription, alone: bool) -> list[dict]:
    ways = ("left", "right") if action.direction == "around" else (action.direction,)
    return [{"looks": {"direction": way}} for way in ways]


def _twisted(action: ActionDescription, alone: bool) -> list[dict]:
    sides = ("left", "right") if action.direction == "alternating" else (action.direction,)
    return [{"torso_twists": {"side": side, "min_degrees": 20.0}} for side in sides]


def _punched(action: ActionDescription, alone: bool) -> list[dict]:
    more = {"side": _acting_side(action, alone), "direction": _BLOWS[action.direction]}
    return _counted("punches", action, alone, **more)


def _pointed(action: ActionDescription, alone: bool) -> list[dict]:
    if not alone:
        # Directions are told from the start of a clip; a turn before would change them.
        return []
    return [{"arm_extends": {"side": _side(action), "direction": action.direction}}]


UPPER_CLAIMS: dict[str, Callable[[ActionDescription, bool], list[dict]]] = {
    "wave": lambda a, alone: [{"waves": {"side": _acting_side(a, alone)}}],
    "raise": _raised,
    "point": _pointed,
    "clap": lambda a, alone: _counted("claps", a, alone),
    "punch": _punched,
    "bow": lambda a, alone: [{"torso_leans": {"direction": "forward", "min_degrees": 12.0}}],
    "tilt_head": lambda a, alone: [{"tilts_head": {"side": a.direction}}],
    "clasp": lambda a, alone: [{"hand_near": {"side": "both", "of": "other_hand", "max_m": 0.16}}],
    "circle_arm": lambda a, alone: [
        {"hand_above": {"side": _side(a), "of": "head", "min_seconds": 0.1}}
    ],
    "lean": lambda a, alone: [{"torso_leans": {"direction": a.direction, "min_degrees": 10.0}}],
    "twist": _twisted,
    "nod": lambda a, alone: _counted("nods", a, alone),
    "shake_head": lambda a, alone: [{"shakes_head": {}}] if alone else [],
    "look": _looked,
    "hands_on_hips": _near,
    "cross_arms": lambda a, alone: [
        {"hand_near": {"side": "both", "of": "other_elbow", "max_m": 0.24}}
    ],
    "salute": _near,
    "touch": _near,
    "phone": _near,
    "drink": _near,
    "push": lambda a, alone: [{"arm_extends": {"side": "both", "direction": "forward"}}],
    "throw": lambda a, alone: [{"hand_above": {"side": a.side, "of": "shoulder"}}],
    "cheer": lambda a, alone: [{"hand_above": {"side": "both", "of": "head"}}],
    **dict.fromkeys(("think", "laugh", "cry", "cover"), _near),
    "touch_toes": lambda a, alone: [
        {"torso_leans": {"direction": "forward", "min_degrees": 45.0, "at_least": a.count}}
    ],
    "halt": lambda a, alone: [{"arm_extends": {"side": a.side, "direction": "forward"}}],
    "dodge": lambda a, alone: [{"torso_leans": {"direction": a.direction, "min_degrees": 10.0}}],
    "stretch": lambda a, alone: [{"hand_above": {"side": "both", "of": "head"}}],
}

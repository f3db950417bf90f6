"""What the description of an action claims, as a predicate of the adherence suite."""

from training.grammar.timeline import ActionDescription

_YAW_TOLERANCE = 25.0
_NEAR_M = {
    "hip": ("hip", 0.24), "head": ("head", 0.26), "chin": ("head", 0.24), "ear": ("ear", 0.2),
    "chest": ("spine3", 0.24), "belly": ("spine1", 0.26), "shoulder": ("other_shoulder", 0.2),
    "forehead": ("head", 0.26), "mouth": ("head", 0.26),
}  # fmt: skip
_ARM_WAYS = {"forward": "forward", "sideways": "outward"}
_BLOWS = {"forward": "forward", "up": "up", "across": "inward"}
_KICKS = {"forward": "forward", "side": "outward", "backward": "backward"}
_MIRRORED_SIDE = {"alternating": "both"}


def claim(description: ActionDescription) -> dict | None:
    """The predicate that a clip of this one action fulfils; None where none measures it."""
    write = _CLAIMS.get(description.verb)
    return write(description) if write else None


def _side(d: ActionDescription) -> str:
    return _MIRRORED_SIDE.get(d.side, d.side or "either")


def _raise(d: ActionDescription) -> dict:
    if d.direction == "up":
        return {"hand_above": {"side": _side(d), "of": "head"}}
    return {"arm_extends": {"side": _side(d), "direction": _ARM_WAYS[d.direction]}}


def _near(d: ActionDescription) -> dict:
    joint, limit = _NEAR_M[d.target]
    return {"hand_near": {"side": _side(d), "of": joint, "max_m": limit}}


def _look(d: ActionDescription) -> dict:
    if d.direction == "around":
        return {"all": [{"looks": {"direction": "left"}}, {"looks": {"direction": "right"}}]}
    return {"looks": {"direction": d.direction}}


def _twist(d: ActionDescription) -> dict:
    sides = ("left", "right") if d.direction == "alternating" else (d.direction,)
    twists = [{"torso_twists": {"side": side, "min_degrees": 20.0}} for side in sides]
    return twists[0] if len(twists) == 1 else {"all": twists}


def _travels(d: ActionDescription) -> dict:
    distance = 0.5 * (d.distance_m or 1.2)
    return {"travels": {"direction": d.direction, "min_m": distance}}



def _yaw(d: ActionDescription) -> dict:
    sign = 1.0 if d.direction == "left" else -1.0
    return {"net_yaw": {"degrees": sign * d.angle_degrees, "tolerance": _YAW_TOLERANCE}}


def _counted(name: str, d: ActionDescription, **parameters) -> dict:
    return {name: {**parameters, **({"count": d.count} if d.count else {})}}


_CLAIMS = {
    "wave": lambda d: {"waves": {"side": _side(d)}},
    "raise": _raise,
    "point": lambda d: {"arm_extends": {"side": d.side, "direction": d.direction}},
    "clap": lambda d: _counted("claps", d),
    "punch": lambda d: _counted("punches", d, side=_side(d), direction=_BLOWS[d.direction]),
    "bow": lambda d: {"torso_leans": {"direction": "forward", "min_degrees": 12.0}},
    "lean": lambda d: {"torso_leans": {"direction": d.direction, "min_degrees": 10.0}},
    "twist": _twist,
    "nod": lambda d: _counted("nods", d),
    "shake_head": lambda d: {"shakes_head": {}},
    "look": _look,
    "hands_on_hips": _near,
    "cross_arms": lambda d: {"hand_near": {"side": "both", "of": "other_elbow", "max_m": 0.24}},
    "salute": _near,
    "touch": _near,
    "phone": _near,
    "drink": _near,
    "push": lambda d: {"arm_extends": {"side": "both", "direction": "forward"}},
    "throw": lambda d: {"hand_above": {"side": d.side, "of": "shoulder"}},
    "stretch": lambda d: {"hand_above": {"side": "both", "of": "head"}},
    "walk": _travels,
    "run": _travels,
    "walk_curve": _yaw,
    "run_curve": _yaw,
    "walk_circle": _yaw,
    "run_circle": _yaw,
    "turn": _yaw,
    "side_step": lambda d: {"travels": {"direction": d.direction, "min_m": 0.15}},
    "step": lambda d: {"travels": {"direction": d.direction, "min_m": 0.2}},
    "jump": lambda d: _counted("jumps", d),
    "hop": lambda d: _counted("hops", d, side=d.side),
    "squat": lambda d: _counted("squats", d, min_m=0.15),
    "crouch": lambda d: {"squats": {"min_m": 0.15}},
    "sit_down": lambda d: {"sits_down": {}},
    "stand_up": lambda d: {"stands_up": {}},
    "kick": lambda d: _counted("kicks", d, side=d.side, direction=_KICKS[d.direction]),
    "knee_lift": lambda d: _counted("lifts_knee", d, side=d.side),
    "march": lambda d: {"lifts_knee": {"side": "both"}},
    "stand": lambda d: {"stands_still": {}},
}

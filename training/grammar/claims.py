"""What a script claims, as adherence predicates (``training/adherence``)."""

from training.grammar.timeline import ActionDescription, Script
from training.grammar.upper_claims import UPPER_CLAIMS


def claims(script: Script) -> list[dict]:
    """Predicates that hold for the whole clip, in the order of its actions."""
    found = []
    alone = len(script.placements) == 1
    for placement in script.placements:
        found += _claims_of(placement.description, alone)
    return found


def _claims_of(action: ActionDescription, alone: bool) -> list[dict]:
    claim = _CLAIMS.get(action.verb)
    return claim(action, alone) if claim else []


def _counted(name: str, action: ActionDescription, alone: bool, **more) -> list[dict]:
    number = {"count": action.count} if alone and action.count else {"at_least": action.count or 1}
    return [{name: {**more, **number}}]


def _travels(least: float, each: float = 0.0):
    """At least so many metres, or ``each`` metres for every counted step if that is less."""

    def claim(action: ActionDescription, alone: bool) -> list[dict]:
        reach = min(least, each * action.count) if each and action.count else least
        reach *= 0.6 if action.direction == "backward" else 1.0
        if not alone:
            return [{"moves": {"min_m": round(0.7 * reach, 3)}}]
        return [{"travels": {"direction": action.direction, "min_m": round(reach, 3)}}]

    return claim


def _turned(action: ActionDescription, alone: bool) -> list[dict]:
    if not alone:
        return []
    sign = 1.0 if action.direction == "left" else -1.0
    return [{"net_yaw": {"degrees": sign * action.angle_degrees, "tolerance": 20}}]


def _returned(alone: bool) -> list[dict]:
    return [{"net_yaw": {"degrees": 0, "tolerance": 25}}, {"stays": {"max_m": 6.0}}] * alone


def _kicked(action: ActionDescription, alone: bool) -> list[dict]:
    direction = {"forward": "forward", "side": "outward", "backward": "backward"}
    way = direction[action.direction]
    return _counted("kicks", action, alone, side=_acting_side(action, alone), direction=way)


def _lifted_knee(action: ActionDescription, alone: bool) -> list[dict]:
    return _counted("lifts_knee", action, alone, side=_acting_side(action, alone))


def _acting_side(action: ActionDescription, alone: bool) -> str:
    """Measures of acting legs ask that the other leg rests, which only a lone action promises."""
    return action.side if alone else "either"


def _jumped(action: ActionDescription, alone: bool) -> list[dict]:
    found = _counted("jumps", action, alone)
    if alone and action.direction != "up":
        found.append({"travels": {"direction": action.direction, "min_m": 0.15}})
    return found


def _squatted(action: ActionDescription, alone: bool) -> list[dict]:
    least = {"small": 0.1, "normal": 0.2, "large": 0.3}[action.amplitude or "normal"]
    return _counted("squats", action, alone, min_m=least)


_OTHER = {"left": "right", "right": "left"}
_CLAIMS = {
    "walk": _travels(0.5),
    "limp": _travels(0.4),
    "run": _travels(1.5),
    "jog": _travels(1.2),
    "tiptoe": _travels(0.4),
    "sneak": _travels(0.4),
    "march_forward": _travels(0.6),
    "skip": _travels(0.8),
    "climb": _travels(0.3),
    "walk_eight": lambda a, alone: [{"moves": {"min_m": 5.0}}, *_returned(alone)],
    "run_eight": lambda a, alone: [{"moves": {"min_m": 5.0}}, *_returned(alone)],
    "side_step": _travels(0.4, 0.18),
    "step": _travels(0.2, 0.15),
    "walk_curve": _turned,
    "run_curve": _turned,
    "walk_circle": _turned,
    "run_circle": _turned,
    "walk_turn": _turned,
    "turn": _turned,
    "jump": _jumped,
    "hop": lambda a, alone: _counted("hops", a, alone, side=a.side),
    "squat": _squatted,
    "crouch": _squatted,
    "kick": _kicked,
    "knee_lift": _lifted_knee,
    "kneel": lambda a, alone: [{"lowers": {"joint": "pelvis", "min_m": 0.25}}],
    "pick_up": lambda a, alone: [{"lowers": {"joint": "pelvis", "min_m": 0.15}}],
    "balance": lambda a, alone: [{"foot_off_floor": {"side": _OTHER[a.side], "min_seconds": 0.6}}],
    "lie_down": lambda a, alone: [{"lowers": {"joint": "head", "min_m": 1.0}}],
    "get_up": lambda a, alone: [{"rises": {"joint": "pelvis", "min_m": 0.6}}],
    "sit_on_floor": lambda a, alone: [{"lowers": {"joint": "pelvis", "min_m": 0.6}}],
    "push_up": lambda a, alone: [{"lowers": {"joint": "head", "min_m": 1.0}}],
    "sit_down": lambda a, alone: [{"sits_down": {}}],
    "stand_up": lambda a, alone: [{"stands_up": {}}] if alone else [],
    "sit": lambda a, alone: [{"seated": {}}] if alone else [],
    "stand": lambda a, alone: [{"stands_still": {}}],
    **UPPER_CLAIMS,
}

"""Gestures of daily life, work, play and feeling, as routines of poses."""

from collections.abc import Callable
from functools import partial

from training.grammar.reaching import MIDLINE, ArmPose
from training.grammar.routine import Routine, perform

_FACE = ArmPose((-0.075, 0.06, 0.19), (0.7, -1.0, 0.1), (-0.1, 0.0, -1.0), flex=10.0)
_REACH = ArmPose((-0.07, -0.07, 0.45), (0.8, -1.0, 0.0), (-0.9, -0.2, 0.0))
_CHEER = ArmPose((0.18, 0.42, 0.06), (1.0, 0.0, 0.1), (-0.3, 0.1, 0.9))
_KEYBOARD = ArmPose((-0.07, -0.27, 0.27), (0.5, -1.0, -0.3), (0.0, -1.0, 0.0), flex=6.0)
_WHEEL = ArmPose((-0.02, -0.10, 0.38), (0.8, -1.0, 0.0), (-0.9, -0.3, 0.3))
_PULLED = ArmPose((-0.06, -0.17, 0.10), (0.5, -0.5, -1.0), (-0.9, -0.2, 0.0))
_WIPED = ArmPose((0.02, 0.06, 0.41), (0.8, -1.0, 0.0), (0.0, 0.2, 1.0), flex=-55.0)
_WING = ArmPose((0.48, 0.06, 0.0), (0.0, -0.4, -1.0), (0.0, -1.0, 0.0))
_SHOWN = ArmPose((0.06, 0.06, 0.24), (0.5, -1.0, -0.1), (0.0, 0.1, 1.0), flex=-15.0)
_HELD = ArmPose((-0.02, -0.16, 0.28), (0.5, -1.0, -0.3), (-1.0, 0.0, 0.2), flex=-6.0)
_LOOSE = ArmPose((0.02, -0.10, 0.30), (0.5, -1.0, -0.2), (0.0, -1.0, 0.0), flex=38.0)
_BELLY = ArmPose((-0.09, -0.31, 0.18), (1.0, -0.3, -0.3), (-0.2, 0.0, -1.0), flex=5.0)
_RUBBED = ArmPose((MIDLINE + 0.045, -0.15, 0.27), (0.8, -1.0, -0.1), (-1.0, 0.0, 0.0), flex=-14.0)
_GUARD = ArmPose((-0.08, 0.02, 0.24), (0.5, -1.0, -0.2), (-0.9, 0.0, -0.3))
_HANGING = ArmPose((0.06, -0.48, 0.06), (0.4, -0.3, -1.0))
_DOWN_TO_TOES = ArmPose((-0.08, 0.06, 0.50), (1.0, -0.3, 0.0), (-0.5, -0.5, -0.6))
_CARRIED = ArmPose((-0.05, -0.24, 0.30), (0.5, -0.7, -0.8), (-0.4, 1.0, 0.2), flex=8.0)
_STROKE = (
    ArmPose((0.0, 0.26, 0.42), (0.9, -0.3, 0.2), (0.0, -0.8, 0.6)),
    ArmPose((-0.04, -0.14, 0.42), (0.9, -0.4, 0.0), (0.0, -0.8, -0.5)),
    ArmPose((0.08, -0.44, 0.08), (0.8, 0.0, -0.8)),
    ArmPose((0.30, 0.14, 0.10), (0.8, 0.4, -0.6), (0.0, -1.0, 0.0)),
)
_BAT = (
    (ArmPose((0.10, 0.02, 0.12), (0.8, -0.6, -0.6)), ArmPose((-0.37, 0.03, 0.22), (0.9, -0.8, 0.2))),
    (ArmPose((-0.15, -0.10, 0.42), (0.8, -1.0, 0.0)), ArmPose((-0.19, -0.06, 0.41), (0.8, -1.0, 0.0))),
    (ArmPose((-0.40, 0.10, 0.22), (0.9, -0.8, 0.2)), ArmPose((0.06, 0.12, 0.14), (0.8, -0.6, -0.6))),
)  # fmt: skip

ROUTINES = (
    Routine(
        "cheer", _CHEER, (_CHEER.moved(up=-0.13), _CHEER), 0.24, (1, 4), both=True, shape="fist",
        trunk=(-5.0, 0.0, 0.0), head=(-10.0, 0.0, 0.0), sway=((2.0, 0.0, 0.0), (-5.0, 0.0, 0.0)),
        arrive=(0.5, 0.75), hold=(0.2, 1.0),
    ),
    Routine(
        "think", ArmPose((-0.125, 0.035, 0.195), (0.8, -1.0, 0.0), (-0.4, 0.0, -1.0), flex=12.0),
        shape="cupped", other=ArmPose((-0.25, -0.22, 0.19), (1.0, -0.7, 0.0), (-0.2, 0.0, -1.0)),
        trunk=(3.0, 0.0, 0.0), head=(7.0, 6.0, 5.0), hold=(1.2, 3.2), target="chin",
    ),
    Routine(
        "laugh", _BELLY, half=0.17, rounds=(3, 6), both=True, shape="cupped",
        trunk=(-7.0, 0.0, 0.0), head=(-13.0, 4.0, 0.0), sway=((4.0, 1.0, 0.0), (-6.0, -1.0, 0.0)),
        target="belly", hip_share=0.3,
    ),
    Routine(
        "cry", _FACE, half=0.26, rounds=(3, 6), both=True, shape="cupped", trunk=(14.0, 0.0, 0.0),
        head=(20.0, 0.0, 0.0), sway=((18.0, 1.0, 0.0), (13.0, -1.0, 0.0)), target="face",
    ),
    Routine(
        "catch", _REACH.moved(up=0.08), (_PULLED.moved(forward=0.09, up=0.02),), 0.35, both=True,
        shape="open", trunk=(6.0, 0.0, 0.0), sway=((-3.0, 0.0, 0.0),), arrive=(0.45, 0.7),
        hold=(0.4, 1.2),
    ),
    Routine(
        "pull", _REACH, (_PULLED, _REACH), 0.55, counted=True, both=True, shape="grip",
        trunk=(12.0, 0.0, 0.0), sway=((-12.0, 0.0, 0.0), (11.0, 0.0, 0.0)), hip_share=0.4,
    ),
    Routine(
        "swing", _BAT[0][0], (_BAT[1][0], _BAT[2][0], _BAT[0][0]), 0.27, counted=True,
        other=_BAT[0][1], other_beat=(_BAT[1][1], _BAT[2][1], _BAT[0][1]), shape="grip",
        trunk=(2.0, 0.0, 30.0), sway=((8.0, 0.0, -8.0), (4.0, 0.0, -36.0), (2.0, 0.0, 30.0)),
        hip_share=0.4,
    ),
    Routine(
        "wipe", _WIPED.moved(out=0.12), (_WIPED.moved(out=-0.14), _WIPED.moved(out=0.14)), 0.36,
        (2, 5), shape="flat", trunk=(4.0, 0.0, 0.0), head=(2.0, 0.0, 4.0),
        sway=((4.0, 0.0, -7.0), (4.0, 0.0, 5.0)),
    ),
    Routine(
        "type", _KEYBOARD, (_KEYBOARD.moved(up=-0.018, flex=14.0), _KEYBOARD.moved(up=0.012)), 0.15,
        (5, 12), other=_KEYBOARD,
        other_beat=(_KEYBOARD.moved(up=0.012), _KEYBOARD.moved(up=-0.018, flex=14.0)),
        shape="cupped", head=(14.0, 0.0, 0.0), target="keyboard",
    ),
    Routine(
        "piano", _KEYBOARD,
        (_KEYBOARD.moved(up=-0.03, flex=16.0), _KEYBOARD.moved(up=0.02, out=0.12)), 0.27, (3, 7),
        other=_KEYBOARD,
        other_beat=(_KEYBOARD.moved(up=0.02, out=0.10), _KEYBOARD.moved(up=-0.03, flex=16.0)),
        shape="cupped", trunk=(4.0, 0.0, 0.0), head=(10.0, 0.0, 0.0),
        sway=((5.0, 2.0, 0.0), (3.0, -2.0, 0.0)),
    ),
    Routine(
        "open_door", ArmPose((0.0, -0.20, 0.40), (0.5, -1.0, -0.2), (-0.9, 0.0, 0.3)),
        (ArmPose((0.14, -0.20, 0.16), (0.7, -0.4, -1.0), (-0.9, 0.0, 0.3)),), 0.8, shape="grip",
        trunk=(6.0, 0.0, -4.0), sway=((-2.0, 0.0, 14.0),), head=(4.0, 0.0, 0.0), hold=(0.2, 0.7),
    ),
    Routine(
        "block", ArmPose((-0.10, 0.13, 0.24), (0.7, -0.9, 0.1), (-0.3, 0.0, 1.0)), shape="fist",
        trunk=(-7.0, 0.0, -10.0), arrive=(0.3, 0.45), hold=(0.4, 1.3),
    ),
    Routine(
        "halt", ArmPose((-0.02, 0.05, 0.485), (0.6, -1.0, 0.0), (0.0, 0.2, 1.0), flex=-68.0),
        shape="flat", arrive=(0.45, 0.7), hold=(0.7, 2.0),
    ),
    Routine(
        "steer", _WHEEL, (_WHEEL.moved(up=0.12, out=-0.05), _WHEEL.moved(up=-0.12, out=-0.05)), 0.6,
        (1, 3), other=_WHEEL,
        other_beat=(_WHEEL.moved(up=-0.12, out=-0.05), _WHEEL.moved(up=0.12, out=-0.05)),
        shape="grip", hold=(0.3, 0.8),
    ),
    Routine(
        "guitar", ArmPose((-0.12, -0.28, 0.17), (1.0, -0.4, -0.2), (-0.4, 0.0, -1.0)),
        (
            ArmPose((-0.12, -0.36, 0.17), (1.0, -0.4, -0.2), (-0.4, 0.0, -1.0), flex=12.0),
            ArmPose((-0.12, -0.24, 0.17), (1.0, -0.4, -0.2), (-0.4, 0.0, -1.0), flex=-8.0),
        ),
        0.22, (4, 8), other=ArmPose((0.16, -0.10, 0.27), (0.5, -1.0, -0.3), (-0.3, 0.4, -1.0)),
        shape="cupped", trunk=(3.0, -3.0, 0.0), head=(10.0, 0.0, -12.0),
    ),
    Routine(
        "check_watch", ArmPose((-0.16, -0.10, 0.24), (1.0, -0.5, 0.0), (0.0, -1.0, -0.2)),
        shape="relaxed", trunk=(2.0, 0.0, 0.0), head=(20.0, 0.0, -4.0), hold=(0.6, 1.6),
    ),
    Routine(
        "rub_hands", _RUBBED, (_RUBBED.moved(forward=0.05), _RUBBED.moved(forward=-0.04)), 0.18,
        (3, 7), other=_RUBBED,
        other_beat=(_RUBBED.moved(forward=-0.04), _RUBBED.moved(forward=0.05)), shape="flat",
        head=(7.0, 0.0, 0.0), varied_m=0.0,
    ),
    Routine(
        "blow_kiss", ArmPose((-0.10, 0.05, 0.22), (0.8, -1.0, 0.0), (-0.3, 0.2, -1.0), flex=20.0),
        (ArmPose((0.03, 0.04, 0.42), (0.5, -1.0, 0.0), (0.0, 1.0, 0.3)),), 0.5, shape="flat",
        head=(-3.0, 3.0, 0.0), hold=(0.4, 1.0), target="mouth",
    ),
    Routine(
        "flap", _WING, (_WING.moved(up=0.20, out=-0.08), _WING.moved(up=-0.26, out=-0.08)), 0.3,
        counted=True, both=True, shape="flat", sway=((-3.0, 0.0, 0.0), (3.0, 0.0, 0.0)),
    ),
    Routine(
        "touch_toes", _HANGING, (_DOWN_TO_TOES, _HANGING), 0.85, counted=True, both=True,
        shape="open", sway=((94.0, 0.0, 0.0), (2.0, 0.0, 0.0)), arrive=(0.3, 0.4), hip_share=0.6,
    ),
    Routine(
        "carry", _CARRIED, both=True, shape="open", trunk=(-4.0, 0.0, 0.0), arrive=(0.6, 0.85),
        hold=(1.6, 4.0),
    ),
    Routine(
        "hug", ArmPose((-0.04, -0.02, 0.46), (1.0, -0.5, 0.0), (-1.0, 0.0, 0.0)),
        (ArmPose((-0.26, -0.07, 0.30), (1.0, -0.4, 0.1), (-0.5, 0.0, -1.0)),), 0.6, both=True,
        shape="cupped", trunk=(6.0, 0.0, 0.0), sway=((9.0, 3.0, 4.0),), head=(3.0, 6.0, 0.0),
        hold=(0.7, 1.8),
    ),
    Routine(
        "crawl_stroke", _STROKE[0], (_STROKE[1], _STROKE[2], _STROKE[3], _STROKE[0]), 0.26, (2, 4),
        other=_STROKE[2], other_beat=(_STROKE[3], _STROKE[0], _STROKE[1], _STROKE[2]),
        shape="flat", trunk=(12.0, 0.0, 6.0),
        sway=((14.0, 0.0, -8.0), (14.0, 0.0, -12.0), (14.0, 0.0, 8.0), (14.0, 0.0, 12.0)),
    ),
    Routine(
        "dodge", _GUARD, (_GUARD,), 0.3, both=True, shape="fist", trunk=(6.0, 26.0, 6.0),
        head=(-2.0, -8.0, 0.0), arrive=(0.32, 0.45), hold=(0.1, 0.4), says_way=True, hip_share=0.4,
    ),
    *(
        Routine(
            "cover", ArmPose(hand, (0.8, -1.0, 0.1), palm, flex=flex), both=True, shape="flat",
            head=(6.0, 0.0, 0.0), trunk=(3.0, 0.0, 0.0), hold=(0.8, 2.2), target=target,
        )
        for target, hand, palm, flex in (
            ("ears", (-0.02, 0.15, 0.06), (-1.0, 0.0, 0.1), 0.0),
            ("eyes", (-0.075, 0.14, 0.17), (-0.2, 0.0, -1.0), 20.0),
        )
    ),
    *(
        Routine("show_hand", _SHOWN, shape=shape, hold=(0.9, 2.4), target=target)
        for target, shape in (
            ("fist", "fist"), ("open", "open"), ("two", "two"), ("three", "three"), ("ok", "ok"),
            ("one", "point"), ("four", "four"), ("claw", "claw"),
        )
    ),
    Routine("show_hand", _SHOWN, both=True, shape="fist", hold=(0.9, 2.4), target="fist"),
    Routine("show_hand", _HELD, shape="grip", hold=(1.0, 2.4), target="grip"),
    Routine("show_hand", _LOOSE, shape="relaxed", hold=(1.0, 2.4), target="relaxed"),
)  # fmt: skip


def samplers() -> dict[str, list[Callable]]:
    """By verb, what draws a gesture: ``sample(rng, person)``."""
    found: dict[str, list[Callable]] = {}
    for routine in ROUTINES:
        found.setdefault(routine.verb, []).append(partial(perform, routine))
    return found

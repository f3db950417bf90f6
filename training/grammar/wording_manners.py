"""The words for manners of walking: on tiptoe, sneaking, marching, jogging, skipping, stairs."""

from training.grammar.wording import Wording
from training.grammar.wording_gaits import FORWARD

_WAY = {"forward": FORWARD}
_LOOPS = {side: ("", "", f"starting to the {side}") for side in ("left", "right")}

MANNER_WORDING = {
    "tiptoe": Wording(
        (
            "[tiptoe] {way} {speed}",
            "[walk] {way} on tiptoe {speed}",
            "[walk] on {their} toes {way} {speed}",
            "[walk|step|go] {way} on the balls of {their} feet {speed}",
            "[walk] {way} on the tips of {their} toes {speed}",
            "[tread] {way} on tiptoe {speed}",
            "[take] small steps {way} on tiptoe {speed}",
        ),
        way=_WAY,
    ),
    "sneak": Wording(
        (
            "[sneak] {way} {speed}",
            "[sneak|creep|prowl|slink] {way} {speed}",
            "[creep] {way} {speed}",
            "[walk] {way} in a low crouch, looking around {speed}",
            "[sneak] {way} with bent knees {speed}",
            "[walk|step] stealthily {way} {speed}",
            "[steal] {way} without a sound {speed}",
            "[sneak] {way} like a thief {speed}",
        ),
        way=_WAY,
    ),
    "march_forward": Wording(
        (
            "[march] {way} {speed}",
            "[march] {way} {speed}",
            "[march] {way} like a soldier {speed}",
            "[parade] {way} {speed}",
            "[march] {way} with high knees {speed}",
            "[walk] {way} lifting {their} knees high {speed}",
            "[march] {way} in step, swinging {their} arms {speed}",
        ),
        way=_WAY,
    ),
    "jog": Wording(
        (
            "[jog] {way} {speed}",
            "[jog] {way} {speed}",
            "[jog] {speed} {way}",
            "[go] for a jog {way} {speed}",
            "[jog] {way} at an easy pace",
            "[trot] {way} {speed}",
            "[jog] {way} and [stop] {speed}",
            "[jog] {speed}",
        ),
        way=_WAY,
    ),
    "skip": Wording(
        (
            "[skip] {way} {speed}",
            "[skip] {way} {speed}",
            "[skip] {speed} {way}",
            "[skip] along {speed}",
            "[skip] {way} like a child {speed}",
            "[step] and [hop] {way} in turn {speed}",
            "[move] {way} in skips {speed}",
        ),
        way=_WAY,
    ),
    "climb": Wording(
        (),
        key="target",
        special={
            "up": (
                "[walk] up the stairs {speed}",
                "[climb] stairs {speed}",
                "[climb] (the|some) stairs {speed}",
                "[go] up the stairs {speed}",
                "[go] upstairs {speed}",
                "[walk] forward as if climbing stairs {speed}",
                "[walk] up (imaginary|some) stairs {speed}",
                "[step] up a staircase {speed}",
            ),
            "down": (
                "[walk] down the stairs {speed}",
                "[go] down the stairs {speed}",
                "[descend] stairs {speed}",
                "[go] downstairs {speed}",
                "[walk] forward as if going down stairs {speed}",
                "[walk] down (imaginary|some) stairs {speed}",
                "[step] down a staircase {speed}",
            ),
        },
    ),
    "walk_eight": Wording(
        (
            "[walk] in a figure eight {way}",
            "[walk] a figure eight {way}",
            "[walk] along a figure of eight {way}",
            "[walk] in the shape of an eight {way}",
            "[go] in a figure eight on foot {way}",
            "[make] a figure eight on foot {way}",
            "[walk] two loops in the form of an 8 {way}",
        ),
        way=_LOOPS,
    ),
    "run_eight": Wording(
        (
            "[run] in a figure eight {way}",
            "[run] a figure eight {way}",
            "[run] along a figure of eight {way}",
            "[run] in the shape of an eight {way}",
            "[run] two loops in the form of an 8 {way}",
        ),
        way=_LOOPS,
    ),
}

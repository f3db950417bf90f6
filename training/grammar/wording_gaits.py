"""The words for walking, running, stepping, turning and standing."""

from training.grammar.wording import Wording

_WALK = (
    "[walk] {way} {speed}",
    "[walk] {way} {speed}",
    "[walk] {speed} {way}",
    "[walk|stroll|pace|step|wander|ramble|roam|tread|patrol] {way} {speed}",
    "[walk|stroll|pace|promenade|mosey|tramp|hoof it] {way}",
    "[go|move|travel|head|proceed|progress|pass] {way} on foot {speed}",
    "[take] {number:step} {way} {speed}",
    "[walk] {number:step} {way} {speed}",
    "[go] {number:step} {way} {speed}",
    "[go] for a (short |)walk {way} {speed}",
    "[take] a (short |little |)walk {way} {speed}",
    "[walk] (along |){way} (with steady steps|at ease|) {speed}",
)
FORWARD = (
    "forward",
    "forward",
    "forwards",
    "ahead",
    "straight ahead",
    "straight forward",
    "onward",
    "to the front",
    "in a straight line",
    "straight on",
)
_BACKWARD = ("backward", "backwards", "back", "to the rear", "rearward")
_CURVED = {
    side: (
        f"in a curve to the {side}",
        f"along a curve to the {side}",
        f"in an arc to the {side}",
        f"curving to the {side}",
        f"bending to the {side}",
        f"{side} along a curved path",
        f"and [turn] {side}",
        f"forward and [turn] to the {side}",
        f"turning {side}",
        f"forward while turning {side}",
        f"swerving {side}",
        f"around a bend to the {side}",
    )
    for side in ("left", "right")
}
_CURVED_BY = {
    side: (
        f"[walk] in a curve of {{angle}} to the {side} {{speed}}",
        f"[walk] in an arc of {{angle}} to the {side} {{speed}}",
        f"[walk] in a curve to the {side}, turning by {{angle}} {{speed}}",
        f"[walk] along an arc to the {side} through {{angle}} {{speed}}",
    )
    for side in ("left", "right")
}
_CIRCLE = {
    side: (
        "in a circle",
        "around in a circle",
        "in a full circle",
        f"in a circle to the {side}",
        f"once around a circle to the {side}",
        "in a loop",
        f"along a round path to the {side}",
        "once around in a ring",
    )
    for side in ("left", "right")
}
_RUN = (
    "[run] {way} {speed}",
    "[run] {way} {speed}",
    "[run] {speed} {way}",
    "[run|hustle|lope|scamper] {way}",
    "[go] for a run {way} {speed}",
    "[go|move] {way} at a run",
    "[run] {number:step} {way} {speed}",
    "[take] {number:running step} {way}",
)
_GAIT_SLOW = (
    "[stroll|shuffle|wander|creep|dawdle|toddle|mosey|ramble|traipse] {way}",
    "[walk|step] {way} with slow steps",
    "[walk] {way} at a leisurely pace",
    "[take] slow steps {way}",
    "[walk] {way} (leisurely|idly|carefully|sluggishly)",
)
_GAIT_FAST = (
    "[stride|hurry|hasten|hustle|power-walk|strut] {way}",
    "[walk|step] {way} with quick steps",
    "[walk] {way} at a brisk pace",
    "[walk] briskly {way}",
    "[take] quick steps {way}",
    "[walk] {way} in a hurry",
    "[walk] {way} (energetically|vigorously|hurriedly)",
)
_RUN_SLOW = (
    "[jog] {way}",
    "[jog] {way} slowly",
    "[run] {way} at a gentle pace",
    "[run] lightly {way}",
)
_RUN_FAST = (
    "[sprint|rush|charge|tear|speed|bolt|zoom|fly] {way}",
    "[run] {way} as fast as {they} can",
    "[run] {way} at full speed",
)
_UNSPECIFIED_WALK = {
    "forward": (
        "[walk] {speed}",
        "[walk|stroll|pace] {speed}",
        "[walk] straight {speed}",
        "[walk] {way} and [stop] {speed}",
        "[walk] {way} and [come] to a stop {speed}",
    )
}
_TURN_WAYS = {
    side: (
        f"to the {side}",
        side,
        f"to {{their}} {side}",
        f"towards the {side}",
        f"{side}wards" if side == "left" else "to the right-hand side",
    )
    for side in ("left", "right")
}

GAIT_WORDING = {
    "walk": Wording(
        _WALK,
        way={"forward": FORWARD, "backward": _BACKWARD},
        slow=_GAIT_SLOW,
        fast=_GAIT_FAST,
        special={
            **_UNSPECIFIED_WALK,
            "backward": (
                "[back] away {speed}",
                "[back] up {speed}",
                "[withdraw] {speed}",
                "[step] back {speed}",
                "[walk] without turning around, going backwards {speed}",
                "[take] {number:backward step} {speed}",
                "[move] back {speed}",
            ),
        },
        free_count=1,
    ),
    "run": Wording(
        _RUN,
        way={"forward": FORWARD, "backward": _BACKWARD},
        slow=_RUN_SLOW,
        fast=_RUN_FAST,
        special={"forward": ("[run] {speed}", "[run] {way} and [stop] {speed}")},
        free_count=1,
    ),
    "walk_curve": Wording(
        _WALK, way=_CURVED, slow=_GAIT_SLOW, fast=_GAIT_FAST, free_count=1, special=_CURVED_BY
    ),
    "run_curve": Wording(_RUN, way=_CURVED, slow=_RUN_SLOW, fast=_RUN_FAST, free_count=1),
    "limp": Wording(
        (
            "[limp] {way} {speed}",
            "[limp] {way} on {leg} {speed}",
            "[walk] {way} with a limp {speed}",
            "[walk] {way}, limping on {leg} {speed}",
            "[hobble] {way} {speed}",
            "[limp] {way} as if {leg} hurt",
            "[walk] {way} with a sore {side} leg",
        ),
        way={"forward": FORWARD},
    ),
    "walk_turn": Wording(
        (
            "[walk] {way}, [turn] {angle} to the {side} and [walk] on {speed}",
            "[walk] {way}, [turn] to the {side} by {angle} and [keep] walking {speed}",
            "[walk] (a few steps|straight on), [turn] {side} by {angle} and [go] on {speed}",
            "[walk] and [turn] {angle} to the {side} on the way {speed}",
            "[turn] {side} by {angle} while walking {speed}",
            "[turn] {angle} to the {side} while walking {speed}",
            "[change] direction by {angle} to the {side} while walking {speed}",
        ),
        key="angle_degrees",
        way=dict.fromkeys(("left", "right"), ("forward", "ahead", "straight ahead", "")),
        special={
            45: ("[walk] {way} and [bear] {side} {speed}", "[walk] and [turn] slightly {side}"),
            90: (
                "[walk] {way}, [turn] {side} and [walk] on {speed}",
                "[walk] around a corner to the {side} {speed}",
                "[walk] {way} and [turn] a corner to the {side}",
                "[walk] {way}, [make] a {side} turn and [keep] walking {speed}",
                "[turn] {side} while walking {speed}",
            ),
            180: (
                "[walk] {way}, [turn] around and [walk] back {speed}",
                "[walk] away, [turn] around to the {side} and [come] back {speed}",
                "[walk] {way}, [make] a half turn to the {side} and [walk] back {speed}",
                "[walk] {way} and back again, turning {side} {speed}",
            ),
        },
    ),
    "walk_circle": Wording(
        _WALK,
        way=_CIRCLE,
        slow=_GAIT_SLOW,
        fast=_GAIT_FAST,
        free_count=1,
        special=dict.fromkeys(
            ("left", "right"),
            (
                "[circle] around {speed}",
                "[make|do|describe] a full circle on foot {speed}",
                "[go] all the way around in a circle {speed}",
            ),
        ),
    ),
    "run_circle": Wording(
        _RUN,
        way=_CIRCLE,
        slow=_RUN_SLOW,
        fast=_RUN_FAST,
        free_count=1,
        special=dict.fromkeys(
            ("left", "right"), ("[run] a full circle {speed}", "[run] a lap in a circle {speed}")
        ),
    ),
    "side_step": Wording(
        (
            "[side-step|sidestep] to the {side} {speed}",
            "[step] sideways to the {side} {speed}",
            "[walk|move|go|shift] sideways to the {side} {speed}",
            "[shuffle] sideways to (the|{their}) {side} {speed}",
            "[take] {number:side step} to the {side} {speed}",
            "[take] {number:step} to (the|{their}) {side} {speed}",
            "[take] {number:sideways step} to the {side}",
            "[move] {side} with side steps {speed}",
            "[step] to the {side} {times} {speed}",
            "[move|step] laterally to the {side} {speed}",
            "[go|edge|slide] {side} without turning {speed}",
            "[walk] like a crab to the {side} {speed}",
        ),
        free_count=2,
        one_is_told=True,
    ),
    "turn": Wording(
        2
        * (
            "[turn] {way} by {angle} {speed}",
            "[turn] {angle} {way} {speed}",
            "[turn] {angle} {way} {speed}",
            "[rotate|spin|wheel|revolve] {angle} {way} {speed}",
            "[rotate|spin] {way} by {angle} {speed}",
            "[turn] on the spot {angle} {way} {speed}",
            "[turn] {their} (whole |)body {angle} {way} {speed}",
            "[turn|rotate] {way} on the spot, {angle} {speed}",
        ),
        key="angle_degrees",
        way=_TURN_WAYS,
        special={
            45: ("[turn] slightly {way} {speed}", "[turn] a little {way} {speed}"),
            90: (
                "[turn] {way} {speed}",
                "[turn] {way} {speed}",
                "[make] a {side} turn {speed}",
                "[make] a right-angle turn {way} {speed}",
                "[face] {side} by turning {angle} {speed}",
                "[do] a quarter turn {way} {speed}",
            ),
            180: (
                "[turn] around {speed}",
                "[turn] around {way} {speed}",
                "[turn] all the way around to face backwards",
                "[turn] to face the other way {speed}",
                "[make|do] a half turn {way} {speed}",
                "[face] the opposite direction {speed}",
                "[turn] {their} back {speed}",
                "[turn] back {way} {speed}",
                "[spin] around to face the other way {speed}",
                "[turn] around over {their} {side} shoulder",
                "[do] an about-turn {way} {speed}",
                "[wheel] around {way} to look the other way",
            ),
            270: (
                "[make] a three-quarter turn {way} {speed}",
                "[do] a three-quarter turn {way} {speed}",
            ),
            360: (
                "[turn] all the way around {way} {speed}",
                "[spin] around once {way} {speed}",
                "[do] a full spin {way} {speed}",
                "[turn] once around {their} own axis {way} {speed}",
                "[make|do] a full turn {way} {speed}",
                "[turn] in a complete circle on the spot {way} {speed}",
                "[rotate] through a full circle {way}",
            ),
        },
    ),
    "step": Wording(
        (
            "[step] {way} {times} {speed}",
            "[take] {number:step} {way} {speed}",
            "[take] {number:step} {way} {speed}",
            "[make] {number:step} {way} {speed}",
            "[step] {way} with {foot} {times} {speed}",
            "[take] {number:step} {way}, starting with {foot} {speed}",
            "[take] {number:pace} {way} {speed}",
        ),
        way={
            "forward": ("forward", "forwards", "ahead", "to the front"),
            "backward": ("back", "backward", "backwards"),
        },
        special={
            "forward": ("[put] {foot} forward {times} {speed}",),
            "backward": ("[put] {foot} back {times} {speed}",),
        },
    ),
    "march": Wording(
        (
            "[march] on the spot {speed}",
            "[march] in place {speed}",
            "[walk] on the spot {speed}",
            "[walk] in place {speed}",
            "[step] in place {speed}",
            "[step] on the spot {speed}",
            "[march] {speed} without moving forward",
            "[lift] {their} knees in turn on the spot {speed}",
            "[march|parade] like a soldier on the spot {speed}",
            "[stamp|stomp] on the spot {speed}",
            "[tread] on the spot {speed}",
        ),
        key="amplitude",
        special={
            "large": (
                "[march] on the spot with high knees {speed}",
                "[march] in place lifting {their} knees high {speed}",
            ),
            "small": ("[march] on the spot with small steps {speed}",),
        },
        free_count=1,
    ),
    "stand": Wording(
        (
            "[stand] still",
            "[stand] (there|in place|around|quietly|calmly|upright)",
            "[wait]",
            "[stand] and [wait]",
            "[stand] idle",
            "[do] nothing",
            "[idle]",
            "[stay|remain] in place",
            "[stand] on the spot",
            "[stand] and [breathe]",
            "[rest] while standing",
            "[stand] without moving (much|away|around)",
        ),
    ),
}

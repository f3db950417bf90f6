"""The words for what trunk, head and shoulders do."""

from training.grammar.wording import Wording

_LEFT_RIGHT = {
    side: (
        f"to the {side}",
        f"to {{their}} {side}",
        f"towards the {side}",
        side,
        f"to the {side}-hand side",
        f"to the {side} side",
        f"to {{their}} {side} side",
    )
    for side in ("left", "right")
}

TRUNK_WORDING = {
    "bow": Wording(
        (
            "[bow] {way} {times} {speed}",
            "[bow] {way} {times} {speed}",
            "[bow] {times} {way} {speed}",
            "[take] {number:bow} {way} {speed}",
            "[make] {number:bow} {way} {speed}",
            "[bend] forward {way} in a bow {times} {speed}",
            "[bow] {times} {speed} {way} (in thanks|in greeting|politely|respectfully|)",
            "[bend] at the (waist|hips) {way} to bow {speed}",
            "[lower] {their} upper body in a bow {way} {times} {speed}",
            "[bow] {their} upper body forward {way}, then [straighten] up again {speed}",
        ),
        key="amplitude",
        way={
            "small": ("slightly", "a little", "with a small movement", "briefly and not far"),
            "large": ("deeply", "very low", "deep", "far down"),
            None: ("",),
        },
        special={
            "large": (
                "[make] {number:deep bow} {speed}",
                "[take] a deep bow {speed}",
                "[bow] down very low {speed}",
            ),
            "small": ("[make] {number:small bow} {speed}", "[give] a slight bow {speed}"),
        },
    ),
    "lean": Wording(
        (
            "[lean] {way} {speed}",
            "[lean] {way} {speed}",
            "[lean] {speed} {way}",
            "[tilt] {their} (upper body|torso|body) {way} {speed}",
            "[bend] {their} (upper body|torso|trunk) {way} {speed}",
            "[incline|tip] {their} (torso|trunk|upper body) {way} {speed}",
            "[lean] {their} (upper body|torso) {way} and [come] back {speed}",
            "[bend] {way} at the waist {speed}",
        ),
        way={
            "forward": ("forward", "forwards", "to the front"),
            "backward": ("backward", "back", "backwards"),
            "left": (
                "to the left",
                "left",
                "over to the left",
                "to {their} left side",
                "sideways to the left",
            ),
            "right": (
                "to the right",
                "right",
                "over to the right",
                "to {their} right side",
                "sideways to the right",
            ),
        },
    ),
    "twist": Wording(
        (
            "[twist] {their} (torso|upper body|trunk|waist) {way} {times} {speed}",
            "[twist|rotate|turn] {their} (upper body|torso|trunk) {way} {speed} {times}",
            "[turn] {their} (shoulders|chest) {way} {times} {speed}",
            "[twist] at the waist {way} {times} {speed}",
            "[twist] {way} from the waist {times} {speed}",
            "[turn] only the upper body {way} {times} {speed}",
            "[rotate] {their} torso {way} {times} {speed}",
        ),
        way={
            **_LEFT_RIGHT,
            "alternating": (
                "left and right",
                "from side to side",
                "to the left and to the right",
                "to both sides",
                "back and forth",
                "to one side and the other",
            ),
        },
        free_count=1,
    ),
    "nod": Wording(
        (
            "[nod] {times} {speed}",
            "[nod] {their} head {times} {speed}",
            "[nod] {speed} {times}",
            "[nod] (yes|in approval|with the head|approvingly) {times} {speed}",
            "[move|tip] {their} head up and down {times} {speed}",
            "[rock] {their} head up and down {times} {speed}",
            "[confirm|affirm] with a nod {times}",
            "[say] yes with {their} head {times} {speed}",
            "[give] {number:nod} {speed}",
            "[make] {number:nod} {speed}",
            "[agree] with a nod of the head {times}",
            "[lower] and [raise] {their} head in a nod {times} {speed}",
            "[dip] {their} chin {times} {speed}",
        ),
        free_count=1,
    ),
    "shake_head": Wording(
        (
            "[shake] {their} head {times} {speed}",
            "[shake] {their} head {speed} {times}",
            "[shake] {their} head (no|in denial|in disagreement|in refusal) {times} {speed}",
            "[turn|move] {their} head from side to side {times} {speed}",
            "[move] {their} head left and right {times} {speed}",
            "[say] no with {their} head {times} {speed}",
            "[disagree] by shaking the head {times}",
            "[refuse|deny|decline] with a shake of the head {times}",
            "[swing] {their} head from left to right (and back |){times} {speed}",
        ),
        free_count=1,
    ),
    "look": Wording(
        (
            "[look] {way} {speed}",
            "[look] {way} {speed}",
            "[turn] {their} (head|face|eyes) {way} {speed}",
            "[stare|look|watch|squint] {way} {speed}",
            "[direct] {their} eyes {way} {speed}",
            "[take] a look {way} {speed}",
            "[cast] a look {way} {speed}",
            "[have] a look {way} {speed}",
            "[move] {their} head to look {way} {speed}",
        ),
        way={
            **_LEFT_RIGHT,
            "up": ("up", "upward", "at the sky", "to the sky", "upwards"),
            "down": ("down", "downward", "at the floor", "to the ground", "at {their} feet"),
            "around": (
                "around",
                "left and right",
                "to both sides",
                "to one side and then to the other",
                "all around",
                "about",
                "in both directions",
            ),
        },
        special={
            "up": ("[raise|lift] {their} head {speed}", "[tilt] {their} head back {speed}"),
            "down": (
                "[lower|bow] {their} head {speed}",
                "[drop] {their} eyes to the floor {speed}",
            ),
            "around": (
                "[search] the room with {their} eyes {speed}",
                "[scan] the surroundings {speed}",
            ),
        },
    ),
    "tilt_head": Wording(
        (
            "[tilt] {their} head {way} {speed}",
            "[tilt|tip|cock|bend|incline|lean] {their} head {way} {speed}",
            "[tilt] {their} head {speed} {way}",
            "[lean] {their} head over {way} {speed}",
            "[lay] {their} head {way} {speed}",
        ),
        way={
            side: (
                f"to the {side}",
                f"to the {side} side",
                f"toward {{their}} {side} shoulder",
                f"towards the {side} shoulder",
                f"sideways to the {side}",
            )
            for side in ("left", "right")
        },
    ),
    "shrug": Wording(
        (
            "[shrug] {times}",
            "[shrug] {their} shoulders {times}",
            "[lift|raise] {their} shoulders in a shrug {times}",
            "[give] {number:shrug}",
            "[shrug] with both shoulders {times}",
            "[raise] both shoulders and [drop] them again {times}",
            "[shrug] {times} with open palms",
            "[pull] {their} shoulders up {times}",
            "[make] {number:shrug} of the shoulders",
        ),
    ),
    "stretch": Wording(
        (
            "[stretch]",
            "[stretch] {their} (whole |)body",
            "[stretch] both arms (up|overhead|above {their} head|to the sky)",
            "[stretch] upward with both arms",
            "[reach] up high and [stretch]",
            "[stretch] {their} back and arms",
            "[loosen] up with a stretch",
            "[extend] both arms overhead in a stretch",
            "[yawn] and [stretch]",
            "[have] a (long |good |)stretch",
            "[stretch] as if just awake",
            "[raise] both arms and [stretch] {their} back",
        ),
    ),
}

"""The words for exercises, dancing, kneeling, balance and lifting."""

from training.grammar.wording import Wording

EXERCISE_WORDING = {
    "lunge": Wording(
        (
            "[lunge] forward with {leg} {times} {speed}",
            "[lunge] with {leg} {times} {speed}",
            "[do|perform] {number:lunge} with {leg} {speed}",
            "[make] {number:lunge} with {leg} {speed}",
            "[step] into a lunge with {foot} {times} {speed}",
            "with {leg}; [lunge] forward {times} {speed}",
        )
    ),
    "jumping_jack": Wording(
        (
            "[do|perform|make] {number:jumping jack} {speed}",
            "[do] {number:star jump} {speed}",
            "[jump] with arms and legs apart and together again {times} {speed}",
        ),
        special={None: ("[do] jumping jacks {times} {speed}",)},
    ),
    "kneel": Wording(
        (
            "[kneel] down (on {knee}|) {speed}",
            "[kneel] on {knee} {speed}",
            "[go] down on {knee} {speed}",
            "[get] down on {knee} and [rise] again {speed}",
            "[drop] to {knee} {speed}",
        )
    ),
    "balance": Wording(
        (
            "[balance] on {leg}",
            "[stand] on {leg}",
            "[balance] on {foot}",
            "[stand] on {foot} with the arms spread",
            "[keep] {their} balance on {leg}",
        )
    ),
    "lie_down": Wording(
        (
            "[lie] down {speed}",
            "[lie] down on {their} back {speed}",
            "[lie] down on the (floor|ground) {speed}",
            "[go] down and [lie] on {their} back {speed}",
            "[stretch] out on the floor {speed}",
            "[sit] down on the floor and [lie] back {speed}",
            "[lie] flat on the floor {speed}",
        )
    ),
    "lie": Wording(
        (
            "[lie] on {their} back",
            "[lie] on the (floor|ground)",
            "[lie] still on the floor",
            "[rest] on {their} back",
        )
    ),
    "get_up": Wording(
        (
            "[get] up from the (floor|ground) {speed}",
            "[get] up {speed}",
            "[stand] up from the (floor|ground) {speed}",
            "[rise] from the (floor|ground) {speed}",
            "[get] back on {their} feet {speed}",
            "[get] up off the floor {speed}",
        )
    ),
    "sit_on_floor": Wording(
        (
            "[sit] down on the (floor|ground) {speed}",
            "[sit] on the (floor|ground) with bent knees {speed}",
            "[lower] {their} body to the floor and [sit] {speed}",
            "[sit] down on the floor, leaning on both hands {speed}",
        )
    ),
    "push_up": Wording(
        (
            "[do] {number:push-up} {speed}",
            "[do|perform|make] {number:push-up} {speed}",
            "[do] {number:press-up} {speed}",
            "[go] down to the floor and [do] {number:push-up} {speed}",
            "[drop] down and [do] {number:push-up} {speed}",
        ),
        special={None: ("[do] push-ups {speed}", "[do] push-ups {times} {speed}")},
        free_count=2,
    ),
    "pick_up": Wording(
        (
            "[pick] up something with {hand} {speed}",
            "[pick] something up from the (floor|ground) with {hand} {speed}",
            "[lift] something from the floor with {hand} {speed}",
            "[bend] down and [pick] something up with {hand} {speed}",
            "[take] something from the ground with {hand} {speed}",
            "[reach] down to the floor with {hand} {speed}",
            "[pick] up a (box|ball|bag) with {hand} {speed}",
            "[lift] a (box|bag) from the (floor|ground) with {hand} {speed}",
        )
    ),
    "dance": Wording(
        (
            "[dance]",
            "[dance] (to the beat|to the music|on the spot|happily|)",
            "[move] to the (beat|music)",
            "[dance] to (a song|some music)",
        ),
        key="target",
        special={
            "bounce": ("[bounce] to the beat", "[bob] up and down to the music", "[groove]"),
            "sway": ("[sway] {their} hips", "[sway] from side to side to the music",
                     "[dance] and [sway] {their} hips"),
            "twist": ("[dance] the twist", "[twist] {their} hips to the beat"),
            "step_touch": ("[dance] from side to side", "[step] from side to side to the beat",
                           "[dance] with steps to the left and to the right"),
        },
    ),
}  # fmt: skip

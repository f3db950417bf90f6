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
    "pick_up": Wording(
        (
            "[pick] up something with {hand} {speed}",
            "[pick] something up from the (floor|ground) with {hand} {speed}",
            "[lift] something from the floor with {hand} {speed}",
            "[bend] down and [pick] something up with {hand} {speed}",
            "[take] something from the ground with {hand} {speed}",
            "[reach] down to the floor with {hand} {speed}",
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

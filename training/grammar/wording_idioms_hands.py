"""Further words for hands over the face, for counting on fingers and for signs of the hand."""

from training.grammar.wording import Wording

HAND_IDIOMS = {
    "cover": Wording(
        (),
        special={
            "ears": (
                "[block|plug|stop] {their} ears (with both hands|against the noise|) {speed}",
                "[clap|clamp|clasp] {their} hands over {their} ears {speed}",
                "[hear] a loud noise and [cover] {their} ears {speed}",
                "[shut] out the noise with both hands on {their} ears {speed}",
                "[protect] {their} ears from a loud noise {speed}",
                "[hear] no evil, hands over the ears",
            ),
            "eyes": (
                ("[cover|hide|shield] {their} eyes (in fear|in horror|from the light|to play hide "
                "and seek) {speed}"),
                "[play] peekaboo with both hands over the eyes {speed}",
                "[shut] out the sight with both hands over the eyes {speed}",
                "[clap|lay|press] both hands over {their} eyes {speed}",
                "[hide] {their} face behind {their} hands {speed}",
                "[see] no evil, hands over the eyes",
            ),
        },
    ),
    "count_fingers": Wording(
        (
            "[count] (up to|as far as) {count} (with|on) the fingers of {hand} {speed}",
            "[count] {count} (items|reasons|points) on the fingers of {hand} {speed}",
            "[show] how to count to {count} with {hand} {speed}",
            "[do|perform] a finger count to {count} with {hand} {speed}",
            "[tick|count] off {count} (points|things|reasons) on the fingers of {hand} {speed}",
            "[count] {count} fingers of {hand} {speed}",
            "[enumerate|list] {count} things with the fingers of {hand} {speed}",
        ),
        special={None: ("[count] something on the fingers of {hand} {speed}",
                        "[enumerate] things on {their} fingers {speed}")},
        nouns=("a finger count to {count} with {hand}", "counting to {count} with {hand}"),
    ),
    "show_hand": Wording(
        (),
        special={
            "fist": (
                "[make|form|raise|hold] a {side} fist {speed}",
                "[ball|clench|close] {hand} into a fist {speed}",
                "[raise|hold up|show] {fist} {speed}",
                "[threaten] someone with {fist}",
                "[show] rock as in rock, paper, scissors with {hand}",
            ),
            "open": (
                "[hold] up an open {side} hand",
                "[hold] up five fingers of {hand}",
                "[spread] {hand} wide open",
                "[show] the number five with {hand}",
                "[show] {their} empty {side} palm",
                "[fan] out the fingers of {hand}",
            ),
            "one": (
                "[hold|put|stick] up one finger of {hand}",
                "[raise] {their} {side} index finger (in warning|to make a point|)",
                "[gesture] (one|number one|wait one moment) with {hand}",
                "[put] up the pointer finger of {hand}",
                "[indicate] one with {hand}",
            ),
            "two": (
                "[flash|give|show] a (peace|victory) sign with {hand}",
                "[hold|put|stick] up two fingers of {hand}",
                "[make] a v sign with {hand}",
                "[form] a v with two fingers of {hand}",
                "[indicate] two with {hand}",
            ),
            "three": (
                "[hold|put|stick] up three fingers of {hand}",
                "[indicate|signal] three with {hand}",
                "[order] three beers with three fingers of {hand}",
                "[make] a three with {hand}",
            ),
            "ok": (
                "[make|do|give|flash] an okay (sign|gesture) with {hand} {speed}",
                "[show] that all is okay with {hand}",
                "[make] a circle with the thumb and forefinger of {hand}",
                "[give] the ok with {hand}",
                "[put] thumb and index finger of {hand} together in an okay sign",
            ),
            "four": (
                "[hold|put|stick] up four fingers of {hand}",
                "[indicate|signal] four with {hand}",
                "[make] a four with {hand}",
            ),
            "grip": (
                ("[hold|grip|grasp] (an invisible|an imaginary) (stick|handle|bottle|sword) with "
                "{hand}"),
                "[hold] (a stick|a bottle|a handle|a microphone|a torch) in {hand}",
                "[close] the fingers of {hand} around a (handle|pole|bar) {speed}",
                "[clutch] something tightly in {hand}",
                "[get] a grip on something with {hand}",
            ),
            "relaxed": (
                "[let] {hand} go limp",
                "[loosen] the fingers of {hand} {speed}",
                "[dangle] {hand} loosely",
                "[let] {their} {side} wrist hang loose",
                "[keep] {hand} (loose|relaxed|soft)",
            ),
            "claw": (
                "[curl] the fingers of {hand} into a claw {speed}",
                "[make] {hand} into a claw like a (monster|cat|tiger|bear)",
                "[form] a claw with {hand} {speed}",
                "[show] {their} {side} claw",
            ),
        },
    ),
}  # fmt: skip

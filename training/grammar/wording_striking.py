"""The words for claps, blows, throws and pushes."""

from training.grammar.wording import Wording

STRIKING_WORDING = {
    "clap": Wording(
        (
            "[clap] {their} hands {way} {times} {speed}",
            "[clap] {times} {way} {speed}",
            "[clap] {way} {times} {speed}",
            "[clap] {speed} {times} {way}",
            "[clap] both hands together {way} {times}",
            "[bring|strike|slap] {their} hands together {way} {times} {speed}",
            "[bring|hit] {their} palms together {way} {times} {speed}",
            "[put] {their} hands together in a clap {way} {times}",
            "[give] {number:clap} {way} {speed}",
            "[smack|slap] {their} palms together {way} {times} {speed}",
            "[strike] one palm against the other {way} {times} {speed}",
        ),
        key="height",
        way={
            "overhead": (
                "above {their} head",
                "overhead",
                "over {their} head",
                "high above {their} head",
                "with raised arms",
            ),
            "low": (
                "low in front of {their} body",
                "at waist height",
                "low",
                "down at {their} waist",
            ),
            None: ("", "", "", "in front of {their} chest", "at chest height"),
        },
        free_count=2,
    ),
    "punch": Wording(
        (
            "[punch] {way} with {fist} {times} {speed}",
            "[punch] {way} with {hand} {times} {speed}",
            "[punch] {times} with {hand} {way} {speed}",
            "[throw] {number:{side} punch} {way} {speed}",
            "[throw|land|deliver] {number:punch} {way} with {fist} {speed}",
            "[strike|hit|thump|bash|smack|whack] {way} with {fist} {times} {speed}",
            "[make] {number:fist strike} {way} with {arm} {speed}",
            "with {fist}; [punch] {way} {times} {speed}",
            "with {hand}; [strike] {way} {times} {speed}",
            "[clench] {their} fists and [punch] {way} with {arm} {times}",
            "[box|slug|thrust|lash out] {way} with {fist} {times} {speed}",
            "[raise] {their} guard and [punch] {way} with {hand} {times}",
        ),
        way={
            "forward": (
                "forward",
                "straight ahead",
                "to the front",
                "ahead",
                "in front of {them}",
                "",
                "straight forward",
            ),
            "up": ("upward", "up", "upwards", "from below", "upward to the chin", "up from below"),
            "across": (
                "across",
                "in a hook",
                "from the side",
                "inward with a bent arm",
                "in a sideways hook",
            ),
        },
        special={
            "forward": (
                "[throw] {number:straight punch} with {fist} {speed}",
                "[box] straight ahead with {fist} {times} {speed}",
                "[throw] {number:straight {side} punch} {speed}",
                "[push] {fist} forward in a punch {times} {speed}",
            ),
            "across": (
                "[throw] {number:hook} with {fist} {speed}",
                "[throw] {number:{side} hook} {speed}",
                "[swing] {fist} across {times} {speed}",
                "[hook] with {fist} {times}",
            ),
            "up": (
                "[swing] {fist} upward in a blow {times} {speed}",
                "[drive] {fist} up from below {times} {speed}",
                "[throw] {number:rising punch} with {fist} {speed}",
            ),
        },
    ),
    "knock": Wording(
        (
            "[knock] {times} with {hand} {speed}",
            "[knock] on a door with {hand} {times} {speed}",
            "[knock] {speed} at a door with {hand} {times}",
            "[rap|pound|bang|hammer|thump] on a door with {fist} {times} {speed}",
            "[knock] with {fist} {times} {speed}",
            "with {hand}; [knock] on a door {times} {speed}",
            "[tap] on a (door|wall|window) with {their} knuckles, using {hand} {times} {speed}",
            "[give] {number:knock} on the door with {hand} {speed}",
        ),
        free_count=2,
    ),
    "throw": Wording(
        (
            "[throw] something with {hand} {way} {speed}",
            "[throw] (a ball|an object|a stone) {way} with {hand} {speed}",
            "[throw] with {arm} {way} {speed}",
            "[toss|hurl|pitch|cast|lob] (something|a ball|an object|a stone) {way} with {hand}",
            "[chuck|sling|launch|hurl] (something|a ball|a stone) {way} with {hand}",
            "with {hand}; [throw] (a ball|something) {way} {speed}",
            "[make] an overhand throw with {arm} {speed}",
            "[wind] up and [throw] a ball with {hand} {way}",
            "[swing] {arm} over the shoulder to throw something {way} {speed}",
        ),
        way={"forward": ("forward", "ahead", "far ahead", "to the front", "away", "")},
    ),
    "push": Wording(
        (
            "[push] with {hand} {way} {times} {speed}",
            "[push] something {way} with {hand} {times} {speed}",
            "[push] {way} with {arm} {times} {speed}",
            "[shove|press|thrust|ram] {hand} {way} {times} {speed}",
            "[push] something heavy away with {hand} {times} {speed}",
            "[shove] something away with {hand} {times} {speed}",
            "[give] {number:push} {way} with {hand} {speed}",
            "[press] against a wall with {hand} {times}",
        ),
        way={"forward": ("forward", "to the front", "ahead", "away", "straight ahead", "")},
    ),
}

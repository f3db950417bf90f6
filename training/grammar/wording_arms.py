"""The words for what arms and hands do."""

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

ARM_WORDING = {
    "wave": Wording(
        (
            "[wave] with {hand} {way} {times} {speed}",
            "[wave] {hand} {way} {times} {speed}",
            "[wave] {speed} {times} with {hand} {way}",
            "[wave] {arm} {way} {times} {speed}",
            "[raise] {hand} and [wave] {way} {times} {speed}",
            "[lift] {arm} and [wave] {times} {speed}",
            "[greet] (someone|a friend|somebody) by waving {hand} {times}",
            "[wave] (hello|hi|goodbye|bye|to someone|at someone) with {hand} {times} {speed}",
            "[say] (hello|hi|goodbye) with a wave of {hand}",
            "[give] (a friendly |)wave with {hand}",
            "[signal|hail|flap] with {hand} (to someone|from afar|to a friend|) {times} {speed}",
            "[wave] {their} {side} (palm|forearm) (in greeting|) {times} {speed}",
            "[swing] {hand} from side to side in greeting {times} {speed}",
            "[move] {hand} left and right in a greeting {times}",
            "with {hand}; [wave] {way} {times} {speed}",
            "with {hand}; [wave] {times} {way}",
        ),
        key="height",
        way={
            "high": (
                "high up",
                "above {their} head",
                "overhead",
                "high in the air",
                "high above {their} head",
                "",
            ),
            "low": ("at a low height", "low", "in front of {their} chest", ""),
        },
        special={
            "high": (
                "[raise] {arm} high and [wave] {times} {speed}",
                "[wave] {arm} high over {their} head {times} {speed}",
                "[wave] widely with {arm} above {their} head {times}",
            )
        },
        free_count=1,
    ),
    "raise": Wording(
        alongside=("with {arm} raised {way}", "with {arm} held {way}"),
        patterns=(
            "[raise] {arm} {way} {times} {speed}",
            "[lift] {arm} {way} {times} {speed}",
            "[raise|lift|bring|move|elevate|heave] {arm} {way} {times} {speed}",
            "[raise] {arm} {way}, [hold] {it} and [lower] {it} again {speed}",
            "[raise] {arm} {way} and [lower] {it} again {times} {speed}",
            "[lift] {arm} {way}, then [let] {it} down {speed}",
            "[put] {arm} {way} {speed}",
            "[raise] {hand} {way} {times} {speed}",
            "[stretch] {arm} out {way} {speed}",
            "[extend|unfold] {arm} {way} {speed}",
            "[hold|keep] {arm} {way} for a while",
            "[hold] {arm} {way} for a moment",
            "[raise] and [lower] {arm} {way} {times} {speed}",
        ),
        way={
            "up": (
                "up",
                "above {their} head",
                "overhead",
                "high",
                "straight up",
                "high above {their} head",
                "over {their} head",
                "into the air",
                "toward the sky",
                "to the sky",
                "up high",
            ),
            "forward": (
                "forward",
                "to the front",
                "in front",
                "straight ahead",
                "in front of {them}",
                "forward to shoulder height",
                "straight out in front",
                "to the front at shoulder level",
            ),
            "sideways": (
                "to the side",
                "sideways",
                "out to the side",
                "to the side at shoulder height",
                "outward",
                "sideways to shoulder level",
                "straight out to the side",
            ),
        },
        special={
            "up": (
                "[reach] up (high |)with {arm} {speed}",
                "[put] {hand} up {speed}",
                "[raise] {arm} {times} {speed}",
                "[lift] {arm} {times} {speed}",
                "[reach] for the (sky|clouds) with {hand} {speed}",
                "[hold] {hand} high in the air",
            ),
            "forward": (
                "[reach] forward with {arm} {speed}",
                "[reach] out in front with {hand} {speed}",
                "[hold] {arm} out in front of {them}",
            ),
            "sideways": (
                "[spread] {arm} out to the side {speed}",
                "[reach] out to the side with {arm} {speed}",
            ),
        },
    ),
    "circle_arm": Wording(
        (
            "[circle] {arm} {way} {times} {speed}",
            "[swing|rotate] {arm} {way} in a (circle|big circle) {times} {speed}",
            "[make] {number:arm circle} {way} with {arm} {speed}",
            "[draw] {number:big circle} {way} with {arm} {speed}",
            "[move|turn] {arm} around {way} at the shoulder {times} {speed}",
            "[windmill] {arm} {way} {times} {speed}",
            "[roll] {arm} around in a full circle {way} {times}",
            "with {arm}; [make] {number:large circle} {way} {speed}",
        ),
        way={
            "forward": ("forward", "forwards", ""),
            "backward": ("backward", "backwards", ""),
        },
    ),
    "clasp": Wording(
        (
            "[put|place|lay|press|hold] {their} palms together (in front of|before) {their} chest",
            "[fold|clasp|join] {their} hands (in front of|before) {their} chest",
            "[pray]",
            "[put] {their} hands together (as if praying|in prayer|as in a prayer)",
            "[join] both hands in prayer",
            "[bring] both palms together and [hold] them there",
            "[clasp] both hands",
        )
    ),
    "point": Wording(
        (
            "[point] {way} with {hand} {speed}",
            "[point] {way} {speed} with {hand}",
            "[point] {finger} {way} {speed}",
            "[point] with {hand} {way} {speed}",
            "[show] something {way} with {hand}",
            "[aim] {finger} {way} {speed}",
            "[stretch] out {arm} and [point] {way} {speed}",
            "[raise] {arm} and [point] {way}",
            "with {hand}; [point] {way} {speed}",
            "[look] {way} and [point] there with {hand}",
            "[indicate] something {way} with {finger}",
            "[direct] {finger} {way} {speed}",
            "[point] out something {way} with {hand}",
        ),
        way={
            "forward": ("forward", "straight ahead", "to the front", "ahead", "in front of {them}"),
            "up": ("up", "upward", "at the sky", "to the sky", "upwards"),
            "down": ("down", "at the floor", "to the ground", "downward"),
            **_LEFT_RIGHT,
        },
    ),
    "hands_on_hips": Wording(
        alongside=("with {hand} on (the|{their}) hips",),
        patterns=(
            "[put] {hand} on {their} (hips|waist)",
            "[place] {hand} on the hips",
            "[rest] {hand} on {their} (hips|waist)",
            "[set] {hand} on {their} hips",
            "[stand] with {hand} on the (hips|waist)",
            "[hold] {hand} at {their} hips",
            "[lay] {hand} on {their} hips",
        ),
        key="side",
        special={
            "both": (
                "[stand] with arms akimbo",
                "[put] {their} hands on {their} hips",
                "[plant] both hands on {their} waist",
            )
        },
    ),
    "cross_arms": Wording(
        alongside=("with crossed arms", "with folded arms", "with {their} arms crossed"),
        patterns=(
            "[cross] {their} arms",
            "[fold] {their} arms",
            "[cross] both arms (before|in front of|over|across) {their} chest",
            "[fold] both arms (before|in front of|over) {their} chest",
            "[stand] with (crossed|folded) arms",
            "[cross] {their} arms over the chest and [uncross] them again",
            "[keep] {their} arms crossed",
            "[put] one arm over the other before the chest",
        ),
    ),
    "salute": Wording(
        (
            "[greet] like a soldier with {hand} {speed}",
            "[greet] in military fashion with {hand} {speed}",
            "[raise|bring|lift] {hand} to {their} (forehead|temple|brow) (like a soldier|) {speed}",
            "[give] a military greeting with {hand} {speed}",
            "with {hand}; [greet] like a soldier {speed}",
            "[touch] {their} (forehead|temple|brow) with {hand} like a soldier {speed}",
            "[stand] at attention with {hand} at {their} (forehead|temple)",
            "[put] {hand} to {their} (forehead|brow|temple) {speed}",
        ),
    ),
    "touch": Wording(
        (
            "[touch] {way} with {hand}",
            "[put] {hand} on {way}",
            "[lay|place] {hand} on {way}",
            "[bring] {hand} to {way}",
            "[move] {hand} to {way}",
            "with {hand}; [touch] {way}",
            "[reach] for {way} with {hand}",
            "[hold|feel|tap|grasp|brush] {way} with {hand}",
        ),
        key="target",
        way={
            "head": ("{their} head", "the top of {their} head", "{their} hair"),
            "chin": ("{their} chin", "{their} jaw"),
            "ear": ("{their} ear",),
            "chest": ("{their} chest", "{their} heart", "{their} breast"),
            "belly": ("{their} belly", "{their} stomach", "{their} tummy"),
            "shoulder": ("the opposite shoulder", "{their} other shoulder"),
        },
        special={
            "head": (
                "[scratch] {their} head with {hand}",
                "[pat] {their} head with {hand}",
                "[rub] {their} head with {hand}",
            ),
            "chin": ("[stroke|rub] {their} chin with {hand}", "[think] with {hand} at the chin"),
            "ear": ("[scratch|rub] {their} ear with {hand}",),
            "belly": ("[rub|pat] {their} belly with {hand}",),
            "chest": ("[pat] {their} chest with {hand}", "[lay] {hand} over {their} heart"),
            "shoulder": (
                "[rub] the opposite shoulder with {hand}",
                "[scratch] {their} other shoulder with {hand}",
            ),
        },
    ),
    "phone": Wording(
        (
            "[talk|speak] on the phone with {hand} at the ear",
            "[make] a (phone |)call, holding the phone in {hand}",
            "[hold] a phone to {their} ear with {hand}",
            "[answer] the (phone|telephone) with {hand}",
            "[take] a call with {hand}",
            "[lift] a phone to {their} ear with {hand}",
            "[listen] to a phone held in {hand}",
            "with {hand}; [hold] a phone to the ear",
        ),
    ),
    "drink": Wording(
        (
            "[drink|sip|swallow|gulp] from a (cup|glass|bottle) with {hand} {speed}",
            "[take] a (sip|drink|gulp) from a (cup|glass) with {hand} {speed}",
            "[lift|raise|bring] a (cup|glass) to {their} mouth with {hand} {speed}",
            "[sip] from a cup held in {hand} {speed}",
            "[have] a drink with {hand} {speed}",
            "with {hand}; [drink] from a (glass|cup) {speed}",
            "[bring] {hand} to {their} mouth and [drink] {speed}",
        ),
    ),
    "thumb_up": Wording(
        (
            "[give] a thumbs up with {hand}",
            "[show] a thumbs up with {hand}",
            "[hold] {thumb} up",
            "[raise] {thumb}",
            "[make] a thumbs-up sign with {hand}",
            "[stick] {thumb} up in approval",
            "with {hand}; [give] a thumbs up",
            "[signal|show] approval with {thumb} up",
        ),
    ),
    "beckon": Wording(
        (
            "[beckon|summon someone] with {hand} {times}",
            "[beckon] someone (over|closer|to come) with {hand} {times}",
            "[gesture|signal|motion] someone to come (closer|here) with {hand} {times}",
            "[wave] someone closer with {hand} {times}",
            "[call] someone over with {hand} {times}",
            "[invite] someone closer with a movement of {hand}",
            "with {hand}; [beckon] {times}",
            "[make] a come-here gesture with {hand} {times}",
        ),
        free_count=1,
    ),
}

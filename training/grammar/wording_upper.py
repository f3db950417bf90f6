"""The words for what arms, hands, trunk and head do."""

from training.grammar.wording import Wording

_LEFT_RIGHT = {
    side: (
        f"to the {side}", f"to {{their}} {side}", f"towards the {side}", side, f"to the {side}-hand side",
        f"to the {side} side", f"to {{their}} {side} side",
    )
    for side in ("left", "right")
}  # fmt: skip

UPPER_WORDING = {
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
            "high": ("high up", "above {their} head", "overhead", "high in the air", "high above {their} head", ""),
            "low": ("at a low height", "low", "in front of {their} chest", ""),
        },
        special={"high": (
            "[raise] {arm} high and [wave] {times} {speed}", "[wave] {arm} high over {their} head {times} {speed}",
            "[wave] widely with {arm} above {their} head {times}",
        )},
        free_count=1,
    ),
    "raise": Wording(
        (
            "[raise] {arm} {way} {speed}",
            "[lift] {arm} {way} {speed}",
            "[raise|lift|bring|move|elevate|heave] {arm} {way} {speed}",
            "[raise] {arm} {way}, [hold] {it} and [lower] {it} again {speed}",
            "[raise] {arm} {way} and [lower] {it} again {speed}",
            "[lift] {arm} {way}, then [let] {it} down {speed}",
            "[put] {arm} {way} {speed}",
            "[raise] {hand} {way} {speed}",
            "[stretch] {arm} out {way} {speed}",
            "[extend|unfold] {arm} {way} {speed}",
            "[hold|keep] {arm} {way} for a while",
            "[hold] {arm} {way} for a moment",
            "[raise] and [lower] {arm} {way} {speed}",
        ),
        way={
            "up": ("up", "above {their} head", "overhead", "high", "straight up", "high above {their} head",
                   "over {their} head", "into the air", "toward the sky", "to the sky", "up high"),
            "forward": ("forward", "to the front", "in front", "straight ahead", "in front of {them}",
                        "forward to shoulder height", "straight out in front", "to the front at shoulder level"),
            "sideways": ("to the side", "sideways", "out to the side", "to the side at shoulder height",
                         "outward", "sideways to shoulder level", "straight out to the side"),
        },
        special={
            "up": ("[reach] up (high |)with {arm} {speed}", "[put] {hand} up {speed}", "[reach] for the (sky|clouds) with {hand} {speed}",
                   "[hold] {hand} high in the air"),
            "forward": ("[reach] forward with {arm} {speed}", "[reach] out in front with {hand} {speed}",
                        "[hold] {arm} out in front of {them}"),
            "sideways": ("[spread] {arm} out to the side {speed}", "[reach] out to the side with {arm} {speed}"),
        },
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
            "[indicate] something {way} with {finger}", "[direct] {finger} {way} {speed}", "[point] out something {way} with {hand}",
        ),
        way={
            "forward": ("forward", "straight ahead", "to the front", "ahead", "in front of {them}"),
            "up": ("up", "upward", "at the sky", "to the sky", "upwards"),
            "down": ("down", "at the floor", "to the ground", "downward"),
            **_LEFT_RIGHT,
        },
    ),
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
            "overhead": ("above {their} head", "overhead", "over {their} head", "high above {their} head", "with raised arms"),
            "low": ("low in front of {their} body", "at waist height", "low", "down at {their} waist"),
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
            "forward": ("forward", "straight ahead", "to the front", "ahead", "in front of {them}", "", "straight forward"),
            "up": ("upward", "up", "upwards", "from below", "upward to the chin", "up from below"),
            "across": ("across", "in a hook", "from the side", "inward with a bent arm", "in a sideways hook"),
        },
        special={
            "forward": ("[throw] {number:straight punch} with {fist} {speed}", "[box] straight ahead with {fist} {times} {speed}",
                        "[throw] {number:straight {side} punch} {speed}", "[push] {fist} forward in a punch {times} {speed}"),
            "across": ("[throw] {number:hook} with {fist} {speed}", "[throw] {number:{side} hook} {speed}",
                       "[swing] {fist} across {times} {speed}", "[hook] with {fist} {times}"),
            "up": ("[swing] {fist} upward in a blow {times} {speed}", "[drive] {fist} up from below {times} {speed}",
                   "[throw] {number:rising punch} with {fist} {speed}"),
        },
    ),
    "bow": Wording(
        (
            "[bow] {way} {speed}", "[bow] {way} {speed}", "[take] a bow {way} {speed}",
            "[make] a bow {way} {speed}", "[bend] forward {way} in a bow {speed}",
            "[bow] {speed} {way} (in thanks|in greeting|politely|respectfully|before a crowd|)",
            "[bend] at the (waist|hips) {way} to bow {speed}", "[lower] {their} upper body in a bow {way} {speed}",
            "[bow] {their} upper body forward {way}, then [straighten] up again {speed}",
        ),
        key="amplitude",
        way={"small": ("slightly", "a little", "with a small movement", "briefly and not far"), "large": ("deeply", "very low", "deep", "far down"), None: ("",)},
        special={
            "large": ("[make] a deep bow {speed}", "[take] a deep bow {speed}", "[bow] down very low {speed}"),
            "small": ("[make] a small bow {speed}", "[give] a slight bow {speed}"),
        },
    ),
    "lean": Wording(
        (
            "[lean] {way} {speed}", "[lean] {way} {speed}", "[lean] {speed} {way}", "[tilt] {their} (upper body|torso|body) {way} {speed}",
            "[bend] {their} (upper body|torso|trunk) {way} {speed}", "[incline|tip] {their} (torso|trunk|upper body) {way} {speed}",
            "[lean] {their} (upper body|torso) {way} and [come] back {speed}", "[bend] {way} at the waist {speed}",
        ),
        way={
            "forward": ("forward", "forwards", "to the front"),
            "backward": ("backward", "back", "backwards"),
            "left": ("to the left", "left", "over to the left", "to {their} left side", "sideways to the left"),
            "right": ("to the right", "right", "over to the right", "to {their} right side", "sideways to the right"),
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
            "alternating": ("left and right", "from side to side", "to the left and to the right", "to both sides",
                            "back and forth", "to one side and the other"),
        },
        free_count=1,
    ),
    "nod": Wording(
        (
            "[nod] {times} {speed}", "[nod] {their} head {times} {speed}", "[nod] {speed} {times}",
            "[nod] (yes|in approval|with the head|approvingly) {times} {speed}",
            "[move|tip] {their} head up and down {times} {speed}", "[rock] {their} head up and down {times} {speed}",
            "[confirm|affirm] with a nod {times}", "[say] yes with {their} head {times} {speed}", "[give] {number:nod} {speed}",
            "[make] {number:nod} {speed}", "[agree] with a nod of the head {times}",
            "[lower] and [raise] {their} head in a nod {times} {speed}", "[dip] {their} chin {times} {speed}",
        ),
        free_count=1,
    ),
    "shake_head": Wording(
        (
            "[shake] {their} head {times} {speed}", "[shake] {their} head {speed} {times}",
            "[shake] {their} head (no|in denial|in disagreement|in refusal) {times} {speed}",
            "[turn|move] {their} head from side to side {times} {speed}",
            "[move] {their} head left and right {times} {speed}", "[say] no with {their} head {times} {speed}",
            "[disagree] by shaking the head {times}", "[refuse|deny|decline] with a shake of the head {times}",
            "[swing] {their} head from left to right (and back |){times} {speed}",
        ),
        free_count=1,
    ),
    "look": Wording(
        (
            "[look] {way} {speed}", "[look] {way} {speed}", "[turn] {their} (head|face|eyes) {way} {speed}",
            "[stare|look|watch|squint] {way} {speed}", "[direct] {their} eyes {way} {speed}", "[take] a look {way} {speed}", "[cast] a look {way} {speed}",
            "[have] a look {way} {speed}", "[move] {their} head to look {way} {speed}",
        ),
        way={
            **_LEFT_RIGHT,
            "up": ("up", "upward", "at the sky", "to the sky", "upwards"),
            "down": ("down", "downward", "at the floor", "to the ground", "at {their} feet"),
            "around": ("around", "left and right", "to both sides", "to one side and then to the other", "all around",
                       "about", "in both directions"),
        },
        special={
            "up": ("[raise|lift] {their} head {speed}", "[tilt] {their} head back {speed}"),
            "down": ("[lower|bow] {their} head {speed}", "[drop] {their} eyes to the floor {speed}"),
            "around": ("[search] the room with {their} eyes {speed}", "[scan] the surroundings {speed}"),
        },
    ),
    "shrug": Wording(
        (
            "[shrug] {times}", "[shrug] {their} shoulders {times}", "[lift|raise] {their} shoulders in a shrug {times}",
            "[give] {number:shrug}", "[shrug] with both shoulders {times}",
            "[raise] both shoulders and [drop] them again {times}", "[shrug] {times} with open palms", "[pull] {their} shoulders up {times}",
            "[make] {number:shrug} of the shoulders",
        ),
    ),
    "hands_on_hips": Wording(
        (
            "[put] {hand} on {their} (hips|waist)" , "[place] {hand} on the hips", "[rest] {hand} on {their} (hips|waist)",
            "[set] {hand} on {their} hips", "[stand] with {hand} on the (hips|waist)", "[hold] {hand} at {their} hips",
            "[lay] {hand} on {their} hips",
        ),
        key="side",
        special={"both": ("[stand] with arms akimbo", "[put] {their} hands on {their} hips", "[plant] both hands on {their} waist")},
    ),
    "cross_arms": Wording(
        (
            "[cross] {their} arms", "[fold] {their} arms", "[cross] both arms (before|in front of|over|across) {their} chest",
            "[fold] both arms (before|in front of|over) {their} chest", "[stand] with (crossed|folded) arms",
            "[cross] {their} arms over the chest and [uncross] them again", "[keep] {their} arms crossed",
            "[put] one arm over the other before the chest",
        ),
    ),
    "salute": Wording(
        (
            "[greet] like a soldier with {hand} {speed}", "[greet] in military fashion with {hand} {speed}",
            "[raise|bring|lift] {hand} to {their} (forehead|temple|brow) (like a soldier|) {speed}",
            "[give] a military greeting with {hand} {speed}", "with {hand}; [greet] like a soldier {speed}",
            "[touch] {their} (forehead|temple|brow) with {hand} like a soldier {speed}",
            "[stand] at attention with {hand} at {their} (forehead|temple)",
            "[put] {hand} to {their} (forehead|brow|temple) {speed}",
        ),
    ),
    "knock": Wording(
        (
            "[knock] {times} with {hand} {speed}", "[knock] on a door with {hand} {times} {speed}",
            "[knock] {speed} at a door with {hand} {times}", "[rap|pound|bang|hammer|thump] on a door with {fist} {times} {speed}",
            "[knock] with {fist} {times} {speed}", "with {hand}; [knock] on a door {times} {speed}",
            "[tap] on a (door|wall|window) with {their} knuckles, using {hand} {times} {speed}",
            "[give] {number:knock} on the door with {hand} {speed}",
        ),
        free_count=2,
    ),
    "throw": Wording(
        (
            "[throw] something with {hand} {way} {speed}", "[throw] (a ball|an object|a stone) {way} with {hand} {speed}",
            "[throw] with {arm} {way} {speed}", "[toss|hurl|pitch|cast|lob|chuck|sling|launch] (something|a ball|an object|a stone) {way} with {hand}",
            "with {hand}; [throw] (a ball|something) {way} {speed}", "[make] an overhand throw with {arm} {speed}",
            "[wind] up and [throw] a ball with {hand} {way}", "[swing] {arm} over the shoulder to throw something {way} {speed}",
        ),
        way={"forward": ("forward", "ahead", "far ahead", "to the front", "away", "")},
    ),
    "push": Wording(
        (
            "[push] with {hand} {way} {times} {speed}", "[push] something {way} with {hand} {times} {speed}",
            "[push] {way} with {arm} {times} {speed}", "[shove|press|thrust|ram] {hand} {way} {times} {speed}",
            "[push] something heavy away with {hand} {times} {speed}", "[shove] something away with {hand} {times} {speed}",
            "[give] {number:push} {way} with {hand} {speed}", "[press] against a wall with {hand} {times}",
        ),
        way={"forward": ("forward", "to the front", "ahead", "away", "straight ahead", "")},
    ),
    "touch": Wording(
        (
            "[touch] {way} with {hand}", "[put] {hand} on {way}", "[lay|place] {hand} on {way}", "[bring] {hand} to {way}",
            "[move] {hand} to {way}", "with {hand}; [touch] {way}", "[reach] for {way} with {hand}", "[hold|feel|tap|grasp|brush] {way} with {hand}",
        ),
        key="target",
        way={
            "head": ("{their} head", "the top of {their} head", "{their} hair"), "chin": ("{their} chin", "{their} jaw"),
            "ear": ("{their} ear",), "chest": ("{their} chest", "{their} heart", "{their} breast"),
            "belly": ("{their} belly", "{their} stomach", "{their} tummy"),
            "shoulder": ("the opposite shoulder", "{their} other shoulder"),
        },
        special={
            "head": ("[scratch] {their} head with {hand}", "[pat] {their} head with {hand}", "[rub] {their} head with {hand}"),
            "chin": ("[stroke|rub] {their} chin with {hand}", "[think] with {hand} at the chin"),
            "ear": ("[scratch|rub] {their} ear with {hand}",), "belly": ("[rub|pat] {their} belly with {hand}",),
            "chest": ("[pat] {their} chest with {hand}", "[lay] {hand} over {their} heart"),
            "shoulder": ("[rub] the opposite shoulder with {hand}", "[scratch] {their} other shoulder with {hand}"),
        },
    ),
    "phone": Wording(
        (
            "[talk|speak] on the phone with {hand} at the ear", "[make] a (phone |)call, holding the phone in {hand}",
            "[hold] a phone to {their} ear with {hand}", "[answer] the (phone|telephone) with {hand}", "[take] a call with {hand}",
            "[lift] a phone to {their} ear with {hand}", "[listen] to a phone held in {hand}", "with {hand}; [hold] a phone to the ear",
        ),
    ),
    "drink": Wording(
        (
            "[drink|sip|swallow|gulp] from a (cup|glass|bottle) with {hand} {speed}", "[take] a (sip|drink|gulp) from a (cup|glass) with {hand} {speed}",
            "[lift|raise|bring] a (cup|glass) to {their} mouth with {hand} {speed}", "[sip] from a cup held in {hand} {speed}",
            "[have] a drink with {hand} {speed}", "with {hand}; [drink] from a (glass|cup) {speed}",
            "[bring] {hand} to {their} mouth and [drink] {speed}",
        ),
    ),
    "thumb_up": Wording(
        (
            "[give] a thumbs up with {hand}", "[show] a thumbs up with {hand}", "[hold] {thumb} up", "[raise] {thumb}",
            "[make] a thumbs-up sign with {hand}", "[stick] {thumb} up in approval", "with {hand}; [give] a thumbs up",
            "[signal|show] approval with {thumb} up",
        ),
    ),
    "beckon": Wording(
        (
            "[beckon|summon someone] with {hand} {times}", "[beckon] someone (over|closer|to come) with {hand} {times}",
            "[gesture|signal|motion] someone to come (closer|here) with {hand} {times}", "[wave] someone closer with {hand} {times}",
            "[call] someone over with {hand} {times}", "[invite] someone closer with a movement of {hand}",
            "with {hand}; [beckon] {times}", "[make] a come-here gesture with {hand} {times}",
        ),
        free_count=1,
    ),
    "stretch": Wording(
        (
            "[stretch]", "[stretch] {their} (whole |)body", "[stretch] both arms (up|overhead|above {their} head|to the sky)",
            "[stretch] upward with both arms", "[reach] up high and [stretch]", "[stretch] {their} back and arms", "[loosen] up with a stretch", "[extend] both arms overhead in a stretch", "[yawn] and [stretch]",
            "[have] a (long |good |)stretch", "[stretch] as if just awake", "[raise] both arms and [stretch] {their} back",
        ),
    ),
}  # fmt: skip

"""Further words for head, shoulders and trunk, for claps, blows, throws and pushes."""

from training.grammar.wording import Wording

_SIDES = ("left", "right")
_AWAY = {
    side: (f"off to the {side}", f"over to the {side}", f"out to the {side}", f"{side}ward")
    for side in _SIDES
}

TRUNK_IDIOMS = {
    "bow": Wording(
        (
            ("[bow] {way} (before the king|to the audience|to the crowd|to the queen|in respect) "
            "{times}"),
            ("[bow] {way} (as a greeting|as an apology|in thanks|after the show|like a butler) "
            "{times}"),
            "[show] respect with {number:bow} {way} {speed}",
            "[thank] the audience with {number:bow} {way} {speed}",
            "[perform|do|give|offer] {number:bow} {way} {speed}",
            ("[fold|bend] at the (waist|hips) {way} in a (formal|polite|respectful|) bow {times} "
            "{speed}"),
            "[bow] {their} head and (upper body|torso) {way} {times} {speed}",
            "[greet] someone with {number:bow} {way}",
            "[bend] {their} back {way} to bow {times} {speed}",
        ),
        special={
            "large": ("[bow] to the ground {times} {speed}", "[bow] low {times} {speed}",
                      "[do] {number:low bow} {speed}",
                      "[bend] over deeply in a bow {times} {speed}"),
            "small": ("[do] {number:slight bow} {speed}",
                      "[bow] {their} upper body just a bit {times}"),
        },
        nouns=("{number:{pace} bow}", "{number:bow} to the audience", "{number:polite bow}"),
    ),
    "lean": Wording(
        (
            "[lean|tilt|tip|incline] {way} from the (waist|hips) {speed}",
            "[shift] {their} upper body {way} {speed}",
            "[do|perform] a lean {way} {speed}",
            "[let] {their} (upper body|torso) tip {way} {speed}",
            "[lean] {way} and [straighten] up again {speed}",
            "[lean] {way} (as if in a strong wind|as if on a ship|like the tower of pisa) {speed}",
        ),
        special={
            "forward": ("[lean] in (to hear better|to listen|closer|to look closely) {speed}",
                        "[lean] over the table {speed}",
                        "[lean] {way} to get a better look {speed}",
                        "[inspect] something in front by leaning {way} {speed}"),
            "backward": (("[lean] back (with the upper body|to avoid something|in disbelief) "
                         "{speed}"),
                         "[arch] {their} back, leaning backwards {speed}",
                         "[recoil] with the upper body {speed}"),
            "left": ("[do] a side bend to the left {speed}", "[bend] sideways to the left {speed}",
                     "[stretch] {their} side by leaning left {speed}",
                     "[peek] around a corner to the left"),
            "right": ("[do] a side bend to the right {speed}",
                      "[bend] sideways to the right {speed}",
                      "[stretch] {their} side by leaning right {speed}",
                      "[peek] around a corner to the right"),
        },
        nouns=("a {pace} lean {way}", "a {pace} lean of the upper body {way}"),
    ),
    "twist": Wording(
        (
            "[do|perform] a (torso|waist|trunk|spine) twist {way} {speed} {times}",
            "[warm|loosen] up by twisting {their} (torso|upper body|waist) {way} {times} {speed}",
            "[rotate|swivel|turn] {their} upper body {way} with the feet planted {times} {speed}",
            "[turn] {their} upper body {way} while the hips stay put {times} {speed}",
            "[rotate] at the waist {way} {times} {speed}",
            "[wring] {their} torso {way} {times} {speed}",
            "[swivel] {their} shoulders {way} {times} {speed}",
        ),
        nouns=("a {pace} torso twist {way}", "a {pace} twist of the upper body {way}",
               "{pace} waist twists {way}"),
    ),
    "nod": Wording(
        (
            "[say|signal] yes by nodding {times} {speed}",
            "[nod] in (agreement|approval|consent|understanding|greeting) {times} {speed}",
            "[agree|approve|consent] by nodding {times} {speed}",
            "[nod] (politely|knowingly|eagerly|affirmatively|to the music|to someone) {times}",
            "[nod] as if to say (yes|okay|all right|I see|that is right) {times} {speed}",
            "[give|do|perform] {number:{pace} nod} of the head",
            "[nod] {their} head (in agreement|yes|to say yes|in assent) {times} {speed}",
            "[show] agreement with {number:nod} {speed}",
            "[bob] {their} head up and down {times} {speed}",
            "[answer] yes with {their} head {times} {speed}",
            "[greet] someone with {number:nod} of the head {speed}",
            "[respond|reply|answer] with {number:nod} {speed}",
        ),
        nouns=("{number:{pace} nod}", "{number:nod} of the head", "{number:head nod}"),
    ),
    "shake_head": Wording(
        (
            "[say|signal] no by shaking {their} head {times} {speed}",
            ("[shake] {their} head (in disbelief|in disapproval|disapprovingly|firmly) {times} "
            "{speed}"),
            "[shake] {their} head as if to say (no|no way|not me|never) {times} {speed}",
            "[do|give|perform] {number:{pace} head shake}",
            "[give] {number:shake} of the head {speed}",
            "[answer|reply|respond] no with {their} head {times} {speed}",
            "[disapprove|refuse|object] by shaking {their} head {times} {speed}",
            "[rotate|swivel] {their} head left and right {times} {speed}",
            "[turn] {their} head one way and the other to say no {times} {speed}",
            "[show] disagreement with a shake of the head {times} {speed}",
            "[shake] {their} head no {times} {speed}",
        ),
        nouns=("{number:{pace} head shake}", "{number:shake} of the head"),
    ),
    "look": Wording(
        (
            "[glance|gaze|peer|peek] {way} {speed}",
            "[turn|move] {their} gaze {way} {speed}",
            "[look] {way} (as if something caught {their} eye|attentively|in curiosity) {speed}",
            "[shift] {their} gaze {way} {speed}",
            "[get] a better look {way} {speed}",
        ),
        way=_AWAY,
        special={
            "left": ("[look] over {their} left shoulder {speed}", "[check] the left side {speed}",
                     "[look] at someone on the left {speed}", "[notice] something on the left"),
            "right": ("[look] over {their} right shoulder {speed}",
                      "[check] the right side {speed}",
                      "[look] at someone on the right {speed}", "[notice] something on the right"),
            "up": ("[look] at the (ceiling|stars|clouds|moon|birds|top of a tower) {speed}",
                   "[gaze] at the (sky|stars|ceiling) {speed}",
                   "[watch] a (plane|bird) overhead {speed}",
                   "[look] (skyward|heavenward|to the heavens) {speed}"),
            "down": ("[look] at {their} (shoes|toes|feet) {speed}",
                     "[gaze] at the (ground|floor) {speed}",
                     "[look] (for something|for a coin|at a bug) on the floor {speed}",
                     "[hang] {their} head {speed}"),
            "around": (("[look] around (for someone|for help|the room|in confusion|as if lost) "
                       "{speed}"),
                       "[look] left and then right {speed}", "[check] both sides {speed}",
                       "[search] for (someone|something) by looking around {speed}",
                       "[survey] the (room|scene|area) {speed}", "[get] {their} bearings {speed}",
                       "[look] both ways (before crossing the street|) {speed}",
                       "[scan] the (room|area|horizon) {speed}"),
        },
        nouns=("a {pace} look {way}", "a {pace} glance {way}", "looking {way}"),
    ),
    "tilt_head": Wording(
        (
            ("[tilt|cock] {their} head {way} (quizzically|curiously|in confusion|like a puppy) "
            "{speed}"),
            "[bring] {their} {direction} ear (towards|to|down to) {their} shoulder {speed}",
            "[do|perform|give] a head tilt {way} {speed}",
            "[stretch] {their} neck by tilting the head {way} {speed}",
            "[let] {their} head (drop|fall|tip) {way} {speed}",
            "[bend] {their} neck {way} {speed}",
            "[hold] {their} head (tilted|slanted|at an angle) {way}",
            "[listen] with {their} head tilted {way}",
        ),
        nouns=("a {pace} head tilt {way}", "a {pace} tilt of the head {way}", "head tilted {way}"),
    ),
    "shrug": Wording(
        (
            "[shrug] (in confusion|helplessly|cluelessly|indifferently|as if clueless) {times}",
            "[shrug] as if to say (who knows|I do not know|whatever|no idea) {times}",
            "[do|perform|give] {number:shoulder shrug}",
            "[have] no idea and [shrug] {times}",
            "[answer|reply|respond] with {number:shrug}",
            "[show] ignorance with {number:shrug}",
            "[shrug] it off {times}",
            "[hunch|lift|hike] both shoulders up to {their} ears {times}",
            "[raise] {their} shoulders with palms up {times}",
        ),
        nouns=("{number:shrug}", "{number:shoulder shrug}", "{number:shrug} of the shoulders"),
    ),
    "stretch": Wording(
        (
            "[stretch] (after a nap|after waking up|in the morning|like a cat|after a long day)",
            "[do|perform] (a stretch|a full body stretch|an overhead stretch|some stretching)",
            "[wake] up and [stretch]",
            "[stretch] (tired muscles|{their} arms overhead|{their} limbs|every muscle)",
            "[limber|warm] up with a stretch",
            "[reach] for the ceiling and [stretch]",
            "[stretch] out {their} arms and back",
            "[stretch] both arms to the ceiling",
            "[arch] {their} back and [stretch] both arms up",
        ),
        nouns=("a stretch", "a full body stretch", "a big stretch", "an overhead stretch"),
    ),
    "clap": Wording(
        (
            "[applaud] (the band|the speaker|the performance|someone|politely|) {way} {times}",
            ("[clap] (for the band|for someone|in applause|in time|to the beat|in delight) {way} "
            "{times}"),
            "[applaud] {way} {times} {speed}",
            "[do|perform|make] {number:{pace} hand clap} {way}",
            "[do|perform|make] {number:clap} {way} {speed}",
            "[smack|slap|strike] {their} hands together {way} {times} {speed}",
            "[clap] {their} hands (like a seal|like a child|in praise) {way} {times}",
            "[call] for attention by clapping {way} {times} {speed}",
            "[show] approval by clapping {way} {times} {speed}",
        ),
        special={None: ("[give] a round of applause", "[applaud] the performance")},
        nouns=("{number:{pace} clap} {way}", "{number:hand clap} {way}", "{number:clap} {way}"),
    ),
    "punch": Wording(
        (
            "[do|perform|fire off] {number:{pace} {side} punch} {way}",
            "[attack] with {number:punch} of {fist} {way} {speed}",
            "[punch] {way} (like a boxer|as in boxing|in a fight|at an enemy) with {fist} {times}",
            "[fight] with {number:punch} {way}, using {fist} {speed}",
            "[sock|bash|clobber|strike] (someone|an opponent) {way} with {fist} {times} {speed}",
            ("[punch] (the air|thin air|a bag|an opponent|an invisible enemy) {way} with {fist} "
            "{times}"),
            "[train|practise|practice] {number:punch} {way} with {fist} {speed}",
            "[land] {number:blow} {way} with {fist} {speed}",
            "[hit] (someone|a punching bag) {way} with {fist} {times} {speed}",
            "using {fist}; [punch] {way} {times} {speed}",
        ),
        special={
            "forward": (
                "[throw|do|perform|land] {number:{side} jab} {speed}",
                "[jab] {way} with {fist} {times} {speed}",
                "[throw] {number:jab} with {hand} {speed}",
                "[throw|do] {number:{side} straight} {speed}",
                "[jab] at someone with {fist} {times} {speed}",
            ),
            "across": ("[throw|do|perform|land] {number:{side} hook} {speed}",
                       "[throw] {number:hook} to the head with {fist} {speed}",
                       "[swing] {number:hook} with {fist} {speed}"),
            "up": ("[throw|do|perform|land] {number:{side} uppercut} {speed}",
                   "[throw] {number:uppercut} with {fist} {speed}",
                   "[uppercut] with {fist} {times} {speed}"),
        },
        nouns=("{number:{pace} {side} punch} {way}", "{number:punch} {way} with {fist}",
               "{number:{pace} punch} {way} with {hand}"),
    ),
    "knock": Wording(
        (
            ("[knock] (at the door|on the front door|on a wall|on wood|politely) with {hand} "
            "{times}"),
            "[knock|rap|tap] on an (imaginary|invisible) door with {hand} {times} {speed}",
            "[ask] to be let in by knocking with {hand} {times} {speed}",
            "[do|make|perform] {number:{pace} knock} with {hand}",
            "[rap|drum|tap] with {their} knuckles on a (door|window) with {hand} {times} {speed}",
            "[visit] a neighbour and [knock] with {hand} {times}",
            "[check] whether anybody is home, knocking with {hand} {times} {speed}",
            "[bang|hammer|thump|pound] at the door with {fist} {times} {speed}",
            "using {hand}; [knock] {times} {speed}",
        ),
        nouns=("{number:{pace} knock} on the door with {hand}", "{number:{pace} knock} with {hand}",
               "a {side} hand door knock"),
    ),
    "throw": Wording(
        (
            ("[throw] (a baseball|a snowball|a rock|a spear|a stick|a paper plane) {way} with "
            "{hand}"),
            "[pitch|hurl|lob|toss] a (baseball|snowball|rock|ball) {way} with {hand} {speed}",
            "[play] fetch, throwing a stick {way} with {hand}",
            "[do|perform|make] a throw {way} with {hand} {speed}",
            "[fling|heave|hurl] something {way} with {hand} {speed}",
            "[throw] (an imaginary|an invisible) ball {way} with {hand} {speed}",
            "[throw] a ball to someone with {hand} {speed}",
            "[throw] overarm with {hand} {speed}",
            "[throw] like a (pitcher|quarterback) with {hand} {speed}",
            "using {hand}; [throw] something {way} {speed}",
        ),
        nouns=("a {pace} {side} hand throw", "a {pace} throw {way} with {hand}",
               "an overarm throw with {hand}", "a {pace} ball throw with {arm}"),
    ),
    "push": Wording(
        (
            ("[push] (a box|a wall|a heavy door|a car|a rock|an opponent|a trolley) {way} {times} "
            "{speed}"),
            "[shove] (someone|an opponent|something) {way} with {hand} {times} {speed}",
            "[push] (against|at) an invisible wall with {hand} {times} {speed}",
            "[move] something heavy by pushing with {hand} {times} {speed}",
            "[do|make|perform] {number:{pace} push} {way} with {hand}",
            "[try] to move a (rock|car|wall) by pushing with {hand} {times}",
            "[drive|force] something away with {hand} {times} {speed}",
            "[push] {way} with all {their} strength {times}",
            "[keep] someone away, pushing with {hand} {times} {speed}",
        ),
        nouns=("{number:{pace} push} {way} with {hand}", "{number:two-handed push} {way}",
               "{number:{pace} shove} {way}"),
    ),
}  # fmt: skip

"""Further words for arms and hands: everyday speech, the animator's trade, purposes."""

from training.grammar.wording import Wording

_SIDES = ("left", "right")
_SOMEONE = "(someone|somebody|a friend|a neighbour|the crowd|the camera|an old friend)"
_TOWARDS = {
    side: (
        f"off to the {side}",
        f"out to the {side}",
        f"over to the {side}",
        f"to {{their}} {side}",
    )
    for side in _SIDES
}

ARM_IDIOMS = {
    "wave": Wording(
        (
            f"[wave|wave hello|wave goodbye] to {_SOMEONE} with {{hand}} {{times}} {{speed}}",
            f"[greet|hail] {_SOMEONE} with a wave of {{hand}} {{times}} {{speed}}",
            "[say] (hello|hi|goodbye|bye|farewell) by waving {hand} {times} {speed}",
            "[bid] farewell with {hand}, waving {times} {speed}",
            ("[wave] {hand} (in the air|in greeting|as a greeting|in farewell) {way} {times} "
            "{speed}"),
            "[wave] {hand} as if to say (hello|hi|goodbye|good morning) {times} {speed}",
            "[wave] {hand} from side to side {way} {times} {speed}",
            "[get|catch] someone's attention by waving {hand} {way} {times} {speed}",
            "[flag] down a (taxi|cab|car|bus) with {hand} {times} {speed}",
            "[do|perform|make] a (hello|goodbye|greeting|waving) gesture with {hand} {times}",
            "[shake] {hand} to and fro in greeting {way} {times} {speed}",
            "[see] someone off, waving {hand} {times}",
            "[hold] up {hand} and [wave] {times} {speed}",
            "[put] up {hand} and [wave] {way} {times} {speed}",
            "[perform|do] {number:{pace} wave} with {hand} {way}",
            "[stick] {arm} up and [wave] {times} {speed}",
            "[wave] (to the audience|to the fans|at the camera|at passers-by) with {hand} {times}",
            "using {hand}; [wave] {way} {times} {speed}",
        ),
        special={
            "high": (
                ("[wave] {arm} overhead (as if calling for help|to be seen from afar) {times} "
                "{speed}"),
                "[signal] from far away, waving {arm} high in the air {times} {speed}",
                "[give] a big wave with {arm} high in the air",
            ),
            "low": ("[give] a small, low wave with {hand}",
                    "[wave] shyly with {hand} {times} {speed}"),
        },
        nouns=("a {pace} {side} hand wave", "a {pace} wave with {hand} {way}",
               "{number:{pace} wave} with {hand}", "a friendly wave of {hand}",
               "a {pace} hello wave", "{side} hand waving"),
    ),
    "raise": Wording(
        (
            "[bring] {arm} {way} {times} {speed}",
            "[lift|raise] {arm} {way} and [keep] {it} there {speed}",
            "[hold] {arm} {way} (for a second|a while|for a bit|steadily)",
            "[do|perform] {number:{pace} arm raise} {way} with {arm}",
            "[move] {arm} {way} and then [put] {it} down {speed}",
            "[swing] {arm} {way} {times} {speed}",
            "using {arm}; [reach] {way} {speed}",
        ),
        special={
            "up": (
                "[put|throw|stick|thrust] {hand} (up|in the air|up in the air) {speed}",
                "[throw|put|hold|fling] {arm} (up|in the air|up in the air|up high) {speed}",
                "[raise|lift|put up|hold up] {hand} {speed}",
                "[raise] {hand} (to ask a question|in class|to speak|to volunteer|to vote) {speed}",
                "[ask] to speak by raising {hand} {speed}",
                ("[reach] for (the ceiling|the sun|a high shelf|something above) with {hand} "
                "{speed}"),
                "[raise] {hand} like a (student|pupil|schoolboy) {speed}",
                ("[lift] {arm} (to the ceiling|as high as possible|vertically|all the way up) "
                "{speed}"),
                "[stretch] {arm} up high {times} {speed}",
                "[put] up {hand} {speed}",
            ),
            "forward": (
                "[hold] {arm} straight out {speed}",
                "[reach] (for something|out) in front of {them} with {arm} {speed}",
                "[stretch] {arm} (forward|ahead|straight out in front) {times} {speed}",
                "[extend] {arm} (like a sleepwalker|horizontally in front|to the front) {speed}",
                "[lift] {arm} to the front until level with the shoulder {speed}",
            ),
            "sideways": (
                "[lift] {arm} out sideways like (a wing|an airplane|a scarecrow) {speed}",
                "[hold] {arm} out to the side (like a wing|horizontally|as in a t-pose) {speed}",
                "[stretch] {arm} out (sideways|to the side|laterally) {times} {speed}",
                "[raise] {arm} laterally {times} {speed}",
            ),
        },
        nouns=("{number:{pace} {side} arm raise} {way}", "a {pace} arm raise {way} with {arm}",
               "{side} arm {way}", "{arm} {way}"),
    ),
    "circle_arm": Wording(
        (
            "[do|perform] {number:{pace} arm circle} {way} with {arm}",
            "[loosen|warm] up {their} shoulder with {number:arm circle} {way}, using {arm}",
            "[swing] {arm} round and round {way} {times} {speed}",
            "[spin|whirl] {arm} {way} like a (windmill|propeller) {times} {speed}",
            "[rotate] {arm} {way} at the shoulder {times} {speed}",
            "[make] {number:full rotation} {way} with {arm} {speed}",
            "[trace] {number:large circle} in the air with {arm} {way} {speed}",
            "[move] {arm} in circles {way} {times} {speed}",
            "[crank] {arm} {way} {times} {speed}",
        ),
        nouns=("{number:{pace} {side} arm circle} {way}", "{number:{pace} arm circle} with {arm}",
               "a {pace} shoulder warm-up with {number:arm circle}"),
    ),
    "clasp": Wording(
        (
            "[press|put] {their} palms together (like a monk|as in yoga|respectfully|in gratitude)",
            "[do|perform|make] a (prayer|praying|namaste) gesture",
            "[say] (thank you|grace|a prayer) with folded hands",
            "[beg|plead] with {their} palms together",
            "[thank] someone with {their} hands pressed together",
            "[put] {their} hands together (to pray|to beg|to give thanks)",
            "[strike] a praying pose",
            "[hold] {their} hands together in front of {their} chest",
            "[greet] with palms together (like in India|like in Thailand|)",
            "[pray] (silently|quietly|for help|with both hands together)",
        ),
        nouns=("a prayer pose", "a praying gesture", "hands together in prayer", "a namaste"),
    ),
    "point": Wording(
        (
            "[point] (a finger|the finger) {way} with {hand} {speed}",
            "[draw] attention to something {way} by pointing with {hand}",
            "[show] (someone|us|a stranger) the way, pointing {way} with {hand} {speed}",
            "[gesture] {way} with {finger} {speed}",
            "[extend] {finger} and [point] {way} {speed}",
            "[jab] {finger} {way} {speed}",
            "[point] {way} as if to say (there|look there|over there|that one) with {hand}",
            "[pick] someone out {way}, pointing with {hand}",
            "[stick] out {finger} to point {way} {speed}",
            "[make] a pointing gesture {way} with {hand} {speed}",
            "using {hand}; [point] {way} {speed}",
        ),
        way=_TOWARDS,
        special={
            "forward": (
                "[point] at (us|you|someone|the camera|the viewer|something in front) with {hand}",
                "[accuse] someone by pointing {finger} at them {speed}",
                "[point] accusingly with {hand}",
            ),
            "up": (("[point] at (the ceiling|the stars|a plane|a bird in the sky|the moon) with "
                   "{hand}"),),
            "down": ("[point] at (the ground|something on the floor|the spot below) with {hand}",),
        },
        nouns=("a {pace} pointing gesture {way} with {hand}", "pointing {way} with {hand}",
               "a {pace} {side} hand point {way}"),
    ),
    "hands_on_hips": Wording(
        (
            "[stand] there with {hand} (on the hips|on the waist|at the hip)",
            "[prop] {hand} on {their} hips",
            "[put] {hand} to {their} (waist|hips) (impatiently|sternly|in a bossy way|)",
            "[pose] with {hand} on {their} (hips|waist) (like a model|)",
        ),
        special={
            "both": (
                "[strike|hold|do] a (superhero|hero|power|superman) pose",
                "[stand] like a superhero with {their} hands on {their} hips",
                "[wait] impatiently with {their} hands on {their} hips",
                "[scold] someone with both hands on the hips",
                "[stand] arms akimbo",
                "[strike] a pose with hands on hips",
            ),
            "left": ("[strike] a pose with one hand on the left hip",),
            "right": ("[strike] a pose with one hand on the right hip",),
        },
        nouns=("a pose with {hand} on the hips", "{hand} on the hips"),
    ),
    "cross_arms": Wording(
        (
            "[cross|fold] {their} arms (defensively|stubbornly|impatiently|in a huff|and [wait])",
            "[cross|fold] {their} arms (like a bouncer|like a bodyguard|like a teacher)",
            "[strike|hold|take] a crossed arms pose",
            "[put] {their} arms across {their} chest",
            "[wait] with (crossed|folded) arms",
            "[have] {their} arms (crossed|folded)",
            "[stand] with {their} arms (folded|crossed) (across|over) {their} chest",
            "[listen] (sceptically|skeptically) with folded arms",
            "[wrap] {their} arms across the chest",
        ),
        nouns=("a crossed arms pose", "crossed arms", "folded arms", "arms crossed over the chest"),
    ),
    "salute": Wording(
        (
            "[salute] (the flag|an officer|the captain|the general|) with {hand} {speed}",
            "[salute] {speed} with {hand}",
            "[give|perform|do|make] a (military|crisp|formal|) salute with {hand} {speed}",
            "[stand] to attention and [salute] with {hand}",
            "[bring] {hand} to {their} (brow|forehead|temple) in a salute {speed}",
            "[say] yes sir with {hand} at the (brow|forehead|temple)",
            "[pay] military honours with {hand} {speed}",
            "[report] for duty with {hand} at the forehead",
        ),
        nouns=("a {pace} {side} hand salute", "a {pace} military salute with {hand}",
               "a {pace} soldier's greeting with {hand}"),
    ),
    "touch": Wording(
        (
            "[rest|keep] {hand} on {way}",
            "[press|put] {hand} (against|to) {way}",
            "[raise] {hand} to {way}",
            "[lift] {hand} to touch {way}",
            "[make] contact with {way}, using {hand}",
            "using {hand}; [touch] {way}",
        ),
        special={
            "head": (
                "[scratch] {their} head (in confusion|in puzzlement|as if puzzled) with {hand}",
                "[fix|smooth|stroke|check] {their} hair with {hand}",
                "[hold] {their} head with {hand} (as if in pain|as with a headache|)",
                "[have] a headache and [hold] {hand} to the head",
                "[adjust] {their} hat with {hand}",
            ),
            "chin": (
                "[scratch] {their} (chin|beard) with {hand}",
                "[stroke] {their} (imaginary |)beard with {hand}",
                "[check] {their} shave, touching the chin with {hand}",
            ),
            "ear": (
                "[cup] {hand} (to|at|behind) {their} ear",
                "[strain] to hear with {hand} at the ear",
                "[fiddle] with {their} earring, using {hand}",
            ),
            "belly": (
                "[rub] {their} (tummy|stomach) with {hand} as if hungry",
                "[hold] {their} (stomach|belly|tummy) with {hand} (as if ill|as if full|)",
                "[have] a tummy ache and [hold] the belly with {hand}",
            ),
            "chest": (
                "[put] {hand} (over|on) {their} heart (as if swearing an oath|in gratitude|)",
                "[swear|pledge] with {hand} on the (heart|chest)",
                "[lay] {hand} on {their} chest as if to say me",
            ),
            "shoulder": (
                "[massage] the opposite shoulder with {hand}",
                "[brush] (dust|dirt|lint) off {their} other shoulder with {hand}",
                "[hold] a sore shoulder with {hand}",
            ),
        },
        nouns=("{hand} on {way}", "a touch of {way} with {hand}"),
    ),
    "phone": Wording(
        (
            "[call] (someone|a friend|home|a taxi|for help) on the phone with {hand}",
            "[speak|talk|chat] (on a mobile|on a cell phone|on the telephone) with {hand}",
            "[be] on the phone, {hand} at the ear",
            "[phone|ring|telephone] (someone|a friend) with {hand}",
            "[answer|take|make] a (phone call|call) with {hand} at {their} ear",
            ("[hold|keep] a (mobile|cell phone|smartphone|phone|receiver) against {their} {side} "
            "ear"),
            "[listen] to (a voice message|someone on the phone) with {hand} at the ear",
            "[pick] up the (phone|receiver) with {hand}",
            "[mime|fake] a phone call with {hand}",
            "[put] a phone to {their} {side} ear",
        ),
        nouns=("a phone call with {hand}", "a telephone gesture with {hand} at the ear",
               "talking on the phone with {hand}"),
    ),
    "drink": Wording(
        (
            ("[drink|sip] (a cup of coffee|a coffee|some water|tea|a beer|juice) with {hand} "
            "{speed}"),
            "[have|enjoy|take] a (cup of coffee|cup of tea|glass of water|sip of wine) with {hand}",
            "[take] a swig from a bottle with {hand} {speed}",
            "[drink] (something|something hot|some coffee|from a mug) with {hand} {speed}",
            "[drink|chug|gulp] (a beer|a pint|some juice|a soda|{their} drink) with {hand}",
            "[drink] with {hand} {speed}",
            "[quench] {their} thirst with a (drink|glass of water), using {hand}",
            "[bring] a (mug|cup|bottle|can) to {their} lips with {hand} {speed}",
            "[raise] a (mug|can|bottle) to {their} mouth and [drink] with {hand} {speed}",
            "[drink] from (an imaginary|an invisible) (cup|glass) with {hand} {speed}",
            "[mime] drinking with {hand} {speed}",
            "[empty|finish] a (glass|cup|bottle) held in {hand} {speed}",
            "[swallow] a gulp of (water|coffee) from a cup in {hand} {speed}",
            "[tip] a glass to {their} mouth with {hand} {speed}",
        ),
        nouns=("a {pace} drink from a cup with {hand}", "a {pace} sip of coffee with {hand}",
               "a drinking gesture with {hand}"),
    ),
    "thumb_up": Wording(
        (
            "[give] (someone|us|the camera|everyone) a thumbs-up with {hand}",
            "[say|signal] (all good|well done|that all is fine) with {thumb} up",
            "[do|flash|throw|perform] a thumbs up with {hand}",
            "[put|hold|stick] {thumb} up (to say yes|in agreement|as a sign of approval|)",
            "[approve|agree] with {thumb} up",
            "[make] the like sign with {hand}",
            "[show] {their} approval with a thumbs up of {hand}",
            "[give] the thumbs up with {hand}",
        ),
        nouns=("a {side} hand thumbs up", "a thumbs up with {hand}", "a thumbs-up", "{thumb} up"),
    ),
    "beckon": Wording(
        (
            "[tell|ask] someone to come (here|over|closer) with {hand} {times}",
            "[say] come here with {hand} {times}",
            "[draw|lure|coax] someone closer with {hand} {times}",
            "[wave] someone (over|in|nearer|this way) with {hand} {times}",
            "[do|perform|make] a (come here|come-on|beckoning) gesture with {hand} {times}",
            "[gesture] (come here|come on|come closer|follow me) with {hand} {times}",
            "[call] (the waiter|a child|a dog|someone) over with {hand} {times}",
            "[motion] for someone to (approach|come|follow) with {hand} {times}",
            "[scoop] {hand} towards {them} as if to say come here {times}",
            "using {hand}; [beckon] someone {times}",
        ),
        nouns=("a come here gesture with {hand}", "a beckoning gesture with {hand}",
               "{side} hand beckoning"),
    ),
}  # fmt: skip

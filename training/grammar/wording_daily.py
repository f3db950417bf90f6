"""The words for gestures of daily life, work, play and feeling."""

from training.grammar.wording import Wording

_WAYS = {side: (f"to the {side}", f"to {{their}} {side}", side) for side in ("left", "right")}

DAILY_WORDING = {
    "cheer": Wording(
        (
            "[cheer] {speed}",
            "[cheer] with both arms in the air",
            "[celebrate] with raised fists",
            "[throw] both arms up and [cheer]",
            "[pump] both fists in the air",
            "[rejoice] with both arms up",
            "[celebrate|cheer] (a goal|a win|loudly|)",
        )
    ),
    "think": Wording(
        (
            "[think] (hard|about something|)",
            "[think] with {hand} at the chin",
            "[ponder] with a hand on the chin",
            "[consider] something, the chin in {hand}",
            "[hold] {their} chin and [think]",
            "[wonder] about something",
            "[put] {hand} to {their} chin in thought",
        )
    ),
    "laugh": Wording(
        (
            "[laugh] (loudly|out loud|)",
            "[laugh] and [hold] {their} belly",
            "[burst] out laughing",
            "[shake] with laughter",
            "[laugh] with both hands on the belly",
        )
    ),
    "cry": Wording(
        (
            "[cry]",
            "[cry] into {their} hands",
            "[sob|weep] with both hands over {their} face",
            "[hide] {their} face in {their} hands and [cry]",
            "[bury] {their} face in both hands",
            "[weep|cry] bitterly",
        )
    ),
    "catch": Wording(
        (
            "[catch] (a ball|something) {speed}",
            "[catch] (a ball|something) with both hands {speed}",
            "[reach] out and [catch] a ball {speed}",
            "[catch] a ball and [bring] it to the chest {speed}",
        )
    ),
    "pull": Wording(
        (
            "[pull] with both hands {times} {speed}",
            "[pull] on a rope {times} {speed}",
            "[haul|tug|drag|pull] (something|a rope) towards {them} {times} {speed}",
            "[pull] (something heavy|a rope) with both arms {times} {speed}",
            "[give] {number:pull} with both arms {speed}",
        )
    ),
    "swing": Wording(
        (
            "[swing] (a bat|a club|a racket) {times} {speed}",
            "[swing] (a bat|a stick) with both hands {times} {speed}",
            "[hit] a ball with a bat {times} {speed}",
            "[take] {number:swing} with a bat {speed}",
            "[swing] both arms from one side to the other as with a bat {times}",
        )
    ),
    "wipe": Wording(
        (
            "[wipe] (a window|a board|a wall) with {hand} {speed}",
            "[clean|polish|scrub] (a window|a wall|the glass) with {hand} {speed}",
            "[wipe] with {hand} {speed}",
            "[rub] a window clean with {hand} {speed}",
        )
    ),
    "type": Wording(
        (
            "[type] on a keyboard {speed}",
            "[type] {speed}",
            "[write] on a computer {speed}",
            "[work] on a keyboard with both hands {speed}",
            "[type] a (letter|text|message) {speed}",
        )
    ),
    "piano": Wording(
        (
            "[play] the piano {speed}",
            "[play] piano with both hands {speed}",
            "[play] the keys of a piano {speed}",
            "[play] an organ {speed}",
        )
    ),
    "open_door": Wording(
        (
            "[open] a door with {hand} {speed}",
            "[pull] a door open with {hand} {speed}",
            "[open] the door {speed}",
            "[reach] for the handle and [open] a door with {hand}",
            "[grasp] a door handle and [pull] with {hand} {speed}",
        )
    ),
    "block": Wording(
        (
            "[block] (a blow|a punch|) with {arm} {speed}",
            "[block] with {arm} {speed}",
            "[guard] {their} face with {arm} {speed}",
            "[parry] (a blow|an attack) with {arm} {speed}",
            "[defend] {themselves} with {arm} {speed}",
            "[shield] {their} head with {arm} {speed}",
        )
    ),
    "halt": Wording(
        (
            "[signal] to stop with {hand}",
            "[hold] up {hand} to say stop",
            "[make] a stop sign with {hand} {speed}",
            "[stop] someone with {hand} {speed}",
            "[hold] {hand} out with the palm forward {speed}",
            "[show] the palm of {hand} to say halt",
        )
    ),
    "steer": Wording(
        (
            "[steer] (a car|a wheel) {speed}",
            "[drive] a car {speed}",
            "[turn] a steering wheel {speed}",
            "[hold] a steering wheel and [turn] it {speed}",
        )
    ),
    "guitar": Wording(
        (
            "[play] the guitar {speed}",
            "[play] air guitar {speed}",
            "[strum] a guitar {speed}",
            "[strum] a guitar with {hand} {speed}",
        )
    ),
    "check_watch": Wording(
        (
            "[look] at {their} watch",
            "[check] the time on {their} {side} wrist",
            "[check] {their} watch",
            "[lift] {arm} and [look] at the watch",
            "[look] at a watch on {their} {side} wrist",
        )
    ),
    "rub_hands": Wording(
        (
            "[rub] {their} hands (together|) {speed}",
            "[rub] {their} palms (together|against each other) {speed}",
            "[warm] {their} hands by rubbing them",
            "[wash] {their} hands {speed}",
        )
    ),
    "blow_kiss": Wording(
        (
            "[blow] a kiss with {hand}",
            "[blow] a kiss {speed}",
            "[throw] a kiss with {hand}",
            "[send] a kiss with {hand}",
        )
    ),
    "flap": Wording(
        (
            "[flap] {their} arms {times} {speed}",
            "[flap] both arms like wings {times} {speed}",
            "[flap] {their} arms like a bird {times} {speed}",
            "[move] both arms up and down like wings {times} {speed}",
            "[beat] both arms like wings {times} {speed}",
            "[flutter] with both arms {times} {speed}",
        ),
        free_count=2,
    ),
    "touch_toes": Wording(
        (
            "[touch] {their} toes {times} {speed}",
            "[bend] down and [touch] {their} toes {times} {speed}",
            "[reach] down to {their} feet with both hands {times} {speed}",
            "[bend] forward and [touch] {their} feet {times} {speed}",
        )
    ),
    "carry": Wording(
        (
            "[carry] (a box|something|a parcel|something heavy) (with both arms|) {speed}",
            "[hold] a (box|parcel) (before {them}|with both hands)",
            "[carry] a (box|parcel|crate) in front of {them}",
        ),
        alongside=("with a box in {their} hands", "with a box in {their} arms"),
    ),
    "hug": Wording(
        (
            "[hug] someone {speed}",
            "[hug] (somebody|a friend) with both arms {speed}",
            "[embrace] someone {speed}",
            "[give] someone a hug {speed}",
            "[put] both arms around someone {speed}",
        )
    ),
    "crawl_stroke": Wording(
        (
            "[swim] with both arms {speed}",
            "[move] {their} arms as if swimming {speed}",
            "[make] swimming strokes with both arms {speed}",
            "[mime] swimming {speed}",
        )
    ),
    "dodge": Wording(
        (
            "[dodge] {way} {speed}",
            "[dodge] (a punch|a blow|an attack) {way} {speed}",
            "[evade] a blow {way} {speed}",
            "[slip] a punch {way} {speed}",
            "[lean] out of the way {way} {speed}",
        ),
        way=_WAYS,
    ),
    "cover": Wording(
        (),
        key="target",
        special={
            "ears": (
                "[cover] {their} ears (with both hands|) {speed}",
                "[put|hold|clap|lay|press] (both|both {their}|{their} two|{their}) hands (on|to|over) {their} ears",
                "[put|hold|press] both hands over {their} ears {speed}",
                "[shut] {their} ears with both hands {speed}",
                "[hold] {their} ears against the noise",
            ),
            "eyes": (
                "[cover] {their} eyes (with both hands|) {speed}",
                "[put|hold] both hands over {their} eyes {speed}",
                "[hide] {their} eyes behind both hands {speed}",
                "[cover] {their} face with both hands",
            ),
        },
    ),
    "count_fingers": Wording(
        (
            "[count] to {count} on the fingers of {hand} {speed}",
            "[count] to {count} with {hand} {speed}",
            "[count] on {their} fingers to {count} {speed}",
            "[count] from one to {count} with the fingers of {hand} {speed}",
            "[count] {count} things on {their} fingers {speed}",
            "[raise] {count} fingers of {hand} one after the other {speed}",
            "[show] the numbers one to {count} with the fingers of {hand} {speed}",
        ),
        special={
            None: ("[count] on {their} fingers {speed}", "[count] with {their} fingers {speed}")
        },
        free_count=2,
    ),
    "show_hand": Wording(
        (),
        key="target",
        special={
            "fist": (
                "[make] a fist with {hand} {speed}",
                "[show] {their} {side} fist",
                "[clench] {hand} into a fist {speed}",
                "[hold] up a fist with {hand}",
                "[close] {hand} {speed}",
                "[clench] {fist} {speed}",
            ),
            "open": (
                "[show] the open palm of {hand}",
                "[open] {hand} with the fingers spread {speed}",
                "[spread] the fingers of {hand} {speed}",
                "[show] five fingers with {hand}",
            ),
            "one": (
                "[show] one finger with {hand}",
                "[hold] up the index finger of {hand}",
                "[raise] one finger of {hand} {speed}",
                "[show] the number one with {hand}",
            ),
            "two": (
                "[show] two fingers with {hand}",
                "[make] a victory sign with {hand} {speed}",
                "[make] a peace sign with {hand} {speed}",
                "[show] the number two with {hand}",
                "[hold] up two fingers of {hand}",
            ),
            "three": (
                "[show] three fingers with {hand}",
                "[hold] up three fingers of {hand}",
                "[show] the number three with {hand}",
            ),
            "ok": (
                "[make] an OK sign with {hand} {speed}",
                "[show] the okay sign with {hand}",
                "[signal] okay with {hand}",
                "[form] a ring with thumb and index finger of {hand}",
            ),
            "four": (
                "[show] four fingers with {hand}",
                "[hold] up four fingers of {hand}",
                "[show] the number four with {hand}",
            ),
            "grip": (
                "[grip] something with {hand} {speed}",
                "[close] {hand} around something {speed}",
                "[grasp|clutch] something with {hand} {speed}",
                "[hold] something in {hand}",
                "[grip] a stick with {hand} {speed}",
            ),
            "relaxed": (
                "[relax] {hand} {speed}",
                "[let] {hand} hang loosely from the wrist",
                "[hold] out {hand} with loose fingers",
                "[let] the fingers of {hand} hang loose",
            ),
            "claw": (
                "[make] a claw with {hand} {speed}",
                "[bend] the fingers of {hand} like claws",
                "[show] a claw with {hand}",
            ),
        },
    ),
}

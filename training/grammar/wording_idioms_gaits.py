"""Further words for getting about: everyday speech, the animator's trade, purposes, places."""

from training.grammar.wording import Wording

_SIDES = ("left", "right")
_SPIN = {"left": ("counterclockwise", "anticlockwise"), "right": ("clockwise",)}
_WALK = (
    "[move] {way} on {their} own two feet {speed}",
    "[use] {their} legs to (go|walk|get) {way} {speed}",
    "[go|move] {way} at (a walk|walking pace|a walking pace)",
    "[walk] some (steps|paces|distance|way) {way} {speed}",
    "[cover] some (ground|distance) {way} on foot {speed}",
    "[travel|move|head|proceed] {way} by (foot|walking) {speed}",
    "[perform|do|show] a walk {way} {speed}",
    "[keep|start|begin|continue] walking {way} {speed}",
    "[set off|set out|head off|start off|get moving] {way} on foot {speed}",
    "[be] out (walking|for a walk) {way}",
    "[take] (steps|some steps|a few steps) {way} {speed}",
    "[make {their} way|work {their} way] {way} on foot {speed}",
    "[walk] {way} (upright|as normal|like anybody would|with swinging arms) {speed}",
    "[go] walking {way} {speed}",
)
_CYCLE = (
    "[do|perform|play] a (basic|simple|standard|plain|) walk cycle {speed}",
    "[advance|go on|press on] {speed}",
    "[advance] {number:step} {speed}",
    "[approach|walk up to|go up to|come up to] (someone|a friend|the door|the table|us)",
    "[come|walk] (closer|nearer|this way|over here|towards us) {speed}",
    "[cross] the (room|street|road|stage|floor|yard) {speed}",
    "[walk] (across|through) the (room|stage|hall|park|city) {speed}",
    "[walk] down the (street|road|hall|corridor|aisle|lane) {speed}",
    "[walk] (over there|over to the other side|to the door|to the exit|to a friend) {speed}",
    "[walk] to (work|school|the shop|the bus stop|the kitchen) {speed}",
    "[put] one foot (in front of|before) the other {speed}",
    "[take] a (walk|stroll) (in the park|through town|outside|along the beach)",
    "[enter|leave] the room on foot {speed}",
    "[stretch] {their} legs (on|with) a (short |little |)walk",
    "[head] for the (door|exit|car) on foot {speed}",
    "[take] {number:step} towards (us|the camera|someone|the door)",
)
_REVERSE = (
    "[retreat|reverse] {speed}",
    "[back] (off|away|out|up) from (something|someone|the door|us) {speed}",
    "[walk] in reverse {speed}",
    "[move|step|walk] away without turning around {speed}",
    "[give] ground, (stepping|walking) backwards {speed}",
    "[back] out of the room {speed}",
    "[do|perform|play] a (backward|backwards|reverse) walk (cycle|) {speed}",
    "[take] {number:step} in reverse {speed}",
    "[walk] (heel last|backwards without looking) {speed}",
    "[move] away from (us|the camera), still facing (us|it) {speed}",
)
_WALK_SLOW = (
    "[amble|saunter|drift|plod|trudge|dawdle along|potter] {way}",
    "[walk|stroll] {way} as if {they} had all the time in the world",
    "[plod|trudge|lumber|trundle] {way} with heavy steps",
    "[take] it easy, walking {way}",
    "[walk] {way} in no (hurry|rush)",
    "[walk] {way} at a snail's pace",
    "[drag] {their} feet, walking {way}",
    "[stroll|amble|saunter] {way} (casually|idly|without a care)",
    "[walk] {way} one slow step after another",
)
_WALK_FAST = (
    "[stride|bustle|speed-walk|race-walk|step out|march off] {way}",
    "[walk] {way} as if late (for work|for the bus|for a meeting|)",
    "[walk] {way} like someone in a hurry",
    "[stride] {way} with (long|brisk|firm|swift) steps",
    "[walk] {way} (at full tilt|at top speed|as fast as {they} can without running)",
    "[pick] up the pace, walking {way}",
    "[walk] {way} with (quick|hasty|rapid|lively) steps",
)
_RUN = (
    "[go|move|travel] {way} by running {speed}",
    "[break] into a run {way} {speed}",
    "[set off|take off|start off] {way} at a run {speed}",
    "[keep|start|begin|continue] running {way} {speed}",
    "[be] out running {way}",
    "[race|gallop|dash|scurry] {way}",
    "[run] some (steps|distance|metres|meters) {way} {speed}",
    "[pick] up {their} feet and [run] {way} {speed}",
    "[run] {way} (like an athlete|like a runner|with pumping arms|with bent arms) {speed}",
)
_RUN_CYCLE = (
    "[do|perform|play] a (basic|simple|standard|plain|) run cycle {speed}",
    "[run] (across|through) the (room|field|stage|park|street) {speed}",
    "[run] (for the bus|after someone|to the door|to catch a train|for {their} life) {speed}",
    "[run] (down|along) the (street|road|track|beach|corridor) {speed}",
    "[run] (towards us|over there|to a friend|this way) {speed}",
    "[chase] (someone|after someone|a thief) {speed}",
    "[flee|escape|run away] {speed}",
)
_RUN_SLOW = (
    "[run] {way} in no (hurry|rush)",
    "[run] {way} at an easy (pace|tempo)",
    "[run] {way} without (any |)(haste|effort)",
)
_RUN_FAST = (
    "[dash|race|hurtle|dart|make a dash|break into a sprint|blast off] {way}",
    "[run] {way} like (lightning|the wind|mad)",
    "[sprint] {way} at top speed",
    "[run] {way} (flat out|at full tilt|full speed|for dear life)",
    "[do|perform] a sprint {way}",
)
_ROUND = dict.fromkeys(
    _SIDES,
    (
        "[walk] (one|a complete|a whole) (lap|round) on foot {way} {speed}",
        "[walk] around (a table|a tree|someone|something) (once|) {speed}",
        "[walk] a (lap|circuit|ring|circle) {speed}",
        "[walk] in circles {speed}",
        "[return] to where {they} started after walking a circle {speed}",
        "[pace] (around|round) in a circle {speed}",
        "[trace|draw|walk] a circle on the (floor|ground) with {their} steps",
    ),
)
_RUN_ROUND = dict.fromkeys(
    _SIDES,
    (
        "[run] (a lap|one lap|a round|laps) {way} {speed}",
        "[run] around (a tree|a table|the track|something) {speed}",
        "[run] in circles {speed}",
    ),
)
_CURVE_WAYS = {
    side: (
        f"in a wide (bend|arc|curve) to the {side}",
        f"and gradually [turn] {side}",
        f"while veering {side}",
        f"drifting to the {side}",
        f"along a bend that goes {side}",
        f"in a sweeping {side} curve",
        f"gradually changing direction to the {side}",
        f"and [curve] {side}",
        f"and [veer|swing|bear] to the {side}",
    )
    for side in _SIDES
}
_CIRCLE_WAYS = {
    side: (
        *(f"in a {spin} circle" for spin in _SPIN[side]),
        *(f"{spin} in a circle" for spin in _SPIN[side]),
        f"in a complete circle, turning {side}",
        f"all the way around in a circle to the {side}",
        f"in a {side}-hand circle",
        f"round and round to the {side}",
        f"in a circle going {side}",
    )
    for side in _SIDES
}
_TURN_WAYS = {side: (*_SPIN[side], f"in a {_SPIN[side][0]} direction") for side in _SIDES}

GAIT_IDIOMS = {
    "walk": Wording(
        _WALK,
        special={"forward": _CYCLE, "backward": _REVERSE},
        slow=_WALK_SLOW,
        fast=_WALK_FAST,
        nouns=("a {pace} walk {way}", "{number:step} {way}", "a {pace} {direction} walk cycle"),
    ),
    "run": Wording(
        _RUN,
        special={"forward": _RUN_CYCLE},
        slow=_RUN_SLOW,
        fast=_RUN_FAST,
        nouns=("a {pace} run {way}", "a {pace} {direction} run cycle",
               "{number:running step} {way}"),
    ),
    "walk_curve": Wording(
        _WALK[:8], way=_CURVE_WAYS, slow=_WALK_SLOW[:4], fast=_WALK_FAST[:4],
        nouns=("a {pace} walk {way}", "a {pace} curved walk to the {direction}"),
    ),
    "run_curve": Wording(
        _RUN[:5], way=_CURVE_WAYS, slow=_RUN_SLOW, fast=_RUN_FAST[:3],
        nouns=("a {pace} run {way}", "a {pace} curved run to the {direction}"),
    ),
    "walk_circle": Wording(
        _WALK[:8], way=_CIRCLE_WAYS, slow=_WALK_SLOW[:4], fast=_WALK_FAST[:4], special=_ROUND,
        nouns=("a {pace} walk {way}", "a {pace} circle on foot",
               "one {pace} lap on foot to the {direction}"),
    ),
    "run_circle": Wording(
        _RUN[:5], way=_CIRCLE_WAYS, slow=_RUN_SLOW, fast=_RUN_FAST[:3], special=_RUN_ROUND,
        nouns=("a {pace} run {way}", "one {pace} lap at a run to the {direction}"),
    ),
    "limp": Wording(
        (
            "[limp] {way} as if {their} {side} (knee|ankle|foot|hip) were (hurt|injured|sprained)",
            "[walk|go] {way} (as if injured|like a wounded soldier|with a hurt leg) {speed}",
            "[favour|favor] one leg while walking {way} {speed}",
            "[hobble|limp|stagger on] {way}, sparing {leg} {speed}",
            "[walk] {way} with a (bad|stiff|lame|hurt|twisted) {side} (leg|ankle|knee) {speed}",
            "[walk] {way} with a (pronounced|heavy|noticeable|slight|) limp on {leg} {speed}",
            "[drag] {leg} while walking {way} {speed}",
            "[have] a limp on the {side} side, walking {way} {speed}",
            "[do|perform] a limping walk (cycle|) {way} {speed}",
            "[walk] {way}, unable to put weight on {leg} {speed}",
        ),
        nouns=("a {pace} limp {way}", "a limping walk on {leg}", "a {pace} injured walk {way}"),
    ),
    "walk_turn": Wording(
        (
            "[walk] {way}, [make] a turn of {degrees} to the {side} and [carry] on walking {speed}",
            "[walk], [turn] {side} {angle}, [walk] (on|again|some more) {speed}",
            "[walk] {way}, [pivot|swing|swerve] {side} through {angle} and [walk] on {speed}",
        ),
        special={
            90: (
                "[walk] {way}, [take] a {side} turn and [continue] {speed}",
                "[walk] {way} and (then |)[hang|make|take] a {side} {speed}",
                "[round] a corner to the {side} on foot {speed}",
                "[walk] {way} and [turn] {side} at the (corner|crossing) {speed}",
            ),
            180: (
                "[walk] {way}, [make|do] a u-turn to the {side} and [return] {speed}",
                "[walk] away, [change] {their} mind and [come] back {speed}",
                "[pace] to and fro, turning {side} {speed}",
                "[walk] {way}, [turn] on {their} heel and [walk] back {speed}",
                "[go] there and back on foot, turning {side} {speed}",
            ),
        },
        nouns=("a {pace} walk with a {side} turn of {degrees}",
               "a walk, a {side} turn and more walking"),
    ),
    "side_step": Wording(
        (
            "[step|go|move] {side} {times} {speed}",
            "[step|move] to {their} {side} side {times} {speed}",
            "[side-step|sidestep] {side} {times} {speed}",
            "[shift|scoot|shuffle|slide] over to the {side} {speed}",
            "[make] (room|way|space) by stepping to the {side} {times} {speed}",
            "[step] aside to the {side} {times} {speed}",
            "[let] someone pass with {number:step} to the {side} {speed}",
            "[do|perform] {number:side step} (to the|to {their}) {side} {speed}",
            "[crab-walk|strafe] {side} {speed}",
            "[strafe] {side}, still facing (forward|ahead|the front) {speed}",
            "[shuffle|slide|edge] along sideways to the {side} like a (crab|goalkeeper) {speed}",
        ),
        nouns=("{number:{pace} side step} to the {side}", "{number:{pace} step} to the {side}",
               "{number:{side} side step}", "a {pace} strafe to the {side}"),
    ),
    "turn": Wording(
        (
            "[turn|rotate|pivot] {angle} {way} {speed}",
            "[pivot|swivel|swing round|swing around] {way} by {angle} {speed}",
            "[pivot] on {their} (heel|feet|heels) {way}, {angle} {speed}",
            "[turn] in place {way} through {angle} {speed}",
            "[do|perform|make|execute] a turn of {degrees} {way} {speed}",
            "[turn] {way} without going anywhere, {angle} {speed}",
            "[face] a new direction by turning {angle} {way} {speed}",
        ),
        way=_TURN_WAYS,
        special={
            45: ("[turn] half {side} {speed}", "[make] a slight turn {way} {speed}",
                 "[turn] a bit {way} {speed}", "[angle] {their} body slightly to the {side}"),
            90: (
                "[turn] to face {side} {speed}",
                "[do|make] a (90 degree|90-degree|ninety degree) turn {way} {speed}",
                "[turn] to {their} {side} {speed}",
                "[pivot|swing|swivel] (a quarter|ninety degrees) {way} {speed}",
                "[do] a {side} face like a soldier {speed}",
                "[make] a quarter-turn {way} {speed}",
            ),
            180: (
                "[do|make|perform] an about-face {speed}",
                "[do] a 180 {way} {speed}",
                "[turn] (a full |)180 {way} {speed}",
                "[spin|whirl|swing|wheel] around {speed}",
                "[make] a u-turn on the spot {way} {speed}",
                "[turn] to (see|look at|face) what is behind {them} {speed}",
                "[turn] {their} back (on us|to us|to the camera|on someone) {speed}",
                "[turn] on {their} heel {speed}",
                "[do|make] a (180 degree|180-degree) turn {way} {speed}",
                "[turn] fully around {way} {speed}",
            ),
            270: ("[do] a 270 {way} {speed}", "[turn] three quarters of the way around {way}"),
            360: (
                "[do] a 360 {way} {speed}",
                "[twirl|whirl] around (once|) {way} {speed}",
                "[do|make|perform] a (pirouette|twirl|spin) {way} {speed}",
                "[spin] (once around|in a circle|full circle) {way} {speed}",
                "[make] a (complete|full|whole) rotation {way} {speed}",
                "[turn] once round on the spot {way} {speed}",
                "[turn] in a full circle to show {their} outfit {way} {speed}",
            ),
        },
        nouns=("a {pace} {side} turn of {degrees}", "a {pace} turn of {degrees} {way}",
               "a {pace} turn {way} by {angle}"),
    ),
    "step": Wording(
        (
            "[place] {foot} {way} {times} {speed}",
            "[walk] just {number:step} {way} {speed}",
            "[move] {number:step} {way} {speed}",
            "[go] {number:step} {way}, {foot} first {speed}",
            "[step] {way} {times}, leading with {foot} {speed}",
        ),
        special={
            "forward": (
                "[advance] {number:step} {speed}",
                "[come] {number:step} (closer|nearer|towards us) {speed}",
                "[step] out {way} {times} with {foot} {speed}",
            ),
            "backward": (
                "[retreat|withdraw|back off|back away] {number:step} {speed}",
                "[take] {number:step} in reverse {speed}",
                "[step] backwards {times} as if surprised {speed}",
            ),
        },
        nouns=("{number:{pace} step} {way}", "{number:{pace} step} {way} with {foot}"),
    ),
    "march": Wording(
        (
            "[march] without (advancing|going anywhere|leaving the spot) {speed}",
            "[walk|step] (on the spot|in place) (as if on a treadmill|to warm up|) {speed}",
            "[warm] up by marching on the spot {speed}",
            "[mark] time (like a soldier|) {speed}",
            "[do|perform|play] an in-place (walk|march) (cycle|) {speed}",
            "[lift] one knee after the other on the spot {speed}",
            "[keep] marching on the same spot {speed}",
        ),
        special={"large": ("[do] high knees on the spot {speed}",
                           "[pump] {their} knees up high in place {speed}")},
        nouns=("a {pace} march on the spot", "a {pace} march in place", "an in-place walk cycle",
               "{pace} marching on the spot"),
    ),
    "stand": Wording(
        (
            "[stand] (straight|tall|relaxed|at ease|motionless|as still as a statue)",
            "[do|play|perform] an idle (pose|animation|cycle|)",
            "[hold] still",
            "[stay] (put|still)",
            "[wait] (for the bus|for someone|in line|patiently|a while)",
            "[stand] there doing nothing",
            "[stand|wait] without (doing|saying) anything",
            "[pause|linger|hang around|loiter]",
            "[keep] still and [stand]",
            "[be] (idle|waiting|standing around)",
            "[stand] by",
            "[refrain] from moving",
        ),
        nouns=("an idle pose", "an idle", "idle standing", "a standing idle"),
    ),
}  # fmt: skip

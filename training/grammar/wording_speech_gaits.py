"""How people speak of going, turning and sitting: places, purposes, whole-body verbs, parts."""

from training.grammar.wording import Wording

_SIDES = ("left", "right")
_OFF = (
    "[walk|stride|head|wander|go] (off|away|home|on|along|past|over|by) {speed}",
    "[walk|go|come|step] (in|inside|out|outside|through|over) {speed}",
    "[leave|depart] (on foot|) {speed}",
    "[leave|exit|enter] (the room|the scene|the stage|the building|the frame|the house) {speed}",
    "[walk] (out of|into) (the room|the frame|the scene|the shot|the house) {speed}",
    "[come] walking (in|along|up|over) {speed}",
    "[make] (for|towards) the (door|exit|window|stairs) {speed}",
    "[step] (through the door|into the room|out of the door|out into the street) {speed}",
    "[cross] (over to|to) the (other side|window|door|table) {speed}",
    "[pace] {speed}",
    "[pace] (up and down|the floor|the room|to and fro) {speed}",
    "[walk] (on|onwards|a bit|a little|a short way|a few metres|for a bit|a short distance) {speed}",
    "[walk] {way} (a bit|a little|a few steps|for a while|for a bit) {speed}",
    "[come] {way} {speed}",
    "[head|go|set off|move|carry on] {way} {speed}",
    "[be] on {their} way {speed}",
    "[keep] going {way} {speed}",
    "[walk] up to (someone|the counter|the desk|a window|the bar) {speed}",
    "[go] (home|to work|to bed|to the window|to the door|to the kitchen|over to the table) {speed}",
    "[wander] (about|around|along|through the garden) {speed}",
    "[stride|walk] (past the door|past us|by|across) {speed}",
    "[make] {their} (way|exit|entrance) {speed}",
    "[walk] like (a model|a cowboy|a king|a robot|anybody else) {speed}",
    "[walk] as (usual|though nothing had happened|always) {speed}",
)
_SLOWLY = (
    "[drag] {themselves} (along|home|across the room|to the door|onwards|down the road)",
    "[shuffle|trudge|plod|crawl along|inch] (home|along|off|away|onwards|across the room)",
    "[take] {their} time (walking|getting there|on the way)",
    "[walk] (like an old man|like an old woman|as if through mud|as if through deep snow)",
    "[walk] as if {their} feet were made of lead",
    "[walk] with (heavy|weary|leaden|dragging|tired) (feet|steps|legs)",
    "[mosey|dawdle|meander|traipse] (along|over|about|around)",
    "[walk] one step at a time",
    "[slouch|drift|shamble] (along|off|away|home|by)",
)
_QUICKLY = (
    "[hurry|rush|hasten] (along|off|away|out|past|home) on foot",
    "[storm|march] (off|out|away|out of the room)",
    "[walk] (at a clip|at a good pace|double quick|double time|as if chased|as if in a race)",
    "[walk] as if {they} (had a train to catch|were late|had no time|were being chased)",
    "[stride|hurry] (off|out|along|across the room|down the hall)",
    "[step] on it, walking {way}",
    "[walk] with big, fast steps {way}",
)
_RUN_OFF = (
    "[run] (off|away|out|on|home|along|past|by|in|over there|for it) {speed}",
    "[run] (out of|into) (the room|the house|the frame|the scene) {speed}",
    "[take off|make off|set off] (running|at a run) {speed}",
    "[come] running (in|along|up|over|) {speed}",
    "[leave|flee|escape] (at a run|running) {speed}",
    "[run] (from|away from) (danger|a monster|a bear|the police|someone) {speed}",
    "[run] after (a bus|a ball|a dog|a thief) {speed}",
)
_RUN_QUICKLY = (
    "[race|dash|dart|tear|rush|bolt|sprint] (off|away|out|down the road|along|past|home|for cover)",
    "[run] (like hell|like crazy|like a madman|for {their} life|as if chased|hell for leather)",
    "[run] (as if the devil were after {them}|like a sprinter|like the wind|full tilt)",
    "[go] (full throttle|all out|flat out) at a run",
    "[race|zoom|speed|charge] (across|through) the (room|field|street|yard)",
    "[run] at breakneck speed",
    "[make] a run for it as fast as {they} can",
)
_ARC = {
    side: (
        f"[walk|go] on and [veer|curve|drift|bend|bear] (off |)to the {side} {{speed}}",
        f"[follow] a (curve|bend|curved path|winding path) to the {side} on foot {{speed}}",
        f"[describe|draw|make] (an arc|a curve|a bend|a wide arc) to the {side} on foot {{speed}}",
        f"[walk] (a|a wide|a gentle|a tight) (curve|arc|bend) to the {side} {{speed}}",
        f"[walk], bending {side} {{speed}}",
        f"[walk] {{angle}} of a circle to the {side} {{speed}}",
    )
    for side in _SIDES
}
_RUN_ARC = {
    side: tuple(
        text.replace("walk|go", "run").replace("on foot", "at a run").replace("walk", "run")
        for text in _ARC[side]
    )
    for side in _SIDES
}
_RINGS = dict.fromkeys(
    _SIDES,
    (
        "[walk] (once around|round) in a (circle|ring) {speed}",
        "[circle] (someone|something|the table|the room) on foot {speed}",
        "[go] round in a circle {speed}",
        "[do] a (lap|circuit) on foot {speed}",
        "[walk] all the way round {speed}",
    ),
)

GAIT_SPEECH = {
    "walk": Wording(
        (),
        special={
            "forward": _OFF,
            "backward": (
                "[back] (away|off|up|out) {speed}",
                "[go|move|walk] (in reverse|in the reverse direction|tail first) {speed}",
                "[walk] backwards (out of the room|away from us|without looking) {speed}",
                "[retreat|recede] (a bit|on foot|step by step) {speed}",
                "[back] away from (danger|the edge|the bear|a fight) {speed}",
            ),
        },
        slow=_SLOWLY,
        fast=_QUICKLY,
        nouns=("a {pace} stroll {way}", "{pace} walking {way}", "a {pace} stride {way}"),
    ),
    "run": Wording(
        (), special={"forward": _RUN_OFF}, fast=_RUN_QUICKLY,
        nouns=("{pace} running {way}", "a {pace} sprint {way}"),
    ),
    "walk_curve": Wording((), special=_ARC, nouns=("a {pace} arc on foot {way}",)),
    "run_curve": Wording((), special=_RUN_ARC, nouns=("a {pace} arc at a run {way}",)),
    "walk_circle": Wording((), special=_RINGS, nouns=("a {pace} walk in a circle",)),
    "walk_turn": Wording(
        (),
        special={
            90: ("[walk] (straight on|straight ahead|on), then [hang|take] a {side} {speed}",
                 "[walk], [turn] {side} and [keep] going {speed}",
                 "[walk] and [take] the next {side} {speed}"),
            180: ("[double] back on foot, turning {side} {speed}",
                  "[walk], [turn] on the heel over the {side} side and [go] back {speed}",
                  "[turn] back the way {they} came while walking {speed}",
                  "[forget] something and [walk] back, turning {side} {speed}"),
        },
    ),
    "limp": Wording(
        (
            "[hobble|limp|stagger|shuffle] along on a (bad|sore|stiff|lame|gammy|injured) {side} leg",
            "[nurse] a (sore|bad|hurt) {side} (leg|knee|ankle) while walking {speed}",
            "[walk] {way} as if {their} {side} (leg|foot|ankle) (hurt|were asleep|were broken)",
            "[limp] (off|away|along|home|across the room) {speed}",
            "[go] lame on {leg} {speed}",
        ),
        nouns=("{pace} limping on {leg}",),
    ),
    "side_step": Wording(
        (
            "[shift|step|go|move|take a step] over to {their} {side} {times} {speed}",
            "[step] (off |out |)to the {side} {times} {speed}",
            "[scoot|slide|scuttle|shuffle|edge] (sideways |over |)to the {side} {times} {speed}",
            "[take] {number:pace} to the {side} {speed}",
            "[take] {number:step} (sideways to the|over to the|towards the) {side} {speed}",
            "[move] crabwise to the {side} {times} {speed}",
        ),
        nouns=("{number:{pace} sidestep} {side}", "{number:step} {side}"),
    ),
    "turn": Wording(
        2
        * (
            "[turn|rotate|spin|swivel|pivot] {degrees} {way} {speed}",
            "[rotate|turn|pivot] {their} body {way} by {degrees} {speed}",
            "[turn] through {degrees} {way} {speed}",
        ),
        special={
            45: ("[make] (an eighth of a turn|a small turn|a half-turn of 45) {way} {speed}",
                 "[turn] (just |only |)(a touch|a little bit|slightly|a fraction) {way} {speed}"),
            90: ("[face] {side} {speed}", "[turn] and [face] {side} {speed}",
                 "[make|do] a (quarter turn|quarter rotation|90) {way} {speed}",
                 "[turn] (off |away |)to the {side} {speed}", "[spin|swivel|pivot] {way} {speed}"),
            180: ("[turn] (away|back|round|round|about) {speed}",
                  "[turn|spin|swing|wheel] (round|around|about) (and [face] the other way|) {speed}",
                  "[turn] (around|round) (over|via) {their} {side} shoulder {speed}",
                  "[do] an about-face {way} {speed}", "[make] (a 180|a half turn) {way} {speed}",
                  "[turn] on {their} (heel|heels) {way} {speed}",
                  "[turn] (back |round |)the way {they} came {speed}",
                  "[face] about {speed}", "[reverse] direction on the spot {speed}"),
            270: ("[turn|rotate|spin] three quarters {way} {speed}",
                  "[do|make] (a 270|three quarters of a turn) {way} {speed}"),
            360: ("[spin|turn|twirl|whirl] (round|full circle|once around|once round) {way} {speed}",
                  "[do|make] a (full circle|complete circle|pirouette|twirl|360) (on the spot|) {way} {speed}",
                  "[pirouette|twirl] {way} {speed}", "[spin] all the way (around|round) {way} {speed}",
                  "[go] round once on the spot {way} {speed}"),
        },
        slow=("[turn|rotate|pivot|swivel] {way} by {angle} (inch by inch|bit by bit|little by little)",
              "[take] {their} time turning {angle} {way}"),
        fast=("[whip|whirl|snap|jerk|wheel] {way} by {angle}", "[whip|snap] (round|around) {way}, {angle}",
              "[spin] {angle} {way} in a (flash|snap|split second)"),
        nouns=("a {pace} rotation of {degrees} {way}", "a {pace} spin {way} by {angle}",
               "{angle} {way}"),
    ),
    "step": Wording(
        (
            "[step] {way} {times} {speed}",
            "[take] just {number:step} {way} {speed}",
            "[take] {number:small step} {way} {speed}",
            "[go|move] {number:pace} {way} {speed}",
        ),
    ),
    "march": Wording(
        (
            "[march|walk|jog gently|step] (on|in) one spot {speed}",
            "[run through] a march on the spot {speed}",
            "[go] through the motions of walking on the spot {speed}",
            "[stay] in place and [march] {speed}",
        ),
        special={"large": ("[do] high knees {speed}", "[run through] high knees in place {speed}",
                           "[bring] {their} knees up high in turn on the spot {speed}")},
        nouns=("marching in place", "walking on the spot"),
        bodily=("{their} knees [come] up in turn on the spot",),
    ),
    "tiptoe": Wording(
        (
            "on the balls of {their} feet; [walk|go|move] {way} {speed}",
            "on the balls of {their} feet; [cross] the (room|floor|stage|hall) {speed}",
            "on tiptoe; [walk|go|move|cross the room] {speed}",
            "on {their} toes; [walk|go|move] {way} {speed}",
            "[tiptoe] (along|off|away|out|in|past|across the room|past the door|home) {speed}",
            "[go|get] up on {their} toes and [walk] {way} {speed}",
        ),
        nouns=("{pace} tiptoeing {way}", "a {pace} walk on the toes"),
    ),
    "sneak": Wording(
        (
            "[sneak|creep|slink] (off|away|in|out|past|up|about|along|around|up on someone) {speed}",
            "[sneak|creep] (through|across) the (room|house|garden|night) {speed}",
            "[creep] {way} (like a cat|like a shadow|without being heard) {speed}",
            "like a (thief|burglar|spy|ninja); [creep|sneak] {way} {speed}",
        ),
        nouns=("{pace} sneaking {way}", "{pace} creeping {way}"),
    ),
    "march_forward": Wording(
        (
            "[march] (off|away|out|along|past|on|in|by|home) {speed}",
            "[goose-step|parade] (ahead|past|along|across the square|{way}) {speed}",
            "[march] (into battle|off to war|past the general|to the drum) {speed}",
            "[walk] {way} in lockstep {speed}",
        ),
        nouns=("{pace} marching {way}",),
    ),
    "jog": Wording(
        (
            "[jog] (off|away|along|home|on|past|over|in|out) {speed}",
            "[set off|leave] at a jog {speed}",
            "[come] jogging (along|in|up|) {speed}",
        ),
        nouns=("{pace} jogging {way}",),
    ),
    "skip": Wording(
        (
            "[skip] (off|away|along|home|past|about|around|down the road) {speed}",
            "[go|come] skipping (along|by|past|{way}) {speed}",
            "[skip] {way} like a (schoolgirl|kid|lamb) {speed}",
        ),
        nouns=("{pace} skipping {way}",),
    ),
    "climb": Wording(
        (),
        special={
            "up": ("[go|walk|head|come] (up the steps|up a staircase|upstairs) {speed}",
                   "[climb|mount|ascend|scale] (a flight of stairs|a staircase|some steps) {speed}",
                   "[make] {their} way up the stairs {speed}", "[climb] up {speed}"),
            "down": ("[go|walk|head|come] (back |)(down the steps|down a staircase|downstairs) {speed}",
                     "[descend] (the stairs|a flight of stairs|a staircase|the steps) {speed}",
                     "[make] {their} way down the stairs {speed}", "[climb] down {speed}"),
        },
    ),
    "run_eight": Wording(("[run] (figure eights|figures of eight) {way}",)),
    "walk_eight": Wording(("[walk|do] (figure eights|figures of eight) on foot {way}",)),
}  # fmt: skip

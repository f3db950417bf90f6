"""Further words for manners of walking and running."""

from training.grammar.wording import Wording

MANNER_IDIOMS = {
    "tiptoe": Wording(
        (
            "[tiptoe] {way} (so as not to wake anyone|past a sleeping baby|quietly) {speed}",
            "[go|move|get] {way} on tiptoe {speed}",
            "[walk] {way} on {their} toes like a (ballerina|dancer|ballet dancer) {speed}",
            "[walk] {way} with {their} heels (raised|off the ground|in the air) {speed}",
            "[walk] {way} without {their} heels touching the floor {speed}",
            "[take] dainty steps {way} on {their} toes {speed}",
            "[walk] on tiptoes {way} {speed}",
            "[go] (tiptoeing|on tiptoes) {way} {speed}",
            "[do|perform|play] a tiptoe walk (cycle|) {speed}",
            "[pass] by on tiptoe {speed}",
        ),
        nouns=("a {pace} tiptoe walk {way}", "a {pace} walk on tiptoe", "a tiptoe cycle"),
    ),
    "sneak": Wording(
        (
            "[sneak] {way} (past the guard|into the house|out of the room|up on someone) {speed}",
            "[creep|sneak|prowl] {way} like a (burglar|spy|ninja|cat|thief) {speed}",
            "[walk] {way} (sneakily|furtively|secretly|on the sly) {speed}",
            ("[move|go] {way} (stealthily|in stealth|unseen|unnoticed|without being noticed) "
            "{speed}"),
            "[sneak|creep] {way} crouched (low|down), looking about {speed}",
            "[do|perform|play] a (sneak|stealth|sneaking) walk (cycle|) {speed}",
            "[slink|skulk|steal] {way} {speed}",
            "[walk] {way} bent low with soft steps {speed}",
            "[go] {way} in stealth mode {speed}",
            "[avoid] being seen while creeping {way} {speed}",
            "[stalk] (prey|someone|a deer) {speed}",
        ),
        nouns=("a {pace} sneak {way}", "a sneaky walk {way}", "a stealth walk cycle",
               "a {pace} sneak cycle"),
    ),
    "march_forward": Wording(
        (
            ("[march] {way} (in a parade|on parade|like a guard|in military style|with pride) "
            "{speed}"),
            "[march] {way} like (a soldier|a tin soldier|a toy soldier|the army) {speed}",
            "[stride|walk] {way} in (military|soldierly|marching) step {speed}",
            "[walk] {way} with (high knees|stiff arms and high knees|raised knees) {speed}",
            "[do|perform|play] a (march|marching) cycle {speed}",
            "[march] along {speed}",
            "[join] the parade, marching {way} {speed}",
            "[march] (across|through) the (square|room|yard|street) {speed}",
            "[parade] {way} like a guardsman {speed}",
            "[pump] {their} arms and knees, marching {way} {speed}",
        ),
        nouns=("a {pace} march {way}", "a {pace} military march {way}", "a march cycle"),
    ),
    "jog": Wording(
        (
            "[jog] {way} (in the park|for fitness|to keep fit|for exercise|to warm up) {speed}",
            "[go] jogging {way} {speed}",
            "[do|perform|play] a (basic |)jog cycle {speed}",
            "[take|have] a (light |)jog {way} {speed}",
            "[be] out (jogging|for a jog) {way}",
            "[trot] along {way} {speed}",
            "[jog] (along|down) the (street|road|beach|path) {speed}",
            "[jog] {way} (lightly|at a steady pace|at a relaxed pace|like a jogger) {speed}",
            "[move|go|set off|head off] {way} at a (jog|trot) {speed}",
            "[jog] (towards us|over here|this way|across the field) {speed}",
        ),
        nouns=("a {pace} jog {way}", "a {pace} jog cycle", "a light jog {way}"),
    ),
    "skip": Wording(
        (
            ("[skip] {way} (down the street|through the meadow|like a little girl|in the park) "
            "{speed}"),
            "[go] skipping {way} {speed}",
            "[do|perform|play] a skip cycle {speed}",
            "[prance] {way} {speed}",
            "[frolic|caper] {way} {speed}",
            "[hop] from foot to foot {way} {speed}",
            "[skip] {way} with a bounce in every step {speed}",
            "[bounce] along with skipping steps {way} {speed}",
            "[move|travel] {way} by skipping {speed}",
            "[step-hop|skip] {way} on alternating feet {speed}",
        ),
        nouns=("a {pace} skip {way}", "{pace} skipping {way}", "a skip cycle"),
    ),
    "climb": Wording(
        (),
        special={
            "up": (
                ("[walk|go|climb|come] up (the steps|a flight of stairs|some steps|a stairway) "
                "{speed}"),
                "[ascend|mount] (the|some|a flight of) stairs {speed}",
                "[take] the stairs up {speed}",
                ("[climb] (to the next floor|to the attic|to the top of the stairs|the staircase) "
                "{speed}"),
                "[go] up to (bed|the next floor|the first floor) {speed}",
                "[do|perform|play] a stair climbing cycle {speed}",
                "[climb] one stair after another {speed}",
                "[climb] the steps of a (tower|temple|house) {speed}",
                "[head|walk] upstairs {speed}",
            ),
            "down": (
                ("[walk|go|come|climb] down (the steps|a flight of stairs|some steps|a stairway) "
                "{speed}"),
                "[descend] (the|some|a flight of) (stairs|steps) {speed}",
                "[take] the stairs down {speed}",
                "[go] down to (the cellar|the basement|the ground floor) {speed}",
                "[descend] the staircase {speed}",
                "[head|walk] downstairs {speed}",
                "[come] down one stair after another {speed}",
                "[leave] the house down the steps {speed}",
            ),
        },
    ),
    "walk_eight": Wording(
        (
            "[walk] in a (figure 8|figure-eight|figure of 8|number eight) {way}",
            "[walk] the shape of an (eight|8) {way}",
            "[trace|draw|describe|follow] a figure eight on foot {way}",
            "[do|perform] a figure-eight walk {way}",
            "[walk] around two (trees|cones|chairs|tables) in a figure eight {way}",
            "[walk] an infinity (sign|symbol|loop) {way}",
        ),
        nouns=("a figure eight on foot {way}", "a figure-eight walk {way}",
               "a walk in a figure eight {way}"),
    ),
    "run_eight": Wording(
        (
            "[run] in a (figure 8|figure-eight|figure of 8|number eight) {way}",
            "[run] the shape of an (eight|8) {way}",
            "[do|perform] a figure-eight run {way}",
            "[run] around two (trees|cones|chairs) in a figure eight {way}",
            "[run] an infinity (sign|symbol|loop) {way}",
        ),
        nouns=("a figure-eight run {way}", "a run in a figure eight {way}"),
    ),
}  # fmt: skip

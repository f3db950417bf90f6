"""Forms of the grammar's verbs: "waves", "waving", "waved"."""

_IRREGULAR = {"have": ("has", "having"), "go": ("goes", "going"), "do": ("does", "doing"),
              "be": ("is", "being")}  # fmt: skip
_DOUBLED = {
    "step", "jog", "hop", "squat", "sit", "clap", "nod", "shrug", "run", "wag", "get", "put", "tip",
    "dip", "hit", "pat", "rap", "tap", "set", "spin", "drop", "stop", "cut", "flap",
    "begin", "let", "swim", "skip", "chop", "grip", "rub", "flip", "bat", "whip",
    "sip", "slip", "tug", "up", "chug", "fan", "hug", "lug", "swig", "shut", "scan", "jut", "lob",
    "slug", "strut", "trot", "slap", "scrub", "slam", "strum", "sidestep", "ram", "plop", "pin",
    "dab", "bob", "sob", "drag", "nab", "plod", "jab", "grab", "stab", "pad", "drum", "wrap",
    "chat", "bid", "flag", "chin", "prop", "flop", "crab", "plug", "snap", "program", "jam", "plan",
    "stir",
    "shed", "beg",
}  # fmt: skip
_PAST = {
    "be": "was", "do": "did", "go": "went", "have": "had", "say": "said",
    "draw": "drew", "grow": "grew", "blow": "blew", "fly": "flew", "throw": "threw",
    "begin": "began", "swim": "swam", "sink": "sank", "sit": "sat", "spring": "sprang",
    "drink": "drank", "ring": "rang", "run": "ran", "come": "came", "give": "gave", "lie": "lay",
    "bear": "bore", "swear": "swore", "tear": "tore", "break": "broke", "speak": "spoke",
    "steal": "stole", "freeze": "froze", "weave": "wove", "wake": "woke", "take": "took",
    "shake": "shook", "drive": "drove", "ride": "rode", "rise": "rose", "stride": "strode",
    "strike": "struck", "write": "wrote", "shrink": "shrank", "see": "saw", "get": "got",
    "stand": "stood", "find": "found", "wind": "wound", "hold": "held", "hang": "hung",
    "fling": "flung", "sling": "slung", "slink": "slunk", "stick": "stuck", "spin": "spun",
    "swing": "swung", "wring": "wrung", "dig": "dug", "fall": "fell", "fight": "fought",
    "catch": "caught", "think": "thought", "bring": "brought", "make": "made", "hear": "heard",
    "leave": "left", "feel": "felt", "keep": "kept", "kneel": "knelt", "leap": "leapt",
    "sleep": "slept", "sweep": "swept", "weep": "wept", "arise": "arose", "speed": "sped", "creep": "crept", "meet": "met",
    "bend": "bent", "send": "sent", "lay": "laid", "pay": "paid", "tell": "told",
    "slide": "slid", "shoot": "shot", "read": "read", "flee": "fled",
    **dict.fromkeys(("beat", "bid", "bust", "burst", "cast", "cut", "hit", "let", "put", "set",
                     "shed", "shut", "spread", "thrust"), ""),
}  # fmt: skip

_PERFECT = {
    "be": "been", "do": "done", "go": "gone", "draw": "drawn", "grow": "grown", "blow": "blown",
    "fly": "flown", "throw": "thrown", "begin": "begun", "swim": "swum", "sink": "sunk",
    "spring": "sprung", "drink": "drunk", "ring": "rung", "run": "run", "come": "come",
    "give": "given", "lie": "lain", "bear": "borne", "swear": "sworn", "tear": "torn",
    "break": "broken", "speak": "spoken", "steal": "stolen", "freeze": "frozen",
    "weave": "woven", "wake": "woken", "take": "taken", "shake": "shaken", "drive": "driven",
    "ride": "ridden", "rise": "risen", "arise": "arisen", "write": "written",
    "shrink": "shrunk", "see": "seen", "fall": "fallen", "stride": "strode",
}  # fmt: skip


def third_person(verb: str) -> str:
    """ "wave" to "waves", "go" to "goes", "carry" to "carries"; "-" joins as in "side-step"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb][0]
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def participle(verb: str) -> str:
    """ "wave" to "waving", "step" to "stepping"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb][1]
    if verb.split("-")[-1] in _DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return verb + "ing"


def perfect(verb: str) -> str:
    """ "wave" to "waved", "go" to "gone", "put" stays: what follows "having"."""
    return _PERFECT.get(verb) or past(verb)


def past(verb: str) -> str:
    """ "wave" to "waved", "go" to "went", "put" stays."""
    if verb in _PAST:
        return _PAST[verb] or verb
    if verb.split("-")[-1] in _DOUBLED:
        return verb + verb[-1] + "ed"
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"

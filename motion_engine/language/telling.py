"""Actions told as one plain English sentence: the way back of :mod:`understanding`."""

import re
from collections.abc import Sequence
from itertools import groupby

from ..generation.action_plan import PlannedAction
from ..generation.seen_actions import go_together

SUBJECT = "A person"
_THEN = ", then "

# Third person, participle, what follows at once, and the limb, left out where no side is known. The
# words in braces depend on the labels. Where no limb is named, a side is the way that is gone, or the
# limb that begins.
_WORDING = {
    "balance": ("balances", "balancing", "", "on {leg}"),
    "beckon": ("beckons", "beckoning", "", "with {hand}"),
    "block": ("blocks an attack", "blocking an attack", "", "with {arm}"),
    "blow_kiss": ("blows a kiss", "blowing a kiss", "", "with {hand}"),
    "bow": ("bows", "bowing"),
    "carry": ("carries a box", "carrying a box", "", "with {hand}"),
    "catch": ("catches a ball", "catching a ball", "", "with {hand}"),
    "check_watch": ("looks at the watch", "looking at the watch", "", "on {wrist}"),
    "cheer": ("cheers", "cheering", "", "with {arm}"),
    "circle_arm": ("circles", "circling", "{arm}"),
    "clap": ("claps", "clapping"),
    "clasp": ("clasps the hands", "clasping the hands"),
    "climb": ("climbs", "climbing", "{target} the stairs"),
    "count_fingers": ("counts on the fingers", "counting on the fingers", "", "of {hand}"),
    "cover": ("covers", "covering", "the {target}", "with {hand}"),
    "crawl_stroke": ("makes swimming strokes", "making swimming strokes", "with both arms"),
    "cross_arms": ("crosses the arms", "crossing the arms"),
    "crouch": ("crouches", "crouching"),
    "cry": ("cries", "crying"),
    "dance": ("dances", "dancing"),
    "dodge": ("dodges", "dodging"),
    "drink": ("drinks", "drinking", "", "with {hand}"),
    "flap": ("flaps", "flapping", "{arm}"),
    "guitar": ("plays the guitar", "playing the guitar"),
    "halt": ("signals to stop", "signaling to stop", "", "with {hand}"),
    "hands_on_hips": ("puts", "putting", "{hand} on the hips"),
    "hop": ("hops", "hopping", "", "on {leg}"),
    "hug": ("hugs someone", "hugging someone"),
    "jog": ("jogs", "jogging"),
    "jump": ("jumps", "jumping"),
    "jumping_jack": ("does jumping jacks", "doing jumping jacks"),
    "kick": ("kicks", "kicking", "", "with {foot}"),
    "knee_lift": ("lifts", "lifting", "{knee}"),
    "kneel": ("kneels", "kneeling", "", "on {knee}"),
    "knock": ("knocks", "knocking", "", "with {hand}"),
    "laugh": ("laughs", "laughing"),
    "lean": ("leans", "leaning"),
    "limp": ("limps", "limping", "", "on {leg}"),
    "look": ("looks", "looking"),
    "lunge": ("lunges", "lunging", "", "with {leg}"),
    "march": ("marches on the spot", "marching on the spot"),
    "march_forward": ("marches", "marching"),
    "nod": ("nods", "nodding"),
    "open_door": ("opens a door", "opening a door", "", "with {hand}"),
    "phone": ("talks on the phone", "talking on the phone", "", "with {hand}"),
    "piano": ("plays the piano", "playing the piano"),
    "pick_up": ("picks something up", "picking something up", "", "with {hand}"),
    "point": ("points", "pointing", "", "with {hand}"),
    "pull": ("pulls", "pulling", "", "with {hand}"),
    "punch": ("punches", "punching", "", "with {fist}"),
    "push": ("pushes", "pushing", "", "with {hand}"),
    "raise": ("raises", "raising", "{arm}"),
    "rub_hands": ("rubs the hands", "rubbing the hands"),
    "run": ("runs", "running"),
    "run_curve": ("runs in a curve", "running in a curve"),
    "run_eight": ("runs in a figure of eight", "running in a figure of eight"),
    "salute": ("salutes", "saluting", "", "with {hand}"),
    "shake_head": ("shakes the head", "shaking the head"),
    "show_hand": ("shows", "showing", "{target} with {hand}"),
    "shrug": ("shrugs", "shrugging"),
    "side_step": ("sidesteps", "sidestepping"),
    "sit": ("sits", "sitting"),
    "sit_down": ("sits down", "sitting down"),
    "skip": ("skips", "skipping"),
    "sneak": ("sneaks", "sneaking"),
    "squat": ("squats", "squatting"),
    "stand": ("stands", "standing"),
    "stand_up": ("stands up", "standing up"),
    "steer": ("steers a car", "steering a car"),
    "step": ("steps", "stepping", "", "with {foot} first"),
    "stomp": ("stomps", "stomping", "", "with {foot}"),
    "stretch": ("stretches", "stretching"),
    "swing": ("swings a bat", "swinging a bat"),
    "think": ("puts", "putting", "{hand} on the chin in thought"),
    "throw": ("throws something", "throwing something", "", "with {hand}"),
    "thumb_up": ("gives a thumbs-up", "giving a thumbs-up", "", "with {hand}"),
    "tilt_head": ("tilts the head", "tilting the head"),
    "tiptoe": ("tiptoes", "tiptoeing"),
    "touch": ("touches", "touching", "the {target} with {hand}"),
    "touch_toes": ("touches the toes", "touching the toes"),
    "turn": ("turns", "turning"),
    "twist": ("twists the torso", "twisting the torso"),
    "type": ("types", "typing", "on a keyboard"),
    "walk": ("walks", "walking"),
    "walk_circle": ("walks in a circle", "walking in a circle"),
    "walk_curve": ("walks in a curve", "walking in a curve"),
    "walk_eight": ("walks in a figure of eight", "walking in a figure of eight"),
    "walk_turn": ("walks and turns", "walking and turning"),
    "wave": ("waves", "waving", "", "with {hand}"),
    "wipe": ("wipes something", "wiping something", "", "with {hand}"),
}

# What labels say, whichever the verb, in the order in which they are said; empty: not worth a word.
_SAID = {
    "angle": {
        "45": "by 45 degrees", "90": "by 90 degrees", "135": "by 135 degrees",
        "180": "by 180 degrees", "270": "by 270 degrees", "360": "by 360 degrees",
    },
    "direction": {
        "forward": "forward", "backward": "backward", "left": "to the left", "across": "",
        "right": "to the right", "up": "up", "down": "down", "around": "around",
        "side": "to the side", "sideways": "sideways", "alternating": "from side to side",
    },
    "height": {"high": "high", "middle": "", "low": "low", "overhead": "overhead"},
    "amplitude": {"large": "deeply", "normal": "", "small": "slightly"},
    "count": {"1": "", "2": "twice", "3": "three times", "4": "four times", "5": "five times",
              "6": "six times", "7": "seven times", "8": "eight times", "9": "nine times",
              "10": "ten times"},
    "limb": {},
    "speed": {"slow": "slowly", "normal": "", "fast": "quickly"},
}  # fmt: skip
# Where a verb says it otherwise.
_SAID_OTHERWISE = {
    "turn angle 180": "around",
    "walk_turn angle 180": "around",
    **{f"{verb} angle {degrees}": f"of {degrees} degrees"
       for verb in ("walk_curve", "run_curve") for degrees in (45, 90, 135)},
    "walk_curve angle 180": "of half a turn", "run_curve angle 180": "of half a turn",
    "walk_circle angle 360": "",
    "hop direction up": "", "jump direction up": "up", "knee_lift direction up": "",
    "squat direction down": "", "crouch direction down": "", "stretch direction up": "",
    "climb direction forward": "",
    "jump amplitude large": "powerfully", "jump amplitude small": "a little",
    "march amplitude large": "with big movements", "march amplitude small": "",
    "punch direction across": "across the body",
    "clap height low": "low",
    "show_hand target fist": "a fist", "show_hand target claw": "a claw",
    "show_hand target grip": "a grip", "show_hand target ok": "the okay sign",
    "show_hand target open": "an open palm", "show_hand target relaxed": "a relaxed hand",
    "show_hand target one": "one finger", "show_hand target two": "two fingers",
    "show_hand target three": "three fingers", "show_hand target four": "four fingers",
}  # fmt: skip
_TARGET_UNKNOWN = {"cover": "eyes", "touch": "body", "show_hand": "a sign"}
_SIDES = {"left": "the left {}", "right": "the right {}", "both": "both {}s",
          "alternating": "alternating {}s"}  # fmt: skip
_LIMB = re.compile(r"\{(hand|arm|leg|foot|knee|fist|wrist)\}")


def sentence_of(actions: Sequence[PlannedAction]) -> str:
    """The sentence that tells what is done in the order in which it starts; "" for nothing.

    Standing is told only where nothing else is done; what there are no words for is left out, as
    a model with other labels may see it.
    """
    known = [action for action in actions if action.verb in _WORDING]
    done = [action for action in known if action.verb != "stand"] or known
    return joined([f"{SUBJECT} {_clause(beat)}" for beat in _beats(done)])


def joined(sentences: Sequence[str]) -> str:
    """Sentences of what follows one another as one; what is told twice in a row is told once."""
    subject = f"{SUBJECT} " if sentences and sentences[0].startswith(SUBJECT) else ""
    clauses = [c for text in sentences for c in text.removeprefix(f"{SUBJECT} ").split(_THEN)]
    told = _THEN.join(clause for clause, _ in groupby(clauses))
    return f"{subject}{told}" if told else ""


def _beats(actions: Sequence[PlannedAction]) -> list[list[PlannedAction]]:
    """Actions that go together with one before them stand beside it."""
    beats: list[list[PlannedAction]] = []
    for action in sorted(actions, key=lambda action: action.start):
        if beats and any(go_together(action, other) for other in beats[-1]):
            beats[-1].append(action)
        else:
            beats.append([action])
    return beats


def _clause(beat: Sequence[PlannedAction]) -> str:
    """What takes longest, "while" all else is done."""
    main = max(beat, key=lambda action: action.stop - action.start)
    beside = [action for action in beat if action is not main]
    text, before = _phrase(main, 0), None
    for phrase, (action, *_) in groupby(beside, lambda action: _phrase(action, 1)):
        link = "while"
        if before is not None:
            link = "and" if go_together(action, before) else "and then"
        text, before = f"{text} {link} {phrase}", action
    return text


def _phrase(action: PlannedAction, form: int) -> str:
    """An action in the third person, ``form`` 0, or as a participle, 1."""
    wording = (*_WORDING[action.verb], "", "")
    told = dict(label.split(" ", 2)[1:] for label in action.labels[1:])
    side, target = told.get("side", ""), told.get("target", "")
    target = _SAID_OTHERWISE.get(f"{action.verb} target {target}", target)
    words = [
        wording[form],
        wording[2].replace("{target}", target or _TARGET_UNKNOWN.get(action.verb, "")),
    ]
    for attribute, said in _SAID.items():
        if attribute == "limb":
            words.append(wording[3] if side else "")
        elif attribute in told:
            value = told[attribute]
            usual = said.get(value, "")
            words.append(_SAID_OTHERWISE.get(f"{action.verb} {attribute} {value}", usual))
    text = _LIMB.sub(lambda found: _limb(found[1], side), " ".join(words))
    return " ".join(text.split())


def _limb(noun: str, side: str) -> str:
    article = "an" if noun.startswith("a") else "a"
    return _SIDES[side].format(noun) if side else f"{article} {noun}"

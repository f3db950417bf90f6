"""How actions are put into words: a small pattern language, inflection, and common slots.

A pattern is a verb phrase such as ``"[wave|greet] (back |){speed} with {hand} {times}"``:

- ``[wave|greet]``: one of these verbs, inflected to fit the sentence;
- ``(a|b|)``: one of these texts, perhaps none;
- ``{hand}``, ``{arm}``, ``{leg}``... name a limb with its side; ``{side}`` is the bare word;
- ``{times}``, ``{speed}``, ``{angle}``, ``{way}`` are adverbials that may be empty;
- ``{number:step}`` counts things: "a step", "three steps"; ``{count}`` is the bare number;
- ``{their}`` and ``{them}`` agree with the subject;
- ``"with {hand}; [wave]"``: what stands before the semicolon goes before the subject.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from training.grammar.timeline import ActionDescription


@dataclass(frozen=True)
class Wording:
    """The patterns of one verb of the grammar.

    ``key`` names the field of the description on which ``way`` (texts for ``{way}``) and
    ``special`` (further patterns, true for that value alone) depend; an angle stands for its
    nearest known one in ``special``, and for its direction in ``way``. ``heights`` and ``sizes``
    are texts for ``{height}`` and ``{amplitude}``. ``slow`` and ``fast`` are
    patterns that tell the speed by themselves. ``free_count`` says from which count on the plain
    verb implies the repetition, so that the number may be left out. ``alongside`` tells it without a
    verb, beside something else: "with {arm} raised".
    """

    patterns: tuple[str, ...]
    key: str = "direction"
    way: Mapping[str | None, tuple[str, ...]] = field(default_factory=dict)
    special: Mapping[str | None, tuple[str, ...]] = field(default_factory=dict)
    heights: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sizes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    slow: tuple[str, ...] = ()
    fast: tuple[str, ...] = ()
    free_count: int | None = None
    alongside: tuple[str, ...] = ()


SPEEDS = {
    "slow": (
        "slowly", "slowly", "slowly", "at a slow pace", "very slowly", "lazily", "in slow motion",
        "without hurry", "gently", "calmly", "taking {their} time", "quite slowly", "at low speed",
        "sluggishly", "in a leisurely way", "carefully", "with slow movements", "at an easy pace",
    ),
    "fast": (
        "quickly", "quickly", "fast", "fast", "rapidly", "swiftly", "speedily", "at high speed",
        "in a hurry", "very quickly", "with speed", "at a fast pace", "quite fast",
        "hurriedly", "briskly", "hastily", "at a quick pace", "with quick movements",
    ),
    "normal": ("at a normal pace", "at a normal speed", "at a moderate pace", "at an even pace"),
}  # fmt: skip

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip

_ANGLES = {
    45: ("45 degrees", "forty-five degrees", "an eighth of a turn"),
    60: ("60 degrees", "sixty degrees"),
    90: ("90 degrees", "90 degrees", "ninety degrees", "a quarter turn", "a quarter of a turn"),
    120: ("120 degrees", "a hundred and twenty degrees", "a third of a turn"),
    135: ("135 degrees", "a hundred and thirty-five degrees"),
    180: (
        "180 degrees", "180 degrees", "a hundred and eighty degrees", "half a turn", "a half turn",
    ),
    270: ("270 degrees", "three quarters of a turn", "two hundred and seventy degrees"),
    360: ("360 degrees", "a full turn", "one full turn", "a whole turn", "a complete turn"),
}  # fmt: skip

_LIMBS = {"hand", "arm", "leg", "foot", "knee", "fist", "elbow", "thumb", "shoulder", "finger"}
_PLURALS = {"foot": "feet", "knee": "knees"}
_IRREGULAR = {"have": ("has", "having"), "go": ("goes", "going"), "do": ("does", "doing"),
              "be": ("is", "being")}  # fmt: skip
_DOUBLED = {
    "step", "jog", "hop", "squat", "sit", "clap", "nod", "shrug", "run", "wag", "get", "put", "tip",
    "dip", "hit", "pat", "rap", "tap", "set", "spin", "drop", "stop", "cut", "flap",
    "begin", "let", "swim", "skip", "chop", "grip", "rub", "flip", "bat", "whip",
    "sip", "slip", "tug", "up", "chug", "fan", "hug", "lug", "swig", "shut", "scan", "jut", "lob",
    "slug", "strut", "trot", "slap", "scrub", "slam", "strum", "sidestep", "ram", "plop", "pin", "dab", "bob", "sob", "drag", "nab",
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


def plural(noun: str) -> str:
    return noun + "es" if noun.endswith(("s", "sh", "ch", "x")) else noun + "s"


def number_word(count: int, rng: np.random.Generator) -> str:
    """Mostly the word, sometimes digits."""
    return str(count) if count >= len(NUMBERS) or rng.random() < 0.25 else NUMBERS[count]


def times(count: int | None, rng: np.random.Generator) -> str:
    if count is None:
        return ""
    if count == 1:
        return choose(("once", "once", "one time", "a single time", "just once"), rng)
    if count == 2 and rng.random() < 0.6:
        return choose(("twice", "twice", "two times"), rng)
    return f"{number_word(count, rng)} times"


def counted(count: int, noun: str, rng: np.random.Generator) -> str:
    """ "a step", "one step", "three steps"."""
    if count == 1:
        article = "an" if noun[0] in "aeiou" else "a"
        return f"{choose((article, article, 'one', 'a single'), rng)} {noun}"
    return f"{number_word(count, rng)} {plural(noun)}"


def known_angle(degrees: float) -> int | None:
    """The angle that has names of its own and lies within 3 degrees."""
    return next((known for known in _ANGLES if abs(degrees - known) <= 3.0), None)


def angle(degrees: float, rng: np.random.Generator) -> str:
    """The angle in degrees or parts of a turn; anything unusual to the nearest 5 degrees."""
    known = known_angle(degrees)
    if known is not None:
        return choose(_ANGLES[known], rng)
    return f"{5 * round(degrees / 5)} degrees"


def limb(noun: str, side: str | None, rng: np.random.Generator) -> str:
    """ "{their} left hand", "both hands", "alternate fists", "one arm"."""
    many = _PLURALS.get(noun, plural(noun))
    if side in ("left", "right"):
        return choose((f"{{their}} {side} {noun}",) * 3 + (f"the {side} {noun}",) * 2, rng)
    if side == "both":
        return choose(
            (f"both {many}", f"both {many}", f"both {{their}} {many}", f"{{their}} {many}"), rng
        )
    if side == "alternating":
        ways = (
            f"alternating {many}",
            f"{{their}} left and right {noun} in turn",
            f"the left and the right {noun} by turns",
            f"one {noun} after the other",
        )
        return choose(ways, rng)
    article = "an" if noun[0] in "aeiou" else "a"
    return choose(
        (f"one {noun}", f"{article} {noun}", f"one {noun}", f"one of {{their}} {many}"), rng
    )


def choose(texts, rng: np.random.Generator) -> str:
    return texts[int(rng.integers(len(texts)))]


def choose_pattern(patterns: list[str], rng: np.random.Generator) -> str:
    """Patterns that hold many verbs come more often, so that rare verbs are heard too."""
    weights = np.sqrt([1.0 + max(map(_verbs, re.findall(r"\[[^\]]*\]", p))) for p in patterns])
    return patterns[rng.choice(len(patterns), p=weights / weights.sum())]


def _verbs(group: str) -> int:
    return group.count("|")


def usable_patterns(wording: Wording, description: ActionDescription) -> list[str]:
    """All patterns whose demands the description meets."""
    value = getattr(description, wording.key)
    if wording.key == "angle_degrees":
        value = known_angle(value)
    patterns = list(wording.patterns) + 2 * list(wording.special.get(value, ()))
    if description.speed in ("slow", "fast"):
        own = wording.slow if description.speed == "slow" else wording.fast
        patterns += max(1, len(patterns) // max(1, 2 * len(own))) * list(own)
    return [pattern for pattern in patterns if _fits(pattern, description)]


def _fits(pattern: str, description: ActionDescription) -> bool:
    if "{side}" in pattern and description.side not in ("left", "right"):
        return False
    if re.search(r"\{number:|\{count\}", pattern) and description.count is None:
        return False
    if "{angle}" in pattern and description.angle_degrees is None:
        return False
    # A pattern with no room for a number may only be used where no number must be told.
    tells = any(slot in pattern for slot in ("{times}", "{number:", "{count}"))
    return tells or description.count in (None, 1)


def fill(
    pattern: str, wording: Wording, description: ActionDescription, rng: np.random.Generator
) -> str:
    """A pattern with its choices made and slots filled; verbs stay in brackets, pronouns open."""
    key = "direction" if wording.key == "angle_degrees" else wording.key
    adverbials = {
        "way": wording.way.get(getattr(description, key), ("",)),
        "height": wording.heights.get(description.height or "", ("",)),
        "amplitude": wording.sizes.get(description.amplitude or "", ("",)),
    }
    text = pattern
    for slot, texts in adverbials.items():
        text = text.replace(f"{{{slot}}}", choose(texts, rng))
    text = text.replace("{side}", description.side or "")
    text = re.sub(r"\(([^()]*)\)", lambda m: choose(m[1].split("|"), rng), text)
    text = re.sub(r"\[([^\]]*)\]", lambda m: f"[{choose(m[1].split('|'), rng)}]", text)
    text = re.sub(r"\{number:([^}]*)\}", lambda m: counted(description.count, m[1], rng), text)
    if "{count}" in text:
        text = text.replace("{count}", number_word(description.count, rng))
    text = text.replace("{times}", times(description.count, rng))
    speed = SPEEDS.get(description.speed or "", ("",))
    text = text.replace("{speed}", choose(speed, rng))
    if "{angle}" in text:
        text = text.replace("{angle}", angle(description.angle_degrees, rng))
    slots = re.findall(r"\{(\w+)\}", text)
    for noun in slots:
        if noun in _LIMBS:
            text = text.replace(f"{{{noun}}}", limb(noun, description.side, rng), 1)
    return " ".join(text.split())


def inflect(text: str, form: str) -> str:
    """Verbs in brackets as "finite" (third person), "base" or "participle"."""
    change = {"finite": third_person, "participle": participle, "base": str}[form]
    return re.sub(r"\[([^\]]*)\]", lambda m: _inflect_phrase(m[1], change), text)


def _inflect_phrase(phrase: str, change) -> str:
    verb, _, rest = phrase.partition(" ")
    return f"{change(verb)} {rest}".strip()


def tidy(text: str) -> str:
    """Single spaces and commas, none of them astray."""
    text = re.sub(r"\s+([,.;])", r"\1", " ".join(text.split()))
    return re.sub(r",+", ",", text).strip(" ,")

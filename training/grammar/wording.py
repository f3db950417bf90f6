"""How actions are put into words: a small pattern language, inflection, and common slots.

A pattern is a verb phrase such as ``"[wave|greet] (back |){speed} with {hand} {times}"``:

- ``[wave|greet]``: one of these verbs, inflected to fit the sentence;
- ``(a|b|)``: one of these texts, perhaps none;
- ``{hand}``, ``{arm}``, ``{leg}``... name a limb with its side; ``{side}`` is the bare word;
- ``{times}``, ``{speed}``, ``{angle}``, ``{way}`` are adverbials that may be empty;
- ``{degrees}`` is the angle as a number, ``{direction}`` the bare word, ``{pace}`` an adjective;
- ``{number:step}`` counts things: "a step", "three steps"; ``{count}`` is the bare number;
- ``{their}``, ``{them}``, ``{themselves}`` agree with the subject;
- ``"with {hand}; [wave]"``: what stands before the semicolon goes before the subject.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from training.grammar.timeline import ActionDescription
from training.grammar.wording_tenses import participle, past, perfect, third_person


@dataclass(frozen=True)
class Wording:
    """The patterns of one verb of the grammar.

    ``key`` names the field of the description on which ``way`` (texts for ``{way}``) and
    ``special`` (further patterns, true for that value alone) depend; an angle stands for its
    nearest known one in ``special``, and for its direction in ``way``. ``heights`` and ``sizes``
    are texts for ``{height}`` and ``{amplitude}``. ``slow`` and ``fast`` are
    patterns that tell the speed by themselves. ``free_count`` says from which count on the plain
    verb implies the repetition, so that the number may be left out; ``one_is_told`` where it always
    does, so that one alone has to be told as "one". Without a verb, ``alongside``
    tells it beside something else, "with {arm} raised", and ``nouns`` alone, "a left jab". ``bodily``
    are whole clauses of which the part is the subject, "{their} head [turn] {way}".
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
    one_is_told: bool = False
    alongside: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    bodily: tuple[str, ...] = ()


def joined(first: Wording, second: Wording) -> Wording:
    """Two that add to the same plain wording as one."""
    lists = ("patterns", "slow", "fast", "alongside", "nouns", "bodily")
    return replace(
        first,
        way=_joined_texts(first.way, second.way),
        special=_joined_texts(first.special, second.special),
        **{name: getattr(first, name) + getattr(second, name) for name in lists},
    )


def _joined_texts(first: Mapping, second: Mapping) -> Mapping:
    return {value: first.get(value, ()) + second.get(value, ()) for value in {**first, **second}}


def widened(plain: Wording, idioms: Wording) -> Wording:
    """The plain wording with further words. Plain patterns come up about as often as idioms."""
    special = {
        value: _outweighing(plain.special.get(value, ()), idioms.special.get(value, ()))
        for value in {**plain.special, **idioms.special}
    }
    return replace(
        plain,
        patterns=_outweighing(plain.patterns, idioms.patterns),
        way=_joined_texts(plain.way, idioms.way),
        special=special,
        slow=plain.slow + idioms.slow,
        fast=plain.fast + idioms.fast,
        alongside=plain.alongside + idioms.alongside,
        nouns=plain.nouns + idioms.nouns,
        bodily=plain.bodily + idioms.bodily,
    )


def _outweighing(plain: tuple[str, ...], idioms: tuple[str, ...]) -> tuple[str, ...]:
    return plain * max(1, round(len(idioms) / max(1, len(plain)))) + idioms


SPEEDS = {
    "slow": (
        "slowly", "slowly", "slowly", "at a slow pace", "very slowly", "lazily", "in slow motion",
        "without hurry", "gently", "calmly", "taking {their} time", "quite slowly", "at low speed",
        "sluggishly", "in a leisurely way", "carefully", "with slow movements", "at an easy pace",
        "in no rush", "in no hurry", "without rushing", "at a snail's pace", "at half speed",
        "at a leisurely pace", "at a relaxed pace", "ever so slowly", "in a slow manner",
        "as slowly as possible", "slow and steady", "really slowly", "with no haste",
        "at an unhurried pace", "unhurriedly", "little by little", "bit by bit", "gradually",
        "very gradually", "super slow", "slow and controlled", "slow and deliberate", "languidly",
        "with all the time in the world", "in slow-mo", "slowly and carefully", "inch by inch",
    ),
    "fast": (
        "quickly", "quickly", "fast", "fast", "rapidly", "swiftly", "speedily", "at high speed",
        "in a hurry", "very quickly", "with speed", "at a fast pace", "quite fast",
        "hurriedly", "briskly", "hastily", "at a quick pace", "with quick movements",
        "like lightning", "in a flash", "at top speed", "in no time", "at lightning speed",
        "in a rush", "really fast", "super fast", "as fast as possible", "at double speed",
        "with haste", "with great speed", "at full speed", "in a rapid way", "real quick",
        "in the blink of an eye", "at breakneck speed", "double quick", "like a flash",
        "in a split second", "at a brisk pace", "at a furious pace", "like crazy", "like mad",
        "frantically", "lightning fast", "quick as lightning", "at a brisk clip", "like a shot",
    ),
    "normal": (
        "at a normal pace", "at a normal speed", "at a moderate pace", "at an even pace",
        "at a regular pace", "at medium speed", "at a natural pace", "at an ordinary pace",
    ),
}  # fmt: skip

_BEFORE_VERB = {
    "slow": ("slowly", "slowly", "gently", "calmly", "lazily", "carefully", "very slowly",
             "gradually", "unhurriedly", "languidly"),
    "fast": ("quickly", "quickly", "rapidly", "swiftly", "hurriedly", "hastily", "very quickly",
             "briskly", "promptly", "frantically"),
}  # fmt: skip
_PACES = {
    "slow": ("slow", "slow", "gentle", "leisurely", "lazy", "very slow", "calm",
             "unhurried", "sluggish", "drawn-out", "slow-motion"),
    "fast": ("quick", "fast", "rapid", "swift", "speedy", "very fast", "hasty",
             "snappy", "brisk", "rapid-fire", "hurried"),
}  # fmt: skip

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip

_ANGLES = {
    45: ("45 degrees", "forty-five degrees", "an eighth of a turn"),
    60: ("60 degrees", "sixty degrees"),
    90: (
        "90 degrees", "90 degrees", "ninety degrees", "a quarter turn", "a quarter of a turn",
    ),
    120: ("120 degrees", "a hundred and twenty degrees", "a third of a turn"),
    135: ("135 degrees", "a hundred and thirty-five degrees"),
    180: (
        "180 degrees", "180 degrees", "a hundred and eighty degrees", "half a turn", "a half turn",
    ),
    270: ("270 degrees", "three quarters of a turn", "two hundred and seventy degrees"),
    360: (
        "360 degrees", "a full turn", "one full turn", "a whole turn", "a complete turn",
        "three hundred and sixty degrees", "a full 360",
    ),
}  # fmt: skip

_LIMBS = {"hand", "arm", "leg", "foot", "knee", "fist", "elbow", "thumb", "shoulder", "finger"}
_PLURALS = {"foot": "feet", "knee": "knees"}


def plural(noun: str) -> str:
    return noun + "es" if noun.endswith(("s", "sh", "ch", "x")) else noun + "s"


def number_word(count: int, rng: np.random.Generator) -> str:
    """Mostly the word, sometimes digits."""
    return str(count) if count >= len(NUMBERS) or rng.random() < 0.25 else NUMBERS[count]


def times(count: int | None, rng: np.random.Generator) -> str:
    if count is None:
        return ""
    if rng.random() < 0.06:
        return choose((f"{count}x", f"x{count}", f"{count} x"), rng)
    if count == 1:
        ways = ("once", "once", "one time", "a single time", "just once", "one time only")
        return choose(ways, rng)
    if count == 2 and rng.random() < 0.6:
        return choose(("twice", "twice", "twice", "two times", "a couple of times"), rng)
    if count == 3 and rng.random() < 0.15:
        return choose(("thrice", "a few times", "three times over"), rng)
    repeated = choose(("",) * 8 + ("in a row", "in succession", "altogether"), rng)
    return f"{number_word(count, rng)} times {repeated}"


def counted(count: int, noun: str, rng: np.random.Generator) -> str:
    """ "a step", "one step", "three steps"."""
    if count == 1:
        article = "an" if noun[0] in "aeiou" else "a"
        return f"{choose((article, article, 'one', 'a single'), rng)} {noun}"
    if count == 2 and rng.random() < 0.1:
        return f"{choose(('a couple of', 'a pair of'), rng)} {plural(noun)}"
    return f"{number_word(count, rng)} {plural(noun)}"


def known_angle(degrees: float) -> int | None:
    """The angle that has names of its own and lies within 3 degrees."""
    return next((known for known in _ANGLES if abs(degrees - known) <= 3.0), None)


def angle(degrees: float, rng: np.random.Generator) -> str:
    """The angle in degrees or parts of a turn; anything unusual to the nearest 5 degrees."""
    known = known_angle(degrees)
    if known is not None:
        return choose(_ANGLES[known], rng)
    return in_degrees(degrees, rng)


def in_degrees(degrees: float, rng: np.random.Generator) -> str:
    """The angle as a number of degrees, anything unusual to the nearest 5."""
    told = [text for text in _ANGLES.get(known_angle(degrees), ()) if text.endswith("degrees")]
    return choose(told, rng) if told else f"{5 * round(degrees / 5)} degrees"


def limb(noun: str, side: str | None, rng: np.random.Generator) -> str:
    """ "{their} left hand", "both hands", "alternate fists", "one arm"."""
    many = _PLURALS.get(noun, plural(noun))
    if side in ("left", "right"):
        ways = (f"{{their}} {side} {noun}",) * 6 + (f"the {side} {noun}",) * 4
        return choose((*ways, f"{{their}} {noun} on the {side}"), rng)
    if side == "both":
        return choose(
            (
                f"both {many}", f"both {many}", f"both {{their}} {many}", f"{{their}} {many}",
                f"both of {{their}} {many}", f"{{their}} two {many}",
            ),
            rng,
        )  # fmt: skip
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
    weights = np.array([_weight(pattern) for pattern in patterns])
    return patterns[rng.choice(len(patterns), p=weights / weights.sum())]


@cache
def _weight(pattern: str) -> float:
    return math.sqrt(1 + max(g.count("|") for g in re.findall(r"\[[^\]]*\]", pattern)))


def usable_patterns(wording: Wording, description: ActionDescription) -> list[str]:
    """All patterns whose demands the description meets."""
    value = getattr(description, wording.key)
    if wording.key == "angle_degrees":
        value = known_angle(value)
    patterns = list(wording.patterns) + 2 * list(wording.special.get(value, ()))
    if description.speed in ("slow", "fast"):
        own = wording.slow if description.speed == "slow" else wording.fast
        patterns += max(1, len(patterns) // max(1, 2 * len(own))) * list(own)
    found = usable(patterns, description)
    if wording.one_is_told and description.count == 1:
        found = [pattern for pattern in found if _demands(pattern)[-1]]
    return found


def usable(patterns: Sequence[str], description: ActionDescription) -> list[str]:
    """Those whose demands the description meets."""
    return [pattern for pattern in patterns if _fits(pattern, description)]


def _fits(pattern: str, description: ActionDescription) -> bool:
    side, counted, angled, tells = _demands(pattern)
    if side and description.side not in ("left", "right"):
        return False
    if counted and description.count is None:
        return False
    if angled and description.angle_degrees is None:
        return False
    # A pattern with no room for a number may only be used where no number must be told.
    return tells or description.count in (None, 1)


@cache
def _demands(pattern: str) -> tuple[bool, bool, bool, bool]:
    """Whether a pattern needs a side, a number or an angle, and whether it can tell a number."""
    counted = "{number:" in pattern or "{count}" in pattern
    angled = "{angle}" in pattern or "{degrees}" in pattern
    return "{side}" in pattern, counted, angled, counted or "{times}" in pattern


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
    text = _with_speed_placed(pattern, description.speed, rng)
    text = _with_side_alone(text, description.side, rng)
    for slot, texts in adverbials.items():
        text = text.replace(f"{{{slot}}}", choose(texts, rng))
    text = text.replace("{pace}", choose(_PACES.get(description.speed or "", ("",)), rng))
    text = text.replace("{direction}", description.direction or "")
    text = text.replace("{side}", description.side or "")
    text = re.sub(r"\(([^()]*)\)", lambda m: choose(m[1].split("|"), rng), text)
    text = re.sub(r"\[([^\]]*)\]", lambda m: f"[{choose(m[1].split('|'), rng)}]", text)
    text = re.sub(
        r"\{number:([^}]*)\}", lambda m: counted(description.count, m[1].strip(), rng), text
    )
    if "{count}" in text:
        text = text.replace("{count}", number_word(description.count, rng))
    text = text.replace("{times}", times(description.count, rng))
    speed = SPEEDS.get(description.speed or "", ("",))
    text = text.replace("{speed}", choose(speed, rng))
    if "{angle}" in text:
        text = text.replace("{angle}", angle(description.angle_degrees, rng))
    if "{degrees}" in text:
        text = text.replace("{degrees}", in_degrees(description.angle_degrees, rng))
    slots = re.findall(r"\{(\w+)\}", text)
    for noun in slots:
        if noun in _LIMBS:
            text = text.replace(f"{{{noun}}}", limb(noun, description.side, rng), 1)
    return re.sub(r"\b([Aa]) (?=[aei]|o(?!ne))", r"\1n ", " ".join(text.split()))


def _with_speed_placed(pattern: str, speed: str | None, rng: np.random.Generator) -> str:
    """Sometimes the speed stands before the verb, or before the subject."""
    if "{speed}" not in pattern or speed not in _BEFORE_VERB:
        return pattern
    place = rng.random()
    front, link, rest = pattern.rpartition("; ")
    if place < 0.14:
        told = choose(_BEFORE_VERB[speed], rng)
        return f"{front}{link}{told} {rest}".replace("{speed}", "")
    if place < 0.19 and not front:
        return f"{choose(_BEFORE_VERB[speed], rng)}; {rest}".replace("{speed}", "")
    return pattern


def _with_side_alone(pattern: str, side: str | None, rng: np.random.Generator) -> str:
    """Sometimes "with {their} left" or "left-handed" for "with {their} left hand"."""
    if side not in ("left", "right") or rng.random() >= 0.06:
        return pattern
    if rng.random() < 0.3 and pattern.endswith(("with {hand}", "with {hand} {speed}")):
        return pattern.replace("with {hand}", f"{side}-handed", 1)
    return re.sub(r"with \{(hand|fist|foot)\}", f"with {{their}} {side}", pattern, count=1)


def inflect(text: str, form: str) -> str:
    """Verbs in brackets as "finite" (third person), "plural" ("they"), "past", "past plural",
    "perfect", "base" or "participle"."""
    change = {
        "finite": third_person, "participle": participle, "base": str, "past": past,
        "perfect": perfect,
        "plural": lambda verb: "are" if verb == "be" else verb,
        "past plural": lambda verb: "were" if verb == "be" else past(verb),
    }[form]  # fmt: skip
    return re.sub(r"\[([^\]]*)\]", lambda m: _inflect_phrase(m[1], change), text)


def _inflect_phrase(phrase: str, change) -> str:
    verb, _, rest = phrase.partition(" ")
    return f"{change(verb)} {rest}".strip()


def tidy(text: str) -> str:
    """Single spaces and commas, none of them astray."""
    text = re.sub(r"\s+([,.;])", r"\1", " ".join(text.split()))
    return re.sub(r",+", ",", text).strip(" ,")
